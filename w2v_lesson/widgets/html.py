"""The HTML that widgets show: tables, bars, and words that can't be taken for markup.

Every widget that shows a word builds its HTML here or by `Markup`, because a vocabulary may
hold anything, "<unk>" and whole tags included. Serves all chapters with a widget.
MarkupSafe does the escaping; the tables are ours because no library that we have makes them.
"""

from markupsafe import Markup, escape

__all__ = ["Markup", "bar", "bar_chart", "escape", "new_in_bold", "table"]

SIDES = {"l": "left", "r": "right"}


def table(
    columns,
    rows,
    header=(),
    *,
    caption="",
    row_names=True,
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
    return Markup('<table style="text-align:{}">{}{}</table>').format(
        usual, above if caption else "", Markup().join(lines)
    )


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


def bar(share, color, width="100%", tick=None):
    """Make a horizontal bar; light lines mark none, half, and all of its room.

    Parameters
    ----------
    share : float
        Part of the width that is filled, from 0 to 1; nothing is filled below 0.
    color : str
    width : str, default "100%"
        Room for a full bar, as CSS.
    tick : float, optional
        Part of the width where a dark line crosses the bar.

    Returns
    -------
    Markup
    """
    line = Markup('<div class="w2v-tick" style="left:{:.1%}"></div>')
    return Markup(
        '<div class="w2v-bar" style="width:{}">'
        '<div class="w2v-figure" style="height:12px;background:{};width:{:.1%}"></div>{}</div>'
    ).format(width, color, max(0, share), "" if tick is None else line.format(tick))


def bar_chart(rows, row_height="24px"):
    """Lay out rows with bars of cosines so that the bars fill the room; a scale is below.

    Parameters
    ----------
    rows : sequence of sequence
        Cells of each row, the last but one of which is a `bar`. They are escaped unless
        they are `Markup`.
    row_height : str, default "24px"
        As CSS.

    Returns
    -------
    Markup
        Nothing if there are no rows.
    """
    if not rows:
        return Markup()
    before = len(rows[0]) - 2
    cells = Markup().join(_chart_cell(cell) for row in rows for cell in row)
    return Markup(
        '<div class="w2v-chart" style="display:grid;align-items:center;column-gap:8px;'
        'grid-auto-rows:{0};grid-template-columns:{1} minmax(30px,1fr) max-content">{2}{3}'
        "</div>"
    ).format(row_height, " ".join(["max-content"] * before), cells, _scale(before + 1))


def _chart_cell(cell):
    return cell if isinstance(cell, Markup) else Markup("<span>{}</span>").format(cell)


def _scale(column):
    return Markup(
        '<span class="w2v-note" style="display:flex;align-self:start;grid-column:{};'
        'justify-content:space-between" aria-hidden="true"><span>0</span>'
        "<span>cosine</span><span>1</span></span>"
    ).format(column)


def new_in_bold(words, known):
    """Join words by commas, those in bold that are not among the known ones.

    Parameters
    ----------
    words : list of str
    known : list of str or None
        None if there is nothing to compare with; no word is bold then.

    Returns
    -------
    Markup
    """
    old, new = Markup("{}"), Markup("<b>{}</b>")
    return Markup(", ").join(
        (old if known is None or word in known else new).format(word) for word in words
    )
