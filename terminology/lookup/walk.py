"""From the words of a note to all stretches of it that may be terms.

From every word of the note the tree of terms is walked. A step takes a word (any of its forms), two or three
words that make one when written together, one word that makes two when written apart, or, where that leads
nowhere, a word that is spelt or sounds alike. The steps from one word are bounded.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from terminology.concept import Method
from terminology.index import COMMON
from terminology.lookup.lexicon import SHORTEST_LAST, Lexicon, Near, is_everyday
from terminology.lookup.terms import LookupOptions
from terminology.lookup.trie import ROOT, Trie
from terminology.normalise import Break, Token, key

_MOST_JOINED = 3
_SHORTEST_JOINED = 6
_LONGEST_JOINED = 40
_SHORTEST_PIECE = 3
_SHORTEST_ROOT = 3
_MOST_ALTERED = 2
_MOST_STEPS = 2000
"""Nodes visited from one word of a note; only notes made for it come near."""
_COMPOUND_LIKENESS = 0.99
_LINKS = ("", "s", "e")
"""What may stand between the parts of a compound."""
_CACHED = 1 << 15
_ALTERING = {Method.FUZZY, Method.PHONETIC}
_RANK = {
    method: rank for rank, method in enumerate((Method.LEMMA, Method.COMPOUND, Method.FUZZY, Method.PHONETIC))
}


@dataclass(frozen=True, slots=True)
class Step:
    """Words of the terms that may stand at a place of the note where other words are written."""

    symbols: tuple[int, ...]
    width: int
    """Words of the note that it takes."""
    method: Method
    loss: float
    """Letters that differ."""
    length: int
    """Letters."""
    doubtful: bool = False
    """Whether an everyday word is taken for another one."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A stretch of the note that may be the terms at a node."""

    start: int
    """First word."""
    end: int
    """One past the last."""
    node: int
    length: int = 0
    """Letters of the term's words."""
    plain: int = 0
    """Letters of the words that were taken as they are, common ones and numbers left out."""
    loss: float = 0.0
    """Letters that differ."""
    method: Method = Method.LEMMA
    """The loosest of the steps."""
    doubtful: bool = False
    """Whether an everyday word was taken for another one."""
    altered: int = 0
    """Words that were taken for other ones."""

    def ahead(self, node: int, size: int, told: int) -> "Hit":
        """Take the next word as it is."""
        return Hit(
            self.start,
            self.end + 1,
            node,
            self.length + size,
            self.plain + told,
            self.loss,
            self.method,
            self.doubtful,
            self.altered,
        )

    def along(self, node: int, step: Step) -> "Hit":
        """Take a step."""
        altered = step.method in _ALTERING
        return Hit(
            self.start,
            self.end + step.width,
            node,
            self.length + step.length,
            self.plain + step.length * (not altered),
            self.loss + step.loss,
            max(self.method, step.method, key=_RANK.__getitem__),
            self.doubtful or step.doubtful,
            self.altered + altered,
        )


@dataclass(frozen=True, slots=True)
class _Note:
    """The words of a note, looked up."""

    words: Sequence[Token]
    symbols: Sequence[int | None]
    joined: Sequence[Sequence[Step]]


class Walker:
    """Walks notes along the terms of an index."""

    def __init__(self, lexicon: Lexicon, trie: Trie, options: LookupOptions) -> None:
        """Take the open parts of an index."""
        self._lexicon = lexicon
        self._trie = trie
        self._options = options
        self._loose = lru_cache(_CACHED)(self._loose_of)
        self._loose_first = lru_cache(_CACHED)(self._loose_first_of)

    def hits(self, words: Sequence[Token]) -> Iterator[Hit]:
        """Yield every stretch that may be a term, from left to right."""
        note = _Note(
            words,
            [self._lexicon.symbol(word.key) for word in words],
            self._joined(words),
        )
        for at, word in enumerate(words):
            if note.symbols[at] is None and not note.joined[at] and not self._loose_first(word.fold):
                continue
            stack = self._next(Hit(at, at, ROOT), note)
            visited = 0
            while stack and visited < _MOST_STEPS:
                visited += 1
                here = stack.pop()
                if self._trie.holds(here.node):
                    yield here
                stack += self._next(here, note)

    def _next(self, here: Hit, note: "_Note") -> list[Hit]:
        """Return the hits that are longer by one step."""
        trie, at, words = self._trie, here.end, note.words
        first = here.node == ROOT
        if at == len(words) or trie.is_leaf(here.node) or (not first and words[at].before is Break.STOP):
            return []
        found = [
            here.along(node, step)
            for step in note.joined[at]
            if (node := self._along(here.node, step.symbols)) != ROOT
        ]
        symbol = note.symbols[at]
        direct = ROOT if symbol is None else trie.child(here.node, symbol)
        if direct != ROOT:
            found.append(here.ahead(direct, *_size(words[at])))
        if first:
            if direct == ROOT:
                found += [here.along(node, step) for node, step in self._loose_first(words[at].fold)]
        elif direct == ROOT or self._lexicon.number(words[at].fold) is None:
            found += [
                here.along(node, step)
                for step in self._loose(words[at].fold)
                if here.altered < _MOST_ALTERED or step.method not in _ALTERING
                if (node := self._along(here.node, step.symbols)) != ROOT
            ]
        return found

    def _along(self, node: int, symbols: Sequence[int]) -> int:
        for symbol in symbols:
            node = self._trie.child(node, symbol)
            if node == ROOT:
                break
        return node

    def _loose_of(self, folded: str) -> tuple[Step, ...]:
        """Return what a word may be that is not a word of the terms at its place."""
        return (
            *self._parted(folded),
            *(
                self._near_step(near, 1, folded)
                for near in self._lexicon.near(folded)
                if self._allows(near.method)
            ),
        )

    def _loose_first_of(self, folded: str) -> tuple[tuple[int, Step], ...]:
        """Return the same for the first word of a term, each with its node."""
        if len(folded) < _SHORTEST_ROOT or folded in COMMON:
            return ()
        found = [
            (node, step) for step in self._parted(folded) if (node := self._along(ROOT, step.symbols)) != ROOT
        ]
        found += [
            (node, self._near_step(near, 1, folded))
            for near in self._lexicon.near(folded)
            if self._allows(near.method) and (node := self._trie.child(ROOT, near.symbol)) != ROOT
        ]
        return tuple(found)

    def _allows(self, method: Method) -> bool:
        return self._options.phonetic if method is Method.PHONETIC else self._options.fuzzy

    def _near_step(self, near: Near, width: int, folded: str) -> Step:
        doubtful = width == 1 and is_everyday(folded)
        if doubtful and self._lexicon.is_form(folded, near.word):
            return Step((near.symbol,), width, Method.LEMMA, 0.0, near.length)
        return Step(
            (near.symbol,), width, near.method, (1 - near.likeness) * near.length, near.length, doubtful
        )

    def _joined(self, words: Sequence[Token]) -> list[list[Step]]:
        """Return for each word the words that it makes with the one or two behind it."""
        found: list[list[Step]] = [[] for _ in words]
        heard: list[int] = []
        for at, (head, last) in enumerate(pairwise(words)):
            if last.before is not Break.NONE or head.is_number:
                continue
            if self._lexicon.opens(head.fold):
                found[at] += self._written_apart(words, at)
            if not found[at] and head.fold not in COMMON and last.fold not in COMMON:
                heard.append(at)
        if self._options.phonetic:
            pairs = [(words[at].fold, words[at + 1].fold) for at in heard]
            for place, near in self._lexicon.sounding_together(pairs):
                found[heard[place]].append(self._near_step(near, 2, "".join(pairs[place])))
        return found

    def _written_apart(self, words: Sequence[Token], at: int) -> Iterator[Step]:
        """Yield the words that stand there in two or three pieces."""
        together = words[at].fold
        for width, last in enumerate(words[at + 1 : at + _MOST_JOINED], start=2):
            if last.before is not Break.NONE or last.is_number or not self._lexicon.opens(together):
                break
            head, together = together, together + last.fold
            if len(last.fold) >= SHORTEST_LAST:
                loss = (1 - _COMPOUND_LIKENESS) * len(together)
                for symbol in self._lexicon.symbols_together(head, last.fold, last.key):
                    yield Step((symbol,), width, Method.COMPOUND, loss, len(together))

    def _parted(self, folded: str) -> Iterator[Step]:
        """Yield the pairs of words that one word makes when it is parted."""
        if not folded.isalpha() or not _SHORTEST_JOINED <= len(folded) <= _LONGEST_JOINED:
            return
        lexicon = self._lexicon
        whole = key(folded)
        loss = (1 - _COMPOUND_LIKENESS) * len(folded)
        for at in range(_SHORTEST_PIECE, min(len(folded) - _SHORTEST_PIECE, len(whole)) + 1):
            second = lexicon.symbol(whole[at:])
            if second is None:
                continue
            for link in _LINKS:
                head = folded[:at].removesuffix(link)
                if len(head) + len(link) == at and len(head) >= _SHORTEST_PIECE:
                    first = lexicon.symbol(key(head))
                    if first is not None:
                        yield Step((first, second), 1, Method.COMPOUND, loss, len(folded))


def _size(word: Token) -> tuple[int, int]:
    """Return the letters of a word, and how many of them tell anything."""
    size = len(word.fold)
    return size, 0 if word.is_number or word.fold in COMMON else size
