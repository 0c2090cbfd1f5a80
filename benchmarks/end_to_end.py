"""The draft made from speech beside the draft made from the true words.

    python benchmarks/end_to_end.py GOLD.jsonl RECORDINGS [--terms FILE] [--limit N]

GOLD holds annotated notes with "id", "spoken" and "entries"; RECORDINGS holds <id>.flac of each.
"""

import json
import re
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer
from common import heard, ours, write_result

from dictate.draft import Drafter
from dictate.entry import Note
from dictate.heard import draft_transcript
from dictate.notes import note_line
from dictate.terms import terms as terms_in_use
from dictate.transcriber.base import DecodeOptions
from terminology.maintain.score import score
from terminology.maintain.score_files import read_notes
from terminology.maintain.scoring import Rules


def main(
    gold: Annotated[Path, typer.Argument(help="Annotated notes.")],
    recordings: Annotated[Path, typer.Argument(help="Folder with the notes as sound.")],
    *,
    terms: Annotated[
        Path | None, typer.Option(help="Text whose words are the vocabulary, not those in use.")
    ] = None,
    model: Annotated[str, typer.Option(help="A model of the catalogue.")] = "whisper-base",
    limit: Annotated[int, typer.Option(help="Notes taken; 0 for all.")] = 0,
    output: Annotated[Path | None, typer.Option(help="JSON file for the result.")] = None,
) -> None:
    """Score drafts from the true words, from speech, and from speech with a vocabulary."""
    transcriber, files = ours(model)
    drafter = Drafter.load()
    lines = gold.read_text(encoding="utf-8").splitlines()
    notes = [json.loads(line) for line in (lines[:limit] if limit else lines)]
    words = (
        frozenset(re.findall(r"[^\W\d_]{5,}", terms.read_text(encoding="utf-8").casefold()))
        if terms
        else terms_in_use()
    )

    def from_speech(options: DecodeOptions) -> Callable[[dict[str, str]], Note]:
        def draft(note: dict[str, str]) -> Note:
            path = recordings / f"{note['id']}.flac"
            return draft_transcript(drafter, note["id"], heard(transcriber, path, options))

        return draft

    ways: dict[str, Callable[[dict[str, str]], Note]] = {
        "true words": lambda note: drafter.draft(note["id"], spoken=note["spoken"]),
        "speech": from_speech(DecodeOptions()),
        "speech, with vocabulary": from_speech(DecodeOptions(terms=words)),
    }
    summary = {}
    with tempfile.TemporaryDirectory() as scratch:
        wanted = Path(scratch) / "gold.jsonl"
        wanted.write_text(
            "".join(json.dumps(note, ensure_ascii=False) + "\n" for note in notes), encoding="utf-8"
        )
        for name, way in ways.items():
            drafts = Path(scratch) / "drafts.jsonl"
            made = [way(note) for note in notes]
            drafts.write_bytes(b"".join(map(note_line, made)))
            found = score(read_notes(wanted), read_notes(drafts), Rules())
            counts = found.by_kind()["all"]
            low, high = found.interval(500)
            entries = [entry for note in made for entry in note.entries]
            summary[name] = {
                "f1": round(counts.f1, 4),
                "f1_95": (round(low, 4), round(high, 4)),
                "precision": round(counts.precision, 4),
                "recall": round(counts.recall, 4),
                "assertion_errors": sum(len(note.slips) for note in found.notes.values()),
                "entries": len(entries),
                "unsure": sum(entry.unsure for entry in entries),
            }
            print(name, summary[name], flush=True)
    target = write_result(
        "end_to_end", output, files, {"notes": len(notes), "terms": len(words), "summary": summary}
    )
    print(f"Wrote {target}")


if __name__ == "__main__":
    try:
        typer.run(main)
    except KeyboardInterrupt:
        sys.exit(130)
