"""The map has groups as typed, places as projected, and labels that don't overlap."""

import html
import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from w2v_lesson.figures import livemap
from w2v_lesson.vectors import UnknownWordError, WordVectors
from w2v_lesson.vocabulary import Vocab

CHAPTER = Path(__file__).parents[2] / "notebooks" / "sources" / "06_ask_the_vectors.py"


def chapter_words():
    """The words of the chapter's map, as its cell has them."""
    cell = re.search(r"^groups = (\{.*?^\})", CHAPTER.read_text("utf-8"), re.M | re.S)
    return [word for group in eval(cell[1]).values() for word in group.split()]


def vectors_of(words, seed=0):
    center = np.random.default_rng(seed).normal(size=(len(words) + 1, 12))
    counts = np.arange(len(words) + 1, 0, -1)
    return WordVectors(Vocab.from_counts(["<unk>", *words], counts), center, center[::-1])


def meet(boxes, others):
    """Count the pairs of different boxes that overlap, in the simplest way."""
    return sum(
        a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
        for i, a in enumerate(boxes)
        for j, b in enumerate(others)
        if i != j or boxes is not others
    )


# The field


@pytest.mark.parametrize(
    "text, groups",
    [
        ("oil gas", {"oil": ["oil", "gas"]}),
        ("Months: June July; oil", {"Months": ["June", "July"], "oil": ["oil"]}),
        ("a b a; b c", {"a": ["a", "b"], "c": ["c"]}),
        (" ; x: ;; ", {}),
        ("x: a; x: b", {"x": ["a", "b"]}),
        ("", {}),
        ("\n a\n b ;\n c", {"a": ["a", "b"], "c": ["c"]}),
    ],
)
def test_groups_are_read_as_typed(text, groups):
    assert livemap.parse_groups(text) == groups


def test_a_word_that_is_found_twice_is_taken_once():
    groups = livemap.parse_groups("A: Oil oil; OIL gas", str.lower)
    assert groups == {"A": ["oil"], "gas": ["gas"]}


# Places


def test_the_map_shows_the_plane_in_which_the_words_differ_most():
    words = list("abcdefgh")
    vectors = vectors_of(words)
    points, explained = livemap.project(vectors, words[:6], words[6:], "sum")
    X = vectors.directions(words[:6], "sum")
    U, S, _ = np.linalg.svd(X - X.mean(axis=0), full_matrices=False)
    np.testing.assert_allclose(abs(points[:6]), abs(U[:, :2] * S[:2]), atol=1e-5)
    np.testing.assert_allclose(explained, S[:2] ** 2 / (S**2).sum(), atol=1e-5)
    assert points.shape == (8, 2)


def test_added_words_do_not_move_the_others():
    words = list("abcdefgh")
    vectors = vectors_of(words)
    alone, _ = livemap.project(vectors, words[:6], [], "center")
    more, _ = livemap.project(vectors, words[:6], words[6:], "center")
    np.testing.assert_array_equal(alone, more[:6])


def test_two_words_make_no_map_and_an_unknown_word_is_an_error():
    vectors = vectors_of(list("abcd"))
    with pytest.raises(ValueError, match="needs 3 words or more, but it has 2"):
        livemap.project(vectors, ["a", "b"], [], "center")
    with pytest.raises(UnknownWordError):
        livemap.project(vectors, ["a", "b", "zzz"], [], "center")


POINTS = np.random.default_rng(5).normal(size=(30, 2))


def test_at_zoom_1_all_are_in_view_with_one_scale_for_both_axes():
    pixels = livemap.to_pixels(POINTS)
    assert livemap.in_view(pixels).all()
    ratio = (pixels[1:] - pixels[0]) / (POINTS[1:] - POINTS[0])
    assert ratio[:, 0] == pytest.approx(ratio[0, 0])
    assert ratio[:, 1] == pytest.approx(-ratio[0, 0])  # up is up


def test_zoom_spreads_the_words_and_draws_the_chosen_one_to_the_middle():
    middle = np.array([livemap.WIDTH, livemap.HEIGHT]) / 2
    near, far = (livemap.to_pixels(POINTS, zoom, around=3) for zoom in (1, 4))
    np.testing.assert_array_equal(near, livemap.to_pixels(POINTS))
    spread = np.linalg.norm(far[0] - far[1]) / np.linalg.norm(near[0] - near[1])
    assert spread == pytest.approx(4)
    assert np.linalg.norm(far[3] - middle) <= np.linalg.norm(near[3] - middle)
    assert livemap.in_view(far)[3]
    assert not livemap.in_view(far).all()


def test_words_in_one_place_are_drawn_without_a_warning():
    assert np.isfinite(livemap.to_pixels(np.zeros((3, 2)))).all()


# Labels


def assert_apart(pixels, words):
    widths = [livemap.text_width(word) for word in words]
    boxes = livemap.place_labels(pixels, widths)
    np.testing.assert_allclose(boxes[:, 2] - boxes[:, 0], widths)
    dots = np.concatenate([pixels - livemap.RADIUS, pixels + livemap.RADIUS], axis=1)
    assert meet(boxes, boxes) == 0
    assert meet(boxes, list(dots)) == 0
    assert (boxes >= 0).all()
    assert (boxes[:, 2:] <= [livemap.WIDTH, livemap.HEIGHT]).all()


@pytest.mark.parametrize("zoom", np.arange(1, 5.1, 0.25))
@pytest.mark.parametrize("around", [None, 0, 13, 26])
@pytest.mark.parametrize("seed", [0, 1])
def test_no_label_of_the_chapters_words_meets_another(zoom, around, seed):
    words = chapter_words()
    # Five groups, as the vectors have them, and ten neighbors of one word.
    rng = np.random.default_rng(seed)
    heart = np.repeat(rng.normal(size=(5, 2)), 7, axis=0)[: len(words)]
    points = heart + 0.15 * rng.normal(size=(len(words), 2))
    if around is not None:
        points = np.concatenate([points, points[around] + 0.1 * rng.normal(size=(10, 2))])
        words = words + ["microprocessors"] * 10
    pixels = livemap.to_pixels(points, zoom, around)
    shown = livemap.in_view(pixels)
    assert_apart(pixels[shown], [w for w, is_in in zip(words, shown, strict=True) if is_in])


@given(st.integers(0, 1000), st.integers(1, 40))
def test_no_label_meets_another_however_close_the_words_are(seed, number):
    rng = np.random.default_rng(seed)
    place = rng.uniform([60, 60], [livemap.WIDTH - 60, livemap.HEIGHT - 60])
    pixels = place + rng.normal(size=(number, 2)) * rng.uniform(0, 20)
    assert_apart(pixels, ["word" * rng.integers(1, 4) for _ in range(number)])


def test_where_the_picture_is_full_a_label_is_there_all_the_same():
    boxes = livemap.place_labels(np.full((40, 2), 200.0), [590.0] * 40)
    assert meet(boxes, boxes) > 0
    assert (boxes[:, 2] - boxes[:, 0] == 590).all()
    assert livemap.place_labels([], []).shape == (0, 4)


def test_overlaps_are_those_of_plain_comparison():
    rng = np.random.default_rng(1)
    corners = rng.uniform(0, 100, size=(2, 12, 2))
    boxes = np.concatenate([corners.min(axis=0), corners.max(axis=0)], axis=1)
    assert livemap.overlaps(boxes, boxes).sum() == meet(boxes, boxes) + len(boxes)


# The picture


GROUPS = {"<one>": ["at&t", "b", "<s>"], "two": ["d", "e"]}
WORDS = ["at&t", "b", "<s>", "d", "e", "f"]


def picture(near=(), **options):
    vectors = vectors_of(WORDS)
    added = [word for word in near if word == "f"]
    place = livemap.project(vectors, WORDS[:5], added, "center")
    return livemap.draw(GROUPS, list(near), *place, **options)


def test_each_word_in_view_is_drawn_once_and_escaped():
    svg, in_view = picture()
    assert in_view == 5
    labels = re.findall(r"<text x[^>]*>([^<]*)</text>", svg)
    assert [w for w in labels if "component" not in w] == [
        "at&amp;t",
        "b",
        "&lt;s&gt;",
        "d",
        "e",
    ]
    assert svg.count("<circle") == 3 and svg.count("<path") == 2
    assert 'aria-label="Map of words, 5 of 5 in view: at&amp;t, b, &lt;s&gt;, d, e"' in svg
    assert "first component (" in svg and "second component (" in svg


def test_neighbors_are_joined_and_hollow_where_they_are_of_no_group():
    svg, in_view = picture(near=["b", "f"], around="d")
    assert in_view == 6
    assert svg.count(livemap.HOLLOW) == 1
    assert svg.count(f'stroke="{livemap.style.GRAY}"/>') == 3  # the frame and two lines
    (bold,) = re.findall(r'font-weight="bold"[^>]*>([^<]*)<', svg)
    assert bold == "d"
    ends = re.findall(r'<line x1="(.*?)" y1="(.*?)" x2="(.*?)" y2="(.*?)"', svg)[:2]
    place, _ = livemap.project(vectors_of(WORDS), WORDS[:5], ["f"], "center")
    pixels = dict(zip(WORDS, livemap.to_pixels(place, 1.0, 3), strict=True))
    for line, word in zip(ends, ["b", "f"], strict=True):
        expected = [*pixels["d"], *pixels[word]]
        assert [float(x) for x in line] == pytest.approx(expected, abs=0.06)


def test_words_out_of_view_are_neither_drawn_nor_counted():
    svg, in_view = picture(zoom=5.0, around="d")
    assert in_view == len(re.findall("textLength", svg)) < 5


def test_groups_differ_by_shape_and_color_and_the_legend_names_them():
    marks = [livemap.mark(i) for i in range(25)]
    assert len(set(marks)) == 25
    shapes = {re.sub('fill="[^"]*"', "", each) for each in marks[:5]}
    assert len(shapes) == 5  # told apart without colors
    legend = livemap.legend(GROUPS)
    assert "&lt;one&gt;" in legend and "two" in legend
    named = re.findall(r'aria-hidden="true">(.*?)</svg> (.*?)</span>', legend)
    assert named == [(livemap.mark(0), "&lt;one&gt;"), (livemap.mark(1), "two")]


def test_each_word_stands_by_the_mark_of_its_group_at_its_place():
    svg, _ = picture(near=["f"], around="d")
    place, _ = livemap.project(vectors_of(WORDS), WORDS[:5], ["f"], "center")
    pixels = livemap.to_pixels(place, 1.0, 3)
    marks = re.findall(r'translate\(([\d.]+) ([\d.]+)\)">(.*?)</g>(?=<g tr|<text)', svg)
    assert [(float(x), float(y)) for x, y, _ in marks] == [
        tuple(point) for point in pixels.round(1)
    ]
    looks = [livemap.mark(0)] * 3 + [livemap.mark(1)] * 2 + [livemap.HOLLOW]
    assert [mark for *_, mark in marks] == looks
    boxes = livemap.place_labels(pixels, [livemap.text_width(word) for word in WORDS])
    labels = re.findall(r'<text x="([\d.]+)" y="([\d.]+)"[^>]*>([^<]*)</text>', svg)
    assert [(float(x), float(y), html.unescape(word)) for x, y, word in labels[1:]] == [
        (round(box[0] + 1, 1), round(box[3] - 4.5, 1), word)
        for box, word in zip(boxes, WORDS, strict=True)
    ]


def test_the_axes_of_the_map_are_named_first_to_the_right_and_second_upward():
    svg, _ = picture()
    _, explained = livemap.project(vectors_of(WORDS), WORDS[:5], [], "center")
    right, up = re.findall(r"<text ([^>]*)>(\w+) component \((\d+%)", svg)
    assert right[1:] == ("first", f"{explained[0]:.0%}") and "rotate" not in right[0]
    assert up[1:] == ("second", f"{explained[1]:.0%}") and "rotate(-90)" in up[0]


def test_the_frame_lies_along_the_edge_beyond_which_words_are_cut_off():
    svg, _ = picture()
    (clip,) = re.findall(r'<svg width="(\d+)" height="(\d+)" overflow="hidden"', svg)
    (frame,) = re.findall('<rect x="(.*?)" y="(.*?)" width="(.*?)" height="(.*?)"', svg)
    x, y, width, height = map(float, frame)
    edge = 0.5  # half of the line is outside
    assert (x - edge, y - edge) == (0, 0)
    assert (x + width + edge, y + height + edge) == tuple(map(float, clip))
