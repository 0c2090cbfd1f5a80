"""What a person or a program sees of a batch: lines, events, the summary; for bars see `batch_progress`."""

import json
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING, Protocol

from rich.console import Console

from dictate.batch.run import LOW_CERTAINTY, Account, Line, Plan, Result

if TYPE_CHECKING:
    from dictate.batch.runner import Step

_REVIEW_FIRST = 10
_LONG_S = 100
"""From here on, times are told in minutes."""
_SAID = {
    Result.DONE: "done, draft in the inbox",
    Result.EMPTY: "done, nobody speaks",
    Result.KEPT: "done before",
    Result.DUPLICATE: "copies of others",
    Result.FAILED: "failed",
}


class Shown(Protocol):
    """Shows how a batch goes."""

    def running(self, plan: Plan, workers: int) -> AbstractContextManager[None]:
        """Show a run while it lasts."""
        ...

    def told(self, step: "Step") -> None:
        """Show how far a worker is."""
        ...

    def ended(self, line: Line) -> None:
        """Show what became of a recording."""
        ...

    def waiting(self) -> None:
        """Show that everything is done, and more is waited for."""
        ...


def choose(*, quiet: bool, as_json: bool) -> Shown:
    """Return what fits those who look."""
    if as_json:
        return Events()
    console = Console(stderr=True, highlight=False, markup=False, emoji=False)
    if quiet:
        return Silence()
    if not console.is_terminal:
        return Lines(console)
    from dictate.cli.batch_progress import Bars  # noqa: PLC0415 - opens recordings: slow to import

    return Bars(console)


class Silence:
    """Nothing is shown before the summary."""

    @contextmanager
    def running(self, plan: Plan, workers: int) -> Iterator[None]:
        """See `Shown`."""
        del plan, workers
        yield

    def told(self, step: "Step") -> None:
        """See `Shown`."""

    def ended(self, line: Line) -> None:
        """See `Shown`."""

    def waiting(self) -> None:
        """See `Shown`."""


class Lines(Silence):
    """A line for each recording that ended, where there is no terminal to draw on."""

    def __init__(self, console: Console) -> None:
        """Say nothing yet."""
        self._console = console

    @contextmanager
    def running(self, plan: Plan, workers: int) -> Iterator[None]:
        """See `Shown`."""
        if plan.jobs:
            at_a_time = min(workers, len(plan.jobs))
            self._console.print(f"{len(plan.jobs)} recordings to do, {at_a_time} at a time.", soft_wrap=True)
        yield

    def ended(self, line: Line) -> None:
        """See `Shown`."""
        self._console.print(one_line(line), soft_wrap=True)


class Events(Silence):
    """One event a line as JSON, without text of any note."""

    @contextmanager
    def running(self, plan: Plan, workers: int) -> Iterator[None]:
        """See `Shown`."""
        _put({"event": "planned", "recordings": len(plan.jobs), "bytes": plan.size, "workers": workers})
        for line in plan.lines:
            self.ended(line)
        yield

    def told(self, step: "Step") -> None:
        """See `Shown`."""
        seconds = round(step.seconds, 2)
        _put({"event": "progress", "worker": step.worker, "file": step.job.name, "seconds": seconds})

    def ended(self, line: Line) -> None:
        """See `Shown`."""
        _put(
            {
                "event": "ended",
                "file": line.name,
                "result": line.result.value,
                "seconds": round(line.seconds, 2),
                "work_s": round(line.work_s, 2),
                "entries": line.entries,
                "certainty": None if line.certainty is None else round(line.certainty, 3),
                "why": line.why,
                "outdated": line.outdated,
                "salvaged": line.salvaged,
                "unknown_citizen": line.unknown_citizen,
            }
        )

    def waiting(self) -> None:
        """See `Shown`."""
        _put({"event": "waiting"})


def _put(event: dict[str, object]) -> None:
    print(json.dumps(event, ensure_ascii=False), flush=True)


def one_line(line: Line) -> str:
    """Return what became of a recording."""
    more = line.why or ("what is whole of it: it is damaged" if line.salvaged else "")
    return f"{line.result.value:<9} {line.name}{f': {more}' if more else ''}"


def summary(account: Account, output: str) -> None:
    """Print what became of the recordings."""
    console = Console(highlight=False, markup=False, emoji=False, width=None if sys.stdout.isatty() else 100)

    def say(text: str) -> None:
        console.print(text, soft_wrap=not sys.stdout.isatty())

    if not account.lines and not account.left:
        say("There are no recordings.")
        return
    for result, words in _SAID.items():
        if found := account.of(result):
            say(f"{len(found):>6}  {words}")
    if account.left:
        say(f"{account.left:>6}  not done yet: run this again")
    for hint in _hints(account):
        say(hint)
    say(f"Transcripts, drafts and report.csv, which tells of each: {output}. Nothing is signed.")


def _hints(account: Account) -> Iterator[str]:
    done = account.of(Result.DONE) + account.of(Result.EMPTY)
    if done and account.wall_s:
        seconds = sum(line.seconds for line in done)
        speed = seconds / account.wall_s
        yield f"{_minutes(seconds)} of sound in {_minutes(account.wall_s)}: {speed:.1f} × real time."
    if outdated := sum(line.outdated for line in account.of(Result.KEPT)):
        yield f"{outdated} were done with another model or vocabulary. Do them again with --redo."
    if salvaged := sum(line.salvaged for line in account.lines):
        yield f"{salvaged} were damaged: only what is whole of them was transcribed."
    if unknown := sum(line.unknown_citizen for line in account.lines):
        yield f"{unknown} name a citizen whom the store doesn't know: choose the citizen at the review."
    if failed := account.of(Result.FAILED):
        yield "Failed (the next run tries them again; move them away if they are no good):"
        yield from (f"  {line.name}: {line.why}" for line in failed)
    yield from _first_to_review(account)


def _first_to_review(account: Account) -> Iterator[str]:
    low = sorted(
        (line.certainty, line.name)
        for line in account.of(Result.DONE)
        if line.certainty is not None and line.certainty < LOW_CERTAINTY
    )
    if low:
        yield "Review first (the recogniser was least sure; mean probability of a word):"
        yield from (f"  {100 * certainty:3.0f} %  {name}" for certainty, name in low[:_REVIEW_FIRST])
    if len(low) > _REVIEW_FIRST:
        yield f"  and {len(low) - _REVIEW_FIRST} more"


def _minutes(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < _LONG_S else f"{seconds / 60:.1f} min"
