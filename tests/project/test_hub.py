"""A hub's files, and what TEACHING.md says about them, agree with the lesson's image."""

import re
from pathlib import Path, PurePosixPath
from urllib.parse import parse_qs, urlsplit

import yaml

ROOT = Path(__file__).resolve().parents[2]
TEACHING = (ROOT / "TEACHING.md").read_text(encoding="utf-8")
IMAGE = (ROOT / "container" / "Dockerfile").read_text(encoding="utf-8")
HUB_IMAGE = (ROOT / "container" / "Dockerfile.hub").read_text(encoding="utf-8")
STUDENT = yaml.safe_load((ROOT / "container" / "hub.yaml").read_text())["singleuser"]
WORK = PurePosixPath(STUDENT["storage"]["homeMountPath"])
FIRST_CHAPTER = "notebooks/00_meet_word_vectors.ipynb"


def lesson():
    """Folder of the lesson in its image."""
    return PurePosixPath(re.findall(r"^WORKDIR (\S+)", IMAGE, re.M)[-1])


def test_the_students_disk_hides_nothing_of_the_image():
    assert lesson() != WORK and WORK not in lesson().parents
    home = re.search(r"useradd .* (\w+) ", IMAGE)[1]
    assert PurePosixPath("/home", home) in WORK.parents
    assert "--uid 1000" in IMAGE  # as whom Zero to JupyterHub runs a container


def test_the_first_page_is_a_chapter_in_the_students_folder():
    assert STUDENT["defaultUrl"] == f"/lab/tree/{FIRST_CHAPTER}"
    assert (ROOT / FIRST_CHAPTER).exists()
    assert STUDENT["cmd"] == ["jupyterhub-singleuser", f"--ServerApp.root_dir={WORK}"]
    copy, how, source, target = STUDENT["lifecycleHooks"]["postStart"]["exec"]["command"]
    assert (copy, how) == ("cp", "-rn")  # n: what the student has is never overwritten
    assert PurePosixPath(source) == lesson() / "notebooks"
    assert PurePosixPath(target) == WORK


def test_limits_are_those_that_teachers_are_told():
    memory, threads = STUDENT["memory"], STUDENT["extraEnv"]
    assert (memory["guarantee"], memory["limit"]) == ("1G", "2G")
    assert "Guarantee 1 GB a student and allow 2." in TEACHING
    assert 0 < STUDENT["cpu"]["guarantee"] <= STUDENT["cpu"]["limit"]
    for name, number in threads.items():
        assert f"`{name}`" in TEACHING
        assert number == str(int(number))  # Kubernetes takes text only
        assert int(number) <= STUDENT["cpu"]["limit"]


def test_forgotten_kernels_end_but_none_that_works():
    (settings,) = STUDENT["extraFiles"].values()
    assert PurePosixPath(settings["mountPath"]).name == "jupyter_server_config.json"
    kernels = settings["data"]["MappingKernelManager"]
    assert kernels["cull_idle_timeout"] >= 3600
    assert not kernels.get("cull_busy")


def test_the_hubs_image_is_built_on_the_lessons_and_ends_as_its_reader():
    assert re.findall(r"^FROM (\S+)", HUB_IMAGE, re.M) == ["w2v-lesson"]
    assert "docker build -t w2v-lesson -f container/Dockerfile ." in TEACHING
    users = re.findall(r"^USER (\S+)", HUB_IMAGE, re.M)
    assert users[-1] == re.findall(r"^USER (\S+)", IMAGE, re.M)[-1] != "root"
    version = re.search(r"^ARG JUPYTERHUB=(\S+)", HUB_IMAGE, re.M)[1]
    assert f"--build-arg JUPYTERHUB={version}" in TEACHING
    assert STUDENT["image"]["name"].endswith("/w2v-lesson-hub")
    assert "-t w2v-lesson-hub -f container/Dockerfile.hub" in TEACHING


def test_the_nbgitpuller_link_leads_to_chapter_00():
    (link,) = re.findall(r"^https://HUB\S+$", TEACHING, re.M)
    parts = urlsplit(link)
    asked = {key: value for key, (value,) in parse_qs(parts.query).items()}
    assert parts.path == "/hub/user-redirect/git-pull"
    assert asked["repo"] == "https://github.com/OWNER/REPO"
    assert asked["urlpath"] == f"lab/tree/REPO/{FIRST_CHAPTER}"
    assert asked.keys() == {"repo", "branch", "urlpath"}


def test_packages_are_carried_by_the_lock_and_installed_without_an_index():
    section = TEACHING.split("## Without internet")[1].split("\n## ")[0]
    carried, installed, own = re.findall(r"^  \S.*\bpip (?:down|inst).*$", section, re.M)
    for each in (carried, installed):
        assert "--require-hashes --only-binary :all: -r requirements.lock" in each
    assert all("--no-index" in each for each in (installed, own))
    assert carried.endswith("-d wheels") and "--find-links wheels" in installed
    assert "tools/warm_caches.py" in section and (ROOT / "tools/warm_caches.py").exists()
