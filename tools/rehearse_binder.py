"""Do on this machine what Binder would do: `make binder`, which takes a few minutes.

It follows the steps of repo2docker's Dockerfile (see tests/project/test_binder.py) one by one
in temporary folders. It makes an environment with the packages that Binder brings, installs
the lock over it with pip, copies the repository as the user's home, and runs postBuild. Then
chapter 00 must run through `start` without a network, without compiling, and without
training, and JupyterLab must answer.

Instead of conda, which needs another registry, it uses a venv of this Python with the versions
of Binder's conda environment. It makes that venv with uv, which `make lock` installs. Instead
of Ubuntu, it uses the system of this machine.
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
    """List name==version for the packages that Binder's own environment must contain."""
    folder = resources.files("repo2docker") / "buildpacks" / "conda"
    asked = yaml.safe_load((folder / f"environment.py-{PYTHON}.yml").read_text())
    names = {re.split("[=<>]", line)[0] for line in asked["dependencies"]} - NOT_PYTHON
    locked = (folder / f"environment.py-{PYTHON}-linux-64.lock").read_text()
    versions = dict(re.findall(r"/([\w-]+)-([\d.]+)-\w+\.(?:conda|tar\.bz2)", locked))
    # The last two come with the others. We list them because their version matters to us.
    return sorted(
        f"{OTHER_NAMES.get(name, name)}=={versions[name]}"
        for name in names | {"ipykernel", "ipython"}
    )


def run(*command, folder, **variables):
    """Run a step and print its time; stop here if it fails."""
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
    """Take the steps of the image; return the environment variables that it would have."""
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
    """List compiled code and trained vectors, with the times when they were written."""
    found = [*home.rglob("*.nbi"), *home.rglob("*.nbc"), *home.rglob("vectors-*.npz")]
    return {path: path.stat().st_mtime_ns for path in found}


def check(home, image):
    """Check that chapter 00 runs and makes nothing that postBuild should have made."""
    before = made_beforehand(home)
    if not {".nbi", ".npz"} <= {path.suffix for path in before}:
        sys.exit(f"postBuild left no compiled code or no vectors, only: {list(before)}")
    cut_off = can_cut_off()
    start = [*cut_off, ".binder/start"]
    said = run(*start, "python", "-m", "w2v_lesson", "doctor", folder=home, **image)
    if "Fast engine: compiled" not in said:  # for the processor that `start` names
        sys.exit(f"Chapter 00 doesn't use the compiled code:\n{said}")
    run(*start, "jupyter", "execute", FIRST, folder=home, **image)
    if made_beforehand(home) != before:
        sys.exit(
            "Chapter 00 compiled or trained something, but postBuild should have done that."
        )
    print(f"          unchanged: {len(before)} files of compiled code and vectors")
    if not cut_off:
        print("          The network could not be cut off (this needs root and `ip`).")


def can_cut_off():
    """Return a prefix that runs a command without a network; [] if that isn't allowed."""
    if shutil.which("unshare") is None:
        return []
    tried = subprocess.run([*CUT_OFF, "true"], capture_output=True)
    return [] if tried.returncode else CUT_OFF


def serve(home, image):
    """Check that JupyterLab, started as on Binder, answers with chapter 00."""
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
    """Ask until JupyterLab's page arrives, and print how long it took; stop if it never does."""
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
    sys.exit("JupyterLab doesn't answer.")


def main():
    """Rehearse; return the exit code, 0 if a student would find everything in place."""
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
