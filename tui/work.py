"""The note on the desk: its case, whom it is about, and where its decisions are kept."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dictate.case import Case
from dictate.notebook import Moment

if TYPE_CHECKING:
    from dictate.notebook import Notebook


@dataclass(slots=True)
class Work:
    """A draft under review."""

    id: str
    case: Case
    notebook: "Notebook"
    citizen_id: str | None = None
    citizen_name: str = ""
    problem: str = ""
    """Why there is no text, if there is none."""
    expected: str | None = None
    """In training: the text that was said."""
    training: bool = False

    def decide(self, case: Case, keep: Callable[[Callable[[], None]], object], *, detail: str = "") -> None:
        """Take over a decision, and keep it.

        Args:
            case: the note with the decision.
            keep: runs what it is given in the thread that writes.
            detail: what was decided, such as "x-3 accepted"; never text of the note.

        """
        self.case = case
        note, notebook = case.note, self.notebook

        def write() -> None:
            notebook.save(self.id, note)
            if detail:
                notebook.event(self.id, Moment.DECISION, detail)

        keep(write)
