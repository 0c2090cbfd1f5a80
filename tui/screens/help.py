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

from tui.i18n import key, t
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
        table.add_column(width=18, no_wrap=True)
        table.add_column()
        for pressed, what in rows:
            table.add_row(Text(f"  {pressed}", style="bold"), Text(what))
        parts += [Text(heading, style="bold underline"), table, Text()]
    return Group(*parts)


def _sections() -> Iterable[tuple[str, Sequence[tuple[str, str]]]]:
    yield (
        t("In four steps"),
        (
            (key("dictate"), t("start, speak, and press <dictate> again to stop")),
            (key("accept_all"), t("accept all that is plain; what has ? or ! needs its own key")),
            (key("to_signing"), t("see exactly what will be in the record")),
            (key("sign"), t("sign")),
        ),
    )
    yield (
        t("While you speak"),
        (
            (key("pause"), t("pause and go on")),
            (key("undo"), t("delete the last sentence")),
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
            (f"{key('accept')}, Enter", t("accept")),
            (key("reject"), t("reject")),
            (key("reopen"), t("take a decision back")),
            (key("code"), t("another code: search the terms")),
            (key("status"), t("another status: present, not present, planned …")),
            ("0-4", t("functional level")),
            (key("value"), t("correct a value or a dose")),
            (key("add"), t("add an entry by hand")),
            (key("edit"), t("correct the text")),
            (key("word"), t("another word: what was heard, what you wrote before, spelling")),
            ("N", t("in the text: the next word with a sign")),
            (key("play"), t("play the sound of the entry, or of the word in the text")),
            (key("read_aloud"), t("read the note aloud")),
            (key("citizen"), t("choose the citizen")),
            (key("template"), t("set the text into a template")),
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
            ("~", t("put right by your own words: <word> shows what was heard")),
            ("≈", t("a word that you often change: <word> offers yours")),
            ("*", t("in no dictionary: <word> suggests another word")),
        ),
    )
    yield (
        t("Good to know"),
        (
            ("", t("Nothing leaves this machine before you have signed.")),
            ("", t("What you said is kept, even if the machine stops: see <unfinished>.")),
            ("", t("A CPR number that you say does not choose the citizen.")),
            (key("lock"), t("lock the screen")),
            ("Ctrl+Q", t("quit")),
        ),
    )
