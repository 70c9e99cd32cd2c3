"""Measure time and memory for a large text, from a file on the disk to a trained epoch."""

import tempfile
import time
from pathlib import Path

from benchmarks import EMBED_SIZE, SEED, SHAPE
from benchmarks.scale import make_text, peak_memory, restart_peak
from benchmarks.sides import Side
from w2v_lesson.engine import warm_up

TITLE = "A large text"
WORDS, VOCABULARY = 30_000_000, 100_000
MIB = 2**20


def run(quick=False):
    """Measure; return a section of Markdown."""
    num_words, vocabulary = (WORDS // 30, 20_000) if quick else (WORDS, VOCABULARY)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "large.txt"
        write_text(path, num_words, vocabulary)
        size = path.stat().st_size
        with Side(warm_up.compile_ahead) as side:
            found = side.call(measure, path, Path(folder) / "cache")
    million = found["words"] / 1e6
    return f"""\
A random text as under Scale, with {found["words"]:,} words, {found["vocabulary"]:,} of them
different, in a file of {size / MIB:,.0f} MiB. One process reads it, indexes it, and trains for
an epoch ({EMBED_SIZE} dimensions, batches of {SHAPE[0]}).

- Reading and indexing by `index_text`: {found["reading"]:.0f} s,
  {found["reading"] / million:.1f} s for each million words; {found["again"]:.1f} s from
  the cache afterwards.
- The forecast before the training: {found["forecast"] / million:.1f} s for each million
  words, {found["forecast"]:.0f} s in all; it took {found["forecasting"]:.1f} s. The epoch
  took {found["training"]:.0f} s, {found["training"] / million:.1f} s for each million.
- Highest memory of the process: {found["memory_reading"] / MIB:,.0f} MiB while reading,
  {found["memory"] / MIB:,.0f} MiB while training, all libraries included (before that:
  {found["before"] / MIB:,.0f} MiB).
"""


def write_text(path, num_words, vocabulary):
    """Write a random text, one sentence per line."""
    ids, sentence_of, vocab = make_text(num_words, vocabulary)
    names = [f"w{token}" for token in vocab.idx_to_token]
    with path.open("w", encoding="utf-8") as file:
        for start in range(0, num_words, 100_000):
            piece, of = ids[start : start + 100_000], sentence_of[start : start + 100_001]
            ends = [*(of[1:] != of[:-1]), True][: len(piece)]
            file.writelines(
                names[word] + (".\n" if end else " ")
                for word, end in zip(piece.tolist(), ends, strict=True)
            )


def measure(path, cache):
    """Read, index, forecast, and train an epoch; return a dict of seconds and bytes."""
    import os

    from w2v_lesson.engine.fused import FusedEngine
    from w2v_lesson.minibatches import SkipGramData
    from w2v_lesson.text.forecast import forecast
    from w2v_lesson.text.indexing import index_text
    from w2v_lesson.text.sentences import read_text
    from w2v_lesson.training import prepare_training

    os.environ["W2V_LESSON_CACHE"] = str(cache)
    before = restart_peak()
    reading, index = _timed(lambda: index_text(read_text(path)))
    memory_reading = peak_memory()
    del index
    again, index = _timed(lambda: index_text(read_text(path)))
    data = SkipGramData(
        index.ids, index.sentence_of, index.vocab, *SHAPE, redraw=True, seed=SEED
    )
    forecasting, expected = _timed(lambda: forecast(data, EMBED_SIZE))
    training = prepare_training(data, engine=FusedEngine)
    restart_peak()
    seconds, _ = _timed(lambda: list(training.run(1)))
    return {
        "words": index.report.words,
        "vocabulary": index.report.distinct_words,
        "reading": reading,
        "again": again,
        "memory_reading": memory_reading,
        "forecast": expected.seconds,
        "forecasting": forecasting,
        "training": seconds,
        "memory": peak_memory(),
        "before": before,
    }


def _timed(work):
    started = time.perf_counter()
    result = work()
    return time.perf_counter() - started, result
