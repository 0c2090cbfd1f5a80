"""Choosing other keys: one line for each, Enter, then the new key."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import ClassVar

from rich.text import Text
from textual import events
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widget import Widget
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from tui import keymap
from tui.i18n import key, t
from tui.keymap import Action
from tui.screens.page import Page


class KeysScreen(Page):
    """The keys that a user can choose."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("x,delete", "usual", show=False),
        Binding("escape", "app.pop_screen", show=False),
    ]

    @property
    def heading(self) -> str:
        """What stands on top."""
        return t("Keys")

    def keys(self) -> Sequence[tuple[str, str]]:
        """Return the keys that work here."""
        return (("Enter", t("another key")), ("X", t("the usual key")), ("Esc", t("back")), ("?", t("help")))

    def body(self) -> Iterable[Widget]:
        """Return what stands between status line and keys."""
        yield Static(t("Choose a line, press Enter, then the new key."), classes="title")
        yield OptionList(id="actions")

    def begin(self) -> None:
        """Fill it."""
        self.query_one(OptionList).focus()
        self._show()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Ask for the new key."""
        action = keymap.BY_ID[event.option_id or ""]
        self.app.push_screen(NewKey(action, self.desk.preferences.keys), lambda new: self._take(action, new))

    def action_usual(self) -> None:
        """Use the key that comes with the program."""
        at = self.query_one(OptionList).highlighted
        if at is None:
            return
        action = keymap.ACTIONS[at]
        chosen = self.desk.preferences.keys
        other = keymap.rival(action.id, action.key, chosen)
        if other is not None:
            self.notify(
                t(
                    "{key} already means: {other}. Choose another key.",
                    key=_name(action.key),
                    other=t(other.label),
                )
            )
            return
        self._take(action, action.key)

    def _take(self, action: Action, new: str | None) -> None:
        if new is None:
            return
        keys = {name: kept for name, kept in self.desk.preferences.keys.items() if name != action.id}
        if new != action.key:
            keys[action.id] = new
        self.terminal.prefer(replace(self.desk.preferences, keys=keys))
        self._show()

    def _show(self) -> None:
        shown = self.query_one(OptionList)
        at = shown.highlighted or 0
        shown.clear_options()
        for action in keymap.ACTIONS:
            text = Text.assemble((f"{key(action.id):12}", "bold"))
            text.append(f"{_where(action.scope)}: {t(action.label)}")
            if keymap.key_of(action.id) != action.key:
                text.append(f"  ({t('usually')} {_name(action.key)})", style="italic")
            shown.add_option(Option(text, id=action.id))
        shown.highlighted = at


class NewKey(ModalScreen[str | None]):
    """Waits for one key press."""

    takes_all_keys = True

    def __init__(self, action: Action, keys: Mapping[str, str]) -> None:
        """Ask for the key of this action; `keys` are the chosen ones."""
        super().__init__()
        self._action, self._keys = action, keys

    def compose(self) -> Iterable[Widget]:
        """Put it together."""
        with Vertical(classes="dialog"):
            yield Static(t("Press the new key for: {action}", action=t(self._action.label)), classes="title")
            yield Static(id="refusal", markup=False)
            yield Static(t("Esc: leave it"), classes="hint")

    def on_key(self, event: events.Key) -> None:
        """Take the key, or say why not."""
        event.stop()
        event.prevent_default()
        if event.key == "escape":
            self.dismiss(None)
            return
        name = event.key.lower() if len(event.key) == 1 else event.key
        why = keymap.refusal(self._action.id, name, self._keys)
        if not why:
            self.dismiss(name)
            return
        other = keymap.rival(self._action.id, name, self._keys)
        told = t(why, key=_name(name), other=t(other.label) if other else "")
        self.query_one("#refusal", Static).update(f"! {told}")


def _name(name: str) -> str:
    return t(keymap.written(name))


def _where(scope: str) -> str:
    return {
        keymap.EVERYWHERE: t("Everywhere"),
        keymap.START: t("Start"),
        keymap.DICTATE: t("Dictate"),
        keymap.REVIEW: t("Review"),
        keymap.SIGN: t("Sign"),
    }[scope]
