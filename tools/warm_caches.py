"""Do in advance what a first start would do, for images, where nobody should have to wait.

Compiles the fast engine, trains the vectors of chapter 00, has matplotlib list the fonts,
and copies the chapters to the folder in which the reader works.
The environment variables of numba and the user must be those of the later start.
"""

import os
import time
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent.parent / "w2v_lesson"


def whole_seconds(folder):
    """Round the modification time of each module to whole seconds.

    Numba drops compiled code if this time differs from the one it recorded, but an image
    that is sent to another machine only keeps whole seconds (moby issue 48447).
    """
    for path in folder.rglob("*.py"):
        changed = int(path.stat().st_mtime)
        os.utime(path, (changed, changed))


def main():
    """Warm all caches and print how long it took."""
    started = time.perf_counter()
    whole_seconds(PACKAGE)  # before anything imports it
    import matplotlib.pyplot  # noqa: F401

    from w2v_lesson.app.command_line import main as run
    from w2v_lesson.engine.warm_up import compile_ahead
    from w2v_lesson.files.pretrained import ptb_vectors

    compile_ahead()
    loss = ptb_vectors().about["heldout_loss"]
    run(["update"])
    took = time.perf_counter() - started
    print(f"Caches warmed in {took:.0f} s; held-out loss {loss:.3f} nats per pair.")


if __name__ == "__main__":
    main()
