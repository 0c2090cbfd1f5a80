"""What a note says of the care team's work: done, planned, left undone, or somebody else's."""

from collections.abc import Iterator

from terminology.clauses import is_finite
from terminology.conditions import is_hypothetical
from terminology.cues import Span
from terminology.persons import Person
from terminology.reach import Manner
from terminology.scope import Place, Scope, Verdict
from terminology.spoken.verbs import PARTICIPLES
from terminology.spoken.words import words as words_of

COMPLETED, PLANNED, NOT_DONE = "completed", "planned", "not_done"
_PLAIN_DENIAL = words_of("ikke ej ingen intet endnu heller hverken")
_STATES = words_of("har havde ikke er var ej endnu")
_CITIZENS_VERBS = words_of("været gået spist drukket sovet kommet siddet ligget stået haft")
_MUST = words_of("skal skulle bør burde må vil")
_CITIZEN = words_of("hun han borger borgeren patienten pt")
_RECEIVES = words_of("have ha hjælpes støttes guides til i")
_QUESTIONS = words_of("hvorfor hvordan hvornår om hvad")
_NEEDS = words_of(
    "støtte hjælp brug behov svært besvær orker magter kan formår overskud guides motiveres mindes"
)
_ACHIEVED = words_of(
    "nåede nået husket huskede sørget sørgede lykkedes valgt fået begyndt påbegyndt hjulpet hjalp"
)
_HELPING = words_of("har havde er var får fik blev bliver skal skulle vil ville må kan kunne fået")
_IF = frozenset({"hvis", "såfremt"})
_OF_PLANS = frozenset({"planlagt", "aftalt", "bestilt"})
_MODALS = words_of("kan kunne skal skulle vil må bør at")
_SHORTEST_PASSIVE = 5


def judge(scope: Scope, at: Place, section: str) -> Iterator[Verdict]:
    """Judge a mention of an intervention; nothing comes where nothing is to be recorded.

    Args:
        scope: the note's cues.
        at: where the mention stands.
        section: the vocabulary section of its wording.

    Yields:
        One verdict, or two where something was refused and a new time was set.

    """
    if is_hypothetical(scope, at) or depends(scope, at) or by_others(scope, at) or _is_wish(scope, at):
        return
    cue = None if section == NOT_DONE else undone(scope, at)
    if section == NOT_DONE or cue:
        if cue and _citizens_own(scope, cue, at):
            return
        yield Verdict(assertion=NOT_DONE, cue=cue)
        if again := new_time(scope, at):
            yield Verdict(assertion=PLANNED, cue=again)
    elif section == PLANNED:
        yield Verdict(assertion=PLANNED)
    elif cue := planned(scope, at):
        if not _citizen_is_to(scope, cue, at):
            yield Verdict(assertion=PLANNED, cue=cue)
    elif not earlier(scope, at) and not _is_act_of_citizen(scope, at):
        yield Verdict(assertion=COMPLETED)


def by_others(scope: Scope, at: Place) -> bool:
    """Tell whether somebody else does the work: a relative, another firm, the citizen alone."""
    inside = at.tokens
    clause = scope.clause(at.start)
    for low, high in scope.cues.spans("personer.selv"):
        own = bool(inside & set(range(low, high))) or at.start <= low < at.end
        if not own and clause in {scope.clause(low), scope.clause(high - 1)}:
            return True
    if scope.persons.is_named(at.start, at.end):
        return False
    return scope.persons.subject(at.start) in {Person.OTHER, Person.STRANGER, Person.ANIMAL}


def _is_wish(scope: Scope, at: Place) -> bool:
    """Tell whether the work is only what somebody needs help to do: "hjælp til at holde styr på aftaler"."""
    if scope.fold(at.start - 1) != "at" or scope.has_participle(at.tokens):
        return False
    clause = scope.clause_tokens(scope.clause(at.start))
    return any(scope.fold(here) in _NEEDS for here in clause if here < at.start)


def undone(scope: Scope, at: Place) -> Span | None:
    """Return the cue that says the work was left undone or refused."""
    for cue in scope.cues.spans("ikke_udfoert.foer"):
        manner = Manner.LIGHT if scope.fold(cue[0]) in _PLAIN_DENIAL else Manner.CLAUSE
        if scope.reaches(cue, at, manner):
            return cue
    return next(scope.after(at, "ikke_udfoert.efter"), None)


def planned(scope: Scope, at: Place) -> Span | None:
    """Return the cue that says the work is still to come."""
    if cue := scope.before(at, Manner.CLAUSE, "planlagt.foer"):
        return cue
    inside = at.tokens
    clause = scope.clause(at.start)
    if scope.has_participle(inside) or _is_done(scope, clause):
        return None
    names = ["planlagt.tid", "planlagt.nyt"]
    finite = [here for here in scope.clause_tokens(clause) if is_finite(scope.words, here)]
    if not finite or any(
        scope.fold(here).endswith(("r", "s")) and scope.fold(here) != "var" for here in finite
    ):
        names.append("planlagt.nutid")
    for cue in scope.cues.spans(*names):
        if scope.clause(cue[0]) == clause and cue[0] not in inside:
            return cue
    passive = next((here for here in sorted(inside) if _is_passive(scope, here)), None)
    return None if passive is None else (passive, passive + 1)


def earlier(scope: Scope, at: Place) -> Span | None:
    """Return the cue that says the work was done at another visit."""
    clauses = {scope.clause(at.start), scope.clause(at.end - 1)}
    return next((cue for cue in scope.cues.spans("foer_besoeg.tid") if scope.clause(cue[0]) in clauses), None)


def new_time(scope: Scope, at: Place) -> Span | None:
    """Return the new time that is set after a refusal."""
    clause = scope.clause(at.start)
    return next(
        (
            cue
            for cue in scope.cues.spans("ikke_udfoert.nytid")
            if scope.clause(cue[0]) - clause in {0, 1} and cue[0] >= at.start
        ),
        None,
    )


def _citizens_own(scope: Scope, cue: Span, at: Place) -> bool:
    """Tell whether it is the citizen who did not do it: "har ikke været på toilettet"."""
    plain = scope.fold(cue[0]) in _STATES
    return plain and any(scope.fold(here) in _CITIZENS_VERBS for here in at.tokens)


def _citizen_is_to(scope: Scope, cue: Span, at: Place) -> bool:
    """Tell whether the citizen is to do it: "hun skal røre sig mere", "hvordan han skal sove"."""
    low, high = cue
    if scope.fold(low) not in _MUST:
        return False
    if scope.fold(scope.clause_tokens(scope.clause(low))[0]) in _QUESTIONS:
        return True
    if not {scope.fold(low - 1), scope.fold(low + 1)} & _CITIZEN:
        return False
    receives = any(scope.fold(here) in _RECEIVES for here in range(low, at.end))
    done_to = any(_is_passive(scope, here) or scope.fold(here) in PARTICIPLES for here in range(high, at.end))
    return not (receives or done_to)


def _is_act_of_citizen(scope: Scope, at: Place) -> bool:
    """Tell whether a verb of the mention has the citizen as its subject: "drikker hun selv vand"."""
    if scope.fold(at.start - 1) == "at" and not scope.has_participle(at.tokens):
        # An infinitive tells of nothing done, except after "nåede at", "sørget for at".
        return not scope.says(scope.clause(at.start), _ACHIEVED)
    return any(
        is_finite(scope.words, here)
        and scope.fold(here) not in _HELPING
        and bool({scope.fold(here - 1), scope.fold(here + 1)} & _CITIZEN)
        and not _is_passive(scope, here)
        for here in at.tokens
    )


def depends(scope: Scope, at: Place) -> bool:
    """Tell whether the work depends on something: "ring til lægen, hvis feberen stiger"."""
    if scope.has_participle(at.tokens):
        return False
    sentence, following = scope.sentence(at.start), scope.clause(at.end - 1) + 1
    return any(
        scope.fold(here) in _IF and scope.sentence(here) == sentence and scope.clause(here) <= following
        for here in range(len(scope.words))
    )


def _is_done(scope: Scope, clause: int) -> bool:
    """Tell whether the clause holds a participle that is no plan."""
    return any(
        scope.fold(here) in PARTICIPLES and scope.fold(here) not in _OF_PLANS
        for here in scope.clause_tokens(clause)
    )


def _is_passive(scope: Scope, at: int) -> bool:
    """Tell whether a verb in the present passive stands at `at`: "skiftes", "bestilles"."""
    fold = scope.fold(at)
    return len(fold) >= _SHORTEST_PASSIVE and fold.endswith("es") and scope.fold(at - 1) not in _MODALS
