"""All that is held about a citizen, as they may ask for it: JSON for machines, Danish text for people."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime
from enum import Enum
from types import MappingProxyType

from dictate.access_list import action_in_words
from dictate.audit import AuditEvent
from dictate.entry import Entry, RecordStatus, Review
from dictate.export.wording import SAID, moment
from dictate.store.everything import AllHeld, HeldDictation
from dictate.store.types import EntryVersion, OutboxState, Source, State

_STATES = MappingProxyType(
    {
        State.RECORDING: "begyndt, ikke skrevet ud",
        State.DRAFT: "kladde, ikke underskrevet",
        State.SIGNED: "underskrevet",
        State.DISCARDED: "kasseret",
        State.ERASED: "slettet",
    }
)
_SOURCES = MappingProxyType(
    {Source.TERMINAL: "indtalt", Source.BATCH: "indsendt optagelse", Source.TEXT: "skrevet"}
)
_TEXTS = MappingProxyType({"heard": "Hørt", "draft": "Kladde", "signed": "Underskrevet"})
_REVIEWS = MappingProxyType(
    {
        Review.SUGGESTED: "foreslået af programmet",
        Review.ACCEPTED: "godkendt",
        Review.CHANGED: "rettet",
        Review.REJECTED: "afvist",
        Review.ADDED: "tilføjet",
    }
)
_RECORDS = MappingProxyType(
    {
        RecordStatus.PRELIMINARY: "foreløbig",
        RecordStatus.FINAL: "endelig",
        RecordStatus.AMENDED: "ændret",
        RecordStatus.ENTERED_IN_ERROR: "fejlregistreret",
    }
)
_CHANGES = MappingProxyType(
    {
        "added": "kom til",
        "changed": "rettet",
        "removed": "fjernet",
        "signed": "underskrevet",
        "amended": "ændret efter underskrift",
        "withdrawn": "trukket tilbage",
    }
)
_SENT = MappingProxyType(
    {
        OutboxState.QUEUED: "venter",
        OutboxState.CLAIMED: "på vej",
        OutboxState.DELIVERED: "modtaget",
        OutboxState.DEAD: "opgivet",
        OutboxState.DROPPED: "taget ud",
    }
)


def as_json(held: AllHeld, log: tuple[AuditEvent, ...]) -> bytes:
    """Return everything with the field names of the program; times in UTC."""
    return (
        json.dumps({"held": _plain(held), "log": _plain(log)}, ensure_ascii=False, indent=1).encode() + b"\n"
    )


def as_text(held: AllHeld, log: tuple[AuditEvent, ...], *, now: datetime) -> bytes:
    """Return everything in Danish words, in UTF-8; times in Danish time."""
    lines = [
        "OPLYSNINGER OM EN BORGER",
        f"Udskrevet {moment(now)}",
        "",
        f"Navn: {held.citizen.name}",
        f"CPR-nummer: {held.citizen.cpr or 'ikke registreret'}",
        f"Nummer i dette system: {held.citizen.id}",
        *(f"Sletning spærret {moment(hold.at)} af {hold.by}: {hold.why}" for hold in held.holds),
    ]
    for number, one in enumerate(held.dictations, start=1):
        lines += ["", f"DIKTAT {number}", *_dictation(one)]
    lines += ["", "HVEM HAR SET OG ÆNDRET HVAD"]
    lines += [
        f"{moment(event.access.at)}  {event.access.name} ({event.access.user})"
        f"{', ' + event.access.role if event.access.role else ''}: {action_in_words(event)}"
        for event in log
    ]
    return "\n".join([*lines, ""]).encode()


def _dictation(one: HeldDictation) -> Iterator[str]:
    about = one.dictation
    yield f"Begyndt {moment(about.started)} af {about.author}"
    yield f"{_SOURCES[about.source]}; {_STATES[about.state]}".capitalize()
    if about.signed_at and one.note and one.note.signed:
        signed = one.note.signed
        yield f"Underskrevet {moment(about.signed_at)} af {signed.by}, {signed.role}"
    if one.recording:
        yield _sound(one)
    for text in one.texts:
        yield f"{_TEXTS.get(text.kind, text.kind)} {moment(text.at)} ({text.by}):"
        yield from (f"    {line}" for line in text.text.splitlines())
    if one.note:
        yield from (f"  - {_entry(entry)}" for entry in one.note.entries)
        yield from (f"  - {_extra(dict(extra))}" for extra in one.note.extras)
    yield from (f"  Historik: {_change(state)}" for state in one.history)
    yield from (
        f'  Rettelse {moment(each.at)}: "{each.heard}" til "{each.chosen}"' for each in one.corrections
    )
    for delivery in one.deliveries:
        yield f"  Sendt til {delivery.target} (sat i kø {moment(delivery.created)}): {_SENT[delivery.state]}"


def _sound(one: HeldDictation) -> str:
    assert one.recording is not None
    if one.recording.deleted_at:
        return f"Lyd: slettet {moment(one.recording.deleted_at)}"
    seconds = one.recording.seconds
    return "Lyd: findes" if seconds is None else f"Lyd: findes, {seconds:.0f} sekunder"


def _entry(entry: Entry) -> str:
    parts = [entry.coding.display if entry.coding else entry.name or entry.kind.value]
    parts += [
        str(part)
        for part in (entry.value, entry.unit, entry.dose, entry.route, entry.time)
        if part is not None
    ]
    if entry.level is not None:
        parts.append(f"niveau {entry.level}")
    parts += [SAID[entry.assertion], _REVIEWS[entry.review], _RECORDS[entry.record_status]]
    if entry.signed:
        parts.append(f"underskrevet af {entry.signed.by} {moment(entry.signed.at)}")
    return ", ".join(parts) + f' ("{entry.evidence}")'


def _extra(extra: dict[str, object]) -> str:
    return ", ".join(
        f"{name}: {value.value if isinstance(value, Enum) else value}" for name, value in extra.items()
    )


def _change(state: EntryVersion) -> str:
    why = f" ({state.why})" if state.why else ""
    change = _CHANGES.get(state.change, state.change)
    return f"{moment(state.at)} {state.by}: {change}{why}: {_entry(state.entry)}"


def _plain(value: object) -> object:
    """Return what JSON can hold of a frozen value."""
    if is_dataclass(value):
        return {each.name: _plain(getattr(value, each.name)) for each in fields(value)}
    if isinstance(value, Mapping):
        return {str(name): _plain(part) for name, part in value.items()}
    if isinstance(value, (tuple, list)):
        return [_plain(part) for part in value]
    if isinstance(value, datetime):
        return value.isoformat()
    return value
