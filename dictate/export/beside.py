"""What a note says beside its entries, where a profile has a place for it: goals and follow-up results.

An extra belongs to an entry only where no other one can be meant: the only one in its sentence, else the only
one of the note. Where that is open, it stays in the note's text.
"""

import re
from collections.abc import Iterable, Iterator, Mapping

from dictate.entry import Assertion, Entry, Kind, Note
from dictate.export.base import Visit
from dictate.export.codes import FUNCTIONAL, SNOMED, Element, concept_coding
from dictate.export.resources import CARE_SOCIAL, Links, resource_of, withdrawn
from terminology.concept import FSIII, Concept
from terminology.release import load

CONDITION_GOAL = ("ca552020-6ed1-4cdc-b0d4-32697f1f27ad", "FSIII tilstandsmål")
CITIZENS_GOAL = ("ffb9886b-d04e-46b1-9165-a400f91f822b", "Borgers ønsker og mål")
LEVEL_MEASURE = ("66959f77-6e2a-4574-8423-3ff097f8b9fa", "funktionsevneniveau")
GOAL_TYPE = "e182c5dc-9f91-474a-92e8-f62be3d498f4"
FOLLOW_UP = {"coding": [{"system": SNOMED, "code": "712744002"}]}

_SENTENCE_END = re.compile(r"[.!?](?=\s|$)|\n")
_CITIZENS = re.compile(
    r"\b(?:borgers|hans|hendes|ønsker at kunne|drømmer om at kunne|har som mål)\b[^.!?\n]*$", re.IGNORECASE
)
_LOOK_BACK = 40
"""Characters before a goal in which it is said whose it is."""

Extra = Mapping[str, object]


def functional(entry: Entry) -> bool:
    """Tell whether an entry is a functional condition that is there."""
    concept = load().by_code.get(entry.coding.code) if entry.coding else None
    return (
        concept is not None
        and concept.kind == FUNCTIONAL
        and entry.assertion is Assertion.PRESENT
        and not withdrawn(entry)
    )


def followed_up(entry: Entry) -> bool:
    """Tell whether a follow-up result can be about an entry: a plan, or a condition that is there."""
    is_plan = entry.kind is Kind.INTERVENTION and entry.assertion is Assertion.PLANNED
    is_condition = entry.kind is Kind.CONDITION and entry.assertion is Assertion.PRESENT
    return (is_plan or is_condition) and not withdrawn(entry)


def meant(extra: Extra, note: Note, entries: Iterable[Entry]) -> Entry | None:
    """Return the one entry that an extra can be about, None where it is open."""
    entries = tuple(entries)
    place = _place(extra)
    if place is None:
        return None
    start, end = _sentence(note.text, place)
    near = [entry for entry in entries if start <= entry.start < end]
    chosen = near or entries
    return chosen[0] if len(chosen) == 1 else None


def is_citizens(extra: Extra, note: Note) -> bool:
    """Tell whether a goal is said to be the citizen's own."""
    place = _place(extra)
    if place is None:
        return False
    return _CITIZENS.search(note.text[max(0, place - _LOOK_BACK) : place]) is not None


def level_of(extra: Extra) -> Concept | None:
    """Return the functional level that is expected."""
    level = extra.get("level")
    return load().levels.get(level) if isinstance(level, int) else None


def result_of(extra: Extra) -> Concept | None:
    """Return the result of a follow-up."""
    concept = load().by_code.get(str(extra.get("code"))) if extra.get("system") == FSIII else None
    return concept if concept and concept.kind == "opfoelgning" and concept.leaf else None


def kl_core(
    note: Note, visit: Visit, links: Links, named: Mapping[str, Element]
) -> Iterator[tuple[int, Element]]:
    """Yield the goals and follow-up results that KL core can carry, each with the extra's number.

    Args:
        note: signed.
        visit: of the note.
        links: of the bundle.
        named: entries' ids to the references to their resources.

    """
    carried = [entry for entry in note.entries if entry.id in named]
    for number, extra in enumerate(note.extras):
        words = str(extra.get("text") or "").strip()
        match extra.get("kind"):
            case "expected_level" if level := level_of(extra):
                condition = meant(extra, note, filter(functional, carried))
                if condition and words:
                    yield number, _goal(links, CONDITION_GOAL, words, named[condition.id], level)
            case "goal" if words and is_citizens(extra, note):
                yield number, _goal(links, CITIZENS_GOAL, words) | {"expressedBy": links.patient}
            case "follow_up" if result := result_of(extra):
                about = meant(extra, note, filter(followed_up, carried))
                yield number, _follow_up(visit, links, result, words, named[about.id] if about else None)


def _goal(
    links: Links,
    category: tuple[str, str],
    words: str,
    addresses: Element | None = None,
    level: Concept | None = None,
) -> Element:
    goal = resource_of("Goal", "KLCommonCareSocialGoal") | {
        "lifecycleStatus": "planned",
        "category": [{"coding": [care_social(*category)]}],
        "description": {"text": words},
        "subject": links.patient,
    }
    if level:
        goal["target"] = [
            {
                "measure": {"coding": [care_social(*LEVEL_MEASURE)]},
                "detailCodeableConcept": {"coding": [concept_coding(level)]},
            }
        ]
    if addresses:
        goal["addresses"] = [addresses]
    return goal


def _follow_up(visit: Visit, links: Links, result: Concept, words: str, focus: Element | None) -> Element:
    value: Element = {"coding": [concept_coding(result)]}
    if words:
        value["text"] = words
    observation = resource_of("Observation", "KLCommonCareSocialFollowUp") | {
        "status": "final",
        "code": FOLLOW_UP,
        "subject": links.patient,
    }
    if focus:
        observation["focus"] = [focus]
    return observation | {
        "encounter": links.encounter,
        "effectiveDateTime": visit.start.isoformat(),
        "performer": [links.author],
        "valueCodeableConcept": value,
    }


def care_social(code: str, display: str) -> Element:
    """Return a code of KL's own code system."""
    return {"system": CARE_SOCIAL, "code": code, "display": display}


def _place(extra: Extra) -> int | None:
    start = extra.get("start")
    return start if isinstance(start, int) else None


def _sentence(text: str, place: int) -> tuple[int, int]:
    """Return where the sentence around a place starts and ends."""
    start, end = 0, len(text)
    for match in _SENTENCE_END.finditer(text):
        if match.end() <= place:
            start = match.end()
        else:
            end = match.end()
            break
    return start, end
