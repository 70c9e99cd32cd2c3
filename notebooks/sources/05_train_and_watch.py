# %% [markdown]
# # 05 · Train and watch
#
# We have the questions (chapters 01 and 02), a model that answers them (chapter 03), and a number that says how wrong the answers are (chapter 04). Now we let the model practice, nine million questions per epoch, and watch what it learns.
#
# Watching is harder than it sounds. A number will go down on the screen, and it is tempting to think that this is learning. But does the model learn something about words, or does it just get used to the questions? And how would we know?
#
# **What you'll do.** Train word vectors on the Penn Treebank, and watch the loss and the neighbors while it happens.
#
# **What you'll be able to do.** Write a training loop in Gluon, read a loss curve, and tell fitting from learning.
#
# **What you need.** Chapters 01 to 04 for the data, the model, and the loss.
#
# **Time.** 30 minutes, exercises included.

# %%
from w2v_lesson import Training, build_net, figures, load_data_ptb, masked_loss, skip_gram
from w2v_lesson.training import default_device

from d2l import mxnet as d2l
from mxnet import autograd, gluon, npx, random

npx.set_np()
loss = gluon.loss.SigmoidBCELoss()
device = default_device()  # a GPU if there is one

# %% [markdown] tags=["route-50-aside"]
# ## Set some text aside
#
# Think of a student who prepares for an exam with old exam questions. If you test them with the same questions, they might just have learned the answers by heart. To see what they really understood, you need questions that they have never seen.
#
# We do the same. The Penn Treebank comes in parts. We train on one part, and set another part aside just for checking. Text that the model never trains on is called [**held-out**](glossary.md#held-out).

# %% tags=["route-50-aside"]
batch_size, max_window_size, num_noise_words = 512, 5, 5
data_iter, vocab = load_data_ptb(batch_size, max_window_size, num_noise_words, redraw=True)
heldout, _ = load_data_ptb(
    batch_size, max_window_size, num_noise_words, split="valid", vocab=vocab
)
print(f"{len(data_iter)} minibatches to train on, {len(heldout)} held out")

# %% [markdown]
# ## Take one step
#
# A step of training takes one minibatch. It computes the loss, gets the gradients, and moves the weights. In chapter 04 we multiplied each gradient by a fixed learning rate and moved the vector in the opposite direction. Here we leave that to an [**optimizer**](glossary.md#optimizer) called Adam. It adapts the size of the step to each weight, from the gradients it has seen so far, so that weights with small gradients get somewhere, too.


# %%
...  ### INSERT w2v_lesson.training.train_step


# %% [markdown]
# **Predict.** What will the loss of the very first minibatch be? (Chapter 04 gave you the number.) And will ten steps on the same minibatch make it larger or smaller?

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
# It starts at $\ln 2 = 0.693$, where every answer is "one half," and it falls. (`trainer` applies Adam to all the weights. `backward` adds up the losses of all rows, so `train_step` tells `trainer.step` how many rows there are, and `trainer.step` divides the gradients by that number.)
#
# ## Repeat it
#
# Training repeats that step for every minibatch, epoch after epoch. Here is the loop as it is printed in the chapter that this lesson mirrors, *Pretraining word2vec* in the MXNet edition of *Dive into Deep Learning*. `d2l.Animator` draws a curve as it goes, `d2l.Accumulator` adds up numbers, and `d2l.Timer` measures time.


# %%
def train(net, data_iter, lr, num_epochs, device=d2l.try_gpu()):
    net.initialize(ctx=device, force_reinit=True)
    trainer = gluon.Trainer(net.collect_params(), "adam", {"learning_rate": lr})
    animator = d2l.Animator(xlabel="epoch", ylabel="loss", xlim=[1, num_epochs])
    # Sum of normalized losses, no. of normalized losses
    metric = d2l.Accumulator(2)
    for epoch in range(num_epochs):
        timer, num_batches = d2l.Timer(), len(data_iter)
        for i, batch in enumerate(data_iter):
            center, context_negative, mask, label = [
                data.as_in_ctx(device) for data in batch
            ]
            with autograd.record():
                pred = skip_gram(center, context_negative, net[0], net[1])
                l = (
                    loss(pred.reshape(label.shape), label, mask)
                    * mask.shape[1]
                    / mask.sum(axis=1)
                )
            l.backward()
            trainer.step(batch_size)
            metric.add(l.sum(), l.size)
            if (i + 1) % (num_batches // 5) == 0 or i == num_batches - 1:
                animator.add(epoch + (i + 1) / num_batches, (metric[0] / metric[1],))
    print(
        f"loss {metric[0] / metric[1]:.3f}, "
        f"{metric[1] / timer.stop():.1f} tokens/sec on {device!s}"
    )


# %% [markdown]
# We try it on the first 100 minibatches, three times over.

# %% tags=["nbval-ignore-output"]
from itertools import islice

random.seed(0)
train(net, list(islice(data_iter, 100)), lr, num_epochs=3)

# %% [markdown]
# **What you should see.** A curve that goes down. But look closely at the curve and at the printed line:
#
# - **The loss is an average since the beginning.** `metric` is never reset, so the last number still contains the first minibatches. You can't tell from it where the model is *now*.
# - **The printed speed is too high.** The loop divides the number of centers in *all* epochs (it calls them tokens) by the seconds that the *last* epoch took. Here, with three epochs, the result is about three times too high.
# - **There is no held-out loss.** So the curve can't tell you whether anything carries over to new text.
#
# ## Watch it properly
#
# The last problem is easy to fix. For the held-out loss we go through the held-out minibatches in the same way, but without `backward` and without a step:


# %%
def mean_loss(net, data_iter):
    total = num_centers = 0
    for batch in data_iter:
        center, context_negative, mask, label = [data.as_in_ctx(device) for data in batch]
        pred = skip_gram(center, context_negative, net[0], net[1])
        total += float(masked_loss(pred.reshape(label.shape), label, mask).sum())
        num_centers += len(center)
    return total / num_centers


print(f"after the loop above: {mean_loss(net, heldout):.3f} nats per pair")


# %% [markdown]
# `Training` puts all of this together. It gives a new net random weights, so what we did above doesn't count, and then takes the same steps as our `train_step`, for several epochs. About twenty times per epoch it hands out a **record** with the average loss since the previous record. At the end of an epoch, the record also holds the average loss of the whole epoch and the held-out loss.

# %% tags=["route-50-panel"]
net = build_net(len(vocab), embed_size)
training = Training(net, data_iter, lr, heldout=heldout)
print(f"{len(data_iter)} steps in this epoch")

# %% [markdown] tags=["route-50-panel"]
# A panel shows the records while the training runs: the loss on the left, and on the right a map of the vectors, on which the words of four groups have labels. Below, it lists the nearest neighbors of three words after each epoch. (The map shows only two of a hundred directions. They are the ones along which the labeled words differ most in the vectors of chapter 00, and they stay the same all the time.)
#
# **Predict.** After five epochs, which will be lower, the training loss or the held-out loss? And after how many epochs will *chip* have found its neighbors?

# %% tags=["route-50-panel"]
from w2v_lesson.files.pretrained import stored_ptb_vectors
from w2v_lesson.widgets.panel import watch_training

groups = (
    "months: june july august october; countries: japan germany france canada; "
    "computing: chip computer software ibm; family: father mother son daughter"
)
probes, like = ["chip", "bank", "july"], stored_ptb_vectors()
panel = watch_training(training, num_epochs, vocab, probes=probes, groups=groups, like=like)
panel.start()
panel

# %% [markdown] tags=["route-50-panel"]
# The training runs in the background, for one to three minutes, depending on your computer. (Chapter 00 needs only a few seconds, because it uses the fast program of chapter 09.) Watch the words of a group find each other, and click on one of them to see its nearest neighbors. **Pause** and **Resume** do what they say, and **Stop** ends the training. If you reload the page or run the cell again, you'll see the same training. The next cell waits until the training has ended, and then prints the losses of each epoch.

# %% tags=["route-50-panel"]
panel.wait()

# %% [markdown]
# **What you should see.** The light line is the training loss as it goes. Each round dot is its average over a whole epoch, and each square is the held-out loss at the end of that epoch. (The star marks the lowest one.) The dotted line is the 0.451 of chapter 04. From epoch to epoch, the average training loss keeps falling, while the held-out loss flattens out.
#
# The held-out loss of the last epoch should be what our own function says:

# %%
print(f"{mean_loss(net, heldout):.3f} nats per pair")

# %% [markdown] tags=["route-50-curve:1"]
# It is.
#
# ## Read the curve
#
# The same curve again, with its parts named.

# %% tags=["route-50-curve"]
from w2v_lesson.widgets.progress import losses_in_words

figures.show(
    figures.loss_stretches(training.records, guess=0.451),
    "The loss curve in three parts: down to 0.451 within the first epoch, it learns that most "
    "pairs are made up; below, it learns about words; at the end the held-out loss flattens out. "
    + losses_in_words(training),
)

# %% tags=["route-50-curve"]
below = [record.epoch for record in training.records if record.loss < 0.451]
print(f"below 0.451 nats after {below[0]:.1f} epochs" if below else "not yet below 0.451")

# %% [markdown] tags=["route-50-curve"]
# **What you should see.** A curve in three parts.
#
# 1. **From 0.693 to 0.451**, the model learns that five out of six pairs are made up. Recall the yardstick of chapter 04: a model that knows nothing else, and always answers "one sixth," has a loss of 0.451. This part is steep, and it is over before the first epoch ends. It has little to do with words.
# 2. **Below 0.451**, it learns two things. One is which words make up a larger share of the noise words than of the contexts. For them, "no" is an even safer answer than for other words, whatever the center. (In chapter 01, *the* was 2% of the noise words, but only 0.6% of the text after subsampling.) The other is which words keep which company. On the curve that looks like almost nothing: the held-out loss only goes from 0.44 to 0.41. But here is what happens to the neighbors of *chip* in the meantime:

# %% tags=["route-50-curve"]
for epoch, nearest in panel.history.items():
    print(f"epoch {epoch:.3g}:", ", ".join(nearest["chip"]))

# %% [markdown] tags=["route-50-curve"]
# After one epoch they are strangers. After three they are nearly the ones you know from chapter 00, and from then on they hardly change. So what we care about happens in the long stretch where the loss hardly falls.
#
# 3. **Where the held-out loss flattens**, at about 0.408, the model has learned nearly everything it can from this text with these settings. The average training loss goes on falling, but that is because the model gets used to the training text. If you trained much longer, the held-out loss would usually rise again, which is called [**overfitting**](glossary.md#overfitting). Chapter 07 shows it. If you want to watch it happen, choose *Train four times as long* in the laboratory of [chapter 09](09_make_it_fast.ipynb).
#
# So a falling training loss only means *fitting*: the answers match the training text better. A falling held-out loss means *learning*: the answers get better on new text, too. In the first epoch, by the way, the held-out loss is *lower* than the average training loss, and in the second it is still a little lower. There is nothing mysterious about that: the training loss is an average over the whole epoch, during which the model is still improving, and the held-out loss is measured at the end.
#
# ## Take the result
#
# The two tables of vectors and the vocabulary are all you need from now on. The questions, the loss, and the optimizer have done their job.

# %% tags=["route-50-curve"]
from w2v_lesson import WordVectors

vectors = WordVectors.from_net(net, vocab)
for neighbor in vectors.similar("chip", 3):
    print(f"cosine sim={neighbor.cosine:.3f}: {neighbor.word}")

# %% [markdown] tags=["route-50-curve:0"]
# The same words came first in chapter 00, perhaps in another order, but this time you have trained the vectors yourself. (The cosines differ a little, because the fast program that trained those of chapter 00 draws other noise words and lets the learning rate fall.)
#
# Strictly speaking, this was [**pretraining**](glossary.md#pretraining). Nobody needs a model that guesses whether two words appeared near each other. It was only an exercise, for which the text provides millions of questions for free, and what we keep are the vectors. They come *before* the task that you really care about, such as sorting messages by topic, for which you may have only a few labeled examples.
#
# ## Check yourself
#
# Replace the three dots with your answer and run the cell.
#
# **1. Predict.** Another text has 10,000 centers. With a `batch_size` of 512, how many times is `trainer.step` called in three epochs?
#
# <details><summary>Hint</summary>
#
# How many minibatches are there in one epoch? The last one may be smaller than the others.
# </details>

# %% tags=["exercise"]
from w2v_lesson import check, progress

num_steps = 3 * -(-10_000 // 512)  ### SOLUTION
check("num_steps", num_steps)

# %% [markdown]
# **2. Write.** A program averages the loss *since training began*, as the loop above does, and prints this average after each epoch. You want the loss of the last epoch alone. All epochs are equally long, and `means` is the list of the printed numbers (at least two).
#
# <details><summary>Hint</summary>
#
# An average over $n$ epochs, times $n$, is the sum over those epochs. Which two sums differ by the last epoch?
# </details>


# %% tags=["exercise"]
def last_epoch_loss(means):
    ### BEGIN SOLUTION
    n = len(means)
    return n * means[-1] - (n - 1) * means[-2]
    ### END SOLUTION


check("last_epoch_loss", last_epoch_loss)

# %% [markdown]
# **3. Write.** *Early stopping* ends a training run when the held-out loss has not reached a new low for `patience` epochs, and it keeps the weights of the best epoch. You are given the held-out losses of all epochs, as if the run had never been stopped. Which epoch is kept? Count from 1.
#
# <details><summary>Hint</summary>
#
# Go through the losses in order and remember the best epoch so far. You never get to see what would have come after the stop.
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
progress("05")

# %% [markdown]
# Now choose an answer. Each one opens and tells you why it is right or wrong.
#
# **Question.** A training run starts at 0.693, and after a few hundred steps it is at 0.46, with $K = 5$. What has the model learned?
#
# <details><summary>a) A great deal about words, since the loss has fallen by a third.</summary>No. A model that always answers "one sixth" does better, with 0.451, and it knows nothing about words.</details>
# <details><summary>b) Mostly that the answer is usually no.</summary>Right. What it learns about words shows only below 0.451.</details>
# <details><summary>c) Nothing, since the loss has to reach zero.</summary>No, and it never will. Even with perfect vectors, some noise words look just like contexts.</details>

# %% [markdown]
# **Question.** You double <code>batch_size</code> and change nothing else. What happens to an epoch?
#
# <details><summary>a) Each step becomes twice as large, because it adds up twice as many gradients.</summary>No. <code>trainer.step</code> divides by the number of examples, so the gradient is an average.</details>
# <details><summary>b) It has as many steps as before, and each one takes longer.</summary>No. There are as many examples as before, so with twice as many per step there are half as many steps.</details>
# <details><summary>c) It has half as many steps, so the weights are moved half as often.</summary>Right. Each gradient is an average over more examples, so it depends less on chance. But after the same number of epochs the model has often learned less.</details>
#
# ## Summary
#
# - One step: compute the loss, get the gradients, move the weights. Training repeats it for all minibatches and for several epochs.
# - A falling training loss means fitting, and a falling held-out loss means learning.
# - Down to 0.451, the model mostly learns that most pairs are made up. The words find their places below that.
#
# ## In practice
#
# - The loop of the original chapter passes `batch_size` to `trainer.step`, although the last minibatch is smaller. And on a text with fewer than five minibatches, `num_batches // 5` is 0 and the loop ends in a division by zero. Chapter 11 goes through such details.
# - The original chapter also says that a CPU is fine because the model is tiny and data loading dominates. A CPU is fine, but here it is not loading that dominates: chapter 09 measures where the time goes, and ends with a training step that is many times as fast as the original chapter's.
# - And it calls the model "embarrassingly parallel," because each pair is computed on its own. Chapter 10 tries to make use of that.
# - You can also stop a training run in code and continue it later, even on another day. Chapter 12 shows how.
#
# ## Further reading
#
# - D. Kingma, J. Ba, [*Adam: A Method for Stochastic Optimization*](https://arxiv.org/abs/1412.6980), ICLR 2015.
# - L. Prechelt, [*Early Stopping – But When?*](https://link.springer.com/chapter/10.1007/3-540-49430-8_3), in *Neural Networks: Tricks of the Trade*, Springer 1998.
#
# Next: [06 · Ask the vectors](06_ask_the_vectors.ipynb)
