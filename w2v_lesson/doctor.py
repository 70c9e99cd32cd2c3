"""Is this machine ready for the lesson? `python -m w2v_lesson doctor` asks and answers.

Standard library only, and it runs on any Python from 3.8 on: it is for machines on which
something is missing.
"""

import os
import platform
import shutil
import subprocess
import sys
from importlib import metadata
from typing import NamedTuple

LEAST_MEMORY, LEAST_DISK = 1.0, 0.5  # GB
CONTAINER = "use the container; container/Dockerfile says how in its first lines."
SECONDS = 180  # for a question to another Python; the first import from a slow disk is long

# Each is asked of a Python of its own, so that a crash of a library is an answer as well.
IMPORT = "import mxnet; print(mxnet.__version__, 'GPUs:', mxnet.npx.num_gpus())"
TEXT = "from w2v_lesson.corpus import read_ptb; print(len(read_ptb()), 'sentences')"
CACHE = "from w2v_lesson.corpus import cache_dir; print(cache_dir())"
ENGINE = "from w2v_lesson.fused import is_compiled; print(is_compiled())"
KERNEL = """from jupyter_client.manager import run_kernel
with run_kernel(kernel_name="python3") as client:
    client.execute_interactive("import sys; print(sys.executable)", timeout=60)"""


class Finding(NamedTuple):
    """What one look found.

    about : what was looked at
    found : what is there, in a few words
    advice : what to do, one sentence; "" if all is well
    """

    about: str
    found: str
    advice: str = ""


def look():
    """Yield a `Finding` for each thing the lesson needs, the most basic first.

    It ends early where the rest could only fail for the same reason.
    """
    system = _system(platform.system(), platform.machine(), _libc())
    yield system
    if system.advice:
        return
    python = _python(sys.version_info)
    yield python
    if python.advice:
        return
    packages = _packages(_requirements())
    yield packages
    if packages.advice:
        return
    yield _answer("MXNet", IMPORT, _mxnet_advice)
    yield _answer("Text", TEXT, _said)
    yield _cache()
    yield _answer("Notebook kernel", KERNEL, _kernel_advice, _same_python)
    yield _engine()
    yield _memory()


def _system(system, machine, libc):
    """Whether the lesson's packages exist for this kind of machine."""
    found = f"{system} {machine}"
    if system == "Windows":
        advice = "MXNet has no build for Windows: install WSL2 and run the lesson in it."
    elif (system, machine) == ("Darwin", "arm64"):
        advice = f"MXNet has no build for Apple silicon: {CONTAINER}"
    elif (system, machine) == ("Linux", "aarch64"):
        advice = f"MXNet's build for ARM needs other libraries: {CONTAINER}"
    elif (system, machine) not in (("Linux", "x86_64"), ("Darwin", "x86_64")):
        advice = "MXNet has no build for this machine: use Linux on an x86-64 processor."
    elif system == "Linux" and libc != "glibc":
        advice = ("MXNet needs glibc, which Alpine and its like do not have: use Debian, "
                  "Ubuntu or Fedora.")  # fmt: skip
    else:
        advice = ""
    return Finding("Machine", found, advice)


def _libc():
    return platform.libc_ver()[0]


def _python(version):
    found = ".".join(map(str, version[:3]))
    right = tuple(version[:2]) == (3, 11)
    advice = (
        "The lesson runs on Python 3.11: `make lab` in the repository makes an environment "
        "with it, beside this one; then use .venv/bin/python."
    )
    return Finding("Python", found, "" if right else advice)


def _requirements():
    """What the installed lesson asks for, None if it is not installed."""
    try:
        return metadata.requires("w2v_lesson") or []
    except metadata.PackageNotFoundError:
        return None


def _packages(requirements):
    again = "run `make lab` in the repository, and the Python of its .venv."
    if requirements is None:
        return Finding("Packages", "the lesson is not installed", f"Not set up: {again}")
    try:
        from packaging.requirements import Requirement
    except ImportError:
        return Finding("Packages", "'packaging' is missing", f"Incomplete: {again}")
    wanted = [Requirement(line) for line in requirements]
    wanted = [r for r in wanted if r.marker is None or r.marker.evaluate({"extra": ""})]
    wrong = [f"{r.name} {_version(r.name)}, not {r.specifier}" for r in wanted
             if not _fits(r)]  # fmt: skip
    if wrong:
        return Finding("Packages", "; ".join(wrong), f"Other versions than tested: {again}")
    return Finding("Packages", f"{len(wanted)}, in the versions that are asked for")


def _fits(requirement):
    version = _version(requirement.name)
    return version != "missing" and requirement.specifier.contains(version, True)


def _version(name):
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return "missing"


def ask(code, seconds=SECONDS):
    """Run code in another process of this Python.

    Returns (exit code, what it printed, the last line of its errors); a signal that ended
    it is the negative exit code, None if it took more than so many seconds.
    """
    try:
        done = subprocess.run([sys.executable, "-c", code], capture_output=True,
                              stdin=subprocess.DEVNULL, timeout=seconds)  # fmt: skip
    except subprocess.TimeoutExpired:
        return None, "", f"no answer in {seconds} s"
    errors = done.stderr.decode(errors="replace").strip().splitlines()
    said = done.stdout.decode(errors="replace").strip()
    return done.returncode, said, errors[-1] if errors else ""


def _answer(about, code, advise, judge=lambda said: ""):
    status, said, error = ask(code)
    if status == 0:
        return Finding(about, said, judge(said))
    return Finding(about, error or f"ended with code {status}", advise(status, error))


def _mxnet_advice(status, error):
    if status == -4:  # SIGILL
        return "The processor lacks AVX, which MXNet needs: use another machine."
    if "libgomp" in error or "libquadmath" in error:
        return "Install two system libraries: apt install libgomp1 libquadmath0"
    return "Run `make clean`, then `make lab`, which installs the packages anew."


def _said(status, error):
    return "The line above says what to do."


def _kernel_advice(status, error):
    return "Run `make clean`, then `make lab`, which installs Jupyter anew."


def _same_python(said):
    if os.path.realpath(said) == os.path.realpath(sys.executable):
        return ""
    return "Notebooks would run on another Python: start JupyterLab by `make lab`."


def _cache():
    finding = _answer("Cache folder", CACHE, _said)
    if finding.advice:
        return finding
    free = shutil.disk_usage(finding.found).free / 1e9
    advice = "" if free > LEAST_DISK else f"Free {LEAST_DISK} GB on this disk."
    return finding._replace(found=f"{finding.found}, {free:.0f} GB free", advice=advice)


def _engine():
    finding = _answer("Fast engine", ENGINE, lambda status, error: "Run `make lab` again.")
    if finding.advice or finding.found == "True":
        return finding._replace(found="compiled")
    # No fault: the first training compiles it and says so.
    return finding._replace(found="not compiled yet; the first use takes up to a minute")


def _memory():
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 0
    cores = cores or os.cpu_count() or 1
    free = _memory_free()
    found = f"{cores} cores" + (f", {free:.1f} GB of memory free" if free else "")
    short = free is not None and free < LEAST_MEMORY
    advice = f"Close other programs: training needs up to {LEAST_MEMORY:.0f} GB."
    return Finding("Resources", found, advice if short else "")


def _memory_free():
    """Memory that a program can have, in GB; None where the system does not tell."""
    try:
        with open("/proc/meminfo") as file:
            lines = dict(line.split(":", 1) for line in file)
        free = int(lines["MemAvailable"].split()[0]) * 1024
    except (OSError, KeyError, ValueError):
        return None
    limits = [free, *_container_room()]
    return max(0, min(limits)) / 1e9


def _container_room():
    """What a container's limit leaves, in bytes: none or one number."""
    try:
        with open("/sys/fs/cgroup/memory.max") as file:
            limit = int(file.read())
        with open("/sys/fs/cgroup/memory.current") as file:
            return [limit - int(file.read())]
    except (OSError, ValueError):  # "max": no limit
        return []


def report():
    """Print what `look` finds as it comes; return 0 if all is well, else 1."""
    faults = 0
    for about, found, advice in look():
        print(f"{'NOT OK' if advice else 'ok':8}{about}: {found}", flush=True)
        if advice:
            print(f"        {advice}", flush=True)
            faults += 1
    print("Mend the first that is NOT OK, then ask again." if faults else "All is well.")
    return 1 if faults else 0
