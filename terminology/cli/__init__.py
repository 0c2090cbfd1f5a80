"""The `dictate-terms` command."""

from terminology.cli.app import app, main

__all__ = ["app", "main"]
