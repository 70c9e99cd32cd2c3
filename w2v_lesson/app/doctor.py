"""Find out whether this machine is ready for the lesson: `python -m w2v_lesson doctor`.

Hand-written with the standard library of Python 3.8 and later, because it must run on
machines on which something is missing. `python3 w2v_lesson/app/doctor.py` works, too.
tools/bootstrap.py asks it whether the lesson can be set up on the machine, and what to
advise if a step of the set-up fails.
"""

import importlib.util
import os
import platform
import re
import runpy
import shutil
import subprocess
import sys
import textwrap
from importlib import metadata
from typing import NamedTuple

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
IMAGE = "/opt/lesson"  # where tools/container/Dockerfile puts the packages
MIN_MEMORY_GB, MIN_DISK_GB = 1.0, 0.5
PYTHONS = ((3, 11), (3, 10))  # as in tools/bootstrap.py
MAX_SECONDS = 180  # for one answer; the first import from a slow disk can take long
# Each runs in a separate process, so even a library that crashes gives an answer.
IMPORT = "import mxnet; print(mxnet.__version__, 'GPUs:', mxnet.npx.num_gpus())"
TEXT = "from w2v_lesson.ptb import read_ptb; print(len(read_ptb()), 'sentences')"
FIGURE = """import matplotlib.pyplot as plt
plt.figure().savefig(__import__("io").BytesIO())
print("matplotlib draws", plt.get_backend())"""
CACHE = "from w2v_lesson.files.disk import cache_dir; print(cache_dir())"
ENGINE = "from w2v_lesson.app.trial import trial; print(trial())"
# Ends with code 1 if a package is missing; the doctor is loaded by its path.
PACKAGES = f"""import runpy, sys
doctor = runpy.run_path({os.path.abspath(__file__)!r})
sys.exit(bool(doctor["_packages"](doctor["_requirements"](), "a terminal").advice))"""
KERNEL = """from jupyter_client.manager import run_kernel
with run_kernel(kernel_name="python3") as client:
    client.execute_interactive("import sys; print(sys.executable)", timeout=60)"""


class Finding(NamedTuple):
    """What the doctor found out about one thing.

    Attributes
    ----------
    about : str
        The thing that was examined.
    found : str
        What is there, in a few words.
    advice : str
        What to do, in one sentence; empty if all is well.
    """

    about: str
    found: str
    advice: str = ""


# What to do on each kind of machine (README, "Where it runs"); "" where all packages exist.
CONTAINER = (
    "use the lesson's container, as the first lines of tools/container/Dockerfile explain."
)
REOPEN = "press F1 and choose *Dev Containers: Reopen in Container*."
NO_BUILD = {
    "Linux, x86-64": "",
    "Mac, Intel": "",
    "Windows": "MXNet has no build for Windows: install WSL2 with `wsl --install -d "
    "Ubuntu-22.04`, and paste the second command of the README's *Windows* into Ubuntu.",
    "Windows on ARM": f"MXNet has no build for Windows: {CONTAINER}",
    "Mac, Apple silicon": "Only Anaconda has MXNet for Apple silicon: run `conda env create -f "
    "environment-mac.yml`, then `conda run --no-capture-output -n w2v-lesson make lab-conda`.",
    "Linux, ARM": f"MXNet's build for ARM needs other libraries: {CONTAINER}",
    "Linux without glibc": "MXNet needs glibc, which Alpine and similar systems lack: use "
    "Debian, Ubuntu or Fedora.",
    "an unknown system": "MXNet has no build for this machine: use Linux on an x86-64 "
    "processor.",
}

IN_CONTAINER = ("Mac, Apple silicon", "Linux, ARM", "Windows on ARM")

COLAB = (
    "The lesson cannot use Colab's version of Python: open the repository in Codespaces, or "
    "run the lesson on your own computer."
)

# What to do next, depending on where the reader works: if all is well, and if packages are
# missing.
FIRST = "my_lesson/00_meet_word_vectors.ipynb"
IN_THE_LAB = f"Open {FIRST} from the list of files on the left."
KERNEL_OF = f"Open {FIRST} and choose {{}} as its kernel."
READY = {
    "a terminal": "Run `make lab` in the repository, which opens the first chapter.",
    "a conda environment": "Run `make lab-conda` in the repository, which opens the first "
    "chapter.",
    "WSL2": "Run `make lab LAB_ARGS=--no-browser` in the repository and open the address "
    "that it prints in a Windows browser.",
    "VS Code": KERNEL_OF,
    "Codespaces": KERNEL_OF,
    "the container": "On the machine that runs the container, open the address with the token "
    "that JupyterLab prints in a browser.",
    "Binder": IN_THE_LAB,
    "JupyterHub": IN_THE_LAB,
}

SET_UP = {
    "a conda environment": "make the lesson's conda environment, as its environment.yml says.",
    "Codespaces": "press F1 and choose *Codespaces: Rebuild Container*.",
    "the container": "rebuild the lesson's image and start it.",
    "Binder": "rebuild the image from a commit whose environment.yml is complete.",
    "JupyterHub": "ask whoever runs this JupyterHub for the lesson's environment.",
}


# What to do if the set-up fails, chosen by what the failed tool printed. The first match
# wins, because a full disk or an untrusted certificate makes downloads fail, too.
LIBRARIES = (
    "install two system libraries (Debian, Ubuntu: `apt install libgomp1 libquadmath0`)"
)
SETUP_ADVICE = (
    (
        r"No space left|os error 28\b|quota exceeded|os error 122\b",
        "The disk is full. Free about 3 GB here and where the packages are cached "
        "(~/.cache/uv, or set UV_CACHE_DIR to a folder elsewhere), then run again.",
    ),
    (
        r"Hash mismatch|DO NOT MATCH THE HASHES",
        "A package is not the one that the lock file names, so it was not installed. Run "
        "again. If that does not help, undo your changes to requirements.lock, or avoid the "
        "proxy or mirror in between, which may be altering files.",
    ),
    (
        r"invalid peer certificate|CERTIFICATE_VERIFY_FAILED|SSLError",
        "The server's certificate is not trusted, which happens behind company proxies. Set "
        "SSL_CERT_FILE and PIP_CERT to the proxy's certificate file (.pem) and run again.",
    ),
    (
        r"No interpreter found|Failed to (download|fetch)[^\n]*/cpython-3",
        "Neither Python 3.11 nor 3.10 is on this machine, and 3.11 could not be downloaded. "
        "Install one (with apt, brew, pyenv or conda) or name it: "
        "`make lab PYTHON=/path/to/python3.11`.",
    ),
    (
        r"No module named '?(pip|venv|ensurepip)\b",
        "This Python has neither venv nor pip. Install one (Debian, Ubuntu: `apt install "
        "python3-venv`) or name another Python: `make lab PYTHON=/path/to/python3`.",
    ),
    (
        r"Permission denied|Read-only file system|os error (13|30)\b",
        "The folder named below is not writable. If it is the repository, clone into a "
        "folder of your own. If it is a cache, set UV_CACHE_DIR and PIP_CACHE_DIR to "
        "folders of your own.",
    ),
    (
        r"no wheels with a matching|wheel for the current platform"
        r"|lib(armpl\w*|amath|astring)\.so",  # ARM's own libraries
        "MXNet 1.9.1 has no build that runs on this platform. On Windows use WSL2; "
        f"elsewhere {CONTAINER}",
    ),
    (r"lib(gomp|quadmath)\.so", f"MXNet does not start: {LIBRARIES}, then run again."),
    (
        r"stopped by signal 4\b",
        "MXNet does not run on this processor. It needs AVX instructions, which emulated "
        "and very old processors lack. Use another machine.",
    ),
    (
        r"client error|dns error|network was disabled|timed out|NewConnectionError"
        r"|from versions: none|HTTP status|in the package registry",
        "The package index could not be reached. Check the connection. Behind a proxy, set "
        "HTTPS_PROXY; for a mirror, set UV_DEFAULT_INDEX and PIP_INDEX_URL. Then run "
        "again: what is already downloaded is kept.",
    ),
    (
        "",
        "A step failed, and the last lines of its output say why. Run again. If that does "
        "not help, run `make clean` and then the same command once more.",
    ),
)


def refuse_machine():
    """Say why the lesson cannot be set up on this machine; "" if it is worth a try.

    A machine is refused only if it certainly will not do. Linux on ARM, for example, may
    have ARM's own libraries.

    Returns
    -------
    str
    """
    system = _platform()
    certain = ("Windows", "Windows on ARM", "Mac, Apple silicon")
    return NO_BUILD[system] if system in certain else ""


def explain_setup(output):
    """Say what to do about a failed step of the set-up, and show the end of its output.

    Parameters
    ----------
    output : str
        What the failed tool printed.

    Returns
    -------
    str
        Several lines.
    """
    advice = next(text for sign, text in SETUP_ADVICE if re.search(sign, output, re.I))
    lines = textwrap.wrap(
        f"Set-up stopped. {advice}", 88, break_long_words=False, break_on_hyphens=False
    )
    last = [f"    {line}" for line in output.splitlines() if line.strip()][-8:]
    return "\n".join([*lines, *last])


def look():
    """Examine each thing that the lesson needs, the most basic first.

    Yields
    ------
    Finding
        It stops after a fault that would make all further findings fail, too.
    """
    seat = _seat()
    system = _system(_platform(), seat)
    yield system
    if system.advice:
        return
    python = _python(sys.version_info, seat)
    yield python
    if python.advice:
        return
    requirements = _requirements()
    packages = _packages(requirements, seat)
    if packages.advice and requirements is not None:
        packages = packages._replace(advice=_cause(PACKAGES) or packages.advice)
    yield packages
    if packages.advice:
        return
    yield _answer("MXNet", IMPORT, _mxnet_advice)
    yield _answer("Text", TEXT, _said)
    yield _cache()
    yield _answer("Figures", FIGURE, _reinstall)
    yield _answer("Notebook kernel", KERNEL, _kernel_advice, _same_python)
    yield _engine()
    yield _memory()


def _platform():
    """Return the kind of machine that packages must be built for, a key of NO_BUILD."""
    system, machine = platform.system(), platform.machine()
    # Under Rosetta the machine claims to be x86_64, but it has no AVX. The kernel's name
    # gives it away.
    if system == "Darwin" and "ARM64" in platform.version():
        machine = "arm64"
    if (system, machine) == ("Linux", "x86_64"):
        return "Linux, x86-64" if _libc() == "glibc" else "Linux without glibc"
    return {
        ("Darwin", "x86_64"): "Mac, Intel",
        ("Darwin", "arm64"): "Mac, Apple silicon",
        ("Linux", "aarch64"): "Linux, ARM",
        ("Windows", "AMD64"): "Windows",
        ("Windows", "ARM64"): "Windows on ARM",
    }.get((system, machine), "an unknown system")


def _libc():
    return platform.libc_ver()[0]


def _seat():
    """Return where the reader works on this machine: "Colab", or a key of READY."""
    if "COLAB_RELEASE_TAG" in os.environ:
        return "Colab"
    if any(name.startswith("BINDER_") for name in os.environ):
        return "Binder"
    if "JUPYTERHUB_USER" in os.environ:
        return "JupyterHub"
    if "CODESPACES" in os.environ:
        return "Codespaces"
    if "VSCODE_PID" in os.environ or os.environ.get("TERM_PROGRAM") == "vscode":
        return "VS Code"
    if os.path.isdir(os.path.join(sys.prefix, "conda-meta")):
        return "a conda environment"
    if os.path.isdir(IMAGE):  # before WSL2, because containers on Windows have its kernel
        return "the container"
    return "WSL2" if "microsoft" in platform.release().lower() else "a terminal"


def _system(system, seat):
    """Find out whether the lesson's packages exist for this kind of machine."""
    advice = COLAB if seat == "Colab" else NO_BUILD[system]
    if system == "Linux, ARM" and _has_arm_libraries():
        advice = ""  # as in the container
    if system == "Mac, Apple silicon" and _has_mxnet():
        advice = ""  # as in the environment of environment-mac.yml
    if advice and system in IN_CONTAINER and seat in ("VS Code", "Codespaces"):
        advice = f"MXNet needs the lesson's container on this processor: {REOPEN}"
    return Finding("Machine", f"{system}, in {seat}", advice)


def _has_mxnet():
    return importlib.util.find_spec("mxnet") is not None  # this does not load it


def _has_arm_libraries():
    """Tell whether tools/container/link_arm_libraries.py has linked MXNet's libraries."""
    mxnet = importlib.util.find_spec("mxnet")
    folders = mxnet.submodule_search_locations if mxnet else []
    return any(os.path.exists(os.path.join(f, "libamath.so")) for f in folders)


def _set_up(seat):
    """Say how to get the lesson's environment; this ends a sentence."""
    if seat in SET_UP:
        return SET_UP[seat]
    made = os.path.join(ROOT, ".venv")
    is_here = os.path.realpath(sys.prefix) == os.path.realpath(made)
    if os.path.exists(os.path.join(made, ".complete")) and not is_here:
        return f"use the one in .venv, `{made}/bin/python -m w2v_lesson doctor`."
    if not shutil.which("make"):
        return "install `make` (Debian, Ubuntu: `apt install make`), then run `make lab`."
    return "run `make lab` in the repository, which makes an environment for the lesson."


def _python(version, seat):
    found = ".".join(map(str, version[:3]))
    right = tuple(version[:2]) in PYTHONS
    advice = f"The lesson needs Python 3.10 or 3.11: {_set_up(seat)}"
    return Finding("Python", found, "" if right else advice)


def _requirements():
    """List what the installed lesson requires; None if it is not installed."""
    try:
        return metadata.requires("w2v_lesson") or []
    except metadata.PackageNotFoundError:
        return None


def _packages(requirements, seat):
    again = _set_up(seat)
    broken = f"The set-up is incomplete: {again}"
    if requirements is None:
        advice = f"This is not the lesson's Python: {again}"
        return Finding("Packages", "the lesson is not installed", advice)
    try:
        from packaging.requirements import Requirement
    except ImportError:
        return Finding("Packages", "'packaging' is missing", broken)
    wanted = [Requirement(line) for line in requirements]
    wanted = [r for r in wanted if r.marker is None or r.marker.evaluate({"extra": ""})]
    wrong = [
        f"{r.name} {_version(r.name)}, not {r.specifier}" for r in wanted if not _fits(r)
    ]
    if wrong:
        return Finding("Packages", "; ".join(wrong), broken)
    return Finding("Packages", f"all {len(wanted)} in the required versions")


def _fits(requirement):
    version = _version(requirement.name)
    return version != "missing" and requirement.specifier.contains(version, True)


def _version(name):
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return "missing"


def ask(code, seconds=MAX_SECONDS, environment=None, folder=None):
    """Run code in another process of this Python.

    Parameters
    ----------
    code : str
    seconds : float
        How long to wait for it to end.
    environment : dict of str to str, optional
        Its environment variables; those of this process by default.
    folder : str, optional
        Where it runs; here by default.

    Returns
    -------
    exit_code : int or None
        Negative if a signal ended the process; None if it took too long.
    output : str
        What the process printed.
    error : str
        The last line of its error messages.
    """
    try:
        done = subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True,
            stdin=subprocess.DEVNULL,
            timeout=seconds,
            env=environment,
            cwd=folder,
        )
    except subprocess.TimeoutExpired:
        return None, "", f"no answer in {seconds} s"
    errors = done.stderr.decode(errors="replace").strip().splitlines()
    said = done.stdout.decode(errors="replace").strip()
    return done.returncode, said, errors[-1] if errors else ""


def _answer(about, code, advise, judge=lambda said: ""):
    status, said, error = ask(code)
    if status == 0:
        return Finding(about, said, judge(said))
    advice = _cause(code) or _shortage(status, error) or advise(status, error)
    return Finding(about, _printable(error) or f"ended with code {status}", advice)


def _printable(text):
    """Leave out what a terminal would obey."""
    return "".join(c if c.isprintable() else " " for c in text).strip()


def _cause(code):
    """Say which environment variable makes some code fail, or "" if none does."""
    if code == PACKAGES and not os.environ.get("PYTHONPATH"):
        return ""  # nothing else hides a package
    suspects = runpy.run_path(os.path.join(os.path.dirname(__file__), "suspects.py"))
    return suspects["find_cause"](
        lambda *where: ask(code, MAX_SECONDS, *where)[0] == 0, ROOT
    )


def _shortage(status, error):
    """Say what the machine is short of, where new packages would not help; "" if nothing."""
    if status is None:
        return "This machine is slow or busy: close other programs, then try again."
    if status == -9 or "MemoryError" in error or "Cannot allocate memory" in error:
        return "There is not enough memory: close other programs, then try again."
    if "No space left" in error or "quota exceeded" in error:
        return "The disk is full: free some space, then try again."
    return ""


def _mxnet_advice(status, error):
    if status == -4:  # SIGILL
        return "The processor lacks AVX, which MXNet needs: use another machine."
    if "libgomp" in error or "libquadmath" in error:
        return f"MXNet does not start: {LIBRARIES}."
    return _reinstall(status, error)


def _reinstall(status, error):
    return "Run `make clean`, then `make lab`, which reinstalls the packages."


def _said(status, error):
    return "Follow the advice in that message."


def _kernel_advice(status, error):
    return "Run `make clean`, then `make lab`, which reinstalls Jupyter."


def _same_python(said):
    if os.path.realpath(said) == os.path.realpath(sys.executable):
        return ""
    return "Notebooks would run on another Python: start JupyterLab with `make lab`."


def _cache():
    finding = _answer("Cache folder", CACHE, _said)
    if finding.advice:
        return finding
    free = shutil.disk_usage(finding.found).free / 1e9
    advice = "" if free > MIN_DISK_GB else f"Free {MIN_DISK_GB} GB on this disk."
    return finding._replace(found=f"{finding.found}, {free:.0f} GB free", advice=advice)


def _engine():
    return _answer("Fast engine", ENGINE, lambda status, error: "Run `make lab` again.")


def _memory():
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 0
    cores = cores or os.cpu_count() or 1
    free = _memory_free()
    found = f"{cores} cores" + (f", {free:.1f} GB of memory free" if free else "")
    short = free is not None and free < MIN_MEMORY_GB
    advice = f"Close other programs: training needs up to {MIN_MEMORY_GB:.0f} GB."
    return Finding("Resources", found, advice if short else "")


def _memory_free():
    """Return the memory that a program can get, in GB; None if the system does not say."""
    try:
        with open("/proc/meminfo") as file:
            lines = dict(line.split(":", 1) for line in file)
        free = int(lines["MemAvailable"].split()[0]) * 1024
    except (OSError, KeyError, ValueError):
        return None
    limits = [free, *_container_room()]
    return max(0, min(limits)) / 1e9


def _container_room():
    """List the bytes left under the container's limit; empty if there is no limit."""
    try:
        with open("/sys/fs/cgroup/memory.max") as file:
            limit = int(file.read())
        with open("/sys/fs/cgroup/memory.current") as file:
            return [limit - int(file.read())]
    except (OSError, ValueError):  # "max" means no limit
        return []


def doctor(options=None):
    """Print each finding as it comes, and then the next step.

    Parameters
    ----------
    options : argparse.Namespace, optional
        The options of the command line, which are not used.

    Returns
    -------
    int
        The exit code: 0 if all is well, else 1.
    """
    fault = ""
    for about, found, advice in look():
        found = _printable(found)
        print(f"{'NOT OK' if advice else 'ok':8}{about}: {found}", flush=True)
        fault = fault or advice  # the first is often the cause of the others
    print(f"Next: {fault or READY[_seat()].format(sys.executable)}")
    return 1 if fault else 0


if __name__ == "__main__":
    sys.exit(doctor())
