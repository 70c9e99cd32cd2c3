"""How good vectors are, and what settings change about it (chapters 06 to 08)."""
