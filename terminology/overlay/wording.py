"""One wording that a site proposes, uses, rejected or retired, with everything that people did to it."""

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from terminology.errors import TerminologyError

LONGEST_WORDING = 160
LONGEST_NAME = 80
LONGEST_REASON = 300

_PERSONAL_NUMBER = re.compile(r"\d{6}[ -]?\d{4}|\d[\d ]{6,}\d")
_EVENT = re.compile(
    r"#\s*(?P<act>[a-z-]+)\s+(?P<at>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)\s+by\s+(?P<by>[^:]+):\s*(?P<why>.*)"
)
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


class State(StrEnum):
    """Where a wording stands; each state has a folder of its own."""

    PROPOSED = "proposed"
    ACCEPTED = "spoken"
    """Named as in a release: these are matched."""
    REJECTED = "rejected"
    RETIRED = "retired"


class Act(StrEnum):
    """What a person did to a wording."""

    PROPOSED = "proposed"
    TO_RETIRE = "to-retire"
    """Proposed to be taken out."""
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    RETIRED = "retired"


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Who did what, when and why."""

    act: Act
    by: str
    at: datetime
    """Aware, UTC, whole seconds."""
    why: str

    @property
    def line(self) -> str:
        """The comment line that stands above the wording."""
        return f"# {self.act} {self.at:%Y-%m-%dT%H:%M:%SZ} by {self.by}: {self.why}".rstrip()


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """An expression for a concept."""

    code: str
    area: str
    section: str
    """Such as "present" or "completed"."""
    text: str
    """The line as it stands in a vocabulary file, with a mark such as "@unsure"."""
    state: State
    events: tuple[Event, ...] = ()
    source: str = ""
    """File and line within the overlay."""

    @property
    def id(self) -> str:
        """Ten hexadecimal digits: the same for the same words of the same concept and section, wherever."""
        said = "|".join((self.code, self.section, same(self.text)))
        return hashlib.sha256(said.encode("utf-8")).hexdigest()[:10]

    @property
    def proposal(self) -> Event | None:
        """The last proposal; None where nobody proposed it."""
        acts = (Act.PROPOSED, Act.TO_RETIRE)
        return next((event for event in reversed(self.events) if event.act in acts), None)

    @property
    def to_retire(self) -> bool:
        """Whether the last proposal is to take it out."""
        return self.proposal is not None and self.proposal.act is Act.TO_RETIRE

    @property
    def decision(self) -> Event | None:
        """The acceptance, rejection or retirement after the last proposal; None where there is none."""
        acts = (Act.ACCEPTED, Act.REJECTED, Act.RETIRED)
        last = self.events[-1] if self.events else None
        return last if last and last.act in acts else None


def event(act: Act, *, by: str, why: str, at: datetime | None = None) -> Event:
    """Make an event of what a person typed.

    Raises:
        TerminologyError: the name or the reason is missing, too long, or holds what belongs to a citizen.

    """
    name, reason = plain(by), plain(why)
    if not name or ":" in name or len(name) > LONGEST_NAME:
        raise TerminologyError(
            f'"{name[:LONGEST_NAME]}" is not a name: 1 to {LONGEST_NAME} characters without a colon. '
            "Give your own with --by."
        )
    if not reason or len(reason) > LONGEST_REASON:
        raise TerminologyError(
            f"A reason of 1 to {LONGEST_REASON} characters is needed. Say with --why why it is right."
        )
    refuse_personal(reason, "The reason")
    moment = (at or datetime.now(UTC)).astimezone(UTC).replace(microsecond=0)
    return Event(act=act, by=name, at=moment, why=reason)


def parse_event(line: str) -> Event | None:
    """Return the event that a comment line holds, None where it is another comment."""
    match = _EVENT.fullmatch(line.strip())
    if not match or match["act"] not in set(Act):
        return None
    try:
        at = datetime.strptime(match["at"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    except ValueError:
        return None
    return Event(act=Act(match["act"]), by=match["by"].strip(), at=at, why=match["why"].strip())


def plain(text: str) -> str:
    """Return one line of composed letters with single spaces."""
    return " ".join(_CONTROL.sub(" ", unicodedata.normalize("NFC", text)).split())


def same(text: str) -> str:
    """Return a wording as it is compared: lower case, composed letters, single spaces."""
    return plain(text).casefold()


def same_person(one: str, other: str) -> bool:
    """Tell whether two names mean one person."""
    return same(one) == same(other)


def refuse_personal(text: str, what: str) -> None:
    """Refuse text with something like a CPR or telephone number in it.

    Raises:
        TerminologyError: says so without repeating the number.

    """
    if _PERSONAL_NUMBER.search(text):
        raise TerminologyError(
            f"{what} holds what looks like a CPR or telephone number. Take it out: nothing about a citizen "
            "belongs in a terminology."
        )
