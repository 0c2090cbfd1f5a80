"""A terminology small enough to see through, compiled once."""

from pathlib import Path

import pytest

from terminology.lookup import Lookup, build

ROWS = (
    ("A1", "Tryksår"),
    ("A2", "Sår på hælen"),
    ("A3", "Akut lungebetændelse"),
    ("A4", "Lungebetændelse"),
    ("A5", "Fraktur af højre lårben"),
    ("A6", "Nedsat appetit"),
    ("A7", "Problemer med personlig pleje"),
    ("A8", "Diabetes mellitus type 2"),
    ("A9", "hjerte svigt"),
    ("B1", "Kolde fødder"),
    ("B2", "Kold fod"),
    ("B3", "Inkontinens"),
    ("B4", "Svimmelhed"),
    ("B5", "2"),
    ("B6", "Depression"),
    ("B7", "depression"),
)


@pytest.fixture(scope="session")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the compiled file."""
    path = tmp_path_factory.mktemp("lookup") / "terms.idx"
    build(ROWS, path, release="test")
    return path


@pytest.fixture(scope="session")
def lookup(index: Path) -> Lookup:
    """Return the open index."""
    return Lookup.open(index)
