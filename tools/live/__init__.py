"""Figures of the site that answer in the page, without Python and without network.

Each has a module here, which makes its data, and a script of the same name in
tools/pages/live. The page holds both, so it also works from the disk.
"""

import base64
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Figure:
    """A live figure in one place.

    Parameters
    ----------
    name : str
        Of its script in tools/pages/live, and of its place in the page.
    make_data : callable
        Returns what the script is given, as JSON can hold it.
    parts : tuple of str, optional
        Scripts of w2v_lesson/widgets that it uses, besides make.js.
    shared : tuple of str, optional
        Scripts of tools/pages/live that it uses, besides shared.js and its own.
    """

    name: str
    make_data: Callable[[], dict]
    parts: tuple[str, ...] = ()
    shared: tuple[str, ...] = ()


def packed(numbers, kind):
    """Pack numbers into text for the page, where `numbers` of shared.js unpacks them.

    Parameters
    ----------
    numbers : array_like
    kind : str
        A type of NumPy that holds them exactly, "uint16" for example.

    Returns
    -------
    str
    """
    made = np.asarray(numbers).astype(np.dtype(kind).newbyteorder("<"))
    if not np.array_equal(made, numbers):
        raise ValueError(f"{kind} can't hold all of these numbers.")
    return base64.b64encode(made.tobytes()).decode()
