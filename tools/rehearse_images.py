"""Build both images from nothing and use them, without a container engine.

`make rehearse-images` needs root on Debian or Ubuntu, a few of their packages, 8 GB of disk,
and about a quarter of an hour. It builds with the Dockerfiles as they are, on a stand-in for
their base image. Then it starts each image with read-only files and without a network, and runs
chapters in Chromium. With REHEARSE_ARGS=--arm, it also takes the steps of the image for ARM under
emulation, which takes another half hour.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import build_image
from image_sandbox import APART
from stand_in import BASE, make_debian, run, slim_down

# Each command with the package of Debian that has it.
COMMANDS = {
    "debootstrap": "debootstrap",
    "buildah": "buildah",
    "unshare": "util-linux",
    "setpriv": "util-linux",
    "ip": "iproute2",
    "chromium": "chromium",
}
ARM_COMMANDS = {"proot": "proot", "qemu-aarch64-static": "qemu-user-static"}
TRIALS = {"w2v-lesson": "try_image.py", "w2v-lesson-hub": "try_hub_image.py"}
STORAGE = """[storage]
driver = "vfs"
graphroot = "{folder}/images"
runroot = "{folder}/run"
"""
UNITS = {"B": 1, "KB": 1e3, "MB": 1e6, "GB": 1e9}


def check_machine(commands):
    """End with advice if this machine can't do it."""
    if os.geteuid() != 0:
        sys.exit("This needs root, because it mounts folders. Run it with sudo.")
    packages = {package for name, package in commands.items() if not shutil.which(name)}
    if packages:
        sys.exit(
            f"Something is missing. Install it: apt install {' '.join(sorted(packages))}"
        )


class Store:
    """Images in a folder of their own, apart from those of the machine."""

    def __init__(self, folder):
        self.folder = folder
        settings = folder / "storage.conf"
        settings.write_text(STORAGE.format(folder=folder), encoding="utf-8")
        self.environment = {
            **os.environ,
            "CONTAINERS_STORAGE_CONF": str(settings),
            "BUILDAH_ISOLATION": "chroot",
        }

    def buildah(self, *words):
        return run("buildah", *words, env=self.environment)

    def save(self, folder, name):
        """Make an image of a folder."""
        container = self.buildah("from", "scratch").strip()
        self.buildah("copy", "--quiet", container, str(folder), "/")
        self.buildah("commit", "--quiet", container, name)
        self.buildah("rm", container)

    def build(self, image):
        """Build one of the lesson's images with the command of `make image`."""
        processor, _ = build_image.ask("buildah")
        options = ("--network=host", "--pull-never", *self._for_pip())
        words = build_image.command("buildah", processor, image, options)
        run(*words, cwd=build_image.ROOT, env=self.environment)

    def _for_pip(self):
        """Give pip this machine's certificates and index, which must not stay in the image."""
        options = ["--volume=/etc/ssl/certs:/etc/ssl/certs:ro"]
        if index := os.environ.get("PIP_INDEX_URL"):
            settings = self.folder / "pip.conf"
            settings.write_text(f"[global]\nindex-url = {index}\n", encoding="utf-8")
            options.append(f"--volume={settings}:/etc/pip.conf:ro")
        return options

    def size(self, image):
        """Return the bytes of an image with all its layers, not compressed."""
        (listed,) = json.loads(self.buildah("images", "--json", image))
        return in_bytes(listed["size"])

    def try_out(self, image):
        """Use an image as TRIALS says, in namespaces of its own; end if that fails."""
        container = self.buildah("from", "--pull-never", image).strip()
        root = self.buildah("mount", container).strip()
        description = self.folder / f"{image}.json"
        description.write_text(self.buildah("inspect", "--type", "image", image))
        trial = Path(__file__).with_name(TRIALS[image])
        with tempfile.TemporaryDirectory(dir=self.folder) as folder:
            words = (*APART, sys.executable, trial, root, description, folder)
            if subprocess.run(words).returncode:
                sys.exit(f"{image} was built, but it can't be used.")
        self.buildah("rm", container)


def in_bytes(size):
    """Read a size as buildah writes it: "1.09 GB"."""
    number, unit = size.split()
    return float(number) * UNITS[unit.upper()]


def rehearse(folder):
    """Build and try both images.

    Returns
    -------
    dict
        For each image, and for the stand-in of the base image: bytes, and seconds to build.
    """
    store, measured = Store(folder), {}

    def measure(image, make):
        began = time.perf_counter()
        make()
        seconds = time.perf_counter() - began
        measured[image] = size, _ = store.size(image), seconds
        print(f"{seconds:6.1f} s  {image} built, {size / 1e9:.2f} GB", flush=True)

    def make_base():
        make_debian(folder / "debian")
        slim_down(folder / "debian")
        store.save(folder / "debian", BASE)

    measure(BASE, make_base)
    for image in build_image.IMAGES:
        measure(image, lambda image=image: store.build(image))
        store.try_out(image)
    return measured


def rehearse_arm(folder):
    """Take the steps for ARM where no mount can stay behind; end if one fails."""
    apart = [word for word in APART if word != "--net"]
    script = Path(__file__).with_name("rehearse_arm.py")
    if subprocess.run([*apart, sys.executable, script, folder / "arm"]).returncode:
        sys.exit("The image for ARM can't be built or used.")


def main():
    """Rehearse; the first step that fails ends it with an exit code that is not 0."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--arm", action="store_true", help="also the steps for ARM, emulated"
    )
    parser.add_argument("--only-arm", action="store_true", help="only these")
    options = parser.parse_args()
    arm = options.arm or options.only_arm
    check_machine({**COMMANDS, **(ARM_COMMANDS if arm else {})})
    with tempfile.TemporaryDirectory(prefix="w2v_images-") as folder:
        if not options.only_arm:
            rehearse(Path(folder))
        if arm:
            rehearse_arm(Path(folder))
    print("A reader would find everything in place.")


if __name__ == "__main__":
    main()
