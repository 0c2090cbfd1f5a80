"""One dictation from the key press to the draft, without any screen: it takes protocols only."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from threading import RLock
from typing import Protocol

from dictate.capture import Sound
from dictate.case import Case, open_case
from dictate.entry import Note
from dictate.errors import DictateError
from dictate.hearing import UNKNOWN, Hearing, Reports
from dictate.intake import Take
from dictate.notebook import Moment, Notebook, SoundKeeper
from dictate.streaming import Partial
from dictate.transcript import Transcript
from terminology.written import to_written


class Recorder(Protocol):
    """A microphone, as `dictate.microphone.Microphone`."""

    def record(self, sink: Callable[[Sound], None], ended: Callable[[], None]) -> Take:
        """Begin a take."""
        ...

    def pause(self, take: Take) -> None:
        """Let a take rest."""
        ...

    def resume(self, take: Take) -> None:
        """Go on with it."""
        ...

    def stop(self, take: Take) -> None:
        """End it."""
        ...


class Ear(Protocol):
    """What turns sound into text, as `dictate.listening.Listener`."""

    def hear(self, reports: Reports) -> Hearing:
        """Begin to hear a dictation."""
        ...


class Phase(StrEnum):
    """How far a dictation is."""

    NEW = "new"
    RECORDING = "recording"
    PAUSED = "paused"
    TRANSCRIBING = "transcribing"
    REVIEW = "review"
    FAILED = "failed"
    """There is sound but no text; the reason is in `Dictation.problem`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What every dictation needs."""

    microphone: Recorder
    ear: Ear
    notebook: Notebook
    draft: Callable[[str, Transcript], Note]
    """Makes the draft of a note with this id; may wait until the vocabulary is read."""
    right: Callable[[Transcript], Transcript] = lambda transcript: transcript
    """Puts right what was heard, by the user's own words."""


class Dictation:
    """Runs one dictation; its methods return at once, the work is done in the threads of its parts."""

    def __init__(
        self,
        identifier: str,
        parts: Parts,
        *,
        changed: Callable[["Dictation"], None],
        citizen_id: str | None = None,
    ) -> None:
        """Prepare.

        Args:
            identifier: under which it is kept.
            parts: what it works with.
            changed: told when the text or the phase changed; called from any thread.
            citizen_id: whom it is about; None where that is said later.

        """
        self.id = identifier
        self.phase = Phase.NEW
        self.partial = Partial()
        self.case: Case | None = None
        self.problem = ""
        self._parts, self._changed = parts, changed
        self._citizen_id = citizen_id
        self._keeper: SoundKeeper | None = None
        self._begun = False
        self._take: Take | None = None
        self._lock = RLock()
        self._hearing = parts.ear.hear(
            Reports(partial=self._on_partial, final=self._on_final, failed=self._on_failed)
        )

    @property
    def citizen_id(self) -> str | None:
        """Whom it is about."""
        return self._citizen_id

    @property
    def notebook(self) -> Notebook:
        """Where it is kept."""
        return self._parts.notebook

    @property
    def seconds(self) -> float:
        """How much was said so far."""
        return self._hearing.seconds

    def start(self) -> None:
        """Begin to record, with what was said just before."""
        if self.phase is Phase.NEW:
            self.phase = Phase.RECORDING
            self._take = self._parts.microphone.record(self._sink, self._ended)

    def pause(self) -> None:
        """Rest, or go on."""
        if self._take is None:
            return
        if self.phase is Phase.RECORDING:
            self._parts.microphone.pause(self._take)
            self.phase = Phase.PAUSED
        elif self.phase is Phase.PAUSED:
            self._parts.microphone.resume(self._take)
            self.phase = Phase.RECORDING

    def stop(self) -> None:
        """End the recording; the draft follows."""
        if self._take is not None and self.phase in {Phase.RECORDING, Phase.PAUSED}:
            self.phase = Phase.TRANSCRIBING
            self._hearing.ending()
            self._parts.microphone.stop(self._take)

    def recover(self) -> None:
        """Make the draft of a dictation that ended before its time; its sound is in the notebook."""
        self._begun = True
        self.phase = Phase.TRANSCRIBING
        clip = self._parts.notebook.replay(self.id)
        if clip is not None:
            self._hearing.feed(clip.samples)
        self._hearing.finish()

    def undo_sentence(self) -> None:
        """Take back the last sentence."""
        if self.phase in {Phase.RECORDING, Phase.PAUSED}:
            self.partial = self._hearing.undo_sentence()

    def assign(self, citizen_id: str) -> None:
        """Say whom it is about; may wait for the disk."""
        with self._lock:
            self._citizen_id = citizen_id
            if self._begun:
                self._parts.notebook.assign(self.id, citizen_id)

    # -- from the microphone's thread ---------------------------------------------------------------------

    def _sink(self, samples: Sound) -> None:
        """Keep the sound first, then listen to it."""
        try:
            keeper = self._keeper or self._open()
            keeper.write(samples)
        except DictateError as error:
            self._tell(str(error))
        self._hearing.feed(samples)

    def _open(self) -> SoundKeeper:
        with self._lock:
            if not self._begun:
                self._parts.notebook.begin(self.id, self._citizen_id)
                self._begun = True
        self._keeper = self._parts.notebook.sound(self.id)
        self._parts.notebook.event(self.id, Moment.FIRST_SOUND)
        return self._keeper

    def _ended(self) -> None:
        try:
            # Where nothing was heard, what is written by hand has its place all the same.
            (self._keeper or self._open()).close()
            self._parts.notebook.event(self.id, Moment.STOP)
        except DictateError as error:
            self._tell(str(error))
        self._hearing.finish()

    # -- from the listening thread ------------------------------------------------------------------------

    def _on_partial(self, partial: Partial) -> None:
        if self.phase in {Phase.RECORDING, Phase.PAUSED, Phase.TRANSCRIBING}:
            self.partial = partial
            self._changed(self)

    def _on_final(self, transcript: Transcript, _committed: Partial) -> None:
        transcript = self._parts.right(transcript)
        try:
            note = self._parts.draft(self.id, transcript)
        except DictateError as error:  # what was said is worth more than its codes
            self.problem = str(error)
            text = to_written(" ".join(word.text for word in transcript.words), note=True).text
            note = Note(id=self.id, text=text, entries=())
        try:
            self._parts.notebook.heard(self.id, transcript, note)
            self._parts.notebook.event(self.id, Moment.TEXT_SHOWN)
            self._show(open_case(note, transcript), Phase.REVIEW)
        except DictateError as error:
            self._on_failed(error)

    def _on_failed(self, error: DictateError) -> None:
        """Without text the note can still be written by hand, and its sound be heard."""
        self.problem = str(error)
        empty = Transcript(segments=(), language="da", duration=self.seconds, model=UNKNOWN)
        self._show(open_case(Note(id=self.id, text="", entries=()), empty), Phase.FAILED)

    def _show(self, case: Case, phase: Phase) -> None:
        self.case, self.phase = case, phase
        self._changed(self)

    def _tell(self, problem: str) -> None:
        if self.problem != problem:
            self.problem = problem
            self._changed(self)
