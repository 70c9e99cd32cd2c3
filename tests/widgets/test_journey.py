"""The words and numbers of the journey are those of the lesson."""

import json
import re
from pathlib import Path

import nbformat
import numpy as np
import pytest

from w2v_lesson import Vocab, by_hand, read_ptb, sampling
from w2v_lesson.model import pair_by_gluon
from w2v_lesson.vocabulary import index_corpus, known_counts
from w2v_lesson.widgets import journey
from w2v_lesson.widgets.journey import Journey, journey_data

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def data():
    return journey_data()


@pytest.fixture(scope="module")
def vocab():
    return Vocab(read_ptb(), min_freq=10)


def test_the_words_are_those_that_chapter_01_draws(data, vocab):
    ids, sentence_of = index_corpus(read_ptb(), vocab)
    counts, keys = known_counts(vocab), sampling.derive_seeds(0, 0, 0, 0)
    keep = sampling.keep_probability(counts)
    kept, kept_of = sampling.subsample(ids, sentence_of, keep, keys[0])
    rows = np.flatnonzero(kept_of == 1069)
    words = sampling.Words(kept, *sampling.draw_windows(kept_of, 5, keys[1]))
    tables = sampling.noise_tables(sampling.noise_weights(counts))
    drawn = sampling.draw_examples(words, rows, 5, tables, keys[2])
    others = vocab.to_tokens(drawn.others[: drawn.starts[1]])
    assert [word for word, _ in data["sentence"]] == read_ptb()[1069]
    stay = [word for word, stays in data["sentence"] if stays]
    assert stay == vocab.to_tokens(kept[rows])
    assert data["center"] == stay[0]
    assert data["contexts"] + data["noise"] == others


def test_the_tables_show_a_part_of_the_vocabulary(data, vocab):
    assert data["words"] == f"{len(vocab):,}"
    first = vocab[data["tables"]["v"][0]]
    assert data["tables"]["v"] == vocab.to_tokens(list(range(first, first + 5)))
    rows = [vocab[word] for word in data["tables"]["u"] if word != "⋮"]
    assert rows[:3] == list(range(rows[0], rows[0] + 3))
    assert rows[3] > rows[2] + 1  # where the dots stand, rows are left out
    assert set(data["followed"]) < set(data["tables"]["u"])


def test_the_model_answers_the_pairs_as_gluon_does(data):
    assert [pair["label"] for pair in data["pairs"]] == [1, 0]
    for pair in data["pairs"]:
        v, u = (data["rows"][word] for word in (data["center"], pair["word"]))
        assert (v, u) == (pair["v"], pair["u"])
        assert pair["score"] == pytest.approx(np.dot(v, u))
        assert pair["answer"] == pytest.approx(1 / (1 + np.exp(-pair["score"])))
        loss, _ = pair_by_gluon(pair["score"], pair["label"], 1)
        assert pair["loss"] == pytest.approx(loss, abs=1e-5)


def test_the_arrows_of_a_pair_have_their_true_lengths_and_angles(data):
    for pair in data["pairs"]:
        ends = np.array([pair["path"]["v"], pair["path"]["u"]])  # (word, moment, 2)
        lengths = np.linalg.norm(ends[:, 0], axis=1)
        assert lengths == pytest.approx([np.linalg.norm(pair[name]) for name in "vu"])
        assert ends[0, 0] @ ends[1, 0] == pytest.approx(pair["score"])
        after = ends[0, 1] @ ends[1, 1]
        assert by_hand.sigmoid(after) == pytest.approx(pair["answer_after"])
        assert (after > pair["score"]) == pair["label"]


def test_july_and_june_meet_as_in_chapter_04(data):
    notebook = nbformat.read(ROOT / "notebooks" / "04_mask_the_loss.ipynb", as_version=4)
    printed = "".join(
        o.get("text", "") for c in notebook.cells for o in c.get("outputs", [])
    )
    told = re.findall(r"after +(\d+) steps: cosine of july and june +(\S+)", printed)
    assert len(told) == 5
    for step, cosine in told:
        assert f"{data['meeting']['cosines'][int(step)]:.2f}" == cosine
    july, june = np.array(data["meeting"]["path"])[-1, :2]
    assert july[1] > 0 and june[1] > 0  # both point up in the end


def test_each_step_says_its_part_in_one_or_two_sentences(data):
    assert len(data["steps"]) == 7
    for step in data["steps"]:
        assert 1 <= len(re.findall(r"[.?](?= |$)", step["text"])) <= 2
        assert step["text"].count("*") % 2 == 0
        assert len(step["alt"]) > 20
    assert "score -0.54, answer 0.37" in data["steps"][4]["alt"]


def test_a_web_page_can_have_the_data(data):
    assert json.loads(json.dumps(data))["center"] == "chip"


def test_a_page_without_a_kernel_shows_a_picture():
    shown, about = Journey()._repr_mimebundle_()
    assert {"image/png", "text/plain", "application/vnd.jupyter.widget-view+json"} == set(
        shown
    )
    assert shown["text/plain"] == repr(Journey())
    assert about["image/png"]["alt"] == journey.ALT
