"""Links between concepts: counterparts, successors of retired ones, measurements in other code systems."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from terminology.concept import FSIII, SNOMED
from terminology.release import Release
from terminology.vocabulary import Spoken

LOINC = "http://loinc.org"


class Relation(Enum):
    """How two concepts are related, in the words of FHIR ConceptMap and of SSSOM."""

    COUNTERPART = ("relatedto", "skos:relatedMatch")
    SUCCESSOR = ("relatedto", "IAO:0100001")
    """Term replaced by; whether the new one is as wide as the old one, nobody said."""
    CLOSE = ("relatedto", "skos:closeMatch")

    @property
    def equivalence(self) -> str:
        """The code of FHIR R4."""
        return self.value[0]

    @property
    def predicate(self) -> str:
        """The predicate of SSSOM."""
        return self.value[1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """One concept leads to another."""

    system: str
    code: str
    display: str
    target_system: str
    target: str
    target_display: str
    relation: Relation
    comment: str = ""


def counterparts(release: Release, spoken: Sequence[Spoken]) -> Iterator[Link]:
    """Yield the concepts that are easily taken for each other: helbredstilstand and funktionsevnetilstand."""
    for one in spoken:
        for code in one.alternatives:
            if code in release.by_code and one.code in release.by_code:
                yield _own(release, one.code, code, Relation.COUNTERPART)


def successors(release: Release, successor_of: Mapping[str, str]) -> Iterator[Link]:
    """Yield the retired concepts for which people named another."""
    for old, new in sorted(successor_of.items()):
        if old in release.by_code and new in release.by_code:
            yield _own(release, old, new, Relation.SUCCESSOR, "Chosen by people, not stated by KL.")


def measurements(release: Release) -> Iterator[Link]:
    """Yield the measurements that a source names in LOINC or SNOMED CT too."""
    for observation in release.observations:
        for system, code in ((LOINC, observation.loinc), (SNOMED, observation.snomed)):
            if code and system != observation.system:
                yield Link(
                    system=observation.system,
                    code=observation.code,
                    display=observation.display,
                    target_system=system,
                    target=code,
                    target_display="",
                    relation=Relation.CLOSE,
                )


def _own(release: Release, code: str, target: str, relation: Relation, comment: str = "") -> Link:
    return Link(
        system=FSIII,
        code=code,
        display=release.by_code[code].display,
        target_system=FSIII,
        target=target,
        target_display=release.by_code[target].display,
        relation=relation,
        comment=comment,
    )
