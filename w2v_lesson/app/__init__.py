"""The lesson without a notebook: `command_line` reads the command, and another file runs it.

`train` learns vectors, `trained` queries and exports them, `hand_in` makes a table of what
a class handed in, and `doctor` examines the machine, with the help of `trial` and `suspects`.
`options` checks what is typed and words messages for it, and `terminal` prints them.
"""
