"""Type a few letters, see what fits, press Enter: a field with a list below it."""

from collections.abc import Iterable, Sequence
from typing import ClassVar

from rich.text import Text
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option


class _Field(Input):
    """A line that leaves `?` to the help."""

    def check_consume_key(self, key: str, character: str | None) -> bool:
        """Take all letters but that one."""
        return key != "question_mark" and super().check_consume_key(key, character)


class SearchBox(Vertical):
    """Posts `Typed` while one types, and `Chosen` at Enter."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "move(1)", show=False, priority=True),
        Binding("up", "move(-1)", show=False, priority=True),
    ]

    class Typed(Message):
        """The words changed."""

        def __init__(self, box: "SearchBox", text: str) -> None:
            """Carry the words."""
            super().__init__()
            self.box, self.text = box, text

    class Chosen(Message):
        """An option was chosen."""

        def __init__(self, box: "SearchBox", identifier: str) -> None:
            """Carry its id."""
            super().__init__()
            self.box, self.identifier = box, identifier

    def __init__(self, placeholder: str = "", *, value: str = "", id: str | None = None) -> None:  # noqa: A002 - as Textual names it
        """Begin with `value` in the field."""
        super().__init__(id=id)
        self._placeholder, self._value = placeholder, value

    def compose(self) -> Iterable[Widget]:
        """Put it together."""
        yield _Field(value=self._value, placeholder=self._placeholder)
        found = OptionList()
        found.can_focus = False
        yield found

    @property
    def text(self) -> str:
        """What is typed."""
        return self.query_one(Input).value

    def clear(self) -> None:
        """Empty the field."""
        self.query_one(Input).value = ""

    def offer(self, options: Sequence[tuple[str | None, str | Text]]) -> None:
        """Show what fits: id and text of each; the first is marked. What has no id is only to be read."""
        found = self.query_one(OptionList)
        found.clear_options()
        found.add_options([Option(text, id=identifier) for identifier, text in options])
        found.highlighted = 0 if options else None

    def action_move(self, step: int) -> None:
        """Mark the next or the one before."""
        found = self.query_one(OptionList)
        if found.option_count:
            found.highlighted = ((found.highlighted or 0) + step) % found.option_count

    def on_input_changed(self, event: Input.Changed) -> None:
        """Tell what is typed."""
        event.stop()
        self.post_message(self.Typed(self, event.value))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Tell what is chosen."""
        event.stop()
        found = self.query_one(OptionList)
        if found.highlighted is not None:
            identifier = found.get_option_at_index(found.highlighted).id
            if identifier is not None:
                self.post_message(self.Chosen(self, identifier))

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Tell what is clicked."""
        event.stop()
        if event.option_id is not None:
            self.post_message(self.Chosen(self, event.option_id))
