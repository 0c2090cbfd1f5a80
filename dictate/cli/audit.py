"""`dictate audit`: who did what, when, and about whom."""

import json
import sys
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dictate.access_list import action_in_words, as_csv, as_fhir
from dictate.cli.asking import citizen_id, passphrase
from dictate.errors import ConfigError
from dictate.paths import write_atomic

if TYPE_CHECKING:
    from dictate.store import Store

app = typer.Typer(
    name="audit",
    help="The access log: show it, check it, give a citizen their list.",
    no_args_is_help=True,
    rich_markup_mode="markdown",
)


class ListFormat(StrEnum):
    """How a citizen's list is written."""

    CSV = "csv"
    FHIR = "fhir"


Citizen = Annotated[
    str,
    typer.Option(
        help="The citizen's id in the store, or - to be asked for the CPR number (it is not shown)."
    ),
]
Since = Annotated[str, typer.Option(help="Only what was done since this day, such as 2026-11-22.")]


@app.command()
def show(*, citizen: Citizen = "", since: Since = "") -> None:
    """Print events, the oldest first: number, time (UTC), who, what, about what, from where."""
    with _store() as store:
        about = citizen_id(store, citizen) if citizen else None
        events = store.log.read(citizen_id=about, since=_day(since) if since else None)
    for event in events:
        access = event.access
        at = access.at.isoformat(sep=" ", timespec="seconds").removesuffix("+00:00")
        print(event.seq, at, access.user, action_in_words(event), access.target, access.origin, sep="\t")


@app.command()
def verify() -> None:
    """Check that no event was changed, taken out, moved, put in, or cut off; exit code 1 if one was."""
    with _store() as store:
        verdict = store.log.verify()
    if not verdict.ok:
        print(verdict.why)
        raise typer.Exit(1)
    print(f"{verdict.count} events, all as they were written.")


@app.command()
def reseal(
    *, why: Annotated[str, typer.Option(help="Why, for the log: a restored backup, a dealt-with break-in.")]
) -> None:
    """Seal the log as it is now, after somebody has looked at it; the reason is logged.

    Events that were changed or taken out are found by every later verify all the same.
    """
    if not why.strip():
        raise ConfigError("The log is sealed anew for a reason only. Give one: --why.")
    with _store() as store:
        store.log.reseal(why.strip())
    print("The log is sealed as it is now.", file=sys.stderr)


@app.command()
def role(
    name: Annotated[str, typer.Argument(help="The role that programs connect as.")],
) -> None:
    """Print the SQL that lets a PostgreSQL role work with the store, but not change its access log.

    Run it as the owner of the tables: dictate audit role nurses | psql DATABASE
    """
    from dictate.store.maintenance import grants  # noqa: PLC0415 - slow to import

    for statement in grants(name):
        print(f"{statement};")


@app.command()
def export(
    *,
    citizen: Citizen,
    form: Annotated[ListFormat, typer.Option("--format", help="csv, or fhir (AuditEvent).")] = ListFormat.CSV,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Write to this file, not to standard output.")
    ] = None,
) -> None:
    """Write the list that a citizen may ask for: who looked at what about them, and when."""
    with _store() as store:
        about = citizen_id(store, citizen)
        events = store.log.read(citizen_id=about)
    if form is ListFormat.CSV:
        content = as_csv(events)
    else:
        bundle = as_fhir(events, citizen_id=about)
        content = json.dumps(bundle, ensure_ascii=False, indent=1).encode() + b"\n"
    if output:
        write_atomic(output, content)
    else:
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
    print(f"{len(events)} events.", file=sys.stderr)


def _store() -> "Store":
    from dictate import opening  # noqa: PLC0415 - slow to import

    store = opening.store(program="dictate audit", ask=passphrase())
    if store.log.alarm:
        print(store.log.alarm, file=sys.stderr)
    return store


def _day(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise ConfigError(f'"{text}" is no day. Write it like 2026-11-22.') from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
