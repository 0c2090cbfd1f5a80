"""Signed notes on their way to the receivers' systems: each once, in order, and nothing lost."""
