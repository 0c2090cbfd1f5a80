"""From the release in use to a new edition: what changes, and what a human must decide."""

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from terminology.concept import FSIII, Concept, Designation, Status, Use
from terminology.errors import TerminologyError
from terminology.maintain.official import Edition, OfficialConcept
from terminology.overlay.page import slug
from terminology.overlay.wording import Wording
from terminology.release import Release
from terminology.search import fold
from terminology.vocabulary import AREAS, CONDITION_SECTIONS, Spoken

_ALIKE = 0.75  # ratio of difflib at which a term is offered as a successor
_OFFERED = 3
_COMMON_IN_TERMS = frozenset(
    {"problemer", "med", "og", "af", "i", "til", "ved", "andre", "pleje", "behandling"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Edited:
    """A concept before and after."""

    before: Concept
    after: Concept


@dataclass(frozen=True, slots=True, kw_only=True)
class Orphan:
    """A concept that is retired now but has wordings: a human must say where they go."""

    concept: Concept
    shipped: int
    """Wordings of the release."""
    own: int
    """Wordings of the site, used and proposed."""
    successor: str
    """Code that people accepted; "" where nobody decided yet."""
    candidates: tuple[Concept, ...]
    """Current concepts with a similar term, the most similar first: hints, nothing more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Migration:
    """What a new edition changes."""

    version: str
    added: tuple[Concept, ...]
    retired: tuple[Edited, ...]
    revived: tuple[Edited, ...]
    renamed: tuple[Edited, ...]
    moved: tuple[Edited, ...]
    """To another parent or area."""
    orphans: tuple[Orphan, ...]
    concepts: tuple[Concept, ...]
    """All of them, as the next release has them; no code is ever dropped."""
    inferred: Mapping[str, str]
    source_displays: Mapping[str, str]

    @property
    def undecided(self) -> tuple[Orphan, ...]:
        """The orphans that keep the edition from being applied."""
        return tuple(orphan for orphan in self.orphans if not orphan.successor)


def plan(
    release: Release,
    spoken: Sequence[Spoken],
    own: Sequence[Wording],
    edition: Edition,
    successor_of: Mapping[str, str],
    *,
    version: str = "",
) -> Migration:
    """Compare the release in use with a new edition.

    Args:
        release: in use.
        spoken: its vocabulary.
        own: the site's wordings, used and proposed.
        edition: the new one.
        successor_of: retired code to the code that people accepted.
        version: of the edition, where the file states none.

    Raises:
        TerminologyError: the edition has no version, is older, or a successor can't take the wordings.

    """
    version = _version(release, edition, version)
    inferred = dict(release.inferred)
    displays = dict(release.source_displays)
    official = {concept.code: concept for concept in edition.concepts}
    after: dict[str, Concept] = {}
    areas = _areas(release, edition)
    parents = {concept.parent for concept in edition.concepts}
    taken = {concept.short_code.casefold(): concept.code for concept in release.concepts}
    for concept in edition.concepts:
        known = release.by_code.get(concept.code)
        made = replace(
            _made(concept, known, version, displays, leaf=concept.code not in parents),
            kind=areas[concept.code],
            short_code=_short_code(concept, known, taken),
        )
        after[concept.code] = made
        if known and made.status is not known.status:
            inferred[concept.code] = f"{_word(made.status)} (stated in {version})"
    for old in release.concepts:
        if old.code in official:
            continue
        after[old.code] = replace(old, version=version, status=Status.RETIRED)
        if old.status is Status.CURRENT:
            inferred[old.code] = f"outgoing (not in {version})"
    next_concepts = tuple(after.values())
    both = [Edited(before=old, after=after[old.code]) for old in release.concepts]
    return Migration(
        version=version,
        added=tuple(concept for concept in next_concepts if concept.code not in release.by_code),
        retired=tuple(pair for pair in both if _became(pair, Status.RETIRED)),
        revived=tuple(pair for pair in both if _became(pair, Status.CURRENT)),
        renamed=tuple(pair for pair in both if pair.before.display != pair.after.display),
        moved=tuple(
            pair
            for pair in both
            if (pair.before.parents, pair.before.kind) != (pair.after.parents, pair.after.kind)
        ),
        orphans=_orphans(after, spoken, own, successor_of),
        concepts=next_concepts,
        inferred=inferred,
        source_displays=displays,
    )


def check_successors(successor_of: Mapping[str, str], migration: Migration) -> None:
    """Refuse successors that are unknown, retired, groups, or of another family.

    Raises:
        TerminologyError: names the two codes and the reason.

    """
    by_code = {concept.code: concept for concept in migration.concepts}
    for orphan in migration.orphans:
        new = successor_of.get(orphan.concept.code)
        if new is None:
            continue
        successor = by_code.get(new)
        usable = successor and successor.leaf and successor.status is Status.CURRENT
        if not successor or not usable or _family(successor) != _family(orphan.concept):
            raise TerminologyError(
                f'The successor {new} of {orphan.concept.code} ("{orphan.concept.display}") is no current '
                "leaf of the same family (conditions or interventions). Name another."
            )


def _version(release: Release, edition: Edition, given: str) -> str:
    known = next(source.version for source in release.sources if source.system == FSIII)
    version = given or edition.version
    if not version:
        raise TerminologyError(
            f"{edition.file} does not say which version it is. "
            "Give it with --official-version, such as 20270101."
        )
    if _digits(version) < _digits(known):
        raise TerminologyError(
            f"{edition.file} is version {version}, older than {known}, which is in use. Name a newer one."
        )
    return version


def _digits(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in "".join(c if c.isdigit() else " " for c in version).split())


def _areas(release: Release, edition: Edition) -> Mapping[str, str]:
    """Return the area of every concept: its own, or that of the concept on top of it."""
    official = {concept.code: concept for concept in edition.concepts}
    areas: dict[str, str] = {}
    for concept in edition.concepts:
        top = concept
        while top.parent:
            top = official[top.parent]
        known = release.by_code.get(top.code)
        areas[concept.code] = (known.kind if known else "") or top.area or slug(top.display)
    return areas


def _made(
    concept: OfficialConcept,
    known: Concept | None,
    version: str,
    displays: dict[str, str],
    *,
    leaf: bool,
) -> Concept:
    display, note = concept.display, known.note if known else ""
    if known and displays.get(concept.code) == concept.display:
        display = known.display  # the correction of a misspelt term stays
    elif displays.pop(concept.code, None):
        note = ""
    status = concept.status or (known.status if known else Status.CURRENT)
    terms = [(display, Use.PREFERRED), *((term, Use.SYNONYM) for term in concept.synonyms)]
    if not concept.synonyms and known:
        terms += [(term.value, Use.SYNONYM) for term in known.designations[1:]]
    return Concept(
        system=FSIII,
        code=concept.code,
        version=version,
        display=display,
        kind="",
        status=status,
        leaf=leaf,
        parents=(concept.parent,) if concept.parent else (),
        designations=tuple(Designation(value=term, use=use, status=status) for term, use in terms),
        note=note,
    )


def _short_code(concept: OfficialConcept, known: Concept | None, taken: dict[str, str]) -> str:
    """Return the old code; what stood for a concept in old records never stands for another one."""
    if known:
        return known.short_code
    own = concept.short_code
    if not own or taken.setdefault(own.casefold(), concept.code) != concept.code:
        return concept.code.replace("-", "_")
    return own


def _word(status: Status) -> str:
    return "current" if status is Status.CURRENT else "outgoing"


def _became(pair: Edited, status: Status) -> bool:
    return pair.after.status is status and pair.before.status is not status


def _orphans(
    after: Mapping[str, Concept],
    spoken: Sequence[Spoken],
    own: Sequence[Wording],
    successor_of: Mapping[str, str],
) -> tuple[Orphan, ...]:
    shipped = {one.code: sum(map(len, one.sections.values())) for one in spoken}
    ours: dict[str, int] = {}
    for wording in own:
        ours[wording.code] = ours.get(wording.code, 0) + 1
    found = []
    for code in dict.fromkeys((*shipped, *ours)):
        concept = after.get(code)
        if concept is None or (concept.status is Status.CURRENT and concept.leaf):
            continue
        found.append(
            Orphan(
                concept=concept,
                shipped=shipped.get(code, 0),
                own=ours.get(code, 0),
                successor=successor_of.get(code, ""),
                candidates=_candidates(concept, after),
            )
        )
    return tuple(found)


def _candidates(concept: Concept, after: Mapping[str, Concept]) -> tuple[Concept, ...]:
    """Return current concepts with similar terms: those that share telling words come first."""
    rated = []
    for other in after.values():
        usable = other.leaf and other.status is Status.CURRENT and other.code != concept.code
        if usable and _family(other) == _family(concept):
            one, two = _telling(concept), _telling(other)
            shared = len(one & two) / len(one | two) if one | two else 0.0
            ratio = difflib.SequenceMatcher(
                None, concept.display.casefold(), other.display.casefold(), autojunk=False
            ).ratio()
            if shared or ratio >= _ALIKE:
                rated.append((-shared, -ratio, other.code))
    return tuple(after[code] for _, _, code in sorted(rated)[:_OFFERED])


def _telling(concept: Concept) -> frozenset[str]:
    return frozenset(fold(concept.display)) - _COMMON_IN_TERMS


def _family(concept: Concept) -> str:
    if concept.kind not in AREAS:
        return concept.kind
    return "condition" if AREAS[concept.kind] is CONDITION_SECTIONS else "intervention"
