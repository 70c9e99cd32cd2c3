"""Check whether grouping by length, or drawing only once, makes the vectors worse."""

from benchmarks import NUM_EPOCHS, SHAPE, lesson
from benchmarks.report import table
from w2v_lesson.minibatches import load_data_ptb

TITLE = "Quality"


def run(quick=False):
    """Train in four ways; return a section of Markdown."""
    num_epochs = 1 if quick else NUM_EPOCHS
    rows = []
    for redraw in (False, True):
        for group in (False, True):
            losses = heldout_losses(num_epochs, redraw, group)
            drawn = "again each epoch" if redraw else "once"
            grouped = "yes" if group else "no"
            rows.append([drawn, grouped, *(f"{loss:.4f}" for loss in losses)])
    header = ["drawn", "grouped by length"]
    header += [f"epoch {i}" for i in range(1, num_epochs + 1)]
    return f"""\
Held-out loss (PTB valid, nats per pair) after each epoch, with one seed. The source draws
once and doesn't group.

{table(header, rows)}
"""


def heldout_losses(num_epochs, redraw, group_by_length):
    """Measure the held-out loss at the end of each epoch."""
    data_iter, vocab = lesson.load(redraw=redraw, group_by_length=group_by_length)
    heldout, _ = load_data_ptb(*SHAPE, split="valid", vocab=vocab)
    training = lesson.prepare(data_iter, heldout)
    return [r.heldout_loss for r in lesson.epoch_records(training, num_epochs)]
