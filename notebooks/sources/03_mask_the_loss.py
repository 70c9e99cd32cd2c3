# %% [markdown]
# # 03 · Mask the loss
#
# **What you'll do.** Put a number on how wrong the model is, by hand and with Gluon, without counting the padding.
#
# **What you'll be able to do.** Compute the binary cross-entropy of a pair, explain what the mask and the detour `mask.shape[1] / mask.sum(axis=1)` are for, read the gradient, and say which way a step of training moves each vector.
#
# **What you need.** Chapter 02 for `skip_gram`; logarithms; the idea of a derivative.
#
# **Time.** 30 minutes, and 10 for the exercises.

# %%
import math

import numpy
from d2l import mxnet as d2l
from mxnet import autograd, gluon, np, npx

from w2v_lesson import build_net, by_hand, check, figures, initialize, progress, skip_gram
from w2v_lesson.model import pair_by_gluon
from w2v_lesson.widgets.loss import Descent, watch_loss

npx.set_np()
numpy.set_printoptions(precision=4, suppress=True)

# %% [markdown]
# ## One pair, right or wrong
#
# `skip_gram` gives each pair a score $x = \mathbf{u}^\top \mathbf{v}$. Such a score, before it is made a probability, is called a [**logit**](glossary.md#logit). The sigmoid $\sigma(x)$ turns it into the probability that the pair is real. The [**loss**](glossary.md#loss) says how bad that answer was:
#
# - for a context (label 1): $-\log \sigma(x)$, small if the model said yes;
# - for a noise word (label 0): $-\log \sigma(-x)$, small if it said no.
#
# Together they are the [**binary cross-entropy**](glossary.md#binary-cross-entropy). With the natural logarithm its unit is the [**nat**](glossary.md#nat).
#
# **Predict.** The untrained model answers one half. What is its loss?


# %%
def neg_log_sigmoid(x):
    return -math.log(1 / (1 + math.exp(-x)))


# %%
for x in [-2, 0, 2]:
    print(
        f"logit {x:2d}: loss {neg_log_sigmoid(x):.4f} if context, "
        f"{neg_log_sigmoid(-x):.4f} if noise word"
    )

# %% [markdown]
# One half costs $\ln 2 \approx 0.6931$ nats, whatever the label. This is where every training starts.

# %%
logits = np.linspace(-4, 4, 81).asnumpy()
figures.show(
    figures.pair_losses(
        logits,
        {
            "context (label 1)": [neg_log_sigmoid(x) for x in logits],
            "noise word (label 0)": [neg_log_sigmoid(-x) for x in logits],
        },
    ),
    "Two mirrored curves that cross at logit 0 and loss 0.69.",
)

# %% [markdown]
# **What you should see.** Two mirrored curves that cross at 0. A confident wrong answer costs about as much as its logit is large; a confident right one costs nearly nothing.
#
# For a center $w$ with a context $c^+$ and $K$ noise words $c^-$ this makes
#
# $$ \mathcal{L} = -\log \sigma(\mathbf{u}_{c^+}^\top \mathbf{v}_w) - \sum_{c^-} \log \sigma(-\mathbf{u}_{c^-}^\top \mathbf{v}_w). $$
#
# No sum over the whole vocabulary appears in it: $K + 1$ pairs instead of 6,719 words. That is why negative sampling is cheap.
#
# ## A minibatch, by Gluon
#
# Gluon's `SigmoidBCELoss` computes this from the logits. Two rows of four pairs; in the second row only two pairs are real, the rest is padding.

# %%
loss = gluon.loss.SigmoidBCELoss()
pred = d2l.tensor([[1.1, -2.2, 3.3, -4.4]] * 2)
label = d2l.tensor([[1.0, 0.0, 0.0, 0.0], [0.0, 1.0, 0.0, 0.0]])
mask = d2l.tensor([[1, 1, 1, 1], [1, 1, 0, 0]])

# %% [markdown]
# **Predict.** Which of the four pairs of the first row costs most?

# %%
for x, y in zip(pred[0].tolist(), label[0].tolist()):
    print(f"logit {x:4.1f}, label {y:.0f}: {neg_log_sigmoid(x if y else -x):.4f}")

# %% [markdown]
# The third: it is a noise word, and the model is almost sure that it is a context.
#
# The third argument of the loss multiplies the loss of each pair, so that the mask sets padding to zero:

# %%
loss(pred, label, mask)

# %% [markdown]
# ## The detour
#
# Is that the mean over the real pairs? By hand:

# %%
first = [neg_log_sigmoid(x) for x in (1.1, 2.2, -3.3, 4.4)]
second = [neg_log_sigmoid(x) for x in (-1.1, -2.2)]
print(f"{sum(first) / 4:.4f} {sum(second) / 2:.4f}")

# %% [markdown]
# The first row agrees. The second does not: Gluon sums two real pairs and divides by *four*, the length of the row. So multiply by the length and divide by the number of real pairs:

# %%
loss(pred, label, mask) * mask.shape[1] / mask.sum(axis=1)

# %% [markdown]
# Now both agree. The detour is nothing but a **masked mean**: the sum over the real pairs, divided by their number.

# %%
per_pair = npx.relu(pred) - pred * label + np.log(1 + np.exp(-np.abs(pred)))
(per_pair * mask).sum(axis=1) / mask.sum(axis=1)

# %% [markdown]
# This is the function that the rest of the lesson uses:

# %%
sigmoid_bce = gluon.loss.SigmoidBCELoss()


...  ### INSERT w2v_lesson.model.masked_loss


# %% [markdown]
# **Predict.** What would the loss of the second row be without any mask? Higher or lower?

# %%
no_mask = masked_loss(pred, label, np.ones_like(mask))
print("with mask:   ", masked_loss(pred, label, mask))
print("without mask:", no_mask)

# %% [markdown]
# Lower here, by mere chance of what the padding's logits are: the model would be judged, and trained, on pairs of words that never were in the text.
#
# ## What the gradient says
#
# Training moves each weight against its [**gradient**](glossary.md#gradient), the derivative of the loss. For one pair the derivative by the logit is
#
# $$ \frac{\partial \ell}{\partial x} = \sigma(x) - y, $$
#
# answer minus label: the model is pulled exactly as hard as it is wrong. Gluon's `autograd` records the computation and derives it:

# %%
pred.attach_grad()
with autograd.record():
    l = masked_loss(pred, label, mask)
l.backward()
pred.grad

# %%
(npx.sigmoid(pred) - label) * mask / mask.sum(axis=1, keepdims=True)

# %% [markdown]
# The same, cell by cell: answer minus label, divided by the number of real pairs (the mean). Under the padding the gradient is zero. That is what the mask is for.
#
# In a picture the gradient is the **slope** of the curve. `pair_loss` and `pair_gradient` of the package's module `by_hand` are the formulas above, in NumPy.

# %%
logits = numpy.linspace(-6, 6, 97)
curves = {
    "context (label 1)": by_hand.pair_loss(logits, 1),
    "noise word (label 0)": by_hand.pair_loss(logits, 0),
}
marks = [
    (x, by_hand.pair_loss(x, y), by_hand.pair_gradient(x, y))
    for x, y in [(-4, 1), (2, 0), (4.5, 1)]
]
figures.show(
    figures.pair_losses(logits, curves, marks),
    "The two loss curves with tangents: steep where wrong, flat where right.",
)

# %% [markdown]
# **What you should see.** Where the model is wrong the tangent is steep, with a slope near 1 or −1, never more. Where it is right the tangent lies flat: nothing is left to learn from that pair.
#
# Now under a microscope, for one pair: move the logit, switch the label and the mask. The table compares the formulas with what Gluon computes for just this pair.
#
# **Predict.** At which logit is the gradient of a context −0.5? What do the two numbers become when the pair is padding?

# %%
watch_loss()

# %% [markdown]
# Did you stop at exactly 0? The losses agree there, the gradients do not:

# %%
for x in [0.0, 0.0001]:
    gradients = [pair_by_gluon(x, label, mask=1)[1] for label in (1, 0)]
    print(
        f"logit {x}: Gluon's gradient {gradients[0]:.2f} for a context, "
        f"{gradients[1]:.2f} for a noise word"
    )

# %% [markdown]
# The right answers at 0 are −0.5 and 0.5. Gluon's formula for the loss (it follows below) has two terms with a kink at 0, $\max(x, 0)$ and $|x|$. In their sum the kinks cancel; but autograd goes term by term and takes 0 for the slope of each. With random weights no score is exactly 0, so training does not notice. With a context table that starts from zeros, every score is 0 in the first step.
#
# ## How the vectors move
#
# What is trained is not the logit but the vectors. A logit is a dot product, $x_i = \mathbf{u}_i^\top \mathbf{v}$. Its derivative by $\mathbf{v}$ is $\mathbf{u}_i$, and by $\mathbf{u}_i$ it is $\mathbf{v}$. Call answer minus label the **error** $e_i = \sigma(x_i) - y_i$. Then by the chain rule, for the mean over $n$ pairs,
#
# $$ \frac{\partial \mathcal{L}}{\partial \mathbf{v}} = \frac{1}{n} \sum_i e_i \mathbf{u}_i, \qquad \frac{\partial \mathcal{L}}{\partial \mathbf{u}_i} = \frac{1}{n} e_i \mathbf{v}. $$
#
# A step of **gradient descent** moves each vector against its gradient, times a small number, the **learning rate**. For a context the error is negative: $\mathbf{v}$ goes towards $\mathbf{u}_i$, and $\mathbf{u}_i$ towards $\mathbf{v}$. For a noise word it is positive: both go apart.
#
# Take the example of chapter 01 with fewer noise words: the center *chip*, two contexts, four noise words. Each word gets a vector of 8 random numbers, larger than a net would start with, so that one step can be seen.

# %%
others = ["u.s.", "makers", "and", "cost", "some", "necessary"]
labels = numpy.array([1, 1, 0, 0, 0, 0])
rng = numpy.random.default_rng(2)
v, U = rng.uniform(-0.8, 0.8, 8), rng.uniform(-0.8, 0.8, (6, 8))

# %% [markdown]
# **Predict.** After one step, which of the six dot products will be larger than before, which smaller?

# %%
lr = 2.0  # the learning rate
errors = by_hand.sigmoid(U @ v) - labels  # (n,)
grad_v = errors @ U / len(U)  # (embed_size,)
grad_U = errors[:, None] * v / len(U)  # (n, embed_size)
new_v, new_U = v - lr * grad_v, U - lr * grad_U

# %%
print("           dot product   error   after the step")
for word, before, error, after in zip(others, U @ v, errors, new_U @ new_v):
    print(f"{word:>10} {before:11.4f} {error:7.4f} {after:16.4f}")

# %% [markdown]
# Those of the two contexts rose, those of the noise words fell. Is this what Gluon would do? The same vectors in two tables, row 0 for *chip*, and the real `skip_gram` and `masked_loss`:

# %%
net = build_net(7, 8)
initialize(net, npx.cpu())
for table in net:
    table.weight.set_data(np.array(numpy.vstack([v, U])))
with autograd.record():
    pred = skip_gram(np.array([[0]]), np.array([[1, 2, 3, 4, 5, 6]]), net[0], net[1])
    l = masked_loss(pred.reshape(1, 6), np.array([labels]), np.ones((1, 6)))
l.backward()

# %%
gluons_v, gluons_U = net[0].weight.grad()[0], net[1].weight.grad()[1:]
print("v:", numpy.allclose(gluons_v.asnumpy(), grad_v, atol=1e-6))
print("U:", numpy.allclose(gluons_U.asnumpy(), grad_U, atol=1e-6))

# %% [markdown]
# Now as a picture. Eight dimensions cannot be drawn, but their shadow on a plane can. We choose the plane in which these seven vectors move most in 20 steps, by a principal component analysis of their movement. `by_hand.step` is the step above; `trajectory` repeats it.

# %%
path = by_hand.trajectory(v, U, labels, lr, num_steps=20)  # (21, 7, 8)
plane, share = by_hand.plane_of_movement(path)
words, roles = ["chip"] + others, ["center"] + 2 * ["context"] + 4 * ["noise word"]
figures.show(
    figures.one_step(words, roles, path[0] @ plane, path[1] @ plane),
    "Seven words in a plane with an arrow each: where one step takes them.",
)
print(f"This plane holds {share:.1%} of the squared movement of 20 steps.")

# %% [markdown]
# **What you should see.** The contexts go one way, along the vector of *chip*; the noise words go the opposite way. The arrow of *chip* is a sum: towards the contexts and away from the noise words, each pulling as hard as the model is wrong about it.
#
# Take the steps yourself. An arrow shows where the *next* step would take a word, a thin line where it came from. The slider is the learning rate.
#
# **Predict.** Will the arrows grow or shrink from step to step? What will the errors be after 20 steps?

# %%
Descent("chip", others, labels, v, U)

# %% [markdown]
# While the model is wrong it goes fast. As the errors come near zero so do the arrows: there is little left to learn. The loss after 20 steps, for four learning rates:

# %%
for rate in [0.5, 1.0, 2.0, 3.0]:
    end = by_hand.trajectory(v, U, labels, rate, 20)[-1]
    print(f"learning rate {rate}: {by_hand.step(end[0], end[1:], labels, rate).loss:.4f}")

# %% [markdown]
# This is plain gradient descent on a single example, which can be learned as well as one likes. In training the same word is center, context and noise word of many examples that pull it different ways, and chapter 04 takes the steps by Adam, which sets the length of each by itself.
#
# ## Why not just write the formula?
#
# **Predict.** What happens with $-\log \sigma(-800)$, a model that is very sure and very wrong?

# %%
try:
    neg_log_sigmoid(-800)
except OverflowError as error:
    print("by hand:", error)
print("Gluon:  ", float(sigmoid_bce(np.array([[-800.0]]), np.array([[1.0]]))[0]))

# %% [markdown]
# $e^{800}$ is larger than any number a computer stores this way. Gluon uses $\max(x, 0) - x y + \log(1 + e^{-|x|})$, which is the same and never overflows; it is `per_pair` above.
#
# ## Check yourself
#
# Put your answer in place of the three dots and run the cell; it tells you in words what is right or what went wrong. Solutions are in the notebook of the same name in the folder `solutions`.
#
# **1. Predict.** For a pair that is in the text (label 1) the model gives the probability one quarter. What is the loss of this pair, in nats? Three digits will do.
#
# <details><summary>Hint</summary>
#
# The probability is given, so no sigmoid is needed any more. `math.log` is the natural logarithm.
# </details>

# %% tags=["exercise"]
loss_of_a_quarter = -math.log(1 / 4)  ### SOLUTION
check("loss_of_a_quarter", loss_of_a_quarter)

# %% [markdown]
# **2. Write.** `masked_loss` gives one number for each example. Suppose you want a single number for the minibatch in which *each real pair* counts the same. `losses` holds the loss of each cell, padding too; `mask` says which cells are real. Both are arrays of the shape (batch, max_len).
#
# <details><summary>Hint</summary>
#
# One sum over all real pairs of the minibatch, and one number to divide it by.
# </details>


# %% tags=["exercise"]
def mean_per_pair(losses, mask):
    ### BEGIN SOLUTION
    return (losses * mask).sum() / mask.sum()
    ### END SOLUTION


check("mean_per_pair", mean_per_pair, array=np.array)

# %% [markdown]
# **3. Write.** Above each pair had a vector of its own. In a table it is the *word* that has one, and the same noise word may be drawn twice. `others` holds the word index of each pair, `table_u` one row for each word of the vocabulary; `v` and `labels` are as above. Give the gradient of the mean loss by the whole table, an array of the same shape. (All arrays are NumPy's; `by_hand.sigmoid` takes a whole array.)
#
# <details><summary>Hint</summary>
#
# `numpy.zeros(table_u.shape)` is a table of zeros. `table_u[others]` has the rows of all pairs. Then a loop over the pairs adds what each contributes to the row of its word.
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
progress("03")

# %% [markdown]
# Now choose; each choice opens to a reason.
#
# **Question.** A row has 3 real pairs and 3 cells of padding. What does `loss(pred, label, mask)`, without the detour, give for it?
#
# <details><summary>a) Half of the mean over its pairs.</summary>Right: the sum over three pairs is divided by six cells.</details>
# <details><summary>b) The mean over its pairs; the mask sees to that.</summary>No: the mask takes the padding out of the sum, but not out of the number that it is divided by.</details>
# <details><summary>c) Twice the mean over its pairs.</summary>No: it divides by more than it should, so the result is too small.</details>

# %% [markdown]
# **Question.** Two colleagues report mean losses per pair, 0.42 with $K = 5$ and 0.28 with $K = 10$. Whose vectors are better?
#
# <details><summary>a) Those with K = 10: their loss is lower.</summary>No: with more noise words, no is right more often, which is cheap. A model that knows nothing but K has a loss of 0.45 for K = 5 and of 0.30 for K = 10.</details>
# <details><summary>b) Nobody can say from these two numbers.</summary>Right: K is part of the question that the model is asked, so the losses answer different questions. Compare the vectors by what they are used for.</details>
# <details><summary>c) Those with K = 5: fewer noise words confuse the model less.</summary>No: noise words are no mistake, the model learns from them. More of them cost time, and often help when the text is small.</details>

# %% [markdown]
# One to think about: someone forgets the mask in the loss but has it in the division. What goes wrong?
#
# <details><summary>Answer</summary>
#
# Padding counts as pairs with word 0, label 0: that word is pushed away from every center with a short row, and the sum is divided by too few pairs.
# </details>
#
# ## Summary
#
# - Binary cross-entropy: $-\log\sigma(x)$ for a context, $-\log\sigma(-x)$ for a noise word; $\ln 2$ for a model that knows nothing.
# - The mask takes padding out of the sum; the detour takes it out of the division.
# - The gradient by the logit is answer minus label, zero under the mask.
# - A step moves a center and its contexts towards each other, a center and its noise words apart, each as far as the model was wrong.
#
# ## In practice
#
# - The source chapter calls the function by hand `sigmd`. It is no sigmoid but $-\log\sigma$.
# - The formula above *sums* over pairs, the code takes the *mean* over a center's pairs. So a center with one context counts as much as one with ten. Losses of this lesson (nats per pair) must not be compared with sums.
# - The losses of the minibatch above are those that the source prints: 0.9352 and 1.8462.
# - The original word2vec program starts the context table from zeros and computes $\sigma(x) - y$ itself, so the kink at 0 does not matter to it. With Gluon's loss, start both tables from random numbers.
#
# ## Further reading
#
# - T. Mikolov and others, *Distributed Representations of Words and Phrases and their Compositionality*, 2013, equation 4: this loss.
# - M. Gutmann and A. Hyvärinen, *Noise-contrastive estimation*, 2010: where the idea of telling data from noise comes from.
#
# Next: [04 · Train and watch](04_train_and_watch.ipynb)
