"""Small questions in front of a screen: a choice, or a line of text."""

from collections.abc import Iterable, Sequence
from typing import ClassVar

from rich.text import Text
from textual import events
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widget import Widget
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from tui.i18n import t


class Choice(ModalScreen[str | None]):
    """One of a few; digits choose at once."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss(None)", show=False)]

    def __init__(
        self,
        question: str,
        options: Sequence[tuple[str, str]],
        *,
        first: str = "",
        plain: bool = False,
        hint: str = "",
    ) -> None:
        """Ask.

        Args:
            question: what is to be chosen.
            options: id and text of each.
            first: id of the one that is marked.
            plain: the ids are digits that stand in the texts already; those choose.
            hint: said below, beside the keys.

        """
        super().__init__()
        self._hint = hint
        self._question, self._options, self._first = question, options, first
        self._digits = (
            {identifier: identifier for identifier, _ in options}
            if plain
            else {str(number): identifier for number, (identifier, _) in enumerate(options, start=1)}
        )
        self._plain = plain

    def compose(self) -> Iterable[Widget]:
        """Put it together."""
        with Vertical(classes="dialog"):
            yield Static(self._question, classes="title", markup=False)
            yield OptionList(
                *(
                    Option(Text(text if self._plain else f"{number}  {text}"), id=identifier)
                    for number, (identifier, text) in enumerate(self._options, start=1)
                )
            )
            if self._hint:
                yield Static(self._hint, classes="hint", markup=False)
            yield Static(t("Enter: choose · Esc: leave it"), classes="hint")

    def on_mount(self) -> None:
        """Mark the first."""
        choices = self.query_one(OptionList)
        choices.styles.height = min(len(self._options), 12) + 2
        ids = [identifier for identifier, _ in self._options]
        choices.highlighted = ids.index(self._first) if self._first in ids else 0
        choices.focus()

    def on_key(self, event: events.Key) -> None:
        """Choose by number."""
        if event.character in self._digits:
            event.stop()
            self.dismiss(self._digits[event.character])

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Choose the marked one."""
        self.dismiss(event.option_id)


class Question(ModalScreen[str | None]):
    """One line of text."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss(None)", show=False)]

    def __init__(self, question: str, *, value: str = "", hint: str = "", secret: bool = False) -> None:
        """Ask; `value` is there already, `hint` says how to answer, `secret` hides what is typed."""
        super().__init__()
        self._secret = secret
        self._question, self._value, self._hint = question, value, hint

    def compose(self) -> Iterable[Widget]:
        """Put it together."""
        with Vertical(classes="dialog"):
            yield Static(self._question, classes="title", markup=False)
            yield Input(value=self._value, select_on_focus=True, password=self._secret)
            yield Static(self._hint or t("Enter: take over · Esc: leave it"), classes="hint", markup=False)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Take the answer."""
        if event.value.strip():
            self.dismiss(event.value.strip())
