"""Vectors in the files of other tools: word2vec, GloVe, gensim, TensorBoard, Gluon."""

import gzip
import io
import json
import re
import struct
import zlib
from collections import Counter
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from w2v_lesson.files.disk import atomic_path, atomic_paths
from w2v_lesson.files.foreign import KINDS, fault, load_foreign, read_counts
from w2v_lesson.model import build_net, initialize
from w2v_lesson.vectors import VectorsFileError, WordVectors
from w2v_lesson.vocabulary import Vocab

NUMPY_FORMAT = "w2v_lesson folder 1"
TABLE_FILES = ["center.npy", "context.npy"]
PARAMS_FORMAT, PARAMS_ARRAY = 0x112, (0xF993FAC9, 0xF993FACA)  # as MXNet writes them
PARAMS_ABOUT_ARRAY = "<IiiqqiiI"  # kind, storage, axes, rows, size, device (2), type
ROWS = 1000  # written in one go


def save_word2vec(vectors, path, table="center", binary=False, counts=None, replace=None):
    """Write one table in the format of word2vec, which gensim and many others read.

    table : "center", "context" or "sum"
    binary : float32 as they are; else text, 9 digits each, enough to get them back
        exactly
    counts : path of a second file to write, with "word count" in each line, or None
    replace : what to put for a blank or line break in a word, or for an empty word,
        for example "_"; None refuses them, as the format cannot hold them

    The most frequent word comes first, since other tools take the order for the rank.
    `<unk>` is left out: it was not trained, and others would show it as a word. A `path`
    that ends in .gz is packed. Raises ValueError for words or numbers that the format
    cannot hold; then nothing is written. Chapter 05.
    """
    rows = _by_count(vectors)
    words, matrix = _words(vectors, rows), _finite(vectors.matrix(table)[rows])
    words = _without_blanks(words, replace)
    seen = vectors.vocab.counts[rows]
    if counts is not None and not seen.any():
        raise ValueError("The counts of these words are not known. Leave out `counts`.")
    content = {path: _binary(words, matrix) if binary else _text(words, matrix)}
    if counts is not None:
        content[counts] = _counts(words, seen)
    with atomic_paths(*content) as drafts:
        for draft, (name, lines) in zip(drafts, content.items(), strict=True):
            with _writing(draft, packed=str(name).endswith(".gz")) as file:
                file.writelines(lines)


def to_gensim(vectors, table="center"):
    """One table as gensim's `KeyedVectors`, the most frequent word first.

    The counts are its attribute "count", if they are known. Without `<unk>`.
    """
    from gensim.models import KeyedVectors  # loads for a second

    rows = _by_count(vectors)
    matrix = vectors.matrix(table)[rows]
    keyed = KeyedVectors(matrix.shape[1], dtype=np.float32)
    keyed.add_vectors(_words(vectors, rows), matrix)
    if vectors.vocab.counts[rows].any():
        for word, count in zip(keyed.index_to_key, vectors.vocab.counts[rows], strict=True):
            keyed.set_vecattr(word, "count", int(count))
    return keyed


def save_projector(vectors, folder, table="center", max_words=None):
    """Write a folder for the TensorBoard Projector.

    max_words : only so many words, the most frequent ones; None for all. The page
        shows some 10,000 with ease

    It gets vectors.tsv, metadata.tsv (words, and counts if known) and
    projector_config.pbtxt, by which `tensorboard --logdir FOLDER` finds them; on
    projector.tensorflow.org load the first two. A tab or line break in a word is written
    as in Python, \\t or \\n. Raises ValueError as `save_word2vec`.
    """
    rows = _by_count(vectors)[:max_words]
    matrix, seen = _finite(vectors.matrix(table)[rows]), vectors.vocab.counts[rows]
    labels = [_in_one_cell(word) for word in _words(vectors, rows)]
    if vectors.vocab.counts.any():  # only several columns have a header
        pairs = zip(labels, seen, strict=True)
        labels = ["word\tcount", *(f"{word}\t{count}" for word, count in pairs)]
    config = (
        f'embeddings {{\n  tensor_name: "{table}"\n  tensor_path: "vectors.tsv"\n'
        '  metadata_path: "metadata.tsv"\n}\n'
    )
    numbers = "\t".join(["%.9g"] * matrix.shape[1]) + "\n"
    _write_folder(
        folder,
        {
            "vectors.tsv": "".join(
                numbers % tuple(row) for row in matrix.tolist()
            ).encode(),
            "metadata.tsv": _encoded("\n".join(labels) + "\n"),
            "projector_config.pbtxt": config.encode(),
        },
    )


def save_numpy(vectors, folder):
    """Write center.npy, context.npy (if there is such a table) and words.json.

    Row i belongs to word i of "words" in the JSON, which has "counts" and "about", too.
    Nothing is lost, not even `<unk>` or a word with a line break in it.
    """
    tables = dict(zip(TABLE_FILES, (vectors.center, vectors.context), strict=True))
    content = {name: _npy(table) for name, table in tables.items() if table is not None}
    if len(content) == 1 and (Path(folder) / "context.npy").exists():
        raise ValueError(
            f"{folder} holds a context table of other vectors. Choose another folder."
        )
    index = {
        "format": NUMPY_FORMAT,
        "words": vectors.vocab.idx_to_token,
        "counts": vectors.vocab.counts.tolist(),
        "about": vectors.about,
        "crc32": {name: zlib.crc32(data) for name, data in content.items()},
    }
    _write_folder(folder, {**content, "words.json": json.dumps(index).encode()})


def save_gluon(net_or_vectors, path):
    """Write both tables as a .params file, which `net.load_parameters(path)` reads.

    net_or_vectors : a net of `model.build_net`, or WordVectors with both tables

    The net to read it: `model.build_net(len(vocab), embed_size)`. The words are not in
    the file. Raises ValueError for vectors without a context table.
    """
    net = net_or_vectors
    if isinstance(net, WordVectors):
        net = _net_of(net)
    with atomic_path(path) as draft:
        net.save_parameters(str(draft))


def _net_of(vectors):
    # Imported here: MXNet takes seconds to load, and the other formats do not need it.
    from mxnet import cpu, np, npx

    npx.set_np()
    net = build_net(*vectors.center.shape)
    initialize(net, cpu())
    for layer, table in zip(net, ("center", "context"), strict=True):
        layer.weight.set_data(np.array(vectors.matrix(table)))
    return net


def _by_count(vectors):
    """Rows of all words but `<unk>`, the most frequent first."""
    return vectors.vocab.by_frequency()


def _words(vectors, rows):
    """Words of rows, all of which UTF-8 can hold. Raises ValueError."""
    words = vectors.vocab.to_tokens(rows)
    if not words:
        raise ValueError("There is no word to write but <unk>.")
    _encoded("".join(words))
    return words


def _encoded(text):
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise ValueError(
            f"A word holds half a character ({error.object[error.start]!r}), which no text "
            "file can. Rename it, or use save_numpy."
        ) from error


def _finite(matrix):
    if not np.isfinite(matrix).all():
        raise ValueError(
            "Some numbers are not finite (nan or inf): the training went astray. Train "
            "again with a lower lr."
        )
    return matrix


def _without_blanks(words, replace):
    bad = [word for word in words if word.split() != [word]]
    if not bad:
        return words
    if replace is None:
        raise ValueError(
            f"This format cannot hold words with a blank or line break, or empty ones: "
            f"{_some(bad)}. Give `replace`, for example replace='_', or use save_numpy."
        )
    if replace.split() != [replace]:
        raise ValueError(f"replace must be letters without a blank, not {replace!r}.")
    words = [re.sub(r"\s", lambda _: replace, word) or replace for word in words]
    if twice := [word for word, times in Counter(words).items() if times > 1]:
        raise ValueError(
            f"With blanks replaced, several words are the same: {_some(twice)}. Give "
            "another `replace`."
        )
    return words


def _some(words):
    said = ", ".join(repr(word[:40]) for word in words[:5])
    return said if len(words) <= 5 else f"{said} and {len(words) - 5} more"


def _text(words, matrix):
    yield b"%d %d\n" % matrix.shape
    numbers = " %.9g" * matrix.shape[1] + "\n"
    for i in range(0, len(words), ROWS):
        rows = zip(words[i : i + ROWS], matrix[i : i + ROWS].tolist(), strict=True)
        yield "".join(word + numbers % tuple(row) for word, row in rows).encode()


def _counts(words, seen):
    return (f"{word} {n}\n".encode() for word, n in zip(words, seen, strict=True))


def _binary(words, matrix):
    yield b"%d %d\n" % matrix.shape
    for i in range(0, len(words), ROWS):
        rows = zip(words[i : i + ROWS], matrix[i : i + ROWS].astype("<f4"), strict=True)
        yield b"".join(word.encode() + b" " + row.tobytes() + b"\n" for word, row in rows)


@contextmanager
def _writing(path, packed):
    """A new binary file; packed by gzip, the same content gives the same bytes."""
    with open(path, "wb") as file:
        if not packed:
            yield file
            return
        # Level 1: digits hardly get smaller above it, in five times the time.
        with gzip.GzipFile("", "wb", 1, file, mtime=0) as content:
            yield content


def _in_one_cell(word):
    return "".join(
        letter.encode("unicode_escape").decode()
        if letter == "\t" or letter.splitlines() == [""]
        else letter
        for letter in word
    )


def _npy(array):
    file = io.BytesIO()
    np.save(file, array, allow_pickle=False)
    return file.getvalue()


def _write_folder(folder, content):
    """Write bytes by name of their file to a folder, which is made if it is missing."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    with atomic_paths(*(folder / name for name in content)) as drafts:
        for draft, data in zip(drafts, content.values(), strict=True):
            draft.write_bytes(data)


def load_vectors(path, encoding="utf-8", max_words=None, counts=None):
    """Read vectors of this lesson or of other tools; the content tells the format.

    path : word2vec text or binary, GloVe text (each also packed by gzip), the .npz of
        `WordVectors.save`, or the folder of `save_numpy`
    encoding : of the words in a file of another tool
    max_words : read no more than the first so many words of a file of another tool; of
        our own, the most frequent ones
    counts : path of a file with "word count" in each line, as word2vec's -save-vocab
        and `save_word2vec` write it

    Returns WordVectors. Without `counts`, other tools' files say nothing of how often a
    word was seen: each count is 0 then, which is shown as unknown. A missing `<unk>` gets
    a row of zeros; of a word that is there twice, the first row is kept, and
    `about["repeated"]` says how many were dropped. Raises VectorsFileError, also for
    numbers that are not finite. A cut GloVe file whose last line is whole cannot be
    told from a short one. Chapter 05.
    """
    _check_arguments(encoding, max_words)
    path = Path(path)
    vectors = _load_own(path)
    if vectors is None:
        vectors = load_foreign(path, encoding, max_words)
    elif max_words is not None:
        vectors = _most_frequent(vectors, max_words)
    _check_finite(path, vectors)
    if counts is not None:
        vectors.vocab.counts = read_counts(Path(counts), encoding, vectors.vocab)
    return vectors


def load_numpy(folder):
    """Read what `save_numpy` wrote; returns WordVectors. Raises VectorsFileError."""
    folder = Path(folder)
    try:
        index = json.loads((folder / "words.json").read_bytes())
        if index["format"] != NUMPY_FORMAT:
            raise ValueError("words.json is of another format")
        names = sorted(index["crc32"])
        if names not in (TABLE_FILES[:1], TABLE_FILES):
            raise ValueError(f"it has the tables {names}")
        tables = [_read_npy(folder, name, index["crc32"][name]) for name in names]
        vocab = _vocab(index["words"], index["counts"])
        return WordVectors(vocab, *tables, about=index["about"])
    except Exception as error:  # whatever files of unknown content lead to
        raise fault(folder, f"it is no whole folder of save_numpy ({error})") from error


def load_gluon(path, vocab):
    """Read a .params file of `save_gluon`, or of a net of `model.build_net`.

    vocab : Vocab whose words the rows belong to, in its order

    Returns WordVectors with both tables. Raises VectorsFileError if the file is no such
    or has another number of rows.
    """
    path = Path(path)
    try:
        tables = _read_params(path)
    except (struct.error, ValueError) as error:
        raise fault(path, f"it is no .params file of the two tables ({error})") from error
    if len(tables[0]) != len(vocab):
        raise VectorsFileError(
            f"{path} has {len(tables[0]):,} rows, but the vocabulary {len(vocab):,} words. "
            "Give the vocabulary that the net was trained with."
        )
    vectors = WordVectors(vocab, *tables)
    _check_finite(path, vectors)
    return vectors


def _check_finite(path, vectors):
    for table in (vectors.center, vectors.context):
        if table is not None and not np.isfinite(table).all():
            raise fault(path, "it holds numbers that are not finite (nan or inf)")


def _check_arguments(encoding, max_words):
    try:
        plain = "a 1\n".encode(encoding).endswith(b"a 1\n")  # a BOM may come before
    except (LookupError, ValueError) as error:
        raise ValueError(
            f"{encoding!r} is no encoding that Python knows. Try 'utf-8' or 'latin-1'."
        ) from error
    if not plain:
        raise ValueError(
            f"Files in {encoding!r} cannot be read here. Convert the file to UTF-8 first."
        )
    whole = isinstance(max_words, (int, np.integer)) and not isinstance(max_words, bool)
    if max_words is not None and not (whole and max_words > 0):
        raise ValueError(f"max_words must be a whole number from 1 on, not {max_words!r}.")


def _load_own(path):
    """Vectors of the lesson's own file or folder, or None if it is another's."""
    if path.is_dir():
        if not (path / "words.json").is_file():
            raise fault(path, "it is a folder without words.json", f"Give a file. {KINDS}")
        return load_numpy(path)
    with open(path, "rb") as file:
        start = file.read(8)
    if start.startswith(b"PK"):
        return WordVectors.load(path)
    if not start:
        raise fault(path, "it is empty")
    if start.startswith(b"\x80"):
        raise fault(
            path,
            "it looks like a pickle, which may run anything when opened",
            "Open it with the tool that made it, if you trust it, and save it from there "
            "in word2vec format (gensim: save_word2vec_format).",
        )
    if start == struct.pack("<Q", PARAMS_FORMAT):
        raise fault(path, "a .params file has no words", "Use load_gluon(path, vocab).")
    if start.startswith(b"\x93NUMPY"):
        raise fault(path, "an .npy file has no words", "Give the folder of save_numpy.")
    return None


def _vocab(words, counts):
    """A vocabulary of words that a file states. Raises ValueError."""
    if not all(isinstance(word, str) for word in words):
        raise ValueError("a word is no text")
    counts = np.array(counts)
    if counts.dtype.kind not in "iu" or (counts < 0).any():
        raise ValueError("a count is no whole number from 0 on")
    if len(set(words)) < len(words):
        raise ValueError("a word is there twice")
    return Vocab.from_counts(words, counts)


def _read_npy(folder, name, crc32):
    if zlib.crc32((folder / name).read_bytes()) != crc32:
        raise ValueError(f"{name} is not the one that words.json was written with")
    # Mapped, as a shape that asks for more than the file holds is an error then.
    array = np.load(folder / name, mmap_mode="r", allow_pickle=False)
    if array.dtype != np.float32:
        raise ValueError(f"{name} holds {array.dtype}, not float32")
    return np.array(array)


def _most_frequent(vectors, max_words):
    """The first words by count, and `<unk>`, in their order."""
    rows = np.sort(np.append(_by_count(vectors)[:max_words], vectors.vocab.unk))
    vocab = Vocab.from_counts(vectors.vocab.to_tokens(rows), vectors.vocab.counts[rows])
    context = None if vectors.context is None else vectors.context[rows]
    return WordVectors(vocab, vectors.center[rows], context, vectors.about)


def _read_params(path):
    """The two tables of a .params file, float32, shape (words, embed_size) each.

    MXNet's own reader believes the sizes that a file states; one that lies can take all
    memory or end the process. Here they are compared with the file's.
    """
    data, tables = path.read_bytes(), []
    kind, _, number = struct.unpack_from("<QQQ", data)
    if (kind, number) != (PARAMS_FORMAT, 2):
        raise ValueError("another format, or not two tables")
    at = struct.calcsize("<QQQ")
    for _ in range(2):
        kind, storage, axes, rows, size, _, _, dtype = struct.unpack_from(
            PARAMS_ABOUT_ARRAY, data, at
        )
        at += struct.calcsize(PARAMS_ABOUT_ARRAY)
        if kind not in PARAMS_ARRAY or (storage, axes, dtype) != (0, 2, 0):
            raise ValueError("a table is not dense float32 with two axes")
        if rows < 1 or size < 1 or rows * size * 4 > len(data) - at:
            raise ValueError(f"it is cut off, or has not the {rows} rows that it states")
        numbers = np.frombuffer(data, "<f4", rows * size, at)
        tables.append(numbers.reshape(rows, size).astype(np.float32))
        at += 4 * rows * size
    names = b"".join(struct.pack("<Q", 8) + b"%d.weight" % i for i in range(2))
    if data[at:] != struct.pack("<Q", 2) + names:
        raise ValueError("it ends otherwise than expected")
    if tables[0].shape != tables[1].shape:
        raise ValueError("the tables are of different shapes")
    return tables
