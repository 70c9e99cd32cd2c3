"""repo2docker itself says what Binder would build; it needs no container engine for that."""

import importlib.util
import os
import re
import subprocess
import sys
import warnings
from pathlib import Path

import pytest

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # it imports a module by its old name
    from repo2docker.app import Repo2Docker

ROOT = Path(__file__).resolve().parents[2]
BINDER = ROOT / ".binder"
USER = {"NB_USER": "jovyan", "NB_UID": "1000"}  # as on mybinder.org


@pytest.fixture(scope="module")
def pack():
    """Return the first build pack that accepts this repository, in repo2docker's own order."""
    app, before = Repo2Docker(), Path.cwd()
    os.chdir(ROOT)  # a pack looks in the current folder, also later
    packs = (kind(base_image=app.base_image) for kind in app.buildpacks)
    found = next(pack for pack in packs if pack.detect())
    found.platform = "linux/amd64"
    yield found
    os.chdir(before)


def test_the_environment_is_built_by_conda_with_the_python_of_the_lesson(pack):
    assert type(pack).__name__ == "CondaBuildPack"
    assert pack.environment_yaml_path == ".binder/environment.yml"
    assert pack.python_version == "3.11"
    assert not pack.separate_kernel_env  # server and chapters share an environment


def test_binders_folder_leads_to_the_environment_and_the_lock_of_everybody():
    """conda looks for the lock beside the file that it is given, or where that one leads."""
    for name in ("environment.yml", "requirements.lock"):
        assert (BINDER / name).resolve() == ROOT / name


def test_steps_come_in_the_order_that_they_need(pack):
    dockerfile = pack.render(USER)
    steps = [
        "FROM docker.io/library/buildpack-deps:",  # with gcc, and so libgomp, libquadmath
        "COPY --chown=1000:1000 src/ ${REPO_DIR}/",
        # After the copy, because it reads requirements.lock.
        'env update -p ${NB_PYTHON_PREFIX} --file ".binder/environment.yml"',
        "RUN ./.binder/postBuild",
        'ENV R2D_ENTRYPOINT="${REPO_DIR}/.binder/start"',
        "ENTRYPOINT",
    ]
    places = [dockerfile.find(step) for step in steps]
    assert -1 not in places and places == sorted(places)
    _, after = dockerfile.split("src/ ${REPO_DIR}/")
    assert set(re.findall(r"^USER (.*)", after, re.MULTILINE)) == {"${NB_USER}"}


@pytest.mark.parametrize("name", ["start", "postBuild"])
def test_scripts_can_be_run_and_call_only_what_is_there(name):
    assert os.access(BINDER / name, os.X_OK)
    subprocess.run(["bash", "-n", BINDER / name], check=True)
    called = re.findall(r"(?:tools|\.binder)/\w+(?:\.py)?\b", (BINDER / name).read_text())
    assert [path for path in called if not (ROOT / path).exists()] == []


def test_start_hands_over_the_command_as_it_is():
    words = [sys.executable, "-c", "import sys; print(sys.argv[1:])", "a b", "*"]
    done = subprocess.run([BINDER / "start", *words], capture_output=True, text=True)
    assert done.stdout.strip() == "['a b', '*']"


# --- The rehearsal (make binder) --------------------------------------------------------


def test_what_binder_brings_is_read_from_its_own_lock(monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT / "tools"))
    path = ROOT / "tools" / "rehearse_binder.py"
    spec = importlib.util.spec_from_file_location("rehearse_binder", path)
    rehearsal = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(rehearsal)
    brought = rehearsal.base_packages()
    named = {requirement.split("==")[0] for requirement in brought}
    assert {"ipykernel", "ipython", "jupyterhub", "jupyterlab", "notebook"} <= named
    assert "python" not in named and "nodejs" not in named
    assert all(re.fullmatch(r"[a-z0-9_-]+==[\d.]+", line) for line in brought)
