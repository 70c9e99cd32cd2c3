# %% [markdown]
# # 05 · Ask the vectors
#
# **What you'll do.** Put questions to the trained vectors: similar words, analogies, a map.
#
# **What you'll be able to do.** Write the search for similar words, choose between center table, context table and their sum, and tell a good answer from a lucky one.
#
# **What you need.** Chapter 02 for the two tables. The vectors are those of chapter 04's settings; if they are not on your disk yet, the first cell trains them in some ten seconds.
#
# **Time.** 20 minutes.

# %%
import numpy
from mxnet import np, npx
from mxnet.gluon import nn

from w2v_lesson import plots
from w2v_lesson.corpus import read_ptb
from w2v_lesson.pretrained import ptb_vectors
from w2v_lesson.widgets.explorer import Explorer
from w2v_lesson.widgets.progress import progress_bar

npx.set_np()
vectors = ptb_vectors(watch=progress_bar)
vocab = vectors.vocab

# %% [markdown]
# ## Similar words, written out
#
# Put the trained center table into an embedding layer, as chapter 04 left it:

# %%
embed = nn.Embedding(*vectors.center.shape)
embed.initialize()
embed.weight.set_data(np.array(vectors.center))

# %% [markdown]
# The **cosine similarity** of two vectors is their dot product divided by both lengths, $\frac{\mathbf{x}^\top \mathbf{w}}{\lVert\mathbf{x}\rVert \lVert\mathbf{w}\rVert}$. One matrix product gives it for all words at once; `topk` picks the largest. The nearest word to any word is itself, so that one is dropped.

# %%
def get_similar_tokens(query_token, k, embed):
    if query_token not in vocab or query_token == "<unk>":
        raise LookupError(f"'{query_token}' is not in the vocabulary")
    W = embed.weight.data()  # (vocab_size, embed_size)
    x = W[vocab[query_token]]
    # Compute the cosine similarity. Add 1e-9 for numerical stability
    cos = np.dot(W, x) / np.sqrt(np.sum(W * W, axis=1) * np.sum(x * x) + 1e-9)
    topk = npx.topk(cos, k=k + 1, ret_typ="indices").asnumpy().astype("int32")
    for i in topk[1:]:  # Remove the input word
        print(f"cosine sim={float(cos[i]):.3f}: {vocab.to_tokens(i)}")

# %%
get_similar_tokens("chip", 3, embed)

# %% [markdown]
# The package's `similar` computes the same in NumPy and returns it:

# %%
[(n.word, round(n.cosine, 3), n.count) for n in vectors.similar("chip", 3)]

# %% [markdown]
# The third number is how often the word occurs in the text. It matters: a vector made from a dozen occurrences is a rumour.
#
# ## Explore
#
# The figure shows what the explorer below it shows for *bank*.

# %%
neighbours = vectors.similar("bank", 8, table="sum")
plots.show(plots.neighbour_bars("bank", neighbours),
           "Bars: the words nearest to bank, " + ", ".join(n.word for n in neighbours))

# %% [markdown]
# **What you should see.** Eight words of finance, parts of banks' names among them (*suisse*). No river.

# %%
Explorer(vectors, "bank", k=8, table="sum")

# %% [markdown]
# **Predict, then look up:** *july*, *his*, *ibm*, *strike*. When do you get words that could replace the word, when words that stand beside it?
#
# ## Which table?
#
# Training made two vectors for each word. $\mathbf{v}$ of two words is alike if they have like contexts. $\mathbf{u}$ of two words is alike if they are contexts of like centers. The source says that they contain similar information; let us see.

# %%
for table in ["center", "context", "sum"]:
    words = [n.word for n in vectors.similar("president", 5, table)]
    print(f"{table:>7}:", ", ".join(words))

# %% [markdown]
# The sum mixes a second kind of nearness into the first. The cosine of two sums contains $\mathbf{v}_a^\top \mathbf{u}_b$, the model's own score for *a stands beside b*. So words that stand side by side, such as *vice* and *president*, move up in the list:

# %%
for table in ["center", "context", "sum"]:
    words = [n.word for n in vectors.similar("president", 20, table)]
    print(f"{table:>7}: vice is neighbour number {words.index('vice') + 1} of president")

# %% [markdown]
# ## Analogies
#
# "*japan* is to *japanese* as *germany* is to ...?" If the step from a country to its adjective always had the same direction, then $\mathbf{v}_\text{japanese} - \mathbf{v}_\text{japan} + \mathbf{v}_\text{germany}$ would end near the answer. The three words of the question are left out of the answers.

# %%
for neighbour in vectors.analogy("japan", "japanese", "germany", 3):
    print(f"{neighbour.cosine:.2f} {neighbour.word}")

# %% [markdown]
# It works. So does the money:

# %%
[n.word for n in vectors.analogy("japan", "yen", "germany", 3)]

# %% [markdown]
# Now the most famous one: *man* is to *king* as *woman* is to ...?
#
# **Predict.** Will it say *queen*?

# %%
[n.word for n in vectors.analogy("man", "king", "woman", 3)]

# %%
print("queen in the vocabulary:", "queen" in vectors)
print("queen in the text:", sum(line.count("queen") for line in read_ptb()), "times")
print("near to king:", [n.word for n in vectors.similar("king", 4)])

# %% [markdown]
# It cannot: *queen* is too rare in this newspaper to be in the vocabulary at all. And the king it knows sells hamburgers: the nearest word to *king* is *burger*. $\mathbf{v}_\text{king} - \mathbf{v}_\text{man} + \mathbf{v}_\text{woman} \approx \mathbf{v}_\text{queen}$ is what vectors from billions of words show, not what these do.
#
# ## A map
#
# A hundred dimensions cannot be drawn. **Principal component analysis** (PCA) finds the two directions along which the chosen words differ most, and drops the rest.

# %%
groups = {
    "months": "january march june july august october december",
    "countries": "japan germany france britain canada italy",
    "family": "father mother son wife husband daughter",
    "computing": "chip computer software ibm microprocessor intel",
    "energy": "oil gas crude pipeline drilling barrels",
}
words = [word for group in groups.values() for word in group.split()]
labels = [name for name, group in groups.items() for word in group.split()]

# %%
X = numpy.stack([vectors.vector(word, "sum") for word in words])
X /= numpy.linalg.norm(X, axis=1, keepdims=True)  # compare directions, as the cosine does
X -= X.mean(axis=0)
U, S, _ = numpy.linalg.svd(X, full_matrices=False)
points, explained = U[:, :2] * S[:2], S[:2] ** 2 / (S**2).sum()
print(f"the two axes show {explained.sum():.0%} of the variance")

# %%
plots.show(plots.word_map(words, points, labels, explained),
           "Map of words: months, countries, family, computing and energy form groups.")

# %% [markdown]
# **What you should see.** Five groups, though nobody told the model that there are any. But most of the variance is *not* on this map: two words that lie side by side here may be far apart.
#
# ## A word it has not read
#
# The source's function answers even for a word that is not in the vocabulary: it takes the vector of `<unk>`, which was never trained, and prints its neighbours as if they meant something. Ours refuses, and helps:

# %%
try:
    vectors.similar("microprocesor", 3)
except LookupError as error:
    print(error)

# %% [markdown]
# ## Check yourself
#
# 1. Why does `get_similar_tokens` ask `topk` for `k + 1` words?
# 2. You add 5 to every number of every vector. Do the neighbours stay the same? And if you multiply every number by 5?
# 3. *gain* and *loss* are near to each other. Is that an error?
#
# <details><summary>Answers</summary>
#
# 1. The first is the word itself, with a cosine of 1.
# 2. Multiplying changes nothing, since the cosine ignores lengths. Adding turns all vectors towards the same direction, and the cosines change.
# 3. No. Both stand in the same kind of sentence. These vectors know use, not truth: opposites are used alike.
# </details>
#
# ## Summary
#
# The whole lesson in four points:
#
# - **Skip-gram with negative sampling** trains two vectors for each word, by telling real pairs (center, context) from drawn ones with binary cross-entropy.
# - **It is cheap:** no sum over the vocabulary, each pair by itself; a few seconds an epoch on a CPU.
# - **The result** is dense vectors in which words used alike lie close; some relations show as directions, if the text is large enough.
# - **As the state of the art it is outdated:** models such as BERT give a word another vector in each sentence. It remains useful as input to small classifiers, and as the clearest example of how meaning can be learned from use.
#
# ## In practice
#
# - The center table is the usual choice; the sum is worth a try. Which one is better depends on the question, and chapter 06 of this lesson will measure it.
# - d2l's `get_analogy` does not leave out the words of the question. On this corpus one of them wins nearly always.
# - The source prints *tandem, microprocessor, drives* for *chip*; other draws, other neighbours.
#
# ## Further reading
#
# - T. Mikolov, W. Yih, G. Zweig, *Linguistic Regularities in Continuous Space Word Representations*, 2013: analogies.
# - T. Linzen, *Issues in Evaluating Semantic Spaces Using Word Analogies*, 2016: why leaving out the inputs matters so much.
# - J. Devlin and others, *BERT*, 2019: what came after.
