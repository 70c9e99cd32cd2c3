"""Draw a map of words as SVG, fast enough for a slider and without overlaps. Chapter 06.

Hand-written, because adjustText takes seconds to separate the labels, and moves them to
other places for each position of a slider.
"""

import html
from itertools import product

import numpy as np

from w2v_lesson.figures import style
from w2v_lesson.vectors import principal_components

WIDTH, HEIGHT, BORDER = 600, 440, 60  # pixels; at zoom 1, words stay out of the border
FONT, LINE = 12, 16  # pixels: height of letters, and of a label
RADIUS, GAP = 5, 7  # pixels from the middle of a marker to its edge, and to its label
MIN_WORDS = 3
COLORS = (style.BLUE, style.ORANGE, style.GREEN, style.PINK, style.GRAY)
# Markers of radius 5 around (0, 0): circle, square, diamond, two triangles.
SHAPES = (
    '<circle r="5"/>',
    '<path d="M-4.5-4.5h9v9h-9z"/>',
    '<path d="M0-6l6 6l-6 6l-6-6z"/>',
    '<path d="M-5.5 4.5h11l-5.5-10z"/>',
    '<path d="M-5.5-4.5h11l-5.5 10z"/>',
)

NARROW, BROAD = set("fijlrt.,'-!|:"), set("mw%@&")
# Directions to try for a label. The eight places next to a point come first.
NEXT = np.array([(1, 0), (-1, 0), (0, -1), (0, 1), *product((1, -1), (-1, 1))], float)
FARTHER = np.concatenate([NEXT, *(NEXT[:4] + 0.5 * t for t in (NEXT[2], NEXT[0]))])
RING = 12  # pixels from one ring of places to the next


def parse_groups(text, find=str):
    """Parse groups of words as a reader types them. Chapter 06.

    Parameters
    ----------
    text : str
        For example "months: june july; oil gas". A group without a name gets the name of
        its first word.
    find : callable, optional
        Called with each word as typed; returns the word to use.

    Returns
    -------
    dict of str to list of str
        For the example above, {"months": ["june", "july"], "oil": ["oil", "gas"]}. A word
        is only in the first group that names it.
    """
    groups, seen = {}, set()
    for part in text.split(";"):
        name, colon, rest = part.partition(":")
        words = dict.fromkeys(map(find, (rest if colon else part).split()))
        words = [word for word in words if word not in seen]
        seen.update(words)
        if words:
            groups.setdefault(name.strip() if colon else words[0], []).extend(words)
    return groups


def project(vectors, words, added, table):
    """Find the places of words in the plane where they differ most. Chapter 06.

    Parameters
    ----------
    vectors : vectors.WordVectors
    words : list of str
        Three or more.
    added : list of str
        More words to place. They do not change the plane.
    table : {"center", "context", "sum"}

    Returns
    -------
    points : ndarray, shape (words + added, 2)
    explained : ndarray, shape (2,)
        Each axis's share of the variance of `words`.

    Raises
    ------
    ValueError
        If there are fewer than three words.
    """
    if len(words) < MIN_WORDS:
        raise ValueError(
            f"A map needs {MIN_WORDS} words or more, but it has {len(words)}. Add more words."
        )
    X = vectors.directions(words, table)
    axes, explained = principal_components(X)
    shown = vectors.directions([*words, *added], table)
    return (shown - X.mean(axis=0)) @ axes.T, explained


def to_pixels(points, zoom=1.0, around=None):
    """Turn points into pixels of the picture, with the same scale for both axes.

    Parameters
    ----------
    points : ndarray, shape (words, 2)
    zoom : float, default 1.0
        1 shows all points.
    around : int, optional
        Row of the point that moves to the middle while zooming in.

    Returns
    -------
    ndarray, shape (words, 2)
        Pixels from the upper left corner. Distant words may be outside the picture.
    """
    low, high = points.min(axis=0), points.max(axis=0)
    room = np.array([WIDTH, HEIGHT]) - 2 * BORDER, np.maximum(high - low, 1e-9)
    scale = (room[0] / room[1]).min() * zoom
    middle = (low + high) / 2
    if around is not None:
        middle = middle + (points[around] - middle) * (1 - 1 / zoom**2)
    return np.array([WIDTH, HEIGHT]) / 2 + (points - middle) * [scale, -scale]


def in_view(pixels):
    """Tell which markers are entirely in the picture.

    Parameters
    ----------
    pixels : ndarray, shape (words, 2)

    Returns
    -------
    ndarray of bool, shape (words,)
    """
    return ((pixels >= RADIUS) & (pixels <= [WIDTH - RADIUS, HEIGHT - RADIUS])).all(axis=1)


def text_width(text):
    """Estimate the width of a label, which the page then makes its letters fit.

    Parameters
    ----------
    text : str

    Returns
    -------
    float
        Pixels.
    """
    narrow, broad = (sum(letter in kind for letter in text) for kind in (NARROW, BROAD))
    return FONT * (0.35 * narrow + 0.9 * broad + 0.6 * (len(text) - narrow - broad))


def place_labels(pixels, widths):
    """Find a place for each label where it overlaps no other label and no marker.

    Parameters
    ----------
    pixels : array_like, shape (words, 2)
        Places of the markers.
    widths : array_like, shape (words,)
        Widths of the labels in pixels.

    Returns
    -------
    ndarray, shape (words, 4)
        Left, top, right, and bottom of each label. In a crowded part, a label may be away
        from its marker. If there is no free place, it is to the right of its marker.
    """
    pixels, widths = np.asarray(pixels, float).reshape(-1, 2), np.asarray(widths, float)
    taken = np.concatenate([pixels - RADIUS, pixels + RADIUS], axis=1)
    boxes = np.zeros((len(pixels), 4))
    near = np.linalg.norm(pixels[:, None] - pixels, axis=2) < 4 * LINE
    for i in np.argsort(-near.sum(axis=1), kind="stable"):  # the most crowded first
        boxes[i] = _first_free(pixels[i], widths[i], taken)
        taken = np.concatenate([taken, boxes[i : i + 1]])
    return boxes


def _first_free(point, width, taken):
    for ring in range(max(WIDTH, HEIGHT) // RING):
        boxes = _around(point, width, GAP + RING * ring, FARTHER if ring else NEXT)
        inside = (boxes[:, :2] >= 0).all(axis=1)
        inside &= (boxes[:, 2:] <= [WIDTH, HEIGHT]).all(axis=1)
        free = inside & ~overlaps(boxes, taken).any(axis=1)
        if free.any():
            return boxes[free.argmax()]
    return _around(point, width, GAP, NEXT)[0]


def _around(point, width, distance, directions):
    half = np.array([width, LINE]) / 2
    middles = point + directions * (half + distance)
    return np.concatenate([middles - half, middles + half], axis=1)


def overlaps(boxes, others):
    """Tell which boxes overlap.

    Parameters
    ----------
    boxes, others : ndarray, shape (n, 4) and (m, 4)
        Left, top, right and bottom of each.

    Returns
    -------
    ndarray of bool, shape (n, m)
    """
    a, b = boxes[:, None], others[None]
    return ((a[..., :2] < b[..., 2:]) & (b[..., :2] < a[..., 2:])).all(axis=2)


def draw(groups, near, points, explained, zoom=1.0, around=None):
    """Draw the map.

    Parameters
    ----------
    groups : dict of str to list of str
    near : list of str
        Words that lines connect to `around`. Those in no group have hollow markers.
    points, explained : ndarray
        As `project` returns them, the groups' words first.
    zoom : float, default 1.0
    around : str, optional
        A word of the map.

    Returns
    -------
    svg : str
    in_view : int
        Number of words in view.
    """
    shown = [word for group in groups.values() for word in group]
    look = [mark(i) for i, group in enumerate(groups.values()) for _ in group]
    shown += [word for word in near if word not in shown]
    look += [HOLLOW] * (len(shown) - len(look))
    at = shown.index(around) if around in shown else None
    pixels = to_pixels(points, zoom, at)
    rows = np.flatnonzero(in_view(pixels))
    labels = place_labels(pixels[rows], [text_width(shown[i]) for i in rows])
    parts = [_axes(explained)]
    for word in near:
        parts.append(_line(pixels[at], pixels[shown.index(word)], style.GRAY))
    parts += [_leader(pixels[i], box) for i, box in zip(rows, labels, strict=True)]
    parts += [_at(pixels[i], look[i]) for i in rows]
    parts += [
        _label(box, shown[i], bold=i == at) for i, box in zip(rows, labels, strict=True)
    ]
    alt = f"Map of words, {len(rows)} of {len(shown)} in view: "
    return _svg(alt + ", ".join(shown[i] for i in rows), parts), len(rows)


def mark(i):
    """Make the marker of a group around (0, 0). The markers of 25 groups all differ.

    Parameters
    ----------
    i : int
        Number of the group, from 0.

    Returns
    -------
    str
        SVG.
    """
    shape = SHAPES[(i + i // len(COLORS)) % len(SHAPES)]
    return f'<g fill="{COLORS[i % len(COLORS)]}">{shape}</g>'


HOLLOW = f'<circle r="4" fill="none" stroke="{style.GRAY}" stroke-width="2"/>'


def legend(groups):
    """Write the names of the groups beside their markers.

    Parameters
    ----------
    groups : dict of str to list of str
        The names are escaped.

    Returns
    -------
    str
        HTML.
    """
    names = [(mark(i), name) for i, name in enumerate(groups)]
    return "".join(
        '<span style="white-space:nowrap;margin-right:16px"><svg width="14" height="14" '
        f'viewBox="-7 -7 14 14" aria-hidden="true">{shape}</svg> {html.escape(name)}</span>'
        for shape, name in names
    )


def _axes(explained):
    first, second = (
        f"{name} component ({share:.0%} of the variance)"
        for name, share in zip(("first", "second"), explained, strict=True)
    )
    return (
        f'<rect x="0.5" y="0.5" width="{WIDTH - 1}" height="{HEIGHT - 1}" fill="none" '
        f'stroke="{style.GRAY}"/><g font-size="{FONT}" fill="currentColor">'
        f'<text x="{WIDTH / 2}" y="{HEIGHT + 16}" text-anchor="middle">{first} →</text>'
        f'<text transform="translate(-8 {HEIGHT / 2}) rotate(-90)" '
        f'text-anchor="middle">{second} →</text></g>'
    )


def _line(start, end, color):
    (x1, y1), (x2, y2) = start, end
    return (
        f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{color}"/>'
    )


def _leader(point, box):
    """Draw a thin line to a label that is away from its marker."""
    end = np.clip(point, box[:2], box[2:])
    if np.abs(end - point).max() <= GAP + 1:
        return ""
    return _line(point, end, "currentColor").replace("/>", ' stroke-width="0.6"/>')


def _at(point, marker):
    return f'<g transform="translate({point[0]:.1f} {point[1]:.1f})">{marker}</g>'


def _label(box, word, bold):
    weight = ' font-weight="bold"' if bold else ""
    return (
        f'<text x="{box[0] + 1:.1f}" y="{box[3] - 4.5:.1f}"{weight} '
        f'textLength="{box[2] - box[0] - 2:.1f}" lengthAdjust="spacingAndGlyphs">'
        f"{html.escape(word)}</text>"
    )


def _svg(alt, parts):
    """Join the parts. The frame cuts them off, and the names of the axes are around it."""
    axes, *inside = parts
    left, below = 20, 22
    return (
        f'<svg role="img" aria-label="{html.escape(alt)}" width="{WIDTH + left}" '
        f'height="{HEIGHT + below}" viewBox="{-left} 0 {WIDTH + left} {HEIGHT + below}" '
        'font-family="sans-serif" style="display:block;max-width:100%;height:auto">'
        f'{axes}<svg width="{WIDTH}" height="{HEIGHT}" overflow="hidden" '
        f'font-size="{FONT}" fill="currentColor" style="paint-order:stroke">'
        f"{''.join(inside)}</svg></svg>"
    )
