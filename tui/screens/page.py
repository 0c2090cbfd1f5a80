"""What every screen has: a status line on top, the limit of the model, and the keys below."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, cast

from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Static

from tui.i18n import t
from tui.widgets.key_bar import KeyBar
from tui.widgets.status_line import StatusLine

if TYPE_CHECKING:
    from tui.app import TerminalApp
    from tui.desk import Desk, State


class Page(Screen[None]):
    """A screen of the app."""

    shows_text = False
    """True where text of the model is shown: then its limit is, too."""

    @property
    def terminal(self) -> "TerminalApp":
        """The app, by its own type."""
        return cast("TerminalApp", self.app)

    @property
    def desk(self) -> "Desk":
        """The parts behind the screens."""
        return self.terminal.desk

    @property
    def heading(self) -> str:
        """What stands on top."""
        return ""

    def takes_f5(self) -> bool:
        """Do what F5 means here; False lets it begin a dictation, as it does everywhere."""
        return False

    def keys(self) -> Sequence[tuple[str, str]]:
        """Return the keys that work here, and what they do."""
        return ()

    def body(self) -> Iterable[Widget]:
        """Return what stands between status line and keys."""
        return ()

    def compose(self) -> Iterable[Widget]:
        """Put it together."""
        yield StatusLine(id="status")
        yield from self.body()
        if self.shows_text:
            yield Static(id="limit")
        yield KeyBar(id="keys")

    def on_mount(self) -> None:
        """Fill in what is known; a screen that was left at once stays empty."""
        if self.alive:
            self.show_keys()
            self.begin()
            self.call_after_refresh(self.news)

    def begin(self) -> None:
        """Do what a screen does once, when its widgets are there."""

    def on_resize(self) -> None:
        """Fit the lines to the new width."""
        self.call_after_refresh(self.news)

    def on_screen_resume(self) -> None:
        """Come back to it: keys may have changed."""
        if self.alive:
            self.show_keys()
        self.news()

    @property
    def alive(self) -> bool:
        """True while its widgets are there: news may come before they are, and after."""
        return self.is_attached and bool(self.query("#keys"))

    def news(self) -> None:
        """Take in that something changed behind the screen."""
        if self.alive:
            self.show_news()

    def show_news(self) -> None:
        """Show what changed."""
        state = self.desk.state
        self.query_one("#status", StatusLine).show(self.heading, state, recording=self.terminal.is_recording)
        if self.shows_text:
            self.query_one("#limit", Static).update(limit_of(state))

    def show_keys(self) -> None:
        """Show the keys anew: what works has changed."""
        self.query_one("#keys", KeyBar).show(self.keys())


def limit_of(state: "State") -> str:
    """Say what the model can't do, or why there is none."""
    return f"{state.model}: {t(state.limit)}" if state.limit else t(state.model_problem)
