# %% [markdown]
# # 00 · Meet word vectors
#
# **What you'll do.** Ask trained word vectors which words they consider alike, before you learn how they were made.
#
# **What you'll be able to do.** Say what a word vector is, read a list of nearest words, and tell what the vectors have read and what they have not.
#
# **What you need.** Basic Python. No network, no GPU.
#
# **Time.** 5 minutes, one of them waiting, and 5 for the exercises.

# %%
from w2v_lesson import Explorer, check, figures, progress, progress_bar, ptb_vectors

# %% [markdown]
# ## A word as a list of numbers
#
# A [**word vector**](glossary.md#word-vector) is a list of numbers that stands for a word, here 100 of them. Nobody wrote these numbers down: they are found by **training**, that is, by adjusting them little by little until they are good at one task. The task is to tell which words stand near each other in a text. The text is about a million words from the *Wall Street Journal* of 1989, known as the **Penn Treebank** (PTB).
#
# The next cell loads such vectors. The very first time it has to train them, by the mathematics that chapters 01 to 04 explain, in the fast form of chapter 08; a bar shows how long that takes. After that they are kept on your disk.

# %%
vectors = ptb_vectors(watch=progress_bar)
print(f"{len(vectors):,} words, {vectors.center.shape[1]} numbers for each")

# %% [markdown]
# Here are the first five of the hundred numbers for *chip*. One by one they mean nothing to us. What counts is how they compare with those of other words.

# %%
vectors.vector("chip")[:5].round(2)

# %% [markdown]
# ## Which words are alike?
#
# Two vectors are compared by their [**cosine similarity**](glossary.md#cosine-similarity): 1 if they point in the same direction, 0 if their directions have nothing in common, −1 if they are opposite.
#
# **Predict.** In 1989, in a business newspaper: which words keep company with *chip*? Write down three before you run the cell.

# %%
for neighbor in vectors.similar("chip", 3):
    print(f"cosine sim={neighbor.cosine:.3f}: {neighbor.word}")

# %% [markdown]
# No potatoes, no casinos, no wood: in this newspaper a chip is part of a computer. The vectors know a word by the company it keeps *in the text that they were trained on*, and by nothing else.
#
# The same answer as a picture, with more neighbors:

# %%
neighbors = vectors.similar("chip", 10)
figures.show(
    figures.neighbor_bars("chip", neighbors),
    "Bars: the ten words nearest to chip, " + ", ".join(n.word for n in neighbors),
)

# %% [markdown]
# **What you should see.** Ten bars of nearly the same length, longest on top, all about computers. Beside each bar stands how often the word occurs in the text. Some were seen only a dozen times, so take their places with a grain of salt.
#
# ## Your turn
#
# Type a word into the box. A click on any word, or Tab and Enter, hops to that word's neighbors; *Back* returns. Try *president*, *oil*, *france*, *mother*, *drexel*.
#
# **Predict** before each one. Then look for a word whose neighbors surprise you.

# %%
Explorer(vectors, "chip", k=10)

# %% [markdown]
# Is the box missing, say because you read this on a web page? The line below does the same without it; change the word and run the cell.

# %%
[neighbor.word for neighbor in vectors.similar("president", 5)]

# %% [markdown]
# ## What they have not read
#
# **Predict.** What will happen when you ask for a word that a newspaper of 1989 cannot contain?

# %%
try:
    vectors.similar("smartphone", 3)
except LookupError as error:
    print(error)

# %% [markdown]
# There is no vector, so there is no answer, only words that are *spelled* alike. Words that occur fewer than ten times were left out too: nobody can be known by so little company.
#
# ## Is everything in place?
#
# The later chapters train with MXNet, a deep-learning library. If this cell prints three versions, your set-up works.

# %%
import platform

import mxnet
import numpy

print("Python", platform.python_version().rsplit(".", 1)[0])
print("MXNet", mxnet.__version__)
print("NumPy", numpy.__version__)

# %% [markdown]
# ## Check yourself
#
# Put your answer in place of the three dots and run the cell; it tells you in words what is right or what went wrong. Solutions are in the notebook of the same name in the folder `solutions`.
#
# **1. Predict.** Let a vector be two numbers only, so that you can draw it. *chip* has the vector (3, 1). Which of these words has the highest cosine similarity with it?
#
# | word | vector |
# | --- | --- |
# | casino | (−1, 3) |
# | mother | (−3, −1) |
# | software | (9, 3) |
# | wood | (3, 2) |
#
# <details><summary>Hint</summary>
#
# Draw each as an arrow from (0, 0). The cosine compares directions, not lengths.
# </details>

# %% tags=["exercise"]
nearest_word = "software"  ### SOLUTION
check("same_direction", nearest_word)

# %% [markdown]
# **2. Write.** If *disk* is among the nearest words of *chip*, is *chip* among those of *disk*? Not always. `nearest` is a dict that gives each word the list of its nearest words. Which of the words in the list of `word` have `word` in their own list?
#
# <details><summary>Hint</summary>
#
# The list of `word` is `nearest[word]`, that of another word is `nearest[other]`. One loop with an `if` will do.
# </details>


# %% tags=["exercise"]
def mutual(word, nearest):
    ### BEGIN SOLUTION
    return [other for other in nearest[word] if word in nearest[other]]
    ### END SOLUTION


check("mutual", mutual)

# %% tags=["exercise"]
progress("00")

# %% [markdown]
# Now choose; each choice opens to a reason.
#
# **Question.** Two words have a cosine similarity of 0.8. What follows?
#
# <details><summary>a) They mean nearly the same.</summary>No: drexel, burnham and lambert are near to each other because they are three parts of one company's name.</details>
# <details><summary>b) They are used in like surroundings in this text.</summary>Right: that is all that the vectors have seen. Like meaning is one reason for it among several.</details>
# <details><summary>c) They stand side by side in four of five sentences.</summary>No: a cosine is no share of anything. It compares two directions and can be below zero.</details>

# %% [markdown]
# **Question.** What would make *potato* a neighbor of *chip*?
#
# <details><summary>a) Longer training on the same newspaper.</summary>No: in this text the two do not keep the same company, however often it is read.</details>
# <details><summary>b) More numbers in each vector, say 300.</summary>No: more numbers tell finer differences, but they come from the same text.</details>
# <details><summary>c) Training on recipes and menus.</summary>Right: the vectors know a word by the company it keeps in the text that they were trained on.</details>

# %% [markdown]
# One to think about, with the explorer above: why is *september* near to *august*, though both never denote the same month?
#
# <details><summary>Answer</summary>
#
# Months stand in the same places of a sentence: "in … sales rose". Like company, like vectors; the meaning may even be opposite.
# </details>
#
# ## Summary
#
# - A word vector is a list of numbers, found by training on text.
# - Cosine similarity compares directions; near means *used alike in this text*.
# - What the text does not contain, the vectors do not know.
#
# **The way from here**
#
# | chapter | you will | minutes |
# | --- | --- | --- |
# | [01 · Turn text into minibatches](01_turn_text_into_minibatches.ipynb) | make training examples from raw text | 30 |
# | [02 · Build two embeddings](02_build_two_embeddings.ipynb) | write the model, ten lines | 20 |
# | [03 · Mask the loss](03_mask_the_loss.ipynb) | write down what "wrong" means | 30 |
# | [04 · Train and watch](04_train_and_watch.ipynb) | train it, see the loss fall | 20 |
# | [05 · Ask the vectors](05_ask_the_vectors.ipynb) | question the result, find its limits | 25 |
# | [06 · Judge the vectors](06_judge_the_vectors.ipynb) | measure what they are worth, see them fail | 30 |
# | [07 · Use the vectors](07_use_the_vectors.ipynb) | classify words, against honest baselines | 25 |
# | [08 · Make it fast](08_make_it_fast.ipynb) | train in seconds, turn the knobs | 30 |
# | [09 · Scale it out](09_scale_it_out.ipynb) | divide a training among processes, see when it pays | 25 |
# | [10 · Read the source critically](10_read_the_source.ipynb) | doubt, try, mend: what the source prints | 15 |
# | [11 · Train on your own text](11_train_on_your_own_text.ipynb) | choose a file, explore its vectors a minute later | 25 |
#
# ## In practice
#
# The vectors were trained for five passes over the text with seed 0, so everybody sees the same neighbors. Another seed gives somewhat different ones, above all for rare words. Vectors in real use are trained on thousands of times as much text.
#
# ## Further reading
#
# - J. R. Firth, *A Synopsis of Linguistic Theory*, 1957: the origin of "You shall know a word by the company it keeps".
# - T. Mikolov and others, *Efficient Estimation of Word Representations in Vector Space*, 2013: the paper that made word2vec known.
