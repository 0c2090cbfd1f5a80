"""The notebook in the real store: a dictation from begin to signature, and back."""

import gc
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from dictate import session
from dictate.audio import AudioClip
from dictate.config import KeyPlace, Settings
from dictate.draft import Drafter
from dictate.entry import Assertion, RecordStatus, Review, Signature
from dictate.errors import SignedAlreadyError, StoreError, WrongPassphraseError
from dictate.heard import draft_transcript
from dictate.identity import Actor
from dictate.keys import Keys, derive, new_master
from dictate.notebook import Destination, Moment
from dictate.opening import Door
from dictate.own_words import OwnWord
from dictate.review import accept, set_assertion
from dictate.scripted import Script, ScriptedTranscriber
from dictate.store import Location, open_store
from dictate.storebook import StoreNotebook

SCRIPT = Script("borgeren har smerter i knæet punktum hun har feber punktum")
PASSPHRASE = "en lang nok sætning"  # noqa: S105 - of a test
AT = datetime(2026, 3, 4, 9, 30, tzinfo=UTC)


@pytest.fixture
def notebook(tmp_path: Path) -> Iterator[StoreNotebook]:
    """A notebook in a fresh store."""
    actor = Actor(user="ann", name="Ann Ask", role="Sygeplejerske")
    book = StoreNotebook(
        open_store(Location.folder(tmp_path), derive(new_master()), actor, program="test"),
        destinations=[Destination(name="record"), Destination(name="vans", never_acute=True)],
    )
    yield book
    book.close()


@pytest.fixture(scope="module")
def drafter() -> Drafter:
    """The vocabulary."""
    return Drafter.load()


def dictate(notebook: StoreNotebook, drafter: Drafter, identifier: str) -> None:
    """Keep a dictation as the controller does."""
    sound = SCRIPT.spell(" ".join(SCRIPT.words[:6]))
    notebook.begin(identifier, None)
    keeper = notebook.sound(identifier)
    for start in range(0, len(sound), 320):
        keeper.write(sound[start : start + 320])
    keeper.close()
    notebook.event(identifier, Moment.STOP)
    transcript = ScriptedTranscriber(SCRIPT).transcribe([AudioClip(samples=sound)])
    notebook.heard(identifier, transcript, draft_transcript(drafter, identifier, transcript))


def test_a_dictation_is_kept_signed_and_amended(notebook: StoreNotebook, drafter: Drafter) -> None:
    """What was said, heard and decided comes back as it was; a signed note is only amended."""
    identifier = "5a4e9a0a-1111-4222-8333-444455556666"
    dictate(notebook, drafter, identifier)
    citizen = notebook.add_citizen("Else Test", "1502409995")
    assert notebook.add_citizen("Someone Else", "1502409995") == citizen
    assert [one.name for one in notebook.find_citizens("els")] == ["Else Test"]
    notebook.assign(identifier, citizen.id)
    (row,) = notebook.unfinished()
    assert (row.id, row.citizen_name) == (identifier, "Else Test")

    case = notebook.open(identifier)
    assert case.spots
    entry = case.note.entries[0]
    case = accept(case, entry.id)
    notebook.save(identifier, case.note)
    assert notebook.open(identifier).note.entries[0].review is Review.ACCEPTED
    notebook.correction(identifier, "text", "knæt", "knæet")

    (signed,) = session.sign([case.note], by="Ann Ask", role="Sygeplejerske", at=AT)
    notebook.sign(identifier, signed)
    assert notebook.waiting() == 1
    (sending,) = notebook.sendings()
    assert (sending.citizen_name, sending.delivery.target) == ("Else Test", "record")
    assert [one.id for one in notebook.mine("els")] == [identifier]
    with pytest.raises(SignedAlreadyError):
        notebook.sign(identifier, signed)

    signature = Signature(by="Ann Ask", role="Sygeplejerske", at=AT)
    new = set_assertion(notebook.open(identifier), entry.id, Assertion.SUSPECTED).entry(entry.id)
    notebook.amend(identifier, new, "Forkert status", signature)
    assert notebook.open(identifier).entry(entry.id).record_status is RecordStatus.AMENDED
    notebook.withdraw(identifier, entry.id, "Forkert borger", signature, not_acute=True)
    sent = [(one.delivery.target, one.delivery.reason) for one in notebook.sendings()]
    assert sorted(sent) == [
        ("record", "amended"),
        ("record", "signed"),
        ("record", "withdrawn"),
        ("vans", "withdrawn"),
    ]
    assert notebook.open(identifier).entry(entry.id).record_status is RecordStatus.ENTERED_IN_ERROR


def test_the_sound_comes_back(notebook: StoreNotebook, drafter: Drafter) -> None:
    """Replay gives the samples that were written."""
    identifier = "5a4e9a0a-1111-4222-8333-444455556667"
    dictate(notebook, drafter, identifier)
    clip = notebook.replay(identifier)
    assert clip is not None
    np.testing.assert_allclose(clip.samples, SCRIPT.spell(" ".join(SCRIPT.words[:6])), atol=1e-3)


def test_a_crash_leaves_an_unfinished_dictation(notebook: StoreNotebook) -> None:
    """Sound that was never sealed is offered, once nobody records into it."""
    identifier = "5a4e9a0a-1111-4222-8333-444455556668"
    notebook.begin(identifier, None)
    keeper = notebook.sound(identifier)
    keeper.write(np.full(16000, 0.1, np.float32))
    assert notebook.unfinished() == ()
    keeper._writer.abandon()  # type: ignore[attr-defined]  # as a process does that dies
    assert [row.id for row in notebook.unfinished()] == [identifier]
    clip = notebook.replay(identifier)
    assert clip is not None
    assert clip.duration == pytest.approx(1.0, abs=0.3)


def test_drafts_from_a_file_go_to_the_inbox(notebook: StoreNotebook, drafter: Drafter) -> None:
    """They can be opened and given up."""
    assert (
        notebook.take_in([drafter.draft("a", text="Hun har feber."), drafter.draft("b", text="Hun sover.")])
        == 2
    )
    rows = notebook.inbox()
    assert len(rows) == 2
    assert notebook.open(rows[0].id).note.text in {"Hun har feber.", "Hun sover."}
    notebook.discard(rows[0].id)
    assert len(notebook.inbox()) == 1


@pytest.fixture
def door(tmp_path: Path) -> Door:
    """A store whose key lies under a passphrase."""
    settings = Settings(home=tmp_path / "home", key_place=KeyPlace.PASSPHRASE, key_file=tmp_path / "key")
    return Door(
        settings=settings, who=Actor(user="ann", name="Ann Ask", role="Sygeplejerske"), program="test"
    )


def test_a_locked_notebook_has_no_keys_and_keeps_who_needs_it_waiting(door: Door) -> None:
    """Nothing in memory opens the store any more; the right passphrase does, and work that waited goes on."""
    book = StoreNotebook(door.open(PASSPHRASE), door=door)
    assert book.asks
    assert "passphrase file" in book.key_place
    citizen = book.add_citizen("Åse Bach", None)
    book.lock()
    gc.collect()
    assert [one for one in gc.get_objects() if type(one) is Keys] == []
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(book.citizen, citizen.id)
        with pytest.raises(WrongPassphraseError):
            book.unlock("en helt anden sætning")
        assert not waiting.done()
        book.unlock(PASSPHRASE)
        assert waiting.result(10) == citizen
    book.close()


def test_a_notebook_that_is_open_checks_the_passphrase_all_the_same(door: Door) -> None:
    """While a dictation keeps it open behind the lock, a wrong passphrase is refused, too."""
    book = StoreNotebook(door.open(PASSPHRASE), door=door)
    with pytest.raises(WrongPassphraseError):
        book.unlock("en helt anden sætning")
    book.unlock(PASSPHRASE)
    assert book.find_citizens("å") == ()
    book.close()


def test_a_program_that_ends_while_it_is_locked(door: Door) -> None:
    """Whoever waits is told; nothing hangs."""
    book = StoreNotebook(door.open(PASSPHRASE), door=door)
    book.lock()
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(book.waiting)
        book.close()
        with pytest.raises(StoreError, match="closed"):
            waiting.result(10)


def test_own_words_in_the_store(notebook: StoreNotebook) -> None:
    """The notebook keeps and forgets them."""
    word = OwnWord(heard="smærter", chosen="smerter", times=1)
    notebook.keep_word(word)
    assert notebook.words() == (word,)
    notebook.forget_word(word.id)
    assert notebook.words() == ()
