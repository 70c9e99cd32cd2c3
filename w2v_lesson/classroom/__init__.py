"""For readers and teachers: exercises with feedback, and a table of what was handed in."""
