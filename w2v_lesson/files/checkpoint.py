"""Checkpoints: all that a training needs to go on, later or elsewhere, as if unbroken.

A checkpoint is one NumPy .npz file of arrays and a header in JSON (chapter 12). Nothing is
pickled. Each one takes the place of the one before when all of it is on the disk, and the
checksums of the zip format show damage. This is written by hand because MXNet's own
checkpoints hold neither Adam's memory nor the place in the epoch.
"""

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

FORMAT = "w2v_lesson checkpoint 2"
FILE_NAME, HEADER_NAME = "checkpoint.npz", "header.json"
FIRST_EDITION_NAMES = ("checkpoint-a.npz", "checkpoint-b.npz")


class CheckpointError(RuntimeError):
    """A checkpoint that cannot be written or gone on with; says what to do."""


class Checkpoints:
    """A folder that keeps the last checkpoint of one training.

    Give it to `Training`, which saves and restores by it. While a training runs, no other
    can use the folder. A killed one leaves no lock behind. Chapter 12.

    Parameters
    ----------
    folder : str or Path
        It is made if it is missing.
    every_seconds : float
        A process that is killed loses at most so much work, and the step under way.
    every_steps : int, optional
        Save after so many steps, too.

    Raises
    ------
    CheckpointError
        If the folder cannot be written to.
    ValueError
        For a number that is not above 0.
    """

    def __init__(self, folder, every_seconds=30.0, every_steps=None):
        for name, value in (("every_seconds", every_seconds), ("every_steps", every_steps)):
            if value is not None and not value > 0:
                raise ValueError(f"{name} must be greater than 0, not {value!r}.")
        self.folder, self.every_seconds = Path(folder), every_seconds
        self.every_steps = every_steps
        self._path = self.folder / FILE_NAME
        self._saved_at = time.monotonic()
        self._lock, self._holders = None, 0
        with self._saying_what_failed():
            self.folder.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=self.folder):
                pass
        self._seen = self._on_disk()

    def due(self, step):
        """Return whether a checkpoint is due after this step.

        Parameters
        ----------
        step : int
            Number of steps taken since the training began.

        Returns
        -------
        bool
            True if `every_seconds` have passed since the last attempt to save, or if
            `step` is a multiple of `every_steps`.
        """
        if self.every_steps and step % self.every_steps == 0:
            return True
        return time.monotonic() - self._saved_at >= self.every_seconds

    def save(self, settings, progress, arrays):
        """Write a checkpoint in the place of the one before; whole or not at all.

        Parameters
        ----------
        settings : dict for JSON
            What a training must share to go on from here.
        progress : dict for JSON
            Where it is.
        arrays : dict of str to array

        Raises
        ------
        CheckpointError
            If it cannot be written. The one before stays.
        """
        self._saved_at = time.monotonic()  # also if it fails: not again after each step
        header = {
            "format": FORMAT,
            "settings": settings,
            "progress": progress,
            "arrays": sorted(arrays),
        }
        with self._saying_what_failed():
            _write(self._path, _in_json(header), arrays)
        self._seen = self._on_disk()

    def save_or_warn(self, settings, progress, arrays):
        """Save a checkpoint, and only warn if that fails.

        Parameters
        ----------
        settings, progress, arrays : dict
            As for `save`.

        Returns
        -------
        bool
            Whether the checkpoint was saved.
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
        """Read the checkpoint.

        Parameters
        ----------
        settings : dict for JSON
            Those of the training that is to go on.

        Returns
        -------
        (progress, arrays) or None
            As they were saved; None if there is no checkpoint yet.

        Raises
        ------
        CheckpointError
            If it is of another training, and the message names the settings that differ;
            if it is damaged; or if another version of the lesson wrote it.
        """
        self._seen = self._on_disk()
        for name in FIRST_EDITION_NAMES:
            if (self.folder / name).exists():
                raise CheckpointError(
                    f"{self.folder / name} was written by the first edition of the lesson, "
                    "and only that edition can go on with it. To start afresh, give another "
                    "folder."
                )
        if not self._path.exists():
            return None
        try:
            header, arrays = _read(self._path)
        except CheckpointError:
            raise
        except Exception as error:  # whatever a file of unknown content leads to
            raise CheckpointError(
                f"The checkpoint {self._path} is damaged ({error}). To start the training "
                f"afresh, delete the folder {self.folder} or give another."
            ) from error
        self._check_settings(header["settings"], json.loads(_in_json(settings)))
        return header["progress"], arrays

    def _check_settings(self, theirs, ours):
        differing = [
            f"{name} is {theirs.get(name)} there, {ours.get(name)} here"
            for name in {**ours, **theirs}
            if theirs.get(name) != ours.get(name)
        ]
        if differing:
            raise CheckpointError(
                f"The checkpoint in {self.folder} belongs to another training: "
                f"{'; '.join(differing)}. To continue that training, use the same values as "
                "there. To start a new one, give another folder."
            )

    @contextmanager
    def held(self):
        """Keep other trainings out of the folder inside the block.

        Raises
        ------
        CheckpointError
            If another one is at work there, or has been since this one was made.
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
                f"The checkpoint in {self.folder} has changed since this training was "
                "made: another one went on from there. Make the training anew to go on "
                "from there, too, or give another folder."
            )

    def _delete_drafts(self):
        """Delete what processes left behind that were killed in mid-write."""
        for draft in self.folder.glob(".draft-*"):
            if {path.name for path in draft.glob("*")} <= {FILE_NAME}:
                shutil.rmtree(draft, ignore_errors=True)

    def _on_disk(self):
        """Tell the file that is there from any other; None if there is none."""
        if not self._path.exists():
            return None
        stat = self._path.stat()
        return stat.st_ino, stat.st_mtime_ns, stat.st_size

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
    # What `numpy.savez` does; but that complains a second time if the disk is full.
    with atomic_path(path) as draft, zipfile.ZipFile(draft, "w") as archive:
        archive.writestr(HEADER_NAME, header)
        for name, array in arrays.items():
            with archive.open(f"{name}.npy", "w", force_zip64=True) as member:
                np.lib.format.write_array(member, np.asarray(array), allow_pickle=False)


def _read(path):
    """Return header and arrays; raise any error if the file is not whole."""
    with open(path, "rb") as file, np.load(file, allow_pickle=False) as archive:
        header = json.loads(archive[HEADER_NAME])
        if header["format"] != FORMAT:
            raise CheckpointError(
                f"{path} was written by another version of the lesson "
                f"({header['format']}, not {FORMAT}). Go on with that version, or give "
                "another folder to start afresh."
            )
        arrays = {name: archive[name] for name in archive.files if name != HEADER_NAME}
    if sorted(arrays) != header["arrays"]:
        raise ValueError("it lacks an array")  # if the zip's list of contents is damaged
    return header, arrays
