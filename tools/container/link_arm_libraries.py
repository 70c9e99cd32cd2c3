"""Let MXNet's build for ARM find free libraries in place of ARM's own.

It asks for ARM's performance libraries, which are not free to hand on. What it takes from
them is BLAS and LAPACK, which Debian's OpenBLAS and LAPACKE have, and functions of the C
library. A link for each name, beside MXNet's library, is where it looks first.
On another machine than a Linux one for ARM this does nothing.
"""

import ctypes
import importlib.util
import platform
from pathlib import Path

LIBRARIES = {
    "libarmpl_lp64_mp.so": "libopenblas.so.0",
    "libamath.so": "liblapacke.so.3",
    "libastring.so": "libc.so.6",
}


def link(folder, library_folder):
    """Make the links in MXNet's folder; those that are there are made anew.

    Raises FileNotFoundError if one of the free libraries is not installed.
    """
    for name, free in LIBRARIES.items():
        target = library_folder / free
        if not target.exists():
            raise FileNotFoundError(
                f"{target} is missing. Install it: apt install libopenblas0-pthread "
                "liblapacke"
            )
        (folder / name).unlink(missing_ok=True)
        (folder / name).symlink_to(target)


def main():
    """Make the links where they are needed, and load the library once."""
    if (platform.system(), platform.machine()) != ("Linux", "aarch64"):
        return
    # Not imported: that would fail before the links are there.
    folder = Path(importlib.util.find_spec("mxnet").origin).parent
    link(folder, Path("/usr/lib/aarch64-linux-gnu"))
    ctypes.CDLL(str(folder / "libmxnet.so"))


if __name__ == "__main__":
    main()
