"""Correcting the text by hand."""

from collections.abc import Iterable
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widget import Widget
from textual.widgets import Static, TextArea

from dictate.case import Case
from tui.i18n import t


class EditScreen(ModalScreen[str | None]):
    """Gives the changed text; None where it is left as it was."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "take", show=False, priority=True),
        Binding("f9", "take", show=False, priority=True),
        Binding("ctrl+z", "undo", show=False),
        Binding("f8", "dismiss(None)", show=False, priority=True),
    ]

    def __init__(self, case: Case, *, limit: str = "") -> None:
        """Edit the text of this case; `limit` says what the model that heard it can't do."""
        super().__init__()
        self._case, self._limit = case, limit

    def compose(self) -> Iterable[Widget]:
        """Put it together."""
        with Vertical(classes="dialog tall"):
            yield Static(t("Correct the text"), classes="title")
            yield TextArea(self._case.note.text, soft_wrap=True, tab_behavior="focus")
            if self._limit:
                yield Static(self._limit, classes="hint", markup=False)
            yield Static(t("Esc: done · F8: leave it as it was · Ctrl+Z: undo"), classes="hint")

    def on_mount(self) -> None:
        """Begin at the first unsure word."""
        area = self.query_one(TextArea)
        area.cursor_blink = False
        first = next((spot for spot in self._case.spots if spot.unsure), None)
        if first is not None:
            before = self._case.note.text[: first.start]
            area.move_cursor((before.count("\n"), len(before) - before.rfind("\n") - 1))
        area.focus()

    def action_take(self) -> None:
        """Take the text over."""
        self.dismiss(self.query_one(TextArea).text)
