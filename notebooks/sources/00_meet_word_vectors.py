# %% [markdown]
# # 00 · Meet word vectors
#
# Imagine you have never seen a computer chip, and all you have is a big stack of newspapers. Could you find out what a chip is? Not entirely. But you would soon notice that *chip* keeps turning up near *computer*, *memory*, and *makers*, and hardly ever near *mother* or *church*. After a few hundred pages you could take a sentence with a gap in it and say whether *chip* fits.
#
# A computer can learn in the same way, from the text alone. In this chapter you meet the result and play with it. How it works is the story of the chapters that follow.
#
# **What you'll do.** Ask trained word vectors which words they consider similar, before you know how they were made.
#
# **What you'll be able to do.** Explain what a word vector is, read a list of nearest words, and say what such vectors know and what they don't.
#
# **What you need.** Basic Python. No network and no GPU.
#
# **Time.** 25 minutes, exercises included.
#
# ## How to run a cell
#
# A page like this is a **notebook**: text and code take turns. Click on the gray cell below and press **Shift+Enter**. That runs the cell and takes you to the next one.

# %%
print("You have just run your first cell.")

# %% [markdown] tags=["route-50-meet:1"]
# The line below the cell is its output. To the left of a cell, `[*]` means that it is still running, and a number means that it has finished.
#
# Read from top to bottom, and run each cell when you get to it. Don't choose *Run All*: it would show you every answer before you have made a guess. If a cell tells you to run the cells above first, it needs something that one of them defines.
#
# ## Why a word becomes a list of numbers
#
# Programs compute with numbers, so the first idea is to number the words, say in alphabetical order: *chip* becomes 1,045, *memory* becomes 3,724. That tells the words apart, but it says nothing about how they relate. Right next to *chip*, at number 1,044, is *chinese*.
#
# A second idea gives every word an axis of its own. With 6,719 words, *chip* becomes a list of 6,718 zeros and a single 1. Now no word is wrongly close to another, but only because every word is equally far from every other. That doesn't help either.
#
# The idea that works comes from linguistics. "You shall know a word by the company it keeps," J. R. Firth wrote in 1957. Words that are used in similar ways have similar words around them. So let us give every word a fairly short list of numbers, and choose those numbers so that words with similar company get similar lists. Such a list is called a [**word vector**](glossary.md#word-vector).
#
# Nobody writes these numbers down by hand. They are found by [**training**](glossary.md#training): a program starts with random numbers and adjusts them, little by little, while it practices a task on a text. Our text is almost 900,000 words of the *Wall Street Journal* from 1989, known as the **Penn Treebank** (PTB).
#
# The next cell loads such vectors. If there are none on your disk yet, it trains them first, which takes a few seconds, and a bar shows how long you have to wait.

# %% tags=["route-50-meet"]
from w2v_lesson import progress_bar, ptb_vectors

vectors = ptb_vectors(watch=progress_bar)
print(f"{len(vectors):,} words, {vectors.center.shape[1]} numbers for each")

# %% [markdown] tags=["route-50-meet"]
# Here are the first five of the hundred numbers that stand for *chip*:

# %% tags=["route-50-meet"]
vectors.vector("chip")[:5].round(2)

# %% [markdown] tags=["route-50-meet"]
# Looked at one at a time, these numbers mean nothing to us. What matters is how they compare with the numbers of other words.
#
# ## How similar are two words?
#
# Think of a vector as an arrow. If it has only two numbers, you can draw it: the first number says how far to go to the right, the second how far to go up. Two words count as similar if their arrows point in nearly the same direction. We ignore how long the arrows are, because the length says more about how often a word occurs than about how it is used.

# %% tags=["route-50-meet"]
from w2v_lesson import figures

arrows = {"chip": (3.0, 1.0), "software": (4.5, 2.2), "mother": (-0.8, 2.4)}
figures.show(
    figures.arrows(arrows, "chip"),
    "Three arrows from one point. The angle between chip and software is small, 8 degrees. "
    "The angle between chip and mother is 90 degrees.",
)

# %% [markdown] tags=["route-50-meet"]
# **What you should see.** Three words with two made-up numbers each. The angle between *chip* and *software* is small, and the one between *chip* and *mother* is a right angle.
#
# Instead of the angle itself, people use its cosine, the [**cosine similarity**](glossary.md#cosine-similarity). It is 1 if two arrows point in the same direction, 0 if they are at a right angle, and −1 if they point in opposite directions. It can be computed for a hundred numbers just as well (chapter 06 has the formula), even though nobody can draw those arrows.
#
# **Predict.** Which words will come out most similar to *chip* in a business newspaper from 1989? Write down three before you run the cell.

# %% tags=["route-50-meet"]
for neighbor in vectors.similar("chip", 3):
    print(f"cosine sim={neighbor.cosine:.3f}: {neighbor.word}")

# %% [markdown] tags=["route-50-meet"]
# No potatoes and no casinos: in this newspaper, a chip is a part of a computer. We will call the most similar words its [**neighbors**](glossary.md#neighbor). Here are ten of them.

# %% tags=["route-50-meet"]
neighbors = vectors.similar("chip", 10)
figures.show(
    figures.neighbor_bars("chip", neighbors),
    "Bars: the ten words nearest to chip, " + ", ".join(n.word for n in neighbors),
)

# %% [markdown] tags=["route-50-meet"]
# **What you should see.** Ten bars, the longest on top, and nearly all the words are about computers. Next to each bar you see how often the word occurs in the text. Some were seen only about a dozen times, so take their exact rank with a grain of salt.
#
# ## Your turn
#
# Type a word into the box below. Click on any word in the list to see *its* neighbors, and use *Back* to return. Good starting points are *president*, *oil*, *france*, *mother*, and *drexel*. Before each one, guess what you will find. And look for a word whose neighbors surprise you.

# %% tags=["route-50-meet"]
from w2v_lesson import Explorer

Explorer(vectors, "chip", k=10)

# %% [markdown]
# If you see no box, perhaps because you are reading this as a web page, this line does the same. Change the word and run it again.

# %%
[neighbor.word for neighbor in vectors.similar("president", 5)]

# %% [markdown]
# These come from news about companies and politics: someone was named *executive* *vice* president or *chief* *executive*, and *dan* quayle was the *vice* president at the time.
#
# ## What the vectors don't know
#
# **Predict.** What will happen if you ask for a word that no newspaper from 1989 contains?

# %%
try:
    vectors.similar("smartphone", 3)
except LookupError as error:
    print(error)

# %% [markdown]
# There is no vector, so there is no answer. You only get words that are *spelled* similarly. Words that occur fewer than ten times were left out as well, because a handful of sightings is not enough to get to know anybody.
#
# Now you have seen what this lesson is going to explain. Nobody told the computer what a chip is, or that June and July are both months. There were no labels and no dictionary, only text. **So how could it learn which words are similar?** That is its question. The next chapter begins to answer it with a game that you can play yourself.
#
# If you are curious, here is the whole idea in a few pictures. Press *Play*, or press *Next* whenever you are ready. Don't worry if some of it goes by too fast: chapters 01 to 06 take their time over every step.

# %%
from w2v_lesson.widgets.journey import Journey

Journey()

# %% [markdown]
# **What you should see.** A sentence becomes questions about pairs of words, the model answers them, and each mistake moves two vectors a little. Until the last picture, a word is orange as a center, blue as a context, and green if it was drawn at random.
#
# ## Is everything ready?
#
# The later chapters train with MXNet, a library for deep learning. If this cell prints three versions, you are all set.

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
# Replace the three dots with your answer and run the cell. It tells you in words what is right, or what went wrong. The folder `solutions` has a notebook of the same name with the answers.
#
# **1. Predict.** Suppose vectors had only two numbers, so that you could draw them, and *chip* had the vector (3, 1). Which of these words has the highest cosine similarity with *chip*?
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
# Draw each vector as an arrow that starts at (0, 0). The cosine compares directions and ignores lengths.
# </details>

# %% tags=["exercise"]
from w2v_lesson import check, progress

nearest_word = "software"  ### SOLUTION
check("same_direction", nearest_word)

# %% [markdown]
# **2. Write.** If *disk* is among the neighbors of *chip*, is *chip* also among the neighbors of *disk*? Not always. Here `nearest` is a dictionary that gives the list of neighbors for each word. Write a function that returns those neighbors of `word` that have `word` in their own list as well.
#
# <details><summary>Hint</summary>
#
# The neighbors of `word` are `nearest[word]`, and those of another word are `nearest[other]`. A loop with one `if` is enough.
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
# Now choose an answer. Each one opens and tells you why it is right or wrong.
#
# **Question.** Two words have a cosine similarity of 0.8. What does that tell you?
#
# <details><summary>a) They mean nearly the same thing.</summary>No, not necessarily. <em>drexel</em>, <em>burnham</em>, and <em>lambert</em> are close neighbors because they are three parts of one company's name.</details>
# <details><summary>b) They are used in similar contexts in this text.</summary>Right. That is all the vectors have ever seen. A similar meaning is one common reason for it, but not the only one.</details>
# <details><summary>c) They appear side by side in four out of five sentences.</summary>No. A cosine is not a percentage of anything. It compares two directions, and it can be negative.</details>

# %% [markdown]
# **Question.** What would it take for *potato* to become a neighbor of *chip*?
#
# <details><summary>a) Longer training on the same newspaper.</summary>No. In this text the two words keep very different company, no matter how often you read it.</details>
# <details><summary>b) Longer vectors, say 300 numbers.</summary>No. Longer vectors can hold finer distinctions, but the distinctions still come from the same text.</details>
# <details><summary>c) Training on recipes and menus.</summary>Right. The vectors know a word by the company it keeps in the text they were trained on.</details>

# %% [markdown]
# One more to think about, with the explorer at hand: *september* and *august* are neighbors, although a day can't be in both months. Why?
#
# <details><summary>Answer</summary>
#
# Months appear in the same kinds of sentences, such as "sales rose in …" Similar company leads to similar vectors, even if two words exclude each other.
# </details>
#
# ## Summary
#
# - A word vector is a list of numbers, learned from text, and words that are used alike get similar lists.
# - The cosine similarity compares the directions of two vectors. "Near" means *used alike in this text*.
# - What the text doesn't contain, the vectors can't know.
#
# **Where we go from here.** Chapters 00 to 06 are the core of the lesson: from raw text to vectors that you trained yourself, in one afternoon. The chapters after that are extras, and you can skip any of them. If you would rather play first, try the laboratory at the end of [chapter 09](09_make_it_fast.ipynb), where you turn the knobs of a training and watch what happens.
#
# | core | in this chapter you … |
# | --- | --- |
# | [01 · Turn text into questions](01_turn_text_into_questions.ipynb) | turn a sentence into yes-or-no questions about pairs of words |
# | [02 · Pack minibatches](02_pack_minibatches.ipynb) | pack those questions into arrays |
# | [03 · Build two embeddings](03_build_two_embeddings.ipynb) | write the model that answers them, in ten lines |
# | [04 · Mask the loss](04_mask_the_loss.ipynb) | measure how wrong an answer is, and see why similar words end up close together |
# | [05 · Train and watch](05_train_and_watch.ipynb) | train the model and watch the words find their places |
# | [06 · Ask the vectors](06_ask_the_vectors.ipynb) | question the result and find its limits |
#
# | extra | in this chapter you … |
# | --- | --- |
# | [07 · Judge the vectors](07_judge_the_vectors.ipynb) | measure how good the vectors are, and see them fail |
# | [08 · Use the vectors](08_use_the_vectors.ipynb) | classify words, and compare with honest baselines |
# | [09 · Make it fast](09_make_it_fast.ipynb) | find out where the time goes, then try your own settings |
# | [10 · Scale it out](10_scale_it_out.ipynb) | divide one training among several processes |
# | [11 · Read the source critically](11_read_the_source.ipynb) | check the claims of the chapter in *Dive into Deep Learning* that this lesson follows |
# | [12 · Train on your own text](12_train_on_your_own_text.ipynb) | train on a file of yours and explore the result |
# | [13 · Where it leads](13_where_it_leads.ipynb) | see what grew out of word2vec, and the same model in PyTorch |
#
# ## In practice
#
# - You can begin a chapter again whenever you like. Put `!w2v-lesson fresh 00` into a cell and run it: you get a fresh copy of chapter 00, and the old one stays under a name with the date.
# - The vectors were trained for five passes over the text, starting from a fixed random [**seed**](glossary.md#seed), so everybody sees the same neighbors. A different seed gives somewhat different ones, especially for rare words.
# - Vectors for real use are trained on thousands of times as much text.
# - This kind of training is called [**pretraining**](glossary.md#pretraining), because it comes *before* the task you really care about. Plain text is free and plentiful, but labeled examples are not. So you first train vectors on plain text, and then use them for a task with few examples, for instance sorting messages into categories. Chapter 08 tries it.
#
# ## Further reading
#
# - J. R. Firth, "A Synopsis of Linguistic Theory, 1930–1955", in *Studies in Linguistic Analysis*, 1957. The origin of the sentence about the company a word keeps.
# - T. Mikolov, K. Chen, G. Corrado, J. Dean, [*Efficient Estimation of Word Representations in Vector Space*](https://arxiv.org/abs/1301.3781), ICLR workshop 2013. The paper that made word2vec known.
