"""Tables and bars of the widgets, read as a browser reads them."""

import pytest
from bs4 import BeautifulSoup

from w2v_lesson.widgets import html


def read(made):
    return BeautifulSoup(made, "html.parser")


def style(element):
    """Return the CSS of an element as a dict."""
    pairs = (each.split(":", 1) for each in element.get("style", "").split(";") if each)
    return {name.strip(): value.strip() for name, value in pairs}


def side(cell):
    """Return the alignment of a cell's text; if the cell doesn't set it, its table does."""
    return style(cell).get("text-align") or style(cell.find_parent("table"))["text-align"]


def test_a_table_has_titles_of_columns_and_of_rows_each_aligned_as_its_column():
    table = read(
        html.table("lrr", [("a", 1, 2), ("b", 3, 4)], ["word", "x", "y"], caption="c")
    )
    assert table.caption.text == "c"
    header, *rows = table.find_all("tr")
    assert [cell["scope"] for cell in header] == ["col"] * 3
    assert [[cell.text for cell in row] for row in rows] == [
        ["a", "1", "2"],
        ["b", "3", "4"],
    ]
    assert [cell.name for cell in rows[0]] == ["th", "td", "td"]
    assert rows[0].th["scope"] == "row"
    for row in (header, *rows):
        assert [side(cell) for cell in row] == ["left", "right", "right"]


def test_a_table_may_do_without_titles_and_a_row_may_be_short():
    table = read(html.table("ll", [("a", "b"), ("c",)], row_names=False))
    assert [[cell.text for cell in row] for row in table.find_all("tr")] == [
        ["a", "b"],
        ["c"],
    ]
    assert table.th is None and table.caption is None


def test_cells_are_escaped_unless_they_are_markup():
    table = html.table("ll", [("<b>", html.Markup("<b>x</b>"))])
    assert [cell.text for cell in read(table).find_all(["th", "td"])] == ["<b>", "x"]
    assert len(read(table).find_all("b")) == 1


@pytest.mark.parametrize(
    "share, width", [(0.254, "25.4%"), (-0.2, "0.0%"), (1.0, "100.0%")]
)
def test_a_bar_fills_its_share_and_nothing_below_0(share, width):
    outer = read(html.bar(share, "#123456", "240px")).div
    assert style(outer)["width"] == "240px"
    assert style(outer.div)["width"] == width
    assert style(outer.div)["background"] == "#123456"


def test_a_chart_has_a_column_for_each_cell_and_a_scale_below_the_bars():
    rows = [("<b>", "0.50", html.bar(0.5, "#123456"), "seen"), ("x", "0.25", "", "")]
    chart = read(html.bar_chart(rows)).div
    columns = style(chart)["grid-template-columns"]
    assert columns == "max-content max-content minmax(30px,1fr) max-content"
    cells = chart.find_all(recursive=False)
    assert [cell.text for cell in cells[:4]] == ["<b>", "0.50", "", "seen"]
    assert (len(cells), cells[-1].text) == (9, "0cosine1")
    assert style(cells[-1])["grid-column"] == "3"
    assert html.bar_chart([]) == ""
