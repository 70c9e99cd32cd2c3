"""Arrays in, matplotlib figures out. Nothing here computes what a chapter teaches."""

import base64
import html
import io

import numpy as np
from IPython.display import display
from matplotlib.colors import ListedColormap
from matplotlib.figure import Figure

# Okabe and Ito's colours: told apart with any kind of colour vision.
BLUE, ORANGE, GREEN, PINK = "#0072B2", "#D55E00", "#009E73", "#CC79A7"
GREY, LIGHT = "#767676", "#E8E8E8"
DPI = 100


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
        ax.annotate(word, (frequency[i], keep[i]), xytext=(6, 4),
                    textcoords="offset points")  # fmt: skip
    ax.set(xlabel="share of all words of the text", ylim=(0, 1.12),
           ylabel="probability to be kept")  # fmt: skip
    return fig


def sentence_bars(words, values, ylabel):
    """One bar for each word of a sentence, in order; values from 0 to 1."""
    fig, ax = figure(max(4.0, 0.55 * len(words)), 2.6)
    ax.bar(range(len(words)), values, color=[BLUE if v >= 0.5 else ORANGE for v in values])
    ax.set_xticks(range(len(words)), words, rotation=45, ha="right")
    for i, value in enumerate(values):
        ax.text(i, value + 0.02, f"{value:.2f}", ha="center", fontsize=8)
    ax.set(ylim=(0, 1.12), ylabel=ylabel)
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
    ax.text(x, y, word, ha="center", va="center", fontsize=9, bbox=box,
            color="white" if colour else "black")  # fmt: skip


def noise_curves(counts, curves):
    """Probability to be drawn as noise, by rank of the word.

    counts : shape (words,), to rank the words by
    curves : dict of label to probabilities, shape (words,)
    """
    fig, ax = figure()
    order = np.argsort(-counts)[: np.count_nonzero(counts)]
    styles = [(ORANGE, "--"), (BLUE, "-"), (GREEN, ":")]
    for (label, probability), (colour, style) in zip(curves.items(), styles, strict=False):
        ax.loglog(1 + np.arange(len(order)), probability[order], color=colour,
                  linestyle=style, label=label)  # fmt: skip
    ax.set(xlabel="rank of the word (1 = most frequent)",
           ylabel="probability to be drawn")  # fmt: skip
    ax.legend(frameon=False)
    return fig


def minibatches(batches):
    """The cells of minibatches as pictures: contexts, noise words and padding.

    batches : dict of title to (masks, labels), each of shape (batch, max_len)
    """
    fig, axes = figure(7.0, 3.4, ncols=len(batches), squeeze=False)
    colours = ListedColormap([LIGHT, GREEN, BLUE])
    for ax, (title, (masks, labels)) in zip(axes[0], batches.items(), strict=True):
        ax.imshow(masks + labels, cmap=colours, vmin=0, vmax=2, aspect="auto",
                  interpolation="nearest")  # fmt: skip
        ax.set(title=title, xlabel="position in the row", ylabel="example")
    marks = [axes[0, 0].scatter([], [], marker="s", color=c) for c in (BLUE, GREEN, LIGHT)]
    fig.legend(marks, ["context", "noise word", "padding"], loc="outside lower center",
               ncols=3, frameon=False)  # fmt: skip
    return fig


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
    left.set(title="table", xlabel="dimension", ylabel="row = word index",
             yticks=range(len(table)), xticks=range(table.shape[1]))  # fmt: skip
    right.set(title="what the lookup returns", xlabel="dimension",
              ylabel="word index asked for", xticks=range(table.shape[1]))  # fmt: skip
    right.set_yticks(range(len(indices)), indices)
    for i in indices:
        left.get_yticklabels()[i].set(color=ORANGE, fontweight="bold")
    fig.colorbar(image, ax=right, label="weight")
    return fig


def pair_losses(logits, curves):
    """Loss of one pair against its logit; curves : dict of label to values."""
    fig, ax = figure()
    styles = [(BLUE, "-"), (ORANGE, "--")]
    for (label, values), (colour, style) in zip(curves.items(), styles, strict=False):
        ax.plot(logits, values, color=colour, linestyle=style, label=label)
    ax.axhline(np.log(2), color=GREY, lw=0.8)
    ax.text(logits[0], np.log(2) + 0.08, "ln 2", color=GREY)
    ax.set(xlabel="logit  u·v", ylabel="loss (nats per pair)")
    ax.legend(frameon=False)
    return fig


def loss_curve(records, num_epochs):
    """Training loss by step (light) and epoch (bold), held-out loss, best epoch.

    records : list of `training.Record`
    """
    fig, ax = figure(6.4, 3.4)
    ax.plot([r.epoch for r in records], [r.loss for r in records], color=BLUE,
            alpha=0.4, lw=1, label="training, by step")  # fmt: skip
    ends = [r for r in records if r.epoch_loss is not None]
    ax.plot([r.epoch for r in ends], [r.epoch_loss for r in ends], "o-", color=BLUE,
            label="training, mean of the epoch")  # fmt: skip
    tested = [r for r in ends if r.heldout_loss is not None]
    if tested:
        ax.plot([r.epoch for r in tested], [r.heldout_loss for r in tested], "s--",
                color=ORANGE, label="held-out")  # fmt: skip
        best = min(tested, key=lambda r: r.heldout_loss)
        ax.plot(best.epoch, best.heldout_loss, "*", color=ORANGE, ms=15,
                label=f"lowest held-out: epoch {best.epoch:.0f}")  # fmt: skip
    ax.set(xlim=(0, 1.02 * num_epochs), xlabel="epoch", ylabel="loss (nats per pair)")
    ax.set_title(_progress(records, num_epochs), fontsize=9, loc="left")
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
        ax.plot([r.epoch for r in tested], [r.heldout_loss for r in tested], "--",
                marker=markers[i % 5], label=f"{label}, held-out", **look)  # fmt: skip
    ax.set(xlim=(0, 1.02 * num_epochs), xlabel="epoch", ylabel="loss (nats per pair)")
    ax.legend(frameon=False, fontsize=8)
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


def _progress(records, num_epochs):
    if not records:
        return "starting"
    last = records[-1]
    return (
        f"epoch {last.epoch:.2f} of {num_epochs}   "
        f"{last.centers_per_second:,.0f} centers/s   {last.seconds_left:.0f} s left"
    )


def neighbour_bars(word, neighbours):
    """Cosine similarity of a word's neighbours as bars, the nearest on top.

    neighbours : list of `vectors.Neighbour`
    """
    fig, ax = figure(6.4, 0.9 + 0.28 * len(neighbours))
    cosines = [n.cosine for n in neighbours]
    ax.barh([n.word for n in neighbours], cosines, color=BLUE)
    for i, n in enumerate(neighbours):
        ax.text(n.cosine + 0.01, i, f"{n.cosine:.2f}   seen {n.count:,} times", va="center",
                fontsize=8)  # fmt: skip
    ax.invert_yaxis()
    ax.set(xlim=(min(0, *cosines), 1.35), xticks=np.arange(0, 1.1, 0.2),
           xlabel=f"cosine similarity to “{word}”")  # fmt: skip
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
    ax.set(xlabel=f"first component ({explained[0]:.0%} of the variance)",
           ylabel=f"second component ({explained[1]:.0%})")  # fmt: skip
    ax.margins(0.1)
    # Beside the axes, where no word can be.
    fig.legend(loc="outside upper center", ncols=5, frameon=False)
    labels = [
        ax.text(*point, word, fontsize=9) for word, point in zip(words, points, strict=True)
    ]
    fig.draw_without_rendering()  # the labels' sizes must be known to part them
    adjust_text(labels, *points.T, ax=ax, expand=(1.2, 1.4), iter_lim=500,
                arrowprops={"arrowstyle": "-", "color": GREY, "lw": 0.6})  # fmt: skip
    return fig
