"""The table of an output folder: what became of each recording, over all runs; no text of any note.

It holds nothing that differs from run to run, so that runs that were broken off end with the same table.
"""

import csv
import io
import json
from collections.abc import Iterable
from dataclasses import replace

from dictate.batch import results
from dictate.batch.places import Place
from dictate.batch.run import Line, Result

NAME = "report.csv"
COLUMNS = ("file", "result", "seconds", "certainty", "entries", "damaged", "why")

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet would take for a formula and run, at the start of a file's name."""

Row = dict[str, str]


def write(place: Place, lines: Iterable[Line]) -> None:
    """Bring the table up to date with a run; what other runs did of other recordings stays.

    Raises:
        OutputError: it can't be written.

    """
    before = _read(place)
    lines = tuple(lines)
    if not lines and not before:
        return
    rows = {name: row for name, row in before.items() if results.are_there(place, _plain(name))}
    for line in lines:
        name = _harmless(line.name)
        if line.result is not Result.KEPT:
            rows[name] = _row(line)
        elif name not in rows or rows[name]["result"] not in {Result.DONE, Result.EMPTY}:
            rows[name] = _row_of_files(place, line)
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n", extrasaction="ignore", restval="")
    writer.writeheader()
    writer.writerows(rows[name] for name in sorted(rows))
    place.put(NAME, text.getvalue().encode())


def _read(place: Place) -> dict[str, Row]:
    content = place.read(NAME)
    if content is None:
        return {}
    try:
        rows = csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""))
        return {row["file"]: row for row in rows}
    except (UnicodeDecodeError, KeyError, csv.Error):
        return {}  # somebody changed it: it is made anew


def _row(line: Line) -> Row:
    is_heard = line.result in {Result.DONE, Result.EMPTY}
    return {
        "file": _harmless(line.name),
        "result": line.result.value,
        "seconds": f"{line.seconds:.1f}" if is_heard else "",
        "certainty": "" if line.certainty is None else f"{line.certainty:.3f}",
        "entries": str(line.entries) if is_heard else "",
        "damaged": "yes" if line.salvaged else "",
        "why": line.why,
    }


def _row_of_files(place: Place, kept: Line) -> Row:
    """Return what the results tell, where the run that made them was broken off."""
    transcript, draft = map(place.read, results.names(kept.name))
    try:
        heard = json.loads(transcript or b"")
        sure = [word["probability"] for segment in heard["segments"] for word in segment["words"]]
        entries = len(json.loads(draft or b"")["entries"])
        return _row(
            replace(
                kept,
                result=Result.DONE if sure else Result.EMPTY,
                seconds=heard["duration"],
                certainty=sum(sure) / len(sure) if sure else None,
                entries=entries,
            )
        )
    except (ValueError, KeyError, TypeError):  # somebody changed them
        return _row(replace(kept, result=Result.DONE)) | {"seconds": "", "entries": ""}


def _harmless(name: str) -> str:
    return f"'{name}" if name.startswith(_FORMULA) else name


def _plain(name: str) -> str:
    return name[1:] if name[:1] == "'" and name[1:].startswith(_FORMULA) else name
