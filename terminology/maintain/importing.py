"""Somebody else's wordings into the queue: all of a file or nothing of it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from terminology.errors import TerminologyError
from terminology.maintain.supplements import read_supplement
from terminology.maintain.tables import Incoming, read_table
from terminology.overlay.base import Problem, WordingError
from terminology.overlay.desk import Desk
from terminology.overlay.wording import Act, Wording, event
from terminology.pattern import Line


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """A line of a file that can't be used, and why."""

    place: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Import:
    """What a file offers."""

    wordings: tuple[Wording, ...]
    """New ones, ready for the queue."""
    known: int
    """Lines that are used, proposed or put aside here already."""
    faults: tuple[Fault, ...]


def read_wordings(path: Path, desk: Desk) -> tuple[Incoming, ...]:
    """Read a FHIR supplement (.json) or a table (.csv, .tsv).

    Raises:
        TerminologyError: it is neither; the message names file, line and reason.

    """
    if path.suffix.lower() == ".json":
        return read_supplement(path, desk.base.release)
    return read_table(path)


def prepare(incoming: Iterable[Incoming], desk: Desk, *, by: str, why: str) -> Import:
    """Check every line; nothing is written.

    Raises:
        TerminologyError: the name or the reason is not one.

    """
    step = event(Act.PROPOSED, by=by, why=why, at=desk.now())
    known = desk.known()
    present = {wording.id for wording in desk.store.wordings()}
    found: dict[str, Wording] = {}
    faults = []
    already = 0
    for one in incoming:
        try:
            own = event(Act.PROPOSED, by=by, why=one.why, at=step.at) if one.why else step
            wording, concept = desk.drafted(one.code, one.section, one.text, own, known)
        except WordingError as error:
            if error.problem is Problem.KNOWN:
                already += 1
            else:
                faults.append(Fault(place=one.place, message=str(error)))
            continue
        except TerminologyError as error:
            faults.append(Fault(place=one.place, message=str(error)))
            continue
        if wording.id in present or wording.id in found:
            already += 1
        else:
            found[wording.id] = wording
            said = desk.said(wording, concept)
            known.add(replace(said, line=Line(text=wording.text, source=one.place)))
    return Import(wordings=tuple(found.values()), known=already, faults=tuple(faults))
