"""The defaults are in one place, and impossible values are refused by name."""

import inspect
from dataclasses import asdict, replace

import numpy as np
import pytest
import toy

from w2v_lesson.app.command_line import make_parser
from w2v_lesson.minibatches import SkipGramData
from w2v_lesson.sampling import keep_probability
from w2v_lesson.settings import FASTER_RATE, Settings, falling_rate
from w2v_lesson.training import GluonEngine, prepare_training

# As the source chapter has them; the threshold is that of its preprocessing.
SOURCE = {
    "batch_size": 512,
    "max_window_size": 5,
    "num_noise_words": 5,
    "embed_size": 100,
    "lr": 0.002,
    "num_epochs": 5,
    "threshold": 1e-4,
    "seed": 0,
}
WHOLE = ["batch_size", "max_window_size", "num_noise_words", "embed_size", "num_epochs"]


def test_the_defaults_are_those_of_the_source():
    defaults = asdict(Settings())
    assert defaults.items() >= SOURCE.items()
    assert defaults["lr_decay"] == 1  # the source's learning rate stays as it is


def test_a_falling_rate_ends_at_the_same_share_for_any_number_of_epochs():
    for num_epochs in (1, 5, 45):
        settings = Settings(num_epochs=num_epochs, **falling_rate(num_epochs))
        assert settings.lr_decay**num_epochs == pytest.approx(0.24)


@pytest.mark.parametrize("name", ["lr_decay", "run_length", "num_shared_noise"])
def test_impossible_ways_to_share_noise_or_lower_the_rate_are_refused(name):
    with pytest.raises(ValueError, match=f"{name} must be"):
        Settings(**{name: -1})
    with pytest.raises(ValueError, match=f"{name} must be"):
        Settings(**{name: float("nan")})


@pytest.mark.parametrize("function", [keep_probability, SkipGramData])
def test_a_function_with_a_default_of_its_own_has_the_same(function):
    parameters = inspect.signature(function).parameters
    own = {name: parameters[name].default for name in parameters if name in SOURCE}
    own = {
        name: value for name, value in own.items() if value is not inspect.Parameter.empty
    }
    assert own and own.items() <= SOURCE.items()


def test_the_command_line_has_the_same_but_for_the_learning_rate():
    asked = make_parser().parse_args(["train", "novel.txt", "--out", "novel"])
    assert asked.size == Settings.embed_size
    assert asked.window == Settings.max_window_size
    assert asked.noise_words == Settings.num_noise_words
    assert asked.batch_size == Settings.batch_size
    assert (asked.lr, asked.seed) == (FASTER_RATE, Settings.seed)


@pytest.mark.parametrize("name", WHOLE)
@pytest.mark.parametrize("value", [0, -1, 2.5, True, "5", None])
def test_counts_must_be_whole_numbers(name, value):
    with pytest.raises(ValueError, match=f"{name} must be a whole number of at least 1"):
        Settings(**{name: value})


@pytest.mark.parametrize("name", ["lr", "threshold"])
@pytest.mark.parametrize("value", [0, -0.1, float("nan")])
def test_rates_must_be_positive(name, value):
    with pytest.raises(ValueError, match=f"{name} must be greater than 0"):
        Settings(**{name: value})


def test_a_seed_may_be_0_but_not_below():
    assert Settings(seed=0).seed == 0
    with pytest.raises(ValueError, match="seed must be a whole number of at least 0"):
        Settings(seed=-1)


def test_whole_numbers_of_numpy_will_do():
    assert Settings(batch_size=np.int64(8)).batch_size == 8


def test_a_training_is_prepared_by_its_settings():
    settings = replace(Settings(), embed_size=7, lr=0.03, num_noise_words=2, threshold=1.0)
    words = toy.index_corpus(toy.sentences(), vocab := toy.Vocab(toy.sentences()))
    data = SkipGramData(*words, vocab, **settings.data_options)
    assert (data.num_noise_words, data.threshold) == (2, 1.0)
    training = prepare_training(data, settings, records_per_epoch=1)
    assert training.net[0].weight.shape == (len(vocab), 7)
    assert isinstance(training.engine, GluonEngine)
    assert training.engine.trainer.learning_rate == 0.03
    again, other = (
        prepare_training(data, replace(settings, seed=seed)).net[0].weight.data().asnumpy()
        for seed in (0, 1)
    )
    np.testing.assert_array_equal(training.net[0].weight.data().asnumpy(), again)
    assert not np.array_equal(again, other)
