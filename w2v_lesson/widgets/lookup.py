"""Chapter 03: which rows a lookup returns, and the shapes through `skip_gram`."""

import ipywidgets as W
import numpy as np

from w2v_lesson import figures
from w2v_lesson.figures.backdrop import Backdrop
from w2v_lesson.model import skip_gram_shapes, skip_gram_sizes
from w2v_lesson.widgets import html
from w2v_lesson.widgets.controls import Slider
from w2v_lesson.widgets.shown import MovingFigure
from w2v_lesson.widgets.style import FIELD, PICTURE, labeled

# The lookup


def read_indices(text, num_words, max_indices=20):
    """Read word indices from a text such as "1 2 3" or "1, 2, 3".

    Parameters
    ----------
    text : str
    num_words : int
        Rows of the table.
    max_indices : int, default 20

    Returns
    -------
    list of int

    Raises
    ------
    ValueError
        If there are none, or more than `max_indices`, or if one of them is not a whole
        number from 0 to num_words - 1.
    """
    tokens = text.replace(",", " ").split()
    if not tokens:
        raise ValueError("No index given. Type one or more, for example 1 2 3.")
    if len(tokens) > max_indices:
        raise ValueError(
            f"You typed {len(tokens)} indices, but there is room for only {max_indices}."
        )
    return [_read_index(token, num_words) for token in tokens]


def _read_index(token, num_words):
    digits = token.removeprefix("-")
    if not (digits.isascii() and digits.isdigit()):
        raise ValueError(
            f"'{token}' is not a word index. Type whole numbers from 0 to {num_words - 1}."
        )
    if not 0 <= int(token) < num_words:
        raise ValueError(
            f"There is no row {token}: the table has {num_words} rows, "
            f"with the indices 0 to {num_words - 1}."
        )
    return int(token)


def watch_lookup(table, indices="1 2 3"):
    """Show a field for word indices, and mark and repeat their rows beside the table.

    Parameters
    ----------
    table : array_like, shape (words, embed_size)
    indices : str, default "1 2 3"
        What the field holds at first.

    Returns
    -------
    MovingFigure
        With the control `indices`.
    """
    table = np.asarray(table)
    alt = f"A table of {len(table)} rows and {table.shape[1]} columns of numbers."
    backdrop = Backdrop(figures.table_with_room(table), alt)

    def draw(indices):
        rows = read_indices(indices, len(table))
        parts = [_looked_up(backdrop, table, row, at) for at, row in enumerate(rows)]
        said = f"Rows asked for, in this order: {', '.join(map(str, rows))}."
        return backdrop.layer(said, *parts), _lookup_in_words(rows, table.shape[1])

    field = labeled("indices", W.Text(indices, placeholder="for example 1 2 3"), FIELD)
    first = list(range(len(table)))[1:4]
    said = ", ".join(map(str, first))
    still = (lambda: figures.lookup(table, first), f"{alt} Rows {said} stand beside it.")
    view = MovingFigure(backdrop, draw, still, indices=field)
    view.picture.children += (_row_buttons(backdrop, table.shape, field),)
    return view


def _row_buttons(backdrop, shape, field):
    """Lay a button without a look over each row; it adds the row's index to the field."""

    def add(button):
        try:
            read_indices(field.value, shape[0])
        except ValueError:  # nothing that a row could be added to
            field.value = ""
        field.value = f"{field.value} {rows.index(button)}".strip()

    (left, top), (right, bottom) = backdrop.shares(
        [-0.5, shape[1] - 0.5], [-0.5, shape[0] - 0.5]
    )
    rows = [W.Button(description=f"Look up row {i}") for i in range(shape[0])]
    for button in rows:
        button.layout = W.Layout(width="auto", height="auto", flex="1 1 0", min_height="0")
        button.on_click(add)
        button.add_class("w2v-area")
    # In percent of the picture, which shrinks where the page is narrow.
    area = {"width": f"{right - left:.2%}", "height": f"{bottom - top:.2%}"}
    box = W.VBox(
        rows,
        layout={
            **area,
            "grid_area": "1 / 1 / 2 / 2",
            "top": f"{top:.2%}",
            "left": f"{left:.2%}",
        },
    )
    box.add_class("w2v-areas")
    return box


def _looked_up(backdrop, table, row, at):
    """Mark a row of the table; show it again at place `at`, with an arrow to there."""
    columns = np.arange(table.shape[1])
    middle, first = columns.mean(), len(columns) + 4
    fills, inks = figures.weight_colors(table[row], np.abs(table).max())
    numbers = [
        backdrop.texts(
            [x], [at], [f"{value.round(2) + 0:.2f}"], color=ink, down=4, halo=False
        )
        for x, value, ink in zip(first + columns, table[row], inks, strict=True)
    ]
    return (
        backdrop.cells([middle], [row], ["none"], width=len(columns), edge=figures.ORANGE)
        + backdrop.arrow((len(columns) - 0.4, row), (first - 1.4, at), figures.ORANGE)
        + backdrop.texts([first - 0.7], [at], [str(row)], anchor="end", down=4)
        + backdrop.cells(first + columns, np.full(len(columns), at), fills)
        + "".join(numbers)
    )


def _lookup_in_words(rows, embed_size):
    twice = ""
    if len(set(rows)) < len(rows):
        twice = " If you ask for a row twice, you get it twice."
    count = "1 index" if len(rows) == 1 else f"{len(rows)} indices"
    return html.Markup(
        '<div role="status">{}, so the lookup returns an array of shape ({}, {}).{}</div>'
    ).format(count, len(rows), embed_size, twice)


# The shapes


def watch_shapes():
    """Show sliders for three sizes, with the shapes in `skip_gram` and what they cost.

    Returns
    -------
    MovingFigure
        With the controls `batch`, `max_len` and `embed_size`.
    """
    backdrop = Backdrop(
        figures.shape_flow(),
        "Diagram of boxes that lead from the two inputs to the scores.",
    )

    def draw(batch, max_len, embed_size):
        shapes = skip_gram_shapes(batch, max_len, embed_size)
        said = [figures.shape_text(name, shape) for name, shape in shapes.items()]
        places = np.array([figures.SHAPE_PLACES[name][:2] for name in shapes])
        texts = backdrop.texts(
            places[:, 0] - 0.1, places[:, 1], said, anchor="start", down=-6
        )
        layer = backdrop.layer("Their shapes: " + ", ".join(said) + ".", texts)
        return layer, _sizes_table(shapes, *skip_gram_sizes(shapes))

    sizes = {"batch": (512, 1024), "max_len": (36, 60), "embed_size": (100, 300)}
    return MovingFigure(
        backdrop,
        draw,
        **{
            name: Slider(name, value, PICTURE, min=1, max=most)
            for name, (value, most) in sizes.items()
        },
    )


def _sizes_table(shapes, numbers, multiplications):
    # The shapes stand in the picture; with them the table would be too wide for a narrow page.
    rows = [(name, f"{numbers[name]:,}") for name in shapes]
    share = numbers["u"] / sum(numbers.values())
    return html.table("lr", rows, ["array", "numbers"]) + html.Markup(
        '<div role="status"><code>u</code> holds {:.0%} of all these numbers. The dot '
        "products take <b>{:,}</b> multiplications.</div>"
    ).format(share, multiplications)
