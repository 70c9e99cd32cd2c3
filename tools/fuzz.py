"""Try random inputs on the reader, the loaders, the command line, and `check`: `make fuzz`.

FUZZ_SECONDS says how long (60). Each input comes from a seed of its own, the first of which
is FUZZ_SEED (the time by default). It prints the seed of each input that ends in anything
but a result or one of our errors, and ends with exit code 1 if there was one. To try one
input again: FUZZ_SEED=<its seed> FUZZ_INPUTS=1 make fuzz.

Hand-written, because hypothesis runs a test for a number of examples, not for a time.
"""

import contextlib
import faulthandler
import gzip
import io
import itertools
import os
import random
import sys
import tempfile
import time
import traceback
import warnings
from collections import Counter
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import numpy as np
import pandas as pd

from w2v_lesson.app.command_line import FORMATS, TABLES, main
from w2v_lesson.classroom.checks import check
from w2v_lesson.classroom.exercises import EXERCISES
from w2v_lesson.classroom.limit import OutOfTimeError, time_limit
from w2v_lesson.files import formats
from w2v_lesson.files.checkpoint import CheckpointError, Checkpoints
from w2v_lesson.ptb import CorpusError
from w2v_lesson.text.sentences import read_text
from w2v_lesson.vectors import WordVectors
from w2v_lesson.vocabulary import Vocab

MAX_SECONDS = 60  # for one input
MAX_FEEDBACK = 1500  # characters; the longest hint has several hundred
TEXT = "The cat sat. A dog, ça va?\nकुत्ता घर में है। 猫は寝る。\n\n" * 30
LETTERS = ["\0", "\x1b[31m", "\ufeff", "İ", "\u00ad", "\u0301" * 50, "。", "<unk>", "<p>"]
ENCODINGS = ["utf-8", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252", "gb18030"]


def word(rng):
    return "".join(rng.choices([*LETTERS, *"abcd eé\n\t'-.!"], k=rng.randint(0, 6)))


def make_vectors(rng):
    words = {word(rng) for _ in range(rng.randint(1, 9))} | {"a", "b", "<unk>"}
    vocab = Vocab.from_counts(sorted(words), rng.choices(range(9), k=len(words)))
    table = np.random.default_rng(rng.getrandbits(32)).normal(size=(len(words), 3))
    return WordVectors(vocab, table, table if rng.random() < 0.5 else None)


def some_bytes(rng, folder):
    """Return the content of a good file of some kind."""
    kind = rng.choice(["text", "noise", "npz", "word2vec", "binary", "gluon", "checkpoint"])
    path = folder / "good"
    if kind == "noise":
        return rng.randbytes(rng.randint(0, 300))
    if kind == "text":
        text = TEXT + "".join(word(rng) for _ in range(rng.randint(0, 50)))
        data = text.encode(rng.choice(ENCODINGS), "replace")
    elif kind == "checkpoint":
        Checkpoints(folder / "good_run").save({"lr": 1}, {"step": 0}, {"a": np.zeros(2)})
        data = (folder / "good_run" / "checkpoint.npz").read_bytes()
    else:
        vectors = make_vectors(rng)
        vectors.context = vectors.center
        with contextlib.suppress(ValueError):
            {
                "npz": formats.save_vectors,
                "word2vec": lambda *two: formats.save_word2vec(*two, replace="_"),
                "binary": lambda *two: formats.save_word2vec(
                    *two, binary=True, replace="_"
                ),
                "gluon": formats.save_gluon,
            }[kind](vectors, path)
        data = path.read_bytes() if path.exists() else b""
    return gzip.compress(data) if rng.random() < 0.2 else data


def damage(rng, data):
    """Change some bytes, cut some out, or put some in."""
    data = bytearray(data)
    for _ in range(rng.choice([0, 0, 1, 1, 2, 5])):
        place = rng.randint(0, len(data))
        match rng.randint(0, 3):
            case 0:
                data[place : place + 1] = rng.randbytes(1)
            case 1:
                del data[place : place + rng.choice([1, 4, 100, len(data)])]
            case 2:
                data[place:place] = rng.randbytes(rng.randint(1, 9))
            case 3:
                data[place:place] = data[: rng.randint(0, 200)]
    return bytes(data)


def write_input(rng, folder):
    path = folder / rng.choice(["in.txt", "in.vec", "in.gz", "in.bin", "in put'.npz"])
    path.write_bytes(damage(rng, some_bytes(rng, folder)))
    return path


def try_reader(rng, folder):
    path, encoding = write_input(rng, folder), rng.choice(ENCODINGS)
    with contextlib.suppress(CorpusError, ValueError):
        for sentence in read_text(path, encoding=encoding):
            assert all(isinstance(each, str) and each for each in sentence)


def try_loaders(rng, folder):
    path = write_input(rng, folder)
    options = {
        "encoding": rng.choice(ENCODINGS),
        "errors": rng.choice(["strict", "replace", "ignore"]),
        "max_words": rng.choice([None, 1, 3]),
    }
    with contextlib.suppress(ValueError):
        vectors = formats.load_vectors(path, **options)
        assert len(vectors.center) == len(vectors.vocab)
    with contextlib.suppress(ValueError):
        formats.load_gluon(path, make_vectors(rng).vocab)
    (folder / "run").mkdir()
    path.rename(folder / "run" / "checkpoint.npz")
    with contextlib.suppress(CheckpointError):
        Checkpoints(folder / "run").load({"lr": 1})


def try_command_line(rng, folder):
    path = str(write_input(rng, folder))
    paths = [path, path, path, str(folder), "", "nowhere", "\x1b[31m", "-"]
    numbers = ["1", "2", "0", "-1", "x", "1e9", "99999999999999999999", "nan", ""]
    out = rng.choice([str(folder / "my out"), *paths])
    command = rng.choice(["train", "similar", "export", "collect"])
    arguments = {
        "train": [rng.choice(paths), "--out", out, "--size", "4"],
        "similar": [rng.choice(paths), "a", word(rng) or "b"],
        "export": [rng.choice(paths), out, "--format", rng.choice(FORMATS)],
        "collect": [rng.choice(paths), "--out", out],
    }[command]
    options = {
        "train": ["--epochs", "--min-freq", "--max-words", "--lr", "--seed", "--encoding"],
        "similar": ["--k", "--table", "--encoding", "--errors"],
        "export": ["--table", "--replace", "--encoding", "--errors"],
        "collect": [],
    }[command]
    for option in rng.sample(options, rng.randint(0, min(2, len(options)))):
        values = [*numbers, *TABLES, *ENCODINGS, "_", "replace"]
        arguments += [option, rng.choice(values)]
    if command == "train":  # later ones count, and none may take long
        arguments += rng.choice([["--epochs", "1"], ["--epochs", "2"]])
    said = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True)
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        try:
            code = main([command, *arguments])
        except SystemExit as ended:
            code = ended.code
    printed = said.buffer.getvalue()
    assert code in (0, 1, 2), f"exit code {code}"
    assert b"Traceback" not in printed
    if out != "-":  # which gets the file itself
        assert b"\x1b" not in printed, "control characters are printed"


class Strange:
    """An object whose every method raises an error."""

    def __eq__(self, other):
        raise SystemExit("no comparison")

    def __repr__(self):
        raise RecursionError("no text")


def answer(rng, depth=0):
    plain = [0, -1.5, 10**400, float("nan"), None, ..., True, "0.5", "x" * 9999, b"\0", 1j]
    plain += [Decimal("0.5"), Decimal("sNaN"), Fraction(1, 3), pd.NA, Strange(), Strange]
    if depth > 2 or rng.random() < 0.4:
        return rng.choice(plain)
    items = [answer(rng, depth + 1) for _ in range(rng.randint(0, 4))]
    makers = [
        lambda: items,
        lambda: tuple(items),
        lambda: (each for each in items),
        lambda: itertools.cycle(items or [1]),
        lambda: dict(enumerate(items)),
        lambda: np.zeros(rng.choice([0, 1, 200_000])),
        lambda: np.broadcast_to(0.0, (10**12,)),
        lambda: pd.DataFrame({"a": [0.7071]}),
        lambda: pd.Series(items, dtype=object),
        lambda: range(10**12),
        lambda: items.append(items) or items,
    ]
    return rng.choice(makers)()


def fail(rng):
    raise rng.choice([ValueError("x" * 9999), SystemExit(1), GeneratorExit, MemoryError])


def try_check(rng, folder):
    name, value = rng.choice(list(EXERCISES)), answer(rng)
    functions = [lambda *_: value, lambda *_: fail(rng), lambda: value, lambda *x: x[0]]
    feedback = check(name, rng.choice([value, *functions]))
    assert feedback.solved in (None, True, False)
    assert len(feedback.text) <= MAX_FEEDBACK, f"{len(feedback.text)} characters"


TARGETS = {
    "reader": try_reader,
    "loaders": try_loaders,
    "command line": try_command_line,
    "check": try_check,
}


def try_one(seed):
    """Try the input of one seed; return the name of the target, and what went wrong."""
    rng = random.Random(seed)
    name = rng.choice(list(TARGETS))
    with tempfile.TemporaryDirectory() as place:
        folder, before = Path(place) / "work", os.getcwd()
        folder.mkdir()
        os.chdir(folder)
        try:
            with time_limit(MAX_SECONDS):
                TARGETS[name](rng, folder)
        except (Exception, SystemExit, OutOfTimeError):
            return name, traceback.format_exc()
        finally:
            os.chdir(before)
    return name, ""


def fuzz():
    """Try inputs until the time is over; return the exit code."""
    seconds = float(os.environ.get("FUZZ_SECONDS", 60))
    first = int(os.environ.get("FUZZ_SEED", time.time_ns() // 10**6))
    most = int(os.environ.get("FUZZ_INPUTS", sys.maxsize))
    print(f"First seed: {first}. Stop after {seconds:.0f} s.", flush=True)
    faulthandler.enable()  # a crash says where it happened; the file says with which seed
    tried, failed, until = Counter(), [], time.monotonic() + seconds
    with tempfile.TemporaryDirectory() as cache, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        os.environ["W2V_LESSON_CACHE"] = cache
        for seed in itertools.islice(itertools.count(first), most):
            if time.monotonic() > until:
                break
            current = Path(tempfile.gettempdir(), "w2v-fuzz-seed")
            current.write_text(str(seed), encoding="utf-8")
            name, error = try_one(seed)
            tried[name] += 1
            if error:
                failed.append(seed)
                print(f"\nSeed {seed}, {name}:\n{error}", flush=True)
    counts = ", ".join(f"{name} {number:,}" for name, number in sorted(tried.items()))
    print(f"Inputs: {tried.total():,} ({counts}). Failed: {len(failed)}.")
    if failed:
        print("Seeds that failed:", *failed)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(fuzz())
