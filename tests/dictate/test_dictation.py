"""A dictation from key press to draft, with a microphone that plays and a recogniser that reads a script."""

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
import pytest

from dictate.audio import SAMPLE_RATE, AudioClip
from dictate.capture import Deliver, MicrophoneError, Opened, Sound
from dictate.dictation import Dictation, Parts, Phase
from dictate.entry import Note
from dictate.errors import StoreError, TranscriptionError
from dictate.listening import Listener
from dictate.memory_notebook import MemoryNotebook
from dictate.microphone import CaptureOptions, Health, Microphone
from dictate.playing import ClipSource
from dictate.scripted import Script, ScriptedTranscriber
from dictate.transcript import Transcript

SPEED = 8.0
FIRST = "borgeren har sovet godt punktum"
SECOND = "huden er tør punktum"
SCRIPT = Script(FIRST, SECOND, "slet det")


def wait(condition: Callable[[], object], seconds: float = 10.0) -> None:
    """Wait until something is so."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.005)


def plain(identifier: str, transcript: Transcript) -> Note:
    """Draft nothing but the words."""
    return Note(id=identifier, text=transcript.text, entries=())


@dataclass
class Bench:
    """The parts, and what they told."""

    microphone: Microphone
    listener: Listener
    notebook: MemoryNotebook
    moved: list[Dictation] = field(default_factory=list)

    def dictation(self, identifier: str = "one") -> Dictation:
        """Prepare a dictation."""
        parts = Parts(microphone=self.microphone, ear=self.listener, notebook=self.notebook, draft=plain)
        return Dictation(identifier, parts, changed=self.moved.append)


@pytest.fixture
def make() -> Iterator[Callable[..., Bench]]:
    """Build benches, and take them down."""
    made: list[Bench] = []

    def build(
        sound: Sound, *, load: Callable[[], ScriptedTranscriber] | None = None, **capture: object
    ) -> Bench:
        options = CaptureOptions(grace_s=0.2 / SPEED, **capture)  # type: ignore[arg-type]  # test data
        source = ClipSource(AudioClip(samples=sound), speed=SPEED)
        bench = Bench(
            microphone=Microphone(source, options),
            listener=Listener(load or (lambda: ScriptedTranscriber(SCRIPT))),
            notebook=MemoryNotebook(),
        )
        made.append(bench)
        return bench

    yield build
    for bench in made:
        bench.microphone.close()
        bench.listener.close()


def test_words_before_the_key_press_are_kept(make: Callable[..., Bench]) -> None:
    """Speech that begins a second before the key is whole; nothing is in it twice."""
    bench = make(SCRIPT.spell(f"{FIRST} / {SECOND}"))
    wait(lambda: bench.microphone.health is Health.WARM)
    time.sleep(0.6 / SPEED)
    dictation = bench.dictation()
    dictation.start()
    wait(lambda: dictation.seconds > 4)
    dictation.stop()
    wait(lambda: dictation.phase is Phase.REVIEW)
    assert dictation.case is not None
    assert dictation.case.note.text == f"{FIRST} {SECOND}"
    clip = bench.notebook.replay("one")
    assert clip is not None
    assert clip.duration == pytest.approx(dictation.seconds)


def test_text_appears_while_speaking(make: Callable[..., Bench]) -> None:
    """Words show before the dictation ends, and what is committed never changes."""
    bench = make(SCRIPT.spell(f"{FIRST} / {SECOND} / {FIRST} / {SECOND}"))
    seen: list[tuple[str, ...]] = []
    dictation = bench.dictation()
    dictation.start()

    def grown() -> bool:
        seen.append(tuple(word.text for word in dictation.partial.committed))
        return len(seen[-1]) >= 5

    wait(grown)
    assert dictation.phase is Phase.RECORDING
    dictation.stop()
    wait(lambda: dictation.phase is Phase.REVIEW)
    for before, after in pairwise(seen):
        assert after[: len(before)] == before


def test_one_can_speak_before_the_model_is_ready(make: Callable[..., Bench]) -> None:
    """Sound waits for the model; the text follows."""
    go = threading.Event()

    def load() -> ScriptedTranscriber:
        go.wait(10)
        return ScriptedTranscriber(SCRIPT)

    bench = make(SCRIPT.spell(FIRST), load=load)
    dictation = bench.dictation()
    dictation.start()
    wait(lambda: dictation.seconds > 2)
    dictation.stop()
    wait(lambda: dictation.phase is Phase.TRANSCRIBING)
    go.set()
    wait(lambda: dictation.phase is Phase.REVIEW)
    assert dictation.case is not None
    assert dictation.case.note.text == FIRST


def test_a_second_dictation_while_the_first_is_transcribed(make: Callable[..., Bench]) -> None:
    """Both get their own words."""
    bench = make(SCRIPT.spell(f"{FIRST} / / {SECOND} / /"))
    first, second = bench.dictation("one"), bench.dictation("two")
    first.start()
    wait(lambda: first.seconds > 2.0)
    first.stop()
    second.start()
    wait(lambda: second.seconds > 3)
    second.stop()
    wait(lambda: first.phase is second.phase is Phase.REVIEW)
    assert first.case is not None
    assert second.case is not None
    assert first.case.note.text == FIRST
    assert second.case.note.text == SECOND


def test_undo_by_key_and_by_voice(make: Callable[..., Bench]) -> None:
    """The last sentence goes, the one before stays."""
    bench = make(SCRIPT.spell(f"{FIRST} / {SECOND} / slet det / {SECOND} / / / / /"))
    dictation = bench.dictation()
    dictation.start()
    wait(lambda: dictation.seconds > 6)
    dictation.stop()
    wait(lambda: dictation.phase is Phase.REVIEW)
    assert dictation.case is not None
    assert dictation.case.note.text == f"{FIRST} {SECOND}"


def test_pause_leaves_words_out(make: Callable[..., Bench]) -> None:
    """What is said in a pause is not kept."""
    bench = make(SCRIPT.spell(f"{FIRST} / / / {SECOND} / / / / / / {FIRST} /"))
    dictation = bench.dictation()
    dictation.start()
    wait(lambda: dictation.seconds > 2.0)
    dictation.pause()
    assert dictation.phase is Phase.PAUSED
    time.sleep(5.0 / SPEED)
    dictation.pause()
    wait(lambda: dictation.seconds > 5.5)
    dictation.stop()
    wait(lambda: dictation.phase is Phase.REVIEW)
    assert dictation.case is not None
    assert SECOND not in dictation.case.note.text
    assert dictation.case.note.text.startswith(FIRST)


def test_nothing_said_gives_an_empty_draft(make: Callable[..., Bench]) -> None:
    """A slip of the finger is no error."""
    bench = make(np.zeros(SAMPLE_RATE, np.float32))
    dictation = bench.dictation()
    dictation.start()
    dictation.stop()
    wait(lambda: dictation.phase is Phase.REVIEW)
    assert dictation.case is not None
    assert dictation.case.note.text == ""


def test_without_a_model_the_sound_is_kept(make: Callable[..., Bench]) -> None:
    """The note can be written by hand, and the reason is told."""

    def load() -> ScriptedTranscriber:
        raise TranscriptionError("The speech model is damaged.")

    bench = make(SCRIPT.spell(FIRST), load=load)
    dictation = bench.dictation()
    dictation.start()
    wait(lambda: dictation.seconds > 1)
    dictation.stop()
    wait(lambda: dictation.phase is Phase.FAILED)
    assert dictation.problem == "The speech model is damaged."
    assert bench.notebook.replay("one") is not None


def test_a_full_disk_is_told_and_the_text_comes_all_the_same(make: Callable[..., Bench]) -> None:
    """Losing the recording is no reason to lose the words."""
    bench = make(SCRIPT.spell(FIRST))

    def refuse(identifier: str) -> None:
        raise StoreError(f"The disk is full: {identifier}.")

    bench.notebook.sound = refuse  # type: ignore[method-assign,assignment]  # a disk that is full
    dictation = bench.dictation()
    dictation.start()
    wait(lambda: dictation.seconds > 2)
    dictation.stop()
    wait(lambda: dictation.phase is Phase.REVIEW)
    assert dictation.problem == "The disk is full: one."
    assert dictation.case is not None
    assert dictation.case.note.text == FIRST


def test_an_interrupted_dictation_is_recovered(make: Callable[..., Bench]) -> None:
    """Its sound gives the text that it would have given."""
    bench = make(np.zeros(100, np.float32))
    bench.notebook.begin("old", None)
    bench.notebook.sound("old").write(SCRIPT.spell(FIRST))
    dictation = bench.dictation("old")
    dictation.recover()
    wait(lambda: dictation.phase is Phase.REVIEW)
    assert dictation.case is not None
    assert dictation.case.note.text == FIRST


def test_the_citizen_may_be_chosen_while_speaking(make: Callable[..., Bench]) -> None:
    """Before the first sound, during it and after."""
    bench = make(SCRIPT.spell(FIRST))
    citizen = bench.notebook.add_citizen("Else Test", None)
    dictation = bench.dictation()
    dictation.start()
    wait(lambda: dictation.seconds > 0.5)
    dictation.assign(citizen.id)
    assert bench.notebook.get("one").citizen_name == "Else Test"
    dictation.stop()
    wait(lambda: dictation.phase is Phase.REVIEW)


class Flaky:
    """A microphone that is pulled out after a second and put in again."""

    def __init__(self) -> None:
        """Be plugged in."""
        self.opened = 0
        self.present = True
        self._deliver: Deliver | None = None

    def open(self, deliver: Deliver) -> Opened:
        """Open, if it is there."""
        if not self.present:
            raise MicrophoneError("No microphone was found.")
        self.opened += 1
        self._deliver = deliver
        return Opened(name="flaky", sample_rate=48_000, latency_s=0.0)

    def close(self) -> None:
        """Forget the listener."""
        self._deliver = None

    def say(self, level: float) -> None:
        """Deliver 0.1 s at 48 kHz."""
        assert self._deliver is not None
        self._deliver(np.full(4800, level, np.float32))


def test_a_microphone_that_is_pulled_out_comes_back() -> None:
    """What was said stays, the health tells it, and recording goes on at 16 kHz."""
    source, told, got = Flaky(), [], []
    now = [0.0]
    microphone = Microphone(
        source, changed=lambda health, why: told.append((health, bool(why))), clock=lambda: now[0]
    )
    wait(lambda: microphone.health is Health.WARM)
    take = microphone.record(lambda samples: got.append(len(samples)), lambda: got.append(-1))
    for _ in range(5):
        source.say(0.1)
    wait(lambda: sum(got) > 7000)
    source.present = False
    now[0] = 60.0
    wait(lambda: microphone.health is Health.LOST)
    source.present = True
    now[0] = 70.0
    wait(lambda: microphone.health is Health.WARM)
    before = sum(got)
    source.say(0.1)
    wait(lambda: sum(got) > before)
    assert source.opened == 2
    microphone.stop(take)
    now[0] = 80.0
    wait(lambda: -1 in got)
    microphone.close()
    assert (Health.LOST, True) in told


def test_a_cold_microphone_opens_only_for_a_dictation() -> None:
    """It is closed before and after."""
    source = Flaky()
    microphone = Microphone(source, CaptureOptions(warm=False, grace_s=0.0))
    time.sleep(0.1)
    assert (microphone.health, source.opened) == (Health.COLD, 0)
    take = microphone.record(lambda _samples: None, lambda: None)
    wait(lambda: microphone.health is Health.WARM)
    microphone.stop(take)
    source.say(0.1)
    wait(lambda: microphone.health is Health.COLD)
    microphone.close()
