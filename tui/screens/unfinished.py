"""My dictations that aren't signed: put aside, or interrupted by a crash."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType

from tui.i18n import t
from tui.screens.dialog import Choice
from tui.screens.listing import Listing
from tui.screens.opening import open_draft

if TYPE_CHECKING:
    from dictate.notebook import Notebook
    from dictate.store.types import Dictation


class UnfinishedScreen(Listing):
    """Goes on with a draft, or gives it up."""

    empty = "Nothing is unfinished."
    BINDINGS: ClassVar[list[BindingType]] = [Binding("x,delete", "discard", show=False)]

    @property
    def heading(self) -> str:
        """What stands on top."""
        return t("Unfinished")

    def keys(self) -> Sequence[tuple[str, str]]:
        """Return the keys that work here."""
        return (("Enter", t("open")), ("X", t("give up")), ("Esc", t("to the start")), ("?", t("help")))

    def fetch(self, notebook: "Notebook") -> "tuple[Dictation, ...]":
        """Return my drafts."""
        return notebook.unfinished()

    def open_row(self, row: "Dictation") -> None:
        """Review it."""
        open_draft(self.terminal, row)

    def action_discard(self) -> None:
        """Give the marked draft up, after a question."""
        row = self.marked()
        if row is None:
            return
        notebook = self.desk.notebook

        def answered(answer: str | None) -> None:
            if answer == "yes":
                self.terminal.later(lambda: notebook.discard(row.id))
                self.look()

        options = [("no", t("no, keep it")), ("yes", t("yes, give it up"))]
        self.app.push_screen(
            Choice(t("Give this draft up? It will not be in the record."), options), answered
        )
