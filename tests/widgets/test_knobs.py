"""The knobs: the settings they show, and what is said about settings."""

import pytest

from w2v_lesson.settings import Settings
from w2v_lesson.widgets.knobs import KNOBS, Knobs, in_code, in_short

CHANGED = Settings(lr=0.05, embed_size=10, seed=1)


def test_the_knobs_begin_at_the_standard_settings():
    knobs = Knobs()
    assert knobs.settings == Settings()
    assert set(KNOBS) <= set(vars(Settings()))
    for name, slider in knobs.sliders.items():
        assert slider.standard == getattr(Settings(), name)
        assert slider.texts == [f"{option:g}" for option in slider.options]


def test_settings_are_shown_and_read():
    knobs = Knobs()
    knobs.settings = CHANGED
    assert knobs.sliders["lr"].value == 0.05
    assert knobs.settings == CHANGED
    knobs.sliders["num_epochs"].value = 1
    assert knobs.settings.num_epochs == 1


def test_a_value_that_is_no_option_is_a_clear_error():
    with pytest.raises(ValueError, match=r"lr must be one of .*, but it is 0\.3"):
        Knobs().settings = Settings(lr=0.3)


def test_settings_in_short_are_what_differs_from_the_standard():
    assert in_short(Settings()) == "standard settings"
    assert in_short(CHANGED) == "size 10, lr 0.05, seed 1"
    assert in_short(Settings(batch_size=2)) == "batch_size 2"


@pytest.mark.parametrize("settings", [Settings(), CHANGED, Settings(batch_size=2)])
def test_the_line_of_code_repeats_a_run(settings):
    class experiments:
        run = staticmethod(lambda settings: settings)

    names = {"Settings": Settings, "experiments": experiments}
    exec(in_code(settings), names)
    assert names["run"] == settings
