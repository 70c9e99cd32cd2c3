# %% [markdown]
# # Word vectors in 50 minutes
#
# Here are two words. Did they appear near each other in a newspaper, yes or no? A program that practices this one question ends up with a good idea of what a *chip* is. It also finds out that *july* is like *june*, although nobody has told it so. In this lesson you see how that is possible.
#
# **What you'll do.** Ask trained word vectors for similar words, turn a sentence into questions, answer one of them by hand, and train vectors of your own.
#
# **What you'll be able to do.** Turn a sentence into pairs with the answers yes and no, compute how wrong an answer is, explain why words with similar contexts get similar vectors, read a loss curve, and say where such vectors fail.
#
# **What you need.** Basic Python, the dot product, and the logarithm.
#
# **Time.** 50 minutes, with a teacher. The text and the code come from chapters 00 to 06 of the lesson. If the text mentions one of them, the part that you need today is in this notebook, and the chapter has more. You can run the longer cells without understanding each line. In class, your teacher tells the story, so you don't have to read every line. It's there for reading again at home.
#
# Click on the gray cell below and press **Shift+Enter**. That runs the cell and takes you to the next one. It takes a few seconds.

# %%
from w2v_lesson import Training, Vocab, build_net, by_hand, figures, initialize
from w2v_lesson import load_data_ptb, read_ptb, sampling
from w2v_lesson.vocabulary import index_corpus, known_counts
from w2v_lesson.widgets import text
from w2v_lesson.widgets.loss import watch_loss

import math

import numpy
import numpy as np
from mxnet import npx, random

npx.set_np()
random.seed(0)
print("Everything is ready.")

# %% [markdown]
# To the left of a cell, `[*]` means that it is still running, and a number means that it has finished. Run each cell when you get to it, and don't choose *Run All*: it would show you every answer before you have made a guess.

# %%
...  ### CELLS 00 route-50-meet

# %% [markdown]
# So how can a program find out that *microprocessor* belongs near *chip*, when all it has is text? It plays a game.

# %%
...  ### CELLS 01 route-50-game

# %% [markdown]
# Did the last one surprise you? *july* occurs 191 times and *june* 174 times, and yet they were near each other only once. Keep that in mind. In the explorer above you have seen that *june* is the nearest neighbor of *july*. (If you haven't, scroll up and type *july*.) How can the program find out that they belong together? That is a riddle, and we will solve it further down.

# %% [markdown]
# ## Prepare the text
#
# Before the program plays, three things happen to the text. Each word gets a number. Words that occur fewer than ten times are left out, because there is too little to learn about them. (820,056 words remain.) And frequent words are thinned out at random: *the* is near everything, so being near *the* tells you almost nothing about a word. Out of a hundred occurrences of *the*, only about four stay. That is called [**subsampling**](glossary.md#subsampling). It hits less frequent words, too: of our sentence, *u.s.*, *makers*, and *a* will be gone, and *slack*, because it occurs only nine times. From here on, "near" means near in what is left.

# %%
vocab = Vocab(sentences, min_freq=10)
ids, sentence_of = index_corpus(sentences, vocab)
counts = known_counts(vocab)
keep = sampling.keep_probability(counts)
keys = sampling.derive_seeds(0, 0, 0, 0)  # for the draws of the first pass over the text

# %%
...  ### CELLS 01 route-50-pairs

# %% [markdown]
# Here is what the package draws for the first word of our sentence:

# %%
...  ### CELLS 01 route-50-noise

# %% [markdown]
# Words in the middle have the most contexts, on average, since they have neighbors on both sides. Without noise words, the model could say yes to everything. The loss would then fall to almost 0, and the vectors would tell us nothing. (Noise words are drawn in proportion to $\text{count}^{3/4}$, so frequent words come up more often than rare ones. If one of them happens to be a context of the center, it is drawn again.) How many questions does the whole text give?

# %%
...  ### CELLS 01 route-50-count

# %% [markdown]
# Nine million questions, and not one of them was labeled by hand. One in six has the answer yes. What is the smallest model that could answer them?

# %%
...  ### CELLS 03 route-50-tables

# %% [markdown]
# Let's compute one by hand. If the center had the vector (1, 4) and the other word (3, −2), the score would be 1 · 3 + 4 · (−2) = −5, a rather sure "no."
#
# A score can be any number, but we want to read it as an answer: how likely is yes? The [**sigmoid**](glossary.md#sigmoid) function $\sigma(x) = 1 / (1 + e^{-x})$ does that. It turns 0 into one half, large scores into almost 1, and very negative ones into almost 0. The next cell fills two tables with small random numbers and asks about one pair.
#
# **Predict.** What will the model answer before it has learned anything?

# %%
untrained = build_net(len(vocab), 100)
initialize(untrained, npx.cpu())
v = untrained[0].weight.data()[vocab["chip"]]  # a row of the center table
u = untrained[1].weight.data()[vocab["facing"]]  # a row of the context table
score = (u * v).sum()
print(f"score {float(score):.2f}, answer {float(npx.sigmoid(score)):.2f}")

# %% [markdown]
# About one half. The model has no idea yet, and it says so.

# %%
...  ### CELLS 04 route-50-loss

# %% [markdown]
# **What you should see.** Two mirrored curves. A confident correct answer costs next to nothing, and a confident wrong one costs roughly as many nats as the size of its logit. You can also start from the answer: if the model says 0.9 and the correct answer is no, it gave only 0.1 to the correct answer, and pays $-\log 0.1 \approx 2.3$ nats.

# %%
...  ### CELLS 04 route-50-slope

# %% [markdown]
# It is at 0, where the answer is one half, and one half minus 1 is −0.5. (Read the column *by hand*. At exactly 0, and only there, the column *Gluon and autograd* shows another gradient. The figure says why. The mask switches a pair off. Chapter 04 needs that for the empty places of a minibatch.)
#
# **What you should see.** The gradient is the slope of the curve. Where the answer is wrong the tangent is steep, and where it is right the tangent is almost flat.
#
# But we don't train scores, we train vectors. A score is a dot product, $\mathbf{u} \cdot \mathbf{v}$, and its derivative with respect to $\mathbf{v}$ is $\mathbf{u}$. So a pair with the answer yes pushes the vector of the center in the direction of the vector of its context. A noise word pushes it the other way. Nothing ever compares two centers with each other. How, then, can *july* and *june* come to have similar vectors?

# %%
...  ### CELLS 04 route-50-meeting

# %% [markdown]
# **What you should see.** Contexts are blue, and noise words are green. On the left, the arrows point in random directions. On the right, after twenty steps, *july* and *june* both point in roughly the direction of their common contexts, although no step ever compared them with each other. **Similar company leads to similar vectors**, and this is why word2vec works.

# %%
...  ### CELLS 04 route-50-yardstick

# %% [markdown]
# Now we let a model practice all the questions, and watch.

# %%
...  ### CELLS 05 route-50-aside

# %% [markdown]
# A **minibatch** is a block of questions that the model answers together, here those of 512 centers. A step of training answers one minibatch and moves the vectors a little. Going once through all of them is called an **epoch**. We take five.

# %%
lr, num_epochs, embed_size = 0.002, 5, 100  # how far a step goes, epochs, numbers per word

# %%
...  ### CELLS 05 route-50-panel

# %% [markdown]
# **What you should see.** Each round dot is the average training loss of an epoch, and each square is the held-out loss at its end. The thin line is the training loss along the way, the star marks the lowest held-out loss, and the dotted line is the 0.451 of the model that knows nothing about words. From epoch to epoch, the training loss keeps falling, while the held-out loss flattens out.

# %%
...  ### CELLS 05 route-50-curve

# %% [markdown]
# ## Ask for a queen
#
# *japan* is to *yen* as *germany* is to …? Such a question is called an **analogy**. Vectors can answer it: compute $\mathbf{v}_\text{yen} - \mathbf{v}_\text{japan} + \mathbf{v}_\text{germany}$, and look for the nearest word. It is *marks*, the German currency of the time. Now the most famous analogy of all: *man* is to *king* as *woman* is to …?
#
# **Predict.** Will the answer be *queen*?

# %%
...  ### CELLS 06 route-50-queen

# %% [markdown]
# It can't be, because *queen* occurs only seven times, so it has no vector. And the *king* in this newspaper sells hamburgers.

# %%
...  ### CELLS 06 route-50-failures

# %% [markdown]
# ## Look back
#
# - A sentence becomes pairs of words that appeared near each other, plus pairs that we made up.
# - Each word has a vector as a center and one as a context. Their dot product is the score of a pair, and how wrong the answer is decides how hard the pair pulls or pushes.
# - Words with similar company are pushed in the same direction. So neighbors are words that keep similar company *in this text*, and that is all they can tell you.
#
# **Now the quiz.** Your teacher has it for you.
#
# **Where to go from here.** Chapter [04](04_mask_the_loss.ipynb) answers why similar words meet in full. In chapter [06](06_ask_the_vectors.ipynb) you write the search for neighbors yourself, and in chapter [12](12_train_on_your_own_text.ipynb) you train on a text of your own.
