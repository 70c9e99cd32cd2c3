# %% [markdown]
# # 02 · Pack minibatches
#
# In chapter 01 we turned a sentence into questions: here are two words, did they appear near each other? The model will answer nine million of them per epoch. Asking one question at a time would take forever, not because the arithmetic is hard, but because a processor works best when it gets a large block of numbers at once. So we pack many questions into one block.
#
# There is a catch. A block is a rectangle, with rows of equal length, but every center word has a different number of contexts. How do we pack them without cheating, that is, without asking anything that isn't a real question?
#
# **What you'll do.** Pack three centers of our sentence into four arrays with a function of your own, then load the whole text the same way.
#
# **What you'll be able to do.** Explain padding, mask, and label, write `batchify` yourself, and say how much of a minibatch is wasted.
#
# **What you need.** Chapter 01 for *center*, *context*, and *noise word*.
#
# **Time.** 20 minutes, exercises included.

# %%
from itertools import islice

import numpy as np

from w2v_lesson import check, figures, load_data_ptb, progress
from w2v_lesson.widgets import text

# %% [markdown]
# ## Pad the rows
#
# Chapter 01 left us with nine centers. Here are three of them, with their contexts and some of their noise words. To fit them on the page, we keep only as many noise words as there are contexts, instead of five times as many.

# %%
examples = [
    ("chip", ["are", "facing"], ["followed", "low"]),
    (
        "following",
        ["continued", "demand", "traditionally", "slow"],
        ["or", "sports", "coming", "april"],
    ),
    ("summer", ["slow"], ["genetic"]),
]

# %% [markdown]
# *following* has eight words to be compared with, *summer* only two. The picture shows what we do about it.

# %%
figures.show(
    figures.padded_rows(examples),
    "Three rows of words: chip with four, following with eight, summer with two. Gray cells fill "
    "the short rows up to eight. Below, the mask has ones for all words and zeros for gray "
    "cells, and the label has ones for contexts only.",
)

# %% [markdown]
# **What you should see.** Contexts are blue, noise words are green. Gray cells, called [**padding**](glossary.md#padding), fill the short rows until all are as long as the longest one. Two more arrays of the same shape keep track of what is what:
#
# - The [**mask**](glossary.md#mask) says which cells are real: 1 for a word, 0 for padding.
# - The [**label**](glossary.md#label) is the answer to the question: 1 for yes (a context), 0 for no (a noise word).
#
# The label of a padding cell doesn't matter, because the mask will take it out. We write 0.
#
# ## Write `batchify`
#
# The function that packs examples into such arrays is called `batchify`, as in the chapter that this lesson mirrors. It works with indices, so we replace the words with their indices first. For that we need the vocabulary, and `load_data_ptb` returns it, together with something that we will use below.

# %%
data_iter, vocab = load_data_ptb(batch_size=512, max_window_size=5, num_noise_words=5)
indexed = [(vocab[c], vocab[contexts], vocab[noise]) for c, contexts, noise in examples]
indexed[0]

# %% [markdown]
# **Predict.** What shape will each of the four arrays have for our three examples?


# %%
...  ### INSERT w2v_lesson.minibatches.batchify


# %%
centers, contexts_negatives, masks, labels = batchify(indexed)
for name in ["centers", "contexts_negatives", "masks", "labels"]:
    print(name, globals()[name].shape)

# %% [markdown]
# Three rows each. `centers` has one column, and the others have eight, because the longest row has eight words. Let's look at the numbers for *chip*, with the words next to them:

# %%
row = 0
print(f"center: {centers[row, 0]} {vocab.to_tokens(centers[row, 0])}")
print("\nindex  mask  label  word")
for index, mask, label in zip(contexts_negatives[row], masks[row], labels[row]):
    word = vocab.to_tokens(index) if mask else "(padding)"
    print(f"{index:5} {mask:5} {label:6}  {word}")

# %% [markdown]
# The padding has the index 0. Why do we need a mask at all, when we could simply look for zeros? Because 0 is a word, too:

# %%
vocab.to_tokens(0)

# %% [markdown]
# Only the mask can tell a real `#` from padding. (Whatever index we use for padding, it has to exist, because the model will look up its vector. So it is always the index of some word.)
#
# A block like this is called a [**minibatch**](glossary.md#minibatch): a group of examples that the model processes together.
#
# ## Load the whole text
#
# Above you already met the function that does everything from chapter 01 and this one for the whole text: `load_data_ptb`. Its name and its three arguments are those of the original chapter. Looping over the result gives you one minibatch after another.

# %%
print(f"{len(data_iter)} minibatches")
for batch in islice(data_iter, 2):
    print({name: array.shape for name, array in batch._asdict().items()})

# %% [markdown]
# Each minibatch has 512 centers (the last one has the rest), and its rows are padded to the longest. (They are MXNet arrays, and `asnumpy()` turns them into NumPy arrays.) Is our sentence really in there? Let's look for the *chip* that has the contexts *are* and *facing*.


# %%
def find(center, contexts):
    wanted = vocab[contexts]
    for number, batch in enumerate(data_iter):
        rows = np.flatnonzero(batch.centers.asnumpy()[:, 0] == vocab[center])
        for row in rows:
            others = batch.contexts_negatives[row].astype(int).tolist()
            if others[: len(wanted)] == wanted:
                return number, row, vocab.to_tokens(others)


number, row, others = find("chip", ["are", "facing"])
print(f"minibatch {number}, row {row}: {', '.join(others)}")

# %% [markdown]
# There it is, with all its noise words this time: $2 + 2 \cdot 5 = 12$ words. Our sentence is one of 42,068, and its questions are mixed with the questions of all the other sentences.
#
# ## Waste less
#
# The original chapter puts centers into minibatches in random order. Ours puts centers with the same number of contexts together, and then shuffles the minibatches. That should hardly affect what is learned, because the number of contexts depends mostly on the random window and on the place in the sentence, and very little on the word itself. Each time you loop over the data, the minibatches come in a new order.
#
# **Predict.** In random order, what part of all cells is padding? A center has 4.4 contexts on average, and the longest row of a minibatch nearly always belongs to a center with ten.


# %%
def padded_share(data_iter):
    batches = list(data_iter)
    cells = sum(batch.masks.size for batch in batches)
    return 1 - sum(float(batch.masks.sum()) for batch in batches) / cells


mixed, _ = load_data_ptb(512, 5, 5, vocab=vocab, group_by_length=False)
print(f"random order: {padded_share(mixed):.0%} padding")
print(f"similar lengths together: {padded_share(data_iter):.1%} padding")

# %% [markdown]
# More than half of the work would go into padding. Sorting by length avoids nearly all of it, and not one question is lost. (The little that remains is in minibatches where one length ends and the next begins.)
#
# Look at the first ten minibatches of each kind; the slider pages through them. **Predict.** For which kind will the width stay the same?


# %%
def first_batches(data_iter):
    return [(b.masks.asnumpy(), b.labels.asnumpy()) for b in islice(data_iter, 10)]


firsts = {
    "random order": first_batches(mixed),
    "similar lengths together": first_batches(data_iter),
}
text.leaf_minibatches(firsts)

# %% [markdown]
# **What you should see.** Each horizontal line is one center. On the left, gray padding fills more than half of the rectangle. On the right there is hardly any gray. (Empty areas hold no cells.)
#
# On the left there is always at least one long row, so the width hardly changes. On the right, the width changes from one minibatch to the next, because each one is only as wide as it needs to be.
#
# ## Draw once, or again for every epoch?
#
# Subsampling, windows, and noise words are random. The original chapter draws them once and uses the same questions in every epoch. With `redraw=True` we draw them again for every epoch, so each epoch brings partly new contexts and almost entirely new noise words.

# %%
again, _ = load_data_ptb(512, 5, 5, vocab=vocab, redraw=True)
for epoch in range(3):
    again.epoch = epoch
    print(f"epoch {epoch + 1}: {again.num_pairs:,} questions")

# %% [markdown]
# The numbers differ a little, because other words are dropped and other windows drawn. Chapter 05 trains this way, and chapter 07 shows what it is good for.
#
# ## Check yourself
#
# Replace the three dots with your answer and run the cell.
#
# **1. Predict.** Three centers have 2, 4, and 1 contexts, and $K = 5$. They are packed into one minibatch. How many of its cells (in `contexts_negatives`) are padding?
#
# <details><summary>Hint</summary>
#
# A center with 2 contexts has 2 · 5 noise words, so its row has 12 words. How long is the longest row?
# </details>

# %% tags=["exercise"]
num_padding = 30  ### SOLUTION
check("num_padding", num_padding)

# %% [markdown]
# **2. Write.** Now the other way around. Given one row of each array, return the contexts and the noise words as two lists.
#
# <details><summary>Hint</summary>
#
# `zip(row, mask, label)` gives you the three numbers of each cell. Which combinations of mask and label occur, and what does each of them mean?
# </details>


# %% tags=["exercise"]
def unpack(row, mask, label):
    ### BEGIN SOLUTION
    cells = list(zip(row, mask, label))
    contexts = [index for index, real, answer in cells if real and answer]
    noise_words = [index for index, real, answer in cells if real and not answer]
    return contexts, noise_words
    ### END SOLUTION


check("unpack", unpack)

# %% tags=["exercise"]
progress("02")

# %% [markdown]
# Now choose an answer. Each one opens and tells you why it is right or wrong.
#
# **Question.** A center has three contexts, and $K = 5$. How long is its row before padding, and how many ones does its label have?
#
# <details><summary>a) 8 words and 3 ones.</summary>No. Five noise words are drawn for <em>each</em> context, so there are 15 of them.</details>
# <details><summary>b) 18 words and 3 ones.</summary>Right. There are 3 contexts and 15 noise words, and only the contexts have the label 1.</details>
# <details><summary>c) 18 words and 18 ones.</summary>No, that would be the mask, which is 1 for every real word.</details>

# %% [markdown]
# **Question.** Which cells should be left out when we compute how wrong the model is?
#
# <details><summary>a) Those where contexts_negatives is 0.</summary>No. 0 is also the index of a word, and its real pairs have to count.</details>
# <details><summary>b) Those where the mask is 0.</summary>Right. Only the mask knows which cells are real.</details>
# <details><summary>c) Those where the label is 0.</summary>No. Noise words have the label 0, and they are what the model learns to say no to.</details>
#
# ## Summary
#
# - Padding fills the rectangle, the mask says which cells are real, and the label says yes or no.
# - A minibatch is four arrays: `centers`, `contexts_negatives`, `masks`, and `labels`.
# - Putting rows of similar length together reduces padding from 56% of all cells to almost nothing.
#
# ## In practice
#
# - The arrays of the original chapter (MXNet edition, `d2l` 1.0.3) have the same names, shapes, and meaning. Its loader, though, uses random order and draws only once, and the chapter doesn't say how much of a minibatch is padding.
# - Our loader doesn't build lists as `batchify` does. It computes whole minibatches with NumPy, which is much faster and gives the same arrays; a test compares the two.
#
# ## Further reading
#
# - A. Zhang, Z. Lipton, M. Li, A. Smola, [*Dive into Deep Learning*](https://d2l.ai), section "The Dataset for Pretraining Word Embeddings". The `batchify` that ours follows.
#
# Next: [03 · Build two embeddings](03_build_two_embeddings.ipynb)
