"""Every screen as text at two sizes: the large one in every theme, the small one without colour.

PLEJEDIKTAT_UPDATE=1 writes the snapshots anew; look at what changed before keeping them.
"""

import os
import re
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from rich.color import Color as RichColor

from dictate.draft import Drafter
from dictate.entry import Assertion, Coding, Entry, Kind, Note
from dictate.notebook import Destination
from dictate.notes import note_line
from dictate.own_words import OwnWord, Rule
from tui import spelling
from tui.app import _THEMES
from tui.preferences import THEMES
from tui.rehearsal import Nurse, Rehearsal

SNAPSHOTS = Path(__file__).parent / "snapshots"
SIZES = {"80x24": (80, 24), "120x40": (120, 40)}
MASKS = ((r"\d:\d\d", "M:SS"), (r"▕[█·]+▏.*?(?=\n)", "▕meter▏"), (r"i dag \d\d\.\d\d", "i dag TT.MM"))
READABLE, EASY = 4.5, 7.0
"""Contrast of text to its ground, as WCAG asks for (AA, AAA)."""
Play = Callable[..., None]
Scene = Callable[[Nurse], Awaitable[None]]


async def start(nurse: Nurse) -> None:
    """The first screen."""
    await nurse.sees("Else Test")


async def helping(nurse: Nurse) -> None:
    """The help page."""
    await nurse.press("question_mark")
    await nurse.sees("I fire trin")


async def dictating(nurse: Nurse) -> None:
    """While somebody speaks."""
    await nurse.until(lambda: nurse.app.desk.ready)
    await nurse.press("f5")
    nurse.say()
    await nurse.sees("åndenød")
    await nurse.until(lambda: nurse.app.current and not nurse.app.current.partial.tentative)


async def reviewing(nurse: Nurse) -> None:
    """A draft, some of it decided."""
    await nurse.dictate()
    await nurse.press("a", "x")
    nurse.app.clear_notifications()
    await nurse.pilot.pause()


async def signing(nurse: Nurse) -> None:
    """The last look."""
    await reviewing(nurse)
    await nurse.press("b")
    await nurse.type("els")
    await nurse.sees("Else Test")
    await nurse.press("enter", "f9")
    await nurse.sees("Underskrives af")


async def settings(nurse: Nurse) -> None:
    """The settings."""
    await nurse.press("f7")
    await nurse.sees("Mit navn")


async def words(nurse: Nurse) -> None:
    """What was learned of corrections."""
    for one in (
        OwnWord(heard="smærter", chosen="smerter", times=2, id="1"),
        OwnWord(heard="ben", chosen="bens", times=3, id="2"),
        OwnWord(heard="hjemmeplejen", chosen="hjemmeplejen", rule=Rule.ALWAYS, id="3"),
    ):
        nurse.rehearsal.notebook.keep_word(one)
    await settings(nurse)
    await nurse.press(*["down"] * 8, "enter")
    await nurse.sees("3 ord")


async def keys(nurse: Nurse) -> None:
    """The keys."""
    await settings(nurse)
    await nurse.press(*["down"] * 9, "enter")
    await nurse.sees("Overalt")


async def new_key(nurse: Nurse) -> None:
    """A key that means something already."""
    await keys(nurse)
    await nurse.press("enter", "f9")
    await nurse.sees("betyder allerede")


async def inbox(nurse: Nurse) -> None:
    """Drafts from a file."""
    await nurse.press("f2")
    await nurse.sees("2 notater")


async def unfinished(nurse: Nurse) -> None:
    """A draft that was put aside."""
    await reviewing(nurse)
    await nurse.press("escape", "f3")
    await nurse.sees("1 notat")


async def signed(nurse: Nurse) -> None:
    """A note of the history, of which one entry was a mistake."""
    nurse.rehearsal.notebook.destinations = (Destination(name="journal"),)
    await signing(nurse)
    await nurse.press("u")
    await nurse.sees("Underskrevet og gemt")
    await nurse.press("f4")
    await nurse.sees("1 notat")
    await nurse.press("enter")
    await nurse.sees("Underskrevet af")
    await nurse.press("f")
    await nurse.sees("Hvorfor er det en fejl?")
    await nurse.type("forkert borger")
    await nurse.press("enter")
    await nurse.sees("fejlregistreret")


async def history(nurse: Nurse) -> None:
    """The history."""
    await signed(nurse)
    await nurse.press("escape")
    await nurse.sees("1 notat")


async def outbox(nurse: Nurse) -> None:
    """What is on its way."""
    await signed(nurse)
    await nurse.press("escape", "escape", "f8")
    await nurse.sees("2 forsendelser")


async def training(nurse: Nurse) -> None:
    """What one can practise with."""
    await nurse.press("f6")
    await nurse.sees("Jeg taler selv")


async def guiding(nurse: Nurse) -> None:
    """The first minutes."""
    await nurse.press("f7", "end", "enter")
    await nurse.sees("Hvem er du?")


async def locked(nurse: Nurse) -> None:
    """The lock, where the key lies on the machine."""
    await nurse.press("ctrl+l")
    await nurse.sees("Låst for Ann Ask")


async def passphrase(nurse: Nurse) -> None:
    """The lock, where a passphrase opens it."""
    nurse.rehearsal.notebook.passphrase = "en sætning"  # noqa: S105 - of a test
    await nurse.press("ctrl+l")
    await nurse.sees("Skriv din adgangssætning")


async def citizen(nurse: Nurse) -> None:
    """Whom it is about."""
    await reviewing(nurse)
    await nurse.press("b")
    await nurse.sees("Else Test")


async def terms(nurse: Nurse) -> None:
    """Which code it is."""
    await reviewing(nurse)
    await nurse.press("home", "k")
    await nurse.type("hukomm")
    await nurse.sees("hukommelse")


async def editing(nurse: Nurse) -> None:
    """Correcting the text."""
    await reviewing(nurse)
    await nurse.press("r")
    await nurse.sees("Ret teksten")


async def word(nurse: Nurse) -> None:
    """Another word in the place of one that was put right."""
    nurse.rehearsal.notebook.keep_word(OwnWord(heard="knæet", chosen="knæene", rule=Rule.ALWAYS))
    await reviewing(nurse)
    await nurse.press("e")
    await nurse.sees("I stedet for")


async def status(nurse: Nurse) -> None:
    """What an entry asserts."""
    await reviewing(nurse)
    await nurse.press("home", "s")
    await nurse.sees("mistænkt")


async def templates(nurse: Nurse) -> None:
    """Which template."""
    await reviewing(nurse)
    await nurse.press("m")
    await nurse.sees("ISBAR")


SCENES: dict[str, Scene] = {
    "start": start,
    "help": helping,
    "dictate": dictating,
    "review": reviewing,
    "sign": signing,
    "settings": settings,
    "words": words,
    "keys": keys,
    "new-key": new_key,
    "inbox": inbox,
    "unfinished": unfinished,
    "history": history,
    "signed": signed,
    "outbox": outbox,
    "training": training,
    "guide": guiding,
    "lock": locked,
    "passphrase": passphrase,
    "citizen": citizen,
    "terms": terms,
    "edit": editing,
    "word": word,
    "status": status,
    "templates": templates,
}


_SAID: tuple[tuple[str, Kind, Assertion, str | None, dict[str, Any]], ...] = (
    ("smerter", Kind.CONDITION, Assertion.PRESENT, "Problemer med smerter", {}),
    ("140/80", Kind.OBSERVATION, Assertion.MEASURED, "Blodtryk", {"value": 140, "unit": "mm[Hg]"}),
    ("1 g panodil", Kind.MEDICATION, Assertion.GIVEN, None, {"name": "panodil", "dose": "1 g"}),
    ("ikke åndenød", Kind.CONDITION, Assertion.ABSENT, "Respirationsproblemer", {}),
)


class FixedDrafter(Drafter):
    """Finds the same entries for ever: the snapshots are of the screens, not of the vocabulary."""

    def draft(self, note_id: str, *, text: str | None = None, spoken: str | None = None) -> Note:
        """Find some words."""
        del spoken
        assert text is not None
        entries = tuple(
            Entry(
                id=f"{note_id}-{number}",
                kind=kind,
                assertion=assertion,
                coding=Coding(system="s", code=display, display=display) if display else None,
                start=text.index(words),
                end=text.index(words) + len(words),
                evidence=words,
                **values,
            )
            for number, (words, kind, assertion, display, values) in enumerate(_SAID, start=1)
            if words in text
        )
        return Note(id=note_id, text=text, entries=entries)


@pytest.fixture
def rehearsal(rehearsal: Rehearsal) -> Rehearsal:
    """The usual script with a draft that stays the same."""
    rehearsal.drafter = FixedDrafter(rehearsal.drafter.matcher)
    return rehearsal


@pytest.fixture
def drafts(tmp_path: Path, rehearsal: Rehearsal) -> Path:
    """A file of two notes."""
    path = tmp_path / "drafts.jsonl"
    texts = ("Hun har smerter i hoften.", "Huden er tør.")
    path.write_bytes(
        b"".join(note_line(rehearsal.drafter.draft(f"n{at}", text=one)) for at, one in enumerate(texts))
    )
    return path


def shown(nurse: Nurse) -> str:
    """Return the screen without what changes from run to run."""
    text = nurse.screen + "\n"
    for pattern, mask in MASKS:
        text = re.sub(pattern, mask, text)
    return text


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", SCENES)
def test_screens_look_as_they_did(
    play: Play, rehearsal: Rehearsal, drafts: Path, monkeypatch: pytest.MonkeyPatch, *, name: str, size: str
) -> None:
    """A change of a screen is seen in its snapshot; no theme changes a sign or is hard to read."""
    rehearsal.doubts = {"knæet": 0.1}
    small = size == "80x24"
    if small:
        monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setattr(spelling.shutil, "which", lambda _name: None)

    async def scene(nurse: Nurse) -> None:
        await nurse.until(lambda: nurse.app.desk.state.model)
        await SCENES[name](nurse)
        nurse.app.clear_notifications()
        await nurse.pilot.pause()
        path = SNAPSHOTS / f"{name}-{size}.txt"
        text = shown(nurse)
        if os.environ.get("PLEJEDIKTAT_UPDATE"):
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
        assert text == path.read_text(encoding="utf-8")
        if small:
            assert all(len(set(front)) == len(set(ground)) == 1 for front, ground, _ in pairs(nurse))
            return
        for theme in THEMES:
            nurse.app.theme = _THEMES[theme]
            await nurse.pilot.pause()
            assert shown(nurse) == text
            least = EASY if theme == "contrast" else READABLE
            assert sorted({pair for pair in pairs(nurse) if contrast(*pair[:2]) < least}) == []

    play(scene, SIZES[size], **({"drafts": drafts} if name == "inbox" else {}))


def test_without_colour_nothing_is_missing(
    play: Play, rehearsal: Rehearsal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With NO_COLOR all is grey, and the signs say what colours would."""
    monkeypatch.setenv("NO_COLOR", "1")
    rehearsal.doubts = {"smerter": 0.1, "knæet": 0.1}

    async def scene(nurse: Nurse) -> None:
        await reviewing(nurse)
        await nurse.sees("✗?", "○!", "✓", "‹knæet›")
        for front, ground, _ in pairs(nurse):
            assert len(set(front)) == len(set(ground)) == 1

    play(scene, (120, 40))


Rgb = tuple[int, int, int]


def pairs(nurse: Nurse) -> set[tuple[Rgb, Rgb, str]]:
    """Return colours of letters and of their ground, with an example; behind a question it is dimmed."""
    screen = nurse.app.screen
    area = screen.query_one(".dialog").region if screen.is_modal else screen.region
    found = {}
    for strip in screen._compositor.render_strips()[area.y : area.bottom]:
        for segment in strip.crop(area.x, area.right):
            style = segment.style
            if not any(sign.isalnum() for sign in segment.text) or style is None or style.dim:
                continue
            front, ground = rgb(style.color, (224, 224, 224)), rgb(style.bgcolor, (0, 0, 0))
            pair = (ground, front) if style.reverse else (front, ground)
            found[pair] = segment.text.strip()
    return {(*pair, text) for pair, text in found.items()}


def rgb(color: RichColor | None, default: Rgb) -> Rgb:
    """Return a colour as numbers."""
    return tuple(color.get_truecolor()) if color else default  # type: ignore[return-value]  # three numbers


def contrast(front: Rgb, ground: Rgb) -> float:
    """Return the contrast ratio of WCAG 2.1."""
    light, dark = sorted((luminance(front), luminance(ground)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(color: Rgb) -> float:
    """Return the relative luminance of WCAG 2.1."""
    parts = [value / 255 for value in color]
    red, green, blue = (
        part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
