"""Vital signs and other measurements said in a note: code, value, unit, and whether the value is plausible.

Only what was measured at this visit counts: habitual, target, limit and earlier values are left out. Names
and the words around values stand in data/measurement.
"""

from collections.abc import Mapping
from importlib.resources.abc import Traversable

from terminology.cues import CueLine
from terminology.measuring import ordinals, pressure, quantities
from terminology.measuring.board import LABEL, WORD, Board, Measurement
from terminology.observation import Observation
from terminology.scope import Scope
from terminology.vocabulary import read_page

__all__ = ["FOLDER", "Measurement", "measure", "read_labels"]

FOLDER = "measurement"
_FILES = (("labels.txt", LABEL), ("values.txt", WORD))


def read_labels(folder: Traversable) -> tuple[CueLine, ...]:
    """Read the names of measurements and the words around values.

    Raises:
        TerminologyError: a file can't be read.

    """
    return tuple(
        CueLine(name=f"{prefix}{section}", line=line, literal=prefix == WORD)
        for file, prefix in _FILES
        for section, lines in read_page(folder / FOLDER / file, f"{FOLDER}/{file}").sections.items()
        for line in lines
    )


def measure(text: str, scope: Scope, observations: Mapping[str, Observation]) -> tuple[Measurement, ...]:
    """Find the values measured at this visit, in the order of their places; each value once.

    Args:
        text: the note.
        scope: its words and cues.
        observations: by key.

    """
    board = Board(text, scope, observations)
    # Each takes the numbers that it reads, so the order counts: the surest first.
    found = [
        *pressure.find(board),
        *ordinals.find_stix(board),
        *ordinals.find_consciousness(board),
        *quantities.find(board),
        *quantities.find_bare(board),
    ]
    first: dict[tuple[str, float | str], Measurement] = {}
    for item in sorted(found, key=lambda item: (item.start, item.end, item.observation.code)):
        first.setdefault((item.observation.code, item.value), item)
    return tuple(first.values())
