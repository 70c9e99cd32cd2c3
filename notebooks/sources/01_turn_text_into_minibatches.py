# %% [markdown]
# # 01 · Turn text into minibatches
#
# **What you'll do.** Follow one sentence from the newspaper into the arrays that a model is trained on.
#
# **What you'll be able to do.** Explain vocabulary, subsampling, context windows, noise words, padding and mask, and load the whole corpus with one call.
#
# **What you need.** Basic NumPy (arrays, shapes, indexing).
#
# **Time.** 30 minutes, and 10 for the exercises.

# %%
from itertools import islice

import numpy as np

from w2v_lesson import Vocab, check, figures, load_data_ptb, progress, read_ptb
from w2v_lesson import minibatches, sampling
from w2v_lesson.widgets import text

seeds = sampling.derive_seeds(0)  # seeds of the package's random draws

# %% [markdown]
# ## Read the text
#
# The [**corpus**](glossary.md#corpus), the text to learn from, comes with the installation: nothing is downloaded. It was prepared for language research: lower case, no punctuation, every number written `N`.

# %%
sentences = read_ptb("train")
print(f"{len(sentences):,} sentences, {sum(map(len, sentences)):,} words")
line = sentences[1069]
print(" ".join(line))

# %% [markdown]
# ## Number the words
#
# A model computes with numbers, so each word gets an index. The [**vocabulary**](glossary.md#vocabulary) holds the list. Words seen fewer than ten times share one entry, `<unk>` for *unknown*: there is too little to learn about each of them. (The text as published uses `<unk>` already for words even rarer.)
#
# **Predict.** How many different words occur ten times or more: hundreds, thousands, tens of thousands?

# %%
vocab = Vocab(sentences, min_freq=10)
print(f"{len(vocab):,} words, among them {vocab.to_tokens([0, 1, 2])}")
print("chip has index", vocab["chip"], "and was seen", vocab.counts[vocab["chip"]], "times")
print("an unlisted word gets", vocab["smartphone"], "which is", vocab.to_tokens(vocab.unk))

# %% [markdown]
# From here on the corpus is two arrays: the index of each word, and the number of the sentence it stands in. Unknown words are dropped, since they say nothing about their neighbors.

# %%
ids, sentence_of = minibatches.index_corpus(sentences, vocab)
print(ids[:8], sentence_of[:8])
print(f"{len(ids):,} of {sum(map(len, sentences)):,} words are left")
known = [word for word in line if word in vocab]
print("our sentence:", " ".join(known))

# %% [markdown]
# Our sentence has lost *slack*, which is seen fewer than ten times in the whole text.

# %% [markdown]
# ## Drop some of the frequent words
#
# *the* is a neighbor of nearly everything and so tells little about anything. [**Subsampling**](glossary.md#subsampling) drops each occurrence of a word at random; a word $w$ with the share $f(w)$ of all words is kept with the probability
#
# $$ P(\text{keep } w) = \min\left(1, \sqrt{t / f(w)}\right), \qquad t = 10^{-4}. $$
#
# A word rarer than the threshold $t$ is always kept.
#
# **Predict.** *the* makes up about 6% of the words. How many of 100 occurrences stay?


# %%
...  ### INSERT w2v_lesson.sampling.keep_probability


# %%
counts = vocab.counts.copy()
counts[vocab.unk] = 0
keep = keep_probability(counts)
for word in ["the", "company", "bank", "chip"]:
    print(f"{word}: seen {counts[vocab[word]]:,} times, kept {keep[vocab[word]]:.1%}")

# %%
marked = {word: vocab[word] for word in ["the", "company", "bank", "chip"]}
figures.show(
    figures.keep_curve(counts / counts.sum(), keep, marked),
    "Curve: the probability to be kept is 1 for rare words and falls for frequent ones.",
)

# %% [markdown]
# **What you should see.** A flat line at 1 for rare words, then a fall: the more frequent, the fewer stay. *chip* is safe, four of 100 *the* stay.
#
# Now one sentence. Each bar is the probability that this word survives. To decide, a random number between 0 and 1 is drawn for each word: the word stays if its number is below its probability.

# %%
keep_known = keep[vocab[known]]
numbers, kept = sampling.survival(keep_known, seeds[0])
said = [
    f"{word} {p:.2f} {'stays' if stays else 'dropped'}"
    for word, p, stays in zip(known, keep_known, kept)
]
figures.show(
    figures.survival_bars(known, keep_known, numbers),
    "Probability to be kept: " + ", ".join(said),
)

# %% [markdown]
# **What you should see.** The black ticks are the random numbers. A word whose tick is above its bar is dropped (orange, hatched, ×). *chip*, *facing* and *traditionally* have a bar of height 1 and stay for sure, whatever is drawn. *a* hardly ever stays.
#
# The slider moves the threshold $t$; the random numbers stay as they are. **Predict.** Which way must it go to keep more words? Which word comes back last?

# %%
text.subsampling(known, vocab, keep_probability, seeds[0])

# %% [markdown]
# A larger $t$ moves the fall of the curve to the right, and words come back; none is lost. The most frequent word, *a*, waits longest. At the left end no word is left.
#
# The same for the whole corpus, where a sentence with only one word left is dropped too:

# %%
kept_ids, kept_sentence_of = sampling.subsample(ids, sentence_of, keep, seeds[0])
the = vocab["the"]
print(f"{len(ids):,} words before, {len(kept_ids):,} after")
print(f"'the': {(ids == the).sum():,} before, {(kept_ids == the).sum():,} after")

# %% [markdown]
# ## Look through a window
#
# Now the idea of [**skip-gram**](glossary.md#skip-gram): take each word in turn as the [**center**](glossary.md#center) word; the words around it are its [**contexts**](glossary.md#context). How far around? For each center a window size is drawn between 1 and `max_window_size`, so that nearer words are contexts more often than farther ones. A window ends at the end of its sentence.


# %%
def window(line, center, size):
    first, last = max(0, center - size), min(len(line) - 1, center + size)
    return [i for i in range(first, last + 1) if i != center]


# %%
toy = ["u.s.", "chip", "makers", "facing", "slack", "demand"]
rng = np.random.default_rng(1)
for center in range(len(toy)):
    contexts = window(toy, center, size=rng.integers(1, 2, endpoint=True))
    print(f"{toy[center]:>7} ←", [toy[i] for i in contexts])

# %% [markdown]
# Every word is a center once. The number of contexts differs from center to center: remember this, padding and mask will come from it.
#
# The package draws all windows of the corpus at once, in compiled code: for each word, how many words to its left and to its right are contexts. Are these the windows of our function? Take the words of the first hundred sentences:

# %%
left, right = sampling.draw_windows(kept_sentence_of, 5, seeds[1])
same = []
for number in range(100):
    words = np.flatnonzero(kept_sentence_of == number)  # their places in the corpus
    for center, place in enumerate(words):
        contexts = window(words, center, max(left[place], right[place]))
        same.append(len(contexts) == left[place] + right[place])
print(f"{sum(same)} of {len(same)} windows are the same, sizes 1 to {max(left)}")

# %% [markdown]
# ## Draw noise words
#
# A pair (center, context) taken from the text is a **positive** example. A model that sees only positives learns to say yes to everything. So for each context we draw $K$ [**noise words**](glossary.md#noise-word) at random: pairs (center, noise word) are **negative** examples. This is [**negative sampling**](glossary.md#negative-sampling).
#
# Noise words are drawn with probability proportional to count$^{0.75}$: between "every word alike" (exponent 0) and "as in the text" (exponent 1).


# %%
...  ### INSERT w2v_lesson.sampling.noise_weights


# %%
for word in ["the", "chip"]:
    i = vocab[word]
    print(word, [f"{noise_weights(counts, e)[i]:.3%}" for e in (0, 0.75, 1)])

# %% [markdown]
# With 0.75, *the* is drawn less often than it occurs and *chip* more often.

# %%
curves = {f"exponent {e}": noise_weights(counts, e) for e in (0, 0.75, 1)}
figures.show(
    figures.noise_curves(counts, curves),
    "Curves of the noise probability by rank: flat for exponent 0, steepest for 1.",
)

# %% [markdown]
# **What you should see.** Both scales are logarithmic. Exponent 0 is a flat line; 0.75 lies between it and the distribution of the text itself.
#
# The slider takes the exponents in between. **Predict.** As it falls from 1 to 0, which of *the* and *chip* is drawn more often than before? Does that word gain all the way?

# %%
text.noise_exponent(marked, vocab, noise_weights)

# %% [markdown]
# *the* loses with every step: at 0.75 it is drawn a third as often as it occurs. *chip* gains, 1.8 times its share at 0.75 and 2.7 times at 0.2. Below that it loses a little to words that are rarer still.
#
# A draw that happens to be a context of the same center is drawn again: a word cannot be both.


# %%
def draw_noise_words(contexts, num_noise_words, weights, rng):
    noise = []
    while len(noise) < len(contexts) * num_noise_words:
        word = rng.choice(len(weights), p=weights)
        if word not in contexts:
            noise.append(word)
    return noise


# %%
contexts = [vocab["u.s."], vocab["makers"]]
noise = draw_noise_words(contexts, 5, noise_weights(counts), np.random.default_rng(3))
print(vocab.to_tokens(noise))

# %% [markdown]
# This is easy to read, and too slow for seven million noise words: each draw goes through the whole list of weights. The package draws from the same distribution with two look-ups (the *alias method*), in compiled code.

# %%
figures.show(
    figures.window(toy, 1, [0, 2], vocab.to_tokens(noise)),
    "The center chip, its contexts u.s. and makers, and below ten noise words.",
)

# %% [markdown]
# **What you should see.** The center *chip* in orange, its two contexts in blue, and $2 \cdot K = 10$ noise words in green. They came by chance and have nothing to do with chips, which is the point.
#
# Now with the package's own draws, for our sentence, as if no word were dropped, with windows of up to 5 words. Click a word: it becomes the center (bold, solid frame) and shows its contexts (dashed frame) and the noise words of each. **Predict.** Which words can have ten contexts? Draw again a few times: which contexts of a word are there most often?

# %%
text.WindowDraws(known, vocab, center=known.index("chip"))

# %% [markdown]
# Only *continued* and *demand* have five words on both sides. The nearest words are contexts in every draw, those at distance 5 in one draw of five on average.
#
# ## Pack a minibatch
#
# A [**minibatch**](glossary.md#minibatch) is a handful of examples that are computed together. Each row is one center with its contexts and noise words. Rows differ in length, an array cannot; so short rows get [**padding**](glossary.md#padding) (zeros), and a [**mask**](glossary.md#mask) remembers which cells are real.
#
# Two examples, with $K = 1$ noise word for each context: center 1 with the contexts 3 and 4 and the noise words 5 and 6; center 2 with the context 7 and the noise word 8. Before padding, the package keeps them end to end in one array, `others`, and remembers where each starts.

# %%
examples = sampling.Examples(
    centers=np.array([1, 2]),
    others=np.array([3, 4, 5, 6, 7, 8]),
    starts=np.array([0, 4, 6]),
    num_contexts=np.array([2, 1]),
)
batch = minibatches.make_batch(examples)
for name, array in batch._asdict().items():
    print(name, array.shape, array.astype(int).tolist())

# %% [markdown]
# Read the second rows: center 2; context 7, noise word 8, two cells of padding. So the mask ends in two zeros, and the [**label**](glossary.md#label) is 1 for the context alone. Contexts come first, then noise words, then padding.
#
# ## The whole corpus in one call

# %%
data_iter, vocab = load_data_ptb(batch_size=512, max_window_size=5, num_noise_words=5)
print(f"{len(data_iter)} minibatches")
for batch in data_iter:
    print({name: array.shape for name, array in batch._asdict().items()})
    break

# %% [markdown]
# 512 centers in a batch. The rows are as long as the longest: contexts and five times as many noise words.
#
# **Predict.** If centers come in random order, what share of all cells is padding? A window of 5 holds up to 10 contexts, hence rows of up to 60 cells; but on average a center has 4.4 contexts.


# %%
def padded_share(data_iter):
    batches = list(data_iter)
    cells = sum(batch.masks.size for batch in batches)
    return 1 - sum(float(batch.masks.sum()) for batch in batches) / cells


# %%
mixed, _ = load_data_ptb(512, 5, 5, vocab=vocab, group_by_length=False)
print(f"random order: {padded_share(mixed):.0%} padding")
print(f"like lengths together: {padded_share(data_iter):.1%} padding")

# %% [markdown]
# More than half of the work would go into zeros. Grouping rows of like length avoids nearly all of it. The batches still come in random order.


# %%
def first_batches(data_iter):
    return [
        (batch.masks.asnumpy(), batch.labels.asnumpy()) for batch in islice(data_iter, 10)
    ]


firsts = {
    "random order": first_batches(mixed),
    "like lengths together": first_batches(data_iter),
}

# %%
figures.show(
    figures.minibatches({title: batches[0] for title, batches in firsts.items()}),
    "Two minibatches as cells: the left mostly padding, the right with none.",
)

# %% [markdown]
# **What you should see.** Left, a ragged edge with gray padding to its right. Right, no gray: contexts, then noise words, in rows of equal length; where it is white there are no cells at all.
#
# The slider leafs through the first ten minibatches of both. **Predict.** Which side changes its width from one to the next?

# %%
text.leaf_minibatches(firsts)

# %% [markdown]
# The left stays as wide as its longest row, and more than half of it is padding. The right is as wide as its rows need, from one minibatch to the next another width.
#
# ## Once, or afresh?
#
# Subsampling, windows and noise words are drawn at random. Once for all epochs (an [**epoch**](glossary.md#epoch) is one pass over the corpus), or anew for each? With `redraw=True` the model never sees quite the same examples twice. Chapter 04 uses it.

# %%
afresh, _ = load_data_ptb(512, 5, 5, vocab=vocab, redraw=True)
for epoch in range(2):
    afresh.epoch = epoch
    print(f"epoch {epoch + 1}: {afresh.num_pairs:,} pairs", end=", ")
    print("first words kept:", vocab.to_tokens(afresh.words().ids[:4]))

# %% [markdown]
# ## Check yourself
#
# Put your answer in place of the three dots and run the cell; it tells you in words what is right or what went wrong. Solutions are in the notebook of the same name in the folder `solutions`.
#
# **1. Predict.** Another text has a million words, and $t = 10^{-4}$. Six of its words, how often each is seen, and the random number drawn for one occurrence of it:
#
# | word | seen | number |
# | --- | --- | --- |
# | the | 40,000 | 0.04 |
# | company | 10,000 | 0.30 |
# | share | 2,500 | 0.35 |
# | bank | 400 | 0.45 |
# | july | 100 | 0.97 |
# | chip | 25 | 0.99 |
#
# Which occurrences survive? No computer needed.
#
# <details><summary>Hint</summary>
#
# *share* makes up $f = 0.0025$ of the text, so $t / f = 0.04$. Take the square root and compare it with 0.35.
# </details>

# %% tags=["exercise"]
survivors = ["the", "bank", "july", "chip"]  ### SOLUTION
check("survivors", survivors)

# %% [markdown]
# **2. Write.** How many words does subsampling leave of a text, on average? `counts` is an array of how often each word of the vocabulary is seen. You may use `keep_probability` from above.
#
# <details><summary>Hint</summary>
#
# Of a word seen 200 times and kept with the probability 0.3, 60 occurrences are left on average.
# </details>


# %% tags=["exercise"]
def words_left(counts, threshold):
    ### BEGIN SOLUTION
    return np.sum(counts * keep_probability(counts, threshold))
    ### END SOLUTION


check("words_left", words_left, array=np.array)

# %% [markdown]
# **3. Write.** `window` above is given one sentence. But the corpus is one long array, and `sentence_of` says for each place which sentence it belongs to. Which places are contexts of the place `center`, up to `size` words away, and no farther than the sentence goes?
#
# <details><summary>Hint</summary>
#
# Begin with the places from `center - size` to `center + size` that exist in the array. Then two things must be left out.
# </details>


# %% tags=["exercise"]
def contexts_of(sentence_of, center, size):
    ### BEGIN SOLUTION
    first, last = max(0, center - size), min(len(sentence_of) - 1, center + size)
    return [
        place
        for place in range(first, last + 1)
        if place != center and sentence_of[place] == sentence_of[center]
    ]
    ### END SOLUTION


check("contexts_of", contexts_of, array=np.array)

# %% tags=["exercise"]
progress("01")

# %% [markdown]
# Now choose; each choice opens to a reason.
#
# **Question.** A center has three contexts, and $K = 5$. How long is its row before padding, and how many ones has its label?
#
# <details><summary>a) 8 cells, 3 ones.</summary>No: noise words are drawn for each context, so there are 3 · 5 of them.</details>
# <details><summary>b) 18 cells, 3 ones.</summary>Right: 3 contexts and 15 noise words; the label is 1 for the contexts alone.</details>
# <details><summary>c) 18 cells, 18 ones.</summary>No: that is the mask, which is 1 for every real pair. The label tells contexts from noise words.</details>

# %% [markdown]
# **Question.** Someone draws noise words with exponent 1, as often as they occur in the text. What changes most?
#
# <details><summary>a) Rare words are pushed away from nearly every center.</summary>No: with exponent 1 rare words are drawn even less often than with 0.75.</details>
# <details><summary>b) Nothing, the noise is random anyhow.</summary>No: the draws are random, but which words they favour is not.</details>
# <details><summary>c) More of the noise is made of the few most frequent words.</summary>Right: so the model mostly learns to tell contexts from words such as the and of.</details>

# %% [markdown]
# **Question.** Where must the padding be left out later, when a loss is computed from these arrays?
#
# <details><summary>a) Wherever contexts_negatives is 0.</summary>No: 0 is a word, too. Where it is a context or a noise word, its pair must count.</details>
# <details><summary>b) Wherever the mask is 0.</summary>Right: only the mask can tell a real word 0 from a cell that was filled up.</details>
# <details><summary>c) Wherever the label is 0.</summary>No: noise words have the label 0, and they are what the model learns to say no to.</details>

# %% [markdown]
# One to think about: why is `<unk>` never drawn as a noise word?
#
# <details><summary>Answer</summary>
#
# It stands for thousands of different words. Its vector would have no meaning, so it is neither center nor context nor noise.
# </details>
#
# ## Summary
#
# - Words become indices; rare ones share `<unk>`, which is dropped.
# - Subsampling thins out frequent words by $\sqrt{t / f}$.
# - Each center has a window of random size; $K$ noise words are drawn for each context, by count$^{0.75}$.
# - A minibatch is four arrays: `centers`, `contexts_negatives`, `masks`, `labels`.
#
# ## In practice
#
# The chapter that this lesson mirrors uses the same four arrays from `d2l.load_data_ptb`; ours has the same name and arguments. Four things differ:
#
# - **42,068 sentences.** d2l counts 42,069: the last one is an empty line.
# - **Every word can be noise.** d2l leaves out index 0, meaning `<unk>`; but its vocabulary is sorted by spelling, where index 0 is `#`. So `#` is never pushed away from anything.
# - **Grouping.** d2l's batches come in random order, more than half padding.
# - **Drawn once.** d2l draws windows and noise words once; `redraw=True` is our addition. `benchmarks/RESULTS.md` shows what it brings.
#
# ## Further reading
#
# - T. Mikolov and others, *Distributed Representations of Words and Phrases and their Compositionality*, 2013, sections 2.2 and 2.3: negative sampling and subsampling.
# - O. Levy, Y. Goldberg, I. Dagan, *Improving Distributional Similarity with Lessons Learned from Word Embeddings*, 2015: which of these choices matter.
#
# Next: [02 · Build two embeddings](02_build_two_embeddings.ipynb)
