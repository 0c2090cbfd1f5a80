"""From tokens aligned with sound to words with times (pure)."""

from collections.abc import Iterable, Sequence
from itertools import groupby, pairwise

import numpy as np
from numpy.typing import NDArray

from dictate.audio import SAMPLE_RATE
from dictate.transcriber.packing import HOP
from dictate.transcript import Word

SECONDS_PER_POSITION = 0.02
"""Of the encoder's time axis."""
_SHORTEST_WORD_S = 0.03
"""A word in less time is not said."""
_HEAP = 3
"""So many words on end in no time are invented."""
_SPEECH = 0.2
"""Speech probability below which the edge of a word is only the pause beside it."""


def word_groups(pieces: Iterable[tuple[str, int]]) -> tuple[tuple[str, int], ...]:
    """Join decoded pieces to words as they stand between spaces; lone punctuation stays with its neighbour.

    Args:
        pieces: text of whole characters and number of tokens, in order; a new word begins with a space.

    Returns:
        Words without surrounding space and their numbers of tokens; nothing is lost.

    """
    groups: list[tuple[str, int]] = []
    for text, count in pieces:
        if groups and not text[:1].isspace():
            groups[-1] = (groups[-1][0] + text, groups[-1][1] + count)
        else:
            groups.append((text, count))
    words: list[tuple[str, int]] = []
    for text, count in groups:
        if words and not (_is_word(text) and _is_word(words[-1][0])):
            words[-1] = (words[-1][0] + text, words[-1][1] + count)
        else:
            words.append((text, count))
    return tuple((text.strip(), count) for text, count in words)


def _is_word(text: str) -> bool:
    return any(letter.isalnum() for letter in text)


def token_starts(alignments: Sequence[tuple[int, int]], tokens: int) -> NDArray[np.float64]:
    """Seconds at which each token begins, and the end of the last one.

    Args:
        alignments: pairs of token and encoder position, both rising by at most one; the token after the
            last is the end of text.
        tokens: how many tokens there are.

    Returns:
        Shape (tokens + 1,), rising.

    """
    pairs = np.asarray(alignments, dtype=np.int64).reshape(-1, 2)
    first = np.searchsorted(pairs[:, 0], np.arange(tokens + 1))
    positions = np.append(pairs[:, 1], pairs[-1, 1] + 1 if len(pairs) else 0)
    return positions[first] * SECONDS_PER_POSITION


def timed_words(
    groups: Sequence[tuple[str, int]],
    starts: NDArray[np.float64],
    token_probabilities: Sequence[float],
    speech: NDArray[np.float32],
    *,
    first_sample: int,
    block_start: float,
) -> tuple[Word, ...]:
    """Give words their times and probabilities.

    Args:
        groups: from `word_groups`.
        starts: from `token_starts`; seconds from the first sample of the window.
        token_probabilities: 0..1, one for each token.
        speech: shape (m,), 0..1, probability of speech in each `HOP` samples of the block.
        first_sample: of the window, in the block.
        block_start: seconds from the start of the recording.

    Returns:
        Words with seconds from the start of the recording; silence at their edges is cut off, and what takes
        no time is left out, because nobody said it.

    """
    words = []
    token = 0
    for (text, count), is_said in zip(groups, _takes_time(groups, starts), strict=True):
        if not is_said:
            token += count
            continue
        first, last = (first_sample / SAMPLE_RATE + float(starts[edge]) for edge in (token, token + count))
        start, end = (round(block_start + edge, 3) for edge in _trimmed(first, last, speech))
        mean = float(np.mean(token_probabilities[token : token + count]))
        words.append(Word(text=text, start=start, end=end, probability=round(mean, 4)))
        token += count
    return tuple(words)


def said_tokens(
    groups: Sequence[tuple[str, int]], starts: NDArray[np.float64]
) -> tuple[tuple[int, int], ...]:
    """Find the tokens, half-open, of each word that `timed_words` returns for the same groups and starts."""
    edges = np.cumsum([0, *(count for _, count in groups)]).tolist()
    ranges = pairwise(edges)
    return tuple(found for found, is_said in zip(ranges, _takes_time(groups, starts), strict=True) if is_said)


def _takes_time(groups: Sequence[tuple[str, int]], starts: NDArray[np.float64]) -> list[bool]:
    """Tell for each word whether it was said.

    Words that the decoder repeats or makes up find no sound of their own, so the alignment heaps them on one
    moment. A single word may be heaped by chance; several on end are never said in no time.
    """
    edges = np.cumsum([0, *(count for _, count in groups)])
    hurried = (np.diff(starts[edges]) < _SHORTEST_WORD_S).tolist()
    said: list[bool] = []
    for is_hurried, run in groupby(hurried):
        length = len(list(run))
        said += [not is_hurried or length < _HEAP] * length
    return said


def _trimmed(start: float, end: float, speech: NDArray[np.float32]) -> tuple[float, float]:
    """Move the edges of a word to the first and last moment of speech in it, if there is any."""
    hop = HOP / SAMPLE_RATE
    low = int(start / hop)
    spoken = np.flatnonzero(speech[low : max(low + 1, round(end / hop))] >= _SPEECH)
    if not len(spoken):
        return start, end
    return max(start, (low + int(spoken[0])) * hop), min(end, (low + int(spoken[-1]) + 1) * hop)
