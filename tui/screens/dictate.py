"""Speaking: the text appears, the level moves, one key ends it."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.widget import Widget
from textual.widgets import Static

from dictate.dictation import Dictation, Phase
from tui.i18n import key, t
from tui.screens.page import Page
from tui.widgets.level_meter import LevelMeter
from tui.widgets.live_text import LiveText
from tui.wording import clock

if TYPE_CHECKING:
    from dictate.microphone import Microphone
    from dictate.store.types import Citizen

_RUNNING = frozenset({Phase.RECORDING, Phase.PAUSED})


class DictateScreen(Page):
    """One dictation while it is spoken."""

    CSS_PATH = "dictate.tcss"
    shows_text = True
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "stop", show=False, id="stop"),
        Binding("f6", "pause", show=False, id="pause"),
        Binding("f8", "undo", show=False, id="undo"),
        Binding("escape", "back", show=False),
    ]

    def __init__(
        self,
        dictation: Dictation,
        citizen: "Citizen | None",
        *,
        training: bool = False,
        microphone: "Microphone | None" = None,
    ) -> None:
        """Show this dictation.

        Args:
            dictation: it may be running.
            citizen: whom it is about; None where that is said later.
            training: nothing is kept.
            microphone: a played sample in place of the microphone; it is closed when the dictation ends.

        """
        super().__init__()
        self.dictation, self.citizen = dictation, citizen
        self._training, self._played = training, microphone
        self._opened = False

    @property
    def heading(self) -> str:
        """What stands on top."""
        return t("Dictate")

    @property
    def active(self) -> bool:
        """True while the stop key has something to stop."""
        return self.dictation.phase in _RUNNING

    def takes_f5(self) -> bool:
        """Stop; where it is stopped already, begin a new one."""
        if not self.active:
            return False
        self.action_stop()
        return True

    def keys(self) -> Sequence[tuple[str, str]]:
        """Return the keys that work here."""
        if not self.active:
            return ((key("dictate"), t("new dictation")), ("Esc", t("to the start")), ("?", t("help")))
        pause = t("go on") if self.dictation.phase is Phase.PAUSED else t("pause")
        return (
            (t("<dictate> or <stop>"), t("stop")),
            (key("pause"), pause),
            (key("undo"), t("delete last sentence")),
            ("?", t("help")),
        )

    def body(self) -> Iterable[Widget]:
        """Return what stands between status line and keys."""
        name = self.citizen.name if self.citizen else t("not chosen yet: choose after the dictation")
        yield Static(f"{t('Citizen')}: {name}", id="citizen", markup=False)
        with Horizontal(id="state_row"):
            yield Static(id="phase")
            yield LevelMeter(id="level")
        yield Static(id="warning", markup=False)
        yield LiveText(id="live", classes="box", can_focus=False)

    def begin(self) -> None:
        """Begin to follow."""
        self.query_one(LiveText).wide = self.desk.preferences.wide
        self.set_interval(1 / 12, self._tick)
        self.terminal.sound_tone(start=True)

    def moved(self, dictation: Dictation) -> bool:
        """Take in news of a dictation; True where it is this one."""
        if dictation is not self.dictation:
            return False
        if dictation.phase in {Phase.REVIEW, Phase.FAILED}:
            self._open_review()
            return True
        self._show_text()
        return True

    def show_news(self) -> None:
        """Show what changed."""
        super().show_news()
        self._show_text()

    def on_screen_resume(self) -> None:
        """Come back to it: the text may have come meanwhile."""
        super().on_screen_resume()
        self.show_keys()
        if self.dictation.phase in {Phase.REVIEW, Phase.FAILED}:
            self.call_after_refresh(self._open_review)

    def action_stop(self) -> None:
        """End the dictation; what was said in the last moment still belongs to it."""
        if not self.active:
            return
        self.dictation.stop()
        self.terminal.current = None
        self.terminal.sound_tone(start=False)
        self.show_keys()
        self.news()

    def action_pause(self) -> None:
        """Rest, or go on."""
        self.dictation.pause()
        self.show_keys()
        self.news()

    def action_undo(self) -> None:
        """Take back the last sentence."""
        if self.active:
            self.dictation.undo_sentence()
            self._show_text()
            self.notify(t("The last sentence is deleted."))

    def action_back(self) -> None:
        """Leave once the recording has ended: the text follows under the unfinished ones."""
        if self.active:
            self.notify(t("Stop with <dictate> first."))
        else:
            self.terminal.go_home()

    # -- showing ------------------------------------------------------------------------------------------

    def _tick(self) -> None:
        if not self.alive:
            return
        phase = self.dictation.phase
        is_deaf = self._played is None and self.desk.state.microphone == "lost"
        recording = f"! {t('NO SOUND')}" if is_deaf else f"● {t('RECORDING')}"
        signs = {
            Phase.RECORDING: f"{recording} {clock(self.dictation.seconds)}",
            Phase.PAUSED: f"‖ {t('PAUSE')} {clock(self.dictation.seconds)}",
            Phase.TRANSCRIBING: f"… {t('Writing the text')}",
        }
        self.query_one("#phase", Static).update(signs.get(phase, ""))
        microphone = self._played or self.desk.microphone
        meter = self.query_one("#level", LevelMeter)
        meter.display = phase is Phase.RECORDING
        if microphone and phase is Phase.RECORDING:
            meter.show(microphone.level)
        problem = self.desk.state.microphone_problem or self.dictation.problem
        self.query_one("#warning", Static).update(f"! {t(problem)}" if problem else "")

    def _show_text(self) -> None:
        if not self.alive:
            return
        waiting = t("Speak. The text comes here.")
        if not self.desk.state.model:
            waiting = t("Speak. The sound is kept; the text comes when the model is loaded.")
        self.query_one(LiveText).show(self.dictation.partial, waiting=waiting)

    def _open_review(self) -> None:
        if self._opened or self.dictation.case is None:
            return
        self._opened = True
        if self._played is not None:
            self.terminal.later(self._played.close)
        work = self.terminal.work_of(self.dictation, self.citizen, training=self._training)
        self.terminal.review(work)
