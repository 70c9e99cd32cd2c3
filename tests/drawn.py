"""Read from a figure what it says: texts, legends, and colors."""

from types import SimpleNamespace

import matplotlib.text
import numpy as np
from matplotlib.colors import to_hex


def texts(figure):
    """List all texts of a figure that aren't empty."""
    found = (t.get_text() for t in figure.findobj(matplotlib.text.Text))
    return [text for text in found if text]


def placed(ax):
    """Return the texts in the axes with their places: dict of str to (x, y)."""
    return {t.get_text(): t.get_position() for t in ax.texts if t.get_text()}


def ticks(axis):
    """Return the label of each place on an axis: dict of number to str."""
    labels = axis.get_ticklabels()
    return {
        float(x): t.get_text() for x, t in zip(axis.get_ticklocs(), labels, strict=True)
    }


def color(artist):
    """Return the color of a line, of points, or of a bar, in upper case as in `figures`."""
    if hasattr(artist, "get_facecolor"):
        return to_hex(np.atleast_2d(artist.get_facecolor())[0]).upper()
    return to_hex(artist.get_color()).upper()


def lines(ax):
    """Return the points of each labeled line: dict of label to list of [x, y]."""
    return {line.get_label(): line.get_xydata().tolist() for line in labelled(ax.lines)}


def colors(artists):
    """Return the color of each labeled artist, by its label."""
    return {artist.get_label(): color(artist) for artist in labelled(artists)}


def labelled(artists):
    return [artist for artist in artists if not artist.get_label().startswith("_")]


def legend(figure):
    """Return the color of each entry of the legend, by its text."""
    boxes = [*figure.legends, *(ax.get_legend() for ax in figure.axes)]
    return {
        text.get_text(): color(mark)
        for box in boxes
        if box
        for mark, text in zip(box.legend_handles, box.get_texts(), strict=True)
    }


def records(num_epochs=2, heldout=True):
    """Four records an epoch; the held-out loss is lowest after the first."""
    return [record(i, heldout) for i in range(1, 4 * num_epochs + 1)]


def record(i, heldout):
    end = i % 4 == 0
    return SimpleNamespace(
        epoch=i / 4,
        loss=0.75 - i / 32,
        epoch_loss=0.75 - i / 64 if end else None,
        heldout_loss=0.5 + i / 64 if end and heldout else None,
    )
