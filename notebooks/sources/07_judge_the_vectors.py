# %% [markdown]
# # 07 · Judge the vectors
#
# You have trained word vectors, and their neighbors look sensible. A friend has trained some, too, with other settings, and says that theirs are better. How could the two of you find out who is right?
#
# A list of nice neighbors proves nothing, because you can always find a few. In this chapter we ask four judges: text that the model has never read, people, a second training, and finally our own eyes. Each of them answers a different question, and each can mislead you in its own way.
#
# **What you'll do.** Measure what the vectors are worth, say how sure you are of each number, and look for what they get wrong.
#
# **What you'll be able to do.** Choose the number of epochs, report an agreement with its coverage and its interval, tell a stable neighbor from a chance one, and recognize the habits that vectors pick up from their text.
#
# **What you need.** Chapters 04 to 06. The trainings take about a minute.
#
# **Time.** 40 minutes, exercises included.

# %%
import numpy as np

from w2v_lesson import Explorer, FusedEngine, Settings, WordVectors, check, figures
from w2v_lesson import load_data_ptb, prepare_training, progress, read_ptb
from w2v_lesson.judge import evaluation
from w2v_lesson.widgets.progress import compile_engine

compile_engine()  # for the trainings below
_, vocab = load_data_ptb(512, 5, 5)
counts = vocab.counts

# %% [markdown]
# ## Ask new text
#
# The first judge is text that the model has never read. The game is the same as in training, a yes-or-no question about two words, and the loss says how wrong the answers are. But is a loss of 0.41 good? Chapter 04 gave you a yardstick: a model that knows nothing about words, but knows that one pair in six is real, always answers 1/6.

# %%
from math import log

guess = -(log(1 / 6) + 5 * log(5 / 6)) / 6
print(f"{guess:.3f} nats per pair")

# %% [markdown]
# To get below that number, a model has to know something about words.
#
# Now to a question that the training loss can't answer: how many epochs should you train? The chapter that this lesson mirrors draws its windows and noise words **once** and goes through the same pairs in each of its five epochs. We draw them **afresh** for each epoch. And since every training begins with random numbers, one training of each kind would not be enough. We take three, with the seeds 0, 1, and 2.
#
# The Penn Treebank comes in three parts, and each has its own job. We train on `train` and choose on `valid`. After each epoch we also write down the loss on `test`, but we won't look at it until we have chosen.

# %%
SEEDS = 0, 1, 2
valid, _ = load_data_ptb(512, 5, 5, split="valid", vocab=vocab)
test, _ = load_data_ptb(512, 5, 5, split="test", vocab=vocab)


def train(seed, num_epochs, redraw):
    """For each epoch: the losses on train, valid, and test, and the vectors."""
    data_iter, _ = load_data_ptb(512, 5, 5, vocab=vocab, redraw=redraw, seed=seed)
    settings, found = Settings(lr=0.003, seed=seed), []
    training = prepare_training(data_iter, settings, heldout=valid, engine=FusedEngine)
    for record in training.run(num_epochs):
        if record.epoch_loss is not None:  # the end of an epoch
            on_test = training.engine.evaluate(test)
            vectors = WordVectors.from_net(training.net, vocab)
            found.append((record.epoch_loss, record.heldout_loss, on_test, vectors))
    print(f"seed {seed}, on valid:", *(f"{epoch[1]:.3f}" for epoch in found))
    return found


# %% [markdown]
# `FusedEngine` is the fast program of chapter 09. In it, words that are neighbors in the text share their noise words. Our learning rate is a little larger than the 0.002 of chapter 05, so that eight epochs are enough to see both kinds of training at their best.
#
# **Predict.** If the pairs are drawn once, will the training loss be lower or higher than for pairs drawn afresh? What about the held-out loss? And are five epochs too few or too many?

# %%
print("drawn once")
once = [[epoch[:3] for epoch in train(seed, 5, redraw=False)] for seed in SEEDS]
print("drawn afresh")
afresh = [train(seed, 8, redraw=True) for seed in SEEDS]

# %%
runs = {"drawn once": once, "drawn afresh": afresh}
losses = {  # shape (trainings, epochs, 3); the three are train, valid, and test
    label: np.array([[epoch[:3] for epoch in training] for training in trainings])
    for label, trainings in runs.items()
}
figures.show(
    figures.epoch_losses({k: (x[:, :, 0], x[:, :, 1]) for k, x in losses.items()}, guess),
    "Losses by epoch, means of three trainings. "
    + "; ".join(
        f"{label}: {name} " + " ".join(f"{loss:.3f}" for loss in x[:, :, i].mean(axis=0))
        for label, x in losses.items()
        for i, name in enumerate(["training", "held-out"])
    ),
)

# %% [markdown]
# **What you should see.** Both training losses fall to the end (solid lines), and from the second epoch on, the one for pairs drawn once is lower, because the model meets the same pairs again and again. Both held-out losses turn around (dashed, with a star at the lowest). The marks are means of three trainings. Each training also has a thin line of its own, but the three are so close that you can hardly see them.
#
# If the pairs are drawn once, the best epoch is the third. After that the model gets used to these pairs, and that doesn't help with new text. By the fifth epoch, where the original chapter stops, the held-out loss has been rising for two epochs. If the pairs are drawn afresh, the held-out loss gets lower and stays low for longer. But all the pairs come from the same text, so in the end it rises, too.
#
# So we choose the epochs with the stars. But what is a fair number to report? We picked the lowest of several numbers on `valid`, and a number that was picked because it is low tends to be a little too low. That is what `test` is for. We look at it now, for the first time.

# %%
best = {label: x[:, :, 1].mean(axis=0).argmin() for label, x in losses.items()}
on_test = {label: x[:, best[label], 2] for label, x in losses.items()}
for label, each in on_test.items():
    print(f"{label}, epoch {best[label] + 1}:", *(f"{loss:.3f}" for loss in each))

# %% [markdown]
# Is the difference larger than the change that another seed would make? There is one difference for each seed, and from three such numbers a $t$ interval, a standard formula for few numbers, says where the mean over all seeds is likely to be.

# %%
from scipy.stats import ttest_1samp

difference = on_test["drawn once"] - on_test["drawn afresh"]
low, high = ttest_1samp(difference, 0).confidence_interval()
print(f"{difference.mean():.3f} nats, 95% interval {low:.3f} to {high:.3f}")

# %% [markdown]
# It is. On this text, drawing afresh is better, even if both kinds of training stop at their best epoch. (The interval is about other seeds. It can't tell you about other newspapers.) From here on we use the three trainings with pairs drawn afresh, after their best epoch. (None of them has exactly the vectors of chapters 05 or 06, because those were trained a little differently.)
#
# A loss is hard to picture. Here is the same comparison as a question: take any real context and any noise word of the held-out questions, each with its own center. How often does the context get the higher score? This share is called the [**AUC**](glossary.md#auc). Guessing gives 0.5, and 1 is perfect. As a control, we let a "model" answer that has counted the words but never looks at the center: it gives each word one fixed score, how often it occurs as a context, divided by how often it is drawn as noise.

# %%
trainings = [epochs[best["drawn afresh"]][3] for epochs in afresh]
by_count = (test.keep * counts**0.25)[:, None]  # kept count / count ** 0.75
of_counts = evaluation.separation(np.ones_like(by_count), by_count, test)
of_vectors = [evaluation.separation(each.center, each.context, test) for each in trainings]
print(f"AUC of the counts:  {of_counts:.2f}")
print("AUC of the vectors:", *(f"{auc:.2f}" for auc in of_vectors))

# %% [markdown]
# The vectors put the context first about 68 times out of 100, and the counts alone manage 59. So part of the success may be just knowing how often each word occurs as a context and as noise. The rest, about nine in 100, must come from looking at the center. (We haven't computed an interval for other texts, but all three trainings are ahead by about as much.) And 68 is no reason to be disappointed: could *you* tell which words will appear near *chip* in tomorrow's newspaper?
#
# ## Ask people
#
# The second judge is people. For the list **WordSim-353** they rated how *related* two words are, from 0 to 10. For **SimLex-999** they rated how *similar* two words are.

# %%
lists = {
    "WordSim-353": evaluation.read_wordsim353(),
    "SimLex-999": evaluation.read_simlex999(),
}
for name, rated in lists.items():
    for a, b, score in rated:
        if {a, b} in ({"coast", "shore"}, {"professor", "student"}):
            print(f"{name:>11}: {a} {b} {score:.1f}")

# %% [markdown]
# A *professor* and a *student* are related, but they aren't similar.
#
# **Predict.** With which list will the vectors agree better?
#
# Our vectors rate a pair by its cosine. To compare the two ratings, we use Spearman's [**rank correlation**](glossary.md#rank-correlation) $\rho$: 1 if both put the pairs in the same order, 0 if the two orders have nothing to do with each other, and −1 if one is the reverse of the other. Such a number should come with two things:
#
# - **Its [coverage](glossary.md#coverage).** We have to leave out all pairs with a word that has no vector, so you must say how many pairs are left.
# - **Its interval.** With other words on the list, $\rho$ would have come out differently. To see by how much, we leave out one word at a time, with all of its pairs, and compute $\rho$ again. Each change is small, but a formula adds them up and turns them into an interval. The more $\rho$ changes, the wider the interval, and the less we can rely on $\rho$.
#
# Why words, and not pairs? In WordSim-353, *money* alone is in twelve of the covered pairs. If its vector is poor, all twelve suffer together, so they don't count as twelve independent witnesses.


# %%
from scipy.stats import spearmanr


def cosines(trainings, pairs, table="center"):  # shape (pairs, trainings)
    return np.array([[t.cosine(a, b, table) for t in trainings] for a, b, *_ in pairs])


def rhos(cosines, scores):  # one for each training; the last row is that of the scores
    return spearmanr(cosines, scores).statistic[-1, :-1]


def mean_rho(cosines, scores):
    return rhos(cosines, scores).mean()


# %%
covered, scores, estimates = {}, {}, {}
for name, rated in lists.items():
    pairs = [(a, b, score) for a, b, score in rated if a in vocab and b in vocab]
    covered[name], scores[name] = pairs, np.array([score for *_, score in pairs])
    print(
        f"{name}: {len(pairs)} of {len(rated)} pairs ({len(pairs) / len(rated):.0%}),",
        end=" ",
    )
    print(f"{sum('money' in pair for pair in pairs)} of them with money")
    for table in ["center", "sum"]:
        found = cosines(trainings, pairs, table)
        rho = evaluation.interval_by_words(pairs, mean_rho, found, scores[name])
        estimates[f"{name}, {table}"] = rho
        print("{:>8}: ρ {:.2f}, 95% interval {:.2f} to {:.2f}".format(table, *rho))

# %%
figures.show(
    figures.intervals(estimates, "rank correlation with people, 95% interval by words"),
    "; ".join("{} {:.2f} ({:.2f} to {:.2f})".format(k, *v) for k, v in estimates.items()),
)

# %% [markdown]
# **What you should see.** Each dot is the mean of our three trainings, and the bar is its interval. All four intervals stay above 0, so there is some agreement. But there isn't much of it, and all the intervals are wide. The agreement with WordSim *looks* better, as you might expect, since words that are related often share their contexts. But we haven't computed an interval of the difference between the two lists, so don't be too sure.
#
# Chapter 06 left a question open: is the sum of both tables better than the center table? Comparing the intervals above doesn't answer it, because both tables were judged by the *same* words, and what makes a list hard makes it hard for both. We need an interval of the *difference*. In fact, we need two. Chance enters in two places, the words on the list and the seeds of the trainings, and a lead only counts if it survives both.


# %%
def lead(one, other, scores):
    return mean_rho(other, scores) - mean_rho(one, scores)


def compare(pairs, one, other, scores):
    ahead, *words = evaluation.interval_by_words(pairs, lead, one, other, scores)
    by_seed = rhos(other, scores) - rhos(one, scores)
    seeds = ttest_1samp(by_seed, 0).confidence_interval()
    print(f"ahead by {ahead:+.2f}, with these 95% intervals:")
    print("    other words: {:+.2f} to {:+.2f}".format(*words))
    print("    other seeds: {:+.2f} to {:+.2f}".format(*seeds))


for name, pairs in covered.items():
    print(f"{name}: sum", end=" ")
    center, both = (cosines(trainings, pairs, table) for table in ["center", "sum"])
    compare(pairs, center, both, scores[name])

# %% [markdown]
# For WordSim both intervals contain 0. For SimLex the center table might be a little ahead: both of its intervals lie mostly below 0, but neither is clear of it. So we can't tell which table is better. That is a result, too.
#
# **Predict.** According to `valid`, the vectors of the best epoch are better than those after eight. Will people agree?

# %%
longer = [epochs[-1][3] for epochs in afresh]
pairs, wordsim = covered["WordSim-353"], scores["WordSim-353"]
best_epoch, eight = cosines(trainings, pairs), cosines(longer, pairs)
print("best epoch: ρ", *(f"{rho:.2f}" for rho in rhos(best_epoch, wordsim)))
print("8 epochs: ρ", *(f"{rho:.2f}" for rho in rhos(eight, wordsim)))
print("8 epochs", end=" ")
compare(pairs, best_epoch, eight, wordsim)

# %% [markdown]
# On average, the vectors agree *better* with people after eight epochs, although the held-out loss got worse. But a lead has to survive both kinds of chance, and the interval for other seeds contains 0, so we can't claim that eight epochs are better for WordSim. We can't claim that fewer are better, either. The two judges ask different questions, and the best choice for one need not be the best for the other.
#
# ## Ask a second training
#
# The third judge is another training that differs from the first only in its seed. Both have read the same text. So if they disagree about a neighbor, the text alone did not decide it.

# %%
for word in ["chip", "drink"]:
    print(f"{word}, seen {counts[vocab[word]]} times")
    for seed, each in zip(SEEDS, trainings):
        print(f"    seed {seed}:", ", ".join(n.word for n in each.similar(word, 5)))

# %% [markdown]
# For *chip*, *microprocessor* and *intel* come first every time. For *drink*, no word appears in all three lists. So which of these two words is typical?
#
# **Predict.** Take the ten nearest words of a word. How many of them will still be among the ten nearest after training with another seed? More for frequent words, or more for rare ones?
#
# We compute this share for every word, average it over the three pairs of trainings, and group the words by how often they occur. But how large would it be by chance? Two random lists of ten would share almost nothing. That is too easy a comparison, though, because some words turn up as neighbors of very many words, and frequent words tend to be neighbors of frequent words. So as a control we **swap the lists**: the list of each word is compared with the list of another word of the same group, taken from the other training.

# %%
lows = [10, 20, 40, 80, 160, 320, 640, 1280]
group = np.digitize(counts, lows)
group[vocab.unk] = 0  # <unk> is not a word
partner = evaluation.swap_partners(group)
shares = {}
for table in ["center", "sum"]:
    near = [evaluation.nearest_words(each, 10, table) for each in trainings]
    shares[table] = evaluation.overlap_at_k(near)
    shares[f"{table}, lists swapped"] = evaluation.overlap_at_k(near, partner)
for label, each in shares.items():
    print(f"{label:>21}: {each[group > 0].mean():.1%} of the neighbors kept")

# %% [markdown]
# Here each word has a number of its own, so there are no pairs to worry about, and the interval of each group comes from the [**bootstrap**](glossary.md#bootstrap). It is about other words, not about other seeds. From the words of the group, draw as many as there are in it, with replacement, compute their mean, and do that 999 times. The middle 95% of these means are the interval.

# %%
kept = {
    label: evaluation.means_by_group(each[group > 0], group[group > 0])
    for label, each in shares.items()
    if label != "center, lists swapped"
}
for low, size, (mean, *ends) in zip(lows, np.bincount(group)[1:], kept["center"]):
    print(
        f"from {low:>5,} times: {size:>5,} words, center {mean:.0%}",
        "({:.0%} to {:.0%})".format(*ends),
    )
figures.show(
    figures.overlap_curves(lows, kept, 10),
    f"Share of neighbors kept, by occurrences from {lows}. "
    + "; ".join(f"{k}: " + " ".join(f"{x:.0%}" for x in v[:, 0]) for k, v in kept.items()),
)

# %% [markdown]
# **What you should see.** With swapped lists, next to nothing is shared. So on average, even the rarest words have some neighbors that come from the text. But a word that was seen 10 to 19 times keeps only about two of its ten neighbors in the center table, and such words make up two fifths of the vocabulary. On average, a word keeps more the more often it occurs, up to a few hundred occurrences. Beyond that, the groups are small, but both curves seem to go down again. The sum of both tables keeps more than the center table in every group. That makes the sum more stable, but not better: two trainings can also agree on a neighbor that people would reject.
#
# So look at the count before you believe a neighbor. And if a neighbor matters to you, train several times and see whether it stays. Try it here: words with a dot are in both lists.

# %%
others = {f"seed {seed}": each for seed, each in zip(SEEDS, trainings) if seed}
Explorer(trainings[0], "chip", others, k=10, compare="seed 1")

# %% [markdown]
# **Predict, then look up:** *july*, *said*, *moody*, and *tiger*. Which of them keep their neighbors?
#
# ## Look at the failures
#
# Numbers tell you how often something goes wrong, but not what. So the fourth judge is you. Chapter 06 showed rare words and words that the newspaper uses in its own way. Here are two failures that come from the idea itself.
#
# **Two meanings, one vector.** *may* is a month and a verb. We count the uses that are surely the month: after *in*, *last*, or *since*, or before a number, which is always written as `N` in this text.

# %%
from collections import Counter

sentences = read_ptb()
uses = [
    (before, after)
    for line in sentences
    for before, word, after in zip(line, line[1:], line[2:])
    if word == "may"
]
month = sum(before in {"in", "last", "since"} or after == "N" for before, after in uses)
print(f"{month} of {len(uses)} uses are surely the month")
print("followed by:", Counter(after for _, after in uses).most_common(4))
for a, b in [("may", "might"), ("may", "april"), ("march", "april")]:
    print(f"{a} and {b}:", *(f"{each.cosine(a, b):.2f}" for each in trainings))

# %% [markdown]
# Only 72 uses are surely the month, while 395 are surely the verb, because *be*, *have*, or *not* follows. So the verb is probably far more frequent, and the vector is close to another verb of the same kind. The month is almost lost in it, while *march* and *april* are close to each other. There is only one vector for both uses, and here the more frequent use has won. Models such as BERT (chapter 06) compute a vector for each *occurrence* of a word instead.
#
# **Opposites look alike.** Here are four words, each with its nearest neighbor in each training:

# %%
for word in ["up", "higher", "buy", "imports"]:
    print(f"{word}:", ", ".join(each.similar(word, 1)[0].word for each in trainings))

# %% [markdown]
# What can go *up* can go *down*, in the same kinds of sentences. But four words that we picked are an anecdote. Let's count. We went through all the covered pairs of SimLex that people rated below 2.5 and marked those that are opposites. We compare them with all the pairs rated 8 or more, which mean nearly the same, and with all the other pairs rated below 2.5.

# %%
opposites = """absence presence, bad great, easy tough, spend save, easy difficult, tiny huge,
create destroy, unnecessary necessary, bottom top, accept reject, succeed fail, night day,
difficult simple, hard easy, leave enter, destruction construction, wide narrow, lose keep,
send receive, great awful, forget learn, narrow broad, short long, wealth poverty, go come,
begin quit, arrive leave, hard simple, receive give, old new, argument agreement, old fresh,
destroy make, floor ceiling, accept deny, south north, winter summer, agree argue,
forget retain"""
opposites = {tuple(pair.split()) for pair in opposites.replace("\n", " ").split(", ")}


# %%
def kind(a, b, score):
    if (a, b) in opposites:
        return "opposites"
    if score >= 8:
        return "nearly the same"
    return "others below 2.5" if score < 2.5 else "not used"


pairs = covered["SimLex-999"]
kinds = np.array([kind(*pair) for pair in pairs])
found = cosines(trainings, pairs).mean(axis=1)
for each in ["nearly the same", "opposites", "others below 2.5"]:
    print(
        f"{each}: {sum(kinds == each)} pairs, mean cosine {found[kinds == each].mean():.2f}"
    )


# %%
def gap(cosines, opposite):
    return cosines[opposite].mean() - cosines[~opposite].mean()


for other in ["nearly the same", "others below 2.5"]:
    both = np.flatnonzero(np.isin(kinds, ["opposites", other]))
    result = evaluation.interval_by_words(
        [pairs[i] for i in both], gap, found[both], kinds[both] == "opposites"
    )
    print(
        "{:+.2f}, 95% interval {:+.2f} to {:+.2f}:".format(*result), f"opposites − {other}"
    )

# %% [markdown]
# We chose the two groups so that people's ratings lie far apart: below 2.5 for the opposites, and 8 or more for the near-synonyms. For the vectors, the mean cosine of the opposites lies halfway between those of the near-synonyms and of the other low pairs, but the first interval contains 0, and the second one begins at about 0. So our four words gave too strong an impression: there is no sign that opposites in general have *higher* cosines than words that mean nearly the same. With these few pairs, we can't be sure that near-synonyms are ahead of opposites, nor that opposites are ahead of the other pairs that people rated low. Even between the near-synonyms and those pairs, the mean cosines differ by only about 0.1. So a cosine is a weak judge of who means the same. If you search for reviews that are "similar" to a positive one, some of those you find may be negative.
#
# ## See whom the newspaper wrote about
#
# Vectors pick up the habits of their text, and those include how it writes about people. Let's measure one of them: the cosine of a word with *he*, minus its cosine with *she*. We call this the word's *leaning*. Before we interpret any word, we need to know how large an ordinary leaning is.


# %%
def leanings(words):
    """Cosine with he minus cosine with she, shape (trainings, words)."""
    he_she = [each.directions(["he", "she"]) for each in trainings]
    return np.array(
        [t.directions(words) @ (he - she) for t, (he, she) in zip(trainings, he_she)]
    )


frequent = [vocab.to_tokens(int(i)) for i in np.flatnonzero((counts >= 40) & (group > 0))]
ordinary = leanings(frequent)
low, high = np.percentile(ordinary.mean(axis=0), [10, 90])
each = ", ".join(f"{mean:+.2f}" for mean in ordinary.mean(axis=1))
print(f"{len(frequent):,} words seen 40 times or more: mean leaning {ordinary.mean():+.2f}")
print(f"in each of the three trainings: {each}")
print(f"eight out of ten lie between {low:+.2f} and {high:+.2f}")
moves = np.ptp(ordinary, axis=0).mean()
print(f"from the lowest of the three trainings to the highest: {moves:.2f} on average")

# %% [markdown]
# So on average, the words in these trainings lean a little toward *he*. A leaning of that size is nothing special about a word, and we compare with this mean and not with 0. Here are some words for people:

# %%
people = "chairman president spokeswoman analyst secretary lawyer judge father doctor"
people = np.array((people + " writer artist mother teacher student").split())
found = leanings(people)  # (trainings, words)
values = {
    f"{people[i]} ({counts[vocab[people[i]]]:,})": found[:, i]
    for i in np.argsort(-found.mean(axis=0))
}
figures.show(
    figures.dot_per_training(
        values,
        (ordinary.mean(), "mean of the frequent words"),
        "cosine with he − cosine with she",
    ),
    "Mean leanings: "
    + ", ".join(f"{word} {each.mean():+.2f}" for word, each in values.items()),
)

# %% [markdown]
# **What you should see.** Each word has three dots, one for each training, and its number of occurrences in parentheses. (The dots show how far the seeds lie apart. They are not intervals.) *chairman* and *president* lie far to the right of the mean in all three trainings. *artist*, *mother*, *writer*, and *teacher* lie to the left of it, and on average each of them lies below the lower end of the ordinary range. (But that range comes from words seen 40 times or more, and three of these four are rarer, so compare them with care.) About the words in between, three trainings can't tell you much.
#
# That looks like a list of prejudices. But two words don't fit: *father* shows no leaning toward *he*, and *spokeswoman* shows none toward *she*. So what does the leaning measure? Let's count sentences, and look at both ends of the list of frequent words.

# %%
for word in ["chairman", "spokeswoman", "teacher"]:
    lines = [line for line in sentences if word in line]
    he, she = (sum(pronoun in line for line in lines) for pronoun in ["he", "she"])
    print(f"{word}: {len(lines)} sentences, {he} with he, {she} with she")
print(f"he: {counts[vocab['he']]:,} times, she: {counts[vocab['she']]:,} times")
near = trainings[0].similar("spokeswoman", 6)
print("near spokeswoman:", ", ".join(n.word for n in near))
order = np.argsort(ordinary.mean(axis=0))
print("toward she:", ", ".join(frequent[i] for i in order[:10]))
print("toward he: ", ", ".join(frequent[i] for i in order[:-11:-1]))

# %% [markdown]
# At one end of the list we find family and school, and at the other *chairman* and *chief*, but also *however* and *remain*, which don't describe people at all. So the leaning seems to mix two things: which pronoun stands near a word, and what *kind of story* the word comes from. *spokeswoman* hardly ever shares a sentence with either pronoun. In the first training, its nearest words include *spokesman* and *comment*, so here the kind of story may matter more than the pronouns.
#
# Keep three things in mind:
#
# - **It is about a text.** Our text, from a newspaper of 1989, has *he* more than six times as often as *she*, and never has *she* in a sentence with *chairman*. The numbers tell you whom it wrote about. They don't tell you what women and men are like or what they can do.
# - **It rests on few occurrences.** *teacher* occurs 20 times, so very little text decided where its vector is. The three trainings agree on the direction because they read the same articles. How far the dots lie apart shows the chance in training, and not the chance in what happened to be in the newspaper.
# - **It has consequences all the same.** Suppose a program sorts job applications by how close their words are to *president*. Nobody told it to prefer men, but *he* is closer to *president* than *she* is. Leaving out the pronouns might not help much, because the other words of the same stories remain. (Gonen and Goldberg, below, show something similar: even after the difference between *he* and *she* is removed from the vectors, the words around a word give it away.)
#
# ## Check yourself
#
# Replace the three dots with your answer and run the cell.
#
# **1. Write.** Here is a list of word pairs, and the words for which you have vectors (`known`). What share of the pairs can the vectors rate?
#
# <details><summary>Hint</summary>
#
# A cosine needs two vectors, so both words must be known.
# </details>


# %% tags=["exercise"]
def coverage(pairs, known):
    ### BEGIN SOLUTION
    covered = [pair for pair in pairs if pair[0] in known and pair[1] in known]
    return len(covered) / len(pairs)
    ### END SOLUTION


check("coverage", coverage)

# %% [markdown]
# **2. Write.** Two trainings give two lists of nearest words, equally long. What share of the neighbors in `one` are also in `other`? Their order doesn't matter.
#
# <details><summary>Hint</summary>
#
# `set(one) & set(other)` contains what two lists have in common.
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
# Now choose an answer. Each one opens and tells you why it is right or wrong.
#
# **Question.** On the same 217 pairs of WordSim-353, your vectors reach a rank correlation of 0.35 and your friend's reach 0.31. Each of you has trained once. Whose are better?
#
# <details><summary>a) Yours, because both were judged by the same pairs.</summary>No. Using the same pairs makes the comparison fairer, but the difference may still come from the seeds, or from the words on the list.</details>
# <details><summary>b) Yours, but only for the words that are covered.</summary>No. Even for exactly these words, another seed could turn the order around.</details>
# <details><summary>c) You can't tell yet.</summary>Right. Train both several times, and look at both intervals of the difference, the one for other words and the one for other seeds.</details>

# %% [markdown]
# **Question.** You try epochs 1 to 8, take the one with the lowest loss on the validation text, and report that loss. What is wrong with the number?
#
# <details><summary>a) It is probably a little too low.</summary>Right. You picked it because it was low, and some of that was luck. Report the loss on text that had no part in the choice.</details>
# <details><summary>b) It is too high, because the vectors were not trained on that text.</summary>No. That is exactly what makes it a test of what carries over to new text.</details>
# <details><summary>c) Nothing, because the model was not trained on that text.</summary>No. The model wasn't trained on it, but you used it to choose among eight numbers.</details>

# %% [markdown]
# ## Summary
#
# - **A number needs company**: a yardstick (0.451 nats, the counts, the swapped lists), its coverage, and an interval, because other words and other seeds would give another number.
# - **Choose on one text, report on another.** With pairs drawn once, three epochs are best, and with pairs drawn afresh, four or five. On `test` that gives 0.417 and 0.410 nats. But what is best for one judge need not be best for another.
# - **The vectors know how this newspaper uses words.** In the center table, a rare word keeps two or three of its ten neighbors with another seed, and a frequent one three or four. The vectors mix the meanings of a word, don't clearly tell opposites from near-synonyms, and reflect whom the newspaper wrote about.
#
# ## In practice
#
# - There is no quality of vectors as such, only quality for a purpose. If you need vectors for a task, judge them by the task (chapter 08).
# - Report the corpus, its size, the coverage, the interval, and the seeds. One number from one training is an anecdote.
# - `KeyedVectors` in gensim has `evaluate_word_pairs` and `evaluate_word_analogies`, which read the well-known lists. They return no interval, and they judge one training at a time.
# - Our intervals by words are a *jackknife*. Leaving out words removes each pair twice, once for each of its words. `interval_by_words` corrects for that.
#
# ## Further reading
#
# - L. Finkelstein and others, [*Placing Search in Context: The Concept Revisited*](https://doi.org/10.1145/503104.503110), ACM Transactions on Information Systems 20(1), 2002. The source of WordSim-353.
# - F. Hill, R. Reichart, A. Korhonen, [*SimLex-999: Evaluating Semantic Models with (Genuine) Similarity Estimation*](https://aclanthology.org/J15-4004/), Computational Linguistics 41(4), 2015. Why similar is not the same as related.
# - M. Faruqui, Y. Tsvetkov, P. Rastogi, C. Dyer, [*Problems With Evaluation of Word Embeddings Using Word Similarity Tasks*](https://aclanthology.org/W16-2506/), RepEval 2016.
# - P. Aronow, C. Samii, V. Assenova, [*Cluster-Robust Variance Estimation for Dyadic Data*](https://arxiv.org/abs/1312.3398), Political Analysis 23(4), 2015. Intervals for pairs that share members.
# - M. Antoniak, D. Mimno, [*Evaluating the Stability of Embedding-based Word Similarities*](https://aclanthology.org/Q18-1008/), TACL 2018. What happens to the neighbors if the *text* changes a little.
# - L. Wendlandt, J. Kummerfeld, R. Mihalcea, [*Factors Influencing the Surprising Instability of Word Embeddings*](https://aclanthology.org/N18-1190/), NAACL 2018.
# - A. Caliskan, J. Bryson, A. Narayanan, [*Semantics Derived Automatically from Language Corpora Contain Human-like Biases*](https://doi.org/10.1126/science.aal4230), Science 356, 2017.
# - H. Gonen, Y. Goldberg, [*Lipstick on a Pig: Debiasing Methods Cover up Systematic Gender Biases in Word Embeddings But do not Remove Them*](https://aclanthology.org/N19-1061/), NAACL 2019.
#
# Next: [08 · Use the vectors](08_use_the_vectors.ipynb)
