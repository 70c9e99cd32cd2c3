"""A hub's values agree with the lesson's image, and the link agrees with the chapters."""

import re
from pathlib import Path, PurePosixPath
from urllib.parse import parse_qs, urlsplit

import yaml

from w2v_lesson.app.working_copy import FOLDER

ROOT = Path(__file__).resolve().parents[2]
TEACHING = (ROOT / "docs" / "TEACHING.md").read_text(encoding="utf-8")
IMAGE = (ROOT / "tools" / "container" / "Dockerfile").read_text(encoding="utf-8")
STUDENT = yaml.safe_load((ROOT / "tools" / "container" / "hub.yaml").read_text())[
    "singleuser"
]
WORK = PurePosixPath(STUDENT["storage"]["homeMountPath"])
FIRST_CHAPTER = "00_meet_word_vectors.ipynb"


def lesson():
    """Return the folder of the lesson in its image."""
    return PurePosixPath(re.findall(r"^WORKDIR (\S+)", IMAGE, re.M)[-1])


def test_the_students_disk_hides_nothing_of_the_image():
    assert lesson() != WORK and WORK not in lesson().parents
    home = re.search(r"useradd .* (\w+) ", IMAGE)[1]
    assert PurePosixPath("/home", home) in WORK.parents
    assert "--uid 1000" in IMAGE  # the user with whom Zero to JupyterHub runs a container


def test_the_first_page_is_a_chapter_in_the_students_folder():
    assert STUDENT["defaultUrl"] == f"/lab/tree/{FOLDER}/{FIRST_CHAPTER}"
    assert (ROOT / "notebooks" / FIRST_CHAPTER).exists()
    assert STUDENT["cmd"] == ["jupyterhub-singleuser", f"--ServerApp.root_dir={WORK}"]
    hook = STUDENT["lifecycleHooks"]["postStart"]["exec"]["command"]
    assert hook == ["sh", "-c", f"w2v-lesson update --folder {WORK / FOLDER} || true"]


def test_forgotten_kernels_end_but_none_that_works():
    (settings,) = STUDENT["extraFiles"].values()
    assert PurePosixPath(settings["mountPath"]).name == "jupyter_server_config.json"
    kernels = settings["data"]["MappingKernelManager"]
    assert kernels["cull_idle_timeout"] >= 3600
    assert not kernels.get("cull_busy")


def test_the_nbgitpuller_link_leads_to_chapter_00():
    (link,) = re.findall(r"^https://HUB\S+$", TEACHING, re.M)
    parts = urlsplit(link)
    asked = {key: value for key, (value,) in parse_qs(parts.query).items()}
    assert parts.path == "/hub/user-redirect/git-pull"
    assert asked["repo"] == "https://github.com/OWNER/REPO"
    assert asked["urlpath"] == f"lab/tree/REPO/{FIRST_CHAPTER}"
    assert asked.keys() == {"repo", "branch", "urlpath"}
