"""Measure the container images: how large they are, and how long it takes to build them."""

import sys
import tempfile
from pathlib import Path

from benchmarks.report import table

TITLE = "Container images"
NOTE = """\
`make bench BENCH_ARGS=images` builds both images with buildah, without any cache, and runs
chapters in them as `make rehearse-images` does. The first row is the stand-in for
`python:3.11-slim-bookworm` on which they are built; it is made of Debian's own packages, and the
real one may have another size. Sizes are those of all layers together, not compressed, and
include what the image is built on. Seconds include the download of the packages.
"""


def run(quick=False):
    """Measure; return a section of Markdown. There is nothing to leave out to be quick."""
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tools"))
    import rehearse_images

    rehearse_images.check_machine(rehearse_images.COMMANDS)
    with tempfile.TemporaryDirectory(prefix="w2v_images-") as folder:
        return section(rehearse_images.rehearse(Path(folder)))


def section(measured):
    """Write what was measured as Markdown.

    measured : {image: (bytes, seconds to build)}
    """
    rows = [
        [f"`{image.rpartition('/')[2]}`", f"{size / 1e9:.2f}", f"{seconds:.0f}"]
        for image, (size, seconds) in measured.items()
    ]
    return f"{NOTE}\n{table(['image', 'GB', 'seconds to build'], rows)}"
