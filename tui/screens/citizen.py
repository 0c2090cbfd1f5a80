"""Choosing whom a dictation is about, before it or after."""

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, cast

from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen, Screen
from textual.widget import Widget
from textual.widgets import Static

from dictate.errors import ConfigError
from tui.citizens import NEW, number_of, options
from tui.i18n import t
from tui.screens.dialog import Question
from tui.widgets.search_box import SearchBox

if TYPE_CHECKING:
    from dictate.notebook import Notebook
    from dictate.store.types import Citizen
    from tui.app import TerminalApp


def choose(
    screen: Screen[Any],
    identifier: str,
    found: "Sequence[Citizen]",
    take: "Callable[[Citizen], None]",
    notebook: "Notebook | None" = None,
) -> None:
    """Take a citizen who was found, or add the one who was typed.

    Args:
        screen: where it happens.
        identifier: what was chosen, as `tui.citizens.options` gave it.
        found: the citizens that were offered.
        take: gets the citizen, in the app's thread.
        notebook: where a new one is kept; None for the desk's.

    """
    kind, _, typed = identifier.partition(":")
    if kind != NEW:
        take(next(citizen for citizen in found if citizen.id == identifier))
        return
    app = cast("TerminalApp", screen.app)
    book = notebook or app.desk.notebook

    def add(name: str, number: str | None) -> None:
        def job() -> None:
            app.call_from_thread(take, book.add_citizen(name, number))

        app.later(job)

    def checked(number: str) -> str | None:
        try:
            return number_of(number)
        except ConfigError as error:
            app.complain(str(error))
            return None

    if not any(sign.isdigit() for sign in typed):
        app.push_screen(
            Question(t("CPR number of {name}?", name=typed)),
            lambda answer: add(typed, number) if answer and (number := checked(answer)) else None,
        )
    elif number := checked(typed):
        app.push_screen(
            Question(t("What is the citizen's name?")), lambda name: add(name, number) if name else None
        )


class CitizenScreen(ModalScreen["Citizen | None"]):
    """Asks whom a note is about."""

    CSS_PATH = "../widgets/search_box.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss(None)", show=False)]

    def __init__(self, notebook: "Notebook") -> None:
        """Look in this notebook."""
        super().__init__()
        self._notebook = notebook
        self._found: tuple[Citizen, ...] = ()

    def compose(self) -> Iterable[Widget]:
        """Put it together."""
        with Vertical(classes="dialog tall"):
            yield Static(t("Whom is the note about?"), classes="title")
            yield SearchBox(t("Name or CPR number"))
            yield Static(t("Enter: choose · Esc: leave it"), classes="hint")

    def on_mount(self) -> None:
        """Offer all."""
        self._search("")

    def on_search_box_typed(self, message: SearchBox.Typed) -> None:
        """Look for whom was typed."""
        self._search(message.text)

    def on_search_box_chosen(self, message: SearchBox.Chosen) -> None:
        """Choose a citizen."""
        choose(self, message.identifier, self._found, self._take, self._notebook)

    def _take(self, citizen: "Citizen") -> None:
        self.dismiss(citizen)

    def _search(self, typed: str) -> None:
        app = cast("TerminalApp", self.app)

        def look() -> None:
            app.call_from_thread(self._show, typed, self._notebook.find_citizens(typed))

        app.later(look)

    def _show(self, typed: str, found: "tuple[Citizen, ...]") -> None:
        if self.is_attached and self.query_one(SearchBox).text == typed:
            self._found = found
            self.query_one(SearchBox).offer(options(found, typed))
