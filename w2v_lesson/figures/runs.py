"""The loss curves of several runs as SVG, fast enough to follow a training. Chapter 09.

Hand-written, because matplotlib takes a tenth of a second for a figure, and the training
would have to wait for it.
"""

import html
import math

from w2v_lesson.figures.style import BLUE, GRAY, GREEN, ORANGE, PINK, themed

WIDTH, HEIGHT = 440, 250  # pixels
LEFT, RIGHT, TOP, BOTTOM = 52, 10, 10, 38  # pixels around the frame
COLORS = tuple(map(themed, (BLUE, ORANGE, GREEN, PINK, GRAY)))
# Around (0, 0): circle, square, diamond, triangle.
SHAPES = (
    '<circle r="4"/>',
    '<path d="M-3.5-3.5h7v7h-7z"/>',
    '<path d="M0-5l5 5l-5 5l-5-5z"/>',
    '<path d="M-4.5 3.5h9l-4.5-8z"/>',
)
ABOVE_GUESS = 1.15  # where the axis ends, as a multiple of the loss of the best guess
MAX_AT_START = 1.02 * math.log(2)  # where every training starts: each answer is 1/2
STEPS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20)  # from one tick to the next
MAX_TICKS = 7


def run_look(number):
    """Choose the color and the shape of a run; those of 20 runs in a row differ.

    Parameters
    ----------
    number : int
        From 1.

    Returns
    -------
    color, shape : str
        The shape is SVG around (0, 0).
    """
    # The shape changes with the color, for readers who can't tell colors apart.
    color = COLORS[(number - 1) % len(COLORS)]
    return color, SHAPES[(number - 1) % len(SHAPES)]


def useful_losses(runs, guess, running=None):
    """Find the part of the loss axis in which runs can be compared. Chapter 09.

    A training begins above the loss of the best guess, and one that diverges ends there.
    What there is to compare is below it.

    Parameters
    ----------
    runs : dict of int to list of training.Record
    guess : float
        Loss of the best constant guess in nats per pair, the largest if the runs differ.
    running : int, optional
        A run that is still training. It stays in view during its first epoch, and as long
        as its loss falls.

    Returns
    -------
    lowest, highest : float
    """
    losses = {n: [l for r in records for l in _losses(r)] for n, records in runs.items()}
    below = [loss for each in losses.values() for loss in each if loss < guess]
    highest = ABOVE_GUESS * guess
    if losses and not below:  # then the best one is in view as a whole
        highest = max(highest, 1.02 * max(min(losses.values(), key=lambda each: each[-1])))
    elif running and (runs[running][-1].epoch < 1 or not _rises(losses[running])):
        highest = max(highest, min(MAX_AT_START, 1.02 * losses[running][-1]))
    lowest = min(below, default=0.9 * guess)
    return max(0.0, lowest - 0.05 * (highest - lowest)), highest


def run_curves(runs, guess, alt, running=None):
    """Draw the training loss of runs as lines and their held-out loss as marks.

    The axes end where the runs can be compared, see `useful_losses`, so that a run that
    diverges does not squash the others. Chapter 09.

    Parameters
    ----------
    runs : dict of int to list of training.Record
        By number of the run, which sets color and shape. The last is drawn in bold.
    guess : float
        Loss of the best constant guess in nats per pair, the largest if the runs differ.
    alt : str
        The text for those who cannot see the picture. It is escaped.
    running : int, optional
        The run that is still training.

    Returns
    -------
    str
        SVG.
    """
    runs = {number: records for number, records in runs.items() if records}
    last_epoch = max([records[-1].epoch for records in runs.values()], default=1)
    losses = useful_losses(runs, guess, running)
    limits = (0, max(1, math.ceil(last_epoch))), losses
    place = _placing(*limits)
    curves = [
        _curve(number, records, place, width=1.5 + (i == len(runs) - 1))
        for i, (number, records) in enumerate(runs.items())
    ]
    return (
        f'<svg role="img" aria-label="{html.escape(alt)}" viewBox="0 0 {WIDTH} {HEIGHT}" '
        f'style="display:block;width:100%;max-width:{1.25 * WIDTH:.0f}px;height:auto" '
        'font-family="sans-serif" font-size="12" fill="currentColor">'
        f"{_axes(place, *limits)}{_guess_line(place, guess)}{_above(runs, losses[1])}"
        # What lies outside the frame is cut off.
        f'<svg x="{LEFT}" y="{TOP}" width="{WIDTH - LEFT - RIGHT}" overflow="hidden" '
        f'height="{HEIGHT - TOP - BOTTOM}" viewBox="{LEFT} {TOP} {WIDTH - LEFT - RIGHT} '
        f'{HEIGHT - TOP - BOTTOM}">{"".join(curves)}</svg></svg>'
    )


def _rises(losses):
    return losses[-1] > 1.05 * min(losses)


def _losses(record):
    return [record.loss, *([record.heldout_loss] if record.heldout_loss else [])]


def _placing(epochs, losses):
    """A function from epoch and loss to pixels."""
    width = (WIDTH - LEFT - RIGHT) / (1.02 * epochs[1])
    height = (HEIGHT - TOP - BOTTOM) / (losses[1] - losses[0])

    def place(epoch, loss):
        # Far above is as good as infinitely far, and SVG can't draw that.
        y = TOP + (losses[1] - loss) * height
        return LEFT + epoch * width, max(-HEIGHT, y) if math.isfinite(y) else -HEIGHT

    return place


def _curve(number, records, place, width):
    color, shape = run_look(number)
    points = " ".join("{:.1f},{:.1f}".format(*place(r.epoch, r.loss)) for r in records)
    marks = [
        '<g transform="translate({:.1f} {:.1f})">{}</g>'.format(
            *place(r.epoch, r.heldout_loss), shape
        )
        for r in records
        if r.heldout_loss is not None
    ]
    return (
        f'<g fill="{color}"><polyline points="{points}" fill="none" stroke="{color}" '
        f'stroke-width="{width}" stroke-linejoin="round"/>{"".join(marks)}</g>'
    )


def _axes(place, epochs, losses):
    x, y = place(0, losses[0])
    right = WIDTH - RIGHT
    lines = [
        f'<path d="M{x} {TOP}V{y:.1f}H{right}" fill="none" stroke="currentColor"/>',
        f'<text x="{(x + right) / 2}" y="{HEIGHT - 4}" text-anchor="middle">epoch</text>',
        f'<text transform="translate(11 {HEIGHT / 2 - 10}) rotate(-90)" '
        'text-anchor="middle">loss (nats per pair)</text>',
    ]
    for epoch in _ticks(*epochs, smallest=1):
        at = place(epoch, losses[0])[0]
        lines.append(f'<path d="M{at:.1f} {y:.1f}v4" stroke="currentColor"/>')
        lines.append(
            f'<text x="{at:.1f}" y="{y + 16:.1f}" text-anchor="middle">{epoch:g}</text>'
        )
    for loss in _ticks(*losses):
        at = place(0, loss)[1]
        lines.append(f'<path d="M{x} {at:.1f}h-4" stroke="currentColor"/>')
        lines.append(
            f'<text x="{x - 7}" y="{at + 4:.1f}" text-anchor="end">{loss:.2f}</text>'
        )
    return "".join(lines)


def _guess_line(place, guess):
    x, y = place(0, guess)
    right = WIDTH - RIGHT
    return (
        f'<path d="M{x} {y:.1f}H{right}" stroke="{GRAY}" stroke-dasharray="2 3"/>'
        f'<text x="{right}" y="{y - 5:.1f}" text-anchor="end">'
        f"always the same answer: {guess:.3f}</text>"
    )


def _above(runs, highest):
    """Say which runs have left the picture, and where they are."""
    ends = {number: records[-1].loss for number, records in runs.items()}
    gone = [f"run {n} at {loss:.2f}" for n, loss in ends.items() if loss > highest]
    if not gone:
        return ""
    return (
        f'<text x="{WIDTH - RIGHT}" y="{TOP + 10}" text-anchor="end">'
        f"↑ above: {', '.join(gone)}</text>"
    )


def _ticks(low, high, smallest=0.01):
    fitting = (s for s in STEPS if s >= smallest and (high - low) / s < MAX_TICKS)
    step = next(fitting, STEPS[-1])
    return [step * i for i in range(math.ceil(low / step), math.floor(high / step) + 1)]
