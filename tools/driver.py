"""Drive a real JupyterLab in Chromium: start it, open a notebook, run it, take pictures."""

import contextlib
import json
import os
import re
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_notebook
from playwright.sync_api import expect, sync_playwright

from w2v_lesson.app import command_line

ROOT = Path(__file__).resolve().parent.parent
NOTEBOOKS = ROOT / "notebooks"
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
# Only the page should use the network, and containers offer neither a sandbox nor a GPU.
CHROMIUM_ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
LAB_ARGS = [
    "--no-browser",
    "--ServerApp.ip=127.0.0.1",
    "--ServerApp.port_retries=0",
    "--LabApp.expose_app_in_browser=True",  # window.jupyterapp, see run_all
    "--LabApp.news_url=None",
    "--LabApp.extension_manager=readonly",
    "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    "--LanguageServerManager.autodetect=False",
]
SETTINGS = {
    # Put all cells into the page at once, because cells out of sight are otherwise not drawn.
    "notebook-extension/tracker": {"windowingMode": "none"},
    # Keep the question about news from covering the page.
    "apputils-extension/notification": {"fetchNews": "false"},
}
SECONDS_TO_OPEN = 60
SECONDS_TO_RUN = 600
SECONDS_TO_DRAW = 20
MAX_TABS = 30
TALLEST = 2000  # pixels of a screenshot; taller ones are hard to look at
FAULTS = ("Error displaying widget", "Loading widget")

NOTEBOOK = ".jp-NotebookPanel:not(.lm-mod-hidden)"
OUTPUT = f"{NOTEBOOK} .jp-OutputArea-output"
SCROLLER = f"{NOTEBOOK} .jp-WindowedPanel-outer"
# Not scrollHeight, which has room below the last cell.
HEIGHT = """selector => {
    const scroller = document.querySelector(selector);
    scroller.scrollTop = 0;
    const bottoms = [...scroller.querySelectorAll('.jp-Cell')].map(
        cell => cell.getBoundingClientRect().bottom);
    return Math.ceil(Math.max(...bottoms) - scroller.getBoundingClientRect().top) + 20;
}"""

# JupyterLab lays some parts out a little later, so one quiet frame is not enough.
SETTLED = """selector => new Promise(resolve => {
    let before = null, quiet = 0, frames = 0;
    const look = () => {
        const parts = [...document.querySelectorAll(`${selector}, ${selector} *`)];
        const boxes = parts.map(part => part.getBoundingClientRect());
        const now = boxes.map(b => [b.x, b.y, b.width, b.height]).join(' ');
        quiet = now === before ? quiet + 1 : 0;
        before = now;
        frames += 1;
        if (quiet > 10 || frames > 120) resolve();
        else requestAnimationFrame(look);
    };
    look();
})"""


# The server


class Server:
    """A JupyterLab server on loopback that was started with this token and writes this log."""

    def __init__(self, process, url, token, log):
        self.process, self.url, self.token, self.log = process, url, token, log

    def call(self, path, method="GET"):
        """Ask the server's REST interface, and return the decoded answer."""
        headers = {"Authorization": f"token {self.token}"}
        request = urllib.request.Request(self.url + path, None, headers, method=method)
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.loads(answer.read() or "null")

    def wait(self):
        """Wait until the server answers."""
        for _ in range(SECONDS_TO_OPEN * 5):
            if self.process.poll() is not None:
                break
            with contextlib.suppress(OSError):
                return self.call("/api/status")
            time.sleep(0.2)
        raise RuntimeError(f"JupyterLab doesn't answer. Its log:\n{self.log.read_text()}")

    def shut_kernels_down(self):
        for session in self.call("/api/sessions"):
            self.call(f"/api/sessions/{session['id']}", "DELETE")

    def stop(self):
        self.process.terminate()  # gives it time to shut down its kernels
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


class Lab(Server):
    """A server whose folder is a reader's, with copies of the chapters."""

    def __init__(self, folder):
        self.root = folder / "my_lesson"
        if command_line.main(["update", "--folder", str(self.root)]):
            raise RuntimeError("The chapters could not be copied.")
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.url, self.token = f"http://127.0.0.1:{port}", secrets.token_hex(16)
        write_settings(folder / "settings" / "@jupyterlab")
        self.log = folder / "jupyter.log"
        command = [sys.executable, "-m", "jupyterlab", f"--ServerApp.port={port}"]
        command += [f"--ServerApp.root_dir={self.root}", *LAB_ARGS]
        if hasattr(os, "getuid") and os.getuid() == 0:
            command.append("--allow-root")  # as in most containers
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                command,
                env=environment(folder, self.token),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )


def environment(folder, token):
    """Keep Jupyter's settings inside the folder, apart from the user's own."""
    places = ("CONFIG_DIR", "DATA_DIR", "RUNTIME_DIR")
    own = {f"JUPYTER_{place}": str(folder / place.lower()) for place in places}
    inherited = os.environ.copy()
    inherited.pop("COVERAGE_PROCESS_CONFIG", None)  # measuring would slow the pages down
    return {
        **inherited,
        **own,
        "JUPYTER_TOKEN": token,
        "JUPYTERLAB_SETTINGS_DIR": str(folder / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(folder / "workspaces"),
        "IPYTHONDIR": str(folder / "ipython"),
    }


def write_settings(folder):
    for plugin, values in SETTINGS.items():
        path = folder / f"{plugin}.jupyterlab-settings"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(values), encoding="utf-8")


@contextlib.contextmanager
def running_lab(folder):
    """Start JupyterLab; stop it at the end."""
    lab = Lab(folder)
    try:
        lab.wait()
        yield lab
    finally:
        lab.stop()


# The browser


def find_chromium():
    """Return the path of the machine's Chromium, or None if there is none."""
    return next(filter(None, map(shutil.which, CHROMIUM)), None)


@contextlib.contextmanager
def running_browser(folder):
    """Start Chromium with its profile in the folder; close it at the end."""
    own = dict.fromkeys(("HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"), str(folder))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=find_chromium(),
            args=CHROMIUM_ARGS,
            env={**os.environ, **own},
        )
        try:
            yield browser
        finally:
            browser.close()


@contextlib.contextmanager
def open_notebook(lab, browser, name, width=1280, height=900, scale=1):
    """Open a notebook with a fresh kernel, and yield the page once the kernel is idle.

    scale : pixels of a screenshot for each pixel of the page
    """
    page = browser.new_page(
        viewport={"width": width, "height": height}, device_scale_factor=scale
    )
    try:
        # Use a new workspace, because the default one would open earlier notebooks again.
        workspace = f"{Path(name).stem}-{secrets.token_hex(4)}"
        address = f"{lab.url}/lab/workspaces/{workspace}/tree/{name}"
        page.goto(f"{address}?token={lab.token}")
        idle = page.get_by_text("Python 3 (ipykernel) | Idle")
        expect(idle).to_be_visible(timeout=SECONDS_TO_OPEN * 1000)
        yield page
    finally:
        page.close()
        lab.shut_kernels_down()


def write_notebook(lab, name, *sources):
    """Write a notebook with these code cells where the server finds it; return its name."""
    kernel = {"name": "python3", "display_name": "Python 3 (ipykernel)"}
    cells = [new_code_cell(source) for source in sources]
    name = f"{re.sub(r'[^a-z0-9_]+', '_', name.lower())}.ipynb"
    notebook = new_notebook(cells=cells, metadata={"kernelspec": kernel})
    nbformat.write(notebook, lab.root / name)
    return name


def begin_to_run_all(page):
    """Run all cells as the menu does, without waiting for them."""
    page.evaluate("() => { window.jupyterapp.commands.execute('notebook:run-all-cells') }")


def run_all(page, timeout=SECONDS_TO_RUN):
    """Run all cells as the menu does; return whether every cell ran without an error.

    By command, because its promise ends with the last cell.
    """
    ran = page.evaluate(
        """async (seconds) => {
            const late = new Promise((_, reject) => setTimeout(
                () => reject(new Error(`still runs after ${seconds} s`)),
                1000 * seconds));
            const run = window.jupyterapp.commands.execute('notebook:run-all-cells');
            return await Promise.race([run, late]) !== false;
        }""",
        timeout,
    )
    # Views of widgets arrive a little later. If one never arrives, `faults` lists it.
    with contextlib.suppress(AssertionError):
        loading = outputs(page).filter(has_text="Loading widget")
        expect(loading).to_have_count(0, timeout=SECONDS_TO_DRAW * 1000)
    return ran


def outputs(page):
    """Locate the outputs of the visible notebook."""
    return page.locator(OUTPUT)


def widgets(page):
    """Locate the outputs that show a widget; a closed widget shows nothing."""
    return page.locator(f"{OUTPUT}:has(> .jupyter-widgets:visible)")


def tab_to(page, target):
    """Press Tab until this part of the page has the focus."""
    for _ in range(MAX_TABS):
        if target.evaluate("part => part === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"pressing Tab {MAX_TABS} times doesn't reach {target}")


def faults(page):
    """List errors and warnings that a notebook must not show after a run."""
    # Errors also have this type.
    stderr = page.locator(f'{OUTPUT}[data-mime-type="application/vnd.jupyter.stderr"]')
    text = "\n".join(outputs(page).all_inner_texts())
    return stderr.all_inner_texts() + [fault for fault in FAULTS if fault in text]


def wait_until_settled(page):
    """Wait until the outputs no longer move or change their size.

    It gives up after about two seconds, because during a training something always moves.
    """
    page.evaluate(SETTLED, OUTPUT)


def screenshot(page, path):
    """Take pictures of the whole notebook, in pieces if it is tall; return their paths."""
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    size = page.viewport_size
    box = page.locator(SCROLLER).bounding_box()
    height = page.evaluate(HEIGHT, SCROLLER)
    # The notebook scrolls within the page, so the page must be as tall as the notebook.
    page.set_viewport_size({**size, "height": height + 200})
    wait_until_settled(page)
    page.evaluate(HEIGHT, SCROLLER)  # this scrolls up again
    tops = range(0, height, TALLEST)
    paths = [path.with_stem(f"{path.stem}-{n}") for n, _ in enumerate(tops, 1)]
    paths = [path] if len(tops) == 1 else paths
    for top, piece in zip(tops, paths, strict=True):
        place = {"y": box["y"] + top, "height": min(TALLEST, height - top)}
        page.screenshot(path=piece, clip={**box, **place})
    page.set_viewport_size(size)
    return paths


# Pictures of one widget

WIDTHS = (1280, 800)
THEMES = {"light": "JupyterLab Light", "dark": "JupyterLab Dark"}
# Finds parts that are wider than their frame or cut off inside it. Text fields may scroll.
CLIPPED = """selector => {
    const found = [];
    const scrolls = (part, output) => {
        while ((part = part.parentElement) !== output)
            if (['auto', 'scroll'].includes(getComputedStyle(part).overflowX)) return true;
        return false;
    };
    for (const output of document.querySelectorAll(selector)) {
        const frame = output.getBoundingClientRect();
        for (const part of output.querySelectorAll('*')) {
            const box = part.getBoundingClientRect();
            if (!box.width) continue;
            const cut = getComputedStyle(part).overflowX === 'hidden'
                && part.scrollWidth > part.clientWidth + 1;
            const outside = box.right > frame.right + 1 && !scrolls(part, output);
            if (outside || (cut && part.tagName !== 'INPUT'))
                found.push(`${part.tagName} ${part.className} ${part.innerText || ''}`);
        }
    }
    return found;
}"""


def picture_widget(page, name):
    """Take pictures of a page's widget, wide and narrow, light and dark.

    Write test-artifacts/widgets/NAME-WIDTH-THEME.png, and return one line for each part
    that is clipped, unless it can be scrolled into view. The file browser stays open, as it is
    for most readers.
    """
    size, clipped = page.viewport_size, []
    for theme, full_name in THEMES.items():
        change_theme(page, full_name)
        for width in WIDTHS:
            page.set_viewport_size({**size, "width": width})
            wait_until_settled(page)
            path = ROOT / "test-artifacts" / "widgets" / f"{name}-{width}-{theme}.png"
            screenshot(page, path)
            found = page.evaluate(CLIPPED, f"{OUTPUT}:has(> .jupyter-widgets)")
            clipped += [f"{width} {theme}: {part}" for part in found]
    change_theme(page, THEMES["light"])
    page.set_viewport_size(size)
    return clipped


def change_theme(page, name):
    """Change JupyterLab's theme, and wait until it is loaded.

    While it loads, JupyterLab's logo covers the page and would get the next click.
    """
    page.evaluate(
        """name => window.jupyterapp.commands.execute(
            'apputils:change-theme', {theme: name})""",
        name,
    )
    light = "false" if "Dark" in name else "true"
    expect(page.locator(f"body[data-jp-theme-light='{light}']")).to_have_count(1)
    expect(page.locator("#jupyterlab-splash")).to_have_count(0)
