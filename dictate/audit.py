"""The access log: who did what, when, about whom, from where; chained so that no change goes unnoticed.

Pure: events in, events and a verdict out; rows and files are the store's matter. Each event carries the MAC
of the one before it and is itself authenticated (HMAC-SHA256 over canonical JSON) under a key that is used
for nothing else. Number and MAC of the newest event are sealed in a file outside the database *after* each
commit: a kill between the two leaves the seal behind the log, never ahead of it, and the next opening sets
it right. So edits, deletions, reordering, splices and a cut-off end are found.

Not found: database and seal file both put back to the same older state, and the end cut off behind the seal
within the moment after a crash. Who holds the key can forge everything.

When the key changes, an event of the new key carries the old one, sealed: earlier events stay verifiable.
"""

import hmac
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import MappingProxyType

from dictate.sealing import SealBrokenError, seal, unseal

ROTATED = "key.rotate"
"""Action of the first event under a new key."""
_OLD_KEY, _OLD_KEY_ID = "old_key", "old_key_id"
_SLOT = 4_096
"""Bytes; the seal file has two slots that are written in turns, so that one is always whole."""
NOBODY = MappingProxyType[str, str]({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """Something that was done, before it stands in the log."""

    at: datetime
    """Aware UTC."""
    user: str
    name: str
    role: str
    organisation: str
    """SOR number or empty."""
    origin: str
    """Machine and program, such as "laptop-7 dictate-tui"."""
    action: str
    """Thing and verb, such as "note.read"."""
    target: str = ""
    """Kind and id, such as "dictation/<id>"."""
    citizen_id: str | None = None
    shown: tuple[str, ...] = ()
    """Ids of the citizens that a list showed."""
    detail: Mapping[str, str] = field(default_factory=lambda: NOBODY)
    """Figures and ids; never text of a note, a name or a CPR number of a citizen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEvent:
    """An access as it stands in the log."""

    seq: int
    """Counted from 1, without gaps."""
    access: Access
    key_id: str
    previous: str
    """MAC of the event before; empty for the first."""
    mac: str

    def concerns(self, citizen_id: str) -> bool:
        """Tell whether this citizen was looked at."""
        return citizen_id == self.access.citizen_id or citizen_id in self.access.shown


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditKey:
    """The key of the chain, with the name of the master key it comes from."""

    id: str
    key: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """The newest event that is known."""

    count: int
    mac: str
    """Empty where there is no event yet."""


START = Head(count=0, mac="")


@dataclass(frozen=True, slots=True, kw_only=True)
class Seal:
    """What the seal file says."""

    turn: int
    """Counts the writings of the file."""
    head: Head


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What came of checking the log."""

    count: int
    """Events that were read."""
    first_bad: int | None
    """Number of the first event that is not as it was written, or that is missing."""
    why: str
    """For a person; empty if all is well."""
    unsealed: int = 0
    """Good events behind the seal: those of a break between commit and seal."""

    @property
    def ok(self) -> bool:
        """Tell whether the log is as it was written."""
        return not self.why


def body(access: Access, *, seq: int, key_id: str, previous: str) -> str:
    """Return the canonical JSON of an event: what its MAC is made of."""
    data = {
        "seq": seq,
        "at": access.at.astimezone(UTC).isoformat(),
        "user": access.user,
        "name": access.name,
        "role": access.role,
        "organisation": access.organisation,
        "origin": access.origin,
        "action": access.action,
        "target": access.target,
        "citizen": access.citizen_id,
        "shown": list(access.shown),
        "detail": dict(access.detail),
        "key": key_id,
        "previous": previous,
    }
    return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def parse(text: str, mac: str) -> AuditEvent | None:
    """Read an event back, or return None where the text is none."""
    try:
        data = json.loads(text)
        access = Access(
            at=datetime.fromisoformat(data["at"]),
            user=data["user"],
            name=data["name"],
            role=data["role"],
            organisation=data["organisation"],
            origin=data["origin"],
            action=data["action"],
            target=data["target"],
            citizen_id=data["citizen"],
            shown=tuple(data["shown"]),
            detail=MappingProxyType(dict(data["detail"])),
        )
        return AuditEvent(
            seq=data["seq"], access=access, key_id=data["key"], previous=data["previous"], mac=mac
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def append(access: Access, after: Head, key: AuditKey) -> AuditEvent:
    """Chain an access to the newest event."""
    seq = after.count + 1
    text = body(access, seq=seq, key_id=key.id, previous=after.mac)
    return AuditEvent(seq=seq, access=access, key_id=key.id, previous=after.mac, mac=_mac(key.key, text))


def rotation_detail(old: AuditKey, new: AuditKey) -> Mapping[str, str]:
    """Return the detail of the event that begins a new key."""
    sealed = seal(new.key, old.key, f"audit key {old.id}")
    return MappingProxyType({_OLD_KEY_ID: old.id, _OLD_KEY: sealed.hex()})


def older_keys(rotations: Iterable[AuditEvent], newest: AuditKey) -> dict[str, bytes]:
    """Return all keys of a log by id, from its rotation events; what can't be opened is left out."""
    keys = {newest.id: newest.key}
    for event in sorted(rotations, key=lambda event: event.seq, reverse=True):
        old_id = event.access.detail.get(_OLD_KEY_ID, "")
        try:
            sealed = bytes.fromhex(event.access.detail.get(_OLD_KEY, ""))
            keys[old_id] = unseal(keys[event.key_id], sealed, f"audit key {old_id}")
        except (SealBrokenError, KeyError, ValueError):
            continue
    return keys


def verify(
    rows: Iterable[tuple[int, str, str]], keys: Mapping[str, bytes], head: Head | None, *, after: Head = START
) -> Verdict:
    """Check the log.

    Args:
        rows: number, canonical JSON and MAC of each event, as they stand, by number.
        keys: all keys by id, as `older_keys` gives them.
        head: what the seal says, or None where the seal is missing or damaged.
        after: begin behind this event, which is trusted.

    """
    last = after
    sealed_seen = head is not None and head == after
    for seq, text, mac in rows:
        why = _fault(seq, text, mac, last, keys)
        if why:
            return Verdict(count=last.count, first_bad=last.count + 1, why=why)
        last = Head(count=seq, mac=mac)
        if head is not None and seq == head.count:
            if not _same(mac, head.mac):
                why = f"Event {seq} is not the one that was sealed: the log was put together anew."
                return Verdict(count=last.count, first_bad=seq, why=why)
            sealed_seen = True
    if head is None:
        why = "The seal is missing or damaged: whether the end of the log was cut off can't be told."
        return Verdict(count=last.count, first_bad=None, why=why)
    if not sealed_seen:
        missing = last.count + 1
        why = f"Events from {missing} to {head.count} are missing: the end of the log was cut off."
        return Verdict(count=last.count, first_bad=missing, why=why)
    return Verdict(count=last.count, first_bad=None, why="", unsealed=last.count - head.count)


def write_seal(state: Seal, key: AuditKey) -> tuple[int, bytes]:
    """Return where in the seal file this state goes, and its bytes."""
    text = json.dumps(
        {"turn": state.turn, "count": state.head.count, "head": state.head.mac, "key": key.id},
        separators=(",", ":"),
    )
    content = f"{text}\n{_mac(key.key, 'seal ' + text)}\n".encode()
    return _SLOT * (state.turn % 2), content.ljust(512, b"\0")


def read_seal(content: bytes, keys: Mapping[str, bytes]) -> Seal | None:
    """Return the newest whole state of a seal file, or None."""
    states = [
        state for start in (0, _SLOT) if (state := _slot(content[start : start + 512], keys)) is not None
    ]
    return max(states, key=lambda state: state.turn, default=None)


def _fault(seq: int, text: str, mac: str, last: Head, keys: Mapping[str, bytes]) -> str:
    expected = last.count + 1
    if seq != expected:
        return f"Event {expected} is missing."
    event = parse(text, mac)
    if event is None:
        return f"Event {seq} is damaged."
    key = keys.get(event.key_id)
    if key is None:
        return f"Event {seq} was written under a key that is not known."
    if not _same(_mac(key, text), mac):
        return f"Event {seq} was changed."
    if event.previous != last.mac or event.seq != seq:
        return f"Event {seq} does not follow the one before it: an event was moved, put in or taken out."
    return ""


def _slot(content: bytes, keys: Mapping[str, bytes]) -> Seal | None:
    try:
        text, mac, *_ = content.decode("ascii").split("\n")
        data = json.loads(text)
        key = keys[data["key"]]
        if not _same(_mac(key, f"seal {text}"), mac):
            return None
        return Seal(turn=data["turn"], head=Head(count=data["count"], mac=data["head"]))
    except (ValueError, KeyError, TypeError):
        return None


def _mac(key: bytes, text: str) -> str:
    return hmac.new(key, text.encode(), "sha256").hexdigest()


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(), other.encode())
