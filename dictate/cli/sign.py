"""`dictate sign`: a named person takes over what was suggested."""

import sys
from collections.abc import Collection
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from dictate import session
from dictate.entry import Assertion, Entry, Kind, Note, Review
from dictate.errors import ConfigError, OutputError
from dictate.notes import note_line, read_notes
from dictate.paths import write_atomic

_SAID_TO_BE_SO = frozenset(
    {Assertion.PRESENT, Assertion.COMPLETED, Assertion.PLANNED, Assertion.MEASURED, Assertion.GIVEN}
)


def sign(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="Notes as JSON Lines, as `dictate draft` writes them.")
    ],
    *,
    by: Annotated[str, typer.Option(help="Name of the person who signs.")],
    role: Annotated[str, typer.Option(help='What this person is here, such as "Sygeplejerske".')],
    accept_all: Annotated[
        bool, typer.Option("--all", help="Accept everything that is still suggested, and sign it.")
    ] = False,
    ids: Annotated[
        str | None, typer.Option(help="Accept and sign only these entries: ids, separated by commas.")
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Write to this file, not to standard output.")
    ] = None,
) -> None:
    """Sign notes, with the entries that were accepted, changed or added at review.

    What was rejected is never signed. Without --all or --ids, what is only suggested stays unsigned.
    """
    before = tuple(read_notes(file))
    if output and output.exists() and output.samefile(file):
        raise OutputError(f"Cannot write {output}: it is the file that is read. Name another one.")
    now = datetime.now(UTC).replace(microsecond=0)
    after = session.sign(before, by=by, role=role, at=now, ids=_wanted(ids), accept_all=accept_all)
    content = b"".join(map(note_line, after))
    if output:
        write_atomic(output, content)
    else:
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
    _tell(after, session.accepted_in_bulk(before, after) if accept_all else ())


def _wanted(ids: str | None) -> Collection[str]:
    if ids is None:
        return ()
    wanted = [identifier.strip() for identifier in ids.split(",") if identifier.strip()]
    if not wanted:
        raise ConfigError("Nothing was signed: --ids names no entry. Name one, or leave it out.")
    return wanted


def _tell(notes: Collection[Note], in_bulk: Collection[Entry]) -> None:
    """Tell on stderr what was signed, and what of it nobody looked at one by one."""
    entries = [entry for note in notes for entry in note.entries]
    signed = sum(entry.signed is not None for entry in entries)
    rejected = sum(entry.review is Review.REJECTED for entry in entries)
    unsigned = len(entries) - signed - rejected
    print(
        f"Notes {len(notes)}: entries signed {signed}, rejected {rejected}, still unsigned {unsigned}.",
        file=sys.stderr,
    )
    if in_bulk:
        unsure = sum(entry.unsure for entry in in_bulk)
        otherwise = sum(entry.assertion not in _SAID_TO_BE_SO for entry in in_bulk)
        medication = sum(entry.kind is Kind.MEDICATION for entry in in_bulk)
        print(
            f"Accepted all at once {len(in_bulk)}, of them unsure {unsure}, medication {medication}, "
            f"suspected, past or not so {otherwise}. You stand for each of them: read them once more.",
            file=sys.stderr,
        )
