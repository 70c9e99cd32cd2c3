"""Compile the passes before they are needed, and tell whether that is done. Chapter 09."""

from mxnet import npx

from w2v_lesson.engine.fused import FusedEngine
from w2v_lesson.engine.passes import _lay_out, _losses_of, _weights, _work
from w2v_lesson.minibatches import SkipGramData
from w2v_lesson.model import build_net, initialize
from w2v_lesson.sampling import draw_others, draw_shared
from w2v_lesson.vocabulary import Vocab, index_corpus


def compile_ahead():
    """Compile all passes, or load them from the cache that numba keeps on disk.

    Compiling takes half a minute to a minute, once; loading takes one second. Chapter 09.
    """
    sentences = [["a", "b", "c", "d"]] * 2
    vocab = Vocab(sentences)
    words = index_corpus(sentences, vocab)
    data = SkipGramData(*words, vocab, 2, 1, 1, threshold=1.0)
    # A text on the disk gives arrays that are read-only, which are compiled apart.
    for array in words:
        array.flags.writeable = False
    SkipGramData(*words, vocab, 2, 1, 1, threshold=1.0)
    net = build_net(len(vocab), 4)
    initialize(net, npx.cpu())
    engine = FusedEngine(net, lr=0.1)
    engine.steps(list(data.runs()))
    for examples in data.examples():
        engine.step(examples)
    engine.write_back()
    engine.evaluate(data)


def is_compiled():
    """Tell whether `compile_ahead` has been done, in this or another process. Chapter 09.

    Returns
    -------
    bool
        False, too, if the code has changed since.
    """
    # The functions that Python calls, which contain all others.
    last = draw_others, draw_shared, _lay_out, _work, _weights, _losses_of
    return all(map(_is_cached, last))


def _is_cached(function):
    # Numba has no public question for it. Asking the index compares the date and the size of
    # the function's file with those that were compiled, as numba does before it loads.
    return bool(function._cache._cache_file._load_index())
