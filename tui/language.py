"""What the terminal knows of words: the user's own, the dictionary's, and those of the vocabulary."""

import math
import re
from dataclasses import dataclass, field, replace
from threading import RLock
from typing import TYPE_CHECKING

from dictate.errors import ConfigError, DictateError
from tui.spelling import Speller

if TYPE_CHECKING:
    from collections.abc import Callable

    from dictate.case import Case, Spot
    from dictate.notebook import Notebook
    from dictate.own_words import OwnWord, OwnWords
    from dictate.transcript import Transcript

_WORD = re.compile(r"[^\W\d_]{3,}")
_SENTENCE_END = re.compile(r"(^|[.!?:\n])\W*$")
_MOST_OFFERS = 8
_EVERYWHERE = math.log(5e-4)
"""Natural-log probability of words such as "har": a sign on each of them would tell nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """What is to be seen in a text."""

    unknown: frozenset[tuple[int, int]] = field(default_factory=frozenset)
    """Words that are in no dictionary."""
    own: frozenset[tuple[int, int]] = field(default_factory=frozenset)
    """Words that were put right by the user's own."""
    doubted: frozenset[tuple[int, int]] = field(default_factory=frozenset)
    """Words that the user has often put something else in the place of."""


class Language:
    """Answers in the thread that asks: not for the screen's."""

    def __init__(self, notebook: "Callable[[], Notebook | None]") -> None:
        """Know nothing yet.

        Args:
            notebook: gives the user's notebook; None while it isn't open.

        """
        self._notebook = notebook
        self._speller = Speller()
        self._own: OwnWords | None = None
        self._terms: frozenset[str] | None = None
        self._lock = RLock()

    def own(self) -> "OwnWords":
        """Return the user's own words."""
        from dictate.own_words import OwnWords  # noqa: PLC0415 - after the first frame
        from dictate.transcriber.lexicon import danish  # noqa: PLC0415 - slow to import

        with self._lock:
            if self._own is None:
                notebook = self._notebook()
                if notebook is None:
                    return OwnWords()
                self._own = OwnWords(notebook.words(), is_word=danish().knows)
            return self._own

    def forget(self) -> None:
        """Look the user's words up anew the next time."""
        with self._lock:
            self._own = None

    def put_right(self, transcript: "Transcript") -> "Transcript":
        """Put right what was heard, by the user's own words; without a notebook nothing changes."""
        try:
            return self.own().put_right(transcript)
        except DictateError:
            return transcript

    def learn(self, notebook: "Notebook", heard: str, chosen: str) -> "OwnWord | None":
        """Learn of a correction.

        Returns:
            The word that is put right from now on, if this correction made it so.

        """
        from dictate.own_words import learned  # noqa: PLC0415 - after the first frame

        before = self.own()
        corrected = {word.id for word in before.words if before.corrects(word)}
        for word in learned(notebook.words(), heard, chosen):
            notebook.keep_word(word)
        self.forget()
        now = self.own()
        return next((one for one in now.words if one.id not in corrected and now.corrects(one)), None)

    def unlearn(self, notebook: "Notebook", heard: str, chosen: str) -> None:
        """Take back what was put right by an own word: it begins to count anew."""
        from dictate.own_words import Rule  # noqa: PLC0415 - after the first frame

        word = self.own().made(heard, chosen)
        if word is not None:
            notebook.keep_word(replace(word, times=0, rule=Rule.COUNT))
            self.forget()

    def marks(self, case: "Case") -> Marks:
        """Find what is to be seen in a text; without a dictionary only the user's own words."""
        own, text = self.own(), case.note.text
        corrected = frozenset(
            (spot.start, spot.end)
            for spot in case.spots
            if spot.readings and own.made(spot.readings[0], text[spot.start : spot.end])
        )
        try:
            unknown = frozenset(
                found.span() for found in _WORD.finditer(text) if not self._passes(found, text, own)
            )
        except ConfigError:
            unknown = frozenset()
        doubted = frozenset(
            found.span()
            for found in _WORD.finditer(text)
            if found.span() not in corrected
            and own.doubts(found.group())
            and not _is_everywhere(found.group())
        )
        return Marks(unknown=unknown - doubted, own=corrected, doubted=doubted)

    def offers(self, word: str, spot: "Spot | None") -> tuple[tuple[str, ...], str]:
        """Return what may be meant in place of a word, likeliest first, and why that may be too little."""
        own = self.own()
        found = [*(spot.readings if spot else ()), *own.offered(word)]
        why = ""
        try:
            found += self._speller.suggest(word)
        except ConfigError as error:
            why = str(error)
        kept: dict[str, str] = {}
        for one in found:
            kept.setdefault(one.strip(" .,;:?!").casefold(), one.strip(" .,;:?!"))
        kept.pop(word.casefold(), None)
        return tuple(kept.values())[:_MOST_OFFERS], why

    def knows(self, word: str) -> bool:
        """Tell whether a word is in the dictionary, the vocabulary or among the user's own.

        Raises:
            ConfigError: no dictionary is installed.

        """
        low = word.casefold()
        if self._speller.is_word(word) or self._speller.is_word(low) or low in self.own().right:
            return True
        return low in self._vocabulary()

    def close(self) -> None:
        """End the dictionary's program."""
        self._speller.close()

    def _passes(self, found: "re.Match[str]", text: str, own: "OwnWords") -> bool:
        """Tell whether a word needs no sign: it is known, a short form in capitals, or a name."""
        word = found.group()
        if word.isupper() or self.knows(word) or word.casefold() in own.right:
            return True
        begins = _SENTENCE_END.search(text[: found.start()]) is not None
        return word[0].isupper() and not begins

    def _vocabulary(self) -> frozenset[str]:
        if self._terms is None:
            from dictate.terms import terms  # noqa: PLC0415 - seconds, the first time, in a child process

            self._terms = terms()
        return self._terms


def _is_everywhere(word: str) -> bool:
    from dictate.transcriber.lexicon import danish  # noqa: PLC0415 - slow to import

    return danish().log_probability(word.casefold()) > _EVERYWHERE
