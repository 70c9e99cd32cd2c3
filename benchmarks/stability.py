"""Find how many digits of a printed number survive a change in the last bits."""

from itertools import pairwise

from benchmarks import NUM_EPOCHS, SHAPE, lesson
from benchmarks.report import table
from benchmarks.sides import Side
from w2v_lesson.minibatches import load_data_ptb
from w2v_lesson.vectors import WordVectors

TITLE = "Stability"
PROBES = (
    "chip",
    "bank",
    "president",
    "france",
    "oil",
    "ibm",
    "july",
    "mother",
    "japan",
    "computer",
)
PERTURBATION = 1e-6  # relative; float32 itself rounds by up to 6e-8
# MXNet's two matrix libraries read these, and then run as on a CPU from 2008.
OLD_CPU = {"DNNL_MAX_CPU_ISA": "SSE41", "OPENBLAS_CORETYPE": "Nehalem"}
K = 10


def run(quick=False):
    """Train four times, and compare; return a section of Markdown."""
    num_epochs = 1 if quick else NUM_EPOCHS
    first = train_apart(num_epochs)
    others = {
        "the same again": train_apart(num_epochs),
        "first weights × (1 + 1e-6)": train_apart(num_epochs, PERTURBATION),
        "code for an old CPU": train_apart(num_epochs, **OLD_CPU),
    }
    return f"""\
The table shows how far other trainings end from a first one. Each has {num_epochs} epochs, drawn
again each time and grouped by length. Chapters should not print digits that such a change
affects. "Code for an old CPU" keeps MXNet's libraries from using AVX, as on another
machine; where they don't use AVX anyway, it changes nothing. Largest differences:

{difference_table(first, others)}

The next table shows how much of what a chapter prints stays the same, for the {K} nearest words
of {len(PROBES)} words ({", ".join(PROBES)}):

{neighbor_table(first[1], others)}

Smallest difference between the cosines of two successive neighbors: {smallest_gap(first[1]):.1e}.
Held-out losses of the first training: {", ".join(f"{r.heldout_loss:.6f}" for r in first[0])}.
"""


def train_apart(num_epochs, perturbation=0, **environment):
    """Call `train` in a process of its own."""
    with Side(**environment) as side:
        return side.call(train, num_epochs, perturbation)


def train(num_epochs, perturbation):
    """Return the records at the ends of the epochs, and the vectors."""
    data_iter, vocab = lesson.load()
    heldout, _ = load_data_ptb(*SHAPE, split="valid", vocab=vocab)
    training = lesson.prepare(data_iter, heldout)
    for layer in training.net:
        layer.weight.set_data(layer.weight.data() * (1 + perturbation))
    records = lesson.epoch_records(training, num_epochs)
    return records, WordVectors.from_net(training.net, vocab)


def difference_table(first, others):
    """Tabulate the largest differences of losses (in any epoch), weights, and cosines."""
    records, vectors = first
    rows = []
    for name, (other_records, other_vectors) in others.items():
        epochs = list(zip(records, other_records, strict=True))
        pairs = cosines(vectors, other_vectors, "center")
        pairs += cosines(vectors, other_vectors, "sum")
        differences = [
            max(abs(a.heldout_loss - b.heldout_loss) for a, b in epochs),
            max(abs(a.epoch_loss - b.epoch_loss) for a, b in epochs),
            abs(vectors.center - other_vectors.center).max(),
            max(abs(a - b) for a, b in pairs),
        ]
        rows.append([name, *(f"{d:.1e}" for d in differences)])
    return table(["", "held-out loss", "training loss", "a weight", "a cosine"], rows)


def neighbor_table(vectors, others):
    """Tabulate how many printed cosines and lists of neighbors are the same."""
    rows = []
    for name, (_, other) in others.items():
        for which in ("center", "sum"):
            lists = [vectors.similar(word, K, which) for word in PROBES]
            others_lists = [other.similar(word, K, which) for word in PROBES]
            pairs = cosines(vectors, other, which)
            alike = [printed_alike(pairs, digits) for digits in (2, 3, 4)]
            in_order = [same_order(lists, others_lists, k) for k in (3, K)]
            row = [f"{name}, {which}"]
            row += [f"{number} of {len(pairs)}" for number in alike]
            row += [f"{number} of {len(lists)}" for number in in_order]
            rows.append(row)
    header = ["", *(f"cosines to {digits} decimals" for digits in (2, 3, 4))]
    return table([*header, *(f"first {k}, in order" for k in (3, K))], rows)


def cosines(vectors, other, which):
    """Compute the cosines of each probe and its neighbors, with both sets of vectors."""
    return [
        tuple(v.cosine(word, found.word, which) for v in (vectors, other))
        for word in PROBES
        for found in vectors.similar(word, K, which)
    ]


def printed_alike(pairs, digits):
    """Count the pairs of numbers that look the same with this many decimals."""
    return sum(f"{a:.{digits}f}" == f"{b:.{digits}f}" for a, b in pairs)


def same_order(lists, other_lists, k):
    """Count the lists that begin with the same k words."""
    pairs = zip(lists, other_lists, strict=True)
    return sum([n.word for n in a[:k]] == [n.word for n in b[:k]] for a, b in pairs)


def smallest_gap(vectors):
    """Find the smallest difference in cosine between a neighbor and the next one."""
    lists = [vectors.similar(w, K + 1, t) for w in PROBES for t in ("center", "sum")]
    return min(a.cosine - b.cosine for words in lists for a, b in pairwise(words))
