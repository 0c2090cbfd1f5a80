"""How fast are signed entries exported, and in how much memory?

Takes notes (JSON Lines, drafts or gold), signs them as a marked synthetic person, and exports them again and
again, each time as other notes of other citizens, until so many entries were written. Every FHIR bundle is
checked against its profiles, as it always is. Prints figures, never texts.

    python benchmarks/export.py NOTES.jsonl [--entries 10000] [--format kl-core]
"""

import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

sys.path.insert(0, str(Path(__file__).parent))
from gold import read_gold

from dictate.entry import Note
from dictate.errors import ExportError
from dictate.export.base import Format, Visit
from dictate.export.files import export_notes
from dictate.export.letter import Party, make_letter
from dictate.paths import write_atomic
from dictate.session import sign

RESULTS = Path(__file__).parent / "results"
AT = datetime(2026, 11, 22, 8, 30, tzinfo=UTC)
SECONDS, MEGABYTES = 60, 500
"""The most that 10,000 entries may take."""


def main(
    notes: Annotated[Path, typer.Argument(help="Draft or gold notes, JSON Lines.")],
    *,
    entries: Annotated[int, typer.Option(help="Entries to export.")] = 10_000,
    form: Annotated[
        Format | None, typer.Option("--format", help="Only this format, in this process.")
    ] = None,
    save: Annotated[bool, typer.Option(help="Write the figures to benchmarks/results.")] = True,
) -> None:
    """Measure each format in a process of its own; the exit code is 0 where the limits are kept."""
    if form:
        print(json.dumps(measure(notes, form, entries)))
        return
    results = {}
    for each in Format:
        command = [sys.executable, __file__, str(notes), "--entries", str(entries), "--format", each]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        results[str(each)] = json.loads(done.stdout)
        print(f"{each}: {done.stdout.strip()}", file=sys.stderr)
    shown = json.dumps(
        {"at": datetime.now(UTC).isoformat(timespec="seconds"), "cpus": os.cpu_count()} | results
    )
    print(shown)
    if save:
        write_atomic(RESULTS / "export.json", shown.encode() + b"\n")
    within = all(
        each["seconds"] * 10_000 / max(each["entries"], 1) <= SECONDS and each["peak_mb"] <= MEGABYTES
        for each in results.values()
    )
    sys.exit(0 if within else 1)


def measure(path: Path, form: Format, entries: int) -> dict[str, float | int]:
    """Export until so many entries of notes were written; return seconds, bytes and memory."""
    signed = sign(read_gold(path), by="Syntetisk Prøve", role="Sygeplejerske", at=AT, accept_all=True)
    letter = make_letter(
        Party(name="Akutteam Prøve", sor="1267041000016006", ean="5790002757778", phone="12345678"),
        Party(name="Lægehuset Prøve", sor="73091000016008", ean="5790000147465", provider="045861"),
        not_acute=True,
    )
    began, worked = time.perf_counter(), time.process_time()
    done = carried = written = files = 0
    for number, note in enumerate(_endless(signed)):
        if done >= entries:
            break
        visit = Visit(
            citizen=f"010101{number % 10_000:04d}",
            citizen_name="Syntetisk Testesen",
            author="Syntetisk Prøve",
            role="Sygeplejerske",
            sor="330411000016001",
            start=AT,
        )
        done += len(note.entries)
        try:
            for bundle, _ in export_notes([note], form, name=note.id, at=AT, visit=visit, letter=letter):
                carried += len(bundle.entry_ids)
                written += len(bundle.content)
                files += 1
        except ExportError:  # the format can't carry anything of this note
            continue
    return {
        "entries": done,
        "carried": carried,
        "files": files,
        "megabytes": round(written / 1e6, 1),
        "seconds": round(time.perf_counter() - began, 2),
        "cpu_seconds": round(time.process_time() - worked, 2),
        "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }


def _endless(notes: Sequence[Note]) -> Iterator[Note]:
    """Yield the notes again and again, each time under other ids."""
    turn = 0
    while True:
        for note in notes:
            yield replace(note, id=f"{note.id}-{turn}")
        turn += 1


if __name__ == "__main__":
    typer.run(main)
