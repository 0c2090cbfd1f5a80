"""`dictate retention`: what is deleted when, and what must not be."""

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from dictate.cli.asking import citizen_id, passphrase
from dictate.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dictate.config import Settings
    from dictate.retention import Finding
    from dictate.store import Store

app = typer.Typer(
    name="retention",
    help="Deletion by the site's rules (table [retention] of the settings), and legal holds.",
    no_args_is_help=True,
    rich_markup_mode="markdown",
)
hold = typer.Typer(
    name="hold",
    help="Legal holds: what is on hold is not deleted.",
    no_args_is_help=True,
    rich_markup_mode="markdown",
)
app.add_typer(hold)

Why = Annotated[str, typer.Option(help="Why, such as a case number; no names of citizens. It is logged.")]
Citizen = Annotated[
    str,
    typer.Option(
        help="The citizen's id in the store, or - to be asked for the CPR number (it is not shown)."
    ),
]
Dictation = Annotated[str, typer.Option(help="The dictation's id in the store.")]


@app.command()
def show() -> None:
    """Print the rules, and how much is due by each now, tab-separated."""
    from dictate import retention  # noqa: PLC0415 - the store is slow to import

    settings = _settings()
    with _store(settings) as store:
        found = retention.look(store, retention.rules(settings.retention))
    print("kind", "rule", "due", "on hold", sep="\t")
    for finding in found:
        rule = finding.rule
        said = f"{rule.what}: "
        said += "kept" if rule.days == retention.KEPT else f"{rule.days} days after {rule.after}"
        print(rule.kind, said, len(finding.due) - len(finding.held), len(finding.held), sep="\t")
    print("log", "the access log: kept", 0, 0, sep="\t")
    print("keys", f"backups of the item keys: {settings.retention.key_backup_days} days", "", "", sep="\t")


@app.command()
def run(
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only print what would be deleted.")] = False,
) -> None:
    """Delete what is due by the rules, for good; print each thing's kind, id and fate, tab-separated.

    Run it every day, by cron or a systemd timer.
    """
    from dictate import retention  # noqa: PLC0415 - the store is slow to import

    settings = _settings()
    wanted = retention.rules(settings.retention)
    with _store(settings) as store:
        found = retention.look(store, wanted) if dry_run else retention.run(store, wanted)
    _report(found, dry_run=dry_run)


@hold.command()
def put(*, why: Why, citizen: Citizen = "", dictation: Dictation = "") -> None:
    """Put a citizen, with all dictations about them, or one dictation on hold."""
    _reason(why)
    with _store(_settings()) as store:
        store.holds.put(_one(store, citizen, dictation), why.strip())
    print("On hold: it is not deleted until the hold is lifted.", file=sys.stderr)


@hold.command()
def lift(*, why: Why, citizen: Citizen = "", dictation: Dictation = "") -> None:
    """Lift a hold."""
    _reason(why)
    with _store(_settings()) as store:
        identifier = _one(store, citizen, dictation)
        if identifier not in {each.id for each in store.holds.all()}:
            raise ConfigError("This is not on hold. List the holds: dictate retention hold list.")
        store.holds.lift(identifier, why.strip())
    print("The hold is lifted.", file=sys.stderr)


@hold.command("list")
def show_holds() -> None:
    """List the holds: id of the citizen or dictation, since when (UTC), by whom, why."""
    with _store(_settings()) as store:
        holds = store.holds.all()
    for each in holds:
        print(each.id, each.at.isoformat(sep=" ", timespec="minutes"), each.by, each.why, sep="\t")
    print(f"On hold: {len(holds)}.", file=sys.stderr)


def _report(found: "Iterable[Finding]", *, dry_run: bool) -> None:
    done = held = 0
    for finding in found:
        kind = finding.rule.kind
        for identifier in finding.held:
            print(kind, identifier, "on hold", sep="\t")
        going = [one.id for one in finding.due if not one.held] if dry_run else finding.deleted
        for identifier in going:
            print(kind, identifier, "would be deleted" if dry_run else "deleted", sep="\t")
        for identifier in finding.refused:
            print(kind, identifier, "kept: it was put on hold or deleted meanwhile", sep="\t")
        done, held = done + len(going), held + len(finding.held)
    print(f"{'Due' if dry_run else 'Deleted for good'}: {done}. On hold: {held}.", file=sys.stderr)


def _one(store: "Store", citizen: str, dictation: str) -> str:
    if bool(citizen) == bool(dictation):
        raise ConfigError("Name what it is about: --citizen or --dictation.")
    return citizen_id(store, citizen) if citizen else store.dictations.get(dictation).id


def _reason(why: str) -> None:
    if not why.strip():
        raise ConfigError("The reason is empty. Give one: --why.")


def _settings() -> "Settings":
    from dictate.config import load_settings  # noqa: PLC0415 - slow to import

    return load_settings()


def _store(settings: "Settings") -> "Store":
    from dictate import opening  # noqa: PLC0415 - slow to import

    store = opening.store(settings, program="dictate retention", ask=passphrase())
    if store.log.alarm:
        print(store.log.alarm, file=sys.stderr)
    return store
