"""What the benefit report counts, recomputed from the raw notes and events of a real store."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from typer.testing import CliRunner

from dictate import opening
from dictate.cli.__main__ import app
from dictate.entry import Entry, Note, Review
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
    done = CliRunner().invoke(app, ["report", "--by", "month"])
    assert done.exit_code == 0, done.stderr
    assert "6 signed notes" in done.stdout
    assert "minutes saved a note" in done.stdout
    assert "too small to be shown: 1" in done.stdout
    for secret in ("Ida", "Prøve", "anna", "uroligt"):
        assert secret not in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 80
