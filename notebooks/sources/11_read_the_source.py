# %% [markdown]
# # 11 · Read the source critically
#
# **What you'll do.** Check what the chapter that this lesson mirrors prints and claims, one small experiment for each doubt.
#
# **What you'll be able to do.** Read working code with the question "does it compute what it says?", and answer by running it.
#
# **What you need.** Chapters 01 to 06.
#
# **Time.** 15 minutes, exercises included.

# %%
import collections
import inspect
import math

import numpy
from d2l import mxnet as d2l
from mxnet import autograd, gluon, np, npx

from w2v_lesson import load_data_ptb, masked_loss, progress_bar, ptb_vectors, read_ptb

npx.set_np()
numpy.random.seed(0)
vectors = ptb_vectors(watch=progress_bar)

# %% [markdown]
# The chapter *Pretraining word2vec* of *Dive into Deep Learning* teaches a whole model in a page of code, and the code runs. What follows takes nothing from that. Code that has been read by thousands still holds surprises, and finding them is a skill. Each section has one doubt, one cell that settles it, and the cure.
#
# ## How fast is it?
#
# The source prints "tokens/sec": a sum of centers, divided by the time on a timer. The sum, `metric`, is made *before* the loop over epochs; the timer is made anew *within* it.
#
# **Predict.** Five epochs of 1,000 centers, each in exactly one second. What will it print?

# %%
metric = d2l.Accumulator(2)
for _ in range(5):
    seconds = 1.0  # the timer of this epoch
    metric.add(700.0, 1000)
print(f"{metric[1] / seconds:.0f} tokens/sec, but it was {1000 / seconds:.0f}")

# %% [markdown]
# Five times too high, once for each epoch. And a "token" there is a center word, which stands for about 26 pairs. *The cure:* sum and timer over the same time, and the unit by its name.
#
# ## How low is the loss?
#
# The same `metric` is never reset. So the loss that the source prints and plots is the mean since training began. These were the losses of its five epochs in one of our runs:

# %%
by_epoch = [0.490, 0.422, 0.397, 0.374, 0.355]
running = [sum(by_epoch[: i + 1]) / (i + 1) for i in range(5)]
print("printed:   ", [f"{loss:.3f}" for loss in running])
print("this epoch:", [f"{loss:.3f}" for loss in by_epoch])

# %% [markdown]
# The plot falls more slowly than the model learns, and hides what happens late. *The cure:* the mean of each epoch, and a held-out loss beside it (chapter 05).
#
# ## Which word is number 0?
#
# Noise words are drawn among the indices 1, 2, 3 …; a comment in d2l's `get_negatives` says that index 0 is the unknown token. Is it?

# %%
sentences = read_ptb("train")
d2l_vocab = d2l.Vocab(sentences, min_freq=10)
print("index 0:", d2l_vocab.to_tokens(0), "  index of <unk>:", d2l_vocab["<unk>"])

# %% [markdown]
# d2l's vocabulary sorts by spelling, so index 0 is `#`, a word of the text. Let d2l draw 100,000 noise words and count both:

# %%
counter = collections.Counter(word for line in sentences for word in line)
drawn = d2l.get_negatives([[-1]], d2l_vocab, counter, 100_000)[0]
print("'#' in the text:", counter["#"], "times, drawn as noise:", drawn.count(0), "times")
print("'<unk>' drawn as noise:", drawn.count(d2l_vocab["<unk>"]) > 1000)

# %% [markdown]
# `#` is never noise, so nothing ever pushes it away from any center; while `<unk>`, which was to be left out, is drawn often. *The cure:* ask the vocabulary for the index of `<unk>`; do not assume it.
#
# ## What does it say to an unknown word?

# %%
print(d2l_vocab["smartphone"], d2l_vocab["qwertyuiop"], d2l_vocab["<unk>"])

# %% [markdown]
# The vocabulary answers with the index of `<unk>`, silently. `get_similar_tokens("smartphone", …)` then prints the neighbours of a vector that stands for no word. The subsampling has dropped every `<unk>`, so as a center it was never trained. *The cure:* refuse, and suggest (chapter 06).
#
# ## How much of a minibatch is real?
#
# The same pairs, in the source's random order and grouped by length:


# %%
def padded_share(data_iter):
    batches = list(data_iter)
    cells = sum(batch.masks.size for batch in batches)
    return 1 - sum(float(batch.masks.sum()) for batch in batches) / cells


# %%
mixed, vocab = load_data_ptb(512, 5, 5, group_by_length=False)
grouped, _ = load_data_ptb(512, 5, 5, vocab=vocab)
print(
    f"random order: {padded_share(mixed):.0%} padding, grouped: {padded_share(grouped):.1%}"
)

# %% [markdown]
# Nothing is wrong with the result; more than half of the work is for nothing, and nothing says so. *The cure:* measure what share of an array is real, before making anything faster (chapter 09).
#
# ## Who has how much weight?
#
# The equation in the source sums over pairs. Its code takes the mean over the pairs of each *center*. Two centers, one with 6 real pairs and one with 60, all logits 1, all labels 0; how hard does each pair pull?

# %%
logits, labels = np.ones((2, 60)), np.zeros((2, 60))
mask = np.array([[1.0] * 6 + [0.0] * 54, [1.0] * 60])
logits.attach_grad()
with autograd.record():
    l = masked_loss(logits, labels, mask)
l.backward()
print("gradient of a pair:", [round(float(g), 4) for g in logits.grad[:, 0]])

# %% [markdown]
# A pair of the first center counts ten times as much as one of the second. That is a choice, and our lesson makes it too, to stay comparable. But it is not the equation, and losses "per center" must not be compared with losses "per pair". *The cure:* say which mean it is.
#
# ## Does it run on a small text?
#
# The source plots five times an epoch, whenever `(i + 1) % (num_batches // 5) == 0`.
#
# **Predict.** What happens with a text of four minibatches?

# %%
num_batches = 4
try:
    1 % (num_batches // 5)
except ZeroDivisionError as error:
    print("ZeroDivisionError:", error)

# %% [markdown]
# *The cure:* `max(1, num_batches // 5)`. Test code with the smallest input that is allowed.
#
# ## And the last minibatch?
#
# `trainer.step(batch_size)` divides the gradient by `batch_size`. The last minibatch of an epoch is shorter. Plain gradient descent shows what that does; one weight, gradient 1 for each example, 512 assumed and 128 there:


# %%
def move(assumed, examples=128):
    weight = gluon.Parameter("weight", shape=(1,))
    weight.initialize(init="zeros")
    trainer = gluon.Trainer({"weight": weight}, "sgd", {"learning_rate": 1.0})
    with autograd.record():
        l = weight.data() * np.ones(examples)
    l.backward()
    trainer.step(assumed)
    return float(weight.data()[0])


print("assumed 512:", move(512), "  as many as there are:", move(128))

# %% [markdown]
# A quarter of the step it should be. With Adam, which rescales gradients, less is lost; one step of some 670 in an epoch hardly matters. It is wrong all the same, and grows with the batch size. *The cure:* `trainer.step(len(center))` (chapter 05).
#
# ## What is in a name?
#
# The source's function `sigmd` computes $-\log\frac{1}{1 + e^{-x}}$:


# %%
def neg_log_sigmoid(x):
    return -math.log(1 / (1 + math.exp(-x)))


print(f"at 0: {neg_log_sigmoid(0):.4f}; the sigmoid would be {1 / (1 + math.exp(0)):.4f}")

# %% [markdown]
# It is the loss of a pair, not a sigmoid. The numbers are right, the name sends the reader the wrong way. *The cure:* name a function for what it returns.
#
# ## Where does the text come from?

# %%
print(d2l.DATA_URL)
print("a time-out is set:", "timeout" in inspect.getsource(d2l.download))
print("the status is looked at:", "raise_for_status" in inspect.getsource(d2l.download))

# %% [markdown]
# Plain HTTP, no time-out, and a page that says "not found" is saved as if it were the text; the hash is compared only when a file is *already* there. *The cure:* a time-out, a look at the status, and the hash after the download (`w2v_lesson/ptb.py`).
#
# ## Is the analogy allowed to answer with the question?
#
# In a later chapter of the book, `get_analogy` returns the nearest word to $\mathbf{v}_b - \mathbf{v}_a + \mathbf{v}_c$, whatever that is. Ask ours with and without leaving out the three words of the question:


# %%
def nearest(a, b, c):
    unit = vectors.center / numpy.linalg.norm(vectors.center, axis=1, keepdims=True)
    ia, ib, ic = vectors.vocab[[a, b, c]]
    return vectors.vocab.to_tokens(int((unit @ (unit[ib] - unit[ia] + unit[ic])).argmax()))


questions = [
    ("japan", "japanese", "germany"),
    ("japan", "yen", "germany"),
    ("man", "he", "woman"),
    ("january", "february", "march"),
]
for a, b, c in questions:
    without = vectors.analogy(a, b, c, 1)[0].word
    print(f"{a} : {b} = {c} : ?   {nearest(a, b, c)}   without the question: {without}")

# %% [markdown]
# All four times the nearest word is one of the question's own. *The cure:* leave them out, and say that you did: it makes the task easier, as some of the answers show.
#
# ## Two doubts without a cell
#
# - **Drawn once.** The source draws windows and noise words once for all epochs. That overfits: chapter 07 shows both curves.
# - **Worker processes.** Its `DataLoader` with worker processes ends with an error at exit on some systems. It depends on the platform, so we do not show it; our loader has none.
#
# ## Check yourself
#
# 1. Which of these findings change the vectors, and which only what is printed?
# 2. Someone says "the loss is 0.407". What do you ask?
#
# <details><summary>Answers</summary>
#
# 1. The vectors: index 0 as noise, the weight of a center, the last minibatch, drawing once. Only what is printed: tokens/sec, the running mean, the name `sigmd`. The padding changes neither, only the time.
# 2. The mean over what: the last epoch, or since training began? Over pairs or over centers? On the training text or on held-out text?
# </details>

# %% [markdown]
# **Question.** You want to know whether a number in a tutorial is right. What do you do first?
#
# <details><summary>a) Look for others who report the same number.</summary>No: they may have run the same code, with the same error.</details>
# <details><summary>b) Work it out for an input so small that you know the answer.</summary>Right: five epochs of one second each were enough to see that tokens/sec is wrong.</details>
# <details><summary>c) Run the code again.</summary>No: that shows that it is repeatable, not that it is right.</details>

# %% [markdown]
# **Question.** Why does the missing noise word `#` go unnoticed in the source?
#
# <details><summary>a) The loss does not rise from it.</summary>Right: the model is even asked one thing less. Only the neighbours of `#` would show it.</details>
# <details><summary>b) `#` does not occur in the text.</summary>No: it does, the cell above counts it.</details>
# <details><summary>c) The alias method would have found it.</summary>No: how a word is drawn has nothing to do with which words are offered.</details>

# %% [markdown]
# ## Summary
#
# - Ask of each printed number: over what, since when, in which unit?
# - Test an assumption (index 0) where it is made, and code with the smallest input.
# - A finding is worth telling together with a cure, and politely.
#
# ## In practice
#
# Every finding here was checked against d2l 1.0.3. Later versions may have mended some. The source's formulas, shapes and the printed 0.9352 and 1.8462 of its loss example are right.
#
# ## Further reading
#
# - G. Wilson and others, *Best Practices for Scientific Computing*, 2014.
# - O. Levy, Y. Goldberg, I. Dagan, *Improving Distributional Similarity with Lessons Learned from Word Embeddings*, 2015: which details of word2vec matter.
#
# Next: [12 · Train on your own text](12_train_on_your_own_text.ipynb)
