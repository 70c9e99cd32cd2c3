# %% [markdown]
# # 13 · Where it leads
#
# word2vec appeared in 2013. What have people found out about it since then, and what have they built on its idea?
#
# Here are some answers, each with a small experiment. We begin with a puzzle from chapter 08: how can vectors made by plain counting come so close to ours?
#
# **What you'll do.** Compare scores with counts, cut words into pieces, train on shopping baskets, tell two uses of *may* apart, and read the model in PyTorch.
#
# **What you'll be able to do.** Say what word2vec approximates, what its relatives change, where its loss is used today, and what contextual vectors add.
#
# **What you need.** Chapter 04 for the loss and its gradient, and the AUC of chapter 07.
#
# **Time.** 35 minutes, exercises included.

# %%
import numpy

from w2v_lesson import Settings, WordVectors, check, figures, load_data_ptb, progress
from w2v_lesson import progress_bar, ptb_vectors, read_ptb
from mxnet import np, npx, random
from mxnet.gluon import nn

npx.set_np()
vectors = ptb_vectors(watch=progress_bar)
vocab = vectors.vocab

# %% [markdown]
# ## Compare the scores with counts
#
# Where does the score $x = \mathbf{u}_c^\top \mathbf{v}_w$ of a pair settle? During training, the model is asked about the pair many times. The answer is yes whenever $c$ is a context of $w$, and no whenever $c$ is drawn as a noise word for it.
#
# As in chapter 04, each yes pushes the score up by $1 - \sigma(x)$, and each no pushes it down by $\sigma(x)$. They balance when $\text{yes} \cdot (1 - \sigma(x)) = \text{no} \cdot \sigma(x)$, which means
#
# $$ x = \log \frac{\text{yes}}{\text{no}}. $$
#
# We know both numbers without any training. The yeses are a count, $\#(w, c)$. If $w$ has $\#(w)$ contexts in all, then it gets $K \cdot \#(w)$ noise words, and about a share $P(c)$ of them is $c$. So the best score is
#
# $$ x = \log \frac{\#(w, c)}{K \cdot \#(w) \cdot P(c)} = \log \frac{\#(w, c)}{\#(w) \cdot P(c)} - \log K. $$
#
# The last fraction says how many times more often the pair occurs than by chance. Its logarithm is the [**pointwise mutual information**](glossary.md#pmi), PMI for short. So the best score is the PMI, shifted down by $\log K$.
#
# But the two tables hold only 1.3 million numbers, and there are 6,719 × 6,719 = 45 million pairs. So training can only find vectors whose products come close. Writing a large table as a product of two narrow ones is called **factorization**, and this is what word2vec does with the table of shifted PMI, as Levy and Goldberg showed in 2014.
#
# Does it hold for our vectors? Let us count the pairs that they were trained on, in all five epochs.

# %%
from scipy.sparse import coo_matrix

num_words, K = len(vocab), 5
data_iter, _ = load_data_ptb(512, 5, K, vocab=vocab, redraw=True)
centers, contexts = [], []
for epoch in range(5):
    with data_iter.at_epoch(epoch):
        ids, left, right = data_iter.words()
    for distance in range(1, 6):
        for reach, step in [(left, -distance), (right, distance)]:
            inside = numpy.flatnonzero(reach >= distance)
            centers.append(ids[inside])
            contexts.append(ids[inside + step])
centers, contexts = numpy.concatenate(centers), numpy.concatenate(contexts)
ones = numpy.ones(len(centers))
pairs = coo_matrix((ones, (centers, contexts)), (num_words, num_words)).tocsr()
num_contexts = numpy.asarray(pairs.sum(axis=1)).ravel()  # #(w)
noise = data_iter.tables.probabilities  # P(c)
print(f"{len(centers):,} questions with the answer yes")
print(f"{pairs.nnz / num_words**2:.0%} of all pairs of words occur")

# %% [markdown]
# **Predict.** In the five epochs, *the* and *company* are a training pair 100 times, and *bear* and *stearns* 210 times. Which of the two pairs has a negative score?

# %%
named = {}
for pair in ["bear stearns", "oil gas", "vice president", "the company", "chip facing"]:
    w, c = vocab[pair.split()]
    yes, no = pairs[w, c], K * num_contexts[w] * noise[c]  # no as expected, not as drawn
    best, score = numpy.log(yes / no), vectors.center[w] @ vectors.context[c]
    named[pair] = best, score
    print(f"{pair:>14}: yes {yes:3.0f}, no {no:5.1f}, best {best:4.1f}, score {score:4.1f}")

# %% [markdown]
# *the* and *company* occur together often, but no more often than by chance, which would be 490.4 / 5 ≈ 98 times. So their PMI is about 0, and the best score is about $-\log 5 \approx -1.6$. The first four scores are much closer to the best ones than the last one is. *chip* and *facing* were a training pair only five times in five epochs. The counts make a lot of that, and the model doesn't.
#
# How well do they agree in general? (Where there are more than 80,000 pairs, we take 80,000 at random.) Pairs that share a word are not independent, so for the interval we draw *words* with replacement, 200 times, and a pair counts as often as its two words were drawn: if one was drawn twice and the other three times, six times.


# %%
from w2v_lesson.judge.pairs import correlation_interval

in_words = "correlation {:.2f}, 95% interval {:.2f} to {:.2f}"


def pairs_seen(least, most=80_000):
    w, c = (pairs >= least).nonzero()
    some = numpy.random.default_rng(0).permutation(len(w))[:most]
    w, c = w[some], c[some]
    yes = numpy.asarray(pairs[w, c]).ravel()
    best = numpy.log(yes / (K * num_contexts[w] * noise[c]))
    return w, c, best, (vectors.center[w] * vectors.context[c]).sum(axis=1)


for least in [1, 10, 50]:
    w, c, best, scores = pairs_seen(least)
    r = correlation_interval(scores, best, w, c, num_words)
    print(f"{len(w):,} pairs with a count of {least} or more:", in_words.format(*r))

# %% [markdown]
# The more often a pair was seen, the better the agreement. One reason is that a small count says little: a pair that was seen once could as well have been seen twice.
#
# But part of the agreement could be cheap. Some words may just have a low score and a low PMI with every other word. So as a control, we subtract from both numbers the average of each word, as a center and as a context. What is left can't come from single words.


# %%
def without_averages(x):
    for _ in range(10):  # the averages depend on each other, so they take turns
        for word in [w, c]:
            times = numpy.maximum(numpy.bincount(word), 1)
            x = x - (numpy.bincount(word, x) / times)[word]
    return x


w, c, best, scores = pairs_seen(10)
r = correlation_interval(*map(without_averages, (scores, best)), w, c, num_words)
print("without averages:", in_words.format(*r))

# %% [markdown]
# That is less than the correlation of the same pairs above. So part of the agreement did come from single words, but a clear agreement about the pairs remains. Let's look at it, and also at pairs that never occurred.

# %%
rng = numpy.random.default_rng(0)
w0, c0 = rng.choice(num_words, (2, 4000), p=noise)
unseen = (vectors.center[w0] * vectors.context[c0]).sum(axis=1)[pairs[w0, c0].A1 == 0]
print(f"median score: {numpy.median(scores):.1f}, never seen: {numpy.median(unseen):.1f}")
figures.show(
    figures.scores_against_best(best[:4000], scores[:4000], unseen, named),
    "Scores rise with best scores, less steeply. Pairs never seen have scores around −2.",
)

# %% [markdown]
# **What you should see.** The scores rise with the best scores, but less steeply than the dashed line: where the counts give a high score, the model is usually more careful. Three of our examples (*bear stearns*, *oil gas*, and *vice president*) are closer to the line than most pairs with a similar best score. On the left are random pairs that never occurred. Their best score would be minus infinity, which no dot product can be. The model gives most of them a negative score, typically −1.9. That isn't far below $-\log 5 \approx -1.6$, the best score of a pair that occurs just as often as by chance. A few even get a score above 0.
#
# That helps with the puzzle. The counted vectors of chapter 08 are made from a similar table (no word is thinned out, there is no shift, and negative values are set to 0), by a singular value decomposition. So training and counting are two ways to approximate one table. Do they find the same words similar? We count once more, now the training pairs, and make vectors from the counts. For every two of the 500 most frequent words, we compare the cosine of our vectors with the cosine of the counted ones. As a control, we give the counted vectors to the words in random order.

# %%
from w2v_lesson.judge.word_classes import ppmi_vectors

top = vocab.to_tokens(vocab.by_frequency()[:500])
counted = WordVectors(vocab, ppmi_vectors(pairs)).directions(top)
mixed = numpy.random.default_rng(1).permutation(counted)
w, c = numpy.triu_indices(500, 1)
ours, *others = ((X @ X.T)[w, c] for X in (vectors.directions(top), counted, mixed))
for name, other in zip(["counted", "in random order"], others):
    print(f"{name}:", in_words.format(*correlation_interval(ours, other, w, c, 500)))

# %% [markdown]
# They largely agree, at least for frequent words. That fits chapter 08, where counting came close to word2vec, except with few labels.
#
# ## Turn the question around: CBOW
#
# The paper that introduced skip-gram also introduced its sibling, **continuous bag of words**, or [**CBOW**](glossary.md#cbow). It asks the opposite question: given the contexts, which word is in the middle? It scores the *average* of the contexts' vectors against the real center and against noise words. So it asks once about each window, where skip-gram asks about each context. That is faster, but the average blurs what each context has to say.
#
# In code, it is `skip_gram` with an average. Here is a window with four contexts around word 3:

# %%
random.seed(0)
embed_v, embed_u = nn.Embedding(20, 4), nn.Embedding(20, 4)
embed_v.initialize()
embed_u.initialize()
around = np.array([[1, 2, 4, 5]])
center_and_noise = np.array([[3, 11, 7, 18]])
v = embed_v(around).mean(axis=1, keepdims=True)  # (1, 1, 4): the average
npx.batch_dot(v, embed_u(center_and_noise), transpose_b=True).shape

# %% [markdown]
# That is one score for the center, and one for each of three noise words. The loss stays the same.
#
# ## Replace the noise words by a tree
#
# Negative sampling avoids the sum over the vocabulary by changing the question. [**Hierarchical softmax**](glossary.md#hierarchical-softmax) keeps the question "which word appears near this center?" and finds the answer by walking down a tree. Each word is a leaf, and each fork has a vector $\mathbf{u}$. At a fork, you turn left with probability $\sigma(\mathbf{u}^\top \mathbf{v})$. The probability of a word is the product of the probabilities of the turns on the way to it.
#
# Four words need three forks. From fork 0 you get to fork 1 on the left and to fork 2 on the right:

# %%
forks, v = np.random.normal(size=(3, 4)), np.random.normal(size=4)
left = npx.sigmoid(np.dot(forks, v)).asnumpy()
first_two = [left[0] * left[1], left[0] * (1 - left[1])]
last_two = [(1 - left[0]) * left[2], (1 - left[0]) * (1 - left[2])]
p = numpy.array(first_two + last_two)
print(p.round(3), "sum:", p.sum().round(3))

# %% [markdown]
# The probabilities add up to 1, although nobody computed a sum to make them do so. And 6,719 words are only about $\log_2 6719 \approx 13$ turns away, so a pair takes about 13 dot products instead of 6,719.
#
# ## Cut words into pieces
#
# A word that was seen fewer than ten times has no vector in this lesson. But you could guess a lot about *microprocessors* from its letters, even if you had never seen it. **fastText** does. It has vectors for runs of letters, called [**subwords**](glossary.md#subword), such as *micro* or *sors>*, where *>* marks the end. The vector of a word is the average of its subwords, and of a vector of its own if it has one. The rest is as you know it.
#
# We train three models with gensim. Subwords have three to five characters.

# %%
from concurrent.futures import ThreadPoolExecutor

from gensim.models import FastText

sentences = [[word for word in line if word != "<unk>"] for line in read_ptb()]
options = {"sg": 1, "vector_size": 50, "min_count": 10, "alpha": 0.1, "sample": 3e-5}
options |= {"min_n": 3, "max_n": 5, "bucket": 50_000, "epochs": 3}
options["workers"] = 1  # so that the numbers repeat
with ThreadPoolExecutor() as at_once:
    trainings = [at_once.submit(FastText, sentences, seed=i, **options) for i in range(3)]
models = [training.result() for training in trainings]

# %%
from collections import Counter

counts = Counter(word for line in sentences for word in line)
for word in ["microprocessors", "downgrading", "unprofitable"]:
    lists = [[near for near, _ in model.wv.most_similar(word)] for model in models]
    in_all = [near for near in lists[0] if near in lists[1] and near in lists[2]]
    print(f"{word}, seen {counts[word]} times: {', '.join(in_all)}")

# %% [markdown]
# These words are among the ten nearest in all three models. But anyone can pick nice examples. So let us ask about *all* the unknown words, in PTB's test text, which no training has seen. We take a word that appeared near an unknown word. Does it have a higher score with that word, or with another unknown word? A guess is right half the time. For comparison, we also ask about rare words that have a vector of their own.
#
# **Predict.** What share will be right in each group?


# %%
def share_right(model, near):
    V, shares = numpy.array([model.wv[word] for word in near]), []
    for i, contexts in enumerate(near.values()):
        rows = [model.wv.key_to_index[word] for word in contexts]
        scores = model.syn1neg[rows] @ V.T  # each context with each of the words
        shares.append((scores[:, [i]] > scores).sum() / len(rows) / (len(V) - 1))
    return numpy.array(shares)


# %%
from w2v_lesson.judge.pairs import near_words
from w2v_lesson.judge.word_classes import mean_interval

contexts = {word for word in counts if 10 <= counts[word] < 1000}  # not "the"
for name, fewest, most in [("unknown", 1, 10), ("10 to 19 times", 10, 20)]:
    wanted = {word for word in counts if fewest <= counts[word] < most}
    near = near_words(read_ptb("test"), wanted, contexts)
    r = [100 * x for x in mean_interval([share_right(model, near) for model in models])]
    print(f"{name}, {len(near)} words:", end=" ")
    print("{:.0f}% right, 95% interval {:.0f} to {:.0f}%".format(*r))

# %% [markdown]
# Letters help, but only a little. Words that were seen ten to 19 times are much better off. And letters can mislead: *portable* is probably near *unprofitable* just because of its ending.
#
# ## Join words into phrases
#
# *bear stearns* is a bank, but our model sees a *bear* and a *stearns*. So we join such a [**phrase**](glossary.md#phrase) into one word before training. How do we find phrases? Again by counting: they are words that follow each other much more often than by chance. That is the idea of PMI, and gensim's `Phrases` computes a similar ratio. It joins two words if the ratio is above a threshold, by default 10.

# %%
from gensim.models import Phrases

phrases = Phrases(sentences, min_count=10)
joined = [phrases[line] for line in sentences]
found = Counter(word for line in joined for word in line)
ratios = phrases.export_phrases()
for phrase in ["bear_stearns", "new_york", "vice_president", "will_be"]:
    print(f"{phrase}: {found[phrase]} times, ratio {ratios[phrase]:,.0f}")
print(f"bear: {counts['bear']} times before, {found['bear']} times after")

# %% [markdown]
# Now we train on the joined text with three seeds, and with a larger learning rate, because three epochs are few.

# %%
from w2v_lesson import FusedEngine, Vocab, prepare_training
from w2v_lesson.minibatches import SkipGramData
from w2v_lesson.vocabulary import index_corpus


def train(texts, settings, min_freq=10):
    vocab = Vocab(texts, min_freq)
    corpus = index_corpus(texts, vocab)
    data_iter = SkipGramData(*corpus, vocab, redraw=True, **settings.data_options)
    training = prepare_training(data_iter, settings, engine=FusedEngine)
    for _ in training.run(settings.num_epochs):
        pass
    return WordVectors.from_net(training.net, vocab)


# %%
def names(neighbors):
    return ", ".join(neighbor.word for neighbor in neighbors)


print("before, bear:", names(vectors.similar("bear", 5)))
for seed in range(3):
    trained = train(joined, Settings(lr=0.003, num_epochs=3, seed=seed))
    print(f"after, seed {seed}, bear_stearns:", names(trained.similar("bear_stearns", 5)))

# %% [markdown]
# Before, *bear* had mostly the vector of a bank, because two bears in three were followed by *stearns*. Now *bear_stearns* has a vector of its own, and in all three trainings, nearly all of its neighbors are banks and brokers, or parts of their names. (*will be* isn't what we had in mind, but its ratio is low. A higher threshold leaves it alone.)
#
# ## Use the same loss on other things
#
# Nothing in the model knows that its indices stand for words. So let us make up some shopping baskets. Each customer shops for one of four occasions, buys three items that belong to it, and one of two products that do the same job. Nobody buys both *spaghetti* and *penne*.

# %%
SHOP = {
    "pasta": (["tomatoes", "basil", "parmesan", "garlic"], ["spaghetti", "penne"]),
    "breakfast": (["milk", "bananas", "honey", "yogurt"], ["muesli", "cornflakes"]),
    "tea time": (["sugar", "lemons", "biscuits", "cream"], ["green tea", "black tea"]),
    "laundry": (["softener", "pegs", "bleach", "soap"], ["powder", "tablets"]),
}


def fill_baskets(seed, number=1000):
    rng, baskets = numpy.random.default_rng(seed), []
    for _ in range(number):
        items, products = SHOP[rng.choice(list(SHOP))]
        basket = [*rng.choice(items, 3, replace=False), rng.choice(products)]
        baskets.append(rng.permutation(basket).tolist())
    return baskets


for basket in fill_baskets(seed=0)[:5]:
    print(", ".join(basket))

# %% [markdown]
# **Predict.** After training, which item will be nearest to *spaghetti*: *penne*, which is never in the same basket, or one of the items that are?

# %%
settings = {"batch_size": 64, "embed_size": 8, "lr": 0.01, "num_epochs": 10, "threshold": 1}
substitutes = [pair for _, pair in SHOP.values()]
for seed in range(3):
    trained = train(fill_baskets(seed), Settings(seed=seed, **settings), min_freq=1)
    right = sum(
        trained.similar(a, 1)[0].word == b for p in substitutes for a, b in (p, p[::-1])
    )
    scores = trained.context @ trained.vector("spaghetti")
    penne, basil = (scores[trained.index(item)] for item in ["penne", "basil"])
    print(f"substitute nearest: {right} of 8;", end=" ")
    print(f"scores of spaghetti: {penne:.1f} with penne, {basil:.1f} with basil")

# %% [markdown]
# *penne* is nearest, for the reason that brought *july* and *june* together in chapter 04: similar company. (A random item would be the substitute once in 23 times.) So a shop can ask two questions. *What could replace this?* Compare center vectors. *What goes well with this?* Take the score. Barkan and Koenigstein called this **item2vec**.
#
# The idea went further still. In [**contrastive learning**](glossary.md#contrastive-learning), networks compute the vectors, and a pair can be anything that belongs together, such as a picture and its caption or a question and its answer. A common loss, called InfoNCE, takes a minibatch of $n$ pairs $(\mathbf{v}_i, \mathbf{u}_i)$ and computes
#
# $$ \mathcal{L} = -\frac{1}{n} \sum_{i=1}^{n} \log \frac{\exp(\mathbf{u}_i^\top \mathbf{v}_i / \tau)}{\sum_{j=1}^{n} \exp(\mathbf{u}_j^\top \mathbf{v}_i / \tau)}. $$
#
# You know its parts. The scores are dot products. In place of noise words, there are the partners of the *other* pairs in the minibatch, the **in-batch negatives**, whose vectors have been computed anyway. And instead of a yes or no for each, there is a softmax over all $n$: which one is the real partner? ($\tau$, the temperature, sets how sharp the answer has to be.)
#
# ## Let the sentence decide
#
# A word has one vector, however many meanings it has. In our text, *may* is usually a verb, as in *it may rise*, and sometimes a month, as in *in may*. The vector can't tell them apart, but the words around it can.
#
# To check that, we need occurrences whose meaning we know. Often the word right before or after gives it away:

# %%
BEFORE_MONTH = {"in", "since", "last", "late", "early"}
BEFORE_VERB = {"it", "they", "there", "we", "he", "you", "i", "who", "she"}
AFTER_VERB = {"be", "have", "not", "also", "well"}


def is_month(before, after):
    if before in BEFORE_MONTH or after == "N":
        return True
    if before in BEFORE_VERB or after in AFTER_VERB:
        return False
    return None  # we can't say


# %% [markdown]
# With these two words it would be too easy, so we use only the words at a distance of two to five:

# %%
months, around = [], []
for line in read_ptb():
    line = ["", *line, ""]
    for i, word in enumerate(line):
        month = is_month(line[i - 1], line[i + 1]) if word == "may" else None
        if month is not None:
            rest = line[max(0, i - 5) : i - 1] + line[i + 2 : i + 6]
            months.append(month)
            around.append([word for word in rest if word in vectors])
months = numpy.array(months)
print(f"{months.sum()} times the month, {(~months).sum()} times the verb")
print("nearest to may:", names(vectors.similar("may", 3)))

# %% [markdown]
# The one vector of *may* is the verb's. Now we average the vectors of the words around each *may*, and compute a number that is higher the more the average points toward the other months rather than toward other verbs of this kind. Nothing is trained for this.
#
# **Predict.** We pick one occurrence of each kind at random. How often does the month get the higher number? (That is the AUC. With its one vector, *may* gets the same number every time. If a tie counts as half, the AUC is 0.5.)

# %%
MONTHS = "january february march april june july august september october november december"
VERBS = "can could might should will would"
toward_month = vectors.directions(MONTHS.split()).mean(axis=0)
toward_month -= vectors.directions(VERBS.split()).mean(axis=0)
averages = numpy.array([vectors.directions(words).mean(axis=0) for words in around])
numbers = averages @ toward_month


def auc(numbers, months):
    return (numbers[months][:, None] > numbers[~months]).mean()


drawn = rng.integers(0, len(months), (200, len(months)))
low, high = numpy.percentile([auc(numbers[d], months[d]) for d in drawn], [2.5, 97.5])
print(f"AUC {auc(numbers, months):.2f}, 95% interval {low:.2f} to {high:.2f}")

# %% [markdown]
# Given one *may* of each kind, even a plain average of the surrounding words picks out the month about four times out of five. It is a [**contextual vector**](glossary.md#contextual-vector) in its simplest form, a vector for one occurrence instead of one for the word.
#
# But an average ignores the order of the words, and every word counts the same. Networks like **BERT** do better. They also start by looking up a vector for each word or subword, but they add one for its position, so that the order counts. Then, layer by layer, each position takes in the others by a weighted average, whose weights are computed from dot products. This is called **attention**. BERT learns by a relative of CBOW's question: hide a word, and predict it from the words on both sides. In the end, *may* has a different vector in each sentence.
#
# ## Read the model in PyTorch
#
# MXNet is retired: its last release is from 2022. But what you have learned doesn't depend on it. Here is the same model in PyTorch, line by line:
#
# | | MXNet Gluon | PyTorch |
# | --- | --- | --- |
# | a table | `nn.Embedding(input_dim=vocab_size, output_dim=embed_size)` | `nn.Embedding(vocab_size, embed_size)` |
# | look up | `v = embed_v(center)` | `v = embed_v(center)` |
# | scores | `npx.batch_dot(v, u, transpose_b=True)` | `torch.bmm(v, u.transpose(1, 2))` |
# | loss, in Gluon of each row, in PyTorch of each pair | `sigmoid_bce(pred, label, mask)` | `binary_cross_entropy_with_logits(pred, label, mask, reduction="none")` |
# | average over the pairs of each row | `* mask.shape[1] / mask.sum(axis=1)` | `l.sum(axis=1) / mask.sum(axis=1)` |
# | before a step | `with autograd.record():` | `optimizer.zero_grad()` |
# | gradient | `l.backward()` | `l.mean().backward()` |
# | move the weights | `trainer.step(len(center))` | `optimizer.step()` |
#
# PyTorch always records, so it needs no `record`. But it adds new gradients to the old ones, so we reset them. It leaves the average to us, so the correction of chapter 04 isn't needed. And where Gluon divides by 512 in the step, we take the mean.
#
# Are they the same? Here are three of our steps, all on the first minibatch:

# %%
from mxnet import cpu, gluon

from w2v_lesson import build_net, initialize
from w2v_lesson.training import train_step

data_iter, _ = load_data_ptb(512, 5, 5)
batch = next(iter(data_iter))
random.seed(0)
net = build_net(len(vocab), 100)
initialize(net, cpu())
trainer = gluon.Trainer(net.collect_params(), "adam", {"learning_rate": 0.002})
for step in range(1, 4):
    print(f"step {step}: loss {float(train_step(net, trainer, batch, cpu()).mean()):.4f}")

# %% [markdown]
# PyTorch isn't installed with this lesson, so the comparison is a script of its own, in the folder `tools/pytorch`. It takes the same steps from the same weights. This is what it printed:
#
# ```
# torch 2.13.0+cpu
# step   MXNet  PyTorch  PyTorch with its own epsilon
#    1  0.6933   0.6933  0.6933
#    2  0.6918   0.6918  0.6916
#    3  0.6902   0.6902  0.6898
# losses and weights differ by less than 1e-05: yes
# ```
#
# The losses agree, and so do all 1.3 million weights. But the last column is a warning. Adam divides by the size of the gradients, plus a tiny number, epsilon, so that it never divides by zero. The two libraries add it in different places. In the first steps our gradients are so small that this matters, and the results are the same only after we correct for it. So when you move a model to another library, compare numbers first.
#
# ## Check yourself
#
# Replace the three dots with your answer and run the cell.
#
# **1. Predict.** In all windows, a pair occurs 20 times. By chance, it would occur 2 times, and $K = 5$. What is the best score for this pair? Two decimal places are enough.
#
# <details><summary>Hint</summary>
#
# How often is the pair expected as noise? The best score is `numpy.log(yes / no)`.
# </details>

# %% tags=["exercise"]
best_score = numpy.log(20 / (5 * 2))  ### SOLUTION
check("best_score", best_score)

# %% [markdown]
# **2. Write.** Return the subwords of a word, as a set: put `<` in front and `>` at the end, and take all runs of `min_n` to `max_n` characters. For *ago* with 3 and 4 these are `<ag`, `ago`, `go>`, `<ago`, and `ago>`.
#
# <details><summary>Hint</summary>
#
# Use two loops, one over the lengths and one over the places where a run can start. A text of 5 characters has three runs of length 3.
# </details>


# %% tags=["exercise"]
def subwords(word, min_n, max_n):
    ### BEGIN SOLUTION
    text = f"<{word}>"
    return {
        text[start : start + n]
        for n in range(min_n, max_n + 1)
        for start in range(len(text) - n + 1)
    }
    ### END SOLUTION


check("subwords", subwords)

# %% tags=["exercise"]
progress("13")

# %% [markdown]
# Now choose an answer. Each one opens and tells you why it is right or wrong.
#
# **Question.** You train once with $K = 5$ and once with $K = 10$. What happens to the best scores?
#
# <details><summary>a) They all go down by log 2.</summary>Right. Every no doubles, and the best score is the logarithm of yes divided by no.</details>
# <details><summary>b) They all double.</summary>No. K is inside the logarithm, so doubling it subtracts the same from every score.</details>
# <details><summary>c) Nothing, because PMI does not depend on K.</summary>No. PMI does not, but the best score is the PMI minus log K.</details>

# %% [markdown]
# **Question.** Which of these can fastText do that the model of this lesson can't?
#
# <details><summary>a) Tell the month may from the verb may.</summary>No. It has one vector for each spelling, too. That takes the sentence.</details>
# <details><summary>b) Treat bear stearns as one word.</summary>No. It looks inside words, not across them. Phrases have to be joined before training.</details>
# <details><summary>c) Give a vector to a word that is not in the training text.</summary>Right. It only needs subwords that it knows from other words.</details>
#
# ## Summary
#
# - **word2vec approximates a table of counts**: the score of a pair rises with its PMI minus $\log K$, and the two agree better for pairs that were seen more often. So counting and training largely agree on which words are similar.
# - **Its parts can be exchanged**: the question (CBOW), the way around the sum (hierarchical softmax), and the words (subwords, phrases, items).
# - **Its idea lives on**: contrastive learning tells real pairs from made-up ones, and contextual models give each occurrence of a word its own vector.
#
# ## In practice
#
# - Our masked loss averages over the pairs of each center, so a pair in a short row weighs more than our count says.
# - Neighbors in the text share noise words here (chapter 09). Each of these counts for less, so the number of noes that we expect is the same.
# - Usually PMI takes a word's share of all pairs as its chance. We take its share of the noise words.
# - We chose fastText's learning rate, four times gensim's default, on the training text.
#
# ## Further reading
#
# - O. Levy, Y. Goldberg, [*Neural Word Embedding as Implicit Matrix Factorization*](https://papers.nips.cc/paper_files/paper/2014/hash/feab05aa91085b7a8012516bc3533958-Abstract.html), NeurIPS 2014.
# - T. Mikolov and others, [*Efficient Estimation of Word Representations in Vector Space*](https://arxiv.org/abs/1301.3781), ICLR workshop 2013. CBOW and skip-gram.
# - T. Mikolov and others, [*Distributed Representations of Words and Phrases and their Compositionality*](https://arxiv.org/abs/1310.4546), NeurIPS 2013. Phrases, and hierarchical softmax.
# - P. Bojanowski and others, [*Enriching Word Vectors with Subword Information*](https://aclanthology.org/Q17-1010/), TACL 2017. fastText.
# - O. Barkan, N. Koenigstein, [*Item2Vec: Neural Item Embedding for Collaborative Filtering*](https://arxiv.org/abs/1603.04259), MLSP 2016.
# - A. van den Oord, Y. Li, O. Vinyals, [*Representation Learning with Contrastive Predictive Coding*](https://arxiv.org/abs/1807.03748), arXiv 2018. InfoNCE.
# - J. Devlin and others, [*BERT*](https://aclanthology.org/N19-1423/), NAACL 2019.
# - A. Vaswani and others, [*Attention Is All You Need*](https://arxiv.org/abs/1706.03762), NeurIPS 2017.
#
# Back to the start: [00 · Meet word vectors](00_meet_word_vectors.ipynb)
