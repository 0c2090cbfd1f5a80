"""Words as they are recognised: firm ones plain, guesses in brackets."""

from rich.text import Text
from textual.containers import VerticalScroll
from textual.widgets import Static

from dictate.streaming import Partial
from tui.widgets.spacing import spaced


class LiveText(VerticalScroll):
    """Follows the speaker: the end is always in sight."""

    wide = False
    """True leaves a line empty between lines."""

    def compose(self) -> "list[Static]":
        """Hold one text."""
        return [Static(id="words")]

    def show(self, partial: Partial, *, waiting: str = "") -> None:
        """Show what is known; `waiting` stands there while nothing is."""
        text = Text(" ".join(word.text for word in partial.committed))
        guess = " ".join(word.text for word in partial.tentative)
        if guess:
            text.append(f" …{guess}", style="italic")
        if self.wide:
            text = spaced(text, self.size.width - 4)
        for words in self.query("#words").results(Static):  # none before it is mounted
            words.update(text if text.plain.strip() else Text(waiting, style="italic"))
        self.scroll_end(animate=False)
