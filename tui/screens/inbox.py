"""Drafts made elsewhere: by batch runs, or from a file of notes."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType

from tui.i18n import plural, t
from tui.screens.dialog import Question
from tui.screens.listing import Listing
from tui.screens.opening import open_draft

if TYPE_CHECKING:
    from dictate.notebook import Notebook
    from dictate.store.types import Dictation


class InboxScreen(Listing):
    """Least certain first."""

    empty = "The inbox is empty."
    BINDINGS: ClassVar[list[BindingType]] = [Binding("i", "take_in", show=False)]

    @property
    def heading(self) -> str:
        """What stands on top."""
        return t("Inbox")

    def keys(self) -> Sequence[tuple[str, str]]:
        """Return the keys that work here."""
        return (
            ("Enter", t("open")),
            ("I", t("take in a file")),
            ("Esc", t("to the start")),
            ("?", t("help")),
        )

    def fetch(self, notebook: "Notebook") -> "tuple[Dictation, ...]":
        """Return the drafts."""
        return notebook.inbox()

    def open_row(self, row: "Dictation") -> None:
        """Review it."""
        open_draft(self.terminal, row)

    def action_take_in(self) -> None:
        """Take in a file of notes in JSON Lines."""
        notebook, app = self.desk.notebook, self.terminal

        def answered(answer: str | None) -> None:
            if not answer:
                return

            def job() -> None:
                from dictate.notes import read_notes  # noqa: PLC0415 - only here

                count = notebook.take_in(read_notes(Path(answer).expanduser()))
                app.call_from_thread(
                    app.notify, plural(count, "{count} note taken in.", "{count} notes taken in.")
                )

            app.later(job)
            self.look()

        self.app.push_screen(Question(t("Which file? (notes in JSON Lines)")), answered)
