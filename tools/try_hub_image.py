"""Start the image for a JupyterHub as hub.yaml says: called by tools/rehearse_images.py.

A few lines stand in for the hub. They say which version it has and whose token this is, which
is what a student's server asks a hub. Spawning, logging in, and the proxy are the hub's part,
and not tried here.
"""

import json
import secrets
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import driver
import yaml
from image_sandbox import Sandbox, read_config
from try_image import prepare_for_driver, run_chapter, see_doctor

VALUES = Path(__file__).with_name("container") / "hub.yaml"
HUB = ("127.0.0.1", 8081)
SERVER = "http://127.0.0.1:8888/user/student"
STUDENT = {
    "kind": "user",
    "name": "student",
    "admin": False,
    "groups": [],
    "scopes": ["access:servers!server=student/"],
}


class Hub(BaseHTTPRequestHandler):
    """Answer a student's server as a hub would."""

    version, token = "", ""

    def do_GET(self):
        known = self.headers.get("Authorization", "").endswith(f" {self.token}")
        if self.path.startswith("/hub/api/user"):
            self._answer(STUDENT if known else {}, 200 if known else 403)
        else:
            self._answer({"version": self.version})

    def do_POST(self):  # when the student was last active
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self._answer({})

    def _answer(self, content, code=200):
        body = json.dumps(content).encode()
        self.send_response(code)
        self.send_header("X-JupyterHub-Version", self.version)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        """Print nothing."""


def variables(token):
    """Make the variables that a hub gives to a student's server."""
    hub = f"http://{HUB[0]}:{HUB[1]}/hub/api"
    return {
        "JUPYTERHUB_API_TOKEN": token,
        "JUPYTERHUB_API_URL": hub,
        "JUPYTERHUB_ACTIVITY_URL": f"{hub}/users/student/activity",
        "JUPYTERHUB_BASE_URL": "/",
        "JUPYTERHUB_CLIENT_ID": "jupyterhub-user-student",
        "JUPYTERHUB_OAUTH_CALLBACK_URL": "/user/student/oauth_callback",
        "JUPYTERHUB_OAUTH_SCOPES": json.dumps(STUDENT["scopes"]),
        "JUPYTERHUB_SERVICE_PREFIX": "/user/student/",
        "JUPYTERHUB_SERVICE_URL": "http://0.0.0.0:8888/user/student/",
        "JUPYTERHUB_USER": "student",
        "JUPYTERHUB_ALLOW_TOKEN_IN_URL": "1",  # in place of logging in
    }


def main(image, description, folder):
    """Start the server as the values say, and run chapter 00 in Chromium."""
    folder = Path(folder)
    values = yaml.safe_load(VALUES.read_text(encoding="utf-8"))["singleuser"]
    sandbox = Sandbox(Path(image), read_config(description), folder)
    sandbox.check()
    see_doctor(sandbox)
    prepare_for_driver(sandbox.home)
    sandbox.run("mkdir", values["storage"]["homeMountPath"])  # the student's disk
    sandbox.run(*values["lifecycleHooks"]["postStart"]["exec"]["command"])
    sandbox.run("git", "--version")  # for nbgitpuller
    Hub.version = sandbox.run("jupyterhub-singleuser", "--version").split()[-1]
    Hub.token = secrets.token_hex(16)
    hub = ThreadingHTTPServer(HUB, Hub)
    threading.Thread(target=hub.serve_forever, daemon=True).start()
    log, given = folder / "singleuser.log", {**values["extraEnv"], **variables(Hub.token)}
    began = time.perf_counter()
    process = sandbox.start(log, *values["cmd"], **given)
    lab = driver.Server(process, SERVER, Hub.token, log)
    try:
        lab.wait()
        print(f"{time.perf_counter() - began:6.1f} s  until the student's server answers")
        with driver.running_browser(folder / "chromium") as browser:
            run_chapter(lab, browser, "00_meet_word_vectors")
    finally:
        lab.stop()


if __name__ == "__main__":
    main(*sys.argv[1:])
