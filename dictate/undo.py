"""Taking back the last sentence of a dictation, by key or by voice (pure)."""

from collections.abc import Sequence

from dictate.transcript import Transcript, Word
from terminology.written import to_written

SPOKEN = (("slet", "det"), ("slet", "sætningen"), ("fortryd",), ("fortryd", "det"), ("stryg", "det"))
"""What takes back the sentence before it, where it is said on its own."""
_ALONE_S = 0.25
"""A pause on both sides; without one the words belong to the sentence."""
_ENDS = (".", "?", "!")


def last_sentence(words: Sequence[Word]) -> int:
    """Return the index of the first word of the last sentence; 0 where there is only one."""
    text = to_written(" ".join(word.text for word in words), note=True)
    body = text.text.rstrip().rstrip(".?!…\"')")
    cut = max((body.rfind(mark) + len(mark) for mark in (". ", "? ", "! ", "\n") if mark in body), default=0)
    first, last = text.words_of(cut, len(text.text))
    return first if last else 0


def taken_back(transcript: Transcript) -> tuple[tuple[float, float], ...]:
    """Find what the speaker took back by voice: the sentence before "slet det", and the command.

    Returns:
        Stretches of the recording in seconds, half-open, in order.

    """
    words = transcript.words
    kept: list[Word] = []
    dropped: list[tuple[float, float]] = []
    at = 0
    while at < len(words):
        length = _command(words, at)
        if not length:
            kept.append(words[at])
            at += 1
            continue
        end = words[at + length - 1].end
        first = last_sentence(kept)
        start = kept[first].start if kept else words[at].start
        kept = kept[:first]
        dropped.append((start, end))
        at += length
    return tuple(dropped)


def _command(words: Sequence[Word], at: int) -> int:
    """Count the words of the command that begins at `at`; 0 where there is none."""
    for phrase in sorted(SPOKEN, key=len, reverse=True):
        end = at + len(phrase)
        said = tuple(word.text.casefold().strip(".,!?") for word in words[at:end])
        if said == phrase and _stands_alone(words, at, end):
            return len(phrase)
    return 0


def _stands_alone(words: Sequence[Word], at: int, end: int) -> bool:
    before = words[at - 1] if at else None
    after = words[end] if end < len(words) else None
    parted_before = before is None or before.text.endswith(_ENDS) or words[at].start - before.end >= _ALONE_S
    parted_after = (
        after is None or words[end - 1].text.endswith(_ENDS) or after.start - words[end - 1].end >= _ALONE_S
    )
    return parted_before and parted_after
