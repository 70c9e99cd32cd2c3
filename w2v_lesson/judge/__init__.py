"""How good vectors are, and what settings change about it (chapters 07 to 09, and 13)."""
