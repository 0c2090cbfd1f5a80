"""The words of all terms: a note's word looked up as it is, by its forms, and by how it is spelt or sounds.

A misspelt word is found by leaving letters out: two words at most n edits apart share a string once up to n
letters are left out of each (the way of SymSpell). The work for one word is bounded by its length, not by the
number of words.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations

import numpy as np
import simplemma

from terminology.concept import Method
from terminology.likeness import alike, ratio, within
from terminology.lookup.hashing import HashMap, compile_map
from terminology.lookup.layout import Array, Arrays
from terminology.lookup.sound import strong, weak
from terminology.lookup.strings import Strings, compile_strings

PREFIX = 7
"""Letters of a word from which letters are left out."""
LONGEST = 48
"""Letters of a word that is looked up as misspelt."""
SHORTEST_HEAD = 2
"""Letters of the first part of a compound that is written apart."""
SHORTEST_LAST = 3
"""Letters of the last."""
_SHORTEST_WEAK = 3
_SHORTEST_WEAK_EDITED = 5
_TWO_EDITS = 6
_LEAST_ALIKE = 0.6
_SHORT = 3
_LEAST_ALIKE_SHORT = 0.5
_LEAST_SPELT = 0.4
_CANDIDATES = 400
_KEPT = 16
_CACHED = 1 << 15


@lru_cache(maxsize=_CACHED)
def _lemma(folded: str) -> str:
    return simplemma.lemmatize(folded, lang="da")


@dataclass(frozen=True, slots=True)
class Near:
    """A word of the terms that a word may be."""

    word: int
    symbol: int
    likeness: float
    """0..1."""
    method: Method
    length: int
    """Letters of the word."""


def edits(length: int) -> int:
    """Return how many edits a word of that length may have."""
    return 1 + (length >= _TWO_EDITS)


@lru_cache(maxsize=_CACHED)
def is_everyday(folded: str) -> bool:
    """Tell whether a word stands in a Danish dictionary."""
    return bool(simplemma.is_known(folded, lang="da"))


def compile_lexicon(words: Sequence[str], keys: Sequence[str]) -> Mapping[str, Array]:
    """Work out the look-ups.

    Args:
        words: the folded words, each once; a word's place is its number.
        keys: for each word what all its forms have in common.

    """
    symbols: dict[str, int] = {}
    of_word = [symbols.setdefault(one, len(symbols)) for one in keys]
    sounds = [strong(word) for word in words]
    weaks = [weak(word) for word in words]
    arrays: dict[str, Array] = {
        **compile_strings("word", words),
        **compile_strings("strong", sounds),
        **compile_strings("weak", weaks),
        **compile_strings("symbol", list(symbols)),
        "word_symbol": np.array(of_word, dtype="<u4"),
    }
    numbered = list(enumerate(words))
    maps: dict[str, Iterable[tuple[str, int]]] = {
        "word": ((word, number) for number, word in numbered),
        "symbol": ((key, symbol) for key, symbol in symbols.items()),
        "spelt": (
            (left, number)
            for number, word in numbered
            if len(word) <= LONGEST
            for left in _lessened(word, edits(len(word)))
        ),
        "opening": (
            (word[:end], 0) for word in words for end in range(SHORTEST_HEAD, len(word) - SHORTEST_LAST + 1)
        ),
        "sound": ((sound, number) for number, sound in enumerate(sounds) if sound),
        "skeleton": ((left, number) for number, sound in enumerate(weaks) for left in _skeletons(sound)),
    }
    for name, pairs in maps.items():
        arrays |= compile_map(name, pairs)
    return arrays


class Lexicon:
    """A compiled lexicon, open."""

    def __init__(self, arrays: Arrays) -> None:
        """Take the arrays of a file."""
        self.words = Strings(arrays, "word")
        self.strong = Strings(arrays, "strong")
        self.weak = Strings(arrays, "weak")
        self._keys = Strings(arrays, "symbol")
        self._symbol_of = arrays.ints("word_symbol")
        self._by_word = HashMap(arrays, "word")
        self._by_key = HashMap(arrays, "symbol")
        self._openings = HashMap(arrays, "opening")
        self._by_letters = HashMap(arrays, "spelt")
        self._by_sound = HashMap(arrays, "sound")
        self._by_skeleton = HashMap(arrays, "skeleton")
        self.symbol = lru_cache(_CACHED)(self._symbol)
        self.number = lru_cache(_CACHED)(self._number)
        self.opens = lru_cache(_CACHED)(self._opens)
        self.near = lru_cache(_CACHED)(self._near)
        self.alike_sounding = lru_cache(_CACHED)(self._alike_sounding)

    def _number(self, folded: str) -> int | None:
        """Return the number of a folded word, None where no term has it."""
        for one in self._by_word.get(folded):
            if self.words[one] == folded:
                return one
        return None

    def _symbol(self, key: str) -> int | None:
        """Return the symbol that all words with this key share."""
        for one in self._by_key.get(key):
            if self._keys[one] == key:
                return one
        return None

    def _opens(self, folded: str) -> bool:
        """Tell whether a word of the terms may begin with a word and go on as another; it is seldom wrong."""
        return len(self._openings.get(folded)) > 0

    def symbols_together(self, head: str, last: str, last_key: str) -> Iterator[int]:
        """Yield the symbols that a word written apart may have; its forms are those of its last part."""
        by_key = self._symbol(head + last_key)
        if by_key is not None:
            yield by_key
        if (by_key is None or last != last_key) and (number := self._number(head + last)) is not None:
            symbol = self._symbol_of[number]
            if symbol != by_key:
                yield symbol

    def _near(self, folded: str) -> tuple[Near, ...]:
        """Return the words that a word may be if it is misspelt or misheard, the most alike first."""
        if not folded.isalpha() or len(folded) > LONGEST:
            return ()
        found: dict[int, Near] = {}
        # A slip that makes another Danish word is a small one.
        allowed = 1 if is_everyday(folded) else edits(len(folded) + 1)
        numbers = sorted(self._by_letters.get_all(_lessened(folded, allowed)))[:_CANDIDATES]
        spelt = [self.words[number] for number in numbers]
        for place, distance in within(folded, spelt, edits=allowed):
            # Swapped letters count once, letters that are gone or more count half: as people slip.
            likeness = max(1 - distance / max(len(folded), len(spelt[place])), ratio(folded, spelt[place]))
            found[numbers[place]] = self._as_near(numbers[place], likeness, Method.FUZZY)
        for near in self._alike_sounding(folded):
            known = found.get(near.word)
            # A word that is both misspelt and sounds alike is the likelier for it; it stays a misspelt word.
            if known is None:
                found[near.word] = near
            elif near.likeness > known.likeness:
                found[near.word] = self._as_near(near.word, near.likeness, Method.FUZZY)
        least = _LEAST_ALIKE if len(folded) > _SHORT else _LEAST_ALIKE_SHORT
        kept = [near for near in found.values() if near.likeness >= least]
        return tuple(sorted(kept, key=lambda near: (-near.likeness, near.word)))[:_KEPT]

    def _alike_sounding(self, folded: str) -> tuple[Near, ...]:
        """Return the words that sound like a word, in the order of their numbers."""
        numbers = self._by_skeleton.get_all(_skeletons(weak(folded)))
        numbers.update(self._by_sound.get(strong(folded)))
        return tuple(self._sounding(folded, numbers))

    def sounding_together(self, pairs: Sequence[tuple[str, str]]) -> Iterator[tuple[int, Near]]:
        """Yield the words that sound like two words written together, each with the place of its pair."""
        skeletons = [weak(first) + weak(second) for first, second in pairs]
        for place, known in enumerate(self._by_skeleton.holds(skeletons)):
            if known and len(skeletons[place]) >= _SHORTEST_WEAK_EDITED:
                numbers = self._by_skeleton.get(skeletons[place])
                for near in self._sounding("".join(pairs[place]), numbers):
                    yield place, near

    def _sounding(self, folded: str, numbers: Iterable[int]) -> Iterator[Near]:
        sound, skeleton = strong(folded), weak(folded)
        for number in sorted(numbers)[:_CANDIDATES]:
            spelt = alike(folded, self.words[number])
            if spelt >= _LEAST_SPELT:
                heard = (alike(sound, self.strong[number]) + alike(skeleton, self.weak[number])) / 2
                likeness = (spelt + 2 * heard) / 3
                if likeness >= _LEAST_ALIKE:
                    yield self._as_near(number, likeness, Method.PHONETIC)

    def is_form(self, folded: str, word: int) -> bool:
        """Tell whether a dictionary has both as forms of one word."""
        return _lemma(folded) == _lemma(self.words[word])

    def _as_near(self, word: int, likeness: float, method: Method) -> Near:
        return Near(word, self._symbol_of[word], likeness, method, len(self.words[word]))


def _lessened(word: str, most: int) -> Iterator[str]:
    """Yield the beginning of a word, whole and with up to `most` letters left out."""
    head = word[:PREFIX]
    for count in range(most + 1):
        for out in combinations(range(len(head)), count):
            left, last = "", 0
            for at in out:
                left += head[last:at]
                last = at + 1
            yield left + head[last:]


def _skeletons(sound: str) -> Iterator[str]:
    """Yield a weak key that is long enough to tell anything, and that with each letter left out."""
    if len(sound) >= _SHORTEST_WEAK:
        yield sound
    if len(sound) >= _SHORTEST_WEAK_EDITED:
        for at in range(len(sound)):
            yield sound[:at] + sound[at + 1 :]
