"""Successors of retired concepts, named by people: a table in the overlay with who, when and why."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from terminology.files import read_limited, write_atomic
from terminology.overlay.wording import Act, Event, parse_event
from terminology.table import read_table

FILE = "successors.tsv"
COLUMNS = ("code", "successor", "proposed", "decided")


@dataclass(frozen=True, slots=True, kw_only=True)
class Succession:
    """A retired concept and the one that takes its place."""

    code: str
    successor: str
    proposed: Event
    decided: Event | None = None

    @property
    def id(self) -> str:
        """Ten hexadecimal digits, the same for the same pair."""
        return hashlib.sha256(f"{self.code}>{self.successor}".encode()).hexdigest()[:10]

    @property
    def accepted(self) -> bool:
        """Whether it may be used."""
        return self.decided is not None and self.decided.act is Act.ACCEPTED


def read_successions(folder: Path) -> tuple[Succession, ...]:
    """Read the table in the overlay in `folder`; empty where there is none.

    Raises:
        TerminologyError: it is damaged; the message names the line and the reason.

    """
    path = folder / FILE
    if not path.exists():
        return ()
    found = []
    for row in read_table(read_limited(path), file=FILE, columns=COLUMNS):
        events = [parse_event(f"# {row[column]}") for column in ("proposed", "decided")]
        if events[0] is None or (row["decided"] and events[1] is None):
            raise row.refuse('"proposed" and "decided" must say who did it when and why')
        found.append(
            Succession(
                code=row.text("code"),
                successor=row.text("successor"),
                proposed=events[0],
                decided=events[1],
            )
        )
    return tuple(found)


def write_successions(folder: Path, successions: Sequence[Succession]) -> None:
    """Write the table, whole or not at all; call it under the lock of the overlay."""
    rows = ["\t".join(COLUMNS)]
    for one in sorted(successions, key=lambda one: (one.code, one.successor)):
        decided = one.decided.line.removeprefix("# ") if one.decided else ""
        rows.append("\t".join((one.code, one.successor, one.proposed.line.removeprefix("# "), decided)))
    write_atomic(folder / FILE, ("\n".join(rows) + "\n").encode("utf-8"))


def accepted_successors(successions: Sequence[Succession]) -> dict[str, str]:
    """Return old code to new code, accepted ones only; the latest where one was decided twice."""
    accepted = [one for one in successions if one.decided and one.accepted]
    ordered = sorted(accepted, key=lambda one: one.decided.at if one.decided else one.proposed.at)
    return {one.code: one.successor for one in ordered}
