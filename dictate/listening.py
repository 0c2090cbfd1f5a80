"""One thread that listens to all dictations: text while somebody speaks, and the final text after.

Sound may come before the speech model is ready: it waits, and the text follows.
"""

import threading
import time
from collections.abc import Callable

from dictate.audio import SAMPLE_RATE, AudioClip
from dictate.capture import Sound
from dictate.errors import DictateError, TranscriptionError
from dictate.hearing import Hearing, Job, Pace, Reports
from dictate.process import give_back_memory
from dictate.transcriber.base import DecodeOptions, Transcriber
from dictate.transcript import ModelName, Transcript

QUICK = DecodeOptions(beam_size=1, second_look=float("-inf"), terms=frozenset())
"""While somebody speaks."""
CAREFUL = DecodeOptions()
"""For the final text."""
HURRIED = DecodeOptions(beam_size=5, second_look=float("-inf"))
"""For the end of it on a machine that is too slow for more while somebody waits."""
_SHORTEST = SAMPLE_RATE // 10


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
        give_back_memory()
        while not self._closing:
            with self._wake:
                found = self._pick()
                if found is None:
                    self._wake.wait(0.5)
                    continue
            hearing, job = found
            try:
                transcript = job.known or self._pass(transcriber, job.samples, self._options(hearing, job))
            except DictateError as error:
                self._drop(hearing)
                hearing.reports.failed(error)
                continue
            with self._wake:
                hearing.heard(transcript, job)
                partial, done = hearing.partial, hearing.done
            hearing.reports.partial(partial)
            if done:
                self._drop(hearing)
                hearing.reports.final(hearing.result(), partial)
                give_back_memory()

    def _pass(self, transcriber: Transcriber, samples: Sound, options: DecodeOptions) -> Transcript | None:
        if len(samples) < _SHORTEST:
            return None
        begun = time.monotonic()
        found = transcriber.transcribe([AudioClip(samples=samples)], options)
        took = time.monotonic() - begun
        if options is CAREFUL:
            self._pace.learn(len(samples) / SAMPLE_RATE, took)
        elif options is QUICK:
            self._pace.learn_quick(took)
        return found

    def _options(self, hearing: Hearing, job: Job) -> DecodeOptions:
        if not job.last:
            return QUICK
        somebody_waits = hearing.finished or job.ahead
        too_slow = self._pace.forbids(len(job.samples) / SAMPLE_RATE)
        return HURRIED if somebody_waits and too_slow else CAREFUL

    def _pick(self) -> tuple[Hearing, Job] | None:
        """Choose the next pass: what somebody waits for comes first."""
        jobs = [(hearing, job) for hearing in self._hearings if (job := hearing.job(self._pace))]
        return next((found for found in jobs if found[1].last), jobs[0] if jobs else None)

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
