"""Your own text: what is read, by which rule, and what is refused."""

import codecs
import gzip
import os
import subprocess
import sys
import tracemalloc
from itertools import chain
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from w2v_lesson.text import reading
from w2v_lesson.text import sentences as corpus
from w2v_lesson.text.sentences import CorpusError, read_text, split_words
from w2v_lesson.vocabulary import Vocab

STORY = "The cat sat. Did it sleep?\n\nIt did not"
SENTENCES = [["the", "cat", "sat"], ["did", "it", "sleep"], ["it", "did", "not"]]


@pytest.fixture
def write(tmp_path):
    """Function that writes a file and returns its path."""

    def write_file(content, name="story.txt"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write_file


@pytest.fixture
def small_pieces(monkeypatch):
    monkeypatch.setattr(reading, "BYTES_AT_ONCE", 7)


@pytest.mark.parametrize(
    "text, sentences",
    [
        ("one\ntwo. Three… four! (Five.) six", "one two|three|four|five|six"),
        ("“Why?” he asked.”\n\n \t\n\nend", "why|he asked|end"),
        ("a.b 3.14 www.x.org", "a b 3 14 www x org"),
        ("Don’t, o'clock 'quoted' rock-'n'-roll", "don't o'clock quoted rock n roll"),
        ("well-known -- half- _done_ <b>x</b>", "well-known half done b x b"),
        ("Ünïcode СЛОВО 10th e\u0301te\u0301", "ünïcode слово 10th été"),
        ("हिन्दी भाषा", "हिन्दी भाषा"),
    ],
)
def test_the_rule(write, text, sentences):
    expected = [sentence.split() for sentence in sentences.split("|")]
    assert list(read_text(write(text))) == expected


@pytest.mark.parametrize(
    "content",
    [
        STORY.encode(),
        STORY.replace("\n", "\r\n").encode(),
        STORY.replace("\n", "\r").encode(),
        codecs.BOM_UTF8 + STORY.encode(),
        gzip.compress(STORY.encode()),
        (STORY + "\n" * 20).encode(),
    ],
    ids=["plain", "Windows", "old Mac", "BOM", "gzip by its content", "blank lines"],
)
@pytest.mark.parametrize("size", [1, 2, 3, 1000])
def test_the_same_text_in_other_clothes(write, content, size, monkeypatch):
    monkeypatch.setattr(reading, "BYTES_AT_ONCE", size)
    assert list(read_text(write(content))) == SENTENCES


def test_a_text_can_be_read_again_and_is_read_anew(write):
    text = read_text(write("one"))
    assert list(text) == list(text) == [["one"]]
    write("two")
    assert list(text) == [["two"]]


@given(
    text=st.text(alphabet="ab. \n\r!é’-\t", max_size=120),
    size=st.integers(1, 9),
    longest=st.integers(1, 40),
)
def test_where_the_file_is_cut_does_not_show(tmp_path_factory, text, size, longest):
    path = tmp_path_factory.getbasetemp() / "pieces.txt"
    path.write_bytes(text.encode() + b"z")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(corpus, "LONGEST_PARAGRAPH", longest)
        whole = list(read_text(path))
        patch.setattr(reading, "BYTES_AT_ONCE", size)
        assert list(read_text(path)) == whole
        patch.setattr(corpus, "LONGEST_PARAGRAPH", 1000)
        uncut = list(read_text(path))
    assert letters(whole) == letters(uncut)


def letters(sentences):
    return [letter for word in chain(*sentences) for letter in word if letter not in "-'"]


@given(st.text(max_size=30))
def test_words_hold_no_space_and_are_found_again_in_themselves(text):
    words = split_words(text)
    assert words == split_words(" ".join(words))
    assert not any(set(word) & set(' \t\n.,;:!?"<>_') for word in words)


def test_files_and_folders(write, tmp_path):
    write("nested", "b/inner/z.TXT")
    write(gzip.compress(b"packed"), "b/y.txt.gz")
    write("marked", "b/x.md")
    write("last", "last.txt")
    for name in ("b/.hidden.txt", "b/.git/a.txt", "b/picture.png", "b/table.csv"):
        write("not read", name)
    text = read_text([str(tmp_path / "b"), tmp_path / "last.txt"])
    assert list(text) == [["nested"], ["marked"], ["packed"], ["last"]]
    assert text.num_bytes == sum(path.stat().st_size for path in text.files)


def test_a_folder_without_text_names_what_would_be_read(write):
    folder = write("", "folder/a.csv").parent
    with pytest.raises(CorpusError, match=r"holds no file that ends in \.txt, \.md"):
        read_text(folder)


def test_what_is_no_file_is_refused_at_once(tmp_path):
    with pytest.raises(CorpusError, match=r"gone\.txt.*No such file.*Is the name right"):
        read_text(tmp_path / "gone.txt")
    with pytest.raises(CorpusError, match="No file was named"):
        read_text([])
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(CorpusError, match="no regular file"):
        read_text(tmp_path / "pipe")


def test_a_file_that_goes_away_is_a_clear_error(write):
    path = write(STORY)
    text = read_text(path)
    path.unlink()
    with pytest.raises(CorpusError, match=r"Cannot read.*No such file"):
        list(text)


AS_NOBODY = """
import os, sys
from w2v_lesson.text.sentences import CorpusError, read_text
if os.getuid() == 0:
    os.setgroups([])
    os.setgid(65534)
    os.setuid(65534)
for path in sys.argv[1:]:
    try:
        list(read_text(path))
    except CorpusError as error:
        print(error)
"""


def test_without_permission_file_and_folder_are_clear_errors(tmp_path):
    # Root may read anything, so another user tries, in a folder that user can enter.
    inner = tmp_path / "folder" / "inner"
    inner.mkdir(parents=True)
    (tmp_path / "story.txt").write_text(STORY)
    (tmp_path / "story.txt").chmod(0)
    for path in (tmp_path, *tmp_path.parents[:2]):
        path.chmod(0o755)
    inner.chmod(0)
    done = subprocess.run(
        [sys.executable, "-c", AS_NOBODY, "folder", "story.txt"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(Path(corpus.__file__).parents[1])},
        capture_output=True,
        text=True,
        check=True,
    )
    inner.chmod(0o755)
    first, second = done.stdout.splitlines()
    assert "Cannot read folder/inner (Permission denied). Ask its owner" in first
    assert "Cannot read story.txt (Permission denied). Ask its owner" in second


@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "gzip"])
def test_mixed_encodings_are_refused_at_the_byte(write, small_pieces, pack):
    content = "größer ".encode() * 5 + "größer".encode("cp1252")
    text = read_text(write(pack(content)))
    with pytest.raises(CorpusError, match=r"story\.txt is .*utf-8: see byte 47 \(hex f6"):
        list(text)


def test_a_character_cut_at_the_end_is_refused_at_its_byte(write, small_pieces):
    with pytest.raises(CorpusError, match=r'byte 9 \(hex c3\).*encoding="cp1252"'):
        list(read_text(write("12345678 é".encode()[:-1])))


@pytest.mark.parametrize(
    "encoding", ["cp1252", "utf-16", "utf-16-le", "utf-8-sig", "UTF_32", "gb18030"]
)
def test_other_encodings_are_read_if_they_are_named(write, small_pieces, encoding):
    path = write("Die größere. Straße".encode(encoding))
    assert list(read_text(path, encoding=encoding)) == [["die", "größere"], ["straße"]]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32"])
def test_wide_encodings_are_recognized_by_their_mark(write, encoding):
    with pytest.raises(CorpusError, match=f'Give encoding="{encoding}"'):
        list(read_text(write(STORY.encode(encoding))))


def test_a_wide_encoding_without_its_mark_is_refused(write):
    with pytest.raises(CorpusError, match=r"not in the encoding utf-16.*byte 0"):
        list(read_text(write(b"\xdc\xdc\xdc\xdc" * 9), encoding="utf-16"))


@pytest.mark.parametrize("encoding", ["utf-17", "base64"])
def test_an_encoding_that_is_none_is_refused(write, encoding):
    with pytest.raises(ValueError, match=r"no text encoding.*utf-8"):
        read_text(write(STORY), encoding=encoding)


PACKED = gzip.compress(b"a story" * 999)


@pytest.mark.parametrize(
    "content, message",
    [
        (b"\x7fELF\x02\x01\0\0" * 9, "zero bytes"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "zero bytes"),
        (STORY.encode("utf-16-le"), 'encoding="utf-16-le"'),
        (b"text at first " * 20 + b"\0", "zero bytes"),
        (gzip.compress(b"\0" * 1000), "zero bytes"),
        (b"PK\x03\x04rest", r"\.docx.*\.epub.*Save it as plain text"),
        (b"%PDF-1.7", "a PDF"),
        (b"{\\rtf1 text}", "an RTF document"),
        (PACKED[:-20], "damaged gzip file"),
        (PACKED[:9], "damaged gzip file"),
        (PACKED[:20] + b"\xff" * 9 + PACKED[29:], "damaged gzip file"),
        (PACKED[:-8] + b"12345678", "damaged gzip file"),
        (b"", r"There is no word in .*story\.txt"),
        (codecs.BOM_UTF8, "There is no word"),
        (b" \r\n\t-- ... !\n", "There is no word"),
    ],
)
def test_what_is_no_text_is_a_clear_error(write, content, message):
    with pytest.raises(CorpusError, match=message):
        list(read_text(write(content)))


def test_a_text_that_is_called_gz_but_is_not_packed_is_a_clear_error(write):
    with pytest.raises(CorpusError, match="damaged gzip file, or none"):
        list(read_text(write(STORY, "story.gz")))


def test_an_empty_file_among_others_does_no_harm(write):
    assert list(read_text([write("", "empty.txt"), write(STORY)])) == SENTENCES


def test_one_endless_line_streams_and_no_word_is_lost(write):
    line = " ".join(f"word{i}" for i in range(200_000))
    text = read_text(write(line))
    tracemalloc.start()
    lengths = [len(sentence) for sentence in text]
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (sum(lengths), max(lengths)) == (200_000, 1000)
    assert peak < 6 * 2**20  # some pieces of a megabyte; all words would take 12
    assert list(chain(*text)) == line.split()


def test_a_line_without_a_space_is_cut_after_so_many_characters(write):
    words = list(chain(*read_text(write("x" * 250_000))))
    assert [len(word) for word in words] == [100_000, 100_000, 50_000]


def test_a_long_paragraph_is_cut_at_a_line_break_or_else_at_a_space(write, monkeypatch):
    monkeypatch.setattr(corpus, "LONGEST_PARAGRAPH", 20)
    path = write("one two three\nfour five six seven eight")
    assert list(read_text(path)) == [
        ["one", "two", "three"],
        ["four", "five", "six", "seven"],
        ["eight"],
    ]


ODD = ["New York", '"', "'tis", "<b>", "&amp;", "\\", "a\tb", "<unk>", "NaN", "\ud800"]


def test_tokens_with_spaces_quotes_or_markup_stay_as_they_are(write):
    text = read_text(write("anything"), tokenize=lambda sentence: [*ODD, "", " \n"])
    assert list(text) == [ODD]
    assert "New York" in Vocab(text)


class Token:
    """As spaCy's, which is no str but becomes one."""

    def __init__(self, text):
        self.text = text

    def __str__(self):
        return self.text


def test_callables_of_the_reader_get_paragraphs_and_sentences(write):
    seen = []

    def split(paragraph):
        seen.append(paragraph)
        return paragraph.splitlines()

    def tokenize(sentence):
        return (Token(word) for word in sentence.split("-"))

    path = write("A-b\nc\n\nD")
    text = read_text(path, split_sentences=split, tokenize=tokenize)
    assert list(text) == [["A", "b"], ["c"], ["D"]]
    assert seen == ["A-b\nc", "D"]


def test_a_tokenizer_of_the_reader_gets_each_sentence_with_the_mark_that_ends_it(write):
    path = write("“Go!” he said. Did she?\n(Yes.) The end.\n\nNew (end…)")
    text = read_text(path, tokenize=str.split)
    assert list(text) == [
        ["“Go!”"],
        ["he", "said."],
        ["Did", "she?"],
        ["(Yes.)"],
        ["The", "end."],
        ["New", "(end…)"],
    ]


@given(st.text(alphabet="aΣé\u0301 .!…'”)\n-", max_size=60))
def test_the_words_are_the_same_with_and_without_the_marks_between_sentences(text):
    with_marks = map(split_words, corpus._split_in_sentences(text))
    without = map(split_words, corpus.SENTENCE_END.split(text))
    assert list(with_marks) == list(without)


@pytest.mark.parametrize("name", ["tokenize", "split_sentences"])
@pytest.mark.parametrize("wrong", [str.lower, str.encode, len, lambda text: None])
def test_a_callable_that_gives_no_list_is_refused(write, name, wrong):
    text = read_text(write(STORY), **{name: wrong})
    with pytest.raises(TypeError, match=f"{name} must give a list of str"):
        list(text)
