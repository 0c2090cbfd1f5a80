"""Entries in Danish words, in the order in which a care record has its fields: for paper and clipboard."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from dictate.entry import Assertion, Entry, Kind, Note
from dictate.export.base import is_signed
from dictate.export.codes import UNIT_NAMES
from dictate.export.resources import withdrawn
from dictate.export.visit import ZONE
from terminology.release import load

SAID: Mapping[Assertion, str] = MappingProxyType(
    {
        Assertion.PRESENT: "aktuel",
        Assertion.ABSENT: "ikke til stede",
        Assertion.HISTORICAL: "tidligere",
        Assertion.SUSPECTED: "mistanke",
        Assertion.OTHER_PERSON: "gælder en anden end borgeren",
        Assertion.COMPLETED: "udført",
        Assertion.PLANNED: "planlagt",
        Assertion.NOT_DONE: "ikke udført",
        Assertion.MEASURED: "målt",
        Assertion.GIVEN: "givet",
        Assertion.NOT_GIVEN: "ikke givet",
    }
)
SECTIONS: Mapping[Kind, str] = MappingProxyType(
    {
        Kind.CONDITION: "Tilstande",
        Kind.OBSERVATION: "Målinger",
        Kind.INTERVENTION: "Indsatser",
        Kind.MEDICATION: "Medicin",
    }
)
_EXTRAS: Mapping[str, str] = MappingProxyType(
    {
        "expected_level": "Forventet niveau",
        "performance": "Borgerens udførelse",
        "significance": "Betydning for borgeren",
        "goal": "Mål",
        "follow_up": "Opfølgning",
        "triage": "Triage",
    }
)
"""What was said beside the entries, in the order of a record's fields."""
_PAIR = ("blood_pressure_systolic", "blood_pressure_diastolic")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One statement."""

    title: str
    details: tuple[tuple[str, str], ...]
    """Names and values."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """Statements of one kind."""

    title: str
    lines: tuple[Line, ...]


def sections(note: Note) -> tuple[Section, ...]:
    """Return a note's signed entries and what was said beside them, in the order of a record's fields."""
    entries = [entry for entry in note.entries if is_signed(entry)]
    found = [
        Section(title=title, lines=tuple(_lines([entry for entry in entries if entry.kind is kind])))
        for kind, title in SECTIONS.items()
    ]
    beside = [
        Line(title=name, details=(("Sagt", str(extra.get("text") or "")),))
        for kind, name in _EXTRAS.items()
        for extra in note.extras
        if extra.get("kind") == kind
    ]
    found.append(Section(title="Mål og opfølgning", lines=tuple(beside)))
    return tuple(section for section in found if section.lines)


def signatures(note: Note) -> tuple[str, ...]:
    """Return who signed, in which role and when, each once."""
    signed = [note.signed, *(entry.signed for entry in note.entries)]
    return tuple(
        dict.fromkeys(f"{each.by}, {each.role}, {moment(each.at)}" for each in signed if each is not None)
    )


def moment(at: datetime) -> str:
    """Return a day and a time as Danes write it."""
    try:
        local = at.astimezone(ZoneInfo(ZONE))
    except ZoneInfoNotFoundError:
        local = at
    return local.strftime("%d-%m-%Y kl. %H.%M")


def quantity(entry: Entry) -> str:
    """Return a value with its unit as people write it."""
    if entry.value is None:
        return ""
    value = str(entry.value).replace(".", ",") if isinstance(entry.value, float) else str(entry.value)
    unit = entry.unit or ""
    shown = unit if unit == "%" else UNIT_NAMES.get(unit, (unit,))[0]
    return f"{value} {shown}".strip()


def _lines(entries: Sequence[Entry]) -> Iterator[Line]:
    skipped: set[str] = set()
    for entry in entries:
        if entry.id in skipped:
            continue
        if other := _other_pressure(entry, entries):
            skipped.add(other.id)
            value = f"{_bare(entry)}/{_bare(other)} mmHg"
            yield Line(title="Blodtryk", details=(("Værdi", value), *_status(entry)))
        else:
            yield _line(entry)


def _line(entry: Entry) -> Line:
    details: list[tuple[str, str]] = []
    match entry.kind:
        case Kind.OBSERVATION:
            details.append(("Værdi", quantity(entry)))
        case Kind.MEDICATION:
            parts = (entry.dose, entry.route, entry.time)
            details += [("Status", SAID[entry.assertion]), ("Dosis", ", ".join(filter(None, parts)))]
        case Kind.CONDITION:
            level = "" if entry.level is None else str(entry.level)
            details += [
                ("Status", SAID[entry.assertion]),
                ("Niveau", level),
                ("Fagligt notat", entry.evidence),
            ]
        case Kind.INTERVENTION:
            details += [("Status", SAID[entry.assertion]), ("Beskrivelse", entry.evidence)]
    details += _status(entry)
    return Line(title=_title(entry), details=tuple((name, said) for name, said in details if said.strip()))


def _status(entry: Entry) -> tuple[tuple[str, str], ...]:
    return (("Annulleret", "ja"),) if withdrawn(entry) else ()


def _title(entry: Entry) -> str:
    if entry.kind is Kind.MEDICATION or entry.coding is None:
        return entry.name or entry.evidence
    release = load()
    if found := release.observation_by_code.get(entry.coding.code):
        return found.name
    concept = release.by_code.get(entry.coding.code)
    return concept.display if concept else entry.coding.display


def _other_pressure(entry: Entry, entries: Sequence[Entry]) -> Entry | None:
    """Return the diastolic pressure that was said together with a systolic one."""
    keys = load().observation_by_key
    systolic, diastolic = (keys[key].code for key in _PAIR)
    if entry.coding is None or entry.coding.code != systolic:
        return None
    return next(
        (
            other
            for other in entries
            if other.coding
            and other.coding.code == diastolic
            and (other.start, other.end, other.record_status) == (entry.start, entry.end, entry.record_status)
        ),
        None,
    )


def _bare(entry: Entry) -> str:
    return str(entry.value).replace(".", ",").removesuffix(",0")
