"""Chapters 01 and 02: windows, noise words, and subsampling of a sentence; minibatches."""

import ipywidgets as W
import numpy as np
import traitlets as T

from w2v_lesson import figures, minibatches, sampling
from w2v_lesson.figures.backdrop import Backdrop
from w2v_lesson.figures.style import text_on_themed, themed
from w2v_lesson.settings import Settings
from w2v_lesson.widgets import html
from w2v_lesson.widgets.controls import Slider
from w2v_lesson.widgets.shown import Fault, MovingFigure
from w2v_lesson.widgets.style import PICTURE, Page, button, row
from w2v_lesson.wording import number_of

CURVE_POINTS = 120  # of a curve through thousands of words; more cannot be told apart

# Windows and noise words


class WindowDraws(Page):
    """Click on a word of a sentence to see its window and its noise words.

    `center`, the place of the center word, and `seed` can be read, set and observed. By
    keyboard: Tab moves through the words, and Enter or Space chooses one.

    Parameters
    ----------
    words : list of str
        One sentence. Words unknown to the vocabulary are left out.
    vocab : vocabulary.Vocab
        Its counts set the noise distribution.
    max_window_size : int, default 5
    num_noise_words : int, default 5
        Noise words for each context.
    **state
        `center` or `seed` to begin with.

    Attributes
    ----------
    drawn : sampling.Drawn
        What is shown now.
    """

    center = T.Int(0)
    seed = T.Int(0)

    def __init__(
        self,
        words,
        vocab,
        max_window_size=Settings.max_window_size,
        num_noise_words=Settings.num_noise_words,
        **state,
    ):
        self._vocab, self._options = vocab, (max_window_size, num_noise_words)
        self._ids, _ = minibatches.index_corpus([words], vocab)
        self.words = vocab.to_tokens(self._ids)
        weights = minibatches.noise_weights(minibatches.known_counts(vocab))
        self._tables = minibatches.noise_tables(weights)
        self._looks = {role: _look(*look) for role, look in LOOKS.items()}
        self.buttons = [_word_button(word, self._choose) for word in self.words]
        self.again = button(
            "Draw again",
            self._draw_again,
            icon="refresh",
            tooltip="Draw with the next seed",
        )
        self._below, self._fault = W.HTML(), Fault()
        sentence = W.Box(self.buttons, layout={"flex_flow": "row wrap", "grid_gap": "4px"})
        super().__init__([sentence, row(self.again), self._fault, self._below])
        for name, value in state.items():
            self.set_trait(name, value)
        show = self._fault.guard(self._show)
        self.observe(show, ["center", "seed"])
        show()

    def __repr__(self):
        return "The words of a sentence with their windows; run this cell to use it."

    def _choose(self, button):
        self.center = self.buttons.index(button)

    def _draw_again(self, _):
        self.seed += 1

    def _show(self, _=None):
        drawn = self.drawn = sampling.draw_example(
            self._ids, self.center, *self._options, self._tables, self.seed
        )
        roles = {i: "context" for i in drawn.contexts} | {self.center: "center"}
        for i, word in enumerate(self.buttons):
            self._mark(word, roles.get(i, ""))
        contexts = [self.words[i] for i in drawn.contexts]
        noise_words = [self._vocab.to_tokens(row) for row in drawn.noise_words]
        said = _draw_in_words(self.words, self.center, drawn)
        self._below.value = said + _pairs_table(contexts, noise_words)

    def _mark(self, button, role):
        with button.hold_sync():
            button.tooltip = role or "make this word the center"
            for name, value in self._looks[role].items():
                button.set_trait(name, value)


# Never by color alone: the center alone has a frame. The frames are equally wide and no
# word is bold, so that the sentence stands still as the window moves.
LOOKS = {
    "center": (figures.ORANGE, "3px solid var(--jp-ui-font-color1, currentColor)"),
    "context": (figures.BLUE, f"3px solid {themed(figures.BLUE)}"),
    "": (None, "3px solid transparent"),
}


def _look(color, border):
    """Traits of a button, for all buttons to share: to change them is one message then."""
    background, text = (themed(color), text_on_themed(color)) if color else (None, None)
    style = W.ButtonStyle(button_color=background, text_color=text)
    layout = W.Layout(width="auto", height="34px", padding="0 6px", border=border)
    return {"style": style, "layout": layout}


def _word_button(word, on_click):
    button = W.Button(description=word)
    button.add_class("w2v-pick")
    button.on_click(on_click)
    return button


def _draw_in_words(words, center, drawn):
    num_contexts, num_noise_words = drawn.noise_words.shape
    cut = "" if num_contexts == 2 * drawn.size else ", cut off at the edge of the sentence"
    return html.Markup(
        '<div role="status">Center <b>{}</b>: window of size {}{}; {} and {}, {} for each '
        "context.</div>"
    ).format(
        words[center],
        drawn.size,
        cut,
        number_of(num_contexts, "context"),
        number_of(drawn.noise_words.size, "noise word"),
        num_noise_words,
    )


def _pairs_table(contexts, noise_words):
    """One line for each context, with its noise words; all str, shape (contexts, K)."""
    rows = [
        (
            _block(context, figures.BLUE),
            html.Markup('<div style="line-height:2">{}</div>').format(
                html.Markup(" ").join(_frame(word, figures.GREEN) for word in drawn)
            ),
        )
        for context, drawn in zip(contexts, noise_words, strict=True)
    ]
    header = ["context (label 1)", "noise words (label 0)"]
    return html.table("ll", rows, header)


def _block(word, color):
    return html.Markup(
        '<span style="background:{};color:{};padding:1px 6px;border-radius:4px">{}</span>'
    ).format(themed(color), text_on_themed(color), word)


def _frame(word, color):
    return html.Markup(
        '<span style="border:2px solid {};padding:0 5px;border-radius:4px;'
        'white-space:nowrap">{}</span>'
    ).format(themed(color), word)


# Subsampling


def subsampling(words, vocab, keep_probability, key, first=0):
    """Show a slider for the threshold t, the words that stay, and the curve of all words.

    Parameters
    ----------
    words : list of str
        One sentence of words that the vocabulary has.
    vocab : vocabulary.Vocab
    keep_probability : callable
        The chapter's function, called with counts and threshold.
    key : uint64
        For the random numbers of the words; see `sampling.derive_seeds`.
    first : int, optional
        Place of the sentence's first word in the corpus.

    Returns
    -------
    MovingFigure
        With the control `threshold`.
    """
    counts, ids = minibatches.known_counts(vocab), vocab[list(words)]
    share = counts / counts.sum()
    fig = figures.keep_frame(
        share, keep_probability(counts), f"t = {_power(Settings.threshold)}"
    )
    backdrop = Backdrop(
        fig, "The keep probability of words against their share of the text."
    )
    curve = _some(np.argsort(share)[np.sum(share == 0) :])  # no share of 0 on a log axis

    def draw(threshold):
        keep = keep_probability(counts, threshold)
        numbers, kept = sampling.survival(keep[ids], key, first)
        parts = [backdrop.line(share[curve], keep[curve], figures.BLUE, width=3)]
        for which, color, radius in ((kept, figures.BLUE, 6), (~kept, figures.ORANGE, 4)):
            own = np.array(ids)[which]
            parts.append(backdrop.points(share[own], keep[own], color, radius=radius))
        return (
            backdrop.layer(f"The curve for t = {_power(threshold)}.", *parts),
            _survival_in_words(threshold, kept) + _survivors(words, keep[ids], numbers),
        )

    thresholds = [10 ** (tenths / 10) for tenths in range(-60, -9)]
    usual = keep_probability(counts)[ids]
    numbers, kept = sampling.survival(usual, key, first)
    alt = _survival_in_alt(words, usual, kept)
    return MovingFigure(
        backdrop,
        draw,
        still=(lambda: figures.survival_bars(words, usual, numbers), alt),
        threshold=Slider(
            "threshold t",
            Settings.threshold,
            PICTURE,
            options=thresholds,
            texts=[_power(threshold) for threshold in thresholds],
        ),
    )


def _survival_in_alt(words, keep, kept):
    said = [
        f"{word} {share:.2f} {'stays' if stays else 'goes'}"
        for word, share, stays in zip(words, keep, kept, strict=True)
    ]
    return "Keep probability of each word: " + ", ".join(said)


def _survival_in_words(threshold, kept):
    number = np.count_nonzero(kept)
    rest = "" if number > 1 else " A sentence with fewer than two words left is dropped."
    return html.Markup(
        '<div role="status">With t = {}, {} of {} words stay.{} '
        "The tick is the random number, and a word stays if its bar reaches it.</div>"
    ).format(_power(threshold), number, len(kept), rest)


def _power(threshold):
    """As the slider writes it."""
    return f"{threshold:.1e}".replace("e-0", "e-")


def _survivors(words, keep, numbers):
    """A bar for each word, in two columns if there is room for two."""
    return html.Markup('<div style="columns:270px 2;max-width:640px">{}</div>').format(
        html.Markup().join(map(_survivor, words, keep, numbers))
    )


def _survivor(word, keep, number):
    """A word, its keep probability as a bar, its random number as a tick, what happens."""
    stays = number < keep
    return html.Markup(
        '<div style="display:flex;align-items:center;gap:8px;break-inside:avoid">'
        '<span style="width:88px;text-align:right">{}</span>{}<span>{:.2f} {}</span></div>'
    ).format(
        word if stays else html.Markup("<s>{}</s>").format(word),
        html.bar(keep, figures.BLUE if stays else figures.ORANGE, "90px", tick=number),
        keep,
        "stays" if stays else "× dropped",
    )


# The noise distribution


def noise_exponent(words, vocab, noise_weights):
    """Show a slider for the exponent of the noise distribution, with values of some words.

    Parameters
    ----------
    words : list of str
        Words to name in the figure and in the table below it.
    vocab : vocabulary.Vocab
    noise_weights : callable
        The chapter's function, called with counts and exponent.

    Returns
    -------
    MovingFigure
        With the control `exponent`.
    """
    counts, ids = minibatches.known_counts(vocab), np.array(vocab[list(words)])
    fixed = {f"exponent {e}": noise_weights(counts, e) for e in (0, 0.75, 1)}
    fig = figures.noise_curves(counts, fixed, moving="exponent of the slider")
    backdrop = Backdrop(
        fig, "Curves of the noise probability by rank of the word, for three exponents."
    )
    order = np.argsort(-counts)[: np.count_nonzero(counts)]
    rank = np.argsort(np.argsort(-counts)) + 1
    curve = _some(order)

    def draw(exponent):
        noise = noise_weights(counts, exponent)
        layer = backdrop.layer(
            f"The curve for the exponent {exponent:.2f}.",
            backdrop.line(rank[curve], noise[curve], "black", width=3),
            backdrop.points(rank[ids], noise[ids], figures.PINK, radius=6),
            backdrop.texts(rank[ids] * 1.1, noise[ids] * 1.5, words, anchor="start"),
        )
        return layer, _noise_table(words, exponent, noise[ids], fixed["exponent 1"][ids])

    alt = "Curves of the noise probability by rank: level for exponent 0, steepest for 1."
    return MovingFigure(
        backdrop,
        draw,
        still=(lambda: figures.noise_curves(counts, fixed), alt),
        exponent=Slider("exponent", 0.75, PICTURE, min=0, max=1, step=0.05),
    )


def _noise_table(words, exponent, noise, text):
    usual = ", the usual one" if abs(exponent - 0.75) < 1e-9 else ""
    rows = [
        (word, f"{share:.4%}", f"{drawn:.4%}", f"× {_ratio(drawn / share)}")
        for word, drawn, share in zip(words, noise, text, strict=True)
    ]
    header = [
        "",
        "share of the text",
        f"drawn with exponent {exponent:.2f}{usual}",
        "drawn / share",
    ]
    return html.table("lrrr", rows, header)


def _ratio(value):
    return f"{value:.2f}" if value >= 0.1 else f"{value:.1g}"


# Minibatches


def leaf_minibatches(batches):
    """Show a slider to page through minibatches, with those of several orders side by side.

    Parameters
    ----------
    batches : dict of str to list of (ndarray, ndarray)
        For each title the masks and labels of each minibatch, both of shape
        (batch, max_len). All lists are equally long.

    Returns
    -------
    MovingFigure
        With the control `number`, from 1.
    """
    shapes = [masks.shape for batch in batches.values() for masks, _ in batch]
    size = np.max(shapes, axis=0)
    frame = figures.minibatch_frame(list(batches), size)
    backdrop = Backdrop(frame, f"Frames for two minibatches: {', '.join(batches)}.")

    def draw(number):
        shown = {title: batch[number - 1] for title, batch in batches.items()}
        images = [
            backdrop.image(figures.cell_colors(*cells, size), ax)
            for ax, cells in enumerate(shown.values())
        ]
        said = [_cells_in_words(title, masks) for title, (masks, _) in shown.items()]
        layer = backdrop.layer(f"The cells of minibatch {number}.", *images)
        below = html.Markup(
            '<div role="status">Minibatch {}. Empty areas hold no cells.<br>{}</div>'
        )
        return layer, below.format(number, html.Markup("<br>").join(said))

    count = min(map(len, batches.values()))
    firsts = {title: batch[0] for title, batch in batches.items()}
    alt = "Minibatches drawn as cells of contexts, noise words, and padding."
    return MovingFigure(
        backdrop,
        draw,
        still=(lambda: figures.minibatches(firsts), alt),
        number=Slider("minibatch", 1, PICTURE, min=1, max=count),
    )


def _cells_in_words(title, masks):
    rows, columns = masks.shape
    return html.Markup("{}: {} × {} = {:,} cells, <b>{:.1%} padding</b>").format(
        title.capitalize(), rows, columns, masks.size, minibatches.padding(masks)
    )


# What several share


def _some(order):
    """Some of the words in this order, denser at both ends, as log scales are."""
    at = np.geomspace(1, len(order), CURVE_POINTS).astype(int) - 1
    return order[np.unique(np.concatenate([at, len(order) - 1 - at]))]
