"""The app as a nurse has it: a terminal, a microphone, the embedded model, the encrypted store."""

import os
import signal
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from dictate.audio import read_audio
from models.embedded import is_installed
from models.registry import spec

if TYPE_CHECKING:
    from conftest import Room

SAMPLES = Path(__file__).parents[2] / "samples"


@pytest.fixture(scope="module")
def sample() -> np.ndarray:
    """A sample dictation."""
    if not is_installed(spec("whisper-base")):
        pytest.skip("the extra embedded-model is not installed")
    return read_audio(min(SAMPLES.glob("*.flac"))).samples


def stored(room: "Room") -> dict[str, int]:
    """Count what the store holds, by the library, as another program would."""
    code = (
        "from dictate import opening\n"
        "with opening.store() as s:\n"
        "    rows = s.dictations.mine()\n"
        "    print(sum(r.state == 'signed' for r in rows), len(s.dictations.unfinished()))\n"
        "    for r in rows:\n"
        "        n = s.dictations.note(r.id)\n"
        "        print(len(n.text), len(n.entries), sum(e.signed is not None for e in n.entries))\n"
    )
    lines = room.run(os.sys.executable, "-c", code).splitlines()  # type: ignore[attr-defined]  # sys
    signed, unfinished = map(int, lines[0].split())
    return {
        "signed": signed,
        "unfinished": unfinished,
        "text": sum(int(line.split()[0]) for line in lines[1:]),
    }


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
    found = stored(room)
    assert found["signed"] == 1
    assert found["unfinished"] == 0
    assert found["text"] > 40


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
    room.sees("!", seconds=15)
    room.microphone()
    room.until(lambda: "ingen mikrofon" not in room.screen)
    room.press("F5")
    room.sees("Gennemgang")
