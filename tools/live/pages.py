"""Put live figures into pages: their places, their data, their scripts, and what is allowed."""

import base64
import hashlib
import json
from pathlib import Path

from live import Figure
from w2v_lesson.figures.style import DARK, INVERTED, NAMES, variables
from w2v_lesson.widgets import controls, plane, style

SCRIPTS = Path(__file__).resolve().parents[1] / "pages" / "live"
SHOWS = "data-shows"  # what the running notebook shows in a place
# Holds for all pages. Nothing is fetched, not even by a script; scripts are named by hashes.
POLICY = "default-src 'none'; style-src 'self'; img-src 'self' data:; "
NONE = "'none'"


def take_places(soup, figures):
    """Mark where the live figures of a page go, and unmark all other places.

    Parameters
    ----------
    soup : bs4.BeautifulSoup
        The page.
    figures : dict of str to Figure
        By what the running notebook shows in their place.

    Raises
    ------
    LookupError
        If there is no such place.
    """
    for place in soup(attrs={SHOWS: True}):
        figure = figures.get(place[SHOWS])
        if figure is None:
            place.unwrap()
        else:
            del place[SHOWS]
            place["id"] = f"{figure.name}-live"
    missing = [text for text, f in figures.items() if not soup.find(id=f"{f.name}-live")]
    if missing:
        raise LookupError(f"no output shows {missing[0]!r}; correct tools/live/places.py")


def data_of(figure: Figure):
    """Write the data of a figure for a `<script>` element.

    Parameters
    ----------
    figure : Figure

    Returns
    -------
    str
        JSON without "<", so that no word can end the element.
    """
    return json.dumps(figure.make_data(), separators=(",", ":")).replace("<", "\\u003c")


def script_of(figure: Figure):
    """Join the script of a figure with those that it uses.

    Parameters
    ----------
    figure : Figure

    Returns
    -------
    str
    """
    names = ("shared.js", *figure.shared, f"{figure.name}.js")
    own = [(SCRIPTS / name).read_text("utf-8") for name in names]
    parts = dict.fromkeys(("make.js", *figure.parts))
    return "\n".join([style.script(*parts), *own])


def policy(scripts):
    """Write the Content-Security-Policy of a page with these scripts.

    Parameters
    ----------
    scripts : list of str

    Returns
    -------
    str
    """
    hashes = [hashlib.sha256(script.encode()).digest() for script in scripts]
    named = [f"'sha256-{base64.b64encode(each).decode()}'" for each in hashes]
    return (
        f"{POLICY}script-src {' '.join(named) or NONE}; base-uri {NONE}; form-action {NONE}"
    )


def style_sheet():
    """Join the style of figures, which follows the color scheme of the browser.

    Stored figures are inverted in the dark, as they are in JupyterLab.

    Returns
    -------
    str
    """
    dark = (
        f"@media screen and (prefers-color-scheme: dark) {{ :root {{ {variables(DARK)} }}\n"
        f"figure img {{ {INVERTED} border-color: #cfcfcf; }} }}\n"
    )
    sheets = [controls.CSS, plane.CSS, SCRIPTS / "live.css", SCRIPTS / "figures.css"]
    return "".join(
        [
            f"\n:root {{ {variables(NAMES)} }}\n{dark}",
            *(s.read_text("utf-8") for s in sheets),
        ]
    )
