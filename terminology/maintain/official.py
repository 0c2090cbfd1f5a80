"""A new edition of Fælles Sprog III as its publisher hands it over: a FHIR CodeSystem or a table.

Read strictly: another code system, a code that is no UUID or stands twice, an unknown parent or a circle is
refused with file, line and reason.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from terminology.concept import FSIII, Status
from terminology.errors import TerminologyError
from terminology.files import read_text
from terminology.maintain.csv_rows import read_rows
from terminology.maintain.fhir import check
from terminology.maintain.located_json import Located, parse
from terminology.overlay.wording import plain

NEEDED = ("code", "display", "parent_code")
"""Columns of a table; system, short_code, area, designations and status are read where they are there."""

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)
_RETIRED = frozenset({"retired", "deprecated", "inactive", "outgoing"})


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficialConcept:
    """A concept as the publisher has it."""

    code: str
    display: str
    parent: str
    """Code of the parent, "" at the top."""
    place: str
    """File and line."""
    short_code: str = ""
    area: str = ""
    """Of our release; "" where the file does not know it."""
    synonyms: tuple[str, ...] = ()
    status: Status | None = None
    """None where the publisher states none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """All concepts of one edition."""

    version: str
    """"" where the file states none."""
    concepts: tuple[OfficialConcept, ...]
    file: str


def read_edition(path: Path) -> Edition:
    """Read an edition from a CodeSystem (.json) or a table (.csv, .tsv).

    Raises:
        TerminologyError: it is no such file, or something in it is wrong; names file, line and reason.

    """
    text = read_text(path)
    version, concepts = (
        _from_json(text, path.name) if path.suffix.lower() == ".json" else ("", tuple(_rows(text, path.name)))
    )
    if not concepts:
        raise TerminologyError(f"{path.name} holds no concepts. Name another file.")
    _check_tree(concepts)
    return Edition(version=version, concepts=concepts, file=path.name)


def _from_json(text: str, file: str) -> tuple[str, tuple[OfficialConcept, ...]]:
    data = parse(text, file=file)
    if not isinstance(data, Located):
        raise TerminologyError(f"{file} is not a FHIR resource. Name a CodeSystem.")
    check(data, file=file)
    if data.get("content") == "supplement":
        raise TerminologyError(f'{file} is a supplement. Use "dictate-terms import" for it.')
    if data.get("url") != FSIII:
        raise TerminologyError(
            f"{file} is the code system {data.get('url')}, not Fælles Sprog III ({FSIII}). Name another file."
        )
    return str(data.get("version", "")), tuple(_nested(data, "", file))


def _nested(above: Located, parent: str, file: str) -> Iterator[OfficialConcept]:
    for concept in above.get("concept", ()):
        properties = {entry["code"]: _value(entry) for entry in concept.get("property", ())}
        display = plain(str(concept.get("display", "")))
        terms = (plain(term["value"]) for term in concept.get("designation", ()))
        code = str(concept["code"])
        yield OfficialConcept(
            code=code,
            display=display,
            parent=parent or str(properties.get("parent", "")),
            place=f"{file}, line {concept.line}",
            short_code=str(properties.get("shortCode", "")),
            area=str(properties.get("area", "")),
            synonyms=tuple(dict.fromkeys(term for term in terms if term != display)),
            status=_status(properties),
        )
        yield from _nested(concept, code, file)


def _value(entry: dict[str, Any]) -> object:
    return next((value for name, value in entry.items() if name.startswith("value")), "")


def _status(properties: dict[str, object]) -> Status | None:
    if properties.get("inactive") is True or str(properties.get("status", "")) in _RETIRED:
        return Status.RETIRED
    return Status.CURRENT if properties.get("status") == "active" else None


def _rows(text: str, file: str) -> Iterator[OfficialConcept]:
    for row, place in read_rows(text, file=file, needed=NEEDED):
        if row.get("system", FSIII) != FSIII:
            raise TerminologyError(
                f"{place}: the code system {row['system']} is not Fælles Sprog III ({FSIII}). "
                "Name another file."
            )
        yield OfficialConcept(
            code=row["code"],
            display=plain(row["display"]),
            parent=row["parent_code"],
            place=place,
            short_code=row.get("short_code", ""),
            area=row.get("area", ""),
            synonyms=tuple(filter(None, map(plain, row.get("designations", "").split("|")))),
            status=Status.RETIRED if row.get("status", "") in _RETIRED else None,
        )


def _check_tree(concepts: Iterable[OfficialConcept]) -> None:
    known: dict[str, OfficialConcept] = {}
    for concept in concepts:
        if not _UUID.fullmatch(concept.code):
            raise _refusal(
                concept, f'the code "{concept.code[:40]}" is not a UUID in lower case: an older edition?'
            )
        if concept.code in known:
            raise _refusal(concept, f"the code {concept.code} stands already at {known[concept.code].place}")
        if not concept.display:
            raise _refusal(concept, "the term is empty")
        known[concept.code] = concept
    sound: set[str] = set()
    for concept in known.values():
        chain: dict[str, None] = {}
        here = concept
        while here.code not in sound:
            if here.code in chain:
                raise _refusal(
                    concept, f"the code {concept.code} is circular: its parents lead back to {here.code}"
                )
            chain[here.code] = None
            if not here.parent:
                break
            if here.parent not in known:
                raise _refusal(here, f"the parent {here.parent} is unknown")
            here = known[here.parent]
        sound.update(chain)


def _refusal(concept: OfficialConcept, reason: str) -> TerminologyError:
    return TerminologyError(f"{concept.place}: {reason}. Mend that line or restore the file.")
