"""Run an image's files as `docker run --read-only` would, without a container engine.

The command that this stands for is

    docker run --read-only --tmpfs /tmp -v /home/reader --network none IMAGE

It needs root, and it must be called in namespaces of its own (see `APART`), which end with
their last process: no mount is left behind, and there is no network except loopback.
"""

import json
import subprocess
from pathlib import Path

APART = ("unshare", "--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc")
HOME = Path("home/reader")
DEVICES = ("null", "zero", "full", "random", "urandom")
PROBE = """
import os, socket
try:
    open("/opt/lesson/probe", "w")
except OSError as error:
    print(error.strerror)
try:
    socket.create_connection(("192.0.2.1", 80), 5)
except OSError as error:
    print(error.strerror)
print(os.getuid(), os.access(os.path.expanduser("~"), os.W_OK), os.access("/tmp", os.W_OK))
"""
EXPECTED = "Read-only file system\nNetwork is unreachable\n1000 True True\n"


class Sandbox:
    """An image's files, mounted below a folder.

    Parameters
    ----------
    image : Path
        The image's root folder, which is not changed.
    config : dict
        The image's configuration: user, environment, folder, and command.
    folder : Path
        An empty folder for the mount and the volume.
    """

    def __init__(self, image, config, folder):
        self.config, self.root, self.home = config, folder / "root", folder / "home"
        _run("cp", "--archive", image / HOME, self.home)  # as a new volume begins
        self.root.mkdir()
        self._mount(image)

    def _mount(self, image):
        _run("ip", "link", "set", "lo", "up")
        _run("mount", "--bind", image, self.root)
        _run("mount", "-o", "remount,bind,ro", self.root)
        _run("mount", "-t", "proc", "proc", self.root / "proc")
        _run(
            "mount", "-t", "tmpfs", "-o", "mode=1777,nosuid,nodev", "tmp", self.root / "tmp"
        )
        _run("mount", "-t", "tmpfs", "-o", "mode=755,nosuid", "dev", self.root / "dev")
        for name in DEVICES:
            (self.root / "dev" / name).touch()
            _run("mount", "--bind", f"/dev/{name}", self.root / "dev" / name)
        (self.root / "dev" / "fd").symlink_to("/proc/self/fd")
        (self.root / "dev" / "shm").mkdir(mode=0o1777)
        (self.root / "dev" / "shm").chmod(0o1777)
        _run("mount", "--bind", self.home, self.root / HOME)

    def command(self, *words, **variables):
        """Make the command that runs these words as the image's user in the image's folder."""
        given = dict(line.split("=", 1) for line in self.config["Env"])
        given |= {"HOME": f"/{HOME}", **variables}
        return [
            "setpriv",
            "--no-new-privs",
            "chroot",
            f"--userspec={self.config['User']}",
            self.root,
            "env",
            "--ignore-environment",
            f"--chdir={self.config['WorkingDir']}",
            *(f"{name}={value}" for name, value in given.items()),
            *words,
        ]

    def run(self, *words, **variables):
        """Run to the end; return what was printed. Raise RuntimeError if it failed."""
        return _run(*self.command(*words, **variables))

    def start(self, log, *words, **variables):
        """Start the image's own command, or these words, and return the process."""
        words = words or self.config["Cmd"]
        with log.open("wb") as file:
            return subprocess.Popen(
                self.command(*words, **variables),
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=subprocess.STDOUT,
            )

    def check(self):
        """Make sure that files are read-only, that there is no network, and who the user is."""
        said = self.run("python", "-c", PROBE)
        if said != EXPECTED:
            raise RuntimeError(f"The sandbox is not what it should be:\n{said}")


def _run(*words):
    done = subprocess.run(
        words, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    if done.returncode:
        command = " ".join(map(str, words))
        raise RuntimeError(f"{command}\nended with code {done.returncode}:\n{done.stdout}")
    return done.stdout


def read_config(path):
    """Read the part of an image's description that says how to run it."""
    return json.loads(Path(path).read_text(encoding="utf-8"))["OCIv1"]["config"]
