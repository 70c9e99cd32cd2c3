"""The lesson without a notebook: `command_line` reads the command, and another file runs it.

`working_copy` gives a reader copies of the chapters, and `cells_above` says in a notebook
that a cell was run too early. `train` learns vectors, `trained` asks
and exports them, `hand_in` tabulates what a class has handed in, and `doctor` examines the
machine.
"""
