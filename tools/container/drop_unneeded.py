"""Drop what no reader needs from the environment of an image, to make the image smaller.

The lock installs whole packages. This removes the parts that are only there for their
developers: tests, sources of compiled modules, and second copies of JupyterLab's page. Of the
languages, English stays. It keeps the data of gensim's tests, because the chapters read texts and word lists there.
"""

import re
import shutil
import sys
import sysconfig
from pathlib import Path

# Each is a pattern for a path in the environment, and the first line that matches decides.
KEPT = (
    r"/gensim/test/(__init__\.py|utils\.py|test_data)$",
    r"/jedi/third_party/typeshed/",  # names of modules that jedi completes, not tests
    r"/babel/locale-data/(root|en(_[^/]*)?)\.dat$",
)
DROPPED = (
    r"/gensim/test/[^/]+$",
    r"/site-packages/(?!gensim/).*/tests?$",
    r"/site-packages/.*\.(c|cpp|pyx|map)$",
    r"/mxnet/include$",  # to compile extensions of MXNet
    r"/jupyterlab/(static|galata)$",  # the page is in share/jupyter/lab
    r"/site-packages/notebook/static$",  # the lesson turns this other page off
    r"/babel/locale-data/[^/]+\.dat$",  # languages that JupyterLab doesn't speak here
    r"/jedi/third_party/django-stubs$",
    r"/share/jupyter/nbextensions$",  # for the classic notebook, which isn't installed
    r"/widgetsnbextension/static$",
    r"/share/jupyter/.*\.map$",
)


def is_dropped(path):
    """Tell whether a file or folder goes, by its path."""
    name = path.as_posix()
    if any(re.search(pattern, name) for pattern in KEPT):
        return False
    return any(re.search(pattern, name) for pattern in DROPPED)


def drop(folder):
    """Remove what is not needed from a folder, however deep; return the bytes removed."""
    removed = 0
    for path in sorted(folder.iterdir()):
        if path.is_symlink():
            continue
        if is_dropped(path):
            removed += size(path)
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        elif path.is_dir():
            removed += drop(path)
    return removed


def size(path):
    """Return the bytes of a file, or of all files in a folder."""
    files = [path] if path.is_file() else path.rglob("*")
    return sum(each.lstat().st_size for each in files if not each.is_dir())


def main():
    """Clean the environment of this Python, never that of the system."""
    if sys.prefix == sys.base_prefix:
        sys.exit("This must run in the environment that it cleans, not in the system's.")
    removed = drop(Path(sysconfig.get_path("data")))
    print(f"Removed {removed / 1e6:.0f} MB that no reader needs.")


if __name__ == "__main__":
    main()
