# %% [markdown]
# # 04 · Mask the loss
#
# At the end of chapter 03, the model answered every question about our sentence with "one half." That is a wrong answer to all of them. But how wrong is it, and which way should the vectors move to make it better?
#
# In this chapter you turn "how wrong" into a number, the loss, and "which way" into arrows, the gradient. Then comes the heart of word2vec: you will see how two words that hardly ever appear near each other, such as *july* and *june*, can still end up with similar vectors.
#
# **What you'll do.** Compute the loss of a pair by hand and with Gluon, leave the padding out, and move vectors step by step.
#
# **What you'll be able to do.** Say why word2vec doesn't use softmax, compute binary cross-entropy, explain what the mask is for, read a gradient, and explain why similar words get similar vectors.
#
# **What you need.** Chapter 03 for scores, the sigmoid, and the two tables; logarithms; the idea of a derivative.
#
# **Time.** 35 minutes, exercises included.

# %%
import math

import numpy
from mxnet import autograd, gluon, np, npx

from w2v_lesson import by_hand, check, figures, progress, read_ptb
from w2v_lesson.widgets.loss import Descent, watch_loss

npx.set_np()
numpy.set_printoptions(precision=4, suppress=True)

# %% [markdown] tags=["route-50-loss:1"]
# ## From one question with 6,719 answers to six yes-or-no questions
#
# Yes-or-no questions are not the obvious choice. A more natural question would be: *here is a center word; which word appears near it?* A model can answer that with a probability for each word of the vocabulary. The usual way to get probabilities out of scores is the [**softmax**](glossary.md#softmax):
#
# $$ P(c \mid w) = \frac{\exp(\mathbf{u}_c^\top \mathbf{v}_w)}{\sum_{i} \exp(\mathbf{u}_i^\top \mathbf{v}_w)}. $$
#
# Look at the sum in the denominator. The index $i$ runs over the whole vocabulary, so a single pair takes 6,719 dot products, and training on that pair moves all 6,719 rows of $\mathbf{u}$. For a vocabulary of a million words, it would be a million. That sum is what makes softmax so expensive.
#
# word2vec avoids it by changing the question. Instead of choosing among all words, the model only has to tell the real context from $K$ noise words. With $K = 5$, that takes six dot products instead of 6,719. Each of them is turned into an answer by the sigmoid, $\sigma(x) = 1/(1 + e^{-x})$: it gives the probability of "yes."
#
# ## How wrong is one answer?
#
# A score, before the sigmoid turns it into a probability, is called a [**logit**](glossary.md#logit). The [**loss**](glossary.md#loss) of an answer is minus the logarithm of the probability that the model gave to the *correct* answer. The logarithm makes a confident wrong answer very expensive, and a confident correct one nearly free:
#
# - If the other word is a context (label 1, for yes), the loss is $-\log \sigma(x)$.
# - If it is a noise word (label 0, for no), the correct answer is "no," which has the probability $1 - \sigma(x)$. That is the same as $\sigma(-x)$ (multiply the numerator and the denominator of $1 - \sigma(x) = \frac{e^{-x}}{1 + e^{-x}}$ by $e^x$), so the loss is $-\log \sigma(-x)$.
#
# Together they are called the [**binary cross-entropy**](glossary.md#binary-cross-entropy). Because we use the natural logarithm, the unit is the [**nat**](glossary.md#nat).
#
# **Predict.** Our untrained model answers "one half" to every question. What does that cost?


# %% tags=["route-50-loss"]
def neg_log_sigmoid(x):
    return -math.log(1 / (1 + math.exp(-x)))


# %% tags=["route-50-loss"]
for x in [-2, 0, 2]:
    print(
        f"logit {x:2d}: loss {neg_log_sigmoid(x):.4f} if real, {neg_log_sigmoid(-x):.4f} if noise"
    )

# %% [markdown] tags=["route-50-loss"]
# "One half" costs $\ln 2 \approx 0.6931$ nats, whatever the correct answer is. Training starts very close to that value, because the starting vectors are small.

# %% tags=["route-50-loss"]
logits = numpy.linspace(-6, 6, 97)
curves = {
    "context (label 1)": by_hand.pair_loss(logits, 1),
    "noise word (label 0)": by_hand.pair_loss(logits, 0),
}
figures.show(
    figures.pair_losses(logits, curves),
    "Two mirrored curves that cross at logit 0 and loss 0.69. Each is nearly 0 on one side and "
    "rises like a straight line on the other.",
)

# %% [markdown]
# **What you should see.** Two mirrored curves. A confident correct answer costs next to nothing. A confident wrong answer costs roughly as many nats as the size of its logit: a "no" with the logit −5 costs about 5 if the word is a context.
#
# For one center word $w$ with a context $c^+$ and $K$ noise words $c^-$, the sum of these losses is
#
# $$ \mathcal{L} = -\log \sigma(\mathbf{u}_{c^+}^\top \mathbf{v}_w) - \sum_{c^-} \log \sigma(-\mathbf{u}_{c^-}^\top \mathbf{v}_w). $$
#
# A center with several contexts has one such sum for each of them. The code below takes the average over all its pairs instead, so that a center with ten contexts doesn't count ten times as much as a center with one.
#
# ## Leave out the padding
#
# Gluon has this loss ready-made as `SigmoidBCELoss`. Here are two rows of four logits. In the first row all four cells are pairs. In the second, only the first two are, and the rest is padding.

# %%
from d2l import mxnet as d2l

loss = gluon.loss.SigmoidBCELoss()
pred = d2l.tensor([[1.1, -2.2, 3.3, -4.4]] * 2)
label = d2l.tensor([[1.0, 0.0, 0.0, 0.0], [0.0, 1.0, 0.0, 0.0]])
mask = d2l.tensor([[1, 1, 1, 1], [1, 1, 0, 0]])

# %% [markdown]
# **Predict.** Which of the four pairs in the first row costs the most?

# %%
for x, y in zip(pred[0].tolist(), label[0].tolist()):
    print(f"logit {x:4.1f}, label {y:.0f}: {neg_log_sigmoid(x if y else -x):.4f}")

# %% [markdown]
# The third one: it is a noise word, but the model is almost sure that it is a context.
#
# Now all at once. The third argument of `loss` is the mask. The loss of each cell is multiplied by it, so padding counts as 0.

# %%
loss(pred, label, mask)

# %% [markdown]
# Is each number the average over the pairs of its row, without the padding? We can check by hand. The first row has four pairs, and the second has two:

# %%
# where the label is 0, the sign is flipped
first = [neg_log_sigmoid(x) for x in (1.1, 2.2, -3.3, 4.4)]
second = [neg_log_sigmoid(x) for x in (-1.1, -2.2)]
print(f"{sum(first) / 4:.4f} {sum(second) / 2:.4f}")

# %% [markdown]
# The first row agrees, but the second doesn't. Gluon adds up the losses of the two pairs and then divides by *four*, the length of the row. To correct that, we multiply by the length of the row and divide by the number of pairs, which is the sum of the mask:

# %%
loss(pred, label, mask) * mask.shape[1] / mask.sum(axis=1)

# %% [markdown]
# Now both agree. The result is the average loss over the pairs of each row, and the padding has no say in it. The rest of the lesson uses this function:

# %%
sigmoid_bce = gluon.loss.SigmoidBCELoss()


...  ### INSERT w2v_lesson.model.masked_loss


# %% [markdown]
# **Predict.** What would happen without a mask? Will the loss of the second row be the same, or different?

# %%
print("with mask:   ", masked_loss(pred, label, mask))
print("without mask:", masked_loss(pred, label, np.ones_like(mask)))

# %% [markdown] tags=["route-50-slope:1"]
# It changes, because the model is now judged on two questions that nobody asked. And it would be trained on them, too.
#
# ## Which way should the answer move?
#
# Training moves every weight a little in the direction that makes the loss smaller. That direction comes from the [**gradient**](glossary.md#gradient), the derivative of the loss. For the loss $\ell$ of one pair with logit $x$ and label $y$, it turns out to be surprisingly simple:
#
# $$ \frac{\partial \ell}{\partial x} = \sigma(x) - y. $$
#
# In words: answer minus label. (To see it for $y = 1$, write $\ell = \log(1 + e^{-x})$ and take the derivative.) We move *against* the gradient. So if the model says 0.9 and the label is 1, the gradient of −0.1 is a gentle push upward. If the label is 0, the gradient of 0.9 is a strong push downward. The more wrong the model is about a pair, the harder that pair pulls or pushes.
#
# Put one pair under the microscope: move its logit, flip its label, and turn its mask on and off. **Predict.** At which logit does a context have a gradient of −0.5?

# %% tags=["route-50-slope"]
watch_loss()

# %% [markdown]
# It is at 0, where the answer is one half.
#
# **What you should see.** The gradient is the slope of the curve. Where the answer is wrong the tangent is steep, though never steeper than 1. Where it is right the tangent is almost flat, because there is nothing left to learn.
#
# MXNet's `autograd` records a computation and works out the gradient for us. (`backward` adds up the losses of all rows.) Does it agree?

# %%
pred.attach_grad()
with autograd.record():
    l = masked_loss(pred, label, mask)
l.backward()
pred.grad

# %%
(npx.sigmoid(pred) - label) * mask / mask.sum(axis=1, keepdims=True)

# %% [markdown] tags=["route-50-meeting:2"]
# They are the same, number for number: answer minus label, divided by the number of pairs because of the average. Under the padding the gradient is 0, so padding moves nothing. That is what the mask is for.
#
# ## Which way do the vectors move?
#
# We don't train logits, we train vectors. A logit is a dot product, $x = \mathbf{u}^\top \mathbf{v}$, and if we write $\delta = \sigma(x) - y$ for the error of the answer, the chain rule gives
#
# $$ \frac{\partial \ell}{\partial \mathbf{v}} = \delta\,\mathbf{u}, \qquad \frac{\partial \ell}{\partial \mathbf{u}} = \delta\,\mathbf{v}. $$
#
# A step of **gradient descent** moves each vector against its gradient, multiplied by a small number, the [**learning rate**](glossary.md#learning-rate). For a context the error is negative, so $\mathbf{v}$ is pushed in the direction of $\mathbf{u}$, and $\mathbf{u}$ in the direction of $\mathbf{v}$. For a noise word the error is positive, and each is pushed in the direction opposite to the other.
#
# So a center is only ever pushed in the direction of its *contexts*, or away from noise words. Nothing ever compares two centers with each other. How, then, can *july* and *june* come to have similar vectors?
#
# ## Why similar words meet
#
# In chapter 01 you saw that *july* and *june* appeared near each other exactly once in the whole text. But look at what they *do* appear near. For comparison, the last column has *gold*, which is about as frequent as either of them:


# %% tags=["route-50-meeting"]
def times_near(a, b, reach=5):
    found = 0
    for line in sentences:
        for i, word in enumerate(line):
            if word == a:
                found += line[max(0, i - reach) : i + reach + 1].count(b)
    return found


sentences = read_ptb()
print("         july june gold")
totals = [sum(line.count(word) for line in sentences) for word in ("july", "june", "gold")]
print(f"  total: {totals[0]:3} {totals[1]:4} {totals[2]:4}")
for context in ["ended", "since", "fiscal", "due", "rose"]:
    counts = [times_near(word, context) for word in ("july", "june", "gold")]
    print(f"{context:>7}: {counts[0]:3} {counts[1]:4} {counts[2]:4}")

# %% [markdown] tags=["route-50-meeting"]
# *july* and *june* keep the same company. So both are pushed in the direction of the same rows of $\mathbf{u}$, those of *ended*, *since*, and *fiscal*. Two arrows that are pushed in the same direction again and again end up pointing the same way, even if nobody ever introduces them to each other.
#
# Let us try it on the smallest possible scale. Two centers have the same three contexts and the same three noise words. Each vector starts as 8 random numbers of its own. They are larger than in a real net, and so is the learning rate, so that a few steps are enough. We alternate: one step for *july*, one step for *june*.

# %% tags=["route-50-meeting"]
others = ["ended", "since", "fiscal", "dogs", "software", "church"]
labels = numpy.array([1, 1, 1, 0, 0, 0])


def start(seed=0):
    rng = numpy.random.default_rng(seed)
    return (
        rng.uniform(-0.8, 0.8, 8),
        rng.uniform(-0.8, 0.8, 8),
        rng.uniform(-0.8, 0.8, (6, 8)),
    )


def cosine(a, b):
    return a @ b / numpy.linalg.norm(a) / numpy.linalg.norm(b)


# %% [markdown] tags=["route-50-meeting"]
# The function below takes one step for one center and its six other words: `U @ v` are the logits, and `errors` is answer minus label, one for each pair. Each pair adds its part to the gradient of `v`, and `errors @ U` is their sum. Each row of `U` belongs to one pair only, so its gradient is one row of the outer product. We divide by `len(U)` because the loss is the average over the pairs.


# %% tags=["route-50-meeting"]
def descend(v, U, labels, lr=2.0):
    errors = by_hand.sigmoid(U @ v) - labels
    new_v = v - lr * errors @ U / len(U)
    new_U = U - lr * numpy.outer(errors, v) / len(U)
    return new_v, new_U


# %% [markdown] tags=["route-50-meeting"]
# **Predict.** At the start, the two centers are random, and their cosine is −0.14. What will it be after 40 steps each?

# %% tags=["route-50-meeting"]
july, june, U = start()
path = [(july, june, U)]
for step in range(40):
    july, U = descend(july, U, labels)
    june, U = descend(june, U, labels)
    path.append((july, june, U))
for step in [0, 1, 5, 20, 40]:
    print(f"after {step:2} steps: cosine of july and june {cosine(*path[step][:2]):5.2f}")

# %% tags=["route-50-meeting"]
figures.show(
    figures.pulled_together(others, labels, path[0], path[20]),
    "Two panels with arrows from the origin, before and after twenty steps. Before, july and june point "
    "in different directions. After, both point the same way as ended, since, and fiscal, and the "
    "noise words point the other way.",
)

# %% [markdown]
# **What you should see.** Contexts are blue, noise words are green, and the eight numbers of each vector are projected onto a plane, so the angles are only roughly right. On the left, the arrows point in random directions. (The arrows of *ended* and *since* are the two short ones at the origin. They look so short because they point out of the plane.) On the right, after twenty steps, *july* and *june* both point in roughly the direction of their common contexts. The noise words point the other way. No step ever compared *july* and *june* with each other. (Their cosine isn't 1, because each vector still carries a part of its own random start, and the pushes become weaker as the errors become smaller.)
#
# But what brought them together, the contexts or the noise words? They shared both, because we gave both centers the same six words. In training, all centers draw their noise words from the same list, so noise words can't explain why *july* is closer to *june* than to any other word. To see what the contexts do alone, we give the second word three noise words of its own, so the two words share only contexts. We take four different starts and run each of them twice. In one of the two runs, the second word still shares its contexts with the first. In the other, it gets contexts of its own, too. So whatever differs between the two runs comes from the contexts.


# %%
def cosine_before_and_after(seed, rows_of_second):
    first, second, U = start(seed)
    U = numpy.vstack([U, start(seed + 100)[2]])  # twelve rows: six for each word
    before = cosine(first, second)
    for step in range(40):
        first, U[:6] = descend(first, U[:6], labels)
        second, U[rows_of_second] = descend(second, U[rows_of_second], labels)
    return before, cosine(first, second)


for seed in range(4):
    before, same = cosine_before_and_after(seed, [0, 1, 2, 9, 10, 11])
    _, own = cosine_before_and_after(seed, [6, 7, 8, 9, 10, 11])
    print(
        f"seed {seed}: {before:5.2f} at the start, {same:5.2f} with the same contexts, "
        f"{own:5.2f} with its own"
    )

# %% [markdown]
# With the same contexts, the cosine goes up in all four runs, and it ends clearly higher than in the run where the second word has contexts of its own. With contexts of its own, the second word goes wherever chance takes it. **Similar company leads to similar vectors**, and this is why word2vec works. (The three shared contexts don't bring them as close as all six shared words did in the picture: being pushed away from the same noise words helped as well. Real words share hundreds of contexts instead of three.)
#
# Now press Play, or take the steps yourself, and watch both centers. Besides the vectors, you see an arrow for the next step: it starts where the center is now and ends where that step will take it. **Predict.** Will these step arrows become longer or shorter as you go on?

# %%
july, june, U = start()
Descent("july", others, labels, july, U, second=("june", june))

# %% [markdown] tags=["route-50-yardstick:1"]
# Each time a word takes its step, its arrow is shorter than the last time, because the errors become smaller. (A step of the *other* word can make that arrow grow a little: it turns the context vectors toward each other, so their pushes add up to a larger one.) The closer the answers get to the labels, the less there is to learn.
#
# One caution. Words can come to share their contexts in two ways. *july* and *june* are used in similar sentences, but hardly ever in the same one. *oil* and *gas* also appear near each other, 55 times, and two words in the same sentence share the words around them. From the center vectors alone you can't tell these two cases apart. Chapter 06 comes back to this.
#
# ## A yardstick
#
# Before we train, one more number. Suppose a model knows nothing about words, but it knows that one question in six has the answer yes ($K = 5$). The best it can do is to answer "one sixth" every time: the average label is one sixth, so only there is the gradient, answer minus label, zero on average. One question in six then costs $-\log \frac{1}{6}$, and each of the other five costs $-\log \frac{5}{6}$. On average, that makes:

# %% tags=["route-50-yardstick"]
p = 1 / 6
print(
    f"always one sixth: {-(p * math.log(p) + (1 - p) * math.log(1 - p)):.3f} nats per pair"
)
print(f"always one half:  {math.log(2):.3f} nats per pair")

# %% [markdown] tags=["route-50-yardstick:0"]
# A model can get from 0.693 down to 0.451 without having learned a single thing about words. Remember that number, because chapter 05 draws it as a line in the plot of the loss. What we care about happens below it.
#
# ## Check yourself
#
# Replace the three dots with your answer and run the cell.
#
# **1. Predict.** For a context (label 1), the model gives "yes" a probability of one quarter. What is the loss of this pair, in nats? Three decimal places are enough.
#
# <details><summary>Hint</summary>
#
# The probability is given, so you don't need the sigmoid anymore. `math.log` is the natural logarithm.
# </details>

# %% tags=["exercise"]
loss_of_a_quarter = -math.log(1 / 4)  ### SOLUTION
check("loss_of_a_quarter", loss_of_a_quarter)

# %% [markdown]
# **2. Write.** `masked_loss` returns one number for each row. Suppose you want a single number for the whole minibatch, in which *every pair* counts the same. `losses` holds the loss of each cell, including the padding, and `mask` says which cells are pairs. Both are arrays of shape (batch, max_len).
#
# <details><summary>Hint</summary>
#
# You need one sum over all the pairs, and one number to divide it by.
# </details>


# %% tags=["exercise"]
def mean_per_pair(losses, mask):
    ### BEGIN SOLUTION
    return (losses * mask).sum() / mask.sum()
    ### END SOLUTION


check("mean_per_pair", mean_per_pair, array=np.array)

# %% [markdown]
# **3. Write.** Above, every pair had its own vector in `U`. In a table, it is the *word* that has a vector, and the same word may be drawn twice. `others` holds, for each pair, the index of its context or noise word, `table_u` has one row for each word of the vocabulary, and `v` and `labels` are as above. Return the gradient of the average loss with respect to the whole table, an array of the same shape as `table_u`.
#
# <details><summary>Hint</summary>
#
# Start with `numpy.zeros(table_u.shape)`. `table_u[others]` gives you the rows of all the pairs. Then loop over the pairs and add each one's part to the row of its word.
# </details>


# %% tags=["exercise"]
def table_gradient(v, others, labels, table_u):
    ### BEGIN SOLUTION
    grad = numpy.zeros(table_u.shape)
    errors = by_hand.sigmoid(table_u[others] @ v) - labels
    for other, error in zip(others, errors):
        grad[other] += error * v / len(others)
    return grad
    ### END SOLUTION


check("table_gradient", table_gradient, array=numpy.array)

# %% tags=["exercise"]
progress("04")

# %% [markdown]
# Now choose an answer. Each one opens and tells you why it is right or wrong.
#
# **Question.** Why do *july* and *june* end up with similar center vectors?
#
# <details><summary>a) Because they often appear near each other.</summary>No. They do so exactly once in the whole text.</details>
# <details><summary>b) Because training multiplies their center vectors and pulls them together.</summary>No. Training only ever multiplies a center vector by a context vector.</details>
# <details><summary>c) Because they have similar contexts and so are pushed in the direction of the same rows of u.</summary>Right. Two vectors that are pushed the same way again and again end up similar.</details>

# %% [markdown]
# **Question.** Two colleagues report average losses per pair: 0.42 with $K = 5$, and 0.28 with $K = 10$. Whose vectors are better?
#
# <details><summary>a) Those with K = 10, because their loss is lower.</summary>No. With more noise words, "no" is right more often, and saying it is cheap. A model that knows nothing about words scores 0.45 with K = 5 and 0.30 with K = 10.</details>
# <details><summary>b) You can't tell from these two numbers.</summary>Right. With a different K the questions are different, and so the losses can't be compared.</details>
# <details><summary>c) Those with K = 5, because fewer noise words confuse the model less.</summary>No. Noise words don't confuse the model. It learns from them.</details>
#
# ## Summary
#
# - The loss of an answer is minus the logarithm of the probability given to the correct one: $-\log \sigma(x)$ for a context, $-\log \sigma(-x)$ for a noise word.
# - The mask keeps padding out of the average, and out of the gradient.
# - The more wrong the model is about a pair, the harder that pair pulls or pushes. Words with the same contexts get pulled in the same direction.
#
# ## In practice
#
# - The two losses of the minibatch above, 0.9352 and 1.8462, are also the ones computed in *Pretraining word2vec*, the chapter of *Dive into Deep Learning* (MXNet edition) that this lesson mirrors. There, our `neg_log_sigmoid` is called `sigmd`.
# - $-\log(1/(1+e^{-x}))$ overflows for very negative $x$, because $e^{800}$ is too large for a floating-point number. Gluon computes the same loss as $\max(x, 0) - xy + \log(1 + e^{-|x|})$, which never overflows.
# - That formula has a catch: at a logit of exactly 0, Gluon's gradient is $-y$ instead of $0.5 - y$, since $\max(x, 0)$ and $|x|$ have no slope there and `autograd` takes it to be 0. With random starting weights it doesn't matter. But if you start the context table from zeros, as the original word2vec program does, then, as long as a word's row in that table is still all zeros, a noise pair doesn't move it at all, and a context pair moves it twice as far as it should.
# - There are other ways around the expensive sum. *Hierarchical softmax* arranges the words in a tree, so that about 13 yes-or-no decisions lead to one of 6,719 words. Skip-gram also has a sister, *CBOW*, which predicts the center from the average of its contexts. Chapter 13 shows both.
#
# ## Further reading
#
# - T. Mikolov and others, [*Distributed Representations of Words and Phrases and their Compositionality*](https://arxiv.org/abs/1310.4546), NeurIPS 2013. Equation 4 is our loss with the opposite sign, because there it is maximized.
# - M. Gutmann, A. Hyvärinen, [*Noise-contrastive estimation*](https://proceedings.mlr.press/v9/gutmann10a.html), AISTATS 2010. Where the idea of learning by telling data from noise comes from.
#
# Next: [05 · Train and watch](05_train_and_watch.ipynb)
