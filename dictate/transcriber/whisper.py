"""Whisper models in CTranslate2 format. The only importer of ctranslate2 and faster_whisper."""

import os
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import ctranslate2
import numpy as np
from faster_whisper.feature_extractor import FeatureExtractor
from faster_whisper.tokenizer import Tokenizer
from faster_whisper.vad import get_vad_model
from numpy.typing import NDArray
from tokenizers import Tokenizer as RawTokenizer

from dictate.audio import SAMPLE_RATE, AudioClip
from dictate.errors import TranscriptionError
from dictate.transcriber.base import DecodeOptions, Progress
from dictate.transcriber.guards import is_invented, token_limit, without_loops
from dictate.transcriber.packing import HOP, MAX_FRAMES, Span, gain, pack, speech_spans, window_frames
from dictate.transcriber.timing import timed_words, token_starts, word_groups
from dictate.transcript import ModelName, Segment, Transcript, Word

BATCH = 4
"""Windows decoded at once: reads the weights once for all, and needs little memory."""
MAX_WORKERS = 4

# Release builds of ONNX Runtime, on which the speech detector runs, report to their maker unless told not to
# before they are loaded (which happens when the detector is). Nothing may leave this machine.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"

Sound = NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Look:
    """One way to decode a window."""

    lead_s: float = 0.0
    """Silence put before the sound."""
    wider: int = 0
    """Mel frames of silence added after it."""
    repetition_penalty: float = 1.0


FIRST = _Look()
SECOND = _Look(lead_s=0.2, wider=500, repetition_penalty=1.05)
"""Shifted, in a wider window and a little averse to repeating itself: where the first look failed by chance,
this one mostly doesn't."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Hypothesis:
    """What was decoded from one window."""

    tokens: tuple[int, ...]
    avg_logprob: float
    no_speech_prob: float
    whole: bool
    """False where the decoder looped or didn't come to an end."""

    def needs_second_look(self, options: DecodeOptions) -> bool:
        return not self.whole or self.avg_logprob < options.second_look

    @property
    def rank(self) -> tuple[bool, float]:
        """The greater the better."""
        return self.whole, self.avg_logprob


@dataclass(frozen=True, slots=True, kw_only=True)
class _Block:
    """A block of sound with the speech found in it."""

    samples: Sound
    speech: NDArray[np.float32]
    """Shape (m,), 0..1, for each `HOP` samples."""
    offset: float
    """Seconds from the start of the recording."""


class WhisperTranscriber:
    """A Whisper model that listens to speech only, in windows no longer than they must be."""

    def __init__(
        self,
        folder: Path,
        *,
        model: ModelName,
        floor_s: float = 30.0,
        window_s: float = 20.0,
        gap_s: float = 1.0,
        workers: int = 0,
    ) -> None:
        """Load a model.

        Args:
            folder: holds model.bin, config.json, tokenizer.json and the vocabulary.
            model: what the folder holds; its compute type is used.
            floor_s: shortest encoder window in seconds that the model bears; 30 is safe for all.
            window_s: most seconds of sound decoded in one piece; more than 20 s of fast speech may not fit
                into the 224 tokens that a Whisper model writes at most.
            gap_s: a longer silence, in seconds, parts two pieces.
            workers: pieces decoded at the same time, one core each; 0 for the number of cores, at most 4.

        Raises:
            TranscriptionError: the folder holds no model that can be loaded.

        """
        self._model_name = model
        self._floor_s, self._window_s, self._gap_s = floor_s, window_s, gap_s
        self._workers = workers or min(_cores(), MAX_WORKERS)
        try:
            # One thread for each worker: more spend their time waiting for each other.
            self._model = ctranslate2.models.Whisper(
                str(folder),
                device="cpu",
                compute_type=model.compute_type,
                inter_threads=self._workers,
                intra_threads=1,
            )
            self._raw_tokenizer = RawTokenizer.from_file(str(folder / "tokenizer.json"))
        except Exception as error:  # the libraries raise bare Exception and RuntimeError
            raise TranscriptionError(
                f"The speech model {model.name} in {folder} can't be loaded. "
                "Check it with: dictate-models verify"
            ) from error
        self._extract = FeatureExtractor(feature_size=self._model.n_mels)
        self._vad = get_vad_model()

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
        decoder = _Decoder(
            self._model, self._extract, self._tokenizer(options.language), options, self._floor_s
        )
        offset = 0.0
        with ThreadPoolExecutor(self._workers) as pool:
            for clip in blocks:
                if clip.sample_rate != SAMPLE_RATE:
                    raise TranscriptionError(
                        f"Sound at {clip.sample_rate} Hz can't be recognised; give {SAMPLE_RATE}."
                    )
                block = _Block(samples=clip.samples, speech=self._speech(clip.samples), offset=offset)
                offset += clip.duration
                windows = pack(
                    speech_spans(block.speech, len(block.samples)),
                    block.speech,
                    most_s=self._window_s,
                    gap_s=self._gap_s,
                )
                for segment in decoder.decode(block, windows, pool):
                    yield segment
                    if progress:
                        progress(segment.end)
                if progress:
                    progress(offset)

    def _speech(self, samples: Sound) -> NDArray[np.float32]:
        """Probability of speech in each `HOP` samples, shape (m,)."""
        # Padded to whole hops and at least one more, as the detector writes into what it is given.
        padded = np.pad(samples, (0, HOP - len(samples) % HOP))
        return np.asarray(self._vad(padded), dtype=np.float32).reshape(-1)

    def _tokenizer(self, language: str) -> Tokenizer:
        try:
            return Tokenizer(
                self._raw_tokenizer, self._model.is_multilingual, task="transcribe", language=language
            )
        except ValueError as error:
            raise TranscriptionError(
                f"The language {language!r} is unknown to Whisper models. Give an ISO 639-1 code such as da."
            ) from error


class _Decoder:
    """Decodes the windows of blocks with one set of options."""

    def __init__(
        self,
        model: ctranslate2.models.Whisper,
        extract: FeatureExtractor,
        tokenizer: Tokenizer,
        options: DecodeOptions,
        floor_s: float,
    ) -> None:
        self._model = model
        self._extract = extract
        self._tokenizer = tokenizer
        self._options = options
        self._floor_s = floor_s

    def decode(self, block: _Block, windows: Sequence[Span], pool: ThreadPoolExecutor) -> Iterator[Segment]:
        """Decode all windows of a block, several at a time; segments come in order."""
        frames = {
            span: window_frames(span.seconds, floor_s=self._floor_s, n_mels=self._model.n_mels)
            for span in windows
        }
        jobs = {}
        for size, group in groupby(
            sorted(windows, key=lambda span: (frames[span], span)), key=frames.__getitem__
        ):
            equal = list(group)
            for start in range(0, len(equal), BATCH):
                batch = equal[start : start + BATCH]
                job = pool.submit(self._decode_batch, block, batch, size)
                jobs.update({span: (job, place) for place, span in enumerate(batch)})
        try:
            for span in windows:
                job, place = jobs[span]
                segment = job.result()[place]
                if segment:
                    yield segment
        finally:
            for job, _ in jobs.values():
                job.cancel()

    def _decode_batch(self, block: _Block, spans: Sequence[Span], frames: int) -> list[Segment | None]:
        """Decode windows that need the same number of frames."""
        sounds = [block.samples[span.start : span.end] for span in spans]
        sounds = [sound * np.float32(gain(sound)) for sound in sounds]
        encoded, best = self._look(sounds, frames, FIRST)
        unsure = [place for place, found in enumerate(best) if found.needs_second_look(self._options)]
        if unsure:
            _, again = self._look([sounds[place] for place in unsure], frames, SECOND)
            for place, found in zip(unsure, again, strict=True):
                best[place] = max(best[place], found, key=lambda hypothesis: hypothesis.rank)
        words = self._words(block, spans, encoded, best) if self._options.word_times else [()] * len(spans)
        return [
            self._segment(block, span, hypothesis, timed)
            for span, hypothesis, timed in zip(spans, best, words, strict=True)
        ]

    def _look(
        self, sounds: Sequence[Sound], frames: int, look: _Look
    ) -> tuple[ctranslate2.StorageView, list[_Hypothesis]]:
        """Encode and decode windows in one way.

        Returns:
            Encoder output of shape (batch, frames / 2, d_model), and the best hypothesis for each window.

        """
        frames = min(frames + look.wider, MAX_FRAMES)
        features = np.zeros((len(sounds), self._model.n_mels, frames), dtype=np.float32)
        lead = np.zeros(round(look.lead_s * SAMPLE_RATE), dtype=np.float32)
        for row, sound in zip(features, sounds, strict=True):
            computed = self._extract(np.concatenate([lead, sound]))[:, :frames]
            row[:, : computed.shape[1]] = computed
        encoded = self._model.encode(ctranslate2.StorageView.from_array(features))
        limit = token_limit(max(len(sound) for sound in sounds) / SAMPLE_RATE)
        results = self._model.generate(
            encoded,
            [[*self._tokenizer.sot_sequence, self._tokenizer.no_timestamps]] * len(sounds),
            beam_size=self._options.beam_size,
            repetition_penalty=look.repetition_penalty,
            max_length=2 * limit,  # CTranslate2 writes half of it at most
            return_scores=True,
            return_no_speech_prob=True,
        )
        return encoded, [
            self._hypothesis(result.sequences_ids[0], result.scores[0], result.no_speech_prob, limit)
            for result in results
        ]

    def _hypothesis(self, ids: Sequence[int], score: float, no_speech_prob: float, limit: int) -> _Hypothesis:
        text_ids = tuple(token for token in ids if token < self._tokenizer.eot)
        tokens = without_loops(text_ids)
        return _Hypothesis(
            tokens=tokens,
            # The score is the mean over the written tokens; the end of text counts as one more.
            avg_logprob=score * len(ids) / (len(ids) + 1),
            no_speech_prob=no_speech_prob,
            whole=len(tokens) == len(text_ids) and len(ids) < limit,
        )

    def _words(
        self,
        block: _Block,
        spans: Sequence[Span],
        encoded: ctranslate2.StorageView,
        best: Sequence[_Hypothesis],
    ) -> list[tuple[Word, ...]]:
        """Times and probabilities of the words, by aligning the text with the encoded sound."""
        aligned = self._model.align(
            encoded,
            self._tokenizer.sot_sequence,
            [list(hypothesis.tokens) for hypothesis in best],
            [max(1, round(span.seconds * 100)) for span in spans],
        )
        words = []
        for span, hypothesis, found in zip(spans, best, aligned, strict=True):
            pieces, ids = self._tokenizer.split_tokens_on_unicode(list(hypothesis.tokens))
            groups = word_groups(zip(pieces, map(len, ids), strict=True))
            starts = token_starts(found.alignments, len(hypothesis.tokens))
            words.append(timed_words(groups, starts, found.text_token_probs, block.speech, span.start))
        return words

    def _segment(
        self, block: _Block, span: Span, hypothesis: _Hypothesis, words: Sequence[Word]
    ) -> Segment | None:
        """Make a segment in seconds of the recording; None where nothing was said."""
        text = " ".join(self._tokenizer.decode(list(hypothesis.tokens)).split())
        if not text or is_invented(
            no_speech_prob=hypothesis.no_speech_prob, avg_logprob=hypothesis.avg_logprob
        ):
            return None
        moved = tuple(
            Word(
                text=word.text,
                start=round(word.start + block.offset, 3),
                end=round(word.end + block.offset, 3),
                probability=word.probability,
            )
            for word in words
        )
        start = moved[0].start if moved else block.offset + span.start / SAMPLE_RATE
        end = moved[-1].end if moved else block.offset + span.end / SAMPLE_RATE
        return Segment(
            text=text,
            start=round(start, 3),
            end=round(end, 3),
            words=moved,
            avg_logprob=round(hypothesis.avg_logprob, 4),
            no_speech_prob=round(hypothesis.no_speech_prob, 4),
        )


def _cores() -> int:
    """Cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
