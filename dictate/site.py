"""How well a model does on a site's own recordings: error rates, terms, calibration, and whom it fails.

Pure: recognised words and known texts in, figures out. Intervals are bootstrap intervals over recordings, or
over speakers where at least five are known, because the recordings of one speaker are not independent.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dictate.evaluate import comparable, compare
from dictate.transcript import Word

Array = npt.NDArray[np.float64]

DRAWS = 2000
"""Bootstrap draws."""
BINS = 10
"""Bins of the calibration."""
FEWEST = 5
"""A group of fewer recordings gets no interval: it would say more than is known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Utterance:
    """One recording with what was said and what was heard; kept in memory only."""

    speaker: str
    """Empty where unknown."""
    groups: Mapping[str, str]
    """Label to value, such as "dialect" to "vestjysk"."""
    said: str
    heard: str
    words: tuple[Word, ...]
    terms: int
    """Entries that the true text calls for."""
    found: int
    """Of these, those that the recognised text calls for too."""
    invented: int
    """Entries that only the recognised text calls for."""
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """A share in 0..1 (an error rate may exceed 1) with its 95 % interval."""

    value: float
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """The figures of a set of recordings."""

    recordings: int
    speakers: int
    words: int
    wer: Rate
    cer: Rate
    term_recall: Rate | None
    """None where the texts call for no entries."""
    invented_per_note: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """What separates a group from the others with the same label: its WER minus theirs."""

    label: str
    value: str
    figures: Figures
    wer_gap: Rate


@dataclass(frozen=True, slots=True, kw_only=True)
class Bin:
    """Words whose probability lies in one tenth."""

    low: float
    words: int
    probability: float
    """Mean of what the model says."""
    right: float
    """Share that was right."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """Everything that is known of one model on these recordings."""

    model: str
    all: Figures
    gaps: tuple[Gap, ...]
    ece: float
    """Expected calibration error: mean distance between probability and share right, weighted by words."""
    bins: tuple[Bin, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Counts:
    speaker: str
    words: int
    errors: int
    characters: int
    character_errors: int
    terms: int
    found: int
    invented: int


def evaluate(model: str, utterances: Sequence[Utterance], *, seed: int = 1) -> Evaluation:
    """Return the figures of a model.

    Args:
        model: its name.
        utterances: at least one, with at least one word said.
        seed: of the bootstrap; the same recordings give the same figures.

    """
    counts = [_count(one) for one in utterances]
    random = np.random.default_rng(seed)
    labels = sorted({label for one in utterances for label in one.groups})
    gaps = []
    for label in labels:
        for value in sorted({one.groups[label] for one in utterances if one.groups.get(label)}):
            inside = [
                count for count, one in zip(counts, utterances, strict=True) if one.groups.get(label) == value
            ]
            outside = [
                count
                for count, one in zip(counts, utterances, strict=True)
                if one.groups.get(label) not in {value, None, ""}
            ]
            if outside:
                gaps.append(
                    Gap(
                        label=label,
                        value=value,
                        figures=_figures(inside, random),
                        wer_gap=_gap(inside, outside, random),
                    )
                )
    ece, bins = calibration(utterances)
    return Evaluation(model=model, all=_figures(counts, random), gaps=tuple(gaps), ece=ece, bins=bins)


def calibration(utterances: Iterable[Utterance]) -> tuple[float, tuple[Bin, ...]]:
    """Compare the probability of each word with whether it was right.

    Returns:
        The expected calibration error, and the bins that hold words.

    """
    found: dict[int, list[tuple[float, bool]]] = defaultdict(list)
    for one in utterances:
        for probability, right in _judged(one):
            found[min(int(probability * BINS), BINS - 1)].append((probability, right))
    total = sum(len(words) for words in found.values())
    bins = tuple(
        Bin(
            low=at / BINS,
            words=len(words),
            probability=float(np.mean([probability for probability, _ in words])),
            right=float(np.mean([right for _, right in words])),
        )
        for at, words in sorted(found.items())
    )
    ece = sum(one.words * abs(one.probability - one.right) for one in bins) / total if total else 0.0
    return ece, bins


def _judged(one: Utterance) -> Iterable[tuple[float, bool]]:
    """Give the probability of each recognised word and whether the alignment has it right."""
    import jiwer  # noqa: PLC0415 - not needed for any other command

    pieces = [(piece, word.probability) for word in one.words for piece in comparable(word.text).split()]
    if not pieces or not comparable(one.said):
        return
    heard = [piece for piece, _ in pieces]
    aligned = jiwer.process_words(comparable(one.said), " ".join(heard)).alignments[0]
    right = {
        at for part in aligned if part.type == "equal" for at in range(part.hyp_start_idx, part.hyp_end_idx)
    }
    for at, (_, probability) in enumerate(pieces):
        yield probability, at in right


def _count(one: Utterance) -> _Counts:
    compared = compare(one.said, one.heard)
    return _Counts(
        speaker=one.speaker,
        words=compared.words,
        errors=compared.errors,
        characters=compared.characters,
        character_errors=compared.character_errors,
        terms=one.terms,
        found=one.found,
        invented=one.invented,
    )


def _figures(counts: Sequence[_Counts], random: np.random.Generator) -> Figures:
    terms = sum(one.terms for one in counts)
    return Figures(
        recordings=len(counts),
        speakers=len({one.speaker for one in counts if one.speaker}),
        words=sum(one.words for one in counts),
        wer=_rate([(one.errors, one.words, one.speaker) for one in counts], random),
        cer=_rate([(one.character_errors, one.characters, one.speaker) for one in counts], random),
        term_recall=_rate([(one.found, one.terms, one.speaker) for one in counts], random) if terms else None,
        invented_per_note=sum(one.invented for one in counts) / len(counts),
    )


def _rate(parts: Sequence[tuple[int, int, str]], random: np.random.Generator) -> Rate:
    """Return the sum of the first over the sum of the second."""
    value = _share(np.array([part[:2] for part in parts], dtype=float).sum(axis=0))
    if len(parts) < FEWEST:
        return Rate(value=value)
    draws = [_share(drawn) for drawn in _drawn(parts, random)]
    low, high = np.quantile(draws, [0.025, 0.975])
    return Rate(value=value, low=float(low), high=float(high))


def _gap(inside: Sequence[_Counts], outside: Sequence[_Counts], random: np.random.Generator) -> Rate:
    sides = [[(one.errors, one.words, one.speaker) for one in side] for side in (inside, outside)]
    one, other = (_share(np.array([part[:2] for part in side], dtype=float).sum(axis=0)) for side in sides)
    if min(len(side) for side in sides) < FEWEST:
        return Rate(value=one - other)
    draws = [
        _share(first) - _share(second)
        for first, second in zip(_drawn(sides[0], random), _drawn(sides[1], random), strict=True)
    ]
    low, high = np.quantile(draws, [0.025, 0.975])
    return Rate(value=one - other, low=float(low), high=float(high))


def _drawn(parts: Sequence[tuple[int, int, str]], random: np.random.Generator) -> Array:
    """Draw speakers, or recordings where too few speakers are known; shape (DRAWS, 2)."""
    by_speaker: dict[str, Array] = {}
    for at, (first, second, speaker) in enumerate(parts):
        name = speaker or f"\0{at}"
        by_speaker[name] = by_speaker.get(name, np.zeros(2)) + np.array([first, second], dtype=float)
    units = np.array(list(by_speaker.values()))
    if len(units) < FEWEST:
        units = np.array([part[:2] for part in parts], dtype=float)
    chosen = random.integers(0, len(units), size=(DRAWS, len(units)))
    totals: Array = units[chosen].sum(axis=1)
    return totals


def _share(pair: Array) -> float:
    return float(pair[0] / pair[1]) if pair[1] else 0.0
