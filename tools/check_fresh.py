"""Check whether the lesson works with the newest versions that pyproject.toml allows.

It copies the repository into a temporary folder, makes an environment there from the direct
dependencies alone, without the lock, runs the quick tests in it, and compares the versions.
Run `make check-fresh` about once a month. It needs uv, which `make lock` installs.
"""

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# Leave these out: they compare the repository with its lock, or open a browser.
LEFT_OUT = (
    "tests/browser",
    "tests/project/test_setup.py",
    "tests/project/test_container.py",
    "tests/project/test_care.py",
)


def pinned(text):
    """Read {name: version} from a lock or from the output of `uv pip freeze`."""
    return dict(re.findall(r"^([\w.-]+)==([^\s;\\]+)", text, re.MULTILINE))


def differences(locked, fresh):
    """List where a fresh installation differs from the lock, one line each."""
    lines = []
    for name in sorted(locked.keys() | fresh.keys()):
        before, now = locked.get(name), fresh.get(name)
        if before and now and before != now:
            lines.append(f"{name}: {before} in the lock, {now} now")
        elif now and not before:
            lines.append(f"{name}: {now}, new")
    return lines


def copy_repository(target):
    """Copy the files that git tracks or would add, as they are now."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).exists():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            (target / name).write_bytes((ROOT / name).read_bytes())


def run(*command, folder, **options):
    """Run a command as in a terminal; return its exit code and its output."""
    done = subprocess.run(
        command,
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        **options,
    )
    return done.returncode, done.stdout


def check(folder, tests):
    """Install and test in `folder`; return the exit code and the lines of the report."""
    python = str(folder / ".venv" / "bin" / "python")
    copy_repository(folder)
    for step in (
        ("uv", "venv", "--quiet", "--python", "3.11", ".venv"),
        ("uv", "pip", "install", "--quiet", "--python", python, "-e", ".[dev]"),
    ):
        code, output = run(*step, folder=folder)
        if code:
            return code, ["Nothing was installed:", output.strip()]
    code, freeze = run("uv", "pip", "freeze", "--python", python, folder=folder)
    if code:
        return code, ["uv can't list the versions:", freeze.strip()]
    lock = (ROOT / "requirements-dev.lock").read_text(encoding="utf-8")
    fresh = pinned(freeze)
    differ = differences(pinned(lock), fresh) or ["All as in the lock."]
    report = [f"Installed {len(fresh)} packages without the lock.", *differ]
    ignored = [f"--ignore={name}" for name in LEFT_OUT]
    code, output = run(
        python,
        "-m",
        "pytest",
        "-q",
        "-rfE",
        *ignored,
        *tests,
        folder=folder,
        env={**os.environ, "W2V_LESSON_CACHE": str(folder / ".cache")},
    )
    return code, [*report, "", *broken(output)]


def broken(output):
    """Pick the lines of pytest's output that name a failure, and the last line."""
    lines = output.strip().splitlines()
    return [*(l for l in lines if l.startswith(("FAILED", "ERROR"))), *lines[-1:]]


def main():
    """Check and report; return the exit code of the step that failed, or 0."""
    with tempfile.TemporaryDirectory(prefix="w2v_lesson-") as folder:
        code, report = check(Path(folder).resolve(), sys.argv[1:] or ["tests"])
    print("\n".join(report))
    sys.exit(code)


if __name__ == "__main__":
    main()
