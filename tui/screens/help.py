"""Help on one page."""

from collections.abc import Iterable, Sequence
from typing import ClassVar

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.widget import Widget
from textual.widgets import Static

from tui.i18n import t
from tui.screens.page import Page


class HelpScreen(Page):
    """What to press and what to say."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,q,enter", "app.pop_screen", show=False)]

    @property
    def heading(self) -> str:
        """What stands on top."""
        return t("Help")

    def keys(self) -> Sequence[tuple[str, str]]:
        """Return the keys that work here."""
        return (("Esc", t("back")), ("↑ ↓", t("scroll")))

    def body(self) -> Iterable[Widget]:
        """Return what stands between status line and keys."""
        with VerticalScroll(id="page"):
            yield Static(page(), id="help_text")

    def begin(self) -> None:
        """Let the arrows scroll."""
        self.query_one("#page").focus()


def page() -> Group:
    """Return the page; what is long goes on below itself, not below the key."""
    parts: list[RenderableType] = []
    for heading, rows in _sections():
        table = Table.grid(padding=(0, 2, 0, 0))
        table.add_column(width=16, no_wrap=True)
        table.add_column()
        for key, what in rows:
            table.add_row(Text(f"  {key}", style="bold"), Text(what))
        parts += [Text(heading, style="bold underline"), table, Text()]
    return Group(*parts)


def _sections() -> Iterable[tuple[str, Sequence[tuple[str, str]]]]:
    yield (
        t("In four steps"),
        (
            ("F5", t("start, speak, and press F5 again to stop")),
            ("A", t("accept all that is plain; what has ? or ! needs its own key")),
            ("F9", t("see exactly what will be in the record")),
            ("U", t("sign")),
        ),
    )
    yield (
        t("While you speak"),
        (
            ("F6", t("pause and go on")),
            ("F8", t("delete the last sentence")),
            (t('"slet det"'), t("the same by voice, after a short pause; also “fortryd”")),
            (t('"punktum"'), t("also komma, kolon, spørgsmålstegn, parentes start/slut")),
            (t('"nyt afsnit"'), t("new paragraph; also “ny linje”")),
            (t('"rettelse"'), t("“puls 82, rettelse 84” becomes “puls 84”")),
        ),
    )
    yield (
        t("Review"),
        (
            (t("↑ ↓"), t("go through the entries; Tab goes to the text and back")),
            (t("Space, Enter"), t("accept")),
            ("X", t("reject")),
            ("Z", t("take a decision back")),
            ("K", t("another code: search the terms")),
            ("S", t("another status: present, not present, planned …")),
            ("0-4", t("functional level")),
            ("V", t("correct a value or a dose")),
            ("T", t("add an entry by hand")),
            ("R", t("correct the text")),
            ("P", t("play the sound of the entry, or of the word in the text")),
            ("O", t("read the note aloud")),
            ("B", t("choose the citizen")),
            ("M", t("set the text into a template")),
        ),
    )
    yield (
        t("Signs"),
        (
            ("○ ✓ ✎ + ✗", t("not decided, accepted, changed, added, rejected")),
            ("?", t("unsure: look twice")),
            ("!", t("needs a key of its own: medication, not present, level missing")),
            ("‹…›", t("the model was unsure of these words")),
            ("»…«", t("the words behind the chosen entry")),
        ),
    )
    yield (
        t("Good to know"),
        (
            ("", t("Nothing leaves this machine before you have signed.")),
            ("", t("What you said is kept, even if the machine stops: see F3.")),
            ("", t("A CPR number that you say does not choose the citizen.")),
            ("Ctrl+Q", t("quit")),
        ),
    )
