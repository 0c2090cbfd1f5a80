"""From stretches of speech to words: encoded, decoded to several hypotheses, the best chosen and timed."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import groupby

import ctranslate2
import numpy as np
from faster_whisper.tokenizer import Tokenizer
from numpy.typing import NDArray

from dictate.audio import SAMPLE_RATE
from dictate.transcriber.base import DecodeOptions
from dictate.transcriber.calibration import Calibration, Evidence
from dictate.transcriber.features import LogMel
from dictate.transcriber.guards import (
    CERTAIN,
    is_cut_short,
    is_invented,
    is_phantom,
    token_limit,
    without_loops,
)
from dictate.transcriber.packing import HOP, MAX_FRAMES, Span, gain, window_frames
from dictate.transcriber.preferring import Heard, Preference
from dictate.transcriber.rescoring import Candidate, Rescorer
from dictate.transcriber.timing import said_tokens, timed_words, token_starts, word_groups
from dictate.transcriber.weights import Decoded, Weights
from dictate.transcript import Segment, Word

LONG_S = 60.0
"""Of speech in a block: in long recordings the windows are full, and fewer hypotheses are enough."""
_FEWER = 3
BATCH = 4
"""Windows decoded at once: reads the weights once for all, and needs little memory."""

Sound = NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Look:
    """One way to decode a window."""

    lead_s: float = 0.0
    """Silence put before the sound."""
    wider: int = 0
    """Mel frames of silence added after it."""
    repetition_penalty: float = 1.0
    narrower: int = 0
    """Hypotheses fewer than asked for."""


FIRST = _Look()
SECOND = _Look(lead_s=0.2, wider=500, repetition_penalty=1.05, narrower=3)
"""Shifted, in a wider window and a little averse to repeating itself: where the first look failed by chance,
this one mostly doesn't."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Hypothesis:
    """What may have been said in one window."""

    tokens: tuple[int, ...]
    text: str
    log_probability: float
    """Of all tokens."""
    avg_logprob: float
    no_speech_prob: float
    whole: bool
    """False where the decoder looped or didn't come to an end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A block of sound with the speech found in it."""

    samples: Sound
    speech: NDArray[np.float32]
    """Shape (m,), 0..1, for each `HOP` samples."""
    start: float
    """Seconds from the start of the recording."""


class Decoder:
    """Decodes the windows of blocks with one set of options."""

    def __init__(
        self,
        weights: Weights,
        features: LogMel,
        tokenizer: Tokenizer,
        options: DecodeOptions,
        *,
        floor_s: float,
        rescorer: Rescorer | None,
        calibration: Calibration | None = None,
        preference: Preference | None = None,
    ) -> None:
        """Keep what all windows need.

        Args:
            weights: the model.
            features: of the kind that the model takes.
            tokenizer: of the model.
            options: how to listen.
            floor_s: shortest encoder window in seconds that the model bears.
            rescorer: of the language; None takes the recogniser's own best hypothesis as it is.
            calibration: of the model; used with a rescorer, which knows the words. None keeps the model's own
                probabilities.
            preference: of the terms in use; asked where words get times.

        """
        self._weights = weights
        self._features = features
        self._tokenizer = tokenizer
        self._options = options
        self._floor_s = floor_s
        self._rescorer = rescorer
        self._calibration = calibration
        self._preference = preference

    def decode(self, block: Block, windows: Sequence[Span], pool: ThreadPoolExecutor) -> Iterator[Segment]:
        """Decode all windows of a block, several at a time; segments come in order."""
        frames = {
            span: window_frames(span.seconds, floor_s=self._floor_s, n_mels=self._weights.n_mels)
            for span in windows
        }
        fewer = fewer_hypotheses(windows)
        jobs = {}
        for size, group in groupby(
            sorted(windows, key=lambda span: (frames[span], span)), key=frames.__getitem__
        ):
            equal = list(group)
            for start in range(0, len(equal), BATCH):
                batch = equal[start : start + BATCH]
                job = pool.submit(self._decode_batch, block, batch, size, fewer)
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

    def _decode_batch(
        self, block: Block, spans: Sequence[Span], frames: int, fewer: int
    ) -> list[Segment | None]:
        """Decode windows that need as many frames, with so many hypotheses fewer than asked for."""
        sounds = [block.samples[span.start : span.end] for span in spans]
        sounds = [sound * np.float32(gain(sound)) for sound in sounds]
        encoded, heard = self._look(sounds, frames, FIRST, fewer)
        spoken = [spoken_s(block, span) for span in spans]
        unsure = [
            place
            for place, (found, seconds) in enumerate(zip(heard, spoken, strict=True))
            if self._is_unsure(found[0], seconds)
        ]
        if unsure:
            _, again = self._look([sounds[place] for place in unsure], frames, SECOND, fewer)
            for place, found in zip(unsure, again, strict=True):
                heard[place] += found
        best = [self._chosen(found, seconds) for found, seconds in zip(heard, spoken, strict=True)]
        if not self._options.word_times:
            return [self._segment(block, span, found) for span, found in zip(spans, best, strict=True)]
        words = self._words(block, spans, encoded, best)
        return [_timed_segment(found, timed) for found, timed in zip(best, words, strict=True)]

    def _look(
        self, sounds: Sequence[Sound], frames: int, look: _Look, fewer: int
    ) -> tuple[ctranslate2.StorageView, list[list[_Hypothesis]]]:
        """Encode and decode windows in one way.

        Returns:
            Encoder output of shape (batch, frames / 2, d_model), and each window's hypotheses, best first.

        """
        frames = min(frames + look.wider, MAX_FRAMES)
        features = np.zeros((len(sounds), self._weights.n_mels, frames), dtype=np.float32)
        lead = np.zeros(round(look.lead_s * SAMPLE_RATE), dtype=np.float32)
        for row, sound in zip(features, sounds, strict=True):
            computed = self._features(np.concatenate([lead, sound]))[:, :frames]
            row[:, : computed.shape[1]] = computed
        encoded = self._weights.encode(features)
        limit = token_limit(max(len(sound) for sound in sounds) / SAMPLE_RATE)
        decoded = self._weights.generate(
            encoded,
            [*self._tokenizer.sot_sequence, self._tokenizer.no_timestamps],
            beam_size=max(1, self._options.beam_size - max(fewer, look.narrower)),
            repetition_penalty=look.repetition_penalty,
            most_tokens=limit,
        )
        return encoded, [self._hypotheses(found, limit) for found in decoded]

    def _hypotheses(self, decoded: Decoded, limit: int) -> list[_Hypothesis]:
        found = []
        for written in decoded.hypotheses:
            text_ids = tuple(token for token in written.tokens if token < self._tokenizer.eot)
            tokens = without_loops(text_ids)
            length = len(written.tokens)
            found.append(
                _Hypothesis(
                    tokens=tokens,
                    text=" ".join(self._tokenizer.decode(list(tokens)).split()),
                    log_probability=written.score * length,
                    # The score is the mean over the written tokens; the end of text counts as one more.
                    avg_logprob=written.score * length / (length + 1),
                    no_speech_prob=decoded.no_speech_prob,
                    whole=len(tokens) == len(text_ids) and length < limit,
                )
            )
        return found

    def _is_unsure(self, best: _Hypothesis, spoken: float) -> bool:
        return (
            not best.whole
            or best.avg_logprob < self._options.second_look
            or is_cut_short(best.text, spoken_s=spoken)
        )

    def _chosen(self, heard: Sequence[_Hypothesis], spoken: float) -> _Hypothesis:
        """Choose what is written; nothing of what the model invented where nobody spoke."""
        # Probabilities of whole texts speak for short ones, however little of the speech they stand for.
        heard = [found for found in heard if not is_cut_short(found.text, spoken_s=spoken)] or heard
        whole = [found for found in heard if found.whole]
        if self._rescorer is None or not whole:
            best = max(whole or heard, key=lambda found: found.avg_logprob)
        else:
            best = whole[
                self._rescorer.choose(
                    [Candidate(text=found.text, log_probability=found.log_probability) for found in whole]
                )
            ]
        unheard = is_invented(
            no_speech_prob=best.no_speech_prob, avg_logprob=best.avg_logprob, spoken_s=spoken
        )
        if unheard or is_phantom(best.text):
            return replace(best, tokens=(), text="")
        return best

    def _words(
        self,
        block: Block,
        spans: Sequence[Span],
        encoded: ctranslate2.StorageView,
        best: Sequence[_Hypothesis],
    ) -> list[tuple[Word, ...]]:
        """Times and probabilities of the words, by aligning the text with the encoded sound."""
        aligned = self._weights.align(
            encoded,
            self._tokenizer.sot_sequence,
            [hypothesis.tokens for hypothesis in best],
            [max(1, round(span.seconds * 100)) for span in spans],
        )
        words = []
        for place, (span, hypothesis, found) in enumerate(zip(spans, best, aligned, strict=True)):
            pieces, ids = self._tokenizer.split_tokens_on_unicode(list(hypothesis.tokens))
            groups = word_groups(zip(pieces, map(len, ids), strict=True))
            starts = token_starts(found.places, len(hypothesis.tokens))
            timed = timed_words(
                groups,
                starts,
                found.probabilities,
                block.speech,
                first_sample=span.start,
                block_start=block.start,
            )
            heard = Heard(
                words=tuple(self._calibrated(word, hypothesis.avg_logprob) for word in self._righted(timed)),
                ranges=said_tokens(groups, starts),
                tokens=hypothesis.tokens,
                probabilities=found.probabilities,
            )
            words.append(self._preferred(heard, encoded, place, span))
        return words

    def _preferred(
        self, heard: Heard, encoded: ctranslate2.StorageView, place: int, span: Span
    ) -> tuple[Word, ...]:
        """Write the terms that were probably said; `place` is that of the window in the batch."""
        if self._preference is None:
            return heard.words

        def align(tokens: Sequence[int]) -> Sequence[float]:
            alone = np.array(encoded)[place : place + 1]
            frames = max(1, round(span.seconds * 100))
            return self._weights.align(
                ctranslate2.StorageView.from_array(alone), self._tokenizer.sot_sequence, [tokens], [frames]
            )[0].probabilities

        return self._preference.preferred(heard, align)

    def _calibrated(self, word: Word, avg_logprob: float) -> Word:
        """Say how often such a word is right."""
        if self._calibration is None or self._rescorer is None:
            return word
        evidence = Evidence(
            probability=word.probability,
            avg_logprob=avg_logprob,
            is_known=self._rescorer.knows(word.text),
            is_corrected=bool(word.alternatives),
        )
        return replace(word, probability=round(self._calibration.probability(evidence), 4))

    def _righted(self, heard: tuple[Word, ...]) -> tuple[Word, ...]:
        """Put words right; each keeps what was heard as the other reading."""
        if self._rescorer is None:
            return heard
        return tuple(
            word if text == word.text else replace(word, text=text, alternatives=(word.text,))
            for word, text in zip(heard, self._rescorer.righted([word.text for word in heard]), strict=True)
        )

    def _segment(self, block: Block, span: Span, found: _Hypothesis) -> Segment | None:
        """Make a segment of what was decoded from `span`; None where nothing was."""
        if not found.text:
            return None
        words = found.text.split()
        return Segment(
            text=" ".join(self._rescorer.righted(words) if self._rescorer else words),
            start=round(block.start + span.start / SAMPLE_RATE, 3),
            end=round(block.start + span.end / SAMPLE_RATE, 3),
            words=(),
            avg_logprob=round(found.avg_logprob, 4),
            no_speech_prob=round(found.no_speech_prob, 4),
        )


def spoken_s(block: Block, span: Span) -> float:
    """Say how many seconds of a window are speech for certain."""
    speech = block.speech[span.start // HOP : span.end // HOP]
    return int(np.count_nonzero(speech >= CERTAIN)) * HOP / SAMPLE_RATE


def fewer_hypotheses(windows: Sequence[Span]) -> int:
    """Say how many hypotheses fewer than asked for are enough for the windows of a block."""
    return _FEWER if sum(span.seconds for span in windows) > LONG_S else 0


def _timed_segment(found: _Hypothesis, words: tuple[Word, ...]) -> Segment | None:
    """Make a segment of words; None where none is left."""
    if not words:
        return None
    return Segment(
        text=" ".join(word.text for word in words),
        start=words[0].start,
        end=words[-1].end,
        words=words,
        avg_logprob=round(found.avg_logprob, 4),
        no_speech_prob=round(found.no_speech_prob, 4),
    )
