"""The sound of one dictation on its way to text: which part of it is heard next, and how often (no threads).

While somebody speaks the utterance at hand is heard again and again. At a pause it is heard once more, with
care, and its text is final. With the stop key the last such pass begins at once; it counts where nothing more
is said.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from dictate.audio import SAMPLE_RATE
from dictate.capture import Sound
from dictate.errors import DictateError
from dictate.streaming import Partial, is_silence, shifted, utterance_end, without_words
from dictate.transcript import ModelName, Segment, Transcript
from dictate.undo import last_sentence, taken_back

_EVERY_S = 1.0
"""Quick passes aren't made more often."""
_FIRST_S = 0.6
"""But until the first word is shown: somebody wonders whether it listens."""
_LOOK_S = 0.2
"""So much new sound is looked through for a pause."""
_WHOLE_S = 20.0
"""A note that is no longer is heard once more as a whole, where there is time: context makes words surer."""
_REST_S = 0.12
"""So long must the speaker be silent after the stop key before the last pass begins."""
_PATIENCE_S = 0.8
"""So long may the last pass take after the stop key."""
_LEAD_S = 2.0
"""A quick pass begins so long before the end of what is committed."""
UNKNOWN = ModelName(name="", revision="", compute_type="")
"""Of a transcript in which nobody spoke."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reports:
    """What a hearing tells; called from the listening thread."""

    partial: Callable[[Partial], None]
    final: Callable[[Transcript, Partial], None]
    """The final text, and what was committed before it."""
    failed: Callable[[DictateError], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """The next pass over a dictation."""

    samples: Sound
    last: bool = False
    """Its text is final."""
    ahead: bool = False
    """It is the last pass if nothing more is said."""
    known: Transcript | None = None
    """What such a pass has heard already."""
    skipped: int = 0
    """Samples before it that are neither final nor heard again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ahead:
    """The pass that was made before the end was there."""

    until: int
    """Samples, from the start of the dictation, that had come by then."""
    whole: bool
    """It heard the whole note, not only what was not final."""
    transcript: Transcript | None = None


class Pace:
    """How fast passes are on this machine, learned from those that were made."""

    def __init__(self) -> None:
        """Know nothing: no pass is thought to be fast."""
        self._ratio = float("inf")
        self.every_s = _EVERY_S
        """So much new sound is worth another quick pass."""

    def learn_quick(self, took: float) -> None:
        """Take in how many seconds a quick pass took: such passes fill half of the time at most.

        Whoever stops then rarely waits for one that was just begun.
        """
        self.every_s = max(_EVERY_S, 2 * took)

    @property
    def is_slow(self) -> bool:
        """True where even quick passes are long."""
        return self.every_s > 2 * _EVERY_S

    def learn(self, seconds: float, took: float) -> None:
        """Take in that a careful pass over so many seconds of sound took so many seconds."""
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
        self._ahead: _Ahead | None = None
        self._all: list[Sound] = []
        """The whole sound, while it may be heard once more."""
        self._sealed = 0
        """Samples whose text is final."""
        self._passed = 0
        """Samples that the last quick pass heard."""
        self._looked = 0
        """Samples in which a pause was looked for."""
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
            if self._ending or self._is_due:
                self._wake.notify()

    def ending(self) -> None:
        """Tell that the stop key was pressed: the last pass begins at once where the speaker is silent."""
        with self._wake:
            self._ending = True
            self._wake.notify()

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

    def job(self, pace: Pace) -> Job | None:
        """Return the next pass; the caller holds the condition."""
        fresh = self._fresh()
        if self._finished:
            return self._last_job(fresh, pace)
        if self._ending:
            return self._job_ahead(fresh, pace)
        if self._is_due:
            self._looked = self._count
            end = utterance_end(fresh)
            if end:
                return Job(samples=fresh[:end], last=True)
        every_s = pace.every_s if self.partial.words or pace.is_slow else _FIRST_S
        if self._count - self._passed < every_s * SAMPLE_RATE:
            return None
        self._passed = self._count
        committed_s = self.partial.committed[-1].end if self.partial.committed else 0.0
        skipped = max(0, round((committed_s - _LEAD_S) * SAMPLE_RATE) - self._sealed)
        return Job(samples=fresh[skipped:], skipped=skipped)

    def _last_job(self, fresh: Sound, pace: Pace) -> Job:
        """Return the last pass: over the whole note where there is time for it, else over what is left."""
        ahead = self._ahead
        if (
            ahead
            and not (ahead.whole and not self._all)
            and is_silence(self._since(ahead.until), self._mine())
        ):
            if ahead.whole:
                self._start_over()
            return Job(samples=self._fresh(), last=True, known=ahead.transcript)
        if self._may_start_over(pace):
            self._start_over()
            return Job(samples=self._fresh(), last=True)
        return Job(samples=fresh, last=True)

    def _job_ahead(self, fresh: Sound, pace: Pace) -> Job | None:
        """Return the last pass before the end is there: once, when the speaker has fallen silent."""
        rest = round(_REST_S * SAMPLE_RATE)
        if self._ahead or len(fresh) < rest or not is_silence(fresh[-rest:], self._mine()):
            return None
        whole = self._may_start_over(pace)
        self._ahead = _Ahead(until=self._count, whole=whole)
        return Job(samples=self._mine() if whole else fresh, last=True, ahead=True)

    @property
    def _is_due(self) -> bool:
        """True where enough has come to look for a pause again."""
        return self._count - self._looked >= _LOOK_S * SAMPLE_RATE

    def _may_start_over(self, pace: Pace) -> bool:
        return bool(self._sealed and self._all) and pace.allows(self.seconds)

    def _mine(self) -> Sound:
        """Return the whole sound, or what is left of it in a long note."""
        if not self._all:
            return self._fresh()
        self._all = [np.concatenate(self._all)]
        return self._all[0]

    def _since(self, count: int) -> Sound:
        """Return what came after so many samples; it isn't final."""
        fresh = self._fresh()
        return fresh[len(fresh) - (self._count - count) :]

    @property
    def done(self) -> bool:
        """True where the final text was told."""
        return self._finished and self._sealed >= self._count

    def heard(self, transcript: Transcript | None, job: Job) -> None:
        """Take in what a pass has recognised; the caller holds the condition."""
        if job.ahead:
            assert self._ahead is not None
            self._ahead = replace(self._ahead, transcript=transcript)
            return
        length, last = len(job.samples), job.last
        offset = (self._sealed + job.skipped) / SAMPLE_RATE
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
