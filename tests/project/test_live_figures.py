"""The data of live figures, and how they are put into pages."""

import json
from pathlib import Path

import build_site
import numpy as np
import pytest
from bs4 import BeautifulSoup
from live import Figure, packed
from live.film import GROUPS, PROBES, film_data
from live.pages import data_of, policy, take_places

from w2v_lesson.settings import Settings

CHAPTER = Path(build_site.ROOT, "notebooks/sources/05_train_and_watch.py")
PLACE = '<div data-shows="a figure"><p>The picture.</p></div><div data-shows="b">B</div>'


def test_a_figure_takes_its_place_and_others_leave_theirs():
    soup = BeautifulSoup(PLACE, "html.parser")
    take_places(soup, {"a figure": Figure("ask", dict)})
    assert str(soup) == '<div id="ask-live"><p>The picture.</p></div>B'


def test_a_figure_without_a_place_is_an_error():
    soup = BeautifulSoup(PLACE, "html.parser")
    with pytest.raises(LookupError, match="no output shows 'another'"):
        take_places(soup, {"another": Figure("ask", dict)})


def test_no_word_ends_the_data():
    text = data_of(Figure("ask", lambda: {"word": "</script><b>"}))
    assert "<" not in text and json.loads(text) == {"word": "</script><b>"}


def test_the_policy_names_scripts_by_their_hashes():
    # The hash is the example of the specification, for the script alert('Hello, world.');
    hashed = "'sha256-qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng='"
    assert f"script-src {hashed};" in policy(["alert('Hello, world.');"])
    assert "script-src 'none';" in policy([])


def test_numbers_that_do_not_fit_are_refused():
    assert packed([1, 256], "uint16") == "AQAAAQ=="
    with pytest.raises(ValueError, match="uint8 can't hold"):
        packed([256], "uint8")


@pytest.mark.slow
def test_the_film_has_the_words_of_its_chapter_and_is_always_the_same():
    source = CHAPTER.read_text(encoding="utf-8").replace('"\n    "', "")
    assert f'"{GROUPS}"' in source and json.dumps(PROBES) in source
    film = film_data()
    assert film == film_data.__wrapped__()
    assert len(film["points"]) == len(film["near"]) == 1 + 5 * Settings.num_epochs
    places = len(film["words"]) * 2 * np.dtype("int16").itemsize
    assert {len(points) for points in film["points"]} == {4 * -(-places // 3)}
    # The losses fall as in the chapter, which trains by the slower program.
    assert film["losses"][0][1] == pytest.approx(np.log(2), abs=0.01)
    assert film["heldout"] == sorted(film["heldout"], reverse=True)
    assert film["heldout"][-1] == pytest.approx(0.408, abs=0.005)
