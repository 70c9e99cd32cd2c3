"""What the page shows during a compilation, a training, or the reading of a text.

Serves chapters 00 and 05 to 12.
"""

import time
from contextlib import contextmanager

import ipywidgets as W
from IPython.display import display

from w2v_lesson.wording import time_left

COMPILING = (
    "Compiling the fast engine. This takes about a minute, and only the first time …"
)


def display_for_now(widget):
    """Display a widget without the line of text that would stay when it is closed.

    Parameters
    ----------
    widget : ipywidgets.Widget
    """
    bundle = widget._repr_mimebundle_()
    bundle.pop("text/plain", None)
    display(bundle, raw=True)


def compile_engine():
    """Compile the fused engine in advance, and say so if that takes more than a moment."""
    # Imported here, because it loads MXNet and numba, which the explorer does not need.
    from w2v_lesson.engine.warm_up import compile_ahead, is_compiled

    message = W.Label(COMPILING)
    if not is_compiled():
        display_for_now(message)
    try:
        compile_ahead()
    finally:
        message.close()


@contextmanager
def reading_note():
    """Show that the text is being read inside the block, which may begin with slow imports."""
    note = W.HTML('<div role="status">Reading the text …</div>')
    display_for_now(note)
    try:
        yield
    finally:
        note.close()


class TimeLeft:
    """An estimate of the time left, from what was trained since it was made.

    So an earlier part of the training, which may have been faster or slower, has no
    influence, and neither has the first step, during which the engine warms up.
    """

    def __init__(self):
        self._first = None

    def __call__(self, epoch, num_epochs):
        """Write how much longer the training will take.

        Parameters
        ----------
        epoch : float
            Epochs trained so far.
        num_epochs : int
            Epochs to train in total.

        Returns
        -------
        str
            "measuring the time left …" at the first call, then for example "about 26 s left".
        """
        now = time.monotonic()
        self._first = self._first or (epoch, now)
        first_epoch, started = self._first
        if epoch <= first_epoch:
            return "measuring the time left …"
        return time_left((num_epochs - epoch) * (now - started) / (epoch - first_epoch))


def progress_bar(training, num_epochs):
    """Run a training, and show a bar with the time left.

    Parameters
    ----------
    training : training.Training
    num_epochs : int
        Epochs to train in total.
    """
    if training.engine.name == "fused":
        compile_engine()
    bar = W.FloatProgress(max=num_epochs, description="training")
    left, estimate = W.Label(), TimeLeft()
    box = W.HBox([bar, left])
    display_for_now(box)
    try:
        for record in training.run(num_epochs):
            bar.value = record.epoch
            left.value = estimate(record.epoch, num_epochs)
    finally:
        box.close()


progress_bar.while_reading = reading_note  # for `ptb_vectors`


@contextmanager
def reading_bar():
    """Show a bar inside the block.

    Yields
    ------
    callable
        The function to pass on as `progress`.

    Examples
    --------
    >>> with reading_bar() as progress:
    ...     data_iter, vocab = load_data_text(path, 512, 5, 5, progress=progress)
    """
    bar, left = W.FloatProgress(max=1, description="reading"), W.Label()
    box = W.HBox([bar, left])
    display_for_now(box)

    def show(bytes_done, bytes_all, seconds_left):
        bar.value = bytes_done / bytes_all
        left.value = f"{bar.value:.0%} read, {time_left(seconds_left)}"

    try:
        yield show
    finally:
        box.close()


def epoch_line(record):
    """Write the losses at the end of an epoch as a line of text.

    Parameters
    ----------
    record : training.Record
        The last one of an epoch.

    Returns
    -------
    str
    """
    line = f"epoch {record.epoch:.0f}: training loss {record.epoch_loss:.3f}"
    if record.heldout_loss is not None:
        line += f", held-out loss {record.heldout_loss:.3f}"
    return line


def losses_in_words(training):
    """Write the alternative text of a loss curve: the losses of the epochs completed.

    Parameters
    ----------
    training : training.Training

    Returns
    -------
    str
    """
    ends = [r for r in training.records if r.epoch_loss is not None]
    losses = "; ".join(epoch_line(r) for r in ends)
    return f"Loss curve. {losses or 'No epoch was completed.'}"
