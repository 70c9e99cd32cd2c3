"""Whatever is typed, a command ends with a result or with one clear message."""

import os
import re
import shlex
import shutil

import numpy as np
import pytest
import toy
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from w2v_lesson.app import train
from w2v_lesson.app.command_line import CONTINUE, main
from w2v_lesson.app.terminal import CONTROLS
from w2v_lesson.files.formats import load_vectors, save_vectors

DELETE = "rm 'my out/checkpoints/checkpoint.npz'"
SMALL = ["--size", "4", "--batch-size", "64", "--min-freq", "1", "--epochs", "2"]


@pytest.fixture(autouse=True)
def own_cache(monkeypatch, tmp_path):
    monkeypatch.setenv("W2V_LESSON_CACHE", str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def text(tmp_path):
    return toy.write_text(tmp_path / "a 'text'.txt", 300)


@pytest.fixture
def vectors(tmp_path):
    path = tmp_path / "some.npz"
    save_vectors(toy.vectors(["<unk>", *"abc", "two words", "\x1b[31mred"]), path)
    return path


def run(*arguments):
    try:
        return main([str(each) for each in arguments])
    except SystemExit as ended:
        return ended.code


# Training


def test_a_folder_that_was_deleted_during_training_is_made_again(
    text, tmp_path, monkeypatch
):
    prepare = train._run

    def run_and_delete(training, num_epochs, folder):
        done = prepare(training, num_epochs, folder)
        shutil.rmtree(folder)
        return done

    monkeypatch.setattr(train, "_run", run_and_delete)
    assert run("train", text, "--out", "out", *SMALL) == 0
    assert load_vectors(tmp_path / "out" / "vectors.npz").about["epochs"] == 2


def test_vectors_that_cannot_be_saved_are_saved_elsewhere(text, monkeypatch, capsys):
    save = train.save_vectors

    def full(vectors, path):
        if path.parent.name == "out":
            raise OSError(28, "No space left on device", str(path))
        save(vectors, path)

    monkeypatch.setattr(train, "save_vectors", full)
    assert run("train", text, "--out", "out", *SMALL) == 1
    said = capsys.readouterr()
    assert "No space left" in said.err
    (path,) = re.findall(r"vectors are in (\S+vectors\.npz)\.", said.out)
    assert load_vectors(path).about["epochs"] == 2
    monkeypatch.undo()


def test_after_any_failure_at_the_end_the_same_command_trains_no_more(
    text, monkeypatch, capsys
):
    def no_memory(*_):
        raise MemoryError

    with monkeypatch.context() as patch:
        patch.setattr(train, "save_vectors", no_memory)
        assert run("train", text, "--out", "out", *SMALL) == 1
    assert CONTINUE in capsys.readouterr().err
    monkeypatch.setattr(train, "_print_forecast", None)  # there is nothing to forecast
    assert run("train", text, "--out", "out", *SMALL) == 0
    assert "epoch 1.00 of" not in capsys.readouterr().err
    assert load_vectors("out/vectors.npz").about["epochs"] == 2


def test_a_loss_above_that_of_knowing_nothing_is_told(text, capsys):
    assert run("train", text, "--out", "my out", *SMALL, "--lr", "50") == 0
    last = capsys.readouterr().err.splitlines()[-1]
    assert "ln 2 = 0.693" in last and "--lr" in last and DELETE in last
    assert run("train", text, "--out", "my out", *SMALL, "--lr", "0.01") == 2
    said = capsys.readouterr().err
    assert DELETE in said and said.count("another folder") == 1
    os.remove("my out/checkpoints/checkpoint.npz")  # as it says
    assert run("train", text, "--out", "my out", *SMALL, "--lr", "0.01") == 0
    assert "ln 2" not in capsys.readouterr().err


def test_what_someone_else_wrote_is_neither_replaced_nor_to_be_deleted(text, capsys):
    """An .npz file of another program, where ours would be."""
    for name in ("out/vectors.npz", "out/checkpoints/checkpoint.npz"):
        os.makedirs(os.path.dirname(name), exist_ok=True)
        np.savez(name, mine=np.eye(3))
        with open(name, "rb") as file:
            before = file.read()
        assert run("train", text, "--out", "out", *SMALL) == 2
        said = capsys.readouterr().err
        assert name in said and "another folder" in said and "rm " not in said
        with open(name, "rb") as file:
            assert file.read() == before
        os.remove(name)


def test_a_dash_is_no_folder_to_train_to(text, capsys):
    assert run("train", text, "--out", "-", *SMALL) == 2
    assert "--out must be a folder" in capsys.readouterr().err and not os.path.exists("-")


def test_an_export_replaces_only_exports(vectors, capsys):
    for name, content in (("diary", "1984 was a good year"), ("lib/metadata.tsv", "mine")):
        os.makedirs("lib", exist_ok=True)
        with open(name, "w", encoding="utf-8") as file:
            file.write(content)
        out, *_ = name.split("/")
        kind = "projector" if out == "lib" else "word2vec-binary"
        assert run("export", vectors, out, "--format", kind, "--replace", "_") == 2
        said = capsys.readouterr().err
        assert f"{name} is there already" in said and "another" in said
        with open(name, encoding="utf-8") as file:
            assert file.read() == content


def test_a_format_of_both_tables_says_that_one_is_missing(capsys):
    with open("some.txt", "w", encoding="utf-8") as file:
        file.write("a 1 2\nb 3 4\n")
    assert run("export", "some.txt", "out", "--format", "gluon") == 1
    said = capsys.readouterr().err
    assert "only a center table" in said and "--table" not in said


@pytest.mark.parametrize("chapter", ["", "5x", "99", "../05"])
@pytest.mark.parametrize("folder", ["copies", ""])
def test_what_is_no_chapter_is_a_wrong_argument(chapter, folder):
    assert run("fresh", chapter, "--folder", folder) == 2
    assert not os.path.exists("copies")


def test_a_file_is_no_folder_for_copies(text):
    assert run("update", "--folder", text) == run("fresh", "05", "--folder", text) == 2


@pytest.mark.parametrize(
    "command",
    [
        "train a.txt --out out --size 100001",
        "train a.txt --out out --lines --no-lines",
        "train a.txt --out out --encoding idna",
        "train https://example.org/a.txt --out out",
        "export some.npz out --replace 'a b'",
        "export some.npz out --replace ''",
        "collect nowhere",
        "collect some.npz",
    ],
)
def test_what_cannot_be_meant_is_refused_before_anything_is_read(command, monkeypatch):
    monkeypatch.setattr("w2v_lesson.text.sentences.read_pieces", None)
    monkeypatch.setattr("w2v_lesson.files.formats.load_vectors", None)
    assert run(*shlex.split(command)) == 2
    assert not os.path.exists("out")


def test_the_loss_of_an_epoch_is_its_mean(text, capsys):
    assert run("train", text, "--out", "out", *SMALL) == 0
    shown = re.findall(r"epoch 2\.00 of 2, loss ([\d.]+)", capsys.readouterr().err)
    about = load_vectors("out/vectors.npz").about
    assert shown == [f"{about['loss']:.3f}"]


def test_fewer_epochs_than_are_done_are_told(text, capsys):
    assert run("train", text, "--out", "out", *SMALL) == 0
    assert run("train", text, "--out", "out", *SMALL, "--epochs", "1") == 0
    assert "2 epochs are done already" in capsys.readouterr().err
    assert load_vectors("out/vectors.npz").about["epochs"] == 2


def test_other_settings_are_refused_before_the_text_is_read(text, monkeypatch, capsys):
    assert run("train", text, "--out", "out", *SMALL) == 0
    monkeypatch.setattr(train, "index_text", None)
    for option in ("--size", "--window", "--noise-words", "--batch-size", "--seed", "--lr"):
        assert run("train", text, "--out", "out", *SMALL, option, "3") == 2
        assert f"{option} is " in capsys.readouterr().err


def test_a_file_of_others_in_the_folder_stays(text, tmp_path, capsys):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "vectors.npz").write_text("my diary", encoding="utf-8")
    assert run("train", text, "--out", "out", *SMALL) == 2
    assert "--out" in capsys.readouterr().err
    assert (tmp_path / "out" / "vectors.npz").read_text(encoding="utf-8") == "my diary"


@pytest.mark.parametrize("place", ["read_text", "index_text", "forecast", "save_vectors"])
def test_an_interrupt_anywhere_says_how_to_continue(text, place, monkeypatch, capsys):
    def interrupt(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(train, place, interrupt)
    assert run("train", text, "--out", "out", *SMALL) == 130
    assert CONTINUE in capsys.readouterr().err


def test_the_command_that_is_suggested_works(text, capsys):
    assert run("train", text, "--out", "it's \x1b[31m mine", *SMALL) == 0
    printed = capsys.readouterr().out
    assert not CONTROLS.search(printed)
    assert run("train", text, "--out", "it's mine", *SMALL) == 0
    suggested = capsys.readouterr().out.partition("run: ")[2]
    command = shlex.split(suggested)
    assert command[:3] == ["python", "-m", "w2v_lesson"]
    assert run(*command[3:-1], "w01") == 0


# Vectors


def test_an_unknown_word_does_not_stop_the_others(vectors, capsys):
    assert run("similar", vectors, "nope", "a", "nein", "b") == 1
    said = capsys.readouterr()
    assert re.findall(r"^\w$", said.out, re.M) == ["a", "b"]
    assert said.err.count("has no vector") == 2


def test_by_default_as_many_are_shown_as_there_are(vectors, capsys):
    assert run("similar", vectors, "a") == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 5 and "\\x1b[31mred" in "".join(lines)
    assert run("similar", vectors, "a", "--k", "5") == 1
    assert "--k must be" in capsys.readouterr().err


def test_a_single_word_has_no_neighbors(tmp_path, capsys):
    save_vectors(toy.vectors(["<unk>", "a"]), tmp_path / "one.npz")
    assert run("similar", tmp_path / "one.npz", "a") == 1
    assert "no other word" in capsys.readouterr().err


def test_words_with_blanks_are_exported_as_the_message_says(vectors, capsys):
    assert run("export", vectors, "out.vec") == 1
    assert "--replace _" in capsys.readouterr().err
    assert run("export", vectors, "out.vec", "--replace", "_") == 0
    assert run("similar", "out.vec", "two_words") == 0


def test_words_that_are_cut_are_read_as_the_message_says(tmp_path, capsys):
    (tmp_path / "cut.vec").write_bytes(b"b 1 0\nc 0 1\nd\xc3 1 1\n")
    assert run("similar", "cut.vec", "b") == 1
    assert "--errors replace" in capsys.readouterr().err
    assert run("similar", "cut.vec", "b", "--errors", "replace") == 0
    assert run("export", "cut.vec", "whole.vec", "--errors", "ignore") == 0
    (tmp_path / "latin.vec").write_bytes("b 1 0\né 1 0\n".encode("latin-1"))
    assert run("similar", "latin.vec", "é", "--encoding", "latin-1") == 0


def test_an_export_to_the_standard_output_is_nothing_but_the_vectors(vectors, capsys):
    assert run("export", vectors, "-", "--replace", "_") == 0
    said = capsys.readouterr()
    assert len(said.out.splitlines()) == 6 and "5 words, word2vec" in said.err


def test_what_is_read_is_not_written_over(vectors, text, capsys):
    before = vectors.read_bytes(), text.read_bytes()
    assert run("export", vectors, vectors) == 2
    assert run("export", vectors, text) == 2
    assert run("export", vectors, text, "--format", "numpy") == 2
    assert (vectors.read_bytes(), text.read_bytes()) == before


# Anything

WORDS = st.text(st.characters(exclude_characters="\0"), max_size=8)
VALUES = st.sampled_from(
    ["0", "-1", "1", "nan", "1e9", "9" * 30, "utf-16", "sum", "_", "."]
)
PATHS = st.sampled_from(["some.npz", ".", "nowhere", "", "-", "a 'text'.txt"])
COMMANDS = {
    "similar": ["--k", "--table", "--encoding", "--errors"],
    "export": ["--format", "--table", "--encoding", "--errors", "--replace"],
    "collect": ["--out"],
    "train": ["--epochs", "--size", "--lr", "--seed", "--encoding", "--max-words"],
}


@given(st.sampled_from(sorted(COMMANDS)), st.data())
@settings(max_examples=120, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_arguments_end_with_a_code_and_no_control_characters(
    text, vectors, capsys, command, data
):
    arguments = data.draw(st.lists(PATHS | WORDS, max_size=3))
    for option in data.draw(st.lists(st.sampled_from(COMMANDS[command]), max_size=2)):
        arguments += [option, data.draw(VALUES | WORDS)]
    if command == "train":
        arguments += ["--out", "some.npz"]  # so that nothing is trained
    assert run(command, *arguments) in (0, 1, 2)
    said = capsys.readouterr()
    assert "Traceback" not in said.err and not CONTROLS.search(said.out + said.err)
