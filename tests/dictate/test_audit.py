"""The chain of the access log: whatever is done to it is found, and the first bad event is named."""

import csv
import io
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from fhir.resources.R4B.bundle import Bundle
from hypothesis import given
from hypothesis import strategies as st

from dictate import audit
from dictate.access_list import as_csv, as_fhir
from dictate.audit import Access, AuditEvent, AuditKey, Head, Seal
from dictate.sealing import new_key

KEY = AuditKey(id="0123456789abcdef", key=bytes(32))
START = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
Row = tuple[int, str, str]
Rows = list[Row]
Change = Callable[[Rows, int, st.DataObject], Rows]


def access(number: int, **fields: object) -> Access:
    """Return something that was done."""
    plain = Access(
        at=START + timedelta(seconds=number),
        user="anna",
        name="Anna Testsen",
        role="Sygeplejerske",
        organisation="",
        origin="laptop test",
        action="note.read",
        target=f"dictation/d{number}",
        citizen_id=f"c{number % 3}",
    )
    return replace(plain, **fields)


def chain(count: int, key: AuditKey = KEY, after: Head = audit.START) -> list[AuditEvent]:
    """Return events, each chained to the one before."""
    events = []
    for number in range(count):
        events.append(audit.append(access(number), after, key))
        after = Head(count=events[-1].seq, mac=events[-1].mac)
    return events


def rows_of(events: list[AuditEvent]) -> Rows:
    """Return events as they stand in the database."""
    return [
        (one.seq, audit.body(one.access, seq=one.seq, key_id=one.key_id, previous=one.previous), one.mac)
        for one in events
    ]


def head_of(events: list[AuditEvent]) -> Head:
    """Return what a seal says after these events."""
    return Head(count=events[-1].seq, mac=events[-1].mac) if events else audit.START


def check(rows: Rows, head: Head | None, key: AuditKey = KEY) -> audit.Verdict:
    """Verify under one key."""
    return audit.verify(rows, {key.id: key.key}, head)


@pytest.mark.parametrize("count", [0, 1, 12])
def test_an_untouched_log_is_found_good(count: int) -> None:
    """Also an empty one; a seal that lags behind says how far."""
    events = chain(count)
    verdict = check(rows_of(events), head_of(events))
    assert (verdict.ok, verdict.count, verdict.first_bad, verdict.unsealed) == (True, count, None, 0)
    if count > 1:
        assert check(rows_of(events), head_of(events[:-1])).unsealed == 1


def test_an_event_comes_back_as_it_was() -> None:
    """Reading the canonical form gives the same event, with every letter."""
    event = audit.append(
        access(1, name='Åse "Ø"\n', detail={"b": "2", "a": "1"}, shown=("x",)), audit.START, KEY
    )
    ((_, text, mac),) = rows_of([event])
    assert audit.parse(text, mac) == event
    assert text.index('"a":"1"') < text.index('"b":"2"')
    assert audit.parse("{}", mac) is None
    assert audit.parse("[", mac) is None


def edited(rows: Rows, at: int, dice: st.DataObject) -> Rows:
    """Change one byte of an event's text or MAC."""
    seq, text, mac = rows[at]
    part = dice.draw(st.sampled_from(["text", "mac"]))
    changed = bytearray((text if part == "text" else mac).encode())
    place = dice.draw(st.integers(0, len(changed) - 1))
    changed[place] ^= dice.draw(st.integers(1, 127))
    new = changed.decode(errors="replace")
    rows[at] = (seq, new, mac) if part == "text" else (seq, text, new)
    return rows


def deleted(rows: Rows, at: int, _: st.DataObject) -> Rows:
    """Take one event out."""
    return [*rows[:at], *rows[at + 1 :]]


def renumbered(rows: Rows, at: int, _: st.DataObject) -> Rows:
    """Take one event out and close the gap in the numbers."""
    kept = [*rows[:at], *rows[at + 1 :]]
    return [(number, text, mac) for number, (_, text, mac) in enumerate(kept, start=1)]


def swapped(rows: Rows, at: int, dice: st.DataObject) -> Rows:
    """Let two events change places, numbers and all."""
    other = dice.draw(st.sampled_from([place for place in range(len(rows)) if place != at]))
    one, two = rows[at], rows[other]
    rows[at], rows[other] = (one[0], *two[1:]), (two[0], *one[1:])
    return rows


def spliced(rows: Rows, at: int, _: st.DataObject) -> Rows:
    """Put an event of another log, made with the same key, in the place of one."""
    foreign = rows_of(chain(1, after=Head(count=at, mac="f" * 64)))[0]
    rows[at] = foreign
    return rows


def cut(rows: Rows, at: int, _: st.DataObject) -> Rows:
    """Cut the end off."""
    return rows[:at]


@pytest.mark.parametrize("change", [edited, deleted, renumbered, swapped, spliced, cut])
@given(dice=st.data())
def test_every_change_is_found(
    change: Callable[[Rows, int, st.DataObject], Rows], dice: st.DataObject
) -> None:
    """The first bad event is the first one that differs."""
    events = chain(9)
    rows = rows_of(events)
    at = dice.draw(st.integers(0, len(rows) - 1))
    changed = change(list(rows), at, dice)
    differs = next(
        (place for place, (one, two) in enumerate(zip(rows, changed, strict=False)) if one != two),
        min(len(rows), len(changed)),
    )
    verdict = check(changed, head_of(events))
    assert not verdict.ok
    assert verdict.first_bad == differs + 1
    assert str(differs + 1) in verdict.why


def test_a_log_made_anew_with_the_key_is_told_by_the_seal() -> None:
    """Who has the key but not the seal can't rewrite what was sealed."""
    events = chain(5)
    forged = [audit.append(access(0, user="bo"), audit.START, KEY)]
    forged += chain(4, after=head_of(forged))
    verdict = check(rows_of(forged), head_of(events))
    assert (verdict.ok, verdict.first_bad) == (False, 5)
    assert "put together anew" in verdict.why


def test_without_a_seal_the_end_is_not_vouched_for() -> None:
    """The events themselves are good; that is said apart."""
    verdict = check(rows_of(chain(3)), None)
    assert (verdict.ok, verdict.first_bad, verdict.count) == (False, None, 3)


def test_a_change_of_key_goes_on_with_the_chain() -> None:
    """Events of all keys are verified; without the newest key none of the older ones is known."""
    keys = [AuditKey(id=str(number) * 16, key=new_key()) for number in range(3)]
    events = chain(3, keys[0])
    for old, new in pairwise(keys):
        rotated = access(9, action=audit.ROTATED, detail=audit.rotation_detail(old, new))
        events.append(audit.append(rotated, head_of(events), new))
        events += chain(3, new, head_of(events))
    rotations = [event for event in events if event.access.action == audit.ROTATED]
    known = audit.older_keys(rotations, keys[2])
    assert known == {key.id: key.key for key in keys}
    assert audit.verify(rows_of(events), known, head_of(events)).ok
    stranger = AuditKey(id=keys[2].id, key=new_key())
    known = audit.older_keys(rotations, stranger)
    verdict = audit.verify(rows_of(events), known, head_of(events))
    assert (verdict.ok, verdict.first_bad) == (False, 1)


@given(st.data())
def test_a_changed_seal_is_none(dice: st.DataObject) -> None:
    """The newest whole slot counts; one byte changed and it falls back, never to something else."""
    content = bytearray(8_192)
    for turn, count in enumerate((4, 5)):
        place, slot = audit.write_seal(Seal(turn=turn, head=Head(count=count, mac="ab" * 32)), KEY)
        content[place : place + len(slot)] = slot
    known = {KEY.id: KEY.key}
    newest = audit.read_seal(bytes(content), known)
    assert newest is not None
    assert newest.head.count == 5
    at = dice.draw(st.integers(4_096, 4_096 + 250))
    content[at] ^= dice.draw(st.integers(1, 255))
    older = audit.read_seal(bytes(content), known)
    assert older is not None
    assert older.head.count in {4, 5}
    assert audit.read_seal(bytes(content), {KEY.id: new_key()}) is None
    assert audit.read_seal(b"", known) is None


def test_the_list_for_a_citizen() -> None:
    """A table in Danish that a spreadsheet opens and does not run."""
    events = chain(2)
    events.append(audit.append(access(3, name="=cmd()"), head_of(events), KEY))
    content = as_csv(events).decode("utf-8-sig")
    head, *rows = csv.reader(io.StringIO(content), delimiter=";")
    assert head[:3] == ["Nr.", "Tidspunkt (UTC)", "Hvem"]
    assert rows[0][:4] == ["1", "2026-11-22 08:00:00", "Anna Testsen (anna)", "Sygeplejerske"]
    assert rows[0][5] == "Note læst"
    assert rows[2][2].startswith("'=cmd")


def test_the_list_as_fhir_is_valid() -> None:
    """Base FHIR R4 accepts each AuditEvent, with and without role, organisation, citizen and target."""
    bare = access(1, role="", target="", citizen_id=None, action="unknown.verb")
    full = access(2, organisation="1234567890123", detail={"hits": "3", "empty": ""}, shown=("c1", "c2"))
    events = [audit.append(one, audit.START, KEY) for one in (bare, full)]
    bundle = as_fhir(events, citizen_id="c1")
    Bundle.model_validate(bundle)
    Bundle.model_validate(as_fhir(events))
    Bundle.model_validate(as_fhir([]))
    resources = [entry["resource"] for entry in bundle["entry"]]
    assert [resource["recorded"] for resource in resources] == [
        "2026-11-22T08:00:01Z",
        "2026-11-22T08:00:02Z",
    ]
    assert resources[1]["entity"][0]["what"]["identifier"]["value"] == "c1"
    assert "c2" not in str(bundle)
