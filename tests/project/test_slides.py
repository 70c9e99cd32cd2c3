"""The slides have the notes of their route, in its order, and open without any other file."""

import re
from itertools import pairwise

import build_site
import build_slides
import pytest
from bs4 import BeautifulSoup

START = "# Slides\n\n"
FIRST, SECOND = (
    build_slides.Row(start, start + 5, "Say", "see", "do", "–") for start in (0, 5)
)


@pytest.fixture(scope="module")
def pages():
    return {
        name: BeautifulSoup(text, "html.parser")
        for name, text in build_slides.build().items()
    }


def write(folder, *parts):
    path = folder / "slides.md"
    path.write_text(START + "\n\n".join(parts), encoding="utf-8")
    return build_slides.read_slides(path)


def test_each_route_shows_each_of_its_minutes_in_order(pages):
    assert len(pages) == len(build_slides.ROUTES)
    for soup in pages.values():
        titles = [tag.text for tag in soup.select("aside h2")]
        minutes = [tuple(map(int, re.findall(r"\d+", title))) for title in titles]
        assert minutes[0][0] == 0
        for now, following in pairwise(minutes):
            assert following == now or following[0] == now[1]


def test_the_notes_say_what_the_table_says(pages):
    note = pages["50_minutes.html"].aside
    assert note.h2.text == "Minutes 0–2"
    assert note.p.text in re.sub(r"[*`]", "", build_slides.FRONT.read_text("utf-8"))


def test_a_page_needs_no_other_file_and_describes_its_figures(pages):
    for soup in pages.values():
        addresses = [
            tag.get("src", tag.get("href")) for tag in soup(["img", "script", "link"])
        ]
        assert all(each is None or each.startswith("data:image/png") for each in addresses)
        assert not soup("a")
        assert len(soup("img")) > 5 and all(len(image["alt"]) > 20 for image in soup("img"))


def test_a_slide_has_a_part_for_later_and_notes(tmp_path):
    text = (
        "## *A* title\n\n<!-- 50 at 0 -->\n\nNow.\n\n***\n\nLater.\n\n> A note.\n> Its end."
    )
    (slide,) = write(tmp_path, text)
    assert slide.title == "<em>A</em> title" and slide.when == {"50": 0}
    parts = slide.now, slide.later, slide.notes
    assert [BeautifulSoup(part, "html.parser").text.strip() for part in parts] == [
        "Now.",
        "Later.",
        "A note.\nIts end.",
    ]


@pytest.mark.parametrize(
    ("text", "culprit"),
    [
        ("## Lost\n\nNo minute.", "Lost"),
        ("## Lost\n\n<!-- later -->\n\nNo minute.", "Lost"),
        ("## A\n\n<!-- 50 at 0 -->\n\n![No such figure](04)", "No such figure"),
        ("## A\n\n<!-- 50 at 0 -->\n\n![Two](77)", "77"),
    ],
)
def test_an_error_names_the_slide(tmp_path, text, culprit):
    with pytest.raises(build_site.BuildError, match=culprit):
        write(tmp_path, text)


def test_a_slide_at_a_minute_that_no_row_has_and_a_row_without_a_slide_are_errors(tmp_path):
    known = write(tmp_path, "## A\n\n<!-- 50 at 0, 90 at 7 -->\n\nText.")
    with pytest.raises(build_site.BuildError, match=r"'A' is shown at minute 7.*\[0, 5\]"):
        build_slides.order(known, "90", [FIRST, SECOND])
    with pytest.raises(build_site.BuildError, match=r"minutes \[5\]"):
        build_slides.order(known, "50", [FIRST, SECOND])
    assert build_slides.order(known, "50", [FIRST]) == [(FIRST, known[0])]


def test_a_table_that_is_gone_is_an_error(tmp_path):
    (tmp_path / "page.md").write_text("# Page\n\n## 50\n\nNo table.\n\n## 90\n\n| 0–5 |")
    with pytest.raises(build_site.BuildError, match=r"page.md.*'## 50'"):
        build_slides.read_rows(tmp_path / "page.md", "## 50")


ROUTE = """# Page

## 50

| 0–5 | "Say" | see | do | – |
| 5–9 | "Say" | see | do | – |

| 5 | Why *so*? | Because. |
"""


def test_the_notes_answer_what_the_class_asks_in_these_minutes(tmp_path):
    page = tmp_path / "page.md"
    page.write_text(ROUTE, encoding="utf-8")
    first, second = build_slides.read_rows(page, "## 50")
    assert (first.asked, second.asked) == ([], [["Why <em>so</em>?", "Because."]])
    (slide,) = write(tmp_path, "## A\n\n<!-- 50 at 5 -->\n\nText.")
    note = BeautifulSoup(build_slides.render("T", [(second, slide)]), "html.parser").aside
    assert (
        note("dt")[-1].text == "If they ask: Why so?" and note("dd")[-1].text == "Because."
    )
    page.write_text(ROUTE.replace("| 5 |", "| 6 |"), encoding="utf-8")
    with pytest.raises(build_site.BuildError, match=r"no row begins at \[6\]"):
        build_slides.read_rows(page, "## 50")


def test_an_error_leaves_the_old_slides(tmp_path, monkeypatch, capsys):
    def fail():
        raise build_site.BuildError("the reason")

    monkeypatch.setattr(build_slides, "build", fail)
    monkeypatch.setattr(build_slides, "TARGET", tmp_path / "slides")
    assert build_slides.main() == 1
    assert "the reason" in capsys.readouterr().err
    assert not build_slides.TARGET.exists()
