"""What I have signed, with search; a signed entry can be amended or marked as entered in error."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.widget import Widget
from textual.widgets import Input

from tui.i18n import t
from tui.screens.listing import Listing

if TYPE_CHECKING:
    from dictate.notebook import Notebook
    from dictate.store.types import Dictation


class HistoryScreen(Listing):
    """My signed notes."""

    empty = "No note was found."
    BINDINGS: ClassVar[list[BindingType]] = [Binding("slash", "search", show=False)]

    def __init__(self) -> None:
        """Ask for nothing in particular."""
        super().__init__()
        self._query = ""

    @property
    def heading(self) -> str:
        """What stands on top."""
        return t("History")

    def keys(self) -> Sequence[tuple[str, str]]:
        """Return the keys that work here."""
        return (("Enter", t("open")), ("/", t("search")), ("Esc", t("to the start")), ("?", t("help")))

    def body(self) -> Iterable[Widget]:
        """Return what stands between status line and keys."""
        yield Input(placeholder=t("Search: name or words of the note"), id="query")
        yield from super().body()

    def fetch(self, notebook: "Notebook") -> "tuple[Dictation, ...]":
        """Return what was signed."""
        return tuple(row for row in notebook.mine(self._query) if row.state == "signed")

    def open_row(self, row: "Dictation") -> None:
        """Show it as it was signed."""
        from tui.screens.signed import SignedScreen  # noqa: PLC0415

        self.app.push_screen(SignedScreen(row))

    def action_search(self) -> None:
        """Go to the search line."""
        self.query_one("#query").focus()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Search while one types."""
        self._query = event.value
        self.look()

    def on_input_submitted(self, _event: Input.Submitted) -> None:
        """Go to the list."""
        self.query_one("#rows").focus()
