"""Command line: one file per group of commands; parse, call, print; no logic."""
