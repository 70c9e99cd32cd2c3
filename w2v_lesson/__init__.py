"""Learn word vectors from raw text: skip-gram with negative sampling in MXNet Gluon.

**The core.** Read these files in this order; together they are the whole lesson.

1. `ptb` reads the Penn Treebank. Chapter 01.
2. `vocabulary` lists the words, counts them, and turns text into indices. Chapter 01.
3. `sampling` decides which words are kept, how wide each window is, and which words are
   drawn as noise. Chapter 01.
4. `minibatches` packs centers, contexts, and noise words into padded minibatches.
   Chapter 02.
5. `model` has the two embedding tables, `skip_gram`, and the masked loss. Chapters 03
   and 04.
6. `by_hand` computes losses, gradients, and steps of descent without Gluon. Chapter 04.
7. `settings` holds the values of the original chapter, and `training` trains with them,
   step by step. Chapter 05.
8. `vectors` finds a word's neighbors and solves analogies. Chapter 06.

`wording` writes times, sizes and counts as text for all of them, and `corpus_checks` refuses
a text that cannot be trained on.

**The rooms.** These subpackages hold the rest, and you don't need any of them to follow
the lesson. Each imports only from the core and from those above it in this list.

- `engine`: a training step with shared noise words, compiled and many times as fast.
  Chapter 09.
- `files`: vectors and checkpoints on disk, the formats of other tools, and the cache.
  Chapter 12.
- `text`: reading a novel or any other text of your own, and indexing it. Chapter 12.
- `judge`: measures of quality, word classes, experiments. Chapters 07 to 09, and 13.
- `scale`: dividing a training step among machines, and what that costs. Chapter 10.
- `figures`: the plots of all chapters.
- `classroom`: feedback on the exercises, progress, and the teacher's table of results.
- `widgets`: everything you can click, from the explorer to the training panel.
- `app`: the command line, ``python -m w2v_lesson``.

You can import the names that chapters use most from here, for example
``from w2v_lesson import read_ptb``. Each one is loaded when it is first used, so
``import w2v_lesson`` itself loads nothing else and only sets how many threads MXNet uses.
"""

import os
from importlib import import_module

__version__ = "0.1.0"

# For each name that can be imported from here, its module.
_HOMES = {
    "Settings": "settings",
    "read_ptb": "ptb",
    "Vocab": "vocabulary",
    "load_data_ptb": "minibatches",
    "make_batch": "minibatches",
    "build_net": "model",
    "initialize": "model",
    "masked_loss": "model",
    "skip_gram": "model",
    "Training": "training",
    "prepare_training": "training",
    "WordVectors": "vectors",
    "FusedEngine": "engine.fused",
    "Checkpoints": "files.checkpoint",
    "ptb_vectors": "files.pretrained",
    "check": "classroom.checks",
    "progress": "classroom.checks",
    "Explorer": "widgets.explorer",
    "progress_bar": "widgets.progress",
}
__all__ = [*_HOMES, "figures"]


def __getattr__(name):
    if name == "figures":
        return import_module("w2v_lesson.figures")
    if name not in _HOMES:
        raise AttributeError(f"module 'w2v_lesson' has no attribute {name!r}")
    return getattr(import_module(f"w2v_lesson.{_HOMES[name]}"), name)


def __dir__():
    return sorted({*globals(), *__all__})


def usable_cores():
    """Count the CPU cores that this process may use.

    Returns
    -------
    int
        At least 1.
    """
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


# MXNet reads these once, when it is imported. The model has two tables, so two operators
# can run at once. With half of the cores each, they are faster than one operator with all
# cores.
os.environ.setdefault("MXNET_CPU_WORKER_NTHREADS", "2")
os.environ.setdefault("OMP_NUM_THREADS", str(max(1, usable_cores() // 2)))
# Threads that wait actively keep a core busy. If another program used the same cores, a step
# of training would then take ten times as long.
os.environ.setdefault("OMP_WAIT_POLICY", "passive")
# Up to a fifth of a millisecond of active waiting pays off, because the engine's compiled
# passes are just as short, and it halves the time to wake a thread.
os.environ.setdefault("GOMP_SPINCOUNT", "10000")
