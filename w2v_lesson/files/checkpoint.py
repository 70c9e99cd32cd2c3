"""Checkpoints: save everything that a training run needs to continue later or elsewhere.

A checkpoint is one NumPy .npz file of arrays, with a header in JSON (chapter 12). Nothing
is pickled. Each checkpoint replaces the previous one only when all of it is on disk, and
the checksums of the zip format reveal damage. Hand-written, because MXNet's own checkpoints
contain neither Adam's memory nor the position in the epoch.
"""

import json
import os
import re
import shutil
import tempfile
import time
import warnings
import zipfile
from contextlib import contextmanager, suppress

import numpy as np

from w2v_lesson.files.disk import atomic_path
from w2v_lesson.files.targets import check_path
from w2v_lesson.settings import check_positive

try:
    import fcntl
except ImportError:  # on Windows, two training runs in one folder are noticed later
    fcntl = None

FORMAT = "w2v_lesson checkpoint 2"
FILE_NAME, HEADER_NAME = "checkpoint.npz", "header.json"
NEW_RUN = " To start a new one, give another folder."
FIRST_EDITION_NAMES = ("checkpoint-a.npz", "checkpoint-b.npz")


class CheckpointError(RuntimeError):
    """Raised if a checkpoint cannot be written or used; the message says what to do."""


class OtherRunError(CheckpointError):
    """Raised if the checkpoint belongs to another training run."""


class Checkpoints:
    """A folder that keeps the last checkpoint of one training run.

    Pass it to `Training`, which saves to it and restores from it. While a training run uses
    the folder, no other can. If a run is killed, it leaves no lock behind. Chapter 12.

    Parameters
    ----------
    folder : str or Path
        The folder, which is made if it does not exist.
    every_seconds : float
        Save at this interval. A process that is killed loses at most this much work, and
        the step under way.
    every_steps : int, optional
        Also save each time this many steps are done.

    Raises
    ------
    CheckpointError
        If the folder cannot be written to.
    ValueError
        If a number is not greater than 0.
    """

    def __init__(self, folder, every_seconds=30.0, every_steps=None):
        for name, value in (("every_seconds", every_seconds), ("every_steps", every_steps)):
            if value is not None:
                check_positive(name, value)
        self.folder, self.every_seconds = check_path(folder, "folder"), every_seconds
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
        """Replace the previous checkpoint by a new one, completely or not at all.

        Parameters
        ----------
        settings : dict for JSON
            The settings that a training run must have to continue from here.
        progress : dict for JSON
            How far training has come.
        arrays : dict of str to array

        Raises
        ------
        CheckpointError
            If it cannot be written. The previous checkpoint then stays.
        """
        self._saved_at = time.monotonic()  # even if it fails, or each step would try again
        header = {
            "format": FORMAT,
            "settings": settings,
            "progress": progress,
            "arrays": sorted(arrays),
        }
        with self._saying_what_failed():
            self.folder.mkdir(parents=True, exist_ok=True)  # someone may have deleted it
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
                f"{error} Training continues, and the last checkpoint is kept.",
                stacklevel=3,
            )
            return False
        return True

    def load(self, settings):
        """Read the checkpoint.

        Parameters
        ----------
        settings : dict for JSON
            Settings of the training run that should continue.

        Returns
        -------
        (progress, arrays) or None
            As they were saved; None if there is no checkpoint yet.

        Raises
        ------
        CheckpointError
            If the checkpoint belongs to another training run (the message names the
            settings that differ), is damaged, or was written by another version of the
            lesson.
        """
        self._seen = self._on_disk()
        if (saved := self._saved()) is None:
            return None
        header, arrays = saved
        self._check_settings(header["settings"], json.loads(_in_json(settings)))
        return header["progress"], arrays

    def _saved(self, only_header=False):
        """Return header and arrays of the checkpoint; None if there is none."""
        for name in FIRST_EDITION_NAMES:
            if (self.folder / name).exists():
                raise CheckpointError(
                    f"{self.folder / name} was written by the first edition of the lesson, "
                    "and only that edition can continue from it. To start afresh, give "
                    "another folder."
                )
        if not self._path.exists():
            return None
        try:
            if not self._path.is_file():
                raise ValueError("it is not a regular file")
            return _read(self._path, only_header)
        except CheckpointError:
            raise
        except Exception as error:  # a file of unknown content may raise anything
            raise CheckpointError(
                f"{self._path} is not a checkpoint of the lesson, or is damaged ({error}). To "
                "start afresh, give another folder."
            ) from error

    def check(self, settings):
        """Refuse settings that differ from those of the checkpoint, if there is one.

        `load` compares all settings. This is for those that are known before.

        Parameters
        ----------
        settings : dict for JSON
            Some of the settings of the training run that should continue.

        Raises
        ------
        CheckpointError
            As for `load`.
        """
        if saved := self._saved(only_header=True):
            theirs = {name: saved[0]["settings"].get(name) for name in settings}
            self._check_settings(theirs, json.loads(_in_json(settings)))

    def _check_settings(self, theirs, ours):
        differing = [
            f"{name} is {theirs.get(name)} there, but {ours.get(name)} here"
            for name in {**ours, **theirs}
            if theirs.get(name) != ours.get(name)
        ]
        if differing:
            raise OtherRunError(
                f"The checkpoint in {self.folder} belongs to another training run: "
                f"{'; '.join(differing)}. To continue that run, use the values that it has "
                f"there.{NEW_RUN}"
            )

    @contextmanager
    def held(self):
        """Keep other training runs out of the folder inside the block.

        Raises
        ------
        CheckpointError
            If another run is using the folder, or has used it since this object was made.
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
                self._lock.close()  # releases the lock, as the end of a process does
                self._lock = None

    def _take_lock(self):
        path = self.folder / "lock"
        if path.exists() and not _is_lock(path):
            raise CheckpointError(
                f"{path} is not a file of the lesson. Rename it, or give another folder."
            )
        self._lock = open(path, "a+b", buffering=0)  # noqa: SIM115
        try:
            if fcntl is not None:
                fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._lock.seek(0)
            process = self._lock.read().decode(errors="replace")
            raise CheckpointError(
                f"Another training run is using the folder {self.folder} (in process "
                f"{process or 'unknown'}). End it, or give another folder."
            ) from None
        except OSError:
            pass  # some network disks have no locks
        self._lock.truncate(0)
        self._lock.write(str(os.getpid()).encode())

    def _check_that_nobody_saved(self):
        if self._on_disk() != self._seen:
            raise CheckpointError(
                f"The checkpoint in {self.folder} has changed since this training run was "
                "prepared, because another one continued from it. Prepare the run again to "
                "continue from there, too, or give another folder."
            )

    def _delete_drafts(self):
        """Delete what killed processes left behind in the middle of writing."""
        for draft in self.folder.glob(".draft-*"):
            if {path.name for path in draft.glob("*")} <= {FILE_NAME}:
                shutil.rmtree(draft, ignore_errors=True)

    def _on_disk(self):
        """Return what identifies the file that is there; None if there is none."""
        if not self._path.exists():
            return None
        stat = self._path.stat()
        return stat.st_ino, stat.st_mtime_ns, stat.st_size

    @contextmanager
    def _saying_what_failed(self):
        try:
            yield
        except (FileExistsError, NotADirectoryError) as error:
            raise CheckpointError(
                f"{self.folder} must be a folder, but a file of this name is there. Give "
                "another folder."
            ) from error
        except OSError as error:
            raise CheckpointError(
                f"No checkpoint can be written to the folder {self.folder} "
                f"({error.strerror or error}). Free some space there, or give a folder that you "
                "can write to."
            ) from error


def _in_json(content):
    return json.dumps(content, default=lambda number: number.item())  # for NumPy's numbers


def _write(path, header, arrays):
    # This does what `numpy.savez` does. But on a full disk, `savez` raises a second error.
    with atomic_path(path) as draft, zipfile.ZipFile(draft, "w") as archive:
        archive.writestr(HEADER_NAME, header)
        for name, array in arrays.items():
            with archive.open(f"{name}.npy", "w", force_zip64=True) as member:
                np.lib.format.write_array(member, np.asarray(array), allow_pickle=False)


def _is_lock(path):
    """Tell whether a file holds only the number of a process, as our lock does."""
    with suppress(OSError):
        return path.is_file() and re.fullmatch(rb"\d{0,20}", path.read_bytes()[:21])
    return False


def _read(path, only_header=False):
    """Return header and arrays; raise any error if the file is not complete."""
    with open(path, "rb") as file, np.load(file, allow_pickle=False) as archive:
        header = json.loads(archive[HEADER_NAME])
        if header["format"] != FORMAT:
            raise CheckpointError(
                f"{path} was written by another version of the lesson "
                f"({header['format']}, not {FORMAT}). Continue with that version, or give "
                "another folder to start afresh."
            )
        if only_header:
            return header, {}
        arrays = {name: archive[name] for name in archive.files if name != HEADER_NAME}
    if sorted(arrays) != header["arrays"]:
        raise ValueError("an array is missing")  # the zip's list of contents is damaged
    return header, arrays
