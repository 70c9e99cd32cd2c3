"""The handout and the plan of the board are right, complete, and one sheet each."""

import re

import build_handout
import build_site
import driver
import numpy as np
import pytest
from bs4 import BeautifulSoup

from w2v_lesson import by_hand

V, U = np.array([2, 3]), np.array([1, -1])
SCORE = U @ V
ANSWER = by_hand.sigmoid(SCORE)
MOVED = V + round(1 - ANSWER, 2) * U  # a step with the learning rate 1


def source(name):
    return (build_handout.SOURCES / f"{name}.md").read_text("utf-8").replace("−", "-")


def test_the_handout_computes_what_the_model_computes():
    text = source("handout")
    scores = range(-2, 3)
    assert "| " + " | ".join(f"{by_hand.sigmoid(x):.2f}" for x in scores) + " |" in text
    assert f"{ANSWER:.2f} - 1 = " in text and rf"\ln {ANSWER:.2f}" in text
    assert f"(2, 3) + {1 - ANSWER:.2f} · (1, -1) = ({MOVED[0]:.2f}, {MOVED[1]:.2f})" in text
    assert f"{MOVED[0]:.2f} - {MOVED[1]:.2f} = {U @ MOVED:.2f}" in text


def test_the_answers_are_right_and_fill_the_gaps():
    text, _, answers = source("handout").partition("\n> ")
    half, yes = by_hand.pair_loss(np.array([0, SCORE]), 1)
    guess = (
        by_hand.pair_loss(np.log(1 / 5), 1) + 5 * by_hand.pair_loss(np.log(1 / 5), 0)
    ) / 6
    for number, answer in [
        (3, f"{SCORE}, no"),
        (4, f"{ANSWER:.2f}"),
        (5, f"{half:.2f}, {yes:.2f}"),
        (6, f"{ANSWER - 1:.2f}, yes"),
        (8, f"{guess:.3f}"),
    ]:
        assert f"**{number}** {answer}" in answers
    boxes = re.split(r"^## ", text, flags=re.MULTILINE)[1:]
    assert all("____" in box for box in boxes)
    assert re.findall(r"\*\*(\d)\*\*", answers) == [box[0] for box in boxes]


def test_the_board_computes_what_the_model_computes():
    text = source("board")
    yes, no = by_hand.pair_loss(SCORE, 1), by_hand.pair_loss(SCORE, 0)
    assert rf"| {ANSWER:.2f} | $-\ln {ANSWER:.2f}$ = {yes:.2f} | " in text
    assert rf"| {ANSWER:.2f} | $-\ln {1 - ANSWER:.2f}$ = {no:.2f} | " in text
    assert f"{ANSWER:.2f} - 1 = {ANSWER - 1:.2f}" in text
    assert f"{ANSWER:.2f} - 0 = {ANSWER:.2f}" in text


def test_underscores_become_gaps_and_headings_boxes():
    page = build_handout.page("handout", "# T\n\nLead\n\n## One\n\n________\n\n> Answers")
    soup = BeautifulSoup(page, "html.parser")
    assert [box.get_text(" ").split() for box in soup("section")] == [
        ["T", "Lead"],
        ["One"],
        ["Answers"],
    ]
    assert soup("section")[1].span["style"] == "width: 4.0em"
    assert soup.title.text == "T"


def test_without_chromium_there_are_pages_to_print(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(build_handout, "TARGET", tmp_path / "handout")
    monkeypatch.setattr(driver, "find_chromium", lambda: None)
    assert build_handout.main() == 0
    assert "Print the pages in handout/" in capsys.readouterr().out
    assert sorted(path.name for path in build_handout.TARGET.iterdir()) == [
        "board.html",
        "handout.html",
    ]


@pytest.mark.slow
@pytest.mark.browser
def test_each_page_is_one_sheet_and_a_longer_one_is_an_error(tmp_path):
    if driver.find_chromium() is None:
        pytest.skip("no browser")
    build_handout.print_pages(build_handout.build(), tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["board.pdf", "handout.pdf"]
    assert all(path.read_bytes().startswith(b"%PDF") for path in tmp_path.iterdir())
    (tmp_path / "handout.pdf").unlink()
    long = build_handout.page("handout", "# T\n\n" + "## Box\n\nText\n\n" * 80)
    with pytest.raises(build_site.BuildError, match=r"handout\.md fills \d sheets"):
        build_handout.print_pages({"handout": long}, tmp_path)
    assert not (tmp_path / "handout.pdf").exists()
