"""The README is correct about pictures, chapters, minutes, and versions."""

import importlib.util
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from packaging.specifiers import SpecifierSet
from PIL import Image
from pyproject import PROJECT

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
TOP = README.split("\n## ")[0]
CHAPTERS = sorted(ROOT.glob("notebooks/[0-9]*.ipynb"))


class Pictures(HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.found = []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        if tag == "img":
            self.found.append(dict(attributes))


PICTURES = Pictures(README).found


@pytest.mark.parametrize("picture", PICTURES, ids=lambda picture: picture["src"])
def test_picture_shows_something_and_is_told_in_words(picture):
    with Image.open(ROOT / picture["src"]) as image:
        assert len(image.convert("RGB").getcolors(1000)) > 20
    assert len(picture["alt"]) > 60


def test_each_picture_is_one_that_the_tool_takes():
    tool = (ROOT / "tools" / "take_pictures.py").read_text(encoding="utf-8")
    taken = re.findall(r'take\("(\w+)"', tool)
    assert [picture["src"] for picture in PICTURES] == [
        f"docs/pictures/{n}.png" for n in taken
    ]
    chapters = re.findall(r'chapter\(lab, browser, "(\w+)", until="([^"]+)"', tool)
    for name, text in chapters:
        source = ROOT / "notebooks" / "sources" / f"{name}.py"
        assert text in source.read_text(encoding="utf-8")


def test_white_is_cut_off_a_picture_and_a_frame_put_around(monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT / "tools"))
    spec = importlib.util.spec_from_file_location("p", ROOT / "tools" / "take_pictures.py")
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    page = Image.new("RGB", (300, 200), "white")
    page.paste("#0072B2", (40, 50, 140, 90))
    made = tool.framed(page)
    around = 2 * (tool.MARGIN + tool.SCALE)
    assert made.size == (100 + around, 40 + around)
    assert made.getpixel((0, 0)) == (0xD0, 0xD7, 0xDE)
    assert made.getpixel((around // 2, around // 2)) == (0x00, 0x72, 0xB2)


def test_facts_below_the_pictures_are_those_of_the_project():
    project = PROJECT["project"]
    facts = TOP.strip().splitlines()[-1]
    *pythons, mxnet = re.search(
        r"Python ([\d.]+) or ([\d.]+), MXNet ([\d.]+)", facts
    ).groups()
    admitted = SpecifierSet(project["requires-python"])
    assert sorted(pythons) == [v for v in map("3.{}".format, range(20)) if v in admitted]
    assert f"mxnet=={mxnet}" in project["dependencies"]
    assert (ROOT / "LICENSE").read_text().startswith("MIT License")
    assert "Creative Commons Attribution 4.0" in (ROOT / "docs/LICENSE-TEXT").read_text()
    headings = re.findall(r"^## (.+)$", README, re.MULTILINE)
    anchors = [re.sub(r"[^\w -]", "", h.lower()).replace(" ", "-") for h in headings]
    assert set(re.findall(r"\]\(#([^)]+)\)", README)) <= set(anchors)


def test_every_chapter_is_listed_with_its_minutes():
    rows = re.findall(r"^\| (\d\d) \| \[[^]]+\]\((\S+)\) \| .+ \| (\d+) \|$", README, re.M)
    assert [target for _, target, _ in rows] == [f"notebooks/{p.name}" for p in CHAPTERS]
    for number, target, minutes in rows:
        assert Path(target).name.startswith(number)
        source = ROOT / "notebooks" / "sources" / f"{Path(target).stem}.py"
        said = re.search(r"\*\*Time\.\*\* (\d+) minutes", source.read_text("utf-8"))
        assert minutes == said[1], target
