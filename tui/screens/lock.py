"""Nobody was there for a while: names and notes are hidden, and the store is closed."""

from collections.abc import Iterable, Sequence
from threading import Thread
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widget import Widget
from textual.widgets import Input, Static

from tui.i18n import t
from tui.screens.page import Page

_FREE_TRIES = 3
_LONGEST_WAIT_S = 30


class LockScreen(Page):
    """Covers everything until the store's key opens it again."""

    CSS_PATH = "lock.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "unlock", show=False)]

    def __init__(self) -> None:
        """Lock."""
        super().__init__(classes="lock")
        self._shut = self._opening = False
        self._wrong = 0

    @property
    def heading(self) -> str:
        """What stands on top."""
        return t("Locked")

    def keys(self) -> Sequence[tuple[str, str]]:
        """Return the keys that work here."""
        return (("Enter", t("unlock")), ("Ctrl+Q", t("quit")))

    def body(self) -> Iterable[Widget]:
        """Return what stands between status line and keys."""
        name = self.desk.preferences.name
        with Vertical(id="locked"):
            yield Static(t("Locked for {name}.", name=name) if name else t("Locked."), classes="title")
            if self._asks:
                yield Static(t("Type your passphrase and press Enter."))
                yield Input(password=True, id="passphrase")
            else:
                yield Static(t("Press Enter to go on."))
            yield Static(id="answer", markup=False)
            yield Static(_protects(asks=self._asks), classes="hint")
            yield Static(t("Are you somebody else? Press Ctrl+Q."), classes="hint")

    @property
    def _asks(self) -> bool:
        """True where a passphrase opens the store; one that isn't open needs none."""
        return self.desk.state.notebook_ready and self.desk.notebook.asks

    def begin(self) -> None:
        """Close the store as soon as no dictation needs it."""
        for field in self.query("#passphrase"):
            field.focus()
        self._shut_store()
        self.set_interval(1.0, self._shut_store)

    def _shut_store(self) -> None:
        listener = self.desk.listener
        if self._shut or self._opening or not self.desk.state.notebook_ready:
            return
        if listener is not None and not listener.is_idle:
            return
        self._shut = True
        self.desk.language.forget()
        self.terminal.later(self.desk.notebook.lock)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Try the passphrase."""
        event.stop()
        self.action_unlock()

    def on_input_changed(self, _event: Input.Changed) -> None:
        """Take the answer to the last one away."""
        if not self._opening:
            self._say("")

    def on_key(self, event: events.Key) -> None:
        """Take nothing else."""
        if event.key == "escape":
            event.stop()

    def action_unlock(self) -> None:
        """Open the store with its key; go on where that works."""
        if self._opening:
            return
        if not self.desk.state.notebook_ready:
            self.terminal.unlocked()
            return
        self._opening = True
        fields = self.query("#passphrase").results(Input)
        passphrase = "".join(field.value for field in fields)
        for field in self.query("#passphrase").results(Input):
            field.value = ""
            field.disabled = True
        self._say(t("One moment …"))
        notebook, app = self.desk.notebook, self.terminal

        def job() -> None:
            from dictate.errors import DictateError, WrongPassphraseError  # noqa: PLC0415 - after the first frame

            try:
                notebook.unlock(passphrase)
            except WrongPassphraseError:
                app.call_from_thread(self._refuse)
            except DictateError as error:
                app.call_from_thread(self._fail, str(error))
            else:
                app.call_from_thread(app.unlocked)

        # Not in the thread that writes: what waits there may wait for the store.
        Thread(target=job, name="unlocking", daemon=True).start()

    def _refuse(self) -> None:
        """Ask again; after some tries only after a while."""
        self._wrong += 1
        late = max(self._wrong - _FREE_TRIES, 0)
        if not late:
            self._again(t("That was not it. Type it again."))
            return
        seconds = min(2**late, _LONGEST_WAIT_S)
        self._say(t("That was not it. Wait {seconds} seconds.", seconds=seconds))
        self.set_timer(seconds, lambda: self._again(t("Type it again.")))

    def _fail(self, why: str) -> None:
        self._again(f"! {t(why)}")

    def _again(self, text: str) -> None:
        self._opening = False
        for field in self.query("#passphrase").results(Input):
            field.disabled = False
            field.focus()
        self._say(text)

    def _say(self, text: str) -> None:
        self.query_one("#answer", Static).update(text)


def _protects(*, asks: bool) -> str:
    """Say what the lock is good for, and what it isn't."""
    if asks:
        return t("Your notes are closed and their key is forgotten until you type it.")
    return t(
        "The lock hides the screen and closes the notes. It asks for no passphrase, because the key lies "
        "on this machine: lock the machine, too, when you leave it."
    )
