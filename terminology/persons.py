"""Whose problem it is and who does the work: the citizen, a relative, the care team, somebody else."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from terminology.clauses import Layout, is_finite
from terminology.cues import Cues, Span
from terminology.normalise import Break, Token, key
from terminology.spoken.grammar import PREPOSITIONS, WRITERS
from terminology.spoken.words import words as words_of

_FEMALE = words_of("hun hende hendes")
_MALE = words_of("han ham hans")
_HUSBAND = words_of("mand manden mandens")
_WIFE = words_of("kone konen konens hustru hustruen hustruens")
_POSSESSIVES = words_of("hendes sin hans")
_PARENTS = frozenset({"mor", "far"})
_JOINERS = frozenset({"og", "men", "eller"})
_RELATIVE = frozenset({"som", "der"})
_PRONOUNS = _FEMALE | _MALE | words_of("vi jeg der det")
_SUBJECT_WORDS = words_of("hun han jeg vi de man borger")
_DETERMINERS = words_of("sin hendes hans den en begge borgers egen ene")
_BETWEEN_WITH = words_of("let svær fremskreden begyndende kendt")
_GENITIVE_MIN = 4
_AGENT_REACH = 4
"""Words between a deed and "af" with its doer."""
_AGENT_WORDS = 3
_IN = frozenset({"hos", "i"})
_THINGS = frozenset(
    key(word)
    for word in words_of(
        """
        besøg opkald hjælp død dødsfald begravelse bortgang fødselsdag bryllup ferie rejse nummer navn adresse
        bil mad seddel fravær ord råd ønske flytning skilsmisse indlæggelse operation hus hund kat ankomst
        afrejse telefonopkald opmærksomhed forslag aftale nøgle
        """
    )
)
"""What belongs to a relative without being the relative's problem."""
_PRONOUN_REACH = 4


class Person(StrEnum):
    """Who a clause is about."""

    CITIZEN = "citizen"
    STAFF = "staff"
    OTHER = "other"
    """A relative or somebody close."""
    STRANGER = "stranger"
    """Another profession or firm."""
    ANIMAL = "animal"


_NAMES = {
    "personer.kvinde": Person.OTHER,
    "personer.mand": Person.OTHER,
    "personer.anden": Person.OTHER,
    "personer.dyr": Person.ANIMAL,
    "personer.fremmed": Person.STRANGER,
    "personer.borger": Person.CITIZEN,
    "personer.personale": Person.STAFF,
}


class Persons:
    """The subjects of a note's clauses."""

    def __init__(self, words: Sequence[Token], layout: Layout, cues: Cues) -> None:
        """Find the subject of every clause."""
        self._words = words
        self._layout = layout
        self._at: dict[int, tuple[Person, Span]] = {}
        for name, person in _NAMES.items():
            for span in cues.spans(name):
                for at in range(*span):
                    self._at.setdefault(at, (person, span))
        self._women = cues.tokens("personer.kvinde")
        self._men = cues.tokens("personer.mand")
        self._saying = frozenset(low for low, _ in cues.spans("personer.siger"))
        self.citizen_is_female = self._citizen_is_female()
        if self.citizen_is_female is False:
            # "Manden" is the citizen himself.
            for at, word in enumerate(words):
                husband = word.fold in _HUSBAND and at in self._at
                if husband and not (at and words[at - 1].fold in _POSSESSIVES):
                    self._at[at] = (Person.CITIZEN, self._at[at][1])
        self._until: dict[int, int] = {}
        """For clauses without a verb that open with a person the token up to which they are about it."""
        self._subjects = self._find_subjects()

    def subject(self, at: int) -> Person:
        """Return whom the clause at token `at` is about."""
        clause = self._layout.clauses[at]
        if at >= self._until.get(clause, at + 1):
            return Person.CITIZEN  # "lægen på besøg, såret tilset"
        return self._subjects[clause]

    def agent(self, start: int, end: int) -> Person | None:
        """Return who is named as the doer after the words from `start` to `end`: "hjulpet af sin mand"."""
        words = self._words
        for at in range(start, min(end + _AGENT_REACH, len(words))):
            if at >= end and (
                words[at].before is not Break.NONE or self._layout.clauses[at] != self._layout.clauses[start]
            ):
                return None
            if words[at].fold in {"af", "hos"}:
                for here in range(at + 1, min(at + 1 + _AGENT_WORDS, len(words))):
                    if words[here].before is not Break.NONE:
                        break
                    if here in self._at:
                        person = self._head(here, self._at[here][0])[0]
                        return person if words[at].fold == "af" or person is Person.OTHER else None
        return None

    def owner(self, start: int, end: int) -> Person:
        """Return whose problem the mention from token `start` to `end` is."""
        if any(at in self._at for at in range(start, end)):
            return Person.CITIZEN
        if (person := self._right_before(start)) is not None:
            return person
        if (person := self._right_after(start, end)) is not None:
            return person
        subject = self.subject(start)
        if subject is Person.OTHER and self._said_before(start):
            return Person.CITIZEN
        return subject

    def _right_before(self, start: int) -> Person | None:
        """Return the person to whom the words before give a mention: "mandens demens", "sønnen med ..."."""
        genitive = self._at.get(start - 1)
        fold = self._words[start - 1].fold if start else ""
        together = self._words[start].before is Break.NONE
        if genitive and together and len(fold) > _GENITIVE_MIN and fold.endswith("s"):
            return genitive[0] if genitive[0] in {Person.OTHER, Person.ANIMAL} else None
        at = start - 1
        while at > 0 and self._words[at + 1].before is Break.NONE and self._words[at].fold in _BETWEEN_WITH:
            at -= 1
        if at > 0 and self._words[at].fold == "med" and (known := self._at.get(at - 1)):
            return known[0] if known[0] is Person.OTHER else None
        return None

    def _right_after(self, start: int, end: int) -> Person | None:
        """Return the person to whom the words behind give a mention: "demens hos mor", "sin demente mand"."""
        words = self._words
        described = end - start == 1 and end in self._at and words[end].before is Break.NONE
        if described and words[start - 1].fold in _DETERMINERS and self._at[end][0] is Person.OTHER:
            return Person.OTHER
        if end + 1 >= len(words) or words[end].fold not in _IN or words[end].before is not Break.NONE:
            return None
        for at in range(end + 1, min(end + 1 + _AGENT_WORDS, len(words))):
            if words[at].before is not Break.NONE:
                return None
            if known := self._at.get(at):
                return known[0] if known[0] is Person.OTHER else None
        return None

    def _said_before(self, at: int) -> bool:
        """Tell whether somebody says something earlier in the clause: "sønnen oplyser smerter i nat"."""
        clause = self._layout.clauses[at]
        return any(here < at and self._layout.clauses[here] == clause for here in self._saying)

    def named(self, start: int, end: int) -> frozenset[Person]:
        """Return the relatives and strangers that stand within the tokens from `start` to `end`."""
        found = {self._at[at][0] for at in range(start, end) if at in self._at}
        return frozenset(found & {Person.OTHER, Person.STRANGER})

    def _citizen_is_female(self) -> bool | None:
        """Judge by husband or wife, else by the pronouns; None where nothing tells."""
        folds = [word.fold for word in self._words]
        for at, fold in enumerate(folds):
            if fold in _HUSBAND and at and folds[at - 1] in {"hendes", "sin"}:
                return True
            if fold == "ægtemanden":
                return True
            if fold in _WIFE:
                return False
        female, male = sum(fold in _FEMALE for fold in folds), sum(fold in _MALE for fold in folds)
        if female == male:
            return None
        return female > male

    def _find_subjects(self) -> list[Person]:
        words, layout = self._words, self._layout
        starts = [at for at in range(len(words)) if not at or layout.clauses[at] != layout.clauses[at - 1]]
        subjects: list[Person] = []
        before = _Before()
        for number, start in enumerate(starts):
            end = starts[number + 1] if number + 1 < len(starts) else len(words)
            fresh = words[start].before >= Break.COLON or not start
            opens = bool(start) and layout.stretches[start] != layout.stretches[start - 1]
            found = self._explicit(start, end)
            if found is None:
                found = self._implied(start, end, before, fresh=fresh, opens=opens)
            else:
                named = words[found[1]]
                own = found[1] and words[found[1] - 1].fold in _POSSESSIVES
                child_said = before.main is Person.OTHER and not fresh and not own
                if (before.saying or child_said) and named.key in _PARENTS:
                    # "datteren synes, mor er blevet glemsom": the mother is the citizen.
                    found = (Person.CITIZEN, found[1])
            subject = found[0]
            saying = subject is not Person.CITIZEN and any(at in self._saying for at in range(start, end))
            before.saying = saying
            before.subject = subject
            if opens or fresh:
                before.main = subject
            subjects.append(subject)
        return subjects

    def _gender(self, at: int) -> bool | None:
        """Tell whether the person at `at` is a woman; None where the word does not tell."""
        return True if at in self._women else False if at in self._men else None

    def _explicit(self, start: int, end: int) -> tuple[Person, int] | None:
        """Return the person who is the subject of the clause, with the place."""
        words = self._words
        if words[start].fold in _RELATIVE and start and (known := self._at.get(start - 1)):
            return known[0], start - 1
        verb = next((at for at in range(start, end) if is_finite(words, at)), None)
        # Without a verb only what stands first can be a subject: "datter syg".
        stop = min(end, start + 2) if verb is None else verb
        for at in range(start, stop):
            if (known := self._at.get(at)) and not self._governed(at, start) and not self._owns_thing(at):
                if verb is None and known[0] is not Person.CITIZEN:
                    pause = next(
                        (here for here in range(at + 1, end) if words[here].before is not Break.NONE), end
                    )
                    self._until[self._layout.clauses[start]] = pause
                return self._head(at, known[0])
        if verb is None or verb == start:
            return None
        if any(words[at].fold in _PRONOUNS for at in range(start, verb)):
            return None
        # "i dag er datteren syg": the subject stands after the verb.
        after = (at for at in range(verb + 1, min(verb + 3, end)) if words[at].before is Break.NONE)
        return next(((known[0], at) for at in after if (known := self._at.get(at))), None)

    def _owns_thing(self, at: int) -> bool:
        """Tell whether the person at `at` only owns what the clause is about: "datterens besøg er glemt"."""
        fold = self._words[at].fold
        following = self._words[at + 1].key if at + 1 < len(self._words) else ""
        return fold.endswith("s") and len(fold) > _GENITIVE_MIN and following in _THINGS

    def _head(self, at: int, person: Person) -> tuple[Person, int]:
        """Return who is meant: in "hustruens bror" the brother."""
        following = self._at.get(at + 1)
        fold = self._words[at].fold
        if following and fold.endswith("s") and len(fold) > _GENITIVE_MIN:
            return following[0], at + 1
        return person, at

    def _governed(self, at: int, start: int) -> bool:
        """Tell whether a preposition stands before the person at `at`: "fra datteren"."""
        for before in range(at - 1, max(start, at - 3) - 1, -1):
            fold = self._words[before].fold
            if fold in PREPOSITIONS:
                return True
            if before in self._at or fold not in _DETERMINERS:
                return False
        return False

    def _implied(
        self, start: int, end: int, before: "_Before", *, fresh: bool, opens: bool
    ) -> tuple[Person, int]:
        """Return the subject of a clause that names none.

        Args:
            start: first token of the clause.
            end: one past its last token.
            before: what the clauses before were about.
            fresh: whether the clause opens a sentence.
            opens: whether it opens a main clause.

        """
        words = self._words
        previous = before.main if opens else before.subject
        heard = (words[at].fold for at in range(start, min(end, start + _PRONOUN_REACH)))
        pronoun = next((fold for fold in heard if fold in _SUBJECT_WORDS), None)
        if pronoun in WRITERS:
            return Person.STAFF, start
        if pronoun is None:
            joined = bool(start) and words[start - 1].fold in _JOINERS
            opener = words[start].fold
            goes_on = is_finite(words, start) or opener in _JOINERS
            if not fresh and (joined or not before.saying) and goes_on:
                return previous, start
            relative = previous in {Person.OTHER, Person.ANIMAL} and opener in _RELATIVE
            return (previous if relative and not (fresh or before.saying) else Person.CITIZEN), start
        if before.saying and pronoun in {"hun", "han"} and self._means_himself(start, end):
            return before.subject, start
        # "Hustruen er syg. Hun har feber." where the citizen is a man.
        female = pronoun == "hun"
        differs = self.citizen_is_female is not None and self.citizen_is_female != female
        named = pronoun in {"hun", "han"} and differs and self._is_named_before(start, female=female)
        return (Person.OTHER if named and (fresh or not before.saying) else Person.CITIZEN), start

    def _is_named_before(self, start: int, *, female: bool) -> bool:
        """Tell whether this sentence or the one before it names somebody else whom the pronoun fits."""
        sentences = self._layout.sentences
        for at in range(start - 1, -1, -1):
            if sentences[start] - sentences[at] > 1:
                return False
            known = self._at.get(at)
            if known and known[0] is Person.OTHER and self._gender(at) in {female, None}:
                return True
        return False

    def _means_himself(self, start: int, end: int) -> bool:
        """Tell whether who speaks speaks of himself: "sønnen siger, at han selv har ondt"."""
        folds = [word.fold for word in self._words[start : min(end, start + _PRONOUN_REACH)]]
        return any(
            fold in {"hun", "han"} and "selv" in folds[at + 1 : at + 3] and "kan" not in folds
            for at, fold in enumerate(folds)
        )


@dataclass(slots=True, kw_only=True)
class _Before:
    """What the clauses before were about."""

    subject: Person = Person.CITIZEN
    main: Person = Person.CITIZEN
    """The subject of the last main clause."""
    saying: bool = False
    """Whether somebody said something there: then the next clause is about the citizen."""
