"""Training on several machines: processes, gradients, and what it costs (chapter 10)."""
