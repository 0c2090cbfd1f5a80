"""What a note says of a problem: there, denied, over, suspected, or somebody else's.

A wrong assertion is worse than a miss: where the cues leave no reading, nothing is asserted.
"""

from collections.abc import Iterable, Sequence

from terminology import past
from terminology.clauses import is_finite
from terminology.cues import Span
from terminology.index import Hit
from terminology.normalise import Break
from terminology.persons import Person
from terminology.reach import Manner
from terminology.scope import DENIERS, Place, Scope, Verdict
from terminology.spoken.grammar import ADVERBS, WRITERS
from terminology.spoken.words import words as words_of

ABSENT, HISTORICAL, OTHER_PERSON, PRESENT, SUSPECTED = (
    "absent",
    "historical",
    "other_person",
    "present",
    "suspected",
)
_NOT = frozenset({"ikke", "ej", "aldrig"})
_AWAY_FROM = frozenset({"over", "under"})
"""Right before a wording of normality: "langt over normalvægt"."""
_NOT_FINE_REACH = 2
_SHORT_QUESTION = 3
"""Words of a problem that is a guess where a question mark follows: "blærebetændelse?"."""
_NOT_VERB_REACH = 3
_GOES_ON = 2
"""Words by which a denial must go on after the wording."""
_TRIGGER_REACH = 6
_LONGER = frozenset({"længere", "mere", "flere"})
_CLOSING = ADVERBS | words_of(
    "haft været blevet mere længere i dag nat for tiden det af noget nogen og eller"
)
"""What may follow a denial that closes its clause: "smerter har hun ikke haft"."""
_BESIDE_VERB = ADVERBS | words_of("hun han borger borgeren det der sig hende ham patienten")
_REFUSES = words_of(
    "ønsker ønskede vil ville afviser afviste takker takkede siger sagde nægter nægtede frabeder afslår"
)
_WOKEN = words_of("vågner vågnede vågnet vækket")
_DEFINITE = ("en", "et", "erne", "ene")


def judge(scope: Scope, at: Place, section: str) -> Verdict | None:
    """Judge a mention of a condition; None where nothing is to be recorded.

    Args:
        scope: the note's cues.
        at: where the mention stands.
        section: the vocabulary section of its wording.

    """
    if is_hypothetical(scope, at) or _is_of_writer(scope, at):
        return None
    person = scope.persons.owner(at.start, at.end)
    if person is Person.ANIMAL:
        return None
    if person is Person.OTHER:
        return None if section == ABSENT else Verdict(assertion=OTHER_PERSON)
    return _fine(scope, at) if section == ABSENT else _problem(scope, at, section)


def _is_of_writer(scope: Scope, at: Place) -> bool:
    """Tell whether a verb of the mention has the nurse as its subject: "jeg kan ikke se noget"."""
    return any(
        bool({scope.fold(here - 1), scope.fold(here + 1)} & WRITERS)
        for here in at.tokens
        if is_finite(scope.words, here)
    )


def is_hypothetical(scope: Scope, at: Place) -> bool:
    """Tell whether the mention is a condition, a risk or something to prevent."""
    if scope.before(at, Manner.CLAUSE, "betinget.foer") or any(scope.after(at, "betinget.efter")):
        return True
    # "Panodil ved smerter": when there are some.
    first = scope.words[at.start]
    return (
        first.before is Break.NONE
        and scope.fold(at.start - 1) == "ved"
        and scope.fold(at.start - 2) not in _WOKEN
        and not first.fold.endswith(_DEFINITE)
        and first.fold != "bad"
    )


def is_trigger(scope: Scope, parts: Sequence[Span], others: Iterable[Hit]) -> bool:
    """Tell whether a symptom only says when another one comes: "svimmel, når hun nyser".

    Args:
        scope: the note's cues.
        parts: the token spans of the mention.
        others: the hits of all conditions of the note.

    """
    at = Place(parts=tuple(parts))
    first = scope.clause_tokens(scope.clause(at.start))[0]
    if scope.fold(at.start - 1) in {"ved", "under"} and at.end - at.start == 1:
        opened = at.start - 1
    elif first and scope.fold(first) == "når" and scope.words[first].before < Break.COLON:
        opened = first
    else:
        return False
    sentence = scope.sentence(at.start)
    return any(
        scope.sentence(other.start) == sentence and opened - _TRIGGER_REACH <= other.end <= opened
        for other in others
    )


def _fine(scope: Scope, at: Place) -> Verdict | None:
    """Judge a wording of normality."""
    if cue := _not_fine(scope, at):
        return Verdict(assertion=PRESENT, cue=cue, unsure=True)
    return None if past.cue_of(scope, at) or _doubted(scope, at) else Verdict(assertion=ABSENT)


def _problem(scope: Scope, at: Place, section: str) -> Verdict | None:
    """Judge a wording of a problem."""
    over, doubted = past.cue_of(scope, at) or _not_so_any_more(scope, at), _doubted(scope, at)
    if denied := _denied(scope, at) or (_denied_within(scope, at) if section == PRESENT else None):
        was_there = _no_longer(scope, denied, at) or (over and denied[0] >= at.end)
        if was_there and not doubted:
            return Verdict(assertion=HISTORICAL, cue=denied)
        return Verdict(assertion=ABSENT, cue=denied, unsure=bool(over))
    if section != PRESENT:
        still = past.not_over(scope, at) if section == HISTORICAL else None
        return Verdict(assertion=PRESENT if still else section, cue=still)
    if _help_refused(scope, at):
        return None
    if over:
        return Verdict(assertion=HISTORICAL, cue=over)
    return Verdict(assertion=SUSPECTED if doubted else PRESENT, cue=doubted)


def _denied(scope: Scope, at: Place) -> Span | None:
    """Return the cue that denies the mention, if it is not denied itself."""
    if own := [here for here in at.tokens if scope.fold(here) in DENIERS]:
        return _longer_denial(scope, at, max(own))
    found = [
        scope.before(at, Manner.NOUN, "benaegtet.bestemmer"),
        scope.before(at, Manner.CLAUSE, "benaegtet.udsagn"),
        scope.before(at, Manner.LIGHT, "benaegtet.ikke"),
    ]
    cue = max((cue for cue in found if cue), default=None) or _denied_after(scope, at)
    return None if cue is None or _is_double(scope, cue) else cue


def _longer_denial(scope: Scope, at: Place, own: int) -> Span | None:
    """Return the denial that a wording's own one is only the beginning of.

    "hukommelsen … ikke" tells of trouble, "hukommelsen er der ikke noget i vejen med" of none.
    """
    return next(
        (cue for cue in scope.cues.spans("benaegtet.efter") if cue[0] <= own and at.end + _GOES_ON <= cue[1]),
        None,
    )


def _denied_within(scope: Scope, at: Place) -> Span | None:
    """Return a denial between the words of the mention: "vægten er ikke faldet"."""
    inside = at.tokens
    for here in range(at.start, at.end):
        if scope.fold(here) not in _NOT or here in inside:
            continue
        denied = next((cue for cue in scope.cues.spans("benaegtet.ikke") if cue[0] <= here < cue[1]), None)
        following = min((token for token in inside if token > here), default=None)
        if following is None:
            continue
        rest = Place(parts=((following, at.end),))
        if following == here + 1 or (denied and scope.reaches(denied, rest, Manner.LIGHT)):
            return here, here + 1
    return None


def _denied_after(scope: Scope, at: Place) -> Span | None:
    """Return a denial that follows: "smerter har hun ikke", "hoster ikke"."""
    for cue in scope.after(at, "benaegtet.efter"):
        if _closes(scope, cue):
            return cue
    inside = at.tokens
    verb = next((here for here in sorted(inside, reverse=True) if is_finite(scope.words, here)), None)
    while verb is not None and verb + 1 in inside and scope.fold(verb + 1) in _BESIDE_VERB:
        verb += 1  # "ømmer sig ikke"
    if verb is None or (verb != at.end - 1 and verb + 1 in inside):
        return None
    for here in range(verb + 1, min(verb + 1 + _NOT_VERB_REACH, len(scope.words))):
        if scope.words[here].before is not Break.NONE:
            return None
        denied = next((cue for cue in scope.cues.spans("benaegtet.ikke") if cue[0] == here), None)
        if denied:
            within = here < at.end  # "svier ikke, når hun tisser"
            return denied if within or _closes(scope, denied) else None
        if scope.fold(here) not in _BESIDE_VERB:
            return None
    return None


def _closes(scope: Scope, cue: Span) -> bool:
    """Tell whether a denial ends its clause: "smerterne er ikke blevet værre" does not deny them."""
    end = cue[1]
    return end >= len(scope.words) or scope.words[end].before is not Break.NONE or scope.fold(end) in _CLOSING


def _is_double(scope: Scope, cue: Span) -> bool:
    """Tell whether the cue is denied itself: "ikke uden smerter"."""
    if scope.words[cue[0]].before is Break.NONE and scope.fold(cue[0] - 1) in _NOT:
        return True
    return cue[1] - cue[0] > 1 and scope.fold(cue[0]) == "ikke" and scope.fold(cue[0] + 1) in {"uden", "fri"}


def _no_longer(scope: Scope, cue: Span, at: Place) -> bool:
    """Tell whether the denial says that it was there before: "ikke længere ondt"."""
    inside = at.tokens
    for here in range(cue[0], max(at.start, cue[1] + (not scope.ends(cue[1])))):
        # "ikke mere ondt", but not "ikke blevet mere glemsom"
        if (
            here not in inside
            and scope.fold(here) in _LONGER
            and (scope.fold(here) == "længere" or scope.fold(here - 1) in DENIERS or here >= at.end)
        ):
            return True
    return scope.fold(at.end) in _LONGER and not scope.paused(at.end, at.end + 1)


def _not_so_any_more(scope: Scope, at: Place) -> Span | None:
    """Return the "længere" or "mere" of "ikke så ensom længere"."""
    if scope.fold(at.end) not in {"længere", "mere"} or scope.paused(at.end, at.end + 1):
        return None
    so = (
        scope.fold(here) in _NOT and scope.fold(here + 1) == "så"
        for here in range(max(0, at.start - _NOT_VERB_REACH), at.end)
    )
    return (at.end, at.end + 1) if any(so) else None


def _not_fine(scope: Scope, at: Place) -> Span | None:
    """Return the denial right before a wording of normality: "er ikke smertefri"."""
    inside = at.tokens
    if any(scope.fold(here) in DENIERS for here in inside):
        return None
    alone = at.end - at.start == 1 and scope.words[at.start].before is Break.NONE
    if alone and scope.fold(at.start - 1) in _AWAY_FROM:
        return at.start - 1, at.start
    for here in range(max(0, at.start - _NOT_FINE_REACH), at.end):
        denies = scope.fold(here) in _NOT and here not in inside
        if denies and not scope.paused(here + 1, at.start + 1):
            return here, here + 1
    return None


def _doubted(scope: Scope, at: Place) -> Span | None:
    """Return the cue that makes the mention a suspicion."""
    if cue := scope.before(at, Manner.CLAUSE, "mistanke.foer") or next(
        scope.after(at, "mistanke.efter"), None
    ):
        return cue
    asked = at.end - 1 in scope.asked and at.end - at.start <= _SHORT_QUESTION
    return (at.end - 1, at.end) if asked else None


def _help_refused(scope: Scope, at: Place) -> bool:
    """Tell whether help is not wanted: that says nothing of the need for it."""
    if not any(scope.fold(here).startswith(("hjælp", "støtte")) for here in at.tokens):
        return False
    return any(
        scope.fold(cue[0]) in _REFUSES and scope.reaches(cue, at, Manner.CLAUSE)
        for cue in scope.cues.spans("ikke_udfoert.foer")
    )
