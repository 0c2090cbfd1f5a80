"""A new edition put into effect: a new release folder beside the old one, written whole or not at all."""

import shutil
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from importlib.resources.abc import Traversable
from pathlib import Path

from terminology.concept import FSIII, Concept
from terminology.errors import TerminologyError
from terminology.files import read_text
from terminology.lint import tree_order
from terminology.maintain.migration import Migration, check_successors
from terminology.manifest import PINNED_FOLDER, read_manifest, write_manifest
from terminology.overlay.page import ORDER, slug
from terminology.release import CONCEPT_COLUMNS, LIST_SEPARATOR, read
from terminology.vocabulary import SPOKEN, Spoken, read_concepts


def apply(
    source: Traversable,
    target: Path,
    migration: Migration,
    successor_of: Mapping[str, str],
    *,
    origin: str,
) -> tuple[str, ...]:
    """Write the release in `source`, brought to the new edition, into the new folder `target`.

    The wordings of retired concepts go to their successors; renamed terms are renamed in the vocabulary too.
    The new release is not pinned: people look at it, then run "dictate-terms release".

    Returns:
        The vocabulary files that were changed, joined or dropped.

    Raises:
        TerminologyError: a retired concept with wordings has no usable successor, or it can't be written.

    """
    if migration.undecided:
        codes = ", ".join(orphan.concept.code for orphan in migration.undecided)
        raise TerminologyError(
            f"Retired concepts with wordings need a successor that people choose, first: {codes}. "
            'Use "dictate-terms merge OLD NEW" and "review", or give --successors.'
        )
    check_successors(successor_of, migration)
    if target.exists():
        raise TerminologyError(f"{target} exists already. Name a new folder.")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=f".{target.name}.") as name:
            made = Path(name) / "release"
            copy(source, made)
            changed = _write(made, migration, successor_of, origin)
            read(made, pinned=False)
            read_concepts(made)
            made.rename(target)
    except OSError as error:
        raise TerminologyError(
            f"Cannot write {target}: {error.strerror or error}. Choose another folder or make room."
        ) from error
    return changed


def copy(source: Traversable, target: Path) -> None:
    """Copy a folder, which may lie in an archive."""
    target.mkdir(parents=True)
    for item in source.iterdir():
        if item.name.startswith(".") or item.name == "__pycache__":
            continue
        if item.is_dir():
            copy(item, target / item.name)
        else:
            with item.open("rb") as content, (target / item.name).open("wb") as out:
                shutil.copyfileobj(content, out)


def code_tables(
    concepts: Iterable[Concept], inferred: Mapping[str, str], source_displays: Mapping[str, str]
) -> Mapping[str, str]:
    """Return the content of every code file: path within the release to text."""
    by_area: dict[str, list[Concept]] = {}
    for concept in concepts:
        by_area.setdefault(concept.kind, []).append(concept)
    return {
        f"{PINNED_FOLDER}/{area}.tsv": "".join(
            "\t".join(row) + "\n"
            for row in (
                CONCEPT_COLUMNS,
                *(_cells(concept, inferred, source_displays) for concept in tree_order(found)),
            )
        )
        for area, found in sorted(by_area.items())
    }


def _cells(
    concept: Concept, inferred: Mapping[str, str], source_displays: Mapping[str, str]
) -> tuple[str, ...]:
    return (
        concept.code,
        concept.short_code,
        "".join(concept.parents),
        str(int(concept.leaf)),
        concept.status,
        inferred.get(concept.code, ""),
        concept.display,
        source_displays.get(concept.code, ""),
        LIST_SEPARATOR.join(term.value for term in concept.designations[1:]),
        concept.note,
    )


def _write(
    folder: Path, migration: Migration, successor_of: Mapping[str, str], origin: str
) -> tuple[str, ...]:
    for old in (folder / PINNED_FOLDER).glob("*.tsv"):
        old.unlink()
    tables = code_tables(migration.concepts, migration.inferred, migration.source_displays)
    for file, text in tables.items():
        (folder / file).write_text(text, encoding="utf-8", newline="\n")
    manifest = read_manifest(folder)
    sources = tuple(
        replace(source, version=migration.version, origin=origin) if source.system == FSIII else source
        for source in manifest.sources
    )
    write_manifest(folder, replace(manifest, sources=sources))
    return tuple(_vocabulary(folder, migration, successor_of))


def _vocabulary(folder: Path, migration: Migration, successor_of: Mapping[str, str]) -> list[str]:
    spoken = read_concepts(folder)
    by_code = {concept.code: concept for concept in migration.concepts}
    orphans = {orphan.concept.code for orphan in migration.orphans}
    files = {one.code: one.source for one in spoken}
    changed = []
    for one in spoken:
        if one.code in orphans:
            continue
        path = folder / one.source
        text = _with_head(read_text(path), one, by_code[one.code], successor_of, by_code)
        if text != read_text(path):
            path.write_text(text, encoding="utf-8", newline="\n")
            changed.append(one.source)
    for one in spoken:
        if one.code not in orphans:
            continue
        successor = by_code[successor_of[one.code]]
        file = files.get(successor.code) or f"{SPOKEN}/{successor.kind}/{slug(successor.display)}.txt"
        files[successor.code] = file
        path = folder / file
        before = (
            read_text(path) if path.exists() else f"code: {successor.code}\ndisplay: {successor.display}\n"
        )
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(_joined(before, one), encoding="utf-8", newline="\n")
        (folder / one.source).unlink()
        changed += [f"{one.source} > {file}"]
    return changed


def _with_head(
    text: str,
    one: Spoken,
    concept: Concept,
    successor_of: Mapping[str, str],
    by_code: Mapping[str, Concept],
) -> str:
    """Return a vocabulary file with the new term and without retired counterparts."""
    counterparts = dict.fromkeys(
        code
        for code in (successor_of.get(code, code) for code in one.alternatives)
        if code in by_code and by_code[code].leaf and by_code[code].status == "current" and code != one.code
    )
    lines: list[str] = []
    for line in text.splitlines():
        head = line.partition(":")[0]
        if head == "display" and not _have(lines, "["):
            lines.append(f"display: {concept.display}")
        elif head == "alternatives" and not _have(lines, "["):
            lines += [f"alternatives: {', '.join(counterparts)}"] if counterparts else []
        else:
            lines.append(line)
    return "\n".join(lines) + "\n"


def _have(lines: Sequence[str], start: str) -> bool:
    """Tell whether a line begins so."""
    return any(line.startswith(start) for line in lines)


def _joined(text: str, one: Spoken) -> str:
    """Return a vocabulary file with the lines of another concept added, section by section."""
    lines = text.rstrip("\n").split("\n")
    for section in sorted(one.sections, key=lambda name: ORDER.index(name) if name in ORDER else len(ORDER)):
        added = [f"# from {one.display} ({one.code})", *(line.text for line in one.sections[section])]
        header = f"[{section}]"
        if header in lines:
            end = next(
                (at for at in range(lines.index(header) + 1, len(lines)) if lines[at].startswith("[")),
                len(lines),
            )
            while not lines[end - 1].strip():
                end -= 1
            lines[end:end] = added
        else:
            lines += ["", header, *added]
    return "\n".join(lines) + "\n"
