"""Options and printing that several commands share."""

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from terminology.errors import TerminologyError
from terminology.files import write_atomic
from terminology.overlay.base import read_base
from terminology.overlay.desk import Desk
from terminology.overlay.store import Store
from terminology.places import overlay_folder

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]
OverlayFolder = Annotated[
    Path | None,
    typer.Option(
        "--overlay",
        metavar="DIR",
        help="Folder of the site's own wordings; plejediktat/terms in your configuration.",
    ),
]
ReleaseFolder = Annotated[
    Path | None,
    typer.Option("--release", metavar="DIR", help="Folder of a release; the one in use if left out."),
]
By = Annotated[str, typer.Option("--by", metavar="NAME", help="Who does it: your name.")]
Why = Annotated[str, typer.Option("--why", metavar="TEXT", help="Why it is right.")]
Output = Annotated[
    Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write to this file instead of stdout.")
]


def desk_of(release: Path | None, overlay: Path | None) -> Desk:
    """Open a site's overlay over a release."""
    return Desk(base=read_base(release), store=Store(store_folder(overlay)))


def store_folder(overlay: Path | None) -> Path:
    """Return the folder that was named, or the user's own."""
    return overlay or overlay_folder()


def print_table(rows: Sequence[Sequence[str]]) -> None:
    """Print rows as columns of even width."""
    if not rows:
        return
    widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]
    for row in rows:
        typer.echo("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def print_json(data: object) -> None:
    """Print data as JSON."""
    typer.echo(json.dumps(data, ensure_ascii=False, indent=2))


def say(text: str) -> None:
    """Tell the person something that is no data."""
    typer.echo(text, err=True)


def write_out(text: str, output: Path | None) -> None:
    """Write data to a file, whole or not at all, or to stdout."""
    if output is None:
        sys.stdout.write(text)
        return
    if output.is_dir():
        raise TerminologyError(f"{output} is a folder. Name a file.")
    write_atomic(output, text.encode("utf-8"))
    say(f"Written to {output}.")


def plural(count: int, word: str) -> str:
    """Return "1 wording", "2 wordings"."""
    return f"{count} {word}" if count == 1 else f"{count} {word}s"
