"""A small store with known contents, what is done in it, and what must hold afterwards.

Each deed says what it is about to do or has done through `say`; whoever broke it off knows from that what
must be there. Deeds are the same for kills and for power cuts.
"""

import json
import shutil
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from unittest.mock import patch

import numpy as np
from numpy.typing import NDArray

from dictate import backup, journal, session
from dictate.audio import SAMPLE_RATE, AudioClip
from dictate.entry import Assertion, Coding, Entry, Kind, Note, RecordStatus
from dictate.errors import StoreError
from dictate.export.base import Format
from dictate.export.files import export_notes
from dictate.export.folder import write_all
from dictate.identity import Actor
from dictate.keys import FileSource, derive
from dictate.scripted import Script, ScriptedTranscriber
from dictate.store import Location, Store, migrate, open_store, rotation
from dictate.store.types import State

NURSE = Actor(user="anna", name="Anna Testsen", role="Sygeplejerske")
TEXT = "borgeren sover uroligt og har smerter i venstre knæ"
SCRIPT = Script(TEXT)
CPR = "0101019990"
TARGETS = ("gateway", "omsorg")
LOST_S = 1.0
"""Sound that may be lost."""
BLOCK = SAMPLE_RATE // 10

Say = Callable[..., None]
Deed = Callable[["World", Say], None]
Said = list[list[str]]


class BrokenError(Exception):
    """Something does not hold; the message says what, without any text of a note."""


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """Where a store, its key and its backups lie."""

    folder: Path

    @property
    def location(self) -> Location:
        """The store."""
        return Location.folder(self.folder / "home")

    @property
    def source(self) -> FileSource:
        """The key."""
        return FileSource(path=self.folder / "master.key")

    @property
    def out(self) -> Path:
        """Exports."""
        return self.folder / "out"

    @property
    def backups(self) -> Path:
        """Backups."""
        return self.folder / "backups"

    @contextmanager
    def opened(self) -> Iterator[Store]:
        """Open the store as it is."""
        with open_store(self.location, derive(self.source.load()), NURSE, program="reliability") as store:
            yield store

    def copy_to(self, folder: Path) -> "World":
        """Copy everything."""
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(self.folder, folder)
        return World(folder=folder)


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is in the store from the beginning, and must stay."""

    world: World
    citizen: str
    signed: str
    recording: str
    contents: tuple[object, ...]


def begin(folder: Path, *, old: bool = False) -> Known:
    """Make a store with a citizen, a signed note and a sealed recording; of the first version, if `old`."""
    world = World(folder=folder)
    for path in (world.folder, world.out, world.backups, world.location.recordings):
        path.mkdir(parents=True, exist_ok=True)
    world.source.save(bytes(range(32)))
    if old:
        with _first_version(), world.opened():
            pass
    with patch.object(migrate, "HEAD", "0001" if old else migrate.HEAD), world.opened() as store:
        citizen = store.citizens.add(name="Åse Bach", cpr=CPR)
        dictation = store.dictations.begin(citizen.id, record=True)
        recording = dictation.recording_id or ""
        with journal.record(store.recordings_dir, recording, store.recordings.key(recording)) as writer:
            writer.write(SCRIPT.spell(TEXT))
            sealed = writer.close()
        store.recordings.seal(recording, seconds=sealed.seconds, sha256=sealed.sha256)
        store.dictations.save_note(dictation.id, draft())
        store.dictations.sign(dictation.id, sign_it(draft()), targets=TARGETS)
        contents = read(store, citizen.id, dictation.id)
    return Known(world=world, citizen=citizen.id, signed=dictation.id, recording=recording, contents=contents)


@contextmanager
def _first_version() -> Iterator[None]:
    """Make tables as the first version of the program did."""
    from alembic import command  # noqa: PLC0415 - slow to import

    real = command.upgrade

    def upgrade(config: object, revision: str) -> None:
        del revision
        real(config, "0001")  # type: ignore[arg-type]  # as it came

    with patch.object(command, "upgrade", upgrade), patch.object(migrate, "HEAD", "0001"):
        yield


def read(store: Store, citizen: str, dictation: str) -> tuple[object, ...]:
    """Read everything that was there from the beginning."""
    recording = store.recordings.of(dictation)
    assert recording is not None
    replay = journal.replay(
        journal.path_of(store.recordings_dir, recording.id), store.recordings.key(recording.id)
    )
    found = store.citizens.by_cpr(CPR)
    return (
        store.citizens.get(citizen).name,
        found.id if found else None,
        [each.id for each in store.citizens.search("ås")],
        store.dictations.note(dictation),
        [(each.kind, each.text) for each in store.dictations.texts(dictation)],
        [each.change for each in store.dictations.history(dictation, "e1")],
        sorted(each.target for each in store.outbox.list() if each.dictation_id == dictation),
        recording,
        replay.complete,
        replay.clip.samples.tobytes(),
    )


def draft() -> Note:
    """Return a draft with two entries."""
    entries = tuple(
        Entry(
            id=identifier,
            kind=Kind.CONDITION,
            assertion=Assertion.PRESENT,
            coding=Coding(system="urn:oid:1.2.208.176.2.21", code="c", display="Søvn"),
            start=0,
            end=8,
            evidence=TEXT[:8],
        )
        for identifier in ("e1", "e2")
    )
    return Note(id="draft", text=TEXT, entries=entries)


def sign_it(note: Note) -> Note:
    """Sign it as the nurse."""
    (signed,) = session.sign([note], by=NURSE.name, role=NURSE.role, at=datetime.now(UTC), accept_all=True)
    return signed


def speech(recording: str, seconds: float = 3.0) -> NDArray[np.float32]:
    """Return the noise that belongs to a recording, of 16 bits or of 32."""
    number = uuid.UUID(recording).int
    dice = np.random.default_rng(number)
    sound = dice.integers(-20_000, 20_000, round(seconds * SAMPLE_RATE)).astype(np.float32) / 32_768
    return (sound if number % 2 else sound * np.float32(0.77)).astype(np.float32)


# -- deeds: each ends by itself; for kills they are repeated until the end


def record(world: World, say: Say) -> None:
    """Record a dictation."""
    with world.opened() as store:
        dictation = store.dictations.begin(record=True)
        recording = dictation.recording_id or ""
        say("recording", recording)
        writer = journal.record(store.recordings_dir, recording, store.recordings.key(recording))
        sound = speech(recording)
        for start in range(0, len(sound), BLOCK):
            say("given", recording, min(start + BLOCK, len(sound)))
            writer.write(sound[start : start + BLOCK])
        sealed = writer.close()
        say("sealed", recording)
        store.recordings.seal(recording, seconds=sealed.seconds, sha256=sealed.sha256)


def transcribe(world: World, say: Say) -> None:
    """Transcribe a recording."""
    with world.opened() as store:
        dictation = store.dictations.begin()
        say("begun", dictation.id)
        clip = AudioClip(samples=SCRIPT.spell(TEXT), sample_rate=SAMPLE_RATE)
        heard = ScriptedTranscriber(SCRIPT).transcribe([clip])
        store.dictations.save_transcript(dictation.id, heard, heard.text)
        say("heard", dictation.id)
        store.dictations.save_note(dictation.id, draft())
        say("noted", dictation.id)


def sign(world: World, say: Say) -> None:
    """Sign a note for two targets."""
    with world.opened() as store:
        citizen = store.citizens.by_cpr(CPR)
        assert citizen is not None
        dictation = store.dictations.begin(citizen.id)
        store.dictations.save_note(dictation.id, draft())
        say("draft", dictation.id)
        store.dictations.sign(dictation.id, sign_it(draft()), targets=TARGETS)
        say("signed", dictation.id)


def export(world: World, say: Say) -> None:
    """Export signed notes to files."""
    with world.opened() as store:
        notes = [each.note for each in store.dictations.signed()]
    name = uuid.uuid4().hex
    bundles = [bundle for bundle, _ in export_notes(notes, Format.JSON, name=name, at=datetime.now(UTC))]
    write_all(world.out / name, bundles)
    say("exported", name, len(notes))


def erase(world: World, say: Say) -> None:
    """Delete a dictation for good."""
    with world.opened() as store:
        dictation = store.dictations.begin()
        store.dictations.save_note(dictation.id, draft())
        say("doomed", dictation.id)
        store.erase.dictation(dictation.id)
        say("erased", dictation.id)


def rotate(world: World, say: Say) -> None:
    """Change the key."""
    say("rotating")
    rotation.rotate(world.location, world.source, NURSE)


def back_up(world: World, say: Say) -> None:
    """Make a backup."""
    with world.opened() as store:
        made = backup.make(
            store,
            world.location,
            derive(world.source.load()),
            world.backups,
            now=datetime.now(UTC),
            key_days=14,
        )
    say("backup", made.data.name, made.item_keys.name)


def open_only(world: World, say: Say) -> None:
    """Open the store, which migrates an older one."""
    say("opening")
    with world.opened():
        pass


DEEDS: dict[str, Deed] = {
    "recording": record,
    "transcribing": transcribe,
    "signing": sign,
    "exporting": export,
    "erasing": erase,
    "backing up": back_up,
    "rotating": rotate,
    "migrating": open_only,
}


# -- what must hold


def check(known: Known, world: World, said: Said) -> float:
    """Check everything after a break; return the seconds of sound that were lost.

    Raises:
        BrokenError: something does not hold.

    """
    if rotation.is_under_way(world.location):
        rotation.finish(world.location, world.source, NURSE)
    with world.opened() as store:
        demand(not store.log.alarm, "the access log does not agree with its seal")
        demand(read(store, known.citizen, known.signed) == known.contents, "what was there has changed")
        store.erase.finish()
        _check_notes(store, said)
        _check_erased(store, said)
        lost = _check_sound(store, said)
        verdict = store.log.verify()
        demand(verdict.ok, f"the access log: {verdict.why}")
    _check_exports(world, said)
    _check_backups(world, said)
    return lost


def demand(condition: object, what: str) -> None:
    """Raise if it isn't so."""
    if not condition:
        raise BrokenError(what)


def _ids(said: Said, word: str) -> list[str]:
    return [line[1] for line in said if line[0] == word]


def _check_notes(store: Store, said: Said) -> None:
    for identifier in _ids(said, "heard"):
        texts = store.dictations.texts(identifier)
        demand(texts and texts[0].text == TEXT and texts[0].transcript, "a transcript is lost")
    for identifier in _ids(said, "noted"):
        demand(store.dictations.note(identifier).text == TEXT, "a draft is lost")
        demand(len(store.dictations.note(identifier).entries) == 2, "entries are lost")
    signed = set(_ids(said, "signed"))
    for identifier in _ids(said, "draft"):
        _check_all_or_nothing(store, identifier, must=identifier in signed)


def _check_all_or_nothing(store: Store, identifier: str, *, must: bool) -> None:
    dictation, note = store.dictations.get(identifier), store.dictations.note(identifier)
    signs = {
        dictation.state is State.SIGNED,
        dictation.signed_at is not None,
        note.signed is not None,
        *(entry.signed is not None for entry in note.entries),
        *(entry.record_status is RecordStatus.FINAL for entry in note.entries),
        store.dictations.texts(identifier)[-1].kind == "signed",
        {each.target for each in store.outbox.list() if each.dictation_id == identifier} == set(TARGETS),
        any(event.kind == "signed" for event in store.events.of(identifier)),
    }
    demand(len(signs) == 1, "a note is half-signed")
    demand(len(note.entries) == 2, "entries are lost")
    demand(not must or signs == {True}, "a signature is lost")


def _check_erased(store: Store, said: Said) -> None:
    for identifier in _ids(said, "erased"):
        demand(store.dictations.get(identifier).state is State.ERASED, "a deletion is lost")
        try:
            store.dictations.note(identifier)
        except StoreError:
            continue
        raise BrokenError("what was deleted can be read")


def _check_sound(store: Store, said: Said) -> float:
    given = {line[1]: int(line[2]) for line in said if line[0] == "given"}
    sealed = set(_ids(said, "sealed"))
    most = 0.0
    for recording, count in given.items():
        path = journal.path_of(store.recordings_dir, recording)
        sound = speech(recording)
        if path.exists():
            replay = journal.replay(path, store.recordings.key(recording))
            samples = replay.clip.samples
        else:
            replay, samples = None, np.zeros(0, np.float32)
        lost = (count - len(samples)) / SAMPLE_RATE
        demand(lost <= LOST_S, f"{lost:.2f} s of sound are lost")
        demand(samples.tobytes() == sound[: len(samples)].tobytes(), "the sound is not what was recorded")
        demand(recording not in sealed or (replay and replay.complete), "a finished recording is not whole")
        most = max(most, lost)
    return most


def _check_exports(world: World, said: Said) -> None:
    done = {line[1]: int(line[2]) for line in said if line[0] == "exported"}
    for name in done:
        demand((world.out / name).is_dir(), "an export is lost")
    for folder in world.out.iterdir():
        for path in folder.glob("[!.]*"):
            for line in path.read_bytes().splitlines():
                try:
                    json.loads(line)
                except ValueError:
                    raise BrokenError("an export is half-written") from None


def _check_backups(world: World, said: Said) -> None:
    for line in said:
        if line[0] == "backup":
            demand(all((world.backups / name).exists() for name in line[1:]), "a backup is lost")
    made = sorted(world.backups.glob("plejediktat-*.store"))
    if made:
        backup.check(made[-1], world.location, derive(world.source.load()), NURSE)
