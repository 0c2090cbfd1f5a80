"""The vocabulary with what was worked out for it, kept in the user's cache: reading it anew takes seconds.

The file is made from the text files alone and carries their checksum; another format, another checksum or
damage makes it anew. Where no file can be written the vocabulary is worked out in memory each time.

It is JSON Lines: a head, then slices of the tables. JSON that is read in one piece lets no other thread run.
"""

import hashlib
import json
import os
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

import platformdirs

from terminology import cues, inflection, measurement, medication, vocabulary
from terminology.index import Compiled, Row, compile_rows
from terminology.pattern import Line
from terminology.vocabulary import Spoken

FORMAT = 3
"""Raised with every change of the file or of how words are compared."""
FOLDERS = (
    vocabulary.SPOKEN,
    vocabulary.SLOTS,
    cues.FOLDER,
    measurement.FOLDER,
    medication.FOLDER,
    inflection.FOLDER,
)
"""Folders of a release whose files make the vocabulary."""
_SLICE = 400
"""Items in a line: read in about a millisecond."""
_TABLES = ("concepts", "rows", "lists", "drugs", "words", "groups", "needs", "anchors")
_KEPT = 3
"""Files of other checksums that stay, so that two versions in use don't push each other out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """Everything that is read from the text files."""

    concepts: tuple[Spoken, ...]
    rows: tuple[Row, ...]
    lists: Mapping[str, tuple[Line, ...]]
    drugs: tuple[str, ...]
    compiled: Compiled
    conflicts: int = 0
    """Wordings of the site that are not used; `dictate-terms overlay` names them."""


def load(folder: Traversable, cache: Path | None = None) -> Vocabulary:
    """Return the vocabulary of a release, from the cache where it is there.

    Args:
        folder: the release.
        cache: where the file is kept; the user's cache by default.

    Raises:
        TerminologyError: a text file is damaged; the message names the file, the line and the reason.

    """
    return kept(checksum(folder), lambda: read(folder), cache)


def kept(key: str, make: Callable[[], Vocabulary], cache: Path | None = None) -> Vocabulary:
    """Return the vocabulary that the cache keeps under a key; make it where it isn't there.

    Args:
        key: checksum, in hexadecimal, of everything that it is made from.
        make: reads it.
        cache: as in `load`.

    """
    cache = cache or platformdirs.user_cache_path("plejediktat") / "vocabulary"
    file = cache / f"{FORMAT}-{key[:32]}.jsonl"
    known = _read(file, key)
    if known is None:
        known = make()
        with suppress(OSError):
            _write(file, key, known)
    return known


def read(folder: Traversable) -> Vocabulary:
    """Read and check every text file of the vocabulary.

    Raises:
        TerminologyError: as `load`.

    """
    lists = vocabulary.read_lists(folder)
    concepts = vocabulary.read_concepts(folder)
    rows = [
        Row(owner=concept.code, section=section, line=line)
        for concept in concepts
        for section, lines in concept.sections.items()
        for line in lines
    ]
    rows += [
        Row(owner="", section=cue.name, line=cue.line, literal=cue.literal)
        for cue in (
            *cues.read_cues(folder),
            *measurement.read_labels(folder),
            *medication.read_cues(folder),
        )
    ]
    return Vocabulary(
        concepts=concepts,
        rows=tuple(rows),
        lists=lists,
        drugs=medication.read_names(folder),
        compiled=compile_rows(rows, lists),
    )


def checksum(folder: Traversable) -> str:
    """Return the SHA-256, in hexadecimal, over the names and contents of all files of the vocabulary."""
    digest = hashlib.sha256()
    for name, file in _files(folder):
        content = file.read_bytes()
        digest.update(f"{name}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()


def _files(folder: Traversable) -> Iterator[tuple[str, Traversable]]:
    for name in FOLDERS:
        yield from _below(folder / name, name)


def _below(folder: Traversable, name: str) -> Iterator[tuple[str, Traversable]]:
    if not folder.is_dir():
        return
    for file in sorted(folder.iterdir(), key=lambda file: file.name):
        place = f"{name}/{file.name}"
        if file.is_dir():
            yield from _below(file, place)
        elif file.name.endswith(".txt"):
            yield place, file


def _write(file: Path, key: str, known: Vocabulary) -> None:
    """Write the file whole or not at all, and remove the oldest of others."""
    compiled = known.compiled
    tables: dict[str, Sequence[object]] = {
        "concepts": [
            [concept.code, concept.display, concept.area, concept.alternatives, concept.source]
            for concept in known.concepts
        ],
        "rows": [[row.owner, row.section, row.line.text, row.line.source, row.literal] for row in known.rows],
        "lists": [
            [name, [[line.text, line.source] for line in lines]] for name, lines in known.lists.items()
        ],
        "drugs": known.drugs,
        "words": compiled.words,
        "groups": compiled.groups,
        "needs": compiled.needs,
        "anchors": compiled.anchors,
    }
    head = {
        "format": FORMAT,
        "checksum": key,
        "conflicts": known.conflicts,
        "lengths": [len(tables[name]) for name in _TABLES],
    }
    file.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=".", suffix=".part")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as out:
            for line in (head, *_slices(tables)):
                out.write(json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n")
        Path(name).replace(file)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    others = sorted(file.parent.glob("*.json*"), key=lambda other: other.stat().st_mtime, reverse=True)
    for old in others[_KEPT:]:
        old.unlink(missing_ok=True)


def _slices(tables: Mapping[str, Sequence[object]]) -> Iterator[list[object]]:
    for name, items in tables.items():
        for start in range(0, len(items), _SLICE):
            yield [name, items[start : start + _SLICE]]


def _read(file: Path, key: str) -> Vocabulary | None:
    """Return what the file holds, None where it is missing, damaged or of another vocabulary."""
    try:
        first, *others = file.read_bytes().split(b"\n")
        head = json.loads(first)
        if head["format"] != FORMAT or head["checksum"] != key:
            return None
        data: dict[str, list[Any]] = {name: [] for name in _TABLES}
        for other in filter(None, others):
            name, items = json.loads(other)
            data[name].extend(items)
        if head["lengths"] != [len(data[name]) for name in _TABLES]:
            return None
        rows = tuple(
            Row(owner=owner, section=section, line=Line(text=text, source=source), literal=literal)
            for owner, section, text, source, literal in data["rows"]
        )
        sections: dict[str, dict[str, list[Line]]] = {}
        for row in rows:
            sections.setdefault(row.owner, {}).setdefault(row.section, []).append(row.line)
        known = Vocabulary(
            concepts=tuple(
                Spoken(
                    code=code,
                    display=display,
                    area=area,
                    alternatives=tuple(alternatives),
                    sections={name: tuple(lines) for name, lines in sections.get(code, {}).items()},
                    source=source,
                )
                for code, display, area, alternatives, source in data["concepts"]
            ),
            rows=rows,
            lists={
                name: tuple(Line(text=text, source=source) for text, source in lines)
                for name, lines in data["lists"]
            },
            drugs=tuple(data["drugs"]),
            compiled=Compiled(
                words=data["words"], groups=data["groups"], needs=data["needs"], anchors=data["anchors"]
            ),
            conflicts=int(head["conflicts"]),
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return known if len(known.compiled.needs) == len(rows) == len(known.compiled.anchors) else None
