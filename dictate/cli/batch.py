"""`dictate batch`: a folder of recordings becomes drafts, ready for review in the terminal's inbox."""

import signal
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager, nullcontext
from enum import StrEnum
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Annotated

import typer

from dictate.errors import ConfigError

# The engine and the store are imported where they are used: --help answers at once.
# ruff: noqa: PLC0415

if TYPE_CHECKING:
    from dictate.batch.inbox import Found, Inbox
    from dictate.batch.run import Account, Run
    from dictate.batch.runner import Make, Runner
    from dictate.cli.batch_views import Shown

_FAILED = 1
_STOPPED = 130
_LOOK_AGAIN_S = 10.0
"""Folders of a network tell nobody what came in; so they are looked through, too."""


class RunnerName(StrEnum):
    """Where the work is done."""

    LOCAL = "local"
    RAY = "ray"


def batch(
    inbox: Annotated[
        list[str], typer.Argument(metavar="INBOX...", help="Folders, files, or patterns in quotes.")
    ],
    *,
    output: Annotated[
        str,
        typer.Option("--output", "-o", metavar="DIR", help="Folder or address for the results."),
    ],
    model: Annotated[
        str | None,
        typer.Option(help="Speech model of `dictate-models list`; by default the one that `use` chose."),
    ] = None,
    workers: Annotated[
        int, typer.Option("--workers", min=0, help="Recordings done at a time; 0: one a processor.")
    ] = 0,
    salvage: Annotated[
        bool, typer.Option("--salvage", help="Keep what is whole of damaged or cut-off recordings.")
    ] = False,
    redo: Annotated[
        bool, typer.Option("--redo", help="Do again what another model or vocabulary made.")
    ] = False,
    watch: Annotated[
        bool, typer.Option("--watch", help="Go on with what comes into the folders later.")
    ] = False,
    pattern: Annotated[
        str, typer.Option("--name-pattern", help="Regular expression with groups citizen, author, time.")
    ] = "",
    runner: Annotated[
        RunnerName, typer.Option("--runner", help="This machine, or a Ray cluster.")
    ] = RunnerName.LOCAL,
    address: Annotated[
        str | None, typer.Option("--address", help="Of the Ray cluster; without it one is started here.")
    ] = None,
    gpus: Annotated[float, typer.Option("--gpus", min=0, help="Graphics cards a worker (Ray).")] = 0.0,
    quiet: Annotated[bool, typer.Option("--quiet", help="Print the summary only.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one event a line as JSON.")] = False,
) -> None:
    """Transcribe recordings into drafts; run it again at any time, only what is missing is done.

    Nothing is signed: drafts go to the terminal's inbox, and as files to DIR. Whom a recording is about, who
    spoke and when may stand in a JSON file beside it, in a table recordings.csv in its folder, or in its
    name. Ctrl-C once finishes the recordings under way, twice stops now; the next run goes on from there, and
    tries again what failed.
    """
    from dictate import opening
    from dictate.batch import table
    from dictate.batch.about import Known
    from dictate.batch.inbox import Inbox
    from dictate.batch.making import Make, made_with
    from dictate.batch.places import place
    from dictate.batch.run import Run
    from dictate.cli.batch_views import choose, summary
    from dictate.cli.progress import working
    from models.choice import current

    folders = [place for place in inbox if Path(place).is_dir()]
    if watch and not folders:
        raise ConfigError("--watch needs a folder to watch. Name one.")
    name = model or current()
    shown = choose(quiet=quiet, as_json=as_json)
    with nullcontext() if quiet or as_json else working("Preparing the speech model"):
        known = made_with(name)
        make = Make(name, salvage=salvage, made_with=known)
        hands = _runner(runner, make, workers=workers, address=address, gpus=gpus)
    places, target = Inbox(inbox, Known(pattern)), place(output)
    stop = Event()
    with (
        opening.store(program="dictate batch") as store,
        target.alone(),
        _stopping(stop),
        closing(hands),
    ):
        run = Run(store=store, output=target, made_with=known, redo=redo)
        account = _once(run, hands, _look(places, stop, watch=watch), shown, stop)
        table.write(target, account.lines)
        while watch and not stop.is_set():
            shown.waiting()
            _wait_for_more(folders, stop)
            found = _look(places, stop, watch=True)
            if found.jobs or found.unread:
                account.add(_once(run, hands, found, shown, stop))
                table.write(target, account.lines)
    if not as_json:
        summary(account, output)
    if stop.is_set():
        raise typer.Exit(_STOPPED)
    if any(line.result.value == "failed" for line in account.lines):
        raise typer.Exit(_FAILED)


def _runner(name: RunnerName, make: "Make", *, workers: int, address: str | None, gpus: float) -> "Runner":
    if name is RunnerName.RAY:
        from dictate.batch.cluster import ClusterRunner

        return ClusterRunner(make, address=address, workers=workers or 2, gpus=gpus)
    from dictate.batch.local import LocalRunner

    return LocalRunner(make, workers=workers)


def _look(places: "Inbox", stop: Event, *, watch: bool) -> "Found":
    """Find what came in; what is still being written is waited for while watching, and told otherwise."""
    from dataclasses import replace

    found = places.look(stop.wait)
    if watch or not found.growing:
        return found
    why = "It is still being written. Run this again when it is whole."
    return replace(found, growing=(), unread=(*found.unread, *((name, why) for name in found.growing)))


def _once(run: "Run", hands: "Runner", found: "Found", shown: "Shown", stop: Event) -> "Account":
    """Do everything that is missing now."""
    from dictate.batch.run import Line, Result

    plan = run.plan(found.jobs)
    unread = [Line(name=name, result=Result.FAILED, why=why) for name, why in found.unread]
    with shown.running(plan, hands.workers):
        for line in unread:
            shown.ended(line)
        account = run.go(plan, hands, told=shown.told, stop=stop, ended=shown.ended)
    account.lines += unread
    return account


def _wait_for_more(folders: list[str], stop: Event) -> None:
    """Wait until something changes in the folders, or it is time to look anyway."""
    from watchfiles import watch

    for _ in watch(
        *folders,
        stop_event=stop,
        rust_timeout=round(1000 * _LOOK_AGAIN_S),
        yield_on_timeout=True,
        raise_interrupt=False,
    ):
        return


@contextmanager
def _stopping(stop: Event) -> Iterator[None]:
    """Ctrl-C, or what a service manager sends: once sets `stop`; twice interrupts."""

    def asked(*_: object) -> None:
        if stop.is_set():
            raise KeyboardInterrupt
        stop.set()
        print("Finishing what is under way. Ctrl-C again stops now.", file=sys.stderr)

    before = {number: signal.signal(number, asked) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    except KeyboardInterrupt:
        raise typer.Exit(_STOPPED) from None
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
