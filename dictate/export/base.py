"""What every export has in common: what goes in, what comes out, and that nothing unsigned leaves."""

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID, uuid5

from dictate.entry import Entry, Note, Review
from dictate.errors import NotSignedError

NAMESPACE = UUID("dff59563-2a30-4968-bfc2-431f8a127b73")
"""Of every identifier that this program makes; never changes."""

_UNSAFE = re.compile(r"[^\w.-]+", re.ASCII)
_SPELT = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa", "Æ": "Ae", "Ø": "Oe", "Å": "Aa"})
_TEN_DIGITS = re.compile(r"\d{6}[-_]?\d{4}", re.ASCII)
_NAME_LENGTH = 60


class Format(StrEnum):
    """What signed notes can be written as."""

    KL_CORE = "kl-core"
    KL_GATEWAY = "kl-gateway"
    CARE_COMMUNICATION = "medcom-carecommunication"
    HOME_CARE_OBSERVATION = "medcom-homecareobservation"
    CSV = "csv"
    TSV = "tsv"
    JSON = "json"
    HTML = "html"
    PDF = "pdf"
    TEXT = "text"


class VisitType(StrEnum):
    """What kind of contact the note is about."""

    PLANNED = "planned"
    ACUTE = "acute"
    UNPLANNED = "unplanned"
    FOLLOW_UP = "follow-up"
    INFORMATION = "information"


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """Who was visited by whom and when: what a note doesn't say of itself."""

    citizen: str = field(repr=False)
    """CPR, ten digits. It is always given by a person, never taken from a note."""
    citizen_name: str | None = field(default=None, repr=False)
    author: str = field(repr=False)
    role: str
    sor: str | None = None
    """The author's organisation."""
    start: datetime
    """Aware; its offset is kept."""
    end: datetime | None = None
    type: VisitType = VisitType.PLANNED


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportBundle:
    """One file ready to be handed over."""

    format: Format
    filename: str
    media_type: str
    content: bytes = field(repr=False)
    entry_ids: tuple[str, ...]
    """The entries that are in it."""

    @property
    def sha256(self) -> str:
        """Checksum of the content, in hexadecimal."""
        return hashlib.sha256(self.content).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """An entry, or a part of one, that a format doesn't carry, and why."""

    note: str
    entry: str | None
    """None where the remark is about something that is no entry."""
    kind: str
    code: str | None
    left_out: bool
    """True: it stands in the note's text only. False: it is carried, but something of it is missing."""
    rule: str


def is_signed(entry: Entry) -> bool:
    """Tell whether a person stands for this entry."""
    return entry.signed is not None and entry.review is not Review.REJECTED


def require_signed(notes: Iterable[Note]) -> None:
    """Let pass only notes in which everything is signed or rejected.

    Raises:
        NotSignedError: something is not; the message counts, and names notes by their place in the file.

    """
    unsigned = entries = first = 0
    for number, note in enumerate(notes, start=1):
        missing = sum(not is_signed(entry) and entry.review is not Review.REJECTED for entry in note.entries)
        if missing or not (note.signed or any(map(is_signed, note.entries))):
            unsigned += 1
            entries += missing
            first = first or number
    if unsigned:
        raise NotSignedError(
            f"Nothing was exported: note number {first} is not fully signed (in all: notes {unsigned}, "
            f"unsigned entries in them {entries}). Review them, then run `dictate sign`."
        )


def made_id(namespace: UUID, name: str) -> UUID:
    """Return the identifier that this name has in this namespace; the same every time."""
    return uuid5(namespace, name)


def safe_name(text: str) -> str:
    """Return `text` as part of a file name: no path, no odd letters, no CPR number, never empty."""
    name = _UNSAFE.sub("_", unicodedata.normalize("NFC", text).translate(_SPELT))
    return _TEN_DIGITS.sub("x", name).strip("._-")[:_NAME_LENGTH] or "note"
