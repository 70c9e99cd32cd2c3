"""Dividing the training among several machines, and what that costs (chapter 10)."""
