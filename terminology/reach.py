"""How far a cue reaches: to a mention after it, over lists, but not into the next statement."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from terminology.clauses import CONTRAST, COORDINATORS, is_finite, is_participle, item_end, opens_predicate
from terminology.normalise import Break, Token
from terminology.spoken.grammar import ADVERBS, ARTICLES, PARTICLES, PREPOSITIONS
from terminology.spoken.words import words as words_of

CAUSES = words_of(
    """
    fordi da når så siden trods selvom mens hvis pga grundet grund idet skønt hvor indtil ellers
    """
)
"""Words at which a denial ends: what follows explains it."""
_QUANTIFIERS = words_of(
    """
    let lette lidt nogen noget nogle svag svagt moderat stadig fortsat kraftig mange
    """
)
"""Words that open an item of its own after a comma: "ingen smerter, let hævelse"."""
_LONGEST = 40
"""Words from a cue to the farthest mention it reaches."""
_SHORTEST_DEFINITE = 4
_TO_GET = words_of("at få have blive være")
_FILLERS = ADVERBS | ARTICLES | PARTICLES | {"der", "det", "sig", "at", "har", "haft", "er", "været"}


class Manner(Enum):
    """How a cue reaches."""

    NOUN = "noun"
    """Over one noun and its list, not into what follows a preposition: "ingen rødme omkring såret"."""
    LIGHT = "light"
    """Over light words only, then over the list: "har ikke haft ondt eller kvalme"."""
    CLAUSE = "clause"
    """To the end of the statement."""


def reaches(words: Sequence[Token], light: frozenset[int], start: int, target: int, manner: Manner) -> bool:
    """Tell whether a cue that ends at `start` reaches the mention that begins at `target`.

    Args:
        words: the tokens of the note.
        light: places of the words that carry nothing themselves ("tegn på", "haft").
        start: one past the last token of the cue.
        target: first token of the mention.
        manner: how the cue reaches.

    """
    if not start <= target <= start + _LONGEST:
        return False
    walk = _Walk(words=words, light=light, start=start, manner=manner)
    if not all(walk.enters(at) and (at == target or walk.passes(at)) for at in range(start, target + 1)):
        return False
    subject = walk.listed and manner is Manner.NOUN and _is_subject(words, target)
    return walk.inside and not subject


@dataclass(slots=True, kw_only=True)
class _Walk:
    """A walk from a cue towards a mention."""

    words: Sequence[Token]
    light: frozenset[int]
    start: int
    manner: Manner
    inside: bool = True
    """Whether what stands here is still what the cue is about."""
    listed: bool = False
    """Whether an item of a list was finished."""
    has_verb: bool = False

    def enters(self, at: int) -> bool:
        """Step over what stands before the word at `at`; False where the statement ends there."""
        token = self.words[at]
        first = at == self.start
        if token.before >= Break.COLON:
            return token.before is Break.COLON and first and self.manner is Manner.CLAUSE
        if first:
            return token.before is Break.NONE or self.manner is Manner.CLAUSE
        if token.fold in CONTRAST or (token.before is Break.COMMA and not self._goes_on(at)):
            return False
        if token.before is Break.COMMA:
            self.inside = self.listed = True
        return True

    def passes(self, at: int) -> bool:
        """Step over the word at `at`; False where it ends what the cue says."""
        fold = self.words[at].fold
        clause = self.manner is Manner.CLAUSE
        if fold in COORDINATORS:
            self.inside = self.listed = True
            opens = opens_predicate(self.words, at + 1) and not (clause and fold == "eller")
            return not (opens or (not clause and is_participle(self.words, at + 1)))
        if at in self.light:
            return True
        if is_finite(self.words, at):
            once = clause and not self.has_verb
            self.has_verb = True
            return once
        leaves = {Manner.NOUN: fold in PREPOSITIONS, Manner.LIGHT: fold not in _FILLERS}
        if leaves.get(self.manner, False):
            self.inside = False
        return clause or fold not in CAUSES

    def _goes_on(self, at: int) -> bool:
        """Tell whether the item after the comma at `at` still belongs to the list before it."""
        words = self.words
        end = item_end(words, at)
        if opens_predicate(words, at) or any(is_finite(words, here) for here in range(at, end)):
            return False
        if is_participle(words, at) or (_tells_of_deed(words, at, end)):
            return False
        if self.manner is Manner.CLAUSE:
            return True
        if words[at].fold in _QUANTIFIERS or words[at].is_number:
            return False
        # "ingen smerter, huden tør": a definite noun with its own adjective is a statement of its own.
        return end - at == 1 or not _is_definite(words[at])


def _tells_of_deed(words: Sequence[Token], at: int, end: int) -> bool:
    """Tell whether an item is a statement of its own: "sår skiftet", but not "at få skiftet sår"."""
    item = range(at, end)
    return any(is_participle(words, here) for here in item) and not any(
        words[here].fold in _TO_GET for here in item
    )


def _is_definite(token: Token) -> bool:
    return len(token.fold) >= _SHORTEST_DEFINITE and token.fold.endswith(("en", "et", "ene", "erne"))


def _is_subject(words: Sequence[Token], at: int) -> bool:
    """Tell whether the mention is the subject of a verb of its own: "ingen feber, hosten er væk"."""
    following = at + 1
    return (
        following < len(words)
        and words[following].before is Break.NONE
        and _is_definite(words[at])
        and is_finite(words, following)
    )
