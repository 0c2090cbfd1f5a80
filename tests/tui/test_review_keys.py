"""The review screen: every key that changes an entry, the text, or what is heard."""

import itertools
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from dictate.entry import Assertion, Entry, Kind, Review
from tui import aloud
from tui.rehearsal import Nurse, Rehearsal
from tui.screens import review_changes

Play = Callable[..., None]
WIDE = (120, 40)


def entry_of(nurse: Nurse, words: str) -> Entry:
    """Return the entry whose evidence holds the words."""
    return next(entry for entry in nurse.case.note.entries if words in entry.evidence)


async def choose(nurse: Nurse, words: str) -> Entry:
    """Mark the entry whose evidence holds the words."""
    entry = entry_of(nurse, words)
    await nurse.press("home")
    for _ in nurse.case.note.entries:
        marked = nurse.review.chosen
        if marked and marked.id == entry.id:
            return entry
        await nurse.press("down")
    raise AssertionError(words)


def test_text_and_entries_stand_side_by_side_or_behind_tabs(play: Play) -> None:
    """At 120 columns both are seen; at 80 the tabulator changes between them."""

    async def wide(nurse: Nurse) -> None:
        await nurse.dictate()
        await nurse.sees("Hun har fået", "«", "Blodtryk", "○")

    async def narrow(nurse: Nurse) -> None:
        await nurse.dictate()
        await nurse.sees("Tekst [Poster]", "til stede")
        assert "Borgeren" not in nurse.screen
        await nurse.press("tab")
        await nurse.sees("[Tekst] Poster", "Borgeren")

    play(wide, WIDE)
    play(narrow)


def test_unsure_words_have_signs(play: Play, rehearsal: Rehearsal) -> None:
    """A doubtful word stands in ‹ ›, its entry has a question mark: no colour is needed."""
    rehearsal.doubts = {"knæet": 0.1}

    async def scene(nurse: Nurse) -> None:
        await nurse.dictate()
        await nurse.sees("‹knæet›")
        assert entry_of(nurse, "smerter").unsure
        await nurse.sees("○?", "usikker: se en ekstra gang")

    play(scene, WIDE)


def test_reject_and_take_back(play: Play) -> None:
    """X rejects and goes on; a space on a decided entry changes nothing; Z opens it again."""

    async def scene(nurse: Nurse) -> None:
        await nurse.dictate()
        entry = await choose(nurse, "smerter")
        await nurse.press("x")
        assert nurse.case.entry(entry.id).review is Review.REJECTED
        await nurse.sees("✗")
        await choose(nurse, "smerter")
        await nurse.press("space")
        assert nurse.case.entry(entry.id).review is Review.REJECTED
        await choose(nurse, "smerter")
        await nurse.press("z")
        assert nurse.case.entry(entry.id).review is Review.SUGGESTED
        await nurse.press("a", *["space"] * 9)
        assert Review.SUGGESTED not in {one.review for one in nurse.case.note.entries}
        await nurse.sees("Alt er afgjort")

    play(scene)


def test_change_status(play: Play, rehearsal: Rehearsal) -> None:
    """S offers what the entry can assert; a digit chooses. The pair is kept."""

    async def scene(nurse: Nurse) -> None:
        await nurse.dictate()
        entry = await choose(nurse, "smerter")
        await nurse.press("s")
        await nurse.sees("ikke til stede", "mistænkt")
        await nurse.press("2")
        changed = nurse.case.entry(entry.id)
        assert (changed.assertion, changed.review) == (Assertion.SUSPECTED, Review.CHANGED)
        await nurse.until(lambda: ("assertion", "present", "suspected") in rehearsal.notebook.corrections)

    play(scene)


def test_change_code_by_search(play: Play) -> None:
    """K searches the terminology by a few letters."""

    async def scene(nurse: Nurse) -> None:
        await nurse.dictate()
        entry = await choose(nurse, "smerter")
        await nurse.press("k")
        await nurse.sees("Hvilken term?")
        await nurse.type("hukomm")
        await nurse.sees("hukommelse")
        await nurse.press("enter")
        changed = nurse.case.entry(entry.id)
        assert changed.coding is not None
        assert "hukommelse" in changed.coding.display.lower()
        assert changed.review is Review.CHANGED

    play(scene)


def test_add_by_hand(play: Play) -> None:
    """T adds what was not said, or not found."""

    async def scene(nurse: Nurse) -> None:
        await nurse.dictate()
        await nurse.press("t")
        await nurse.sees("Hvad vil du tilføje?")
        await nurse.press("2")
        await nurse.type("sårbeh")
        await nurse.sees("årbehandling")
        await nurse.press("enter")
        added = nurse.case.note.entries[-1]
        assert (added.kind, added.assertion, added.review) == (
            Kind.INTERVENTION,
            Assertion.COMPLETED,
            Review.ADDED,
        )

    play(scene)


def test_add_a_measurement_and_a_drug(play: Play) -> None:
    """A measurement is searched, has its unit, is refused without a number and asked twice where unusual."""

    async def scene(nurse: Nurse) -> None:
        await nurse.dictate()
        await nurse.press("t", "3")
        await nurse.sees("Hvilken term?")
        await nurse.type("puls")
        await nurse.sees("Puls")
        await nurse.press("enter")
        await nurse.sees("ny værdi (")
        await nurse.type("hurtig")
        await nurse.press("enter")
        await nurse.sees("Skriv et tal")
        await nurse.type("820")
        await nurse.press("enter")
        await nurse.sees("820 er en usædvanlig værdi")
        await nurse.press("1")
        await nurse.type("82")
        await nurse.press("enter")
        added = nurse.case.note.entries[-1]
        assert (added.kind, added.value, added.review) == (Kind.OBSERVATION, 82, Review.ADDED)
        assert added.unit == nurse.app.desk.unit_of(added.coding.code if added.coding else "")
        await nurse.press("t", "4")
        await nurse.sees("Lægemiddel", "For eksempel")
        await nurse.type("morfin;10 mg")
        await nurse.press("enter")
        added = nurse.case.note.entries[-1]
        assert (added.kind, added.name, added.dose, added.coding) == (
            Kind.MEDICATION,
            "morfin",
            "10 mg",
            None,
        )
        assert added.assertion is Assertion.GIVEN

    play(scene)


def test_correct_value_and_drug(play: Play) -> None:
    """V takes a value with a decimal comma, or a drug with dose and route."""

    async def scene(nurse: Nurse) -> None:
        await nurse.dictate()
        pressure = await choose(nurse, "140")
        await nurse.press("v")
        await nurse.sees("ny værdi")
        await nurse.type("145,5")
        await nurse.press("enter")
        assert nurse.case.entry(pressure.id).value == 145.5
        await nurse.press("v")
        await nurse.type("1455")
        await nurse.press("enter")
        await nurse.sees("1455 er en usædvanlig værdi")
        await nurse.press("1")
        await nurse.sees("ny værdi")
        await nurse.type("150")
        await nurse.press("enter")
        assert nurse.case.entry(pressure.id).value == 150
        drug = await choose(nurse, "panodil")
        await nurse.press("v")
        await nurse.sees("Lægemiddel")
        await nurse.type("ibuprofen;400 mg")
        await nurse.press("enter")
        changed = nurse.case.entry(drug.id)
        assert (changed.name, changed.dose, changed.review) == ("ibuprofen", "400 mg", Review.CHANGED)

    play(scene)


def test_correct_the_text(play: Play, rehearsal: Rehearsal) -> None:
    """R edits; the suggestions follow, decisions stay, and the pair is kept."""

    async def scene(nurse: Nurse) -> None:
        await nurse.dictate()
        entry = await choose(nurse, "smerter")
        await nurse.press("space", "r")
        await nurse.sees("Ret teksten")
        await nurse.press("ctrl+home", *["ctrl+right"] * 5)
        await nurse.press(*["backspace"] * 5)
        await nurse.type("skulderen")
        await nurse.press("escape")
        await nurse.until(lambda: "skulderen" in nurse.case.note.text)
        assert nurse.case.entry(entry.id).review is Review.ACCEPTED
        pairs = rehearsal.notebook.corrections
        await nurse.until(lambda: any(kind == "text" and "skulderen" in new for kind, _, new in pairs))

    play(scene)


def test_a_functional_condition_asks_for_its_level(play: Play, rehearsal: Rehearsal) -> None:
    """Accepting it asks; a digit on the list gives it at once."""
    rehearsal.text = "hun skal have hjælp til at tage tøj på punktum"

    async def scene(nurse: Nurse) -> None:
        await nurse.dictate()
        entry = next(one for one in nurse.case.note.entries if nurse.app.desk.needs_level(one))
        await nurse.press("a")
        assert nurse.case.entry(entry.id).review is Review.SUGGESTED
        await nurse.sees("tryk 0-4")
        await nurse.press("space")
        await nurse.sees("2 moderate begrænsninger")
        await nurse.press("2")
        assert nurse.case.entry(entry.id).level == 2
        await nurse.press("3")
        assert nurse.case.entry(entry.id).level == 3

    play(scene)


def test_template(play: Play) -> None:
    """M sets the text into the fields of a template."""

    async def scene(nurse: Nurse) -> None:
        await nurse.dictate()
        await nurse.press("m")
        await nurse.sees("Hvilken skabelon?", "ISBAR", "TOBS")
        await nurse.press("5")
        await nurse.until(lambda: "Temperatur:" in nurse.case.note.text)
        assert "Blodtryk: 140/80" in nurse.case.note.text

    play(scene)


def test_play_and_read_aloud(play: Play, monkeypatch: pytest.MonkeyPatch) -> None:
    """P plays the stretch behind the entry, or the word that the arrows stand on; O reads the note."""
    played: list[np.ndarray] = []
    read: list[str] = []
    monkeypatch.setattr(review_changes, "play", lambda samples, _rate: played.append(samples))
    monkeypatch.setattr(aloud, "read_aloud", read.append)

    async def scene(nurse: Nurse) -> None:
        await nurse.dictate()
        await choose(nurse, "smerter")
        await nurse.press("p")
        await nurse.until(lambda: len(played) == 1)
        await nurse.press("tab", "right", "right", "p")
        await nurse.until(lambda: len(played) == 2)
        await nurse.press("o")
        await nurse.until(lambda: len(read) == 1)

    play(scene)
    assert 0.5 < len(played[1]) / 16000 < 1.2
    assert np.max(np.abs(played[1])) > 0.05
    assert read[0].startswith("Borgeren har smerter")


@pytest.mark.skipif(shutil.which("espeak-ng") is None, reason="espeak-ng is not installed")
def test_a_voice_reads_danish(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The real voice gets the text by its input, not its arguments; asked again while it reads, it stops."""
    real, heard = subprocess.Popen, tmp_path / "heard.wav"
    commands: list[list[str]] = []

    def into_a_file(command: list[str], **options: Any) -> Any:
        commands.append(command)
        return real([*command, "-w", str(heard)], **options)

    monkeypatch.setattr(aloud.subprocess, "Popen", into_a_file)
    aloud.read_aloud("Borgeren har feber.")
    assert aloud._speaking is not None
    aloud._speaking.wait(20)
    assert heard.stat().st_size > 20_000
    assert not any("feber" in part for part in commands[0])
    aloud.stop()
    monkeypatch.setattr(aloud.subprocess, "Popen", lambda *_, **options: real(["sleep", "60"], **options))
    aloud.read_aloud("Noget langt.")
    aloud.read_aloud("Noget andet.")
    assert aloud._speaking is None


def test_wide_lines(play: Play, rehearsal: Rehearsal) -> None:
    """With large line spacing an empty line stands between the lines, while one speaks and afterwards."""
    rehearsal.preferences = replace(rehearsal.preferences, wide=True)

    async def scene(nurse: Nurse) -> None:
        await nurse.dictate()
        await nurse.press("tab")
        lines = [line.strip("┃ ") for line in nurse.lines() if line.startswith("┃")]
        written = [place for place, line in enumerate(lines) if line]
        assert len(written) >= 2
        assert {after - before for before, after in itertools.pairwise(written)} == {2}

    play(scene)


@pytest.mark.parametrize(
    ("punctuation", "text"),
    [
        ("both", "Hun har smerter i knæet. Hun har ikke åndenød."),
        ("spoken", "Hun har smerter i knæet. Hun har ikke åndenød"),
        ("restored", "Hun har smerter i knæet punktum. Hun har ikke åndenød."),
    ],
)
def test_punctuation_is_a_setting(play: Play, rehearsal: Rehearsal, punctuation: str, text: str) -> None:
    """Marks come from the speaker, the program or both; what is found is the same, and has its sound."""
    rehearsal.text = "hun har smerter i knæet punktum / hun har ikke åndenød"
    rehearsal.preferences = replace(rehearsal.preferences, punctuation=punctuation)

    async def scene(nurse: Nurse) -> None:
        await nurse.dictate()
        note = nurse.case.note
        assert note.text == text
        assert [entry.assertion for entry in note.entries] == [Assertion.PRESENT, Assertion.ABSENT]
        for entry in note.entries:
            assert note.text[entry.start : entry.end] == entry.evidence
            assert nurse.case.sound_of(entry.start, entry.end)

    play(scene)


def test_leaving_keeps_the_draft(play: Play, rehearsal: Rehearsal) -> None:
    """Escape puts it aside with its decisions; F3 brings it back; X gives it up after a question."""

    async def scene(nurse: Nurse) -> None:
        await nurse.dictate()
        entry = await choose(nurse, "smerter")
        await nurse.press("space", "escape")
        await nurse.sees("Gemt som kladde", "1 ufærdigt diktat")
        await nurse.press("f3")
        await nurse.sees("Borgeren har smerter")
        await nurse.press("enter")
        await nurse.sees("Gennemgang")
        assert nurse.case.entry(entry.id).review is Review.ACCEPTED
        await nurse.press("escape", "f3")
        await nurse.sees("1 notat")
        await nurse.press("x")
        await nurse.sees("Opgive kladden?")
        await nurse.press("2")
        await nurse.sees("Intet er ufærdigt")
        assert rehearsal.notebook.unfinished() == ()

    play(scene)
