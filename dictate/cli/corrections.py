"""`dictate corrections`: what people put in place of what was heard, for the vocabulary."""

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dictate.cli.asking import passphrase
from dictate.errors import ConfigError
from dictate.paths import write_atomic
from dictate.scrub import scrub

if TYPE_CHECKING:
    from dictate.store.types import Correction

app = typer.Typer(
    name="corrections",
    help="What people corrected: material for the vocabulary.",
    no_args_is_help=True,
    rich_markup_mode="markdown",
)


@app.callback()
def corrections() -> None:
    """Keep `export` a command of its own, also while it is the only one."""


@app.command()
def export(
    *,
    since: Annotated[str, typer.Option(help="Only those since this day, such as 2026-11-22.")] = "",
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Write to this file, not to standard output.")
    ] = None,
) -> None:
    """Write corrections as scrubbed JSON Lines for `dictate-terms suggest`.

    Numbers are masked, and so are capitalised words within a sentence; no citizen, author or exact time goes
    along. It is still speech of single people: read it through before it leaves the machine.
    """
    from dictate import opening  # noqa: PLC0415 - the store is slow to import

    with opening.store(program="dictate corrections", ask=passphrase()) as store:
        found = store.corrections.all(since=_day(since) if since else None)
        store.log.append("correction.export", "correction", detail={"corrections": str(len(found))})
    content = b"".join(map(_line, found))
    if output:
        write_atomic(output, content)
    else:
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
    print(f"{len(found)} corrections, scrubbed. Read them before you pass them on.", file=sys.stderr)


def _line(correction: "Correction") -> bytes:
    fields = {
        "kind": correction.kind,
        "heard": scrub(correction.heard),
        "chosen": scrub(correction.chosen),
        "month": correction.at.strftime("%Y-%m"),
    }
    return json.dumps(fields, ensure_ascii=False).encode() + b"\n"


def _day(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise ConfigError(f'"{text}" is no day. Write it like 2026-11-22.') from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
