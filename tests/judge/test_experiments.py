"""Experiments measure all settings in the same way, and a failure doesn't end the lesson."""

import math
from dataclasses import replace

import pytest
import toy

from w2v_lesson.judge.experiments import Experiments
from w2v_lesson.settings import Settings
from w2v_lesson.vectors import WordVectors


@pytest.fixture(scope="module")
def experiments():
    sentences = toy.sentences(400)
    return Experiments(
        ("w01", "w02"), sentences=sentences, heldout=toy.sentences(100, 1), min_freq=1
    )


SMALL = Settings(
    embed_size=8, max_window_size=2, num_noise_words=2, threshold=1.0, lr=0.01, num_epochs=2
)


def test_a_run_reports_what_was_asked_for(experiments):
    result = experiments.run(SMALL)
    assert result.settings == SMALL
    assert result.failure == ""
    assert result.epochs == 2
    assert result.records[-1].heldout_loss == result.heldout_loss
    assert 0 < result.heldout_loss < math.log(2)
    assert 0 < result.auc < 1  # the words are random
    assert result.seconds > 0
    assert list(result.neighbors) == ["w01", "w02"]
    assert all(len(words) == 3 for words in result.neighbors.values())
    assert result.wordsim.covered == 0
    assert math.isnan(result.wordsim.rho)
    assert result.wordsim.total == 353


def test_the_same_settings_give_the_same_result(experiments):
    first, second = experiments.run(SMALL), experiments.run(SMALL)
    assert first.heldout_loss == second.heldout_loss
    assert first.auc == second.auc
    assert first.neighbors == second.neighbors


def test_a_result_has_the_time_and_the_neighbors_by_the_center_table(experiments):
    trainings = []
    result = experiments.run(SMALL, trainings.append)
    training = trainings[-1]
    vectors = WordVectors.from_net(training.net, experiments.vocab)
    assert (result.vectors.center == vectors.center).all()
    for word, near in result.neighbors.items():
        assert near == [neighbor.word for neighbor in vectors.similar(word, 3, "center")]
    assert result.seconds == training.seconds
    assert training.data_iter.redraw


def test_another_seed_draws_other_pairs_and_other_weights(experiments):
    trainings = [experiments.training(replace(SMALL, seed=seed)) for seed in (0, 1)]
    assert [each.data_iter.seed for each in trainings] == [0, 1]
    one, other = (each.net[0].weight.data().asnumpy() for each in trainings)
    assert (one != other).any()


def test_the_text_is_the_penn_treebanks_unless_it_is_given(monkeypatch, experiments):
    texts = {"train": toy.sentences(400), "valid": toy.sentences(100, 1)}
    monkeypatch.setattr("w2v_lesson.judge.experiments.read_ptb", texts.get)
    found = Experiments(("w01",), min_freq=1)
    assert found.heldout.num_pairs == experiments.heldout.num_pairs
    assert found.vocab.idx_to_token == experiments.vocab.idx_to_token


def test_all_settings_are_judged_by_the_same_pairs(experiments):
    pairs = experiments.heldout.num_pairs
    wide = replace(SMALL, max_window_size=5, num_noise_words=7, threshold=0.5)
    training = experiments.training(wide)
    assert training.heldout is experiments.heldout
    assert training.data_iter.num_noise_words == 7
    assert experiments.run(wide).failure == ""
    assert experiments.heldout.num_pairs == pairs


def test_a_watch_can_stop_a_run_and_what_was_reached_is_judged(experiments):
    def watch(training):
        if training.records and training.records[-1].epoch > 1.3:
            training.stop()

    result = experiments.run(replace(SMALL, num_epochs=50), watch)
    assert result.failure == "stopped"
    assert 1.3 < result.epochs < 3
    assert 0 < result.auc < 1


def test_a_watch_that_stops_at_once_ends_the_run_at_its_first_record(experiments):
    result = experiments.run(SMALL, lambda training: training.stop())
    assert result.failure == "stopped"
    assert len(result.records) == 1
    assert 0 < result.epochs < 1
    assert 0 < result.heldout_loss < 1


def test_a_loss_that_diverges_is_a_result_with_an_explanation(experiments):
    result = experiments.run(replace(SMALL, lr=1e30))
    assert result.outcome.startswith("diverged: the loss")
    assert result.outcome.endswith("choose a smaller learning rate")
    assert math.isnan(result.auc)
    assert result.neighbors == {} and result.vectors is None


def with_losses(result, *losses, **changes):
    records = [result.records[0]._replace(loss=loss) for loss in losses]
    return result._replace(records=records, **changes)


def test_a_loss_above_the_one_at_the_start_has_diverged_even_if_it_is_finite(experiments):
    result = experiments.run(SMALL)
    assert result.outcome.startswith("done in")
    risen = with_losses(result, 0.6, 1.42, 1.2)
    assert risen.outcome == (
        "diverged: the loss rose to 1.4; choose a smaller learning rate"
    )
    # With one noise word, a model that has learned nothing is at log 2, more or less.
    assert with_losses(result, 0.693, 0.7).outcome.startswith("done in")


def test_a_run_that_was_stopped_says_how_far_it_came(experiments):
    result = experiments.run(SMALL)._replace(failure="stopped", epochs=0.9)
    assert result.outcome == "stopped after 0.90 of 2 epochs"


def test_lack_of_memory_is_a_result_with_an_explanation(experiments, monkeypatch):
    def run(self, num_epochs):
        raise MemoryError
        yield

    monkeypatch.setattr("w2v_lesson.training.Training.run", run)
    result = experiments.run(SMALL)
    assert "not enough memory" in result.outcome
    assert math.isnan(result.heldout_loss)


@pytest.mark.parametrize(
    "wrong",
    [
        {"embed_size": 0},
        {"num_noise_words": 2.5},
        {"lr": -1},
        {"num_epochs": 0},
        {"threshold": 0},
        {"max_window_size": "5"},
    ],
)
def test_settings_that_cannot_be_are_a_clear_error(experiments, wrong):
    (name,) = wrong
    with pytest.raises(ValueError, match=name):
        experiments.run(replace(SMALL, **wrong))


def test_a_probe_that_the_corpus_has_not_is_a_clear_error():
    with pytest.raises(KeyError, match="Not in the corpus: smartphone"):
        Experiments(
            ("w01", "smartphone"),
            sentences=toy.sentences(),
            min_freq=1,
            heldout=toy.sentences(50, 1),
        )


def test_more_noise_words_than_words_train(experiments):
    assert experiments.run(replace(SMALL, num_noise_words=60)).failure == ""


def test_a_stopped_run_is_judged_by_all_measures_at_the_moment_of_the_stop(experiments):
    def watch(training):
        if training.records and training.records[-1].epoch > 1.3:
            training.stop()

    result = experiments.run(replace(SMALL, num_epochs=50), watch)
    ends = [r.heldout_loss for r in result.records if r.heldout_loss is not None]
    assert result.heldout_loss not in ends
    assert result.heldout_loss == pytest.approx(ends[-1], abs=0.1)
