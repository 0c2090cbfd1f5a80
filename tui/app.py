"""The terminal app: it holds the parts and the way between the screens; everything else is in a screen."""

import time
from collections.abc import Callable
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.app import App
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.notifications import SeverityLevel
from textual.screen import Screen
from textual.theme import Theme

from tui import i18n, keymap, preferences
from tui.desk import Desk, Factories
from tui.i18n import t
from tui.preferences import Preferences

if TYPE_CHECKING:
    from concurrent.futures import Future

    from dictate.dictation import Dictation
    from dictate.microphone import Microphone
    from dictate.samples import Sample
    from dictate.store.types import Citizen
    from tui.work import Work

CONTRAST = Theme(
    name="contrast",
    primary="#ffffff",
    secondary="#ffff00",
    accent="#ffff00",
    warning="#ffff00",
    error="#ffff00",
    success="#ffffff",
    foreground="#ffffff",
    background="#000000",
    surface="#000000",
    panel="#000000",
    dark=True,
    variables={"text-muted": "#ffffff"},
)
_THEMES = {"dark": "textual-dark", "light": "textual-light", "contrast": "contrast"}


class News(Message):
    """Something changed behind the screens."""


class DictationMoved(Message):
    """The text or the phase of a dictation changed."""

    def __init__(self, dictation: "Dictation") -> None:
        """Carry the dictation."""
        super().__init__()
        self.dictation = dictation


class TerminalApp(App[None]):
    """Dictate, see, correct, sign."""

    ENABLE_COMMAND_PALETTE = False
    CSS_PATH = "app.tcss"
    TITLE = "Plejediktat"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+q", "quit", "", show=False, priority=True),
        Binding("f1,question_mark", "help", "", show=False, priority=True),
        Binding("f5", "dictate", "", show=False, priority=True, id="dictate"),
        Binding("ctrl+l", "lock", "", show=False, priority=True, id="lock"),
    ]

    def __init__(
        self,
        factories: Factories,
        chosen: Preferences | None = None,
        *,
        preferences_file: Path | None = None,
        visits: Path | None = None,
        drafts: Path | None = None,
        samples: Path | None = None,
    ) -> None:
        """Prepare; nothing heavy is imported before the first frame.

        Args:
            factories: makes the parts behind the screens.
            chosen: the user's settings.
            preferences_file: where they are kept; None for the usual place.
            visits: today's visit list, if one was given.
            drafts: notes in JSON Lines for the inbox, if any were given.
            samples: folder of sample dictations to practise with.

        """
        super().__init__()
        chosen = chosen or Preferences()
        i18n.choose(chosen.language)
        self.preferences_file = preferences_file
        self.visits, self.drafts = visits, drafts
        self.samples = samples or Path("samples")
        self.citizen: Citizen | None = None
        """Whom the next dictation is about."""
        self.current: Dictation | None = None
        """The dictation that is being recorded."""
        self.wants_to_dictate = False
        self._last_key = time.monotonic()
        self._complained = float("-inf")
        self._noticed = float("inf")
        """When the last notice came; not yet."""
        self._after_unlock: Callable[[], None] | None = None
        self._asked: Future[str] | None = None
        self.desk = Desk(factories, chosen, lambda: self.tell(News()), self._ask_passphrase)
        self.set_keymap(_take_keys(chosen))
        self.register_theme(CONTRAST)
        self.theme = _THEMES.get(chosen.theme, "textual-dark")

    @property
    def is_recording(self) -> bool:
        """True while sound is kept."""
        return self.current is not None and self.current.phase == "recording"

    def tell(self, message: Message) -> None:
        """Post a message from any thread; one that comes when the app is closing is dropped."""
        if self._running:
            self.post_message(message)

    def on_mount(self) -> None:
        """Show the first screen, then make the parts."""
        from tui.screens.start import StartScreen  # noqa: PLC0415 - screens import the app's type

        self.push_screen(StartScreen())
        if not self.desk.preferences.guided:
            from tui.screens.guide import GuideScreen  # noqa: PLC0415

            self.push_screen(GuideScreen())
        self.call_after_refresh(self._open)
        self.set_interval(5.0, self._look_at_the_clock)

    def _open(self) -> None:
        def work() -> None:
            self.desk.open()
            # Imported here, so that the first review does not wait for it.
            from tui.screens import dictate, help, review, sign  # noqa: A004, F401, PLC0415

        Thread(target=work, name="opening", daemon=True).start()

    def on_news(self, _message: News) -> None:
        """Tell the screen."""
        if self.wants_to_dictate:
            self.wants_to_dictate = False
            self.action_dictate()
        self._news()

    def on_dictation_moved(self, message: DictationMoved) -> None:
        """Tell the screen; a dictation that is finished elsewhere is told by a notice."""
        dictation = message.dictation
        moved = getattr(self.screen, "moved", None)
        if callable(moved) and moved(dictation):
            return
        if dictation.phase == "review":
            self.notify(t("A dictation is ready: <unfinished> opens it."))
        self._news()

    def _fatal_error(self) -> None:
        """Leave with one sentence: a traceback with its variables would show what a nurse said."""
        self._exit_renderables.append(
            t("Something unexpected happened and the program ended. What you said is kept: start it again.")
        )
        self._close_messages_no_wait()

    def _ask_passphrase(self, why: str) -> str:
        """Ask for the passphrase of the store; waits for the answer."""
        from concurrent.futures import Future  # noqa: PLC0415

        from tui.screens.dialog import Question  # noqa: PLC0415

        answer: Future[str] = Future()
        self._asked = answer

        def show() -> None:
            question = Question(t("Passphrase of your notes"), hint=why, secret=True)
            self.push_screen(question, lambda given: answer.set_result(given or ""))

        self.call_from_thread(show)
        return answer.result()

    def _news(self) -> None:
        for screen in self.screen_stack:
            news = getattr(screen, "news", None)
            if callable(news):
                news()

    # -- what can be done everywhere ----------------------------------------------------------------------

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Leave the keys that work everywhere to a screen that asks for a key."""
        takes_all = any(getattr(screen, "takes_all_keys", False) for screen in self.screen_stack[-1:])
        if takes_all and action in _ANYWHERE:
            return False
        return super().check_action(action, parameters)

    def action_help(self) -> None:
        """Show the help page."""
        from tui.screens.help import HelpScreen  # noqa: PLC0415

        if not self.locked and not isinstance(self.screen, HelpScreen):
            self.push_screen(HelpScreen())

    def action_dictate(self) -> None:
        """Start a dictation, or stop the one at hand."""
        from tui.screens.page import Page  # noqa: PLC0415

        if self.locked or self.screen.is_modal:
            return
        if isinstance(self.screen, Page) and self.screen.takes_f5():
            return
        if not self.desk.ready:
            self.wants_to_dictate = True
            return
        from tui.screens.dictate import DictateScreen  # noqa: PLC0415

        running = [one for one in self.screen_stack if isinstance(one, DictateScreen) and one.active]
        if running:  # behind the help, for one
            while self.screen is not running[-1]:
                self.pop_screen()
            running[-1].action_stop()
            return
        dictation = self.desk.new_dictation(
            lambda one: self.tell(DictationMoved(one)), citizen_id=self.citizen.id if self.citizen else None
        )
        if dictation is None:
            return
        dictation.start()
        self.current = dictation
        self.show(DictateScreen(dictation, self.citizen))

    def practise(self, sample: "Sample | None") -> None:
        """Dictate without keeping anything: a sample that is played, or one's own voice."""
        from dictate.memory_notebook import MemoryNotebook  # noqa: PLC0415 - after the first frame
        from tui.screens.dictate import DictateScreen  # noqa: PLC0415

        notebook = MemoryNotebook()

        def begin(microphone: "Microphone | None" = None) -> None:
            dictation = self.desk.new_dictation(
                lambda one: self.tell(DictationMoved(one)), notebook=notebook, microphone=microphone
            )
            if dictation is not None:
                dictation.start()
                self.current = dictation
                self.show(DictateScreen(dictation, None, training=True, microphone=microphone))

        def prepare() -> None:
            from dictate.audio import read_audio  # noqa: PLC0415 - after the first frame
            from dictate.microphone import CaptureOptions, Microphone  # noqa: PLC0415
            from dictate.playing import ClipSource  # noqa: PLC0415

            assert sample is not None
            played = Microphone(ClipSource(read_audio(sample.path)), CaptureOptions(warm=False))
            self.call_from_thread(begin, played)

        if sample is None:
            begin()
        else:
            self.later(prepare)

    def show(self, screen: Screen[None]) -> None:
        """Go from the start screen to this one, whatever lay between; while it is locked, afterwards."""
        if self.locked:
            self._after_unlock = lambda: self.show(screen)
            return
        while len(self.screen_stack) > _START + 1:
            self.pop_screen()
        self.push_screen(screen)

    def go_home(self) -> None:
        """Back to the start screen."""
        while len(self.screen_stack) > _START:
            self.pop_screen()

    def review(self, work: "Work") -> None:
        """Open a draft for review."""
        from tui.screens.review import ReviewScreen  # noqa: PLC0415

        self.show(ReviewScreen(work))

    def work_of(self, dictation: "Dictation", citizen: "Citizen | None", *, training: bool = False) -> "Work":
        """Put a dictation that has its draft on the desk."""
        from tui.work import Work  # noqa: PLC0415 - after the first frame

        assert dictation.case is not None
        return Work(
            id=dictation.id,
            case=dictation.case,
            notebook=dictation.notebook,
            citizen_id=citizen.id if citizen else None,
            citizen_name=citizen.name if citizen else "",
            problem=dictation.problem,
            training=training,
        )

    def sound_tone(self, *, start: bool) -> None:
        """Mark start and stop with a quiet tone, if that is wanted."""
        if self.desk.preferences.tone:
            from tui.tones import play  # noqa: PLC0415 - after the first frame

            Thread(target=play, args=(start,), daemon=True).start()

    def later(self, job: Callable[[], None]) -> None:
        """Run a job in the thread that writes; a failure is told."""

        def run() -> None:
            try:
                job()
            except Exception as error:  # noqa: BLE001 - whatever fails is told; the screen must live on
                self.call_from_thread(self.complain, str(error))

        self.desk.clerk.submit(run)

    def soon(self, show: Callable[..., None], *values: object) -> None:
        """Call this in the app's thread, from any thread; nothing where the app is closing."""
        if self._running:
            self.call_later(show, *values)

    @property
    def _complains(self) -> bool:
        return time.monotonic() - self._complained <= _COMPLAINT_S

    def complain(self, why: str) -> None:
        """Show what failed and what to do."""
        self._complained = time.monotonic()
        self.notify(t(why), severity="error", timeout=_COMPLAINT_S)

    def notify(
        self,
        message: str,
        *,
        title: str = "",
        severity: SeverityLevel = "information",
        timeout: float | None = None,
        markup: bool = False,
    ) -> None:
        """Show a notice in place of the one before: two would hide what one reads.

        A key press takes it away once it could be read, so that it doesn't cover what is shown next.
        """
        self._noticed = time.monotonic()
        if not self._complains:
            self.clear_notifications()
        super().notify(message, title=title, severity=severity, timeout=timeout, markup=markup)

    def prefer(self, chosen: Preferences) -> None:
        """Take over changed settings and keep them."""
        i18n.choose(chosen.language)
        self.theme = _THEMES.get(chosen.theme, "textual-dark")
        self.set_keymap(_take_keys(chosen))
        self.desk.prefer(chosen)
        self.later(lambda: preferences.save(chosen, self.preferences_file))

    def _look_at_the_clock(self) -> None:
        minutes = self.desk.preferences.lock_minutes
        microphone = self.desk.microphone
        if self.is_recording and microphone and not microphone.level.unheard:
            self._last_key = time.monotonic()  # whoever speaks is there
        if minutes and self.idle_s > minutes * 60:
            self.action_lock()

    @property
    def locked(self) -> bool:
        """True while the screen is locked."""
        return any(screen.has_class("lock") for screen in self.screen_stack)

    def action_lock(self) -> None:
        """Hide everything; what is being dictated rests, and is kept."""
        from tui.screens.lock import LockScreen  # noqa: PLC0415 - only then

        is_asked = self._asked is not None and not self._asked.done()
        if self.locked or is_asked:
            return
        if self.current is not None and self.is_recording:
            self.current.pause()
        self.clear_notifications()
        self.push_screen(LockScreen())

    def unlocked(self) -> None:
        """Go on where it was locked."""
        self._last_key = time.monotonic()
        while self.locked:
            self.pop_screen()
        then, self._after_unlock = self._after_unlock, None
        if then is not None:
            then()

    @property
    def idle_s(self) -> float:
        """Seconds since the last key press."""
        return time.monotonic() - self._last_key

    async def on_event(self, event: events.Event) -> None:
        """Note when the user was last there."""
        if isinstance(event, events.Key):
            self._last_key = time.monotonic()
            if self._last_key - self._noticed > _NOTICE_S and not self._complains:
                self._noticed = float("inf")
                self.clear_notifications()
        await super().on_event(event)

    async def action_quit(self) -> None:
        """Leave; a dictation at hand is kept."""
        self.exit()

    def on_unmount(self) -> None:
        """End the threads."""
        if self._asked is not None:
            self._asked.cancel()
        from tui.aloud import stop  # noqa: PLC0415 - only now

        stop()
        self.desk.close()


def _take_keys(chosen: Preferences) -> dict[str, str]:
    """Use a user's keys in the texts, and return them for the bindings."""
    keymap.choose(chosen.keys)
    return dict(chosen.keys)


_ANYWHERE = frozenset({"help", "dictate", "lock"})
_COMPLAINT_S = 12.0
_NOTICE_S = 2.0
"""So long a notice stays at least."""
_START = 2
"""Screens below: Textual's own and the start screen."""
