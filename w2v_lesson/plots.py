"""Arrays in, matplotlib figures out. Nothing here computes what a chapter teaches."""

import base64
import html
import io

import numpy as np
from IPython.display import display
from matplotlib import colormaps
from matplotlib.colors import to_hex, to_rgb, to_rgba_array
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

# Okabe and Ito's colours: told apart with any kind of colour vision.
BLUE, ORANGE, GREEN, PINK = "#0072B2", "#D55E00", "#009E73", "#CC79A7"
GREY, LIGHT = "#767676", "#E8E8E8"
DPI = 100


def contrast(color, other):
    """Contrast of two colours, from 1 (none) to 21; 4.5 is the least for small text.

    Source: Web Content Accessibility Guidelines 2.1, "contrast ratio".
    """
    dark, light = sorted(_luminance(each) + 0.05 for each in (color, other))
    return light / dark


def _luminance(color):
    rgb = np.array(to_rgb(color))
    linear = np.where(rgb <= 0.03928, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    return linear @ [0.2126, 0.7152, 0.0722]


def text_on(color):
    """Black or white, whichever can be read better on this colour."""
    return max(("white", "black"), key=lambda each: contrast(each, color))


def figure(width=6.4, height=3.2, **options):
    """Make an empty figure with axes; sizes in inches. Returns (fig, ax)."""
    fig = Figure(figsize=(width, height), dpi=DPI, layout="constrained")
    ax = fig.subplots(**options)
    for each in np.ravel(ax):
        each.spines[["top", "right"]].set_visible(False)
    return fig, ax


def _png(fig):
    buffer = io.BytesIO()
    fig.savefig(buffer, format="png", dpi=2 * DPI)  # sharp on dense screens
    return base64.b64encode(buffer.getvalue()).decode()


def show(fig, alt):
    """Display a figure as cell output, with a text for those who cannot see it."""
    width, height = (int(inches * DPI) for inches in fig.get_size_inches())
    display(
        {"image/png": _png(fig), "text/plain": alt},
        metadata={"image/png": {"alt": alt, "width": width, "height": height}},
        raw=True,
    )


def to_html(fig, alt):
    """Turn a figure into an <img> element with alternative text, for widgets."""
    width, height = (int(inches * DPI) for inches in fig.get_size_inches())
    # decoding="sync": the old picture stays until the new one is ready.
    return (
        f'<img width="{width}" height="{height}" alt="{html.escape(alt)}" '
        'style="display:block;max-width:100%;height:auto" '
        f'decoding="sync" src="data:image/png;base64,{_png(fig)}">'
    )


def keep_curve(frequency, keep, marked):
    """Probability to keep a word against its share of the text.

    frequency, keep : shape (words,)
    marked : dict of word to index, the words to name
    """
    fig, ax = figure()
    order = np.argsort(frequency)
    ax.semilogx(frequency[order], keep[order], color=BLUE)
    for word, i in marked.items():
        ax.plot(frequency[i], keep[i], "o", color=ORANGE)
        ax.annotate(
            word, (frequency[i], keep[i]), xytext=(6, 4), textcoords="offset points"
        )
    ax.set(
        xlabel="share of all words of the text",
        ylim=(0, 1.12),
        ylabel="probability to be kept",
    )
    return fig


def keep_frame(frequency, keep, label):
    """Axes over which the probability to keep a word moves; one curve for comparison.

    frequency, keep : shape (words,)
    label : what the curve for comparison is
    """
    fig, ax = figure(6.4, 2.6)
    order = np.argsort(frequency)
    ax.semilogx(frequency[order], keep[order], "--", color=GREY, label=label)
    for size, colour, what in ((12, BLUE, "word that stays"), (8, ORANGE, "dropped word")):
        ax.plot([], [], ".", ms=size, color=colour, label=what)
    ax.set(
        xlabel="share of all words of the text",
        ylim=(0, 1.12),
        ylabel="probability to be kept",
    )
    ax.legend(frameon=False, loc="lower left", fontsize=8)
    return fig


def survival_bars(words, keep, numbers):
    """Probability to keep each word of a sentence as bars, its random number as a tick.

    keep, numbers : shape (words,), from 0 to 1; a word stays if its number is lower
    """
    fig, ax = figure(max(4.0, 0.55 * len(words)), 2.9)
    for i, stays in enumerate(np.less(numbers, keep)):
        ax.bar(
            i,
            keep[i],
            color=BLUE if stays else ORANGE,
            hatch="" if stays else "///",
            edgecolor="white",
        )
    ax.plot(
        range(len(words)), numbers, "_", color="black", ms=16, mew=2, label="random number"
    )
    marks = ["" if stays else "× " for stays in np.less(numbers, keep)]
    words = [mark + word for mark, word in zip(marks, words, strict=True)]
    ax.set_xticks(range(len(words)), words, rotation=45, ha="right")
    ax.set(ylim=(0, 1.12), ylabel="probability to be kept")
    fig.legend(loc="outside upper right", frameon=False)
    return fig


def window(words, center, contexts, noise=()):
    """A sentence with a center word, its contexts and, below, the noise words.

    center : position of the center word
    contexts : positions of its contexts
    """
    fig, ax = figure(0.9 * max(len(words), len(noise)), 1.9 if len(noise) else 1.1)
    for i, word in enumerate(words):
        colour = ORANGE if i == center else BLUE if i in contexts else None
        _boxed(ax, i + 0.5, 1, word, colour)
    for i, word in enumerate(noise):
        x = (i + 0.5) * len(words) / len(noise)
        ax.plot([center + 0.5, x], [0.78, 0.22], color=GREEN, lw=0.6, zorder=0)
        _boxed(ax, x, 0, word, GREEN)
    ax.set(xlim=(0, len(words)), ylim=(-0.4 if len(noise) else 0.6, 1.4))
    ax.axis("off")
    return fig


def _boxed(ax, x, y, word, colour):
    box = {"boxstyle": "round", "fc": colour or LIGHT, "ec": "none"}
    ax.text(
        x,
        y,
        word,
        ha="center",
        va="center",
        fontsize=9,
        bbox=box,
        color=text_on(colour or LIGHT),
    )


def noise_curves(counts, curves, moving=None):
    """Probability to be drawn as noise, by rank of the word.

    counts : shape (words,), to rank the words by
    curves : dict of label to probabilities, shape (words,)
    moving : label of a black curve that will move over the figure
    """
    fig, ax = figure()
    order = np.argsort(-counts)[: np.count_nonzero(counts)]
    styles = [(ORANGE, "--"), (BLUE, "-"), (GREEN, ":")]
    for (label, probability), (colour, style) in zip(curves.items(), styles, strict=False):
        ax.loglog(
            1 + np.arange(len(order)),
            probability[order],
            color=colour,
            linestyle=style,
            label=label,
        )
    if moving:
        ax.plot([], [], color="black", lw=3, label=moving)
    ax.set(xlabel="rank of the word (1 = most frequent)", ylabel="probability to be drawn")
    ax.legend(frameon=False)
    return fig


def minibatches(batches):
    """The cells of minibatches as pictures: contexts, noise words and padding.

    batches : dict of title to (masks, labels), each of shape (batch, max_len); where
        one is narrower than another, white says that there are no cells
    """
    longest = max(masks.shape[1] for masks, _ in batches.values())
    fig, axes = _minibatch_axes(batches)
    for ax, (masks, labels) in zip(axes, batches.values(), strict=True):
        colours = cell_colors(masks, labels, (len(masks), longest))
        ax.imshow(colours, aspect="auto", interpolation="nearest")
    return fig


def minibatch_frame(titles, size):
    """The axes of `minibatches` without cells; size : (rows, columns) of the largest."""
    fig, axes = _minibatch_axes(titles)
    for ax in axes:
        ax.set(xlim=(-0.5, size[1] - 0.5), ylim=(size[0] - 0.5, -0.5))
    return fig


def _minibatch_axes(titles):
    fig, axes = figure(7.0, 3.4, ncols=len(titles), squeeze=False)
    for ax, title in zip(axes[0], titles, strict=True):
        ax.set(title=title, xlabel="position in the row", ylabel="example")
    marks = [axes[0, 0].scatter([], [], marker="s", color=c) for c in (BLUE, GREEN, LIGHT)]
    fig.legend(
        marks,
        ["context", "noise word", "padding"],
        loc="outside lower center",
        ncols=3,
        frameon=False,
    )
    return fig, axes[0]


def cell_colors(masks, labels, size):
    """Colours of a minibatch's cells: uint8, shape (rows, columns, 3).

    masks, labels : shape (batch, max_len)
    size : (rows, columns) of the picture, white where the batch has no cells
    """
    kinds = np.full(size, 3)
    kinds[: masks.shape[0], : masks.shape[1]] = masks + labels
    palette = to_rgba_array([LIGHT, GREEN, BLUE, "white"])[:, :3]
    return np.round(255 * palette).astype(np.uint8)[kinds]


def lookup(table, indices):
    """An embedding table beside the rows that a lookup takes out of it.

    table : shape (words, embed_size)
    indices : list of int
    """
    limit = np.abs(table).max()
    colours = {"cmap": "RdBu_r", "vmin": -limit, "vmax": limit, "aspect": "auto"}
    fig, (left, right) = figure(6.4, 4.2, ncols=2)
    image = left.imshow(table, **colours)
    right.imshow(table[indices], **colours)
    left.set(
        title="table",
        xlabel="dimension",
        ylabel="row = word index",
        yticks=range(len(table)),
        xticks=range(table.shape[1]),
    )
    right.set(
        title="what the lookup returns",
        xlabel="dimension",
        ylabel="word index asked for",
        xticks=range(table.shape[1]),
    )
    right.set_yticks(range(len(indices)), indices)
    for i in indices:
        left.get_yticklabels()[i].set(color=ORANGE, fontweight="bold")
    fig.colorbar(image, ax=right, label="weight")
    return fig


def table_with_room(table):
    """An embedding table with its numbers, and room for looked-up rows at its right.

    table : shape (words, embed_size). Row i lies at y = i, its numbers at x = 0, 1, ...;
        the rows to come belong at x = embed_size + 4 and on
    """
    rows, columns = table.shape
    limit, right = np.abs(table).max(), columns + 4
    fig, ax = figure(6.0, 0.5 + 0.22 * rows)
    for i, row in enumerate(table):
        for j, (color, text) in enumerate(zip(*weight_colors(row, limit), strict=True)):
            ax.add_patch(Rectangle((j - 0.5, i - 0.5), 1, 1, color=color, lw=0))
            ax.text(
                j,
                i,
                f"{row[j].round(2) + 0:.2f}",
                color=text,
                fontsize=8,
                ha="center",
                va="center_baseline",
            )
    for x, title in ((0, "table"), (right, "what the lookup returns")):
        ax.text(x + columns / 2 - 0.5, -1.1, title, ha="center")
    ax.set(
        xlim=(-0.5, right + columns - 0.5),
        ylim=(rows - 0.4, -1.6),
        xlabel="dimension",
        ylabel="row = word index",
        yticks=range(rows),
    )
    ax.set_xticks(
        [*range(columns), *range(right, right + columns)], 2 * list(range(columns))
    )
    ax.spines[:].set_visible(False)
    ax.tick_params(length=0)
    return fig


def weight_colors(weights, limit):
    """Red for positive, blue for negative weights, white for 0, full at +-limit.

    weights : shape (n,)

    Returns two lists of n colours: of cells, and of texts that can be read on them.
    """
    rgba = colormaps["RdBu_r"](0.5 + np.asarray(weights) / (2 * limit))
    return [to_hex(c) for c in rgba], [text_on(c[:3]) for c in rgba]


# Places of the boxes and of the shapes beside the arrows: x and y from 0 to 1.
SHAPE_BOXES = {
    "center": (0.22, 0.93, 0.4),
    "contexts_and_negatives": (0.72, 0.93, 0.5),
    "look up in embed_v": (0.22, 0.63, 0.4),
    "look up in embed_u": (0.72, 0.63, 0.5),
    "batch_dot": (0.495, 0.32, 0.95),
    "scores": (0.495, 0.04, 0.4),
}
SHAPE_PLACES = {
    "center": (0.22, 0.8, "(batch, 1)"),
    "contexts_and_negatives": (0.72, 0.8, "(batch, max_len)"),
    "v": (0.22, 0.49, "(batch, 1, embed_size)"),
    "u": (0.72, 0.49, "(batch, max_len, embed_size)"),
    "scores": (0.495, 0.19, "(batch, 1, max_len)"),
}


def shape_flow(shapes=None):
    """Diagram of `skip_gram`: boxes, and beside the arrows the shapes of the arrays.

    shapes : dict as `model.skip_gram_shapes` makes it; None leaves room for them at
        SHAPE_PLACES, a little above the names of their axes
    """
    fig, ax = figure(6.0, 4.2)
    for text, (x, y, width) in SHAPE_BOXES.items():
        data = text in SHAPE_PLACES
        ax.add_patch(
            Rectangle(
                (x - width / 2, y - 0.06),
                width,
                0.12,
                ec=BLUE,
                lw=1.5,
                fc="white" if data else BLUE,
            )
        )
        ax.text(x, y, text, ha="center", va="center", color="black" if data else "white")
    for name, (x, y, axes) in SHAPE_PLACES.items():
        ax.annotate(
            "",
            (x - 0.14, y - 0.095),
            (x - 0.14, y + 0.075),
            arrowprops={"arrowstyle": "-|>", "color": GREY, "lw": 2},
        )
        ax.text(x - 0.1, y - 0.05, axes, fontsize=9, color=GREY)
        if shapes:
            ax.text(x - 0.1, y + 0.015, shape_text(name, shapes[name]), fontsize=10)
    ax.set(xlim=(0, 1), ylim=(-0.03, 1))
    ax.axis("off")
    return fig


def shape_text(name, shape):
    """A shape as it stands beside its arrow, "u (512, 36, 100)" for example."""
    return f"{name} {shape}" if name in "uv" else str(shape)


def pair_losses(logits, curves, marks=()):
    """Loss of one pair against its logit, with tangents at some points.

    curves : dict of label to values
    marks : (logit, loss, gradient) of each point
    """
    fig, ax = figure()
    styles = [(BLUE, "-"), (ORANGE, "--")]
    for (label, values), (colour, style) in zip(curves.items(), styles, strict=False):
        ax.plot(logits, values, color=colour, linestyle=style, label=label)
    ax.axhline(np.log(2), color=GREY, lw=0.8)
    ax.text(logits[0], np.log(2) + 0.08, "ln 2", color=GREY)
    for logit, loss, gradient in marks:
        x, y = tangent(logit, loss, gradient)
        ax.plot(x, y, color="black", lw=1)
        ax.plot(logit, loss, "o", color="black")
        left = gradient > 0  # where neither curve nor tangent is
        ax.annotate(
            f"slope {gradient:+.2f}",
            (logit, loss),
            xytext=(-9 if left else 9, 5),
            textcoords="offset points",
            ha="right" if left else "left",
        )
    ax.set(xlabel="logit  u·v", ylabel="loss (nats per pair)")
    ax.legend(frameon=False)
    return fig


def tangent(x, y, slope, length=2.0):
    """Ends of a line through (x, y) with this slope, `length` wide: xs, ys."""
    half = np.array([-length / 2, length / 2])
    return x + half, y + slope * half


# Colour and marker of the center, of contexts and of noise words.
ROLES = {"center": (ORANGE, "D"), "context": (BLUE, "o"), "noise word": (GREEN, "s")}


def shadow_plane(points):
    """Axes of equal scale for vectors seen in a plane; points : shape (..., 2)."""
    points = np.reshape(points, (-1, 2))
    low, high = points.min(axis=0), points.max(axis=0)
    pad = 0.06 * max(high - low)
    (left, bottom), (right, top) = low - pad, high + pad
    height = 5.4 * (top - bottom) / (right - left)
    fig, ax = figure(6.0, min(6.0, 0.85 + height))  # with room for labels and legend
    ax.axhline(0, color=LIGHT, zorder=0)
    ax.axvline(0, color=LIGHT, zorder=0)
    ax.set(
        xlim=(left, right),
        ylim=(bottom, top),
        aspect="equal",
        xlabel="first direction of the plane",
        ylabel="second direction",
    )
    marks = [ax.scatter([], [], marker=m, color=c) for c, m in ROLES.values()]
    fig.legend(marks, list(ROLES), loc="outside upper center", ncols=3, frameon=False)
    return fig


def one_step(words, roles, before, after):
    """Vectors in a plane, and where one step takes them.

    words, roles : list of str; roles are the keys of ROLES
    before, after : shape (words, 2)
    """
    fig = shadow_plane([before, after])
    (ax,) = fig.axes
    for word, role, start, end in zip(words, roles, before, after, strict=True):
        color, marker = ROLES[role]
        ax.plot(*start, marker, color=color)
        look = {"color": color, "lw": 1.5, "shrinkA": 0, "shrinkB": 0}
        ax.annotate("", end, start, arrowprops={"arrowstyle": "-|>", **look})
        down, va = (-7, "top") if end[1] > start[1] else (7, "bottom")  # off the arrow
        ax.annotate(
            word, start, xytext=(0, down), textcoords="offset points", ha="center", va=va
        )
    return fig


def loss_curve(records, num_epochs):
    """Training loss by step (light) and epoch (bold), held-out loss, best epoch.

    records : list of `training.Record`
    """
    fig, ax = figure(6.4, 3.4)
    ax.plot(
        [r.epoch for r in records],
        [r.loss for r in records],
        color=BLUE,
        alpha=0.4,
        lw=1,
        label="training, by step",
    )
    ends = [r for r in records if r.epoch_loss is not None]
    ax.plot(
        [r.epoch for r in ends],
        [r.epoch_loss for r in ends],
        "o-",
        color=BLUE,
        label="training, mean of the epoch",
    )
    tested = [r for r in ends if r.heldout_loss is not None]
    if tested:
        ax.plot(
            [r.epoch for r in tested],
            [r.heldout_loss for r in tested],
            "s--",
            color=ORANGE,
            label="held-out",
        )
        best = min(tested, key=lambda r: r.heldout_loss)
        ax.plot(
            best.epoch,
            best.heldout_loss,
            "*",
            color=ORANGE,
            ms=15,
            label=f"lowest held-out: epoch {best.epoch:.0f}",
        )
    ax.set(xlim=(0, 1.02 * num_epochs), xlabel="epoch", ylabel="loss (nats per pair)")
    ax.legend(frameon=False, fontsize=8)
    return fig


def compare_runs(runs, num_epochs):
    """Loss curves of several trainings in one figure, the last one in bold.

    runs : dict of label to list of `training.Record`; lines are the training loss,
        squares the held-out loss
    """
    fig, ax = figure(6.4, 3.4)
    colours, markers = [BLUE, ORANGE, GREEN, PINK], "so^Dv"
    for i, (label, records) in enumerate(runs.items()):
        last = i == len(runs) - 1
        look = {"color": colours[i % 4], "alpha": 1 if last else 0.45}
        ax.plot([r.epoch for r in records], [r.loss for r in records], lw=1 + last, **look)
        tested = [r for r in records if r.heldout_loss is not None]
        ax.plot(
            [r.epoch for r in tested],
            [r.heldout_loss for r in tested],
            "--",
            marker=markers[i % 5],
            label=f"{label}, held-out",
            **look,
        )
    ax.set(xlim=(0, 1.02 * num_epochs), xlabel="epoch", ylabel="loss (nats per pair)")
    ax.legend(frameon=False, fontsize=8)
    return fig


def epoch_losses(runs, guess):
    """Training and held-out loss of several trainings by epoch, the lowest starred.

    runs : dict of label to list of `training.Record`
    guess : loss of a model that knows nothing about words, in nats per pair
    """
    fig, ax = figure(6.4, 3.6)
    looks = (ORANGE, "o-", "s--"), (BLUE, "^-", "D--")
    for (label, records), look in zip(runs.items(), looks, strict=False):
        colour, training, heldout = look
        ends = [r for r in records if r.epoch_loss is not None]
        epochs = [r.epoch for r in ends]
        ax.plot(
            epochs,
            [r.epoch_loss for r in ends],
            training,
            ms=4,
            color=colour,
            label=f"{label}: training",
        )
        ax.plot(
            epochs,
            [r.heldout_loss for r in ends],
            heldout,
            ms=5,
            color=colour,
            label=f"{label}: held-out",
        )
        best = min(ends, key=lambda r: r.heldout_loss)
        ax.plot(best.epoch, best.heldout_loss, "*", color=colour, ms=15)
    ax.axhline(guess, color=GREY, lw=1, ls=":", label="always the same guess")
    ax.set(xlabel="epoch", ylabel="loss (nats per pair)")
    fig.legend(loc="outside upper center", ncols=3, frameon=False, fontsize=8)
    return fig


def intervals(estimates, xlabel):
    """Values with a range around each, the first on top, and a line at 0.

    estimates : dict of label to (value, low, high)
    """
    fig, ax = figure(6.4, 0.9 + 0.3 * len(estimates))
    for i, (value, low, high) in enumerate(estimates.values()):
        ax.plot([low, high], [i, i], "|-", color=BLUE, ms=9, lw=1.5)
        ax.plot(value, i, "o", color=BLUE)
    ax.axvline(0, color=GREY, lw=1, ls=":")
    ax.set_yticks(range(len(estimates)), list(estimates))
    ax.set(xlabel=xlabel, ylim=(len(estimates) - 0.5, -0.5))
    return fig


def learning_curves(sizes, curves, guess):
    """Accuracy against the number of labels: mean and range over draws of the labels.

    sizes : labels per class
    curves : dict of label to accuracies, from 0 to 1, shape (len(sizes), draws)
    guess : accuracy of a guess
    """
    fig, ax = figure(6.4, 3.4)
    looks = (BLUE, "o-"), (ORANGE, "s--"), (GREEN, "^:")
    width = 1.04 ** np.arange(-1, 2)  # side by side, so that the ranges can be told apart
    for shift, (colour, look), label in zip(width, looks, curves, strict=False):
        each, x = 100 * np.asarray(curves[label]), shift * np.asarray(sizes)
        ax.plot(x, each.mean(axis=1), look, color=colour, label=label)
        ax.vlines(x, each.min(axis=1), each.max(axis=1), color=colour, lw=1)
    ax.axhline(100 * guess, color=GREY, lw=1, ls=":", label="guess")
    ax.set_xscale("log")
    ax.set_xticks(sizes, [str(size) for size in sizes])
    ax.minorticks_off()
    ax.set(
        xlabel="labelled words per class",
        ylabel="% of the other words right",
        ylim=(0, 100),
    )
    ax.legend(frameon=False, fontsize=8, loc=(0.65, 0.22))
    return fig


def confusion(names, shares):
    """Which class was taken for which: one row for each class, numbers in percent.

    names : of the classes
    shares : shape (classes, classes), rows add up to 1
    """
    fig, ax = figure(6.4, 3.6)
    colors = colormaps["cividis_r"]
    ax.imshow(100 * shares, cmap=colors, vmin=0, vmax=100, aspect="auto")
    for (i, j), share in np.ndenumerate(shares):
        ax.text(
            j,
            i,
            f"{100 * share:.0f}",
            ha="center",
            va="center",
            color=text_on(colors(share)[:3]),
        )
    ax.set_xticks(range(len(names)), names)
    ax.set_yticks(range(len(names)), names)
    ax.set(xlabel="answer of the classifier", ylabel="class of the word")
    return fig


def overlap_curves(lows, shares, k):
    """How many neighbours stay from training to training, against the word's count.

    lows : shape (groups,), the least count in each group
    shares : dict of label to share of neighbours in common, shape (groups,)
    k : neighbours looked at
    """
    fig, ax = figure()
    for (label, each), look in zip(shares.items(), ("o-", "s--", "^:"), strict=False):
        colour = {"o": BLUE, "s": ORANGE, "^": GREEN}[look[0]]
        ax.plot(lows, 100 * np.asarray(each), look, color=colour, label=label)
    ax.set_xscale("log")
    ax.set_xticks(lows, [f"{low:,}" for low in lows], minor=False)
    ax.minorticks_off()
    ax.set(
        xlabel="occurrences of the word (from here up to the next mark)",
        ylabel=f"% of the {k} nearest kept",
        ylim=(0, None),
    )
    ax.legend(frameon=False)
    return fig


def cost_bars(costs, unit):
    """Horizontal bars of costs, the first on top.

    costs : dict of label to cost
    unit : name of the cost with its unit
    """
    fig, ax = figure(6.4, 0.9 + 0.36 * len(costs))
    values = list(costs.values())
    ax.barh(list(costs), values, color=BLUE)
    for i, value in enumerate(values):
        ax.text(value + 0.01 * max(values), i, f"{value:.3g}", va="center", fontsize=9)
    ax.invert_yaxis()
    ax.set(xlabel=unit, xlim=(0, 1.12 * max(values)))
    return fig


def steps_on_machines(machines, panels, alone):
    """Time of a step by the number of machines, a panel each for some ways to do it.

    machines : numbers of machines
    panels : dict of title to dict of label to milliseconds, one for each of `machines`
    alone : milliseconds on one machine
    """
    fig, axes = figure(7.4, 3.4, ncols=len(panels), sharey=True)
    styles = [(ORANGE, "o"), (BLUE, "s"), (GREEN, "^"), (PINK, "D")]
    for ax, (title, curves) in zip(np.atleast_1d(axes), panels.items(), strict=True):
        for (label, times), (colour, marker) in zip(curves.items(), styles, strict=False):
            ax.loglog(machines, times, color=colour, marker=marker, label=label)
        ax.axhline(alone, color="black", linestyle="--", label="one machine")
        ax.set(title=title, xlabel="machines", ylabel="ms a step")
        ax.set_xticks(machines, [str(n) for n in machines])
        ax.minorticks_off()
        ax.yaxis.set_major_formatter("{x:g}")
    ax.legend(frameon=False, fontsize=8)
    return fig


def neighbour_bars(word, neighbours):
    """Cosine similarity of a word's neighbours as bars, the nearest on top.

    neighbours : list of `vectors.Neighbour`
    """
    fig, ax = figure(6.4, 0.9 + 0.28 * len(neighbours))
    cosines = [n.cosine for n in neighbours]
    ax.barh([n.word for n in neighbours], cosines, color=BLUE)
    for i, n in enumerate(neighbours):
        ax.text(n.cosine + 0.01, i, f"{n.cosine:.2f}   {n.seen}", va="center", fontsize=8)
    ax.invert_yaxis()
    ax.set(
        xlim=(min(0, *cosines), 1.35),
        xticks=np.arange(0, 1.1, 0.2),
        xlabel=f"cosine similarity to “{word}”",
    )
    return fig


def compare_neighbours(lists):
    """Two lists of neighbours side by side; the words of both in blue, with a dot.

    lists : dict of title to list of `vectors.Neighbour`, two of them
    """
    first, second = ({n.word for n in found} for found in lists.values())
    rows = max(map(len, lists.values()))
    fig, axes = figure(6.4, 1.0 + 0.28 * rows, ncols=2)
    for ax, (title, found) in zip(axes, lists.items(), strict=True):
        both = [n.word in first & second for n in found]
        ax.barh(
            [n.word for n in found],
            [n.cosine for n in found],
            color=[BLUE if each else ORANGE for each in both],
        )
        for i, (n, each) in enumerate(zip(found, both, strict=True)):
            ax.text(
                max(0, n.cosine) + 0.03,
                i,
                f"{n.cosine:.2f} {'● both' * each}",
                va="center",
                fontsize=8,
            )
        ax.invert_yaxis()
        ax.set(
            title=title,
            xlim=(min(0, *(n.cosine for n in found)), 1.3),
            xticks=np.arange(0, 1.1, 0.5),
            xlabel="cosine similarity",
        )
    return fig


def word_map(words, points, groups, explained):
    """Words as points in the plane, coloured by group.

    words : list of str
    points : shape (words, 2)
    groups : list of str, one for each word
    explained : share of the variance along each axis, shape (2,)
    """
    from adjustText import adjust_text  # brings SciPy: two seconds for this map alone

    fig, ax = figure(7.2, 5.4)
    styles = zip((BLUE, ORANGE, GREEN, PINK, GREY), "osD^v", strict=True)
    for group, (colour, marker) in zip(dict.fromkeys(groups), styles, strict=False):
        rows = [i for i, each in enumerate(groups) if each == group]
        ax.scatter(*points[rows].T, color=colour, marker=marker, label=group, s=28)
    ax.set(
        xlabel=f"first component ({explained[0]:.0%} of the variance)",
        ylabel=f"second component ({explained[1]:.0%})",
    )
    ax.margins(0.1)
    # Beside the axes, where no word can be.
    fig.legend(loc="outside upper center", ncols=5, frameon=False)
    labels = [
        ax.text(*point, word, fontsize=9) for word, point in zip(words, points, strict=True)
    ]
    fig.draw_without_rendering()  # the labels' sizes must be known to part them
    adjust_text(
        labels,
        *points.T,
        ax=ax,
        expand=(1.2, 1.4),
        iter_lim=500,
        arrowprops={"arrowstyle": "-", "color": GREY, "lw": 0.6},
    )
    return fig
