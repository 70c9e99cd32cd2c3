"""Your own text in chapter 12: choose it, see what was read, train, explore."""

import re
import time
from contextlib import contextmanager
from pathlib import Path

import ipywidgets as W
import traitlets as T

from w2v_lesson.engine.warm_up import is_compiled
from w2v_lesson.ptb import CorpusError
from w2v_lesson.text.own_files import as_files, save_new
from w2v_lesson.text.own_text import (
    first_word,
    index_by_size,
    suggest,
    training_of,
    vectors_of,
)
from w2v_lesson.text.sentences import read_text
from w2v_lesson.training import calling_on_interrupt
from w2v_lesson.widgets import html
from w2v_lesson.widgets.background import BackgroundWork
from w2v_lesson.widgets.controls import Choice
from w2v_lesson.widgets.explorer import Explorer
from w2v_lesson.widgets.progress import COMPILING
from w2v_lesson.widgets.shown import Fault, in_words, reopened
from w2v_lesson.widgets.style import FIELD, PICTURE, Page, button, labeled, row
from w2v_lesson.wording import megabytes, option, time_left

FOLDER = "my_vectors"  # beside the notebook
# Tornado, on which Jupyter's server runs, closes the connection at a message above 10 MiB.
# The page connects again, but the files of that message never arrive, nor do later ones
# of the same button; the rest of the widget works on.
LIMIT = (
    "Text files (.txt, .md, or .gz), up to 10 MB in total. For larger ones, type a path."
)
# The page may send the last letters after the click that followed them.
SECONDS_LATE = 0.3
STATES = ("ready", "running", "done", "stopped", "failed")
NOTHING_YET = (
    "Nothing has been trained yet: choose a text above, press Read and train, and run this "
    "cell again."
)
MORE = "under More options"
# What messages name that functions and the command line have, and what the form has instead.
IN_FORM = {
    r'encoding="([^"]+)" \(on the command line: [^)]*\)': rf"\1 in the field “encoding” {MORE}",
    rf"give {re.escape(option('lines', True))}": f"choose “one sentence” {MORE}",
    rf"give {re.escape(option('lines', False))}": f"choose “part of a text” {MORE}",
    rf"give {re.escape(option('plain', True))}": f"choose “read as words” {MORE}",
    "lower min_freq, or give": "give",
    ", or lower (max_window_size or )?min_freq": "",
}


def open_own_text(folder=FOLDER, **parsing):
    """Return the widget for a text of your own, which is a new one only for new arguments.

    So a cell that is run again shows the same widget, with the training under way.

    Parameters
    ----------
    folder, **parsing
        As for `OwnText`.

    Returns
    -------
    OwnText
    """
    key = Path(folder), parsing
    return reopened(OwnText, key, lambda: OwnText(folder, **parsing))


class OwnText(Page):
    """Choose a text, read it and train on it, then explore its vectors.

    What was chosen last counts, a file or a path, and the line beside the button names what
    arrived. All is done in a thread, so that neither the page nor the kernel waits for it;
    `wait` does. `state` can be read and observed.

    Parameters
    ----------
    folder : str or Path, default "my_vectors"
        Where the vectors are saved, each time under a new name. It is made if need be.
    split_sentences, tokenize : callable, optional
        Your own, see `text.sentences.read_text`.

    Attributes
    ----------
    upload : ipywidgets.FileUpload
    path, encoding : ipywidgets.Text
    lines, plain : controls.Choice
        See `text.sentences.read_text`.
    vectors : vectors.WordVectors or None
        Those of the last text that was trained on.
    report : text.indexing.Report or None
        What was read of that text.
    """

    state = T.Enum(STATES, "ready")

    def __init__(self, folder=FOLDER, split_sentences=None, tokenize=None):
        self.folder, self.vectors, self.report = Path(folder), None, None
        self._rules = {"split_sentences": split_sentences, "tokenize": tokenize}
        self._work, self._said, self._error = BackgroundWork(self._run), [], None
        self._build()
        self._show_state()
        self.observe(self._show_state, "state")

    def __repr__(self):
        return "Your own text, read, trained and explored; run this cell to use it."

    def _build(self):
        self.upload = W.FileUpload(
            accept=".txt,.md,.gz",
            multiple=True,
            description="Choose files",
            layout={"width": "auto"},
        )
        path = W.Text(placeholder="a file or folder, of any size")
        self.path = labeled("or path", path, PICTURE)
        self.encoding = labeled("encoding", W.Text("utf-8"), FIELD)
        kinds = {"find out": None, "one sentence": True, "part of a text": False}
        self.lines = Choice("a line is", kinds)
        self.plain = Choice("markup is", {"refused": False, "read as words": True})
        self._more = W.VBox([self.encoding, self.lines, self.plain])
        self._more.add_class("w2v-column")
        self._more.layout.display = "none"
        options = button("More options", self._unfold, icon="chevron-right")
        self.start = button("Read and train", lambda _: self.begin(), primary=True)
        self.stop = button("Stop", lambda _: self.halt())
        self._bar = W.FloatProgress(max=1.0, layout={"width": PICTURE})
        self._status, self._fault, self._report = W.HTML(), Fault(), W.HTML()
        self._saved, self._place = W.HTML(), W.VBox()
        self._arrived = W.HTML(LIMIT)
        self.upload.observe(self._show_arrived, "value")
        self.path.observe(self._leave_upload, "value")
        self.path.on_msg(self._on_message)
        super().__init__(
            [
                row(self.upload, self._arrived),
                self.path,
                row(options),
                self._more,
                row(self.start, self.stop),
                self._bar,
                self._status,
                self._fault,
                self._report,
                self._saved,
                self._place,
            ]
        )

    def _unfold(self, button):
        is_folded = self._more.layout.display == "none"
        self._more.layout.display = None if is_folded else "none"
        button.icon = "chevron-down" if is_folded else "chevron-right"

    # What was chosen

    def _show_arrived(self, _):
        files = self.upload.value
        if files:
            self.path.value = self._fault.value = ""
        names = ", ".join(each["name"] for each in files[:3]) + " …" * (len(files) > 3)
        size = sum(each["size"] for each in files)
        said = html.Markup('<span style="overflow-wrap:anywhere">Arrived: {} ({})</span>')
        self._arrived.value = said.format(names, megabytes(size)) if files else LIMIT

    def _leave_upload(self, _):
        if self.path.value.strip():
            self.upload.value = ()

    def _on_message(self, _, content, __):
        if content.get("event") == "submit":  # Enter
            self.begin()

    @contextmanager
    def _chosen(self):
        """Paths of the text, its name, and whether to keep the indexed text."""
        path = self.path.value.strip().strip("'\"")
        if path:
            yield [path], Path(path).name.split(".")[0], True
        elif files := self.upload.value:
            contents = [(each["name"], bytes(each["content"])) for each in files]
            with as_files(contents) as paths:  # no copy of an upload is to stay
                yield paths, paths[0].name.split(".")[0], False
        else:
            raise CorpusError("No text is chosen. Choose files, or type a path.")

    # What can be asked of it

    def begin(self):
        """Read and train in a thread; return at once."""
        if self._work.is_running:
            return
        self._bar.value = 0.0
        self._fault.value, self._error, self.state = "", None, "running"
        self._work.start()

    def halt(self):
        """Stop; a training stops after the step under way and shows its vectors so far."""
        self._work.halt()

    def wait(self):
        """Wait for the end, and print what was read and saved.

        Returns at once if nothing was begun. The notebook's stop button acts as Stop.
        """
        if not self._work.has_begun:
            print(NOTHING_YET)
            return
        with calling_on_interrupt(self.halt):
            self._work.join()
        print(self._error or "\n".join(self._said))

    # In the thread

    def _run(self):
        time.sleep(SECONDS_LATE)
        try:
            self.state = self._read_and_train()
        except _Stopped:
            self._say("Stopped before the training began." + self._kept())
            self.state = "stopped"
        except Exception as error:  # it would be lost in the thread
            self._error = CorpusError(_in_form(in_words(error)))
            self._fault.say(self._error)
            self._say(self._kept())
            self.state = "failed"

    def _kept(self):
        return " The vectors below are from the previous training." if self.vectors else ""

    def _read_and_train(self):
        """Returns the state to end in."""
        self._say("Reading …")
        with self._chosen() as (paths, name, keep):
            text = read_text(paths, **self._parsing())
            index = index_by_size(text, cache=keep, progress=self._watch_reading)
        self._go_on()
        plan, training = suggest(index.report.words), training_of(index)
        self._show_report(index.report, plan)
        if not is_compiled():
            self._say(COMPILING)
        self._go_on()
        self._train(training, plan.num_epochs)
        self.vectors, self.report = vectors_of(training, index, name), index.report
        self._show_vectors(name)
        if training.epochs_done == plan.num_epochs:
            self._say("Done.")
            return "done"
        self._say(
            f"Stopped at epoch {self.vectors.about['epochs']:.2f} of "
            f"{plan.num_epochs}: these are the vectors so far."
        )
        return "stopped"

    def _parsing(self):
        encoding = self.encoding.value.strip()
        form = {"encoding": encoding, "lines": self.lines.value, "plain": self.plain.value}
        return {**form, **self._rules}

    def _go_on(self):
        if self._work.is_halted:
            raise _Stopped

    def _watch_reading(self, bytes_done, bytes_all, seconds_left):
        self._go_on()
        share = bytes_done / bytes_all
        self._bar.max, self._bar.value = 1.0, share
        self._say(f"Reading: {share:.0%}, {time_left(seconds_left)}")

    def _train(self, training, num_epochs):
        self._bar.max, self._bar.value = float(num_epochs), 0.0
        self._work.follow(training)
        for record in training.run(num_epochs):
            self._work.follow(training)  # Stop may have been pressed before the run began
            self._bar.value = record.epoch
            self._say(
                f"Training: epoch {record.epoch:.1f} of {num_epochs} · loss "
                f"{record.loss:.3f} nats per pair · {time_left(record.seconds_left)}"
            )

    # What is seen

    def _say(self, text):
        self._status.value = html.escape(text)

    def _show_state(self, _=None):
        self.start.disabled = self.state == "running"
        self.stop.disabled = self.state != "running"

    def _show_report(self, report, plan):
        read, _, warning = _in_form(str(report)).partition("\n")
        planned = (
            f"To train: {plan.num_epochs} epochs; a word is kept if it occurs "
            f"{plan.min_freq} times or more."
        )
        self._said = [read, *filter(None, [warning]), planned]
        warned = html.Markup('<div class="w2v-fault">{}</div>').format(warning)
        self._report.value = html.Markup(
            '<div style="line-height:1.5"><div>{}</div>{}<div>{}</div></div>'
        ).format(read, warned if warning else "", planned)

    def _show_vectors(self, name):
        self._place.children = [Explorer(self.vectors, first_word(self.vectors))]
        saved = f"Vectors of {name}. {self._save(name)}"
        self._said.append(saved)
        shown = html.Markup('<div style="margin-top:8px">{}</div>')
        self._saved.value = shown.format(saved)

    def _save(self, name):
        try:
            path = save_new(self.vectors, self.folder, name)
            return f"Saved as {path}."
        except OSError as error:
            return (
                f"They could not be saved in {self.folder} ({error.strerror or error}), "
                "but they are kept until the kernel ends. To save them elsewhere, call "
                "w2v_lesson.files.formats.save_vectors with `.vectors` of this widget."
            )


def _in_form(said):
    """Let a message name what the form has, where it says what to pass to a function."""
    for pattern, field in IN_FORM.items():
        for case in (str.lower, str.upper):  # it may stand at the beginning of a sentence
            said = re.sub(case(pattern[0]) + pattern[1:], case(field[:1]) + field[1:], said)
    return said


class _Stopped(Exception):
    """Stop was pressed."""
