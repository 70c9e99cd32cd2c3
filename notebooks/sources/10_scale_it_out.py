# %% [markdown]
# # 10 · Scale it out
#
# **What you'll do.** Divide the training among several processes, as one would among several machines; end one of them by force; and compute when more machines pay.
#
# **What you'll be able to do.** Say what data-parallel training sends and when, show that it computes the same as one process, start it on one machine or on many, and tell beforehand whether it will be faster.
#
# **What you need.** Chapters 01 to 05, and the first half of chapter 09.
#
# **Time.** 30 minutes, exercises included.

# %%
import tempfile
import time
from itertools import islice, zip_longest
from pathlib import Path

# The package before MXNet: it tells MXNet how many cores there are.
from w2v_lesson import WordVectors, build_net, check, figures, initialize, make_batch
from w2v_lesson import masked_loss, progress, skip_gram
from w2v_lesson.scale.cluster import Cluster, ClusterError, run
from w2v_lesson.scale.parallel import ParallelSettings, command, load_shard, read_reports
from w2v_lesson.training import train_step
from w2v_lesson.files.formats import load_vectors
import numpy as np
from mxnet import autograd, gluon, kvstore, nd, npx, random
from mxnet import np as mx_np

npx.set_np()
device = npx.cpu()

# %% [markdown]
# The source says that negative sampling is "embarrassingly parallel": so easily divided that it is almost an embarrassment. This chapter looks at what is easy about it, and at what is not.
#
# ## A sum can be divided
#
# The gradient of a minibatch is the *sum* of the gradients of its examples. A sum can be added up in parts, by different machines: this is [**data parallelism**](glossary.md#data-parallelism). Everyone has the same weights and other examples.
#
# All settings are in one place. We train on the first 3,000 sentences of the Penn Treebank, with the words of all of it.

# %%
settings = ParallelSettings(sentences=3000, num_epochs=2)
data, vocab = load_shard(settings, rank=0, workers=1)
batch = next(iter(data))


def fresh_net():
    random.seed(settings.seed)
    net = build_net(len(vocab), settings.embed_size)
    initialize(net, device)
    return net


# %%
def gradients(net, batch):
    center, context_negative, mask, label = batch
    with autograd.record():
        pred = skip_gram(center, context_negative, net[0], net[1])
        l = masked_loss(pred.reshape(label.shape), label, mask)
    l.backward()  # of the sum over the examples
    return [layer.weight.grad().asnumpy() for layer in net]


# %% [markdown]
# **Predict.** Cut a minibatch of 512 into two halves, compute the gradients of each, and add them. How far will that be from the gradients of the whole?

# %%
from w2v_lesson.minibatches import Batch

net = fresh_net()
whole = gradients(net, batch)
one, other = (
    gradients(net, Batch(*(x[half] for x in batch)))
    for half in (slice(0, 256), slice(256, 512))
)
for name, g, a, b in zip(["center", "context"], whole, one, other):
    print(
        f"{name} table: largest number {abs(g).max():.2f},",
        "equal to a millionth:",
        abs(a + b - g).max() < 1e-6,
    )

# %% [markdown]
# Equal, up to rounding: 32-bit numbers, added up in another order.
#
# So each [**worker**](glossary.md#worker), a process that computes gradients, gets its own sentences. With two of them the first has sentences 0, 2, 4, …, the second 1, 3, 5, …:


# %%
...  ### INSERT w2v_lesson.scale.parallel.shard


# %%
ids, sentence_of = np.array([10, 11, 20, 21, 22, 30]), np.array([0, 0, 1, 1, 1, 2])
for rank in range(2):
    print("worker", rank, "has the words", shard(ids, sentence_of, rank, 2)[0])

# %% [markdown]
# Whole sentences, so that no window is cut. The vocabulary and its counts stay those of all the text: else the same row would be another word at another worker.
#
# ## One step by many
#
# Who adds up? A [**server**](glossary.md#server) does, a process that keeps arrays by number. It is a part of MXNet, called **KVStore** (a store of keys and values). A worker *pushes* its array; when all have pushed theirs, each *pulls* the sum. No worker goes on before that, which makes the training [**synchronous**](glossary.md#synchronous): all have the same weights at every step.
#
# A store can also be a local one, with one worker and no server: good for a first look.

# %%
kv = kvstore.create("local")
kv.init(0, mx_np.zeros(3))
kv.push(0, mx_np.array([1, 2, 3]))
total = mx_np.zeros(3)
kv.pull(0, out=total)
print("worker", kv.rank, "of", kv.num_workers, "gets", total)

# %% [markdown]
# `train_step` of chapter 05 calls `trainer.step(n)` once it has the gradients of its `n` examples. So all that is needed is another trainer, whose `step` first replaces each gradient by its sum over all workers. It divides by the examples of *all* of them, for the last minibatch of one may be short.


# %%
class ParallelTrainer(gluon.Trainer):
    def __init__(self, net, lr, kv):
        super().__init__(net.collect_params(), "adam", {"learning_rate": lr}, kvstore=None)
        self.net, self.kv, self._keys = net, kv, {}
        self.examples = self.steps = self.seconds_exchanging = self.bytes_exchanged = 0

    ...  ### INSERT w2v_lesson.scale.parallel.ParallelTrainer.step


# %% [markdown]
# `update` is Gluon's: one step of Adam by the gradients that are there now, divided by `self.examples`. Each worker runs it for itself. Same weights, same sums, same arithmetic: the weights stay the same everywhere, and need not be sent.
#
# The two methods that are still missing go through the store:


# %%
class ParallelTrainer(ParallelTrainer):  # the same class, continued
    ...  ### INSERT w2v_lesson.scale.parallel.ParallelTrainer.exchange

    ...  ### INSERT w2v_lesson.scale.parallel.ParallelTrainer.total

    ...  ### INSERT w2v_lesson.scale.parallel.ParallelTrainer.sum_over_workers


BYTES_PER_NUMBER = 4

# %% [markdown]
# What a worker does in an epoch is then short. Workers may have different numbers of minibatches. One that has run out goes on taking part, with a gradient of zero, until all have run out:


# %%
...  ### INSERT w2v_lesson.scale.parallel.idle_step


...  ### INSERT w2v_lesson.scale.parallel.train_epoch


# %% [markdown]
# **Predict.** One worker by itself, beside the plain trainer of chapter 05: will the weights be equal after 20 steps? To how many digits?

# %%
plain, ours = fresh_net(), fresh_net()
batches = list(islice(data, 20))
trainer = gluon.Trainer(plain.collect_params(), "adam", {"learning_rate": settings.lr})
for batch in batches:
    train_step(plain, trainer, batch, device)
parallel = ParallelTrainer(ours, settings.lr, kvstore.create("local"))
loss = train_epoch(ours, parallel, batches, device)
equal = [bool((a.weight.data() == b.weight.data()).all()) for a, b in zip(plain, ours)]
print(f"loss {loss:.4f}; weights equal to the last bit: {equal}")

# %% [markdown]
# ## Several processes
#
# The same code is in `w2v_lesson/scale/parallel.py`, as a program that a worker runs. Only one word differs: its store is `kvstore.create("dist_sync")`, distributed and synchronous. The processes find each other by a third kind of process, the **scheduler**: each says to it where it is, and how many there must be before all begin.
#
# `run` of `w2v_lesson/scale/cluster.py` starts a scheduler, a server and the workers, each a process of its own on this machine, and waits for their end. They talk to each other over the network, even if here it leads back to the same machine.

# %%
results = tempfile.TemporaryDirectory()  # deleted when this notebook ends
folder = Path(results.name)
for workers in (1, 2):
    run(command(folder / f"by {workers}", settings), workers)
    for report in read_reports(folder / f"by {workers}"):
        print(
            f"workers {workers}, epoch {report['epoch']}:",
            f"{report['steps']} steps, loss {report['loss']:.3f}",
        )

# %% [markdown]
# Two workers with 256 examples each take as many steps as one with 512, give or take one. Their losses are near each other but not equal, since other words were drawn.
#
# To compare exactly, do by hand what the two did. Let one process train on their minibatches put together. (Where the shorter epoch has ended, only the other's are left.)


# %%
from w2v_lesson.sampling import Examples


def together(one, other):
    if one is None or other is None:
        return one or other
    starts = np.concatenate([one.starts, one.starts[-1] + other.starts[1:]])
    parts = [np.concatenate(pair) for pair in zip(one, other)]
    return Examples(*parts)._replace(starts=starts)


# %%
def train_single(shards, num_epochs):
    net = fresh_net()
    trainer = gluon.Trainer(net.collect_params(), "adam", {"learning_rate": settings.lr})
    for epoch in range(num_epochs):
        for each in shards:
            each.epoch = epoch
        for examples in zip_longest(*(each.examples() for each in shards)):
            batch = make_batch(together(*examples) if len(shards) == 2 else examples[0])
            train_step(net, trainer, batch, device)
    return WordVectors.from_net(net, vocab)


# %%
for workers in (1, 2):
    single = train_single(
        [load_shard(settings, rank, workers)[0] for rank in range(workers)], 2
    )
    cluster = load_vectors(folder / f"by {workers}" / "vectors.npz")
    differences = [
        abs(cluster.matrix(t) - single.matrix(t)).max() for t in ("center", "context")
    ]
    print(
        f"workers {workers}: largest weight {abs(single.context).max():.2f}, largest difference",
        "0"
        if max(differences) == 0
        else "below 0.0001"
        if max(differences) < 1e-4
        else "large",
    )

# %% [markdown]
# One worker equals the single run to the last bit. Two equal it to rounding, which Adam makes larger than usual: it divides each gradient by its own typical size, so where a gradient is nearly 0, so is what it is divided by.
#
# ## A worker dies
#
# Machines fail, and with a hundred of them some machine fails often. The others would wait for its gradient for ever: a synchronous training goes on with all, or not at all. So there must be somebody who notices, ends everything, and says so. And the work must not be lost: after each epoch the first worker saves a checkpoint (chapter 05).
#
# **Predict.** We kill worker 1 in mid-training, so that it cannot even say goodbye, as in a power cut. What will the others do, and when?

# %%
broken = folder / "broken"
with Cluster(command(broken, settings), workers=2) as cluster:
    while not (broken / "checkpoints" / "checkpoint.npz").exists():
        time.sleep(0.01)
    cluster.processes["worker 1"].kill()
    killed = time.perf_counter()
    try:
        cluster.wait()
    except ClusterError as error:
        seconds = time.perf_counter() - killed
        print(f"{error.name} was killed; all ended within 5 seconds:", seconds < 5)
print("processes left:", sum(p.poll() is None for p in cluster.processes.values()))

# %% [markdown]
# The cluster looks at all its processes twenty times a second. When one has died, it ends the others at once; MXNet by itself would not. (It is the same the other way round: if this notebook's kernel is killed, its processes notice and end.)
#
# Now start again, with the very same call:

# %%
run(command(broken, settings), workers=2)
again, unbroken = (
    load_vectors(folder / name / "vectors.npz") for name in ("broken", "by 2")
)
print(
    "equal to the unbroken training to the last bit:",
    bool(
        (again.center == unbroken.center).all()
        and (again.context == unbroken.context).all()
    ),
)

# %% [markdown]
# ## When does it pay?
#
# Each step, each worker sends the gradients of both tables, and receives their sum. How much is that?

# %%
from w2v_lesson.scale.scaling import bytes_of_rows, bytes_of_tables, rows_touched, simulate

tables = bytes_of_tables(len(vocab), settings.embed_size)
print(
    f"2 tables of {len(vocab):,} rows, {settings.embed_size} numbers of 4 bytes a row:",
    f"{tables / 1e6:.1f} MB there and {tables / 1e6:.1f} MB back",
)

# %% [markdown]
# But most rows of a gradient are zero: their words are not in the minibatch. Chapter 09 left them out, and so can we. Which rows are touched?

# %%
epoch = list(data.examples())
rows = np.mean([sum(rows_touched(examples)) for examples in epoch])
touched = bytes_of_rows(rows, len(vocab), settings.embed_size)
print(
    f"{rows:,.0f} of {2 * len(vocab):,} rows in the mean: {touched / 1e6:.1f} MB each way"
)

# %% [markdown]
# `ParallelSettings(exchange="rows")` does so (class `RowsTrainer`). The workers first tell each other which rows they touched, one mark for each word. Then they send only the rows that *somebody* touched. All the others of the sum are zero, so the result is the same to the last bit; it is sent by fewer bytes, with more messages to wait for.
#
# **Predict.** On one machine, a step on 512 examples takes 8 ms, of which 3 are Adam, who moves *all* rows. How many milliseconds will 5.4 MB there and back take over a network of 1 Gbit/s? Over 10?

# %%
machines = np.array([1, 2, 4, 8, 16, 32, 64])
ways = {"whole tables": (tables, 4), "touched rows": (touched, 10)}
speeds = (1, 10, 25, 100)  # Gbit/s
times = {
    way: {
        f"{speed} Gbit/s": simulate(
            machines, size, gbit_per_second=speed, shared_ms=5, own_ms=3, messages=messages
        )
        for speed in speeds
    }
    for way, (size, messages) in ways.items()
}

# %%
print("ms a step on      " + "".join(f"{n:6d}" for n in machines), "machines")
for way, rows_of in times.items():
    for speed, row in rows_of.items():
        print(f"{way} {speed:>10}", "".join(f"{ms:6.1f}" for ms in row))

# %% [markdown]
# `simulate` is a few lines of arithmetic: the shared part of computing, divided by the number of machines; the part that each does in full; the bytes over the speed of the network; a twentieth of a millisecond for each message. Each machine is a worker and a server, so that the sums are shared, too. What passes within a machine is free.

# %%
curves = {way: {s: row[1:] for s, row in rows_of.items()} for way, rows_of in times.items()}
figures.show(
    figures.steps_on_machines(machines[1:], curves, 8),
    "Time of a step by number of machines, for whole tables and for touched rows: "
    "at 1 Gbit/s far above one machine, at 100 Gbit/s below it.",
)

# %% [markdown]
# **What you should see.** The dashed line is one machine, 8 ms. What lies above it is slower than no second machine at all: everything at 1 Gbit/s, and whole tables at 10. With touched rows or a fast network the curves come below the line. But they soon stop falling, since 3 ms for Adam and the sending are not shared.
#
# The upper curves even rise with more machines: a machine need not send its own part of the sum, and that part becomes smaller.
#
# So when do more machines pay? When there is much to compute for each byte sent.
#
# **Predict.** Let a step be on 64 times as many examples, 32,768. Computing takes 64 times as long, 320 ms, and nearly every row is touched. Does it pay now, at 10 Gbit/s?

# %%
large = simulate(machines, tables, gbit_per_second=10, shared_ms=320, own_ms=3)
for n, ms in zip(machines, large):
    print(
        f"{n:2d} machines: {ms:5.1f} ms a step, {large[0] / ms:4.1f} times as fast as one"
    )

# %% [markdown]
# It pays. Yet a step is not an epoch: with steps 64 times as large there are 64 times fewer in an epoch, and each is by a less noisy gradient. Past some size that no longer helps, and more epochs are needed for the same loss. That price does not appear in any rate of examples per second.
#
# ## Model and measurement
#
# A model must be held against measurements, and two workers on this machine are at hand. What did the runs above say?

# %% tags=["nbval-ignore-output"]
measured = {workers: read_reports(folder / f"by {workers}")[-1] for workers in (1, 2)}
for workers, report in measured.items():
    exchanging = report["ms_exchanging_per_step"]
    print(
        f"workers {workers}: {report['ms_per_step']:.0f} ms a step,",
        f"{exchanging:.0f} ms of it exchanging {report['bytes_per_step'] / 1e6:.2f} MB",
    )

# %% [markdown]
# (A little more than 2 × 5.4 MB: each epoch ends with a round in which nobody has a minibatch left.)
#
# From the run with one worker we know computing and exchanging for 512 examples. For two workers on *one* machine, the model has: half the shared computing, and twice the bytes through the same memory.

# %% tags=["nbval-ignore-output"]
computing = measured[1]["ms_per_step"] - measured[1]["ms_exchanging_per_step"]
own = 3 / 8 * computing  # the part of Adam, as above
predicted = (computing - own) / 2 + own + 2 * measured[1]["ms_exchanging_per_step"]
print(
    f"two workers: {predicted:.0f} ms a step by the model,",
    f"{measured[2]['ms_per_step']:.0f} ms measured",
)

# %% [markdown]
# Read it honestly. The two workers share two cores with each other, with the server and with this notebook; what they share, the model does not know. Exchanging includes waiting for the slower worker. Above all: on one machine there is nothing to gain, for one process with two threads had both cores already. What *can* be shown here is that the result is right; that it is faster can only be shown on machines that are really several.

# %% [markdown]
# ## Check yourself
#
# Put your answer in place of the three dots and run the cell; it tells you in words what is right or what went wrong. Solutions are in the notebook of the same name in the folder `solutions`.
#
# **1. Predict.** On one machine a step takes 30 ms: 24 to compute the gradients, 6 for Adam over all rows. On two machines the examples are shared evenly, and exchanging takes 2 ms. How many times as fast are two machines?
#
# <details><summary>Hint</summary>
#
# Which of the three times are halved?
# </details>

# %% tags=["exercise"]
gain_of_two = 30 / (24 / 2 + 6 + 2)  ### SOLUTION
check("gain_of_two", gain_of_two)

# %% [markdown]
# **2. Write.** `sums` has a row for each worker: the sum of the gradients of its examples. `counts` says how many examples each worker had, not always the same number. What is the mean gradient over all examples?
#
# <details><summary>Hint</summary>
#
# What would one process have computed that had all the examples?
# </details>


# %% tags=["exercise"]
def mean_gradient(sums, counts):
    ### BEGIN SOLUTION
    return sums.sum(axis=0) / counts.sum()
    ### END SOLUTION


check("mean_gradient", mean_gradient, array=np.array)

# %% tags=["exercise"]
progress("10")

# %% [markdown]
# Now choose; each choice opens to a reason.
#
# **Question.** You make the vectors twice as long, 200 numbers, and leave the minibatch as it is. What becomes of the balance between computing and sending?
#
# <details><summary>a) Sending grows, computing stays.</summary>No: each dot product now has 200 products to add, so computing doubles as well.</details>
# <details><summary>b) Computing grows, sending stays.</summary>No: a row of a gradient has as many numbers as a vector, so there are twice as many bytes.</details>
# <details><summary>c) Both double, so the balance hardly changes.</summary>Right: both are proportional to the length of a vector; only the messages and the marks are not.</details>

# %% [markdown]
# **Question.** Every worker runs Adam itself, on all rows. Why do the weights of the workers not drift apart?
#
# <details><summary>a) They start equal, and each gets the same sums and does the same arithmetic.</summary>Right: the same bits in give the same bits out, so nothing needs to be sent to keep them together.</details>
# <details><summary>b) The server sends the weights back at each step.</summary>No: here only gradients are pushed and pulled; the weights never leave the worker.</details>
# <details><summary>c) They do, but the mean is taken at the end.</summary>No: no mean of weights is taken anywhere; the mean is of gradients, at each step.</details>

# %% [markdown]
# Two questions to think about:
#
# 1. A colleague gives each of eight workers a vocabulary made from its own sentences. What goes wrong?
# 2. Why would a training that is *not* synchronous survive a slow worker better, and what would it cost?
#
# <details><summary>Answers</summary>
#
# 1. Row 17 is another word at each worker, so gradients of different words are added up. Nothing stops; the vectors mean nothing.
# 2. Nobody would wait for it. But its gradients would be for weights that are no longer there, and no run could be repeated exactly.
# </details>
#
# ## Summary
#
# - The gradient is a sum over examples, so workers can share it; exchanged is the sum, at every step.
# - The result is that of one process: to the last bit with one worker, to rounding with several.
# - One dead worker stops all; somebody must notice, and a checkpoint must be there.
# - More machines pay when computing outweighs sending: large minibatches, few bytes, a fast network.
#
# ## In practice
#
# - **On several machines.** `python -m w2v_lesson.scale.cluster --help` says how ssh, Slurm or Kubernetes start one process of the cluster on each machine, with the same file. The folder for the results must be one that all of them see.
# - **Small models.** Ours is one: its gradients are large for what there is to compute. For this reason word2vec is mostly trained on one machine with many threads, and chapter 09 is the better place to look for speed. For a text larger than memory see [chapter 12](12_train_on_your_own_text.ipynb).
# - **Which server?** The store gives each array to one server unless it is larger than a million numbers (`MXNET_KVSTORE_BIGARRAY_BOUND`). Our two tables are smaller, so a third server would have nothing to do; lower that number to share them evenly.
# - **Order of adding.** With two workers a sum has one order only, and runs can be repeated to the bit. With three or more, the order in which gradients arrive decides the last digit.
# - **MXNet's own ways.** `gluon.Trainer(..., kvstore=kv)` pushes and pulls by itself. In MXNet 1.9.1 it sends the weights around before the first step, and in some of our runs these arrived as zeros: hence the store is used directly here. MXNet's rows (`row_sparse`) are right only if the server runs the optimizer; for plain sums it puts them into wrong places. Our `RowsTrainer` therefore packs them into plain arrays.
#
# ## Further reading
#
# - M. Li and others, *Scaling Distributed Machine Learning with the Parameter Server*, 2014: the servers of this chapter.
# - P. Goyal and others, *Accurate, Large Minibatch SGD: Training ImageNet in 1 Hour*, 2017: how large a minibatch may be.
# - J. Dean and others, *Large Scale Distributed Deep Networks*, 2012: the same without waiting for each other.
#
# Next: [11 · Read the source critically](11_read_the_source.ipynb)
