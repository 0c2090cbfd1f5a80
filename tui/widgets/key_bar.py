"""The keys that work here, always in sight."""

from collections.abc import Sequence

from rich.text import Text
from textual.widgets import Static


class KeyBar(Static):
    """Keys and what they do, in as many lines as they need; a key is never parted from its label."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - as Textual names it
        """Show nothing yet."""
        super().__init__(id=id)
        self._keys: tuple[tuple[str, str], ...] = ()

    def show(self, keys: Sequence[tuple[str, str]]) -> None:
        """Show these keys."""
        self._keys = tuple(keys)
        self._draw()

    def on_resize(self) -> None:
        """Fit the lines to the new width."""
        self._draw()

    def _draw(self) -> None:
        width = self.size.width or self.app.size.width
        lines = [Text()]
        for key, label in self._keys:
            item = Text.assemble((f" {key} ", "reverse"), f" {label} ")
            if lines[-1].cell_len and lines[-1].cell_len + item.cell_len > width + 1:
                lines.append(Text())
            lines[-1].append_text(item)
        for line in lines:
            line.rstrip()
        self.update(Text("\n").join(lines))
