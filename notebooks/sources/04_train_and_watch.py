# %% [markdown]
# # 04 · Train and watch
#
# **What you'll do.** Train word vectors on the Penn Treebank and watch the loss fall while it happens.
#
# **What you'll be able to do.** Write a training loop in Gluon, read a loss curve with held-out data, and stop and go on.
#
# **What you need.** Chapters 01 to 03 for the data, the model and the loss.
#
# **Time.** 20 minutes, two of them waiting, and 10 for the exercises.

# %%
from itertools import islice
from tempfile import TemporaryDirectory

# The package before MXNet: it tells MXNet how many cores there are.
from w2v_lesson import Checkpoints, Training, WordVectors, load_data_ptb
from w2v_lesson import build_net, check, figures, masked_loss, progress, skip_gram
from w2v_lesson.training import default_device
from w2v_lesson.widgets.panel import TrainingPanel
from w2v_lesson.widgets.progress import epoch_line, losses_in_words
from mxnet import autograd, gluon, npx, random

npx.set_np()
device = default_device()  # a GPU if there is one

# %% [markdown]
# ## Two sets of data
#
# One to train on, one to check on: pairs from text that the model never trains on are called [**held-out**](glossary.md#held-out). A model can learn its training pairs by heart; on held-out pairs only what holds in general helps.

# %%
batch_size, max_window_size, num_noise_words = 512, 5, 5
data_iter, vocab = load_data_ptb(batch_size, max_window_size, num_noise_words, redraw=True)
heldout, _ = load_data_ptb(
    batch_size, max_window_size, num_noise_words, split="valid", vocab=vocab
)
print(f"{len(data_iter)} minibatches to train on, {len(heldout)} held out")

# %% [markdown]
# `redraw=True` draws subsampling, windows and noise words afresh for each epoch (chapter 01). The held-out pairs are drawn once, so that each epoch is judged by the same ones.
#
# ## One step
#
# One step of training takes one minibatch: compute the loss, get the gradients, move the weights. How far to move is decided by an [**optimizer**](glossary.md#optimizer), here Adam. It adapts the step for each weight; its [**learning rate**](glossary.md#learning-rate) `lr` sets the scale.


# %%
...  ### INSERT w2v_lesson.training.train_step


# %% [markdown]
# `trainer.step(n)` divides the gradient by the number of examples, so that the step does not depend on how many there are.
#
# **Predict.** What is the loss of the very first minibatch? And of the same minibatch after ten steps on it?

# %%
random.seed(0)
lr, num_epochs, embed_size = 0.002, 5, 100
net = build_net(len(vocab), embed_size)
net.initialize(ctx=device)
trainer = gluon.Trainer(net.collect_params(), "adam", {"learning_rate": lr})
batch = next(iter(data_iter))
for step in range(11):
    l = train_step(net, trainer, batch, device)
    if step in (0, 10):
        print(f"after {step:2d} steps: {float(l.mean()):.3f} nats per pair")

# %% [markdown]
# It starts at $\ln 2 = 0.693$, knowing nothing, and falls. But these are always the same 512 examples.
#
# ## The loop
#
# Training is this step for every minibatch, epoch after epoch. In full:


# %%
def train(net, data_iter, lr, num_epochs, device=device):
    net.initialize(ctx=device, force_reinit=True)
    trainer = gluon.Trainer(net.collect_params(), "adam", {"learning_rate": lr})
    for epoch in range(num_epochs):
        loss_sum, centers = 0, 0
        for batch in data_iter:
            l = train_step(net, trainer, batch, device)
            loss_sum, centers = loss_sum + l.sum(), centers + l.size
        print(f"epoch {epoch + 1}: loss {float(loss_sum) / centers:.3f}")


# %% [markdown]
# Try it on the first 100 minibatches, a seventh of the data, three times over:

# %%
random.seed(0)
train(net, list(islice(data_iter, 100)), lr, num_epochs=3)

# %% [markdown]
# The loss falls. But you waited without knowing how long, could not stop without losing your place, and do not know whether it means learning or memorizing.
#
# ## The same loop, with a window in it
#
# `Training` runs the very same `train_step`. In addition it yields a **record** now and then: where it is, the loss, the speed, the seconds left; and, after each epoch, the held-out loss.

# %%
training = Training(net, data_iter, lr, heldout=heldout)
for record in training.run(num_epochs=1):
    if record.epoch_loss is not None:
        print(epoch_line(record))
print(f"{record.centers_per_second:,.0f} centers/s, {record.pairs_per_second:,.0f} pairs/s")

# %% [markdown]
# Nothing but a plain loop: what you do with the records is up to you. Drawn as a curve, they look like this, with room for the four epochs to come:

# %%
figures.show(figures.loss_curve(training.records, num_epochs), losses_in_words(training))

# %% [markdown]
# **What you should see.** The loss of the steps falls from 0.69, fast at first, then slowly. At the end of the epoch stand two marks: the mean training loss of the whole epoch, and below it the held-out loss, which was measured with the weights as they were at the *end* of the epoch.
#
# Now the same training goes on to five epochs in a panel that shows all this live: the curve, the seconds left, and for three words the nearest words after each epoch. **Pause** holds the training, **Go on** continues, **Stop** ends it; each acts after the step under way, which takes some ten milliseconds, and keeps the weights.
#
# **Predict.** Will the training loss or the held-out loss be lower after five epochs? Which of the two flattens first? Which neighbors will *chip* have after one epoch, and which of them will stay?

# %%
panel = TrainingPanel(training, num_epochs, vocab, probes=["chip", "bank", "july"])
panel.start()
panel

# %% [markdown]
# The training runs behind the page, in a thread of its own. This cell waits for its end, or for Stop, so that the cells after it find trained weights; then it prints what stays. (While a cell waits, the buttons above work in JupyterLab. Where they do not, in other programs, the notebook's own stop button ■ does.)

# %%
panel.wait()

# %% [markdown]
# **What you should see.** A steep fall within the first epoch, then the training loss goes on falling while the held-out loss flattens. The gap between them is what the model has learned about the training text only. The star marks the lowest held-out loss. Training for much longer would raise it again: this is [**overfitting**](glossary.md#overfitting).
#
# And the words? After one epoch the neighbors of *chip* are strangers; from the third on they are what they should be, and change little:

# %%
for epoch, nearest in panel.history.items():
    print(f"epoch {epoch:.3g}:", ", ".join(nearest["chip"]))

# %% [markdown]
# Which loss you look at matters: the mean *since training began* would tell you little about where the model is now.

# %%
ends = [r for r in training.records if r.epoch_loss is not None]
print(f"mean over the last epoch:   {ends[-1].epoch_loss:.3f}")
print(f"mean since training began:  {sum(r.epoch_loss for r in ends) / len(ends):.3f}")

# %% [markdown]
# ## The result
#
# The two tables and the vocabulary are all that is needed from now on. These are the vectors that chapters 00 and 05 use, up to rounding: same data, same settings, same seed.

# %%
vectors = WordVectors.from_net(net, vocab)
for neighbor in vectors.similar("chip", 3):
    print(f"cosine sim={neighbor.cosine:.3f}: {neighbor.word}")

# %% [markdown]
# ## Stop and go on
#
# A training can be stopped from code as well. It ends after the step under way:

# %%
for record in training.run(num_epochs + 1):
    if record.epoch > 5.2:
        training.stop()
print(f"stopped: {training.stopped}, at epoch {record.epoch:.2f}, step {training.step}")

# %% [markdown]
# `training.run(num_epochs + 1)` would now train the rest of the sixth epoch, and end with the same weights as if it had never been stopped: the data of an epoch depend on seed and epoch alone, and the optimizer's memory is kept.
#
# ## Close the laptop
#
# That holds as long as this kernel lives. With `Checkpoints`, a training keeps on the disk, twice a minute, what it needs to go on: the two tables, what Adam remembers of each weight, its place in the epoch, the records. A small text to try it on, PTB's test split:

# %%
part, _ = load_data_ptb(
    batch_size, max_window_size, num_noise_words, split="test", vocab=vocab, redraw=True
)
folder = TemporaryDirectory()  # for a real training: a folder of yours, that stays


def new_training(checkpoints=None):
    return Training(build_net(len(vocab), embed_size), part, lr, checkpoints=checkpoints)


# %%
left = new_training(Checkpoints(folder.name))
for record in left.run(num_epochs=2):
    if record.epoch > 0.5:
        break
print(f"left at epoch {record.epoch:.2f}, step {record.step}")

# %% [markdown]
# **Predict.** A new training, with a new net, is given the same folder. At which step does it begin?

# %%
resumed = new_training(Checkpoints(folder.name))
print(f"found at step {resumed.step}, with {len(resumed.records)} records")

# %% [markdown]
# It goes on from there, and so it would in another process, tomorrow. The proof is a training that was never left:

# %%
unbroken = new_training()
for each in (resumed, unbroken):
    list(each.run(num_epochs=2))
for a, b in zip(resumed.net, unbroken.net):
    print("largest difference:", float(abs(a.weight.data() - b.weight.data()).max()))
folder.cleanup()

# %% [markdown]
# Not nearly the same: the same. With other data or another `lr` the folder would be refused, with the names of what differs.

# %% [markdown]
# ## Check yourself
#
# Put your answer in place of the three dots and run the cell; it tells you in words what is right or what went wrong. Solutions are in the notebook of the same name in the folder `solutions`.
#
# **1. Predict.** Another corpus has 10,000 centers. With `batch_size` 512, how many times is `trainer.step` called in three epochs?
#
# <details><summary>Hint</summary>
#
# How many minibatches are there in one epoch? The last one may be short.
# </details>

# %% tags=["exercise"]
num_steps = 3 * -(-10_000 // 512)  ### SOLUTION
check("num_steps", num_steps)

# %% [markdown]
# **2. Write.** A program prints, after each epoch, the mean loss *since training began*. You want the loss of the last epoch alone. All epochs are equally long, and `means` is the list of what was printed, two numbers or more.
#
# <details><summary>Hint</summary>
#
# A mean over $n$ epochs times $n$ is the sum over them. Which two sums differ by the last epoch?
# </details>


# %% tags=["exercise"]
def last_epoch_loss(means):
    ### BEGIN SOLUTION
    n = len(means)
    return n * means[-1] - (n - 1) * means[-2]
    ### END SOLUTION


check("last_epoch_loss", last_epoch_loss)

# %% [markdown]
# **3. Write.** *Early stopping* ends a training as soon as the lowest held-out loss so far is `patience` epochs old, and keeps the weights of the epoch that had it. Given the list of held-out losses that a training would have, which epoch is kept? Number them from 1.
#
# <details><summary>Hint</summary>
#
# Go through the losses in order and remember the best epoch so far. What comes after the stop, you never see.
# </details>


# %% tags=["exercise"]
def epoch_to_keep(heldout, patience):
    ### BEGIN SOLUTION
    best = 0
    for epoch, loss in enumerate(heldout):
        if loss < heldout[best]:
            best = epoch
        if epoch - best >= patience:
            break
    return best + 1
    ### END SOLUTION


check("epoch_to_keep", epoch_to_keep)

# %% tags=["exercise"]
progress("04")

# %% [markdown]
# Now choose; each choice opens to a reason.
#
# **Question.** After the first epoch the held-out loss was *below* the training loss. How can that be?
#
# <details><summary>a) The held-out text is easier.</summary>No: it is the same text after five epochs, when its loss is the higher of the two.</details>
# <details><summary>b) The training loss is a mean over the whole epoch, the held-out loss is taken at its end.</summary>Right: in the mean are the steps at the beginning of the epoch, when the model knew nothing yet.</details>
# <details><summary>c) The model has overfitted.</summary>No: overfitting is the opposite, a low loss on what was trained and a high one on the rest.</details>

# %% [markdown]
# **Question.** You double <code>batch_size</code> and change nothing else. What becomes of an epoch?
#
# <details><summary>a) Each step goes twice as far, for it sums the gradients of twice as many examples.</summary>No: trainer.step divides by the number of examples, so the gradient is a mean.</details>
# <details><summary>b) It has as many steps as before, each of them slower.</summary>No: the examples are as many as before, so twice as many in a step means half as many steps.</details>
# <details><summary>c) It has half as many steps, so the weights are moved half as often.</summary>Right: each gradient is less noisy, but after the same number of epochs the model has often learned less.</details>

# %% [markdown]
# Two questions to think about:
#
# 1. The last minibatch of an epoch has fewer than 512 examples. What would go wrong with `trainer.step(batch_size)`?
# 2. The training loss falls, the held-out loss rises. What do you do?
#
# <details><summary>Answers</summary>
#
# 1. Its gradient would be divided by too much, and its step would be too small.
# 2. Stop, and take the weights from where the held-out loss was lowest; or get more text.
# </details>
#
# ## Summary
#
# - A step: loss, gradient, update. A loop: steps over all minibatches, for some epochs.
# - The held-out loss says what was learned; the training loss what was fitted.
# - Watch the loss of the epoch, not the mean since the beginning.
#
# ## In practice
#
# What the source chapter prints, and why it differs from what you saw:
#
# - **Loss.** It prints and plots the mean since training began, about .41 after five epochs, when the fifth epoch alone is at about .35.
# - **tokens/sec.** It divides the centers of *all* epochs by the seconds of the *last*, so the rate is too high by the number of epochs. A "token" there is a center.
# - **Pairs drawn once.** Its fifth epoch is lower than ours on training pairs, but higher on held-out ones: it learned the pairs it was shown. `benchmarks/RESULTS.md` has both curves.
# - **`num_batches // 5`.** On a corpus of fewer than five minibatches this is 0, and the loop ends in a division by zero.
#
# ## Further reading
#
# - D. Kingma and J. Ba, *Adam: A Method for Stochastic Optimization*, 2015.
# - L. Prechelt, *Early Stopping – But When?*, 1998.
#
# Next: [05 · Ask the vectors](05_ask_the_vectors.ipynb)
