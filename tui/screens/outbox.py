"""What is on its way to other systems, what they refused, and what arrived."""

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
    from dictate.notebook import Sending

_MARKS = {"queued": "…", "claimed": "…", "delivered": "✓", "dead": "!", "dropped": "✗"}


class OutboxScreen(Page):
    """Deliveries, newest first; one that was refused can be sent again."""

    CSS_PATH = "listing.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("s", "send_again", show=False),
        Binding("escape", "app.pop_screen", show=False),
    ]

    def __init__(self) -> None:
        """Hold nothing yet."""
        super().__init__()
        self.rows: tuple[Sending, ...] = ()

    @property
    def heading(self) -> str:
        """What stands on top."""
        return t("Outbox")

    def keys(self) -> Sequence[tuple[str, str]]:
        """Return the keys that work here."""
        return (("S", t("send again")), ("Esc", t("to the start")), ("?", t("help")))

    def body(self) -> Iterable[Widget]:
        """Return what stands between status line and keys."""
        yield Static(id="count", markup=False)
        yield OptionList(id="rows")

    def begin(self) -> None:
        """Fill the list."""
        self.look()

    def look(self) -> None:
        """Fetch the rows anew."""
        notebook, app = self.desk.notebook, self.terminal
        app.later(lambda: app.call_from_thread(self._show, notebook.sendings()))

    def action_send_again(self) -> None:
        """Queue what is marked again, where it was refused or waits for its next try."""
        at = self.query_one("#rows", OptionList).highlighted
        if at is None or at >= len(self.rows):
            return
        delivery = self.rows[at].delivery
        if delivery.state in {"delivered", "dropped"}:
            self.notify(t("Nothing to send: it is over."))
            return
        notebook = self.desk.notebook
        self.terminal.later(lambda: notebook.send_again(delivery.id))
        self.look()

    def _show(self, rows: "tuple[Sending, ...]") -> None:
        if not self.alive:
            return
        self.rows = rows
        shown = self.query_one("#rows", OptionList)
        at = shown.highlighted or 0
        shown.clear_options()
        shown.add_options([Option(line(row), id=row.delivery.id) for row in rows])
        shown.highlighted = min(at, len(rows) - 1) if rows else None
        shown.focus()
        self.query_one("#count", Static).update(
            plural(len(rows), "{count} delivery", "{count} deliveries")
            if rows
            else t("Nothing is to be sent.")
        )


def line(row: "Sending") -> Text:
    """Return how a delivery is listed."""
    delivery = row.delivery
    states = {
        "queued": t("waits"),
        "claimed": t("is being sent"),
        "delivered": t("has arrived"),
        "dead": t("refused"),
        "dropped": t("taken out"),
    }
    text = Text.assemble((f"{_MARKS[delivery.state]} {row.citizen_name or '–'}", "bold"))
    reasons = {"amended": t("amended"), "withdrawn": t("entered in error")}
    target = " · ".join(part for part in (delivery.target, reasons.get(delivery.reason)) if part)
    text.append(f" · {target} · {states[delivery.state]}")
    text.append(f" · {wording.moment(delivery.finished or delivery.created)}")
    if delivery.retry_at and delivery.state == "queued":
        text.append(f" · {t('next try')} {wording.moment(delivery.retry_at)}")
    if delivery.why:
        text.append(f"\n   {delivery.why}", style="italic")
    return text
