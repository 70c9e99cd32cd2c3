"""Draw a figure once and move SVG over it, which is fast enough for a slider.

The widgets of chapters 01 to 04 use this. Hand-written, because matplotlib takes a tenth of
a second for a figure, and a library that draws in the page would need a network or scripts.
"""

import base64
import html
import io
import math

import numpy as np
from PIL import Image

from w2v_lesson.figures import style

HALO = 'paint-order="stroke" stroke="white" stroke-width="3" stroke-linejoin="round"'


class Backdrop:
    """A figure drawn once, over which lines, points and bars can move.

    Drawing a figure takes a tenth of a second or more, which is too long for a slider.
    Drawing a few lines of SVG over it takes almost no time.

    Parameters
    ----------
    fig : matplotlib.figure.Figure
        Everything that does not move: axes, labels, and curves for comparison.
    alt : str
        What the figure shows.

    Attributes
    ----------
    html : str
        The figure as an <img> element.
    width, height : int
        Size on the page in pixels.

    Notes
    -----
    In every method, `ax` is the number of the axes in the figure.
    """

    def __init__(self, fig, alt):
        self.html = style.to_html(fig, alt)  # drawing the figure also lays it out
        self.width, self.height = style.size_of(fig)
        self._axes = fig.axes

    def layer(self, alt, *parts):
        """Put parts together into one SVG as large as the figure.

        Parameters
        ----------
        alt : str
            A description for readers who cannot see it. It is escaped.
        *parts : str
            Strings that the other methods returned.

        Returns
        -------
        str
        """
        return (
            f'<svg class="w2v-figure" role="img" aria-label="{html.escape(alt)}" '
            f'width="{self.width}" height="{self.height}" '
            f'viewBox="0 0 {self.width} {self.height}" '
            f'style="display:block;max-width:100%;height:auto">{"".join(parts)}</svg>'
        )

    def line(self, x, y, color, ax=0, dash="", width=2):
        """Draw a line through points.

        Parameters
        ----------
        x, y : array_like, shape (points,)
            In the units of the axes.
        color : str
        ax : int, default 0
        dash : str, optional
            As in SVG, for example "6 4".
        width : float, default 2
            Pixels.

        Returns
        -------
        str
        """
        places = _in_svg(self._pixels(x, y, ax))
        return (
            f'<polyline points="{places}" fill="none" stroke="{color}" '
            f'stroke-width="{width}" stroke-dasharray="{dash}"/>'
        )

    def points(self, x, y, color, ax=0, radius=5, marker="o"):
        """Draw a mark at each point.

        Parameters
        ----------
        x, y : array_like, shape (points,)
        color : str
        ax : int, default 0
        radius : float, default 5
            Pixels.
        marker : {"o", "s", "D"}, default "o"
            A dot, a square or a diamond.

        Returns
        -------
        str
        """
        if marker != "o":
            turn = math.pi / 4 if marker == "s" else 0
            angles = turn + np.arange(4) * math.pi / 2
            corners = 1.25 * radius * np.column_stack([np.cos(angles), np.sin(angles)])
            return "".join(
                f'<polygon points="{_in_svg(place + corners)}" fill="{color}"/>'
                for place in self._pixels(x, y, ax)
            )
        return "".join(
            f'<circle cx="{px:.1f}" cy="{py:.1f}" r="{radius}" fill="{color}"/>'
            for px, py in self._pixels(x, y, ax)
        )

    def bars(self, x, y, colors, ax=0, width=0.8):
        """Draw a bar from 0 to y at each x.

        Parameters
        ----------
        x, y : array_like, shape (bars,)
        colors : sequence of str
            One for each bar.
        ax : int, default 0
        width : float, default 0.8
            In the units of the axes.

        Returns
        -------
        str
        """
        x = np.asarray(x, float)
        tops = self._pixels(x - width / 2, y, ax)
        feet = self._pixels(x + width / 2, np.zeros(len(x)), ax)
        return "".join(
            f'<rect x="{left:.1f}" y="{min(top, foot):.1f}" width="{right - left:.1f}" '
            f'height="{abs(foot - top):.1f}" fill="{color}"/>'
            for (left, top), (right, foot), color in zip(tops, feet, colors, strict=True)
        )

    def cells(self, x, y, colors, ax=0, width=1.0, height=1.0, edge="none"):
        """Draw a rectangle around each point.

        Parameters
        ----------
        x, y : array_like, shape (points,)
        colors : sequence of str
            One for each rectangle; "none" leaves it empty.
        ax : int, default 0
        width, height : float, default 1.0
            In the units of the axes.
        edge : str, default "none"
            Color of the borders.

        Returns
        -------
        str
        """
        half = np.array([width / 2, height / 2])
        data = np.column_stack([np.atleast_1d(x), np.atleast_1d(y)])
        one, other = (self._pixels(*(data + s * half).T, ax) for s in (-1, 1))
        return "".join(
            f'<rect x="{left:.1f}" y="{top:.1f}" width="{right - left:.1f}" '
            f'height="{bottom - top:.1f}" fill="{color}" stroke="{edge}" '
            'stroke-width="2"/>'
            for (left, top), (right, bottom), color in zip(
                np.minimum(one, other), np.maximum(one, other), colors, strict=True
            )
        )

    def texts(
        self, x, y, texts, ax=0, color="black", anchor="middle", down=0, right=0, halo=True
    ):
        """Write a text at each point.

        Parameters
        ----------
        x, y : array_like, shape (points,)
        texts : sequence of str
            The texts, which are escaped.
        ax : int, default 0
        color : str, default "black"
        anchor : {"start", "middle", "end"}, default "middle"
            Which part of the text's baseline is at the point.
        down, right : float, default 0
            Pixels by which the text is moved.
        halo : bool, default True
            Whether the letters have a white edge, so that lines below them don't matter.

        Returns
        -------
        str
        """
        edge = HALO if halo else ""
        return "".join(
            f'<text x="{px + right:.1f}" y="{py + down:.1f}" fill="{color}" font-size="12" {edge} '
            f'font-family="sans-serif" text-anchor="{anchor}">{html.escape(text)}</text>'
            for (px, py), text in zip(self._pixels(x, y, ax), texts, strict=True)
        )

    def arrow(self, start, end, color, ax=0, width=2):
        """Draw an arrow from one point to another.

        Parameters
        ----------
        start, end : (float, float)
        color : str
        ax : int, default 0
        width : float, default 2
            Pixels.

        Returns
        -------
        str
        """
        (x0, y0), (x1, y1) = self._pixels(*np.transpose([start, end]), ax)
        length = max(np.hypot(x1 - x0, y1 - y0), 1e-9)
        dx, dy = (x1 - x0) / length, (y1 - y0) / length
        head = min(9.0, length)
        left, right = [
            f"{x1 - head * dx + side * head / 2 * dy:.1f},"
            f"{y1 - head * dy - side * head / 2 * dx:.1f}"
            for side in (-1, 1)
        ]
        return (
            f'<line x1="{x0:.1f}" y1="{y0:.1f}" x2="{x1:.1f}" y2="{y1:.1f}" '
            f'stroke="{color}" stroke-width="{width}"/>'
            f'<polygon points="{left} {x1:.1f},{y1:.1f} {right}" fill="{color}"/>'
        )

    def image(self, colors, ax=0):
        """Fill the whole axes with colored cells.

        Parameters
        ----------
        colors : array_like of uint8, shape (rows, columns, 3)
        ax : int, default 0

        Returns
        -------
        str
        """
        box, buffer = self._axes[ax].bbox, io.BytesIO()
        Image.fromarray(np.asarray(colors, np.uint8)).save(buffer, "PNG")
        return (
            f'<image x="{box.x0:.1f}" y="{self.height - box.y1:.1f}" '
            f'width="{box.width:.1f}" height="{box.height:.1f}" '
            'preserveAspectRatio="none" style="image-rendering:pixelated" href="data:'
            f'image/png;base64,{base64.b64encode(buffer.getvalue()).decode()}"/>'
        )

    def shares(self, x, y, ax=0):
        """Give points as shares of the picture's width and height, from its upper left.

        Parameters
        ----------
        x, y : array_like, shape (points,)
        ax : int, default 0

        Returns
        -------
        ndarray, shape (points, 2)
        """
        return self._pixels(x, y, ax) / [self.width, self.height]

    def frame(self, ax=0):
        """Describe the axes for a page that draws them itself, ready for JSON.

        Parameters
        ----------
        ax : int, default 0

        Returns
        -------
        dict of str to dict
            For x and y where the axis begins and ends, its ticks as pairs of a value and a
            text, and its name.
        """
        axes = self._axes[ax]
        return {"x": _about(axes.xaxis), "y": _about(axes.yaxis)}

    def _pixels(self, x, y, ax):
        """Return places in pixels from the upper left corner, shape (points, 2)."""
        data = np.column_stack([np.atleast_1d(x), np.atleast_1d(y)])
        pixels = self._axes[ax].transData.transform(data)
        return np.column_stack([pixels[:, 0], self.height - pixels[:, 1]])


def _in_svg(pixels):
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in pixels)


def _about(axis):
    low, high = axis.get_view_interval()
    texts = [label.get_text() for label in axis.get_ticklabels()]
    ticks = [
        (float(value), text)
        for value, text in zip(axis.get_ticklocs(), texts, strict=True)
        if low <= value <= high
    ]
    return {"from": low, "to": high, "ticks": ticks, "name": axis.get_label_text()}
