"""A Whisper model that writes Danish only: the same weights, without the words of other languages.

Half of the work of writing a token is to score 50,000 of them. The 16,000 of written Danish (with all single
bytes, so that nothing is unwritable) are enough, and decoding takes two thirds of the time.
Token numbers are those of the whole model everywhere outside this module.
"""

import io
import json
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path

import ctranslate2
import numpy as np
from numpy.typing import NDArray

from dictate.transcriber.vocabulary import read_vocabulary

BINARY_VERSION = 6
TEXT_TOKENS = 50_257
"""Tokens of text in every multilingual Whisper model; those after them are special."""
_ID_LISTS = ("suppress_ids", "suppress_ids_begin", "lang_ids")


@dataclass(frozen=True, slots=True, kw_only=True)
class Aligned:
    """Where a text is said in a window."""

    places: tuple[tuple[int, int], ...]
    """Pairs of token and encoder position, both rising by at most one; the token after the last is the end
    of text."""
    probabilities: tuple[float, ...]
    """0..1, one for each token."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """One hypothesis."""

    tokens: tuple[int, ...]
    score: float
    """Mean log-probability per token."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decoded:
    """What was decoded from one window."""

    hypotheses: tuple[Written, ...]
    """Best first."""
    no_speech_prob: float


@dataclass(frozen=True, slots=True, kw_only=True)
class _Lean:
    """A smaller model."""

    files: dict[str, bytes]
    kept: NDArray[np.int64]
    """Token of the whole model for each of its own."""


class Weights:
    """A loaded model that takes and gives the token numbers of the whole model."""

    def __init__(self, folder: Path, *, compute_type: str, workers: int, danish: bool) -> None:
        """Load a model.

        Args:
            folder: as CTranslate2 has it.
            compute_type: as CTranslate2 names it.
            workers: calls that may run at the same time, one core each.
            danish: True leaves out what Danish isn't written with, where the model's layout is known.

        Raises:
            OSError: a file can't be read.
            RuntimeError: the files hold no such model.
            ValueError: they hold something else.

        """
        lean = _without_other_languages(folder) if danish else None
        contents = lean.files if lean else None
        self._kept = lean.kept if lean else None
        # One thread for each worker: more spend their time waiting for each other.
        self._model = ctranslate2.models.Whisper(
            str(folder),
            device="cpu",
            compute_type=compute_type,
            inter_threads=workers,
            intra_threads=1,
            files=contents,
        )
        self._place = None if self._kept is None else {int(token): i for i, token in enumerate(self._kept)}

    @property
    def n_mels(self) -> int:
        """Mel bands of the features it takes."""
        return int(self._model.n_mels)

    def can_write(self, tokens: Sequence[int]) -> bool:
        """Tell whether the model kept all of these tokens."""
        return self._place is None or all(token in self._place for token in tokens)

    def encode(self, features: NDArray[np.float32]) -> ctranslate2.StorageView:
        """Encode features of shape (batch, n_mels, frames) to (batch, frames / 2, d_model)."""
        return self._model.encode(ctranslate2.StorageView.from_array(features))

    def generate(
        self,
        encoded: ctranslate2.StorageView,
        prompt: Sequence[int],
        *,
        beam_size: int,
        most_tokens: int,
        repetition_penalty: float = 1.0,
    ) -> list[Decoded]:
        """Decode all windows of a batch to as many hypotheses as the beam holds."""
        results = self._model.generate(
            encoded,
            [self._inward(prompt)] * encoded.shape[0],
            beam_size=beam_size,
            num_hypotheses=beam_size,
            repetition_penalty=repetition_penalty,
            max_length=2 * most_tokens,  # CTranslate2 writes half of it at most
            return_scores=True,
            return_no_speech_prob=True,
        )
        return [
            Decoded(
                hypotheses=tuple(
                    Written(tokens=self._outward(ids), score=score)
                    for ids, score in zip(result.sequences_ids, result.scores, strict=True)
                ),
                no_speech_prob=result.no_speech_prob,
            )
            for result in results
        ]

    def align(
        self,
        encoded: ctranslate2.StorageView,
        prompt: Sequence[int],
        texts: Sequence[Sequence[int]],
        frames: Sequence[int],
    ) -> list[Aligned]:
        """Find where in each window of a batch its text is said, and how probable each token of it is.

        Args:
            encoded: from `encode`.
            prompt: tokens before the text.
            texts: one for each window.
            frames: mel frames with sound, for each window.

        """
        found = self._model.align(
            encoded, self._inward(prompt), [self._inward(text) for text in texts], list(frames)
        )
        return [
            Aligned(places=tuple(one.alignments), probabilities=tuple(one.text_token_probs)) for one in found
        ]

    def _inward(self, tokens: Sequence[int]) -> list[int]:
        return list(tokens) if self._place is None else [self._place[token] for token in tokens]

    def _outward(self, tokens: Sequence[int]) -> tuple[int, ...]:
        return tuple(tokens if self._kept is None else self._kept[tokens].tolist()) if tokens else ()


@cache
def danish_tokens() -> NDArray[np.int64]:
    """Return the tokens that Danish is written with, rising, from the data file; all below `TEXT_TOKENS`."""
    text = (
        resources.files("dictate.transcriber").joinpath("data/danish_tokens.txt").read_text(encoding="ascii")
    )
    tokens: list[int] = []
    for line in text.splitlines():
        if not line.startswith("#"):
            for part in line.split():
                first, _, last = part.partition("-")
                tokens.extend(range(int(first), int(last or first) + 1))
    return np.asarray(tokens, dtype=np.int64)


def _without_other_languages(folder: Path) -> _Lean | None:
    """Make the smaller model in memory; None where the model has another layout."""
    vocabulary = read_vocabulary(folder)
    if "<|notimestamps|>" not in vocabulary or vocabulary.index("<|endoftext|>") != TEXT_TOKENS:
        return None  # an English-only model, or no Whisper at all
    kept = np.concatenate(
        [danish_tokens(), np.arange(TEXT_TOKENS, vocabulary.index("<|notimestamps|>") + 1, dtype=np.int64)]
    )
    model = _with_rows((folder / "model.bin").read_bytes(), len(vocabulary), kept)
    if model is None:
        return None
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    place = {int(token): number for number, token in enumerate(kept)}
    for name in _ID_LISTS:
        if name in config:
            config[name] = [place[token] for token in config[name] if token in place]
    written = "".join(f"{vocabulary[token]}\n" for token in kept.tolist())
    files = {
        "model.bin": model,
        "config.json": json.dumps(config).encode(),
        "vocabulary.txt": written.encode(),
    }
    return _Lean(files=files, kept=kept)


def _with_rows(content: bytes, rows: int, kept: NDArray[np.int64]) -> bytes | None:
    """Copy a model file with only the `kept` rows of what has one for each of `rows` tokens.

    The layout is described in `models.convert`. None where it is another.
    """
    source = io.BytesIO(content)
    target = io.BytesIO()

    def copied(size: int) -> bytes:
        part = source.read(size)
        target.write(part)
        return part

    def copied_number() -> int:
        return int(struct.unpack("<I", copied(4))[0])

    def copied_string() -> bytes:
        return copied(struct.unpack("<H", copied(2))[0])

    if copied_number() != BINARY_VERSION:
        return None
    copied_string()
    copied_number()
    for _ in range(copied_number()):
        copied_string()
        rank = copied(1)[0]
        shape = struct.unpack(f"<{rank}I", source.read(4 * rank))
        kind, size = struct.unpack("<BI", source.read(5))
        if rank and shape[0] == rows:
            table = np.frombuffer(source.read(size), dtype=np.uint8).reshape(rows, -1)[kept]
            target.write(
                struct.pack(f"<{rank}IBI", len(kept), *shape[1:], kind, table.size) + table.tobytes()
            )
        else:
            target.write(struct.pack(f"<{rank}IBI", *shape, kind, size))
            target.write(source.read(size))
    target.write(source.read())
    return target.getvalue()
