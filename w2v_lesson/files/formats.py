"""Save and load vectors, also in the formats of other tools (chapter 12).

The lesson's own format is one NumPy .npz file. gensim writes and reads the formats of
word2vec, and MXNet that of Gluon. This module checks what they do not check, and pickles
nothing.
"""

import gzip
import json
import re
import shutil
import struct
from collections import Counter
from pathlib import Path

import numpy as np

from w2v_lesson.files.disk import atomic_path, atomic_paths
from w2v_lesson.files.foreign import (
    KINDS,
    VectorsFileError,
    fault,
    has_header,
    load_foreign,
    read_counts,
    without_warnings_of_gensim,
)
from w2v_lesson.files.kinds import BYTES_TO_TELL, archive, names_in_zip
from w2v_lesson.files.targets import begins, check_path, may_replace
from w2v_lesson.vectors import WordVectors
from w2v_lesson.vocabulary import Vocab
from w2v_lesson.wording import number_of

FORMAT = "w2v_lesson vectors 2"
TABLES = ("center", "context")
ERRORS = ("strict", "replace", "ignore")
# The formats of several files: how the first one begins, and the names of all.
FOLDERS = {
    "projector": (
        b"embeddings {",
        *("projector_config.pbtxt", "vectors.tsv", "metadata.tsv"),
    ),
    "numpy": (b'{"words": ', "words.json", "center.npy", "context.npy"),
}
PARAMS_FORMAT, PARAMS_ARRAYS = 0x112, (0xF993FAC9, 0xF993FACA)  # as MXNet writes them
PARAMS_START = struct.Struct("<QQQ")  # format, reserved, number of arrays
PARAMS_ARRAY = struct.Struct("<IiiqqiiI")  # kind, storage, axes, rows, size, device, type
PARAMS_NAMES = b"".join(struct.pack("<Q8s", 8, b"%d.weight" % i) for i in range(2))


def save_vectors(vectors, path):
    """Save vectors and all that belongs to them in one NumPy .npz file.

    Parameters
    ----------
    vectors : WordVectors
    path : str or Path
        Used as given; .npz is not appended. The file is written completely or not at all.
    """
    tables = _tables(vectors)
    words = [word.encode("utf-8", "surrogatepass") for word in vectors.vocab.idx_to_token]
    content = {
        "about": json.dumps({"format": FORMAT, "tables": list(tables), **vectors.about}),
        # An array of strings would use as much space for each word as for the longest.
        "letters": np.frombuffer(b"".join(words), np.uint8),
        "lengths": np.array([len(word) for word in words], np.int64),
        "counts": vectors.vocab.counts,
        **tables,
    }
    with atomic_path(path) as draft, open(draft, "wb") as file:
        np.savez(file, **content)


def _tables(vectors):
    _check_vectors(vectors)
    tables = {name: getattr(vectors, name) for name in TABLES}
    return {name: table for name, table in tables.items() if table is not None}


def _check_vectors(vectors):
    if not isinstance(vectors, WordVectors):
        raise TypeError(
            f"vectors must be WordVectors, not {type(vectors).__name__}. For a net, pass "
            "WordVectors.from_net(net, vocab)."
        )


def save_word2vec(vectors, path, table="center", binary=False, counts=None, replace=None):
    """Save one table in the format of word2vec, which gensim and many other tools read.

    The most frequent word comes first, because other tools assume this order. `<unk>` is
    left out, because it was not trained and other tools would show it as a word.
    Chapters 06 and 12.

    Parameters
    ----------
    vectors : WordVectors
    path : str or Path
        The file to write. It is packed if its name ends in .gz.
    table : {"center", "context", "sum"}
    binary : bool
        Write float32 numbers. Otherwise, write enough digits to get them back exactly.
    counts : str or Path, optional
        A second file to write, with "word count" in each line.
    replace : str, optional
        What to write for a blank or line break in a word, or for an empty word, for example
        "_". Without it, such words raise an error, because the format cannot hold them.

    Raises
    ------
    ValueError
        If the format cannot hold one of the words or numbers. Nothing is then written.
    """
    _check_vectors(vectors)
    if replace is not None and (
        not isinstance(replace, str) or replace.split() != [replace]
    ):
        raise ValueError(f"replace must be text without blanks, not {replace!r}.")
    if counts is not None and not vectors.vocab.counts[_by_count(vectors)].any():
        raise ValueError("The counts of these words are not known. Leave out `counts`.")
    words, matrix, seen = _ranked(vectors, table)
    keyed = _keyed(_without_blanks(words, replace), matrix, seen)
    with atomic_paths(path, *([counts] if counts is not None else [])) as drafts:
        # We choose the names that gensim writes to, because it would pack a file by its
        # name.
        plain = [draft.with_name("plain") for draft in drafts]
        with without_warnings_of_gensim():
            keyed.save_word2vec_format(*map(str, plain), binary=binary)
        for name, draft in zip(plain, drafts, strict=True):
            (_pack if draft.suffix == ".gz" else Path.replace)(name, draft)


def _pack(path, packed):
    """Pack a file. The same content always gives the same bytes."""
    # Higher levels than 1 take five times as long and hardly make digits smaller.
    with (
        open(path, "rb") as content,
        open(packed, "wb") as file,
        gzip.GzipFile("", "wb", 1, file, mtime=0) as archive,
    ):
        shutil.copyfileobj(content, archive)


def to_gensim(vectors, table="center"):
    """Return one table as gensim's `KeyedVectors`, the most frequent word first.

    `<unk>` is left out.

    Parameters
    ----------
    vectors : WordVectors
        The vectors to convert.
    table : {"center", "context", "sum"}
        Which of their tables to take.

    Returns
    -------
    gensim.models.KeyedVectors
        Each word has its count as the attribute "count" if the counts are known.

    Raises
    ------
    ValueError
        If `<unk>` is the only word, or if a word cannot be encoded.
    """
    return _keyed(*_ranked(vectors, table, finite=False))


def _keyed(words, matrix, counts):
    from gensim.models import KeyedVectors  # takes a second to load

    keyed = KeyedVectors(matrix.shape[1], dtype=np.float32)
    keyed.add_vectors(words, matrix)
    if counts.any():
        for word, count in zip(words, counts.tolist(), strict=True):
            keyed.set_vecattr(word, "count", count)
    return keyed


def save_projector(vectors, folder, table="center", max_words=None):
    """Save a folder for the TensorBoard Projector.

    It contains vectors.tsv, metadata.tsv (words, and counts if known), and
    projector_config.pbtxt, which tells `tensorboard --logdir FOLDER` where they are. On
    projector.tensorflow.org, load the first two. A tab or line break in a word is written
    as in Python, \\t or \\n.

    Parameters
    ----------
    vectors : WordVectors
    folder : str or Path
    table : {"center", "context", "sum"}
    max_words : int, optional
        Save only this many words, the most frequent ones. The page easily shows 10,000.

    Raises
    ------
    ValueError
        As `save_word2vec` does, or if the folder has such files that are not ours.
    """
    words, matrix, seen = _ranked(vectors, table, max_words)
    labels = [_in_one_cell(word) for word in words]
    if vectors.vocab.counts.any():  # a file with a single column has no header
        pairs = zip(labels, seen, strict=True)
        labels = ["word\tcount", *(f"{word}\t{count}" for word, count in pairs)]
    config = (
        f'embeddings {{\n  tensor_name: "{table}"\n  tensor_path: "vectors.tsv"\n'
        '  metadata_path: "metadata.tsv"\n}\n'
    )
    names = ("vectors.tsv", "metadata.tsv", "projector_config.pbtxt")
    check_folder(check_path(folder, "folder"), "projector")
    with _drafts_in(folder, names) as (numbers, metadata, about):
        np.savetxt(numbers, matrix, "%.9g", "\t")
        metadata.write_bytes(("\n".join(labels) + "\n").encode())
        about.write_bytes(config.encode())


def save_numpy(vectors, folder):
    """Save center.npy, context.npy (if there is such a table) and words.json.

    `numpy.load` and `json.load` can read them anywhere. Row i of a table belongs to word i
    of "words" in the JSON file, which also has "counts" and "about". Nothing is lost, not
    even `<unk>` or a word that contains a line break.

    Parameters
    ----------
    vectors : WordVectors
        The vectors to save.
    folder : str or Path
        The folder, which is made if it does not exist.

    Raises
    ------
    ValueError
        If the folder has such files that are not ours, or a context table of other vectors,
        and these vectors have none.
    """
    tables, vocab = _tables(vectors), vectors.vocab
    folder = check_path(folder, "folder")
    check_folder(folder, "numpy")
    if "context" not in tables and (folder / "context.npy").exists():
        raise ValueError(
            f"{folder} holds a context table of other vectors. Choose another folder."
        )
    index = {
        "words": vocab.idx_to_token,
        "counts": vocab.counts.tolist(),
        "about": vectors.about,
        "tables": list(tables),
    }
    names = ("words.json", *(f"{name}.npy" for name in tables))
    with _drafts_in(folder, names) as (words, *arrays):
        words.write_text(json.dumps(index), "ascii")
        for draft, table in zip(arrays, tables.values(), strict=True):
            np.save(draft, table, allow_pickle=False)


def check_folder(folder, format):
    """Refuse a folder in which files of others would be replaced.

    Parameters
    ----------
    folder : Path
    format : str
        A key of `FOLDERS`.

    Raises
    ------
    ValueError
    """
    start, first, *others = FOLDERS[format]
    if not may_replace(folder / first, lambda path: begins(path, (start,))):
        in_the_way = first
    elif (folder / first).exists():
        return
    else:
        in_the_way = next((name for name in others if (folder / name).exists()), None)
    if in_the_way:
        raise ValueError(
            f"{folder / in_the_way} is there already, and this lesson did not write it. "
            "Choose another folder."
        )


def is_own(path):
    """Tell whether a file is one of `save_vectors`.

    Parameters
    ----------
    path : Path

    Returns
    -------
    bool
    """
    return "about.npy" in names_in_zip(path)


def is_exported(path):
    """Tell whether a file may be one of `save_word2vec` or `save_gluon`.

    Parameters
    ----------
    path : Path

    Returns
    -------
    bool
    """
    try:
        return has_header(path) or bool(_check_params(path))
    except (struct.error, ValueError):
        return False


def _drafts_in(folder, names):
    """Return drafts of files that belong together; make their folder if needed."""
    folder = check_path(folder, "folder")
    if folder.exists() and not folder.is_dir():
        raise NotADirectoryError(f"{folder} is not a folder. Give another name.")
    folder.mkdir(parents=True, exist_ok=True)
    return atomic_paths(*(folder / name for name in names))


def save_gluon(net_or_vectors, path):
    """Save both tables as a .params file, which `net.load_parameters(path)` reads.

    Load it into the net `model.build_net(len(vocab), embed_size)`. The file does not
    contain the words.

    Parameters
    ----------
    net_or_vectors : gluon.nn.Sequential or WordVectors
        A net of `model.build_net`, or vectors with both tables.
    path : str or Path

    Raises
    ------
    ValueError
        If the vectors have no context table.
    """
    net = net_or_vectors
    if isinstance(net, WordVectors):
        net = _net_of(net)
    if not hasattr(net, "save_parameters"):
        raise TypeError(f"Pass a net or WordVectors, not {type(net).__name__}.")
    with atomic_path(path) as draft:
        net.save_parameters(str(draft))


def _net_of(vectors):
    if vectors.context is None:
        raise ValueError(
            "A .params file holds both tables, but these vectors have only a center table. "
            "Choose another format."
        )
    net = _new_net(*vectors.center.shape)
    for layer, table in zip(net, TABLES, strict=True):
        layer.weight.set_data(vectors.matrix(table))
    return net


def _new_net(rows, size):
    # Imported here, because MXNet takes seconds to load and most formats do not need it.
    from mxnet import cpu, npx

    from w2v_lesson.model import build_net, initialize

    npx.set_np()
    net = build_net(rows, size)
    initialize(net, cpu())
    return net


def _by_count(vectors):
    """Return the rows of all words but `<unk>`, the most frequent first."""
    return vectors.vocab.by_frequency()


def _ranked(vectors, table, max_words=None, finite=True):
    """Return words, vectors, and counts; raise an error if no other format can hold them."""
    _check_vectors(vectors)
    rows = _by_count(vectors)[:max_words]
    words, matrix = vectors.vocab.to_tokens(rows), vectors.matrix(table)[rows]
    if not words:
        raise ValueError("There is nothing to write, because <unk> is the only word.")
    try:
        "".join(words).encode()
    except UnicodeEncodeError as error:
        raise ValueError(
            f"A word holds half a character ({error.object[error.start]!r}), which no text "
            "file can hold. Rename it, or use save_numpy."
        ) from error
    if finite and not np.isfinite(matrix).all():
        raise ValueError(
            "Some numbers are not finite (nan or inf), because training diverged. Train "
            "again with a lower lr."
        )
    return words, matrix, vectors.vocab.counts[rows]


def _without_blanks(words, replace):
    bad = [word for word in words if word.split() != [word]]
    if not bad:
        return words
    if replace is None:
        raise ValueError(
            f"This format cannot hold words with a blank or line break, or empty ones: "
            f"{_some(bad)}. Give `replace`, for example replace='_', or use save_numpy."
        )
    words = [re.sub(r"\s", lambda _: replace, word) or replace for word in words]
    if twice := [word for word, times in Counter(words).items() if times > 1]:
        raise ValueError(
            f"With blanks replaced, some words become the same: {_some(twice)}. Give "
            "another `replace`."
        )
    return words


def _some(words):
    said = ", ".join(repr(word[:40]) for word in words[:5])
    return said if len(words) <= 5 else f"{said} and {len(words) - 5} more"


def _in_one_cell(word):
    return "".join(
        letter.encode("unicode_escape").decode()
        if letter == "\t" or letter.splitlines() == [""]
        else letter
        for letter in word
    )


def load_vectors(path, encoding="utf-8", max_words=None, counts=None, errors="strict"):
    """Load vectors of this lesson or of other tools; the content shows the format.

    Other tools' files don't say how often a word occurs. Without `counts`, all counts are
    then 0, which means unknown. A missing `<unk>` gets a row of zeros. If a word occurs
    twice, its first row is kept, and `about["repeated"]` says how many rows were dropped. A
    GloVe file that was cut off at the end of a line looks like a short file. Chapters 06
    and 12.

    Parameters
    ----------
    path : str or Path
        A file in word2vec's text or binary format or GloVe's text format (each also packed
        by gzip, bzip2, or xz), the .npz file of `save_vectors`, or the folder of `save_numpy`.
    encoding : str
        Encoding of the words in a file of another tool.
    max_words : int, optional
        Read only this many words: the first ones in a file of another tool, the most
        frequent ones in our own files.
    counts : str or Path, optional
        A file with "word count" in each line, as word2vec's -save-vocab and
        `save_word2vec` write it.
    errors : {"strict", "replace", "ignore"}
        What to do with bytes that are not in the encoding. The program word2vec may cut a
        word in the middle of a character, for example.

    Returns
    -------
    WordVectors

    Raises
    ------
    VectorsFileError
        If the file is damaged, is cut off, contains numbers that are not finite, or has
        another format.
    """
    path = check_path(path)
    _check_arguments(encoding, max_words)
    if not isinstance(errors, str) or errors not in ERRORS:
        raise ValueError(f"errors must be one of {ERRORS}, not {errors!r}.")
    vectors = _load_own(path)
    if vectors is None:
        vectors = load_foreign(path, encoding, max_words, errors)
    elif max_words is not None:
        vectors = _most_frequent(vectors, max_words)
    _check_finite(path, vectors)
    if counts is not None:
        vectors.vocab.counts = read_counts(Path(counts), encoding, vectors.vocab)
    return vectors


def load_gluon(path, vocab):
    """Load a .params file of `save_gluon` or of a net of `model.build_net`.

    Parameters
    ----------
    path : str or Path
    vocab : Vocab
        The words that the rows belong to, in the same order.

    Returns
    -------
    WordVectors
        With both tables.

    Raises
    ------
    VectorsFileError
        If the file is something else, is damaged, or has another number of rows.
    """
    path = check_path(path)
    try:
        rows, size = _check_params(path)
    except (struct.error, ValueError) as error:
        raise fault(
            path, f"it is not a .params file of the two tables ({error})"
        ) from error
    if rows != len(vocab):
        raise VectorsFileError(
            f"{path} has {rows:,} rows, but the vocabulary has {len(vocab):,} words. "
            "Give the vocabulary that the net was trained with."
        )
    net = _new_net(rows, size)
    net.load_parameters(str(path))
    vectors = WordVectors.from_net(net, vocab)
    _check_finite(path, vectors)
    return vectors


def _check_params(path):
    """Return the shape of the tables, after comparing the rest with what MXNet writes.

    MXNet trusts the sizes that a file states. A wrong size could use up all memory or crash
    the process.
    """
    data = np.memmap(path, np.uint8, "r")
    if PARAMS_START.unpack_from(data)[::2] != (PARAMS_FORMAT, 2):
        raise ValueError("it has another format, or not two tables")
    rows, size = PARAMS_ARRAY.unpack_from(data, PARAMS_START.size)[3:5]
    length = PARAMS_ARRAY.size + 4 * rows * size
    names = PARAMS_START.size + 2 * length
    if rows < 1 or size < 1 or len(data) != names + 8 + len(PARAMS_NAMES):
        raise ValueError(f"its size does not fit {rows} rows of {size} numbers")
    for start in (PARAMS_START.size, PARAMS_START.size + length):
        kind, *about, _, _, dtype = PARAMS_ARRAY.unpack_from(data, start)
        if kind not in PARAMS_ARRAYS or (*about, dtype) != (0, 2, rows, size, 0):
            raise ValueError("a table is not dense float32 of the same shape")
    if data[names:].tobytes() != struct.pack("<Q", 2) + PARAMS_NAMES:
        raise ValueError("the tables have other names")
    return rows, size


def _check_finite(path, vectors):
    for table in (vectors.center, vectors.context):
        if table is not None and not np.isfinite(table).all():
            raise fault(path, "it contains numbers that are not finite (nan or inf)")


def _check_arguments(encoding, max_words):
    try:
        plain = "a 1\n".encode(encoding).endswith(b"a 1\n")  # a BOM may come before
    except (LookupError, ValueError) as error:
        raise ValueError(
            f"Python knows no encoding {encoding!r}. Try 'utf-8' or 'latin-1'."
        ) from error
    if not plain:
        raise ValueError(
            f"Files in {encoding!r} cannot be read here. Convert the file to UTF-8 first."
        )
    whole = isinstance(max_words, (int, np.integer)) and not isinstance(max_words, bool)
    if max_words is not None and not (whole and max_words > 0):
        raise ValueError(
            f"max_words must be a whole number of at least 1, not {max_words!r}."
        )


def _load_own(path):
    """Load the lesson's own file or folder; return None if another tool wrote it."""
    if path.is_dir():
        return _load_folder(path)
    if path.exists() and not path.is_file():
        raise fault(path, "it is not a regular file", "Give a file with vectors in it.")
    with open(path, "rb") as file:
        start = file.read(8)
        if start.startswith(b"PK"):
            return _load_npz(path)
    if not start:
        raise fault(path, "it is empty")
    if start.startswith(b"\x80"):
        raise fault(
            path,
            "it looks like a pickle, which can run any code when it is opened",
            "Open it with the tool that made it, if you trust it, and save it from there "
            "in word2vec format (gensim: save_word2vec_format).",
        )
    if start == struct.pack("<Q", PARAMS_FORMAT):
        raise fault(path, "a .params file has no words", "Use load_gluon(path, vocab).")
    if start.startswith(b"\x93NUMPY"):
        raise fault(path, "an .npy file has no words", "Give the folder of save_numpy.")
    return None


def _load_npz(path):
    names = names_in_zip(path)
    if names and "about.npy" not in names:
        raise _other_archive(path, names)
    try:
        return _own_vectors(path)
    except Exception as error:  # whatever a file of unknown content leads to
        raise VectorsFileError(
            f"{path} does not contain the vectors of this lesson, or only a part of them "
            f"({error}). If you have a copy, give that. If not, train or save the vectors "
            "again, under another name."
        ) from error


def _own_vectors(path):
    with open(path, "rb") as file, np.load(file, allow_pickle=False) as archive:
        if any(each.compress_type for each in archive.zip.infolist()):
            raise ValueError("packed, so that it may be of any size")
        content = {name: archive[name] for name in archive.files}
    about = json.loads(str(content["about"]))
    found = [name for name in TABLES if name in content]
    match about.pop("format"):
        case "w2v_lesson vectors 2":
            words = _split(content)
        case "w2v_lesson vectors 1":  # of the first edition
            words, about["tables"] = content["tokens"].tolist(), found
        case other:
            raise ValueError(f"another format, {other!r}")
    if about.pop("tables") != found:
        raise ValueError("a table is missing")  # if the zip's list is damaged
    vocab = _vocab(words, content["counts"])
    return WordVectors(vocab, *(content[name] for name in found), about=about)


def _other_archive(path, names):
    """Return the error for a zip archive or an .npz file that is not ours."""
    if all(name.endswith(".npy") for name in names):
        arrays = ", ".join(repr(name.removesuffix(".npy")[:40]) for name in names[:5])
        what = f"it is an .npz file of another program, with {number_of(len(names), 'array')}: {arrays}"
        advice = (
            "Open it with numpy.load, and put its words and its table together: "
            "WordVectors(Vocab.from_counts(words, counts), table). Use save_vectors to save "
            "them."
        )
        return fault(path, what, advice)
    with open(path, "rb") as file:
        found = archive(path, file.read(BYTES_TO_TELL))
    kind, advice = found or ("a zip archive", "Unpack it, and give the file in it.")
    return fault(path, f"it is {kind}", advice)


def _split(content):
    """Split the letters of all words into words."""
    letters, ends = content["letters"].tobytes(), np.cumsum(content["lengths"]).tolist()
    if (content["lengths"] < 0).any() or ends[-1:] != [len(letters)]:
        raise ValueError("the lengths of its words do not fit")
    starts = [0, *ends[:-1]]
    return [
        letters[start:end].decode("utf-8", "surrogatepass")
        for start, end in zip(starts, ends, strict=True)
    ]


def _load_folder(folder):
    """Load a folder that `save_numpy` or the lesson's first edition wrote."""
    if not (folder / "words.json").is_file():
        advice = f"Give a file. {KINDS}"
        raise fault(folder, "it is a folder without words.json", advice)
    try:
        index = json.loads((folder / "words.json").read_bytes())
        # The first edition listed the tables with checksums.
        names = index.get("tables") or [name.partition(".")[0] for name in index["crc32"]]
        if sorted(names) not in (["center"], ["center", "context"]):
            raise ValueError(f"it has the tables {names}")
        tables = {name: _read_npy(folder / f"{name}.npy") for name in names}
        vocab = _vocab(index["words"], index["counts"])
        return WordVectors(vocab, **tables, about=index["about"])
    except Exception as error:  # files of unknown content may raise anything
        raise fault(
            folder, f"it is not a complete folder of save_numpy ({error})"
        ) from error


def _vocab(words, counts):
    """Make a vocabulary from what a file says; raise ValueError if it is impossible."""
    if not all(isinstance(word, str) for word in words):
        raise ValueError("a word is not text")
    counts = np.array(counts)
    if counts.dtype.kind not in "iu" or (counts < 0).any():
        raise ValueError("a count is not a whole number of at least 0")
    if len(set(words)) < len(words):
        raise ValueError("a word occurs twice")
    return Vocab.from_counts(words, counts)


def _read_npy(path):
    # Mapped, because then a shape that is too large for the file raises an error.
    array = np.load(path, mmap_mode="r", allow_pickle=False)
    if array.dtype != np.float32:
        raise ValueError(f"{path.name} holds {array.dtype}, not float32")
    return np.array(array)


def _most_frequent(vectors, max_words):
    """Keep the most frequent words, and `<unk>`, in their order."""
    rows = np.sort(np.append(_by_count(vectors)[:max_words], vectors.vocab.unk))
    vocab = Vocab.from_counts(vectors.vocab.to_tokens(rows), vectors.vocab.counts[rows])
    context = None if vectors.context is None else vectors.context[rows]
    return WordVectors(vocab, vectors.center[rows], context, vectors.about)
