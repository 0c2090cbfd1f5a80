"""The parts of an expression: each says where in the words of a note it matches."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Protocol

GAP = 3
"""Words that may stand where an expression has "..."."""

Ends = Collection[int]
"""Token indices one past a match."""


class WordKind(IntEnum):
    """How a word of an expression is compared with a word of a note."""

    STEM = 0
    EXACT = 1
    PREFIX = 2
    SUFFIX = 3
    INFIX = 4
    NUMBER = 5


class Lattice(Protocol):
    """The words of one note, as nodes see them."""

    barred: Sequence[bool]
    """For each token, whether a sequence may not step onto it from the token before."""

    def words_at(self, at: int) -> frozenset[int]:
        """Return the numbers of the words of the vocabulary that token `at` may be."""

    def word_ends(self, word: int, at: int) -> Ends:
        """Return where the word of that number ends if it starts at token `at`."""

    def word_starts(self, word: int) -> Collection[int]:
        """Return the tokens at which the word of that number stands."""

    def slot_ends(self, slot: "Slot", at: int) -> Ends:
        """Return where an expression of the slot ends if it starts at token `at`."""

    def slot_starts(self, slot: "Slot") -> Collection[int]:
        """Return the tokens at which an expression of the slot may start."""


class Node(Protocol):
    """A part of an expression."""

    @property
    def nullable(self) -> bool:
        """Whether it may match no word at all."""

    def ends(self, lattice: Lattice, at: int) -> Ends:
        """Return the ends of all matches that start at token `at`."""

    def starts(self, lattice: Lattice) -> Collection[int]:
        """Return tokens at which a match may start; every true start is among them."""

    def needs(self) -> tuple[frozenset[int], ...]:
        """Return groups of words; a match holds at least one word of each group."""

    def words(self) -> Iterator["Word"]:
        """Yield all words in it, those of slots left out."""


@dataclass(slots=True, eq=False)
class Word:
    """One word."""

    kind: WordKind
    form: str
    """The folded word as the vocabulary has it."""
    number: int
    """The same for the same word everywhere in a vocabulary."""
    nullable = False

    def ends(self, lattice: Lattice, at: int) -> Ends:
        """Look the word up."""
        return lattice.word_ends(self.number, at)

    def starts(self, lattice: Lattice) -> Collection[int]:
        """Look the word up."""
        return lattice.word_starts(self.number)

    def needs(self) -> tuple[frozenset[int], ...]:
        """Return the word itself."""
        return (frozenset((self.number,)),)

    def words(self) -> Iterator["Word"]:
        """Yield the word itself."""
        yield self


@dataclass(frozen=True, slots=True, eq=False)
class Then:
    """Nodes one after the other: `a b c`."""

    items: tuple[Node, ...]

    @property
    def nullable(self) -> bool:
        """Only if every item is."""
        return all(item.nullable for item in self.items)

    def ends(self, lattice: Lattice, at: int) -> Ends:
        """Walk the items; a step over a pause ends the walk."""
        barred = lattice.barred
        frontier: Collection[int] = (at,)
        for item in self.items:
            reached: set[int] = set()
            for here in frontier:
                if here > at and here < len(barred) and barred[here]:
                    if item.nullable:
                        reached.add(here)
                    continue
                reached.update(item.ends(lattice, here))
            if not reached:
                return ()
            frontier = reached
        return frontier

    def starts(self, lattice: Lattice) -> Collection[int]:
        """Return the starts of the items up to the first that must match something."""
        found: Collection[int] = ()
        for item in self.items:
            starts = item.starts(lattice)
            if not item.nullable and not found:
                return starts
            found = {*found, *starts}
            if not item.nullable:
                break
        return found

    def needs(self) -> tuple[frozenset[int], ...]:
        """Return what each item needs."""
        return tuple(group for item in self.items for group in item.needs())

    def words(self) -> Iterator[Word]:
        """Yield the words of all items."""
        for item in self.items:
            yield from item.words()


@dataclass(slots=True, eq=False)
class Either:
    """One of several: `(a|b c)`."""

    options: tuple[Node, ...]
    _by_first: dict[int, tuple[Node, ...]] | None = None

    @property
    def nullable(self) -> bool:
        """If one option is."""
        return any(option.nullable for option in self.options)

    @property
    def by_first(self) -> Mapping[int, tuple[Node, ...]]:
        """Each option under the words that it may start with."""
        if self._by_first is None:
            self._by_first = _under_first_words(self.options)
        return self._by_first

    def ends(self, lattice: Lattice, at: int) -> Ends:
        """Try the options that the word at `at` may start."""
        if at >= len(lattice.barred):
            return ()
        by_first = self.by_first
        found: set[int] = set()
        tried: set[Node] = set()
        for word in by_first.keys() & lattice.words_at(at):
            for option in by_first[word]:
                if option not in tried:
                    tried.add(option)
                    found.update(option.ends(lattice, at))
        return found

    def starts(self, lattice: Lattice) -> Collection[int]:
        """Return where the first words of the options stand."""
        return {start for word in self.by_first for start in lattice.word_starts(word)}

    def needs(self) -> tuple[frozenset[int], ...]:
        """Return one group: the smallest of each option."""
        groups = []
        for option in self.options:
            needed = option.needs()
            if not needed:
                return ()
            groups.append(needed[0] if len(needed) == 1 else min(needed, key=len))
        return (frozenset().union(*groups),)

    def words(self) -> Iterator["Word"]:
        """Yield the words of all options."""
        for option in self.options:
            yield from option.words()


@dataclass(frozen=True, slots=True, eq=False)
class Maybe:
    """Something that may be left out: `[a]`."""

    item: Node
    nullable = True

    def ends(self, lattice: Lattice, at: int) -> Ends:
        """Match it or nothing."""
        return {at, *self.item.ends(lattice, at)}

    def starts(self, lattice: Lattice) -> Collection[int]:
        """Return where it starts."""
        return self.item.starts(lattice)

    def needs(self) -> tuple[frozenset[int], ...]:
        """Need nothing."""
        return ()

    def words(self) -> Iterator[Word]:
        """Yield its words."""
        yield from self.item.words()


@dataclass(frozen=True, slots=True, eq=False)
class Gap:
    """Up to `GAP` words of any kind: `...`."""

    nullable = True

    def ends(self, lattice: Lattice, at: int) -> Ends:
        """Step over words until a pause."""
        found = [at]
        for end in range(at + 1, min(at + GAP, len(lattice.barred)) + 1):
            found.append(end)
            if end < len(lattice.barred) and lattice.barred[end]:
                break
        return found

    def starts(self, lattice: Lattice) -> Collection[int]:
        """Start nothing: the parser keeps gaps inside."""
        del lattice
        return ()

    def needs(self) -> tuple[frozenset[int], ...]:
        """Need nothing."""
        return ()

    def words(self) -> Iterator[Word]:
        """Yield nothing."""
        yield from ()


@dataclass(slots=True, eq=False)
class Slot:
    """One expression of a shared list: `{kropsdel}`; the list is read when it is first asked for."""

    name: str
    read: Callable[[str], tuple[Node, ...]]
    nullable = False
    _options: tuple[Node, ...] | None = None
    _group: frozenset[int] | None = None
    _by_first: dict[int, tuple[Node, ...]] | None = None

    @property
    def options(self) -> tuple[Node, ...]:
        """The expressions of the list."""
        if self._options is None:
            self._options = self.read(self.name)
        return self._options

    @property
    def group(self) -> frozenset[int]:
        """One word of these stands in every match."""
        if self._group is None:
            self._group = frozenset().union(*(min(option.needs(), key=len) for option in self.options))
        return self._group

    @property
    def by_first(self) -> Mapping[int, tuple[Node, ...]]:
        """Each option under the words that it may start with."""
        if self._by_first is None:
            self._by_first = _under_first_words(self.options)
        return self._by_first

    def ends(self, lattice: Lattice, at: int) -> Ends:
        """Ask the lattice, which remembers."""
        return lattice.slot_ends(self, at)

    def starts(self, lattice: Lattice) -> Collection[int]:
        """Ask the lattice, which remembers."""
        return lattice.slot_starts(self)

    def needs(self) -> tuple[frozenset[int], ...]:
        """Return the words of which one must stand in the note."""
        return (self.group,)

    def words(self) -> Iterator[Word]:
        """Yield nothing: the words belong to the list."""
        yield from ()


def first_words(node: Node) -> frozenset[int]:
    """Return the words that a match of `node` may start with."""
    match node:
        case Word():
            return frozenset((node.number,))
        case Slot() | Either():
            return frozenset(node.by_first)
        case Maybe():
            return first_words(node.item)
        case Then():
            found: frozenset[int] = frozenset()
            for item in node.items:
                found |= first_words(item)
                if not item.nullable:
                    break
            return found
        case _:
            return frozenset()


def has_gap(node: Node) -> bool:
    """Tell whether words of any kind may stand within a match of `node`."""
    match node:
        case Gap():
            return True
        case Slot() | Either():
            return any(map(has_gap, node.options))
        case Maybe():
            return has_gap(node.item)
        case Then():
            return any(map(has_gap, node.items))
        case _:
            return False


def own_tokens(node: Node, lattice: Lattice, at: int, end: int) -> tuple[int, ...] | None:
    """Return the tokens that words of `node` take in a match from `at` to `end`; those of gaps are left out.

    None where there is no such match. Of several ways the one with the shortest gaps is taken.
    """
    match node:
        case Word():
            return tuple(range(at, end)) if end in lattice.word_ends(node.number, at) else None
        case Gap():
            return () if end in node.ends(lattice, at) else None
        case Maybe():
            return () if at == end else own_tokens(node.item, lattice, at, end)
        case Slot() | Either():
            words = lattice.words_at(at) if at < len(lattice.barred) else frozenset()
            options = dict.fromkeys(option for word in words for option in node.by_first.get(word, ()))
            found = (own_tokens(option, lattice, at, end) for option in options)
            return next((tokens for tokens in found if tokens is not None), None)
        case Then():
            return _own_of(node.items, lattice, at, end)
        case _:
            return None


def _own_of(items: tuple[Node, ...], lattice: Lattice, at: int, end: int) -> tuple[int, ...] | None:
    """Return the own tokens of `items` one after the other."""
    if not items:
        return () if at == end else None
    item, *rest = items
    gap = isinstance(item, Gap)
    for here in sorted(item.ends(lattice, at), reverse=not gap):
        if here > end or (rest and at < here < len(lattice.barred) and here < end and lattice.barred[here]):
            continue
        head = own_tokens(item, lattice, at, here)
        tail = None if head is None else _own_of(tuple(rest), lattice, here, end)
        if head is not None and tail is not None:
            return (*head, *tail)
    return None


def _under_first_words(options: Iterable[Node]) -> dict[int, tuple[Node, ...]]:
    """Put each option under the words that it may start with."""
    firsts: dict[int, list[Node]] = {}
    for option in options:
        for word in first_words(option):
            firsts.setdefault(word, []).append(option)
    return {word: tuple(nodes) for word, nodes in firsts.items()}
