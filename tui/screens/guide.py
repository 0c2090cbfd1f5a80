"""The first minutes: who you are, whether the microphone hears you, and what the model can and can't."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.widget import Widget
from textual.widgets import Input, Static

from tui.i18n import key, t
from tui.screens.page import Page
from tui.widgets.level_meter import LevelMeter

if TYPE_CHECKING:
    from dictate.dictation import Dictation

CHECK_S = 10.0
SENTENCE = "Borgeren har fået skiftet forbinding på højre ben. Såret er rent. Temperaturen er 37,4."
"""Read aloud in the microphone check; Danish in every language."""
_SPOKEN = (
    "borgeren har fået skiftet forbinding på højre ben såret er rent temperaturen er syvogtredive komma fire"
)


class GuideScreen(Page):
    """Shown once; also from the settings."""

    CSS_PATH = "guide.tcss"
    shows_text = True
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "done", show=False)]

    def __init__(self) -> None:
        """Begin."""
        super().__init__()
        self._check: Dictation | None = None
        self._loudest = -90.0

    @property
    def heading(self) -> str:
        """What stands on top."""
        return t("Welcome")

    def keys(self) -> Sequence[tuple[str, str]]:
        """Return the keys that work here."""
        return (
            (key("dictate"), t("microphone check, 10 seconds")),
            ("Tab", t("next field")),
            ("Esc", t("finished")),
        )

    def takes_f5(self) -> bool:
        """Check the microphone."""
        self._start_check()
        return True

    def body(self) -> Iterable[Widget]:
        """Return what stands between status line and keys."""
        with VerticalScroll(id="guide"):
            yield Static(t("1. Who are you? This stands under the notes that you sign."), classes="title")
            yield Input(value=self.desk.preferences.name, placeholder=t("Name"), id="name")
            yield Input(
                value=self.desk.preferences.role, placeholder=t("Role, such as Sygeplejerske"), id="role"
            )
            yield Static(t("2. Can I hear you? Press <dictate> and read this aloud:"), classes="title")
            yield Static(f"»{SENTENCE}«", markup=False)
            yield LevelMeter(id="level")
            yield Static(id="result", markup=False)
            yield Static(t("3. Good to know"), classes="title")
            yield Static(_advice(), id="advice")

    def begin(self) -> None:
        """Begin with the name."""
        self.query_one("#name").focus()
        self.set_interval(1 / 12, self._tick)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Go on."""
        if event.input.id == "name":
            self.query_one("#role").focus()
        else:
            self.action_done()

    def moved(self, dictation: "Dictation") -> bool:
        """Take in news of the check."""
        if dictation is not self._check:
            return False
        if dictation.case is not None:
            self._show_result(dictation)
        return True

    def action_done(self) -> None:
        """Keep name and role, and go to the start."""
        name, role = (self.query_one(f"#{field}", Input).value.strip() for field in ("name", "role"))
        self.terminal.prefer(replace(self.desk.preferences, name=name, role=role, guided=True))
        self.terminal.pop_screen()

    def _start_check(self) -> None:
        from dictate.memory_notebook import MemoryNotebook  # noqa: PLC0415 - after the first frame
        from tui.app import DictationMoved  # noqa: PLC0415 - the app imports the screens

        if self._check is not None and self._check.phase == "recording":
            return
        app = self.terminal
        self._check = self.desk.new_dictation(
            lambda one: app.tell(DictationMoved(one)), notebook=MemoryNotebook()
        )
        if self._check is None:
            return
        self._loudest = -90.0
        self._check.start()
        app.current = self._check
        self._say(t("Read aloud now …"))
        self.set_timer(CHECK_S, self._stop_check)
        self.news()

    def _stop_check(self) -> None:
        if self._check is not None:
            self._check.stop()
        self.terminal.current = None
        self._say(t("Thank you. The text comes …"))
        self.news()

    def _tick(self) -> None:
        if not self.alive:
            return
        microphone = self.desk.microphone
        if microphone is not None:
            self.query_one("#level", LevelMeter).show(microphone.level)
            self._loudest = max(self._loudest, microphone.level.rms_db)
        problem = self.desk.state.microphone_problem
        if problem:
            self._say(f"! {t(problem)}")

    def _show_result(self, dictation: "Dictation") -> None:
        from dictate.evaluate import compare  # noqa: PLC0415 - only here

        assert dictation.case is not None
        transcript = dictation.case.transcript
        heard = transcript.text if transcript else ""
        if not heard:
            self._say(t("I heard no words. Is the right microphone chosen? See <settings>, Microphone."))
            return
        wrong = compare(_SPOKEN, heard).errors
        self._say(
            t(
                "Heard: {heard}\nWrong: {wrong} of {words} words. So read every note before you sign it.",
                heard=heard,
                wrong=wrong,
                words=len(_SPOKEN.split()),
            )
        )

    def _say(self, text: str) -> None:
        self.query_one("#result", Static).update(text)


def _advice() -> Text:
    return Text(
        "\n".join(
            f"· {line}"
            for line in (
                t("<dictate> starts and stops everywhere. ? shows all keys."),
                t("The last 1.5 seconds are held in memory, so that your first word is whole."),
                t("Nothing is kept and nothing leaves this machine until you dictate and sign."),
            )
        )
    )
