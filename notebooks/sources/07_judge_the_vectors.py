# %% [markdown]
# # 07 · Judge the vectors
#
# **What you'll do.** Measure what trained vectors are worth, by text they have not read, by people's judgements and by training them again; then look for what they get wrong.
#
# **What you'll be able to do.** Read a held-out curve, report an agreement with its coverage and its interval, tell what is stable from what is chance, and name six ways in which word vectors fail.
#
# **What you need.** Chapters 05 and 06. The vectors are those of chapter 05's settings; if they are not on your disk yet, the first cell trains them in some ten seconds.
#
# **Time.** 40 minutes, exercises included.

# %%
from collections import Counter
from math import log
from pathlib import Path

import numpy as np
from gensim.models import KeyedVectors
from gensim.test.utils import datapath
from scipy.stats import bootstrap, spearmanr

# The package before MXNet: it tells MXNet how many cores there are.
from w2v_lesson import Explorer, FusedEngine, Settings, WordVectors, check, figures
from w2v_lesson import load_data_ptb, prepare_training, progress, progress_bar
from w2v_lesson import ptb_vectors, read_ptb
from w2v_lesson.judge import evaluation

vectors = ptb_vectors(watch=progress_bar)
vocab, counts = vectors.vocab, vectors.vocab.counts

# %% [markdown]
# ## Text it has not read
#
# The first judge is the loss on **held-out** pairs (chapter 05). A loss alone says little: is 0.4 good? It needs a yardstick. Of the pairs of a center one in six is a context, five are noise words. A model that knows this and nothing about words always answers 1/6. Its loss is

# %%
guess = -(log(1 / 6) + 5 * log(5 / 6)) / 6
print(f"{guess:.3f} nats per pair")

# %% [markdown]
# Now train twice, for eight epochs, with the same seed. Once the pairs are **drawn once**, before the first epoch, as the source chapter does; once they are **drawn afresh** for each epoch, as this lesson does.

# %%
heldout, _ = load_data_ptb(512, 5, 5, split="valid", vocab=vocab)


def train(num_epochs, redraw=True, seed=0):
    data_iter, _ = load_data_ptb(512, 5, 5, vocab=vocab, redraw=redraw, seed=seed)
    settings = Settings(seed=seed)
    training = prepare_training(data_iter, settings, heldout=heldout, engine=FusedEngine)
    progress_bar(training, num_epochs)
    return training


# %% [markdown]
# **Predict.** Which of the two ends with the lower *training* loss, which with the lower *held-out* loss? The source trains five epochs: too few, enough, or too many?

# %%
once, afresh = train(8, redraw=False), train(8, redraw=True)
runs = {"drawn once": once.records, "drawn afresh": afresh.records}
figures.show(
    figures.epoch_losses(runs, guess),
    "Losses by epoch: drawn once, the training loss is lower, the held-out loss turns up.",
)

# %%
for label, records in runs.items():
    ends = [r.heldout_loss for r in records if r.heldout_loss is not None]
    print(f"{label:>12}, held-out:", *(f"{loss:.3f}" for loss in ends))

# %% [markdown]
# **What you should see.** Two training losses that fall to the end (solid lines), and two held-out losses that turn (dashed; a star marks the lowest). Drawn once, the turn comes after epoch 3. The source's five epochs are too many for its own data, and by epoch 8 most of the distance to the constant guess is lost again. Drawn afresh, the held-out loss is lower, reaches its lowest around epochs 5 and 6, and rises slowly. The reason: pairs that come back each epoch can be learned by heart. Pairs drawn afresh cannot, but they come from the same text, so in the end that is learned by heart, too.
#
# Note the distance: all that the model has learned is the step from the dotted line down to the star. A second measure makes this easier to grasp. Take a context and a noise word of held-out text: how often does the context score higher? This is the [**AUC**](glossary.md#auc); 0.5 is guessing, 1 is perfect. For comparison, give each word one and the same score beside *every* center: how often it is a context (its count times the probability to be kept), over how often it is noise ($\text{count}^{0.75}$, chapter 01).

# %%
by_count = (heldout.keep * counts**0.25)[:, None]  # (vocab_size, 1): one number a word
of_counts = evaluation.separation(np.ones_like(by_count), by_count, heldout)
of_vectors = evaluation.separation(vectors.center, vectors.context, heldout)
print(f"AUC: {of_counts:.2f} by counts alone, {of_vectors:.2f} by the vectors")

# %% [markdown]
# So the vectors put a context before a noise word 69 times in 100; counts alone, which know nothing about the center, do so 58 times. That is a modest score, and it has to be: hardly anyone could tell which words will stand near *chip* in tomorrow's newspaper.
#
# ## What people say
#
# The second judge is people. For **WordSim-353**, they rated how *related* two words are, from 0 to 10; for **SimLex-999**, how *alike*.

# %%
lists = {
    "WordSim-353": evaluation.read_wordsim353(),
    "SimLex-999": evaluation.read_simlex999(),
}
for name, judgements in lists.items():
    rated = {frozenset([a, b]): score for a, b, score in judgements}
    pairs = ["coast shore", "man woman", "professor student"]
    print(
        f"{name:>11}:",
        *(f"{pair} {rated[frozenset(pair.split())]:g}, " for pair in pairs),
        f"… {len(judgements)} pairs",
    )

# %% [markdown]
# *Professor* and *student* are related and not alike.
#
# **Predict.** With which of the two lists will the vectors agree more?
#
# Do the cosines put the pairs in the same order as people do? Spearman's [**rank correlation**](glossary.md#rank-correlation) $\rho$ says so in one number: 1 for the same order, 0 for none, −1 for the reverse. It comes with two pieces of fine print:
#
# - [**Coverage.**](glossary.md#coverage) Pairs with a word that has no vector are left out. How many were left out must be said, for the rest is another, mostly easier, list.
# - **Interval.** Other pairs of the same kind would have given another $\rho$. The [**bootstrap**](glossary.md#bootstrap) estimates how far off it may be: draw as many pairs again from those at hand, with replacement, 999 times, and take the range of the middle 95% of the results.

# %%
estimates = {}
for name, judgements in lists.items():
    for table in ["center", "context", "sum"]:
        rho, covered, total = evaluation.agreement(vectors, judgements, table)
        low, high = evaluation.agreement_interval(vectors, judgements, table)
        estimates[f"{name}, {table}"] = rho, low, high
        print(
            f"{name:>11} {table:>7}: ρ {rho:.2f}, 95% interval {low:.2f} to {high:.2f}",
            f"on {covered} of {total} pairs ({covered / total:.0%})",
        )

# %%
figures.show(
    figures.intervals(estimates, "rank correlation with people, 95% interval"),
    "Rank correlations with their intervals: WordSim about .33, SimLex about .12, all above 0.",
)

# %% [markdown]
# **What you should see.** WordSim: some agreement, about a third of the way. SimLex: hardly any, and the lower ends come close to 0. No interval reaches below 0, so the choice of pairs alone does not explain the agreement. But each is wide, and within each list the three overlap by far.
#
# Do not take our function's word for it. gensim has evaluators of its own:

# %%
keyed = KeyedVectors(vectors.center.shape[1])
keyed.add_vectors(vocab.idx_to_token, vectors.center)
for name, file in [("WordSim-353", "wordsim353.tsv"), ("SimLex-999", "simlex999.txt")]:
    _, spearman, left_out = keyed.evaluate_word_pairs(datapath(file))
    print(f"{name}: ρ {spearman.statistic:.2f}, {left_out:.0f}% left out")

# %% [markdown]
# The same numbers. Now to a question that chapter 06 left open: **is the sum of both tables better than the center table?** Intervals that overlap do not answer it, since both tables were judged by the *same* pairs. Draw pairs again, and each time take the difference:


# %%
def difference(one, other, scores):
    return spearmanr(other, scores).statistic - spearmanr(one, scores).statistic


for name, judgements in lists.items():
    center, scores = evaluation.scored_pairs(vectors, judgements, "center")
    both, _ = evaluation.scored_pairs(vectors, judgements, "sum")
    drawn = bootstrap(
        (center, both, scores),
        difference,
        paired=True,
        vectorized=False,
        n_resamples=999,
        method="percentile",
        random_state=0,
    )
    low, high = drawn.confidence_interval
    print(
        f"{name}: sum minus center {difference(center, both, scores):+.2f},",
        f"95% interval {low:+.2f} to {high:+.2f}",
    )

# %% [markdown]
# Each interval holds 0, and the differences go opposite ways. These pairs cannot tell which table is better. That, too, is a result; be wary of a comparison that comes without an interval.
#
# And how many epochs are best? Compare the vectors after five with those after eight epochs of the same training, whose held-out loss is higher:

# %%
longer = WordVectors.from_net(afresh.net, vocab)
for epochs, each in [(5, vectors), (8, longer)]:
    record = next(r for r in afresh.records if r.epoch == epochs)
    rho = evaluation.agreement(each, lists["WordSim-353"]).rho
    print(f"{epochs} epochs: held-out loss {record.heldout_loss:.3f}, WordSim ρ {rho:.2f}")

# %% [markdown]
# The two judges disagree: the loss got worse, the agreement better. They ask different things: the loss, whether scores fit the next text; WordSim, whether cosines rank as people do. There is no such thing as *the* quality of vectors, only quality for a purpose. Chapter 08 will judge by a task.
#
# ## Train it again
#
# The third judge is the vectors' own twin. Training draws its first weights, its windows and its noise words at random; a number, the **seed**, decides how. The text is the same for every seed. So whatever changes with the seed is not knowledge of the text.
#
# **Predict.** The ten nearest words to a word: how many of them stay the same when only the seed changes? More for frequent words or for rare ones?

# %%
seeds = [vectors]
seeds += [WordVectors.from_net(train(5, seed=seed).net, vocab) for seed in (1, 2, 3)]
for word in ["chip", "drink"]:
    print(f"{word}, seen {counts[vocab[word]]} times")
    for seed, each in enumerate(seeds):
        print(f"    seed {seed}:", ", ".join(n.word for n in each.similar(word, 6)))

# %% [markdown]
# For *chip*, the first two words are the same four times, and the rest is of one kind. For *drink*, there are four answers. Now for all words: `overlap_at_k` looks up the ten nearest words of each word in all four trainings and counts how many of them two trainings have in common. Words are grouped by how often they occur in the text.

# %%
lows = [10, 20, 40, 80, 160, 320, 640, 1280]
seen = np.where(np.arange(len(vocab)) == vocab.unk, 0, counts)  # without <unk>
kept = {}
for table in ["center", "sum"]:
    overlap = evaluation.overlap_at_k(seeds, 10, table)
    kept[table], sizes = evaluation.means_by_count(overlap, seen, [*lows, seen.max() + 1])
    print(f"{table:>6}, all words: {overlap[seen > 0].mean():.0%}")

# %%
figures.show(
    figures.overlap_curves(lows, kept, 10),
    "Share of neighbors kept: it rises with a word's count to some hundred, then falls a little.",
)
for low, size, center, both in zip(lows, sizes, kept["center"], kept["sum"]):
    print(f"from {low:>5,} times: {size:>5,} words, center {center:.0%}, sum {both:.0%}")

# %% [markdown]
# **What you should see.** Both curves rise with the count, to a few hundred occurrences, and then fall again a little; the sum keeps more at every count. Pure chance would keep 10 of 6,717 words, which is 0.1%; so even the rarest words know *something*. But of the ten neighbors of a word seen ten to twenty times, by the center table, seven or eight are others the next time. And such words are two fifths of the vocabulary.
#
# Two practical rules follow. Look up the count before you believe a neighbor. And put no weight on a list of neighbors from one training: train it several times and keep what stays. Try it; words marked ● are in both lists.

# %%
others = {f"seed {number}": each for number, each in enumerate(seeds) if number}
Explorer(vectors, "chip", others, k=10, compare="seed 1")

# %% [markdown]
# **Predict, then look up:** *july*, *said*, *moody*, *tiger*. Which of them keep their neighbors?
#
# And the agreement with people? It, too, moves with the seed:

# %%
for table in ["center", "sum"]:
    rhos = [evaluation.agreement(each, lists["WordSim-353"], table).rho for each in seeds]
    print(f"WordSim ρ by seed, {table:>6}:", *(f"{rho:.2f}" for rho in rhos))

# %% [markdown]
# By the center table it moves by five hundredths. So a gain of that size from one training to another may be the seed alone. The sum is never behind the center table here. So its small lead is not the seed's doing; whether it would lead on *other pairs* of words is what the interval above left open. Chance has two doors, the seeds and the pairs, and each must be watched by itself.
#
# ## Analogies, counted
#
# Chapter 06 showed two analogies that work, and *king*, which does not. Single examples prove nothing; there is a list of 19,544 questions, which came with word2vec. How many of them can these vectors be asked at all?

# %%
path = datapath("questions-words.txt")
lines = Path(path).read_text().splitlines()
questions = [line.lower().split() for line in lines if not line.startswith(":")]
known = [q for q in questions if all(word in vectors for word in q)]
print(
    f"{len(known):,} of {len(questions):,} questions ({len(known) / len(questions):.0%})",
    "consist of words that have vectors",
)

# %%
score, sections = keyed.evaluate_word_analogies(path)
for each in sections:
    asked = len(each["correct"]) + len(each["incorrect"])
    print(f"{len(each['correct']) / asked:4.0%} of {asked:>5,} right: {each['section']}")

# %% [markdown]
# Few of them are right; family words and nationalities do best. And are those right by the *relation*? A question "a is to b as c is to ...?" may be answered by luck: take the word nearest to c, and forget about a and b.

# %%
near = {c: [n.word for n in vectors.similar(c, 3)] for _, _, c, _ in known}
lucky = [next(w for w in near[c] if w not in (a, b)) == d for a, b, c, d in known]
print(
    f"right: {score:.0%} with the relation, {sum(lucky) / len(known):.0%} by nearness to c alone"
)

# %% [markdown]
# So on this text analogies can hardly serve as a test: five of six questions cannot be asked, and of the rest so few are right that a difference between two sets of vectors would be a matter of some lucky words.
#
# What would *king − man + woman* need?

# %%
sentences = read_ptb()


def neighbors_in_text(word, step):
    """Count the words that stand `step` places after a word (before it if negative)."""
    found = Counter()
    for line in sentences:
        places = [i + step for i, token in enumerate(line) if token == word]
        found.update(line[i] for i in places if 0 <= i < len(line))
    return found


# %%
royal = [q for q in questions if "king" in q]
print(
    len(royal),
    "questions have king;",
    sum("queen" in q for q in royal),
    "of them need queen",
)
print(
    "in the text:",
    {
        w: sum(line.count(w) for line in sentences)
        for w in ["man", "woman", "king", "queen"]
    },
)
print("before king:", neighbors_in_text("king", -1).most_common(3))

# %% [markdown]
# First, all four words in the vocabulary: *queen* occurs seven times, and words seen fewer than ten times were dropped. Second, each of them often enough to be stable; the curve above is highest at a few hundred occurrences. Third, in the right sense: *king* must be a person who reigns, not half of *burger king*. Fourth, in sentences that tell: what sets *king* apart from *queen* must be what sets *man* apart from *woman*, such as *he* and *she* close by. A million words of business news have too little of all this. The vectors that made the example famous were trained on billions.
#
# ## Failures, shown
#
# ### A rare word
#
# You have seen *drink*. When a vector is made from a score of occurrences, it pays to read them:

# %%
print(
    "moon:",
    counts[vocab["moon"]],
    "times, near:",
    [n.word for n in vectors.similar("moon", 4)],
)
for line in [line for line in sentences if "moon" in line][:4]:
    i = line.index("moon")
    print("   …", " ".join(line[max(0, i - 3) : i + 5]), "…")
for pair, score in [((a, b), score) for a, b, score in lists["WordSim-353"] if b == "moon"]:
    print(
        f"{' and '.join(pair)}: people {score:.1f} of 10, cosine {vectors.cosine(*pair):.2f}"
    )

# %% [markdown]
# A mayor, and the founder of a church: nothing that shines at night. WordSim asks for *planet* and *moon* all the same, and the pair counts among the 217 that are covered. Coverage says that both words have vectors, not that they mean what the list means.
#
# ### One company's word
#
# What a word means here is what it means in *this* text.

# %%
for word in ["bear", "apple", "sun"]:
    [(after, times)] = neighbors_in_text(word, 1).most_common(1)
    print(f"{word}: {counts[vocab[word]]} times, {times} of them '{word} {after}'")
    print("    near:", ", ".join(n.word for n in vectors.similar(word, 5)))

# %% [markdown]
# No animal, no fruit, no star. *Bear* is a part of the name of Bear Stearns, a bank; *apple* and *sun* make computers. The corpus is in lower case, so that the name and the noun are one word.
#
# ### `N`
#
# In this text every number is written `N`. It is one of the most frequent words, and it has one vector.

# %%
print(f"{counts[vocab['N']]:,} times, {counts[vocab['N']] / counts.sum():.1%} of all words")
print("before it:", [word for word, _ in neighbors_in_text("N", -1).most_common(4)])
print("after it: ", [word for word, _ in neighbors_in_text("N", 1).most_common(4)])
print("near:     ", [n.word for n in vectors.similar("N", 6)])

# %% [markdown]
# Whatever the number was, it became this one point, near the words of price movements. A text of numbers needs another treatment.
#
# ### Two meanings, one vector
#
# *may* is a month, and it is a verb. Count the uses that are surely the month (after *in*, *last* or *since*, or before a number), then ask the vector which it is.

# %%
before, after = neighbors_in_text("may", -1), neighbors_in_text("may", 1)
month = before["in"] + before["last"] + before["since"] + after["N"]
print(f"may: {counts[vocab['may']]} times, about {month} of them the month")
for word in ["might", "could", "april"]:
    print(f"    cosine with {word}: {vectors.cosine('may', word):.2f}")
print(f"march and april: {vectors.cosine('march', 'april'):.2f}")

# %% [markdown]
# The majority wins: the vector is that of the verb, and the month is lost in it, while *march* stands close to *april*. Models that give a word another vector in each sentence (chapter 06 names BERT) were made for this.
#
# ### Opposites are neighbors

# %%
for word in ["up", "higher", "buy", "imports"]:
    print(word, "→", vectors.similar(word, 1)[0].word)

# %% [markdown]
# Whatever can go *up* can go *down*, in the same kind of sentence. Vectors learn what a word is used *for*, not which way it points. SimLex asked people for likeness, so opposites have low scores there, and this is one reason why the agreement is so poor:

# %%
rated = {(a, b): score for a, b, score in lists["SimLex-999"]}
for pair in [
    ("accept", "reject"),
    ("create", "destroy"),
    ("south", "north"),
    ("fast", "rapid"),
    ("acquire", "get"),
    ("wisdom", "intelligence"),
]:
    print(
        f"{' '.join(pair):>19}: people {rated[pair]:.1f} of 10, cosine {vectors.cosine(*pair):.2f}"
    )

# %% [markdown]
# The three pairs of opposites have higher cosines than the three pairs of words that mean nearly the same. A program that looks for "similar" reviews with these vectors may well mix praise with blame.
#
# ## Who the newspaper wrote about
#
# Vectors learn the habits of their text, those about people included. Measure one: the cosine of a word with *he*, minus its cosine with *she*. Call it the word's *leaning*; above 0 it is nearer to *he*. Four trainings give four values; their range is the first thing to know.

# %%
frequent = [w for w, n in zip(vocab.idx_to_token, counts) if n >= 40 and w in vectors]


def leanings(words):
    """Cosine with he minus cosine with she, shape (trainings, words)."""
    he_she = [each.directions(["he", "she"]) for each in seeds]
    return np.stack(
        [each.directions(words) @ (he - she) for each, (he, she) in zip(seeds, he_she)]
    )


values = leanings(frequent)
print(
    f"{len(frequent):,} words: mean leaning {values.mean():+.2f},",
    f"range over four seeds {np.ptp(values, axis=0).mean():.2f} on average",
)

# %% [markdown]
# So the same word moves by more than a tenth when only the seed changes, and the average word leans a little to *he*: a leaning of a few hundredths means nothing. Now some words for people, with their counts:

# %%
people = [
    "chairman",
    "president",
    "spokeswoman",
    "analyst",
    "secretary",
    "lawyer",
    "judge",
    "father",
    "doctor",
    "writer",
    "artist",
    "mother",
    "teacher",
    "student",
]
ranges = {}
for word, four in zip(people, leanings(people).T):
    ranges[f"{word} ({counts[vocab[word]]})"] = four.mean(), four.min(), four.max()
figures.show(
    figures.intervals(
        ranges, "cosine with he − cosine with she: mean and range of four trainings"
    ),
    "Leanings: chairman and president right of 0, teacher, student and mother left, many across.",
)

# %% [markdown]
# **What you should see.** *chairman* and *president* lie to the right in all four trainings, *doctor*, *writer*, *artist*, *mother*, *teacher* and *student* to the left. The ranges of those between reach 0 or nearly so; of them little can be said. So far it looks like a list of prejudices. But look again: *spokeswoman* leans to *he*, and *father* does not.
#
# What does the measure measure, then? Count sentences; then look at both ends of the list of all frequent words.

# %%
for word in ["chairman", "spokeswoman", "teacher"]:
    lines = [line for line in sentences if word in line]
    he, she = (sum(pronoun in line for line in lines) for pronoun in ["he", "she"])
    print(f"{word}: {len(lines)} sentences, {he} with he, {she} with she")
print("he:", counts[vocab["he"]], "times, she:", counts[vocab["she"]], "times")
print("near spokeswoman:", ", ".join(n.word for n in vectors.similar("spokeswoman", 6)))

# %%
order = np.argsort(values.mean(axis=0))
print("nearest to she:", ", ".join(frequent[i] for i in order[1:11]))
print("nearest to he: ", ", ".join(frequent[i] for i in order[-2:-12:-1]))

# %% [markdown]
# The words nearest to *she* are of family, school and home; those nearest to *he*, of firms and offices. The leaning mixes two things: which pronoun stands beside a word, and which *kind of story* the word comes from. *spokeswoman* stands among firms and refusals to comment, where *he* abounds, whoever speaks.
#
# Three cautions, then:
#
# - **It is about a text.** In 1989 this newspaper wrote *he* more than six times as often as *she*, and never *she* in a sentence with *chairman*. The numbers say whom it wrote about, not what women and men are, can or want.
# - **It is about few occurrences.** *teacher* occurs 20 times, and a handful of articles make its vector. That four trainings agree on it so well says nothing about other articles: the range over seeds is one door of chance, the text another.
# - **It has consequences all the same.** A program that sorts applications by nearness to *president* would, other things equal, prefer texts with *he* in them, without anyone having told it to. Vectors carry the habits of their text into whatever is built on them, and leaving out the pronouns does not take them out, for the topics stay (Gonen and Goldberg, below).

# %% [markdown]
# ## Check yourself
#
# Put your answer in place of the three dots and run the cell; it tells you in words what is right or what went wrong. Solutions are in the notebook of the same name in the folder `solutions`.
#
# **1. Write.** Of a list of word pairs, what share can be judged by vectors for the words in `known`?
#
# <details><summary>Hint</summary>
#
# A cosine needs two vectors. For how many pairs are there two?
# </details>


# %% tags=["exercise"]
def coverage(pairs, known):
    ### BEGIN SOLUTION
    covered = [pair for pair in pairs if pair[0] in known and pair[1] in known]
    return len(covered) / len(pairs)
    ### END SOLUTION


check("coverage", coverage)

# %% [markdown]
# **2. Write.** A word has `k` neighbors by one training and `k` by another. What share of them was kept? Their order does not matter.
#
# <details><summary>Hint</summary>
#
# Python's `set` has `&` for what two sets share.
# </details>


# %% tags=["exercise"]
def overlap(one, other):
    ### BEGIN SOLUTION
    return len(set(one) & set(other)) / len(one)
    ### END SOLUTION


check("overlap", overlap)

# %% tags=["exercise"]
progress("07")

# %% [markdown]
# Now choose; each choice opens to a reason.
#
# **Question.** Your vectors reach a rank correlation of 0.35 on WordSim-353, a colleague's 0.31, on the same 217 pairs, one training each. What follows?
#
# <details><summary>a) Yours are better, since both were judged by the same pairs.</summary>No: the same pairs remove one source of chance only. The seed alone moves the number by as much, and the interval of such a difference may well hold 0.</details>
# <details><summary>b) Yours are better, but only for words of the vocabulary.</summary>No: even on the pairs that are covered the difference is within what another seed or other pairs would give.</details>
# <details><summary>c) Nothing yet: train both several times and give the interval of the difference.</summary>Right: among four seeds of one and the same training the number moved by about as much.</details>

# %% [markdown]
# **Question.** After which epoch would you stop, if the vectors are to predict which words come next to each other in new text?
#
# <details><summary>a) Where the training loss is lowest.</summary>No: it falls to the end, even while the held-out loss rises; it shows how well the training text is known by heart.</details>
# <details><summary>b) Where the held-out loss is lowest.</summary>Right: it measures this very task, on text that was not trained on.</details>
# <details><summary>c) Where the rank correlation with WordSim is highest.</summary>No: that went on rising while the held-out loss got worse; it serves another purpose.</details>

# %% [markdown]
# Three questions to think about:
#
# 1. Someone reports the agreement with WordSim-353 on vectors of a small text, without coverage. What could be wrong with a high number?
# 2. Would you trust the neighbors of a word that was seen 15 times? What would you do to find out?
# 3. *rose* and *fell* are neighbors. Name one use of the vectors where this does no harm, and one where it does.
#
# <details><summary>Answers</summary>
#
# 1. It may rest on a few pairs of frequent words. With few pairs the interval is wide, and frequent words are the easy ones.
# 2. Not without more: of ten such neighbors some two stay. Train with other seeds and keep those that stay; read the sentences in which the word occurs.
# 3. No harm where the topic counts: sorting articles into markets, sports and politics. Harm where the direction counts: telling good news from bad.
# </details>
#
# ## Summary
#
# - A **held-out loss** needs a yardstick, and tells when to stop. With pairs drawn once it turns after the third epoch; with pairs drawn afresh it goes lower and turns after the fifth or sixth.
# - **Agreement with people** is a number with a coverage and an interval. Here it is some 0.3 on WordSim and 0.1 on SimLex, and cannot tell the tables apart.
# - **Another seed** gives other neighbors: of ten, two or three stay for a rare word, four for a frequent one; with the sum of both tables, three to five.
# - **Analogies** can hardly be tested on a small text.
# - **Failures** come from the text and from the idea itself: rare words, one company's words, `N`, two meanings, opposites, and the habits of those who wrote.
#
# So what are these vectors worth? Their neighborhoods of frequent words tell the topics of this newspaper, and they cost a few seconds. They are no dictionary, no judge of opposites, and no authority on people.
#
# ## In practice
#
# - Report: corpus and its size, coverage, interval over pairs, range over seeds. One number from one run is an anecdote.
# - The source prints neither a held-out loss nor any other measure; its five epochs on pairs drawn once are two too many.
# - For a purpose, judge by the purpose: the best test of vectors is the task they are for (chapter 08).
# - If you need vectors and not a lesson, take ones trained on billions of words, and check them in the same way. The failures above become rarer there; opposites, two meanings and bias stay.
# - SciPy has the bootstrap and the rank correlation, gensim the word lists and their evaluators. Write your own only to know what they do.
#
# ## Further reading
#
# - F. Hill, R. Reichart, A. Korhonen, *SimLex-999*, 2015: alike is not related.
# - M. Faruqui and others, *Problems With Evaluation of Word Embeddings Using Word Similarity Tasks*, 2016.
# - M. Antoniak and D. Mimno, *Evaluating the Stability of Embedding-based Word Similarities*, 2018.
# - L. Wendlandt, J. Kummerfeld, R. Mihalcea, *Factors Influencing the Surprising Instability of Word Embeddings*, 2018.
# - A. Caliskan, J. Bryson, A. Narayanan, *Semantics derived automatically from language corpora contain human-like biases*, 2017.
# - H. Gonen and Y. Goldberg, *Lipstick on a Pig*, 2019: why removing a direction does not remove a bias.
#
# Next: [08 · Use the vectors](08_use_the_vectors.ipynb)
