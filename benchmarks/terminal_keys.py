"""Key presses from the start of a dictation to its signature, on the sample dictations.

Each sample is dictated twice into the app: as it was said, and as the speech model hears it. The nurse
accepts what is right and rejects what is wrong; what was not heard she leaves out (it is counted).
"""

import asyncio
import csv
import statistics
from dataclasses import dataclass
from pathlib import Path

from dictate import bootstrap
from dictate.audio import AudioClip, read_audio
from dictate.draft import Drafter
from dictate.entry import Entry, Review
from tui.rehearsal import Nurse, Rehearsal

SAMPLES = Path("samples")
ROUTINE = 3
"""Entries of a routine note."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """How one note was signed."""

    presses: int
    entries: frozenset[tuple[str, str]]
    """Codes and assertions that were drafted."""


def keys(model: str) -> dict[str, object]:
    """Dictate all samples both ways."""
    drafter = Drafter.load()
    transcriber = bootstrap.transcriber(model)
    with (SAMPLES / "texts.tsv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines, delimiter="\t"))
    said, heard, lost, wrong = [], [], 0, 0
    for row in rows:
        truth = asyncio.run(_sign(Rehearsal(text=_words(row["spoken"]), drafter=drafter), None))
        if len(truth.entries) != ROUTINE:
            continue
        found = transcriber.transcribe([AudioClip(samples=read_audio(SAMPLES / row["file"]).samples)])
        rehearsal = Rehearsal(
            text=_words(" ".join(word.text for word in found.words)),
            drafter=drafter,
            doubts={word.text: word.probability for word in found.words},
        )
        draft = asyncio.run(_sign(rehearsal, truth.entries))
        said.append(truth.presses)
        heard.append(draft.presses)
        lost += len(truth.entries - draft.entries)
        wrong += len(draft.entries - truth.entries)
    return {
        "notes_with_three_entries": len(said),
        "true_text_presses": {"median": statistics.median(said), "most": max(said)},
        "model": model,
        "model_presses": {"median": statistics.median(heard), "most": max(heard)},
        "model_entries_not_heard": lost,
        "model_entries_rejected": wrong,
    }


async def _sign(rehearsal: Rehearsal, right: frozenset[tuple[str, str]] | None) -> Signed:
    """Dictate, decide and sign; `right`: what may be accepted, None for everything."""
    async with rehearsal.play() as nurse:
        await nurse.until(lambda: nurse.app.desk.state.model)
        await nurse.dictate()
        entries = nurse.case.note.entries
        if all(right is None or _key(entry) in right for entry in entries):
            await nurse.press("a")
        await _decide(nurse, right)
        await nurse.sign("els", "Else Test")
        await nurse.sees("Underskrevet og gemt")
        return Signed(presses=nurse.presses, entries=frozenset(map(_key, entries)))


async def _decide(nurse: Nurse, right: frozenset[tuple[str, str]] | None) -> None:
    while True:
        left = [entry for entry in nurse.case.note.entries if entry.review is Review.SUGGESTED]
        if not left:
            return
        entry = nurse.review.chosen
        assert entry is not None
        if entry.review is not Review.SUGGESTED:
            await nurse.press("down")
        elif right is not None and _key(entry) not in right:
            await nurse.press("x")
        elif nurse.app.desk.needs_level(entry) and entry.level is None and entry.assertion == "present":
            await nurse.press("2")
        else:
            await nurse.press("space")


def _key(entry: Entry) -> tuple[str, str]:
    return (entry.coding.code if entry.coding else entry.evidence, entry.assertion.value)


def _words(text: str) -> str:
    """Keep what the scripted recogniser can say."""
    return " ".join(text.replace("/", " ").split())
