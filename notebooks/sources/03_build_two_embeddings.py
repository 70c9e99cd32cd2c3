# %% [markdown]
# # 03 · Build two embeddings
#
# Here are two words. Did they appear near each other, yes or no? We have millions of such questions, packed into minibatches. What is the smallest model that could answer them?
#
# It turns out that two tables and one multiplication are enough. In this chapter you build that model, and you ask it the questions about our sentence. It won't know any answers yet, but it will be able to give some.
#
# **What you'll do.** Write the skip-gram model and follow our minibatch through it.
#
# **What you'll be able to do.** Explain what an embedding layer does, follow the shape of every array through `skip_gram`, and say why each word has two vectors.
#
# **What you need.** Chapter 02 for the minibatch; dot products and matrix shapes.
#
# **Time.** 30 minutes, exercises included.

# %%
import numpy
from mxnet import np, npx, random

from w2v_lesson import build_net, check, figures, initialize, load_data_ptb, progress
from w2v_lesson.minibatches import batchify

npx.set_np()  # let Gluon use MXNet's own NumPy, which is np; the original is numpy
random.seed(0)
numpy.set_printoptions(precision=2, suppress=True)

# %% [markdown]
# ## Look up a row
#
# In chapter 00 we considered giving each word an axis of its own: a list of zeros with a single 1, called a **one-hot vector**. Such vectors say nothing about similarity. But suppose we multiply a one-hot vector by a table of numbers that has one row for each word. What comes out?

# %%
figures.show(
    figures.lookup_as_product(row=2, words=5, size=3),
    "A one-hot vector with its 1 at position 2, times a table of five rows, gives row 2 of the "
    "table. An arrow shows the shortcut: just take that row.",
)

# %% [markdown]
# **What you should see.** Each 0 wipes out its row, and the single 1 picks out row 2. So there is no need to multiply. You can simply take the row, which is called a **lookup**.
#
# A layer that holds such a table and looks up rows is an [**embedding**](glossary.md#embedding). In Gluon, the high-level part of MXNet, it is `nn.Embedding`. Here is a tiny one for 20 words with 4 numbers each. The numbers in it are [**weights**](glossary.md#weight): training will change them. At the start they are random.

# %%
from mxnet.gluon import nn

embed = nn.Embedding(input_dim=20, output_dim=4)
embed.initialize()
embed.weight

# %% [markdown]
# **Predict.** `x` below has the shape (2, 3). What will be the shape of `embed(x)`?

# %%
x = np.array([[1, 2, 3], [4, 5, 6]])
print(embed(x).shape)
embed(x)

# %% [markdown]
# Each of the six indices was replaced by its row of four numbers, so the result has one more axis, of length 4. Compare with the table itself:

# %%
embed.weight.data()[1:4]

# %% [markdown]
# These are the same three rows. Now ask for rows of your own: click on rows of the table, or type some indices with spaces between them. **Predict.** What does `5 0 5` return? And what should happen for index 20?

# %%
from w2v_lesson.widgets.lookup import watch_lookup

watch_lookup(embed.weight.data().asnumpy())

# %% [markdown] tags=["route-50-tables:1"]
# **What you should see.** The rows that were asked for are marked in orange on the left and repeated on the right. `5 0 5` returns three rows, and the first and the last are the same.
#
# There is no row 20, because the first row has index 0, and the input field tells you so. Gluon's own lookup doesn't: it quietly returns the last row instead. In this lesson, the vocabulary makes sure that indices are right.
#
# ## Let two rows answer
#
# Now the question: did the words $w$ and $c$ appear near each other? The model looks up a vector for each of them and multiplies the two, number by number, and adds up the results. That is the dot product, and we call it the **score** of the pair. A positive score means "yes," and a negative one means "no." The farther it is from zero, the surer the model is.
#
# Both vectors could come from the same table. But **word2vec**, the model of this lesson, uses two: a table with a vector $\mathbf{v}_w$ for each word as a center, and a second one with a vector $\mathbf{u}_c$ for each word as a context.

# %% tags=["route-50-tables"]
figures.show(
    figures.two_tables("chip", ["are", "facing"], ["followed"]),
    "Two tables. The row of chip in the center table v and the rows of are, facing, and followed "
    "in the context table u are marked. Each of the three is multiplied with chip's row and "
    "gives one score.",
)

# %% [markdown] tags=["route-50-tables"]
# **What you should see.** One row from the left table, several rows from the right table, and one score for each of them.
#
# Noise words are looked up in the context table as well, since they play the part of a context.
#
# Why two tables? Suppose there were only one. Then the score of a word with itself would be a sum of squares, which is never negative. The model could never say "no" to the pair of *chip* and *chip*, although most words rarely appear near themselves. With two tables, a word as a center and the same word as a context can be quite different.

# %% [markdown]
# Here is the whole model, for a minibatch. Every row has one center and many other words, contexts as well as noise words. We will call them *the others*. All the scores of a row can be computed in one matrix product.


# %%
...  ### INSERT w2v_lesson.model.skip_gram


# %% [markdown]
# `batch_dot` computes one matrix product for each row of the minibatch, and `transpose_b=True` flips each `u` to (embed_size, max_len) first. So (1, embed_size) times (embed_size, max_len) gives (1, max_len), which is one score for each of the others.
#
# **Predict.** There are two rows, each with one center and four others. What shape comes out? (Only the shape matters here, so our tiny table plays both parts.)

# %%
skip_gram(np.ones((2, 1)), np.ones((2, 4)), embed, embed).shape

# %% [markdown]
# To check one score by hand, take word 7 as the center and word 9 as the other:

# %%
score = skip_gram(np.array([[7]]), np.array([[9]]), embed, embed)
by_hand = (embed.weight.data()[7] * embed.weight.data()[9]).sum()
print("same:", bool(np.allclose(score, by_hand)))

# %% [markdown]
# ## Build it at full size
#
# Our vocabulary has 6,719 words, and we choose vectors of 100 numbers. `nn.Sequential` only serves as a box for the two tables: `net[0]` for the centers, and `net[1]` for the contexts.

# %%
data_iter, vocab = load_data_ptb(batch_size=512, max_window_size=5, num_noise_words=5)
embed_size = 100
net = nn.Sequential()
net.add(
    nn.Embedding(input_dim=len(vocab), output_dim=embed_size),
    nn.Embedding(input_dim=len(vocab), output_dim=embed_size),
)

# %% [markdown]
# **Predict.** How many weights will be trained?

# %%
net.initialize()
print(f"{sum(p.data().size for p in net.collect_params().values()):,} weights")

# %% [markdown]
# That is the entire model: 1.3 million numbers in two tables. The package makes the same net with `build_net`. The package's function `initialize` fills both tables with random numbers between −0.07 and 0.07. That is Gluon's default range as well, but writing it down keeps the lesson independent of defaults.
#
# ## Ask it about our sentence
#
# Here is the minibatch of chapter 02, with three centers of our sentence.

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
indexed = [(vocab[c], vocab[contexts], vocab[noise]) for c, contexts, noise in examples]
centers, contexts_negatives, masks, labels = map(np.array, batchify(indexed))
print(centers.shape, contexts_negatives.shape)

# %% [markdown]
# **Predict.** What shape will the scores have?

# %%
net = build_net(len(vocab), embed_size)
initialize(net, npx.cpu())
scores = skip_gram(centers, contexts_negatives, net[0], net[1])
scores.shape

# %% [markdown]
# One score for each of the eight cells in each of the three rows, padding included. (The axis in the middle is left over from the matrix product. Chapter 05 removes it.)
#
# A score can be any number, but we want to read it as an answer: how likely is yes? The [**sigmoid**](glossary.md#sigmoid) function $\sigma(x) = 1 / (1 + e^{-x})$ does that. It turns 0 into one half, large scores into almost 1, and very negative ones into almost 0.
#
# **Predict.** The weights are small random numbers. What will the model answer to the questions about *chip*?

# %%
answers = npx.sigmoid(scores)[0, 0]
for word, answer in zip(examples[0][1] + examples[0][2], answers.tolist()):
    print(f"chip and {word}: {answer:.2f}")

# %% [markdown]
# About one half each time. Small weights give scores close to 0, and $\sigma(0)$ is one half. The model has no idea yet, and it says so. What it should have answered is in `labels`. Chapter 04 measures how wrong it was, and shows which way the vectors have to move.
#
# ## Follow the shapes
#
# The picture shows `skip_gram` with the sizes of a real minibatch: 512 centers, 36 others for each, and 100 numbers for each word.

# %%
from w2v_lesson.model import skip_gram_shapes

figures.show(
    figures.shape_flow(skip_gram_shapes(512, 36, 100)),
    "Diagram: centers and others are each looked up, and batch_dot turns them into scores.",
)

# %% [markdown]
# **What you should see.** The axis `embed_size` comes in with the lookups and disappears in `batch_dot`, which sums over it.
#
# The sliders change the sizes. **Predict.** Which of the five arrays is the largest? If `embed_size` doubles, does the number of multiplications stay the same, double, or become four times as large?

# %%
from w2v_lesson.widgets.lookup import watch_shapes

watch_shapes()

# %% [markdown]
# Of these five arrays, `u` is by far the largest. And each score takes `embed_size` multiplications, so vectors that are twice as long mean twice the work.
#
# ## Check yourself
#
# Replace the three dots with your answer and run the cell.
#
# **1. Predict.** `centers` has the shape (512, 1), `others` has (512, 36), and `embed_size` is 100. By mistake, someone swaps the first two arguments: `skip_gram(others, centers, net[0], net[1])`. There is no error. What is the shape of the result?
#
# <details><summary>Hint</summary>
#
# Now `v` has 36 rows for each example, and `u` has one.
# </details>

# %% tags=["exercise"]
swapped_shape = (512, 36, 1)  ### SOLUTION
check("swapped_shape", swapped_shape)

# %% [markdown]
# **2. Write.** The same model for a single center, without Gluon. `center` is a word index, `others` is an array of word indices, and `table_v` and `table_u` are the two tables as NumPy arrays, with one row for each word. Return the score of each of the others.
#
# <details><summary>Hint</summary>
#
# You need one row of one table, several rows of the other, and a dot product for each.
# </details>


# %% tags=["exercise"]
def scores(center, others, table_v, table_u):
    ### BEGIN SOLUTION
    return table_u[others] @ table_v[center]
    ### END SOLUTION


check("scores", scores, array=numpy.array)

# %% [markdown]
# **3. Write.** How many different rows of the context table does a minibatch use, not counting the padding? Here `contexts_negatives` and `masks` are plain lists of rows, with the same meaning as in chapter 02.
#
# <details><summary>Hint</summary>
#
# A `set()` keeps each thing only once, and `.add(word)` puts one in.
# </details>


# %% tags=["exercise"]
def rows_touched(contexts_negatives, masks):
    ### BEGIN SOLUTION
    words = set()
    for row, mask in zip(contexts_negatives, masks):
        words.update(word for word, real in zip(row, mask) if real)
    return len(words)
    ### END SOLUTION


check("rows_touched", rows_touched)

# %% tags=["exercise"]
progress("03")

# %% [markdown]
# Now choose an answer. Each one opens and tells you why it is right or wrong.
#
# **Question.** The text becomes twice as long, but the vocabulary stays the same. What happens to the number of weights?
#
# <details><summary>a) It stays the same.</summary>Right. Weights belong to words, not to their occurrences. Only an epoch takes longer.</details>
# <details><summary>b) It doubles.</summary>No. Each word keeps its two rows, however often it occurs.</details>
# <details><summary>c) It grows by half.</summary>No. There are no weights for sentences or pairs, only for words.</details>

# %% [markdown]
# **Question.** You want to know whether the model thinks that *july* is a context of the center *bank*. Which two vectors do you multiply?
#
# <details><summary>a) The rows of both words in the center table.</summary>No. Training never multiplies two center vectors. Comparing them tells you something else, and chapter 04 explains what.</details>
# <details><summary>b) The rows of both words in the context table.</summary>No. Training never multiplies two context vectors either.</details>
# <details><summary>c) The row of <em>bank</em> in the center table and the row of <em>july</em> in the context table.</summary>Right. This is the score that skip_gram computes for the pair, and the one that training adjusts.</details>
#
# ## Summary
#
# - Look up one row in each table, and their dot product is the score.
# - A lookup gives the same result as multiplying by a one-hot vector, without the work.
# - The two tables, $\mathbf{v}$ for centers and $\mathbf{u}$ for contexts, are everything that is trained.
#
# ## In practice
#
# - The original chapter (MXNet edition) writes the product as `npx.batch_dot(v, u.swapaxes(1, 2))`. The numbers are the same, but swapping the axes copies the largest array of the model in every step. Chapter 09 measures what that costs.
# - For an index that doesn't exist, Gluon's `nn.Embedding` gives the nearest row that does: the last row for 20, the first row for −1. There is no error message, so check your indices first.
# - Most people keep only the center table after training. Chapter 06 compares the center table, the context table, and their sum.
#
# ## Further reading
#
# - Y. Goldberg, O. Levy, [*word2vec Explained*](https://arxiv.org/abs/1402.3722), arXiv 2014. Derives the model in five pages, with a note on why there are two tables.
# - X. Rong, [*word2vec Parameter Learning Explained*](https://arxiv.org/abs/1411.2738), arXiv 2014. Writes out every gradient.
#
# Next: [04 · Mask the loss](04_mask_the_loss.ipynb)
