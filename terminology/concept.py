"""The words of a terminology: concept, designation, match, mention. Named as in FHIR CodeSystem."""

from dataclasses import dataclass
from enum import StrEnum

FSIII = "urn:oid:1.2.208.176.2.21"
"""Fælles Sprog III."""
NPU = "urn:oid:1.2.208.176.2.1"
"""NPU and its Danish DNK codes."""
MCS = "http://medcomfhir.dk/ig/terminology/CodeSystem/medcom-observation-codes"
"""MedCom observation codes."""
SNOMED = "http://snomed.info/sct"


class Status(StrEnum):
    """Whether a concept may be written to a record today."""

    CURRENT = "current"
    RETIRED = "retired"


class Use(StrEnum):
    """What a designation is for."""

    PREFERRED = "preferred"
    SYNONYM = "synonym"
    SPOKEN = "spoken"


class Method(StrEnum):
    """How a match was found, from strictest to loosest."""

    EXACT = "exact"
    LEMMA = "lemma"
    COMPOUND = "compound"
    PATTERN = "pattern"
    FUZZY = "fuzzy"
    PHONETIC = "phonetic"
    LEARNED = "learned"
    ACOUSTIC = "acoustic"


@dataclass(frozen=True, slots=True, kw_only=True)
class Designation:
    """One way to say a concept."""

    value: str
    use: Use
    language: str = "da"
    status: Status = Status.CURRENT
    source: str = ""
    """File and line in the release, so that every suggestion can be traced."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Concept:
    """A code and its meaning."""

    system: str
    code: str
    version: str
    display: str
    """The preferred term, as shown to people."""
    kind: str
    """Area of the terminology, such as "helbredstilstand" or "indsats_sygepleje"."""
    status: Status
    leaf: bool = True
    """Only current leaves are written to a record."""
    short_code: str = ""
    """The old code, read but never written."""
    parents: tuple[str, ...] = ()
    designations: tuple[Designation, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A concept that a stretch of text may mean."""

    concept: Concept
    designation: Designation
    score: float
    """0..100, as in RapidFuzz."""
    method: Method


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A stretch of text and what it may mean, best first."""

    start: int
    """First character (Unicode code points)."""
    end: int
    """One past the last character."""
    text: str
    matches: tuple[Match, ...]
    assertion: str
    """One of the contract's assertion values for the kind."""
