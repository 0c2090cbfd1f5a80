"""The structured entry: a coded statement with its evidence and its three statuses.

The vocabularies are those of the contract: `assertion` is what the note says, `review` what the person did,
`record_status` where it stands in the record (FHIR's words). They are never mixed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType


class Kind(StrEnum):
    """What an entry is about."""

    CONDITION = "condition"
    INTERVENTION = "intervention"
    OBSERVATION = "observation"
    MEDICATION = "medication"


class Assertion(StrEnum):
    """What the note says about the thing; which values go with which kind is in `ASSERTIONS`."""

    PRESENT = "present"
    ABSENT = "absent"
    HISTORICAL = "historical"
    SUSPECTED = "suspected"
    OTHER_PERSON = "other_person"
    COMPLETED = "completed"
    PLANNED = "planned"
    NOT_DONE = "not_done"
    MEASURED = "measured"
    GIVEN = "given"
    NOT_GIVEN = "not_given"


ASSERTIONS: Mapping[Kind, frozenset[Assertion]] = MappingProxyType(
    {
        Kind.CONDITION: frozenset(
            {
                Assertion.PRESENT,
                Assertion.ABSENT,
                Assertion.HISTORICAL,
                Assertion.SUSPECTED,
                Assertion.OTHER_PERSON,
            }
        ),
        Kind.INTERVENTION: frozenset({Assertion.COMPLETED, Assertion.PLANNED, Assertion.NOT_DONE}),
        Kind.OBSERVATION: frozenset({Assertion.MEASURED}),
        Kind.MEDICATION: frozenset({Assertion.GIVEN, Assertion.PLANNED, Assertion.NOT_GIVEN}),
    }
)


class Review(StrEnum):
    """What a person did with a suggestion."""

    SUGGESTED = "suggested"
    ACCEPTED = "accepted"
    CHANGED = "changed"
    REJECTED = "rejected"
    ADDED = "added"


class RecordStatus(StrEnum):
    """Where an entry stands in the record."""

    PRELIMINARY = "preliminary"
    FINAL = "final"
    AMENDED = "amended"
    ENTERED_IN_ERROR = "entered-in-error"


@dataclass(frozen=True, slots=True, kw_only=True)
class Coding:
    """A code in a code system, with the term shown to people."""

    system: str
    code: str
    display: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Alternative:
    """Another concept the same words may mean."""

    code: str
    display: str
    score: float
    """0..100, as in RapidFuzz."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """Who confirmed an entry, in which role, and when."""

    by: str
    role: str
    at: datetime
    """Aware UTC."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One draft or signed statement about the citizen."""

    id: str
    kind: Kind
    assertion: Assertion
    coding: Coding | None
    """None for medication, which is recorded by name."""
    start: int
    """First character of the evidence in the note's text (Unicode code points)."""
    end: int
    """One past the last character of the evidence."""
    evidence: str
    """The words that carry the decision: the note's text from `start` to `end`."""
    score: float = 100.0
    """0..100, as in RapidFuzz."""
    method: str = "exact"
    """exact, lemma, compound, fuzzy, phonetic, pattern, learned, acoustic; "manual" if added by a person."""
    alternatives: tuple[Alternative, ...] = ()
    unsure: bool = False
    """True where a person should look twice."""
    value: float | str | None = None
    """Observations only: a number, or an ordinal such as "neg" and "2+"."""
    unit: str | None = None
    """Observations only: UCUM."""
    level: int | None = None
    """Functional conditions only: 0..4."""
    name: str | None = None
    """Medication only: the drug as said."""
    dose: str | None = None
    route: str | None = None
    time: str | None = None
    review: Review = Review.SUGGESTED
    record_status: RecordStatus = RecordStatus.PRELIMINARY
    signed: Signature | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A note as it should stand in the record, with its entries."""

    id: str
    text: str
    entries: tuple[Entry, ...]
    extras: tuple[Mapping[str, object], ...] = ()
    """What was said beside the coded entries: goal, own view, follow-up result, triage colour."""
    signed: Signature | None = None
    """Who stands for the text; a note without coded entries is signed too."""
