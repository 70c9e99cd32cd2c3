# %% [markdown]
# # 01 · Turn text into questions
#
# Here are two words. Did they appear near each other in the text, yes or no?
#
# That question is all we will ever ask our model. It sounds too simple to lead anywhere, but a model that answers it well has to know which words keep which company, and in chapter 00 you saw how much that is worth. There is also something practical about it: the text itself contains the answers. Nobody has to label anything.
#
# In this chapter you turn one sentence of the newspaper into such questions, together with their answers. Then you do it for the whole text.
#
# **What you'll do.** Follow a real sentence from raw text to a list of word pairs, each with the answer yes or no.
#
# **What you'll be able to do.** Explain what a vocabulary is, why frequent words are thinned out, how the window works, and what noise words are for.
#
# **What you need.** Basic NumPy: arrays and indexing.
#
# **Time.** 35 minutes, exercises included.

# %%
import numpy as np

from w2v_lesson import Vocab, check, figures, progress, read_ptb, sampling
from w2v_lesson.vocabulary import index_corpus, known_counts
from w2v_lesson.widgets import text

# %% [markdown] tags=["route-50-game"]
# ## Play the game
#
# This is the text that we learn from, our [**corpus**](glossary.md#corpus): almost 900,000 words from the newspaper, in the form in which researchers have used it for decades: lower case, almost no punctuation, and every number written as `N`. It comes with the installation, so nothing is downloaded.

# %% tags=["route-50-game"]
sentences = read_ptb("train")
print(f"{len(sentences):,} sentences, {sum(map(len, sentences)):,} words")
line = sentences[1069]
print(" ".join(line))

# %% [markdown] tags=["route-50-game"]
# That sentence will be with us for four chapters. But first play three rounds yourself. "Near" means at most five words apart in the same sentence.
#
# **Predict.** Were these words ever near each other in the whole text? *chip* and *makers*, *chip* and *mother*, *july* and *june*. For each pair, guess yes or no, and if yes, how often.


# %% tags=["route-50-game"]
def times_near(a, b, reach=5):
    found = 0
    for line in sentences:
        for i, word in enumerate(line):
            if word == a:
                found += line[max(0, i - reach) : i + reach + 1].count(b)
    return found


for a, b in [("chip", "makers"), ("chip", "mother"), ("july", "june")]:
    print(f"{a} and {b}: {times_near(a, b)}")

# %% [markdown]
# Did the last one surprise you? *july* occurs 191 times and *june* 174 times, and yet they were near each other only once. Keep that in mind. If you type *july* into the explorer of chapter 00, you will see that *june* is its nearest neighbor. How the model finds out that they belong together is a riddle that chapter 04 will solve.
#
# ## Number the words
#
# For a computer to play this game, words have to become numbers. As chapter 00 said, such numbers mean nothing by themselves. They only say which word is which, so that the model can look up its vector. The list of all words, with a number for each, is called the [**vocabulary**](glossary.md#vocabulary). Words that occur fewer than ten times share one entry, `<unk>` for *unknown*, because there is too little to learn about each of them.
#
# **Predict.** How many different words occur ten times or more: hundreds, thousands, or tens of thousands?

# %%
vocab = Vocab(sentences, min_freq=10)
print(f"{len(vocab):,} words")
print(
    "chip has the index", vocab["chip"], "and occurs", vocab.counts[vocab["chip"]], "times"
)
print("our sentence:", vocab[line])

# %% [markdown]
# The 26 in the middle is the index of `<unk>`. It stands for *slack*, which occurs fewer than ten times. From here on we leave such words out, since "unknown" says nothing about its neighbors.
#
# The whole text then becomes two long arrays. `ids` holds the index of each word, and `sentence_of` holds the number of the sentence that it belongs to. (The first sentence, number 0, consists of rare words only, so it is gone.)

# %%
ids, sentence_of = index_corpus(sentences, vocab)
print(ids[:8], sentence_of[:8])
place = np.flatnonzero(sentence_of == 1069)  # where our sentence is
known = vocab.to_tokens(ids[place])
print("our sentence:", " ".join(known))

# %% [markdown]
# ## Thin out the frequent words
#
# *the* makes up 6% of the text. It is near everything, so being near *the* tells you almost nothing about a word. If we kept all of it, a large part of the questions would be about *the*, *of*, and *to*.
#
# [**Subsampling**](glossary.md#subsampling) therefore drops some occurrences of frequent words at random. If a word $w$ makes up the share $f(w)$ of the text, each of its occurrences is kept with probability
#
# $$ P(\text{keep } w) = \min\left(1, \sqrt{t / f(w)}\right), \qquad t = 10^{-4}. $$
#
# A word that is rarer than one in ten thousand is always kept, because its fraction $t/f$ is at least 1. The more frequent a word is beyond that, the smaller its chance of staying. Both the square root and the threshold $t$ were found by trial.
#
# **Predict.** Out of 100 occurrences of *the*, how many stay?


# %%
...  ### INSERT w2v_lesson.sampling.keep_probability


# %%
counts = known_counts(vocab)  # how often each word occurs, 0 for <unk>
keep = keep_probability(counts)
for word in ["the", "company", "bank", "chip"]:
    print(
        f"{word}: occurs {counts[vocab[word]]:,} times, kept with p = {keep[vocab[word]]:.2f}"
    )

# %%
marked = {word: vocab[word] for word in ["the", "company", "bank", "chip"]}
figures.show(
    figures.keep_curve(counts / counts.sum(), keep, marked),
    "Curve: the keep probability is 1 for rare words and falls for frequent ones. "
    "chip is at 1, bank at 0.31, company at 0.17, the at 0.04.",
)

# %% [markdown]
# **What you should see.** Rare words are on the flat part at the left and always stay. Out of a hundred occurrences of *the*, only about four stay.
#
# Now our sentence. For each word we draw a random number between 0 and 1, and the word stays if its number is below its keep probability.
#
# The slider changes the threshold $t$, and the random numbers stay the same. **Predict.** In which direction do you have to move it to keep more words?

# %%
keys = sampling.derive_seeds(0, 0, 0, 0)  # for the draws of the first pass over the text
text.subsampling(known, vocab, keep_probability, keys[0], first=place[0])

# %% [markdown]
# **What you should see.** The bars are keep probabilities and the ticks are the random numbers. A word stays if its bar reaches its tick; a word that is dropped is orange and marked with ×. This time *u.s.*, *makers*, and *a* are dropped. *are* is lucky.
#
# A larger threshold keeps more words.
#
# We drop words *before* we look for neighbors, and that has a nice side effect: the words that remain move closer together. *demand* and *slow* were four words apart, and now they are three words apart. So if we look a fixed number of words to each side, we now see farther, because words that say little no longer take up room.
#
# Here is the whole text before and after. (It starts from 820,056 words and not from the 887,521 above, because the unknown words are already gone.)

# %% tags=["route-50-pairs"]
kept_ids, kept_sentence_of = sampling.subsample(ids, sentence_of, keep, keys[0])
rows = np.flatnonzero(kept_sentence_of == 1069)
sentence = vocab.to_tokens(kept_ids[rows])
print(f"{len(ids):,} words before, {len(kept_ids):,} after")
print("our sentence:", " ".join(sentence))

# %% [markdown] tags=["route-50-pairs"]
# From now on, this is our sentence: nine words.
#
# ## Collect the pairs with the answer yes
#
# Take each word in turn as the [**center**](glossary.md#center). The words around it are its [**contexts**](glossary.md#context), and each pair of a center and one of its contexts is a pair for which the answer is yes. Predicting the surroundings from the word in the middle is the idea called [**skip-gram**](glossary.md#skip-gram).
#
# How far do the surroundings reach? We draw the size of the window anew for each center, from 1 to 5. That way, the word next to the center is always a context, while a word at distance 5 is a context only one time in five. Nearby words count more, and no extra formula is needed.


# %% tags=["route-50-pairs"]
def window(line, center, size):
    first, last = max(0, center - size), min(len(line) - 1, center + size)
    return [i for i in range(first, last + 1) if i != center]


# %% tags=["route-50-pairs"]
# how many contexts on each side, as far as the sentence has so many
left, right = sampling.draw_windows(kept_sentence_of, 5, keys[1])
sizes = np.maximum(left, right)[rows]
for center, size in enumerate(sizes):
    contexts = [sentence[i] for i in window(sentence, center, size)]
    print(f"{sentence[center]:>13}: {', '.join(contexts)}")

# %% [markdown] tags=["route-50-pairs"]
# Every word is the center once. *summer* has one context and *demand* has eight, a difference that will keep us busy in chapter 02. *chip* has two: *are* and *facing*.
#
# ## Add pairs with the answer no
#
# Imagine a quiz in which every correct answer is yes. You would soon stop reading the questions. A model is no different: if it only ever sees pairs with the answer yes, it learns to say yes to everything. So it also needs pairs with the answer no.
#
# The text doesn't contain those, so we make them up. For each context we draw $K = 5$ [**noise words**](glossary.md#noise-word) at random from the vocabulary, and pair them with the center. That is [**negative sampling**](glossary.md#negative-sampling), because pairs with the answer no are called *negative*, and those with the answer yes *positive*.


# %%
def draw_noise_words(contexts, num_noise_words, weights, rng):
    noise = []
    while len(noise) < len(contexts) * num_noise_words:
        word = rng.choice(len(weights), p=weights)
        if word not in contexts:
            noise.append(word)
    return noise


# %% [markdown]
# If a draw happens to be one of the contexts at hand, we draw again, so that a pair is not yes and no at the same time. (It may well be a yes in some other sentence. The model then weighs the yeses against the noes.)
#
# This function is easy to read but too slow for seven million noise words. The package does the same in compiled code, with `weights` that we choose below. Here is what it draws for our sentence:

# %% tags=["route-50-noise"]
words = sampling.Words(kept_ids, left, right)
tables = sampling.noise_tables(sampling.noise_weights(counts))
examples = sampling.draw_examples(words, rows, 5, tables, keys[2])
others = vocab.to_tokens(examples.others[: examples.starts[1]])
contexts, noise = others[:2], others[2:]
print("center:", sentence[0])
print("contexts:", contexts)
print("noise words:", noise)

# %% tags=["route-50-noise"]
figures.show(
    figures.questions(sentence, 0, [1, 2], noise),
    "The sentence with a window over chip, are, facing. Below it the table of questions: chip "
    "and are, yes; chip and facing, yes; then chip with each of ten noise words, no.",
)

# %% [markdown] tags=["route-50-noise"]
# **What you should see.** The center *chip* in orange, its two contexts in blue, and the questions that come out of them: two with the answer yes, and ten with noise words, in green, and the answer no. The noise words were drawn without looking at *chip*, so most of them have nothing to do with it. That is what we need.
#
# In the figure below, any word can be the center. **Predict.** Which words will have the most contexts? Then click on some words, and draw again a few times.

# %% tags=["route-50-noise"]
text.WindowDraws(sentence, vocab, center=0)

# %% [markdown]
# Words in the middle have the most contexts, on average.
#
# ## Choose the noise words well
#
# With what probability should a word be drawn as noise? You could treat all words alike, or draw them as often as they occur in the text. **word2vec**, the method that this lesson teaches, uses something in between: it draws words in proportion to $\text{count}^{3/4}$. Don't look for a deep reason. Its inventors tried several exponents, and this one worked best.


# %%
...  ### INSERT w2v_lesson.sampling.noise_weights


# %% [markdown]
# **Predict.** Compared with how often it occurs, is *the* drawn more often or less often as a noise word? And *chip*?

# %%
share = np.bincount(kept_ids, minlength=len(vocab)) / len(kept_ids)
noise_share = noise_weights(counts)
print("             before   after subsampling   noise words")
for word in ["the", "company", "chip"]:
    i = vocab[word]
    print(
        f"{word:>8} {counts[i] / counts.sum():10.3%} {share[i]:15.3%} {noise_share[i]:16.3%}"
    )

# %% [markdown]
# It depends on what you compare with. Compared with the text before subsampling, *the* is drawn less often: 2% instead of 6%. But the model never sees that text. After subsampling, *the* makes up only 0.6% of the words, so its share of the noise words is more than three times its share of the words that are left. For *chip* it is the other way around: it is drawn more often than it occurs before subsampling, and a little less often than after it.
#
# The slider changes the exponent. **Predict.** As you move it from 1 toward 0, what happens to *the*, and what happens to *chip*?

# %%
text.noise_exponent({word: vocab[word] for word in ["the", "chip"]}, vocab, noise_weights)

# %% [markdown]
# **What you should see.** With exponent 0 all words have the same probability, and with exponent 1 every word is drawn in proportion to how often it occurs. The curve for 3/4 falls too, but less steeply. As the exponent goes from 1 to 0, the share of *the*, the word at rank 1, shrinks steadily. *chip* gains, because whatever the frequent words lose is spread over the many rare ones.
#
# And why $K = 5$? With more noise words, each real pair is compared with more made-up ones, but every one of them costs time. The inventors recommend 5 to 20 for small texts. For large ones, which bring plenty of pairs anyway, 2 to 5 are enough.
#
# ## Count the questions
#
# One pass over the whole text is called an [**epoch**](glossary.md#epoch). How many questions is that?

# %% tags=["route-50-count"]
yes = int(left.sum() + right.sum())
print(f"{len(kept_ids):,} centers")
print(f"{yes:,} pairs with the answer yes, {5 * yes:,} with the answer no")

# %% [markdown]
# Nine million questions, and not one of them was labeled by hand. One in six has the answer yes. In the next chapter we pack them into arrays.
#
# ## Check yourself
#
# Replace the three dots with your answer and run the cell. It tells you in words what is right, or what went wrong. The folder `solutions` has a notebook of the same name with the answers.
#
# **1. Predict.** Another text has a million words, and $t = 10^{-4}$. Here are six of its words, how often each of them occurs, and the random number that was drawn for one of its occurrences:
#
# | word | occurs | number |
# | --- | --- | --- |
# | the | 40,000 | 0.04 |
# | company | 10,000 | 0.30 |
# | share | 2,500 | 0.35 |
# | bank | 400 | 0.45 |
# | july | 100 | 0.97 |
# | chip | 25 | 0.99 |
#
# Which of these occurrences stay? Give a list of words, such as `["the", "bank"]`. You can do it without a computer.
#
# <details><summary>Hint</summary>
#
# *share* makes up $f = 0.0025$ of the text, so $t / f = 0.04$. Take the square root and compare it with 0.35.
# </details>

# %% tags=["exercise"]
survivors = ["the", "bank", "july", "chip"]  ### SOLUTION
check("survivors", survivors)

# %% [markdown]
# **2. Write.** How many words of a text does subsampling leave on average? `counts` is an array that says how often each word occurs. You may use `keep_probability` from above.
#
# <details><summary>Hint</summary>
#
# If a word occurs 200 times and is kept with probability 0.3, then 60 of its occurrences are left on average.
# </details>


# %% tags=["exercise"]
def words_left(counts, threshold):
    ### BEGIN SOLUTION
    return np.sum(counts * keep_probability(counts, threshold))
    ### END SOLUTION


check("words_left", words_left, array=np.array)

# %% [markdown]
# **3. Write.** `window` above gets a single sentence. But the text is one long array, and `sentence_of` tells you which sentence each position belongs to. Write a function that returns the positions of all contexts of the word at position `center`: up to `size` words away, but never in another sentence.
#
# <details><summary>Hint</summary>
#
# Start with all the positions from `center - size` to `center + size` that exist in the array. Then leave out two kinds of positions.
# </details>


# %% tags=["exercise"]
def contexts_of(sentence_of, center, size):
    ### BEGIN SOLUTION
    first, last = max(0, center - size), min(len(sentence_of) - 1, center + size)
    return [
        i
        for i in range(first, last + 1)
        if i != center and sentence_of[i] == sentence_of[center]
    ]
    ### END SOLUTION


check("contexts_of", contexts_of, array=np.array)

# %% tags=["exercise"]
progress("01")

# %% [markdown]
# Now choose an answer. Each one opens and tells you why it is right or wrong.
#
# **Question.** What would go wrong without noise words?
#
# <details><summary>a) Training would take longer.</summary>No, it would be faster, since five of every six questions would be gone.</details>
# <details><summary>b) The model would learn to say yes to every pair.</summary>Right. If every correct answer is yes, always saying yes is perfect, and the vectors don't have to know anything about words.</details>
# <details><summary>c) Rare words would be missing.</summary>No. Rare words are centers and contexts too, with or without noise words.</details>

# %% [markdown]
# **Question.** Suppose noise words were drawn with exponent 1, exactly as often as they occur in the raw text. What would change most?
#
# <details><summary>a) Rare words would be drawn as noise more often.</summary>No. With exponent 1, rare words are drawn even less often than with 3/4.</details>
# <details><summary>b) Nothing, since noise is random anyway.</summary>No. Each draw is random, but some words are still more likely than others.</details>
# <details><summary>c) A larger part of the noise would consist of the few most frequent words.</summary>Right. The model would practice mostly on telling real contexts from words like <em>the</em> and <em>of</em>.</details>

# %% [markdown]
# One to think about: why is `<unk>` never drawn as a noise word?
#
# <details><summary>Answer</summary>
#
# It stands for thousands of different words, so its vector could not mean anything. That is why it is neither a center, nor a context, nor noise.
# </details>
#
# ## Summary
#
# - We take pairs of words that appeared near each other, add pairs that we made up, and ask the model to tell them apart.
# - Frequent words are thinned out before we look for pairs, because they are near everything and so tell us little.
# - Each center gets a window of random size, and for each context $K$ noise words are drawn, in proportion to $\text{count}^{3/4}$.
#
# ## In practice
#
# The chapter that this lesson mirrors, *Pretraining word2vec* in the MXNet edition of *Dive into Deep Learning* (with the library `d2l` 1.0.3), prepares its data in the same way. Two details differ:
#
# - It counts 42,069 sentences, because its text ends with an empty line. There are 42,068.
# - It skips index 0 when it draws noise words, in order to leave out `<unk>`. But in its vocabulary, which is sorted by spelling, index 0 is `#`. So `#` is never drawn as noise. As a context it gets only pairs with the answer yes, and never one with the answer no. Chapter 11 shows what becomes of it.
#
# ## Further reading
#
# - T. Mikolov, I. Sutskever, K. Chen, G. Corrado, J. Dean, [*Distributed Representations of Words and Phrases and their Compositionality*](https://arxiv.org/abs/1310.4546), NeurIPS 2013. Section 2.2 introduces negative sampling, section 2.3 subsampling.
# - O. Levy, Y. Goldberg, I. Dagan, [*Improving Distributional Similarity with Lessons Learned from Word Embeddings*](https://aclanthology.org/Q15-1016/), TACL 2015. It measures which of these choices matter.
#
# Next: [02 · Pack minibatches](02_pack_minibatches.ipynb)
