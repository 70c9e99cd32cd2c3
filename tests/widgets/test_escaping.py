"""A word that looks like markup is shown as it is, by every widget and in every place.

Vectors come from anywhere, and so may words such as a whole tag with a script in it.
"""

import importlib
import pkgutil
from html.parser import HTMLParser
from types import SimpleNamespace

import ipywidgets as W
import numpy as np
import pytest
import toy

from w2v_lesson import minibatches, sampling, widgets
from w2v_lesson.judge.evaluation import Agreement
from w2v_lesson.judge.experiments import Result, Settings
from w2v_lesson.model import build_net
from w2v_lesson.training import Training
from w2v_lesson.vocabulary import Vocab
from w2v_lesson.widgets import html
from w2v_lesson.widgets.analogies import Analogies
from w2v_lesson.widgets.explorer import Explorer
from w2v_lesson.widgets.laboratory import Laboratory
from w2v_lesson.widgets.lookup import watch_lookup
from w2v_lesson.widgets.loss import Descent
from w2v_lesson.widgets.own_text import OwnText
from w2v_lesson.widgets.panel import TrainingPanel
from w2v_lesson.widgets.shown import Fault
from w2v_lesson.widgets.text import (
    WindowDraws,
    leaf_minibatches,
    noise_exponent,
    subsampling,
)
from w2v_lesson.widgets.wordmap import WordMap

MARKUP = '"><img/src=x/onerror=alert(1)>'  # without a space, so that it is one word
AMPERSAND = "at&lt"  # must not become "at<"
WORDS = ["<unk>", MARKUP, AMPERSAND, "<s>", "chip", "oil"]
MORE = [*WORDS, *(f"x{i}" for i in range(9))]  # the map looks for ten neighbors


class Reader(HTMLParser):
    """Read HTML as a browser does: its tags and its texts, including those of attributes."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.texts = [], []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        self.tags.append((tag, attributes))
        self.texts += [
            attributes[name] for name in ("alt", "aria-label") if name in attributes
        ]

    def handle_data(self, data):
        self.texts.append(data)


def html_of(widget):
    """Collect all HTML that a widget and its children show."""
    own = [widget.value] if isinstance(widget, W.HTML) else []
    return own + [
        text for child in getattr(widget, "children", ()) for text in html_of(child)
    ]


def assert_harmless(widget, *words):
    read = [Reader(text) for text in html_of(widget)]
    for tag, attributes in (each for reader in read for each in reader.tags):
        assert tag not in ("unk", "script")
        assert not any(name.startswith("on") for name in attributes)
        assert tag != "img" or attributes["src"].startswith("data:image/png")
    seen = "\n".join(text for reader in read for text in reader.texts)
    for word in words:
        assert word in seen, f"{word} is not shown"


def one_list(tmp_path):
    explorer = Explorer(toy.vectors(WORDS), MARKUP, k=4)
    return explorer, MARKUP


def two_lists(tmp_path):
    vectors = toy.vectors(WORDS)
    explorer = Explorer(vectors, "chip", {MARKUP + "2": vectors}, k=4)
    explorer.compare = MARKUP + "2"
    # The page writes these, and tests/browser/test_words_script.py looks at how.
    assert {MARKUP, AMPERSAND, "<s>"} <= {*explorer._columns[1].words.words}
    return explorer, MARKUP + "2"


def what_is_no_word(tmp_path):
    explorer = Explorer(toy.vectors(WORDS), "chip", k=4)
    explorer._text.value = MARKUP + "3"
    return explorer, MARKUP + "3"


def a_word_that_others_lack(tmp_path):
    vectors, others = toy.vectors(WORDS), toy.vectors(["<unk>", "a", "b", "c"])
    return Explorer(vectors, MARKUP, {"b": others}, k=2, compare="b"), f"'{MARKUP}'"


def question(tmp_path):
    return Analogies(toy.vectors(WORDS), MARKUP, AMPERSAND, "<s>", k=2), *WORDS[1:4]


def answers(tmp_path):
    asked = Analogies(toy.vectors(WORDS + ["x"]), "chip", "oil", "x", k=3)
    return asked, MARKUP, AMPERSAND, "<s>"


def question_without_an_answer(tmp_path):
    return Analogies(toy.vectors(WORDS), MARKUP + "3", "chip", "oil"), MARKUP + "3"


def map_of_words(tmp_path):
    # What the map itself shows is written by the page; tests/browser looks at that.
    words = f"{MARKUP}4: {MARKUP} {AMPERSAND} chip {MARKUP}3"
    return WordMap(toy.vectors(MORE), words), MARKUP + "3"


VOCAB = Vocab([WORDS] * 9)


def window(tmp_path):
    view = WindowDraws([MARKUP, AMPERSAND, "chip", "oil"], VOCAB, center=0)
    return view, MARKUP, AMPERSAND


@pytest.mark.parametrize("t", [1e-6, 0.1])
def test_words_that_stay_and_words_that_do_not(t):
    key = sampling.derive_seeds(0)[0]
    view = subsampling([MARKUP, "<s>"] * 9, VOCAB, minibatches.keep_probability, key)
    view.controls["threshold"].value = t
    assert_harmless(view, MARKUP, "<s>")


def noise(tmp_path):
    view = noise_exponent([MARKUP, AMPERSAND], VOCAB, minibatches.noise_weights)
    return view, MARKUP, AMPERSAND


def cells(tmp_path):
    batch = [(np.ones((2, 2)), np.ones((2, 2)))]
    return leaf_minibatches({MARKUP: batch, "b": batch}), MARKUP.capitalize()


def lookup(tmp_path):
    view = watch_lookup(np.eye(3), MARKUP)
    return view, f"'{MARKUP}'"


def descent(tmp_path):
    v, *U = np.random.default_rng(0).normal(size=(4, 5))
    others = ["<unk>", AMPERSAND, MARKUP + "2"]
    view = Descent(MARKUP, others, [1, 0, 0], v, np.array(U))
    return view, f"Pairs of {MARKUP}", *others


def panel(tmp_path):
    data = toy.data_of([WORDS[1:]] * 9)
    training = Training(build_net(len(data.vocab), 4), data, 0.1)
    return TrainingPanel(training, 1, data.vocab, [MARKUP, "chip"]), MARKUP, AMPERSAND


def results(tmp_path):
    vectors = toy.vectors([MARKUP, AMPERSAND, *WORDS])
    judged = 1.0, 1.0, 0.4, 0.7, Agreement(0.1, 3, 9), {}
    laboratory = Laboratory(
        SimpleNamespace(probes=[MARKUP]),
        [
            Result(Settings(), [], *judged, "", vectors),
            Result(Settings(), [], *judged, f"No {MARKUP}2"),
        ],
    )
    laboratory.runs[0].title.value = f"{MARKUP}3"
    return laboratory, MARKUP, f"No {MARKUP}2", f"1: {MARKUP}3"


def a_failure_in_the_laboratory(tmp_path):
    class Broken:
        def run(self, *_):
            raise ValueError(f"no {MARKUP}")

    laboratory = Laboratory(Broken())
    laboratory.start()
    laboratory.wait()
    return laboratory, f"no {MARKUP}"


def own_text(tmp_path):
    own = OwnText(tmp_path)
    own.vectors = toy.vectors([*WORDS, *(f"x{i}" for i in range(20))])
    own._say(MARKUP + "2")
    plan = SimpleNamespace(num_epochs=1, min_freq=1)
    own._show_report(f"{MARKUP}3\n{MARKUP}4", plan)
    own._show_vectors(MARKUP)
    return own, f"Vectors of {MARKUP}", *(MARKUP + number for number in "234")


def fault(tmp_path):
    shown = Fault()
    shown.say(ValueError(f"no {MARKUP}"))
    return shown, f"no {MARKUP}"


def table(tmp_path):
    made = html.table("lr", [[MARKUP, AMPERSAND]], [f"a{MARKUP}", "<s>"], caption="<unk>")
    return W.HTML(made), MARKUP, AMPERSAND, f"a{MARKUP}", "<s>", "<unk>"


@pytest.mark.parametrize(
    "show",
    [
        one_list,
        two_lists,
        what_is_no_word,
        a_word_that_others_lack,
        question,
        answers,
        question_without_an_answer,
        map_of_words,
        window,
        noise,
        cells,
        lookup,
        descent,
        panel,
        results,
        a_failure_in_the_laboratory,
        own_text,
        fault,
        table,
    ],
    ids=lambda show: show.__name__,
)
def test_words_are_shown_as_they_are(show, tmp_path):
    assert_harmless(*show(tmp_path))


def test_everything_that_may_show_a_word_is_tested():
    without_words = {
        "BackgroundWork",
        "Journey",
        "MovingFigure",
        "Page",
        "Plane",  # the page writes its words
        "TimeLeft",
        "answering_pages",
        "button",
        "columns",
        "compile_engine",
        "display_for_now",
        "epoch_line",
        "if_lost",
        "journey_data",
        "label",
        "open_laboratory",
        "open_own_text",
        "reading_note",
        "reopened",
        "labeled",
        "named",
        "Choice",
        "Slider",
        "losses_in_words",
        "parse_groups",
        "progress_bar",
        "Knob",
        "Knobs",
        "Suggestion",
        "beside",
        "changes",
        "column",
        "in_code",
        "in_short",
        "in_words",
        "judged",
        "read_indices",
        "reading_bar",
        "row",
        "script",
        "stack",
        "swatch",
        "turn",
        "watch_loss",
        "watch_shapes",
    }
    inside_of_others = {
        "Column",
        "Words",
        "answers_in_html",
        "bar",
        "bar_chart",
        "new_in_bold",
        "Run",
        "RunMap",
        "Shown",
        "under_way",
        "missing_in_words",
        "neighbors_table",
        "watch_training",
    }
    modules = [
        importlib.import_module(f"{widgets.__name__}.{each.name}")
        for each in pkgutil.iter_modules(widgets.__path__)
    ]
    public = {
        name
        for module in modules
        for name, value in vars(module).items()
        if getattr(value, "__module__", "") == module.__name__ and name[0] != "_"
    }
    assert public - without_words - inside_of_others <= set(globals())
