# %% [markdown]
# # 03 · Mask the loss
#
# **What you'll do.** Put a number on how wrong the model is, by hand and with Gluon, without counting the padding.
#
# **What you'll be able to do.** Compute the binary cross-entropy of a pair, explain what the mask and the detour `mask.shape[1] / mask.sum(axis=1)` are for, and read the gradient.
#
# **What you need.** Chapter 02 for `skip_gram`; logarithms; the idea of a derivative.
#
# **Time.** 20 minutes.

# %%
import math

import numpy
from d2l import mxnet as d2l
from mxnet import autograd, gluon, np, npx

from w2v_lesson import plots

npx.set_np()
numpy.set_printoptions(precision=4, suppress=True)

# %% [markdown]
# ## One pair, right or wrong
#
# `skip_gram` gives each pair a score $x = \mathbf{u}^\top \mathbf{v}$. Such a score, before it is made a probability, is called a **logit**. The sigmoid $\sigma(x)$ turns it into the probability that the pair is real. The **loss** says how bad that answer was:
#
# - for a context (label 1): $-\log \sigma(x)$, small if the model said yes;
# - for a noise word (label 0): $-\log \sigma(-x)$, small if it said no.
#
# Together they are the **binary cross-entropy**. With the natural logarithm its unit is the **nat**.
#
# **Predict.** The untrained model answers one half. What is its loss?

# %%
def neg_log_sigmoid(x):
    return -math.log(1 / (1 + math.exp(-x)))

# %%
for x in [-2, 0, 2]:
    print(f"logit {x:2d}: loss {neg_log_sigmoid(x):.4f} if context, "
          f"{neg_log_sigmoid(-x):.4f} if noise word")

# %% [markdown]
# One half costs $\ln 2 \approx 0.6931$ nats, whatever the label. This is where every training starts.

# %%
logits = np.linspace(-4, 4, 81).asnumpy()
plots.show(plots.pair_losses(logits, {
    "context (label 1)": [neg_log_sigmoid(x) for x in logits],
    "noise word (label 0)": [neg_log_sigmoid(-x) for x in logits]}),
    "Two mirrored curves that cross at logit 0 and loss 0.69.")

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

def masked_loss(pred, label, mask):
    # SigmoidBCELoss divides by max_len; the mean is to be over the pairs alone.
    return sigmoid_bce(pred, label, mask) * mask.shape[1] / mask.sum(axis=1)

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
# Training moves each weight against its **gradient**, the derivative of the loss. For one pair the derivative by the logit is
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
# 1. A row has 3 real pairs and 3 cells of padding. By what factor is `loss(pred, label, mask)` too small?
# 2. A pair has the logit 0 and the label 1. What is its gradient?
# 3. Someone forgets the mask in the loss but has it in the division. What goes wrong?
#
# <details><summary>Answers</summary>
#
# 1. By 2: it divides by 6 in place of 3.
# 2. $\sigma(0) - 1 = -0.5$: the logit will be pushed up.
# 3. Padding counts as pairs with word 0, label 0: that word is pushed away from every center with a short row, and the sum is divided by too few pairs.
# </details>
#
# ## Summary
#
# - Binary cross-entropy: $-\log\sigma(x)$ for a context, $-\log\sigma(-x)$ for a noise word; $\ln 2$ for a model that knows nothing.
# - The mask takes padding out of the sum; the detour takes it out of the division.
# - The gradient by the logit is answer minus label, zero under the mask.
#
# ## In practice
#
# - The source chapter calls the function by hand `sigmd`. It is no sigmoid but $-\log\sigma$.
# - The formula above *sums* over pairs, the code takes the *mean* over a center's pairs. So a center with one context counts as much as one with ten. Losses of this lesson (nats per pair) must not be compared with sums.
# - The numbers of this chapter are those that the source prints: 0.9352 and 1.8462.
#
# ## Further reading
#
# - T. Mikolov and others, *Distributed Representations of Words and Phrases and their Compositionality*, 2013, equation 4: this loss.
# - M. Gutmann and A. Hyvärinen, *Noise-contrastive estimation*, 2010: where the idea of telling data from noise comes from.
#
# Next: [04 · Train and watch](04_train_and_watch.ipynb)
