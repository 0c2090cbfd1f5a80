"""Whether a problem that a note speaks of is over now.

It is where the note dates it back, says that it is gone, or sets how it is now against how it was.
"""

import re
from collections.abc import Sequence

from terminology.clauses import is_finite, is_past
from terminology.cues import Span
from terminology.normalise import Break
from terminology.reach import Manner
from terminology.scope import Place, Scope
from terminology.spoken.words import words as words_of

_HAD = frozenset({"haft"})
_EVENTS = words_of("faldt gled snublede væltede besvimede styrtede brækkede mistede")
"""What happened once is not over because the citizen is well again."""
_IN_YEAR = frozenset({"i", "fra", "tilbage"})
_YEAR = re.compile(r"(?:19|20)\d\d")
_STILL = "tidligere.stadig"


def cue_of(scope: Scope, at: Place) -> Span | None:
    """Return the cue that says that a problem is over.

    Args:
        scope: the note's cues.
        at: where the mention of the problem stands.

    """
    if cue := _gone(scope, at) or _named_as_past(scope, at):
        return cue
    clause = scope.clause(at.start)
    if any(scope.clause(cue[0]) == clause and _together(scope, cue, at) for cue in scope.cues.spans(_STILL)):
        return None
    return scope.before(at, Manner.CLAUSE, "tidligere.foer") or _dated(scope, at)


def _named_as_past(scope: Scope, at: Place) -> Span | None:
    """Return "efter" before an illness that is named alone: "efter lungebetændelsen"."""
    first = scope.words[at.start]
    named = at.end - at.start == 1 and first.fold.endswith(("en", "et")) and first.before is Break.NONE
    return (at.start - 1, at.start) if named and scope.fold(at.start - 1) == "efter" else None


def _dated(scope: Scope, at: Place) -> Span | None:
    """Return a time gone by in the clause of the mention, or how it is now in the clause after it."""
    clause = scope.clause(at.start)
    tokens = scope.clause_tokens(clause)
    past = any(is_past(scope.words, here) for here in tokens)
    names = ["tidligere.tid"]
    if (past or scope.says(clause, _HAD)) and not _is_event(scope, at):
        names.append("tidligere.haft")
    if cue := scope.in_clause(clause, *names) or _year(scope, tokens):
        return cue
    relative = past and tokens[0] > 0 and scope.fold(tokens[0]) == "hvor"
    if relative and (cue := scope.in_clause(scope.clause(tokens[0] - 1), *names)):
        return cue  # "indlagt sidste vinter, hvor han fik delir"
    bare = not any(is_finite(scope.words, here) for here in tokens)
    if (past and scope.fold(tokens[-1]) == "før") or (bare and scope.fold(tokens[-1]) == "tidligere"):
        return tokens[-1], tokens[-1] + 1
    return _contrasted(scope, at) if past else None


def _year(scope: Scope, tokens: Sequence[int]) -> Span | None:
    """Return a year among the tokens: "i 2015"."""
    years = (
        (here, here + 2)
        for here in tokens
        if scope.fold(here) in _IN_YEAR and _YEAR.fullmatch(scope.fold(here + 1))
    )
    return next(years, None)


def _is_event(scope: Scope, at: Place) -> bool:
    """Tell whether the mention is something that happened once."""
    return any(scope.fold(here) in _EVENTS for here in at.tokens)


def _together(scope: Scope, cue: Span, at: Place) -> bool:
    """Tell whether no pause parts a cue from the mention."""
    return not scope.paused(min(cue[1], at.end), max(cue[0], at.start) + 1)


def _contrasted(scope: Scope, at: Place) -> Span | None:
    """Return the words after a mention in the past that say how it is now: "kunne ikke gå, kan det igen"."""
    if _is_event(scope, at):
        return None
    clause, sentence = scope.clause(at.end - 1), scope.sentence(at.start)
    return next(
        (
            cue
            for cue in scope.cues.spans("tidligere.nu")
            if cue[0] >= at.end
            and scope.sentence(cue[0]) == sentence
            and (scope.clause(cue[0]) > clause or scope.paused(at.end, cue[0] + 1))
        ),
        None,
    )


def not_over(scope: Scope, at: Place) -> Span | None:
    """Return what takes back a wording that says it is over: "er ikke helet", "er næsten helet"."""
    return next((cue for cue in scope.cues.spans("tidligere.vaek") if at.start - 1 <= cue[0] <= at.end), None)


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
