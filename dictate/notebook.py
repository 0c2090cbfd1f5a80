"""Where a dictation is kept, as the terminal sees it."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from dictate.audio import AudioClip
from dictate.capture import Sound
from dictate.case import Case
from dictate.entry import Entry, Note, Signature
from dictate.own_words import OwnWord
from dictate.transcript import Transcript

if TYPE_CHECKING:
    # The database's library is slow to import, and somebody may want to speak before it is there.
    from dictate.store.types import Citizen, Delivery, Dictation


class Moment(StrEnum):
    """What is kept with its time; the values are those of the store."""

    FIRST_SOUND = "first_sound"
    STOP = "stop"
    TEXT_SHOWN = "text_shown"
    SUGGESTIONS_SHOWN = "suggestions_shown"
    DECISION = "decision"


@dataclass(frozen=True, slots=True, kw_only=True)
class Destination:
    """Where signed notes go."""

    name: str
    """As in the site's list of targets."""
    never_acute: bool = False
    """True where a message must not be about something acute, as with MedCom."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """A delivery as it is shown."""

    delivery: "Delivery"
    citizen_name: str


class SoundKeeper(Protocol):
    """Keeps the sound of one dictation, block by block."""

    def write(self, samples: Sound) -> None:
        """Keep a block."""
        ...

    def close(self) -> None:
        """Tell that no more comes."""
        ...


class Notebook(Protocol):
    """Everything that is kept; every method may be called from any thread, and may take a while."""

    @property
    def destinations(self) -> tuple[Destination, ...]:
        """Where signed notes go."""
        ...

    def find_citizens(self, typed: str, limit: int = 20) -> "tuple[Citizen, ...]":
        """Return the citizens whose name, or CPR number, begins as typed."""
        ...

    def add_citizen(self, name: str, cpr: str | None) -> "Citizen":
        """Add a citizen, or return the one who has this number."""
        ...

    def citizen(self, identifier: str) -> "Citizen":
        """Return a citizen."""
        ...

    def begin(self, identifier: str, citizen_id: str | None) -> None:
        """Begin a dictation with sound."""
        ...

    def assign(self, identifier: str, citizen_id: str) -> None:
        """Say whom a dictation is about."""
        ...

    def sound(self, identifier: str) -> SoundKeeper:
        """Open the recording of a dictation that was begun."""
        ...

    def replay(self, identifier: str) -> AudioClip | None:
        """Return the sound of a dictation; None where there is none."""
        ...

    def heard(self, identifier: str, transcript: Transcript, note: Note) -> None:
        """Keep what was heard and the draft made of it."""
        ...

    def save(self, identifier: str, note: Note) -> None:
        """Keep a draft as it stands."""
        ...

    def open(self, identifier: str) -> Case:
        """Return a dictation for review."""
        ...

    def get(self, identifier: str) -> "Dictation":
        """Return what lists show of a dictation."""
        ...

    def unfinished(self) -> "tuple[Dictation, ...]":
        """Return my dictations that aren't signed, newest first."""
        ...

    def inbox(self) -> "tuple[Dictation, ...]":
        """Return the drafts made by batch runs, least certain first."""
        ...

    def take_in(self, notes: Iterable[Note]) -> int:
        """Put drafts from a file into the inbox; returns how many."""
        ...

    def mine(self, query: str = "") -> "tuple[Dictation, ...]":
        """Return my dictations, newest first."""
        ...

    def sign(self, identifier: str, note: Note, *, not_acute: bool = False) -> None:
        """Keep a note as it was signed, once, and queue it for its destinations.

        Args:
            identifier: of the dictation.
            note: with its signature.
            not_acute: whoever signs says that it isn't acute; without that, destinations that must not get
                anything acute get nothing.

        """
        ...

    def discard(self, identifier: str) -> None:
        """Give a draft up."""
        ...

    def withdraw(
        self, identifier: str, entry_id: str, why: str, signature: Signature, *, not_acute: bool = False
    ) -> None:
        """Mark a signed entry as entered in error; it is never erased. `not_acute` as in `sign`."""
        ...

    def amend(
        self, identifier: str, entry: Entry, why: str, signature: Signature, *, not_acute: bool = False
    ) -> None:
        """Replace a signed entry by a corrected one; the old one is kept. `not_acute` as in `sign`."""
        ...

    def event(self, identifier: str, moment: Moment, detail: str = "") -> None:
        """Keep when something happened."""
        ...

    def correction(self, identifier: str, kind: str, heard: str, chosen: str) -> None:
        """Keep a pair of what was heard and what a person chose."""
        ...

    def words(self) -> tuple[OwnWord, ...]:
        """Return what I have taught the program."""
        ...

    def keep_word(self, word: OwnWord) -> None:
        """Add a word of mine, or change it."""
        ...

    def forget_word(self, word_id: str) -> None:
        """Forget a word of mine."""
        ...

    def waiting(self) -> int:
        """Count the deliveries that haven't left yet."""
        ...

    def sendings(self) -> tuple[Sending, ...]:
        """Return the deliveries, newest first: those that wait or were refused, and the last that arrived."""
        ...

    def send_again(self, delivery_id: str) -> None:
        """Queue a delivery again."""
        ...

    @property
    def asks(self) -> bool:
        """True where `unlock` needs a passphrase."""
        ...

    @property
    def key_place(self) -> str:
        """Where the key is kept, for a person; "" where there is none."""
        ...

    def lock(self) -> None:
        """Close it and forget its keys until `unlock`; whoever needs it meanwhile waits."""
        ...

    def unlock(self, passphrase: str = "") -> None:
        """Open it again; where it wasn't closed, only check the passphrase.

        Raises:
            WrongPassphraseError: the passphrase is another one.
            DictateError: the key can't be had, or the store can't be opened.

        """
        ...

    def close(self) -> None:
        """Close what is open."""
        ...
