"""Start the processes that train together, watch them, and end them all (chapter 10).

MXNet's own launcher does not end the other processes when one of them dies.

On one machine, this starts all processes of a cluster (a scheduler, servers and workers):

    python -m w2v_lesson.scale.cluster --workers 2 --servers 1 -- COMMAND ...

COMMAND is what each worker runs, such as `python -m w2v_lesson.scale.parallel --out DIR`. On
several machines, each process of the cluster is started with the same numbers and the
address of the machine that runs the scheduler:

    python -m w2v_lesson.scale.cluster --role worker --scheduler HOST:PORT \\
        --workers 8 --servers 8 -- COMMAND ...

The roles are `scheduler` (one), `server` and `worker`; the first two take no COMMAND.

- ssh: `for m in m1 m2; do ssh $m "cd lesson && python -m w2v_lesson.scale.cluster --role
  worker ..." & done`, likewise for the other roles; `ssh -tt` ends what it started.
- Slurm: `srun --kill-on-bad-exit=1 --ntasks=8 python -m w2v_lesson.scale.cluster --role
  worker ...`, one such line (a step) for each role, with `&`, in one batch script.
- Kubernetes: a Service in front of the scheduler's Pod gives HOST; one Job for each
  role (`completions` and `parallelism` 8, `backoffLimit: 0`) has the line as `command`.
"""

import argparse
import contextlib
import ctypes
import importlib.util
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from w2v_lesson import usable_cores

ROLES = ("scheduler", "server", "worker")
# Scheduler and servers end shortly before the last worker. If a worker is still there after
# these seconds, they have died.
GRACE_SECONDS = 5.0
POLL_SECONDS = 0.05
MAX_LOG_LINES = 12
LAUNCHER_VARIABLE = "W2V_LESSON_CLUSTER_PARENT"  # has the launcher's process id
SERVE_COMMAND = (
    sys.executable,
    "-c",
    "from w2v_lesson.scale.cluster import serve; serve()",
)


class ClusterError(RuntimeError):
    """A cluster did not finish; the message has the last words of the process that died.

    Parameters
    ----------
    message : str
        What happened and what to do.
    name : str, optional
        The process that died first, such as "worker 1"; None if time was up.
    """

    def __init__(self, message, name=None):
        super().__init__(message)
        self.name = name


class Cluster:
    """The processes of one training on this machine, for use in a `with` block.

    All of them have ended when the block is left, however it is left. They also end if this
    process is killed, because each of them watches whether its launcher still runs.

    Parameters
    ----------
    command : list of str
        What each worker runs.
    workers, servers : int
        Number of each, at least 1.
    variables : dict of str to str, optional
        Further environment variables.

    Attributes
    ----------
    processes : dict of str to subprocess.Popen
        The processes by name: "scheduler", "server 0", "worker 0", … The scheduler
        gives each worker its `kv.rank`, which need not be the number in its name.

    Raises
    ------
    ValueError
        If there is no command or a number is below 1.
    """

    def __init__(self, command, workers, servers=1, variables=None):
        if not command:
            raise ValueError("There is no command for the workers: give it after --.")
        self.address = f"127.0.0.1:{_free_port()}"
        role_environment("worker", self.address, workers, servers)  # raises if wrong
        ours = {
            LAUNCHER_VARIABLE: str(os.getpid()),
            "DMLC_NODE_HOST": "127.0.0.1",
            "OMP_NUM_THREADS": str(_threads_each(workers)),
        }
        self._environment = {**os.environ, **ours, **(variables or {})}
        self._arguments = [
            "--scheduler",
            self.address,
            "--workers",
            str(workers),
            "--servers",
            str(servers),
        ]
        self._commands = {"scheduler": []}
        self._commands |= {f"server {i}": [] for i in range(servers)}
        self._commands |= {f"worker {i}": list(command) for i in range(workers)}
        self.processes = {}
        self._folder = tempfile.TemporaryDirectory(prefix="w2v_cluster_")

    def __enter__(self):
        try:
            for name, command in self._commands.items():
                self.processes[name] = self._start(name, command)
        except BaseException:
            self.end()
            raise
        return self

    def __exit__(self, *_):
        self.end()

    def _start(self, name, command):
        role = name.split()[0]
        line = [sys.executable, "-m", "w2v_lesson.scale.cluster", "--role", role]
        line += [*self._arguments, "--", *command]
        with open(self._log(name), "wb") as log:
            return subprocess.Popen(
                line,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # so that what it starts can be ended with it
            )

    def wait(self, timeout=None):
        """Wait until all workers are done.

        Parameters
        ----------
        timeout : float, optional
            Seconds to wait; None waits for as long as it takes.

        Returns
        -------
        list of str
            What each worker printed.

        Raises
        ------
        ClusterError
            As soon as a process dies, for which MXNet would wait forever, or if time is up.
            All processes have ended by then.
        """
        try:
            self._wait_for_workers(timeout)
            return [self.log(name) for name in self._workers()]
        finally:
            self.end()

    def _wait_for_workers(self, timeout):
        started = last_all_there = time.monotonic()
        while any(self.processes[name].poll() is None for name in self._workers()):
            codes = {name: process.poll() for name, process in self.processes.items()}
            now = time.monotonic()
            # Scheduler and servers end with 0, just before the last worker does.
            if all(codes[name] is None for name in codes if name not in self._workers()):
                last_all_there = now
            self._check(codes, patience=last_all_there + GRACE_SECONDS - now)
            if timeout is not None and now - started > timeout:
                raise ClusterError(
                    f"The workers were not done after {timeout:g} seconds, and all were "
                    "ended. Give more time, or find out what they wait for.\n"
                    + self._last_words("worker 0")
                )
            time.sleep(POLL_SECONDS)
        self._check({name: self.processes[name].poll() for name in self._workers()})

    def _check(self, codes, patience=0.0):
        """Raise ClusterError if a process has died; `codes` are exit codes by name."""
        for name, code in codes.items():
            if code or (code == 0 and name not in self._workers() and patience < 0):
                raise ClusterError(
                    f"{name} (process {self.processes[name].pid}) {_how(code)} before "
                    "the training was done, and all others were ended. If checkpoints "
                    "were written, start again to go on from the last.\n"
                    + self._last_words(name),
                    name,
                )

    def _workers(self):
        return [name for name in self._commands if name.startswith("worker")]

    def _log(self, name):
        return Path(self._folder.name) / f"{name}.log"

    def log(self, name):
        """Return what a process has printed so far, including errors.

        Parameters
        ----------
        name : str
            Name of the process, such as "worker 0".

        Returns
        -------
        str
            The text.
        """
        return self._log(name).read_text(encoding="utf-8", errors="replace")

    def _last_words(self, name):
        lines = self.log(name).strip().splitlines()[-MAX_LOG_LINES:]
        return f"The last lines of {name}:\n" + "\n".join(lines or ["(it printed none)"])

    def end(self):
        """End all processes that are left and what they started, and wait until they end."""
        for process in self.processes.values():
            _kill_group(process.pid)  # even if it has ended: it may have left others
        for process in self.processes.values():
            process.wait()
        self._folder.cleanup()


def run(command, workers, servers=1, *, timeout=None, variables=None):
    """Run a command in each worker of a cluster on this machine, to its end.

    Parameters
    ----------
    command, workers, servers
        As for `Cluster`.
    timeout : float, optional
        As for `Cluster.wait`.
    variables : dict of str to str, optional
        As for `Cluster`.

    Returns
    -------
    list of str
        What each worker printed.

    Raises
    ------
    ClusterError
        If a process dies or time is up.
    """
    with Cluster(command, workers, servers, variables) as cluster:
        return cluster.wait(timeout)


def role_environment(role, scheduler, workers, servers):
    """Return the environment variables that tell MXNet the role of a process in a cluster.

    Parameters
    ----------
    role : {"scheduler", "server", "worker"}
        What the process is to be.
    scheduler : str
        "HOST:PORT", where the scheduler listens.
    workers, servers : int
        Number of each in the cluster, at least 1.

    Returns
    -------
    dict of str to str
        The variables.

    Raises
    ------
    ValueError
        If an argument is impossible.
    """
    host, _, port = scheduler.rpartition(":")
    if role not in ROLES:
        raise ValueError(f"The role must be one of {ROLES}, not {role!r}.")
    if not host or not port.isdigit():
        raise ValueError(f"The scheduler's address must be HOST:PORT, not {scheduler!r}.")
    if workers < 1 or servers < 1:
        raise ValueError("A cluster needs at least 1 worker and 1 server.")
    return {
        "DMLC_ROLE": role,
        "DMLC_PS_ROOT_URI": socket.gethostbyname(host),  # MXNet takes no names
        "DMLC_PS_ROOT_PORT": port,
        "DMLC_NUM_WORKER": str(workers),
        "DMLC_NUM_SERVER": str(servers),
    }


def become(role, scheduler, workers, servers, command):
    """Turn this process into one of a cluster; this does not return.

    Parameters
    ----------
    role, scheduler, workers, servers
        As for `role_environment`.
    command : list of str
        What a worker runs; empty for the other roles.

    Raises
    ------
    ValueError
        If an argument is impossible.
    """
    variables = role_environment(role, scheduler, workers, servers)
    if (role == "worker") != bool(command):
        raise ValueError("A worker needs a command, after --; the others take none.")
    environment = {**os.environ, **variables}
    launcher = environment.pop(LAUNCHER_VARIABLE, None)
    environment.pop("PORT", None)  # MXNet would listen there, all processes at once
    command = list(command or SERVE_COMMAND)
    if launcher is None:
        os.execvpe(command[0], command, environment)
    raise SystemExit(_guard(command, environment, int(launcher)))


def serve():
    """Be a scheduler or a server, as the environment says, until all workers are done.

    `import mxnet` does the same in this environment, but it takes seconds, and its servers
    unpickle whatever they are sent.

    Raises
    ------
    ClusterError
        If MXNet fails.
    """
    (path,) = Path(importlib.util.find_spec("mxnet").origin).parent.glob("libmxnet.*")
    library, store = ctypes.CDLL(str(path)), ctypes.c_void_p()
    library.MXGetLastError.restype = ctypes.c_char_p
    ignore = ctypes.CFUNCTYPE(None, ctypes.c_int, ctypes.c_char_p, ctypes.c_void_p)(
        lambda *_: None
    )
    for function, *arguments in [
        (library.MXKVStoreCreate, b"dist_sync", ctypes.byref(store)),
        (library.MXKVStoreRunServer, store, ignore, None),
        (library.MXKVStoreFree, store),
    ]:
        if function(*arguments):
            raise ClusterError(library.MXGetLastError().decode())


def _guard(command, environment, launcher):
    """Run a command and return its exit code; if the launcher ends, end the whole session.

    So it must run in a session of its own.
    """
    process = subprocess.Popen(command, env=environment)
    while True:
        try:
            code = process.wait(POLL_SECONDS)
            break
        except subprocess.TimeoutExpired:
            if os.getppid() != launcher:
                os.killpg(0, signal.SIGKILL)  # which ends this process, too
    if code < 0:  # end as it did
        os.kill(os.getpid(), -code)
    return code


def _kill_group(pid):
    with contextlib.suppress(ProcessLookupError):  # it may just have ended by itself
        os.killpg(pid, signal.SIGKILL)


def _how(code):
    if code < 0:
        return f"was killed by {signal.Signals(-code).name}"
    return f"ended with exit code {code}"


def _threads_each(workers):
    """Share the cores among the workers, with no more threads than were asked for."""
    cores = usable_cores()
    asked = os.environ.get("OMP_NUM_THREADS", "")
    return max(1, min(int(asked) if asked.isdigit() else cores, cores // workers))


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _parser():
    parser = argparse.ArgumentParser(
        prog="python -m w2v_lesson.scale.cluster",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--workers", type=int, required=True, metavar="N")
    parser.add_argument("--servers", type=int, default=1, metavar="N")
    parser.add_argument(
        "--timeout",
        type=float,
        metavar="SECONDS",
        help="end all if the workers are not done by then",
    )
    parser.add_argument("--role", choices=ROLES, help="one process of many machines")
    parser.add_argument("--scheduler", metavar="HOST:PORT", help="needed with --role")
    parser.add_argument("command", nargs="*", metavar="COMMAND", help="after --")
    return parser


def main(arguments=None):
    """Start a whole cluster on this machine, or become one process of it.

    Parameters
    ----------
    arguments : list of str, optional
        The command line.

    Returns
    -------
    int
        The exit code.
    """
    parser = _parser()
    asked = parser.parse_args(arguments)
    if (asked.role is None) != (asked.scheduler is None):
        parser.error("--role and --scheduler belong together: give both or neither")
    try:
        if asked.role:
            become(asked.role, asked.scheduler, asked.workers, asked.servers, asked.command)
        for i, printed in enumerate(
            run(asked.command, asked.workers, asked.servers, timeout=asked.timeout)
        ):
            print(f"--- worker {i}\n{printed.rstrip()}")
    except (ClusterError, OSError, ValueError) as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 128 + signal.SIGINT
    return 0


if __name__ == "__main__":
    sys.exit(main())
