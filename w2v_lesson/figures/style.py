"""Colors, sizes, and how figures are shown on the page, for all chapters."""

import base64
import html
import io

import numpy as np
from IPython.display import display
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure

# Okabe and Ito's colors, which can be told apart with any kind of color vision. Orange and
# green are a little darker, so that they can be text on white, and white text on them.
BLUE, ORANGE, GREEN, PINK = "#0072B2", "#B84F00", "#007A59", "#CC79A7"

GRAY, LIGHT = "#767676", "#E8E8E8"

DPI = 100
LEAST = 520  # pixels; narrower, the text of a figure is too small, so the page scrolls it
# What moves must be in sight as a whole, even if the text becomes small.
LEAST_MOVING = 340

# The same colors for parts of widgets that follow the theme, as CSS; the dark ones are those
# of inverted figures.
NAMES = {BLUE: "blue", ORANGE: "orange", GREEN: "green", PINK: "pink", GRAY: "gray"}
DARK = ("#4AADE5", "#E88D48", "#4CB699", "#A96189", "#888888")
# In dark themes a figure and what moves over it are inverted, so that white becomes the
# page's #111; turning the hues back keeps blue blue. The stored picture stays as it is.
INVERTED = "filter: invert(0.934) hue-rotate(180deg);"
DARK_CSS = f"""
:is([data-jp-theme-light="false"], .vscode-dark, html[theme="dark"]) .w2v-figure {{
  {INVERTED}
}}
"""
# Stands before a picture among the outputs of a cell, takes no room, and lets it follow the
# theme: a picture alone brings no style with it.
THEME = f"""<style class="w2v-theme">
.jp-OutputArea-child:has(.w2v-theme) {{ display: none; }}
.jp-OutputArea-child:has(.w2v-theme) + .jp-OutputArea-child img {{
  max-width: max(100%, {LEAST}px); }}
[data-jp-theme-light="false"] :is(.jp-OutputArea-child:has(.w2v-theme)
  + .jp-OutputArea-child, .jp-RenderedSVG) img {{ {INVERTED} }}
</style>"""


def themed(color):
    """Turn a color of the palette into CSS that follows the theme, where `PALETTE` is known.

    Parameters
    ----------
    color : str
        `BLUE`, `ORANGE`, `GREEN`, `PINK`, or `GRAY`.

    Returns
    -------
    str
    """
    return f"var(--w2v-{NAMES[color]}, {color})"


def contrast(color, other):
    """Compute the contrast between two colors.

    Parameters
    ----------
    color, other : str
        Colors as matplotlib names them.

    Returns
    -------
    float
        From 1 (none) to 21. Small text needs 4.5, and marks need 3.

    References
    ----------
    "Contrast ratio" in the Web Content Accessibility Guidelines 2.1.
    """
    dark, light = sorted(_luminance(each) + 0.05 for each in (color, other))
    return light / dark


def _luminance(color):
    rgb = np.array(to_rgb(color))
    linear = np.where(rgb <= 0.03928, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    return linear @ [0.2126, 0.7152, 0.0722]


def text_on(color):
    """Choose black or white, whichever is easier to read on this color.

    Parameters
    ----------
    color : str or sequence of float

    Returns
    -------
    str
        "black" or "white".
    """
    return max(("white", "black"), key=lambda each: contrast(each, color))


def text_on_themed(color):
    """Choose black or white as `text_on` does, for a color that follows the theme.

    Parameters
    ----------
    color : str
        As for `themed`.

    Returns
    -------
    str
        As CSS.
    """
    return f"var(--w2v-on-{NAMES[color]}, {text_on(color)})"


def variables(colors):
    """Write the colors of the palette, and of text on them, as CSS variables.

    Parameters
    ----------
    colors : iterable of str
        In the order of `NAMES`; `DARK` for a dark page.

    Returns
    -------
    str
    """
    names = zip(NAMES.values(), colors, strict=True)
    return " ".join(f"--w2v-{n}: {c}; --w2v-on-{n}: {text_on(c)};" for n, c in names)


PALETTE = f"""
:root {{ {variables(NAMES)} }}
:is([data-jp-theme-light="false"], .vscode-dark, html[theme="dark"]) {{ {variables(DARK)} }}
"""


def figure(width=6.4, height=3.2, **options):
    """Make an empty figure with axes, without lines at the top and on the right.

    Parameters
    ----------
    width, height : float
        In inches, which are 100 pixels each on the page.
    **options
        Passed to `Figure.subplots`, for example `ncols`.

    Returns
    -------
    fig : matplotlib.figure.Figure
    ax : matplotlib.axes.Axes or ndarray of them
    """
    fig = Figure(figsize=(width, height), dpi=DPI, layout="constrained")
    ax = fig.subplots(**options)
    for each in np.ravel(ax):
        each.spines[["top", "right"]].set_visible(False)
    return fig, ax


def size_of(fig):
    """Return how large a figure is on the page.

    Parameters
    ----------
    fig : matplotlib.figure.Figure

    Returns
    -------
    width, height : int
        In pixels.
    """
    return tuple(int(inches * DPI) for inches in fig.get_size_inches())


def _png(fig):
    buffer = io.BytesIO()
    fig.savefig(buffer, format="png", dpi=2 * DPI)  # sharp on dense screens
    return base64.b64encode(buffer.getvalue()).decode()


def bundle(fig, alt):
    """Turn a figure into what Jupyter displays, with a text in its place.

    Parameters
    ----------
    fig : matplotlib.figure.Figure
    alt : str
        What the figure shows, with its numbers.

    Returns
    -------
    data, metadata : dict
        By type of data.
    """
    width, height = size_of(fig)
    about = {"alt": alt, "width": width, "height": height}
    return {"image/png": _png(fig), "text/plain": alt}, {"image/png": about}


def show(fig, alt):
    """Display a figure as the output of a cell, with text for readers who cannot see it.

    Parameters
    ----------
    fig : matplotlib.figure.Figure
    alt : str
        What the figure shows, with its numbers.
    """
    display({"text/html": THEME}, raw=True)
    data, metadata = bundle(fig, alt)
    display(data, metadata=metadata, raw=True)


def to_html(fig, alt):
    """Turn a figure into an image for widgets, with text for readers who cannot see it.

    Parameters
    ----------
    fig : matplotlib.figure.Figure
    alt : str
        What the figure shows, with its numbers. It is escaped.

    Returns
    -------
    str
        An <img> element.
    """
    width, height = size_of(fig)
    # With decoding="sync", the old picture stays until the new one is ready.
    return (
        f'<img class="w2v-figure" width="{width}" height="{height}" alt="{html.escape(alt)}" '
        f'style="display:block;max-width:max(100%,{LEAST_MOVING}px);height:auto" '
        f'decoding="sync" src="data:image/png;base64,{_png(fig)}">'
    )
