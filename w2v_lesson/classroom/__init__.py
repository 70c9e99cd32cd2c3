"""For readers and teachers: exercises with feedback, and a table of what a class handed in."""
