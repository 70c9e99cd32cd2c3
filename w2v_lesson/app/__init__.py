"""The lesson without a notebook: `command_line` reads the command, and one module runs it.

`train` learns vectors, `trained` asks and exports them, `hand_in` tabulates what a class has
handed in, and `doctor` examines the machine.
"""
