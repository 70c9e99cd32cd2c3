"""Make the lesson's environment: `python3 tools/bootstrap.py` (make calls it first).

Standard library only, for any CPython from 3.8 on. It writes `.tools` (uv) and `.venv`
(Python 3.11, every package of requirements.lock, the lesson itself) in this repository.
When both are as they should be it takes some milliseconds. `--uv-only`: stop after uv.
"""

import contextlib
import hashlib
import os
import platform
import re
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TOOLS = ROOT / ".tools"
VENV = ROOT / ".venv"
VENV_PYTHON = VENV / "bin" / "python"
STAMP = VENV / ".complete"  # written last, so a half-made environment has none
UV = "0.13.9"
# `environment` is copied into .venv with the lesson itself.
MADE_FROM = ("requirements.lock", "pyproject.toml", "tools/bootstrap.py", "environment")

NO_BUILD = (
    "MXNet 1.9.1 has no build for this platform (nor for Apple silicon, native "
    "Windows and Alpine). On Windows use WSL2, elsewhere the lesson's container: "
    "tools/container/Dockerfile says how in its first lines."
)
UNKNOWN = (
    "A step failed; the tool's last lines say why. Run again; if it stays, run "
    "`make clean`, then the same command once more."
)
# What to do, by what the failed tool printed. The first match wins: a full disk or an
# untrusted certificate makes downloads fail too, and is no network fault.
ADVICE = (
    (
        r"No space left|os error 28\b|quota exceeded|os error 122\b",
        "The disk is full. Free about 3 GB here and where the packages are cached "
        "(~/.cache/uv, or set UV_CACHE_DIR to a folder elsewhere), then run again.",
    ),
    (
        r"Hash mismatch|DO NOT MATCH THE HASHES",
        "A package is not the one that requirements.lock names, and was not "
        "installed. Run again. If it stays: undo changes to requirements.lock, or "
        "do without the proxy or mirror in between, which may be altering files.",
    ),
    (
        r"invalid peer certificate|CERTIFICATE_VERIFY_FAILED|SSLError",
        "The server's certificate is not trusted, as happens behind a company "
        "proxy. Set SSL_CERT_FILE and PIP_CERT to the proxy's certificate file "
        "(.pem) and run again.",
    ),
    (
        r"No interpreter found|Failed to (download|fetch)[^\n]*/cpython-3",
        "Python 3.11 is not on this machine and could not be downloaded. Install "
        "it (with apt, brew, pyenv or conda) or name it: `make lab "
        "PYTHON=/path/to/python3.11`.",
    ),
    (
        r"No module named '?(pip|venv|ensurepip)\b",
        "This Python has neither venv nor pip. Install one (Debian, Ubuntu: `apt "
        "install python3-venv`) or name another: `make lab "
        "PYTHON=/path/to/python3`.",
    ),
    (
        r"Permission denied|Read-only file system|os error (13|30)\b",
        "The folder named below is not writable. If it is the repository, clone "
        "into one of your own; if it is a cache, set UV_CACHE_DIR and "
        "PIP_CACHE_DIR to one of your own.",
    ),
    (
        # The last three: the ARM build wants proprietary libraries.
        r"no wheels with a matching|wheel for the current platform"
        r"|lib(armpl\w*|amath|astring)\.so",
        NO_BUILD,
    ),
    (
        r"lib(gomp|quadmath)\.so",
        "MXNet needs the system libraries libgomp and libquadmath. Install them "
        "(Debian, Ubuntu: `apt install libgomp1 libquadmath0`), then run again.",
    ),
    (
        r"stopped by signal 4\b",
        "MXNet does not run on this processor: it needs AVX instructions, which "
        "emulated and very old processors lack. Use another machine.",
    ),
    (
        r"client error|dns error|network was disabled|timed out|NewConnectionError"
        r"|from versions: none|HTTP status|in the package registry",
        "The package index could not be reached. Check the connection; behind a "
        "proxy set HTTPS_PROXY, for a mirror UV_DEFAULT_INDEX and PIP_INDEX_URL. "
        "Then run again: what is downloaded is kept.",
    ),
)


class Failed(Exception):
    """A step did not succeed; the text is what its tool printed."""


def explain(output):
    """Say what the reader can do about a tool's error output."""
    for pattern, advice in ADVICE:
        if re.search(pattern, output, re.IGNORECASE):
            return advice
    return UNKNOWN


def message(advice, output=""):
    """Lay out the advice in short lines, and under it the end of the tool's output."""
    no_breaks = {"break_long_words": False, "break_on_hyphens": False}
    last = [f"    {line}" for line in output.splitlines() if line.strip()][-8:]
    return "\n".join([textwrap.fill(f"Set-up stopped. {advice}", 88, **no_breaks), *last])


def unsupported(version, system, machine):
    """Say why this machine cannot run the lesson; None if nothing speaks against it."""
    if version < (3, 8):
        found = ".".join(str(n) for n in version[:3])
        return (
            f"Python 3.8 or later is needed to begin with; this is {found}. Install "
            "one, or name it: `make lab PYTHON=/path/to/python3`."
        )
    if system == "Windows" or (system, machine) == ("Darwin", "arm64"):
        return NO_BUILD
    return None


def tool_environment():
    """Give the user's environment less what lets in another Python's packages."""
    drop = ("PYTHONHOME", "PYTHONPATH", "VIRTUAL_ENV", "UV_SYSTEM_PYTHON")
    return {key: value for key, value in os.environ.items() if key not in drop}


def run(*command, **extra_environment):
    """Run a command, show its downloads, return its output; raise Failed with that."""
    lines = []
    with subprocess.Popen(
        [str(part) for part in command],
        cwd=str(ROOT),
        env=dict(tool_environment(), **extra_environment),
        close_fds=False,  # the lock of one_at_a_time
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


def fingerprint():
    """Say where the environment lies (it cannot be moved) and what it is made from."""
    digest = hashlib.sha256()
    for name in MADE_FROM:
        files = sorted((ROOT / name).rglob("*")) or [ROOT / name]
        for path in filter(Path.is_file, files):
            digest.update(path.read_bytes())
    return f"{ROOT}\n{digest.hexdigest()}\n"


def read_stamp():
    """Give the fingerprint of the finished environment; "" if it must be made anew."""
    if not (VENV_PYTHON.exists() and STAMP.is_file()):
        return ""
    stamp = STAMP.read_text(encoding="utf-8")
    return stamp if stamp.split("\n")[0] == str(ROOT) else ""


@contextlib.contextmanager
def one_at_a_time():
    """Hold a lock on the repository's folder: two terminals may both say `make`.

    The tools inherit it, so that one left over from a killed set-up is waited for too.
    """
    import fcntl  # not on Windows, where this is never reached

    folder = os.open(str(ROOT), os.O_RDONLY)
    os.set_inheritable(folder, True)
    try:
        with contextlib.suppress(OSError):  # some network disks know no locks
            fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def get_uv():
    """Give the path of uv, after installing it if missing or of another version."""
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
    """Make an empty .venv of Python 3.11: the running one, one found, or a download."""
    print("2/4 Making the Python 3.11 environment in .venv", flush=True)
    wanted = "cpython3.11"
    if sys.implementation.name == "cpython" and sys.version_info[:2] == (3, 11):
        wanted = os.path.realpath(sys.executable)  # not a .venv that is about to go
    if VENV.exists():
        shutil.rmtree(str(VENV))  # uv's own --clear refuses what a kill left over
    command = (uv, "venv", "--python", wanted, VENV)
    try:
        run(*command, "--no-python-downloads")
    except Failed as failure:
        if "No interpreter found" not in str(failure):
            raise
        run(*command, UV_PYTHON_INSTALL_DIR=str(TOOLS / "python"))


def install_packages(uv):
    """Make .venv hold what the lock says, no more, no less, and the lesson itself."""
    print("3/4 Installing the packages (1 GB on disk, about a minute)", flush=True)
    into = ("--python", VENV_PYTHON)
    only = ("--require-hashes", "--only-binary", ":all:")
    run(uv, "pip", "sync", *into, *only, "requirements.lock")
    run(uv, "pip", "install", *into, "--no-deps", "--no-build-isolation", "-e", ".")
    # A missing system library is to show here, not in the first cell.
    run(VENV_PYTHON, "-c", "import mxnet")
    print("4/4 Compiling the fast training engine (half a minute)", flush=True)
    run(
        VENV_PYTHON,
        "-c",
        "from w2v_lesson.engine.fused import compile_ahead; compile_ahead()",
    )


def set_up():
    """Bring .tools and .venv up to date, if they are not."""
    wanted = fingerprint()
    if read_stamp() == wanted:
        return
    with one_at_a_time():
        stamp = read_stamp()
        if stamp == wanted:  # another process made it while this one waited
            return
        uv = get_uv()
        if stamp:
            STAMP.unlink()
        else:
            make_venv(uv)
        install_packages(uv)
        STAMP.write_text(wanted, encoding="utf-8")


def main():
    """Set up; end with one clear message if that is not possible."""
    advice = unsupported(sys.version_info, platform.system(), platform.machine())
    if advice:
        sys.exit(message(advice))
    try:
        get_uv() if sys.argv[1:] == ["--uv-only"] else set_up()
    except (Failed, OSError) as failure:
        sys.exit(message(explain(str(failure)), str(failure)))
    except KeyboardInterrupt:
        sys.exit("\nSet-up interrupted. Run the same command again to go on.")


if __name__ == "__main__":
    main()
