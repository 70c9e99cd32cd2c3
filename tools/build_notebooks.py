"""Build the notebooks: `python tools/build_notebooks.py [NAMES...]` (`make notebooks`).

Each notebooks/sources/NN_verb_phrase.py (py:percent) becomes an executed
notebooks/NN_verb_phrase.ipynb. This goes one way only: edit the source, never the notebook.

The source marks the solution of an exercise with the lines `### BEGIN SOLUTION` and
`### END SOLUTION`, or, if it is one value, in a line `name = value  ### SOLUTION`. The
notebook has three dots there, and a second one in notebooks/solutions/ has the solution.
If the source names a function or method of the package in a line
`...  ### INSERT module.name`, the notebooks show its code instead, so the code that they
teach is the code that runs.

A route for teachers, notebooks/sources/routes/NAME.py, becomes notebooks/routes/NAME.ipynb. Its
source holds only what links the cells that it takes from chapters. A cell with the one line
`...  ### CELLS 01 route-50-game` stands for all cells that chapter 01 tags `route-50-game`. Of a
cell tagged `route-50-game:1`, it takes only part 1. Parts begin at headings and are counted from 0.
The chapters' notebooks don't show these tags.

NAMES are beginnings of file names (`00 03`). Without names, all notebooks are built.
`--check` executes nothing. It lists the differences between sources and notebooks, and
exits with 1 if there are any.
"""

import argparse
import ast
import copy
import itertools
import os
import re
import sys
import tempfile
import textwrap
import time
from pathlib import Path

import jupytext
import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

ROOT = Path(__file__).resolve().parent.parent
NOTEBOOKS = ROOT / "notebooks"
ROUTES = "routes"  # a folder of notebooks, and one of sources
SECONDS_PER_CELL = 600
SOLUTION = re.compile(
    r"^(?P<indent> *)### BEGIN SOLUTION\n(?P<solution>.*?)^ *### END SOLUTION(\n|\Z)",
    re.DOTALL | re.MULTILINE,
)
VALUE = re.compile(r"^(?P<name> *\w+ = )(?P<value>.*?) *### SOLUTION$", re.MULTILINE)
INSERT = re.compile(r"^(?P<indent> *)\.\.\.  ### INSERT (?P<path>[\w.]+)$", re.MULTILINE)
CELLS = re.compile(r"\.\.\.  ### CELLS (?P<chapter>\d\d) (?P<tag>route-[\w-]+)")
HEADING = re.compile(r"\n(?=## )")
LINK = re.compile(r"\]\((glossary\.md|\d\d_\w+\.ipynb)")
WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"
# `d2l.Animator` in the source draws SVG without a text for people who can't see it.
ANIMATED = "A curve of the loss that d2l.Animator draws; run this cell to see it."
# Only what a reader's Jupyter needs, and nothing that another machine would change.
METADATA = {
    "kernelspec": {
        "display_name": "Python 3 (ipykernel)",
        "language": "python",
        "name": "python3",
    },
    "language_info": {"name": "python", "version": "3.11"},
}


class BuildError(Exception):
    """A notebook can't be built; the text names the cell."""


def read_source(path, solved=False):
    """Read a py:percent source as a notebook, with or without solutions; run nothing."""
    path = Path(path)
    notebook = nbformat.v4.new_notebook(metadata=METADATA)
    for number, cell in enumerate(source_cells(path)):
        tags = [t for t in cell.metadata.get("tags", []) if not t.startswith("route-")]
        tags = {"tags": tags} if tags else {}
        make = getattr(nbformat.v4, f"new_{cell.cell_type}_cell")
        # Cells get ids by position, because random ids would change the file with every build.
        text = INSERT.sub(inserted, cell.source)
        if "### INSERT" in text:
            raise BuildError(f"cell {number}: a line with INSERT names no function")
        text = SOLUTION.sub(r"\g<solution>" if solved else r"\g<indent>...\n", text)
        text = VALUE.sub(r"\g<name>\g<value>" if solved else r"\g<name>...", text)
        if solved or is_route(path):  # which lie one folder deeper
            text = LINK.sub(r"](../\1", text)
        notebook.cells.append(make(text, id=f"cell-{number:02}", metadata=tags))
    return notebook


def is_route(source):
    return source.parent.name == ROUTES


def source_cells(path):
    """List the cells of a source; a route has those that it takes from chapters, too."""
    read = jupytext.reads(path.read_text(encoding="utf-8"), fmt="py:percent")
    for cell in read.cells:
        match = CELLS.fullmatch(cell.source) if is_route(path) else None
        if match is None:
            yield cell
            continue
        (chapter,) = path.parent.parent.glob(f"{match['chapter']}_*.py")
        taken = list(tagged_cells(chapter, match["tag"]))
        if not taken:
            raise BuildError(f"no cell of {chapter.name} is tagged {match['tag']}")
        yield from taken


def tagged_cells(chapter, tag):
    """List the cells of a chapter with a tag; after `tag:1`, only part 1 of the cell."""
    for cell in source_cells(chapter):
        for name, _, part in (t.partition(":") for t in cell.metadata.get("tags", [])):
            if name == tag:
                if part:
                    cell.source = HEADING.split(cell.source)[int(part)].strip()
                yield cell


def inserted(match):
    """Return the code that replaces a line with INSERT."""
    return textwrap.indent(code_of(match["path"]), match["indent"])


def code_of(path, root=ROOT):
    """Return the code of a function or method of the package, without its docstring.

    path : such as "w2v_lesson.model.skip_gram"

    It reads the file, because importing it would take seconds. Raise BuildError if there
    is no such function.
    """
    names = path.split(".")
    for count in range(len(names) - 1, 0, -1):
        file = root.joinpath(*names[:count]).with_suffix(".py")
        if file.is_file():
            text = file.read_text(encoding="utf-8")
            node = find_definition(ast.parse(text), names[count:])
            if node is None:
                break
            lines = text.splitlines()
            first, last = (
                min(n.lineno for n in (node, *node.decorator_list)) - 1,
                node.end_lineno,
            )
            if ast.get_docstring(node) is not None:
                docstring = node.body[0]
                del lines[docstring.lineno - 1 : docstring.end_lineno]
                last -= docstring.end_lineno - docstring.lineno + 1
            return textwrap.dedent("\n".join(lines[first:last]))
    raise BuildError(f"there is no function {path} to insert")


def find_definition(node, names):
    """Find a function by a list of names, each inside the one before; None if it is missing."""
    for name in names:
        definitions = (ast.FunctionDef, ast.ClassDef)
        found = [n for n in node.body if isinstance(n, definitions) and n.name == name]
        if not found:
            return None
        node = found[-1]
    return node if isinstance(node, ast.FunctionDef) else None


def notebook_of(source, solved=False):
    """Return the path of the notebook that belongs to a source."""
    folder = source.parent.parent
    if is_route(source):
        folder = folder.parent / ROUTES
    return (folder / "solutions" if solved else folder) / f"{source.stem}.ipynb"


def execute(notebook, solved, folder):
    """Run all cells in a fresh kernel, store their outputs, and stop at any error.

    Exercises come at the end of a chapter. For the notebook `solved`, it is therefore
    enough to run their cells again, with the solutions.
    """
    client = NotebookClient(
        notebook,
        kernel_name="python3",
        resources={"metadata": {"path": str(folder)}},
        timeout=SECONDS_PER_CELL,
        force_raise_errors=True,
        record_timing=False,
        store_widget_state=False,
        coalesce_streams=True,  # otherwise timing decides how prints are split
    )
    with client.setup_kernel():
        for number, cell in enumerate(notebook.cells):
            execute_cell(client, cell, number)
        client.nb = solved
        for number, cell in enumerate(solved.cells):
            if is_exercise(cell):
                execute_cell(client, cell, number)
            elif cell.cell_type == "code":
                cell.outputs = copy.deepcopy(notebook.cells[number].outputs)
    number_in_order(notebook)
    number_in_order(solved)


def execute_cell(client, cell, number):
    try:
        client.execute_cell(cell, number)
    except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
        raise BuildError(f"cell {number} failed:\n{error}") from error
    for output in cell.get("outputs", []):
        if output.get("name") == "stderr":  # correct the source instead of hiding this
            raise BuildError(f"cell {number} wrote to stderr:\n{output.text}")


def number_in_order(notebook):
    """Number the code cells from 1, as a run of this notebook alone would."""
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    for count, cell in enumerate(cells, 1):
        cell.execution_count = count
        for output in cell.outputs:
            if "execution_count" in output:
                output.execution_count = count


def clean(notebook):
    """Keep only what a reader can use without our kernel.

    A widget lives in its kernel. Stored with its state it would show as dead controls;
    without, a trusted notebook shows "Error displaying widget". So the view goes and
    its one line of text stays, and its still picture if it has one, for GitHub, nbconvert
    and JupyterLab alike. The mark `interactive` is for the tests. A widget for the time
    of the run alone (a progress bar) is displayed without text, and leaves nothing.
    """
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            if "image/svg+xml" in output.get("data", {}):
                output.data = nbformat.from_dict({"text/plain": ANIMATED})
            if output.get("data", {}).pop(WIDGET_VIEW, None):
                output.metadata["interactive"] = True
        if cell.cell_type == "code":
            cell.outputs = [o for o in cell.outputs if o.get("data", True)]
        if "outputs" in cell:  # nothing stays of a view that was shown only during the run
            cell.outputs = [o for o in cell.outputs if o.get("data") != {}]


def write(notebook, path):
    """Write all or nothing, so that an interrupted build leaves the old notebook."""
    nbformat.validate(notebook)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            nbformat.write(notebook, file)
        os.chmod(name, 0o644)  # mkstemp makes the file private
        os.replace(name, path)
    except BaseException:
        os.unlink(name)
        raise


def build(source):
    """Build the notebooks of one source and return their paths, or raise BuildError."""
    targets = [notebook_of(Path(source), solved) for solved in (False, True)]
    notebook, solved = [read_source(source, solved) for solved in (False, True)]
    targets[0].parent.mkdir(exist_ok=True)
    execute(notebook, solved, targets[0].parent)
    if not exercises(solved):
        targets = targets[:1]
    for made, target in zip([notebook, solved], targets, strict=False):
        clean(made)
        target.parent.mkdir(exist_ok=True)
        write(made, target)
    return targets


def exercises(notebook):
    """List the cells of the exercises."""
    return [cell for cell in notebook.cells if is_exercise(cell)]


def is_exercise(cell):
    return "exercise" in cell.metadata.get("tags", [])


def differences(source, notebook):
    """Compare two notebooks without their outputs; return one line per difference."""
    found = []
    if source.metadata != notebook.metadata:
        found.append("the notebook's metadata differ")
    if len(source.cells) != len(notebook.cells):
        found.append(f"{len(source.cells)} cells became {len(notebook.cells)}")
    # Lengths may differ; the lines above report that.
    for number, pair in enumerate(zip(source.cells, notebook.cells, strict=False)):
        for part in ("id", "cell_type", "source", "metadata"):
            if pair[0].get(part) != pair[1].get(part):
                found.append(f"cell {number}: {part} differs")
    return found


def check(source):
    """Compare a source with its notebook on disk; return one line per difference."""
    found = []
    for solved in (False, True):
        target, wanted = notebook_of(source, solved), read_source(source, solved)
        if solved and not exercises(wanted):
            continue
        if not target.exists():
            found.append("there is no notebook" + " with solutions" * solved)
        else:
            found += differences(wanted, nbformat.read(target, as_version=4))
    return found


def orphans(folder):
    """List the notebooks that have no source."""
    stems = {path.stem for path in sources(folder, [])}
    patterns = "*.ipynb", "solutions/*.ipynb", f"{ROUTES}/*.ipynb"
    notebooks = itertools.chain.from_iterable(map(folder.glob, patterns))
    return sorted(p.name for p in notebooks if p.stem not in stems)


def sources(folder, names):
    """List the sources whose names begin with one of `names`, or all."""
    found = sorted(folder.glob("sources/*.py"))
    found += sorted(folder.glob(f"sources/{ROUTES}/*.py"))
    for name in names:
        if not any(path.stem.startswith(Path(name).stem) for path in found):
            raise BuildError(f"no source in {folder / 'sources'} begins with {name!r}")
    wanted = tuple(Path(name).stem for name in names) or ("",)
    return [path for path in found if path.stem.startswith(wanted)]


def check_all(folder, names):
    """Print what differs, and return the exit status."""
    found = [f"{p.stem}: {line}" for p in sources(folder, names) for line in check(p)]
    if not names:
        found += [f"{name}: there is no source" for name in orphans(folder)]
    print("\n".join(found) or "Sources and notebooks are in step.")
    return 1 if found else 0


def build_all(folder, names):
    """Build one after the other, and print how many seconds each took."""
    for source in sources(folder, names):
        start = time.monotonic()
        print(f"{source.stem} ...", end=" ", flush=True)
        try:
            build(source)
        except BuildError as error:
            raise BuildError(f"{source.name}, {error}") from error
        print(f"{time.monotonic() - start:.0f} s", flush=True)


def main(arguments=None, folder=NOTEBOOKS):
    """Parse the command line, and return the exit status."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("names", nargs="*", metavar="NAMES")
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args(arguments)
    try:
        if options.check:
            return check_all(folder, options.names)
        return build_all(folder, options.names) or 0
    except BuildError as error:
        print(f"\n{error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
