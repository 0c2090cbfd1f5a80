"""One thread that listens to all dictations: text while somebody speaks, and the final text after.

Sound may come before the speech model is ready: it waits, and the text follows.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from dictate.audio import SAMPLE_RATE, AudioClip
from dictate.capture import Sound
from dictate.errors import DictateError, TranscriptionError
from dictate.streaming import Partial, shifted, utterance_end, without_words
from dictate.transcriber.base import DecodeOptions, Transcriber
from dictate.transcript import ModelName, Segment, Transcript
from dictate.undo import last_sentence, taken_back

QUICK = DecodeOptions(beam_size=1, second_look=float("-inf"))
"""While somebody speaks."""
CAREFUL = DecodeOptions()
"""For the final text."""
HURRIED = DecodeOptions(second_look=float("-inf"))
"""For the end of it on a machine that is too slow for more while somebody waits."""
_EVERY_S = 1.0
"""So much new sound is worth another pass."""
_SHORTEST = SAMPLE_RATE // 10
_WHOLE_S = 20.0
"""A note that is no longer is heard once more as a whole, where there is time: context makes words surer."""
_PATIENCE_S = 0.8
"""So long may the last pass take after the stop key."""
UNKNOWN = ModelName(name="", revision="", compute_type="")
"""Of a transcript in which nobody spoke."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reports:
    """What a hearing tells; called from the listening thread."""

    partial: Callable[[Partial], None]
    final: Callable[[Transcript, Partial], None]
    """The final text, and what was committed before it."""
    failed: Callable[[DictateError], None]


class Pace:
    """How fast careful passes are on this machine, learned from those that were made."""

    def __init__(self) -> None:
        """Know nothing: no pass is thought to be fast."""
        self._ratio = float("inf")

    def learn(self, seconds: float, took: float) -> None:
        """Take in that a pass over so many seconds of sound took so many seconds."""
        ratio = took / max(seconds, 1.0)
        self._ratio = ratio if self._ratio == float("inf") else (self._ratio + ratio) / 2

    def allows(self, seconds: float) -> bool:
        """Tell whether a pass over so many seconds is known to be short enough for somebody who waits."""
        return seconds * self._ratio <= _PATIENCE_S

    def forbids(self, seconds: float) -> bool:
        """Tell whether it is known not to be."""
        return self._ratio < float("inf") and not self.allows(seconds)


class Hearing:
    """The sound of one dictation on its way to text."""

    def __init__(self, reports: Reports, wake: threading.Condition) -> None:
        """Hear nothing yet."""
        self.reports = reports
        self._wake = wake
        self._blocks: list[Sound] = []
        self._count = 0
        self._finished = False
        self._ending = False
        self._all: list[Sound] = []
        """The whole sound, while it may be heard once more."""
        self._sealed = 0
        """Samples whose text is final."""
        self._passed = 0
        """Samples that the last quick pass heard."""
        self._segments: list[Segment] = []
        self._dropped: list[tuple[float, float]] = []
        self._model = UNKNOWN
        self.partial = Partial()

    def feed(self, samples: Sound) -> None:
        """Take in sound, in order; any thread."""
        with self._wake:
            self._blocks.append(samples)
            self._count += len(samples)
            self._all.append(samples)
            if self.seconds > _WHOLE_S:
                self._all.clear()
            if self._count - self._passed >= _EVERY_S * SAMPLE_RATE:
                self._wake.notify()

    def ending(self, *, soon: bool = True) -> None:
        """Tell that the end is near: no pass is begun that the final text would have to wait for."""
        with self._wake:
            self._ending = soon

    def finish(self) -> None:
        """Tell that no more comes; the final text follows."""
        with self._wake:
            self._finished = True
            self._wake.notify()

    @property
    def finished(self) -> bool:
        """True where no more sound comes."""
        return self._finished

    @property
    def seconds(self) -> float:
        """How much sound came so far."""
        return self._count / SAMPLE_RATE

    def undo_sentence(self) -> Partial:
        """Take back the last sentence that was said, and what is not recognised yet."""
        with self._wake:
            words = self.partial.words
            start = words[last_sentence(words)].start if words else self._sealed / SAMPLE_RATE
            self._dropped.append((start, self.seconds))
            self.partial = self.partial.without(start)
            return self.partial

    # -- called by the listening thread -------------------------------------------------------------------

    def job(self, pace: Pace) -> tuple[Sound, bool] | None:
        """Return the sound to hear next, and whether it is the last pass over it.

        The caller holds the condition.
        """
        fresh = self._fresh()
        if self._finished:
            if self._sealed and self._all and pace.allows(self.seconds):
                self._start_over()
                return self._fresh(), True
            return fresh, True
        if self._ending or self._count - self._passed < _EVERY_S * SAMPLE_RATE:
            return None
        end = utterance_end(fresh)
        if end:
            return fresh[:end], True
        self._passed = self._count
        return fresh, False

    @property
    def done(self) -> bool:
        """True where the final text was told."""
        return self._finished and self._sealed >= self._count

    def heard(self, transcript: Transcript | None, length: int, *, last: bool) -> None:
        """Take in what was recognised in `length` samples; the caller holds the condition."""
        offset = self._sealed / SAMPLE_RATE
        segments = shifted(transcript.segments, offset) if transcript else ()
        words = tuple(
            word for segment in segments for word in segment.words if not self._is_dropped(word.start)
        )
        if transcript:
            self._model = transcript.model
        if not last:
            self.partial = self.partial.heard(words)
            return
        self._segments.extend(segments)
        self._sealed += length
        self._passed = max(self._passed, self._sealed)
        self._blocks = [self._fresh(length)]
        self.partial = self.partial.sealed(words)

    def result(self) -> Transcript:
        """Return the final text: all that was said and not taken back."""
        whole = Transcript(
            segments=tuple(self._segments), language="da", duration=round(self.seconds, 3), model=self._model
        )
        kept = without_words(whole, self._dropped)
        return without_words(kept, taken_back(kept))

    def _start_over(self) -> None:
        """Forget the text of the pieces: the whole is heard once more."""
        self._segments, self._sealed = [], 0
        self._blocks, self._all = self._all, []
        self.partial = Partial()

    def _is_dropped(self, start: float) -> bool:
        return any(low <= start < high for low, high in self._dropped)

    def _fresh(self, skip: int = 0) -> Sound:
        """Return what is not final, joined once so that it isn't joined again."""
        joined = np.concatenate(self._blocks) if self._blocks else np.empty(0, np.float32)
        self._blocks = [joined]
        return joined[skip:]


class Listener:
    """Owns the speech model and the thread that runs it."""

    def __init__(
        self,
        load: Callable[[], Transcriber],
        *,
        ready: Callable[[ModelName], None] = lambda _model: None,
        failed: Callable[[str], None] = lambda _why: None,
    ) -> None:
        """Start the thread, which first loads the model.

        Args:
            load: builds the recogniser; may raise DictateError or ModelError.
            ready: told which model listens.
            failed: told in one sentence why there is none.

        """
        self._load, self._ready, self._failed = load, ready, failed
        self._wake = threading.Condition()
        self._hearings: list[Hearing] = []
        self._closing = False
        self._pace = Pace()
        self.model: ModelName | None = None
        self._thread = threading.Thread(target=self._work, name="listener", daemon=True)
        self._thread.start()

    def hear(self, reports: Reports) -> Hearing:
        """Begin to hear a dictation."""
        hearing = Hearing(reports, self._wake)
        with self._wake:
            self._hearings.append(hearing)
        return hearing

    @property
    def is_idle(self) -> bool:
        """True where no dictation is being heard."""
        return not self._hearings

    def close(self, timeout_s: float = 5.0) -> None:
        """End the thread after the pass at hand."""
        with self._wake:
            self._closing = True
            self._wake.notify()
        self._thread.join(timeout_s)

    def _work(self) -> None:
        try:
            transcriber = self._load()
        except Exception as error:  # noqa: BLE001 - a thread must not die in silence; ModelError isn't ours
            self._failed(str(error))
            self._fail(TranscriptionError(str(error)))
            return
        self.model = transcriber.model
        self._ready(transcriber.model)
        while not self._closing:
            with self._wake:
                found = self._pick()
                if found is None:
                    self._wake.wait(0.5)
                    continue
            hearing, (samples, last) = found
            try:
                options = self._options(hearing, len(samples) / SAMPLE_RATE, last=last)
                transcript = self._pass(transcriber, samples, options)
            except DictateError as error:
                self._drop(hearing)
                hearing.reports.failed(error)
                continue
            with self._wake:
                hearing.heard(transcript, len(samples), last=last)
                partial, done = hearing.partial, hearing.done
            hearing.reports.partial(partial)
            if done:
                self._drop(hearing)
                hearing.reports.final(hearing.result(), partial)

    def _pass(self, transcriber: Transcriber, samples: Sound, options: DecodeOptions) -> Transcript | None:
        if len(samples) < _SHORTEST:
            return None
        begun = time.monotonic()
        found = transcriber.transcribe([AudioClip(samples=samples)], options)
        if options is CAREFUL:
            self._pace.learn(len(samples) / SAMPLE_RATE, time.monotonic() - begun)
        return found

    def _options(self, hearing: Hearing, seconds: float, *, last: bool) -> DecodeOptions:
        if not last:
            return QUICK
        return HURRIED if hearing.finished and self._pace.forbids(seconds) else CAREFUL

    def _pick(self) -> tuple[Hearing, tuple[Sound, bool]] | None:
        """Choose the next pass: what somebody waits for comes first."""
        jobs = [(hearing, job) for hearing in self._hearings if (job := hearing.job(self._pace))]
        return next((found for found in jobs if found[1][1]), jobs[0] if jobs else None)

    def _drop(self, hearing: Hearing) -> None:
        with self._wake:
            self._hearings = [one for one in self._hearings if one is not hearing]

    def _fail(self, error: TranscriptionError) -> None:
        """Without a model every dictation ends with its sound alone."""
        while not self._closing:
            with self._wake:
                self._wake.wait(0.5)
                waiting = [one for one in self._hearings if one.finished]
            for hearing in waiting:
                self._drop(hearing)
                hearing.reports.failed(error)
