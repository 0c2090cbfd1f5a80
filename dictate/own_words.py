"""A user's own words: what she has corrected, and what is put right the next time by that (pure).

A word is put right by itself only where it is no Danish word and she has corrected it twice alike, or where
she has said so. Anything else is offered, never done: a word that is right somewhere must not change.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from uuid import uuid4

from dictate.transcript import Segment, Transcript, Word
from terminology.likeness import ratio

ENOUGH = 2
"""Times that a word was corrected in the same way before it is put right."""
_MOST_WORDS = 3
_LEAST_ALIKE = 0.4
"""What is less alike was put in other words, not misheard."""
_EDGE = " .,;:?!…-–\"'()»«‹›"
_DENIES = frozenset({"ikke", "ikk", "ingen", "intet", "aldrig", "uden", "nej", "ej", "hverken", "inga"})
"""A word of these comes or goes only by hand."""


class Rule(StrEnum):
    """When a word is put right."""

    COUNT = "count"
    """Once it was corrected often enough, and is no word itself."""
    ALWAYS = "always"
    NEVER = "never"


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnWord:
    """What is heard, and what she writes instead; both alike for a word that is right as it is."""

    heard: str = field(repr=False)
    """One to three words, lower case."""
    chosen: str = field(repr=False)
    """One to three words."""
    times: int = 0
    rule: Rule = Rule.COUNT
    id: str = field(default_factory=lambda: str(uuid4()))

    @property
    def is_right(self) -> bool:
        """True for a word that is right as it is, whatever a dictionary says."""
        return self.heard == self.chosen.casefold()


class OwnWords:
    """All words of a user, as they are used."""

    def __init__(
        self, words: Iterable[OwnWord] = (), *, is_word: Callable[[str], bool] = lambda _word: True
    ) -> None:
        """Take words in use.

        Args:
            words: the user's.
            is_word: tells whether a lower-case word is one of the language.

        """
        self.words = tuple(words)
        self._is_word = is_word
        self._by_heard: dict[str, list[OwnWord]] = {}
        for word in self.words:
            if not word.is_right:
                self._by_heard.setdefault(word.heard, []).append(word)
        self.right = frozenset(
            part
            for word in self.words
            for part in word.chosen.casefold().split()
            if word.rule is Rule.ALWAYS or (word.rule is Rule.COUNT and word.times >= ENOUGH)
        )
        """Lower-case words that she writes, and that are right therefore."""

    def corrects(self, word: OwnWord) -> bool:
        """Tell whether this word is put right by itself."""
        if word.is_right or word.rule is Rule.NEVER:
            return False
        if word.rule is Rule.ALWAYS:
            return True
        rivals = [one for one in self._by_heard[word.heard] if one.times >= ENOUGH]
        return (
            rivals == [word]
            and not _denies(word)
            and not any(one.rule is Rule.ALWAYS for one in self._by_heard[word.heard])
            and not all(map(self._is_word, word.heard.split()))
        )

    def offered(self, heard: str) -> tuple[str, ...]:
        """Return what she has put in the place of these words, the most frequent first."""
        found = [word for word in self._by_heard.get(bare(heard), ()) if word.rule is not Rule.NEVER]
        return tuple(word.chosen for word in sorted(found, key=lambda word: -word.times))

    def doubts(self, heard: str) -> bool:
        """Tell whether she often puts something else in the place of this word, and it isn't done for her."""
        return any(
            word.rule is Rule.COUNT and word.times >= ENOUGH and not self.corrects(word)
            for word in self._by_heard.get(bare(heard), ())
        )

    def made(self, heard: str, chosen: str) -> OwnWord | None:
        """Return the word by which `heard` became `chosen`, if one did."""
        known = self._by_heard.get(bare(heard), ())
        return next((word for word in known if word.chosen.casefold() == bare(chosen)), None)

    def put_right(self, transcript: Transcript) -> Transcript:
        """Return a transcript with her words in it; what was heard stands beside each of them.

        A word of hers that the recogniser heard, and took for a slip of another, comes back.
        """
        if not self.words:
            return transcript
        segments = tuple(self._righted(segment) for segment in transcript.segments)
        return replace(transcript, segments=segments)

    def _righted(self, segment: Segment) -> Segment:
        done: list[Word] = []
        at = 0
        while at < len(segment.words):
            found = self._found(segment.words[at : at + _MOST_WORDS])
            if found is None:
                done.append(self._as_heard(segment.words[at]))
                at += 1
                continue
            word, count = found
            done += _in_place_of(segment.words[at : at + count], word.chosen)
            at += count
        if tuple(done) == segment.words:
            return segment
        return replace(segment, words=tuple(done), text=" ".join(word.text for word in done))

    def _as_heard(self, word: Word) -> Word:
        heard = bare(word.alternatives[0]) if word.alternatives else ""
        if heard in self.right and bare(word.text) not in self.right:
            return replace(word, text=word.alternatives[0], alternatives=(word.text, *word.alternatives[1:]))
        return word

    def _found(self, words: Sequence[Word]) -> tuple[OwnWord, int] | None:
        for count in range(len(words), 0, -1):
            heard = " ".join(bare(word.text) for word in words[:count])
            if any(_ends(word.text) for word in words[: count - 1]):
                continue
            for word in self._by_heard.get(heard, ()):
                if self.corrects(word):
                    return word, count
        return None


def bare(text: str) -> str:
    """Return words as they are compared: lower case, without the marks around them."""
    return " ".join(part.strip(_EDGE) for part in text.casefold().split()).strip()


def learned(known: Iterable[OwnWord], heard: str, chosen: str) -> tuple[OwnWord, ...]:
    """Return the words that a correction adds, or counts once more.

    Numbers, names and what was put in quite other words teach nothing.

    Args:
        known: the user's words.
        heard: as it stood in the note.
        chosen: what she wrote instead.

    """
    before, after = heard.split(), chosen.split()
    pairs = [(heard, chosen)]
    if len(before) == len(after):
        pairs = list(zip(before, after, strict=True))
    found = []
    for old, new in pairs:
        pair = bare(old), new.strip(_EDGE)
        if _teaches(*pair, first=old[:1].isupper()):
            word = new.strip(_EDGE).casefold() if old[:1].isupper() else pair[1]
            same = next((one for one in known if one.heard == pair[0] and one.chosen == word), None)
            found.append(
                replace(same, times=same.times + 1) if same else OwnWord(heard=pair[0], chosen=word, times=1)
            )
    return tuple(found)


def _teaches(heard: str, chosen: str, *, first: bool) -> bool:
    if not heard or not chosen or heard == chosen.casefold():
        return False
    if max(len(heard.split()), len(chosen.split())) > _MOST_WORDS:
        return False
    if not all(sign.isalpha() or sign in " -" for sign in heard + chosen):
        return False
    is_name = any(part[:1].isupper() for part in chosen.split()) and not first
    return not is_name and ratio(heard.replace(" ", ""), chosen.casefold().replace(" ", "")) >= _LEAST_ALIKE


def _denies(word: OwnWord) -> bool:
    """Tell whether one of the two says that something is not so, and the other doesn't."""
    return bool(_DENIES & {*word.heard.split()}) != bool(_DENIES & {*word.chosen.casefold().split()})


def _ends(text: str) -> bool:
    return text[-1:] in ".,;:?!"


def _in_place_of(words: Sequence[Word], chosen: str) -> list[Word]:
    """Return the chosen words in the time of the heard ones, with the marks around those."""
    heard = " ".join(word.text for word in words)
    first, last = words[0], words[-1]
    lead = first.text[: len(first.text) - len(first.text.lstrip(_EDGE))]
    tail = last.text[len(last.text.rstrip(_EDGE)) :]
    parts = chosen.split()
    if first.text.lstrip(_EDGE)[:1].isupper():
        parts[0] = parts[0][:1].upper() + parts[0][1:]
    parts[0], parts[-1] = lead + parts[0], parts[-1] + tail
    step = (last.end - first.start) / len(parts)
    return [
        Word(
            text=part,
            start=round(first.start + step * place, 3),
            end=last.end if place == len(parts) - 1 else round(first.start + step * (place + 1), 3),
            probability=min(word.probability for word in words),
            alternatives=(heard, *(other for word in words for other in word.alternatives)),
        )
        for place, part in enumerate(parts)
    ]
