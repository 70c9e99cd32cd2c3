# %% [markdown]
# # 09 · Make it fast
#
# **What you'll do.** Find out where the time of a training step goes, remove one cost after another, and end with a training so fast that you can play with it.
#
# **What you'll be able to do.** Profile a step, tell necessary work from waste, check that a faster program still computes the same, and report speed in honest units.
#
# **What you need.** Chapters 01 to 05.
#
# **Time.** 30 minutes, exercises included.

# %%
import json
import tempfile
import time
from itertools import islice

# The package before MXNet: it tells MXNet how many cores there are.
from w2v_lesson import FusedEngine, Settings, Training, check, figures, load_data_ptb
from w2v_lesson import build_net, initialize, make_batch, masked_loss, progress
from w2v_lesson.judge.experiments import Experiments
from w2v_lesson.widgets.laboratory import Laboratory
from w2v_lesson.widgets.progress import compile_engine
import numpy as np
from mxnet import autograd, gluon, nd, npx, profiler, random

npx.set_np()
device = npx.cpu()
compile_engine()  # the fast one, met below: a minute the first time ever, then a second

# %% [markdown]
# ## Look before you leap
#
# Here is a step of training as the source chapter writes it, and minibatches as its loader makes them: centers in random order, rows padded to the longest.


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
# Every measurement below starts from the same weights, so that the losses can be compared too.

# %%
mixed, vocab = load_data_ptb(512, 5, 5, group_by_length=False)


def fresh_net():
    random.seed(0)
    net = build_net(len(vocab), 100)
    initialize(net, device)
    return net


def fresh_trainer(net):
    return gluon.Trainer(net.collect_params(), "adam", {"learning_rate": 0.002})


# %% [markdown]
# Guesses about speed are mostly wrong, so measure. MXNet's **profiler** notes how long each [**operator**](glossary.md#operator) runs, the elementary operations that a model is made of.
#
# **Predict.** Which will take longest: the look-ups in the tables, the dot products, the loss, or the update by Adam?

# %%
net = fresh_net()
trainer = fresh_trainer(net)
batches = list(islice(mixed, 25))
# MXNet deletes the file of this name before it writes its own, so the name must be a free one.
folder = tempfile.TemporaryDirectory()
trace = f"{folder.name}/profile.json"
profiler.set_config(profile_imperative=True, aggregate_stats=True, filename=trace)
for i, batch in enumerate(batches):
    if i == 5:  # the first steps also allocate memory
        nd.waitall()
        profiler.set_state("run")
    step(net, trainer, batch, source_skip_gram)
nd.waitall()
profiler.set_state("stop")

# %%
operators = json.loads(profiler.dumps(format="json", reset=True))["Time"]["operator"]
total = {name: numbers["Total"] / 20 for name, numbers in operators.items()}
costliest = sorted(total, key=total.get, reverse=True)[:8]
figures.show(
    figures.cost_bars({name: total[name] for name in costliest}, "ms a step"),
    "Bars of the eight costliest operators: two about swapping axes dwarf the others.",
)
print("the two costliest:", sorted(costliest[:2]))

# %% [markdown]
# **What you should see.** None of the four. Nearly all the time goes into `SwapAxis` and its backward pass (`_backward_…` computes the gradient of an operator). Then come the dot products (`batch_dot`), Adam, and the tables (`Embedding`).
#
# ## First: a copy that nobody needs
#
# `u.swapaxes(1, 2)` does not look expensive. But it writes the whole array anew, in another order: 512 examples of 60 rows of 100 numbers, and again for the gradient. Yet `batch_dot` can read its second argument as transposed, without a copy:


# %%
def skip_gram(center, contexts_and_negatives, embed_v, embed_u):
    v = embed_v(center)  # (batch, 1, embed_size)
    u = embed_u(contexts_and_negatives)  # (batch, max_len, embed_size)
    return npx.batch_dot(v, u, transpose_b=True)  # (batch, 1, max_len)


# %% [markdown]
# The next function trains on some batches and returns the time for a center, in microseconds (µs, millionths of a second), and the mean loss. MXNet computes in the background; `nd.waitall` waits for it, without which we would measure how fast Python can ask.


# %%
def measure(batches, skip_gram):
    net, losses = fresh_net(), []
    trainer = fresh_trainer(net)
    for i, batch in enumerate(batches):
        if i == 5:
            nd.waitall()
            started = time.perf_counter()
        losses.append(step(net, trainer, batch, skip_gram))
    nd.waitall()
    seconds = time.perf_counter() - started
    centers = sum(len(batch.centers) for batch in batches[5:])
    return 1e6 * seconds / centers, float(sum(l.mean() for l in losses)) / len(losses)


# %%
costs = {}
costs["as in the source"], loss_before = measure(batches, source_skip_gram)
costs["− transposed copy"], loss_after = measure(batches, skip_gram)
print(
    f"mean loss {loss_after:.4f}, equal to a millionth:",
    abs(loss_before - loss_after) < 1e-6,
)
print(
    f"{costs['as in the source']:.0f} µs a center before, {costs['− transposed copy']:.0f} µs after"
)

# %% [markdown]
# Always compare the result along with the time: a program that computes something else may be as fast as it likes. The losses agree after 25 steps, and the step is several times as fast.
#
# ## Second: padding
#
# **Predict.** Chapter 01 found more than half of the cells to be padding. What will it bring to have none?
#
# Take the very same examples, but sort them by length before they are cut into batches. The order of the examples changes, so the losses cannot be equal; but before the first step they must be, since each example's loss is its own.


# %%
def mean_loss(batches):
    net, loss_sum, centers = fresh_net(), 0, 0
    for center, context_negative, mask, label in batches:
        pred = skip_gram(center, context_negative, *net)
        l = masked_loss(pred.reshape(label.shape), label, mask)
        # float waits for the number; else all batches would be in memory at once.
        loss_sum, centers = loss_sum + float(l.sum()), centers + len(l)
    return loss_sum / centers


# %%
grouped, _ = load_data_ptb(512, 5, 5, vocab=vocab)
losses = mean_loss(mixed), mean_loss(grouped)
print(
    f"mean loss {losses[1]:.4f}, equal to a millionth:", abs(losses[0] - losses[1]) < 1e-6
)

# %%
sample = sorted(grouped, key=lambda batch: batch.masks.shape[1])
sample = sample[::16]  # every length as often as it occurs
np.random.default_rng(0).shuffle(sample)
costs["− padding"], _ = measure(sample, skip_gram)
print(f"{costs['− padding']:.0f} µs a center")

# %% [markdown]
# ## Third: the gradient of a whole table
#
# What is left? A batch touches some 4,000 rows of the context table and 500 of the center table, of 6,719 each. But MXNet first fills a gradient for *each whole table*, mostly with zeros, and then Adam goes through every row. To leave that out, we must write the step ourselves. The module `w2v_lesson/engine/fused.py` does so, in Python that **numba** compiles to machine code:
#
# 1. Pairs lie end to end: no padding at all.
# 2. For each center: scores, sigmoids, errors, and the gradient of its row, in one go.
# 3. The pairs are grouped by context word. The gradient of a row is summed up and given to Adam at once: there is no gradient of a table.
# 4. Adam moves even rows that have no gradient, by what it remembers of earlier ones. Such a row is caught up with when it is next needed, by one formula for all steps missed.
#
# What MXNet does in several operators, each with a table of results for the next, is here done in one go: hence **fused**. Is it the same mathematics? Train the same net on the same batches in both ways, and compare every weight.

# %%
by_gluon, by_fused = fresh_net(), fresh_net()
trainer, engine = fresh_trainer(by_gluon), FusedEngine(by_fused, lr=0.002)
losses = []
for examples in islice(grouped.examples(), 100):
    l = step(by_gluon, trainer, make_batch(examples), skip_gram)
    losses.append((float(l.mean()), engine.step(examples) / len(l)))
engine.write_back()
for number in (0, 99):
    print("step {}: {:.4f} by Gluon, {:.4f} fused".format(number + 1, *losses[number]))

# %%
for name, one, other in zip(["center", "context"], by_gluon, by_fused):
    difference = np.abs(one.weight.data() - other.weight.data()).asnumpy()
    largest = np.abs(one.weight.data()).asnumpy().max()
    print(
        f"{name} table: largest weight {largest:.1f}, all equal to within 1e-5:",
        difference.max() < 1e-5,
    )

# %% [markdown]
# Equal up to rounding: a sum of 32-bit numbers depends a little on the order in which they are added. How fast is it?

# %%
engine = FusedEngine(fresh_net(), lr=0.002)
minibatches = list(islice(grouped.examples(), 200))
for i, examples in enumerate(minibatches):
    if i == 5:
        started = time.perf_counter()
    engine.step(examples)
seconds = time.perf_counter() - started
centers = sum(len(examples.centers) for examples in minibatches[5:])
costs["− gradients of whole tables"] = 1e6 * seconds / centers
print(f"{costs['− gradients of whole tables']:.1f} µs a center")

# %% tags=["nbval-ignore-output"]
figures.show(
    figures.cost_bars(costs, "µs a center, without making the batches"),
    "Bars of the time for a center: each of the four is a fraction of the one before.",
)
factors = list(costs.values())
print(
    "every removal made it faster, here and now:", factors == sorted(factors, reverse=True)
)

# %% [markdown]
# **What you should see.** Four bars, each shorter than the one above. The program that measures it with care, the making of the batches included, is `make bench`; its table is in `benchmarks/RESULTS.md`.
#
# ## What bounds it now?
#
# A processor can be short of two things: arithmetic, or data. For each pair the fused pass reads a row of the context table twice and a row of the center table once, and computes three products of 100 numbers. Adam reads and writes three numbers for each weight it moves.

# %%
timed = minibatches[5:]
pairs = sum(len(e.others) for e in timed)
rows = sum(len(np.unique(e.others)) + len(np.unique(e.centers)) for e in timed)
bytes_moved = 4 * 100 * (3 * pairs + 6 * rows)  # 4 bytes a number, 100 a row
print(f"{pairs:,} pairs, {rows:,} rows to move: {bytes_moved / pairs:,.0f} bytes a pair")

# %% [markdown]
# And how many bytes can this machine move? Copy a large array, which reads and writes each byte once:

# %%
large = np.ones(2**24, np.float32)  # 64 MiB
times = []
for _ in range(10):
    started = time.perf_counter()
    large.copy()
    times.append(time.perf_counter() - started)
copied = 2 * large.nbytes / min(times)
moved = bytes_moved / seconds
print(
    f"1 GB is copied in {1e12 / copied:.0f} ms, and moved by training in {1e12 / moved:.0f} ms"
)

# %% [markdown]
# Within a factor of a few: training moves data about as fast as a plain copy of a large array does, or faster, although it hops from row to row and computes on the way. It manages that for two reasons. A processor keeps what it used last in a small, fast memory of its own, its **cache**; there it finds the rows of frequent words again, while the large array is too large for it. And training asks for each row a little before its turn (`w2v_lesson/engine/passes.py`), so that memory works while the processor computes. No trick with the arithmetic could make it ten times as fast again. For that, one would have to move less: shorter vectors, fewer noise words, smaller numbers, or an optimizer that remembers nothing. The last is what word2vec's own program has (plain gradient descent).
#
# ## Honest units
#
# "Tokens per second" means nothing until one says which tokens, and over which time. Train three epochs and look at the same speed in three units.

# %%
data_iter, _ = load_data_ptb(512, 5, 5, vocab=vocab, redraw=True)
training = Training(fresh_net(), data_iter, 0.002, engine=FusedEngine)
for record in training.run(3):
    if record.epoch_loss is not None:
        print(f"epoch {record.epoch:.0f}: loss {record.epoch_loss:.3f}")
seconds = training.seconds / 3
centers, pairs = len(data_iter.words().ids), data_iter.num_pairs
cells = sum(batch.masks.size for batch in mixed)
for number, unit in ((centers, "centers"), (pairs, "pairs"), (cells, "padded cells")):
    print(f"{number / centers:5.1f} {unit} for each center")
print(f"{centers / seconds:,.0f} centers/s, {pairs / seconds:,.0f} pairs/s")

# %% [markdown]
# A rate in padded cells is 60 times one in centers, for the same program; and most of these cells are padding. The source counts centers and calls them tokens, which is fair. But it divides the centers of *all* epochs by the seconds of the *last* one: with its five epochs, the rate it prints is five times too high.
#
# ## The laboratory
#
# A training that takes seconds is an invitation to ask "what if". Two trainings as plain function calls, with 100 and with 10 numbers in a vector:

# %%
experiments = Experiments(probes=("chip", "bank", "july"))
results = {
    size: experiments.run(Settings(embed_size=size, num_epochs=3)) for size in (10, 100)
}
for size, result in results.items():
    print(
        f"{size} numbers: held-out loss {result.heldout_loss:.3f}, AUC {result.auc:.3f},",
        f"WordSim ρ {result.wordsim.rho:.2f} on {result.wordsim.covered} pairs",
    )
    print("   chip:", ", ".join(result.neighbors["chip"]))

# %%
figures.show(
    figures.compare_runs({f"{size} numbers": r.records for size, r in results.items()}, 3),
    "Loss curves of both trainings: with 100 numbers the loss falls lower.",
)

# %% [markdown]
# **What you should see.** Lines for the training loss, markers for the held-out loss; with 100 numbers both end lower.
#
# Three measures, all on the same held-out pairs and word lists whatever the settings:
#
# - **held-out loss**, in nats per pair. It is fair only between runs with the same `num_noise_words` and `max_window_size`: these change what the scores are meant to say.
# - **AUC**: how often a true context scores higher than a noise word; 0.5 is guessing, 1 perfect. It depends on the order of the scores alone, and so compares all runs.
# - **WordSim ρ**: agreement with people's judgements of similarity, from −1 to 1. Only 217 of the list's 353 pairs are in our vocabulary, so differences of a few hundredths are chance.
#
# Now you. Six knobs, then *Train*; *Stop* works at any time. **Predict** before each run: will it be better or worse, faster or slower? Try a learning rate of 0.05, a window of 1, a threshold of 1 (no subsampling).

# %%
Laboratory(experiments)

# %% [markdown]
# ## Check yourself
#
# Put your answer in place of the three dots and run the cell; it tells you in words what is right or what went wrong. Solutions are in the notebook of the same name in the folder `solutions`.
#
# **1. Predict.** On another machine a step takes 60 ms, of which the transposed copy takes 45. Someone makes that copy three times as fast. How many times as fast is the step?
#
# <details><summary>Hint</summary>
#
# How long does the copy take now, and the rest?
# </details>

# %% tags=["exercise"]
times_as_fast = 60 / (45 / 3 + 15)  ### SOLUTION
check("times_as_fast", times_as_fast)

# %% [markdown]
# **2. Write.** Two arrays say how many centers each epoch had and how many seconds it took. What is the rate of the whole training, in centers per second?
#
# <details><summary>Hint</summary>
#
# How many centers in all, in how many seconds in all?
# </details>


# %% tags=["exercise"]
def centers_per_second(centers, seconds):
    ### BEGIN SOLUTION
    return centers.sum() / seconds.sum()
    ### END SOLUTION


check("centers_per_second", centers_per_second, array=np.array)

# %% [markdown]
# **3. Write.** Rows of different lengths come in the order given and are cut into minibatches of `batch_size` rows; the last one may have fewer. In each minibatch the rows are padded to the longest. How many cells of padding are there in all? When the check is content, call your function with an array such as `np.array([6, 60, 12, 30, 18, 6])`, as it is and sorted.
#
# <details><summary>Hint</summary>
#
# The rows of the first minibatch are `lengths[:batch_size]`. It has as many cells as its longest row times its number of rows.
# </details>


# %% tags=["exercise"]
def padded_cells(lengths, batch_size):
    ### BEGIN SOLUTION
    batches = [lengths[i : i + batch_size] for i in range(0, len(lengths), batch_size)]
    return sum(max(batch) * len(batch) - sum(batch) for batch in batches)
    ### END SOLUTION


check("padded_cells", padded_cells, array=np.array)

# %% tags=["exercise"]
progress("09")

# %% [markdown]
# Now choose; each choice opens to a reason.
#
# **Question.** You train with twice as many noise words, everything else as before. What happens to the two rates, centers and pairs per second?
#
# <details><summary>a) Centers per second nearly halve, pairs per second hardly change.</summary>Right: each center has nearly twice as many pairs, and the work is in the pairs. So the unit decides how the result sounds.</details>
# <details><summary>b) Both nearly halve.</summary>No: a pair costs what it cost before; there are only more of them for each center.</details>
# <details><summary>c) Neither changes.</summary>No: a center now needs nearly twice as many look-ups and products.</details>

# %% [markdown]
# **Question.** A faster program starts from the same weights and gets the same minibatches. After 25 steps its loss differs in the second decimal. What is the likely cause?
#
# <details><summary>a) Rounding.</summary>No: numbers of 32 bits round in about the seventh digit, and 25 steps do not carry that to the second.</details>
# <details><summary>b) Random numbers.</summary>No: the weights and the minibatches are the same, and a step draws nothing.</details>
# <details><summary>c) It computes something else.</summary>Right: a gradient is left out, counted twice or divided by another number. Fast and wrong is easy.</details>

# %% [markdown]
# Two questions to think about:
#
# 1. A colleague made her training twice as fast. Which two things do you ask her to show?
# 2. Why does the fused pass group the pairs by context word before it updates the table?
#
# <details><summary>Answers</summary>
#
# 1. That the results are the same (on the same data from the same weights), and both times, measured side by side on one machine.
# 2. So that each row is summed up in one place, by one thread: no gradient of the whole table, no two threads writing to one row, and the same sum in the same order every time.
# </details>
#
# ## Summary
#
# - Measure first: the costliest operator was one that nobody would have guessed.
# - Remove waste, not work: a copy, padding, gradients that are zero. The numbers stay the same.
# - What remains is bounded by moving rows through memory.
# - A rate needs its unit and its time span.
#
# ## In practice
#
# - **Choosing the engine.** `Training(net, data_iter, lr, engine=FusedEngine)` trains the same net, with the same records, stop and go on as with `GluonEngine`, which it takes if you name none. Chapters 00 and 06 use it when their vectors are not there yet.
# - **Compiling.** numba compiles at the first use and keeps the result on disk; `make lab` does it once and for all.
# - **gensim**, the library most people use, is written in C; an epoch of the fused passes takes about as long as one of its. It takes plain gradient descent, lets its threads overwrite each other (so no two runs are equal), and looks sigmoids up in a table. `benchmarks/RESULTS.md` has both side by side.
# - **The loader.** The source says that data loading dominates. In its own code, it does not: the transposed copy does.
#
# ## Further reading
#
# - F. Niu and others, *Hogwild!: A Lock-Free Approach to Parallelizing Stochastic Gradient Descent*, 2011: why threads may overwrite each other.
# - S. Williams, A. Waterman, D. Patterson, *Roofline: An Insightful Visual Performance Model*, 2009: arithmetic or data?
# - D. Knuth, *Structured Programming with go to Statements*, 1974: the sentence about premature optimization, and the one after it.
#
# Next: [10 · Scale it out](10_scale_it_out.ipynb), or back to the start: [00 · Meet word vectors](00_meet_word_vectors.ipynb)
