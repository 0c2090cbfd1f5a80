"""Sample dictations with their known texts, and recordings that a user names instead."""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from dictate.errors import AudioError

LIST = "texts.tsv"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """A recording and, where it is known, what is said in it."""

    path: Path
    spoken: str | None = None
    """The words as said (number words, spoken commands); None for a user's own recording."""


def read_samples(folder: Path) -> tuple[Sample, ...]:
    """Return the sample dictations that `folder` lists.

    Raises:
        AudioError: there is no list of samples.

    """
    try:
        with (folder / LIST).open(encoding="utf-8", newline="") as lines:
            rows = list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
    except OSError as error:
        raise AudioError(
            f"No sample dictations in {folder}: its list {LIST} can't be read. Name a folder that has one."
        ) from error
    return tuple(Sample(path=folder / row["file"], spoken=row["spoken"]) for row in rows)


def own_recordings(paths: Iterable[Path]) -> tuple[Sample, ...]:
    """Return the user's recordings; what was said in them is not known."""
    return tuple(Sample(path=path) for path in paths)
