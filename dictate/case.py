"""A note on the desk: its text, its entries, and where in the recording each word was said (pure)."""

import difflib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from dictate.entry import Entry, Note
from dictate.heard import SURE
from dictate.transcript import Transcript
from terminology.written import to_written


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """A stretch of the text and the sound behind it."""

    start: int
    """First character."""
    end: int
    """One past the last character."""
    from_s: float
    """Seconds from the start of the recording."""
    to_s: float
    unsure: bool
    """True where the recogniser was in doubt about a word of it."""
    readings: tuple[str, ...] = ()
    """What was heard, where something else was written in its place; other readings after it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What a person reviews."""

    note: Note
    transcript: Transcript | None = None
    """None for a note that was written or came from a file."""
    spots: tuple[Spot, ...] = ()
    """In order, not overlapping."""

    def sound_of(self, start: int, end: int) -> tuple[float, float] | None:
        """Return where a stretch of the text was said, in seconds; None where it wasn't."""
        touched = [spot for spot in self.spots if spot.start < end and spot.end > start]
        if not touched:
            return None
        return min(spot.from_s for spot in touched), max(spot.to_s for spot in touched)

    def entry(self, identifier: str) -> Entry:
        """Return the entry with this id.

        Raises:
            KeyError: there is none.

        """
        for entry in self.note.entries:
            if entry.id == identifier:
                return entry
        raise KeyError(identifier)


def open_case(note: Note, transcript: Transcript | None) -> Case:
    """Put a note on the desk, with the sound behind its words where there is a transcript of it."""
    if transcript is None or not transcript.words:
        return Case(note=note, transcript=transcript)
    written = to_written(" ".join(word.text for word in transcript.words), note=True)
    words = transcript.words
    heard = tuple(
        Spot(
            start=span.start,
            end=span.end,
            from_s=words[span.first_word].start,
            to_s=words[span.last_word - 1].end,
            unsure=any(word.probability < SURE for word in words[span.first_word : span.last_word]),
            readings=words[span.first_word].alternatives if span.last_word == span.first_word + 1 else (),
        )
        for span in written.spans
        if span.last_word > span.first_word
    )
    return Case(note=note, transcript=transcript, spots=moved(heard, written.text, note.text))


def moved(spots: Iterable[Spot], before: str, after: str) -> tuple[Spot, ...]:
    """Carry spots from one text to another; what was rewritten loses its doubt, and keeps no sound."""
    if before == after:
        return tuple(spots)
    map_place = Shift(before, after, fold=True)
    return tuple(
        replace(spot, start=place[0], end=place[1])
        for spot in spots
        if (place := map_place.kept(spot.start, spot.end))
    )


class Shift:
    """Where the characters of one text stand in another."""

    def __init__(self, before: str, after: str, *, fold: bool = False) -> None:
        """Compare by words: a changed word is changed as a whole; `fold` takes no notice of capitals."""
        old, new = list(_pieces(before)), list(_pieces(after))
        self._length = len(after)
        if fold and (len(before), len(after)) == (len(before.lower()), len(after.lower())):
            before, after = before.lower(), after.lower()
        matcher = difflib.SequenceMatcher(
            None, [before[a:b] for a, b in old], [after[a:b] for a, b in new], autojunk=False
        )
        self._place: dict[int, int] = {}
        for block in matcher.get_matching_blocks():
            for offset in range(block.size):
                (old_start, old_end), (new_start, _) = old[block.a + offset], new[block.b + offset]
                for place in range(old_start, old_end):
                    self._place[place] = new_start + place - old_start

    def kept(self, start: int, end: int) -> tuple[int, int] | None:
        """Return where the same characters stand now; None where they are not all there, side by side."""
        if start >= end or start not in self._place:
            return None
        first = self._place[start]
        if all(self._place.get(place) == first + place - start for place in range(start, end)):
            return first, first + end - start
        return None

    def around(self, start: int, end: int) -> tuple[int, int]:
        """Return the stretch between what is left of the text before `start` and after `end`."""
        low = max((new + 1 for old, new in self._place.items() if old < start), default=0)
        high = min((new for old, new in self._place.items() if old >= end), default=self._length)
        return low, max(low, high)


def _pieces(text: str) -> Iterator[tuple[int, int]]:
    """Cut a text into words and single other characters, as places."""
    at = 0
    while at < len(text):
        end = at + 1
        if text[at].isalnum():
            while end < len(text) and text[end].isalnum():
                end += 1
        yield at, end
        at = end
