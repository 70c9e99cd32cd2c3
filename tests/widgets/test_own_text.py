"""Your own text without a browser: uploads, paths, Stop, and what can go wrong."""

import datetime
import os
import signal
import tempfile
import threading
import time

import pytest
import toy

from w2v_lesson.files.formats import load_vectors
from w2v_lesson.text import own_text as settings
from w2v_lesson.widgets import own_text as module
from w2v_lesson.widgets.own_text import OwnText

TEXT = "\n\n".join(" ".join(s) for s in toy.sentences()).encode()  # about 1,400 words
LONG = 60  # seconds
NOON = datetime.datetime(2026, 1, 1, 12, tzinfo=datetime.timezone.utc)


@pytest.fixture(autouse=True)
def quickly(monkeypatch, tmp_path):
    """Don't wait for late key presses, train few epochs, and put temporary files in sight."""
    monkeypatch.setattr(module, "SECONDS_LATE", 0.0)
    monkeypatch.setattr(settings, "MIN_WORDS", 100)
    monkeypatch.setattr(module, "suggest", lambda _: settings.Suggestion(3, 2))
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    monkeypatch.setenv("W2V_LESSON_CACHE", str(tmp_path / "cache"))


@pytest.fixture
def own(tmp_path):
    return OwnText(tmp_path / "saved")


def upload(own, **contents):
    """Upload as the page does; names have a dot instead of the underscore."""
    files = [
        {
            "name": name.replace("_", "."),
            "type": "",
            "size": len(content),
            "content": memoryview(content),
            "last_modified": NOON,
        }
        for name, content in contents.items()
    ]
    own.upload.value = files


def run(own, state="done"):
    own.start.click()
    own._work.join(LONG)
    assert own.state == state, own._fault.value


def saved(own):
    return sorted(path.name for path in own.folder.glob("*"))


def temporary(tmp_path):
    return list((tmp_path / "temporary").iterdir())


def explorer(own):
    return own._place.children[0]


def test_run_all_without_a_choice_ends_at_once_with_a_friendly_line(own, capsys):
    own.wait()
    assert "choose a text above" in capsys.readouterr().out
    assert own.vectors is None


def test_stop_before_the_start_does_nothing(own, capsys):
    assert not own.start.disabled and own.stop.disabled
    own.halt()
    upload(own, a_txt=TEXT)
    run(own)


def test_an_upload_is_read_trained_saved_and_explored(own, tmp_path, capsys):
    upload(own, book_txt=TEXT)
    run(own)
    assert own.report.sentences == len(toy.sentences())
    assert own.vectors.about["text"] == "book" and own.vectors.about["epochs"] == 2
    assert saved(own) == ["book.npz"]
    assert len(load_vectors(own.folder / "book.npz")) == len(own.vectors)
    assert explorer(own).vectors is own.vectors
    assert explorer(own)._columns[0].neighbors
    assert "words is small" in own._report.value
    assert "2 epochs" in own._report.value
    own.wait()
    printed = capsys.readouterr().out
    assert "200 sentences" in printed and "Warning" in printed and "Saved as" in printed


def test_of_an_upload_no_copy_stays(own, tmp_path):
    upload(own, book_txt=TEXT)
    run(own)
    assert temporary(tmp_path) == []
    assert not list((tmp_path / "cache").rglob("*.npy"))


def test_a_path_is_read_and_its_index_kept(own, tmp_path):
    (tmp_path / "my book.v2.txt").write_bytes(TEXT)
    own.path.value = f' "{tmp_path / "my book.v2.txt"}" '
    run(own)
    assert saved(own) == ["my-book.npz"]
    assert list((tmp_path / "cache").rglob("ids.npy"))


def test_several_files_and_folders_are_one_text(own, tmp_path):
    upload(own, a_txt=TEXT, b_md=TEXT)
    run(own)
    assert own.report.sentences == 2 * len(toy.sentences())
    (tmp_path / "books").mkdir()
    for name in "abc":
        (tmp_path / "books" / f"{name}.txt").write_bytes(TEXT)
    own.path.value = str(tmp_path / "books")
    run(own)
    assert own.report.sentences == 3 * len(toy.sentences())
    assert saved(own) == ["a.npz", "books.npz"]


def test_what_was_chosen_last_counts_and_is_seen(own, tmp_path):
    own.path.value = str(tmp_path)
    upload(own, a_txt=TEXT)
    assert own.path.value == ""
    own.path.value = "b"
    assert own.upload.value == ()
    upload(own, a_txt=TEXT)
    own.path.value = " "
    assert len(own.upload.value) == 1


def test_the_page_says_what_arrived_and_how_much_can(own):
    assert "up to 10 MB" in own._arrived.value
    upload(own, a_txt=TEXT, b_txt=TEXT)
    assert ">Arrived: a.txt, b.txt (12 kB)<" in own._arrived.value
    upload(own, **{f"{letter}_txt": bytes(300_000) for letter in "abcd"})
    assert ">Arrived: a.txt, b.txt, c.txt … (1.2 MB)<" in own._arrived.value
    upload(own, **{"<b>_txt": TEXT})
    assert ">Arrived: &lt;b&gt;.txt (" in own._arrived.value
    own.path.value = "book"
    assert "up to 10 MB" in own._arrived.value


def test_a_file_in_another_encoding_is_led_to_the_field_and_a_new_file_clears_that(own):
    upload(own, a_txt=LATIN)
    run(own, "failed")
    assert "give its name in the field “encoding” under More options" in own._fault.value
    assert "encoding=" not in own._fault.value
    upload(own, b_txt=TEXT)
    assert own._fault.value == ""


def test_enter_in_the_path_begins(own, tmp_path):
    (tmp_path / "a.txt").write_bytes(TEXT)
    own.path.value = str(tmp_path / "a.txt")
    own.path._handle_custom_msg({"event": "submit"}, [])
    own._work.join(LONG)
    assert own.state == "done"


def test_a_second_press_meanwhile_does_nothing(own):
    upload(own, a_txt=TEXT)
    own.start.click()
    own.begin()
    assert own.start.disabled and not own.stop.disabled
    own._work.join(LONG)
    assert not own.start.disabled and own.stop.disabled
    assert saved(own) == ["a.npz"]


def test_the_same_name_again_is_saved_beside_it_and_said(own):
    upload(own, book_txt=TEXT)
    run(own)
    run(own)
    assert saved(own) == ["book-2.npz", "book.npz"]
    assert "book-2.npz" in own._saved.value


def test_your_own_tokenizer_and_sentences_are_used(tmp_path):
    own = OwnText(
        tmp_path,
        split_sentences=str.splitlines,
        tokenize=lambda line: ["<b>" + word for word in line.split()],
    )
    upload(own, book_txt=TEXT.replace(b"\n\n", b"\n"))
    run(own)
    assert all(w == "<unk>" or w.startswith("<b>") for w in own.vectors.vocab.idx_to_token)
    assert own.report.sentences == len(toy.sentences())


# What can go wrong is reported, and earlier results stay

LATIN = TEXT + "\n\nCafé déjà vu.".encode("cp1252")
BAD = {
    "nothing chosen": ({}, "No text is chosen"),
    "empty": ({"a_txt": b""}, "There is no word in a.txt"),
    "tiny": ({"a_txt": b"One, two."}, "too small to train on"),
    "binary": ({"a_txt": b"\x7fELF\0\0\0\1" * 99}, "a.txt is not a text file"),
    "word": ({"a_txt": b"PK\3\4" + bytes(99)}, "Save it as plain text"),
    "latin": ({"a_txt": LATIN}, "Find the encoding in which it reads right"),
    "packed": ({"a_gz": b"\x1f\x8b\x08" + bytes(99)}, "not a valid gzip file"),
    "markup": ({"<b>_txt": b"\xff"}, "&lt;b&gt;.txt is not encoded"),
}


@pytest.mark.parametrize("case", BAD)
def test_a_bad_text_says_what_to_do_and_the_former_vectors_stay(own, tmp_path, case):
    upload(own, book_txt=TEXT)
    run(own)
    before, shown = own.vectors, explorer(own)
    contents, said = BAD[case]
    upload(own, **contents)
    run(own, "failed")
    assert said in own._fault.value
    assert "temporary" not in own._fault.value
    assert own.vectors is before and explorer(own) is shown
    assert "from the previous training" in own._status.value
    assert saved(own) == ["book.npz"]
    assert temporary(tmp_path) == []
    upload(own, book_txt=TEXT)
    run(own)
    assert own._fault.value == ""


def test_wait_prints_what_went_wrong(own, capsys):
    own.path.value = "there is no such file"
    own.start.click()
    own.wait()
    assert "Is the name right?" in capsys.readouterr().out
    assert own.state == "failed"


def test_the_advice_on_the_encoding_can_be_followed(own):
    upload(own, a_txt=LATIN)
    run(own, "failed")
    own.encoding.value = "cp1252"
    run(own)
    own.encoding.value = "nonsense"
    run(own, "failed")
    assert "There is no text encoding" in own._fault.value


ADVICE = {
    "lines": (TEXT.replace(b"\n\n", b"\n").replace(b".", b""), "choose “part of a text”"),
    "markup": (b"<p>Some <b>bold</b> words here.</p>\n" * 99, "choose “read as words”"),
}


@pytest.mark.parametrize("case", ADVICE)
def test_advice_names_what_the_form_has_and_can_be_followed(own, case, capsys):
    content, advice = ADVICE[case]
    upload(own, a_txt=content)
    own.start.click()
    own.wait()
    told = capsys.readouterr().out
    assert f"{advice} under More options" in told
    for name in ("lines=", "plain=", "min_freq", "command line"):
        assert name not in told
    for field in (own.lines, own.plain):  # the answer that is named
        if named := [text for text in field._options_full if f"“{text[0]}”" in told]:
            field.label = named[0][0]
    own.start.click()
    own.wait()
    assert advice not in capsys.readouterr().out


def test_the_widget_is_the_same_when_its_cell_is_run_again(tmp_path):
    first = module.open_own_text(tmp_path)
    assert module.open_own_text(tmp_path) is first
    other = module.open_own_text(tmp_path, tokenize=str.split)
    assert other is not first and other._rules["tokenize"] is str.split


def test_a_folder_that_cannot_be_written_is_told_and_the_vectors_are_there(tmp_path):
    (tmp_path / "saved").write_text("a file in the way")
    own = OwnText(tmp_path / "saved")
    upload(own, a_txt=TEXT)
    run(own)
    assert own.vectors is not None and explorer(own)
    assert "could not be saved" in own._saved.value
    assert (tmp_path / "saved").read_text() == "a file in the way"


# Stop


def test_stop_while_reading_keeps_what_was_there(own, monkeypatch, tmp_path):
    upload(own, a_txt=TEXT)
    run(own)
    before = own.vectors

    def reading(text, cache, progress):
        own.stop.click()
        progress(1, 2, 3.0)

    monkeypatch.setattr(module, "index_by_size", reading)
    run(own, "stopped")
    assert own.vectors is before
    assert "Stopped before the training began. The vectors below" in own._status.value
    assert temporary(tmp_path) == []


def test_stop_before_the_training_leaves_none(own, monkeypatch):
    monkeypatch.setattr(module, "is_compiled", lambda: own.stop.click() or True)
    upload(own, a_txt=TEXT)
    run(own, "stopped")
    assert own.vectors is None and own._place.children == ()
    assert own._status.value == "Stopped before the training began."


def press_at_step(own, monkeypatch, number, press):
    made = module.training_of

    def training_of(index):
        training = made(index)
        steps, seen = training.engine.steps, []
        training.engine.steps_at_once = 1

        def step_and_press(minibatches):
            seen.append(None)
            if len(seen) == number:
                press()
            return steps(minibatches)

        training.engine.steps = step_and_press
        return training

    monkeypatch.setattr(module, "training_of", training_of)


def test_stop_in_the_training_shows_and_saves_the_vectors_so_far(own, monkeypatch):
    press_at_step(own, monkeypatch, 1, own.stop.click)
    upload(own, a_txt=TEXT)
    run(own, "stopped")
    assert 0 < own.vectors.about["epochs"] < 2
    assert "the vectors so far" in own._status.value
    assert saved(own) == ["a.npz"]


def test_an_interrupt_of_wait_is_as_stop(own, monkeypatch, capsys):
    pressed, usual = threading.Event(), signal.getsignal(signal.SIGINT)

    def press():
        while signal.getsignal(signal.SIGINT) is usual:  # until `wait` waits
            time.sleep(0.01)
        os.kill(os.getpid(), signal.SIGINT)
        pressed.set()

    press_at_step(own, monkeypatch, 2, press)
    monkeypatch.setattr(module, "suggest", lambda _: settings.Suggestion(3, 5000))
    upload(own, a_txt=TEXT)
    own.start.click()
    own.wait()
    assert pressed.is_set() and own.state == "stopped"
    assert "Saved as" in capsys.readouterr().out


def test_a_training_that_diverges_says_so(own, monkeypatch):
    def fail():
        raise FloatingPointError("The <loss> is no number")

    press_at_step(own, monkeypatch, 1, fail)
    upload(own, a_txt=TEXT)
    run(own, "failed")
    assert "The &lt;loss&gt; is no number" in own._fault.value
    assert own.vectors is None and saved(own) == []
