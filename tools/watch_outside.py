"""Run a command and fail if it changed a file outside this folder.

    python tools/watch_outside.py make test-all

Run it as root, because root may change everything, on a machine that does nothing else. It
looks at `/dev`, the system's folders, and the home folder, but not at caches, temporary
files, logs, and the files that Python compiles.
"""

import os
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WATCHED = ["/dev", "/etc", "/home", "/opt", "/root", "/srv", "/usr", "/var", Path.home()]
CACHE = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache"))
LEFT_OUT = [ROOT, CACHE, tempfile.gettempdir()]
LEFT_OUT += ["/dev/pts", "/var/cache", "/var/log", "/var/tmp"]
MAX_LINES = 50  # of the report


def snapshot(watched, left_out):
    """Describe everything in some folders.

    Returns
    -------
    dict of str to tuple
        For each path its type and permissions, and for a file or a device also its
        number, its size, and when it was changed.
    """
    left_out, seen = {str(path) for path in left_out}, {}
    for top in sorted({str(path) for path in watched}):
        for folder, folders, files in os.walk(top):
            folders[:] = [
                name
                for name in folders
                if name != "__pycache__" and os.path.join(folder, name) not in left_out
            ]
            for name in folders + files:
                path = os.path.join(folder, name)
                try:
                    seen[path] = describe(os.lstat(path))
                except OSError:  # it has just been deleted
                    continue
    return seen


def describe(status):
    """Describe everything that must not change."""
    if stat.S_ISDIR(status.st_mode):  # its contents are described separately
        return (status.st_mode,)
    if stat.S_ISREG(status.st_mode):
        return status.st_mode, status.st_ino, status.st_size, status.st_mtime_ns
    return status.st_mode, status.st_rdev  # writing to a device changes its time


def differences(before, after):
    """List what was added, deleted, or changed, one line each."""
    found = [f"new: {path}" for path in after.keys() - before.keys()]
    found += [f"gone: {path}" for path in before.keys() - after.keys()]
    both = before.keys() & after.keys()
    return sorted(
        found + [f"changed: {path}" for path in both if before[path] != after[path]]
    )


def main(command, watched=WATCHED, left_out=LEFT_OUT):
    """Run the command; return its exit code, or 1 if that is 0 but something changed."""
    before = snapshot(watched, left_out)
    code = subprocess.run(command).returncode
    found = differences(before, snapshot(watched, left_out))
    print(f"{len(before):,} files outside {ROOT} watched, {len(found)} changed")
    print("\n".join(found[:MAX_LINES]))
    return code or int(bool(found))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:] or ["make", "test-all"]))
