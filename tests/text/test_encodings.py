"""The encoding of a file: named where its bytes show it, never guessed silently."""

import re
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from w2v_lesson.ptb import CorpusError
from w2v_lesson.text.sentences import read_text

TEXTS = {
    "English": "The cat sat on the mat.\n",
    "Russian": "Все счастливые семьи похожи друг на друга.\n",
    "spaced Chinese": "人 之 初 ， 性 本 善 。\n",
}
WIDE = ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"]


@pytest.mark.parametrize("language", TEXTS)
@pytest.mark.parametrize("encoding", WIDE)
@pytest.mark.parametrize("given_as", ["utf-8", "cp1252", "utf-16", *WIDE])
def test_wide_text_without_a_mark_is_read_right_or_its_encoding_named(
    write, language, encoding, given_as
):
    text = TEXTS[language] * 20
    path = write(text.encode(encoding))
    right = list(read_text(write(text, "plain.txt")))
    try:
        assert list(read_text(path, encoding=given_as)) == right
    except CorpusError as error:
        named = re.search(r'encoding="([\w-]+)" \(.*--encoding \1\)', str(error))[1]
        assert named == encoding
        assert list(read_text(path, encoding=named)) == right
    else:
        assert given_as == encoding or (given_as, encoding) == ("utf-16", "utf-16-le")


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be", "utf-32"])
def test_plain_text_is_not_read_as_a_wide_one(write, encoding):
    with pytest.raises(CorpusError, match=r'Give encoding="utf-8"'):
        list(read_text(write("The cat sat on the mat. " * 20), encoding=encoding))


@pytest.mark.parametrize("place", [0, 10, 3000, 100_000])
@pytest.mark.parametrize("name", ["story.txt", "a 'story'.txt"])
def test_a_stray_zero_byte_is_told_by_its_place_and_the_command_removes_it(
    write, place, name
):
    text = "The cat sat. " * 10_000
    path = write(f"{text[:place]}\0{text[place:]}", name)
    with pytest.raises(CorpusError, match=f"byte {place:,}, counted from 0") as caught:
        list(read_text(path))
    subprocess.run(str(caught.value).partition(" run: ")[2], shell=True, check=True)
    assert list(read_text(f"{path}.txt")) == list(read_text(write(text)))


@pytest.mark.parametrize(
    "encoding, text", [("cp1251", "семьи"), ("gb18030", "人之初"), ("cp1250", "Łódź")]
)
def test_a_wrong_byte_is_shown_as_common_encodings_read_it(write, encoding, text):
    with pytest.raises(CorpusError, match=rf"'{text}.*' in {encoding}.*--encoding"):
        list(read_text(write(f"some words {text} more".encode(encoding))))


NOT_ENGLISH = {
    "cp1252": "L'été dernier, à la forêt, les élèves étudiaient le français. ",
    "cp850": "Die Straße über den Fluß führt nach Köln, wo schöne Bäume grünen. ",
    "mac_roman": "L'été dernier, à la forêt, les élèves étudiaient le français. ",
    "koi8_r": "Все счастливые семьи похожи друг на друга, каждая несчастлива. ",
    "cp866": "Все счастливые семьи похожи друг на друга, каждая несчастлива. ",
    "euc_jp": "吾輩は猫である。名前はまだ無い。どこで生れたか。",
    "big5": "今天 天氣 很 好 。 我們 去 公園 玩 。 ",
    "cp1256": "كل الأسر السعيدة متشابهة، لكن كل أسرة تعيسة. ",
    "cp1254": "Bütün mutlu aileler birbirine benzer; İstanbul'da ışık vardı. ",
}


@pytest.mark.parametrize("encoding", NOT_ENGLISH)
def test_the_right_encoding_is_among_those_shown_and_none_is_recommended(write, encoding):
    text = NOT_ENGLISH[encoding] * 20
    with pytest.raises(CorpusError) as caught:
        list(read_text(write(text.encode(encoding))))
    said = str(caught.value)
    assert re.search(rf"(['\"]) in (\w+ or )*{encoding}\b", said), said
    assert "--encoding NAME" in said and said.count("encoding=") == 1


@pytest.mark.parametrize("encoding", ["cp1252", "latin-1", "cp1251", "gb18030", "ascii"])
@pytest.mark.parametrize("language", ["cp1252", "koi8_r", "big5"])
def test_utf_8_is_not_read_as_something_else(write, encoding, language):
    with pytest.raises(CorpusError, match=r'Give encoding="utf-8"'):
        list(read_text(write(NOT_ENGLISH[language] * 20), encoding=encoding))


def test_a_text_in_the_encoding_of_japanese_mail_is_told(write):
    path = write((NOT_ENGLISH["euc_jp"] * 20).encode("iso2022_jp"))
    with pytest.raises(CorpusError, match=r'Give encoding="iso2022_jp"'):
        list(read_text(path, lines=True))


@pytest.mark.parametrize(
    "damage",
    [
        lambda text: text.encode()[:-1] + "é".encode()[:1],
        lambda text: text.encode() + text[:20].encode("cp1252"),
        lambda text: text.encode()[:100] + b"\xff" + text.encode()[100:],
        lambda text: b"Plain words " * 20 + "é".encode()[:1],
    ],
)
def test_damaged_utf_8_is_no_other_encoding_and_the_command_repairs_it(write, damage):
    path = write(damage(NOT_ENGLISH["cp1252"] * 20))
    with pytest.raises(CorpusError, match="in UTF-8, but damaged") as caught:
        list(read_text(path))
    said = str(caught.value)
    assert "encoding=" not in said
    command = said.partition(" run: ")[2].replace("python", sys.executable, 1)
    subprocess.run(command, shell=True, check=True)
    assert list(read_text(f"{path}.txt"))


def test_a_text_that_was_garbled_before_is_told(write):
    garbled = NOT_ENGLISH["cp1252"].encode().decode("latin-1") * 20
    for content in (garbled, (NOT_ENGLISH["koi8_r"] * 20).encode().decode("latin-1")):
        text = read_text(write(content))
        assert list(text) and "were garbled" in text.notes[0]
    text = read_text(write((NOT_ENGLISH["cp1252"] * 20).replace("é", "�")))
    assert list(text) and "letters were lost" in text.notes[0].replace("\n", " ")
    for language in NOT_ENGLISH.values():
        text = read_text(write(language * 20), tokenize=str.split)
        assert list(text) and not text.notes


def test_zero_bytes_at_the_end_of_a_text_are_no_program(write):
    path = write(b"The cat sat. " * 100 + b"\0" * 4096)
    with pytest.raises(CorpusError, match=r"byte 1,300, .*copy without them"):
        list(read_text(path))


@given(
    st.binary(max_size=60)
    | st.text(max_size=40).map(lambda text: text.encode("utf-16-be")),
    st.sampled_from(
        ["utf-8", "utf-16", "utf-16-be", "utf-32", "cp1252", "gb18030", "utf-7"]
    ),
    st.sampled_from(
        [b"", b"PK\x03\x04", b"\x1f\x8b", b"BZh9", b"\xfd7zXZ\0", b"Rar!\x1a\x07"]
    ),
)
def test_any_bytes_are_read_or_refused_with_their_name(
    tmp_path_factory, data, encoding, start
):
    path = tmp_path_factory.getbasetemp() / "bytes.txt"
    path.write_bytes(start + data)
    try:
        words = [
            word for sentence in read_text(path, encoding=encoding) for word in sentence
        ]
        assert words and "\0" not in "".join(words)
    except CorpusError as error:
        assert str(path) in str(error)
