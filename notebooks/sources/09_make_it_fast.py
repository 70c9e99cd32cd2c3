# %% [markdown]
# # 09 · Make it fast
#
# Chapter 00 trained word vectors within seconds, with a program that you haven't seen yet. The loop of the original chapter takes minutes for the same number of epochs. What does it do all that time?
#
# In this chapter you play detective. You measure where the time goes, find the cause, remove it, and check that the loss is still the same. Then you look for the next cause. The last change is of another kind: it changes what is computed, so you check whether that is allowed, and what it costs.
#
# **What you'll do.** Make a training step faster in four stages, with one try that brings little, and then try settings of your own in a laboratory.
#
# **What you'll be able to do.** Profile a program, estimate how much you can gain from a change, check that a faster program still computes the same thing, find out what a shortcut costs, and report a speed with its unit and its time span.
#
# **What you need.** Chapters 02 to 05 for the minibatch, the model, the loss, and the training step.
#
# **Time.** 40 minutes, exercises included.

# %%
# The package comes first, because it sets the number of MXNet's threads.
from w2v_lesson import FusedEngine, check, figures, load_data_ptb, masked_loss, progress
from w2v_lesson.widgets.laboratory import open_laboratory
from w2v_lesson.widgets.progress import compile_engine
import numpy as np
from mxnet import autograd, gluon, npx, random

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
# The step takes several times as long. Even if making a minibatch took no time at all, most of the time would remain.
#
# ## Ask a profiler
#
# Instead of guessing, we use a **profiler**. MXNet's profiler notes how long each [**operator**](glossary.md#operator) ran. An operator is one elementary operation of a model, such as a lookup. We add up the times of all operators that belong to the same part of the step, in the forward and the backward pass.

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
def measure(batches, skip_gram, step=step):
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
    return max(float(abs(a.weight.data() - b.weight.data()).max()) for a, b in tables)


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
# Chapter 02 showed that sorting the examples by length gets rid of nearly all of the padding. We sort the same examples before we pack them.

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
# **Predict.** Which parts of the step have less to do now: looking up rows, the dot products, Adam?

# %% tags=["nbval-ignore-output"]
_, _, costs["without padding"] = measure(sorted_batches, skip_gram)
print(times_faster("without the copy", "without padding"))

# %% [markdown]
# Looking up rows and the dot products work on cells, so they have less to do. Adam has as much work as before, because it goes through every row of both tables in each step, however few cells the minibatch has. So the part that you don't speed up limits the gain, which is known as **Amdahl's law**.
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
center_rows, context_rows = np.mean(used, axis=0)
print(f"{center_rows:.0%} of the center rows, {context_rows:.0%} of the context rows")

# %% [markdown]
# All the other rows of the gradient are zeros. MXNet writes them, and Adam reads them.
#
# Skipping those rows would be quick but wrong. Adam remembers earlier gradients, and they move even a row that has no gradient now. So we need a step of our own. The folder `w2v_lesson/engine` has one, written in Python that the library **numba** compiles to machine code. It differs from MXNet's in three ways:
#
# 1. **No padding.** The pairs of a minibatch lie one after the other, without a rectangle.
# 2. **No large arrays in between.** In MXNet, each operator writes all of its results for the next one to read. Ours computes the scores, the errors, and the gradient of a center in one go. Such a step is called **fused**.
# 3. **No gradient of a whole table.** The gradient of a row is added up and used at once. A row without a gradient isn't touched at all. Without new gradients, Adam moves a row by less and less, toward a resting point that can be computed right away. The engine stores this point, and when the row is needed again, a formula tells how far the row still is from it.
#
# We call this program the **engine**. We let it train on the unsorted minibatches, as MXNet did, so that we can compare the weights.
#
# **Predict.** Compared with the original step, will it be about 2, 20, or 200 times as fast?


# %%
def measure_engine(minibatches):
    net, times = fresh_net(), []
    engine = FusedEngine(net, lr=lr)
    for _ in range(4):
        started = perf_counter()
        losses = engine.steps(minibatches)
        times.append(1e6 * (perf_counter() - started) / len(dataset))
    engine.write_back()  # copy the weights into the net
    return net, losses[-1] / 512, times[1:]


fused_net, fused_loss, costs["fused"] = measure_engine(minibatches)
print(f"loss in step 48: {loss:.4f} by MXNet, {fused_loss:.4f} fused")
print("the nets agree within 0.0001:", largest_difference(net, fused_net) < 1e-4)

# %% [markdown]
# Both compute the same thing, apart from rounding: a sum of rounded numbers depends a little on their order.

# %% tags=["nbval-ignore-output"]
print(times_faster("original step", "fused"))

# %% [markdown]
# ## Share the noise words
#
# So far we have only removed waste: every stage computes the same losses for the same examples. What is left is real work, and most of it is for noise words. For each of them, a row of $\mathbf{u}$ has to be fetched from somewhere in memory, for a single dot product. When another center needs the same row, it has to be fetched again. Perhaps that costs more than the arithmetic.
#
# What if centers that stand next to each other in the text used the same noise words? Let's take a [**run**](glossary.md#run) of $R = 8$ centers that follow one another in the text, and draw $M = 32$ noise words for all of them. A minibatch of 512 centers then has 64 runs from all over the text.
#
# **Predict.** How many noise words does a minibatch have now, compared with before? And how many noise scores, one for each center and each of its noise words?

# %%
shared = list(islice(unsorted.runs(), 12))
num_own = np.mean([len(x.others) - x.num_contexts.sum() for x in minibatches])
num_shared = np.mean([x.num_noise.sum() for x in shared])
num_scores = np.mean([(x.num_centers * x.num_noise).sum() for x in shared])
print(f"own:    {num_own:7,.0f} noise words, {num_own:7,.0f} scores")
print(f"shared: {num_shared:7,.0f} noise words, {num_scores:7,.0f} scores")
rows = [[len(np.unique(x.others)) for x in each] for each in (minibatches, shared)]
print("rows of u in a step: {:,.0f} own, {:,.0f} shared".format(*np.mean(rows, axis=1)))

# %% [markdown]
# There are even more scores than before. But a row that has been fetched is now used for 8 centers, and a step touches less than half as many rows, those of the contexts included. Here are three neighbors in our sentence. To keep the drawing small, there is one noise word for each context, and the three share four.

# %%
from w2v_lesson import sampling

words, tables = unsorted.words(), unsorted.tables
chip = np.flatnonzero((words.ids[:-1] == vocab["chip"]) & (words.ids[1:] == vocab["are"]))
rows = chip + np.arange(3)
own_seed, shared_seed = (sampling.derive_seeds(seed)[2] for seed in (0, 1))
drawn = sampling.draw_examples(words, rows, 1, tables, own_seed)
each = np.split(drawn.others, drawn.starts[1:-1])
own = [vocab.to_tokens(x[n:]) for x, n in zip(each, drawn.num_contexts)]
run = sampling.draw_runs(words, chip, 3, 4, 1, tables, shared_seed)
figures.show(
    figures.shared_noise(
        vocab.to_tokens(run.centers), own, vocab.to_tokens(run.others[:4])
    ),
    "Two drawings of the table u. On the left, lines from chip, are and facing to 11 rows, "
    "one line to each. On the right, each of the three has lines to the same 4 rows.",
)

# %% [markdown]
# **What you should see.** On the left, each line ends in a row of its own. On the right, every center meets every noise word, so all the scores are one product of two small matrices.
#
# ## Check that sharing is allowed
#
# Is that still the same training? In chapter 04, the loss of a center is an average over its contexts and $K$ times as many noise words. So the noise words together count $K / (1 + K)$ of it, which is 5/6. We keep that: the 32 shared noise words of a center together count 5/6. (If a noise word happens to be a context of the center, it is left out, and the others count more.)
#
# A shared noise word is drawn by the same rule as before. (Before, a noise word that was a context was drawn again. Now it is left out. Either way, those that remain follow the same rule.) So *on average over the draws*, each center has the same loss and the same gradient. What changes is how much the gradient of a single step deviates from that average. A row of $\mathbf{u}$ is now drawn less often, and when it is, it is drawn for 8 centers at once.
#
# Here are the loss and the gradients without any trick, in NumPy. We call it the **plain step**. It goes from run to run, and it is slow, but it says what the engine has to compute. The `others` of a run are its noise words, and after them the stretch of text around it. `place` is the position of a center in `others`. Its contexts stand from `place - left` to `place + right`, and `noise_share` is the 5/6.


# %%
...  ### INSERT w2v_lesson.engine.plain.loss_and_gradients


# %% [markdown]
# To check the average, we take a net after one epoch of training. For 64 centers from eight places in the text, we draw noise words 40 times in each way, and compute the mean and the variance of every number in the gradient.

# %%
from w2v_lesson import Training

training = Training(fresh_net(), unsorted, 0.002, engine=FusedEngine)
list(training.run(1))
v, u = (layer.weight.data().asnumpy().astype(float) for layer in training.net)
firsts = np.arange(0, 64_000, 8_000)  # where the eight runs begin
rows = (firsts[:, None] + np.arange(8)).ravel()


def mean_and_variance(share, n=40):
    total = squares = 0
    for draw in range(n):
        seed = sampling.derive_seeds(draw, int(share))[2]
        if share:
            runs = sampling.draw_runs(words, firsts, 8, 32, 5, tables, seed)
        else:
            examples = sampling.draw_examples(words, rows, 5, tables, seed)
            runs = sampling.as_runs(examples)  # runs of one center each
        gradients = np.stack(loss_and_gradients(v, u, runs)[1:])
        total, squares = total + gradients, squares + gradients**2
    mean = total / n
    return mean, (squares - n * mean**2) / (n - 1)


# %% [markdown]
# With 40 draws, the two means can't be exactly equal. But the variances tell us how far apart they should be by chance. If sharing changed the average, they would be farther apart than that.
#
# **Predict.** With shared noise words, does the gradient of the center rows vary more, or less? And that of the context rows?

# %%
(own_mean, own_variance), (mean, variance) = map(mean_and_variance, (False, True))
apart = ((own_mean - mean) ** 2).sum(axis=(1, 2))
by_chance = (own_variance + variance).sum(axis=(1, 2)) / 40
ratios = variance.sum(axis=(1, 2)) / own_variance.sum(axis=(1, 2))
for name, a, chance, ratio in zip(("center", "context"), apart, by_chance, ratios):
    print(f"{name} rows: the means are {(a / chance) ** 0.5:.1f} times as far apart as by")
    print(f"  chance, and sharing makes the variance {ratio:.1f} times as large")

# %% [markdown]
# The means are no farther apart than you would expect by chance, as the argument above says. The gradient of the center rows even varies *less*, because a center now meets 32 noise words. With noise words of its own, it met 22 on average, and only 5 if it had a single context. But the gradient of the context rows varies more than twice as much, because a row is drawn less often, and then for 8 centers at once. That is the price.
#
# ## Share noise words in Gluon, and in the engine
#
# Does sharing make the Gluon step faster, too? Let all 512 centers of a minibatch share 64 noise words. Then one matrix product scores them all, and only the contexts need padding, to ten columns.

# %%
from mxnet import np as mx_np

options = {"vocab": vocab, "run_length": 512, "num_shared_noise": 64}
wide = list(islice(load_data_ptb(512, 5, 5, **options)[0].runs(), 12))
distances = np.array([*range(-5, 0), *range(1, 6)])


def pack(runs):
    mask = (-runs.left[:, None] <= distances) & (distances <= runs.right[:, None])
    others = runs.others.take(runs.place[:, None] + distances, mode="clip")
    noise_words = runs.others[None, :64]
    found = others[:, :, None] == noise_words  # (batch, 10, 64)
    is_noise = ~(found & mask[:, :, None]).any(axis=1)  # (batch, 64)
    arrays = runs.centers[:, None], others * mask, mask, noise_words, is_noise
    return [mx_np.array(x, dtype="float32") for x in arrays]


def shared_step(net, trainer, batch, skip_gram):
    center, contexts, mask, noise_words, is_noise = batch
    with autograd.record():
        yes = skip_gram(center, contexts, net[0], net[1])  # (batch, 1, 10)
        no = skip_gram(center.T, noise_words, net[0], net[1])  # (1, batch, 64)
        yes, no = yes.reshape(mask.shape), no.reshape(is_noise.shape)
        l = masked_loss(yes, mask, mask) / 6 + masked_loss(no, 0 * no, is_noise) * 5 / 6
    l.backward()
    trainer.step(len(center))
    return l


# %% [markdown]
# `skip_gram` serves for the contexts and for the noise words. For the latter, it gets a minibatch of a single row with all the centers. Does this step compute the same loss as the plain one?

# %%
packed = [pack(runs) for runs in wide]
l = shared_step(training.net, adam(training.net), packed[0], skip_gram)
plain_loss = loss_and_gradients(v, u, wide[0])[0]
print(f"{float(l.mean()):.4f} in Gluon, {plain_loss:.4f} by the plain step")
_, _, costs["shared, in Gluon"] = measure(packed, skip_gram, shared_step)

# %% [markdown]
# Now the engine, with runs of 8. We let it train on the twelve minibatches, and do the same with the plain step and a plain version of Adam that moves all rows.

# %%
from w2v_lesson.engine.plain import adam_step


def plain_steps(minibatches):
    plain = [layer.weight.data().asnumpy().astype(float) for layer in fresh_net()]
    memory = [(np.zeros_like(table), np.zeros_like(table)) for table in plain]
    for number, runs in enumerate(minibatches, 1):
        gradients = loss_and_gradients(*plain, runs)[1:]
        for table, remembered, gradient in zip(plain, memory, gradients):
            adam_step(table, *remembered, gradient, lr, number)
    return plain


net = fresh_net()
engine = FusedEngine(net, lr=lr)
engine.steps(shared)
engine.write_back()
pairs = zip(plain_steps(shared), net)
off = max(abs(table - layer.weight.data().asnumpy()).max() for table, layer in pairs)
print("after twelve steps, the tables agree within 0.0001:", off < 1e-4)
_, _, costs["fused and shared"] = measure_engine(shared)

# %% tags=["nbval-ignore-output"]
medians = {name: np.median(times) for name, times in costs.items()}
slowest_first = sorted(costs, key=medians.get, reverse=True)
figures.show(
    figures.cost_bars(
        {name: costs[name] for name in slowest_first},
        "µs per center (median of three rounds)",
    ),
    "Bars. " + ", ".join(f"{name}: {medians[name]:.1f} µs" for name in slowest_first),
)
print("sharing in Gluon:", times_faster("without padding", "shared, in Gluon"))
print("sharing in the engine:", times_faster("fused", "fused and shared"))
print("all of it:", times_faster("original step", "fused and shared"))

# %% [markdown]
# **What you should see.** In Gluon, sharing brings little or nothing compared with sorted minibatches. Each step still computes the gradients of whole tables, and Adam goes through every row. In the engine, a step becomes several times as fast, although there are more scores to compute. So the number of multiplications doesn't decide the time: the step fetches fewer rows, uses each of them for several centers, and computes the scores of a run as one small matrix product. The same idea can be worth a lot in one program and little in another. Our Gluon step even shares more, 64 noise words among 512 centers, and still gains little.
#
# ## Check what sharing does to the held-out loss
#
# The gradient of the context rows varies more. Does that do any harm? We train for one epoch with own and with shared noise words, with three random seeds. (`num_shared_noise=0` means own noise words.) Then we do the same with a learning rate that doesn't stay at 0.002, but falls during training from 0.004 to about 0.001: large steps first, and at the end small ones, which average over the chance in the single gradients. The last number is a training of two epochs, over which the rate falls once.

# %%
from w2v_lesson import Settings, prepare_training
from w2v_lesson.settings import falling_rate

heldout, _ = load_data_ptb(512, 5, 5, split="valid", vocab=vocab)


def train(num_epochs, **changes):
    settings = Settings(**changes)
    data_iter, _ = load_data_ptb(**settings.data_options, vocab=vocab, redraw=True)
    training = prepare_training(data_iter, settings, heldout=heldout, engine=FusedEngine)
    list(training.run(num_epochs))
    return training


def loss_after(num_epochs, **changes):
    return train(num_epochs, **changes).records[-1].heldout_loss


for seed in range(3):
    own = loss_after(1, seed=seed, num_shared_noise=0)
    loss = loss_after(1, seed=seed)
    print(f"seed {seed}: own {own:.3f}, shared {loss:.3f};", end=" ")
    own = loss_after(1, seed=seed, num_shared_noise=0, **falling_rate(1))
    loss = loss_after(1, seed=seed, **falling_rate(1))
    longer = loss_after(2, seed=seed, **falling_rate(2))
    print(f"falling rate: own {own:.3f}, shared {loss:.3f}, two epochs {longer:.3f}")

# %% [markdown]
# After one epoch, sharing has cost a few thousandths of a nat, with either kind of learning rate. The falling rate lowers all these losses by one or two thousandths. But a step with shared noise words was several times as fast above, so two epochs of them take less time than one epoch with own noise words, and they lower the held-out loss by far more than sharing costs. That is why the engine shares them.
#
# ## Say what you are counting
#
# Someone says that their program trains "five million per second." Five million what? The same program gives very different numbers:

# %%
pairs = sum(len(examples.others) for examples in minibatches) / len(dataset)
print(f"per center: {pairs:.1f} pairs, or {cells[0] / len(dataset):.1f} cells with padding")
training = train(1)  # with shared noise words
rate = training.data_iter.num_centers / training.seconds
print(f"{rate:,.0f} centers/s, or {pairs * rate:,.0f} pairs/s")

# %% [markdown]
# Counted in cells, the number would be 60 times as large as in centers, although more than half of the cells would be padding. And with shared noise words, what is a pair? (We count as many as if each center had its own.) The original chapter counts centers and calls them tokens, which is fair, because each center is one word of the text. But as you saw in chapter 05, it divides the centers of *all* epochs by the seconds of the *last* one. So a speed needs a unit and a time span.
#
# ## Play in the laboratory
#
# When training takes a few seconds, you can ask "what if?" as often as you like. What if a vector had only 10 numbers instead of 100?

# %%
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
# **What you should see.** Both runs with 100 numbers have a lower held-out loss and a higher AUC than either run with 10, so the difference is larger than that between two seeds. (All of them share noise words, as the engine does by default.)
#
# All runs are judged on the same pairs and words:
#
# - **Held-out loss**, in nats per pair. Compare it only between runs with the same `num_noise_words` and `max_window_size`, because these two change how often a given pair is real in training, and so what the best answer to it is.
# - **AUC**: how often a real context scores higher than a noise word. Guessing gives 0.5, and 1 is perfect. It depends only on the order of the scores, so you can compare all runs.
# - **ρ**: how well the cosines agree with people's judgments of how related two words are, from −1 to 1. Our vocabulary covers only 217 pairs of the list (WordSim-353, see chapter 07), and ρ changes from seed to seed. So don't read anything into a small difference.
#
# Now it's your turn. In the laboratory, you find the two runs with seed 0 already in the picture. Choose one of the experiments or turn a knob, **predict** what will change, and press **Train**. The curve, the map, and the neighbors follow the training, and **Stop** works at any time. Then compare the runs: you can rename or hide each of them, show its words on the map, or copy the line of code that repeats it.

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


check("centers_per_second", centers_per_second, array=np.array)

# %% [markdown]
# **3. Write.** The centers of a run share noise words. You are given the contexts of one center, the shared noise words, and $K$ (`num_noise_words`). Return the weight of each noise word in the loss of this center, in the same order. Together they count $K / (1 + K)$, evenly, but a noise word that is a context of the center counts 0.
#
# <details><summary>Hint</summary>
#
# `np.isin(noise_words, contexts)` tells you which of the noise words are contexts. How many are left?
# </details>


# %% tags=["exercise"]
def shared_weights(contexts, noise_words, num_noise_words):
    ### BEGIN SOLUTION
    noise = ~np.isin(noise_words, contexts)
    return num_noise_words / (1 + num_noise_words) * noise / noise.sum()
    ### END SOLUTION


check("shared_weights", shared_weights, array=np.array)

# %% tags=["exercise"]
progress("09")

# %% [markdown]
# Now choose an answer. Each one opens and tells you why it is right or wrong.
#
# **Question.** You train with the fused step and own noise words, use twice as many noise words, and change nothing else. What happens to the two speeds, centers per second and pairs per second?
#
# <details><summary>a) Centers per second fall to about half, and pairs per second hardly change.</summary>Right. Each center has nearly twice as many pairs, and most of the work is done for pairs. So the unit decides how the result sounds.</details>
# <details><summary>b) Both fall to about half.</summary>No. A pair takes about as long as before. There are just more of them for each center.</details>
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
# - Measure first: here, the slowest part was a copy. Then remove waste, not work, and check after each change that the loss is still the same.
# - Sharing noise words keeps the average of the gradient, but not its variance. The held-out loss falls a little less in an epoch, and a step is several times as fast.
# - What you don't speed up limits the gain. And a speed needs a unit and a time span.
#
# ## In practice
#
# - **Choosing the program.** `Training(net, data_iter, lr, engine=FusedEngine)` trains like chapter 05, only faster, and with shared noise words. `num_shared_noise=0` for `load_data_ptb` gives each center its own. If you don't name an engine, `Training` uses Gluon, and doesn't share.
# - **Sharing elsewhere.** Contrastive learning, which chapter 13 comes to, does the same: in SimCLR, for example, all pictures of a minibatch are each other's negative examples.
# - **Measuring with care.** `make bench` times complete epochs of this program, of the original chapter, and of the library gensim. Its tables are in `benchmarks/RESULTS.md`.
#
# ## Further reading
#
# - D. Knuth, [*Structured Programming with go to Statements*](https://doi.org/10.1145/356635.356640), ACM Computing Surveys 6(4), 1974. With the famous sentence about premature optimization.
# - G. Amdahl, [*Validity of the Single Processor Approach to Achieving Large Scale Computing Capabilities*](https://doi.org/10.1145/1465482.1465560), AFIPS 1967.
# - S. Ji and others, [*Parallelizing Word2Vec in Shared and Distributed Memory*](https://arxiv.org/abs/1604.04661), arXiv 2016. The words of a window share their noise words, so that the scores become matrix products.
# - T. Chen and others, [*A Simple Framework for Contrastive Learning of Visual Representations*](https://arxiv.org/abs/2002.05709), ICML 2020. SimCLR.
# - S. Lam, A. Pitrou, S. Seibert, [*Numba: A LLVM-based Python JIT Compiler*](https://doi.org/10.1145/2833157.2833162), LLVM-HPC 2015.
#
# Next: [10 · Scale it out](10_scale_it_out.ipynb)
