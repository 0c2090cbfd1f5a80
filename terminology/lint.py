"""What a strict reader lets pass but a reviewer would not: order, leaves, twins, gaps in the TOBS limits.

`read` refuses a release that can't be used; `lint` lists what should be mended before one is published.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from terminology.concept import Concept, Status
from terminology.observation import Observation
from terminology.release import Release

_CLASSIC_CODE = re.compile(r"([A-Z])(\d+)?(?:\.(\d+))?([a-z]?)", re.ASCII)
_UCUM = re.compile(r"[A-Za-z0-9/*%.\[\]]+", re.ASCII)


class Level(StrEnum):
    """How bad a finding is."""

    ERROR = "error"
    """The release can't be published with it."""
    WARNING = "warning"
    """Somebody should look at it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something in a release that should be mended."""

    place: str
    """File and line, such as "fsiii/betydning.tsv:3"; the file alone where no line is to blame."""
    message: str
    rule: str = "codes"
    """What was checked, such as "duplicate"; "codes" for the code files."""
    level: Level = Level.ERROR


def lint(release: Release) -> tuple[Finding, ...]:
    """Check a release; an empty result means that nothing was found."""
    return (
        *_order(release),
        *_leaves(release),
        *_status(release),
        *_twins(release),
        *_corrections(release),
        *_observations(release),
        *_tobs(release),
    )


def tree_order(concepts: Iterable[Concept]) -> tuple[Concept, ...]:
    """Sort the concepts of one area as its file is sorted: children below their parent.

    Siblings stand in the order of their classic short codes (I2 before I10), those without one after them by
    term.
    """
    below: dict[str, list[Concept]] = {}
    for concept in sorted(concepts, key=_sibling_key):
        below.setdefault(concept.parents[0] if concept.parents else "", []).append(concept)

    def walk(parent: str) -> Iterator[Concept]:
        for concept in below.get(parent, ()):
            yield concept
            yield from walk(concept.code)

    return tuple(walk(""))


def _sibling_key(concept: Concept) -> tuple[object, ...]:
    classic = _CLASSIC_CODE.fullmatch(concept.short_code)
    if not classic:
        return (1, "", 0, 0, "", concept.display.casefold(), concept.code)
    letter, group, leaf, suffix = classic.groups()
    return (0, letter, int(group or 0), int(leaf or 0), suffix, "", concept.code)


def _place(concept: Concept) -> str:
    return concept.designations[0].source


def _file(place: str) -> str:
    return place.partition(":")[0]


def _order(release: Release) -> Iterator[Finding]:
    for area in release.areas:
        found = [concept for concept in release.concepts if concept.kind == area]
        for concept, expected in zip(found, tree_order(found), strict=True):
            if concept is not expected:
                message = f"the file is not sorted: {expected.short_code} is expected here"
                yield Finding(place=_place(concept), message=message)
                break
        if len(release.roots(area)) != 1:
            message = f"the area has {len(release.roots(area))} top concepts instead of one"
            yield Finding(place=_file(_place(found[0])), message=message)


def _leaves(release: Release) -> Iterator[Finding]:
    for concept in release.concepts:
        below = release.children[concept.code]
        if concept.leaf and below:
            yield Finding(place=_place(concept), message=f"marked as a leaf but has {len(below)} children")
        if not concept.leaf and not below:
            yield Finding(place=_place(concept), message="not marked as a leaf but has no children")


def _status(release: Release) -> Iterator[Finding]:
    for concept in release.concepts:
        inferred = release.inferred.get(concept.code, "")
        if inferred and (concept.status is Status.CURRENT) is not inferred.startswith("current"):
            message = f'the status {concept.status} contradicts "{inferred}"'
            yield Finding(place=_place(concept), message=message)
        if concept.status is Status.RETIRED and not inferred and not concept.note:
            yield Finding(place=_place(concept), message="retired without a note that says why")
        if concept.status is Status.CURRENT and any(
            parent.status is Status.RETIRED for parent in release.ancestors(concept)
        ):
            yield Finding(place=_place(concept), message="current below a retired parent")


def _twins(release: Release) -> Iterator[Finding]:
    """Look for one term with two codes to choose from, in the areas where retired ones are known at all."""
    judged = {release.by_code[code].kind for code in release.inferred}
    seen: dict[tuple[str, str], Concept] = {}
    for concept in release.concepts:
        if concept.kind in judged and concept.status is Status.CURRENT and concept.leaf and concept.parents:
            twin = seen.setdefault((concept.parents[0], concept.display.casefold()), concept)
            if twin is not concept:
                message = f'the term "{concept.display}" stands twice in its group, also at {_place(twin)}'
                yield Finding(place=_place(concept), message=message)


def _corrections(release: Release) -> Iterator[Finding]:
    for code, original in release.source_displays.items():
        concept = release.by_code[code]
        if original == concept.display or not concept.note:
            message = "a corrected term needs another source_display and a note"
            yield Finding(place=_place(concept), message=message)


def _observations(release: Release) -> Iterator[Finding]:
    for observation in release.observations:
        if observation.unit and not _UCUM.fullmatch(observation.unit):
            message = f'{observation.key}: the unit "{observation.unit}" is not UCUM'
            yield Finding(place="observations.tsv", message=message)


def _tobs(release: Release) -> Iterator[Finding]:
    """Look for a value that no TOBS limit or more than one number of points covers."""
    for key in dict.fromkeys(limit.key for limit in release.tobs):
        observation = release.observation_by_key[key]
        limits = [limit for limit in release.tobs if limit.key == key]
        for value in _values(observation):
            points = {limit.points for limit in limits if limit.covers(value)}
            if len(points) != 1:
                what = "no limit covers" if not points else "the limits overlap at"
                yield Finding(place="tobs.tsv", message=f"{key}: {what} {value:.{observation.decimals}f}")
                break


def _values(observation: Observation) -> Iterator[float]:
    """Give every value within the plausible range that can be written with the observation's decimals."""
    if observation.low is None or observation.high is None:
        return
    scale = 10**observation.decimals
    for step in range(round(observation.low * scale), round(observation.high * scale) + 1):
        yield step / scale
