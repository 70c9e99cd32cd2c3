# %% [markdown]
# # 06 · Ask the vectors
#
# In chapter 00 you asked the vectors for similar words without knowing how they work. Now you know: they were trained to tell which words appeared near each other in a newspaper, and words with similar company were pulled to the same place.
#
# So what do they know, and what don't they? In this chapter you write the search yourself, compare the two tables, try analogies, draw a map, and find out where it all goes wrong.
#
# **What you'll do.** Question the trained vectors, and look at the answers with a critical eye.
#
# **What you'll be able to do.** Write the search for similar words, choose between the center table, the context table, and their sum, and recognize the two main kinds of failure.
#
# **What you need.** Chapter 03 for the two tables. If there are no trained vectors on your disk yet, the first cell trains them in a few seconds.
#
# **Time.** 35 minutes, exercises included.

# %%
import numpy
from mxnet import np, npx
from numpy.linalg import norm, svd

from w2v_lesson import check, figures, progress, progress_bar, ptb_vectors
from w2v_lesson.widgets.wordmap import WordMap

npx.set_np()
vectors = ptb_vectors(watch=progress_bar)
vocab = vectors.vocab

# %% [markdown]
# ## Write the search
#
# Here is the center table of the vectors that the first cell loaded, in an embedding layer like the one that you trained in chapter 05.

# %%
from mxnet.gluon import nn

embed = nn.Embedding(*vectors.center.shape)
embed.initialize()
embed.weight.set_data(np.array(vectors.center))

# %% [markdown]
# The cosine similarity of two vectors is their dot product divided by the product of their lengths: $\frac{\mathbf{x}^\top \mathbf{w}}{\lVert\mathbf{x}\rVert \lVert\mathbf{w}\rVert}$. One matrix product computes the dot products with all words at once, we divide by the lengths, and `topk` picks the largest cosines. The word most similar to *chip* is of course *chip* itself, so we skip the first.


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
# `vectors.similar` does the same and returns a list. It also tells you how often each word occurs in the text, which matters more than it seems: a vector that was made from a dozen sightings may be little more than a rumor.

# %%
[(n.word, round(n.cosine, 3), n.count) for n in vectors.similar("chip", 3)]

# %% [markdown]
# ## Choose a table
#
# Training produced two vectors for each word. Two words have similar center vectors $\mathbf{v}$ if they have similar contexts. And they have similar context vectors $\mathbf{u}$ if they are contexts of similar centers. You can use either table, or add the two.
#
# A window looks both ways, so both tables learn from nearly the same pairs of words. But they start from different random numbers, and only context vectors are used for noise words.
#
# **Predict.** Will the tables give the same neighbors for *president*?

# %%
for table in ["center", "context", "sum"]:
    words = [n.word for n in vectors.similar("president", 5, table)]
    print(f"{table:>7}:", ", ".join(words))

# %% [markdown]
# They largely agree, but not entirely. The sum has a side effect. With it we compare $\mathbf{v}_a + \mathbf{u}_a$ with $\mathbf{v}_b + \mathbf{u}_b$, and the dot product of these two has four terms:
#
# $$ \mathbf{v}_a^\top \mathbf{v}_b + \mathbf{u}_a^\top \mathbf{u}_b + \mathbf{v}_a^\top \mathbf{u}_b + \mathbf{u}_a^\top \mathbf{v}_b. $$
#
# The last two are the model's own scores for "*a* and *b* appeared near each other." So with the sum, words that appear *near* each other move up compared with the center table, such as *vice* and *president*:

# %%
for table in ["center", "context", "sum"]:
    words = [n.word for n in vectors.similar("president", 20, table)]
    print(f"{table:>7}: vice is neighbor number {words.index('vice') + 1} of president")

# %% [markdown]
# As chapter 04 warned, having similar contexts and being contexts of each other are two different things. The center table mostly shows the first, and the sum mixes in the second. So as a rule of thumb, take the center table to look for words that are used in the same way, and the sum to look for words on the same topic. (*dan* is in the center list, too, because in "vice president dan quayle" all these words stand side by side, so they share the words around them, like *oil* and *gas* in chapter 04.) Now compare the two tables yourself, for any word:

# %%
from w2v_lesson import Explorer

lists = {table: vectors.similar("president", 8, table) for table in ["center", "context"]}
both = [n.word for n in lists["center"] if n.word in [m.word for m in lists["context"]]]
figures.show(
    figures.compare_neighbors(lists),
    "Words nearest to president in each table; in both: " + ", ".join(both),
)
Explorer(vectors, "president", k=8, compare="context table")

# %% [markdown]
# **What you should see.** Words that appear in both lists are blue and marked with a dot, and the others are orange. Try *july*, *strike*, and *king*. The tables agree better on frequent words than on rare ones.
#
# ## Try analogies
#
# "*japan* is to *japanese* as *germany* is to …?" Such a question is called an [**analogy**](glossary.md#analogy). Suppose that the step from a country to its adjective were the same for every country. Then $\mathbf{v}_\text{japanese} - \mathbf{v}_\text{japan} + \mathbf{v}_\text{germany}$ would end up near the answer. (All vectors are scaled to length 1 first, and the three words of the question are left out of the answers, because the result is usually still closest to one of them.)

# %%
for neighbor in vectors.analogy("japan", "japanese", "germany", 3):
    print(f"{neighbor.cosine:.2f} {neighbor.word}")

# %% [markdown]
# It works. It also works for money:

# %%
answers = vectors.analogy("japan", "yen", "germany", 5)
figures.show(
    figures.neighbor_bars("yen − japan + germany", answers),
    "Bars: answers to the analogy, " + ", ".join(n.word for n in answers),
)

# %% [markdown]
# **What you should see.** *marks*, the German currency of the time, leads by a wide margin. The others are words of the same news.
#
# Now the most famous analogy of all: *man* is to *king* as *woman* is to …?
#
# **Predict.** Will the answer be *queen*?

# %% tags=["route-50-queen"]
from w2v_lesson import read_ptb

print([n.word for n in vectors.analogy("man", "king", "woman", 3)])
print("queen occurs", sum(line.count("queen") for line in read_ptb()), "times")
print("near king:", [n.word for n in vectors.similar("king", 4)])

# %% [markdown]
# The answer can't be *queen*, because that word occurs only seven times in this newspaper and so isn't in the vocabulary. And the *king* in this newspaper sells hamburgers: the nearest word is *burger*. Larger texts do give $\mathbf{v}_\text{king} - \mathbf{v}_\text{man} + \mathbf{v}_\text{woman} \approx \mathbf{v}_\text{queen}$, at least if you leave the three words of the question out.
#
# Ask some analogies of your own. Click on an example, or type three words. **Predict.** What works best: grammar, geography, or money?

# %%
from w2v_lesson.widgets.analogies import Analogies

examples = [
    ("he", "his", "she"),
    ("is", "are", "was"),
    ("rise", "rose", "fall"),
    ("france", "paris", "japan"),
    ("japan", "yen", "britain"),
]
Analogies(vectors, "japan", "yen", "germany", examples)

# %% [markdown]
# Here are the answers to all five examples:

# %%
for a, b, c in examples:
    answer = vectors.analogy(a, b, c, 1)[0].word
    print(f"{a:>6} is to {b:>5} as {c:>7} is to {answer}")

# %% [markdown]
# Grammar works best: you get the right form of the verb, or at least a verb in the past tense. If you ask for the capital of *japan*, you get a city, but a European one. And the currency of *britain* comes out as *marks* again, instead of *pounds*. Here the vectors know what *kind* of word you want, but not which one.
#
# ## Draw a map
#
# Nobody can draw a hundred dimensions. [**Principal component analysis**](glossary.md#principal-component-analysis) (PCA) finds the two directions along which the words of a set differ most from one another, and the map shows only those. We use the sum of both tables here, because words that appear near each other, such as *oil* and *drilling*, should be close on a map of topics.

# %%
groups = {
    "months": "january march june july august october december",
    "countries": "japan germany france britain canada italy",
    "family": "father mother son wife husband daughter",
    "computing": "chip computer software ibm microprocessor intel",
    "energy": "oil gas crude pipeline drilling barrels",
}
words = [word for group in groups.values() for word in group.split()]
names = [name for name, group in groups.items() for word in group.split()]
# Scaled to length 1, because the cosine ignores lengths.
X = vectors.directions(words, "sum")

# %% [markdown]
# First we subtract the mean, so that only the differences between the words remain. Then a [**singular value decomposition**](glossary.md#singular-value-decomposition) (SVD) returns directions at right angles to each other, sorted by how much the words differ along them. It also returns a list of numbers, `S`, one for each direction. The square of each number says how much the words differ along its direction. Divided by the sum of all the squares, it gives the share of that direction in the **variance**, the total spread of the words. (A direction and its opposite are equally good, so `svd` may return either one, depending on the computer. `copysign` picks the one whose numbers have a positive sum, so that everybody gets the same map.)


# %%
from numpy import copysign

...  ### INSERT w2v_lesson.vectors.principal_components


# %%
axes, explained = principal_components(X)
points = (X - X.mean(axis=0)) @ axes.T  # (words, 2)
print(f"these two directions account for {explained.sum():.0%} of the variance")

# %%
figures.show(
    figures.word_map(words, points, names, explained),
    "Map of words. Family and computing form groups of their own, energy lies below the "
    "months, and months and countries lie together.",
)

# %% [markdown]
# **What you should see.** Family and computing form groups of their own, energy lies below the months, and months and countries overlap. Nobody told the model that there are any groups. But keep in mind that most of the variance is *not* on this map, so two words that look close here may be far apart.
#
# **Predict.** On this map, the words closest to *japan* are *france*, *barrels*, and *december*. Which of the words on the map are its nearest neighbors in all hundred dimensions?

# %%
cosines = X @ X[words.index("japan")]  # X has rows of length 1
nearest = numpy.argsort(-cosines)[1:4]  # without japan itself
print([words[i] for i in nearest])

# %% [markdown]
# Countries only, and none of the three from the map. To find out what is near, ask the cosine. A map only gives a first impression, and it can hide a difference, as it does here for months and countries.
#
# The next map is yours, and the faint dots are all the other words of the vocabulary. Zoom with the wheel or the buttons, and drag the map. Click on a word, and lines connect it to its nearest neighbors, measured in all hundred dimensions. Point at another word to read its cosine with the first one. To draw other words, type them into the field, for example `drinks: tea wine beer; money: dollar yen`.

# %%
text = "; ".join(f"{name}: {group}" for name, group in groups.items())
WordMap(vectors, text, table="sum")

# %% [markdown] tags=["route-50-failures"]
# ## Find where it fails
#
# Most failures have one of two causes. You have already met the first one: **the newspaper uses a word in its own way.**

# %% tags=["route-50-failures"]
for word in ["king", "apple", "wall"]:
    print(f"{word}: {', '.join(n.word for n in vectors.similar(word, 5))}")

# %% [markdown] tags=["route-50-failures"]
# Kings sell burgers, apples are computers, and a wall is half the name of a street. That isn't the model's mistake. It reports faithfully how the words are used in this text. The second cause is a lack of evidence: **rare words have not been seen often enough.**

# %% tags=["route-50-failures"]
for word in ["dog", "tea", "wine"]:
    found = ", ".join(n.word for n in vectors.similar(word, 5))
    print(f"{word}, seen {vocab.counts[vocab[word]]} times: {found}")

# %% [markdown] tags=["route-50-failures"]
# *wine*, seen 31 times, begins well. Most neighbors of *tea*, seen 14 times, and of *dog*, seen 11 times, make no sense. What would help is more text in which these words occur. Training for longer only repeats the same few sentences, and longer vectors bring no new evidence either. Being seen only a few times doesn't always mean failure: *microprocessor* was seen only 11 times as well, but in articles about the same few companies. You just can't count on it.

# %% [markdown]
# And a word that was seen fewer than ten times has no vector at all. The function in the original chapter answers even then: it silently takes the vector of `<unk>`, which was never trained, and prints its neighbors as if they meant something. Ours refuses.
#
# ## Look back
#
# This is the whole way from the newspaper to the neighbors. You may remember the pictures from chapter 00. **Predict.** Before you press *Next*, say what the next picture will show, and why that step is needed.

# %%
from w2v_lesson.widgets.journey import Journey

Journey()

# %% [markdown]
# **What you should see.** Centers are orange, contexts are blue, and noise words are green. Where an answer is compared with its label, an arrow goes from the answer to the label, and it is as long as the error. Near the end, *july* and *june* move as in chapter 04. Can you explain each step to a friend?
#
# 1. A sentence becomes **pairs** of words that appeared near each other, plus made-up pairs.
# 2. The pairs are **packed** into a rectangle, and a mask says what is real.
# 3. One row from each of the two **tables**: the dot product of the two rows is the score.
# 4. **Answer minus label** says how hard each pair pulls or pushes.
# 5. Step by step, words with **similar company** are pushed in the same direction.
# 6. So **neighbors** are words that keep similar company in this text. That is all they can tell you.
#
# ## Check yourself
#
# Replace the three dots with your answer and run the cell.
#
# **1. Predict.** What is the cosine similarity of $\mathbf{x} = (1, 1)$ and $\mathbf{w} = (3, 0)$? Two decimal places are enough.
#
# <details><summary>Hint</summary>
#
# Draw both. The dot product is 3, and the lengths are $\sqrt{2}$ and 3.
# </details>

# %% tags=["exercise"]
cosine_by_hand = 3 / (2**0.5 * 3)  ### SOLUTION
check("cosine_by_hand", cosine_by_hand)

# %% [markdown]
# **2. Write.** Return the cosine similarity of two words. `vectors` is a dictionary that gives the vector of each word as a NumPy array. If one of the words has no vector, return `None`. The dictionary may contain `<unk>`, which was never trained, so treat it as a word without a vector.
#
# <details><summary>Hint</summary>
#
# Check the words first, with `word in vectors`. Then `x @ w` is the dot product, and `norm(x)` is a length.
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
# **3. Write.** "`a` is to `b` as `c` is to …?" Again, `vectors` is a dictionary of NumPy arrays, but this time `<unk>` isn't in it. Return the word whose vector has the largest cosine with $\mathbf{v}_b - \mathbf{v}_a + \mathbf{v}_c$. To keep it short, don't scale the vectors first. Which words should you leave out, and why?
#
# <details><summary>Hint</summary>
#
# `max(words, key=…)` returns the word for which a function is largest. The words of the question should not be among `words`.
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
progress("06")

# %% [markdown]
# Now choose an answer. Each one opens and tells you why it is right or wrong.
#
# **Question.** In one copy of the vectors you multiply every number by 5. In another copy you add 5 to every number. Which copy still gives the same neighbors?
#
# <details><summary>a) Both.</summary>No. Adding the same number everywhere turns all vectors toward one direction, and the cosines change.</details>
# <details><summary>b) Only the one that was multiplied.</summary>Right. The cosine ignores lengths, and multiplying changes nothing else.</details>
# <details><summary>c) Neither.</summary>No. Multiplying leaves every direction as it was, and directions are all that the cosine compares.</details>

# %% [markdown]
# **Question.** *higher* and *lower* are each other's nearest words. What does that show?
#
# <details><summary>a) The training was too short.</summary>No. They keep the same company in this text, and longer training can't change that.</details>
# <details><summary>b) One of the two is too rare.</summary>No. Both occur more than 400 times, which is a lot in this text.</details>
# <details><summary>c) Opposites are used in the same kinds of sentences.</summary>Right. "Shares closed … in heavy trading" works with both. The vectors know in which sentences a word is used, but not that these two say opposite things.</details>
#
# ## Summary
#
# - **Skip-gram with negative sampling** trains two vectors for each word, by telling real pairs from made-up ones.
# - **It is cheap**, because each pair takes a single dot product, and there is no sum over the vocabulary.
# - **The result** is a vector for each word that knows how the word is used in this text, and nothing else. It is often useless for rare words, and it surprises you with words that this text uses in its own way.
#
# Word vectors like these are no longer the state of the art. Newer models, such as BERT, give a word a different vector in each sentence. But as input to small classifiers they are still useful, and there is no clearer example of how meaning can be learned from use.
#
# **Where to go from here.** This was the core of the lesson. [Chapter 07](07_judge_the_vectors.ipynb) measures how good these vectors are. [Chapter 08](08_use_the_vectors.ipynb) uses them. [Chapter 09](09_make_it_fast.ipynb) trains them in seconds and has a laboratory in which you can turn every knob. In [chapter 12](12_train_on_your_own_text.ipynb) you can train on a text of your own. And [chapter 13](13_where_it_leads.ipynb) shows what grew out of word2vec.
#
# ## In practice
#
# - Most people use the center table. Chapter 07 measures which choice agrees best with human judgment.
# - `get_analogy`, which *Dive into Deep Learning* prints in its section *Word Similarity and Analogy*, doesn't leave out the words of the question, and on this text one of them nearly always wins.
# - The original chapter prints *tandem*, *microprocessor*, and *drives* for *chip*. With different random draws, you get different neighbors.
#
# ## Further reading
#
# - T. Mikolov, W. Yih, G. Zweig, [*Linguistic Regularities in Continuous Space Word Representations*](https://aclanthology.org/N13-1090/), NAACL 2013. Where the analogies come from.
# - T. Linzen, [*Issues in Evaluating Semantic Spaces Using Word Analogies*](https://aclanthology.org/W16-2503/), RepEval 2016. Why leaving out the words of the question matters so much.
# - J. Devlin, M. Chang, K. Lee, K. Toutanova, [*BERT*](https://aclanthology.org/N19-1423/), NAACL 2019. What came after.
#
# Next: [07 · Judge the vectors](07_judge_the_vectors.ipynb)
