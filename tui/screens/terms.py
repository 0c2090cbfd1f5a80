"""Searching the terminology by typing."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, ClassVar, cast

from rich.text import Text
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widget import Widget
from textual.widgets import Static

from dictate.entry import Coding, Kind
from tui.i18n import t
from tui.widgets.search_box import SearchBox

if TYPE_CHECKING:
    from tui.app import TerminalApp

_MOST = 40
_AREAS = {
    Kind.CONDITION: ("helbredstilstand", "funktionsevnetilstand", "tilstand_"),
    Kind.INTERVENTION: ("indsats_",),
}


class TermsScreen(ModalScreen[Coding | None]):
    """Gives the code that was chosen."""

    CSS_PATH = "../widgets/search_box.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss(None)", show=False)]

    def __init__(self, kind: Kind, offered: Sequence[Coding]) -> None:
        """Search among what goes with `kind`; `offered` is shown before anything is typed."""
        super().__init__()
        self._kind, self._offered = kind, tuple(offered)
        self._found: dict[str, Coding] = {}

    def compose(self) -> Iterable[Widget]:
        """Put it together."""
        with Vertical(classes="dialog tall"):
            yield Static(t("Which term?"), classes="title")
            yield SearchBox(t("Type a few letters"))
            yield Static(t("Enter: choose · Esc: leave it"), classes="hint")

    def on_mount(self) -> None:
        """Offer what the words may mean, too."""
        self._show("", self._offered)

    def on_search_box_typed(self, message: SearchBox.Typed) -> None:
        """Look in the terminology."""
        app, typed = cast("TerminalApp", self.app), message.text

        def look() -> None:
            found = _search(app, typed, self._kind) if typed.strip() else self._offered
            app.call_from_thread(self._show, typed, found)

        app.later(look)

    def on_search_box_chosen(self, message: SearchBox.Chosen) -> None:
        """Give the code."""
        self.dismiss(self._found[message.identifier])

    def _show(self, typed: str, found: Sequence[Coding]) -> None:
        if not self.is_attached or self.query_one(SearchBox).text != typed:
            return
        self._found = {coding.code: coding for coding in found}
        name_of = cast("TerminalApp", self.app).desk.name_of
        self.query_one(SearchBox).offer(
            [(coding.code, Text(name_of(coding.code) or coding.display)) for coding in self._found.values()]
        )


def _search(app: "TerminalApp", typed: str, kind: Kind) -> tuple[Coding, ...]:
    """Return current terms that can be written to a record, best first."""
    from terminology.concept import Concept  # noqa: PLC0415 - loaded long before somebody types
    from terminology.search import OBSERVATION_AREA, search  # noqa: PLC0415

    release = app.desk.drafter.matcher.release
    if kind is Kind.OBSERVATION:
        found = (hit.item for hit in search(release, typed, area=OBSERVATION_AREA))
        return tuple(
            Coding(system=item.system, code=item.code, display=item.display)
            for item in found
            if not isinstance(item, Concept)
        )[:_MOST]
    hits = search(release, typed, retired=False)
    return tuple(
        Coding(system=hit.item.system, code=hit.item.code, display=hit.item.display)
        for hit in hits
        if isinstance(hit.item, Concept)
        and hit.item.leaf
        and hit.item.kind.startswith(_AREAS.get(kind, ("",)))
    )[:_MOST]
