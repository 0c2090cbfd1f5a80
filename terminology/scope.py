"""The cues of one note and the mentions that they reach: before them, after them, in their clause.

ConText family: a cue has a direction and a manner of reaching, ended by contrast and by the next statement.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from terminology.clauses import CONTRAST, PARTICIPLES, Layout, is_finite
from terminology.cues import Cues, Span
from terminology.normalise import Break, Token
from terminology.persons import Persons
from terminology.reach import Manner, reaches
from terminology.spoken.words import words as words_of

DENIERS = words_of("ikke ingen intet uden ej aldrig hverken benægter benægtede nægter afviser afviste fri")
"""Words that deny by themselves."""
_AFTER_REACH = 8
"""Words that may stand between a mention and a cue after it."""
_LISTED = 2
"""Words of the second subject in "diarré og tynd mave er ikke set"."""
_VERB_REACH = 3
"""Words after a mention within which its own verb stands."""
_NO = words_of("nej 0 nul")
_REFUSER = words_of("men og dog hun han borger borgeren patienten pt fru hr beboer beboeren vedkommende")
_ANAPHORS = words_of("det den de dette disse som der")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a mention stands."""

    parts: tuple[Span, ...]
    """Token spans of its parts."""

    @property
    def start(self) -> int:
        """First token."""
        return min(start for start, _ in self.parts)

    @property
    def end(self) -> int:
        """One past the last token."""
        return max(end for _, end in self.parts)

    @property
    def tokens(self) -> frozenset[int]:
        """The tokens of its parts."""
        return frozenset(at for start, end in self.parts for at in range(start, end))


def place(low: int, high: int) -> Place:
    """Return the place of the tokens from `low` up to `high`."""
    return Place(parts=((low, high),))


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What the note says of a mention, as one of the contract's assertion values."""

    assertion: str
    cue: Span | None = None
    """The tokens of the cue that decided, if one did."""
    unsure: bool = False


class Scope:
    """The words, clauses, persons and cues of one note."""

    def __init__(
        self, words: Sequence[Token], layout: Layout, cues: Cues, asked: frozenset[int] = frozenset()
    ) -> None:
        """Find the persons; the rest is looked up when asked.

        Args:
            words: the tokens of the note.
            layout: their clauses.
            cues: the cues among them.
            asked: the tokens that stand right before a question mark.

        """
        self.asked = asked
        self.words = words
        self.layout = layout
        self.cues = cues
        self.persons = Persons(words, layout, cues)
        self._light = cues.tokens("benaegtet.let")

    def fold(self, at: int) -> str:
        """Return the folded word at `at`; "" outside the note."""
        return self.words[at].fold if 0 <= at < len(self.words) else ""

    def clause(self, at: int) -> int:
        """Return the number of the clause at token `at`."""
        return self.layout.clauses[at]

    def sentence(self, at: int) -> int:
        """Return the number of the sentence at token `at`."""
        return self.layout.sentences[at]

    def clause_tokens(self, clause: int) -> tuple[int, ...]:
        """Return the tokens of a clause; empty where there is no such clause."""
        return tuple(at for at, number in enumerate(self.layout.clauses) if number == clause)

    def finite(self, clause: int) -> tuple[int, ...]:
        """Return the finite verbs of a clause."""
        return tuple(at for at in self.clause_tokens(clause) if is_finite(self.words, at))

    def says(self, clause: int, wanted: frozenset[str]) -> bool:
        """Tell whether one of the folded words stands in a clause."""
        return any(self.words[at].fold in wanted for at in self.clause_tokens(clause))

    def in_clause(self, clause: int, *names: str) -> Span | None:
        """Return the first of the named cues that starts in a clause."""
        return next((cue for cue in self.cues.spans(*names) if self.clause(cue[0]) == clause), None)

    def paused(self, start: int, end: int) -> bool:
        """Tell whether a pause stands before one of the tokens from `start` up to `end`."""
        return any(self.words[at].before is not Break.NONE for at in range(start, end))

    def has_participle(self, tokens: frozenset[int]) -> bool:
        """Tell whether a past participle is among the tokens."""
        return any(self.words[at].fold in PARTICIPLES for at in tokens)

    def before(self, at: Place, manner: Manner, *names: str) -> Span | None:
        """Return the last of the named cues that reaches a mention after it."""
        found = [cue for cue in self.cues.spans(*names) if self.reaches(cue, at, manner)]
        return found[-1] if found else None

    def reaches(self, cue: Span, at: Place, manner: Manner) -> bool:
        """Tell whether a cue reaches one of the parts of the mention."""
        if self.held(cue, at):
            return False
        if any(cue[0] < start < cue[1] for start, _ in at.parts):
            return True  # "ingen problemer" before "problemer med vandladning"
        return any(reaches(self.words, self._light, cue[1], start, manner) for start, _ in at.parts)

    def _is_relative(self, at: int, low: int) -> bool:
        """Tell whether a clause without "som" opens at `at`: "hovedpinen, hun havde i går, er væk"."""
        if self.fold(at) not in _REFUSER or self.words[low].before is not Break.COMMA:
            return False
        return not any(is_finite(self.words, here) for here in self._sentence_before(at))

    def _is_listed(self, at: int, cue: Span) -> bool:
        """Tell whether "og" at `at` joins two subjects of the cue: "diarré og opkast er ikke set"."""
        low = cue[0]
        if low - at - 1 > _LISTED or not is_finite(self.words, low):
            return False
        return not any(is_finite(self.words, here) for here in (*self._sentence_before(at), *range(at, low)))

    def _sentence_before(self, at: int) -> range:
        """Return the tokens of the sentence before `at`, back to the last pause but commas."""
        first = at
        while first and self.words[first].before < Break.COLON:
            first -= 1
        return range(first, at)

    def ends(self, at: int) -> bool:
        """Tell whether a pause or the end of the note stands before `at`."""
        return at >= len(self.words) or self.words[at].before is not Break.NONE

    def held(self, cue: Span, at: Place) -> bool:
        """Tell whether the wording of the mention holds what denies in the cue: then it belongs to it."""
        inside = at.tokens
        deniers = [here for here in range(*cue) if self.words[here].fold in DENIERS]
        return all(here in inside for here in deniers) if deniers else cue[0] in inside

    def after(self, at: Place, name: str) -> Iterator[Span]:
        """Yield the cues of `name` that follow the mention closely enough to be said of it."""
        sentence = self.sentence(at.start)
        for cue in self.cues.spans(name):
            low = cue[0]
            if low == at.end and self.words[low].before is Break.COLON and self.fold(low) in DENIERS | _NO:
                yield cue  # "smerter: ingen"
            near = at.start <= low <= at.end + _AFTER_REACH and self.sentence(low) == sentence
            if near and not self.held(cue, at) and (low < at.end or self._leads_to(at.end, cue)):
                yield cue

    def _leads_to(self, start: int, cue: Span) -> bool:
        """Tell whether the words from `start` to the cue stay with the mention before them."""
        return not any(self._leaves(at, start, cue) for at in range(start, cue[0] + 1))

    def _leaves(self, at: int, start: int, cue: Span) -> bool:
        """Tell whether the word at `at` begins a statement of its own."""
        token, low = self.words[at], cue[0]
        if token.before >= Break.COLON:
            return True
        if token.before is Break.COMMA or token.fold in CONTRAST:
            # A new statement must take the mention up ("men den er væk") or be all of it ("hun takker nej").
            if all(self.fold(here) in _REFUSER for here in range(at, low)) and self.ends(cue[1]):
                return False
            if self._is_relative(at, low):
                return False
            return at != low and not {self.fold(at), self.fold(at + 1) if at < low else ""} & _ANAPHORS
        if token.fold == "og":
            return at + 1 != low and self.fold(at + 1) not in _ANAPHORS and not self._is_listed(at, cue)
        return start + _VERB_REACH < at < low and is_finite(self.words, at)
