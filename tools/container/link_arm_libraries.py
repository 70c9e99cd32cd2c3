"""Let MXNet's build for ARM find free libraries instead of ARM's own.

MXNet asks for ARM's performance libraries, which we may not redistribute. From them it uses
BLAS and LAPACK, which Debian's OpenBLAS and LAPACKE also have, and functions of the C library.
MXNet looks first in the folder of its own library, so we put a link for each name there.
On anything but Linux for ARM, this script does nothing.
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
    """Make the links in MXNet's folder, and replace those that are already there.

    Raise FileNotFoundError if one of the free libraries is not installed.
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
    # We can't import MXNet here, because that fails until the links exist.
    folder = Path(importlib.util.find_spec("mxnet").origin).parent
    link(folder, Path("/usr/lib/aarch64-linux-gnu"))
    ctypes.CDLL(str(folder / "libmxnet.so"))


if __name__ == "__main__":
    main()
