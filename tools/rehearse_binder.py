"""Do here what Binder would do with this repository: `make binder`, some minutes.

Takes the steps of repo2docker's Dockerfile (tests/project/test_binder.py) one by one in temporary
folders: an environment with what Binder brings, the lock over it by pip, a copy of the
repository as the user's home, postBuild. Then chapter 00 must run through `start` without
a network, without compiling and without training, and JupyterLab must answer.

In place of conda, which needs another registry, is a venv of this Python with the versions
that Binder's conda environment has, made by uv, which `make lock` installs; in place of
Ubuntu, this machine.
"""

import re
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from importlib import resources
from pathlib import Path

import yaml
from check_fresh import ROOT, copy_repository

FIRST = "my_lesson/00_meet_word_vectors.ipynb"
PYTHON = "3.11"
NOT_PYTHON = {"python", "nodejs"}
OTHER_NAMES = {"jupyterhub-singleuser": "jupyterhub"}
CUT_OFF = ["unshare", "-n", "sh", "-c", 'ip link set lo up && exec "$@"', "sh"]
SECONDS_TO_OPEN = 60


def base_packages():
    """Name==version of the packages that Binder's own environment is asked for."""
    folder = resources.files("repo2docker") / "buildpacks" / "conda"
    asked = yaml.safe_load((folder / f"environment.py-{PYTHON}.yml").read_text())
    names = {re.split("[=<>]", line)[0] for line in asked["dependencies"]} - NOT_PYTHON
    locked = (folder / f"environment.py-{PYTHON}-linux-64.lock").read_text()
    versions = dict(re.findall(r"/([\w-]+)-([\d.]+)-\w+\.(?:conda|tar\.bz2)", locked))
    # The last two come with the others; they are those whose version matters to us.
    return sorted(
        f"{OTHER_NAMES.get(name, name)}=={versions[name]}"
        for name in names | {"ipykernel", "ipython"}
    )


def run(*command, folder, **variables):
    """Run a step; say what it took, stop here if it fails."""
    began = time.perf_counter()
    done = subprocess.run(
        command,
        cwd=folder,
        env=variables or None,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    took = time.perf_counter() - began
    words = [word for word in command if word not in CUT_OFF]
    shown = " ".join([Path(words[0]).name, *words[1:]])
    print(f"{took:6.1f} s  {shown[:88]}", flush=True)
    if done.returncode:
        sys.exit(f"{done.stdout[-3000:]}\nThis step failed; Binder would stop here, too.")
    return done.stdout


def build(environment, home):
    """The steps of the image; returns the environment variables it would have."""
    python = str(environment / "bin" / "python")
    run("uv", "venv", "--quiet", "--python", PYTHON, str(environment), folder=ROOT)
    install = ("uv", "pip", "install", "--quiet", "--python", python)
    run(*install, *base_packages(), folder=ROOT)
    copy_repository(home)
    binder = home / ".binder"
    conda = yaml.safe_load((binder / "environment.yml").read_text(encoding="utf-8"))
    # Conda writes this list beside its file and calls pip there.
    listed = binder / "condaenv.requirements.txt"
    listed.write_text("\n".join(conda["dependencies"][-1]["pip"]), encoding="utf-8")
    run(
        python,
        "-m",
        "pip",
        "install",
        "--quiet",
        "-U",
        "-r",
        listed.name,
        "--exists-action=b",
        folder=binder,
    )
    listed.unlink()
    for name in ("postBuild", "start"):
        (binder / name).chmod(0o755)  # as repo2docker does
    path = f"{environment / 'bin'}:/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin"
    image = {"PATH": path, "HOME": str(home), "LANG": "C.UTF-8"}
    print(run(".binder/postBuild", folder=home, **image).strip().splitlines()[-1])
    return image


def made_beforehand(home):
    """Compiled code and trained vectors, with the times at which they were written."""
    found = [*home.rglob("*.nbi"), *home.rglob("*.nbc"), *home.rglob("vectors-*.npz")]
    return {path: path.stat().st_mtime_ns for path in found}


def check(home, image):
    """All must be well and chapter 00 run, and make nothing that was to be there."""
    before = made_beforehand(home)
    if not {".nbi", ".npz"} <= {path.suffix for path in before}:
        sys.exit(f"postBuild has left no compiled code, or no vectors: {list(before)}")
    cut_off = can_cut_off()
    start = [*cut_off, ".binder/start"]
    said = run(*start, "python", "-m", "w2v_lesson", "doctor", folder=home, **image)
    if "Fast engine: compiled" not in said:  # by the processor that `start` names
        sys.exit(f"The compiled code is not used:\n{said}")
    run(*start, "jupyter", "execute", FIRST, folder=home, **image)
    if made_beforehand(home) != before:
        sys.exit("Chapter 00 has compiled or trained, which postBuild should have done.")
    print(f"          as it was: {len(before)} files of compiled code and vectors")
    if not cut_off:
        print("          The network could not be cut off here (that takes root, `ip`).")


def can_cut_off():
    """What to put before a command so that it has no network; [] if that is not allowed."""
    if shutil.which("unshare") is None:
        return []
    tried = subprocess.run([*CUT_OFF, "true"], capture_output=True)
    return [] if tried.returncode else CUT_OFF


def serve(home, image):
    """JupyterLab, started as Binder starts it, must answer with chapter 00."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    token = secrets.token_hex(16)
    command = [
        ".binder/start",
        "jupyter",
        "notebook",
        "--ip",
        "127.0.0.1",
        f"--port={port}",
        "--no-browser",
        "--allow-root",
    ]
    server = subprocess.Popen(
        command,
        cwd=home,
        env={**image, "JUPYTER_TOKEN": token},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_for(f"http://127.0.0.1:{port}/lab/tree/{FIRST}?token={token}")
    finally:
        server.terminate()
        server.wait()


def wait_for(address):
    """Ask until JupyterLab's page comes; say how long that took, or stop."""
    began = time.perf_counter()
    while (took := time.perf_counter() - began) < SECONDS_TO_OPEN:
        try:
            with urllib.request.urlopen(address, timeout=10) as page:
                said = page.read().decode()
        except OSError:
            time.sleep(0.2)
            continue
        if "<title>JupyterLab</title>" not in said:
            sys.exit(f"This is not JupyterLab:\n{said[:500]}")
        print(f"{took:6.1f} s  until JupyterLab answers")
        return
    sys.exit("JupyterLab does not answer.")


def main():
    """Rehearse; the exit code is 0 if a student would find all in place."""
    with tempfile.TemporaryDirectory(prefix="w2v_binder-") as folder:
        folder = Path(folder).resolve()
        home = folder / "home"
        home.mkdir()
        image = build(folder / "environment", home)
        check(home, image)
        serve(home, image)
    print("Binder would show chapter 00, ready to run.")


if __name__ == "__main__":
    main()
