# %% [markdown]
# # 05 · Ask the vectors
#
# **What you'll do.** Put questions to the trained vectors: similar words, analogies, a map. Then take them to other tools.
#
# **What you'll be able to do.** Write the search for similar words, choose between center table, context table and their sum, tell a good answer from a lucky one, and exchange vectors with gensim and others.
#
# **What you need.** Chapter 02 for the two tables. The vectors are those of chapter 04's settings; if they are not on your disk yet, the first cell trains them in some ten seconds.
#
# **Time.** 25 minutes, and 10 for the exercises.

# %%
import numpy
from mxnet import np, npx
from mxnet.gluon import nn
from numpy import copysign
from numpy.linalg import norm, svd

from w2v_lesson import Explorer, check, figures, progress, progress_bar
from w2v_lesson import ptb_vectors, read_ptb
from w2v_lesson.widgets.analogies import Analogies
from w2v_lesson.widgets.wordmap import WordMap

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
neighbors = vectors.similar("bank", 8, table="sum")
figures.show(
    figures.neighbor_bars("bank", neighbors),
    "Bars: the words nearest to bank, " + ", ".join(n.word for n in neighbors),
)

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
    print(f"{table:>7}: vice is neighbor number {words.index('vice') + 1} of president")

# %% [markdown]
# How much do the tables have in common? Here are their lists side by side.

# %%
lists = {table: vectors.similar("president", 8, table) for table in ["center", "context"]}
both = [n.word for n in lists["center"] if n.word in [m.word for m in lists["context"]]]
figures.show(
    figures.compare_neighbors(lists),
    "Words nearest to president by each table; in both: " + ", ".join(both),
)

# %% [markdown]
# **What you should see.** Six of the eight words are in both lists, marked with a dot, though in another order.
#
# **Predict.** The explorer below compares any word in the same way. For which of *july*, *strike* and *king* do the tables agree least?

# %%
Explorer(vectors, "president", k=8, compare="context table")

# %% [markdown]
# For *july* the tables agree as well as for *president*. For *strike* and *king* most of the words stand in one list only. Read the counts, too: *king* was seen 43 times, *president* 1,246 times. Of a word that the text says little about, each table may tell you something else.
#
# ## Analogies
#
# "*japan* is to *japanese* as *germany* is to ...?" Such a question is an [**analogy**](glossary.md#analogy). If the step from a country to its adjective always had the same direction, then $\mathbf{v}_\text{japanese} - \mathbf{v}_\text{japan} + \mathbf{v}_\text{germany}$ would end near the answer. The three words of the question are left out of the answers.

# %%
for neighbor in vectors.analogy("japan", "japanese", "germany", 3):
    print(f"{neighbor.cosine:.2f} {neighbor.word}")

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
# The next figure shows how sure the answers are, for the question with the money.

# %%
answers = vectors.analogy("japan", "yen", "germany", 5)
figures.show(
    figures.neighbor_bars("yen − japan + germany", answers),
    "Bars: answers to the analogy, " + ", ".join(n.word for n in answers),
)

# %% [markdown]
# **What you should see.** *marks* leads, 0.68 against 0.55 for the next. The others are no money of Germany and lie close together. For *man : king = woman : ?* no answer has such a lead, as you can see below.
#
# **Predict, then ask** the examples below by a click, and analogies of your own by typing. Which kind works: grammar, family, geography, trade?

# %%
examples = [
    ("he", "his", "she"),
    ("is", "are", "was"),
    ("rise", "rose", "fall"),
    ("france", "paris", "japan"),
    ("man", "king", "woman"),
]
Analogies(vectors, "japan", "yen", "germany", examples)

# %% [markdown]
# In these examples grammar works: *her*, *were*, *fell*. For the capital of *japan* you get cities, but of Europe: the direction knows what *kind* of word is asked for, and not which one.
#
# ## A map
#
# A hundred dimensions cannot be drawn. [**Principal component analysis**](glossary.md#principal-component-analysis) (PCA) finds the two directions along which the chosen words differ most, and drops the rest.

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
X /= norm(X, axis=1, keepdims=True)  # compare directions, as the cosine does

# %% [markdown]
# The **singular value decomposition** (SVD) of the centered vectors gives such directions, the one with the largest differences first. A direction may as well point the other way; the third line settles that, so that nobody's map is mirrored.


# %%
...  ### INSERT w2v_lesson.vectors.principal_components


# %%
axes, explained = principal_components(X)
points = (X - X.mean(axis=0)) @ axes.T  # (words, 2)
print(f"the two axes show {explained.sum():.0%} of the variance")

# %%
figures.show(
    figures.word_map(words, points, labels, explained),
    "Map of words: months, countries, family, computing and energy form groups.",
)

# %% [markdown]
# **What you should see.** Five groups, though nobody told the model that there are any. But most of the variance is *not* on this map: two words that lie side by side here may be far apart.
#
# The next map you can change. A `;` ends a group of words. *around* takes one word of the map: its nearest neighbors in all hundred dimensions are joined to it by lines, and the zoom goes there.
#
# **Predict, then try** *japan* with five neighbors. Will they be the words that lie closest to it on the map?

# %%
text = "; ".join(f"{name}: {group}" for name, group in groups.items())
WordMap(vectors, text, table="sum")

# %% [markdown]
# *switzerland*, the nearest of all, lies farther off than *december* and *barrels*: the map has only two of the hundred dimensions to show nearness with. For "what is near?" ask the cosine; for "which groups are there?" look at a map.
#
# ## A word it has not read
#
# The source's function answers even for a word that is not in the vocabulary: it takes the vector of `<unk>`, which was never trained, and prints its neighbors as if they meant something. Ours refuses, and helps:

# %%
try:
    vectors.similar("microprocesor", 3)
except LookupError as error:
    print(error)

# %% [markdown]
# ## Take them away
#
# Vectors are worth more when other tools can open them. The format of the word2vec program is plain: a first line with the number of words and the length of their vectors, then one line for each word, the most frequent first. Most tools read it.
#
# The next cell writes the center table into the lesson's cache folder; `print(path)` shows where that is. Any other path does as well.

# %%
from w2v_lesson.files.disk import cache_dir
from w2v_lesson.files.formats import load_vectors, save_word2vec

path = cache_dir() / "ptb_vectors.txt"
save_word2vec(vectors, path)
with open(path, encoding="utf-8") as file:
    print(file.readline().strip())
    print([file.readline().split()[0] for _ in range(8)])

# %% [markdown]
# **Predict.** gensim is a well-known library for word vectors. Will it find the same neighbors in the file, with the same cosines?

# %%
from gensim.models import KeyedVectors

theirs = KeyedVectors.load_word2vec_format(path)
for n, (word, cosine) in zip(
    vectors.similar("chip", 4), theirs.most_similar("chip", topn=4)
):
    print(f"ours {n.cosine:.3f} {n.word:<14} gensim {cosine:.3f} {word}")

# %% [markdown]
# It does. One thing stays behind: `<unk>`, which was never trained, and which gensim would take for a word.
#
# The way back is `load_vectors`. It reads what other people have trained, too: files in the format of word2vec (text or binary) or of GloVe, packed by gzip or not.

# %%
loaded = load_vectors(path)
print(len(loaded), "words and", loaded.about["format"])

# %%
neighbors = loaded.similar("bank", 8)
figures.show(
    figures.neighbor_bars("bank", neighbors),
    "Bars: the words nearest to bank, " + ", ".join(n.word for n in neighbors),
)

# %%
Explorer(loaded, "bank", k=8)

# %% [markdown]
# **What you should see.** Words of finance again, by the center table alone. The note *seen ... times* is missing: the format has no place for counts, and the lesson does not make them up. For vectors of your own, `save_word2vec(..., counts=...)` writes them into a second file, which `load_vectors(..., counts=...)` reads.
#
# Other ways out, all in `w2v_lesson.files.formats`:
#
# | for | call |
# | --- | --- |
# | gensim, without a file | `to_gensim(vectors)` |
# | the maps of the TensorBoard Projector | `save_projector(vectors, folder)` |
# | NumPy, with both tables and all counts | `save_numpy(vectors, folder)` |
# | a Gluon net, to train on | `save_gluon(vectors, path)` |
#
# ## Check yourself
#
# Put your answer in place of the three dots and run the cell; it tells you in words what is right or what went wrong. Solutions are in the notebook of the same name in the folder `solutions`.
#
# **1. Predict.** What is the cosine similarity of $\mathbf{x} = (1, 1)$ and $\mathbf{w} = (3, 0)$? Two digits by head, more by machine.
#
# <details><summary>Hint</summary>
#
# Draw both. The dot product is 3, and the lengths are $\sqrt{2}$ and 3.
# </details>

# %% tags=["exercise"]
cosine_by_head = 3 / (2**0.5 * 3)  ### SOLUTION
check("cosine_by_head", cosine_by_head)

# %% [markdown]
# **2. Write.** The cosine similarity of two words, from a dict that gives each word its vector (a NumPy array). If one of the words has no vector, give back `None`. There may be a vector for `<unk>` in the dict; it was never trained, so treat that word as one without.
#
# <details><summary>Hint</summary>
#
# First the words: `word in vectors`. Then the numbers: `x @ w` is the dot product, `norm(x)` a length.
# </details>


# %% tags=["exercise"]
def cosine(word, other, vectors):
    ### BEGIN SOLUTION
    for each in (word, other):
        if each not in vectors or each == "<unk>":
            return None
    x, w = vectors[word], vectors[other]
    return x @ w / (norm(x) * norm(w))
    ### END SOLUTION


check("cosine", cosine, array=numpy.array)

# %% [markdown]
# **3. Write.** "`a` is to `b` as `c` is to ...?", from such a dict without `<unk>`: the word whose vector has the largest cosine with $\mathbf{v}_b - \mathbf{v}_a + \mathbf{v}_c$. What does `vectors.analogy` leave out, and why?
#
# <details><summary>Hint</summary>
#
# `max(words, key=...)` gives the word for which a function is largest. The words of the question are not among `words`.
# </details>


# %% tags=["exercise"]
def analogy(a, b, c, vectors):
    ### BEGIN SOLUTION
    target = vectors[b] - vectors[a] + vectors[c]
    words = [word for word in vectors if word not in (a, b, c)]
    return max(words, key=lambda word: vectors[word] @ target / norm(vectors[word]))
    ### END SOLUTION


check("analogy", analogy, array=numpy.array)

# %% tags=["exercise"]
progress("05")

# %% [markdown]
# Now choose; each choice opens to a reason.
#
# **Question.** You multiply every vector by 5. In another copy you add 5 to every number of every vector. Which of the two still gives the same neighbors?
#
# <details><summary>a) Both.</summary>No: adding the same to all turns them towards one direction, and the cosines change.</details>
# <details><summary>b) The multiplied ones alone.</summary>Right: the cosine ignores lengths, and multiplying changes nothing else.</details>
# <details><summary>c) Neither.</summary>No: multiplying leaves every direction as it was, and the cosine asks for directions only.</details>

# %% [markdown]
# **Question.** *higher* and *lower* are the nearest words of each other. What does that show?
#
# <details><summary>a) That the training was too short.</summary>No: they keep the same company in this text, and longer training cannot change that.</details>
# <details><summary>b) That one of the two is too rare.</summary>No: both are seen more than 400 times, which is a lot in this text.</details>
# <details><summary>c) That opposites stand in the same kind of sentence.</summary>Right: these vectors know use, not truth. "Shares closed … in heavy trading" takes both.</details>

# %% [markdown]
# One question to think about: multiplied out, the dot product of two sums, $(\mathbf{v}_a + \mathbf{u}_a)^\top (\mathbf{v}_b + \mathbf{u}_b)$, has four terms. What does each say of *a* and *b*? Which of them did training work on?
#
# <details><summary>Answer</summary>
#
# $\mathbf{v}_a^\top \mathbf{v}_b$ is large if both have like contexts, $\mathbf{u}_a^\top \mathbf{u}_b$ if both are contexts of like centers. $\mathbf{v}_a^\top \mathbf{u}_b$ and $\mathbf{u}_a^\top \mathbf{v}_b$ are the scores of the pairs (*a*, *b*) and (*b*, *a*). Training worked on these scores alone; the other two followed from it.
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
# - The source prints *tandem, microprocessor, drives* for *chip*; other draws, other neighbors.
#
# ## Further reading
#
# - T. Mikolov, W. Yih, G. Zweig, *Linguistic Regularities in Continuous Space Word Representations*, 2013: analogies.
# - T. Linzen, *Issues in Evaluating Semantic Spaces Using Word Analogies*, 2016: why leaving out the inputs matters so much.
# - J. Devlin and others, *BERT*, 2019: what came after.
#
# Next: [06 · Judge the vectors](06_judge_the_vectors.ipynb)
