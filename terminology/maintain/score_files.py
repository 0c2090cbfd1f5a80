"""Annotated and predicted notes, read from JSON Lines; and a score kept for the next comparison."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from terminology.errors import TerminologyError
from terminology.files import digest, read_text, write_atomic
from terminology.maintain.scoring import KINDS, Counts, Item, comparable, comparable_text

FORMAT = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Notes:
    """The entries of each note."""

    entries: Mapping[str, tuple[Item, ...]]
    """Note id to its entries, in the order of the file."""
    checksum: str
    """Of the file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """A score that was kept."""

    gold: str
    """Checksum of the annotated notes."""
    release: str
    counts: Mapping[str, Counts]
    """By kind and "all", and by concept as "kind/label"."""
    right_notes: frozenset[str]
    slips: int


def read_notes(path: Path) -> Notes:
    """Read notes with their entries.

    Raises:
        TerminologyError: a line is no such note; the message names file, line and reason.

    """
    text = read_text(path)
    entries: dict[str, tuple[Item, ...]] = {}
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        place = f"{path.name}, line {number}"
        note = _object(line, place)
        name = note.get("id")
        found = note.get("entries")
        if not isinstance(name, str) or not isinstance(found, list):
            raise TerminologyError(f'{place}: it needs an "id" and a list of "entries". Mend that line.')
        if name in entries:
            raise TerminologyError(f'{place}: the note "{name}" stands twice. Keep one.')
        entries[name] = tuple(_item(entry, place) for entry in found)
    if not entries:
        raise TerminologyError(f"{path.name} holds no notes. Name another file.")
    return Notes(entries=entries, checksum=digest(text.encode("utf-8")))


def read_earlier(path: Path) -> Earlier:
    """Read a score that `write_score` kept.

    Raises:
        TerminologyError: it is no such file.

    """
    data = _object(read_text(path), path.name)
    try:
        if data["format"] != FORMAT:
            raise TerminologyError(
                f"{path.name} has format {data['format']}, this program reads {FORMAT}. Score again."
            )
        return Earlier(
            gold=str(data["gold"]),
            release=str(data["release"]),
            counts={
                str(name): Counts(right=int(one[0]), invented=int(one[1]), missed=int(one[2]))
                for name, one in data["counts"].items()
            },
            right_notes=frozenset(map(str, data["right_notes"])),
            slips=int(data["slips"]),
        )
    except (KeyError, TypeError, ValueError, IndexError, AttributeError) as error:
        raise TerminologyError(f"{path.name} is not a kept score: {error!r}. Name another file.") from error


def write_score(path: Path, score: Earlier) -> None:
    """Keep a score, whole or not at all."""
    data = {
        "format": FORMAT,
        "gold": score.gold,
        "release": score.release,
        "counts": {name: [one.right, one.invented, one.missed] for name, one in score.counts.items()},
        "right_notes": sorted(score.right_notes),
        "slips": score.slips,
    }
    write_atomic(path, (json.dumps(data, ensure_ascii=False, indent=1) + "\n").encode("utf-8"))


def _object(text: str, place: str) -> Mapping[str, Any]:
    try:
        found = json.loads(text)
    except (json.JSONDecodeError, RecursionError) as error:
        reason = error.msg if isinstance(error, json.JSONDecodeError) else "nested too deep"
        raise TerminologyError(f"{place}: it is not JSON ({reason}). Name a JSON Lines file.") from error
    if not isinstance(found, dict):
        raise TerminologyError(f"{place}: it is not a JSON object. Name a JSON Lines file.")
    return found


def _item(entry: object, place: str) -> Item:
    if not isinstance(entry, dict) or entry.get("kind") not in KINDS:
        raise TerminologyError(f'{place}: an entry needs a "kind": {", ".join(KINDS)}. Mend that line.')
    accepted = entry.get("alt", [])
    if not isinstance(accepted, list):
        raise TerminologyError(f'{place}: "alt" is not a list of codes. Mend that line.')
    unit = entry.get("unit")
    return Item(
        kind=entry["kind"],
        code=str(entry.get("code") or ""),
        status=str(entry.get("status") or ""),
        display=str(entry.get("display") or ""),
        value=comparable(entry.get("value"), unit if isinstance(unit, str) else None),
        name=comparable_text(str(entry.get("name") or "")),
        dose=comparable_text(str(entry.get("dose") or "")),
        accepted=frozenset(map(str, accepted)),
        optional=bool(entry.get("optional")),
        evidence=str(entry.get("evidence") or ""),
    )
