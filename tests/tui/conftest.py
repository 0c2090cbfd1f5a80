"""A rehearsal of the app: scripted microphone and recogniser, notebook in memory."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from dictate.draft import Drafter
from tui import i18n, keymap
from tui.rehearsal import Nurse, Rehearsal

TEXT = (
    "borgeren har smerter i knæet punktum / blodtryk 140 over 80 punktum / hun har fået 1 gram panodil "
    "punktum / hun har ikke åndenød punktum"
)


@pytest.fixture(scope="session")
def drafter() -> Drafter:
    """The vocabulary, read once."""
    return Drafter.load()


@pytest.fixture(autouse=True)
def _own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the developer's own settings and notes out, and speak Danish."""
    for name in ("CONFIG", "DATA", "CACHE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name.lower()))
    monkeypatch.delenv("NO_COLOR", raising=False)
    i18n.choose("da")
    keymap.choose({})


@pytest.fixture(autouse=True)
def _vocabulary_at_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give the speller a few words of the vocabulary: writing all of them out takes many seconds."""
    monkeypatch.setattr("dictate.terms.terms", lambda: frozenset({"panodil"}))


@pytest.fixture
def rehearsal(drafter: Drafter) -> Rehearsal:
    """The usual script: pain, a blood pressure, a drug and something that is not there."""
    return Rehearsal(text=TEXT, drafter=drafter)


@pytest.fixture
def play(rehearsal: Rehearsal) -> Callable[..., None]:
    """Run a scene on the app."""

    def run(
        scene: Callable[[Nurse], Awaitable[None]], size: tuple[int, int] = (80, 24), **options: Path
    ) -> None:
        async def go() -> None:
            async with rehearsal.play(rehearsal.app(**options), size) as nurse:
                await scene(nurse)

        asyncio.run(go())

    return run
