"""Measure how good vectors are, and how settings change that (chapters 07 to 09, and 13)."""
