"""What a file is, by its first bytes, and how to get at the text or numbers in it. Chapter 12.

Hand-written: the standard library tells a type by the name of a file, which readers change,
and libmagic would be a system library to install.
"""

import bz2
import gzip
import lzma
import shlex
import zipfile
import zlib
from pathlib import Path

TAR_MARK, TAR_PLACE = b"ustar", 257
BYTES_TO_TELL = 512  # the header of a tar archive
UNPACKING_ERRORS = (EOFError, zlib.error, lzma.LZMAError, OSError)
OPENERS = {
    b"\x1f\x8b": gzip.open,
    b"BZh": bz2.open,
    b"\xfd7zXZ\0": lzma.open,
    b"]\0\0": lzma.open,
}
# How a file begins, what it is, and the command that unpacks it.
PACKED = {
    b"7z\xbc\xaf\x27\x1c": ("a 7z archive", "7z x {}"),
    b"Rar!\x1a\x07": ("a RAR archive", "unrar x {}"),
    b"\x28\xb5\x2f\xfd": ("packed by zstd", "zstd -d {}"),
    b"\x04\x22\x4d\x18": ("packed by lz4", "lz4 -d {}"),
    b"\x1f\x9d": ("packed by compress", "uncompress {}"),
}
OTHERS = {
    b"%PDF": "a PDF",
    b"{\\rtf": "an RTF document",
    b"\xd0\xcf\x11\xe0": "an old Word or Excel document",
    b"SQLite format 3\0": "an SQLite database",
    b"\x89HDF\r\n": "an HDF5 file",
    b"PAR1": "a Parquet file",
    b"ARROW1": "an Arrow file",
    b"!<arch>\n": "an archive of ar",
    b"BOOKMOBI": "a Kindle book",
}
OFFICE = {
    "word/document.xml": "a Word document (.docx)",
    "xl/workbook.xml": "an Excel workbook (.xlsx)",
    "ppt/presentation.xml": "a PowerPoint presentation (.pptx)",
    "content.xml": "an OpenDocument file (.odt)",
    "META-INF/container.xml": "an e-book (.epub)",
}
MAX_NAMES = 3
UNPACKERS = {".gz": "gzip -dc", ".bz2": "bzip2 -dc", ".xz": "xz -dc"}


def opener(start):
    """Choose the function that opens a packed file as its content.

    Parameters
    ----------
    start : bytes
        How the file begins.

    Returns
    -------
    callable or None
        `gzip.open`, `bz2.open`, or `lzma.open`; None if the file is not packed by these.
    """
    return next((each for mark, each in OPENERS.items() if start.startswith(mark)), None)


def opener_of(path):
    """Choose the function that opens a file as its content, if it is packed.

    Parameters
    ----------
    path : Path

    Returns
    -------
    callable or None
        As `opener` does.
    """
    with open(path, "rb") as file:
        return opener(file.read(BYTES_TO_TELL))


def copy_through(path, command):
    """Write the command line that makes a text file of another by a filter.

    Parameters
    ----------
    path : Path
        The file; it may be packed.
    command : str
        The filter, as typed.

    Returns
    -------
    str
    """
    name, copy = shlex.quote(str(path)), shlex.quote(f"{path}.txt")
    if unpack := UNPACKERS.get(path.suffix.lower()):
        return f"{unpack} {name} | {command} > {copy}"
    return f"{command} < {name} > {copy}"


def archive(path, start):
    """Tell what kind of archive a file is, and how to get at what is in it.

    Parameters
    ----------
    path : Path
        The file on the disk.
    start : bytes
        How it begins, unpacked if it is packed; at least `BYTES_TO_TELL` of them.

    Returns
    -------
    (str, str) or None
        What it is, as "a zip archive", and the next step; None if it is none.
    """
    name = shlex.quote(str(path))
    if start[TAR_PLACE:].startswith(TAR_MARK):
        advice = f"Unpack it (tar -xf {name}), and give the file that was in it."
        return "a tar archive", advice
    if start.startswith(b"PK\x03\x04") or start.startswith(b"PK\x05\x06"):
        return _zip_archive(path, name)
    for mark, (kind, command) in PACKED.items():
        if start.startswith(mark):
            advice = (
                f"Unpack it ({command.format(name)}), and give the file that was in it."
            )
            return kind, advice
    return None


def document(start):
    """Tell by its first bytes whether a file is a document or a database.

    Parameters
    ----------
    start : bytes

    Returns
    -------
    str or None
        For example "a PDF".
    """
    if start[60:68] == b"BOOKMOBI":
        return OTHERS[b"BOOKMOBI"]
    return next((kind for mark, kind in OTHERS.items() if start.startswith(mark)), None)


def names_in_zip(path):
    """List the files in a zip archive.

    Parameters
    ----------
    path : Path

    Returns
    -------
    list of str
        Empty if the archive is damaged.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            return [each for each in archive.namelist() if not each.endswith("/")]
    except Exception:  # whatever a damaged archive leads to
        return []


def _zip_archive(path, name):
    names = names_in_zip(path)
    for inner, kind in OFFICE.items():
        if inner in names:
            advice = (
                "Open it with the program it was made for, save it as plain text in UTF-8, and "
                "use that file."
            )
            return kind, advice
    if any(name.endswith("/data.pkl") for name in names):
        return (
            "a file of PyTorch, which may run any code when it is opened",
            "If you trust it, open it with torch.load, and write a word and its numbers on each "
            "line of a text file.",
        )
    if not names:
        return (
            "a damaged zip archive (such as .zip, .docx, .odt, and .epub files)",
            f"Get it again. To see what is wrong, run: unzip -t {name}. Save it as plain text "
            "in UTF-8 if it is a document.",
        )
    shown = ", ".join(each[:80] for each in names[:MAX_NAMES])
    more = f" and {len(names) - MAX_NAMES:,} more" if len(names) > MAX_NAMES else ""
    first = Path(names[0]).name if len(names) == 1 else "one of them"
    return (
        f"a zip archive, which holds {shown!r}{more}",
        f"Unpack it (unzip {name}), and give {first}.",
    )
