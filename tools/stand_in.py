"""Make a stand-in for the base image python:3.11-slim-bookworm from Debian's packages.

It has Debian's own Python 3.11 instead of one that was built from source, and nothing has to be
fetched from a registry of images.
"""

import shutil
import subprocess
import sys

BASE = "docker.io/library/python:3.11-slim-bookworm"
PACKAGES = "python3.11,python3.11-venv,python3-pip,ca-certificates"
LEFT_OUT = ("doc", "man", "info", "locale")


def run(*words, **options):
    """Run a command quietly and return what it printed; end with its last lines if it fails."""
    done = subprocess.run(
        words, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, **options
    )
    if done.returncode:
        command = " ".join(map(str, words))
        sys.exit(f"{done.stdout[-4000:]}\nThis step failed: {command}")
    return done.stdout


def make_debian(folder, *options):
    """Install Debian with Python in a folder; `options` go to debootstrap."""
    given = ("--variant=minbase", f"--include={PACKAGES}", *options)
    run("debootstrap", *given, "bookworm", str(folder))
    (folder / "usr/bin/python").symlink_to("python3.11")
    (folder / "etc/hosts").write_text("127.0.0.1 localhost\n")


def slim_down(folder):
    """Leave out what the real base image leaves out, and let apt keep nothing either."""
    for name in LEFT_OUT:
        shutil.rmtree(folder / "usr/share" / name)
    for path in ("var/lib/apt/lists", "var/cache/apt"):
        shutil.rmtree(folder / path)
    excluded = "".join(f"path-exclude /usr/share/{name}/*\n" for name in LEFT_OUT)
    (folder / "etc/dpkg/dpkg.cfg.d/docker").write_text(excluded)
    (folder / "etc/apt/apt.conf.d/docker-clean").write_text(
        'APT::Keep-Downloaded-Packages "false";\n'
        'Dir::Cache::pkgcache "";\nDir::Cache::srcpkgcache "";\n'
    )
