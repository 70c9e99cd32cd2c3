"""What a cell says that was run too early: run the cells above first.

An extension of IPython, which tools/environment/etc/ipython loads into each kernel of the
lesson's environment. It takes the place of the traceback only where the missing name is
defined further up in the same notebook; other errors are shown as always.
"""

import json
import os
import symtable
from contextlib import suppress
from pathlib import Path

ADVICE = (
    "Run the cells above first: one of them defines `{}`. To run all of them at once, choose "
    "Run ▸ Run All Above Selected Cell."
)


def load_ipython_extension(shell):
    """Explain a missing name from now on; IPython calls this when it loads the extension.

    Parameters
    ----------
    shell : IPython.core.interactiveshell.InteractiveShell
    """
    shell.set_custom_exc((NameError,), _show)


def _show(shell, kind, error, traceback, tb_offset=None):
    with suppress(Exception):  # in doubt the usual traceback
        name = error.name
        if kind is NameError and name not in shell.user_ns and name in _names_above(shell):
            lines = [*shell.InteractiveTB.get_exception_only(kind, error)]
            lines = [*(line.rstrip() for line in lines), ADVICE.format(name)]
            error._render_traceback_ = lambda: lines  # which IPython asks for
    shell.showtraceback((kind, error, traceback), tb_offset=tb_offset)


def _names_above(shell):
    """The names that the cells above the one that runs define, in the notebook on disk."""
    # Jupyter's server and VS Code each tell a kernel in their own way which notebook it has.
    path = shell.user_ns.get("__vsc_ipynb_file__") or os.environ["JPY_SESSION_NAME"]
    here = shell.get_parent()["metadata"].get("cellId")
    names = set()
    for cell in json.loads(Path(path).read_text(encoding="utf-8"))["cells"]:
        if cell.get("id") == here:
            break
        if cell["cell_type"] == "code":
            names |= defined_names("".join(cell["source"]), shell.transform_cell)
    return names


def defined_names(code, transform=str):
    """List the names that a cell gives a value, outside of its functions and classes.

    Parameters
    ----------
    code : str
    transform : callable, optional
        Makes Python of it, if it has lines such as ``%time``.

    Returns
    -------
    set of str
        Empty if it is not Python.
    """
    try:
        symbols = symtable.symtable(transform(code), "cell", "exec").get_symbols()
    except (SyntaxError, ValueError):
        return set()
    return {s.get_name() for s in symbols if s.is_assigned() or s.is_imported()}
