"""Does the lesson still work with the newest versions that pyproject.toml admits?

Copies the repository into a temporary folder, makes an environment there from the direct
dependencies alone, without the lock, runs the quick tests in it and compares versions.
Meant for once a month: `make check-fresh`. It needs uv, which `make lock` installs.
"""

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# Not these: they hold the repository to its lock, or open a browser.
LEFT_OUT = (
    "tests/browser",
    "tests/project/test_setup.py",
    "tests/project/test_container.py",
    "tests/project/test_care.py",
)


def pinned(text):
    """Name: version, of a lock or of what `uv pip freeze` prints."""
    return dict(re.findall(r"^([\w.-]+)==([^\s;\\]+)", text, re.MULTILINE))


def differences(locked, fresh):
    """Lines that say where a fresh installation differs from the lock."""
    lines = []
    for name in sorted(locked.keys() | fresh.keys()):
        before, now = locked.get(name), fresh.get(name)
        if before and now and before != now:
            lines.append(f"{name}: {before} in the lock, {now} now")
        elif now and not before:
            lines.append(f"{name}: {now}, new")
    return lines


def copy_repository(target):
    """Copy what git keeps or would keep, as it is now."""
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
    """Run a command as in a terminal; return its exit code and what it printed."""
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
    """Install and test in `folder`; return (exit code, the report's lines)."""
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
        return code, ["The versions cannot be listed:", freeze.strip()]
    lock = (ROOT / "requirements-dev.lock").read_text(encoding="utf-8")
    fresh = pinned(freeze)
    differ = differences(pinned(lock), fresh) or ["All as in the lock."]
    report = [f"{len(fresh)} packages installed without the lock.", *differ]
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
    """The lines of pytest's output that name what failed, and its last one."""
    lines = output.strip().splitlines()
    return [*(l for l in lines if l.startswith(("FAILED", "ERROR"))), *lines[-1:]]


def main():
    """Check and report; the exit code is that of the step that failed, or 0."""
    with tempfile.TemporaryDirectory(prefix="w2v_lesson-") as folder:
        code, report = check(Path(folder).resolve(), sys.argv[1:] or ["tests"])
    print("\n".join(report))
    sys.exit(code)


if __name__ == "__main__":
    main()
