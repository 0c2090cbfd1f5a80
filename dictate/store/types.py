"""What the store gives out and takes in: plain frozen values, nothing of SQLAlchemy."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from dictate.entry import Entry, Note
from dictate.transcript import Transcript


class Source(StrEnum):
    """How a dictation came in."""

    TERMINAL = "terminal"
    BATCH = "batch"
    TEXT = "text"


class State(StrEnum):
    """How far a dictation has come."""

    RECORDING = "recording"
    """Begun; nothing to review yet. After a crash its sound is in the journal."""
    DRAFT = "draft"
    """There is text to review."""
    SIGNED = "signed"
    DISCARDED = "discarded"
    """Given up by a person before signing."""
    ERASED = "erased"
    """Deleted for good; only the fact that it was there remains."""


class EventKind(StrEnum):
    """Moments of a dictation; benefit is counted from them."""

    FIRST_SOUND = "first_sound"
    STOP = "stop"
    TEXT_SHOWN = "text_shown"
    SUGGESTIONS_SHOWN = "suggestions_shown"
    DECISION = "decision"
    SIGNED = "signed"


class OutboxState(StrEnum):
    """How far one delivery has come."""

    QUEUED = "queued"
    CLAIMED = "claimed"
    DELIVERED = "delivered"
    DEAD = "dead"
    """Given up, with the reason; a person decides."""
    DROPPED = "dropped"
    """Taken out by a person, with the reason."""


class BatchState(StrEnum):
    """How far one recording of a batch run has come."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Citizen:
    """A person who gets care."""

    id: str
    name: str = field(repr=False)
    cpr: str | None = field(default=None, repr=False)
    """Ten digits, where it is needed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dictation:
    """One dictation, as lists show it."""

    id: str
    citizen_id: str | None
    """None until somebody says whom it is about."""
    state: State
    source: Source
    author: str
    """`Actor.user` of who began it."""
    started: datetime
    """Aware UTC."""
    recording_id: str | None = None
    signed_at: datetime | None = None
    unsure: int = 0
    """Entries that a person should look at twice."""
    certainty: float = 100.0
    """The lowest score of its entries, 0..100; the inbox shows the lowest first."""
    citizen_name: str | None = field(default=None, repr=False)
    """Filled in by lists."""
    excerpt: str = field(default="", repr=False)
    """The first words of the note, filled in by lists."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """The sound of a dictation; the journal file bears the recording's id."""

    id: str
    dictation_id: str
    started: datetime
    seconds: float | None = None
    """None until it is sealed."""
    sha256: str | None = None
    deleted_at: datetime | None = None
    """When the sound was deleted; the row stays."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TextVersion:
    """One version of what was heard or written."""

    version: int
    """Counted from 1."""
    kind: str
    """heard (a transcript came in), draft (a person or the drafter changed the text), signed."""
    at: datetime
    by: str
    text: str = field(repr=False)
    """The written text."""
    transcript: Transcript | None = field(default=None, repr=False)
    """Only of what was heard."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryVersion:
    """One state that an entry has been in."""

    version: int
    """Counted from 1."""
    at: datetime
    by: str
    change: str
    """added, changed, removed, signed, amended, withdrawn."""
    entry: Entry = field(repr=False)
    why: str = field(default="", repr=False)
    """What the person gave as reason for an amendment or a withdrawal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedNote:
    """A signed note with whom it is about: what an export takes."""

    dictation: Dictation
    citizen: Citizen | None
    note: Note = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A moment of a dictation."""

    dictation_id: str
    kind: EventKind
    at: datetime
    detail: str = ""
    """For a decision: the entry's id and what was decided, such as "x-3 accepted". Never text of the note."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """What was heard and what a person chose instead."""

    id: str
    dictation_id: str
    at: datetime
    kind: str
    """text, code, assertion, value …"""
    heard: str = field(repr=False)
    chosen: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One dictation on its way to one target."""

    id: str
    """A UUID that stays the same through all attempts: the receiver's idempotency key."""
    sequence: int
    """Order of queueing; deliveries about one citizen keep it per target."""
    target: str
    dictation_id: str
    citizen_id: str | None
    reason: str
    """signed, amended, withdrawn."""
    state: OutboxState
    created: datetime
    attempts: int = 0
    retry_at: datetime | None = None
    why: str = ""
    """Why the last attempt failed; never text of the note."""
    finished: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchItem:
    """One recording of a batch run."""

    content_hash: str
    """SHA-256 of the sound file: the same file is never transcribed twice."""
    state: BatchState
    updated: datetime
    attempts: int = 0
    dictation_id: str | None = None
    why: str = ""
    """Why it failed; never text of the note."""
    made_with: str = ""
    """Model and vocabulary."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """A legal hold: nothing of this citizen or dictation is deleted while it stands."""

    id: str
    """Of the citizen or the dictation."""
    why: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Erased:
    """What was deleted for good."""

    recordings: int = 0
    dictations: int = 0
    citizens: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """Something that is old enough to be deleted."""

    id: str
    held: bool
    """On legal hold: it stays."""
