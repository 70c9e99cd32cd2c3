# %% [markdown]
# # 10 · Scale it out
#
# Chapter 09 ended with a program that trains an epoch of the Penn Treebank in less than a second, on a machine with two cores. Suppose someone offers you sixteen such machines. Would an epoch take a sixteenth of that time?
#
# The chapter that this lesson mirrors calls the task "embarrassingly parallel": every pair is computed on its own, so it is almost embarrassing how easily the work can be divided. Here you divide it, and find out what that costs.
#
# **What you'll do.** Let two processes share a training step, count the bytes they have to send, and compute how long a step takes on up to sixteen machines.
#
# **What you'll be able to do.** Explain why a gradient can be divided, say what has to be sent and how all-reduce sends it, and estimate whether a second machine would help.
#
# **What you need.** Chapters 04, 05, and 09.
#
# **Time.** 30 minutes, exercises included.

# %%
# The package comes before MXNet, because it tells MXNet how many cores there are.
from w2v_lesson import FusedEngine, Settings, build_net, check, figures, initialize
from w2v_lesson import load_data_ptb, make_batch, prepare_training, progress

import numpy as np
from mxnet import gluon, npx, optimizer, random
from mxnet import np as mx_np

npx.set_np()
device = npx.cpu()

# %% [markdown]
# ## Divide a gradient
#
# A training step adds up the losses of the 512 centers of a minibatch, and computes the gradient of that sum. The gradient of a sum is the sum of the gradients. So one process can compute the gradient for the first 256 centers, another one for the rest, and then we add the two.
#
# This is called [**data parallelism**](glossary.md#data-parallelism): all processes have the same weights, but each has different examples. A process that computes gradients is called a [**worker**](glossary.md#worker).
#
# Here are twenty minibatches without padding (`others` holds the contexts and noise words of all centers, end to end), and a function that makes a net. Each center has noise words of its own, as in chapters 02 to 05.

# %%
from itertools import islice

data_iter, vocab = load_data_ptb(512, 5, 5)
minibatches = list(islice(data_iter.examples(), 20))
examples = sorted(minibatches, key=lambda each: len(each.others))[10]  # of middle size
print(f"{len(examples.centers)} centers, {len(examples.others):,} pairs")


def fresh_net():
    random.seed(0)
    net = build_net(len(vocab), embed_size=100)
    initialize(net, device)
    return net


# %% [markdown]
# Next, what a worker computes, in NumPy alone, because a process without MXNet starts quickly and stays small. As in chapter 04, the error of a pair is its answer minus its label, divided by the number of pairs of its center. In the gradient of the center table, error times $\mathbf{u}$ is added to the row of the center, and in that of the context table, error times $\mathbf{v}$ to the row of the other word:


# %%
from w2v_lesson.by_hand import pair_gradient

...  ### INSERT w2v_lesson.scale.workers.gradients


# %% [markdown]
# **Predict.** We add the gradients of the two halves of a minibatch. How close will the sum be to the gradient of the whole minibatch?


# %%
from w2v_lesson.sampling import split_examples


def halves(examples):
    middle = len(examples.centers) // 2
    sizes = [middle, len(examples.centers) - middle]
    return [tuple(half) for half in split_examples(examples, sizes)]


# %%
tables = [layer.weight.data().asnumpy() for layer in fresh_net()]
whole = gradients(examples, *tables)
one_half, other_half = (gradients(half, *tables) for half in halves(examples))
for name, g, a, b in zip("vu", whole, one_half, other_half):
    equal = abs(a + b - g).max() < 1e-6
    print(f"table {name}: largest number {abs(g).max():.2f}, equal up to rounding: {equal}")

# %% [markdown]
# They are equal up to rounding: the same numbers are added in a different order.
#
# ## Let two processes do it
#
# Now two real processes do it. Python's `ProcessPoolExecutor` starts them and passes arrays back and forth. The notebook plays the [**server**](glossary.md#server). In each step it sends each worker the weights and half of the minibatch, adds up the gradients that come back, and moves the weights with Adam. Because it waits for both workers before it goes on, such training is called [**synchronous**](glossary.md#synchronous).

# %%
from concurrent.futures import ProcessPoolExecutor
from itertools import repeat
from multiprocessing import active_children, get_context

from w2v_lesson.scale import workers  # `gradients` again, in a file that workers can import


def train_by_two(net, minibatches):
    adam = optimizer.get_updater(optimizer.Adam(learning_rate=0.002))
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        for examples in minibatches:
            tables = [repeat(layer.weight.data().asnumpy()) for layer in net]
            parts = pool.map(workers.gradients, halves(examples), *tables)
            for i, (one, other) in enumerate(zip(*parts)):
                mean = mx_np.array((one + other) / len(examples.centers))
                adam(i, mean, net[i].weight.data())
        print(len(active_children()), "workers took part")


# %% [markdown]
# **Predict.** We train one net with `train_step` of chapter 05 and another one with two workers, on the same twenty minibatches. Will they have the same weights?

# %%
from w2v_lesson.training import train_step

by_one, by_two = fresh_net(), fresh_net()
trainer = gluon.Trainer(by_one.collect_params(), "adam", {"learning_rate": 0.002})
for examples in minibatches:
    train_step(by_one, trainer, make_batch(examples), device)
train_by_two(by_two, minibatches)
for name, one, other, start in zip("vu", by_one, by_two, tables):
    one, other = one.weight.data().asnumpy(), other.weight.data().asnumpy()
    print(
        f"table {name}: moved by up to {abs(one - start).max():.2f},",
        "equal to within 0.0001:",
        abs(one - other).max() < 1e-4,
    )

# %% [markdown]
# Again they agree up to rounding. (We allow more of it here, because Adam takes nearly as large a step for a tiny gradient as for a large one, and so it magnifies the rounding of tiny ones.) So dividing the work doesn't change what is learned.
#
# Was it faster? We didn't measure that, because here it would tell us little: both workers share the cores of one machine, and nothing travels over a network. Whether several machines are faster depends on what they send.
#
# ## Send only the touched rows
#
# Each of our workers sent back as many numbers as both tables have. But a row of the gradient is all zeros unless its word occurs in the minibatch.
#
# **Predict.** Both tables together have 13,438 rows. How many of them does a minibatch of 512 centers touch?


# %%
def mean_rows(minibatches):
    words = [(each.centers, each.others) for each in minibatches]
    return np.mean([sum(len(np.unique(table)) for table in each) for each in words])


own_rows = mean_rows(data_iter.examples())
print(f"{own_rows:,.0f} of {2 * len(vocab):,} rows on average")

# %% [markdown]
# About a third. And in the fast program of chapter 09, where neighbors in the text share their noise words?

# %%
shared_rows = mean_rows(data_iter.runs())
print(f"{shared_rows:,.0f} of {2 * len(vocab):,} rows on average")

# %% [markdown]
# Only about a sixth. The minibatch has as many centers and contexts as before, but far fewer different noise words.
#
# The rows that aren't touched need not be sent, if each row that is sent comes with its number. We try it with our two workers:


# %%
import pickle

...  ### INSERT w2v_lesson.scale.workers.touched_rows


shares = [[touched_rows(gradient) for gradient in half] for half in (one_half, other_half)]
# pickle writes what is passed between processes
for what, message in [("all rows", one_half), ("touched rows", shares[0])]:
    print(f"{what} from one worker: {len(pickle.dumps(message)) / 1e6:.1f} MB")

# %% [markdown]
# Is anything lost? We compare the sum of both workers' touched rows with that of their whole gradients.

# %%
for i, name in enumerate("vu"):
    total = np.zeros_like(tables[i])
    for share in shares:
        numbers, values = share[i]
        total[numbers] += values
    equal = (total == one_half[i] + other_half[i]).all()
    print(f"table {name}: equal, bit for bit: {equal}")

# %% [markdown]
# Nothing is lost. What we left out was exactly zero. (Adam also moves rows that a minibatch doesn't touch, by what it remembers from earlier gradients. But for that, no gradient has to be sent.)
#
# ## Add up without a server
#
# A server has a weak point. With sixteen workers, sixteen gradients arrive at one machine, over one connection. Programs that train neural networks today usually have no server. Each worker keeps its own copy of the weights, and the workers pass pieces of their gradients around in a ring until each of them has the whole sum. This is called [**all-reduce**](glossary.md#all-reduce).
#
# Here are three workers, each with a gradient of three numbers, cut into three pieces:


# %%
...  ### INSERT w2v_lesson.scale.workers.ring_all_reduce


# %%
states = ring_all_reduce([[1, 2, 3], [10, 20, 30], [100, 200, 300]])
figures.show(
    figures.ring(states),
    "Three workers with the numbers 1 2 3, 10 20 30, and 100 200 300, before and after each of "
    "four rounds. Arrows lead from each worker to the next, and from the last to the first. After "
    "two rounds of adding each worker has one of the sums 111, 222, 333, and after two more "
    "rounds of passing on, all workers have all of them.",
)

# %% [markdown]
# **What you should see.** In every round, each worker sends one piece to the next worker (orange arrows), and the last worker sends one to the first. In the first two rounds, the receiver *adds* the piece to its own. Follow the 1 at the top left: it becomes 11 and then 111, a finished sum (green). In the last two rounds, finished sums are passed on.
#
# With $n$ machines there are $2(n-1)$ rounds, and in each of them every machine sends one $n$-th of the gradient. Half of the rounds add, and half pass on. In all, each machine sends less than two gradients' worth of data, however many machines there are.
#
# At the end, each worker moves its own copy of the weights. The copies start out equal and get the same sum, so they stay equal.
#
# ## When does a second machine pay off?
#
# How long does a step take on $n$ machines? Some of the computing is divided among them. Some of it each machine does in full, such as Adam on all rows. And in each round, a piece has to travel:


# %%
...  ### INSERT w2v_lesson.scale.workers.ms_a_step


# %% [markdown]
# A network of 1 Gbit/s sends 125,000 bytes in a millisecond. The latency, the time until even an empty message arrives, is our assumption for an ordinary network. The estimate leaves out the adding and all waiting for slower machines, which favors the cluster. (In one respect it does the opposite. For touched rows, it assumes that every piece has $1/n$ of the rows that the whole minibatch touches. In the first rounds, when few gradients have been added up, the pieces are smaller than that.)
#
# For the computing we take medians of the lesson's benchmark on two cores (`benchmarks/RESULTS.md`, November 2026): the time for an epoch of `Training` with Gluon, as in chapter 05 (from now on the *Gluon loop*), the time for an epoch of the fast program of chapter 09, and the time of MXNet's Adam on both tables, which is a part of each step of the Gluon loop. (The fast program has a faster Adam of its own.)

# %%
GLUON_EPOCH, FAST_EPOCH = 6.58, 0.61  # seconds, from benchmarks/RESULTS.md
adam_ms = 4.45
steps = len(data_iter)  # in an epoch
gluon_ms, fast_ms = 1000 * GLUON_EPOCH / steps, 1000 * FAST_EPOCH / steps
print(f"{steps} steps an epoch, {gluon_ms:.1f} ms each by Gluon, {fast_ms:.1f} ms fast")
machines = np.array([1, 2, 4, 8, 16])
networks = [1, 10, 25, 100]  # Gbit/s
bytes_of = {
    "whole tables": 2 * len(vocab) * 100 * 4,
    "touched rows": own_rows * (100 + 1) * 4,  # and the number of each row
}

# %% [markdown]
# **Predict.** Which will be faster: sixteen machines with the Gluon loop, or one with the fast program?

# %%
times = {
    way: {
        f"{gbit} Gbit/s": ms_a_step(machines, gluon_ms - adam_ms, adam_ms, size, gbit)
        for gbit in networks
    }
    for way, size in bytes_of.items()
}
print("ms a step, machines:    ", "".join(f"{n:7}" for n in machines))
for way, curves in times.items():
    for speed, curve in curves.items():
        print(f"{way}, {speed:>10}", "".join(f"{ms:7.1f}" for ms in curve))
print(f"one machine, fast program: {fast_ms:.1f}")

# %%
curves = {way: {s: c[1:] for s, c in found.items()} for way, found in times.items()}
alone = {"one machine, Gluon": gluon_ms, "one machine, fast": fast_ms}
fastest = min(curve.min() for found in times.values() for curve in found.values())
figures.show(
    figures.steps_on_machines(machines[1:], curves, alone),
    f"Milliseconds a step on 2 to 16 machines at four network speeds, for whole tables and for "
    f"touched rows. The fastest takes {fastest:.1f} ms. One machine takes {gluon_ms:.1f} ms with "
    f"the Gluon loop and {fast_ms:.1f} ms with the fast program, below every curve.",
)

# %% [markdown]
# **What you should see.** The curves are lower on a faster network and for fewer bytes. On a slow network, two machines are even slower than one with the same program (dashed line). But no curve comes near the solid line. **One machine with a fast program beats every cluster in this figure.**
#
# But is that fair, when the cluster runs the slow program? Let all of its machines run the fast one, which also has fewer rows to send, and let us even assume that *everything* it computes can be divided. The last row is for a special network with a tenth of the latency.

# %%
touched = shared_rows * (100 + 1) * 4
print("times as fast as one machine:   ", "".join(f"{n:5}" for n in machines))
for gbit, latency in [(10, 0.05), (25, 0.05), (100, 0.05), (100, 0.005)]:
    gains = fast_ms / ms_a_step(machines, fast_ms, 0, touched, gbit, latency)
    print(
        f"{gbit:3} Gbit/s, latency {latency:5} ms:  ", "".join(f"{g:5.1f}" for g in gains)
    )

# %% [markdown]
# At 10 Gbit/s, a second machine makes a step slower, and at 25 Gbit/s it makes little difference. At 100 Gbit/s, no number of machines is even twice as fast as one, and even on the special network, the best is only about three times as fast. The faster the program, the more the sending counts. Making the program faster was worth more than sixteen machines.
#
# For word2vec, there is a reason for this. Each pair takes only about three times a hundred multiplications: a hundred for the score, and a hundred for each of its two gradients. And each touched row means a hundred numbers that have to travel. How many pairs use a row?

# %%
contexts = data_iter.num_pairs / 6 / steps  # of a minibatch
pairs_and_rows = {
    "own noise words": (6 * contexts, own_rows),
    # Here each center meets all 32 noise words that it shares with its neighbors.
    "shared noise words": (contexts + 512 * Settings.num_shared_noise, shared_rows),
}
for name, (pairs, rows) in pairs_and_rows.items():
    used = 2 * pairs / rows  # each pair uses two rows
    print(f"{name}: a touched row is used by {used:.0f} pairs on average")

# %% [markdown]
# Shared noise words give a machine more to compute for each row that it sends, but still very little.
#
# ## When does that change?
#
# The first case is a model, or a text, that doesn't fit on one machine. Here is how much memory two tables take, including the two numbers that Adam remembers for every weight:

# %%
for what, vocab_size, embed_size in [
    ("Penn Treebank", len(vocab), 100),
    ("a million words", 1_000_000, 300),
    ("200 million items of a store", 200_000_000, 300),
]:
    gigabytes = 2 * vocab_size * embed_size * 3 * 4 / 1e9
    print(f"{what}, {embed_size} numbers each: {gigabytes:,.2f} GB")

# %% [markdown]
# A million words fit on one ordinary machine. But word2vec is also used for the items of online stores, and two hundred million of those don't fit. Then each machine keeps only some of the rows, and they have to be sent around, however slow that is.
#
# The second case is when there is a lot to compute for each row that is sent. Suppose a minibatch has 64 times as many centers. Computing takes about 64 times as long, but the gradient is never larger than the tables.

# %%
large_ms = 64 * fast_ms
gains = large_ms / ms_a_step(machines, large_ms, 0, bytes_of["whole tables"], 10)
for n, gain in zip(machines, gains):
    print(f"{n:2} machines at 10 Gbit/s: {gain:.1f} times as fast as one")

# %% [markdown]
# Now it pays off. It also pays off for large neural networks, which use every weight many times in each step (Goyal and others, below).
#
# But there is a catch: with such large minibatches, an epoch has only 11 steps. Does each of them bring us 64 times as far?
#
# **Predict.** Which will give the lower loss on new text after one epoch, small minibatches or large ones? A large minibatch has a less noisy gradient, so we can risk moving further in its direction, and we also try a larger learning rate. (We chose it on `valid` and report on `test`.)

# %%
heldout, _ = load_data_ptb(512, 5, 5, split="test", vocab=vocab)
for batch_size, lr, num_epochs in [(512, 0.002, 1), (32_768, 0.002, 1), (32_768, 0.06, 2)]:
    losses = []
    for seed in range(3):
        data, _ = load_data_ptb(batch_size, 5, 5, vocab=vocab, seed=seed, redraw=True)
        settings = Settings(batch_size=batch_size, lr=lr, seed=seed)
        training = prepare_training(data, settings, heldout=heldout, engine=FusedEngine)
        found = [record.heldout_loss for record in training.run(num_epochs)]
        losses.append([loss for loss in found if loss is not None])
    print(f"{len(data)} steps an epoch, lr {lr}, three seeds:")
    for epoch, found in enumerate(zip(*losses), 1):
        print(f"    after epoch {epoch}:", *(f"{loss:.3f}" for loss in found))

# %% [markdown]
# Small ones do. A step with a large minibatch doesn't bring us 64 times as far: with the usual learning rate, the net has hardly begun to learn. With the larger one, large minibatches take about two epochs to get where small ones get in one. So cut the gains above in half. Eight machines would get through an epoch more than twice as fast, but they would not reach the same loss twice as fast as one machine with small minibatches.
#
# ## Check yourself
#
# Replace the three dots with your answer and run the cell.
#
# **1. Predict.** On one machine a step takes 30 ms: 24 ms for the gradients, and 6 ms for Adam. Two machines divide the examples evenly, each runs Adam on all rows, and sending takes 2 ms. How many times as fast are they?
#
# <details><summary>Hint</summary>
#
# Which of the three times are cut in half?
# </details>

# %% tags=["exercise"]
gain_of_two = 30 / (24 / 2 + 6 + 2)  ### SOLUTION
check("gain_of_two", gain_of_two)

# %% [markdown]
# **2. Write.** Each row of `sums` is the sum of the gradients of one worker's examples. `counts` says how many examples each worker had, which isn't always the same number. Return the average gradient over all examples.
#
# <details><summary>Hint</summary>
#
# What would a single process have computed if it had had all the examples?
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
# Now choose an answer. Each one opens and tells you why it is right or wrong.
#
# **Question.** In a ring of workers, each one moves its own copy of the weights. Why do the copies stay equal?
#
# <details><summary>a) Because they start out equal, get the same sum, and do the same arithmetic with it.</summary>Right. So the weights themselves need not be sent.</details>
# <details><summary>b) Because the weights are sent around after each step.</summary>No. Only pieces of the gradient travel around the ring.</details>
# <details><summary>c) They don't, but at the end the average of the copies is taken.</summary>No. It is the gradients that are added up, in every step.</details>

# %% [markdown]
# **Question.** Suppose you make the vectors twice as long. Leave latency aside. How do computing and sending change?
#
# <details><summary>a) Sending takes twice as long, and computing takes as long as before.</summary>No. Every dot product now adds up 200 products, so computing doubles as well.</details>
# <details><summary>b) Computing takes twice as long, and sending takes as long as before.</summary>No. A row of the gradient is as long as a vector, so there are twice as many bytes to send.</details>
# <details><summary>c) Both take about twice as long, so a second machine helps about as much as before.</summary>Right. Both grow in proportion to the length of the vectors.</details>

# %% [markdown]
# ## Summary
#
# - A gradient is a sum over examples, so workers can divide it, and the result is the same up to rounding.
# - Only the touched rows need to travel, here about a third, or a sixth if neighbors share their noise words. With all-reduce, no machine sends more than two gradients.
# - For word2vec, one machine with a fast program beats sixteen with a slow one. More machines pay off if the text or the model doesn't fit on one, or if there is a lot to compute for each row that is sent.
#
# ## In practice
#
# - **On several machines,** each worker reads its own part of the text, in whole sentences so that no window is cut. The vocabulary has to be that of the whole text. Otherwise row 17 would be a different word on each machine.
# - **When a worker dies,** some program has to notice. It can start again from a checkpoint ([chapter 12](12_train_on_your_own_text.ipynb)), go on with the remaining workers (*elastic* training), or always use only the gradients that arrive first (*backup workers*, see Chen and others).
# - **Libraries.** MXNet has servers, called KVStore (`kvstore="dist_sync"` in `gluon.Trainer`). PyTorch and Horovod use all-reduce.
# - **On one machine,** use threads instead of processes. They share the weights, so nothing has to be sent.
#
# ## Further reading
#
# - M. Li and others, [*Scaling Distributed Machine Learning with the Parameter Server*](https://www.usenix.org/conference/osdi14/technical-sessions/presentation/li_mu), OSDI 2014.
# - P. Patarasuk, X. Yuan, [*Bandwidth Optimal All-reduce Algorithms for Clusters of Workstations*](https://doi.org/10.1016/j.jpdc.2008.09.002), *Journal of Parallel and Distributed Computing* 69(2), 2009. The ring.
# - E. Ordentlich and others, [*Network-Efficient Distributed Word2vec Training System for Large Vocabularies*](https://arxiv.org/abs/1606.08495), CIKM 2016. With several hundred million words.
# - P. Goyal and others, [*Accurate, Large Minibatch SGD: Training ImageNet in 1 Hour*](https://arxiv.org/abs/1706.02677), arXiv 2017.
# - J. Chen and others, [*Revisiting Distributed Synchronous SGD*](https://arxiv.org/abs/1604.00981), ICLR workshop 2016. Backup workers.
#
# Next: [11 · Read the source critically](11_read_the_source.ipynb)
