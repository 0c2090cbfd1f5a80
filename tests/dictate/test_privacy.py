"""Nothing that was said, no name and no number stands anywhere in clear; errors don't repeat it."""

import asyncio
import base64
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, cast

import pytest

from dictate.cli import __main__ as cli
from dictate.draft import Drafter
from dictate.identity import Actor
from dictate.keys import derive
from dictate.scrub import NAME, NUMBER, scrub
from dictate.store import Location, open_store
from dictate.storebook import StoreNotebook
from tui.rehearsal import Rehearsal

if TYPE_CHECKING:
    from dictate.memory_notebook import MemoryNotebook

NAMES = "Quetzalina Kvidderkvist"
CPR = "0101019995"
SENTENCE = "Quetzalina kvidrer uroligt ved natlampen."
WORDS = (CPR, "010101-9995", "Quetzalina", "kvidrer", "natlampen", "Kvidderkvist")


def needles() -> Iterator[bytes]:
    """Yield what must not be found, as text files and databases might hold it."""
    for word in WORDS:
        yield word.encode()
        yield word.lower().encode()
        yield word.encode("utf-16-le")
        # In base64 a word looks one of three ways; its ends depend on its neighbours.
        for shift in range(3):
            yield base64.b64encode(b"\0" * shift + word.encode())[4:-4]


def hits(folder: Path) -> list[str]:
    """Return the files, below a folder, whose name or content holds a canary."""
    found = []
    for path in folder.rglob("*"):
        name = str(path.relative_to(folder)).encode()
        content = path.read_bytes() if path.is_file() else b""
        if any(needle in content or needle in name for needle in needles()):
            found.append(str(path.relative_to(folder)))
    return found


DEED = f"""
import os, signal, sys
from pathlib import Path
import numpy as np
from dictate import journal, session
from dictate.entry import Assertion, Coding, Entry, Kind, Note
from dictate.identity import Actor
from dictate.keys import derive
from dictate.store import Location, open_store
from dictate.transcript import ModelName, Segment, Transcript
from datetime import UTC, datetime

store = open_store(
    Location.folder(Path(sys.argv[1])), derive(bytes(range(32))), Actor(user="anna", name="Anna Testsen")
)
citizen = store.citizens.add(name={NAMES!r}, cpr={CPR!r})
assert store.citizens.by_cpr({CPR!r}) and store.citizens.search("quetz")
dictation = store.dictations.begin(citizen.id, record=True)
writer = journal.record(
    store.recordings_dir, dictation.recording_id, store.recordings.key(dictation.recording_id)
)
writer.write(np.frombuffer(({SENTENCE!r} * 400).encode("utf-32-le"), "<f4").copy())
writer.flush()
part = Segment(text={SENTENCE!r}, start=0, end=1, words=(), avg_logprob=0, no_speech_prob=0)
model = ModelName(name="m", revision="1", compute_type="int8")
store.dictations.save_transcript(
    dictation.id, Transcript(segments=(part,), language="da", duration=1, model=model), {SENTENCE!r}
)
entry = Entry(
    id="e1", kind=Kind.CONDITION, assertion=Assertion.PRESENT,
    coding=Coding(system="s", code="c", display="Søvn"), start=0, end=10, evidence={SENTENCE[:10]!r},
)
note = Note(id="n", text={SENTENCE!r}, entries=(entry,), extras=({{"own view": {SENTENCE!r}}},))
store.dictations.save_note(dictation.id, note)
store.corrections.add(dictation.id, heard={SENTENCE!r}, chosen={NAMES!r}, kind="text")
(signed,) = session.sign([note], by="Anna", role="R", at=datetime.now(UTC), accept_all=True)
store.dictations.sign(dictation.id, signed, targets=["gateway"])
store.outbox.claim("gateway")
print("ready", flush=True)
os.kill(os.getpid(), getattr(signal, sys.argv[2]))
"""


@pytest.mark.parametrize("how", ["SIGKILL", "SIGSEGV", "SIGTERM"])
def test_a_crash_leaves_nothing_in_clear(tmp_path: Path, how: str) -> None:
    """Killed with everything open: database, write-ahead log, keys, journal, seal and temporary files."""
    home, temporary = tmp_path / "home", tmp_path / "tmp"
    temporary.mkdir()
    done = subprocess.run(
        [sys.executable, "-c", DEED, str(home), how],
        env=os.environ | {"TMPDIR": str(temporary)},
        cwd=temporary,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.strip() == "ready", done.stderr
    assert done.returncode == -getattr(signal, how)
    files = {path.name for path in home.rglob("*") if path.is_file()}
    assert {"store.db", "store.db-wal", "itemkeys", "audit.seal"} <= files
    assert hits(tmp_path) == []
    assert not any(word in done.stderr for word in WORDS)


def test_the_terminal_leaves_nothing_in_clear(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Dictated, assigned and signed in the app, on the real store: no file holds a word of it."""
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))
    for name in ("CONFIG", "DATA", "CACHE", "STATE", "RUNTIME"):
        monkeypatch.setenv(
            f"XDG_{name}_{'DIR' if name == 'RUNTIME' else 'HOME'}", str(tmp_path / name.lower())
        )
    actor = Actor(user="anna", name="Anna Testsen", role="Sygeplejerske")
    store = open_store(Location.folder(tmp_path / "home"), derive(bytes(range(32))), actor, program="test")
    store.citizens.add(name=NAMES, cpr=CPR)
    rehearsal = Rehearsal(
        text=f"{SENTENCE.lower().rstrip('.')} hun har smerter i knæet punktum",
        drafter=Drafter.load(),
        notebook=cast("MemoryNotebook", StoreNotebook(store)),
        doubts={"natlampen": 0.2},
    )

    async def scene() -> None:
        async with rehearsal.play(rehearsal.app(preferences_file=tmp_path / "config" / "tui.toml")) as nurse:
            await nurse.dictate()
            assert "natlampen" in nurse.case.note.text
            await nurse.press("a", "f9")
            await nurse.sees("Hvem handler notatet om?")
            await nurse.type("quetz")
            await nurse.sees(NAMES)
            await nurse.press("enter")
            await nurse.sees("Underskrives af")
            await nurse.press("u")
            await nurse.sees("Underskrevet og gemt")

    asyncio.run(scene())
    assert list((tmp_path / "home").rglob("*"))
    assert hits(tmp_path) == []


def test_the_search_finds_what_is_there(tmp_path: Path) -> None:
    """A canary in a name, in text, in UTF-16 or in base64 is found: no hit means something."""
    for number, word in enumerate(WORDS):
        (tmp_path / f"{number}-text").write_bytes(b"x" + word.encode() + b"x")
        (tmp_path / f"{number}-wide").write_bytes(b"x" + word.encode("utf-16-le"))
        (tmp_path / f"{number}-base64").write_bytes(base64.b64encode(b"abcd" + word.encode() + b"efgh"))
    (tmp_path / f"note-{CPR}").touch()
    assert len(hits(tmp_path)) == 3 * len(WORDS) + 1


def test_the_unexpected_is_not_repeated(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """An error nobody thought of is told by its kind and place, never by its message."""

    def fail() -> None:
        raise ValueError(SENTENCE + CPR)

    monkeypatch.setattr(cli, "app", fail)
    with pytest.raises(SystemExit):
        cli.main()
    said = capsys.readouterr()
    assert "ValueError" in said.err
    assert not any(word in said.out + said.err for word in WORDS)


@pytest.mark.parametrize("module", ["dictate.cli", "tui"])
def test_no_core_dumps(module: str) -> None:
    """Both programs switch them off before they do anything else."""
    code = (
        f"import resource, sys\nfrom {module}.__main__ import main\nsys.argv = ['x', '--help']\n"
        "resource.setrlimit(resource.RLIMIT_CORE, (1, 1))\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        "print(resource.getrlimit(resource.RLIMIT_CORE), file=sys.stderr)"
    )
    if resource.getrlimit(resource.RLIMIT_CORE)[1] == 0:
        code = code.replace("resource.setrlimit(resource.RLIMIT_CORE, (1, 1))\n", "")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr.strip().endswith("(0, 0)")


@pytest.mark.parametrize(
    ("text", "scrubbed"),
    [
        ("sover uroligt", "sover uroligt"),
        ("Borgeren sover uroligt", "Borgeren sover uroligt"),
        ("datteren Åse Bach ringer", f"datteren {NAME} ringer"),
        ("Åse Bach ringer", f"{NAME} ringer"),
        ("tlf. 12 34 56 78 i morgen", f"tlf. {NUMBER} i morgen"),
        ("150240-9995", NUMBER),
        ("skriv til a@b.dk", f"skriv til {NAME}"),
        ("Hun sover. Hun spiser.", "Hun sover. Hun spiser."),
        ("blodtryk 120/80", f"blodtryk {NUMBER}"),
    ],
)
def test_scrubbed(text: str, scrubbed: str) -> None:
    """Numbers, addresses and names within a sentence are masked; other words stay."""
    assert scrub(text) == scrubbed
