"""Reading annotated notes as drafts, for the export benchmarks; imported by nobody else."""

import json
import tempfile
from pathlib import Path

from dictate.entry import Note
from dictate.notes import read_notes


def read_gold(path: Path) -> list[Note]:
    """Return drafts or annotated notes; the latter may name words that don't stand in the text as such."""
    with tempfile.TemporaryDirectory() as folder:
        lines = []
        for line in path.read_text(encoding="utf-8").splitlines():
            note = json.loads(line)
            for entry in note["entries"]:
                evidence = entry.get("evidence")
                if "start" not in entry and evidence is not None and evidence not in note["text"]:
                    del entry["evidence"]
                    entry |= {"start": 0, "end": len(note["text"])}
            lines.append(json.dumps(note, ensure_ascii=False))
        usable = Path(folder) / "notes.jsonl"
        usable.write_text("\n".join(lines), encoding="utf-8")
        return list(read_notes(usable))
