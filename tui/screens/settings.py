"""Settings: one line each, Enter changes it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import ClassVar

from rich.text import Text
from textual.binding import Binding, BindingType
from textual.widget import Widget
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from tui import preferences
from tui.i18n import LANGUAGES, t
from tui.preferences import Preferences
from tui.screens.dialog import Choice, Question
from tui.screens.page import Page

_MINUTES = (0, 5, 10, 30)


class SettingsScreen(Page):
    """What a user can choose."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "app.pop_screen", show=False)]

    @property
    def heading(self) -> str:
        """What stands on top."""
        return t("Settings")

    def keys(self) -> Sequence[tuple[str, str]]:
        """Return the keys that work here."""
        return (("Enter", t("change")), ("Esc", t("back")), ("?", t("help")))

    def body(self) -> Iterable[Widget]:
        """Return what stands between status line and keys."""
        yield Static(t("Choose a line and press Enter."), classes="title")
        yield OptionList(id="settings")

    def begin(self) -> None:
        """Fill it."""
        self.query_one(OptionList).focus()
        self._show()

    def on_screen_resume(self) -> None:
        """Come back to it: keys may have changed."""
        super().on_screen_resume()
        if self.alive:
            self._show()

    @property
    def _chosen(self) -> Preferences:
        return self.desk.preferences

    def _rows(self) -> Sequence[tuple[str, str, str]]:
        """Return id, name and value of each setting."""
        chosen = self._chosen
        yes_no = {True: t("yes"), False: t("no")}
        return (
            ("name", t("My name"), chosen.name or "–"),
            ("role", t("My role"), chosen.role or "–"),
            ("device", t("Microphone"), chosen.device or t("the system's own")),
            ("warm", t("Microphone open all the time (the first word is never cut)"), yes_no[chosen.warm]),
            ("tone", t("Tone at start and stop"), yes_no[chosen.tone]),
            ("model", t("Speech model (after a restart)"), chosen.model),
            ("punctuation", t("Full stops and commas"), punctuation_name(chosen.punctuation)),
            ("spelling", t("Mark unknown words (*)"), yes_no[chosen.spelling]),
            ("words", t("My words: what is learned of my corrections"), ""),
            ("keys", t("Keys"), t("{count} changed", count=len(chosen.keys)) if chosen.keys else ""),
            ("theme", t("Colours"), theme_name(chosen.theme)),
            ("wide", t("Wide line spacing"), yes_no[chosen.wide]),
            ("language", t("Language"), {"da": "dansk", "en": "English"}.get(chosen.language, "")),
            ("lock", t("Lock after minutes without a key (0: never)"), str(chosen.lock_minutes)),
            ("guide", t("Show the first-run guide"), ""),
        )

    def _show(self) -> None:
        shown = self.query_one(OptionList)
        at = shown.highlighted or 0
        shown.clear_options()
        for identifier, name, value in self._rows():
            text = Text(f"{name}: " if value else name)
            text.append(value, style="bold")
            shown.add_option(Option(text, id=identifier))
        shown.highlighted = at
        self.show_keys()
        self.news()

    def on_option_list_option_selected(  # noqa: C901, PLR0912 - one case for each setting
        self, event: OptionList.OptionSelected
    ) -> None:
        """Change a setting."""
        chosen = self._chosen
        match event.option_id:
            case "name":
                self._ask(t("My name"), chosen.name, lambda text: replace(self._chosen, name=text))
            case "role":
                self._ask(t("My role"), chosen.role, lambda text: replace(self._chosen, role=text))
            case "device":
                self._ask_device()
            case "warm":
                self._take(replace(chosen, warm=not chosen.warm))
            case "tone":
                self._take(replace(chosen, tone=not chosen.tone))
            case "model":
                self._ask_model()
            case "punctuation":
                marks = [(name, punctuation_name(name)) for name in preferences.PUNCTUATION]
                self._choose(
                    t("Full stops and commas"), marks, lambda name: replace(self._chosen, punctuation=name)
                )
            case "spelling":
                self._take(replace(chosen, spelling=not chosen.spelling))
            case "words":
                from tui.screens.words import WordsScreen  # noqa: PLC0415 - only then

                self.app.push_screen(WordsScreen())
            case "keys":
                from tui.screens.keys import KeysScreen  # noqa: PLC0415 - only then

                self.app.push_screen(KeysScreen())
            case "theme":
                options = [(name, theme_name(name)) for name in preferences.THEMES]
                self._choose(t("Colours"), options, lambda name: replace(self._chosen, theme=name))
            case "wide":
                self._take(replace(chosen, wide=not chosen.wide))
            case "language":
                at = LANGUAGES.index(chosen.language) if chosen.language in LANGUAGES else 0
                self._take(replace(chosen, language=LANGUAGES[(at + 1) % len(LANGUAGES)]))
            case "lock":
                minutes = [(str(number), str(number)) for number in _MINUTES]
                self._choose(
                    t("Minutes"), minutes, lambda number: replace(self._chosen, lock_minutes=int(number))
                )
            case "guide":
                from tui.screens.guide import GuideScreen  # noqa: PLC0415 - only then

                self.app.push_screen(GuideScreen())

    def _take(self, chosen: Preferences) -> None:
        self.terminal.prefer(chosen)
        self._show()

    def _ask(self, question: str, value: str, change: Callable[[str], Preferences]) -> None:
        def answered(answer: str | None) -> None:
            if answer:
                self._take(change(answer))

        self.app.push_screen(Question(question, value=value), answered)

    def _choose(
        self, question: str, options: Sequence[tuple[str, str]], change: Callable[[str], Preferences]
    ) -> None:
        def answered(answer: str | None) -> None:
            if answer is not None:
                self._take(change(answer))

        self.app.push_screen(Choice(question, options), answered)

    def _ask_device(self) -> None:
        app = self.terminal

        def job() -> None:
            from dictate.capture import devices  # noqa: PLC0415 - PortAudio is slow to look around

            names = list(dict.fromkeys(device.name for device in devices()))
            options = [("", t("the system's own")), *((name, name) for name in names)]
            app.call_from_thread(
                self._choose, t("Microphone"), options, lambda name: replace(self._chosen, device=name)
            )

        app.later(job)

    def _ask_model(self) -> None:
        app = self.terminal

        def job() -> None:
            from models.registry import catalogue  # noqa: PLC0415 - only here

            options = [(spec.name, spec.name) for spec in catalogue()]
            app.call_from_thread(self._choose, t("Speech model (after a restart)"), options, self._with_model)

        app.later(job)

    def _with_model(self, name: str) -> Preferences:
        return replace(self._chosen, model=name)


def punctuation_name(name: str) -> str:
    """Say where full stops and commas come from."""
    return {
        "both": t("those I say; where I say none, the program sets them"),
        "spoken": t("only those I say"),
        "restored": t("the program sets them; “punktum” is a word"),
    }.get(name, name)


def theme_name(name: str) -> str:
    """Say a theme."""
    return {"dark": t("dark"), "light": t("light"), "contrast": t("high contrast")}.get(name, name)
