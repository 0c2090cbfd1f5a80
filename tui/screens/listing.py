"""What inbox, unfinished dictations and history have in common: a list of dictations."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual.binding import Binding, BindingType
from textual.widget import Widget
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from tui import wording
from tui.i18n import plural, t
from tui.screens.page import Page

if TYPE_CHECKING:
    from dictate.notebook import Notebook
    from dictate.store.types import Dictation


_CUT = 80
"""Characters that lists hold of a note: so many are mostly cut off from more."""


class Listing(Page):
    """A list; Enter opens what is marked."""

    CSS_PATH = "listing.tcss"
    shows_text = True
    empty = ""
    """English text for a list with nothing in it."""
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "app.pop_screen", show=False)]

    def __init__(self) -> None:
        """Hold nothing yet."""
        super().__init__()
        self.rows: tuple[Dictation, ...] = ()

    def keys(self) -> Sequence[tuple[str, str]]:
        """Return the keys that work here."""
        return (("Enter", t("open")), ("Esc", t("to the start")), ("?", t("help")))

    def body(self) -> Iterable[Widget]:
        """Return what stands between status line and keys."""
        yield Static(id="count", markup=False)
        yield OptionList(id="rows")

    def begin(self) -> None:
        """Fill the list."""
        self.query_one("#rows", OptionList).focus()
        self.look()

    def fetch(self, notebook: "Notebook") -> "tuple[Dictation, ...]":
        """Return the rows; called in the thread that writes."""
        raise NotImplementedError

    def open_row(self, row: "Dictation") -> None:
        """Open what is marked."""
        raise NotImplementedError

    def look(self) -> None:
        """Fetch the rows anew."""
        notebook, app = self.desk.notebook, self.terminal

        def job() -> None:
            app.call_from_thread(self._show, self.fetch(notebook))

        app.later(job)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Open what is marked."""
        self.open_row(next(row for row in self.rows if row.id == event.option_id))

    def marked(self) -> "Dictation | None":
        """Return what is marked."""
        at = self.query_one("#rows", OptionList).highlighted
        return self.rows[at] if at is not None and at < len(self.rows) else None

    def _show(self, rows: "tuple[Dictation, ...]") -> None:
        if not self.alive:
            return
        self.rows = rows
        shown = self.query_one("#rows", OptionList)
        shown.clear_options()
        shown.add_options([Option(line(row), id=row.id) for row in rows])
        shown.highlighted = 0 if rows else None
        count = plural(len(rows), "{count} note", "{count} notes") if rows else t(self.empty)
        self.query_one("#count", Static).update(count)


def line(row: "Dictation") -> Text:
    """Return how a dictation is listed."""
    text = Text.assemble((row.citizen_name or t("no citizen yet"), "bold"))
    text.append(f" · {wording.moment(row.signed_at or row.started)}")
    if row.unsure:
        text.append(f" · ? {plural(row.unsure, '{count} unsure entry', '{count} unsure entries')}")
    if row.state == "recording":
        text.append(f" · {t('only sound so far: Enter makes the text')}")
    if row.excerpt:
        words = " ".join(row.excerpt.split())
        if len(row.excerpt) >= _CUT:
            words = f"{words.rpartition(' ')[0]} …"
        text.append(f"\n   {words}", style="italic")
    return text
