"""The compiled training step, which chapter 09 explains."""
