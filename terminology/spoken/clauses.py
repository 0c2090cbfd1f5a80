"""What the rules for punctuation ask about a text: verbs, nouns, subjects, measurements."""

from collections.abc import Sequence
from dataclasses import dataclass

from terminology.spoken.grammar import (
    ADJECTIVES,
    ADVERBS,
    ARTICLES,
    AUXILIARIES,
    COORDINATORS,
    COPULAS,
    DENIALS,
    GOVERNING,
    MODALS,
    NO_NOUNS,
    NOMINAL_OPENERS,
    NOMINAL_PHRASES,
    OPEN_SUBJECTS,
    PARTICLES,
    PERIOD_NOUNS,
    PERSONS,
    PREPOSITIONS,
    SAYING,
    SUBJECTS,
    SUBORDINATORS,
    SUBORDINATORS_MAYBE,
)
from terminology.spoken.pieces import Kind, Piece, Shape
from terminology.spoken.verbs import FINITE, FINITE_AFTER_SUBJECT, PARTICIPLES
from terminology.spoken.words import words

MEASUREMENTS = words(
    """
    blodtryk puls temperatur respirationsfrekvens saturation blodsukker hæmoglobin crp inr bmi vas nrs
    tobs tp rf bs hb bt sat sat. vægt højde temp kreatinin ketoner cpr bevidsthed iltsaturation
    hjertefrekvens leukocytter nitrit protein erytrocytter glukose albumin ews gcs
    """
)
_RESULTS = words("positiv negativ pos neg normal habituel upåfaldende uændret forhøjet")
_MEASURED = frozenset(
    {Shape.COUNT, Shape.QUANTITY, Shape.PRESSURE, Shape.RANGE, Shape.GRADE, Shape.IDENTIFIER}
)
_CLOSED = (
    NO_NOUNS
    | PARTICIPLES
    | FINITE
    | ADVERBS
    | PREPOSITIONS
    | ARTICLES
    | COORDINATORS
    | SUBORDINATORS
    | ADJECTIVES
    | OPEN_SUBJECTS
    | SUBJECTS
)
"""Words that are surely no nouns."""
_AUXILIARY_REACH, _SUBORDINATE_REACH = 6, 6
_VERB_SHORTEST, _DEFINITE_SHORTEST, _NOUN_SHORTEST, _PARTICIPLE_SHORTEST = 5, 5, 3, 7
"""Shorter words with the ending of a verb or noun are too often something else."""


@dataclass(frozen=True, slots=True)
class Text:
    """The pieces with what the rules ask about them."""

    pieces: Sequence[Piece]
    lows: tuple[str, ...]

    def low(self, at: int) -> str:
        """Return the folded word at `at`, "" for anything else."""
        return self.lows[at] if 0 <= at < len(self.lows) else ""

    def value(self, at: int) -> bool:
        """Tell whether a value stands at `at`."""
        return 0 <= at < len(self.pieces) and self.pieces[at].value is not None

    def finite(self, at: int) -> bool:
        """Tell whether a finite verb stands at `at`; after a subject pronoun more words are verbs."""
        low, before = self.low(at), self.low(at - 1)
        if low in FINITE:
            # "i går" is a day, "af hjælper" a person.
            return (before, low) != ("i", "går") and (before not in GOVERNING or low in AUXILIARIES)
        if low.endswith("erer") or (before, low) == ("godt", "ved"):
            return True
        by_ending = len(low) >= _VERB_SHORTEST and low.endswith(("er", "ede")) and low not in _CLOSED
        if before in SUBJECTS:
            return by_ending or low in FINITE_AFTER_SUBJECT
        named = before in PERSONS or (self.low(at + 1) in ADVERBS and self.definite(at - 1))
        inverted = self.low(at + 1) in SUBJECTS and self.low(at + 2) not in FINITE
        return by_ending and (inverted or (named and self.low(at + 2) not in FINITE))

    def said_after(self, at: int) -> bool:
        """Tell whether "siger sønnen" stands after what was said, and so opens no clause."""
        if self.low(at - 1) in SUBJECTS:
            return False
        return self.low(at) in SAYING and (self.low(at + 1) in SUBJECTS or self.definite(at + 1))

    def bare_participle(self, at: int) -> bool:
        """Tell whether a participle without its auxiliary stands at `at`: "såret renset"."""
        if not is_participle(self.low(at)) or (self.low(at) == "målt" and self.value(at - 1)):
            return False
        for back in range(at - 1, max(at - _AUXILIARY_REACH, -1), -1):
            low = self.low(back)
            if low in AUXILIARIES:
                return False
            governs = low in PREPOSITIONS and self.low(back + 1) not in PERIOD_NOUNS
            # "er rød | smurt med creme": after a predicate the verb is complete.
            complete = is_participle(low) or low in DENIALS or (low in ADJECTIVES and not low.endswith("e"))
            if complete or governs or self.pieces[back].kind in {Kind.MARK, Kind.BREAK}:
                break
        return not (
            self.low(at - 1) in ARTICLES and self.low(at + 1) and self.low(at + 1) not in PREPOSITIONS
        )

    def measurement(self, at: int) -> bool:
        """Tell whether a measurement with its value or result starts at `at`."""
        if self.low(at) not in MEASUREMENTS or at + 1 >= len(self.pieces):
            return False
        value = self.pieces[at + 1].value
        return self.low(at + 1) in _RESULTS if value is None else value.shape in _MEASURED

    def result(self, at: int) -> bool:
        """Tell whether the result of a measurement stands at `at`."""
        value = self.pieces[at].value
        if value is None:
            return self.low(at) in _RESULTS
        return value.shape in _MEASURED and value.shape is not Shape.IDENTIFIER

    def definite(self, at: int) -> bool:
        """Tell whether a word looks like a noun in its definite form, or names the citizen."""
        low = self.low(at)
        return low in PERSONS or (
            len(low) >= _DEFINITE_SHORTEST and low.endswith(("en", "et", "ne")) and low not in _CLOSED
        )

    def noun(self, at: int) -> bool:
        """Tell whether a word may be a noun: it is in no closed class."""
        low, before = self.low(at), self.low(at - 1)
        if len(low) < _NOUN_SHORTEST or low in _CLOSED or self.finite(at):
            return False
        return not (low.endswith("e") and (before in MODALS or before == "at"))

    def subject(self, at: int) -> bool:
        """Tell whether a subject and its finite verb start at `at`."""
        low = self.low(at)
        if low in SUBJECTS or low in OPEN_SUBJECTS:
            adverb = low in SUBJECTS and self.low(at + 1) in ADVERBS
            if self.finite(at + 1) or (adverb and self.finite(at + 2)):
                return True
        head = self._head(at)
        return head >= 0 and self._verb_after(head)

    def _head(self, at: int) -> int:
        """Return the index of the noun of a subject that starts at `at`, -1 where none does."""
        low = self.low(at)
        attribute = low in ADJECTIVES and (low.endswith("e") or low in {"ny", "nyt"})
        genitive = low.endswith("s") and self.noun(at) and self.noun(at + 1)
        if low in ARTICLES or attribute or genitive:
            head = at + 1 + (self.low(at + 1) in ADJECTIVES)
            return head if self.noun(head) else -1
        return at if self.definite(at) or low in MEASUREMENTS else -1

    def _verb_after(self, head: int) -> bool:
        """Tell whether a finite verb follows the noun at `head` and what belongs to it."""
        if self.finite(head + 1):
            return True
        # "huden under er fin", "borger selv har".
        follower = self.low(head + 1)
        if (follower in PARTICLES or follower in {"selv", "her"}) and self.finite(head + 2):
            return True
        # "huden på begge hæle er rød".
        inner = head + 2 + (self.low(head + 2) in ARTICLES or self.low(head + 2) in ADJECTIVES)
        return (
            follower in PREPOSITIONS
            and self.noun(inner)
            and self.finite(inner + 1)
            and not self.said_after(inner + 1)
        )

    def in_subordinate(self, at: int) -> bool:
        """Tell whether the verb at `at` closes a subordinate clause, where a verb may come last."""
        if self.low(at - 1) in ADVERBS and self.low(at - 2) in SUBJECTS:
            return True
        earlier = (self.low(back) for back in range(at - 1, max(at - _SUBORDINATE_REACH, -1), -1))
        return any(low in SUBORDINATORS or low in SUBORDINATORS_MAYBE for low in earlier)

    def name(self, at: int) -> bool:
        """Tell whether a name, of a drug or a person, stands at `at`."""
        text = self.pieces[at].text
        return self.low(at) != "" and text[:1].isupper() and text[1:].islower()

    def drug(self, at: int) -> bool:
        """Tell whether a name with its dose starts at `at`."""
        value = self.pieces[at + 1].value if at + 1 < len(self.pieces) else None
        return self.name(at) and value is not None and value.unit != ""

    def nominal(self, at: int) -> bool:
        """Tell whether the word at `at` opens a sentence without a verb: "mistanke om", "alt vel"."""
        return self.low(at) in NOMINAL_OPENERS or (self.low(at), self.low(at + 1)) in NOMINAL_PHRASES

    def states(self, at: int) -> bool:
        """Tell whether the "der" at `at` states that something is there, and is no relative pronoun."""
        after = self.low(at + 2)
        return self.value(at + 2) or any(
            after in group for group in (ARTICLES, ADVERBS, PARTICIPLES, ADJECTIVES)
        )


def is_participle(low: str) -> bool:
    """Tell whether a word is a past participle, known or by its ending ("opereret")."""
    return low in PARTICIPLES or (len(low) >= _PARTICIPLE_SHORTEST and low.endswith("eret"))


def takes_thing(low: str) -> bool:
    """Tell whether the subject of a verb is as often a thing as a person: "er", "viser", "gives"."""
    return low in COPULAS or (low in FINITE and low.endswith("es"))
