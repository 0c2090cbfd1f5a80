"""Questions to the person at the terminal, asked on standard error so that output stays clean."""

import sys
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from getpass import getpass
from typing import TYPE_CHECKING

from dictate.errors import MasterKeyError, StoreError

if TYPE_CHECKING:
    from dictate.store import Store


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


def citizen_id(store: "Store", asked: str) -> str:
    """Return the id of the citizen that was asked for; for "-" ask for their CPR number.

    Raises:
        ConfigError: what was typed is no CPR number.
        StoreError: there is no such citizen.

    """
    if asked != "-":
        return store.citizens.get(asked).id
    from dictate.identity import parse_cpr  # noqa: PLC0415 - only where it is asked for

    number = parse_cpr(hidden("CPR number"), today=datetime.now(UTC).date()).number
    citizen = store.citizens.by_cpr(number)
    if citizen is None:
        raise StoreError("No citizen with this CPR number is in the store.")
    return citizen.id
