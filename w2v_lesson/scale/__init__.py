"""Divide training among several machines, and estimate what that costs (chapter 10)."""
