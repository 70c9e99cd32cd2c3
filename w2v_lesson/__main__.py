"""`python -m w2v_lesson`; see `w2v_lesson.app.command_line`."""

import sys

from w2v_lesson.app.command_line import main

if __name__ == "__main__":
    sys.exit(main())
