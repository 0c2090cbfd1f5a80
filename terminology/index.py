"""Expressions indexed by the words they can't do without, so that a note looks only at those that may match.

Immutable once built; any number of notes may be matched against one index.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise

from terminology.nodes import has_gap, own_tokens
from terminology.normalise import Break, Token, key
from terminology.pattern import WINDOW, Expression, Line, Node, Parser, Slot, WordKind
from terminology.spoken.words import words as words_of

Span = tuple[int, int]

_NO_STEPS: Mapping[int, tuple[int, ...]] = {}
_SHORTEST_JOINED = 7
_LARGE = 50
_SHORTEST_TAIL = 3
# A comma before these is grammar, not a pause: "gør ondt, når han går".
_SUBORDINATE = words_of(
    """
    at når der som hvis fordi da så hvor om selv inden før mens til for siden end hvad hvem hvornår
    hvordan efter uden trods indtil medmindre
    """
)
# Words too common to tell anything: an expression is looked up by one of its other words where it has one.
COMMON = words_of(
    """
    af alle alt at begge bliver blev blevet da de dem den denne der deres det dette dig din dog du efter
    ej eller en end er et for fordi fra få får fået fik før gang gange giver givet gør ham han hans har
    have havde hele helt hen hende hendes her hos hun hvad hvis hvor i igen ikke ind ingen jeg kan kom
    komme kommer kun kunne lidt lige længere man med meget men mens mere mig min mod må mange næsten
    nogen noget nogle nok nu når nye ny og også om op os over på se selv set sig sin sine sit skal
    skulle som stadig så tage taget tager til ud uden under var ved vi vil ville være været
    """
)
_NUMBERS = words_of("en et én ét to tre fire fem seks syv otte ni ti elleve tolv")


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """An expression found in a note."""

    expression: Expression
    row: int
    """The place of the expression in the index."""
    spans: tuple[tuple[int, int], ...]
    """Token spans (half-open) of its parts, in the order of the parts."""
    joined: bool = False
    """Whether a word was found in two pieces."""

    @property
    def start(self) -> int:
        """First token."""
        return min(start for start, _ in self.spans)

    @property
    def end(self) -> int:
        """One past the last token."""
        return max(end for _, end in self.spans)

    @property
    def tokens(self) -> frozenset[int]:
        """Return the tokens that it holds; those between its parts are not among them."""
        return frozenset(at for start, end in self.spans for at in range(start, end))


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """An expression as written, and what it stands for."""

    owner: str
    """Code of the concept; "" for a cue."""
    section: str
    """Section of the concept's file, such as "present"; for a cue its name."""
    line: Line
    literal: bool = False
    """Whether its words stand for their own forms alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Compiled:
    """What is worked out once for a vocabulary; plain data, so that it can be kept in a file."""

    words: Sequence[tuple[int, str, str]]
    """Kind, compared text and form of each word, in the order of their numbers."""
    groups: Sequence[Sequence[int]]
    """Groups of words of which one must stand in a note."""
    needs: Sequence[Sequence[int]]
    """For each row the groups that it needs."""
    anchors: Sequence[int]
    """For each row the group by which it is looked up."""


def compile_rows(rows: Sequence[Row], lists: Mapping[str, Sequence[Line]]) -> Compiled:
    """Read every expression once and work out how to look it up.

    Raises:
        TerminologyError: a line is not an expression; the message names file, line and reason.

    """
    parser = Parser(lists)
    all_needs = [
        parser.expression(row.line.text, row.line.source, literal=row.literal).needs() for row in rows
    ]
    numbers: dict[frozenset[int], int] = {}
    for needs in all_needs:
        for group in needs:
            numbers.setdefault(group, len(numbers))
    uses = Counter(word for needs in all_needs for group in needs if len(group) < _LARGE for word in group)
    words = [(int(kind), text, word.form) for (kind, text), word in parser.words.items()]
    costs = [sum(_cost(words[word]) + uses[word] / 100 for word in group) for group in numbers]
    needs_rows = [[numbers[group] for group in needs] for needs in all_needs]
    return Compiled(
        words=words,
        groups=[sorted(group) for group in numbers],
        needs=needs_rows,
        anchors=[min(needs, key=lambda number: costs[number]) for needs in needs_rows],
    )


class Words:
    """Looks up which words of a vocabulary a word of a note may be."""

    def __init__(self, words: Iterable[tuple[int, str, str]]) -> None:
        """Sort the words by kind."""
        self._by_kind: tuple[dict[str, int], ...] = tuple({} for _ in WordKind)
        self.forms: list[str] = []
        for number, (kind, text, form) in enumerate(words):
            self._by_kind[kind][text] = number
            self.forms.append(form)
        self._lengths = {
            kind: sorted({len(text) for text in self._by_kind[kind]})
            for kind in (WordKind.PREFIX, WordKind.SUFFIX, WordKind.INFIX)
        }
        self._known: dict[str, frozenset[int]] = {}

    def of(self, token: Token) -> frozenset[int]:
        """Return the words that `token` may be."""
        found = self._known.get(token.fold)
        if found is None:
            found = self._known[token.fold] = frozenset(self._find(token))
        return found

    def literal(self, folded: str) -> int | None:
        """Return the word that stands for all forms of a folded word."""
        return self._by_kind[WordKind.STEM].get(key(folded))

    @cached_property
    def long_literals(self) -> Mapping[str, tuple[str, ...]]:
        """The folded words that are long enough to be recognised when misspelt, under their first letters."""
        found: dict[str, list[str]] = {}
        for number in self._by_kind[WordKind.STEM].values():
            form = self.forms[number]
            if len(form) >= _SHORTEST_JOINED and form.isalpha():
                found.setdefault(form[0], []).append(form)
        return {first: tuple(sorted(forms)) for first, forms in found.items()}

    def _find(self, token: Token) -> Iterator[int]:
        by_kind = self._by_kind
        if token.is_number or token.fold in _NUMBERS:
            yield from by_kind[WordKind.NUMBER].values()
        pieces = [(WordKind.STEM, token.key), (WordKind.EXACT, token.fold)]
        if not token.is_number:
            pieces += self._pieces(token)
        for kind, piece in pieces:
            if (word := by_kind[kind].get(piece)) is not None:
                yield word

    def _pieces(self, token: Token) -> Iterator[tuple[WordKind, str]]:
        """Yield the beginnings, ends and insides of a word that are as long as those of the vocabulary."""
        for length in self._lengths[WordKind.PREFIX]:
            yield WordKind.PREFIX, token.fold[:length]
        for length in self._lengths[WordKind.SUFFIX]:
            yield WordKind.SUFFIX, token.key[-length:]
        for length in self._lengths[WordKind.INFIX]:
            insides = {token.fold[at : at + length] for at in range(len(token.fold) - length + 1)}
            for inside in sorted(insides):
                yield WordKind.INFIX, inside


class Index:
    """All expressions of a vocabulary, ready to be found; each is read when it is first needed."""

    def __init__(self, rows: Sequence[Row], lists: Mapping[str, Sequence[Line]], compiled: Compiled) -> None:
        """Take the rows with what was worked out for them."""
        self.rows = rows
        self.words = Words(compiled.words)
        self._parser = Parser(lists, compiled.words)
        self._groups_of: list[list[int]] = [[] for _ in compiled.words]
        for group, members in enumerate(compiled.groups):
            for word in members:
                self._groups_of[word].append(group)
        self._needs = tuple(map(frozenset, compiled.needs))
        self._by_anchor: dict[int, list[int]] = {}
        for row, group in enumerate(compiled.anchors):
            self._by_anchor.setdefault(group, []).append(row)
        self._expressions: dict[int, Expression] = {}
        self._has_gap: dict[int, bool] = {}
        """For each row that was found whether its expression has a gap."""

    def expression(self, row: int) -> Expression:
        """Return the expression of a row."""
        found = self._expressions.get(row)
        if found is None:
            line = self.rows[row].line
            found = self._parser.expression(line.text, line.source, literal=self.rows[row].literal)
            self._expressions[row] = found
        return found

    def find(self, lattice: "NoteLattice", clause_of: Sequence[int]) -> tuple[Hit, ...]:
        """Find every expression in a note, in the order of their places.

        Args:
            lattice: the note's words.
            clause_of: for each token the clause it stands in; parts of one expression stand in one clause.

        """
        hits = [
            self._without_gaps(hit, lattice)
            for row in sorted(self._candidates(lattice))
            for hit in _match(self.expression(row), row, lattice, clause_of)
        ]
        return tuple(sorted(hits, key=lambda hit: (hit.start, hit.end, hit.row)))

    def _without_gaps(self, hit: Hit, lattice: "NoteLattice") -> Hit:
        """Leave the words out that only a "..." let in: they are no part of the wording."""
        gaps = self._has_gap.get(hit.row)
        if gaps is None:
            gaps = self._has_gap[hit.row] = any(map(has_gap, hit.expression.parts))
        if not gaps:
            return hit
        spans = tuple(
            run
            for part, (low, high) in zip(hit.expression.parts, hit.spans, strict=True)
            for run in runs(own_tokens(part, lattice, low, high) or range(low, high))
        )
        return replace(hit, spans=spans)

    def _candidates(self, lattice: "NoteLattice") -> set[int]:
        """Return the rows that have a word of every group they need in one sentence."""
        found: set[int] = set()
        for words in lattice.sentences():
            held = {group for word in words for group in self._groups_of[word]}
            for anchor in held & self._by_anchor.keys():
                found.update(row for row in self._by_anchor[anchor] if self._needs[row] <= held)
        return found


class NoteLattice:
    """The words of one note: which words of the vocabulary stand where."""

    def __init__(self, words: Sequence[Token], vocabulary: Words) -> None:
        """Look up every token, and every pair that may be one word written apart."""
        self.tokens = tuple(words)
        self.barred: Sequence[bool] = [
            token.before >= Break.COLON or (token.before is Break.COMMA and token.fold not in _SUBORDINATE)
            for token in self.tokens
        ]
        self._at: list[frozenset[int]] = [vocabulary.of(token) for token in self.tokens]
        self._steps: dict[int, dict[int, tuple[int, ...]]] = {}
        for at, found in enumerate(self._at):
            for word in found:
                self._steps.setdefault(word, {})[at] = (at + 1,)
        self.joined: dict[int, set[int]] = {}
        for at, (first, second) in enumerate(pairwise(self.tokens)):
            one = _one_word(first, second, vocabulary)
            if one is not None and at not in self._steps.setdefault(one, {}):
                self._steps[one][at] = (at + 2,)
                self._at[at] |= {one}
                self.joined.setdefault(one, set()).add(at)
        self._slots: dict[Slot, dict[int, tuple[int, ...]]] = {}
        self._slot_starts: dict[Slot, tuple[int, ...]] = {}

    @property
    def present(self) -> Mapping[int, Mapping[int, tuple[int, ...]]]:
        """The words of the vocabulary that stand anywhere in the note, with where they start and end."""
        return self._steps

    def sentences(self) -> tuple[frozenset[int], ...]:
        """Return for each sentence the words of the vocabulary that stand in it."""
        found: list[set[int]] = []
        for token, words in zip(self.tokens, self._at, strict=True):
            if not found or token.before >= Break.COLON:
                found.append(set())
            found[-1].update(words)
        return tuple(map(frozenset, found))

    def unknown(self) -> tuple[int, ...]:
        """Return the tokens that are no word of the vocabulary."""
        return tuple(at for at, found in enumerate(self._at) if not found)

    def add(self, word: int, at: int) -> None:
        """Let token `at` stand for `word` too."""
        self._steps.setdefault(word, {})[at] = (at + 1,)
        self._at[at] |= {word}

    def words_at(self, at: int) -> frozenset[int]:
        """Return the numbers of the words that token `at` may be."""
        return self._at[at]

    def word_ends(self, word: int, at: int) -> tuple[int, ...]:
        """Return where `word` ends if it starts at token `at`."""
        return self._steps.get(word, _NO_STEPS).get(at, ())

    def word_starts(self, word: int) -> Collection[int]:
        """Return the tokens at which `word` stands."""
        return self._steps.get(word, _NO_STEPS).keys()

    def slot_ends(self, slot: Slot, at: int) -> tuple[int, ...]:
        """Return where an expression of the slot ends if it starts at token `at`."""
        if at >= len(self._at):
            return ()
        known = self._slots.setdefault(slot, {})
        if (found := known.get(at)) is None:
            by_first = slot.by_first
            options = {option for word in by_first.keys() & self._at[at] for option in by_first[word]}
            found = tuple({end for option in options for end in option.ends(self, at)})
            known[at] = found
        return found

    def slot_starts(self, slot: Slot) -> tuple[int, ...]:
        """Return the tokens at which an expression of the slot stands."""
        found = self._slot_starts.get(slot)
        if found is None:
            firsts = slot.by_first.keys() & self._steps.keys()
            starts = {at for word in firsts for at in self._steps[word]}
            found = tuple(at for at in sorted(starts) if self.slot_ends(slot, at))
            self._slot_starts[slot] = found
        return found


def runs(places: Sequence[int]) -> list[tuple[int, int]]:
    """Join neighbouring places into spans."""
    found: list[tuple[int, int]] = []
    for at in places:
        if found and found[-1][1] == at:
            found[-1] = (found[-1][0], at + 1)
        else:
            found.append((at, at + 1))
    return found


def sentences(words: Sequence[Token]) -> tuple[int, ...]:
    """Number the sentences: for each token the one it stands in."""
    numbers = []
    number = -1
    for token in words:
        number += token.before >= Break.COLON or number < 0
        numbers.append(number)
    return tuple(numbers)


def _one_word(first: Token, second: Token, vocabulary: Words) -> int | None:
    """Return the literal word that two tokens make when written together: "tryk sår"."""
    if second.before is not Break.NONE or first.is_number or second.is_number:
        return None
    if first.fold in COMMON or len(second.fold) < _SHORTEST_TAIL:
        return None
    together = first.fold + second.fold
    return vocabulary.literal(together) if len(together) >= _SHORTEST_JOINED else None


def _cost(word: tuple[int, str, str]) -> float:
    """Estimate how often a word will stand in a note."""
    kind, _, form = word
    return 1000.0 if form in COMMON else 3.0 if kind > WordKind.EXACT else 1.0


def _match(expression: Expression, row: int, lattice: NoteLattice, clause_of: Sequence[int]) -> Iterable[Hit]:
    """Yield the hits of one expression."""
    found: list[list[tuple[int, int]]] = []
    for part in expression.parts:
        places = _spans(part, lattice)
        if not places:
            return
        found.append(places)
    forbidden = {clause_of[start] for part in expression.forbidden for start, _ in _spans(part, lattice)}
    seen: set[tuple[tuple[int, int], ...]] = set()
    # The part with the fewest places leads; each of its places takes the nearest place of every other part.
    lead = min(range(len(found)), key=lambda number: len(found[number]))
    for span in found[lead]:
        clause = clause_of[span[0]]
        if clause in forbidden:
            continue
        spans: list[tuple[int, int]] = []
        for number, places in enumerate(found):
            if number == lead:
                near: tuple[int, int] | None = span
            else:
                taken = [(expression.parts[lead], span), *zip(expression.parts, spans, strict=False)]
                part = expression.parts[number]
                free = [
                    place
                    for place in places
                    if clause_of[place[0]] == clause
                    and all(_apart(part, place, *other, lattice) for other in taken)
                ]
                near = _nearest(span, free)
            if near is None:
                break
            spans.append(near)
        else:
            low, high = min(start for start, _ in spans), max(end for _, end in spans)
            inside = sum(end - start for start, end in spans)
            if high - low - inside > WINDOW or tuple(spans) in seen:
                continue
            seen.add(tuple(spans))
            joined = bool(lattice.joined) and any(
                low <= at < high
                for part in expression.parts
                for word in part.words()
                for at in lattice.joined.get(word.number, ())
            )
            yield Hit(expression=expression, row=row, spans=tuple(spans), joined=joined)


def _spans(node: Node, lattice: NoteLattice) -> list[tuple[int, int]]:
    """Return the longest match at each start, those within a longer one left out."""
    spans: list[tuple[int, int]] = []
    for start in sorted(node.starts(lattice)):
        ends = [end for end in node.ends(lattice, start) if end > start]
        if ends and (not spans or max(ends) > spans[-1][1]):
            spans.append((start, max(ends)))
    return spans


def _nearest(lead: Span, places: Sequence[Span]) -> Span | None:
    """Return the place nearest to `lead`."""
    return min(
        ((max(place[0] - lead[1], lead[0] - place[1], 0), place) for place in places), default=(0, None)
    )[1]


def _apart(one: Node, at: Span, other: Node, there: Span, lattice: NoteLattice) -> bool:
    """Tell whether two parts of an expression can do without each other's words: a word can't say both."""
    if there[0] <= at[0] and at[1] <= there[1]:
        return any(there[0] < end <= at[0] for end in other.ends(lattice, there[0]))
    if at[0] <= there[0] and there[1] <= at[1]:
        return any(at[0] < end <= there[0] for end in one.ends(lattice, at[0]))
    return True
