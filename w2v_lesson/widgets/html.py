"""The HTML that widgets show: tables, bars, and words that can't be taken for markup.

Every widget that shows a word builds its HTML here or by `Markup`, because a vocabulary may
hold anything, "<unk>" and whole tags included. Serves all chapters with a widget.
MarkupSafe does the escaping; the tables are ours because no library that we have makes them.
"""

from markupsafe import Markup, escape

__all__ = ["Markup", "bar", "escape", "table"]

SIDES = {"l": "left", "r": "right"}


def table(
    columns,
    rows,
    header=(),
    *,
    caption="",
    row_names=True,
    spacing="16px 0",
    line_height="inherit",
):
    """Make a table; everything in it is escaped unless it is `Markup`.

    Parameters
    ----------
    columns : str
        For each column "l" if it is aligned left, "r" if right.
    rows : iterable of sequence
        Cells of each row; a row may be shorter than others.
    header : sequence, optional
        Titles of the columns.
    caption : str, optional
        What stands above the table.
    row_names : bool, default True
        Whether the first cell of each row is its title.
    spacing : str, default "16px 0"
        Room between columns and between rows, as CSS.
    line_height : str or float, default "inherit"
        As CSS.

    Returns
    -------
    Markup
    """
    sides = [SIDES[letter] for letter in columns]
    usual = sides[-1]
    lines = [_line([_TITLE] * len(header), header, sides, usual)] if header else []
    tags = [_ROW_TITLE if row_names else _CELL] + [_CELL] * (len(sides) - 1)
    lines += [_line(tags, row, sides, usual) for row in rows]
    above = Markup('<caption style="text-align:left">{}</caption>').format(caption)
    return Markup(
        '<table style="text-align:{};border-spacing:{};line-height:{}">{}{}</table>'
    ).format(usual, spacing, line_height, above if caption else "", Markup().join(lines))


_TITLE = Markup('<th scope="col"{}>{}</th>')
_ROW_TITLE = Markup('<th scope="row"{}>{}</th>')
_CELL = Markup("<td{}>{}</td>")


def _line(tags, cells, sides, usual):
    look = Markup(' style="text-align:{}"')
    return Markup("<tr>{}</tr>").format(
        Markup().join(
            tag.format("" if side == usual else look.format(side), cell)
            for tag, cell, side in zip(tags, cells, sides, strict=False)
        )
    )


def bar(share, color, width="100%"):
    """Make a horizontal bar.

    Parameters
    ----------
    share : float
        Part of the width that is filled, from 0 to 1; nothing is filled below 0.
    color : str
    width : str, default "100%"
        Room for a full bar, as CSS.

    Returns
    -------
    Markup
    """
    return Markup(
        '<div style="width:{}"><div style="height:14px;background:{};width:{:.0%}"></div>'
        "</div>"
    ).format(width, color, max(0, share))
