"""What the benefit report counts, recomputed from the raw notes and events of a real store."""

import json
import random
import statistics
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from typer.testing import CliRunner

from dictate import opening, session
from dictate.cli.__main__ import app
from dictate.entry import Entry, Note, Review
from dictate.identity import Actor
from dictate.store import Location, Store
from dictate.store.types import EventKind, Source
from dictate.transcript import ModelName, Transcript

AT = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
MODEL = ModelName(name="m", revision="0" * 40, compute_type="int8")


@pytest.fixture
def embedded_store(embedded_location: Location, opener: Callable[..., Store]) -> Store:
    """Return an empty embedded store."""
    return opener(embedded_location)


def heard(store: Store, text: str, *, citizen: str) -> str:
    """Begin a dictation with a first sound two minutes before nine, and what was heard of it."""
    dictation = store.dictations.begin(citizen, Source.TERMINAL, record=True)
    store.events.add(dictation.id, EventKind.FIRST_SOUND, at=AT - timedelta(minutes=2))
    assert dictation.recording_id is not None
    store.recordings.seal(dictation.recording_id, seconds=31.5, sha256="0" * 64)
    transcript = Transcript(segments=(), language="da", duration=31.5, model=MODEL)
    store.dictations.save_transcript(dictation.id, transcript, text)
    return dictation.id


def test_facts_of_a_note(
    store: Store,
    make_entry: Callable[..., Entry],
    make_note: Callable[..., Note],
    signed: Callable[..., Note],
) -> None:
    """Times, words, edited words, decisions and the suggestion that was rejected."""
    citizen = store.citizens.add(name="Ida Prøve")
    place = heard(store, "Sover uruligt om natten.", citizen=citizen.id)
    store.dictations.save_note(
        place, make_note(make_entry("e-1"), make_entry("e-2"), text="Sover uruligt om natten.")
    )
    final = signed(make_note(make_entry("e-1"), replace(make_entry("e-2"), review=Review.REJECTED)), at=AT)
    store.dictations.sign(place, final)
    unsigned = store.dictations.begin(citizen.id, Source.TEXT)
    (facts,) = store.statistics.notes()
    assert unsigned.id != place
    assert (facts.author, facts.signed_at, facts.spoken_s) == ("anna", AT, 31.5)
    assert facts.start_to_signed_s == 120.0
    assert (facts.words, facts.edits) == (4, 1)
    assert sorted(facts.reviews) == [("condition", "accepted"), ("condition", "rejected")]
    assert facts.corrected == ("Søvnproblemer",)
    assert facts.citizen == "0"


def test_only_the_asked_period_and_account(
    store: Store,
    make_entry: Callable[..., Entry],
    make_note: Callable[..., Note],
    signed: Callable[..., Note],
) -> None:
    """Bounds: from the first moment, up to the last one without it."""
    citizen = store.citizens.add(name="Ida Prøve")
    for day in range(3):
        place = heard(store, "Sover uroligt om natten.", citizen=citizen.id)
        note = make_note(make_entry("e-1"))
        store.dictations.sign(place, signed(note, at=AT + timedelta(days=day)))
    found = store.statistics.notes(since=AT + timedelta(days=1), until=AT + timedelta(days=2))
    assert [one.signed_at for one in found] == [AT + timedelta(days=1)]
    assert store.statistics.notes(author="bo") == ()
    assert len(store.statistics.notes(author="anna")) == 3
    assert store.log.verify().ok


def test_the_command_shows_no_name(
    embedded_store: Store,
    make_entry: Callable[..., Entry],
    make_note: Callable[..., Note],
    signed: Callable[..., Note],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """`dictate report` over a real store: figures, an interval, no name, no text of a note."""
    store = embedded_store
    citizen = store.citizens.add(name="Ida Prøve")
    for _ in range(6):
        place = heard(store, "Sover uroligt om natten.", citizen=citizen.id)
        store.dictations.sign(place, signed(make_note(make_entry("e-1")), at=AT))
    monkeypatch.setattr(opening, "store", lambda *_, **__: store)
    refused = CliRunner().invoke(app, ["report", "--by", "month"])
    assert refused.exit_code == 1
    assert "--mine" in str(refused.exception)
    assert not refused.stdout
    done = CliRunner().invoke(app, ["report", "--by", "month", "--mine"])
    assert done.exit_code == 0, done.stderr
    assert "6 signed notes" in done.stdout
    assert "minutes saved a note" in done.stdout
    assert "2026-11" in done.stdout
    for secret in ("Ida", "Prøve", "anna", "uroligt"):
        assert secret not in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 80


def test_the_report_says_what_the_raw_events_say(
    embedded_location: Location,
    opener: Callable[..., Store],
    make_entry: Callable[..., Entry],
    make_note: Callable[..., Note],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Twelve notes of six people, every figure counted again from what was put in; times saved, by hand."""
    dice = random.Random(3)  # noqa: S311 - repeatable
    people = [Actor(user=f"p{at}", name=f"Prøve {at}", role="Sygeplejerske") for at in range(6)]
    stores = [opener(embedded_location, actor=person) for person in people]
    citizen = stores[0].citizens.add(name="Ida Prøve").id
    counted, waits, saved = Counter[str](), [], []
    for at in range(12):
        store, person = stores[at % 6], people[at % 6]
        said = [f"ord{number}" for number in range(dice.randint(8, 20))]
        changed, dropped = dice.randint(0, 3), dice.randint(0, 2)
        final = [f"andet{number}" if number < changed else word for number, word in enumerate(said)]
        final = final[: len(final) - dropped]
        wait, sound = dice.randint(20, 400), dice.randint(5, 90)
        dictation = store.dictations.begin(citizen, Source.TERMINAL, record=True)
        store.events.add(dictation.id, EventKind.FIRST_SOUND, at=AT - timedelta(seconds=wait))
        assert dictation.recording_id is not None
        store.recordings.seal(dictation.recording_id, seconds=float(sound), sha256="0" * 64)
        heard = Transcript(segments=(), language="da", duration=float(sound), model=MODEL)
        store.dictations.save_transcript(dictation.id, heard, " ".join(said))
        reviews = [dice.choice([Review.ACCEPTED, Review.CHANGED, Review.REJECTED]) for _ in range(3)]
        entries = [make_entry(f"e-{number}") for number in range(3)]
        text = " ".join(final)
        store.dictations.save_note(dictation.id, make_note(*entries, text=text))
        decided = [replace(entry, review=review) for entry, review in zip(entries, reviews, strict=True)]
        (done,) = session.sign(
            [make_note(*decided, text=text)], by=person.name, role=person.role, at=AT, accept_all=True
        )
        store.dictations.sign(dictation.id, done)
        counted.update({"sound": sound, "words": len(final), "edits": changed + dropped})
        counted.update(review.value for review in reviews)
        waits.append(wait)
        saved.append(len(final) / 40 * 60 + 20 - wait)
        saved.append(len(final) / 20 * 60 + 60 - wait)
    monkeypatch.setattr(opening, "store", lambda *_, **__: stores[0])
    shown = CliRunner().invoke(app, ["report", "--format", "json"])
    assert shown.exit_code == 0, shown.exception
    found = json.loads(shown.stdout)["all"]
    assert (found["notes"], found["people"], found["timed"]) == (12, 6, 12)
    assert found["spoken_minutes"] == pytest.approx(counted["sound"] / 60)
    assert (found["words"], round(found["edits_per_note"] * 12)) == (counted["words"], counted["edits"])
    assert found["start_to_signed_s"] == pytest.approx(statistics.median(waits))
    (reviewed,) = found["reviews"]
    assert {name: reviewed[name] for name in ("accepted", "changed", "rejected")} == {
        name: counted[name] for name in ("accepted", "changed", "rejected")
    }
    assert found["most_corrected"] == [["Søvnproblemer", counted["changed"] + counted["rejected"]]]
    assert found["saved_minutes_per_note"]["middle"] == pytest.approx(statistics.fmean(saved) / 60)
