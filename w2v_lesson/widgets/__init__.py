"""Controls for the functions of the other modules; no mathematics of their own."""
