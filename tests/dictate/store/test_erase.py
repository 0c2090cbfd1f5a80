"""What is deleted is gone for good, also from older backups; what is on hold stays."""

import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from dictate import journal
from dictate.entry import Entry, Note
from dictate.errors import StoreError
from dictate.store import Location, Store
from dictate.store.types import Erased, State

Opener = Callable[..., Store]


@pytest.fixture(name="dictated")
def dictated_fixture(
    store: Store, make_entry: Callable[..., Entry], make_note: Callable[..., Note]
) -> tuple[str, str]:
    """Return the ids of a citizen and of a dictation about them, with sound, text and correction."""
    citizen = store.citizens.add(name="Åse Bach", cpr="0101010101")
    dictation = store.dictations.begin(citizen.id, record=True)
    assert dictation.recording_id is not None
    key = store.recordings.key(dictation.recording_id)
    with journal.record(store.recordings_dir, dictation.recording_id, key) as writer:
        writer.write(np.zeros(8_000, np.float32))
    store.dictations.save_note(dictation.id, make_note(make_entry()))
    store.corrections.add(dictation.id, heard="a", chosen="b", kind="text")
    return citizen.id, dictation.id


def test_sound_goes_and_the_note_stays(store: Store, dictated: tuple[str, str]) -> None:
    """Key and file are gone; the row says when."""
    _, identifier = dictated
    recording = store.recordings.of(identifier)
    assert recording is not None
    assert store.erase.sound(recording.id) == Erased(recordings=1)
    with pytest.raises(StoreError, match="deleted for good"):
        store.recordings.key(recording.id)
    assert not journal.path_of(store.recordings_dir, recording.id).exists()
    assert store.recordings.get(recording.id).deleted_at is not None
    assert store.dictations.note(identifier).text


def test_a_dictation_goes_with_everything_in_it(store: Store, dictated: tuple[str, str]) -> None:
    """What remains says that it was there, and no more."""
    citizen_id, identifier = dictated
    assert store.erase.dictation(identifier) == Erased(dictations=1, recordings=1)
    assert store.dictations.get(identifier).state is State.ERASED
    for read in (store.dictations.note, store.dictations.texts):
        with pytest.raises(StoreError, match="deleted for good"):
            read(identifier)
    assert store.corrections.all() == ()
    assert store.dictations.of(citizen_id) == ()
    assert store.dictations.mine() == ()
    assert list(store.recordings_dir.iterdir()) == []
    assert store.citizens.get(citizen_id).name == "Åse Bach"
    assert "dictation.erase" in [event.access.action for event in store.log.read(citizen_id=citizen_id)]


def test_a_citizen_goes_with_everything_about_them(store: Store, dictated: tuple[str, str]) -> None:
    """Neither number nor name finds them; the log still knows that they were looked at."""
    citizen_id, identifier = dictated
    assert store.erase.citizen(citizen_id) == Erased(citizens=1, dictations=1, recordings=1)
    assert store.citizens.search("åse") == ()
    assert store.citizens.search("") == ()
    assert store.citizens.by_cpr("0101010101") is None
    with pytest.raises(StoreError, match="deleted for good"):
        store.citizens.get(citizen_id)
    assert store.dictations.get(identifier).state is State.ERASED
    assert store.log.read(citizen_id=citizen_id)
    assert store.log.verify().ok


def test_what_is_on_hold_stays(store: Store, dictated: tuple[str, str]) -> None:
    """A hold on citizen or dictation stops every way of deleting; lifted, it goes."""
    citizen_id, identifier = dictated
    recording = store.recordings.of(identifier)
    assert recording is not None
    for held in (citizen_id, identifier):
        store.holds.put(held, "sag 17")
        assert [(hold.id, hold.why, hold.by) for hold in store.holds.all()] == [(held, "sag 17", "anna")]
        for delete in (
            lambda: store.erase.sound(recording.id),
            lambda: store.erase.dictation(identifier),
            lambda: store.erase.citizen(citizen_id),
        ):
            with pytest.raises(StoreError, match="hold"):
                delete()
        store.holds.lift(held, "sag lukket")
    assert store.dictations.note(identifier).text
    store.erase.citizen(citizen_id)


def test_an_old_backup_does_not_bring_it_back(
    embedded_location: Location, opener: Opener, make_note: Callable[..., Note], tmp_path: Path
) -> None:
    """Yesterday's database with today's key file: the shredded note is unreadable, others are not."""
    store = opener(embedded_location)
    gone, kept = store.dictations.begin(record=True), store.dictations.begin()
    for dictation in (gone, kept):
        store.dictations.save_note(dictation.id, make_note())
    store.maintenance.snapshot(tmp_path / "backup.db")
    recording_key = store.recordings.key(gone.recording_id or "")
    store.erase.dictation(gone.id)
    store.close()
    assert recording_key not in embedded_location.item_database.read_bytes()
    shutil.copy(tmp_path / "backup.db", embedded_location.database)
    again = opener(embedded_location)
    assert again.dictations.get(gone.id).state is State.DRAFT
    with pytest.raises(StoreError, match="deleted for good"):
        again.dictations.note(gone.id)
    with pytest.raises(StoreError, match="deleted for good"):
        again.recordings.key(gone.recording_id or "")
    assert again.dictations.note(kept.id).text
    assert again.log.alarm


def test_a_snapshot_is_whole(embedded_location: Location, opener: Opener, tmp_path: Path) -> None:
    """Both copies make a store that opens, and nothing is overwritten."""
    store = opener(embedded_location)
    citizen = store.citizens.add(name="Åse Bach")
    copy = Location.folder(tmp_path / "copy")
    copy.home.mkdir()
    store.maintenance.snapshot(copy.database)
    store.maintenance.snapshot_keys(copy.item_database)
    with pytest.raises(StoreError, match="already"):
        store.maintenance.snapshot(copy.database)
    shutil.copy(embedded_location.seal, copy.seal)
    again = opener(copy)
    assert again.citizens.get(citizen.id) == citizen
    assert again.log.verify().ok


def test_a_deletion_cut_short_is_finished(
    store: Store, dictated: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A kill after the commit leaves the key; the next run of retention destroys it."""
    citizen_id, _ = dictated
    with monkeypatch.context() as patch:
        patch.setattr("dictate.store.erase.Erase._shred", lambda *_: 0)
        store.erase.citizen(citizen_id)
    assert list(store.recordings_dir.iterdir()) != []
    assert store.erase.finish() == 3
    assert store.erase.finish() == 0
    assert list(store.recordings_dir.iterdir()) == []


def test_recordings_that_are_due(
    store: Store, make_note: Callable[..., Note], signed: Callable[..., Note]
) -> None:
    """Signed before the day, and not yet deleted."""
    citizen = store.citizens.add(name="Åse Bach")
    dictation, draft = (store.dictations.begin(citizen.id, record=True) for _ in range(2))
    assert dictation.recording_id is not None
    store.recordings.seal(dictation.recording_id, seconds=2.5, sha256="ab")
    with pytest.raises(StoreError, match="another hash"):
        store.recordings.seal(dictation.recording_id, seconds=2.5, sha256="cd")
    store.dictations.save_note(draft.id, make_note())
    store.dictations.sign(dictation.id, signed(make_note()))
    day = datetime(2026, 11, 23, tzinfo=UTC)
    assert [(due.id, due.seconds) for due in store.recordings.due(signed_before=day)] == [
        (dictation.recording_id, 2.5)
    ]
    assert store.recordings.due(signed_before=datetime(2026, 11, 21, tzinfo=UTC)) == ()
    store.erase.sound(dictation.recording_id)
    assert store.recordings.due(signed_before=day) == ()
