"""`dictate batch`: a folder of recordings becomes drafts, ready for review in the terminal's inbox."""

import json
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Annotated, Protocol

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from dictate.errors import AudioError, ConfigError

# The engine and the store are imported where they are used: --help answers at once.
# ruff: noqa: PLC0415

if TYPE_CHECKING:
    from dictate.batch.job import Job
    from dictate.batch.run import Account, Line, Plan, Run
    from dictate.batch.runner import Runner, Step
    from dictate.store import Store

_REVIEW_FIRST = 10
_FAILED = 1
_STOPPED = 130


class RunnerName(StrEnum):
    """Where the work is done."""

    LOCAL = "local"
    RAY = "ray"


class _Shown(Protocol):
    def told(self, step: "Step") -> None: ...
    def ended(self, line: "Line") -> None: ...


def batch(
    inbox: Annotated[
        list[str], typer.Argument(metavar="INBOX...", help="Folders, files, or patterns in quotes.")
    ],
    *,
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="DIR", help="Folder for transcripts and drafts.")
    ],
    model: Annotated[
        str | None,
        typer.Option(help="Speech model of `dictate-models list`; by default the one that `use` chose."),
    ] = None,
    workers: Annotated[
        int, typer.Option("--workers", min=0, help="Recordings done at a time; 0: one a processor.")
    ] = 0,
    runner: Annotated[
        RunnerName, typer.Option("--runner", help="This machine, or a Ray cluster.")
    ] = RunnerName.LOCAL,
    address: Annotated[
        str | None, typer.Option("--address", help="Of the Ray cluster; without it one is started here.")
    ] = None,
    gpus: Annotated[float, typer.Option("--gpus", min=0, help="Graphics cards a worker (Ray).")] = 0.0,
    pattern: Annotated[
        str, typer.Option("--name-pattern", help="Regular expression with groups citizen, author, time.")
    ] = "",
    redo: Annotated[
        bool, typer.Option("--redo", help="Do again what another model or vocabulary made.")
    ] = False,
    watch: Annotated[
        bool, typer.Option("--watch", help="Go on with what comes into the folders later.")
    ] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="Print the summary only.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one event a line as JSON.")] = False,
) -> None:
    """Transcribe recordings into drafts; run it again at any time, only what is missing is done.

    Nothing is signed: drafts go to the terminal's inbox, and as files to DIR. Whom a recording is about, who
    spoke and when may stand in a JSON file beside it, in a table recordings.csv in its folder, or in its
    name. Ctrl-C once finishes the recordings under way, twice stops now; both go on where they stopped.
    """
    from dictate import opening
    from dictate.cli.progress import working
    from models.choice import current

    name = model or current()
    with working("Preparing the speech model"):
        made_with = _made_with(name)
    stop = Event()
    with opening.store(program="dictate batch") as store, _alone(output), _stopping(stop):
        hands = _runner(runner, name, workers=workers, address=address, gpus=gpus)
        run = _run(store, output, made_with, redo=redo)
        account = _once(run, hands, inbox, pattern=pattern, stop=stop, quiet=quiet, as_json=as_json)
        while watch and not stop.is_set():
            if _something_came(inbox, stop):
                account.lines += _once(
                    run, hands, inbox, pattern=pattern, stop=stop, quiet=True, as_json=as_json
                ).lines
        if close := getattr(hands, "close", None):
            close()
    if not as_json:
        _summary(account, output)
    if stop.is_set():
        raise typer.Exit(_STOPPED)
    if any(line.result.value == "failed" for line in account.lines):
        raise typer.Exit(_FAILED)


def _made_with(model: str) -> str:
    """Make the model ready, and name it with the vocabulary."""
    from dictate.paths import cache_dir
    from models.cache import ensure
    from terminology import cache
    from terminology.release import active, load

    files = ensure(model, cache_dir())
    words = cache.checksum(active())[:12]
    return f"{model}@{files.revision[:12]}/{files.compute_type} fsiii@{load().version}+{words}"


def _runner(name: RunnerName, model: str, *, workers: int, address: str | None, gpus: float) -> "Runner":
    from dictate.batch.making import Make

    if name is RunnerName.RAY:
        from dictate.batch.cluster import ClusterRunner

        return ClusterRunner(Make(model), address=address, workers=workers or 2, gpus=gpus)
    from dictate.batch.local import LocalRunner

    return LocalRunner(Make(model), workers=workers)


def _run(store: "Store", output: Path, made_with: str, *, redo: bool) -> "Run":
    from dictate.batch.run import Run

    return Run(store=store, output=output, made_with=made_with, redo=redo)


def _once(
    run: "Run",
    hands: "Runner",
    inbox: list[str],
    *,
    pattern: str,
    stop: Event,
    quiet: bool,
    as_json: bool,
) -> "Account":
    """Do everything that is missing now."""
    from dictate.batch.run import Line, Result

    jobs, unread = _jobs(inbox, pattern)
    plan = run.plan(jobs)
    with _showing(plan, hands.workers, quiet=quiet, as_json=as_json) as shown:
        account = run.go(plan, hands, told=shown.told, stop=stop, ended=shown.ended)
        for name, why in unread:
            line = Line(name=name, result=Result.FAILED, why=why)
            account.lines.append(line)
            shown.ended(line)
    return account


def _jobs(inbox: list[str], pattern: str) -> "tuple[list[Job], list[tuple[str, str]]]":
    """Find the recordings; those that can't even be read are named with the reason."""
    from dictate.batch.about import Known
    from dictate.batch.inbox import find, is_settled, job, remote_jobs

    known = Known(pattern)
    local = [place for place in inbox if "://" not in place]
    jobs, unread = [], []
    for path, name in find(local):
        if not is_settled(path):
            time.sleep(2.0)
        try:
            jobs.append(job(path, name, known))
        except (AudioError, ConfigError) as error:
            unread.append((name, str(error)))
    for address in inbox:
        if "://" in address:
            jobs += remote_jobs(address)
    return jobs, unread


def _something_came(inbox: list[str], stop: Event) -> bool:
    """Wait until something changes in the folders, a minute at most; tell whether it did."""
    from watchfiles import watch

    folders = [place for place in inbox if Path(place).is_dir()]
    if not folders:
        raise ConfigError("--watch needs a folder to watch. Name one.")
    for changes in watch(
        *folders, stop_event=stop, rust_timeout=60_000, yield_on_timeout=True, raise_interrupt=False
    ):
        return bool(changes)
    return False


@contextmanager
def _alone(output: Path) -> Iterator[None]:
    """Keep other runs out of the output folder."""
    import filelock

    from dictate.errors import OutputError

    try:
        output.mkdir(parents=True, exist_ok=True)
        with filelock.FileLock(output / ".batch.lock", timeout=0):
            yield
    except filelock.Timeout:
        raise OutputError(
            f"Another batch is writing to {output}. Wait for it, or choose another folder."
        ) from None
    except PermissionError as error:
        raise OutputError(f"Cannot write to {output}: {error.strerror}. Choose another folder.") from error


@contextmanager
def _stopping(stop: Event) -> Iterator[None]:
    """Ctrl-C once: set `stop`; twice: interrupt."""

    def asked(*_: object) -> None:
        if stop.is_set():
            raise KeyboardInterrupt
        stop.set()
        print("Finishing the recordings under way. Ctrl-C again stops now.", file=sys.stderr)

    before = signal.signal(signal.SIGINT, asked)
    try:
        yield
    except KeyboardInterrupt:
        raise typer.Exit(_STOPPED) from None
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def _showing(plan: "Plan", workers: int, *, quiet: bool, as_json: bool) -> "Iterator[_Shown]":
    if as_json:
        yield _Events()
        return
    console = Console(stderr=True)
    if quiet or not console.is_terminal:
        yield _Lines(console, quiet=quiet)
        return
    from dictate.cli.batch_progress import Bars

    with Bars(console, plan, workers) as bars:
        yield bars


class _Events:
    """One event a line, without text of any note."""

    def told(self, step: "Step") -> None:
        print(
            json.dumps(
                {
                    "event": "progress",
                    "worker": step.worker,
                    "file": step.job.name,
                    "seconds": round(step.seconds, 2),
                }
            ),
            flush=True,
        )

    def ended(self, line: "Line") -> None:
        print(
            json.dumps(
                {
                    "event": "ended",
                    "file": line.name,
                    "result": line.result.value,
                    "seconds": round(line.seconds, 2),
                    "work_s": round(line.work_s, 2),
                    "entries": line.entries,
                    "certainty": None if line.certainty is None else round(line.certainty, 3),
                    "why": line.why,
                },
                ensure_ascii=False,
            ),
            flush=True,
        )


class _Lines:
    """A line for each recording that ended, where there is no terminal to draw on."""

    def __init__(self, console: Console, *, quiet: bool) -> None:
        self._console, self._quiet = console, quiet

    def told(self, step: "Step") -> None:
        """Say nothing before the end."""

    def ended(self, line: "Line") -> None:
        if not self._quiet:
            more = f": {line.why}" if line.why else ""
            self._console.print(Text(f"{line.result.value:<9} {line.name}{more}"), soft_wrap=True)


def _summary(account: "Account", output: Path) -> None:
    """Print what became of the recordings."""
    from dictate.batch.run import LOW_CERTAINTY, Result

    console = Console(highlight=False, markup=False, emoji=False, width=None if sys.stdout.isatty() else 100)
    table = Table(box=None, pad_edge=False, show_header=False)
    words = {
        Result.DONE: "done, draft in the inbox",
        Result.EMPTY: "done, nobody speaks",
        Result.KEPT: "done before",
        Result.DUPLICATE: "copies of others",
        Result.FAILED: "failed",
    }
    for result, said in words.items():
        if found := account.of(result):
            table.add_row(str(len(found)), said)
    console.print(table)
    done = account.of(Result.DONE) + account.of(Result.EMPTY)
    work = sum(line.work_s for line in done)
    if work:
        seconds = sum(line.seconds for line in done)
        console.print(f"{seconds / 60:.1f} minutes of sound, {seconds / work:.1f} × real time a worker.")
    if outdated := [line for line in account.of(Result.KEPT) if line.outdated]:
        console.print(
            f"{len(outdated)} were done with another model or vocabulary. Do them again with --redo."
        )
    for line in account.of(Result.FAILED):
        console.print(f"failed: {line.name}: {line.why}", soft_wrap=True)
    low = sorted(
        (
            line
            for line in account.of(Result.DONE)
            if line.certainty is not None and line.certainty < LOW_CERTAINTY
        ),
        key=lambda line: line.certainty or 0.0,
    )
    if low:
        console.print("Review first (the recogniser was least sure):")
        for line in low[:_REVIEW_FIRST]:
            console.print(f"  {line.certainty:.2f}  {line.name}")
    console.print(f"Transcripts and drafts: {output}. Nothing is signed.")
