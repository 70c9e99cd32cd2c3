"""What Binder would build, asked of repo2docker itself, which needs no engine for that."""

import importlib.util
import os
import re
import warnings
from pathlib import Path

import pytest

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # it imports a module by its old name
    from repo2docker.app import Repo2Docker

ROOT = Path(__file__).resolve().parents[2]
USER = {"NB_USER": "jovyan", "NB_UID": "1000"}  # as on mybinder.org


@pytest.fixture(scope="module")
def pack():
    """The first build pack that wants this repository, in repo2docker's own order."""
    app, before = Repo2Docker(), Path.cwd()
    os.chdir(ROOT)  # a pack looks where it is, later too
    packs = (kind(base_image=app.base_image) for kind in app.buildpacks)
    found = next(pack for pack in packs if pack.detect())
    found.platform = "linux/amd64"
    yield found
    os.chdir(before)


@pytest.fixture(scope="module")
def dockerfile(pack):
    return pack.render(USER)


def test_the_environment_is_built_by_conda_with_the_python_of_the_lesson(pack):
    assert type(pack).__name__ == "CondaBuildPack"
    assert pack.environment_yaml_path == "environment.yml"
    assert pack.python_version == "3.11"
    assert not pack.separate_kernel_env  # server and chapters share an environment
    assert pack.get_build_script_files()["conda/environment.py-3.11-linux-64.lock"]


def test_steps_come_in_the_order_that_they_need(dockerfile):
    steps = [
        "FROM docker.io/library/buildpack-deps:",  # with gcc, and so libgomp, libquadmath
        "/tmp/install-base-env.bash",
        "COPY --chown=1000:1000 src/ ${REPO_DIR}/",
        # After the copy, since it reads requirements.lock.
        'env update -p ${NB_PYTHON_PREFIX} --file "environment.yml"',
        "RUN ./postBuild",
        'ENV R2D_ENTRYPOINT="${REPO_DIR}/start"',
        "ENTRYPOINT",
    ]
    places = [dockerfile.find(step) for step in steps]
    assert -1 not in places and places == sorted(places)


def test_nothing_else_is_run_on_the_repository_and_not_by_root(dockerfile):
    _, after = dockerfile.split("src/ ${REPO_DIR}/")
    runs = re.findall(r"^RUN (.*)", after, re.MULTILINE)
    assert runs[1:] == ["chmod +x postBuild", "./postBuild", 'chmod +x "${REPO_DIR}/start"']
    assert "env update" in after.split("RUN ")[1]
    assert set(re.findall(r"^USER (.*)", after, re.MULTILINE)) == {"${NB_USER}"}


def test_post_build_and_start_are_found_where_they_lie(pack):
    assert pack.get_post_build_scripts() == ["postBuild"]
    assert pack.get_start_script() == "${REPO_DIR}/start"
    for name in ("postBuild", "start"):
        assert os.access(ROOT / name, os.X_OK)


def test_a_dockerfile_at_the_root_would_take_its_place(tmp_path, monkeypatch):
    """The reason why the container has a folder of its own."""
    (tmp_path / "environment.yml").write_text((ROOT / "environment.yml").read_text())
    (tmp_path / "Dockerfile").write_text("FROM scratch\n")
    monkeypatch.chdir(tmp_path)
    app = Repo2Docker()
    found = next(kind for kind in app.buildpacks if kind(base_image="x").detect())
    assert found.__name__ == "DockerBuildPack"


# --- The rehearsal (make binder) --------------------------------------------------------


@pytest.fixture
def rehearsal(monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT / "tools"))
    path = ROOT / "tools" / "rehearse_binder.py"
    spec = importlib.util.spec_from_file_location("rehearse_binder", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_what_binder_brings_is_read_from_its_own_lock(rehearsal):
    brought = rehearsal.base_packages()
    named = {requirement.split("==")[0] for requirement in brought}
    assert {"ipykernel", "ipython", "jupyterhub", "jupyterlab", "notebook"} <= named
    assert "python" not in named and "nodejs" not in named
    assert all(re.fullmatch(r"[a-z0-9_-]+==[\d.]+", line) for line in brought)
