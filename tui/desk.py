"""All parts behind the screens: made in threads after the first frame, and never waited for by the screen."""

import threading
import uuid
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, cast

from tui.preferences import Preferences

if TYPE_CHECKING:
    from dictate.capture import AudioSource
    from dictate.dictation import Dictation
    from dictate.draft import Drafter
    from dictate.entry import Entry, Note
    from dictate.listening import Listener
    from dictate.microphone import Health, Microphone
    from dictate.notebook import Notebook
    from dictate.transcriber.base import Transcriber
    from dictate.transcript import Transcript
    from tui.language import Language

FUNCTIONAL = "funktionsevnetilstand"
"""The area whose conditions have a functional level."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Factories:
    """Makes the parts; each is called in a thread of its own and may take seconds."""

    source: Callable[[str], "AudioSource"]
    """Device name to a microphone."""
    transcriber: Callable[[str], "Transcriber"]
    """Model name to a recogniser."""
    drafter: Callable[[], "Drafter"]
    notebook: Callable[[Preferences, Callable[[str], str]], "Notebook"]
    """The settings, and what asks for a passphrase where the store needs one, to an open notebook."""
    limit: Callable[[str], str]
    """Model name to a sentence on what it can't do."""
    settled: Callable[[], None] = lambda: None
    """Called once, when model and vocabulary are there, or can't be had."""


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """What the status line shows."""

    microphone: str = "cold"
    """A value of `dictate.microphone.Health`."""
    microphone_problem: str = ""
    model: str = ""
    """Name of the model that listens; "" while it is loaded."""
    model_problem: str = ""
    limit: str = ""
    """What the model can't do."""
    notebook_ready: bool = False
    notebook_problem: str = ""
    drafter_ready: bool = False
    drafter_problem: str = ""


class _Late:
    """Stands in for a part that is being made: the first use of it waits."""

    def __init__(self, future: "Future[Any]") -> None:
        self._future = future

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - as the part itself
        return getattr(self._future.result(), name)


class Desk:
    """Owns the parts for as long as the app runs."""

    def __init__(
        self,
        factories: Factories,
        preferences: Preferences,
        changed: Callable[[], None] = lambda: None,
        ask: Callable[[str], str] = lambda _why: "",
    ) -> None:
        """Make nothing yet; see `open`.

        Args:
            factories: makes the parts.
            preferences: the user's.
            changed: told when `state` changed; called from any thread.
            ask: asks the user for the passphrase of the store, from any thread but the app's; told in a
                sentence why, where it isn't the first time.

        """
        self.factories, self.preferences, self.changed, self._ask = factories, preferences, changed, ask
        self.state = State()
        self.microphone: Microphone | None = None
        self.listener: Listener | None = None
        self._drafter: Future[Drafter] = Future()
        self._notebook: Future[Notebook] = Future()
        self._lock = threading.Lock()
        self._settled = False
        self._language: Language | None = None
        self._pool = ThreadPoolExecutor(2, thread_name_prefix="desk")
        self.clerk = ThreadPoolExecutor(1, thread_name_prefix="clerk")
        """Writes to the notebook, one thing after another."""

    @property
    def ready(self) -> bool:
        """True once one can dictate: the microphone is there, the text may follow later."""
        return self.microphone is not None and self.listener is not None

    @property
    def notebook(self) -> "Notebook":
        """The notebook; the first use waits until it is open."""
        return cast("Notebook", _Late(self._notebook))

    @property
    def language(self) -> "Language":
        """What is known of words."""
        if self._language is None:
            from tui.language import Language  # noqa: PLC0415 - after the first frame

            self._language = Language(lambda: self.notebook if self.state.notebook_ready else None)
        return self._language

    @property
    def drafter(self) -> "Drafter":
        """The vocabulary; the first use waits until it is read."""
        return self._drafter.result()

    def open(self) -> None:
        """Make all parts, the microphone first; call it in a thread."""
        from dictate.microphone import CaptureOptions, Microphone  # noqa: PLC0415 - after the first frame

        self.microphone = Microphone(
            self.factories.source(self.preferences.device),
            CaptureOptions(warm=self.preferences.warm),
            changed=self._microphone_changed,
        )
        self._pool.submit(self._make_notebook)
        from dictate.listening import Listener  # noqa: PLC0415

        self.listener = Listener(
            lambda: self.factories.transcriber(self.preferences.model),
            ready=lambda model: self._set(model=model.name, limit=self.factories.limit(model.name)),
            failed=lambda why: self._set(model_problem=why),
        )
        self._make_drafter()
        self.changed()

    def close(self) -> None:
        """End all threads; what is being recorded is kept."""
        if self.microphone:
            self.microphone.close()
        if self.listener:
            self.listener.close()
        ready = self._notebook.done() and not self._notebook.exception()
        self.clerk.shutdown(wait=ready, cancel_futures=not ready)
        self._pool.shutdown(wait=False, cancel_futures=True)
        if self._language is not None:
            self._language.close()
        if ready:
            self._notebook.result().close()

    def new_dictation(
        self,
        changed: Callable[["Dictation"], None],
        *,
        citizen_id: str | None = None,
        identifier: str = "",
        notebook: "Notebook | None" = None,
        microphone: "Microphone | None" = None,
    ) -> "Dictation | None":
        """Prepare a dictation; None while the parts for it are imported (a fraction of a second)."""
        if self.microphone is None or self.listener is None:
            return None
        from dictate.dictation import Dictation, Parts  # noqa: PLC0415 - after the first frame

        parts = Parts(
            microphone=microphone or self.microphone,
            ear=self.listener,
            notebook=notebook or self.notebook,
            draft=self.draft_transcript,
            right=self.language.put_right,
        )
        return Dictation(identifier or str(uuid.uuid4()), parts, changed=changed, citizen_id=citizen_id)

    def draft_transcript(self, identifier: str, transcript: "Transcript") -> "Note":
        """Make the draft of what was heard; waits for the vocabulary.

        Raises:
            DictateError: there is no vocabulary.

        """
        from dictate.errors import DictateError  # noqa: PLC0415 - after the first frame
        from dictate.heard import draft_transcript  # noqa: PLC0415 - the same
        from terminology.errors import TerminologyError  # noqa: PLC0415 - the same
        from terminology.written import Punctuation  # noqa: PLC0415 - the same

        try:
            punctuation = Punctuation(self.preferences.punctuation)
            return draft_transcript(self.drafter, identifier, transcript, punctuation)
        except TerminologyError as error:
            raise DictateError(str(error)) from error

    def draft_text(self, identifier: str, text: str) -> "Note":
        """Make the draft of a written note; waits for the vocabulary."""
        return self.drafter.draft(identifier, text=text)

    def needs_level(self, entry: "Entry") -> bool:
        """Tell whether conditions like this one have a functional level."""
        if entry.coding is None or not self._drafter.done():
            return False
        concept = self.drafter.matcher.release.by_code.get(entry.coding.code)
        return concept is not None and concept.kind == FUNCTIONAL

    def name_of(self, code: str) -> str:
        """Return the short name of a measurement; "" for anything else."""
        if not self._drafter.done():
            return ""
        found = self.drafter.matcher.release.observation_by_code.get(code)
        return found.name if found else ""

    def unit_of(self, code: str) -> str | None:
        """Return the unit of a measurement in UCUM; None for one with steps such as "2+"."""
        found = self.drafter.matcher.release.observation_by_code.get(code)
        return found.unit if found else None

    def is_plausible(self, code: str, value: float) -> bool:
        """Tell whether a measurement may well have this value; True where nothing is known about it."""
        if not self._drafter.done():
            return True
        found = self.drafter.matcher.release.observation_by_code.get(code)
        return found is None or found.is_plausible(value)

    def prefer(self, preferences: Preferences) -> None:
        """Take over changed settings."""
        before, self.preferences = self.preferences, preferences
        if self.microphone and before.device != preferences.device:
            self.microphone.use(self.factories.source(preferences.device))
        if self.microphone and before.warm != preferences.warm:
            self.microphone.keep_warm(warm=preferences.warm)

    def _make_notebook(self) -> None:
        try:
            self._notebook.set_result(self.factories.notebook(self.preferences, self._ask))
        except Exception as error:  # noqa: BLE001 - whoever waits for it gets it; a thread must not die in silence
            self._notebook.set_exception(error)
            self._set(notebook_problem=str(error))
        else:
            self._set(notebook_ready=True)

    def _make_drafter(self) -> None:
        try:
            self._drafter.set_result(self.factories.drafter())
        except Exception as error:  # noqa: BLE001 - the same
            self._drafter.set_exception(error)
            self._set(drafter_problem=str(error))
        else:
            self._set(drafter_ready=True)

    def _microphone_changed(self, health: "Health", why: str) -> None:
        self._set(microphone=health.value, microphone_problem=why)

    def _set(self, **values: Any) -> None:  # noqa: ANN401 - fields of State
        with self._lock:
            self.state = replace(self.state, **values)
            model_is_over = bool(self.state.model or self.state.model_problem)
            first = model_is_over and self._drafter.done() and not self._settled
            self._settled = self._settled or first
        if first:
            self.factories.settled()
        self.changed()
