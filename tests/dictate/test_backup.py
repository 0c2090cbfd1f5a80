"""Backups: whole or refused, and never a way back for what was deleted."""

import json
import random
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from dictate import archive, backup, journal
from dictate.backup import Made
from dictate.entry import Note
from dictate.errors import BackupError, StoreError
from dictate.identity import Actor
from dictate.keys import Keys, derive
from dictate.store import Location, Store, open_store
from dictate.store.types import State

WHO = Actor(user="anna", name="Anna Testsen", role="Sygeplejerske")
NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
SOUND = np.arange(8_000, dtype=np.float32) / 32_768


class World:
    """A store with two dictations about two citizens, and a folder for backups."""

    def __init__(self, folder: Path) -> None:
        """Fill it."""
        self.location = Location.folder(folder / "home")
        self.keys: Keys = derive(bytes(range(32)))
        self.folder = folder / "backups"
        with self.opened() as store:
            self.citizens = [store.citizens.add(name=name).id for name in ("Åse Bach", "Bo Holm")]
            self.dictations = [self._dictate(store, citizen) for citizen in self.citizens]

    def _dictate(self, store: Store, citizen: str) -> str:
        dictation = store.dictations.begin(citizen, record=True)
        recording = dictation.recording_id or ""
        with journal.record(store.recordings_dir, recording, store.recordings.key(recording)) as writer:
            writer.write(SOUND)
        store.dictations.save_note(dictation.id, Note(id="n", text="Sover uroligt.", entries=()))
        return dictation.id

    def opened(self) -> Store:
        """Open the store."""
        return open_store(self.location, self.keys, WHO, program="test")

    def make(self, *, now: datetime = NOW, key_days: int = 14) -> Made:
        """Make a backup."""
        with self.opened() as store:
            return backup.make(store, self.location, self.keys, self.folder, now=now, key_days=key_days)

    def restore(self, **options: object) -> backup.Restored:
        """Put the newest one back."""
        return backup.restore(self.folder, self.location, self.keys, WHO, now=NOW, **options)

    def contents(self) -> list[tuple[str, str, bytes]]:
        """Read everything back."""
        with self.opened() as store:
            found = []
            for citizen, dictation in zip(self.citizens, self.dictations, strict=True):
                recording = store.recordings.of(dictation)
                assert recording is not None
                path = journal.path_of(store.recordings_dir, recording.id)
                clip = journal.replay(path, store.recordings.key(recording.id)).clip
                found.append(
                    (
                        store.citizens.get(citizen).name,
                        store.dictations.note(dictation).text,
                        clip.samples.tobytes(),
                    )
                )
            return found


@pytest.fixture(name="world")
def world_fixture(tmp_path: Path) -> World:
    """Return a store to back up."""
    return World(tmp_path)


def test_there_and_back(world: World) -> None:
    """After the machine is lost, data and keys make the same store, and its log is whole."""
    before = world.contents()
    made = world.make()
    shutil.rmtree(world.location.home)
    done = world.restore()
    assert (done.item_keys, done.unreadable, done.aside, done.alarm) == (str(made.item_keys), 0, None, "")
    assert world.contents() == before
    with world.opened() as store:
        assert store.log.verify().ok
        assert store.log.read()[-2].access.action != ""
        assert "backup.restore" in [event.access.action for event in store.log.read()]
    assert not (world.location.home / ".restore").exists()


def test_what_was_deleted_stays_deleted(world: World) -> None:
    """Yesterday's data with today's keys: one dictation is gone again, with its sound; one is there."""
    world.make(now=NOW - timedelta(days=1))
    with world.opened() as store:
        store.erase.dictation(world.dictations[0])
    late = world.make()
    late.data.unlink()
    shutil.rmtree(world.location.home)
    done = world.restore()
    assert done.unreadable == 2
    with world.opened() as store:
        assert store.dictations.get(world.dictations[0]).state is State.ERASED
        with pytest.raises(StoreError, match="deleted for good"):
            store.dictations.note(world.dictations[0])
        assert store.dictations.note(world.dictations[1]).text
        assert len(list(store.recordings_dir.iterdir())) == 1


def test_keys_in_place_win(world: World) -> None:
    """They know of every deletion; those of the backup, which are older, are not even looked at."""
    world.make()
    with world.opened() as store:
        store.erase.citizen(world.citizens[0])
    done = world.restore(replace=True)
    assert (done.item_keys, done.unreadable) == (backup.IN_PLACE, 3)
    assert done.aside is not None
    assert (done.aside / "store.db").exists()
    with world.opened() as store:
        assert store.citizens.search("åse") == ()
        assert store.citizens.get(world.citizens[1]).name == "Bo Holm"


def test_damaged_keys_in_place_are_replaced(world: World) -> None:
    """A key file that does not open is moved aside, and that of the backup is taken."""
    before = world.contents()
    world.make()
    world.location.item_database.write_bytes(b"no keys at all")
    done = world.restore(replace=True)
    assert done.aside is not None
    assert (done.aside / "itemkeys").read_bytes() == b"no keys at all"
    assert world.contents() == before


def test_a_store_is_never_overwritten(world: World) -> None:
    """Without --replace nothing happens; with a program at work neither."""
    world.make()
    with pytest.raises(BackupError, match="--replace"):
        world.restore()
    with world.opened(), pytest.raises(StoreError, match="Close it"):
        world.restore(replace=True)
    assert len(world.contents()) == 2


@pytest.mark.parametrize("step", ["_move_aside", "_move_in", "_delete_again"])
def test_a_restore_cut_short_is_done_again(world: World, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    """Broken off before any step, the same command brings everything back; nothing was deleted."""
    before = world.contents()
    world.make()
    with monkeypatch.context() as patch:
        patch.setattr(backup, step, lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            world.restore(replace=True)
    world.restore(replace=True)
    assert world.contents() == before


def test_a_change_of_key_is_finished_first(world: World) -> None:
    """A restore in the middle of one is refused."""
    world.make()
    world.location.rotation.touch()
    with pytest.raises(StoreError, match="dictate key rotate"):
        world.restore(replace=True)


def test_old_backups_of_keys_go(world: World) -> None:
    """Those over their time are deleted; the data stays, and so does the newest one, however old."""
    first = world.make(now=NOW - timedelta(days=30))
    assert backup.prune(world.folder, before=NOW) == ()
    second = world.make(now=NOW - timedelta(days=3))
    assert second.pruned == (first.item_keys,)
    third = world.make()
    assert third.pruned == ()
    assert sorted(world.folder.glob("*.keys")) == [second.item_keys, third.item_keys]
    assert first.data.exists()


def test_the_data_holds_no_item_keys(world: World) -> None:
    """Even opened with the master key, there is no key file in it; and the files belong to their owner."""
    made = world.make()
    contents = archive.extract(made.data, world.keys.backup, world.folder / "x")
    assert sorted(contents.files) == sorted(
        ["store.db", "audit.seal", *(name for name in contents.files if name.startswith("recordings/"))]
    )
    assert {path.stat().st_mode & 0o777 for path in (made.data, made.item_keys)} == {0o600}


def test_another_master_key_is_named(world: World) -> None:
    """One sentence says which key it needs; nothing is written."""
    world.make()
    other = derive(bytes(32))
    with pytest.raises(BackupError, match=f"{world.keys.id}, not {other.id}"):
        backup.check(world.folder, world.location, other, WHO)


@pytest.mark.parametrize("ending", ["store", "keys"])
def test_every_byte_counts(world: World, ending: str) -> None:
    """A changed byte anywhere, a cut-off end or an appended one is found before anything is put back."""
    made = world.make()
    path = made.data if ending == "store" else made.item_keys
    whole = path.read_bytes()
    dice = random.Random(7)  # noqa: S311 - chooses places, not keys
    places = [0, 25, len(whole) - 1, *(dice.randrange(len(whole)) for _ in range(25))]
    changed = [bytes([*whole[:at], whole[at] ^ 1, *whole[at + 1 :]]) for at in places]
    cut = [whole[: dice.randrange(len(whole))] for _ in range(10)]
    for content in (*changed, *cut, whole + b"\0"):
        path.write_bytes(content)
        with pytest.raises(BackupError):
            backup.check(made.data, world.location, world.keys, WHO, item_keys=made.item_keys)
    path.write_bytes(whole)
    assert backup.check(made.data, world.location, world.keys, WHO, item_keys=made.item_keys).files == 4


def test_chunks_cant_be_moved(tmp_path: Path) -> None:
    """Two files of several chunks; chunks swapped within one are refused."""
    source = tmp_path / "sound"
    source.write_bytes(random.Random(1).randbytes(3 << 20))  # noqa: S311 - any bytes
    label = archive.new_label("store", "key", NOW)
    path = tmp_path / "x.store"
    written = archive.write(path, bytes(32), label, [("sound", source)])
    assert archive.extract(path, bytes(32), tmp_path / "out").files == written.files
    assert (tmp_path / "out" / "sound").read_bytes() == source.read_bytes()
    content = path.read_bytes()
    start = content.index(b"\n", content.index(b"\n") + 1) + 1
    size = 4 + (1 << 20) + 28
    first, second = content[start : start + size], content[start + size : start + 2 * size]
    path.write_bytes(content[:start] + second + first + content[start + 2 * size :])
    with pytest.raises(BackupError, match="damaged"):
        archive.extract(path, bytes(32), tmp_path / "again")


def test_nothing_is_left_of_a_backup_that_fails(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A full disk leaves neither a file nor a part of one."""

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("dictate.archive._put_in", full)
    with pytest.raises(BackupError, match="No space left"):
        world.make()
    assert list(world.folder.iterdir()) == []
    assert not (world.location.home / ".restore").exists()


def test_the_label_is_authenticated(world: World) -> None:
    """Another time on it, and nothing opens: old keys can't be passed off as new ones."""
    made = world.make()
    magic, head, rest = made.item_keys.read_bytes().split(b"\n", 2)
    label = json.loads(head) | {"made": NOW.replace(year=2030).isoformat()}
    made.item_keys.write_bytes(b"\n".join([magic, json.dumps(label).encode(), rest]))
    shutil.rmtree(world.location.home)
    with pytest.raises(BackupError, match="damaged"):
        world.restore()
