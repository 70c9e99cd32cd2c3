# %% [markdown]
# # 02 · Build two embeddings
#
# **What you'll do.** Write the skip-gram model: two tables of vectors and one product.
#
# **What you'll be able to do.** Explain what an embedding layer looks up, follow every array shape through `skip_gram`, and say why each word has two vectors.
#
# **What you need.** Chapter 01 for the words *center*, *context* and *noise word*; dot products and matrix shapes.
#
# **Time.** 20 minutes, and 10 for the exercises.

# %%
import numpy
from d2l import mxnet as d2l
from mxnet import np, npx, random
from mxnet.gluon import nn

from w2v_lesson import build_net, check, figures, initialize, progress
from w2v_lesson.model import skip_gram_shapes
from w2v_lesson.widgets.lookup import watch_lookup, watch_shapes

npx.set_np()  # MXNet arrays that behave like NumPy's
random.seed(0)
numpy.set_printoptions(precision=2)

# %% [markdown]
# ## An embedding layer is a table
#
# MXNet's high-level part is called **Gluon**. Its `nn.Embedding` holds a table, one row of numbers for each word index: an [**embedding**](glossary.md#embedding) of the words. Let us make a tiny one: 20 words, 4 numbers each. The numbers, called [**weights**](glossary.md#weight), start out random.

# %%
embed = nn.Embedding(input_dim=20, output_dim=4)
embed.initialize()
embed.weight

# %% [markdown]
# Looking up indices returns the rows of the table.
#
# **Predict.** `x` has the shape (2, 3). What is the shape of `embed(x)`?

# %%
x = d2l.tensor([[1, 2, 3], [4, 5, 6]])
embed(x).shape

# %% [markdown]
# Each index was replaced by its row of four numbers, so an axis of length 4 is added at the end. Is the first of them really row 1?

# %%
print("same row:", bool((embed(x)[0, 0] == embed.weight.data()[1]).all()))

# %%
rows = [1, 2, 3]
figures.show(
    figures.lookup(embed.weight.data().asnumpy(), rows),
    "A table of 20 rows and 4 columns; rows 1, 2 and 3 are repeated beside it.",
)

# %% [markdown]
# **What you should see.** The whole table on the left, rows 1 to 3 marked; on the right just these three rows, in the same colors.
#
# Now ask for rows of your own: type indices with spaces between them. **Predict.** What does `5 0 5` return? And what is to happen for 20, in a table of 20 rows?

# %%
watch_lookup(embed.weight.data().asnumpy())

# %% [markdown]
# The rows come in the order asked for, and twice if asked for twice. For 20 there is no row, since the first is row 0, and the field says so. Gluon's lookup does not:

# %%
table, outside = embed.weight.data(), embed(d2l.tensor([20, -1]))
print("20 gives row 19:", bool((outside[0] == table[19]).all()))
print("-1 gives row 0: ", bool((outside[1] == table[0]).all()))

# %% [markdown]
# No error, only the vector of another word. So a wrong index must be caught before it comes to the table; in this lesson the vocabulary sees to it.
#
# Mathematically a lookup is a product with a **one-hot** matrix: a single 1 in each row, at the place of the index. The lookup gives the same without multiplying all those zeros:

# %%
one_hot = npx.one_hot(d2l.tensor(rows), 20)  # (3, 20)
print(one_hot.shape, bool(np.allclose(np.dot(one_hot, embed.weight.data()), embed(x)[0])))

# %% [markdown]
# ## Score each pair by a dot product
#
# Each word has two vectors: $\mathbf{v}_w$ for its role as a center, $\mathbf{u}_w$ for its role as a context. The model's whole opinion on a pair is their dot product $\mathbf{u}_c^\top \mathbf{v}_w$: large if it thinks that $c$ stands near $w$.
#
# One minibatch at a time: look up the centers in one table, the contexts and noise words in the other, and take all the dot products of a row at once.


# %%
...  ### INSERT w2v_lesson.model.skip_gram


# %% [markdown]
# `batch_dot` is a matrix product for each example of the batch. Follow the shapes: (1, embed_size) times (embed_size, max_len) is (1, max_len), one score for each context or noise word.
#
# **Predict.** Two examples, one center and four others each. Which shape comes out?

# %%
skip_gram(np.ones((2, 1)), np.ones((2, 4)), embed, embed).shape

# %% [markdown]
# The same as a diagram, with the sizes of a real minibatch: 512 centers, 36 contexts and noise words for each, 100 numbers for each word.

# %%
figures.show(
    figures.shape_flow(skip_gram_shapes(512, 36, 100)),
    "Diagram: center and others are each looked up, batch_dot makes the scores.",
)

# %% [markdown]
# **What you should see.** Two inputs of word indices, two lookups, one product. The axis `embed_size` comes in with the lookups and is gone after `batch_dot`, which sums over it.
#
# The sliders change the sizes. **Predict.** Which of the five arrays is the largest? What does the number of multiplications do when `embed_size` doubles: stay, double, become four times as large?

# %%
watch_shapes()

# %% [markdown]
# `u` is nearly all of it. And each score takes `embed_size` multiplications, so twice the length is twice the work.

# %% [markdown]
# Check one score by hand: word 7 as the center, word 9 as the other.

# %%
score = skip_gram(np.array([[7]]), np.array([[9]]), embed, embed)
by_hand = (embed.weight.data()[7] * embed.weight.data()[9]).sum()
print(bool(np.allclose(score, by_hand)))

# %% [markdown]
# The source chapter writes the product with the axes of `u` swapped. The numbers are the same; but swapping makes a copy of the largest array of the whole model, in each step.


# %%
def skip_gram_swapped(center, contexts_and_negatives, embed_v, embed_u):
    v = embed_v(center)
    u = embed_u(contexts_and_negatives)
    return npx.batch_dot(v, u.swapaxes(1, 2))


others = np.array([[9, 3, 5], [1, 8, 8]])
pair = (np.array([[7], [2]]), others, embed, embed)
print(bool(np.allclose(skip_gram(*pair), skip_gram_swapped(*pair))))

# %% [markdown]
# ## Two tables of real size
#
# 6,719 words with 100 numbers each, twice: once as a center, once as a context. Same vocabulary, same size, separate weights.

# %%
vocab_size, embed_size = 6719, 100
net = nn.Sequential()
net.add(
    nn.Embedding(input_dim=vocab_size, output_dim=embed_size),
    nn.Embedding(input_dim=vocab_size, output_dim=embed_size),
)

# %% [markdown]
# **Predict.** How many weights will be trained?

# %%
net.initialize()
print(f"{sum(p.data().size for p in net.collect_params().values()):,} weights")

# %% [markdown]
# The package has these lines as `build_net`, and starts the weights from a stated distribution: uniform between −0.07 and 0.07, which is also Gluon's default.

# %%
net = build_net(vocab_size, embed_size)
initialize(net, npx.cpu())
weights = net[0].weight.data()
print(
    f"from {float(weights.min()):.2f} to {float(weights.max()):.2f}, "
    f"mean {abs(float(weights.mean())):.2f}"
)

# %% [markdown]
# ## What does the untrained model say?
#
# A score becomes a probability by the [**sigmoid**](glossary.md#sigmoid) function $\sigma(x) = 1 / (1 + e^{-x})$: 0 becomes one half, large scores approach 1, very negative ones 0.
#
# **Predict.** The weights are tiny random numbers. What will the model answer when asked whether two words are neighbors?

# %%
center, contexts = np.array([[1000]]), np.array([[10, 2000, 5000]])
scores = skip_gram(center, contexts, net[0], net[1])
npx.sigmoid(scores)

# %% [markdown]
# One half, give or take a hundredth: it does not know yet. Chapter 03 says what it should have answered, chapter 04 makes it so.
#
# ## Why two vectors for each word?
#
# A word rarely stands next to itself: *chip chip* is not English. With one vector per word the score of a word with itself would be its squared length, which is never negative; the model could call that pair unlikely for no word at all. Two tables leave it the choice.

# %%
v = weights[:5]
print("one table: ", ((v * v).sum(axis=1) > 0).tolist())
print("two tables:", ((v * net[1].weight.data()[:5]).sum(axis=1) > 0).tolist())

# %% [markdown]
# ## Check yourself
#
# Put your answer in place of the three dots and run the cell; it tells you in words what is right or what went wrong. Solutions are in the notebook of the same name in the folder `solutions`.
#
# **1. Predict.** `centers` has the shape (512, 1), `others` the shape (512, 36), and `embed_size` is 100. By mistake someone calls `skip_gram(others, centers, net[0], net[1])`, the first two the wrong way round. There is no error. What is the shape of the result?
#
# <details><summary>Hint</summary>
#
# Now `v` has 36 rows for each example and `u` has one.
# </details>

# %% tags=["exercise"]
swapped_shape = (512, 36, 1)  ### SOLUTION
check("swapped_shape", swapped_shape)

# %% [markdown]
# **2. Write.** The same model for one center, without Gluon: `center` is a word index, `others` an array of word indices, `table_v` and `table_u` are the two tables, one row for each word. Give the score of each of the others. (The arrays are NumPy's.)
#
# <details><summary>Hint</summary>
#
# One row of one table, some rows of the other, and a dot product for each.
# </details>


# %% tags=["exercise"]
def scores(center, others, table_v, table_u):
    ### BEGIN SOLUTION
    return table_u[others] @ table_v[center]
    ### END SOLUTION


check("scores", scores, array=numpy.array)

# %% [markdown]
# **3. Write.** How many different rows of the context table does a minibatch need for its real pairs? `contexts_negatives` and `masks` are as in chapter 01, as lists of rows: a mask of 1 is a real pair, 0 is padding.
#
# <details><summary>Hint</summary>
#
# `set()` keeps each thing once, and `.add(word)` puts one in.
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
progress("02")

# %% [markdown]
# Now choose; each choice opens to a reason.
#
# **Question.** The corpus becomes twice as long, with the same vocabulary. What happens to the number of weights?
#
# <details><summary>a) It stays as it is.</summary>Right: the weights belong to the words, not to their occurrences. Only an epoch takes longer.</details>
# <details><summary>b) It doubles.</summary>No: each word keeps its two rows, however often it occurs.</details>
# <details><summary>c) It grows by a half.</summary>No: there are no weights for sentences or pairs, only for words.</details>

# %% [markdown]
# **Question.** You want to know whether the model thinks that *july* stands beside *bank*. Which product do you compute?
#
# <details><summary>a) That of both rows in the center table.</summary>No: two center vectors are never multiplied in training. If they are alike, the words have like contexts, which is something else.</details>
# <details><summary>b) That of both rows in the context table.</summary>No: two context vectors are never multiplied in training either.</details>
# <details><summary>c) That of bank's row in the center table and july's row in the context table.</summary>Right: this is the score that skip_gram gives to the pair, and what training adjusts.</details>

# %% [markdown]
# One to try: which word does the untrained model of the last section take for the likeliest context of word 1000? Write it in one line. Would you believe it?
#
# <details><summary>Answer</summary>
#
# `np.dot(net[1].weight.data(), net[0].weight.data()[1000]).argmax()` scores all 6,719 words at once, an array of the shape (6719,), and gives the index of the largest score. It was drawn, not learned; another seed names another word.
# </details>
#
# ## Summary
#
# - An embedding layer is a table; calling it returns rows.
# - `skip_gram` scores a center against all its contexts and noise words by dot products.
# - Two tables, $\mathbf{v}$ and $\mathbf{u}$, each (vocabulary, embed_size), are all that is trained.
#
# ## In practice
#
# Once trained, most people keep the center table and drop the other. Chapter 05 compares the center table, the context table and their sum. The original word2vec program starts the context table from zeros; uniform numbers, as here, work as well.
#
# ## Further reading
#
# - Y. Goldberg and O. Levy, *word2vec Explained*, 2014: the model derived in four pages, with a note on why two tables.
# - X. Rong, *word2vec Parameter Learning Explained*, 2014: every gradient written out.
#
# Next: [03 · Mask the loss](03_mask_the_loss.ipynb)
