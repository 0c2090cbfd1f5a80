"""Questions to the person at the terminal, asked on standard error so that output stays clean."""

import sys
from collections.abc import Callable
from functools import cache
from getpass import getpass

from dictate.errors import MasterKeyError


def passphrase(*, new: bool = False) -> Callable[[], str]:
    """Return what asks for the passphrase, once, and then remembers it while the command runs.

    Args:
        new: ask twice, for nobody can check it yet.

    """

    @cache
    def ask() -> str:
        if not sys.stdin.isatty():
            raise MasterKeyError("The key is kept under a passphrase: run this in a terminal and type it.")
        typed = getpass("Passphrase: ", stream=sys.stderr)
        if new and getpass("The same again: ", stream=sys.stderr) != typed:
            raise MasterKeyError("The two passphrases differ. Nothing was changed; try again.")
        return typed

    return ask


def hidden(question: str) -> str:
    """Ask for something that must not stand in the shell's history; read it from a pipe, too."""
    return getpass(f"{question}: ", stream=sys.stderr) if sys.stdin.isatty() else sys.stdin.readline().strip()
