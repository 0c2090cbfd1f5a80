"""What a note says of a problem: there, denied, over, suspected, or somebody else's.

A wrong assertion is worse than a miss: where the cues leave no reading, nothing is asserted.
"""

from collections.abc import Iterable, Sequence

from terminology.clauses import is_finite
from terminology.cues import Span
from terminology.index import Hit
from terminology.normalise import Break
from terminology.persons import Person
from terminology.reach import Manner
from terminology.scope import DENIERS, Place, Scope, Verdict
from terminology.spoken.grammar import ADVERBS
from terminology.spoken.words import words as words_of

ABSENT, HISTORICAL, OTHER_PERSON, PRESENT, SUSPECTED = (
    "absent",
    "historical",
    "other_person",
    "present",
    "suspected",
)
_NOT = frozenset({"ikke", "ej", "aldrig"})
_NOT_FINE_REACH = 2
_NOT_VERB_REACH = 3
_TRIGGER_REACH = 6
_LONGER = frozenset({"længere", "mere"})
_HAD = frozenset({"haft", "havde"})
_CLOSING = ADVERBS | words_of(
    "haft været blevet mere længere i dag nat for tiden det af noget nogen og eller"
)
"""What may follow a denial that closes its clause: "smerter har hun ikke haft"."""
_BESIDE_VERB = ADVERBS | words_of("hun han borger borgeren det der sig")
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
    if is_hypothetical(scope, at):
        return None
    person = scope.persons.owner(at.start, at.end)
    if person is Person.ANIMAL:
        return None
    if person is Person.OTHER:
        return None if section == ABSENT else Verdict(assertion=OTHER_PERSON)
    return _fine(scope, at) if section == ABSENT else _problem(scope, at, section)


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
    return None if _over(scope, at) or _doubted(scope, at) else Verdict(assertion=ABSENT)


def _problem(scope: Scope, at: Place, section: str) -> Verdict | None:
    """Judge a wording of a problem."""
    over, doubted = _over(scope, at), _doubted(scope, at)
    if denied := _denied(scope, at):
        if not doubted and _no_longer(scope, denied, at):
            return Verdict(assertion=HISTORICAL, cue=denied)
        return Verdict(assertion=ABSENT, cue=denied, unsure=bool(over))
    if section != PRESENT:
        return Verdict(assertion=section)
    if _help_refused(scope, at):
        return None
    if over:
        return Verdict(assertion=HISTORICAL, cue=over)
    return Verdict(assertion=SUSPECTED if doubted else PRESENT, cue=doubted)


def _denied(scope: Scope, at: Place) -> Span | None:
    """Return the cue that denies the mention, if it is not denied itself."""
    if any(scope.fold(here) in DENIERS for here in at.tokens):
        return None  # the wording holds its own denial
    found = [
        scope.before(at, Manner.NOUN, "benaegtet.bestemmer"),
        scope.before(at, Manner.CLAUSE, "benaegtet.udsagn"),
        scope.before(at, Manner.LIGHT, "benaegtet.ikke"),
    ]
    cue = max((cue for cue in found if cue), default=None) or _denied_after(scope, at)
    return None if cue is None or _is_double(scope, cue) else cue


def _denied_after(scope: Scope, at: Place) -> Span | None:
    """Return a denial that follows: "smerter har hun ikke", "hoster ikke"."""
    for cue in scope.after(at, "benaegtet.efter"):
        if _closes(scope, cue):
            return cue
    last = at.end - 1
    if at.start != last or not is_finite(scope.words, last):
        return None
    for here in range(last + 1, min(last + 1 + _NOT_VERB_REACH, len(scope.words))):
        if scope.words[here].before is not Break.NONE:
            return None
        if (here, here + 1) in scope.cues.spans("benaegtet.ikke"):
            return (here, here + 1) if _closes(scope, (here, here + 1)) else None
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
    if any(scope.fold(here) in _LONGER for here in range(cue[0], at.start)):
        return True
    return scope.fold(at.end) in _LONGER and not scope.paused(at.end, at.end + 1)


def _not_fine(scope: Scope, at: Place) -> Span | None:
    """Return the denial right before a wording of normality: "er ikke smertefri"."""
    inside = at.tokens
    if any(scope.fold(here) in DENIERS for here in inside):
        return None
    for here in range(max(0, at.start - _NOT_FINE_REACH), at.end):
        denies = scope.fold(here) in _NOT and here not in inside
        if denies and not scope.paused(here + 1, at.start + 1):
            return here, here + 1
    return None


def _over(scope: Scope, at: Place) -> Span | None:
    """Return the cue that says the mention is over."""
    if cue := _gone(scope, at):
        return cue
    # "efter lungebetændelsen": the illness lies before.
    first = scope.words[at.start]
    named = at.end - at.start == 1 and first.fold.endswith(("en", "et")) and first.before is Break.NONE
    if named and scope.fold(at.start - 1) == "efter":
        return at.start - 1, at.start
    clause = scope.clause(at.start)
    if scope.in_clause(clause, "tidligere.stadig"):
        return None
    if cue := scope.before(at, Manner.CLAUSE, "tidligere.foer"):
        return cue
    names = ["tidligere.tid"]
    if scope.says(clause, _HAD):
        names.append("tidligere.haft")
    return scope.in_clause(clause, *names)


def _gone(scope: Scope, at: Place) -> Span | None:
    """Return the words after the mention that say it is gone, and are not denied themselves."""
    not_gone = scope.cues.tokens("tidligere.vaek")
    return next(
        (
            cue
            for cue in scope.after(at, "tidligere.efter")
            if cue[1] - 1 not in at.tokens and cue[1] - 1 not in not_gone
        ),
        None,
    )


def _doubted(scope: Scope, at: Place) -> Span | None:
    """Return the cue that makes the mention a suspicion."""
    cue = scope.before(at, Manner.CLAUSE, "mistanke.foer")
    return cue or next(scope.after(at, "mistanke.efter"), None)


def _help_refused(scope: Scope, at: Place) -> bool:
    """Tell whether help is not wanted: that says nothing of the need for it."""
    if not any(scope.fold(here).startswith(("hjælp", "støtte")) for here in at.tokens):
        return False
    return any(
        scope.fold(cue[0]) in _REFUSES and scope.reaches(cue, at, Manner.CLAUSE)
        for cue in scope.cues.spans("ikke_udfoert.foer")
    )
