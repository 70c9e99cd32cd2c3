"""Measure what more text, more dimensions, and more words cost the fused engine."""

import gc
import itertools
import math
import re
import time
from pathlib import Path

import numpy as np
from mxnet import npx

from benchmarks import BATCH_SIZE, EMBED_SIZE, LR, SEED, SHAPE
from benchmarks.report import spread, table
from benchmarks.sides import Side, seconds
from w2v_lesson.engine import fused, warm_up
from w2v_lesson.minibatches import WORDS_AT_ONCE, SkipGramData
from w2v_lesson.model import build_net, initialize
from w2v_lesson.vocabulary import UNKNOWN, Vocab

TITLE = "Scale"
PLOT = Path(__file__).with_name("scale.png")
PTB_WORDS, PTB_VOCABULARY, SENTENCE_LENGTH = 887_521, 6_719, 21
SIZES = (1, 4, 16, 64)  # times PTB
DIMENSIONS = (25, 50, 100, 200, 400)
VOCABULARIES = (PTB_VOCABULARY, 25_000, 100_000)
WARM_UP, BLOCKS, BLOCK_STEPS = 200, 4, 100  # steps; together less than an epoch of PTB
MIB = 2**20


def run(quick=False):
    """Measure; return a section of Markdown, and draw the plot unless `quick`."""
    with Side(warm_up.compile_ahead):
        pass  # puts compiled code into the cache, so no process below needs to compile
    sizes = {n: measure_apart(n * PTB_WORDS, grown(n)) for n in SIZES[: 2 if quick else 4]}
    base = sizes[1]
    dimensions = {
        d: base if d == EMBED_SIZE else measure_apart(PTB_WORDS, PTB_VOCABULARY, d)
        for d in (DIMENSIONS[1:3] if quick else DIMENSIONS)
    }
    same_words = {
        n * PTB_WORDS: base if n == 1 else measure_apart(n * PTB_WORDS, grown(1))
        for n in SIZES[: 2 if quick else 3]
    }
    vocabularies = {
        v: base if v == PTB_VOCABULARY else measure_apart(PTB_WORDS, v)
        for v in VOCABULARIES[: 2 if quick else 3]
    }
    bound = math.ceil(max(one["bytes_per_token"] for one in sizes.values()))
    if not quick:
        draw(sizes, dimensions)
    return f"""\
The texts are random. Their words are as frequent as Zipf's law says, their sentences have
{SENTENCE_LENGTH} words on average, and their vocabulary starts at PTB's size and grows with the
square root of the text. Each line comes from a fresh process. Training is timed over {BLOCKS} ×
{BLOCK_STEPS} steps of {BATCH_SIZE} centers (including making the batches) after {WARM_UP} steps
to warm up, not over an epoch. Drawing means subsampling and windows. It happens once an epoch,
on one thread. A text of more than {WORDS_AT_ONCE:,} words is drawn and shuffled in parts, and
the first batch waits until one part has been drawn (again, if there are several) and shuffled.
Memory is the peak, minus what the process had before the text. The tables (weights, Adam's
averages, and the net's own weights and gradients) are counted separately.

{size_table(sizes)}

**The limit: at most {bound} bytes for each word of the text**, at all sizes that we measured,
not counting the tables.
{"" if quick else image()}
More text with PTB's vocabulary ({PTB_VOCABULARY:,}). The cost of a pair depends little on the
length of the text. It depends on whether the tables still fit into the processor's caches. With
a large vocabulary or many dimensions, they no longer do:

{table(["words of text", "ns a pair, median (min .. max)"], cost_rows(same_words))}

More dimensions ({PTB_WORDS:,} words of text, a vocabulary of {PTB_VOCABULARY:,}):

{table(["dimensions", "ns a pair, median (min .. max)"], cost_rows(dimensions))}

A larger vocabulary ({PTB_WORDS:,} words of text, {EMBED_SIZE} dimensions):

{table(["vocabulary", "ns a pair, median (min .. max)"], cost_rows(vocabularies))}
"""


def grown(times):
    """Compute the vocabulary size of a text this many times as long as PTB (Heaps' law)."""
    return round(PTB_VOCABULARY * times**0.5)


def measure_apart(num_words, vocab_size, embed_size=EMBED_SIZE):
    """Call `measure` in a process of its own."""
    with Side(warm_up.compile_ahead) as side:
        return side.call(measure, num_words, vocab_size, embed_size)


def measure(num_words, vocab_size, embed_size):
    """Make a text, prepare an epoch, and train some steps; return a dict of numbers."""
    before = restart_peak()
    data = SkipGramData(*make_text(num_words, vocab_size), *SHAPE, redraw=True, seed=SEED)
    data.epoch = 1
    drawing = seconds(data.__len__)
    started = time.perf_counter()
    minibatches = data.runs()
    first = next(minibatches)
    first_batch = time.perf_counter() - started
    memory = peak_memory() - before
    net = build_net(vocab_size, embed_size)
    initialize(net, npx.cpu())
    engine = fused.FusedEngine(net, LR)
    train(engine, itertools.chain([first], itertools.islice(minibatches, WARM_UP - 1)))
    return {
        "words": num_words,
        "vocabulary": vocab_size,
        "ns_per_pair": [block_cost(engine, minibatches) for _ in range(BLOCKS)],
        "drawing": drawing,
        "first_batch": first_batch,
        "memory": memory / MIB,
        "bytes_per_token": memory / num_words,
        "tables": table_memory(engine) / MIB,
    }


def block_cost(engine, minibatches):
    """Measure the nanoseconds per pair over the next steps."""
    started = time.perf_counter()
    pairs = train(engine, itertools.islice(minibatches, BLOCK_STEPS))
    return 1e9 * (time.perf_counter() - started) / pairs


def train(engine, minibatches):
    """Train, some steps at once; return the number of pairs."""
    pairs = 0
    while several := list(itertools.islice(minibatches, engine.steps_at_once)):
        engine.steps(several)
        pairs += sum(each.num_pairs for each in several)
    return pairs


def restart_peak():
    """Forget earlier peaks (of imports, for example), which would hide the text's; Linux only.

    Return the memory that the process has now, in bytes.
    """
    gc.collect()
    Path("/proc/self/clear_refs").write_text("5")
    return peak_memory()


def peak_memory():
    """Return the most memory that this process has had since `restart_peak`, in bytes.

    We don't use `ru_maxrss`, because on Linux it starts with the peak of the parent process.
    """
    status = Path("/proc/self/status").read_text()
    return 1024 * int(re.search(r"^VmHWM:\s*(\d+) kB", status, re.M)[1])


def table_memory(engine):
    """Count the bytes of the engine's tables, and of the net's weights and gradients."""
    kept = sum(array.nbytes for array in engine.tables)
    return kept + 2 * sum(4 * layer.weight.data().size for layer in engine.net)


def make_text(num_words, vocab_size):
    """Make a random text: `ids` and `sentence_of` as `index_corpus` does, and a `Vocab`.

    The word of rank r has a frequency proportional to 1 / (r + 2.7), which is Zipf's law with
    Mandelbrot's correction. Its index is random, as with PTB.
    """
    rng = np.random.default_rng([SEED, num_words, vocab_size])
    shares = np.cumsum(1 / (np.arange(1, vocab_size) + 2.7))
    index = rng.permutation(np.arange(1, vocab_size, dtype=np.int32))  # 0 is <unk>
    ids, sentence_of = np.empty(num_words, np.int32), np.empty(num_words, np.int32)
    for first in range(0, num_words, 10_000):  # so that only what we keep stays in memory
        piece = ids[first : first + 10_000]
        ranks = np.searchsorted(shares, rng.random(len(piece)) * shares[-1], "right")
        piece[:] = index[ranks]
    first = number = 0
    while first < num_words:
        lengths = np.ceil(rng.gamma(4, SENTENCE_LENGTH / 4, 1000)).astype(int)
        piece = sentence_of[first : first + lengths.sum()]
        piece[:] = np.repeat(np.arange(number, number + 1000), lengths)[: len(piece)]
        first, number = first + lengths.sum(), number + 1000
    counts = np.bincount(ids, minlength=vocab_size)
    vocab = Vocab.from_counts([UNKNOWN, *map(str, range(1, vocab_size))], counts)
    return ids, sentence_of, vocab


def size_table(sizes):
    """Make a row for each size of text."""
    header = [
        "words of text (times PTB)",
        "vocabulary",
        "s per million pairs",
        "drawing, s",
        "first batch, s",
        "memory, MiB",
        "bytes a word",
        "tables, MiB",
    ]
    rows = [
        [
            f"{one['words']:,} ({times})",
            f"{one['vocabulary']:,}",
            spread([ns / 1e3 for ns in one["ns_per_pair"]], 3),
            f"{one['drawing']:.3f}",
            f"{one['first_batch']:.3f}",
            f"{one['memory']:,.0f}",
            f"{one['bytes_per_token']:.1f}",
            f"{one['tables']:,.0f}",
        ]
        for times, one in sizes.items()
    ]
    return table(header, rows)


def cost_rows(measured):
    """Make a row for each length, number of dimensions, or vocabulary."""
    return [[f"{n:,}", spread(one["ns_per_pair"])] for n, one in measured.items()]


def image():
    """Return the Markdown that shows the plot."""
    return f"""
![Four plots with logarithmic axes. Over the words of text, from PTB's size to {SIZES[-1]}
times that: time for a pair; seconds to draw an epoch and until its first batch; memory of
the text and of the tables. Over the dimensions: time for a pair.]({PLOT.name})
"""


def draw(sizes, dimensions):
    """Save the plot."""
    from matplotlib.figure import Figure

    from w2v_lesson.figures import BLUE, GREEN, ORANGE

    figure = Figure(figsize=(8, 6), layout="constrained")
    pairs, once, memory, dimension = figure.subplots(2, 2).flat
    words = [one["words"] for one in sizes.values()]

    def lines(axes, x, measured, kinds, ylabel):
        for (name, key), color in zip(kinds.items(), (BLUE, ORANGE, GREEN), strict=False):
            y = [np.median(one[key]) for one in measured.values()]
            axes.loglog(x, y, "o-", color=color, label=name)
        axes.set_ylabel(ylabel)
        axes.grid(alpha=0.3)
        if len(kinds) > 1:
            axes.legend()

    lines(pairs, words, sizes, {"": "ns_per_pair"}, "time for a pair (ns)")
    kinds = {"drawing": "drawing", "until the first batch": "first_batch"}
    lines(once, words, sizes, kinds, "seconds")
    kinds = {"text": "memory", "tables": "tables"}
    lines(memory, words, sizes, kinds, "memory (MiB)")
    for axes in (pairs, once, memory):
        axes.set_xlabel("length of the text (words)")
    lines(
        dimension, list(dimensions), dimensions, {"": "ns_per_pair"}, "time for a pair (ns)"
    )
    dimension.set_xlabel("dimensions of a vector")
    dimension.set_xticks(list(dimensions), list(map(str, dimensions)))
    dimension.set_xticks([], minor=True)
    for axes in (pairs, dimension):
        axes.set_ylim(
            10, 2000
        )  # equal and wide, so that random differences don't look like a trend
    figure.savefig(PLOT, dpi=120)
