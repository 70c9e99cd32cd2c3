"""Use an image as a reader would: called by tools/rehearse_images.py in namespaces of its own.

unshare … python tools/try_image.py ROOT_OF_THE_IMAGE ITS_DESCRIPTION.json FOLDER
"""

import json
import secrets
import sys
import time
from pathlib import Path

import driver
from image_sandbox import Sandbox, read_config
from rehearse_binder import made_beforehand

CHAPTERS = ("00_meet_word_vectors", "06_ask_the_vectors")
ADDRESS = "http://127.0.0.1:8888"


def prepare_for_driver(home):
    """Let the driver call JupyterLab's commands, by settings as a reader could have them."""
    jupyter = home / ".jupyter"
    driver.write_settings(jupyter / "lab" / "user-settings" / "@jupyterlab")
    lab = {"LabApp": {"expose_app_in_browser": True}}
    (jupyter / "jupyter_lab_config.json").write_text(json.dumps(lab))
    for path in [jupyter, *jupyter.rglob("*")]:
        path.chmod(0o777 if path.is_dir() else 0o666)


def see_doctor(sandbox):
    """Ask the doctor, who ends with code 0 only if all is well."""
    said = sandbox.run("python", "-m", "w2v_lesson", "doctor")
    if "Fast engine: compiled, and trains" not in said:
        raise RuntimeError(f"The compiled code of the image isn't used:\n{said}")


def run_chapter(lab, browser, name):
    """Run all cells of a chapter in the page; raise RuntimeError at the first fault."""
    began = time.perf_counter()
    with driver.open_notebook(lab, browser, f"my_lesson/{name}.ipynb") as page:
        if not driver.run_all(page):
            raise RuntimeError(f"A cell of {name} raised an error: {driver.faults(page)}")
        if faults := driver.faults(page):
            raise RuntimeError(f"{name} shows: {faults}")
        cells = page.locator(f"{driver.NOTEBOOK} .jp-CodeCell").count()
    print(f"{time.perf_counter() - began:6.1f} s  {name}, {cells} cells without an error")


def main(image, description, folder):
    """Ask the doctor, then start the image's command and run chapters in Chromium."""
    folder = Path(folder)
    sandbox = Sandbox(Path(image), read_config(description), folder)
    sandbox.check()
    before = made_beforehand(sandbox.home)
    see_doctor(sandbox)
    prepare_for_driver(sandbox.home)
    token, log = secrets.token_hex(16), folder / "jupyter.log"
    began = time.perf_counter()
    process = sandbox.start(log, JUPYTER_TOKEN=token)
    lab = driver.Server(process, ADDRESS, token, log)
    try:
        lab.wait()
        print(f"{time.perf_counter() - began:6.1f} s  until JupyterLab answers")
        with driver.running_browser(folder / "chromium") as browser:
            for name in CHAPTERS:
                run_chapter(lab, browser, name)
    finally:
        lab.stop()
    if not before or made_beforehand(sandbox.home) != before:
        raise RuntimeError("The lesson compiled or trained what should be in the image.")


if __name__ == "__main__":
    main(*sys.argv[1:])
