"""A site's accepted wordings over the vocabulary of a release; what doesn't fit is reported, not guessed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from terminology.concept import Concept
from terminology.overlay.base import (
    Lines,
    Problem,
    Said,
    WordingError,
    as_map,
    lines,
    read_wording,
    with_lines,
)
from terminology.overlay.store import Store
from terminology.overlay.wording import Act, Event, State, Wording, same, same_person
from terminology.pattern import Line, Parser
from terminology.places import overlay_folder
from terminology.release import Release
from terminology.vocabulary import Spoken


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """A wording of the overlay that is not used, and why."""

    problem: Problem
    wording: Wording
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlay:
    """A vocabulary with a site's wordings in it."""

    spoken: tuple[Spoken, ...]
    added: tuple[Wording, ...]
    """Wordings that are used."""
    redundant: tuple[Wording, ...]
    """Wordings that the release has itself by now; nothing is lost by taking them out."""
    retired: tuple[Wording, ...]
    """Wordings of the release that the site took out."""
    stale: tuple[Wording, ...]
    """Wordings taken out that the release does not have any more."""
    conflicts: tuple[Conflict, ...]


def load_overlay(
    folder: Path | None = None, *, release: Release, base: Sequence[Spoken], parser: Parser
) -> Overlay:
    """Lay a site's accepted wordings over the vocabulary of a release.

    Args:
        folder: of the overlay, the user's own by default; it need not exist.
        release: the concepts.
        base: the release's vocabulary.
        parser: of the release; it knows the shared lists.

    Raises:
        TerminologyError: a file of the overlay is damaged; the message names file, line and reason.

    """
    store = Store(folder or overlay_folder())
    two_person = store.settings().two_person
    retired, stale, conflicts, dropped = _take_out(store, base, two_person=two_person)
    kept = with_lines(base, (), dropped)
    known = Lines(kept, parser)
    by_code = as_map(kept)
    used: list[tuple[Wording, Said]] = []
    redundant: list[Wording] = []
    for wording in store.wordings(State.ACCEPTED):
        try:
            _check_decision(wording, Act.ACCEPTED, two_person=two_person)
            concept = read_wording(wording, release=release, parser=parser)
            said = said_by(wording, concept, by_code)
            if any(_is_line(other, said) for other in known.equal(said.line)):
                redundant.append(wording)
                continue
            refuse_clash(said, concept, known)
        except WordingError as error:
            conflicts.append(Conflict(problem=error.problem, wording=wording, message=str(error)))
        else:
            known.add(said)
            used.append((wording, said))
    return Overlay(
        spoken=with_lines(kept, [said for _, said in used], ()),
        added=tuple(wording for wording, _ in used),
        redundant=tuple(redundant),
        retired=tuple(retired),
        stale=tuple(stale),
        conflicts=tuple(conflicts),
    )


def _take_out(
    store: Store, base: Sequence[Spoken], *, two_person: bool
) -> tuple[list[Wording], list[Wording], list[Conflict], list[Said]]:
    """Return the wordings that are taken out, the stale ones, the conflicts, and the lines to drop."""
    shipped = {(said.spoken.code, said.section, same(said.line.text)): said for said in lines(base)}
    retired: list[Wording] = []
    stale: list[Wording] = []
    conflicts: list[Conflict] = []
    dropped: list[Said] = []
    for wording in store.wordings():
        if not _is_out(wording):
            continue
        hit = shipped.get((wording.code, wording.section, same(wording.text)))
        if hit is None:
            if not any(step.act is Act.PROPOSED for step in wording.events):
                stale.append(wording)
            continue
        try:
            _check_decision(wording, Act.RETIRED, two_person=two_person)
        except WordingError as error:
            conflicts.append(Conflict(problem=error.problem, wording=wording, message=str(error)))
        else:
            retired.append(wording)
            dropped.append(hit)
    return retired, stale, conflicts, dropped


def said_by(wording: Wording, concept: Concept, spoken: Mapping[str, Spoken]) -> Said:
    """Return a wording as a line of the vocabulary; its concept may be one without lines so far."""
    one = spoken.get(concept.code) or Spoken(
        code=concept.code,
        display=concept.display,
        area=concept.kind,
        alternatives=(),
        sections={},
        source=f"overlay/{wording.source.rpartition(':')[0]}",
    )
    return Said(
        spoken=one, section=wording.section, line=Line(text=wording.text, source=f"overlay/{wording.source}")
    )


def refuse_clash(said: Said, concept: Concept, known: Lines) -> None:
    """Refuse a line that says another concept or another section already.

    Raises:
        WordingError: names the line that it clashes with.

    """
    clash = known.clash(concept, said.section, said.line)
    if clash is None:
        return
    problem, other = clash
    what = f'"{other.spoken.display}"' if problem is Problem.TWO_CONCEPTS else f"[{other.section}] of it"
    raise WordingError(
        problem,
        f'"{said.line.text}" for "{concept.display}" [{said.section}] says {what} already '
        f"({other.line.source}). Decide which one it is, and retire the other.",
    )


def _check_decision(wording: Wording, decided: Act, *, two_person: bool) -> None:
    """Refuse a wording that nobody proposed or decided on, or one person alone where two are asked for."""
    proposed = (Act.TO_RETIRE,) if decided is Act.RETIRED else (Act.PROPOSED,)
    proposal = _last(wording, proposed)
    decision = _last(wording, (decided,))
    if proposal is None or decision is None:
        raise WordingError(
            Problem.UNATTRIBUTED,
            f'"{wording.text}" does not say above it who proposed and who {decided} it. '
            'Use "dictate-terms propose" and "review".',
        )
    if two_person and same_person(proposal.by, decision.by):
        raise WordingError(
            Problem.ONE_PERSON,
            f'"{wording.text}" was proposed and {decided} by {decision.by} alone. '
            "A second person must review it.",
        )


def _last(wording: Wording, acts: tuple[Act, ...]) -> Event | None:
    return next((event for event in reversed(wording.events) if event.act in acts), None)


def _is_out(wording: Wording) -> bool:
    """Tell whether a wording was taken out and not accepted again since."""
    last = _last(wording, (Act.ACCEPTED, Act.RETIRED))
    return wording.state is not State.ACCEPTED and last is not None and last.act is Act.RETIRED


def _is_line(known: Said, said: Said) -> bool:
    return known.spoken.code == said.spoken.code and known.section == said.section
