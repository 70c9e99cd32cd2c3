"""For readers and teachers: exercises with feedback, and what a class handed in."""
