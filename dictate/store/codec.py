"""Values to bytes and back, as they are sealed into the tables. JSON, by the types themselves."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from pydantic import TypeAdapter, ValidationError

from dictate.entry import Entry, Signature
from dictate.errors import StoreError
from dictate.transcript import Transcript

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class CitizenBody:
    """What is sealed of a citizen."""

    name: str
    cpr: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TextBody:
    """What is sealed of a version of a text."""

    text: str
    extras: tuple[Mapping[str, object], ...] = ()
    signed: Signature | None = None
    transcript: Transcript | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryBody:
    """What is sealed of an entry, or of one of its earlier states."""

    entry: Entry
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionBody:
    """What is sealed of a correction."""

    heard: str
    chosen: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WordBody:
    """What is sealed of a word of a user."""

    heard: str
    chosen: str


class Codec(Generic[T]):
    """Bytes of one type."""

    def __init__(self, kind: type[T]) -> None:
        """Prepare for a type, once."""
        self._adapter = TypeAdapter(kind)

    def dump(self, value: T) -> bytes:
        """Return the value as JSON; no warning, which would show it, where 76 stands for 76.0."""
        return self._adapter.dump_json(value, warnings=False)

    def load(self, content: bytes) -> T:
        """Return the value again.

        Raises:
            StoreError: it was written by another version of the program.

        """
        try:
            return self._adapter.validate_json(content)
        except ValidationError:
            # Its text holds what was said.
            raise StoreError("A row of the store is of another version of this program. Update it.") from None


CITIZEN = Codec(CitizenBody)
TEXT = Codec(TextBody)
ENTRY = Codec(EntryBody)
CORRECTION = Codec(CorrectionBody)
WORD = Codec(WordBody)
