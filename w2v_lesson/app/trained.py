"""The commands `similar` and `export`, which read the folder that `train` wrote."""

from pathlib import Path

from w2v_lesson.files import formats

VECTORS, CHECKPOINTS = "vectors.npz", "checkpoints"  # in the folder that `train` writes


def similar(options):
    """Print the nearest words of each word.

    Parameters
    ----------
    options : argparse.Namespace
        Has vectors, words, k and table.

    Returns
    -------
    int
        0, the exit code.
    """
    vectors = _load(options.vectors)
    counts_known = vectors.vocab.counts.any()
    for word in options.words:
        print(word)
        for near in vectors.similar(word, options.k, options.table):
            count = f"{near.count:10,}" if counts_known else ""
            print(f"  {near.cosine:6.3f}{count}  {near.word}")
    return 0


def export(options):
    """Write vectors in the format of another tool.

    Parameters
    ----------
    options : argparse.Namespace
        Has vectors, out, format and table.

    Returns
    -------
    int
        0, the exit code.
    """
    vectors, table = _load(options.vectors), options.table
    if options.format in ("word2vec", "word2vec-binary"):
        binary = options.format == "word2vec-binary"
        formats.save_word2vec(vectors, options.out, table, binary)
    elif options.format == "projector":
        formats.save_projector(vectors, options.out, table)
    else:
        save = {"numpy": formats.save_numpy, "gluon": formats.save_gluon}[options.format]
        save(vectors, options.out)
    print(f"{len(vectors) - 1:,} words, {options.format}: {options.out}")  # without <unk>
    return 0


def _load(path):
    path = Path(path)
    if (path / VECTORS).exists():
        return formats.load_vectors(path / VECTORS)
    if (path / CHECKPOINTS).exists():
        raise ValueError(
            f"Training in {path} has not finished. Run the same `train` command again."
        )
    return formats.load_vectors(path)
