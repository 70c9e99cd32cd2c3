# %% [markdown]
# # 11 · Read the source critically
#
# This lesson follows a chapter of *Dive into Deep Learning*, a free textbook that thousands of people have learned from. Its code is short and clear, and it runs. But does it compute what it says?
#
# A program can print a number that isn't what its label says, or skip a word by mistake, and still end without an error. Each section raises one doubt, settles it with a small experiment, and offers a cure.
#
# **What you'll do.** Put nine doubts about a program that works to the test.
#
# **What you'll be able to do.** Ask what a number was averaged over, test an assumption, and tell which flaws change the vectors.
#
# **What you need.** Chapters 01 to 06, and a glance at 07 and 09.
#
# **Time.** 25 minutes, exercises included.

# %%
import random

import numpy
from mxnet import autograd, np, npx

from w2v_lesson import FusedEngine, Settings, WordVectors, check, load_data_ptb, masked_loss
from w2v_lesson import prepare_training, progress, progress_bar, ptb_vectors, read_ptb

npx.set_np()
random.seed(0)  # d2l draws from Python's own generator

# %% [markdown]
# By *the source* we mean two sections of the book's MXNet edition, *The Dataset for Pretraining Word Embeddings* and *Pretraining word2vec*, with the package `d2l` 1.0.3. Other versions may differ. We could check it only because its code is open and easy to read.
#
# ## Find out what was divided by what
#
# The source's training loop (chapter 05) ends by printing a number of "tokens/sec." In it, `metric` adds up the centers and is created *before* the first epoch. The timer starts anew *in* each epoch.
#
# **Predict.** Five epochs have 1,000 centers each, and each takes exactly one second. What will be printed?

# %%
from d2l import mxnet as d2l

metric = d2l.Accumulator(2)
for epoch in range(5):
    seconds = 1.0  # what the timer of this epoch says
    metric.add(700.0, 1000)  # the sum of the losses, and the number of centers
print(f"printed: {metric[1] / seconds:,.0f} tokens/sec")
print(f"true:    {metric[1] / 5:,.0f} centers per second")

# %% [markdown]
# The printed speed is five times too high, because the loop divides the centers of all five epochs by the seconds of the last one. *The cure:* start the sum and the timer together, and say what a "token" is (here, a center).
#
# ## Test an assumption
#
# `<unk>` isn't a word. It stands for all words that are too rare for the vocabulary, and it is removed from the text before training. As noise it would only ever get the answer "no," so it should not be drawn. The source's `get_negatives` therefore leaves out index 0, which a comment calls "the excluded unknown token." Is it really?

# %%
sentences = read_ptb()
d2l_vocab = d2l.Vocab(sentences, min_freq=10)
print("first words:", *d2l_vocab.to_tokens([0, 1, 2]), "  index of <unk>:", d2l_vocab.unk)
print(*next(line for line in sentences if "#" in line)[24:])

# %% [markdown]
# It isn't. This vocabulary is sorted by spelling, so index 0 belongs to `#`, which stands for £, the British pound, in this text.
#
# So does the source draw `<unk>` as noise? An earlier version of this chapter said so. It was wrong, because we had counted the raw text. In the source, `get_negatives` gets the counts that come out of `subsample`. Let us take that path.
#
# **Predict.** Among a million noise words, how often will you find `#`, and how often `<unk>`?

# %%
subsampled, counter = d2l.subsample(sentences, d2l_vocab)
# The only context is -1. It isn't a word, so no draw is rejected.
drawn = d2l.get_negatives([[-1]], d2l_vocab, counter, 1_000_000)[0]
for token in ["#", "<unk>", "ibm"]:
    times = drawn.count(d2l_vocab[token])
    print(f"{token:>5}: counted {counter[token]:3} times, drawn {times:3} times")

# %% [markdown]
# `<unk>` is never drawn, though not for the reason that the comment gives: `subsample` has removed it, so its count is 0. But `#` is never drawn either, although it occurs as often as *ibm*.
#
# So as a context, `#` gets only questions with the answer "yes," and its row of $\mathbf{u}$ is pulled toward centers and never pushed away. To see the effect, we train like the source in three respects: the pairs are drawn once for all epochs, each center has noise words of its own, and index 0 is never drawn as noise. (Our minibatches are grouped by length, and the step is compiled, as in chapter 09.)

# %%
from w2v_lesson.sampling import noise_tables

vectors = ptb_vectors(watch=progress_bar)  # those of chapter 00
vocab = vectors.vocab
assert vocab.to_tokens(0) == "#"  # here, too
heldout, _ = load_data_ptb(512, 5, 5, split="valid", vocab=vocab)


def train_like_the_source(seed):
    options = {"redraw": False, "num_shared_noise": 0, "seed": seed}
    data_iter, _ = load_data_ptb(512, 5, 5, vocab=vocab, **options)
    weights = data_iter.tables.probabilities.copy()
    weights[0] = 0  # never draw index 0
    data_iter.tables = noise_tables(weights / weights.sum())
    training = prepare_training(
        data_iter, Settings(seed=seed), heldout=heldout, engine=FusedEngine
    )
    progress_bar(training, num_epochs=5)
    return training.records, WordVectors.from_net(training.net, vocab)


records, models = {}, {}
for seed in range(3):
    name = f"like the source, seed {seed}"
    records[seed], models[name] = train_like_the_source(seed)
models["chapter 00, with # drawn"] = vectors

# %% [markdown]
# We ask each model about every center: did `#` appear near this word? Then we average its answers. We do the same for the twenty words whose counts are closest to that of `#`.
#
# **Predict.** For how many centers will `#` have the highest score of all contexts?

# %%
from w2v_lesson.by_hand import sigmoid

by_count = numpy.argsort(abs(vocab.counts - vocab.counts[0]), kind="stable")
for name, embed in models.items():
    scores = embed.context[by_count[:21]] @ embed.center.T  # a row for each context
    first, *others = sigmoid(scores).mean(axis=1)  # the first is #
    highest = ((embed.center @ embed.context.T).argmax(axis=1) == 0).mean()
    print(
        f"{name}: # {first:.2f}, others {min(others):.2f} to {max(others):.2f}, "
        f"# highest for {highest:.0%}"
    )

# %% [markdown]
# In all three trainings, the model is nearly certain that `#` appeared near practically *every* word. For comparable words in the same models, the average answer stays below 0.3. So it does for `#` itself in the vectors of chapter 00, for which it is drawn as noise. (That is one training, which also draws its pairs anew, shares noise words between neighbors, and lets the learning rate fall.) *The cure:* ask the vocabulary for the index of `<unk>`.
#
# ## Find out what a loss was averaged over
#
# The `metric` of the first section also adds up the losses, and it is never reset. So the loss that is printed is the average *since training began*. Here all epochs have the same centers, so that is the mean of the five epoch losses. Compare it with the loss of the last epoch alone:

# %%
for seed, found in records.items():
    losses = [r.epoch_loss for r in found if r.epoch_loss]
    print(f"seed {seed}: printed {sum(losses) / 5:.3f}, last epoch {losses[-1]:.3f}")

# %% [markdown]
# The printed loss is about 0.05 higher than that of the last epoch. That is a lot: in chapter 05, the held-out loss ended only about 0.04 below the yardstick of 0.451. *The cure:* average over each epoch, and put the held-out loss beside it.
#
# ## Ask new questions
#
# The source draws its windows and noise words once, so all five epochs ask the same questions. (In an exercise, the book itself asks what would be gained by drawing them anew.)
#
# **Predict.** What will the held-out loss do from epoch to epoch?

# %%
for seed, found in records.items():
    losses = [r.heldout_loss for r in found if r.heldout_loss]
    print(f"seed {seed}, held-out:", *(f"{loss:.3f}" for loss in losses))
print(f"chapter 00, after five epochs: {vectors.about['heldout_loss']:.3f}")

# %% [markdown]
# With each seed, the held-out loss stops falling by about the third epoch, and at the end it is higher again. The model has begun to learn the questions by heart. *The cure:* draw them anew in each epoch. The vectors of chapter 00 were trained like that, and their held-out loss ended at about 0.41. (They differ in more: `#` was drawn as noise, neighbors shared noise words, and the learning rate fell. But in chapter 07 all of that is the same both times, and the held-out loss rises all the same if the pairs are drawn once.)
#
# ## Ask for a word that isn't there
#
# What does the source say about a word it has never seen?

# %%
from numpy.linalg import norm

print("smartphone:", d2l_vocab["smartphone"], "  qwertyuiop:", d2l_vocab["qwertyuiop"])
left = sum(d2l_vocab[word] == d2l_vocab.unk for line in subsampled for word in line)
print(f"unknown words after subsample: {left}")
for name, embed in models.items():
    unit = embed.center / norm(embed.center, axis=1, keepdims=True)
    nearest = numpy.argsort(-unit @ unit[vocab.unk])[1:4]
    print(f"{name}:", ", ".join(vocab.to_tokens(nearest)))

# %% [markdown]
# Every unknown word gets the index of `<unk>`. But none is left after `subsample`, so that row is never trained. Its "neighbors" are a matter of chance, and the book's `get_similar_tokens` would print them without a warning. (Ours in chapter 06 has a check for that.) *The cure:* refuse to answer, as `vectors.similar` does.
#
# ## Measure how much of the work is needed
#
# The source's functions pack 512 random centers. How much is padding?

# %%
corpus = [d2l_vocab[line] for line in subsampled[:3000]]
centers, contexts = d2l.get_centers_and_contexts(corpus, max_window_size=5)
noise_words = d2l.get_negatives(contexts, d2l_vocab, counter, K=5)
examples = random.sample(list(zip(centers, contexts, noise_words)), 512)
_, contexts_negatives, masks, _ = d2l.batchify(examples)
print(f"{masks.shape[1]} columns, {1 - float(masks.mean()):.0%} padding")

# %% [markdown]
# More than half of the cells, as in chapter 02. The mask keeps the result right, but most of the lookups and dot products are for nothing. *The cure:* group the centers by length, as our minibatches do, or put all pairs end to end, as in chapter 09. But measure first how much there is to gain.
#
# ## Ask how much each pair counts
#
# In the equation of chapter 04, the loss of a center is a *sum* over its pairs. The source's code takes the *average*, and so does ours. Suppose one center has one context (6 pairs), and another has ten (60 pairs). All logits are 1 and all labels 0.

# %%
logits, labels = np.ones((2, 60)), np.zeros((2, 60))
mask = np.array([[1] * 6 + [0] * 54, [1] * 60])
logits.attach_grad()
with autograd.record():
    l = masked_loss(logits, labels, mask)
l.backward()
print("gradient of one pair:", [round(float(g), 4) for g in logits.grad[:, 0]])

# %% [markdown]
# A pair of the first center pushes ten times as hard as a pair of the second, because the average divides by 6 in one row and by 60 in the other. With a sum, they would push equally hard. Neither way is wrong. *The cure:* say which one it is.
#
# ## Try the smallest input
#
# The loop adds a point to its curve when `(i + 1) % (num_batches // 5)` is 0.
#
# **Predict.** What happens with a text of four minibatches?

# %%
i, num_batches = 0, 4
try:
    (i + 1) % (num_batches // 5)
except ZeroDivisionError as error:  # whose text depends on the version of Python
    print(type(error).__name__)

# %% [markdown]
# *The cure:* `max(1, num_batches // 5)`, and a test with the smallest input.
#
# ## Check that the answer isn't the question
#
# A later section of the book, *Word Similarity and Analogy*, answers "*a* is to *b* as *c* is to …?" with the word nearest to $\mathbf{v}_b - \mathbf{v}_a + \mathbf{v}_c$. Here is its function in NumPy. The authors of word2vec published a list of such questions. We keep those whose four words we know, and ask every tenth of them. Then we ask our own `analogy` (chapter 06), which leaves out the three words of the question, and also scales all vectors to length 1 first.


# %%
from pathlib import Path

from gensim.test.utils import datapath


def get_analogy(token_a, token_b, token_c, embed):
    a, b, c = (embed.vector(token) for token in (token_a, token_b, token_c))
    cosines = embed.center @ (b - a + c) / norm(embed.center, axis=1)
    return embed.vocab.to_tokens(int(cosines.argmax()))


# a heading such as ": family" has a colon, which is not a word of ours
lines = Path(datapath("questions-words.txt")).read_text().lower().splitlines()
known = [q for q in map(str.split, lines) if all(word in vectors for word in q)]
asked = known[::10]
for name, embed in models.items():
    own = sum(get_analogy(*q[:3], embed) in q[:3] for q in asked)
    right = sum(embed.analogy(*q[:3], k=1)[0].word == q[3] for q in asked)
    print(
        f"{name}: {own} of {len(asked)} answers are words of the question; "
        f"with those left out, {right} are right"
    )

# %% [markdown]
# Nearly every answer is a word of the question itself. (The book prints four right answers, but from vectors of a far larger text.) *The cure:* leave these words out, and say so, because it makes the task easier. Even then, few answers are right.
#
# ## Check yourself
#
# Replace the three dots with your answer and run the cell.
#
# **1. Predict.** `trainer.step(512)` divides the summed gradient by 512. The source does that with every minibatch, even if the last one has only 128 centers. The result is smaller than the average over its 128 centers. What fraction of that average is it?
#
# <details><summary>Hint</summary>
#
# Compare the sum divided by 512 with the sum divided by 128.
# </details>

# %% tags=["exercise"]
fraction_of_average = 128 / 512  ### SOLUTION
check("fraction_of_average", fraction_of_average)

# %% [markdown]
# **2. Write.** Don't assume where `<unk>` is. `tokens` lists the words of a vocabulary in the order of their indices, and `counter` says how often each of them occurs, `<unk>` included. Return a list with one weight for each index: 0 for `<unk>`, and the count to the power of 0.75 for any other word.
#
# <details><summary>Hint</summary>
#
# The list must be as long as `tokens`. If you leave a word out, all the words after it get the wrong index.
# </details>


# %% tags=["exercise"]
def sampling_weights(tokens, counter):
    ### BEGIN SOLUTION
    return [0 if token == "<unk>" else counter[token] ** 0.75 for token in tokens]
    ### END SOLUTION


check("sampling_weights", sampling_weights)

# %% tags=["exercise"]
progress("11")

# %% [markdown]
# Now choose an answer. Each one opens and tells you why it is right or wrong.
#
# **Question.** You want to know whether a number in a tutorial is right. What do you do first?
#
# <details><summary>a) Look for others who report the same number.</summary>No. They may have run the same code.</details>
# <details><summary>b) Work it out for an input so small that you know the answer.</summary>Right. Five epochs of one second each were enough to check the speed.</details>
# <details><summary>c) Run the code again.</summary>No. That shows that the number can be repeated, but not that it is right.</details>
#
# **Question.** Which of these flaws changes the vectors?
#
# <details><summary>a) The loss is averaged since training began.</summary>No. That changes only what is plotted and printed.</details>
# <details><summary>b) More than half of a minibatch is padding.</summary>No. The mask takes it out, so it costs only time.</details>
# <details><summary>c) All epochs ask the same questions.</summary>Right. The model begins to learn them by heart, and the held-out loss rises.</details>
#
# ## Summary
#
# - Ask of every printed number: averaged over what, since when, in which unit?
# - Test an assumption on the path that the data really take.
# - Three of the nine change what the model learns: index 0 is never drawn, all epochs ask the same questions, and a loss can be a sum or an average. The others change only what is printed or answered, cost time, or stop the program.
# - When you report a finding, be polite, and include the experiment and a cure.
#
# ## In practice
#
# - Two small things: `sigmd` returns a loss, not a sigmoid, and `d2l.download` sets no timeout, so it can hang forever if the server stops answering.
# - In the formulas and shapes that chapters 02 to 04 go through, we found no mistake, and the two losses that the source computes as a check, 0.9352 and 1.8462, are right.
#
# ## Further reading
#
# - A. Zhang, Z. Lipton, M. Li, A. Smola, [*Dive into Deep Learning*](https://d2l.ai), Cambridge University Press 2023.
# - G. Wilson and others, [*Best Practices for Scientific Computing*](https://doi.org/10.1371/journal.pbio.1001745), PLOS Biology 2014.
# - O. Levy, Y. Goldberg, I. Dagan, [*Improving Distributional Similarity with Lessons Learned from Word Embeddings*](https://aclanthology.org/Q15-1016/), TACL 2015.
#
# Next: [12 · Train on your own text](12_train_on_your_own_text.ipynb)
