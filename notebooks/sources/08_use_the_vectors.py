# %% [markdown]
# # 08 · Use the vectors
#
# Nobody trains word vectors only to look at them. The original chapter says that they are "useful as input to small classifiers." The idea is appealing: labels cost work, but plain text is free. So let the text do most of the work, and label only a few words.
#
# Does that pay off? And would something simpler do just as well? In this chapter a small classifier sorts words into countries, companies, job titles, and so on, and all it knows about a word is its vector.
#
# **What you'll do.** Train a classifier on word vectors, compare it with simpler methods, and test an explanation of its most frequent mistake.
#
# **What you'll be able to do.** Train a classifier on frozen or fine-tuned vectors in Gluon, choose its settings without fooling yourself, compare it with honest baselines, and test an explanation by an experiment with a control.
#
# **What you need.** Chapter 06, and the interval from chapter 07. The second code cell trains vectors twice, which takes a few seconds (and a few more if there are no vectors on your disk yet).
#
# **Time.** 35 minutes, exercises included.

# %%
import numpy

from w2v_lesson import FusedEngine, Settings, WordVectors, check, figures, load_data_ptb
from w2v_lesson import prepare_training, progress, progress_bar, ptb_vectors, read_ptb
from w2v_lesson.judge import word_classes as wc
from mxnet import autograd, gluon, init, np, npx, random

npx.set_np()

# %% [markdown]
# ## Vectors and labels
#
# One training run says little, because another random seed gives other vectors. So we take three: the vectors of chapters 00 and 06, and two more with the same settings and other seeds. (Their learning rate falls a little in each step.)

# %%
from w2v_lesson.settings import falling_rate

vectors = ptb_vectors(watch=progress_bar)
vocab = vectors.vocab


def train_vectors(seed):
    data_iter, _ = load_data_ptb(512, 5, 5, vocab=vocab, redraw=True, seed=seed)
    settings = Settings(seed=seed, **falling_rate(5))
    training = prepare_training(data_iter, settings, engine=FusedEngine)
    progress_bar(training, 5)
    return WordVectors.from_net(training.net, vocab)


trained = [vectors, train_vectors(1), train_vectors(2)]

# %% [markdown]
# The task is this: given a word, which **class** does it belong to? There are six classes of 32 words. They were written down from common knowledge, before anyone looked at a vector.

# %%
words, labels = wc.labeled_words()
names = list(wc.CLASSES)
for name, line in wc.CLASSES.items():
    print(f"{name:>10}: {', '.join(line.split()[:7])}, …")

# %% [markdown]
# The classifier never sees how a word is spelled. It sees only the word's vector, scaled to length 1 as for the cosine. Some words have a second meaning, such as *may*. We leave them in, because real data is like that.
#
# Every classifier that we train below has a setting, its learning rate, and each deserves a rate that suits it. But if you try several and report the best result, you report the luck of the choice as well. So we put 8 words of each class **aside**. We choose on those, and report only on the other 144.

# %%
inputs = [each.directions(words) for each in trained]  # each (192, 100)
aside = wc.draw_per_class(labels, 8, seed=0)
y = labels[~aside]
print("words to choose by:", aside.sum(), " words to report on:", len(y))

# %% [markdown]
# ## Train a small classifier
#
# A **linear classifier** computes a score for each class: a weighted sum of the 100 numbers of the vector, plus a constant. In Gluon that is `nn.Dense(6)`. The softmax turns the six scores into probabilities (chapter 04), and the loss is minus the logarithm of the probability of the correct class. With six classes instead of 6,719 words, a softmax costs next to nothing.

# %%
from mxnet.gluon import nn

cross_entropy = gluon.loss.SoftmaxCrossEntropyLoss()
random.seed(0)


def frozen(X):
    net = nn.Dense(len(names))
    net.initialize(init.Normal(0.01))
    return net, np.array(X)


def fit(net, x, y, lr, num_steps=30):
    trainer = gluon.Trainer(net.collect_params(), "adam", {"learning_rate": lr})
    for _ in range(num_steps):
        with autograd.record():
            l = cross_entropy(net(x), y)  # (words,)
        l.backward()
        trainer.step(len(y))


# %% [markdown]
# `fit` is the loop that you know from chapter 05, except that every step uses all training words. `classify` trains on the words marked in `train` and then answers for all of them:


# %%
def classify(X, y, train, lr, build=frozen):
    net, x = build(X)
    rows = np.array(numpy.flatnonzero(train))
    fit(net, x[rows], np.array(y)[rows], lr)
    return net(x).argmax(axis=1).asnumpy().astype(int)


# %% [markdown]
# To judge it, we need words that it was not trained on. `stratified_folds` deals the words into four equal parts, called **folds**, with equally many words of each class. We train on three folds and test on the fourth.
#
# **Predict.** How many of its *own* training words will the classifier get right? And how many if we shuffle their labels, so that there is nothing to learn?

# %%
X = inputs[0][~aside]
train = wc.stratified_folds(y, 4, seed=0) != 0
shuffled = numpy.random.default_rng(0).permutation(y)
for name, target in [("true labels", y), ("shuffled labels", shuffled)]:
    right = classify(X, target, train, lr=0.1) == target
    print(f"{name:>15}: {right[train].mean():.0%} of its own words right")

# %% [markdown]
# All of them, or nearly all, even with shuffled labels. With a hundred numbers for each word, the classifier can fit 108 labels almost perfectly, even if they mean nothing. So the training words prove nothing, and only the others count.
#
# [**Cross-validation**](glossary.md#cross-validation) tests on each fold in turn. That way every word gets an answer from a classifier that was not trained on it. We do it for each of the three trainings, and deal the folds anew each time.


# %%
def cross_validate(inputs, y, lr, build=frozen):
    answers = numpy.zeros((len(inputs), len(y)), int)
    for seed, X in enumerate(inputs):
        folds = wc.stratified_folds(y, 4, seed)
        for fold in range(4):
            given = classify(X, y, folds != fold, lr, build)
            answers[seed, folds == fold] = given[folds == fold]
    return answers


# %% [markdown]
# Now we can choose the learning rate on the words that we put aside:


# %%
def choose_lr(inputs, build=frozen):
    accuracy = {}
    for lr in [0.01, 0.03, 0.1, 0.3]:
        given = cross_validate([X[aside] for X in inputs], labels[aside], lr, build)
        accuracy[lr] = (given == labels[aside]).mean()
    print(
        "accuracy on the words put aside:", {lr: f"{a:.0%}" for lr, a in accuracy.items()}
    )
    best = max(accuracy, key=accuracy.get)
    print("chosen:", best)
    return best


lr = {"word2vec": choose_lr(inputs)}

# %% [markdown]
# `choose_lr` returns the best rate (in a tie, the smaller one). We report on the 144 words that had no say in the choice.

# %% tags=["nbval-ignore-output"]
right, answers, shown = {}, {}, {}


def report(name, inputs, build=frozen):
    answers[name] = cross_validate([X[~aside] for X in inputs], y, lr[name], build)
    right[name] = answers[name] == y
    shown[name] = [100 * each for each in wc.mean_interval(right[name])]
    mean, low, high = shown[name]
    single = ", ".join(f"{each:.0%}" for each in right[name].mean(axis=1))
    print(f"{name}: {mean:.0f}% right, interval {low:.0f} to {high:.0f} ({single})")


report("word2vec", inputs)

# %% [markdown]
# The percentages in parentheses are the three trainings. The interval is the 95% bootstrap interval from chapter 07. It is computed by drawing the tested *words* anew, because other words would have given another result. (The classifiers are not trained again.)
#
# ## Compare with something simpler
#
# Is that good? It depends on what you can get for less. A simple method that you compare yours with is called a [**baseline**](glossary.md#baseline). Here are three:
#
# - **Largest class.** Always give the same answer. The classes are equally large, so that is right for one word in six.
# - **Random vectors.** A hundred random numbers for each word. They know nothing about the text.
# - **Counted vectors.** Count which words appear within five words of each other, and turn the counts into vectors without any training.
#
# Let $\#(w, c)$ be how many times $c$ appears within five words of $w$, let $\#(w)$ be its sum over all $c$, and $\#(c)$ its sum over all $w$. For each pair, we compare the count with $\#(w)\,p(c)$, the count that we would expect by chance:
#
# $$ \mathrm{PPMI}(w, c) = \max\left(0,\ \log \frac{\#(w, c)}{\#(w)\, p(c)}\right), \qquad p(c) = \frac{\#(c)^{0.75}}{\sum_{c'} \#(c')^{0.75}}. $$
#
# This is the [**positive pointwise mutual information**](glossary.md#ppmi), PPMI for short. "Positive" means that negative values become 0, and so does the $\log 0$ of pairs that were never near each other. The exponent 0.75 is the one that you know from the noise words of chapter 01, and it does the same here: it treats rare contexts as a little more frequent than they are. That lowers their values, which would otherwise be large after one or two chance encounters. Finally a singular value decomposition (chapter 06) splits the table of 6,719 × 6,719 numbers into $\mathbf{U}\,\mathbf{S}\,\mathbf{V}^\top$. The numbers in $\mathbf{S}$ are called singular values. We keep the 100 largest. $\mathbf{U}$ has a row for each word, and $\mathbf{V}$ one for each context. We give each of them half of $\mathbf{S}$, that is, its square root, and take the rows of $\mathbf{U}\sqrt{\mathbf{S}}$ as vectors.

# %%
from w2v_lesson.vectors import unit_length
from w2v_lesson.vocabulary import index_corpus

ids, sentence_of = index_corpus(read_ptb(), vocab)
places = numpy.array([vocab[word] for word in words])
pairs = wc.context_counts(ids, sentence_of, len(vocab))
counted = unit_length(wc.ppmi_vectors(pairs)[places])

# %% [markdown]
# **Predict.** Put the three baselines and word2vec in order. How far apart are the best two?

# %% tags=["nbval-ignore-output"]
noise = numpy.random.default_rng(7).normal(size=(3, *counted.shape))
baselines = {
    "counted (PPMI)": [counted] * 3,
    "random vectors": list(unit_length(noise).astype("float32")),
}
for name, each in baselines.items():
    lr[name] = choose_lr(each)
    report(name, each)

# %%
shown["largest class"] = (100 / 6,) * 3
figures.show(
    figures.intervals(shown, "% of words right, 95% interval; dotted: a guess", 100 / 6),
    "Accuracy with 95% intervals: word2vec about 80% and counted vectors 77%, whose intervals overlap, "
    "random vectors 16% and the largest class 17%, far below.",
)

# %% [markdown]
# **What you should see.** Two groups. Vectors that were made from the text, trained or counted, give the right class for at least three words in four, on average. Random vectors do no better than giving the same answer every time. (Counting gives the same vectors every time, so its three percentages differ only because of the folds and the classifier's random starting weights.)
#
# To compare two methods, we don't compare their intervals. Both were tested on the same words, so we take the difference for each word. (In chapter 07 a lead had to survive other words *and* other seeds. The interval below is only about other words.)


# %% tags=["nbval-ignore-output"]
def compare(one, other):
    gain = right[one].astype(float) - right[other]
    mean, low, high = (100 * each for each in wc.mean_interval(gain))
    print(f"{one} minus {other}: {mean:+.0f} points, interval {low:+.0f} to {high:+.0f}")


compare("word2vec", "random vectors")
compare("word2vec", "counted (PPMI)")

# %% [markdown]
# word2vec is far ahead of random vectors, so what it knows about the words does come from the text. But between word2vec and counting, the interval of the difference begins at about 0. **With these labels, we can't be sure that training beats counting.** "word2vec gets about 80% right" would be a true sentence, but without the line for counting it would be misleading. Chapter 13 shows that the two are related: under ideal conditions, skip-gram with negative sampling also factorizes a table of pointwise mutual information, shifted by a constant.
#
# ## Freeze or fine-tune?
#
# So far the vectors have been **frozen**: the classifier learned its weights, and the vectors stayed as they were. The alternative is to [**fine-tune**](glossary.md#fine-tuning) them. We put the vectors into an `nn.Embedding` as its starting weights, and each step that trains the classifier moves them, too.


# %%
def tuned(X):
    net = nn.HybridSequential()
    net.add(nn.Embedding(*X.shape), nn.Dense(len(names)))
    net.initialize(init.Normal(0.01))
    net[0].weight.set_data(np.array(X))
    return net, np.arange(len(X))


# %% [markdown]
# **Predict.** Will this help with the words that the classifier is tested on?

# %% tags=["nbval-ignore-output"]
lr["fine-tuned"] = choose_lr(inputs, tuned)
report("fine-tuned", inputs, tuned)
compare("fine-tuned", "word2vec")
fast = cross_validate([X[~aside] for X in inputs], y, 0.3, tuned)
right["fine-tuned with lr 0.3"] = fast == y
compare("fine-tuned with lr 0.3", "fine-tuned")

# %% [markdown]
# Even at the chosen rate we can't see that it helps: the difference is slightly below 0, and hardly any of its interval lies above. And with a rate of 0.3, it does great harm. So fine-tuning has a setting that you can get badly wrong.
#
# What did fine-tuning do? Let's see which vectors moved, in one fold of each training.

# %% tags=["nbval-ignore-output"]
for seed, X in enumerate(inputs):
    X, train = X[~aside], wc.stratified_folds(y, 4, seed) != 0
    net, x = tuned(X)
    fit(net, x[np.array(numpy.flatnonzero(train))], np.array(y[train]), lr["fine-tuned"])
    cosines = (unit_length(net[0].weight.data().asnumpy()) * X).sum(axis=1)
    print(
        f"cosine with the old vector: {cosines[train].mean():.2f} for training words,",
        f"{cosines[~train].mean():.2f} for the others",
    )

# %% [markdown]
# A vector moves only if its word is among the training words. The other words get no gradient, so **they stay exactly where they are**. The classifier learns to tell words apart in their new places, and is then tested on words in their old places. All this is different if you classify whole *texts*: most words of a test text also appear in the training texts, so their vectors have moved, too.
#
# ## How many labels do you need?
#
# Labeling words is tedious. Let's take only 2, 4, 8, or 16 labeled words of each class and test on all the rest. Which words we happen to label matters, so we draw them four times for each of the three trainings. The counted vectors get the same twelve draws.
#
# **Predict.** With two labels per class, how many out of ten other words will be right?


# %%
def tested(X, n, draw, lr):
    train = wc.draw_per_class(y, n, draw)
    found = (classify(X[~aside], y, train, lr) == y).astype(float)
    found[train] = numpy.nan  # not tested
    return found


# %%
sizes = [2, 4, 8, 16]
draws = [(training, 4 * training + i) for training in range(3) for i in range(4)]
runs = {
    name: [[tested(each[t], n, draw, lr[name]) for t, draw in draws] for n in sizes]
    for name, each in [("word2vec", inputs), ("counted (PPMI)", [counted] * 3)]
}

# %%
curves = {name: [wc.mean_interval(each) for each in found] for name, found in runs.items()}
figures.show(
    figures.learning_curves(sizes, curves, 1 / 6),
    "Accuracy against labels per class, 2 to 16: word2vec rises from about 66% to about 80%, counted vectors "
    "from 55% to 77%, and a guess is right for 17%.",
)

# %% tags=["nbval-ignore-output"]
for n, one, other in zip(sizes, *runs.values()):
    gain = numpy.subtract(one, other)
    mean, low, high = (round(100 * each) for each in wc.mean_interval(gain))
    print(
        f"{n:>2} labels: word2vec {numpy.nanmean(one):.0%}, counted {numpy.nanmean(other):.0%},",
        f"difference {mean:+} points, interval {low:+} to {high:+}",
    )
    by_training = 100 * numpy.nanmean(gain.reshape(3, 4, -1), axis=(1, 2))
    print("           in each of the three trainings:", *(f"{g:+.0f}" for g in by_training))

# %% [markdown]
# **What you should see.** Both curves rise, and word2vec starts higher. With only twelve labeled words, word2vec gets two thirds of the others right. That is what pretraining is for. And with so few labels, it is ahead of counting, at least with the learning rates that we chose above: with two or four per class, the interval of the difference is far from 0, and the lead is there in each of the three trainings. With eight and with sixteen, its lower end is so close to 0 that we can't say which one is better. (The difference is averaged word by word, and rounded last, so it can be a point off from that of the two percentages.) (These intervals tell how much the numbers might change with other test words. Other draws of the labels and other seeds would change them, too, and the intervals don't tell by how much.)
#
# ## Find out why it is wrong
#
# The mistakes of a classifier often tell you more than its score. Which class was taken for which?


# %%
def shares(answers):
    return numpy.array(
        [[(answers[:, y == i] == j).mean() for j in range(6)] for i in range(6)]
    )


right = shares(answers["word2vec"]).diagonal()
figures.show(
    figures.confusion(names, shares(answers["word2vec"])),
    "Rows are the classes of the words, columns are the answers. Right: "
    + ", ".join(f"{name} {share:.0%}" for name, share in zip(names, right))
    + ". The most frequent mistakes are first names for job titles, and the other way around.",
)

# %% [markdown]
# **What you should see.** Most words are on the diagonal, where the answer is right. But about a third of the job titles were taken for first names, and about one in five of the first names for job titles.
#
# Why would anyone take a job title for a first name? Think of how a newspaper introduces people: *chairman john smith*, or *john smith, chairman of*. Here is a possible explanation: because the two words stand so close together, the windows around them contain many of the same words. And words with similar contexts end up with similar vectors.
#
# If that is true, job titles and first names should often appear in the same sentence:

# %%
with_class = {
    name: numpy.unique(sentence_of[numpy.isin(ids, places[labels == i])])
    for i, name in enumerate(names)
}
for name in names[:-1]:
    both = numpy.intersect1d(with_class[name], with_class["first name"])
    share = len(both) / len(with_class[name])
    print(f"{name:>9}: {share:.0%} of its sentences also have a first name")

# %% [markdown]
# More than a quarter of the sentences with a job title also have a first name, and for the other classes it is only about one in twenty. That fits the explanation, but it doesn't prove it. For that we need an experiment: if these sentences bring the two kinds of words together, then without them, the vectors should be farther apart.
#
# We also need a **control**, because leaving out sentences makes these words rarer, and that alone might change their vectors. Suppose that $n$ sentences have both. In the control we leave out $n$ sentences that have only a job title and $n$ that have only a first name. So each class loses as many sentences as in the experiment (though not each single word), and the sentences with both stay. They are drawn at random, three times. We do all this with counted vectors, because they don't depend on a random seed: if they change, it is because the text has changed.

# %%
jobs, first_names = with_class["job"], with_class["first name"]
both = numpy.intersect1d(jobs, first_names)
only_one = numpy.setdiff1d(jobs, both), numpy.setdiff1d(first_names, both)
rng = numpy.random.default_rng(0)


def counted_without(sentences):
    kept = ~numpy.isin(sentence_of, sentences)
    pairs = wc.context_counts(ids[kept], sentence_of[kept], len(vocab))
    return unit_length(wc.ppmi_vectors(pairs)[places])


drawn = [[rng.choice(each, len(both), False) for each in only_one] for _ in range(3)]
texts = {
    "whole text": [counted] * 3,
    "without both": [counted_without(both)] * 3,
    "control": [counted_without(numpy.concatenate(each)) for each in drawn],
}

# %% [markdown]
# **Predict.** The number to watch is the average cosine between a job title and a first name. What will it do in each of the two shorter texts?

# %% tags=["nbval-ignore-output"]
job, first_name = (labels == names.index(each) for each in ["job", "first name"])
cosines = {
    name: numpy.mean([X[job] @ X[first_name].T for X in each], axis=0)
    for name, each in texts.items()
}
for name, each in cosines.items():
    print(f"{name:>12}: average cosine {each.mean():.2f}")

# %% [markdown]
# The interval of the difference needs some care, because each word takes part in 32 of these cosines. So we don't draw cosines anew, but words: 32 job titles and 32 first names.

# %% tags=["nbval-ignore-output"]
change = cosines["without both"] - cosines["control"]
drawn = rng.integers(32, size=(999, 2, 32))
means = [change[numpy.ix_(*each)].mean() for each in drawn]
low, high = numpy.percentile(means, [2.5, 97.5])
print(
    f"without both minus control: {change.mean():+.2f}, interval {low:+.2f} to {high:+.2f}"
)

# %% [markdown]
# Without the sentences that have both, the average cosine falls from 0.18 to 0.12. In the control it doesn't fall. So these sentences do bring job titles and first names together.
#
# And are the two classes mixed up less often, too?

# %% tags=["nbval-ignore-output"]
both_classes = [names.index("job"), names.index("first name")]
mixed_up = {}
for name, each in texts.items():
    given = cross_validate([X[~aside] for X in each], y, lr["counted (PPMI)"])
    other = numpy.isin(given, both_classes) & (given != y)
    mixed_up[name] = other[:, numpy.isin(y, both_classes)].astype(float)
    print(f"{name:>12}: {mixed_up[name].mean():.0%} taken for each other")
change = mixed_up["without both"] - mixed_up["control"]
mean, low, high = (100 * each for each in wc.mean_interval(change))
print(f"without both minus control: {mean:+.0f} points, interval {low:+.0f} to {high:+.0f}")

# %% [markdown]
# They are: 9% instead of the control's 19%. The interval of the difference doesn't contain 0, but it is wide. So the experiment supports the explanation, at least for counted vectors. (It shows that these sentences matter. That the overlapping windows are the reason is plausible, but not shown.) Chapter 04 warned that words can come to share their contexts in two ways: they are used in similar sentences, or they appear near each other in the same one. Either way, their vectors become similar. We asked the classifier which words are used *in the same way*, but the vectors probably also know which words are used *together*.
#
# ## Check yourself
#
# Replace the three dots with your answer and run the cell.
#
# **1. Write.** This is the largest-class baseline for classes of different sizes. You are given the labels of the training words and those of the test words. What share of the test words does it get right?
#
# <details><summary>Hint</summary>
#
# `numpy.bincount(train)` counts the labels, and `.argmax()` finds the largest count. Which labels may the baseline look at?
# </details>


# %% tags=["exercise"]
def majority_accuracy(train, test):
    ### BEGIN SOLUTION
    return (test == numpy.bincount(train).argmax()).mean()
    ### END SOLUTION


check("majority_accuracy", majority_accuracy, array=numpy.array)

# %% [markdown]
# **2. Write.** You tried several learning rates. `valid[i]` is the accuracy with learning rate number `i` on the words put aside, and `test[i]` is the accuracy with the same rate on the other words. Which number do you report?
#
# <details><summary>Hint</summary>
#
# Which of the two lists may have a say in the choice?
# </details>


# %% tags=["exercise"]
def accuracy_to_report(valid, test):
    ### BEGIN SOLUTION
    return test[valid.argmax()]
    ### END SOLUTION


check("accuracy_to_report", accuracy_to_report, array=numpy.array)

# %% tags=["exercise"]
progress("08")

# %% [markdown]
# Now choose an answer. Each one opens and tells you why it is right or wrong.
#
# **Question.** A classifier sorts words into ten classes and gets 72% of the test words right. The largest class has 70% of the words. How good is it?
#
# <details><summary>a) Good: if you guess among ten classes, you get only 10% right.</summary>No. Nobody has to guess evenly. If you always answer with the largest class, you get 70% without looking at a single word.</details>
# <details><summary>b) Hardly better than nothing, because it has to be compared with 70%.</summary>Right. And whether those two points are more than chance, only an interval can tell.</details>
# <details><summary>c) Nobody knows until it is compared with random vectors.</summary>No. The largest class is baseline enough here, and random vectors would hardly do better.</details>
#
# **Question.** You have three labels per class. Fine-tuning moves the vectors of the training words, but the classifier does no better on the test words than before. What is likely to help?
#
# <details><summary>a) More steps of fine-tuning.</summary>No. The training words would move even farther, and the test words would still stay where they are.</details>
# <details><summary>b) Testing on the training words.</summary>No. That number would be higher, but it would only tell you what was memorized.</details>
# <details><summary>c) More labeled words.</summary>Right, if labels are few. From 2 to 8 per class the curve above rises by more than ten points, and after that more slowly.</details>
#
# ## Summary
#
# - Vectors trained without labels are a good input for a small classifier: with only two labels per class it gets two thirds of the words right, and with eighteen (three of the four folds) about 80%.
# - A number means little without a baseline, and a setting must not be chosen on the words that you report on. Unless labels are few, we couldn't be sure that trained vectors beat counted ones, and we couldn't show that fine-tuning helps.
# - Mistakes have reasons, and a reason can be tested: take it away, and compare with a control.
#
# ## In practice
#
# - **Use a library** for what we wrote by hand. In scikit-learn, a linear classifier with cross-validation takes three lines.
# - **Count first.** On a text as small as this one, counted vectors are a serious competitor. Levy, Goldberg, and Dagan (2015) tuned both kinds carefully and found no overall winner.
# - **One vector per word** is a limit. *may* has the same vector in *on may 3* and in *it may rise*. Networks such as BERT compute a vector for each word in its sentence, and for words in sentences, people mostly use such networks today. Chapter 13 says more about them. Arora and others (2020) measured how much older vectors lose: often no more than 5 to 10 points, and more if the language is complex, or if words are ambiguous or were not seen in training.
#
# ## Further reading
#
# - O. Levy, Y. Goldberg, I. Dagan, [*Improving Distributional Similarity with Lessons Learned from Word Embeddings*](https://aclanthology.org/Q15-1016/), TACL 2015.
# - S. Arora, A. May, J. Zhang, C. Ré, [*Contextual Embeddings: When Are They Worth It?*](https://aclanthology.org/2020.acl-main.236/), ACL 2020.
# - J. Devlin, M. Chang, K. Lee, K. Toutanova, [*BERT: Pre-training of Deep Bidirectional Transformers for Language Understanding*](https://aclanthology.org/N19-1423/), NAACL 2019.
#
# Next: [09 · Make it fast](09_make_it_fast.ipynb)
