"""Settings of nbgrader for a course with chapters of the lesson."""

c = get_config()  # noqa: F821, nbgrader defines it

c.CourseDirectory.course_id = "word_vectors"
c.Execute.timeout = 600  # seconds for one cell, because some cells train a model
# An answer that is missing stays the three dots, which `check` knows. It raises no error.
c.ClearSolutions.code_stub = {
    "python": "# Put your answer in place of the three dots. Then run this cell and the next one."
}
