"""`dictate backup`: copies of the store, and putting one back."""

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dictate.cli.asking import passphrase
from dictate.errors import BackupError

if TYPE_CHECKING:
    from dictate.backup import Checked
    from dictate.config import Settings
    from dictate.identity import Actor
    from dictate.keys import KeySource
    from dictate.store import Location

app = typer.Typer(
    name="backup",
    help="Backups of the store: make one, check one, put one back.",
    no_args_is_help=True,
    rich_markup_mode="markdown",
)

Source = Annotated[
    Path, typer.Argument(metavar="SRC", help="A backup (*.store), or a folder: its newest backup.")
]
ItemKeys = Annotated[
    Path | None,
    typer.Option(
        "--keys",
        help="Backup of the item keys (*.keys). Otherwise those in place, or the newest beside SRC.",
    ),
]


@app.command()
def make(
    dest: Annotated[Path, typer.Argument(metavar="DEST", help="Folder; made where missing.")],
) -> None:
    """Back the store up, while it is in use: data (*.store) and item keys (*.keys), both sealed.

    Keep the data as long as you like, and the keys briefly: older ones in DEST are deleted here (setting
    key_backup_days). Keep the master key elsewhere: it is in neither.
    """
    from dictate import backup, opening  # noqa: PLC0415 - the store is slow to import
    from dictate.keys import derive  # noqa: PLC0415

    settings, location, source, who = _parts()
    with opening.store(settings, who=who, program="dictate backup", source=source) as store:
        made = backup.make(
            store,
            location,
            derive(source.load()),
            dest,
            now=datetime.now(UTC),
            key_days=settings.retention.key_backup_days,
        )
    print(made.data)
    print(made.item_keys)
    print(f"{made.files} files. Old backups of item keys deleted: {len(made.pruned)}.", file=sys.stderr)


@app.command()
def check(source: Source, *, item_keys: ItemKeys = None) -> None:
    """Read a backup whole, check every hash, and open its store aside; the present store stays as it is."""
    from dictate import backup  # noqa: PLC0415 - the store is slow to import
    from dictate.keys import derive  # noqa: PLC0415

    _, location, key, who = _parts()
    checked = backup.check(source, location, derive(key.load()), who, item_keys=item_keys)
    _tell(checked)


@app.command()
def restore(
    source: Source,
    *,
    item_keys: ItemKeys = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="Move the store that is there aside, into a folder beside it.")
    ] = False,
) -> None:
    """Put a backup back, after it was checked whole. What was deleted since it was made stays deleted."""
    from dictate import backup  # noqa: PLC0415 - the store is slow to import
    from dictate.keys import derive  # noqa: PLC0415

    _, location, key, who = _parts()
    done = backup.restore(
        source,
        location,
        derive(key.load()),
        who,
        now=datetime.now(UTC),
        item_keys=item_keys,
        replace=replace,
    )
    _tell(done)
    print(f"Deleted since it was made, and gone again: {done.unreadable}.")
    if done.aside:
        print(f"The store that was there lies in {done.aside}. Delete it when it is no longer needed.")
    if done.alarm:
        print(done.alarm, file=sys.stderr)


def _tell(checked: "Checked") -> None:
    print(f"Made {checked.made:%Y-%m-%d %H:%M} UTC; {checked.files} files, all as they were written.")
    print(f"The store opens; {checked.events} events in its access log, all as they were written.")
    print(f"Item keys: {checked.item_keys}.")


def _parts() -> "tuple[Settings, Location, KeySource, Actor]":
    from dictate import opening  # noqa: PLC0415 - the store is slow to import
    from dictate.config import load_settings  # noqa: PLC0415

    settings = load_settings()
    location = opening.location(settings)
    if location.server is not None:
        raise BackupError("A shared store is backed up by its own server: use pg_dump and pg_restore.")
    return settings, location, opening.key_source(settings, ask=passphrase()), opening.actor(settings)
