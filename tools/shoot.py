"""Run a notebook in JupyterLab and take pictures of it from top to bottom.

`python tools/shoot.py 00_meet_word_vectors.ipynb OUT.png [--width 1280]` writes
OUT.png, or OUT-1.png, OUT-2.png … if it is tall. With `--stored`, the notebook is not run.
"""

import argparse
import tempfile
from pathlib import Path

import driver


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("notebook", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--width", type=int, default=1280)
    parser.add_argument("--stored", action="store_true")
    options = parser.parse_args()
    with (
        tempfile.TemporaryDirectory() as folder,
        driver.running_lab(Path(folder)) as lab,
        driver.running_browser(Path(folder)) as browser,
        driver.open_notebook(
            lab, browser, options.notebook.name, width=options.width
        ) as page,
    ):
        if not options.stored and not driver.run_all(page):
            print("A cell failed.")
        for path in driver.screenshot(page, options.out):
            print(path)


if __name__ == "__main__":
    main()
