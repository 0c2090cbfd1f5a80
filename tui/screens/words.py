"""The user's own words: what she corrected, what is put right by itself, and what she can change of that."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual.binding import Binding, BindingType
from textual.widget import Widget
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from tui.i18n import plural, t
from tui.screens.dialog import Choice, Question
from tui.screens.page import Page

if TYPE_CHECKING:
    from collections.abc import Callable

    from dictate.notebook import Notebook
    from dictate.own_words import OwnWord, OwnWords


class WordsScreen(Page):
    """My words; each change can be taken back."""

    CSS_PATH = "listing.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("t", "add", show=False),
        Binding("r", "edit", show=False),
        Binding("x,delete", "remove", show=False),
        Binding("z", "take_back", show=False),
        Binding("escape", "app.pop_screen", show=False),
    ]

    def __init__(self) -> None:
        """Hold nothing yet."""
        super().__init__()
        self.words: tuple[OwnWord, ...] = ()
        self._before: list[tuple[OwnWord | None, str]] = []
        """What changes were made to: the word as it was, None for a new one, and its id."""

    @property
    def heading(self) -> str:
        """What stands on top."""
        return t("My words")

    def keys(self) -> Sequence[tuple[str, str]]:
        """Return the keys that work here."""
        return (
            ("Enter", t("when it is put right")),
            ("R", t("correct")),
            ("T", t("add")),
            ("X", t("forget")),
            ("Z", t("take back")),
            ("Esc", t("back")),
            ("?", t("help")),
        )

    def body(self) -> Iterable[Widget]:
        """Return what stands between status line and keys."""
        yield Static(id="count", markup=False)
        yield OptionList(id="rows")
        yield Static(
            t(
                "What you correct twice alike, and is no Danish word, is put right by itself from then on. "
                "Other words are only offered."
            ),
            classes="hint",
        )

    def begin(self) -> None:
        """Fill the list."""
        self.query_one("#rows", OptionList).focus()
        self.look()

    def look(self) -> None:
        """Fetch the words anew."""
        app, language = self.terminal, self.desk.language

        def job() -> None:
            language.forget()
            own = language.own()
            app.call_from_thread(self._show, own)

        app.later(job)

    @property
    def _marked(self) -> "OwnWord | None":
        at = self.query_one("#rows", OptionList).highlighted
        return self.words[at] if at is not None and at < len(self.words) else None

    def on_option_list_option_selected(self, _event: OptionList.OptionSelected) -> None:
        """Ask when the word is to be put right."""
        word = self._marked
        if word is None or word.is_right:
            return
        options = [
            ("count", t("when I have corrected it twice, and it is no Danish word")),
            ("always", t("always")),
            ("never", t("never")),
        ]

        def chosen(answer: str | None) -> None:
            if answer is not None:
                from dictate.own_words import Rule  # noqa: PLC0415 - after the first frame

                self._change(word, replace(word, rule=Rule(answer)))

        title = t("When does “{heard}” become “{chosen}”?", heard=word.heard, chosen=word.chosen)
        self.app.push_screen(Choice(title, options, first=word.rule.value), chosen)

    def action_edit(self) -> None:
        """Correct what is written."""
        word = self._marked
        if word is None:
            return

        def typed(answer: str | None) -> None:
            if answer:
                new = replace(word, heard=answer.casefold()) if word.is_right else word
                self._change(word, replace(new, chosen=answer))

        title = t("What shall stand instead of “{heard}”?", heard=word.heard)
        self.app.push_screen(Question(title, value=word.chosen), typed)

    def action_add(self) -> None:
        """Add a word by hand."""
        from dictate.own_words import OwnWord, Rule, bare  # noqa: PLC0415 - after the first frame

        def heard(first: str | None) -> None:
            if first:
                title = t("What shall stand instead of “{heard}”?", heard=first)
                self.app.push_screen(Question(title, value=first), lambda second: made(first, second))

        def made(first: str, second: str | None) -> None:
            if second:
                self._change(None, OwnWord(heard=bare(first), chosen=second, rule=Rule.ALWAYS))

        hint = t("A word that is right is written alike in both lines.")
        self.app.push_screen(Question(t("What is heard?"), hint=hint), heard)

    def action_remove(self) -> None:
        """Forget the marked word."""
        word = self._marked
        if word is not None:
            self._before.append((word, word.id))
            self._run(lambda notebook: notebook.forget_word(word.id))

    def action_take_back(self) -> None:
        """Take the last change back."""
        if not self._before:
            self.notify(t("Nothing to take back."))
            return
        word, identifier = self._before.pop()
        if word is None:
            self._run(lambda notebook: notebook.forget_word(identifier))
        else:
            self._run(lambda notebook: notebook.keep_word(word))

    def _change(self, before: "OwnWord | None", after: "OwnWord") -> None:
        self._before.append((before, after.id))
        self._run(lambda notebook: notebook.keep_word(after))

    def _run(self, change: "Callable[[Notebook], None]") -> None:
        notebook = self.desk.notebook
        self.terminal.later(lambda: change(notebook))
        self.look()

    def _show(self, own: "OwnWords") -> None:
        if not self.alive:
            return
        self.words = tuple(sorted(own.words, key=lambda word: (word.heard, word.chosen)))
        rows = self.query_one("#rows", OptionList)
        at = rows.highlighted or 0
        rows.clear_options()
        rows.add_options([Option(line(word, own), id=word.id) for word in self.words])
        rows.highlighted = min(at, len(self.words) - 1) if self.words else None
        self.query_one("#count", Static).update(
            plural(len(self.words), "{count} word", "{count} words")
            if self.words
            else t("No words yet. They come as you correct.")
        )


def line(word: "OwnWord", own: "OwnWords") -> Text:
    """Return how a word is listed."""
    if word.is_right:
        text = Text.assemble((f"✓ {word.chosen}", "bold"))
        text.append(f" · {t('is right, gets no sign')}")
        return text
    corrects = own.corrects(word)
    text = Text.assemble((f"{'~' if corrects else ' '} {word.heard} → {word.chosen}", "bold"))
    if word.rule == "never":
        state = t("never")
    elif corrects:
        state = t("is put right")
    else:
        state = t("is offered")
    text.append(f" · {state}")
    if word.times:
        text.append(f" · {plural(word.times, 'corrected {count} time', 'corrected {count} times')}")
    return text
