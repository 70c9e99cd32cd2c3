"""The commands `similar` and `export`, which read the folder that `train` wrote."""

from pathlib import Path

from w2v_lesson.app.command_line import FAILED
from w2v_lesson.app.options import arguments
from w2v_lesson.app.terminal import say, show
from w2v_lesson.files import formats
from w2v_lesson.files.targets import STDOUT, Target, may_replace, naming
from w2v_lesson.vectors import UnknownWordError

VECTORS, CHECKPOINTS = "vectors.npz", "checkpoints"  # in the folder that `train` writes
MAX_NEIGHBORS = 10  # by default


def similar(options):
    """Print the nearest words of each word.

    Parameters
    ----------
    options : argparse.Namespace
        Has vectors, words, k, table, encoding, and errors.

    Returns
    -------
    int
        The exit code: 1 if a word has no vector.
    """
    vectors, exit_code = _load(options), 0
    for word in options.words:
        try:
            near = vectors.similar(word, options.k or _default_k(vectors), options.table)
        except UnknownWordError as error:
            say(f"similar: {error}")
            exit_code = FAILED
            continue
        _print_neighbors(word, near, vectors.vocab.counts.any())
    return exit_code


def _default_k(vectors):
    others = len(vectors) - 2  # without the word itself and <unk>
    return min(MAX_NEIGHBORS, max(1, others))


def _print_neighbors(word, neighbors, counts_known):
    show(word)
    for near in neighbors:
        count = f"{near.count:10,}" if counts_known else ""
        show(f"  {near.cosine:6.3f}{count}  {near.word}")


def export(options):
    """Write vectors in the format of another tool.

    Parameters
    ----------
    options : argparse.Namespace
        Has vectors, out, format, table, replace, encoding, and errors.

    Returns
    -------
    int
        0, the exit code.
    """
    with arguments():
        _check_out(options)
    vectors, table = _load(options), options.table
    if options.format in ("word2vec", "word2vec-binary"):
        binary = options.format == "word2vec-binary"
        formats.save_word2vec(vectors, options.out, table, binary, replace=options.replace)
    elif options.format == "projector":
        formats.save_projector(vectors, options.out, table)
    else:
        save = {"numpy": formats.save_numpy, "gluon": formats.save_gluon}[options.format]
        save(vectors, options.out)
    said = f"{len(vectors) - 1:,} words, {options.format}: {options.out}"  # without <unk>
    (say if options.out == STDOUT else show)(said)
    return 0


def _check_out(options):
    """Look at what is there before the vectors are read, which may take minutes."""
    out = Path(options.out)
    if options.format in formats.FOLDERS:
        if options.out == STDOUT or (out.exists() and not out.is_dir()):
            raise ValueError(f"--format {options.format} writes a folder. {out} is none.")
        formats.check_folder(out, options.format)
        return
    if Target(options.out).is_stream:
        return
    if out.exists() and Path(options.vectors).exists() and out.samefile(options.vectors):
        raise ValueError(f"{out} is the file to read. Give another name for the new one.")
    if not may_replace(out, formats.is_exported):
        raise ValueError(
            f"{out} is there already, and does not look like a file of this command. Give "
            "another name."
        )


def _load(options):
    path = Path(options.vectors)
    with arguments():
        path.stat()
    if (path / VECTORS).exists():
        path = path / VECTORS
    elif (path / CHECKPOINTS).exists():
        raise ValueError(
            f"Training in {path} has not finished. Run the same `train` command again."
        )
    with naming(path):
        return formats.load_vectors(path, options.encoding, errors=options.errors)
