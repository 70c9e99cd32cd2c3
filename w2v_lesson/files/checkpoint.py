"""Checkpoints: all that a training needs to go on, later or elsewhere, as if unbroken.

A checkpoint is one NumPy .npz file of arrays, a header in JSON and a checksum over both;
nothing is pickled. A folder holds two of them, written in turn: whatever happens while
one is written, the other is whole.
"""

import hashlib
import json
import os
import shutil
import tempfile
import time
import warnings
import zipfile
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from w2v_lesson.files.disk import atomic_path

try:
    import fcntl
except ImportError:  # Windows: there two trainings in a folder are noticed later
    fcntl = None

FORMAT = "w2v_lesson checkpoint 1"
NAMES = ("checkpoint-a.npz", "checkpoint-b.npz")  # written in turn


class CheckpointError(RuntimeError):
    """A checkpoint that cannot be written or gone on with; says what to do."""


class Checkpoints:
    """A folder that keeps the last two checkpoints of one training.

    folder : where; made if it is not there
    every_seconds : a process that is killed loses so much work at most, and the step
        under way
    every_steps : save after so many steps, too; or None

    Give it to `Training`, which saves and restores by it. A damaged newest checkpoint is
    passed over with a warning, for the one before. While a training runs, no other can
    use the folder; a killed one leaves no lock behind.
    Raises CheckpointError if the folder cannot be written to, ValueError for a number
    that is not above 0. Chapter 04.
    """

    def __init__(self, folder, every_seconds=30.0, every_steps=None):
        for name, value in (("every_seconds", every_seconds), ("every_steps", every_steps)):
            if value is not None and not value > 0:
                raise ValueError(f"{name} must be greater than 0, not {value!r}.")
        self.folder, self.every_seconds = Path(folder), every_seconds
        self.every_steps = every_steps
        self._paths = [self.folder / name for name in NAMES]
        self._last, self._number = None, 0  # the last good one, and how many were saved
        self._saved_at = time.monotonic()
        self._lock, self._holders = None, 0
        with self._saying_what_failed():
            self.folder.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=self.folder):
                pass
        self._seen = self._on_disk()

    def due(self, step):
        """Whether a checkpoint is due after this step."""
        if self.every_steps and step % self.every_steps == 0:
            return True
        return time.monotonic() - self._saved_at >= self.every_seconds

    def save(self, settings, progress, arrays):
        """Write a checkpoint in the place of the older one; whole or not at all.

        settings : dict for JSON, what a training must share to go on from here
        progress : dict for JSON, where it is
        arrays : dict of NumPy arrays

        Raises CheckpointError if it cannot be written; the last good one stays.
        """
        self._saved_at = time.monotonic()  # also if it fails: not again after each step
        header = _in_json(
            {
                "format": FORMAT,
                "number": self._number + 1,
                "settings": settings,
                "progress": progress,
            }
        )
        path = next(path for path in self._paths if path != self._last)
        with self._saying_what_failed():
            _write(path, header, arrays)
        self._last, self._number, self._seen = path, self._number + 1, self._on_disk()

    def save_or_warn(self, settings, progress, arrays):
        """Save, but only warn if that fails; return whether it was saved.

        The parameters are those of `save`.
        """
        try:
            self.save(settings, progress, arrays)
        except CheckpointError as error:
            warnings.warn(
                f"{error} The training goes on; the last checkpoint is kept.", stacklevel=3
            )
            return False
        return True

    def load(self, settings):
        """Read the last good checkpoint: (progress, arrays); None if there is none yet.

        Raises CheckpointError if it is of another training, and names the settings that
        differ; if all there is is damaged; or if another version of the lesson wrote it.
        """
        self._seen = self._on_disk()
        found, damaged = [path for path in self._paths if path.exists()], []
        for path in sorted(found, key=_number_of, reverse=True):
            try:
                header, arrays = _read(path)
            except CheckpointError:
                raise
            except Exception as error:  # whatever a file of unknown content leads to
                damaged.append(f"{path} ({error})")
                continue
            self._check_settings(header["settings"], json.loads(_in_json(settings)))
            if damaged:
                warnings.warn(
                    f"A checkpoint is damaged: {damaged[0]}. The training goes "
                    f"on from the one before it.",
                    stacklevel=2,
                )
            self._last, self._number = path, header["number"]
            return header["progress"], arrays
        if damaged:
            raise CheckpointError(
                f"No checkpoint is whole: {', '.join(damaged)}. To start the training "
                f"afresh, delete the folder {self.folder} or give another."
            )
        return None

    def _check_settings(self, theirs, ours):
        differing = [
            f"{name} is {theirs.get(name)} there, {ours.get(name)} here"
            for name in {**ours, **theirs}
            if theirs.get(name) != ours.get(name)
        ]
        if differing:
            raise CheckpointError(
                f"The checkpoint in {self.folder} is of another training: "
                f"{'; '.join(differing)}. To go on with it, give what it was made with; "
                "to start afresh, give another folder."
            )

    @contextmanager
    def held(self):
        """Keep other trainings out of the folder inside the block.

        Raises CheckpointError if another one is at work there, or has been since this
        one was made.
        """
        self._holders += 1
        try:
            if self._holders == 1:
                with self._saying_what_failed():
                    self._take_lock()
                self._check_that_nobody_saved()
                self._delete_drafts()
            yield
        finally:
            self._holders -= 1
            if not self._holders and self._lock is not None:
                self._lock.close()  # which gives it free, as the end of a process does
                self._lock = None

    def _take_lock(self):
        self._lock = open(self.folder / "lock", "a+b", buffering=0)  # noqa: SIM115
        try:
            if fcntl is not None:
                fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._lock.seek(0)
            process = self._lock.read().decode(errors="replace")
            raise CheckpointError(
                f"Another training is running in the folder {self.folder} (in process "
                f"{process or 'unknown'}). End it, or give another folder."
            ) from None
        except OSError:
            pass  # a disk without locks, over some networks
        self._lock.truncate(0)
        self._lock.write(str(os.getpid()).encode())

    def _check_that_nobody_saved(self):
        if self._on_disk() != self._seen:
            raise CheckpointError(
                f"The checkpoints in {self.folder} have changed since this training was "
                "made: another one went on from there. Make the training anew to go on "
                "from the newest, or give another folder."
            )

    def _delete_drafts(self):
        """Delete what processes left behind that were killed in mid-write."""
        for draft in self.folder.glob(".draft-*"):
            if {path.name for path in draft.glob("*")} <= set(NAMES):
                shutil.rmtree(draft, ignore_errors=True)

    def _on_disk(self):
        """What tells the files that are there from any others."""
        stats = [path.stat() for path in self._paths if path.exists()]
        return [(stat.st_ino, stat.st_mtime_ns, stat.st_size) for stat in stats]

    @contextmanager
    def _saying_what_failed(self):
        try:
            yield
        except OSError as error:
            raise CheckpointError(
                f"No checkpoint can be written to the folder {self.folder} "
                f"({error.strerror or error}). Make room there, or give a folder that you "
                "can write to."
            ) from error


def _in_json(content):
    return json.dumps(content, default=lambda number: number.item())  # those of NumPy


def _write(path, header, arrays):
    content = {
        "header": np.frombuffer(header.encode(), np.uint8),
        "checksum": np.array(_checksum(header, arrays)),
        **arrays,
    }
    # What `numpy.savez` does; but that complains a second time if the disk is full.
    with atomic_path(path) as draft, zipfile.ZipFile(draft, "w") as archive:
        for name, array in content.items():
            with archive.open(f"{name}.npy", "w", force_zip64=True) as member:
                np.lib.format.write_array(member, array, allow_pickle=False)


def _read(path):
    """Header and arrays of a checkpoint; raises any error if it is not whole."""
    with open(path, "rb") as file, np.load(file, allow_pickle=False) as archive:
        text = archive["header"].tobytes().decode()
        header = json.loads(text)
        if header["format"] != FORMAT:
            raise CheckpointError(
                f"{path} was written by another version of the lesson "
                f"({header['format']}, not {FORMAT}). Go on with that version, or give "
                "another folder to start afresh."
            )
        arrays = {name: archive[name] for name in archive.files}
    del arrays["header"]
    if arrays.pop("checksum") != _checksum(text, arrays):
        raise ValueError("the checksum does not fit")
    return header, arrays


def _number_of(path):
    """Number of a checkpoint, without reading all of it; infinite if it is damaged."""
    try:
        with open(path, "rb") as file, np.load(file, allow_pickle=False) as archive:
            return json.loads(archive["header"].tobytes())["number"]
    except Exception:  # `_read` will say which
        return float("inf")


def _checksum(header, arrays):
    total = hashlib.sha256(header.encode())
    for name in sorted(arrays):
        array = np.ascontiguousarray(arrays[name])
        total.update(f"{name} {array.dtype.str} {array.shape}".encode())
        total.update(array)
    return total.hexdigest()
