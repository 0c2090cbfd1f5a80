"""The app with a scripted microphone and recogniser, and somebody who presses its keys: for tests."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

import numpy as np
from textual.pilot import Pilot

from dictate.audio import SAMPLE_RATE, AudioClip
from dictate.capture import AudioSource
from dictate.case import Case
from dictate.draft import Drafter
from dictate.memory_notebook import MemoryNotebook
from dictate.playing import ClipSource
from dictate.scripted import Script, ScriptedTranscriber
from tui.app import TerminalApp
from tui.desk import Factories
from tui.preferences import Preferences
from tui.screens.review import ReviewScreen

KNOWN = Preferences(name="Ann Ask", role="Sygeplejerske", guided=True, tone=False)
"""Somebody who has used it before."""
_LIMIT = (
    "Gets about four words in ten wrong on real, clearly read Danish and more elsewhere; "
    "for trying things out only."
)
_WAIT_S = 60.0
"""A loaded machine is slow."""


@dataclass(slots=True)
class Rehearsal:
    """What an app is built of."""

    text: str
    """What is said; "/" is a pause."""
    drafter: Drafter
    preferences: Preferences = KNOWN
    notebook: MemoryNotebook = field(
        default_factory=lambda: MemoryNotebook([("Else Test", "1502409995"), ("Erik Prøve", None)])
    )
    doubts: dict[str, float] = field(default_factory=dict)
    """Word to the probability it is heard with."""
    speed: float = 10.0
    """How many times faster than real the microphone runs."""
    before_model: Callable[[], None] = lambda: None
    """Called while the recogniser is loaded."""
    voice: ClipSource | None = None
    """Says the text once `say` is called."""

    @property
    def seconds(self) -> float:
        """How long the text takes to say."""
        return len(Script(self.text).spell(self.text)) / SAMPLE_RATE

    def app(
        self, *, visits: Path | None = None, drafts: Path | None = None, preferences_file: Path | None = None
    ) -> TerminalApp:
        """Build the app."""
        script = Script(self.text.replace("/", ""))
        sound = np.concatenate([script.spell(self.text), np.zeros(2 * SAMPLE_RATE, np.float32)])

        def source(_device: str) -> AudioSource:
            self.voice = ClipSource(AudioClip(samples=sound), speed=self.speed, held=True)
            return self.voice

        def transcriber(_model: str) -> ScriptedTranscriber:
            self.before_model()
            return ScriptedTranscriber(script, doubts=self.doubts)

        factories = Factories(
            source=source,
            transcriber=transcriber,
            drafter=lambda: self.drafter,
            notebook=lambda _preferences, _ask: self.notebook,
            limit=lambda _model: _LIMIT,
        )
        return TerminalApp(
            factories, self.preferences, visits=visits, drafts=drafts, preferences_file=preferences_file
        )

    @asynccontextmanager
    async def play(
        self, app: TerminalApp | None = None, size: tuple[int, int] = (80, 24)
    ) -> AsyncIterator["Nurse"]:
        """Run the app without a terminal; everything behind it is ready."""
        app = app or self.app()
        async with app.run_test(size=size, notifications=True) as pilot:
            nurse = Nurse(pilot, self)
            await nurse.until(lambda: app.desk.state.notebook_ready and app.desk.state.drafter_ready)
            yield nurse


class Nurse:
    """Presses keys and reads the screen."""

    def __init__(self, pilot: Pilot[None], rehearsal: Rehearsal) -> None:
        """Sit down at the app that `pilot` drives."""
        self.pilot, self.rehearsal = pilot, rehearsal
        self.app = cast("TerminalApp", pilot.app)
        self.presses = 0

    async def press(self, *keys: str) -> None:
        """Press keys, one after another."""
        self.presses += len(keys)
        await self.pilot.press(*keys)
        await self.pilot.pause()

    async def type(self, text: str) -> None:
        """Type a text."""
        names = {" ": "space", "-": "minus", ",": "comma", ".": "full_stop", "/": "slash", ";": "semicolon"}
        await self.press(*(names.get(letter, letter) for letter in text))

    async def until(self, condition: Callable[[], object], seconds: float = _WAIT_S) -> None:
        """Wait until the app has come so far.

        Raises:
            TimeoutError: it doesn't; the message holds the screen.

        """
        clock = asyncio.get_running_loop().time
        end = clock() + seconds
        while not condition():
            if clock() > end:
                raise TimeoutError(f"the screen stays as it is:\n{self.screen}")
            await self.pilot.pause(0.01)

    async def sees(self, *texts: str) -> None:
        """Wait until all of these stand on the screen."""
        await self.until(lambda: all(text in self.screen for text in texts))

    @property
    def screen(self) -> str:
        """What stands on the screen, line by line, without colours."""
        return "\n".join(self.lines())

    def lines(self) -> Iterable[str]:
        """Return the lines of the screen."""
        strips = self.app.screen._compositor.render_strips()  # noqa: SLF001 - there is no other way to read it
        return ["".join(segment.text for segment in strip).rstrip() for strip in strips]

    @property
    def case(self) -> Case:
        """The draft under review."""
        return self.review.case

    @property
    def review(self) -> ReviewScreen:
        """The review screen, which is shown."""
        return next(one for one in reversed(self.app.screen_stack) if isinstance(one, ReviewScreen))

    def say(self) -> None:
        """Begin to say the text."""
        assert self.rehearsal.voice is not None
        self.rehearsal.voice.say()

    async def sign(self, letters: str, citizen: str) -> None:
        """Sign what is decided, of a known citizen whose name has these letters."""
        await self.press("f9")
        await self.sees("Hvem handler notatet om?")
        await self.type(letters)
        await self.sees(citizen)
        await self.press("enter")
        await self.sees("Underskrives af")
        await self.press("u")

    async def dictate(self) -> None:
        """Say the whole text, and come to the review."""
        await self.until(lambda: self.app.desk.ready)
        await self.press("f5")
        self.say()
        await self.until(lambda: self.app.current and self.app.current.seconds >= self.rehearsal.seconds)
        await self.press("f5")
        await self.until(lambda: isinstance(self.app.screen, ReviewScreen))
        await self.pilot.pause()
