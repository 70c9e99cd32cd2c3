"""Take the steps of the image for ARM under emulation; tools/rehearse_images.py calls it.

It needs two programs: proot replaces the root folder, and qemu translates each instruction. The
steps are those of tools/container/Dockerfile, one after another in one folder. Afterwards the beginning of chapter 05 must print the losses that are stored in it.
"""

import re
import shlex
import shutil
import subprocess
import sys
import time
from pathlib import Path

from check_fresh import ROOT, copy_repository
from stand_in import make_debian, run

DOCKERFILE = ROOT / "tools" / "container" / "Dockerfile"
STAGES = ("arm64", "packages", "runtime")
# Without this right of root, debootstrap can't unmount this machine's /proc by mistake.
NO_MOUNTS = ("setpriv", "--bounding-set=-sys_admin", "--inh-caps=-sys_admin")
EMULATE = (*NO_MOUNTS, "proot", "--qemu=qemu-aarch64-static", "--bind=/dev", "--bind=/proc")
# The name server and the trusted certificates of this machine.
NETWORK = ("etc/resolv.conf", "etc/ssl/certs/ca-certificates.crt")
SECOND_STAGE = "/debootstrap/debootstrap --second-stage"
SECONDS = 2 * 3600
# What the compiled engine has learned in chapter 00.
HELD_OUT = """from w2v_lesson.files.pretrained import ptb_vectors
print(f"{ptb_vectors().about['heldout_loss']:.3f}")"""
IDS = {"root": "0:0", "reader": "1000:1000"}
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


def read_stages(text):
    """Read a Dockerfile as {stage: [(instruction, argument)]}."""
    text = re.sub(r"^\s*#.*\n", "", text, flags=re.M).replace("\\\n", " ")
    stages, steps = {}, []
    for line in filter(str.strip, text.splitlines()):
        instruction, argument = line.split(maxsplit=1)
        if instruction == "FROM":
            steps = stages[argument.split(" AS ")[1]] = []
        else:
            steps.append((instruction, argument))
    return stages


class Emulation:
    """What the steps so far have made: a root folder, variables, a user, and a folder."""

    def __init__(self, root, seconds):
        self.root, self.until = root, time.monotonic() + seconds
        self.user, self.folder = "root", "/"
        self.variables = {"PATH": PATH, "LANG": "C.UTF-8"}

    def run(self, script, **variables):
        """Run a shell script; return what it printed. Raise an error if it fails."""
        home = "/root" if self.user == "root" else f"/home/{self.user}"
        given = {"HOME": home, **self.variables, **variables}
        places = (
            f"--rootfs={self.root}",
            f"--cwd={self.folder}",
            f"--change-id={IDS[self.user]}",
        )
        words = [*EMULATE, *places, "/usr/bin/env", "-i"]
        words += [f"{name}={value}" for name, value in given.items()]
        began = time.monotonic()
        done = subprocess.run(
            [*words, "/bin/sh", "-c", script],
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=self.until - began,
        )
        print(
            f"{time.monotonic() - began:6.1f} s  {' '.join(script.split())[:88]}",
            flush=True,
        )
        if done.returncode:
            raise RuntimeError(f"{done.stdout[-3000:]}\nThis step failed on ARM: {script}")
        return done.stdout

    def take(self, instruction, argument):
        """Take one step of a Dockerfile."""
        if instruction == "RUN":
            self.run(argument)
        elif instruction == "COPY":
            self._copy(shlex.split(argument))
        elif instruction == "ENV":
            for name, value in re.findall(r"(\w+)=(\S*)", argument):
                self.variables[name] = value.replace("$PATH", self.variables["PATH"])
        elif instruction == "USER":
            self.user = argument
        elif instruction == "WORKDIR":
            self.folder = argument
        elif instruction != "EXPOSE":
            raise ValueError(f"{instruction} is not known here. Add it to take().")

    def _copy(self, words):
        if any(word.startswith("--from=") for word in words):
            return  # all stages have the same folder here
        *sources, target = [word for word in words if not word.startswith("--")]
        target = self.root / str(Path(self.folder, target)).lstrip("/")
        for source in sources:
            if source == ".":
                copy_repository(target)
            else:
                shutil.copy(ROOT / source, target)


def install_debian(emulation):
    """Install Debian for ARM with Python 3.11, half of it under emulation."""
    root = emulation.root
    make_debian(root, "--arch=arm64", "--foreign")
    if (root / "proc").is_symlink():  # in some containers, debootstrap makes a link
        (root / "proc").unlink()
        (root / "proc").mkdir()
    emulation.run(SECOND_STAGE, DEBOOTSTRAP_DIR="/debootstrap")
    for name in NETWORK:
        shutil.copy(f"/{name}", root / name)


def compare_engine(emulation):
    """Compare the vectors that the compiled engine has trained with those of this machine."""
    here = run(sys.executable, "-c", HELD_OUT, cwd=ROOT).split()[-1]
    there = emulation.run(f"python -c {shlex.quote(HELD_OUT)}").split()[-1]
    print(f"held-out loss of the compiled engine: {there} on ARM, {here} here")
    if here != there:
        raise RuntimeError("The compiled engine learns something else on ARM.")


def main(folder):
    """Take all steps, ask the doctor, and compare the losses of both engines."""
    emulation = Emulation(Path(folder), SECONDS)
    install_debian(emulation)
    stages = read_stages(DOCKERFILE.read_text(encoding="utf-8"))
    for stage in STAGES:
        for step in stages[stage]:
            emulation.take(*step)
    print(emulation.run("python -m w2v_lesson doctor").strip())
    compare_engine(emulation)
    print(emulation.run("python tools/first_losses.py").strip())


if __name__ == "__main__":
    main(*sys.argv[1:])
