"""Chapter 13 quotes the code and output of tools/pytorch; with PyTorch, we run it again.

PyTorch is not installed with the lesson. To run the last test, install
tools/pytorch/requirements.txt into a separate environment, and say where its Python is:
`TORCH_PYTHON=/path/to/python make test-all`.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TOOL = ROOT / "tools" / "pytorch"
(SOURCE,) = ROOT.glob("notebooks/sources/13_*.py")
PROSE = re.sub(r"^# ?", "", SOURCE.read_text("utf-8"), flags=re.MULTILINE)
PRINTED = (TOOL / "printed.txt").read_text("utf-8")
ROWS = re.findall(r"^\| [^|]+ \| `(.+?)` \| `(.+?)` \|$", PROSE, flags=re.MULTILINE)


def test_the_chapter_compares_code_that_runs():
    ours = [
        (ROOT / "w2v_lesson" / name).read_text("utf-8")
        for name in ("model.py", "training.py")
    ]
    twin = (TOOL / "same_step.py").read_text("utf-8")
    assert len(ROWS) == 8
    for gluon, pytorch in ROWS:
        assert gluon in joined("".join(ours)), gluon
        assert pytorch in joined(twin), pytorch


def joined(code):
    """Put calls that were wrapped on one line."""
    return re.sub(r",?\n *\)", ")", re.sub(r"\(\n *", "(", re.sub(r",\n +", ", ", code)))


def test_the_chapter_quotes_what_the_script_printed():
    assert f"```\n{PRINTED}```" in PROSE
    version = re.search(
        r"^torch==(\S+)$", (TOOL / "requirements.txt").read_text("utf-8"), re.M
    )
    assert PRINTED.startswith(f"torch {version[1]}")
    assert PRINTED.endswith("yes\n")


def python_with_torch():
    named = os.environ.get("TORCH_PYTHON")
    return named or pytest.skip("needs PyTorch: see docs/CONTRIBUTING.md, TORCH_PYTHON")


@pytest.mark.slow
def test_pytorch_takes_the_same_steps(tmp_path):
    python, file = python_with_torch(), tmp_path / "step.npz"
    subprocess.run([sys.executable, TOOL / "write_step.py", file], check=True, cwd=ROOT)
    done = subprocess.run(
        [python, TOOL / "same_step.py", file], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    # It doesn't matter which build of PyTorch this is.
    assert done.stdout.splitlines()[1:] == PRINTED.splitlines()[1:]
