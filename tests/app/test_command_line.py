"""The command line: what it prints, what it writes, and how it ends."""

import io
import os
import signal
import subprocess
import sys
import warnings

import numpy as np
import pytest
import toy
from gensim.models import KeyedVectors

from w2v_lesson import vectors as vectors_module
from w2v_lesson.app import command_line, doctor, train
from w2v_lesson.app.command_line import main
from w2v_lesson.files import formats
from w2v_lesson.files.formats import load_vectors, save_vectors
from w2v_lesson.settings import Settings
from w2v_lesson.text.own_text import suggest

SMALL = ["--size", "8", "--batch-size", "64", "--min-freq", "1", "--epochs", "5"]


@pytest.fixture(autouse=True)
def own_cache(monkeypatch, tmp_path):
    monkeypatch.setenv("W2V_LESSON_CACHE", str(tmp_path / "cache"))


@pytest.fixture
def text(tmp_path):
    return toy.write_text(tmp_path / "a text.txt", 600)


@pytest.fixture
def trained(text, tmp_path, capsys):
    assert main(["train", str(text), "--out", str(tmp_path / "out"), *SMALL]) == 0
    capsys.readouterr()
    return tmp_path / "out"


def test_the_choices_are_those_of_the_functions():
    # They are written twice, so that the help need not wait for MXNet.
    assert command_line.ERRORS == formats.ERRORS
    assert command_line.TABLES == vectors_module.TABLES


def test_train_reports_and_writes_the_vectors(text, tmp_path, capsys):
    assert main(["train", str(text), "--out", str(tmp_path / "out"), *SMALL]) == 0
    said = capsys.readouterr()
    assert "600 sentences" in said.out and "words is small" in said.out
    assert "s per epoch for each million words" in said.out
    assert "epoch 5.00 of 5, loss " in said.err
    vectors = load_vectors(tmp_path / "out" / "vectors.npz")
    assert vectors.center.shape == (len(vectors.vocab), 8)
    assert vectors.about["epochs"] == 5


def test_min_freq_and_epochs_go_by_the_size_of_the_text(text, tmp_path, capsys):
    assert main(["train", str(text), "--out", str(tmp_path / "out"), "--size", "8"]) == 0
    vectors = load_vectors(tmp_path / "out" / "vectors.npz")
    assert vectors.about["epochs"] == suggest(4334).num_epochs == 45


class Enough(ValueError):
    """Ends a command once the test has seen everything it needs."""


def test_each_number_goes_where_it_belongs(text, tmp_path, monkeypatch):
    seen = []

    def prepare(data_iter, settings, **options):
        seen.append((data_iter, settings))
        raise Enough

    monkeypatch.setattr(train, "prepare_training", prepare)
    text.write_bytes(text.read_text().replace("w", "ö").encode("cp1252"))
    numbers = "--epochs 11 --size 12 --window 3 --noise-words 4 --min-freq 5 --max-words 20"
    numbers += " --batch-size 13 --lr 0.5 --seed 6 --encoding cp1252"
    assert main(["train", str(text), "--out", str(tmp_path / "out"), *numbers.split()]) == 1
    ((data_iter, settings),) = seen
    assert settings == Settings(
        num_epochs=11,
        embed_size=12,
        max_window_size=3,
        num_noise_words=4,
        batch_size=13,
        lr=0.5,
        seed=6,
    )
    # The runs of a minibatch are equally long, and 13 centers can't be divided otherwise.
    options = {**settings.data_options, "run_length": 1}
    assert data_iter.fingerprint().items() >= options.items()
    assert data_iter.redraw
    assert len(data_iter.vocab) == 21
    assert {word[0] for word in data_iter.vocab.idx_to_token} <= {"<", "h", "u", "ö"}


def test_max_words_holds_where_min_freq_goes_by_the_size(text, tmp_path, monkeypatch):
    seen = []

    def prepare(data_iter, settings, **options):
        seen.append(len(data_iter.vocab))
        raise Enough

    monkeypatch.setattr(train, "prepare_training", prepare)
    main(["train", str(text), "--out", str(tmp_path / "out"), "--max-words", "7"])
    assert seen == [8]


@pytest.fixture
def some_vectors(tmp_path):
    vectors = toy.vectors(["<unk>", *"abcdef"])
    save_vectors(vectors, tmp_path / "some.npz")
    return vectors


def test_similar_asks_the_table_that_is_named(some_vectors, tmp_path, capsys):
    for table in ("center", "context", "sum"):
        command = ["similar", str(tmp_path / "some.npz"), "a", "--k", "3"]
        assert main([*command, "--table", table]) == 0
        found = [line.split()[-1] for line in capsys.readouterr().out.splitlines()[1:]]
        assert found == [near.word for near in some_vectors.similar("a", 3, table)]


def test_counts_that_are_not_known_are_not_shown(some_vectors, tmp_path, capsys):
    out = tmp_path / "some.vec"
    assert main(["export", str(tmp_path / "some.npz"), str(out)]) == 0
    capsys.readouterr()
    assert main(["similar", str(out), "a", "--k", "2"]) == 0
    assert [len(line.split()) for line in capsys.readouterr().out.splitlines()] == [1, 2, 2]


def test_the_projector_gets_the_table_that_is_named(some_vectors, tmp_path):
    out = tmp_path / "projector"
    command = ["export", str(tmp_path / "some.npz"), str(out), "--format", "projector"]
    assert main([*command, "--table", "context"]) == 0
    first, *_ = np.loadtxt(out / "vectors.tsv", delimiter="\t")
    np.testing.assert_allclose(first, some_vectors.vector("a", "context"), atol=1e-5)


def test_similar_prints_what_the_vectors_say(trained, capsys):
    vectors = load_vectors(trained / "vectors.npz")
    assert main(["similar", str(trained), "w01", "h", "--k", "3"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "w01" and lines[4] == "h" and len(lines) == 8
    nearest = vectors.similar("w01", 3)
    assert [line.split()[-1] for line in lines[1:4]] == [near.word for near in nearest]
    assert lines[1].split()[:2] == [f"{nearest[0].cosine:.3f}", str(nearest[0].count)]


def test_the_same_command_again_trains_no_further(trained, text, capsys):
    before = (trained / "vectors.npz").read_bytes()
    assert main(["train", str(text), "--out", str(trained), *SMALL]) == 0
    assert "from epoch 5.00" in capsys.readouterr().out
    assert (trained / "vectors.npz").read_bytes() == before


def test_other_settings_than_the_checkpoint_are_refused(trained, text, capsys):
    again = ["train", str(text), "--out", str(trained), *SMALL, "--window", "2"]
    assert main(again) == 2
    assert "--window" in capsys.readouterr().err


def test_more_epochs_go_on(trained, text):
    again = ["train", str(text), "--out", str(trained), *SMALL, "--epochs", "6"]
    assert main(again) == 0
    assert load_vectors(trained / "vectors.npz").about["epochs"] == 6


@pytest.mark.parametrize("format", command_line.FORMATS)
def test_export_can_be_read_again(trained, tmp_path, format, capsys):
    out = tmp_path / "exported"
    assert main(["export", str(trained), str(out), "--format", format]) == 0
    vectors = load_vectors(trained / "vectors.npz")
    assert f"{len(vectors) - 1:,} words" in capsys.readouterr().out
    expected = [near.word for near in vectors.similar("w01", 5)]
    if format.startswith("word2vec"):
        keyed = KeyedVectors.load_word2vec_format(out, binary=format.endswith("binary"))
        assert [word for word, _ in keyed.most_similar("w01", topn=5)] == expected
    elif format == "projector":
        assert {"vectors.tsv", "metadata.tsv"} <= set(os.listdir(out))
    elif format == "numpy":
        assert main(["similar", str(out), "w01"]) == 0
    else:
        again = formats.load_gluon(out, vectors.vocab)
        np.testing.assert_array_equal(again.context, vectors.context)


def test_an_export_of_the_context_table(trained, tmp_path):
    out = tmp_path / "context.vec"
    assert main(["export", str(trained), str(out), "--table", "context"]) == 0
    vectors = load_vectors(trained / "vectors.npz")
    keyed = KeyedVectors.load_word2vec_format(out)
    np.testing.assert_allclose(keyed["w01"], vectors.vector("w01", "context"), atol=1e-6)


def run(arguments):
    """Run a command, and return its exit code, also if argparse ends it."""
    try:
        return main(arguments)
    except SystemExit as ended:
        return ended.code


@pytest.mark.parametrize(
    "code, arguments, says",
    [
        (2, ["train", "missing.txt", "--out", "out"], "missing.txt"),
        (2, ["train", "{text}", "--out", "{text}"], "--out"),
        (1, ["train", "{text}", "--out", "out", "--min-freq", "9999"], "--min-freq"),
        (2, ["train", "{text}", "--out", "out", "--size", "0"], "--size"),
        (2, ["train", "{text}", "--out", "out", "--lr", "-1"], "--lr: must be"),
        (2, ["train", "{text}", "--out", "out", "--encoding", "klingon"], "klingon"),
        (2, ["train", "", "--out", "out"], "not empty"),
        (2, ["train", "{text}", "--out", ""], "not empty"),
        (2, ["similar", "nowhere", "word"], "nowhere"),
        (2, ["similar", "{text}", "word", "--k", "0"], "--k"),
        (1, ["similar", "{text}", "word"], "vectors"),
        (1, ["export", "{text}", "out"], "vectors"),
        (2, ["export", "{text}", "{text}"], "another name"),
        (2, ["export", "{text}", "nowhere/out"], "nowhere"),
        (2, ["export", "{text}", "."], "folder"),
        (2, ["collect", ".", "--out", "{text}"], "such a table"),
    ],
)
def test_what_cannot_be_done_is_one_clear_line(
    code, arguments, says, text, tmp_path, monkeypatch, capsys
):
    before = text.read_bytes()
    monkeypatch.chdir(tmp_path)
    assert run([each.format(text=text) for each in arguments]) == code
    said = capsys.readouterr().err.strip().splitlines()
    assert says in said[-1] and "Traceback" not in "".join(said)
    assert text.read_bytes() == before


def test_an_unknown_word_and_too_many_neighbors(trained, capsys):
    assert main(["similar", str(trained), "w0x"]) == 1
    assert "Near spellings" in capsys.readouterr().err
    assert main(["similar", str(trained), "w01", "--k", "1000"]) == 1
    assert "k must be" in capsys.readouterr().err


def test_a_training_that_has_not_ended_has_no_vectors(trained, capsys):
    (trained / "vectors.npz").unlink()
    assert main(["similar", str(trained), "w01"]) == 1
    assert "has not finished" in capsys.readouterr().err


@pytest.mark.parametrize(
    "command", [[], *([name] for name in command_line.MODULES)], ids=" ".join
)
def test_help_has_an_example(command, capsys):
    with pytest.raises(SystemExit) as ended:
        main([*command, "--help"])
    assert ended.value.code == 0
    assert "python -m w2v_lesson " in capsys.readouterr().out.split("example")[1]


@pytest.mark.parametrize(
    "arguments", [[], ["fly"], ["train", "x"], ["similar", "x"], ["fresh"]]
)
def test_wrong_arguments_end_with_code_2(arguments):
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2


# However a command ends


@pytest.fixture
def ending(monkeypatch):
    """Return a function that runs a command that does this, and returns the exit code."""

    def run(action):
        monkeypatch.setattr(doctor, "doctor", lambda options: action())
        return main(["doctor"])

    return run


def fail(error):
    raise error


@pytest.mark.parametrize(
    "error, says",
    [
        (MemoryError(), "not enough memory"),
        (RuntimeError("Traceback\nFailed to allocate CPU Memory"), "not enough memory"),
        (MemoryError("Unable to allocate 9.3 GiB"), "9.3 GiB"),
        (RecursionError("maximum recursion depth"), "maximum recursion depth"),
        (ModuleNotFoundError("No module named 'mxnet'"), "-m w2v_lesson doctor"),
        (FloatingPointError("The loss is no number."), "The loss is no number."),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_goes_wrong_is_one_line_and_not_a_traceback(ending, capsys, error, says):
    assert ending(lambda: fail(error)) == command_line.FAILED
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("doctor: ") and says in line


def test_a_fault_of_ours_is_not_hidden(ending):
    with pytest.raises(AssertionError):
        ending(lambda: fail(AssertionError()))


def test_an_interrupt_ends_it_with_its_own_code(ending, capsys):
    assert ending(lambda: fail(KeyboardInterrupt())) == command_line.INTERRUPTED == 130
    assert capsys.readouterr().err == "Interrupted.\n"


def test_an_interrupt_while_a_command_is_loaded_is_no_traceback(monkeypatch, capsys):
    monkeypatch.setattr(command_line, "import_module", lambda _: fail(KeyboardInterrupt()))
    assert main(["similar", "novel", "whale"]) == command_line.INTERRUPTED
    assert capsys.readouterr().err == "Interrupted.\n"


def test_a_warning_is_a_note_and_not_a_line_of_code(ending, capsys):
    assert ending(lambda: warnings.warn("The disk is full.", stacklevel=1)) is None
    assert capsys.readouterr().err == "Note: The disk is full.\n"


def test_a_word_that_the_terminal_cannot_show_does_not_end_it(ending, monkeypatch):
    output = io.BytesIO()
    terminal = io.TextIOWrapper(output, encoding="ascii")
    monkeypatch.setattr(sys, "stdout", terminal)
    ending(lambda: print("na\u00efve \udcff"))
    assert output.getvalue() == b"na\\xefve \\udcff\n"


@pytest.mark.slow
@pytest.mark.parametrize("command", [["doctor"], ["collect", "{folder}"]])
def test_output_that_nobody_reads_to_the_end_is_no_fault(command, tmp_path):
    (tmp_path / "ada.ipynb").write_text('{"cells": []}')
    reader, writer = os.pipe()
    os.close(reader)
    command = [sys.executable, "-m", "w2v_lesson", *command]
    command = [each.format(folder=tmp_path) for each in command]
    done = subprocess.run(command, stdout=writer, stderr=subprocess.PIPE, text=True)
    os.close(writer)
    assert "Traceback" not in done.stderr and "pipe" not in done.stderr.lower()
    assert done.returncode == command_line.FAILED


def test_sigterm_is_as_before_once_a_training_has_ended(text, tmp_path):
    before = signal.getsignal(signal.SIGTERM)
    assert main(["train", str(text), "--out", str(tmp_path / "out"), *SMALL]) == 0
    assert signal.getsignal(signal.SIGTERM) is before


@pytest.mark.parametrize("option", ["--epochs", "--size", "--max-words", "--batch-size"])
def test_a_number_below_one_is_refused_before_any_folder_is_made(
    text, tmp_path, option, capsys
):
    out = tmp_path / "out"
    assert run(["train", str(text), "--out", str(out), option, "0"]) == 2
    assert f"{option}: must be a whole number of at least 1" in capsys.readouterr().err
    assert not out.exists()


def test_a_folder_without_permission_is_noticed_before_the_text_is_read(
    text, tmp_path, monkeypatch, capsys
):
    # Root may write anywhere, so we fake the system's answer.
    monkeypatch.setattr(train.os, "access", lambda *_: False)
    monkeypatch.setattr(train, "index_by_size", None)
    assert main(["train", str(text), "--out", str(tmp_path / "out")]) == 2
    assert "--out" in capsys.readouterr().err


def test_a_missing_text_leaves_no_folder(tmp_path):
    assert main(["train", "missing.txt", "--out", str(tmp_path / "out")]) == 2
    assert not (tmp_path / "out").exists()


@pytest.mark.slow
def test_ended_by_a_cluster_and_gone_on_with_is_the_unbroken_run(text, tmp_path):
    whole, parted = tmp_path / "whole", tmp_path / "parted"
    settings = [*SMALL, "--epochs", "60"]
    assert main(["train", str(text), "--out", str(whole), *settings]) == 0
    command = [sys.executable, "-m", "w2v_lesson", "train", str(text)]
    command += ["--out", str(parted), *settings]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, **pipes) as process:
        assert any(line.startswith("epoch 1.00") for line in process.stderr)
        process.send_signal(signal.SIGTERM)
        out, _ = process.communicate(timeout=60)
    assert process.returncode == command_line.INTERRUPTED and "Stopped" in out
    assert main(["train", str(text), "--out", str(parted), *settings]) == 0
    first, second = (load_vectors(folder / "vectors.npz") for folder in (whole, parted))
    np.testing.assert_array_equal(first.center, second.center)
    np.testing.assert_array_equal(first.context, second.context)


@pytest.mark.parametrize(
    "given, lines, plain",
    [
        ([], None, False),
        (["--lines"], True, False),
        (["--no-lines", "--plain"], False, True),
    ],
)
def test_how_a_text_is_laid_out_can_be_said(monkeypatch, given, lines, plain):
    seen = {}

    def read(path, **options):
        seen.update(options)
        raise ValueError("read")

    monkeypatch.setattr(train, "read_text", read)
    assert main(["train", "a.txt", "--out", "b", *given]) == 2
    assert (seen["lines"], seen["plain"]) == (lines, plain)


def test_what_is_said_of_words_is_in_the_help(capsys):
    with pytest.raises(SystemExit):
        main(["train", "--help"])
    said = capsys.readouterr().out
    for name in ("hyphenated", "Soft hyphens", "tatweel", "ligatures", "İ", "--lines"):
        assert name in said
