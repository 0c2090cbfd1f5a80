"""Recognises speech with a Whisper model: finds the speech, and has it decoded piece by piece."""

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from faster_whisper.feature_extractor import FeatureExtractor
from faster_whisper.tokenizer import Tokenizer
from faster_whisper.vad import get_vad_model
from numpy.typing import NDArray

from dictate.audio import SAMPLE_RATE, AudioClip
from dictate.errors import TranscriptionError
from dictate.process import give_back_memory
from dictate.transcriber.base import DecodeOptions, Progress
from dictate.transcriber.biasing import Bias
from dictate.transcriber.calibration import calibration_of
from dictate.transcriber.decoder import Block, Decoder, Sound
from dictate.transcriber.features import WINDOW, LogMel
from dictate.transcriber.judging import Judge, judge
from dictate.transcriber.lexicon import danish
from dictate.transcriber.packing import HOP, pack, speech_spans
from dictate.transcriber.preferring import Preference
from dictate.transcriber.rescoring import Rescorer
from dictate.transcriber.tokens import tokenizer_of
from dictate.transcriber.vocabulary import TokenTexts, read_vocabulary
from dictate.transcriber.weights import Weights
from dictate.transcript import ModelName, Segment, Transcript

if TYPE_CHECKING:
    from tokenizers import Tokenizer as RawTokenizer

MAX_WORKERS = 4
_TIDY_S = 30.0
"""Sound recognised before free memory is given back."""
LEAN = "da"
"""The language whose tokens are enough while no other is asked for."""

# Release builds of ONNX Runtime, on which the speech detector runs, report to their maker unless told not to
# before they are loaded (which happens when the detector is). Nothing may leave this machine.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"


class WhisperTranscriber:
    """A Whisper model that listens to speech only, in windows no longer than they must be."""

    def __init__(
        self,
        folder: Path,
        *,
        model: ModelName,
        floor_s: float = 30.0,
        window_s: float = 20.0,
        gap_s: float = 4.0,
        workers: int = 0,
        calibrated: bool = True,
        terms: Callable[[], frozenset[str]] | None = None,
        judge_of_terms: Judge | None = None,
    ) -> None:
        """Load a model.

        Args:
            folder: holds model.bin, config.json and the vocabulary.
            model: what the folder holds; its compute type is used.
            floor_s: shortest encoder window in seconds that the model bears; 30 is safe for all.
            window_s: most seconds of sound decoded in one piece; more than 20 s of fast speech may not fit
                into the 224 tokens that a Whisper model writes at most.
            gap_s: a longer silence, in seconds, parts two pieces.
            workers: pieces decoded at the same time, one core each; 0 for the number of cores, at most 4.
            calibrated: False gives the model's own probabilities of words.
            terms: gives the words that are preferred where the options name none; asked once, when they are
                first needed.
            judge_of_terms: decides which terms are written; the one that comes with the program by default.

        Raises:
            TranscriptionError: the folder holds no model that can be loaded.

        """
        self._model_name = model
        self._floor_s, self._window_s, self._gap_s = floor_s, window_s, gap_s
        self._workers = workers or min(_cores(), MAX_WORKERS)
        self._pool = ThreadPoolExecutor(self._workers, thread_name_prefix="decoder")
        """The same threads for all recordings: the C library keeps memory back for each new one."""
        self._untidied_s = 0.0
        self._folder = folder
        self._is_lean = True
        try:
            self._texts = TokenTexts(read_vocabulary(folder))
        except (OSError, ValueError) as error:
            raise self._unloadable() from error
        self._weights = self._loaded()
        self._features = LogMel(
            FeatureExtractor.get_mel_filters(SAMPLE_RATE, WINDOW, n_mels=self._weights.n_mels)
        )
        self._vad = get_vad_model()
        self._rescorer = Rescorer(danish())
        self._calibration = calibration_of(model.name) if calibrated else None
        self._judge = judge_of_terms or judge()
        self._terms: frozenset[str] = frozenset()
        self._preference: Preference | None = None
        self._cutter: RawTokenizer | None = None
        """Loaded when the first term is asked about: that takes 0.1 s."""
        self._usual_terms = cache(terms) if terms else frozenset

    @property
    def model(self) -> ModelName:
        """Which weights listen."""
        return self._model_name

    def transcribe(
        self,
        blocks: Iterable[AudioClip],
        options: DecodeOptions = DecodeOptions(),  # noqa: B008 - frozen
        *,
        progress: Progress | None = None,
    ) -> Transcript:
        """Recognise a recording; see `dictate.transcriber.base.Transcriber`."""
        seconds = 0.0

        def counted() -> Iterator[AudioClip]:
            nonlocal seconds
            for block in blocks:
                seconds += block.duration
                yield block

        segments = tuple(self.segments(counted(), options, progress=progress))
        return Transcript(
            segments=segments, language=options.language, duration=round(seconds, 3), model=self._model_name
        )

    def segments(
        self,
        blocks: Iterable[AudioClip],
        options: DecodeOptions = DecodeOptions(),  # noqa: B008 - frozen
        *,
        progress: Progress | None = None,
    ) -> Iterator[Segment]:
        """Recognise a recording piece by piece; each segment comes as soon as it is known.

        Args:
            blocks: consecutive stretches of it at 16 kHz, cut in pauses.
            options: how to listen.
            progress: told after each segment how many seconds are done.

        Raises:
            TranscriptionError: the model doesn't know the language.

        """
        tokenizer = self._tokenizer(options.language)
        if self._is_lean and options.language != LEAN:
            self._is_lean = False
            self._weights = self._loaded()
        is_danish = options.language == LEAN
        decoder = Decoder(
            self._weights,
            self._features,
            tokenizer,
            options,
            floor_s=self._floor_s,
            rescorer=self._rescorer if is_danish else None,
            calibration=self._calibration,
            preference=self._preferring(options.terms) if is_danish else None,
        )
        start = 0.0
        for clip in blocks:
            if clip.sample_rate != SAMPLE_RATE:
                raise TranscriptionError(
                    f"Sound at {clip.sample_rate} Hz can't be recognised; give {SAMPLE_RATE}."
                )
            block = Block(samples=clip.samples, speech=self._speech(clip.samples), start=start)
            start += clip.duration
            windows = pack(
                speech_spans(block.speech, len(block.samples)),
                block.speech,
                most_s=self._window_s,
                gap_s=self._gap_s,
            )
            for segment in decoder.decode(block, windows, self._pool):
                yield segment
                if progress:
                    progress(segment.end)
            if progress:
                progress(start)
        self._tidy(start)

    def _tidy(self, seconds: float) -> None:
        """Give memory back now and then: what is freed is in pieces that don't fit the next recording."""
        self._untidied_s += seconds
        if self._untidied_s >= _TIDY_S:
            self._untidied_s = 0.0
            give_back_memory()

    def _speech(self, samples: Sound) -> NDArray[np.float32]:
        """Probability of speech in each `HOP` samples, shape (m,)."""
        # Padded to whole hops and at least one more, as the detector writes into what it is given.
        padded = np.pad(samples, (0, HOP - len(samples) % HOP))
        return np.asarray(self._vad(padded), dtype=np.float32).reshape(-1)

    def _loaded(self) -> Weights:
        try:
            return Weights(
                self._folder,
                compute_type=self._model_name.compute_type,
                workers=self._workers,
                danish=self._is_lean,
            )
        except Exception as error:  # the library raises whatever its parts raise
            raise self._unloadable() from error

    def _preferring(self, asked: frozenset[str] | None) -> Preference | None:
        """Prefer the words of a vocabulary; the last one is kept, as it is mostly asked for again."""
        terms = self._usual_terms() if asked is None else asked
        if not terms:
            return None
        if terms != self._terms:
            self._preference = Preference(Bias(terms, danish()), self._judge, self._tokens)
            self._terms = terms
        return self._preference

    def _tokens(self, text: str) -> Sequence[int] | None:
        """Cut a text into tokens; None where the model can't write one of them."""
        if self._cutter is None:
            self._cutter = tokenizer_of((self._folder / "tokenizer.json").read_text(encoding="utf-8"))
        ids: list[int] = self._cutter.encode(text, add_special_tokens=False).ids
        return ids if self._weights.can_write(ids) else None

    def _unloadable(self) -> TranscriptionError:
        return TranscriptionError(
            f"The speech model {self._model_name.name} in {self._folder} can't be loaded. "
            "Check it with: dictate-models verify"
        )

    def _tokenizer(self, language: str) -> Tokenizer:
        try:
            # All models of the catalogue know all languages.
            return Tokenizer(self._texts, multilingual=True, task="transcribe", language=language)
        except ValueError as error:
            raise TranscriptionError(
                f"The language {language!r} is unknown to Whisper models. Give an ISO 639-1 code such as da."
            ) from error


def _cores() -> int:
    """Cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
