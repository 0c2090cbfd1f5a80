"""A batch run: what is missing is done, what is done is kept, and each recording is accounted for.

The order of a recording's steps makes it safe to stop at any moment: its files are written, then its draft
comes into the inbox under an id made from the sound itself, then it is noted as done. Whatever step was the
last, the next run does the rest and makes nothing twice.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from threading import Event
from uuid import NAMESPACE_URL, uuid5

from dictate.batch import results
from dictate.batch.job import Job, Outcome
from dictate.batch.places import Place
from dictate.batch.runner import Runner, Told
from dictate.errors import DictateError, StoreError
from dictate.store import Store
from dictate.store.types import BatchState, EventKind, Source, State

LOW_CERTAINTY = 0.6
"""Mean word probability below which a recording should be looked at first."""
_SALVAGED = "salvaged"
"""Noted with what was done of a damaged recording."""


class Result(StrEnum):
    """What became of a recording."""

    DONE = "done"
    EMPTY = "empty"
    """Nobody spoke."""
    FAILED = "failed"
    KEPT = "kept"
    """It was done before."""
    DUPLICATE = "duplicate"
    """The same sound lies elsewhere in this run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One recording in the account of a run."""

    name: str
    result: Result
    seconds: float = 0.0
    """Of sound."""
    work_s: float = 0.0
    entries: int = 0
    certainty: float | None = None
    """Mean probability of its words, 0..1."""
    why: str = ""
    """Why it failed, or which recording it is a copy of."""
    outdated: bool = False
    """It was done with another model or vocabulary."""
    salvaged: bool = False
    """It is damaged; what is whole of it was kept."""
    unknown_citizen: bool = False
    """It names a citizen whom the store doesn't know."""


@dataclass(slots=True, kw_only=True)
class Account:
    """What became of every recording of a run."""

    lines: list[Line] = field(default_factory=list)
    left: int = 0
    """Recordings that were not begun, or not ended, before the run was stopped."""
    wall_s: float = 0.0
    """Seconds that the work took."""

    def add(self, later: "Account") -> None:
        """Add the account of a later run; what it says of a recording replaces what was said before."""
        again = {line.name for line in later.lines}
        self.lines = [line for line in self.lines if line.name not in again] + later.lines
        self.left = later.left
        self.wall_s += later.wall_s

    def of(self, result: Result) -> list[Line]:
        """Return the recordings with a result."""
        return [line for line in self.lines if line.result is result]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is to be done, and what is already known of the rest."""

    jobs: tuple[Job, ...]
    lines: tuple[Line, ...]

    @property
    def size(self) -> int:
        """Bytes of sound to be done."""
        return sum(job.size for job in self.jobs)


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A run over one output folder; the caller keeps other runs out of it (`Place.alone`)."""

    store: Store
    output: Place
    made_with: str
    """Model and vocabulary, as they stand in each result."""
    redo: bool = False
    """Do again what was made with another model or vocabulary."""
    first: dict[str, str] = field(default_factory=dict)
    """Content hash to the name that was first seen with it in this run."""

    def plan(self, jobs: Sequence[Job]) -> Plan:
        """Part the recordings into those to be done and those that are done, or are copies."""
        wanted: list[Job] = []
        lines: list[Line] = []
        for job in jobs:
            other = self.first.setdefault(job.content_hash, job.name)
            if other != job.name:
                lines.append(Line(name=job.name, result=Result.DUPLICATE, why=f"the same sound as {other}"))
                continue
            item = self.store.batch.get(job.content_hash)
            done = item is not None and item.state is BatchState.DONE
            outdated = done and item is not None and item.made_with != self.made_with
            if done and results.are_there(self.output, job.name) and not (outdated and self.redo):
                salvaged = item is not None and item.why == _SALVAGED
                lines.append(Line(name=job.name, result=Result.KEPT, outdated=outdated, salvaged=salvaged))
            else:
                wanted.append(job)
        # The longest first, so that at the end no worker is busy with a long one while the others are idle.
        wanted.sort(key=lambda job: -job.rough_seconds)
        return Plan(jobs=tuple(wanted), lines=tuple(lines))

    def go(
        self, plan: Plan, runner: Runner, *, told: Told, stop: Event, ended: Callable[[Line], None]
    ) -> Account:
        """Do what is planned.

        Args:
            plan: from `plan`.
            runner: does the recordings.
            told: called with how far each worker is.
            stop: when set, nothing further is begun.
            ended: called with each recording that ended.

        """
        start = time.monotonic()
        account = Account(lines=list(plan.lines))
        for outcome in runner.run(self._claimed(plan.jobs), told=told, stop=stop):
            line = self._kept(outcome)
            account.lines.append(line)
            ended(line)
        account.wall_s = time.monotonic() - start
        account.left = len(plan.lines) + len(plan.jobs) - len(account.lines)
        return account

    def _claimed(self, jobs: Sequence[Job]) -> Iterator[Job]:
        """Give out the jobs as they are asked for; the folder's lock keeps other runs out: none is leased."""
        for job in jobs:
            self.store.batch.claim(job.content_hash, lease_s=0.0, redo=True)
            yield job

    def _kept(self, outcome: Outcome) -> Line:
        """Write down what came of a recording."""
        job = outcome.job
        if not outcome.failed:
            try:
                results.write(self.output, outcome)
                dictation = self._into_inbox(outcome)
            except DictateError as error:
                outcome = Outcome(job=job, why=str(error), work_s=outcome.work_s)
            else:
                self.store.batch.save(
                    job.content_hash,
                    BatchState.DONE,
                    dictation_id=dictation,
                    why=_SALVAGED if outcome.salvaged else "",
                    made_with=self.made_with,
                )
                return _line(outcome, unknown_citizen=bool(job.about.citizen) and not self._citizen(job))
        self.store.batch.save(job.content_hash, BatchState.FAILED, why=outcome.why, made_with=self.made_with)
        return Line(name=job.name, result=Result.FAILED, work_s=outcome.work_s, why=outcome.why)

    def _into_inbox(self, outcome: Outcome) -> str | None:
        """Put the draft where people review; what a person took up already is left as it is."""
        assert outcome.transcript is not None, "only what was recognised gets here"
        assert outcome.note is not None, "a transcript comes with its draft"
        if outcome.empty:
            return None
        identifier = str(uuid5(NAMESPACE_URL, f"sha256:{outcome.job.content_hash}"))
        try:
            dictation = self.store.dictations.get(identifier)
        except StoreError:
            dictation = self.store.dictations.begin(
                self._citizen(outcome.job), Source.BATCH, dictation_id=identifier
            )
        if dictation.state not in {State.RECORDING, State.DRAFT}:
            return identifier
        self._tell_when(identifier, outcome.job)
        self.store.dictations.save_transcript(identifier, outcome.transcript, outcome.note.text)
        self.store.dictations.save_note(identifier, outcome.note)
        return identifier

    def _tell_when(self, identifier: str, job: Job) -> None:
        """Keep when it was spoken and by whom, where that is known."""
        if job.about.recorded and not any(
            event.kind is EventKind.FIRST_SOUND for event in self.store.events.of(identifier)
        ):
            self.store.events.add(
                identifier, EventKind.FIRST_SOUND, at=job.about.recorded, detail=job.about.author
            )

    def _citizen(self, job: Job) -> str | None:
        """Return whom a recording is about, where the store knows the number; nobody is made from a file."""
        if not job.about.citizen:
            return None
        citizen = self.store.citizens.by_cpr(job.about.citizen)
        return citizen.id if citizen else None


def _line(outcome: Outcome, *, unknown_citizen: bool) -> Line:
    assert outcome.transcript is not None, "only what was recognised gets here"
    assert outcome.note is not None, "a transcript comes with its draft"
    words = outcome.transcript.words
    return Line(
        name=outcome.job.name,
        result=Result.EMPTY if outcome.empty else Result.DONE,
        seconds=outcome.transcript.duration,
        work_s=outcome.work_s,
        entries=len(outcome.note.entries),
        certainty=sum(word.probability for word in words) / len(words) if words else None,
        salvaged=outcome.salvaged,
        unknown_citizen=unknown_citizen,
    )
