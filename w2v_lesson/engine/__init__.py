"""The compiled training step, which chapter 08 explains."""
