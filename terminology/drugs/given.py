"""Whether a named drug was given, is to be given, was not given, or is no entry at all."""

from terminology import work
from terminology.conditions import is_hypothetical
from terminology.cues import Span
from terminology.drugs.names import Named
from terminology.normalise import Break
from terminology.persons import Person
from terminology.scope import Scope, place

CUE = "drug."
"""Before the section of a cue that tells what was done with a drug."""
_STATUS = tuple(f"{CUE}{section}" for section in ("given", "not_given", "planned"))
GIVEN, PLANNED, NOT_GIVEN = "given", "planned", "not_given"


def judge(scope: Scope, named: Named, *, dosed: bool, routed: bool = False) -> tuple[str, ...]:
    """Return what the note says of a drug; empty where it calls for no entry.

    Args:
        scope: the note's cues.
        named: the drug.
        dosed: whether its dose was said.
        routed: whether a route was said beside it.

    """
    at = place(named.low, named.high)
    giver = scope.persons.owner(named.low, named.high)
    given = _nearest(scope, named, "given")
    may_be = not given and _nearest(scope, named, "conditional") is not None
    if giver in {Person.OTHER, Person.ANIMAL} or _taken_alone(scope, named) or may_be:
        return ()
    if is_hypothetical(scope, at) or work.is_asked(scope, at):
        return ()
    remark = None if dosed and routed else _nearest(scope, named, "remark")
    spoken_of = _nearest(scope, named, "no_entry") or remark
    undone = work.undone(scope, at)
    missed = undone or _nearest(scope, named, "not_given") or _lost(scope, named)
    decided = given or undone if missed else _decides(named, given, spoken_of)
    if (spoken_of and not decided) or (not missed and work.depends(scope, at)):
        return ()
    if missed:
        return (NOT_GIVEN, PLANNED) if work.new_time(scope, at) else (NOT_GIVEN,)
    planned = work.planned(scope, at) or _nearest(scope, named, "planned")
    if planned and not _decides(named, given, planned):
        return (PLANNED,)
    habit = _nearest(scope, named, "habit") and not given
    left_out = work.earlier(scope, at) or giver is Person.STRANGER or habit
    return (GIVEN,) if (given or dosed) and not left_out else ()


def _taken_alone(scope: Scope, named: Named) -> bool:
    """Tell whether the citizen takes the drug without help."""
    clause = scope.clause(named.low)
    return any(
        scope.clause(low) == clause and not low <= named.low < high
        for low, high in scope.cues.spans("personer.selv")
    )


def _nearest(scope: Scope, named: Named, section: str) -> Span | None:
    """Return the nearest cue of a section in the stretch of the drug."""
    stretch = scope.layout.stretches[named.low]
    clause = scope.clause(named.low)
    told = any(scope.clause(low) == clause for low, _ in scope.cues.spans(*_STATUS))
    return min(
        (
            cue
            for cue in scope.cues.spans(f"{CUE}{section}")
            if (scope.layout.stretches[cue[0]] == stretch and (not told or scope.clause(cue[0]) == clause))
            or _heads(scope, cue, named)
        ),
        key=lambda cue: (_distance(named, cue), cue),
        default=None,
    )


def _lost(scope: Scope, named: Named) -> Span | None:
    """Return what says that the drug came out again: "givet, men spyttet ud"."""
    sentence = scope.sentence(named.low)
    return next(
        (
            cue
            for cue in scope.cues.spans(f"{CUE}lost")
            if cue[0] > named.low and scope.sentence(cue[0]) == sentence
        ),
        None,
    )


def _heads(scope: Scope, cue: Span, named: Named) -> bool:
    """Tell whether a cue heads the sentence of the drug: "ny ordination: Furix 40 mg"."""
    end = cue[1]
    return (
        end <= named.low
        and scope.words[end].before is Break.COLON
        and scope.sentence(end) == scope.sentence(named.low)
    )


def _decides(named: Named, given: Span | None, other: Span | None) -> bool:
    """Tell whether "given" stands nearer to the drug than another cue, and is not part of it."""
    if given is None or other is None or (given[0] < other[1] and other[0] < given[1]):
        return False
    return _distance(named, given) <= _distance(named, other)


def _distance(named: Named, cue: Span) -> int:
    return min(abs(cue[0] - named.high), abs(named.low - cue[1]))
