# %% [markdown]
# # 09 · Make it fast
#
# Chapter 00 trained word vectors in about ten seconds, with a program that you haven't seen yet. The loop of the original chapter takes minutes for the same number of epochs. What does it do all that time?
#
# In this chapter you play detective. You measure where the time goes, find the cause, remove it, and check that the loss is still the same. Then you look for the next cause.
#
# **What you'll do.** Make a training step faster in three stages, and then try settings of your own in a laboratory.
#
# **What you'll be able to do.** Profile a program, estimate how much you can gain from a change, check that a faster program still computes the same thing, and report a speed with its unit and its time span.
#
# **What you need.** Chapters 02 to 05 for the minibatch, the model, the loss, and the training step.
#
# **Time.** 35 minutes, exercises included.

# %%
# The package comes first, because it sets the number of MXNet's threads.
from w2v_lesson import FusedEngine, check, figures, load_data_ptb, masked_loss, progress
from w2v_lesson.widgets.laboratory import open_laboratory
from w2v_lesson.widgets.progress import compile_engine
import numpy
from mxnet import autograd, gluon, np, npx, random

npx.set_np()
compile_engine()  # the fast program: a minute the very first time, then a second

# %% [markdown]
# ## Is it the loading?
#
# The original chapter (MXNet edition) says that the model is so small that loading the data takes most of the time. Is that true? We have two suspects. The first is making a minibatch: the original chapter keeps its examples as Python lists, and `d2l.batchify` packs 512 of them into four arrays, as you did in chapter 02. We give it the examples of twelve minibatches:

# %%
from itertools import islice

unsorted, vocab = load_data_ptb(512, 5, 5, group_by_length=False)
minibatches = list(islice(unsorted.examples(), 12))
dataset = []  # (center, contexts, noise words) for each example
for centers, others, starts, num_contexts in minibatches:
    for i, center in enumerate(centers.tolist()):
        words = others[starts[i] : starts[i + 1]].tolist()
        dataset.append((center, words[: num_contexts[i]], words[num_contexts[i] :]))
print(f"{len(dataset):,} examples")

# %% [markdown]
# The second suspect is the training step. It is the one from chapter 05, with `skip_gram` written as in the original chapter:


# %%
def source_skip_gram(center, contexts_and_negatives, embed_v, embed_u):
    v = embed_v(center)  # (batch, 1, embed_size)
    u = embed_u(contexts_and_negatives)  # (batch, max_len, embed_size)
    return npx.batch_dot(v, u.swapaxes(1, 2))  # (batch, 1, max_len)


def step(net, trainer, batch, skip_gram):
    center, context_negative, mask, label = batch
    with autograd.record():
        pred = skip_gram(center, context_negative, net[0], net[1])
        l = masked_loss(pred.reshape(label.shape), label, mask)
    l.backward()
    trainer.step(len(center))
    return l


# %% [markdown]
# Each measurement starts from the same weights, so that we can compare the losses, too. The learning rate is five times the usual one, so that a few steps change the loss visibly. It has no influence on the speed.

# %%
from w2v_lesson import build_net, initialize

lr = 0.01


def fresh_net():
    random.seed(0)
    net = build_net(len(vocab), 100)
    initialize(net, npx.cpu())
    return net


def adam(net):
    return gluon.Trainer(net.collect_params(), "adam", {"learning_rate": lr})


# %% [markdown]
# MXNet works in the background: a line of Python only asks for a result and goes on. So before we look at the clock, `npx.waitall` waits until everything is done.
#
# **Predict.** For one minibatch, which takes longer: making it, or the step? And how many times as long?

# %%
from time import perf_counter

from d2l import mxnet as d2l

started = perf_counter()
batches = list(gluon.data.DataLoader(dataset, 512, batchify_fn=d2l.batchify))
npx.waitall()
print(f"making a minibatch: {1e3 * (perf_counter() - started) / len(batches):.0f} ms")
net = fresh_net()
trainer = adam(net)
started = perf_counter()
for batch in batches:
    step(net, trainer, batch, source_skip_gram)
npx.waitall()
print(f"a training step: {1e3 * (perf_counter() - started) / len(batches):.0f} ms")

# %% [markdown]
# The step takes several times as long. Even if making a minibatch took no time at all, most of the time would remain. So we look at the step.
#
# ## Ask a profiler
#
# Instead of guessing, we use a **profiler**. MXNet's profiler notes how long each [**operator**](glossary.md#operator) ran, that is, each of the elementary operations a model is made of. We add up the times of all operators that belong to the same part of the step, in the forward and the backward pass.

# %%
PART_OF = {  # MXNet's name of an operator: what it does for us
    "SwapAxis": "swap the axes of u",
    "Embedding": "look up rows",
    "batch_dot": "dot products",
    "adam_update": "Adam",
}


def by_part(operators, num_steps):
    parts = dict.fromkeys([*PART_OF.values(), "everything else"], 0.0)
    for name, numbers in operators.items():
        part = PART_OF.get(name.removeprefix("_backward_"), "everything else")
        parts[part] += numbers["Total"] / num_steps  # in ms
    return parts


# %%
import json
import tempfile

from mxnet import profiler

# MXNet first deletes any file of this name, so we give it a new folder.
folder = tempfile.TemporaryDirectory()
profiler.set_config(
    profile_imperative=True, aggregate_stats=True, filename=f"{folder.name}/profile.json"
)


def profile(batches, skip_gram):
    net = fresh_net()
    trainer = adam(net)
    step(net, trainer, batches[0], skip_gram)  # the first step also reserves memory
    npx.waitall()
    profiler.set_state("run")
    for batch in batches:
        step(net, trainer, batch, skip_gram)
    npx.waitall()
    profiler.set_state("stop")
    operators = json.loads(profiler.dumps(format="json", reset=True))["Time"]["operator"]
    return by_part(operators, len(batches))


# %% [markdown]
# **Predict.** Which part takes the longest: looking up the rows, the dot products, Adam, or swapping the axes of `u` so that `batch_dot` can multiply?

# %%
parts = profile(batches, source_skip_gram)
figures.show(
    figures.cost_bars(parts, "ms per step"),
    "Bars. " + ", ".join(f"{part}: {ms:.0f} ms" for part, ms in parts.items()),
)
longest = max(parts, key=parts.get)
print(
    longest, "takes more than half of the time:", 2 * parts[longest] > sum(parts.values())
)

# %% [markdown]
# **What you should see.** Swapping the axes takes longer than all the other parts together, although it computes nothing. ("Everything else" is the loss and the handling of memory. Two operators may run at the same time, and no two runs take equally long, so the parts need not add up to the time measured above.)
#
# ## Remove a copy
#
# `u.swapaxes(1, 2)` doesn't look expensive. But MXNet writes all the numbers of `u` into a new array, in another order: 512 examples, each padded to 60 rows of 100 numbers. It works out a new place for every single number, and that is slow. The backward pass does the same with the gradient. None of that is necessary, because `batch_dot` can read `u` as if its axes were swapped. So here is `skip_gram` as you know it from chapter 03:


# %%
def skip_gram(center, contexts_and_negatives, embed_v, embed_u):
    v = embed_v(center)  # (batch, 1, embed_size)
    u = embed_u(contexts_and_negatives)  # (batch, max_len, embed_size)
    return npx.batch_dot(v, u, transpose_b=True)  # (batch, 1, max_len)


# %% [markdown]
# The next function trains on the twelve minibatches four times over. It returns the net, the loss of the last minibatch, and the time per center in microseconds (µs, millionths of a second), for each round but the first, which also reserves memory.


# %%
def measure(batches, skip_gram):
    net, times = fresh_net(), []
    trainer = adam(net)
    for _ in range(4):
        started = perf_counter()
        for batch in batches:
            l = step(net, trainer, batch, skip_gram)
        npx.waitall()
        times.append(1e6 * (perf_counter() - started) / len(dataset))
    return net, float(l.mean()), times[1:]


def largest_difference(net, other):
    tables = zip(net, other)
    return max(float(np.abs(a.weight.data() - b.weight.data()).max()) for a, b in tables)


# %% [markdown]
# A program that computes something else is useless, however fast it is. So first we check the result: the losses, and every single weight.

# %%
costs = {}
source_net, source_loss, costs["original step"] = measure(batches, source_skip_gram)
net, loss, costs["without the copy"] = measure(batches, skip_gram)
print(f"loss in step 48: {source_loss:.4f} before, {loss:.4f} now")
print(f"training moved a weight by up to {largest_difference(fresh_net(), net):.2f},")
print("and the nets agree up to rounding:", largest_difference(source_net, net) < 1e-5)

# %% [markdown]
# The result is the same. And the time? No two rounds take equally long, so we print a range. Its lower end compares the fastest round before with the slowest one now, and its upper end compares the slowest before with the fastest now.


# %% tags=["nbval-ignore-output"]
def times_faster(before, now):
    before, now = costs[before], costs[now]
    return f"{min(before) / max(now):.1f} to {max(before) / min(now):.1f} times as fast"


print(times_faster("original step", "without the copy"))

# %% [markdown]
# ## Remove the padding
#
# Chapter 02 showed that sorting the examples by length gets rid of nearly all of the padding. We sort the same examples before we pack them. (With only twelve minibatches, about a tenth of the cells are still padding.)

# %%
by_length = sorted(dataset, key=lambda example: len(example[1]))
sorted_batches = list(gluon.data.DataLoader(by_length, 512, batchify_fn=d2l.batchify))
cells = [sum(batch[1].size for batch in each) for each in (batches, sorted_batches)]
print(f"{cells[0]:,} cells before, {cells[1]:,} now, {cells[1] / cells[0]:.0%} as many")


# %% [markdown]
# Now each minibatch holds different examples, so training takes a different path. But the loss of an example doesn't depend on the rest of its minibatch. So as long as we leave the weights alone, the average loss over all the examples should stay the same. We check it on the net that we have just trained:


# %%
def mean_loss(net, batches):
    total = 0
    for center, context_negative, mask, label in batches:
        pred = skip_gram(center, context_negative, net[0], net[1])
        total += float(masked_loss(pred.reshape(label.shape), label, mask).sum())
    return total / len(dataset)


print(f"{mean_loss(net, batches):.4f} before, {mean_loss(net, sorted_batches):.4f} now")

# %% [markdown]
# **Predict.** Which parts of the step will become faster: looking up rows, the dot products, Adam?

# %% tags=["nbval-ignore-output"]
_, _, costs["without padding"] = measure(sorted_batches, skip_gram)
print(times_faster("without the copy", "without padding"))

# %% [markdown]
# (Times vary from run to run.) To see which parts gained, we profile the step with and without padding:

# %%
padded, unpadded = profile(batches, skip_gram), profile(sorted_batches, skip_gram)
for part in ["look up rows", "dot products", "everything else", "Adam"]:
    print(f"{part}: {padded[part]:.1f} ms with padding, {unpadded[part]:.1f} ms without")

# %% [markdown]
# Looking up rows and the dot products work on cells, so both gained a lot. Adam has as much work as before, because it goes through every row of both tables in each step, however few cells the minibatch has. A part that has as much work as before limits what you can gain from the others. That is known as **Amdahl's law**.
#
# ## Leave out the rows that aren't used
#
# Does Adam have to go through every row? Let's count the rows that get a gradient in a step, on average over the minibatches:

# %%
new_net, used = fresh_net(), []
trainer = adam(new_net)
for batch in sorted_batches:
    step(new_net, trainer, batch, skip_gram)
    gradients = [layer.weight.grad().asnumpy() for layer in new_net]
    used.append([gradient.any(axis=1).mean() for gradient in gradients])
center_rows, context_rows = numpy.mean(used, axis=0)
print(f"{center_rows:.0%} of the center rows, {context_rows:.0%} of the context rows")

# %% [markdown]
# All the other rows of the gradient are zeros. MXNet writes them, and Adam reads them.
#
# Skipping those rows would be quick but wrong. Adam remembers earlier gradients, and they move even a row that has no gradient now. So we need a step of our own. The folder `w2v_lesson/engine` has one, written in Python that the library **numba** compiles to machine code. It differs from MXNet's in three ways:
#
# 1. **No padding.** The pairs of a minibatch lie one after the other, without a rectangle.
# 2. **No large arrays in between.** In MXNet, each operator writes all of its results for the next one to read. Ours computes the scores, the errors, and the gradient of a center in one go. Such a step is called **fused**.
# 3. **No gradient of a whole table.** The gradient of a row is added up and used at once. A row without a gradient waits until it is needed again, and then a formula makes up for the moves it has missed.
#
# We train on the first, unsorted minibatches, so that we can compare the weights.
#
# **Predict.** Compared with the original step, will this one be about 3, 30, or 300 times as fast?

# %%
fused_net, times = fresh_net(), []
engine = FusedEngine(fused_net, lr=lr)
for _ in range(4):
    started = perf_counter()
    for examples in minibatches:
        loss_sum = engine.step(examples)
    times.append(1e6 * (perf_counter() - started) / len(dataset))
costs["fused"] = times[1:]
engine.write_back()  # copy the weights into fused_net
print(f"loss in step 48: {loss:.4f} by MXNet, {loss_sum / 512:.4f} fused")
print("the nets agree within 0.0001:", largest_difference(net, fused_net) < 1e-4)

# %% [markdown]
# Both compute the same thing, apart from rounding: a sum of rounded numbers depends a little on their order.

# %% tags=["nbval-ignore-output"]
medians = {name: numpy.median(times) for name, times in costs.items()}
figures.show(
    figures.cost_bars(costs, "µs per center (median of three rounds)"),
    "Bars. " + ", ".join(f"{name}: {time:.1f} µs" for name, time in medians.items()),
)
print("fused, compared with the original step:", times_faster("original step", "fused"))

# %% [markdown]
# **What you should see.** Each bar is shorter than the one above it. (The fused step needs no sorting, because it has no padding in the first place.) The last change removed several things at once, so we can't tell how much each of them contributed.
#
# ## Check what sorting does to the held-out loss
#
# One check is still missing. Since chapter 02 our minibatches have been sorted by length, and that changes which examples a step learns from. Does that do any harm? An epoch now takes a second or two, so we simply train for one epoch each way, with three random seeds.

# %%
from w2v_lesson import Training

heldout, _ = load_data_ptb(512, 5, 5, split="valid", vocab=vocab)
for seed in range(3):
    losses = []
    for group in (False, True):
        options = {"group_by_length": group, "redraw": True, "seed": seed}
        data_iter, _ = load_data_ptb(512, 5, 5, vocab=vocab, **options)
        training = Training(
            fresh_net(), data_iter, 0.002, heldout=heldout, engine=FusedEngine, seed=seed
        )
        losses.append(list(training.run(1))[-1].heldout_loss)
    print("seed {}: held-out loss {:.4f} unsorted, {:.4f} sorted".format(seed, *losses))

# %% [markdown]
# The losses differ by less than 0.001, and neither way is always better. That is next to nothing: in chapter 05, the second epoch lowered the held-out loss by 0.015.
#
# ## Say what you are counting
#
# Someone says that their program trains "five million per second." Five million what? The same program gives very different numbers:

# %%
pairs = sum(len(examples.others) for examples in minibatches) / len(dataset)
print(f"per center: {pairs:.1f} pairs, or {cells[0] / len(dataset):.1f} cells with padding")
rate = data_iter.num_centers / training.seconds
print(f"{rate:,.0f} centers/s, or {pairs * rate:,.0f} pairs/s")

# %% [markdown]
# Counted in cells, the number would be 60 times as large as in centers, although more than half of the cells would be padding. The original chapter counts centers and calls them tokens, which is fair, because each center is one word of the text. But as you saw in chapter 05, it divides the centers of *all* epochs by the seconds of the *last* one. So a speed needs a unit and a time span.
#
# ## Play in the laboratory
#
# When training takes a few seconds, you can ask "what if?" as often as you like. What if a vector had only 10 numbers instead of 100?

# %%
from w2v_lesson import Settings
from w2v_lesson.judge.experiments import Experiments

experiments = Experiments(probes=("chip", "bank", "july"))
runs = {}
for size in (10, 100):
    for seed in range(2):
        settings = Settings(embed_size=size, num_epochs=3, seed=seed)
        runs[size, seed] = run = experiments.run(settings)
        print(
            f"{size:3} numbers, seed {seed}: held-out loss {run.heldout_loss:.3f},",
            f"AUC {run.auc:.3f}, ρ {run.wordsim.rho:.2f},",
            f"nearest to chip: {', '.join(run.neighbors['chip'][:2])}",
        )

# %% [markdown]
# **What you should see.** Both runs with 100 numbers have a lower held-out loss and a higher AUC than either run with 10, so the difference isn't just a matter of the seed.
#
# All runs are judged on the same pairs and words:
#
# - **Held-out loss**, in nats per pair. Compare it only between runs with the same `num_noise_words` and `max_window_size`, because these two change how often a given pair is real in training, and so what the best answer to it is.
# - **AUC**: how often a real context scores higher than a noise word. Guessing gives 0.5, and 1 is perfect. It depends only on the order of the scores, so you can compare all runs.
# - **ρ**: how well the cosines agree with people's judgments of how related two words are, from −1 to 1. Our vocabulary covers only 217 pairs of the list (WordSim-353, see chapter 07), and with 10 numbers ρ jumps from seed to seed. So don't read anything into a small difference.
#
# Now it's your turn. In the laboratory, you find the two runs with seed 0 already in the picture. Choose one of the experiments or turn a knob, **predict** what will change, and press **Train**. The curve, the map, and the neighbors follow the training, and **Stop** works at any time. Then compare the runs: each has a name that you can change, and you can hide it, show its words on the map, or copy the line of code that repeats it.

# %%
open_laboratory(experiments, [runs[10, 0], runs[100, 0]])

# %% [markdown]
# ## Check yourself
#
# Replace the three dots with your answer and run the cell.
#
# **1. Predict.** On another machine a step takes 60 ms, and 45 ms of that goes to the copy. Someone makes the copy three times as fast. How many times as fast is the whole step?
#
# <details><summary>Hint</summary>
#
# How long does the copy take now? And how long does the rest take?
# </details>

# %% tags=["exercise"]
times_as_fast = 60 / (45 / 3 + 15)  ### SOLUTION
check("times_as_fast", times_as_fast)

# %% [markdown]
# **2. Write.** You are given two arrays: how many centers each epoch had, and how many seconds it took. Return the speed of the whole training run, in centers per second.
#
# <details><summary>Hint</summary>
#
# How many centers were there in all, and how many seconds did they take in all?
# </details>


# %% tags=["exercise"]
def centers_per_second(centers, seconds):
    ### BEGIN SOLUTION
    return centers.sum() / seconds.sum()
    ### END SOLUTION


check("centers_per_second", centers_per_second, array=numpy.array)

# %% [markdown]
# **3. Write.** Rows of different lengths are cut into minibatches of `batch_size` rows, in the given order. The last minibatch may have fewer rows. In each minibatch, the rows are padded to the length of the longest. How many cells of padding are there in all?
#
# <details><summary>Hint</summary>
#
# The rows of the first minibatch are `lengths[:batch_size]`. Its number of cells is the length of its longest row times its number of rows.
# </details>


# %% tags=["exercise"]
def padded_cells(lengths, batch_size):
    ### BEGIN SOLUTION
    batches = [lengths[i : i + batch_size] for i in range(0, len(lengths), batch_size)]
    return sum(max(batch) * len(batch) - sum(batch) for batch in batches)
    ### END SOLUTION


check("padded_cells", padded_cells, array=numpy.array)

# %% tags=["exercise"]
progress("09")

# %% [markdown]
# Now choose an answer. Each one opens and tells you why it is right or wrong.
#
# **Question.** You train with the fused step, use twice as many noise words, and change nothing else. What happens to the two speeds, centers per second and pairs per second?
#
# <details><summary>a) Centers per second fall to about half, and pairs per second hardly change.</summary>Right. Each center has nearly twice as many pairs, and most of the work is done for pairs. So the unit decides how the result sounds.</details>
# <details><summary>b) Both fall to about half.</summary>No. A pair takes as long as before. There are just more of them for each center.</details>
# <details><summary>c) Neither of them changes.</summary>No. Each center now needs nearly twice as many lookups and dot products.</details>

# %% [markdown]
# **Question.** A faster program starts from the same weights and gets the same minibatches. After 25 steps its loss differs in the second decimal place. What is the most likely cause?
#
# <details><summary>a) Rounding.</summary>No. These numbers have about seven digits, and rounding doesn't reach the second one within 25 steps.</details>
# <details><summary>b) Random numbers.</summary>No. The weights and the minibatches are the same, and a step doesn't draw anything at random.</details>
# <details><summary>c) It computes something else.</summary>Right. Perhaps a gradient is left out, counted twice, or divided by the wrong number. It is easy to be fast and wrong.</details>

# %% [markdown]
# ## Summary
#
# - Measure first. The slowest part was one that computes nothing: a copy.
# - Remove waste, not work, and check after each change that the loss is still the same.
# - What you don't speed up limits the gain. And a speed needs a unit and a time span.
#
# ## In practice
#
# - **Choosing the program.** `Training(net, data_iter, lr, engine=FusedEngine)` trains like chapter 05, only faster. If you don't name an engine, `Training` uses Gluon.
# - **Measuring with care.** `make bench` times complete epochs of this program, of the original chapter, and of the library gensim. Its tables are in `benchmarks/RESULTS.md`.
#
# ## Further reading
#
# - D. Knuth, [*Structured Programming with go to Statements*](https://doi.org/10.1145/356635.356640), ACM Computing Surveys 6(4), 1974. With the famous sentence about premature optimization.
# - G. Amdahl, [*Validity of the Single Processor Approach to Achieving Large Scale Computing Capabilities*](https://doi.org/10.1145/1465482.1465560), AFIPS 1967.
# - S. Lam, A. Pitrou, S. Seibert, [*Numba: A LLVM-based Python JIT Compiler*](https://doi.org/10.1145/2833157.2833162), LLVM-HPC 2015.
#
# Next: [10 · Scale it out](10_scale_it_out.ipynb)
