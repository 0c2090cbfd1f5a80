"""`dictate draft`: the entries that a note or a dictation calls for, each with its evidence."""

import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated, BinaryIO

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from dictate.entry import Entry, Kind, Note
from dictate.errors import ConfigError, DraftError
from dictate.fields import FieldError, Fields
from dictate.notes import note_line

if TYPE_CHECKING:
    from dictate.draft import Drafter

STANDARD_INPUT = "-"
UNSURE_MARK = "?"
_KIND_STYLES = {
    Kind.CONDITION: "magenta",
    Kind.INTERVENTION: "cyan",
    Kind.OBSERVATION: "green",
    Kind.MEDICATION: "blue",
}
_SHOWN_UNITS = {"1": "", "mm[Hg]": "mmHg", "Cel": "°C", "umol/L": "µmol/L", "10*9/L": "10⁹/L"}
"""UCUM units that people write otherwise."""
_ONE_NOTE = "note"
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


class Form(StrEnum):
    """How notes are shown."""

    TABLE = "table"
    JSON = "json"


def draft(
    file: Annotated[
        str | None,
        typer.Argument(metavar="FILE", help="A note as text, or notes with --jsonl; - for standard input."),
    ] = None,
    *,
    text: Annotated[str | None, typer.Option("--text", help="The note itself, instead of a file.")] = None,
    jsonl: Annotated[
        bool,
        typer.Option(
            "--jsonl",
            help='One JSON object a line, {"id", "text"} or {"id", "spoken"}; one line out for each.',
        ),
    ] = False,
    spoken: Annotated[
        bool,
        typer.Option("--spoken", help="The note holds words as recognised: make its written form first."),
    ] = False,
    form: Annotated[Form | None, typer.Option("--format", help="How to show it.")] = None,
) -> None:
    """Draft the entries of a note, for a person to review.

    Without --jsonl the whole file is one note, shown as a table; with it, notes come and go one a line.
    """
    if (file is None) == (text is None):
        raise ConfigError("Nothing was drafted: name a FILE (or -), or give --text, and not both.")
    if text is not None and jsonl:
        raise ConfigError("Nothing was drafted: --jsonl reads a file; give FILE (or -) and not --text.")
    from dictate.draft import Drafter  # noqa: PLC0415 - the matcher is slow to import; --help must not wait

    drafter = Drafter.load()
    if conflicts := drafter.matcher.conflicts:
        typer.echo(
            f"{conflicts} of the site's wordings can't be used. See which with: dictate-terms overlay",
            err=True,
        )
    shown = form or (Form.JSON if jsonl else Form.TABLE)
    names = {known.code: known.name for known in drafter.matcher.release.observations}
    if text is not None:
        _show(_one(drafter, _ONE_NOTE, _writable(text), spoken=spoken), shown, names)
        return
    assert file is not None
    with _opened(file) as source:
        if jsonl:
            for note in drafts(drafter, source):
                _show(note, shown, names)
        else:
            name = _ONE_NOTE if file == STANDARD_INPUT else Path(file).stem
            _show(_one(drafter, name, _decoded(source.read(), file), spoken=spoken), shown, names)


def drafts(drafter: "Drafter", lines: Iterable[bytes]) -> Iterator[Note]:
    """Draft a note for each line as soon as it is read; blank lines are skipped.

    Raises:
        DraftError: a line is not JSON or lacks a field; the message names the line and quotes nothing.

    """
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            fields = Fields.of_line(line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line)
            identifier = fields.text("id")
            if fields.has("text") == fields.has("spoken"):
                fields.refuse("text", 'give either "text" or "spoken"')
            written = fields.text("text", empty=True) if fields.has("text") else None
            spoken = fields.text("spoken", empty=True) if fields.has("spoken") else None
        except FieldError as error:
            raise DraftError(
                f'Line {number}, field "{error.field}": {error.reason}. Mend that line and try again.'
            ) from None
        yield drafter.draft(identifier, text=written, spoken=spoken)


def table(note: Note, names: Mapping[str, str] = MappingProxyType({})) -> Table:
    """Return the entries of a note as a table that fits 80 columns; what is unsure has a mark of its own.

    Args:
        note: the note.
        names: code to the short name that people know, for those whose term is long.

    """
    shown = Table(box=None, pad_edge=False, expand=False, header_style="bold")
    shown.add_column("", width=1)
    shown.add_column("Kind", max_width=12, no_wrap=True)
    shown.add_column("Term", ratio=5, overflow="fold")
    shown.add_column("Status", max_width=12, no_wrap=True)
    shown.add_column("Evidence", ratio=5, overflow="fold")
    shown.add_column("Score", justify="right", max_width=5)
    for entry in note.entries:
        shown.add_row(
            Text(UNSURE_MARK if entry.unsure else "", style="bold yellow"),
            Text(entry.kind.value, style=_KIND_STYLES[entry.kind]),
            Text(_term(entry, names), style="bold"),
            Text(entry.assertion.value),
            Text(f"»{entry.evidence}«"),
            Text(f"{entry.score:.0f}"),
        )
    return shown


def _term(entry: Entry, names: Mapping[str, str]) -> str:
    """Return what the entry is, with its value, level or dose."""
    if entry.kind is Kind.MEDICATION:
        return ", ".join(part for part in (entry.name, entry.dose, entry.route, entry.time) if part)
    name = names.get(entry.coding.code, entry.coding.display) if entry.coding else ""
    if entry.value is not None:
        value = str(entry.value).replace(".", ",")
        unit = _SHOWN_UNITS.get(entry.unit or "", entry.unit or "")
        return f"{name}: {value} {unit}".rstrip()
    return f"{name} (level {entry.level})" if entry.level is not None else name


def _show(note: Note, form: Form, names: Mapping[str, str]) -> None:
    if form is Form.JSON:
        sys.stdout.buffer.write(note_line(note))
        sys.stdout.buffer.flush()
        return
    console = Console(file=sys.stdout, highlight=False, markup=False, emoji=False)
    console.print(Text(note.id, style="bold underline"))
    console.print(Text(note.text))
    if note.entries:
        console.print()
        console.print(table(note, names))
        if any(entry.unsure for entry in note.entries):
            console.print(Text(f"{UNSURE_MARK} = unsure: look at it twice."))
    else:
        console.print(Text("No entries."))
    for extra in note.extras:
        console.print(Text(f"+ {extra['kind']}: {extra.get('text', '')}"))
    console.print()


def _one(drafter: "Drafter", name: str, words: str, *, spoken: bool) -> Note:
    if spoken:
        return drafter.draft(name, spoken=words)
    return drafter.draft(name, text=words)


@contextmanager
def _opened(file: str) -> Iterator[BinaryIO]:
    if file == STANDARD_INPUT:
        yield sys.stdin.buffer
        return
    try:
        with Path(file).open("rb") as source:
            yield source
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise DraftError(
            f"Cannot read {file}: {reason}. Name a text file, or - for standard input."
        ) from error


def _decoded(content: bytes, file: str) -> str:
    try:
        return _writable(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise DraftError(f"Cannot read {file}: it is not UTF-8 text. Save it as UTF-8.") from error


def _writable(text: str) -> str:
    if _UNWRITABLE.search(text):
        raise DraftError("The note holds a control character or half a character. Take it out and try again.")
    return text
