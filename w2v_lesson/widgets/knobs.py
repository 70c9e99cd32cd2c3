"""The knobs of the laboratory: a slider for each setting of a training. Chapter 09."""

from typing import NamedTuple

import ipywidgets as W

from w2v_lesson.settings import Settings
from w2v_lesson.widgets.controls import Slider


class Knob(NamedTuple):
    """What one slider chooses from.

    Parameters
    ----------
    label : str
        What the setting is, in words.
    short : str
        The same as a pattern for a legend, with braces where the value stands.
    hint : str
        What to look for.
    options : list of float
        Values to choose from, in order. The standard value is one of them.
    """

    label: str
    short: str
    hint: str
    options: list


KNOBS = {
    "embed_size": Knob(
        "size of a vector",
        "size {}",
        "With fewer numbers, does a word still find sensible neighbors?",
        [10, 25, 50, 100, 200],
    ),
    "max_window_size": Knob(
        "window",
        "window {}",
        "Words to each side that can be contexts. Are the neighbors words of the same kind, "
        "or of the same topic?",
        [1, 2, 3, 5, 8, 10],
    ),
    "num_noise_words": Knob(
        "noise words per context",
        "{} noise words",
        "They change what is asked, and the dotted line with it. Compare AUC, not loss.",
        [1, 2, 5, 10, 15],
    ),
    "threshold": Knob(
        "subsampling threshold",
        "threshold {}",
        "1 keeps every word, and less drops more frequent words. Watch the time, too.",
        [1e-5, 1e-4, 1e-3, 1e-2, 1.0],
    ),
    "lr": Knob(
        "learning rate",
        "lr {}",
        "If it is too small, the loss hardly falls. If it is too large, the loss rises.",
        [0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.05],
    ),
    "num_epochs": Knob(
        "epochs",
        "epochs {}",
        "Passes over the text. When does the held-out loss (the marks) stop falling?",
        [1, 2, 3, 5, 10, 20],
    ),
    "seed": Knob(
        "random seed",
        "seed {}",
        "Train again with another seed. A difference that disappears was luck.",
        [0, 1, 2, 3, 4],
    ),
}


class Knobs(W.VBox):
    """A slider for each setting, with what to look for below it; changed ones are bold.

    Attributes
    ----------
    sliders : dict of str to controls.Slider
        By the name of the setting.
    """

    def __init__(self):
        self.sliders = {name: _slider(name, knob) for name, knob in KNOBS.items()}
        super().__init__(list(self.sliders.values()))
        self.add_class("w2v-knobs")

    def __repr__(self):
        return "The knobs of the laboratory; run this cell to use them."

    @property
    def settings(self):
        """The settings that the knobs show."""
        return Settings(**{name: slider.value for name, slider in self.sliders.items()})

    @settings.setter
    def settings(self, settings):
        values = {name: getattr(settings, name) for name in KNOBS}
        for name, value in values.items():
            if value not in KNOBS[name].options:
                options = ", ".join(f"{option:g}" for option in KNOBS[name].options)
                raise ValueError(f"{name} must be one of {options}, but it is {value:g}.")
        for name, value in values.items():
            self.sliders[name].value = value


def _slider(name, knob):
    standard = getattr(Settings, name)
    texts = [f"{option:g}" for option in knob.options]
    return Slider(
        knob.label,
        standard,
        options=knob.options,
        texts=texts,
        standard=standard,
        hint=knob.hint,
    )


def changes(settings):
    """List the settings that are not the standard ones.

    Parameters
    ----------
    settings : Settings

    Returns
    -------
    dict of str to float
    """
    standard = vars(Settings())
    return {name: x for name, x in vars(settings).items() if x != standard[name]}


def in_short(settings):
    """Name settings by what differs from the standard ones.

    Parameters
    ----------
    settings : Settings

    Returns
    -------
    str
        For example "size 10, lr 0.05".
    """
    parts = [
        KNOBS[name].short.format(f"{value:g}") if name in KNOBS else f"{name} {value}"
        for name, value in changes(settings).items()
    ]
    return ", ".join(parts) or "standard settings"


def in_code(settings):
    """Write the line of code that trains with these settings in chapter 09.

    Parameters
    ----------
    settings : Settings

    Returns
    -------
    str
    """
    changed = ", ".join(f"{name}={value!r}" for name, value in changes(settings).items())
    return f"run = experiments.run(Settings({changed}))"
