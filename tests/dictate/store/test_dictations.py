"""A dictation from the first sound to the signed note, on both databases."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from dictate.entry import Assertion, Entry, Kind, Note, RecordStatus, Review, Signature
from dictate.errors import NotSignedError, SignedAlreadyError, StoreError
from dictate.identity import Actor
from dictate.store import Location, Store
from dictate.store.types import EventKind, OutboxState, Source, State
from dictate.transcript import ModelName, Segment, Transcript, Word

SIGNATURE = Signature(by="Anna Testsen", role="Sygeplejerske", at=datetime(2026, 11, 22, 10, 0, tzinfo=UTC))
Make = Callable[..., Entry]
MakeNote = Callable[..., Note]


def heard() -> Transcript:
    """Return what a recogniser gives."""
    word = Word(text="sover", start=0.1, end=0.6, probability=0.75)
    segment = Segment(text="sover", start=0.1, end=0.6, words=(word,), avg_logprob=-0.2, no_speech_prob=0.01)
    model = ModelName(name="m", revision="r", compute_type="int8")
    return Transcript(segments=(segment,), language="da", duration=1.5, model=model)


def begun(store: Store) -> str:
    """Begin a dictation about a new citizen."""
    return store.dictations.begin(store.citizens.add(name="Åse Bach").id).id


def test_the_way_of_a_note(
    store: Store, make_entry: Make, make_note: MakeNote, signed: Callable[..., Note]
) -> None:
    """Begin, transcribe, draft, assign, sign: each step can be read back as it was put in."""
    dictation = store.dictations.begin(record=True)
    assert dictation.state is State.RECORDING
    assert dictation.author == "anna"
    assert dictation.recording_id
    assert store.dictations.save_transcript(dictation.id, heard(), "Sover.") == 1
    assert store.dictations.get(dictation.id).state is State.DRAFT
    assert store.dictations.note(dictation.id).text == "Sover."
    draft = make_note(make_entry("e-1"), make_entry("e-2", score=40.0))
    store.dictations.save_note(dictation.id, draft)
    kept = store.dictations.note(dictation.id)
    assert kept == replace(draft, id=dictation.id)
    listed = store.dictations.get(dictation.id)
    assert (listed.unsure, listed.certainty) == (1, 40.0)
    citizen = store.citizens.add(name="Åse Bach")
    store.dictations.assign(dictation.id, citizen.id)
    final = signed(kept)
    store.dictations.sign(dictation.id, final, targets=["fagsystem"])
    assert store.dictations.note(dictation.id) == final
    versions = store.dictations.texts(dictation.id)
    assert [(version.version, version.kind) for version in versions] == [
        (1, "heard"),
        (2, "draft"),
        (3, "signed"),
    ]
    assert versions[0].transcript == heard()
    assert [event.kind for event in store.events.of(dictation.id)] == [EventKind.SIGNED]
    assert [(one.target, one.state, one.citizen_id) for one in store.outbox.list()] == [
        ("fagsystem", OutboxState.QUEUED, citizen.id)
    ]


def test_a_note_is_signed_once(
    store: Store, make_entry: Make, make_note: MakeNote, signed: Callable[..., Note]
) -> None:
    """A second signature, a new draft, a new citizen: all refused, and the signed text stays."""
    identifier = begun(store)
    final = signed(make_note(make_entry()))
    store.dictations.sign(identifier, final)
    for change in (
        lambda: store.dictations.sign(identifier, replace(final, text="Andet.")),
        lambda: store.dictations.save_note(identifier, make_note(text="Andet.")),
        lambda: store.dictations.save_entries(identifier, ()),
        lambda: store.dictations.add_entry(identifier, make_entry("e-9")),
        lambda: store.dictations.save_transcript(identifier, heard(), "Andet."),
        lambda: store.dictations.assign(identifier, store.citizens.add(name="Bo").id),
        lambda: store.dictations.discard(identifier),
    ):
        with pytest.raises(SignedAlreadyError):
            change()
    assert store.dictations.note(identifier) == replace(final, id=identifier)
    assert len(store.outbox.list()) == 0


def test_signing_is_all_or_nothing(
    store: Store, make_entry: Make, make_note: MakeNote, signed: Callable[..., Note]
) -> None:
    """Without a signature, a citizen, or ids that differ, nothing of the signing remains."""
    nobody = store.dictations.begin().id
    with pytest.raises(StoreError, match="whom"):
        store.dictations.sign(nobody, signed(make_note(make_entry())), targets=["t"])
    identifier = begun(store)
    with pytest.raises(NotSignedError):
        store.dictations.sign(identifier, make_note(make_entry()))
    twice = signed(make_note(make_entry("e-1"), make_entry("e-1")))
    with pytest.raises(StoreError, match="same id"):
        store.dictations.sign(identifier, twice, targets=["t"])
    assert store.dictations.get(identifier).state is State.RECORDING
    assert store.dictations.texts(identifier) == ()
    assert store.events.of(identifier) == ()
    assert store.outbox.list() == ()
    assert store.log.verify().ok


def test_a_draft_bears_no_signature(store: Store, make_note: MakeNote, make_entry: Make) -> None:
    """An entry can't be made final by saving a draft."""
    identifier = begun(store)
    final = replace(make_entry(), signed=SIGNATURE, record_status=RecordStatus.FINAL, review=Review.ACCEPTED)
    with pytest.raises(StoreError, match="isn't being signed"):
        store.dictations.save_note(identifier, make_note(final))
    with pytest.raises(StoreError, match="isn't being signed"):
        store.dictations.add_entry(identifier, final)


def test_a_whole_number_is_kept_without_a_word(store: Store, make_note: MakeNote, make_entry: Make) -> None:
    """A warning about the type of a value would print the value; warnings fail this suite."""
    identifier = begun(store)
    pulse = replace(make_entry(), kind=Kind.OBSERVATION, assertion=Assertion.MEASURED, value=76, unit="/min")
    store.dictations.save_note(identifier, make_note(pulse))
    (kept,) = store.dictations.note(identifier).entries
    assert kept.value == 76


def test_every_state_of_an_entry_is_kept(store: Store, make_note: MakeNote, make_entry: Make) -> None:
    """Added, changed, removed, added again: the history has each of them, and order is kept."""
    identifier = begun(store)
    one, two = make_entry("e-1"), make_entry("e-2")
    store.dictations.save_note(identifier, make_note(one, two))
    changed = replace(one, review=Review.ACCEPTED)
    store.dictations.save_entries(identifier, (two, changed))
    assert store.dictations.note(identifier).entries == (two, changed)
    store.dictations.save_entries(identifier, (two,))
    store.dictations.save_entries(identifier, (two, one))
    store.dictations.add_entry(identifier, make_entry("e-3"))
    history = store.dictations.history(identifier, "e-1")
    assert [(state.version, state.change) for state in history] == [
        (1, "added"),
        (2, "changed"),
        (3, "removed"),
        (4, "added"),
    ]
    assert history[1].entry == changed
    assert [entry.id for entry in store.dictations.note(identifier).entries] == ["e-2", "e-1", "e-3"]
    assert len(store.dictations.history(identifier, "e-2")) == 1
    assert len(store.dictations.texts(identifier)) == 1


def test_what_is_signed_is_amended_or_withdrawn_for_a_reason(
    store: Store, make_note: MakeNote, make_entry: Make, signed: Callable[..., Note]
) -> None:
    """The new state says so, the old one stays readable, and the receivers are told."""
    identifier = begun(store)
    store.dictations.sign(identifier, signed(make_note(make_entry("e-1"), make_entry("e-2"))), targets=["t"])
    better = replace(make_entry("e-1"), level=3, review=Review.CHANGED)
    with pytest.raises(StoreError, match="reason"):
        store.dictations.amend(identifier, better, why=" ", signature=SIGNATURE)
    store.dictations.amend(identifier, better, why="niveau manglede", signature=SIGNATURE, targets=["t"])
    store.dictations.withdraw(identifier, "e-2", why="forkert borger", signature=SIGNATURE, targets=["t"])
    first, second = store.dictations.note(identifier).entries
    assert (first.record_status, first.level, first.signed) == (RecordStatus.AMENDED, 3, SIGNATURE)
    assert second.record_status is RecordStatus.ENTERED_IN_ERROR
    history = store.dictations.history(identifier, "e-1")
    assert [state.change for state in history] == ["signed", "amended"]
    assert history[0].entry.level is None
    assert history[1].why == "niveau manglede"
    with pytest.raises(SignedAlreadyError):
        store.dictations.withdraw(identifier, "e-2", why="igen", signature=SIGNATURE)
    with pytest.raises(StoreError, match="no signed entry"):
        store.dictations.withdraw(identifier, "e-9", why="findes ikke", signature=SIGNATURE)
    assert [delivery.reason for delivery in store.outbox.list()] == ["signed", "amended", "withdrawn"]


def test_a_suggestion_is_not_amended(
    store: Store, make_note: MakeNote, make_entry: Make, signed: Callable[..., Note]
) -> None:
    """What was rejected or left at signing is no record: it can't be amended into one."""
    identifier = begun(store)
    with pytest.raises(StoreError, match="not signed"):
        store.dictations.withdraw(identifier, "e-1", why="før underskrift", signature=SIGNATURE)
    rejected = make_entry("e-2", review=Review.REJECTED)
    store.dictations.sign(identifier, signed(make_note(make_entry("e-1"), rejected)))
    with pytest.raises(StoreError, match="no signed entry"):
        store.dictations.amend(identifier, make_entry("e-2"), why="alligevel", signature=SIGNATURE)


def test_unfinished_dictations_and_inbox(
    store: Store, location: Location, other: Actor, opener: Callable[..., Store], make_entry: Make
) -> None:
    """Unfinished ones are mine and of no batch; the inbox has the least certain first."""
    first, second, gone = (store.dictations.begin().id for _ in range(3))
    store.dictations.add_entry(first, make_entry())
    store.dictations.discard(gone)
    opener(location, actor=other).dictations.begin()
    batched = [store.dictations.begin(source=Source.BATCH).id for _ in range(3)]
    for identifier, score in zip(batched, (80.0, 20.0, 60.0), strict=True):
        store.dictations.add_entry(identifier, make_entry(score=score))
    assert [one.id for one in store.dictations.unfinished()] == [second, first]
    assert [one.certainty for one in store.dictations.inbox()] == [20.0, 60.0, 80.0]
    assert [one.certainty for one in store.dictations.inbox(limit=1)] == [20.0]


def test_search_in_my_notes(
    store: Store, location: Location, other: Actor, opener: Callable[..., Store], make_note: MakeNote
) -> None:
    """Text and names of my own notes are searched; a citizen's list has everybody's."""
    citizen = store.citizens.add(name="Åse Bach")
    first = store.dictations.begin(citizen.id).id
    store.dictations.save_note(first, make_note(text="Faldt i badet."))
    store.dictations.save_note(store.dictations.begin().id, make_note(text="Spiste godt."))
    colleague = opener(location, actor=other)
    theirs = colleague.dictations.begin(citizen.id).id
    (found,) = store.dictations.mine("FALDT")
    assert (found.id, found.citizen_name, found.excerpt) == (first, "Åse Bach", "Faldt i badet.")
    assert [one.id for one in store.dictations.mine("åse")] == [first]
    assert len(store.dictations.mine()) == 2
    assert len(store.dictations.mine(limit=1)) == 1
    assert store.dictations.mine("findes ikke") == ()
    assert [one.id for one in colleague.dictations.mine()] == [theirs]
    assert [one.id for one in store.dictations.of(citizen.id)] == [theirs, first]


def test_an_export_gets_signed_notes_only(
    store: Store, make_note: MakeNote, signed: Callable[..., Note]
) -> None:
    """Of one citizen, or since a time, each note with whom it is about."""
    identifier, draft = begun(store), begun(store)
    store.dictations.save_note(draft, make_note())
    store.dictations.sign(identifier, signed(make_note(text="Spiste godt.")))
    (export,) = store.dictations.signed()
    assert export.dictation.id == identifier
    assert export.citizen is not None
    assert export.citizen.name == "Åse Bach"
    assert export.note == store.dictations.note(identifier)
    assert store.dictations.signed(citizen_id=export.citizen.id) == (export,)
    assert store.dictations.signed(citizen_id=store.dictations.get(draft).citizen_id) == ()
    assert store.dictations.signed(since=datetime(2026, 11, 22, 9, 1, tzinfo=UTC)) == ()


def test_corrections_and_events(store: Store) -> None:
    """Pairs are kept, listed and undone; moments come in order of time."""
    identifier = begun(store)
    pair = store.corrections.add(identifier, heard="tryksår", chosen="tryksår på hæl", kind="text")
    assert store.corrections.all() == (pair,)
    store.corrections.undo(pair.id)
    assert store.corrections.all() == ()
    late, early = (datetime(2026, 11, 22, hour, tzinfo=UTC) for hour in (12, 11))
    store.events.add(identifier, EventKind.STOP, at=late)
    store.events.add(identifier, EventKind.FIRST_SOUND, at=early, detail="x-1 accepted")
    assert [(event.kind, event.at) for event in store.events.of(identifier)] == [
        (EventKind.FIRST_SOUND, early),
        (EventKind.STOP, late),
    ]


def test_what_is_not_there_is_one_sentence(store: Store, make_entry: Make) -> None:
    """Unknown ids change nothing and are told."""
    for ask in (
        lambda: store.dictations.get("x"),
        lambda: store.dictations.note("x"),
        lambda: store.dictations.add_entry("x", make_entry()),
        lambda: store.dictations.begin("x"),
        lambda: store.citizens.get("x"),
        lambda: store.recordings.key("x"),
        lambda: store.events.add("x", EventKind.STOP),
        lambda: store.outbox.get("x"),
        lambda: store.erase.dictation("x"),
    ):
        with pytest.raises(StoreError, match="There is no such"):
            ask()
