"""Your own text as arrays: the same as in memory, kept on the disk, never half."""

import errno
import hashlib
import os
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from importlib.util import find_spec
from itertools import chain, pairwise
from pathlib import Path

import numpy as np
import pytest
import toy

from w2v_lesson.engine.fused import FusedEngine
from w2v_lesson.minibatches import load_data_ptb
from w2v_lesson.model import build_net
from w2v_lesson.text import indexing
from w2v_lesson.text.indexing import ENOUGH_WORDS, Report, index_text
from w2v_lesson.text.own_text import load_data_text
from w2v_lesson.text.sentences import CorpusError, Text, read_text
from w2v_lesson.training import Training
from w2v_lesson.vocabulary import Vocab, index_corpus


@pytest.fixture
def cache(tmp_path, monkeypatch):
    folder = tmp_path / "cache"
    monkeypatch.setenv("W2V_LESSON_CACHE", str(folder))
    return folder / "texts"


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "story.txt"
    path.write_text(as_text(toy.sentences()))
    return path


@pytest.fixture(autouse=True)
def small_steps(monkeypatch):
    monkeypatch.setattr(indexing, "SENTENCES_AT_ONCE", 30)


def as_text(sentences):
    return "".join(" ".join(line) + ".\n" for line in sentences)


def assert_same(index, text, min_freq):
    sentences = list(text)
    vocab = Vocab(sentences, min_freq)
    assert index.vocab.idx_to_token == vocab.idx_to_token
    assert index.vocab.counts.tolist() == vocab.counts.tolist()
    for mine, theirs in zip(index[:2], index_corpus(sentences, vocab), strict=True):
        assert mine.dtype == theirs.dtype == np.int32
        assert np.array_equal(mine, theirs)


@pytest.fixture
def no_reading(monkeypatch):
    """Function after whose call no text can be read: what comes is from the disk."""

    def forbid():
        monkeypatch.setattr(Text, "sentences", None)

    return forbid


@pytest.mark.parametrize("keep", [True, False])
@pytest.mark.parametrize("min_freq", [1, 20])
def test_an_index_is_that_of_the_sentences_in_memory(cache, path, keep, min_freq):
    index = index_text(read_text(path), min_freq, cache=keep)
    assert_same(index, read_text(path), min_freq)
    assert isinstance(index.ids, np.memmap) == keep
    assert cache.exists() == keep


def test_the_second_time_it_comes_from_the_disk_and_cannot_be_changed(
    cache, path, no_reading
):
    first = index_text(read_text(path))
    no_reading()
    second = index_text(read_text(path))
    assert_index_equal(first, second)
    with pytest.raises(ValueError, match="read-only"):
        second.ids[0] = 1


def assert_index_equal(one, other):
    assert np.array_equal(one.ids, other.ids)
    assert np.array_equal(one.sentence_of, other.sentence_of)
    assert one.vocab.idx_to_token == other.vocab.idx_to_token
    assert one.vocab.counts.tolist() == other.vocab.counts.tolist()
    assert one.report == other.report


def test_another_text_or_setting_is_another_index(cache, path):
    index_text(read_text(path))
    index_text(read_text(path), 6)
    index_text(read_text(path), max_words=3)
    index_text(read_text(path, encoding="cp1252"))
    path.write_text(path.read_text().replace("w05", "w06", 1))  # the size stays
    assert_same(index_text(read_text(path)), read_text(path), 5)
    assert len(list(cache.iterdir())) == 5


def test_the_same_text_at_another_place_is_the_same_index(cache, path, no_reading):
    first = index_text(read_text(path))
    moved = path.rename(path.with_name("moved.txt"))
    os.utime(moved, (0, 0))
    no_reading()
    assert_index_equal(first, index_text(read_text(moved)))


def test_own_callables_are_kept_only_under_a_name(cache, path, no_reading):
    def read():
        return read_text(path, tokenize=str.split)

    assert_same(index_text(read(), 1), read(), 1)
    assert not cache.exists()
    index = index_text(read(), 1, name="by spaces")
    assert_same(index, read(), 1)
    assert index.vocab.idx_to_token != index_text(read_text(path), 1).vocab.idx_to_token
    assert len(list(cache.iterdir())) == 2
    no_reading()
    assert_index_equal(index, index_text(read(), 1, name="by spaces"))


def test_odd_words_come_back_as_they_were(cache, path):
    odd = ["New York", '"', "<b>", "a\tb", "<unk>", "\\", "\ud800", "\n\0", "ﬁn", "fin"]
    text = read_text(path, tokenize=lambda sentence: odd)
    for _ in range(2):
        index = index_text(text, name="odd")
        assert set(index.vocab.idx_to_token) == set(odd)
    assert index.report.kept_words == index.report.distinct_words == len(odd) - 1
    assert index.report.share_dropped == pytest.approx(1 / len(odd))


def flip_a_byte(path):
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def cut(path):
    path.write_bytes(path.read_bytes()[:-4])


def to_folder(path):
    path.unlink()
    path.mkdir()


@pytest.mark.parametrize("damage", [flip_a_byte, cut, Path.unlink, to_folder])
@pytest.mark.parametrize("name", ["ids.npy", "sentence_of.npy", "words.json", "SHA256SUMS"])
def test_a_damaged_index_is_noticed_and_made_anew(cache, path, name, damage, no_reading):
    right = index_text(read_text(path), cache=False)
    index_text(read_text(path))
    (folder,) = cache.iterdir()
    damage(folder / name)
    assert_index_equal(index_text(read_text(path)), right)
    assert list(cache.iterdir()) == [folder]
    no_reading()
    assert_index_equal(index_text(read_text(path)), right)


def test_a_file_in_place_of_the_folder_is_replaced(cache, path):
    index_text(read_text(path))
    (folder,) = cache.iterdir()
    for each in folder.iterdir():
        each.unlink()
    folder.rmdir()
    folder.write_text("no folder")
    assert_same(index_text(read_text(path)), read_text(path), 5)
    assert folder.is_dir()


class FullDisk:
    """Opens files that take no more than 3,000 bytes."""

    def __init__(self, path, mode):
        self.file = open(path, mode)  # noqa: SIM115

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.file.close()

    def write(self, content):
        if self.file.tell() + len(memoryview(content).cast("B")) > 3000:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return self.file.write(content)


def test_on_a_full_disk_it_warns_leaves_no_draft_and_goes_on_in_memory(
    cache, path, monkeypatch
):
    monkeypatch.setattr(indexing, "open", FullDisk, raising=False)
    with pytest.warns(UserWarning, match=r"No space.*0\.0 MB.*W2V_LESSON_CACHE") as seen:
        index = index_text(read_text(path))
    assert len(seen) == 1
    assert_same(index, read_text(path), 5)
    assert list(cache.iterdir()) == []


PYTHONPATH = str(Path(indexing.__file__).parents[1])
INDEX = """
import hashlib, sys
from w2v_lesson.text.sentences import read_text
from w2v_lesson.text.indexing import index_text
print("ready", flush=True)
sys.stdin.readline()
index = index_text(read_text(sys.argv[1]))
content = [index.ids.tobytes(), index.sentence_of.tobytes(), repr(index.report).encode()]
print(hashlib.sha256(b"".join(content)).hexdigest())
"""


def start(code, *arguments):
    return subprocess.Popen(
        [sys.executable, "-c", code, *map(str, arguments)],
        text=True,
        env={**os.environ, "PYTHONPATH": PYTHONPATH},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def hash_of(index):
    content = [index.ids.tobytes(), index.sentence_of.tobytes()]
    return hashlib.sha256(b"".join(content) + repr(index.report).encode()).hexdigest()


def test_a_limit_of_the_system_is_like_a_full_disk(cache, path):
    limit = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (3000, 3000))"
    out, errors = start(limit + INDEX, path).communicate("go\n", timeout=60)
    assert re.search(r"File too large.*Make room.*W2V_LESSON_CACHE", errors)
    assert list(cache.iterdir()) == []
    assert out.split()[1] == hash_of(index_text(read_text(path), cache=False))


def test_a_cache_that_cannot_be_written_is_a_warning(path, tmp_path, monkeypatch):
    # Below a regular file no folder can be made, not even by root.
    monkeypatch.setenv("W2V_LESSON_CACHE", str(path / "cache"))
    with pytest.warns(UserWarning, match=r"Cannot write.*W2V_LESSON_CACHE.*read anew"):
        assert_same(index_text(read_text(path)), read_text(path), 5)


@pytest.mark.parametrize("damaged", [False, True])
def test_processes_that_write_the_same_index_all_succeed(cache, path, damaged):
    path.write_text(as_text(toy.sentences() * 100))
    right = hash_of(index_text(read_text(path), cache=damaged))
    for file in cache.glob("*/ids.npy"):
        flip_a_byte(file)
    processes = [start(INDEX, path) for _ in range(3)]
    assert [process.stdout.readline() for process in processes] == ["ready\n"] * 3
    for process in processes:  # all at once
        process.stdin.write("go\n")
        process.stdin.flush()
    for process in processes:
        out, errors = process.communicate(timeout=60)
        assert (process.returncode, errors, out.strip()) == (0, "", right)
    (folder,) = cache.iterdir()
    assert indexing._load(folder)


def test_the_one_that_comes_second_leaves_the_good_copy_in_place(cache, path, monkeypatch):
    index_text(read_text(path))
    (folder,) = cache.iterdir()
    before = folder.stat().st_ino
    load = indexing._load
    answers = iter([None])  # as if the other were not yet done when this one looked
    monkeypatch.setattr(indexing, "_load", lambda f: next(answers, False) or load(f))
    index_text(read_text(path))
    assert folder.stat().st_ino == before


KILLED = """
import os, signal, sys
from w2v_lesson.text import indexing
indexing.SENTENCES_AT_ONCE = 30
write = indexing._write
def write_some(draft, parts, vocab, report):
    def some():
        yield next(parts)
        os.kill(os.getpid(), signal.SIGKILL)
    write(draft, some(), vocab, report)
indexing._write = write_some
"""


def test_a_process_killed_in_mid_write_harms_nothing(cache, path):
    process = start(KILLED + INDEX, path)
    process.communicate("go\n", timeout=60)
    assert process.returncode == -signal.SIGKILL
    (draft,) = cache.iterdir()
    assert_same(index_text(read_text(path)), read_text(path), 5)
    assert draft.exists()  # it might be that of a process at work
    yesterday = time.time() - 2 * indexing.SECONDS_OF_DAY
    os.utime(draft, (yesterday, yesterday))
    index_text(read_text(path), 6)
    assert not draft.exists()


@pytest.mark.parametrize("keep", [True, False])
def test_a_text_changed_meanwhile_is_refused_and_not_kept(cache, path, keep, monkeypatch):
    monkeypatch.setattr(indexing, "SECONDS_BETWEEN_REPORTS", 0)

    def change(*_):
        with path.open("a") as file:
            file.write("one more. ")

    with pytest.raises(CorpusError, match=r"changed while it was read.*call it again"):
        index_text(read_text(path), cache=keep, progress=change)
    assert not cache.exists() or list(cache.iterdir()) == []


def test_a_tokenizer_that_gives_other_words_each_time_is_refused(path):
    words = Counter()

    def tokenize(sentence):
        words["more"] += 1
        return ["a"] * words["more"]

    with pytest.raises(CorpusError, match="tokenizer does not give the same words"):
        index_text(read_text(path, tokenize=tokenize))


def test_progress_goes_up_to_the_end_and_is_not_told_too_often(cache, path, monkeypatch):
    told = []
    index_text(read_text(path), progress=lambda *numbers: told.append(numbers))
    size = 2 * path.stat().st_size
    assert told == [(size, size, 0.0)]  # it took less than a quarter of a second
    monkeypatch.setattr(indexing, "SECONDS_BETWEEN_REPORTS", 0)
    index_text(read_text(path), 6, progress=lambda *numbers: told.append(numbers))
    dones, alls, seconds = zip(*told[1:], strict=True)
    assert len(dones) > 2
    assert all(one <= other for one, other in pairwise(dones))
    assert set(alls) == {dones[-1]} == {size}
    assert all(0 <= left < 60 for left in seconds)


def test_progress_tells_the_time_left(monkeypatch):
    clock, told = iter([100.0, 103.0]), []
    monkeypatch.setattr(indexing.time, "monotonic", lambda: next(clock))
    watch = indexing._Watch(lambda *numbers: told.append(numbers), 1000)
    watch.reading(1)(500)
    assert told == [(1500, 2000, 1.0)]


def test_the_report_counts_what_was_read(path):
    path.write_text("The cat. The <b>dog</b>!\n\nThe end")
    report = index_text(read_text(path), 2, cache=False).report
    assert report[:4] == (3, 8, 5, 2)  # the and b are kept
    assert report.share_dropped == 3 / 8
    assert report.num_bytes == path.stat().st_size
    assert re.search(r"3 sentences, 8 words, 5 of them.* has 2; .*37\.5%", str(report))
    assert "Warning: 8 words are too few" in str(report)


def test_a_warning_if_there_is_too_little_to_learn_from():
    assert "99,999 words are too few" in Report(1, ENOUGH_WORDS - 1, 1, 1, 0, 1).warning
    enough = Report(1, ENOUGH_WORDS, 1, 1, 0, 1)
    assert enough.warning == ""
    assert "Warning" not in str(enough)


def test_a_million_words_once_each_is_a_clear_error(tmp_path, cache):
    path = tmp_path / "words.txt"
    path.write_text(" ".join(f"w{i}" for i in range(1_000_000)))
    with pytest.raises(ValueError, match=r"No word occurs 5 times.*1000000.*Lower"):
        index_text(read_text(path))


def test_max_words_keeps_the_most_frequent(path):
    text = read_text(path, tokenize=str.split)
    counter = Counter(chain.from_iterable(text))
    del counter["<unk>"]
    index = index_text(text, 1, max_words=7)
    expected = sorted(counter, key=lambda word: (-counter[word], word))[:7]
    assert index.vocab.idx_to_token == sorted([*expected, "<unk>"])
    assert index.report.kept_words == 7
    assert index.report.share_dropped == pytest.approx(
        1 - sum(counter[word] for word in expected) / index.report.words
    )
    assert [index.vocab.idx_to_token[i] for i in np.unique(index.ids)] == sorted(expected)


@pytest.fixture(scope="module")
def ptb_path(tmp_path_factory):
    path = tmp_path_factory.mktemp("ptb") / "ptb.txt"
    path.write_text("".join(" ".join(line) + "\n" for line in toy.ptb()))
    return path


def test_the_treebank_from_a_file_gives_the_batches_of_the_treebank(ptb_path):
    text = read_text(ptb_path, split_sentences=str.splitlines, tokenize=str.split)
    mine, vocab = load_data_text(text, 512, 5, 5, min_freq=10, seed=3)
    theirs, _ = load_data_ptb(512, 5, 5, seed=3)
    assert vocab.idx_to_token == theirs.vocab.idx_to_token
    assert vocab.counts.tolist() == theirs.vocab.counts.tolist()
    assert np.array_equal(mine.ids, theirs.ids)
    assert np.array_equal(mine.sentence_of, theirs.sentence_of)
    for one, other in zip(next(mine.examples()), next(theirs.examples()), strict=True):
        assert np.array_equal(one, other)


def test_train_and_heldout_part_the_text_by_sentences(cache, ptb_path):
    parts = {
        split: load_data_text(ptb_path, 512, 5, 5, split=split)[0]
        for split in ("all", "train", "heldout")
    }
    whole = set(np.unique(parts["all"].sentence_of))
    train, heldout = (set(np.unique(parts[s].sentence_of)) for s in ("train", "heldout"))
    assert train | heldout == whole
    assert not train & heldout
    assert len(heldout) / len(whole) == pytest.approx(1 / 20, rel=0.1)
    assert len(parts["train"].ids) + len(parts["heldout"].ids) == len(parts["all"].ids)


def test_an_unknown_split_is_refused(path):
    with pytest.raises(ValueError, match=r"all, train or heldout, not 'valid'"):
        load_data_text(path, 64, 2, 3, split="valid")


def lee_corpus():
    """News of 2001, 300 articles, which come with gensim; found without importing it."""
    place = Path(find_spec("gensim").origin).parent / "test/test_data"
    return place / "lee_background.cor"


def test_another_real_text_is_read_kept_and_learnt_from(cache):
    with pytest.warns(UserWarning, match=r"60,005 words are too few"):
        data, vocab = load_data_text(lee_corpus(), 256, 5, 5, seed=1)
    content = lee_corpus().read_text().lower()
    # By another way, for words that no apostrophe or hyphen can be part of.
    for word in ("president", "australian", "afghanistan"):
        apart = len(re.findall(rf"(?<![\w'-]){word}(?![\w'-])", content))
        assert 0 <= apart - vocab.counts[vocab[word]] <= 0.05 * apart
    training = Training(build_net(len(vocab), 20), data, 0.01, engine=FusedEngine, seed=1)
    losses = [r.epoch_loss for r in training.run(3) if r.epoch_loss is not None]
    assert losses[0] > losses[1] > losses[2]
