# %% [markdown]
# # 12 · Train on your own text
#
# **What you'll do.** Bring a text of your own, a novel or a folder of notes, train on it, explore its vectors, and take them with you.
#
# **What you'll be able to do.** Read any text in your own way, tell from a report whether it is large enough, choose settings by its size, save the result for other tools, and open theirs.
#
# **What you need.** Chapters 01, 05 and 06 to know what happens; nothing to try it. In a hurry? Go to *Your turn* at the end and choose a file.
#
# **Time.** 30 minutes, exercises included.

# %%
import tempfile
from itertools import islice
from pathlib import Path

# The package before MXNet: it tells MXNet how many cores there are.
from w2v_lesson import Explorer, FusedEngine, WordVectors, check, figures, load_data_ptb
from w2v_lesson import prepare_training, progress, progress_bar, read_ptb
from w2v_lesson.text.indexing import index_text
from w2v_lesson.text.sentences import read_text, split_words
from w2v_lesson.widgets.progress import epoch_line, reading_bar
import numpy
from mxnet import npx

npx.set_np()
temporary = tempfile.TemporaryDirectory()  # removed when the kernel ends
folder = Path(temporary.name)

# %% [markdown]
# ## A text, sentence by sentence
#
# There is no network here, so the text of this chapter is one that was installed along: gensim, a library for word vectors, carries 300 news articles of the Australian Broadcasting Corporation for its own tests. For a text of yours, write its path instead. A list of paths or a folder will do as well, and so will files packed by gzip.

# %%
from gensim.test.utils import datapath

path = datapath("lee_background.cor")  # or "books/emma.txt"
text = read_text(path)
for sentence in islice(text, 2):
    print(sentence[:9], "…", len(sentence), "words")

# %% [markdown]
# `read_text` reads nothing yet: each loop over `text` reads the file from its beginning, one paragraph at a time, so that it may be larger than memory.
#
# How does it know what a sentence is, and what a word? By a small rule, which is easy to say and sometimes wrong:
#
# - A sentence ends at `.`, `!`, `?` or `…` before white space, and at a blank line.
# - A word is a run of letters and digits in lower case, with single apostrophes and hyphens inside. All else separates.
#
# **Predict.** What becomes of *New Year's Eve*, *4:00pm*, *south-west* and *$1.5 million*?

# %%
split_words("New Year's Eve, 4:00pm, south-west: $1.5 million")

# %%
(folder / "smith.txt").write_text("Mr. Smith left.\nHe took a train to St. Ives.\n")
for sentence in read_text(folder / "smith.txt"):
    print(sentence)

# %% [markdown]
# Times and amounts fall apart, and after *Mr.* a sentence ends that does not. Does it matter? A window never crosses the end of a sentence, so *mr* loses *smith* as a context. That is a small harm; you can mend it with a rule of your own, below.
#
# ## What was read
#
# `index_text` counts the words, makes the vocabulary and turns the text into word indices, the two arrays of chapter 01. It also writes a report.
#
# **Predict.** A word that is seen fewer than `min_freq = 3` times is dropped. How many of the different words will that be: a tenth, a third, more than half? And which share of the text?

# %%
with reading_bar() as watch:
    ids, sentence_of, vocab, report = index_text(text, min_freq=3, progress=watch)
print(str(report).splitlines()[0])

# %% [markdown]
# More than half of the different words go, but only a tenth of the text: most words of any text are rare. The report also has a warning, and it means this text:

# %%
print(report.warning)

# %% [markdown]
# Remember it when you look at the neighbors below.
#
# ## Your own rule
#
# What cuts a sentence into words is called a [**tokenizer**](glossary.md#tokenizer). `tokenize` takes any function from a sentence to a list of words; those of NLTK and spaCy will do, which know languages that ours does not. The simplest one is `str.split`, which cuts at white space.
#
# **Predict.** Will the text then have more different words, or fewer? Which share of it is dropped?

# %%
by_split = read_text(path, tokenize=str.split)
*_, second = islice(by_split, 2)
print(second[:9])
print(str(index_text(by_split, min_freq=3).report).splitlines()[0])

# %% [markdown]
# More: *Sydney,* is another word than *Sydney*, and *A* another than *a*. Each then has fewer occurrences to learn from, and more of the text is dropped as rare. For a small text a rule that merges is worth much.
#
# Sentences have such a function too. The Penn Treebank is stored with one sentence a line and all words apart, so `str.splitlines` and `str.split` are the right rules for it. Let us write it to a file, as if it were a text of yours:

# %%
from w2v_lesson.text.own_text import load_data_text

(folder / "ptb.txt").write_text("\n".join(map(" ".join, read_ptb())))
ptb = read_text(folder / "ptb.txt", split_sentences=str.splitlines, tokenize=str.split)
data_iter, ptb_vocab = load_data_text(ptb, 512, 5, 5, min_freq=10)
theirs, _ = load_data_ptb(512, 5, 5)
print("the same word indices as by load_data_ptb:", (data_iter.ids == theirs.ids).all())

# %% [markdown]
# `load_data_text` does for your text what `load_data_ptb` does for this one: `index_text`, then minibatches. (It shows the report's warning as a Python warning, if there is one.)
#
# ## How long, how often?
#
# From here on all is as in chapter 05. But how many epochs does a small text need? The five of chapter 05 are too few. An epoch of 60,000 words has some 60 steps; after five epochs the vectors have hardly left their start. Too many are as bad, since the model then learns these sentences by heart.
#
# We held parts of the Penn Treebank against vectors of its other half: do both find the same pairs of words alike? The table says how well the cosines of 20,000 pairs agreed (Spearman's ρ, chapter 07).
#
# | words | 5 epochs | 10 | 20 | 40 | 80 |
# | ---: | ---: | ---: | ---: | ---: | ---: |
# | 30,000 | 0.02 | 0.09 | 0.20 | **0.37** | 0.35 |
# | 60,000 | 0.05 | 0.15 | **0.34** | 0.33 | 0.27 |
#
# For 120,000 words 15 epochs were best (0.39), for 240,000 it was 8 (0.47), for 450,000 five (0.51). So the rule of thumb is to train on two million words in all, repeated ones too; and more text is better than more epochs.

# %%
from w2v_lesson.text.own_text import suggest

for num_words in (30_000, report.words, 240_000, 900_000):
    print(f"{num_words:7,} words:", suggest(num_words))

# %% [markdown]
# Before you wait, ask how long. `forecast` trains a few steps with a net of its own, and scales their time up.

# %%
from w2v_lesson.minibatches import SkipGramData
from w2v_lesson.text.forecast import forecast

data_iter = SkipGramData(ids, sentence_of, vocab, 512, 5, 5, redraw=True)
num_epochs = suggest(report.words).num_epochs
expected = forecast(data_iter, embed_size=100)
print(f"{num_epochs} epochs will take about {num_epochs * expected.seconds:.0f} s")

# %%
training = prepare_training(data_iter, engine=FusedEngine)
progress_bar(training, num_epochs)
vectors = WordVectors.from_net(training.net, vocab)
print(epoch_line(training.records[-1]))

# %% [markdown]
# ## Ask, and doubt
#
# **Predict.** In December 2001, when these articles were written, which words stood near *afghanistan*? Near *cricket*?

# %%
neighbors = vectors.similar("afghanistan", 8)
figures.show(
    figures.neighbor_bars("afghanistan", neighbors),
    "Bars: the words nearest to afghanistan, " + ", ".join(n.word for n in neighbors),
)

# %% [markdown]
# **What you should see.** The *taliban* lead, and other words of that war follow. Most of them were seen fewer than twenty times: they can come from a handful of articles only.

# %%
for word in ("cricket", "palestinian", "fire", "rain"):
    print(f"{word:>11}:", ", ".join(n.word for n in vectors.similar(word, 6)))

# %% [markdown]
# That reads well, *rain* aside. But a reader finds sense in any list. So let us ask the text against itself: train on the first 150 articles, and on the other 150. What the vectors know of the *words*, both halves should say; what they know of single *articles*, only one half will.


# %%
def train_on(lines):
    (folder / "half.txt").write_text("\n".join(lines), encoding="utf-8")
    index = index_text(read_text(folder / "half.txt"), min_freq=3)
    data_iter = SkipGramData(*index[:3], 512, 5, 5, redraw=True)
    training = prepare_training(data_iter, engine=FusedEngine)
    progress_bar(training, suggest(index.report.words).num_epochs)
    return WordVectors.from_net(training.net, index.vocab)


# %%
articles = Path(path).read_text(encoding="utf-8").splitlines()
halves = train_on(articles[:150]), train_on(articles[150:])

# %% [markdown]
# **Predict.** Of the ten words nearest to *afghanistan* by one half, how many are among the ten nearest by the other?

# %%
lists = {
    name: half.similar("afghanistan", 10)
    for name, half in zip(["first 150 articles", "other 150"], halves)
}
both = set.intersection(*({n.word for n in near} for near in lists.values()))
figures.show(
    figures.compare_neighbors(lists),
    "Words nearest to afghanistan by each half; in both: " + ", ".join(sorted(both)),
)

# %% [markdown]
# **What you should see.** Two of the ten, marked with a dot, stand in both lists: *taliban* and *forces*. The others one half alone has. Is this word an exception? Here is the mean over all words that each half has seen twenty times or more:

# %%
counts = [dict(zip(half.vocab.idx_to_token, half.vocab.counts)) for half in halves]
words = [w for w in counts[0] if w != "<unk>" and min(c.get(w, 0) for c in counts) >= 20]
near = [[{n.word for n in half.similar(word, 10)} for half in halves] for word in words]
shared = sum(len(one & other) for one, other in near) / len(words)
print(f"{shared:.1f} of 10 neighbors by both halves, mean of {len(words)} words")

# %% [markdown]
# One in ten: twenty times what chance would give among 1,700 words, and far less than the lists made you believe. So doubt each neighbor of which the text has little to say, and do not stop at its cosine: look at its count. A novel has 100,000 words or so. Expect to find its people and places, and doubt the rest.
#
# ## Save, and take away
#
# `save_vectors` keeps both tables and the counts in one file. Other tools read the format of **word2vec**: one line a word, its numbers after it.

# %%
from w2v_lesson.files.formats import load_vectors, save_vectors, save_word2vec

save_vectors(vectors, folder / "articles.npz")
save_word2vec(vectors, folder / "articles.txt")
print((folder / "articles.txt").read_text().splitlines()[0])

# %% [markdown]
# The first line says how many words there are, and how many numbers each has. Does gensim read it, and find the same neighbors?

# %%
from gensim.models import KeyedVectors

keyed = KeyedVectors.load_word2vec_format(str(folder / "articles.txt"))
found = [word for word, cosine in keyed.most_similar("afghanistan", topn=8)]
print("the same neighbors by gensim:", found == [n.word for n in neighbors])

# %% [markdown]
# The module `w2v_lesson/files/formats.py` has more: `to_gensim`, `save_projector` for TensorBoard's map of words, `save_numpy`, `save_gluon`.
#
# ## Other people's vectors
#
# It works the other way round, too: `load_vectors` reads what word2vec, GloVe and fastText write as text, and word2vec's binary files. gensim has small vectors of these very articles, made by fastText, with ten numbers for each word.

# %%
fasttext = load_vectors(datapath("lee_fasttext.vec"))
[n.word for n in fasttext.similar("Israel", 6)]

# %% [markdown]
# **Predict, then look up:** which tokenizer was that text cut with? Type *afg* below, and see what is offered.

# %%
Explorer(fasttext, "Israel", k=6)

# %% [markdown]
# With `str.split`: *Afghanistan*, *Afghanistan,* and *Afghanistan.* are three words. The counts are missing, since such files have none.
#
# ## Larger than memory
#
# The word indices lie on your disk, in the lesson's cache folder, where the same text is found again without being read. They are [**memory-mapped**](glossary.md#memory-map): the array looks like any other, but what is not used need not be in memory. Three lines tell what a longer text costs:

# %%
print(f"on disk: {(ids.nbytes + sentence_of.nbytes) / len(ids):.0f} bytes a word")
print(f"to train: {expected.seconds_per_million:.1f} s for each million words and epoch")
large = SkipGramData(ids, sentence_of, vocab, 512, 5, 5, words_at_once=10_000)
print(f"drawn in {len(large.parts)} parts of some {len(ids) / len(large.parts):,.0f} words")

# %% [markdown]
# The tables must be in memory: with 100 numbers for each of 100,000 words, and what Adam remembers of them, 240 MB. The text need not. It is drawn and shuffled in parts, by default of ten million words, so that memory holds one part at a time.
#
# ## A training that survives
#
# A long training should survive a closed laptop. Give it `Checkpoints` and it writes down, at stated intervals, all that it needs to go on.

# %%
from w2v_lesson import Checkpoints


def resumable():
    checkpoints = Checkpoints(folder / "run")
    return prepare_training(data_iter, engine=FusedEngine, checkpoints=checkpoints)


first = resumable()
for record in first.run(num_epochs=2):
    if record.epoch > 1.5:
        break  # here you close the laptop

# %% [markdown]
# **Predict.** The next cell makes the same training anew. At which epoch does it begin?

# %%
second = resumable()
print(f"it begins at step {second.step:,}")
*_, last = second.run(num_epochs=2)
unbroken = [r.epoch_loss for r in training.records if r.epoch_loss is not None]
print("equal to the unbroken training:", last.epoch_loss == unbroken[1])

# %% [markdown]
# In the middle of the second epoch, and it ends with the same loss to the last bit as the training above had after its second epoch. A process that is killed loses 30 seconds of work at most, unless you choose another interval. If the text or a setting has changed meanwhile, the training refuses and says what differs.
#
# ## Your turn
#
# Choose one or more text files, or type the path of a file or a folder, then press *Read and train*. For a novel it takes less than a minute. The browser sends files to the kernel in one message, which Jupyter limits to 10 MB. Of more nothing arrives (the line beside the button names what did), and the button is of no use until you run its cell again. So give larger texts by their path. Of what you upload nothing is kept but the vectors, in the folder `my_vectors` beside this notebook.
#
# No text at hand? Run `own.path.value = path` in a cell of its own, and the path of the articles stands in the field.

# %%
from w2v_lesson.widgets.own_text import OwnText

own = OwnText()
own

# %% [markdown]
# This cell waits for its end, so that you can go on with `own.vectors` below.

# %%
own.wait()

# %% [markdown]
# ## Check yourself
#
# Put your answer in place of the three dots and run the cell; it tells you in words what is right or what went wrong. Solutions are in the notebook of the same name in the folder `solutions`.
#
# **1. Write.** A tokenizer for English that drops numbers and keeps *can't* whole: words are runs of letters, with single apostrophes inside, never at an end. All else separates. It gets a sentence and gives the list of its words in lower case.
#
# <details><summary>Hint</summary>
#
# `re.findall(pattern, sentence.lower())`. `[a-z]+` is a run of letters, and `(?:…)*` any number of what stands for the dots.
# </details>

# %% tags=["exercise"]
import re


def tokenize(sentence):
    ### BEGIN SOLUTION
    return re.findall(r"[a-z]+(?:'[a-z]+)*", sentence.lower())
    ### END SOLUTION


check("tokenize", tokenize)

# %% [markdown]
# **2. Write.** `counts` says how often each of the different words occurs. Which share of the *text* is dropped with this `min_freq`?
#
# <details><summary>Hint</summary>
#
# `counts < min_freq` tells which words are dropped; their occurrences are `counts[counts < min_freq]`.
# </details>


# %% tags=["exercise"]
def share_dropped(counts, min_freq):
    ### BEGIN SOLUTION
    return counts[counts < min_freq].sum() / counts.sum()
    ### END SOLUTION


check("share_dropped", share_dropped, array=numpy.array)

# %% tags=["exercise"]
progress("12")

# %% [markdown]
# Now choose; each choice opens to a reason.
#
# **Question.** Your text has 40,000 words. Which of these helps most?
#
# <details><summary>a) Vectors of 300 numbers in place of 100.</summary>No: more numbers are more to learn from the same few sentences.</details>
# <details><summary>b) Two hundred epochs in place of forty.</summary>No: the model then learns the sentences by heart, and its neighbors agree less with other text.</details>
# <details><summary>c) More text of the same kind.</summary>Right: the halves of a text agree the better the longer they are, and nothing else you can set comes near.</details>

# %% [markdown]
# **Question.** After `tokenize=str.split` the vocabulary holds *rain* and *rain,* as two words. What does skip-gram make of that?
#
# <details><summary>a) Two vectors, each from a part of the occurrences.</summary>Right: to the model they are as different as any two words, until their contexts bring them together.</details>
# <details><summary>b) One vector, as both are spelled alike.</summary>No: this model sees indices, not letters. fastText looks at letters, but keeps two vectors as well.</details>
# <details><summary>c) An error, as a comma is no letter.</summary>No: whatever the tokenizer gives is a word; nobody else looks at it.</details>

# %% [markdown]
# Two questions to think about:
#
# 1. You lower `min_freq` from 5 to 1. The report then says that nothing is dropped. Why is that no gain?
# 2. A friend trained on her diary and finds *home* next to *happy*. What would you ask before you believe it?
#
# <details><summary>Answers</summary>
#
# 1. The words that come in have one occurrence each: their vectors say in which sentence they stood. They also take room and turn up as neighbors.
# 2. How often both words occur, whether the other half of the diary says so too, and whether a training with another seed does.
# </details>
#
# ## Summary
#
# - A text becomes sentences and words by a rule; yours may be better than ours, and a rule that merges helps small texts.
# - Read the report before the neighbors: how many words, how much is dropped.
# - Small texts need more epochs, two million words in all, and stay doubtful: ask one half against the other.
# - Vectors go out in word2vec's format and come in from others.
#
# ## In practice
#
# - **Three cells.** `data_iter, vocab = load_data_text("novel.txt", 512, 5, 5, redraw=True)`; then a `Training` with a progress bar; then `Explorer(WordVectors.from_net(training.net, vocab), "love")`.
# - **Other encodings.** Text is read as UTF-8. If it is not, the error names the byte, and `read_text(path, encoding="cp1252")` reads older Windows files.
# - **One sentence a line.** Give `split_sentences=str.splitlines`.
# - **Held out.** `load_data_text(..., split="train")` and `split="heldout"` keep every twentieth sentence for the held-out loss of chapter 05.
# - **Names and dates are personal.** Vectors of letters or notes tell of the people in them. Think before you share them.
#
# ## Further reading
#
# - S. Lai and others, *How to Generate a Good Word Embedding?*, 2016: how corpus, size and epochs matter.
# - M. Antoniak, D. Mimno, *Evaluating the Stability of Embedding-based Word Similarities*, 2018: what small texts can tell, and what not.
# - R. Řehůřek, P. Sojka, *Software Framework for Topic Modelling with Large Corpora*, 2010: gensim.
#
# Next: [13 · Where it leads](13_where_it_leads.ipynb)
