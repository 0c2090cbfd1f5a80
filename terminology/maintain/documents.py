"""What people said, from transcripts, drafts and corrections, and the codes that people gave it."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from terminology.errors import TerminologyError
from terminology.files import read_text

CHOSEN = frozenset({"added", "changed"})
"""What a person did to an entry that nobody suggested so."""
TEXTS = ("text", "spoken", "evidence")


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """Something that was said."""

    id: str
    text: str
    code: str = ""
    """Code that a person gave it, "" where none did."""


def read_documents(path: Path) -> Iterator[Document]:
    """Yield the texts of a JSON Lines file, or of one JSON object.

    A record holds "text" or "spoken" (transcripts, notes), or "evidence" with a "code" (corrections). The
    entries of a draft that a person added or changed are yielded with their codes.

    Raises:
        TerminologyError: it is no such file; the message names file, line and reason, and no text.

    """
    text = read_text(path)
    whole = _parsed(text)
    if isinstance(whole, dict):
        yield from _documents(whole, path.name, path.name)
        return
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        place = f"{path.name}, line {number}"
        record = _parsed(line)
        if not isinstance(record, dict):
            raise TerminologyError(f"{place}: it is not a JSON object. Name a JSON Lines file.")
        yield from _documents(record, place, f"{path.name}:{number}")


def _parsed(text: str) -> object:
    try:
        return json.loads(text)
    except (json.JSONDecodeError, RecursionError):
        return None


def _documents(record: Mapping[str, Any], place: str, name: str) -> Iterator[Document]:
    said = next((record[key] for key in TEXTS if isinstance(record.get(key), str)), None)
    if said is None:
        raise TerminologyError(
            f"{place}: it has none of {', '.join(TEXTS)}. Name transcripts or corrections."
        )
    code = record.get("code")
    yield Document(id=name, text=said, code=code if isinstance(code, str) else "")
    entries = record.get("entries", [])
    for entry in entries if isinstance(entries, list) else []:
        if not isinstance(entry, dict) or entry.get("review") not in CHOSEN:
            continue
        evidence, code = entry.get("evidence"), entry.get("code")
        if isinstance(evidence, str) and isinstance(code, str):
            yield Document(id=name, text=evidence, code=code)
