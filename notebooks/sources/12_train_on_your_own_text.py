# %% [markdown]
# # 12 · Train on your own text
#
# The Penn Treebank has almost 900,000 words. A novel has perhaps 100,000, and your notes have even fewer. You can train word vectors on any of them, and each word will get its list of neighbors. But does such a list tell you something about the words, or only about a few sentences in which they happened to appear?
#
# Just looking at the list won't tell you, because people find sense in almost anything. So in this chapter we train on a small text and then test how much of the result is real.
#
# **What you'll do.** Train on a text that is fifteen times smaller than the Penn Treebank, test what was learned, and take the vectors with you. (To try a text of your own first, go to *Your turn* near the end.)
#
# **What you'll be able to do.** Read any text with rules of your own, find out how long to train, compare neighbors with chance, exchange vectors with other tools, and continue a training on another day.
#
# **What you need.** Chapters 01, 05, and 06.
#
# **Time.** 30 minutes, exercises included.

# %%
import tempfile
from pathlib import Path

from w2v_lesson import Checkpoints, Explorer, FusedEngine, Settings, Vocab, WordVectors
from w2v_lesson import check, figures, prepare_training, progress, progress_bar

from mxnet import npx

npx.set_np()
temporary = tempfile.TemporaryDirectory()  # removed when the kernel ends
folder = Path(temporary.name)

# %% [markdown]
# ## Read the text
#
# We take a text that is already on your disk: the library gensim comes with 300 news articles of the Australian Broadcasting Corporation. For a text of your own, replace `path`. A list of paths or a folder works as well, and so do files packed with gzip.

# %%
from itertools import islice

from gensim.test.utils import datapath
from w2v_lesson.text.sentences import read_text

path = datapath("lee_background.cor")  # or, for example, "books/emma.txt"
text = read_text(path)
for sentence in islice(text, 2):
    print(sentence[:9], "…", len(sentence), "words")

# %% [markdown]
# Each loop over `text` reads the file from the beginning, one paragraph at a time, so the file may be larger than memory. It is read by two rules, which are simple and sometimes wrong:
#
# - A sentence ends at `.`, `!`, `?`, or `…` when white space follows, and at a blank line.
# - A word is a run of letters and digits, in lower case, with single apostrophes and hyphens inside. Everything else separates words.
#
# **Predict.** What will these rules make of *Mr. Smith paid $1.5 million at 4:00pm*?

# %%
(folder / "smith.txt").write_text("Mr. Smith paid $1.5 million at 4:00pm.")
list(read_text(folder / "smith.txt"))

# %% [markdown]
# A sentence ends after *Mr.*, and the amount and the time fall apart. If this matters for your text, bring a rule of your own. A rule that splits a sentence into words is called a [**tokenizer**](glossary.md#tokenizer), and `read_text` accepts any function that takes a sentence and returns its words. NLTK and spaCy have good ones for many languages. The simplest one is Python's `str.split`, which splits at white space.
#
# `index_text` counts the words, builds the vocabulary, and returns the two arrays of chapter 01 and a report. Words that occur fewer than `min_freq` times are dropped.
#
# **Predict.** Will `str.split` find more different words than our rule or fewer? And with which of the two is more of the text dropped?

# %%
from w2v_lesson.text.indexing import index_text

by_split = read_text(path, tokenize=str.split)
for rule, each in [("our rule", text), ("str.split", by_split)]:
    *_, report = index_text(each, min_freq=3)
    print(f"{rule}: {report.distinct_words:,} different words,", end=" ")
    print(f"{report.kept_words:,} kept, {report.share_dropped:.0%} of the text dropped")

# %% [markdown]
# With `str.split`, *Sydney* and *Sydney,* are two words, and so are *A* and *a*. Each of them occurs less often than the two together, so more of the text is dropped as too rare. A rule that merges such forms keeps more of a small text.
#
# With both rules, most of the different words are dropped, but only a small part of the text: most words are rare, and most of a text consists of frequent words. The report also warns us:

# %%
print(index_text(text, min_freq=3).report.warning)

# %% [markdown]
# The measurements behind this warning are in `benchmarks/RESULTS.md`, and below you will see how a permutation test works. Its $p$ says how often chance alone would give a result at least as good. By the way, if one part out of six had agreed, that would prove nothing: even six useless sets of vectors have at least one with $p < 0.05$ in a quarter of all cases, because $1 - 0.95^6 = 0.26$.
#
# ## Find out how long to train
#
# In chapter 05 five epochs were enough. But that was a text of almost 900,000 words, and an epoch of this one is fifteen times shorter. So how many epochs does it need? Chapter 07 answered this question with held-out text, and we can do the same. We cut the text into ten pieces of successive sentences, train on nine of them, and keep one for checking.

# %%
from itertools import chain

from w2v_lesson.minibatches import SkipGramData
from w2v_lesson.vocabulary import index_corpus

sentences = list(text)
tenths = [sentences[i : i + 270] for i in range(0, len(sentences), 270)]


def data_of(pieces, vocab=None, **options):
    lines = list(chain.from_iterable(pieces))
    vocab = vocab or Vocab(lines, min_freq=3)
    return SkipGramData(*index_corpus(lines, vocab), vocab, 512, 5, 5, **options)


# %% [markdown]
# The vocabulary comes from the nine pieces alone, because nothing in the training may depend on the held-out piece. We train three times, each time with a different piece held out and a different seed, to see how much of the result is due to chance. The learning rate is 0.003, as in chapter 07.
#
# **Predict.** Five epochs will not be enough. What do you think: will the held-out loss be lowest after 10 epochs, after 20, or will it still be falling after 28? And will it ever be below 0.451, the loss of a model that always answers "one sixth" (chapter 04, for $K = 5$)?


# %%
def train(pieces, num_epochs, heldout=None, seed=0):
    data_iter = data_of(pieces, redraw=True, seed=seed)
    heldout = heldout and data_of(heldout, data_iter.vocab)
    options = {"heldout": heldout, "engine": FusedEngine}
    options["records_per_epoch"] = 2 if heldout else 1  # each record takes time
    settings = Settings(lr=0.003, seed=seed)
    training = prepare_training(data_iter, settings, **options)
    progress_bar(training, num_epochs)
    return training


trainings = [
    train(tenths[:i] + tenths[i + 1 :], 28, heldout=[tenths[i]], seed=i) for i in (1, 4, 7)
]


# %%
import numpy as np


def heldout_losses(training):
    return [r.heldout_loss for r in training.records if r.heldout_loss is not None]


for training in trainings:
    losses = heldout_losses(training)
    best = int(np.argmin(losses))
    print(f"lowest after epoch {best + 1}: {losses[best]:.3f},", end=" ")
    print(f"after epoch 5: {losses[4]:.3f}, after epoch 28: {losses[-1]:.3f}")

# %%
records, losses = trainings[0].records, heldout_losses(trainings[0])
figures.show(
    figures.loss_curve([r for r in records if r.epoch > 4], 28, guess=0.451),
    "Loss of the first training from epoch 4 on. Held-out after epochs 5, 10, and so on: "
    + ", ".join(f"{loss:.3f}" for loss in losses[4::5]),
)

# %% [markdown]
# **What you should see.** (The figure leaves out the first four epochs, in which both losses come down from 0.693.) After five epochs, the held-out loss is only a little below 0.451. So with the five epochs of chapter 05, the model would have learned that most pairs are made up, and hardly anything else. The held-out loss is lowest after about twenty epochs. Then it begins to rise, while the training loss keeps falling. From there on, the model gets better on its own sentences and worse on new ones.
#
# The lowest loss is not far below 0.451. And some of that small gain has nothing to do with which words go together, because some words, such as *the*, make up a larger share of the noise words than of the contexts, so for them "no" is an even safer answer, whatever the center (chapter 05). How far do we get if we know only the counts, and ignore the center? From its count we can compute how often a word is a context, and how often it is a noise word. With five noise words for each context, the two give us the odds that the answer is yes.

# %%
from w2v_lesson import build_net, initialize
from w2v_lesson.vocabulary import known_counts
from w2v_lesson.training import evaluate_loss


def loss_by_counts(data_iter, heldout):
    counts = np.maximum(known_counts(data_iter.vocab), 1)
    as_context, as_noise = counts * data_iter.keep, counts**0.75
    odds = as_context / as_context.sum() / (5 * as_noise / as_noise.sum())
    net = build_net(len(counts), 1)  # one number for each word
    initialize(net, npx.cpu())
    net[0].weight.set_data(np.ones((len(counts), 1)))
    net[1].weight.set_data(np.log(odds)[:, None])
    return evaluate_loss(net, heldout, npx.cpu())


for training in trainings:
    print(f"{loss_by_counts(training.data_iter, training.heldout):.3f} by counts alone")

# %% [markdown]
# So counts alone get us to 0.444 or 0.445. What the vectors add by knowing the company that words keep is the step from there to the lowest held-out loss, about 0.02 or 0.03 nats. It is a small step, but all three trainings take it. (It looks a little larger than it is, because we used the same held-out text to choose the epoch.)
#
# How does the best number of epochs depend on the size of the text? We measured it on parts of the Penn Treebank (`python -m benchmarks own_text`), each with a seed of its own:
#
# | words of the text | parts | held-out loss lowest after epoch |
# | ---: | ---: | ---: |
# | 25,000 | 6 | 35 to 40 |
# | 50,000 | 6 | 21 or 22 |
# | 100,000 | 6 | 12 to 15 |
# | 200,000 | 4 | 8 to 10 |
# | 400,000 | 2 | 6 or 7 |
#
# `suggest` turns this into a rule: 14 epochs for 100,000 words, and about 1.6 times as many whenever the text is half as long, but never fewer than 5 or more than 45. (If you need the vectors for a task, let the task decide: try several numbers of epochs, and choose on words that you put aside, as we did for the learning rate in chapter 08.)

# %%
from w2v_lesson.text.own_text import suggest

for num_words in (25_000, 60_005, 100_000, 200_000, 400_000):
    print(f"{num_words:7,} words: {suggest(num_words).num_epochs} epochs")

# %% [markdown]
# ## Ask, and doubt
#
# Now we train on the whole text.
#
# **Predict.** The articles are from the end of 2001. Which words will be near *afghanistan*?

# %%
training = train(tenths, suggest(60_005).num_epochs)
vectors = WordVectors.from_net(training.net, training.data_iter.vocab)
neighbors = vectors.similar("afghanistan", 8)
figures.show(
    figures.neighbor_bars("afghanistan", neighbors),
    "Bars: the words nearest to afghanistan, "
    + ", ".join(f"{n.word} {n.cosine:.2f}" for n in neighbors),
)

# %%
for word in ("cricket", "palestinian", "fire", "rain"):
    print(f"{word:>11}:", ", ".join(n.word for n in vectors.similar(word, 6)))

# %% [markdown]
# **What you should see.** Most of these words fit the war that was in the news. But look at the counts: *mastermind* was seen only four times. The neighbors of *cricket*, *palestinian*, and *fire* look convincing, and those of *rain* don't. What should we believe?
#
# To find out what is real, check the text against itself. Deal the ten pieces into two halves, and train on each half alone. What the vectors have learned about *words*, both halves should tell us. What they have learned about single *articles*, only one of them can know (except for the few articles that our cuts split in two).


# %%
def train_halves(seed):
    order, plan = np.random.default_rng(seed).permutation(10), suggest(30_000)
    for k, part in enumerate((order[:5], order[5:])):
        half = train([tenths[i] for i in part], plan.num_epochs, seed=2 * seed + k)
        yield WordVectors.from_net(half.net, half.data_iter.vocab)


halvings = [list(train_halves(seed)) for seed in range(3)]

# %% [markdown]
# **Predict.** How many of the ten nearest words to *afghanistan* will the two halves of the first halving have in common?

# %%
lists = {
    name: half.similar("afghanistan", 10)
    for name, half in zip(["one half", "the other half"], halvings[0])
}
both = set.intersection(*({n.word for n in near} for near in lists.values()))
figures.show(
    figures.compare_neighbors(lists),
    "Words nearest to afghanistan by each half; in both: " + ", ".join(sorted(both)),
)

# %% [markdown]
# **What you should see.** Only a few of the ten words, marked with a dot, are in both lists. *taliban*, which is near the top of one list, is missing from the other.
#
# One word is not enough to judge by, so let us take all words that occur at least twenty times in each half. The function below compares the list of each word in one half with the list of *every* word in the other half. On the diagonal of the result, a word meets itself.


# %%
def shared_neighbors(halves):
    one, other = (dict(zip(h.vocab.idx_to_token, h.vocab.counts)) for h in halves)
    words = [w for w in one if w != "<unk>" and min(one[w], other.get(w, 0)) >= 20]
    words.sort(key=one.get)
    lists = [
        [{n.word for n in half.similar(word, 10)} for word in words] for half in halves
    ]
    return np.array([[len(a & b) for b in lists[1]] for a in lists[0]])


# %% [markdown]
# How many neighbors do two lists share by chance? Some words are in many lists, so even the lists of unrelated words sometimes have one in common. To measure that, we shuffle: each word keeps its list from one half, but the lists from the other half are dealt out anew. (About one word in ten gets its own list back, which only makes the shuffled numbers too high.) We deal only within groups of ten words that occur about equally often, because frequent words tend to have frequent neighbors. (Up to nine of the most frequent words are left out, so that the groups come out even.) If the true number came about by chance, it should look just like the numbers from 999 shuffles. This is called a **permutation test**.

# %%
rng = np.random.default_rng(0)
for halves in halvings:
    shared = shared_neighbors(halves)
    n = len(shared) // 10 * 10
    groups = np.arange(n).reshape(-1, 10)  # ten words with similar counts in each row
    shuffled = [shared[range(n), rng.permuted(groups, axis=1).ravel()] for _ in range(999)]
    means = np.mean(shuffled, axis=1)
    print(f"{n} words: {shared.diagonal()[:n].mean():.1f} of 10 neighbors shared;", end=" ")
    print(f"shuffled {means.mean():.1f} on average, {means.max():.1f} at most")

# %% [markdown]
# In all three halvings a word shares about one of its ten neighbors. That is several times as many as with shuffled lists, and none of the 999 shuffled numbers comes near it. The true number counts as one more, so only 1 of 1,000 numbers is that large: $p = 1/1000$ in each halving, the smallest value that 999 shuffles can give. The vectors do know something about words.
#
# But nine out of ten neighbors are different in the other half. Some of that must be chance in the training (chapter 07: even with the same text, another seed changes most neighbors), and some depends on the articles. And a half has only 30,000 words to learn from, so the vectors of the whole text should be better than that, but this test can't tell how much better. In practice: before you believe a neighbor, look at its count, and check whether it comes back in another training.
#
# ## Keep and share the vectors
#
# `save_vectors` keeps everything in one file: both tables, the words, and their counts. If other tools are to read the vectors, use the text format of the original **word2vec** program, which almost all of them know: one line for each word, with the numbers after it.

# %%
from w2v_lesson.files.formats import load_vectors, save_vectors, save_word2vec

save_vectors(vectors, folder / "articles.npz")
save_word2vec(vectors, folder / "articles.txt")
with open(folder / "articles.txt", encoding="utf-8") as file:
    print(file.readline().strip())
    print([file.readline().split()[0] for _ in range(8)])

# %% [markdown]
# The first line says how many words there are and how many numbers each of them has. The most frequent word comes first.
#
# **Predict.** Will gensim find the same neighbors in this file, with the same cosines?

# %%
from gensim.models import KeyedVectors

keyed = KeyedVectors.load_word2vec_format(str(folder / "articles.txt"))
found = keyed.most_similar("afghanistan", topn=8)
for ours, (word, cosine) in zip(neighbors[:3], found):
    print(f"ours: {ours.cosine:.3f} {ours.word:<12} gensim: {cosine:.3f} {word}")
print("all eight the same:", [word for word, _ in found] == [n.word for n in neighbors])

# %% [markdown]
# It does. The way back is `load_vectors`. What has been lost on the way?

# %%
loaded = load_vectors(folder / "articles.txt")
counts = [each.similar("afghanistan", 1)[0].count for each in (vectors, loaded)]
print(f"{neighbors[0].word} was seen:", *counts)
print("words:", len(vectors), "in the vectors,", len(keyed), "in the file")
print("context table:", vectors.context is not None, loaded.context is not None)

# %% [markdown]
# Three things are lost. The format has no place for counts, so `loaded` says 0, which here means "unknown." (`save_word2vec(…, counts=path)` writes them to a second file, and `load_vectors(…, counts=path)` reads that.) One word is missing: `<unk>` stays behind, because it was never trained, and other tools would take it for a word. And there is only one table. Here are all the ways to save or export vectors, from `w2v_lesson.files.formats`:
#
# | for | call | keeps |
# | --- | --- | --- |
# | this lesson | `save_vectors(vectors, path)` | everything |
# | word2vec, gensim, and others | `save_word2vec(vectors, path)` | one table |
# | gensim, without a file | `to_gensim(vectors)` | one table, counts |
# | the maps of the TensorBoard Projector | `save_projector(vectors, folder)` | one table, counts |
# | NumPy | `save_numpy(vectors, folder)` | everything |
# | a Gluon net, to train further | `save_gluon(vectors, path)` | both tables, without the words |
#
# `load_vectors` reads other people's files, too: the text and binary formats of word2vec and the text files of GloVe and fastText, two other programs that train word vectors. gensim comes with small vectors that fastText made from these same articles.
#
# **Predict, then check.** Which tokenizer was used for them? Type *afg* in the explorer and see what it offers.

# %%
fasttext = load_vectors(datapath("lee_fasttext.vec"))
Explorer(fasttext, "Israel", k=6)

# %%
[n.word for n in fasttext.similar("Israel", 6)]

# %% [markdown]
# It was a rule like `str.split`: *Israel*, *Israel.* and *Israel,* are three words.
#
# ## Stop, and continue
#
# A training is a loop over `training.run`, which yields a record several times per epoch. If you leave the loop, the training stops, even in the middle of an epoch. (The notebook's stop button does the same.)


# %%
def new_training(**options):
    return prepare_training(data_of(tenths, redraw=True), engine=FusedEngine, **options)


training = new_training()
for record in training.run(num_epochs=4):
    if record.epoch > 1.5:
        break
print(f"stopped at epoch {record.epoch:.2f}, after {training.step} steps")

# %% [markdown]
# To continue, call `run` on the same object again. `num_epochs` counts all epochs from the beginning.
#
# **Predict.** Will the vectors be the same as those of a training that was never interrupted? Nearly the same, or exactly?


# %%
def same(one, other):
    return all(
        (a.weight.data() == b.weight.data()).all() for a, b in zip(one.net, other.net)
    )


unbroken = new_training()
for each in (training, unbroken):
    list(each.run(num_epochs=4))
print("equal to the unbroken training:", same(training, unbroken))

# %% [markdown]
# Exactly. What an epoch draws at random depends only on the seed and on the number of the epoch, and the training object keeps everything else that matters, such as Adam's memory.
#
# But the object is gone when the kernel ends. To continue on another day, or in another process, give the training a folder for `Checkpoints`. It writes a **checkpoint** there, with all that it needs to continue: every 30 seconds (or another interval of your choice), after each epoch, and when it stops. So if the process is killed, you lose no more than the work of 30 seconds.

# %%
first = new_training(checkpoints=Checkpoints(folder / "run"))
for record in first.run(num_epochs=4):
    if record.epoch > 1.5:
        break  # here you close the laptop

# %% [markdown]
# **Predict.** The next cell makes a new training with a new net, and gives it the same folder. At which epoch will it begin?

# %%
second = new_training(checkpoints=Checkpoints(folder / "run"))
print(f"begins at epoch {second.records[-1].epoch:.2f}, after {second.step} steps")
list(second.run(num_epochs=4))
print("equal to the unbroken training:", same(second, unbroken))

# %% [markdown]
# It begins where the first one stopped, and its vectors are again exactly those of the unbroken training. But what if you have changed the text in the meantime, or the learning rate?

# %%
from w2v_lesson.files.checkpoint import CheckpointError

try:
    other_data = data_of(tenths[:9], redraw=True)
    prepare_training(
        other_data,
        Settings(lr=0.004),
        engine=FusedEngine,
        checkpoints=Checkpoints(folder / "run"),
    )
except CheckpointError as error:
    print(*str(error).partition(": ")[2].split("; "), sep="\n")

# %% [markdown]
# The training refuses to continue, and tells you what differs. (The 54,001 words are those that were kept of the 60,005, and *parts* says in how many parts the text is read, here in one. The numbers in parentheses are fingerprints. They tell two texts apart even if both have the same length.)
#
# ## Your turn
#
# Choose one or more text files, or type the path of a file or a folder, and press *Read and train*. A novel takes less than a minute. Jupyter limits what the browser can send to 10 MB at once, so give larger texts by their path. Of a file that you upload, only the vectors are kept, in the folder `my_vectors` next to this notebook. If you have no text at hand, type the path that `gensim.test.utils.datapath("lee_background.cor")` returns: these are the articles of this chapter.

# %%
from w2v_lesson.widgets.own_text import open_own_text

own = open_own_text()
own

# %% [markdown]
# The next cell waits until the training has ended. After that, your vectors are in `own.vectors`.

# %%
own.wait()

# %% [markdown]
# ## Check yourself
#
# Replace the three dots with your answer and run the cell.
#
# **1. Write.** A tokenizer for English that drops numbers and keeps *can't* in one piece. Words are runs of letters. There may be single apostrophes inside a word, but not at either end, and everything else separates words. The function takes a sentence and returns the list of its words in lower case.
#
# <details><summary>Hint</summary>
#
# Use `re.findall(pattern, sentence.lower())`. `[a-z]+` matches a run of letters, and `(?:…)*` matches what is inside any number of times.
# </details>

# %% tags=["exercise"]
import re


def tokenize(sentence):
    ### BEGIN SOLUTION
    return re.findall(r"[a-z]+(?:'[a-z]+)*", sentence.lower())
    ### END SOLUTION


check("tokenize", tokenize)

# %% [markdown]
# **2. Write.** The array `counts` says how often each of the different words of a text occurs. What share of the *text* is dropped with this `min_freq`?
#
# <details><summary>Hint</summary>
#
# `counts < min_freq` is true for the words that are dropped, and `counts[counts < min_freq]` are their counts.
# </details>


# %% tags=["exercise"]
def share_dropped(counts, min_freq):
    ### BEGIN SOLUTION
    return counts[counts < min_freq].sum() / counts.sum()
    ### END SOLUTION


check("share_dropped", share_dropped, array=np.array)

# %% tags=["exercise"]
progress("12")

# %% [markdown]
# Now choose an answer. Each one opens and tells you why it is right or wrong.
#
# **Question.** Two halves of your text share 1.5 of 10 neighbors on average. With shuffled lists it is 1.4, and 200 of the 999 shuffled numbers are larger than 1.5. What follows?
#
# <details><summary>a) The vectors have learned 15% of what the text could teach them.</summary>No. Nearly as many neighbors are shared by chance, so you have to compare with that.</details>
# <details><summary>b) The halves share more than chance would give, since 1.5 is more than 1.4.</summary>No. One in five shuffled numbers is even larger, so chance alone could easily give 1.5.</details>
# <details><summary>c) This test cannot tell the halves from chance.</summary>Right. That does not prove that the vectors are worthless, but it gives you no reason to believe a single neighbor.</details>

# %% [markdown]
# **Question.** With `tokenize=str.split`, the vocabulary contains *rain* and *rain,* as two words. What does skip-gram do with them?
#
# <details><summary>a) It learns two vectors, each from some of the occurrences.</summary>Right. To the model they are as different as any two words, and only their contexts can bring them together.</details>
# <details><summary>b) It learns one vector, because the spelling is nearly the same.</summary>No. This model sees indices and no letters. Even fastText, which also looks at letters, keeps two vectors.</details>
# <details><summary>c) It raises an error, because a comma is not a letter.</summary>No. Whatever the tokenizer returns counts as a word.</details>

# %% [markdown]
# Two questions to think about:
#
# 1. You lower `min_freq` from 5 to 1, and the report says that nothing is dropped anymore. Why doesn't that help?
# 2. A friend trained vectors on her diary, and *home* turned out to be next to *happy*. What would you ask her before you believe it?
#
# <details><summary>Answers</summary>
#
# 1. Most of the new words occur once. All that their vectors can tell is in which sentence that was, and they turn up as neighbors of other words.
# 2. How often both words occur in the diary. Whether they are still neighbors after a training with another seed (chapter 07), and in each half of the diary.
# </details>
#
# ## Summary
#
# - A tokenizer that merges the forms of a word keeps more of a small text. Such a text also needs more epochs, and held-out text tells you when to stop.
# - Some of the neighbors are real and some are not. Compare two halves of the text, and shuffle the lists to see what chance would give.
# - Other tools read the vectors in word2vec's format, and a training with checkpoints can be continued on another day.
#
# ## In practice
#
# - **In three cells.** `data_iter, vocab = load_data_text("novel.txt", 512, 5, 5, redraw=True)` (from `w2v_lesson.text.own_text`), then `prepare_training` and `progress_bar` as in `train` above, and finally `Explorer(WordVectors.from_net(training.net, vocab), "love")`. For held-out text, keep some files apart and load them with `vocab=vocab`.
# - **Other encodings.** Text is read as UTF-8. If it is something else, the error names the position, and `read_text(path, encoding="cp1252")` reads files from older versions of Windows.
# - **One sentence per line.** `read_text(path, split_sentences=str.splitlines)` reads such files, and with `tokenize=str.split` it reads the Penn Treebank.
# - **Larger than memory.** `index_text` keeps its arrays on the disk as [**memory maps**](glossary.md#memory-map), and epochs are drawn in parts of about ten million words.
# - **Personal text.** Vectors trained on someone's mail or diary give away what the people in it have to do with each other. Think before you share them.
#
# ## Further reading
#
# - M. Antoniak, D. Mimno, [*Evaluating the Stability of Embedding-based Word Similarities*](https://aclanthology.org/Q18-1008/), TACL 2018. What small texts can tell and what they can't.
# - S. Lai, K. Liu, S. He, J. Zhao, [*How to Generate a Good Word Embedding*](https://arxiv.org/abs/1507.05523), IEEE Intelligent Systems 2016. How much the text, its size, and the number of epochs matter.
# - N. Mantel, *The Detection of Disease Clustering and a Generalized Regression Approach*, Cancer Research 1967. A permutation test for pairs of items when each item is in many pairs.
# - R. Řehůřek, P. Sojka, *Software Framework for Topic Modelling with Large Corpora*, LREC workshop on New Challenges for NLP Frameworks 2010. The paper behind gensim.
#
# Next: [13 · Where it leads](13_where_it_leads.ipynb)
