"""Make the lesson's environment: `python3 tools/bootstrap.py`, which `make` calls first.

It needs only the standard library of any CPython from 3.8 on. It writes `.tools` (the package
tool uv) and `.venv` (Python 3.11 or 3.10, the packages of requirements.lock, and the lesson
itself) in this repository. If both are up to date, it returns within milliseconds.

`--dev` installs requirements-dev.lock instead, which adds what tests and tools need. An
environment that has those packages keeps them. `--uv-only` stops after uv.

We don't use `uv sync`, because its lock file contains the address of the package index, and
because neither pip nor conda reads it.
"""

import contextlib
import hashlib
import os
import re
import runpy
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TOOLS = ROOT / ".tools"
VENV = ROOT / ".venv"
VENV_PYTHON = VENV / "bin" / "python"
STAMP = VENV / ".complete"  # written last, so a half-made environment has none
UV = "0.13.9"
SUITABLE = ((3, 11), (3, 10))  # the best first; pyproject.toml says why no others
READER, DEV = "requirements.lock", "requirements-dev.lock"
# In addition to a lock. `environment` is copied into .venv with the lesson itself.
MADE_FROM = ("pyproject.toml", "tools/bootstrap.py", "tools/environment")
COMPILE = "from w2v_lesson.engine.warm_up import compile_ahead; compile_ahead()"


class Failed(Exception):
    """A step failed; the text is what its tool printed."""


def run(*command, **extra_environment):
    """Run a command, show what it downloads, and return its output, or raise Failed with it."""
    # With these variables, the packages of another Python would be found.
    drop = ["PYTHONHOME", "PYTHONPATH", "VIRTUAL_ENV", "UV_SYSTEM_PYTHON"]
    if "PIP_CERT" in os.environ:  # pip would prefer these to it
        drop += ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"]
    kept = {key: value for key, value in os.environ.items() if key not in drop}
    lines = []
    with subprocess.Popen(
        [str(part) for part in command],
        cwd=str(ROOT),
        env=dict(kept, **extra_environment),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
    ) as process:
        for line in process.stdout:
            lines.append(line.rstrip())
            if line.lstrip().startswith("Downloading "):
                print("   ", line.strip(), flush=True)
    if process.returncode < 0:
        lines.append(f"stopped by signal {-process.returncode}")
    if process.returncode:
        raise Failed("\n".join(lines))
    return "\n".join(lines)


def fingerprint(lock):
    """Describe where the environment is, because it can't be moved, and what it is made from."""
    digest = hashlib.sha256()
    for name in (lock, *MADE_FROM):
        files = sorted((ROOT / name).rglob("*")) or [ROOT / name]
        for path in filter(Path.is_file, files):
            digest.update(path.read_bytes())
    return f"{ROOT}\n{lock}\n{digest.hexdigest()}\n"


def read_stamp():
    """Return the fingerprint of the finished environment, or "" if there is none."""
    if not (VENV_PYTHON.exists() and STAMP.is_file()):
        return ""
    stamp = STAMP.read_text(encoding="utf-8")
    return stamp if stamp.startswith(f"{ROOT}\n") else ""


@contextlib.contextmanager
def one_at_a_time():
    """Hold a lock on this file, because two terminals may both run `make`."""
    import fcntl  # not available on Windows, which never gets here

    with open(__file__, encoding="utf-8") as file:
        with contextlib.suppress(OSError):  # some network disks don't support locks
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def get_uv():
    """Return the path of uv; install it first if it is missing or has another version."""
    for uv in (TOOLS / "bin" / "uv", TOOLS / "lib" / "bin" / "uv"):
        with contextlib.suppress(Failed, OSError, IndexError):
            if run(uv, "--version").split()[1] == UV:
                return uv
    print("1/4 Installing the package tool (uv) in .tools", flush=True)
    install = ("-m", "pip", "install", "--disable-pip-version-check", f"uv=={UV}")
    try:
        run(sys.executable, "-m", "venv", "--clear", TOOLS)
        run(TOOLS / "bin" / "python", *install)
        return TOOLS / "bin" / "uv"
    except Failed as failure:
        if not re.search("ensurepip|No module named '?venv", str(failure)):
            raise
    shutil.rmtree(str(TOOLS), ignore_errors=True)  # Debian without python3-venv
    run(sys.executable, *install, "--target", TOOLS / "lib")
    return TOOLS / "lib" / "bin" / "uv"


def make_venv(uv):
    """Make an empty .venv with the running Python, if it is suitable, or with another one."""
    wanted = [f"cpython{major}.{minor}" for major, minor in SUITABLE]
    if sys.implementation.name == "cpython" and sys.version_info[:2] in SUITABLE:
        # Not the one in a .venv that we are about to remove.
        wanted = [os.path.realpath(sys.executable)]
    if VENV.exists():
        # uv's own --clear refuses the remains of an interrupted run.
        shutil.rmtree(str(VENV))
    print("2/4 Making the environment in .venv", flush=True)
    for python in wanted:
        try:
            return run(uv, "venv", "--python", python, VENV, "--no-python-downloads")
        except Failed as failure:
            if "No interpreter found" not in str(failure):
                raise
    return run(
        uv, "venv", "--python", wanted[0], VENV, UV_PYTHON_INSTALL_DIR=str(TOOLS / "python")
    )


def install_packages(uv, lock):
    """Install exactly the packages of the lock into .venv, and the lesson itself."""
    print(f"3/4 Installing the packages of {lock} (1 GB on disk)", flush=True)
    into = ("--python", VENV_PYTHON)
    only = ("--require-hashes", "--only-binary", ":all:")
    run(uv, "pip", "sync", *into, *only, lock)
    run(uv, "pip", "install", *into, "--no-deps", "--no-build-isolation", "-e", ".")
    print("4/4 Compiling the fast training engine (half a minute)", flush=True)
    run(VENV_PYTHON, "-c", COMPILE)  # a missing system library also shows up here


def set_up(dev):
    """Bring .tools and .venv up to date if necessary."""

    def is_complete(stamp):
        return stamp in [fingerprint(lock) for lock in ([DEV] if dev else [READER, DEV])]

    if is_complete(read_stamp()):
        return
    with one_at_a_time():
        stamp = read_stamp()
        if is_complete(stamp):  # another process made it while this one waited
            return
        lock = DEV if dev or f"\n{DEV}\n" in stamp else READER
        uv = get_uv()
        if stamp:
            STAMP.unlink()
        else:
            make_venv(uv)
        install_packages(uv, lock)
        STAMP.write_text(fingerprint(lock), encoding="utf-8")


def main():
    """Set up, or end with one clear message if that is not possible."""
    if sys.version_info < (3, 8):  # noqa: UP036, older versions get here, too
        sys.exit(
            "Set-up stopped. It needs Python 3.8 or later to start, but this is "
            f"{sys.version.split()[0]}. Install a newer one, or say where you have one: "
            "`make lab PYTHON=/path/to/python3`."
        )
    # Like this file, the doctor uses only the standard library. It explains the errors.
    doctor = runpy.run_path(str(ROOT / "w2v_lesson" / "app" / "doctor.py"))
    refusal = doctor["refuse_machine"]()
    if refusal:
        sys.exit(f"Set-up stopped. {refusal}")
    try:
        get_uv() if "--uv-only" in sys.argv else set_up("--dev" in sys.argv)
    except (Failed, OSError) as failure:
        sys.exit(doctor["explain_setup"](str(failure)))
    except KeyboardInterrupt:
        sys.exit("\nSet-up was interrupted. Run the same command again to continue.")


if __name__ == "__main__":
    main()
