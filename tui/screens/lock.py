"""Nobody was there for a while: names and notes are hidden."""

from collections.abc import Iterable, Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widget import Widget
from textual.widgets import Static

from tui.i18n import t
from tui.screens.page import Page


class LockScreen(Page):
    """Covers everything until a key says that the same person is back."""

    CSS_PATH = "lock.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "unlock", show=False)]

    @property
    def heading(self) -> str:
        """What stands on top."""
        return t("Locked")

    def takes_f5(self) -> bool:
        """Do nothing: it is locked."""
        return True

    def keys(self) -> Sequence[tuple[str, str]]:
        """Return the keys that work here."""
        return (("Enter", t("unlock")),)

    def body(self) -> Iterable[Widget]:
        """Return what stands between status line and keys."""
        name = self.desk.preferences.name
        who = t("Locked for {name}.", name=name) if name else t("Locked.")
        yield Static(
            f"{who}\n\n{t('Press Enter to go on. Are you somebody else? Press Ctrl+Q.')}", id="locked"
        )

    def action_unlock(self) -> None:
        """Go on."""
        self.dismiss()
