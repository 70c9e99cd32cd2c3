"""Compile the passes before they are needed, and tell whether that is done."""

from pathlib import Path

from mxnet import npx

from w2v_lesson.engine.fused import FusedEngine
from w2v_lesson.engine.passes import losses_of
from w2v_lesson.minibatches import SkipGramData
from w2v_lesson.model import build_net, initialize
from w2v_lesson.vocabulary import Vocab, index_corpus


def compile_ahead():
    """Compile all passes, or load them from the cache that numba keeps on disk.

    Compiling takes half a minute to a minute, once; loading one second.
    """
    sentences = [["a", "b", "c", "d"]] * 2
    vocab = Vocab(sentences)
    words = index_corpus(sentences, vocab)
    data = SkipGramData(*words, vocab, 2, 1, 1, threshold=1.0)
    for array in words:  # as those of a text on the disk: other code for the compiler
        array.flags.writeable = False
    SkipGramData(*words, vocab, 2, 1, 1, threshold=1.0)
    net = build_net(len(vocab), 4)
    initialize(net, npx.cpu())
    engine = FusedEngine(net, lr=0.1)
    for examples in data.examples():
        engine.step(examples)
    engine.write_back()
    engine.evaluate(data)


def is_compiled():
    """Whether `compile_ahead` has been done before, in this or another process."""
    found = Path(losses_of.stats.cache_path).glob("passes.losses_of-*.nbi")  # the last one
    edited = Path(__file__).stat().st_mtime
    return any(path.stat().st_mtime > edited for path in found)
