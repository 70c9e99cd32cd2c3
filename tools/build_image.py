"""Build an image of the lesson with the container engine that works here: `make image`.

Hand-written with the standard library of Python 3.8 and later, because the machine that
builds the image may have nothing else. An engine works if it can say for which processor it
builds. A Docker client without its daemon, for example, can't.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDER = "tools/container"
# What to ask each engine for its processor; the first that answers is used.
ENGINES = {
    "docker": ("version", "--format", "{{.Server.Arch}}"),
    "podman": ("info", "--format", "{{.Host.Arch}}"),
    "buildah": ("info", "--format", "{{.host.arch}}"),
}
BUILD = {"docker": "build", "podman": "build", "buildah": "bud"}
# For each image: the file that describes it, and the folder whose files it may copy.
IMAGES = {
    "w2v-lesson": (f"{FOLDER}/Dockerfile", "."),
    "w2v-lesson-hub": (f"{FOLDER}/Dockerfile.hub", FOLDER),
}
NONE_WORKS = """\
No container engine works here.
{reasons}
Install Docker, or Podman (Debian, Ubuntu: apt install podman), start it, and run this again."""


def ask(engine):
    """Ask an engine for its processor; return that, or "", and a reason why there is none."""
    if shutil.which(engine) is None:
        return "", "not installed"
    try:
        done = subprocess.run(
            [engine, *ENGINES[engine]],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return "", str(error)
    if done.returncode == 0 and done.stdout.strip():
        return done.stdout.strip(), ""
    said = done.stderr.strip().splitlines()
    return "", said[-1] if said else f"ended with code {done.returncode}, without an answer"


def find_engine():
    """Return the name and the processor of the first engine that works, or end with advice."""
    reasons = []
    for engine in ENGINES:
        processor, reason = ask(engine)
        if processor:
            return engine, processor
        reasons.append(f"  {engine}: {reason}")
    sys.exit(NONE_WORKS.format(reasons="\n".join(reasons)))


def command(engine, processor, image, options=()):
    """Make the command that builds an image; `options` go to the engine as they are."""
    file, context = IMAGES[image]
    words = [engine, BUILD[engine]]
    if engine != "docker":  # whose builder finds out both by itself
        words.append(f"--build-arg=TARGETARCH={processor}")
        if (ROOT / f"{file}.dockerignore").exists():
            words.append(f"--ignorefile={file}.dockerignore")
    return [*words, *options, "--tag", image, "--file", file, context]


def main(image, *options):
    """Build an image; return the exit code of the engine."""
    engine, processor = find_engine()
    print(f"Building {image} for {processor} with {engine}", flush=True)
    environment = {**os.environ, "DOCKER_BUILDKIT": "1"}
    return subprocess.call(
        command(engine, processor, image, options), cwd=str(ROOT), env=environment
    )


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
