"""The app as a nurse has it: a terminal, a microphone, the embedded model, the encrypted store."""

import json
import os
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from dictate.audio import SAMPLE_RATE, read_audio
from models.embedded import is_installed
from models.registry import spec

if TYPE_CHECKING:
    from conftest import Room

DICTATE = str(Path(sys.executable).with_name("dictate"))
MOST_LOST_AT = 5.0
"""Seconds that are there after a kill at 6 s."""
SAMPLES = Path(__file__).parents[2] / "samples"


@pytest.fixture(scope="module")
def sample() -> np.ndarray:
    """A sample dictation."""
    if not is_installed(spec("whisper-base")):
        pytest.skip("the extra embedded-model is not installed")
    return read_audio(min(SAMPLES.glob("*.flac"))).samples


ENTRY = "årbehandling"
"""Of the term that is added by hand."""
STORED = """
import json
from dictate import journal, opening
with opening.store() as s:
    found = []
    rows = {row.id: row for row in (*s.dictations.mine(), *s.dictations.unfinished())}
    for row in rows.values():
        note = s.dictations.note(row.id)
        path = journal.path_of(s.recordings_dir, row.recording_id)
        seconds = journal.replay(path, s.recordings.key(row.recording_id)).clip.duration
        found.append({
            "state": row.state,
            "citizen": row.citizen_id and s.citizens.get(row.citizen_id).cpr,
            "text": note.text,
            "signed": [e.coding.display for e in note.entries if e.signed and e.coding],
            "by": note.signed and note.signed.by,
            "seconds": seconds,
        })
    print(json.dumps(found))
"""


def stored(room: "Room") -> list[dict[str, Any]]:
    """Return what the store holds, read by the library as another program would."""
    found: list[dict[str, Any]] = json.loads(room.run(sys.executable, "-c", STORED))
    return found


@pytest.mark.model
@pytest.mark.slow
def test_dictate_review_sign(room: "Room", sample: np.ndarray) -> None:
    """One dictation by keys alone, from the first screen to the store."""
    room.start()
    room.sees("Tryk F5, og tal", "mikrofon åben")
    room.press("F5")
    room.sees("OPTAGER")
    room.speak(sample).wait()
    room.press("F5")
    room.sees("Gennemgang", "fire ud af ti ord")
    room.press("t")
    room.sees("Hvad vil du tilføje?")
    room.press("2")
    room.sees("Hvilken term?")
    room.press("sårbeh")
    room.sees(ENTRY)
    room.press("Enter")
    room.until(lambda: "Hvilken term?" not in room.screen)
    room.press("F9")
    room.sees("Hvem handler notatet om?")
    room.press("Else Test")
    room.sees("ny borger: Else Test")
    room.press("Enter")
    room.sees("CPR-nummer")
    room.press("150240-9995", "Enter")
    room.sees("Underskrives af: Ann Ask", "Borger: Else Test")
    room.press("u")
    room.sees("Underskrevet og gemt")
    room.press("C-q")
    room.until(room.is_over)
    (note,) = stored(room)
    assert (note["state"], note["citizen"], note["by"]) == ("signed", "1502409995", "Ann Ask")
    assert len(note["text"]) > 40
    assert any(ENTRY in name for name in note["signed"])
    assert note["seconds"] > len(sample) / SAMPLE_RATE
    room.run(DICTATE, "export", "--citizen", "1502409995", "--output", str(room.home / "out"))
    exported = "".join(path.read_text(encoding="utf-8") for path in (room.home / "out").rglob("*.json"))
    assert "1502409995" in exported
    assert ENTRY in exported


@pytest.mark.model
@pytest.mark.slow
def test_a_kill_loses_at_most_a_second(room: "Room", sample: np.ndarray) -> None:
    """After kill -9 in the middle of a sentence the dictation is offered, and its text is made."""
    room.start()
    room.sees("Tryk F5, og tal", "mikrofon åben")
    room.press("F5")
    room.sees("OPTAGER")
    playing = room.speak(sample)
    room.sees("OPTAGER 0:06")
    os.kill(room.process(), signal.SIGKILL)
    playing.wait()
    room.tmux("kill-server")
    room.start()
    room.sees("1 ufærdigt diktat: F3")
    room.press("F3")
    room.sees("kun lyd endnu")
    room.sees("talemodel klar")
    room.press("Enter")
    room.sees("Gennemgang")
    room.press("C-q")
    room.until(room.is_over)
    (kept,) = stored(room)
    assert kept["state"] == "draft"
    assert kept["text"]
    assert kept["seconds"] > MOST_LOST_AT


@pytest.mark.model
@pytest.mark.slow
def test_the_microphone_is_pulled_out(room: "Room", sample: np.ndarray) -> None:
    """The screen says it, what was said is kept, and recording goes on when it is back."""
    room.start()
    room.sees("Tryk F5, og tal", "mikrofon åben")
    room.press("F5")
    room.sees("OPTAGER")
    playing = room.speak(sample)
    room.sees("OPTAGER 0:04")
    room.unplug()
    playing.wait()
    room.sees("! INGEN LYD")
    room.microphone()
    room.until(lambda: "ingen mikrofon" not in room.screen)
    room.sees("● OPTAGER 0:0")
    room.press("F5")
    room.sees("Gennemgang")
