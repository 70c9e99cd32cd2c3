"""Draw ideas before their formulas come, mostly for the core chapters.

The background is transparent, and the gray lines and letters are readable on white and on
black, so the drawings suit light and dark pages.
"""

import numpy as np
from matplotlib.patches import Arc, FancyBboxPatch, Rectangle

from w2v_lesson.figures.style import (
    BLUE,
    GRAY,
    GREEN,
    ORANGE,
    PINK,
    figure,
    text_on,
)
from w2v_lesson.vectors import unit_length

ROLE_COLORS = {"center": ORANGE, "context": BLUE, "noise word": GREEN, "padding": "#BBBBBB"}
YES, NO = "yes", "no"
FLAT = 0.002  # nats above the lowest held-out loss, where there is little more to learn
LABEL_HEIGHT = 0.2  # room for a name, in units of the vectors


def _canvas(width, height, ncols=1):
    """Make empty axes without a frame, where one unit is an inch.

    Parameters
    ----------
    width, height : float
        Inches.
    ncols : int, optional
        Number of axes side by side.

    Returns
    -------
    fig, ax : Figure and Axes (or an array of them)
    """
    fig, axes = figure(width, height, ncols=ncols)
    fig.patch.set_alpha(0)
    for ax in np.ravel(axes):
        ax.patch.set_alpha(0)
        ax.axis("off")
        if ncols == 1:
            ax.set(xlim=(0, width), ylim=(0, height))
    return fig, axes


def _box(ax, x, y, text, color, width=None, height=0.28, size=10):
    """Draw a word in a rounded box with its middle at (x, y), and return the box's width."""
    width = 0.24 + 0.088 * len(text) * size / 10 if width is None else width
    ax.add_patch(
        FancyBboxPatch(
            (x - width / 2 + 0.05, y - height / 2 + 0.05),
            width - 0.1,
            height - 0.1,
            boxstyle="round,pad=0.05",
            fc=color,
            ec="none",
        )
    )
    ax.text(x, y, text, ha="center", va="center_baseline", size=size, color=text_on(color))
    return width


def _arrow(ax, start, end, color=GRAY, width=1.5):
    look = {"arrowstyle": "-|>", "color": color, "lw": width, "shrinkA": 0, "shrinkB": 0}
    ax.annotate("", end, start, arrowprops=look)


def arrows(vectors, first):
    """Draw vectors of two numbers as arrows from one point, with the angles to one of them.

    Parameters
    ----------
    vectors : dict of str to (float, float)
        The words and their vectors; chapter 00 has three.
    first : str
        The word whose arrow the angles are measured from.

    Returns
    -------
    Figure
    """
    fig, ax = _canvas(5.2, 2.9)
    colors = dict(zip(vectors, (ORANGE, BLUE, GREEN, PINK), strict=False))
    ax.set(aspect="equal")
    x0, y0 = vectors[first]
    base = np.degrees(np.arctan2(y0, x0))
    for i, (word, (x, y)) in enumerate(vectors.items()):
        _arrow(ax, (0, 0), (x, y), colors[word], 2.5)
        ax.text(
            1.06 * x, 1.06 * y + 0.04, word, color=GRAY, ha="left" if x > 0 else "right"
        )
        if word != first:
            angle, radius = np.degrees(np.arctan2(y, x)), 2.6 / i
            ax.add_patch(
                Arc((0, 0), 2 * radius, 2 * radius, theta1=base, theta2=angle, color=GRAY)
            )
            middle = np.radians((base + angle) / 2)
            ax.text(
                (radius + 0.12) * np.cos(middle),
                (radius + 0.1) * np.sin(middle),
                f"{angle - base:.0f}°",
                color=GRAY,
                va="center",
            )
    ax.plot(0, 0, "o", color=GRAY)
    points = np.array([*vectors.values(), (0, 0)])
    (left, bottom), (right, top) = points.min(axis=0), points.max(axis=0)
    ax.set(xlim=(left - 0.9, right + 1.1), ylim=(bottom - 0.2, top + 0.3))
    return fig


def questions(words, center, contexts, noise_words):
    """Draw a sentence with a window and, below, the questions that come from it.

    Parameters
    ----------
    words : list of str
        The sentence.
    center : int
        Position of the center word.
    contexts : list of int
        Positions of its contexts.
    noise_words : list of str

    Returns
    -------
    Figure
    """
    widths = [0.24 + 0.088 * len(word) for word in words]
    width, columns = max(6.0, sum(widths) + 0.1 * (len(words) + 1)), 3
    asked = [(words[i], YES) for i in contexts] + [(word, NO) for word in noise_words]
    rows = -(-len(asked) // columns)
    height = 1.5 + 0.34 * rows
    fig, ax = _canvas(width, height)
    x, places = 0.1, []
    for i, word in enumerate(words):
        role = "center" if i == center else "context" if i in contexts else "padding"
        _box(ax, x + widths[i] / 2, height - 0.5, word, ROLE_COLORS[role])
        places.append((x, x + widths[i]))
        x += widths[i] + 0.1
    inside = [places[i] for i in (center, *contexts)]
    left, right = min(a for a, _ in inside) - 0.05, max(b for _, b in inside) + 0.05
    ax.add_patch(
        Rectangle(
            (left, height - 0.72), right - left, 0.44, fill=False, ec=GRAY, lw=1.5, ls="--"
        )
    )
    ax.text(left, height - 0.2, "the window", color=GRAY, size=9)
    ax.text(0.1, height - 1.05, "Did they appear near each other?", color=GRAY, size=10)
    step = width / columns
    for n, (word, answer) in enumerate(asked):
        x, y = 0.1 + step * (n // rows), height - 1.4 - 0.34 * (n % rows)
        w = _box(ax, x + 0.3, y, words[center], ORANGE, width=0.6, size=9)
        color = ROLE_COLORS["context" if answer == YES else "noise word"]
        w2 = 0.24 + 0.088 * len(word) * 0.9
        _box(ax, x + w + 0.06 + w2 / 2, y, word, color, width=w2, size=9)
        ax.text(
            x + w + 0.12 + w2,
            y,
            answer,
            va="center_baseline",
            color=GRAY,
            size=10,
            weight="bold",
        )
    return fig


def padded_rows(examples):
    """Draw examples packed into a rectangle, with the mask and the label below.

    Parameters
    ----------
    examples : list of (str, list of str, list of str)
        Center, contexts, and noise words of each example.

    Returns
    -------
    Figure
    """
    rows = [
        [(w, "context") for w in contexts] + [(w, "noise word") for w in noise]
        for _, contexts, noise in examples
    ]
    longest, cell = max(map(len, rows)), 0.98
    left, line = 1.35, 0.34
    width = max(9.2, left + longest * cell + 0.1)  # with room for the legend
    height = 1.0 + (3 * len(rows) + 1.6) * line
    fig, ax = _canvas(width, height)
    for (center, _, _), row, y in zip(
        examples, rows, height - 0.55 - line * np.arange(len(rows)), strict=True
    ):
        _box(ax, 0.62, y, center, ORANGE, width=1.1, size=9)
        for j in range(longest):
            word, role = row[j] if j < len(row) else ("", "padding")
            _box(
                ax, left + (j + 0.5) * cell, y, word, ROLE_COLORS[role], width=0.94, size=9
            )
    ax.text(0.1, height - 0.2, "centers", color=GRAY, size=9)
    ax.text(left, height - 0.2, "contexts_negatives", color=GRAY, size=9)
    y = height - 0.75 - line * len(rows)
    for title, is_one in [
        ("mask: is it real?", lambda role: role is not None),
        ("label: is it a context?", lambda role: role == "context"),
    ]:
        ax.text(left, y, title, color=GRAY, size=9, va="center")
        for row in rows:
            y -= line
            for j in range(longest):
                role = row[j][1] if j < len(row) else None
                one = is_one(role)
                ax.text(
                    left + (j + 0.5) * cell,
                    y,
                    int(one),
                    ha="center",
                    va="center",
                    color=ROLE_COLORS[role] if one else GRAY,
                    weight="bold" if one else "normal",
                )
        y -= 1.3 * line
    for n, (role, color) in enumerate(ROLE_COLORS.items()):
        x = 3.6 + 1.35 * n
        ax.add_patch(Rectangle((x, height - 0.25), 0.16, 0.14, fc=color))
        ax.text(x + 0.22, height - 0.18, role, color=GRAY, size=9, va="center")
    return fig


def _grid(ax, x, y, rows, columns, colors, cell=(0.3, 0.2)):
    """Draw a table of cells with its top left corner at (x, y) and some rows in color."""
    for i in range(rows):
        for j in range(columns):
            fill = colors.get(i, "none")
            corner = (x + j * cell[0], y - (i + 1) * cell[1])
            ax.add_patch(Rectangle(corner, *cell, fc=fill, ec=GRAY, lw=0.8))


def lookup_as_product(row, words, size):
    """Draw a one-hot vector times a table, and the row that this gives.

    Parameters
    ----------
    row : int
        Position of the 1.
    words, size : int
        Rows and columns of the table.

    Returns
    -------
    Figure
    """
    fig, ax = _canvas(6.6, 2.0)
    top, cell = 1.45, (0.34, 0.22)
    for j in range(words):
        on = j == row
        corner = (0.2 + j * 0.3, top - (row + 1) * cell[1])
        ax.add_patch(
            Rectangle(corner, 0.3, cell[1], fc=ORANGE if on else "none", ec=GRAY, lw=0.8)
        )
        ax.text(
            corner[0] + 0.15,
            corner[1] + cell[1] / 2,
            int(on),
            ha="center",
            va="center_baseline",
            size=9,
            color=text_on(ORANGE) if on else GRAY,
        )
    middle = top - (row + 0.5) * cell[1]
    x = 0.2 + 0.3 * words
    ax.text(x + 0.22, middle, "×", color=GRAY, size=14, ha="center", va="center")
    x += 0.75
    _grid(ax, x, top, words, size, {row: BLUE}, cell)
    for i in range(words):
        y = top - (i + 0.5) * cell[1]
        ax.text(x - 0.08, y, i, color=GRAY, size=8, ha="right", va="center")
    end = x + size * cell[0]
    ax.text(end + 0.3, middle, "=", color=GRAY, size=14, ha="center", va="center")
    _grid(ax, end + 0.6, middle + cell[1] / 2, 1, size, {0: BLUE}, cell)
    ax.text(0.2, top + 0.18, "one-hot vector", color=GRAY, size=9)
    ax.text(x, top + 0.18, "table", color=GRAY, size=9)
    ax.text(end + 0.6, middle + 0.24, f"row {row}", color=GRAY, size=9)
    start, stop = (end, middle - 0.02), (end + 0.6 + size * cell[0] / 2, middle - 0.16)
    ax.annotate(
        "",
        stop,
        start,
        arrowprops={
            "arrowstyle": "-|>",
            "color": GRAY,
            "lw": 1.5,
            "connectionstyle": "arc3,rad=0.5",
        },
    )
    ax.text(end + 0.45, middle - 0.62, "lookup: just take it", color=GRAY, size=9)
    return fig


def two_tables(center, contexts, noise_words):
    """Draw the two tables with the rows of a center and its others, and their scores.

    Parameters
    ----------
    center : str
    contexts, noise_words : list of str
        At most four words in total.

    Returns
    -------
    Figure
    """
    fig, ax = _canvas(7.2, 2.7)
    rows, top, cell = 8, 2.15, (0.28, 0.22)
    others = [*contexts, *noise_words]
    marked, colors = [1, 3, 4, 6][: len(others)], {}
    for i, row in enumerate(marked):
        colors[row] = BLUE if i < len(contexts) else GREEN
    _grid(ax, 1.0, top, rows, 4, {2: ORANGE}, cell)
    _grid(ax, 3.6, top, rows, 4, colors, cell)
    ax.text(1.0, top + 0.16, r"table $\mathbf{v}$, for centers", color=GRAY, size=10)
    ax.text(3.6, top + 0.16, r"table $\mathbf{u}$, for contexts", color=GRAY, size=10)
    y = top - 2.5 * cell[1]
    ax.text(0.92, y, center, color=ORANGE, ha="right", va="center", weight="bold")
    for i, word in zip(marked, others, strict=True):
        end = top - (i + 0.5) * cell[1]
        ax.text(3.52, end, word, color=colors[i], ha="right", va="center", size=9)
        ax.plot([2.12, 2.78], [y, end], color=GRAY, lw=0.8)
        ax.text(4.95, end, "→", color=GRAY, ha="center", va="center")
        ax.text(5.15, end, f"score of ({center}, {word})", color=GRAY, va="center", size=9)
    return fig


def pulled_together(others, labels, before, after):
    """Draw two centers and their others as arrows from the origin, before and after.

    Parameters
    ----------
    others : list of str
    labels : ndarray, shape (n,)
        1 for a context (of both centers), 0 for a noise word.
    before, after : tuple of ndarray
        The first center, the second, and the vectors of the others: shapes (embed_size,),
        (embed_size,), and (n, embed_size).

    Returns
    -------
    Figure
    """
    fig, axes = _canvas(7.4, 2.7, ncols=2)
    both = [np.vstack(state) for state in (before, after)]
    # The plane that shows the two centers best, both before and after.
    centers = np.vstack([vectors[:2] for vectors in both])
    _, _, directions = np.linalg.svd(unit_length(centers), full_matrices=False)
    plane = directions[:2].T
    plane = plane * np.where((both[1][:2].sum(axis=0) @ plane) < 0, -1, 1)
    points = np.vstack([vectors @ plane for vectors in both] + [np.zeros((1, 2))])
    low, high = points.min(axis=0) - [0.9, 0.25], points.max(axis=0) + [0.7, 0.25]
    names = ["july", "june", *others]
    colors = [ORANGE, PINK, *(BLUE if label else GREEN for label in labels)]
    for ax, vectors, title in zip(
        axes, both, ("before", "after twenty steps each"), strict=True
    ):
        ax.set(xlim=(low[0], high[0]), ylim=(low[1], high[1]), aspect="equal")
        ax.set_title(title, color=GRAY, size=10)
        tips = vectors @ plane
        for i, (color, tip) in enumerate(zip(colors, tips, strict=True)):
            _arrow(ax, (0, 0), tip, color, 2.5 if i < 2 else 1.2)
        _label_tips(ax, names, tips)
    return fig


def _label_tips(ax, names, tips):
    """Write names beside the tips of arrows from the origin, without overlaps."""
    for side in (1, -1):
        mine = np.flatnonzero((tips[:, 0] >= 0) == (side > 0))
        mine = mine[np.argsort(tips[mine, 1])]
        for i, y in zip(mine, _apart(tips[mine, 1], LABEL_HEIGHT), strict=True):
            ax.text(
                tips[i, 0] + 0.08 * side,
                y,
                names[i],
                color=GRAY,
                size=9,
                weight="bold" if i < 2 else "normal",
                ha="left" if side > 0 else "right",
                va="center",
            )


def _apart(heights, least):
    """Move ascending heights as little as possible until neighbors are `least` apart."""
    heights = np.array(heights, float)
    for _ in range(100):
        missing = np.clip(least - np.diff(heights), 0, None) / 2
        heights[:-1] -= missing
        heights[1:] += missing
    return heights


def loss_stretches(records, guess):
    """Draw a loss curve with its three parts named, and a line for the best guess.

    Parameters
    ----------
    records : list of training.Record
    guess : float
        Loss of a model that always gives the same best answer, in nats per pair.

    Returns
    -------
    Figure
    """
    fig, ax = figure(7.0, 3.8)
    epochs, losses = [r.epoch for r in records], [r.loss for r in records]
    ax.plot(epochs, losses, color=BLUE, lw=1.5, label="training loss")
    ended = [r for r in records if r.epoch_loss is not None]
    ends = [r.epoch for r in ended]
    ax.plot(ends, [r.epoch_loss for r in ended], "o", color=BLUE, label="mean of the epoch")
    tested = [r for r in ended if r.heldout_loss is not None]
    ax.plot(
        [r.epoch for r in tested],
        [r.heldout_loss for r in tested],
        "s--",
        color=ORANGE,
        label="held-out loss",
    )
    ax.axhline(guess, color=GRAY, lw=1, ls=":")
    end = epochs[-1]
    ax.text(0.3 * end, guess + 0.006, f"always one sixth: {guess:.3f}", color=GRAY, size=9)
    crossing = next((e for e, l in zip(epochs, losses, strict=True) if l < guess), end)
    best = min(tested, key=lambda r: r.heldout_loss, default=None)
    flat = next((r.epoch for r in tested if r.heldout_loss < best.heldout_loss + FLAT), end)
    flat = max(crossing, flat)
    for start, stop, color in [
        (0, crossing, BLUE),
        (crossing, flat, GREEN),
        (flat, end, ORANGE),
    ]:
        ax.axvspan(start, stop, color=color, alpha=0.12, lw=0)
    steps = zip(epochs, losses, strict=True)
    falling = next((at for at in steps if at[1] < (losses[0] + guess) / 2), (0, losses[0]))
    arrow = {"arrowstyle": "->", "color": BLUE}
    ax.annotate(
        "1. most pairs are made up",
        falling,
        xytext=(crossing + 0.08 * end, 0.64),
        va="center",
        size=9,
        color=BLUE,
        arrowprops=arrow,
    )
    ax.text(0.3 * end, 0.57, "2. which words keep which company", size=9, color=GREEN)
    if tested:
        last = tested[-1]
        ax.annotate(
            "3. little more to learn",
            (last.epoch, last.heldout_loss),
            xytext=(0.82 * end, guess + 0.05),
            ha="center",
            size=9,
            color=ORANGE,
            arrowprops={"arrowstyle": "->", "color": ORANGE},
        )
    ax.set(xlabel="epoch", ylabel="loss (nats per pair)", xlim=(0, 1.02 * end))
    ax.legend(frameon=False, loc="lower left", fontsize=9)
    return fig


def ring(states):
    """Draw how workers in a ring add up their numbers, a panel for the start and each round.

    Parameters
    ----------
    states : list of ndarray, shape (n, n)
        What each worker has, as `scale.workers.ring_all_reduce` returns it.

    Returns
    -------
    Figure
    """
    n, rounds = len(states[0]), len(states) - 1
    left, cell, line, gap = 0.8, 0.42, 0.66, 0.3
    panel = n * cell + 0.3
    fig, ax = _canvas(left + (rounds + 1) * panel, n * line + 1.25)
    top = n * line + 0.4  # the middle of the first row
    for worker in range(n):
        y = top - line * worker
        ax.text(0.1, y, f"worker {worker + 1}", color=GRAY, size=9, va="center_baseline")
    for turn, state in enumerate(states):
        x = left + turn * panel + cell / 2
        when = f"after round {turn}" if turn else "at the start"
        then = ("add" if turn < n - 1 else "pass on") if turn < rounds else "done"
        middle = x + (n - 1) * cell / 2
        ax.text(middle, top + 0.65, when, color=GRAY, size=10, ha="center")
        ax.text(middle, 0.12, then, color=GRAY, size=10, ha="center", weight="bold")
        for worker, pieces in enumerate(state):
            y = top - line * worker
            for piece, number in enumerate(pieces):
                is_sum = number == states[0][:, piece].sum()
                color = GREEN if is_sum else ROLE_COLORS["padding"]
                _box(ax, x + piece * cell, y, str(number), color, width=0.38, size=9)
            if turn < rounds:
                sent = x + (worker - turn) % n * cell
                _arrow(ax, (sent, y - 0.16), (sent, y - 0.16 - gap), ORANGE)
                if worker == n - 1:  # the arrow enters again at the top
                    _arrow(ax, (sent, top + 0.16 + gap), (sent, top + 0.16), ORANGE)
    return fig


def shared_noise(centers, own, shared):
    """Draw which rows of a table centers need: with noise words of their own, and shared.

    Parameters
    ----------
    centers : list of str
        Neighbors in the text.
    own : list of list of str
        The noise words of each center alone.
    shared : list of str
        The noise words that they share.

    Returns
    -------
    Figure
    """
    words = sorted({*shared, *(word for noise in own for word in noise)})
    line, panel, bottom = 0.25, 4.3, 0.1
    top = bottom + line * len(words)
    fig, ax = _canvas(2 * panel, top + 0.75)
    for n, (title, noise) in enumerate(
        [
            ("each center draws its own", own),
            ("all share the same", [shared] * len(centers)),
        ]
    ):
        x, table = n * panel + 0.1, n * panel + 2.1
        needed = {word for each in noise for word in each}
        ax.text(x, top + 0.55, title, color=GRAY, size=10, weight="bold", va="center")
        rows = rf"{len(needed)} rows of $\mathbf{{u}}$"
        ax.text(table, top + 0.25, rows, color=GRAY, size=9, va="center")
        places = {}
        for i, word in enumerate(words):
            y = places[word] = top - line * (i + 0.5)
            fill = GREEN if word in needed else "none"
            corner = (table, y - line / 2)
            ax.add_patch(Rectangle(corner, 0.9, line, fc=fill, ec=GRAY, lw=0.8))
            weight = "bold" if word in needed else "normal"
            ax.text(table + 1, y, word, color=GRAY, size=9, va="center", weight=weight)
        for i, (center, drawn) in enumerate(zip(centers, noise, strict=True)):
            y = top - (top - bottom) * (i + 0.5) / len(centers)
            for word in drawn:
                ax.plot([x + 0.9, table], [y, places[word]], color=GRAY, lw=0.8)
            _box(ax, x + 0.45, y, center, ORANGE, width=0.9)
    return fig


def journey():
    """Draw the whole way from a sentence to neighbors, in six small panels.

    Returns
    -------
    Figure
    """
    fig, ax = _canvas(9.0, 4.4)
    panels = [_pairs, _packed, _tables, _answer, _pull, _neighbors]
    titles = [
        "1 · pairs, yes or no",
        "2 · packed, with a mask",
        "3 · two rows, one score",
        "4 · answer minus label",
        "5 · pushed the same way",
        "6 · neighbors",
    ]
    for n, (draw, title) in enumerate(zip(panels, titles, strict=True)):
        x, y = 3.0 * (n % 3), 2.2 * (1 - n // 3)
        ax.text(x + 0.15, y + 1.95, title, color=GRAY, size=10, weight="bold")
        draw(ax, x + 0.15, y + 0.1)
        if n % 3 < 2:
            ax.text(x + 2.93, y + 0.95, "▶", color=GRAY, ha="center", va="center", size=9)
    return fig


def _pairs(ax, x, y):
    _box(ax, x + 0.4, y + 1.5, "chip", ORANGE, width=0.6, size=9)
    _box(ax, x + 1.0, y + 1.5, "are", BLUE, width=0.5, size=9)
    _box(ax, x + 1.65, y + 1.5, "facing", BLUE, width=0.7, size=9)
    asked = [("are", BLUE, YES), ("facing", BLUE, YES), ("low", GREEN, NO)]
    for i, (word, color, answer) in enumerate(asked):
        line = y + 1.0 - 0.34 * i
        _box(ax, x + 0.4, line, "chip", ORANGE, width=0.6, size=9)
        _box(ax, x + 1.12, line, word, color, width=0.7, size=9)
        ax.text(x + 1.6, line, answer, color=GRAY, va="center", size=9)


def _packed(ax, x, y):
    for i, (contexts, noise) in enumerate([(2, 2), (3, 3), (1, 1)]):
        for j in range(6):
            role = "context" if j < contexts else "noise word"
            role = role if j < contexts + noise else "padding"
            corner = (x + 0.2 + 0.35 * j, y + 1.3 - 0.26 * i)
            ax.add_patch(Rectangle(corner, 0.32, 0.22, fc=ROLE_COLORS[role]))
            real = int(j < contexts + noise)
            ax.text(
                x + 0.36 + 0.35 * j,
                y + 0.5 - 0.2 * i,
                real,
                color=GRAY,
                ha="center",
                size=9,
            )
    ax.text(x + 0.2, y + 0.68, "mask", color=GRAY, size=8)


def _tables(ax, x, y):
    _grid(ax, x + 0.2, y + 1.6, 6, 3, {2: ORANGE}, (0.22, 0.2))
    _grid(ax, x + 1.2, y + 1.6, 6, 3, {4: BLUE}, (0.22, 0.2))
    ax.text(x + 0.53, y + 0.25, r"$\mathbf{v}$", color=GRAY, ha="center")
    ax.text(x + 1.53, y + 0.25, r"$\mathbf{u}$", color=GRAY, ha="center")
    ax.text(
        x + 1.95, y + 1.0, r"$\mathbf{u}\cdot\mathbf{v}$", color=GRAY, va="center", size=11
    )


def _answer(ax, x, y):
    grid = np.linspace(-4, 4, 60)
    curve = 1 / (1 + np.exp(-grid))
    ax.plot(x + 1.15 + grid * 0.22, y + 0.35 + curve * 1.1, color=GRAY, lw=1.5)
    at = x + 1.15 - 1.0 * 0.22, y + 0.35 + 1.1 / (1 + np.exp(1.0))
    ax.plot(*at, "o", color=GRAY)
    _arrow(ax, at, (at[0], y + 1.45), BLUE, 2)
    ax.text(at[0] - 0.08, y + 1.2, "label 1", color=BLUE, ha="right", size=9)
    ax.text(x + 1.2, y + 0.2, r"$\sigma(\mathbf{u}\cdot\mathbf{v})$", color=GRAY, size=10)


def _pull(ax, x, y):
    origin = np.array([x + 0.6, y + 0.5])
    for tip, color in [((1.1, 0.6), BLUE), ((1.25, 0.35), BLUE), ((-0.5, 0.1), GREEN)]:
        _arrow(ax, origin, origin + tip, color, 1.2)
    ax.text(*(origin + [1.3, 0.45]), "contexts", color=BLUE, va="center", size=9)
    ax.text(*(origin + [-0.6, 0.2]), "noise", color=GREEN, size=9)
    push = np.array([0.45, 0.18])  # the direction of the contexts
    for word, tip, above in [("july", (0.15, 0.75), 0.1), ("june", (0.75, -0.4), -0.2)]:
        ax.plot(*zip(origin, origin + tip, strict=True), color=ORANGE, lw=1, alpha=0.6)
        _arrow(ax, origin + tip, origin + tip + push, ORANGE, 2.5)
        ax.text(*(origin + tip + [-0.1, above]), word, color=ORANGE, size=9)


def _neighbors(ax, x, y):
    places = {
        "july": (0.5, 1.2, BLUE),
        "june": (0.95, 1.35, BLUE),
        "august": (0.7, 0.95, BLUE),
        "chip": (1.7, 0.6, PINK),
        "intel": (2.0, 0.85, PINK),
        "oil": (0.6, 0.3, GRAY),
        "gas": (0.95, 0.45, GRAY),
    }
    for word, (dx, dy, color) in places.items():
        ax.plot(x + dx, y + dy, "o", color=color, ms=5)
        ax.text(x + dx + 0.06, y + dy + 0.05, word, color=GRAY, size=9)
