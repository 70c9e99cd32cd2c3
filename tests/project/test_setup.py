"""The files of the setup agree, and each failure gets advice that helps."""

import ast
import importlib.util
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name
from pyproject import PROJECT

from w2v_lesson.app import command_line, doctor
from w2v_lesson.app.working_copy import FOLDER

ROOT = Path(__file__).resolve().parents[2]
LOCKS = ["requirements.lock", "requirements-dev.lock"]
MAC_LOCK = "requirements-mac.lock"  # MXNet comes from conda there
GRADING = "tools/grading/requirements.lock"
CONDA = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
MAC = yaml.safe_load((ROOT / "environment-mac.yml").read_text(encoding="utf-8"))
BOOTSTRAP = ROOT / "tools" / "bootstrap.py"


def load_bootstrap(path=BOOTSTRAP):
    spec = importlib.util.spec_from_file_location("bootstrap", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def bootstrap():
    return load_bootstrap()


def direct_requirements(lock):
    project = PROJECT["project"]
    lines = project["dependencies"] + PROJECT["build-system"]["requires"]
    if lock == "requirements-dev.lock":
        lines = lines + project["optional-dependencies"]["dev"]
    return [Requirement(line) for line in lines]


def lock_entries(lock):
    """List (requirement, hashes) for each entry; an entry continues after a line that ends in \\."""
    entries = []
    for entry in (ROOT / lock).read_text("utf-8").replace("\\\n", " ").splitlines():
        if entry.strip() and not entry.startswith("#"):
            requirement, *hashes = entry.split("--hash=")
            entries.append((Requirement(requirement.strip()), hashes))
    return entries


# --- The locks ------------------------------------------------------------------------


MACHINES = [
    (lock, platform, python)
    for lock in LOCKS
    for platform in ("linux", "darwin")
    for python in ("3.10", "3.11")
]


def applies(requirement, platform, python):
    """Tell whether a requirement counts on a machine."""
    machine = default_environment() | {"sys_platform": platform}
    machine |= {"python_version": python, "python_full_version": f"{python}.13"}
    return requirement.marker is None or requirement.marker.evaluate(machine)


def locked_on(lock, *machine):
    """List name and version of what a lock installs on a machine."""
    return [
        (canonicalize_name(entry.name), next(iter(entry.specifier)).version)
        for entry, _ in lock_entries(lock)
        if applies(entry, *machine)
    ]


@pytest.mark.parametrize(("lock", "platform", "python"), MACHINES)
def test_lock_admits_every_direct_dependency(lock, platform, python):
    locked = dict(locked_on(lock, platform, python))
    for wanted in direct_requirements(lock):
        if applies(wanted, platform, python):
            version = locked.get(canonicalize_name(wanted.name))
            assert version, f"{wanted} is not in {lock}: run `make lock`"
            assert wanted.specifier.contains(version), f"{wanted} against {version}"


@pytest.mark.parametrize(("lock", "platform", "python"), MACHINES)
def test_lock_names_each_package_once_per_platform(lock, platform, python):
    names = [name for name, _ in locked_on(lock, platform, python)]
    assert len(names) == len(set(names))
    assert "mxnet" in names


@pytest.mark.parametrize("lock", [*LOCKS, MAC_LOCK, GRADING])
def test_lock_pins_every_entry_with_hashes_and_holds_no_address(lock):
    entries = lock_entries(lock)
    assert entries
    for entry, hashes in entries:
        assert [pin.operator for pin in entry.specifier] == ["=="], entry
        assert hashes, f"{entry} has no hash"
        assert all(re.fullmatch(r"sha256:[0-9a-f]{64}\s*", h) for h in hashes), entry
    text = (ROOT / lock).read_text("utf-8")
    assert "://" not in text and "/" not in "".join(re.findall("(?m)^#.*", text))
    options = re.findall(r"(?m)(?:^|\s)(-[-a-z]+)", re.sub(r"(?m)^#.*", "", text))
    assert set(options) == {"--hash"}


def test_second_lock_adds_to_the_first_and_changes_nothing():
    first, second = ({str(entry) for entry, _ in lock_entries(lock)} for lock in LOCKS)
    assert first < second, "run `make lock`"


def test_the_lock_for_grading_has_the_version_that_is_asked_for_and_no_readers_lock_has_it():
    asked = (ROOT / GRADING).with_suffix(".in").read_text("utf-8").splitlines()[-1]
    first, second, grading = (
        {str(entry) for entry, _ in lock_entries(lock)} for lock in [*LOCKS, GRADING]
    )
    assert asked in grading and asked not in first | second


def test_a_reader_gets_no_tools():
    """They take a fifth of the disk, and some put an extension into JupyterLab."""
    names = {canonicalize_name(entry.name) for entry, _ in lock_entries(LOCKS[0])}
    assert not names & {
        "playwright",
        "jupyter-repo2docker",
        "jupytext",
        "ruff",
        "hypothesis",
    }


# --- The reader's copies ---------------------------------------------------------------


def test_the_command_of_the_reader_is_installed():
    assert PROJECT["project"]["scripts"] == {
        "w2v-lesson": "w2v_lesson.app.command_line:main"
    }
    assert callable(command_line.main)


def test_make_lab_brings_the_copies_up_to_date_before_it_opens_one():
    make = ["make", "--dry-run", "--no-print-directory", "lab"]
    said = subprocess.run(make, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    update, lab = (said.find(part) for part in ("w2v_lesson update", "-m jupyterlab"))
    assert 0 < update < lab
    assert f"/lab/tree/{FOLDER}/00_meet_word_vectors.ipynb" in said
    ignored = (ROOT / ".gitignore").read_text().split()
    assert f"{FOLDER}/" in ignored


# --- conda ----------------------------------------------------------------------------


def test_conda_installs_the_lock_on_the_python_of_the_project():
    python, pip, packages = CONDA["dependencies"]
    version = python.removeprefix("python=")
    admitted = SpecifierSet(PROJECT["project"]["requires-python"])
    assert version in admitted
    major, minor = map(int, version.split("."))
    assert f"{major}.{minor + 1}" not in admitted
    assert (pip, packages) == ("pip", {"pip": ["-r requirements.lock"]})


def test_conda_on_a_mac_installs_the_same_versions():
    python, mxnet, numpy, pip, packages = MAC["dependencies"]
    assert python.removeprefix("python=") in SpecifierSet(
        PROJECT["project"]["requires-python"]
    )
    assert (pip, packages) == ("pip", {"pip": [f"-r {MAC_LOCK}"]})
    locked = dict(locked_on("requirements.lock", "darwin", "3.10"))
    assert mxnet == f"py-mxnet={locked.pop('mxnet')}"
    assert numpy == f"numpy={locked['numpy']}"
    assert dict(locked_on(MAC_LOCK, "darwin", "3.10")) == locked


@pytest.mark.slow
@pytest.mark.parametrize(
    ("lock", "platform", "python"),
    [
        ("requirements.lock", "x86_64-manylinux_2_28", "3.10"),
        ("requirements.lock", "aarch64-manylinux_2_28", "3.11"),
        ("requirements.lock", "x86_64-apple-darwin", "3.10"),
        ("requirements.lock", "x86_64-apple-darwin", "3.11"),
        ("requirements-mac.lock", "aarch64-apple-darwin", "3.10"),
    ],
)
def test_every_package_has_a_build_for_it(lock, platform, python, tmp_path):
    """uv asks the package index, and installs nothing."""
    machine = ["--target", tmp_path, "--python-platform", platform]
    machine += ["--python-version", python]
    only = ["--require-hashes", "--only-binary", ":all:", "--no-deps"]
    done = subprocess.run(
        [load_bootstrap().get_uv(), "pip", "install", "--dry-run", *machine, *only]
        + ["-r", ROOT / lock],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert "Would install" in done.stderr


# --- bootstrap: what it says ----------------------------------------------------------

# The messages of uv 0.13 and pip 23 when we caused each failure; index.example replaces
# the package index.
REAL_OUTPUT = {
    "closed port": """\
error: Request failed after 1 retry in 1.9s
  cause: Failed to fetch: http://127.0.0.1:9/simple/six/
  cause: error sending request for url (http://127.0.0.1:9/simple/six/)
  cause: client error (Connect)
  cause: tcp connect error
  cause: Connection refused (os error 111)""",
    "no name server": """\
error: Failed to fetch: http://index.example/simple/six/
  cause: error sending request for url (http://index.example/simple/six/)
  cause: client error (Connect)
  cause: dns error
  cause: failed to lookup address information: Name or service not known""",
    "offline": """\
error: No solution found when resolving dependencies
  cause: Because anyio was not found in the cache and you require anyio==4.16.0, we \
can conclude that your requirements are unsatisfiable.
hint: Packages were unavailable because the network was disabled. When the network is \
disabled, registry packages may only be read from the cache.""",
    "pip, closed port": """\
WARNING: Retrying (Retry(total=0)) after connection broken by 'NewConnectionError('<\
HTTPConnection object at 0x7f>: Failed to establish a new connection: [Errno 111] \
Connection refused')': /simple/uv/
ERROR: Could not find a version that satisfies the requirement uv \
(from versions: none)""",
    "untrusted certificate": """\
error: Failed to fetch: https://index.example/simple/six/
  cause: error sending request for url (https://index.example/simple/six/)
  cause: client error (Connect)
  cause: invalid peer certificate: UnknownIssuer""",
    "pip, untrusted certificate": """\
Could not fetch URL https://index.example/simple/uv/: There was a problem confirming \
the ssl certificate: HTTPSConnectionPool(host='index.example', port=443): Max retries \
exceeded with url: /simple/uv/ (Caused by SSLError(SSLError(136, '[X509: \
NO_CERTIFICATE_OR_CRL_FOUND] no certificate or crl found (_ssl.c:4154)'))) - skipping
ERROR: Could not find a version that satisfies the requirement uv \
(from versions: none)""",
    "downloads of Python off": """\
error: No interpreter found for CPython 3.11 in managed installations or search path
hint: A managed Python download is available for CPython 3.11, but Python downloads \
are set to 'never'""",
    "download of Python fails": """\
error: Request failed after 1 retry in 1.7s
  cause: Failed to download `https://host.example/20261110/cpython-3.11.18%2B20261110-\
x86_64-unknown-linux-gnu-install_only_stripped.tar.gz`
  cause: client error (Connect)
  cause: dns error""",
    "full disk": """\
error: Failed to download `numpy==1.23.5`
  cause: Failed to extract archive: numpy-1.23.5-cp311-cp311-manylinux2014_x86_64.whl
  cause: failed to write to file `cache/.tmp/numpy.libs/libopenblas.so`: No space left \
on device (os error 28)""",
    "venv, full disk": "Error: [Errno 28] No space left on device",
    "wrong hash": """\
error: Failed to download `six==1.17.0`
  cause: Hash mismatch for `six==1.17.0`
         Expected:
           sha256:0000f391ed90541fddacab5acf947aa0d3dc7d27b2e1e8eda2be8970586c3274
         Computed:
           sha256:4721f391ed90541fddacab5acf947aa0d3dc7d27b2e1e8eda2be8970586c3274""",
    "foreign folder": """\
error: Failed to create virtual environment
  cause: failed to create directory `ro/v`: Permission denied (os error 13)""",
    "read-only disk": "Error: [Errno 30] Read-only file system: '/mnt/lesson/.tools'",
    "unwritable cache": """\
error: Failed to initialize cache at `/nonexistent/.cache/uv`
  cause: failed to create directory `/nonexistent/.cache/uv`: Permission denied \
(os error 13)""",
    "no wheel": """\
error: No solution found when resolving dependencies
  cause: Because mxnet==1.9.1 has no wheels with a matching platform tag (e.g., \
`macosx_13_0_arm64`) and you require mxnet==1.9.1, we can conclude that your \
requirements are unsatisfiable.""",
    "no pip": "/usr/bin/python3: No module named pip",
    "bare Debian": """\
  File "mxnet/base.py", line 347, in _load_lib
    lib = ctypes.CDLL(lib_path[0], ctypes.RTLD_LOCAL)
OSError: libquadmath.so.0: cannot open shared object file: No such file or directory""",
    "ARM": "OSError: libarmpl_lp64_mp.so: cannot open shared object file",
    "no AVX": "stopped by signal 4",
    "something else": "error: the disk's color is wrong",
}
HELP = {
    "closed port": "Check the connection",
    "no name server": "Check the connection",
    "offline": "Check the connection",
    "pip, closed port": "Check the connection",
    "untrusted certificate": "SSL_CERT_FILE",
    "pip, untrusted certificate": "SSL_CERT_FILE",
    "downloads of Python off": "Install one",
    "download of Python fails": "PYTHON=/path/to/python3.11",
    "full disk": "The disk is full",
    "venv, full disk": "The disk is full",
    "wrong hash": "requirements.lock",
    "foreign folder": "not writable",
    "read-only disk": "not writable",
    "unwritable cache": "UV_CACHE_DIR",
    "no wheel": "WSL2",
    "no pip": "python3-venv",
    "bare Debian": "apt install libgomp1 libquadmath0",
    "ARM": "container",
    "no AVX": "AVX",
    "something else": "make clean",
}


@pytest.mark.parametrize("failure", REAL_OUTPUT)
def test_failure_gets_the_advice_that_helps(failure):
    output = REAL_OUTPUT[failure]
    text = doctor.explain_setup(output)
    advice = [line for line in text.splitlines() if not line.startswith(" ")]
    assert HELP[failure] in " ".join(advice)
    assert text.splitlines()[-1].strip() == output.splitlines()[-1].strip()


@pytest.mark.parametrize(
    ("system", "machine", "said"),
    [
        ("Darwin", "arm64", "Apple silicon"),
        ("Windows", "AMD64", "WSL2"),
        ("Linux", "x86_64", ""),
        ("Linux", "aarch64", ""),
        ("Darwin", "x86_64", ""),
    ],
)
def test_machine_is_refused_before_anything_is_made(monkeypatch, system, machine, said):
    monkeypatch.setattr("platform.system", lambda: system)
    monkeypatch.setattr("platform.machine", lambda: machine)
    monkeypatch.setattr("platform.version", lambda: "#49")
    answer = doctor.refuse_machine()
    assert said in answer and bool(said) == bool(answer)


def test_doctor_and_set_up_accept_the_pythons_of_the_project(bootstrap):
    admitted = SpecifierSet(PROJECT["project"]["requires-python"])
    versions = {(3, minor) for minor in range(20) if f"3.{minor}" in admitted}
    assert set(doctor.PYTHONS) == set(bootstrap.SUITABLE) == versions


@pytest.mark.parametrize(
    ("running", "found", "taken"),
    [
        ((3, 10), ["3.10", "3.11"], ["the running one"]),
        ((3, 8), ["3.10", "3.11"], ["cpython3.11"]),
        ((3, 12), ["3.10"], ["cpython3.11", "cpython3.10"]),
        ((3, 12), [], ["cpython3.11", "cpython3.10", "cpython3.11 downloaded"]),
    ],
)
def test_the_best_python_that_is_there_is_taken(
    bootstrap, monkeypatch, tmp_path, running, found, taken
):
    asked = []

    def run(uv, _, __, python, *options, **environment):
        downloads = "--no-python-downloads" not in options
        asked.append(f"{python} downloaded" if downloads else python)
        if not downloads and python.startswith("cpython") and python[7:] not in found:
            raise bootstrap.Failed("error: No interpreter found for CPython")

    monkeypatch.setattr(bootstrap, "run", run)
    monkeypatch.setattr(bootstrap, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(bootstrap.sys, "version_info", running)
    bootstrap.make_venv("uv")
    here = os.path.realpath(sys.executable)
    assert [python.replace(here, "the running one") for python in asked] == taken


def test_a_certificate_for_pip_counts_even_if_requests_has_another(bootstrap, monkeypatch):
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/system.pem")
    show = (sys.executable, "-c", "import os; print(os.environ.get('REQUESTS_CA_BUNDLE'))")
    monkeypatch.delenv("PIP_CERT", raising=False)
    assert bootstrap.run(*show) == "/system.pem"
    monkeypatch.setenv("PIP_CERT", "/proxy.pem")
    assert bootstrap.run(*show) == "None"


def test_an_old_python_is_told_so(bootstrap, monkeypatch):
    monkeypatch.setattr(sys, "version_info", (3, 7, 16))
    monkeypatch.setattr(sys, "version", "3.7.16 (default, Dec 2022)")
    with pytest.raises(SystemExit, match=r"3\.8 or later.*this is 3\.7\.16.*PYTHON="):
        bootstrap.main()


def test_bootstrap_is_read_by_old_pythons():
    # 3.8 is the oldest that works; 3.7 must get as far as saying so.
    source = BOOTSTRAP.read_text(encoding="utf-8")
    tree = ast.parse(source, feature_version=(3, 7))
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.Import)]
    modules = {alias.name for node in imports for alias in node.names}
    assert modules <= sys.stdlib_module_names


# --- bootstrap: what it does ----------------------------------------------------------


@pytest.fixture
def clone(tmp_path):
    """Make a repository in a folder with a space, where uv is a script that records each call.

    The tools' real downloads are left out; all else is the real bootstrap.
    """
    root = tmp_path / "a clone"
    (root / "tools").mkdir(parents=True)
    (root / "w2v_lesson" / "app").mkdir(parents=True)
    for name in (*load_bootstrap().MADE_FROM, *LOCKS, "w2v_lesson/app/doctor.py"):
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, root / name)
    uv = root / ".tools" / "bin" / "uv"
    uv.parent.mkdir(parents=True)
    uv.write_text(
        f"""#!/bin/sh
echo "$*" >> '{tmp_path}/calls'
case "$*" in
  --version) echo "uv {load_bootstrap().UV}" ;;
  venv*) mkdir -p .venv/bin; echo "#!/bin/sh" > .venv/bin/python
         chmod +x .venv/bin/python ;;
  *sync*) if [ -e '{tmp_path}/fail' ]; then cat '{tmp_path}/fail'; exit 2; fi ;;
esac
"""
    )
    uv.chmod(0o755)
    return root


def set_up(clone, *options):
    """Run the bootstrap; give its exit code, what it said and what it asked of uv."""
    calls = clone.parent / "calls"
    calls.write_text("")
    done = subprocess.run(
        [sys.executable, clone / "tools" / "bootstrap.py", *options],
        capture_output=True,
        text=True,
    )
    # "pip sync ..." is named "sync", "venv ..." is named "venv".
    lines = [line.removeprefix("pip ") for line in calls.read_text().splitlines()]
    asked = [line.split()[0] for line in lines if line != "--version"]
    return done.returncode, done.stdout + done.stderr, asked


@pytest.mark.slow
def test_second_run_asks_nothing_of_uv(clone):
    assert set_up(clone)[::2] == (0, ["venv", "sync", "install"])
    assert set_up(clone) == (0, "", [])


@pytest.mark.slow
def test_packages_are_installed_by_hash_into_the_repository(clone):
    set_up(clone)
    calls = (clone.parent / "calls").read_text()
    assert re.search(r"pip sync .*--require-hashes.* requirements\.lock", calls)
    assert calls.count(f"--python {clone}/.venv/bin/python") == 2


def installed_lock(clone):
    """Name the lock that uv was last asked for, "" if for none."""
    return "".join(re.findall(r"pip sync .* (\S+)\n", (clone.parent / "calls").read_text()))


@pytest.mark.slow
def test_changed_lock_is_installed_without_a_new_environment(clone):
    set_up(clone)
    with (clone / "requirements.lock").open("a") as lock:
        lock.write("# changed\n")
    assert set_up(clone)[::2] == (0, ["sync", "install"])
    assert set_up(clone)[2] == []


@pytest.mark.slow
def test_tools_are_added_to_a_readers_environment_and_stay_there(clone):
    set_up(clone)
    assert installed_lock(clone) == "requirements.lock"
    assert set_up(clone, "--dev")[::2] == (0, ["sync", "install"])
    assert installed_lock(clone) == "requirements-dev.lock"
    for options in [(), ("--dev",)]:
        assert set_up(clone, *options) == (0, "", [])
    for lock in LOCKS:  # as `make lock` does
        with (clone / lock).open("a") as file:
            file.write("# changed\n")
    assert set_up(clone)[::2] == (0, ["sync", "install"])
    assert installed_lock(clone) == "requirements-dev.lock"


@pytest.mark.slow
def test_half_made_environment_is_made_anew(clone):
    failure = clone.parent / "fail"
    failure.write_text(REAL_OUTPUT["full disk"])
    code, said, _ = set_up(clone)
    assert code == 1
    assert "The disk is full" in said
    assert "Traceback" not in said
    (clone / ".venv" / "leftover").touch()
    failure.unlink()
    assert set_up(clone)[::2] == (0, ["venv", "sync", "install"])
    assert not (clone / ".venv" / "leftover").exists()


@pytest.mark.slow
def test_failed_update_is_not_taken_for_done(clone):
    set_up(clone)
    lock = clone / "requirements.lock"
    before = lock.read_text()
    lock.write_text(before + "# changed\n")
    (clone.parent / "fail").write_text(REAL_OUTPUT["closed port"])
    assert set_up(clone)[0] == 1
    lock.write_text(
        before
    )  # back to the lock that was once installed but is now half replaced
    assert set_up(clone)[0] == 1
    (clone.parent / "fail").unlink()
    assert set_up(clone)[::2] == (0, ["venv", "sync", "install"])


@pytest.mark.slow
def test_moved_environment_is_made_anew(clone):
    set_up(clone)
    moved = clone.rename(clone.with_name("moved clone"))
    assert set_up(moved)[::2] == (0, ["venv", "sync", "install"])


@pytest.mark.slow
def test_environment_whose_python_is_gone_is_made_anew(clone):
    set_up(clone)
    python = clone / ".venv" / "bin" / "python"
    python.unlink()
    python.symlink_to("/nonexistent/python3.11")
    assert set_up(clone)[::2] == (0, ["venv", "sync", "install"])


# --- make -----------------------------------------------------------------------------


@pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")
@pytest.mark.slow
def test_make_lab_stays_inside_a_folder_with_a_space(clone):
    """The command gets complete paths of its folders, and all of them are in the repository."""
    shutil.copy(ROOT / "Makefile", clone)
    python = clone / ".venv" / "bin" / "python"
    set_up(clone)
    python.write_text('#!/bin/sh\nfor a in "$@"; do echo "arg $a"; done\nenv\n')
    done = subprocess.run(
        ["make", "-C", clone, "lab", f"PYTHON={sys.executable}", "LAB_ARGS=--port 9"],
        capture_output=True,
        text=True,
        check=True,
    )
    lines = done.stdout.splitlines()
    assert f"arg --ServerApp.root_dir={clone}" in lines
    assert lines.index("arg --port") + 1 == lines.index("arg 9")
    assert any(line.startswith(f"PATH={clone}/.venv/bin:") for line in lines)
    variables = ["JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR"]
    variables += ["IPYTHONDIR", "MPLCONFIGDIR", "W2V_LESSON_CACHE", "XDG_CACHE_HOME"]
    for name in variables:
        assert any(line.startswith(f"{name}={clone}/.cache") for line in lines), name


def test_ci_script_can_be_run():
    script = ROOT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    subprocess.run(["bash", "-n", script], check=True)
