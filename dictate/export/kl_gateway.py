"""A signed note as a delivery report in the profiles of KL Gateway 1.2.0: national reporting.

One citizen, known by CPR number and municipality, and codes: not a word of free text, no measurements, no
medication, no names. What is not said is not reported: a functional condition without its level stays out.
"""

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from dictate.entry import Assertion, Entry, Kind, Note, Review
from dictate.errors import ConfigError
from dictate.export import beside, bundle, codes
from dictate.export.base import ExportBundle, Format, Remark, Visit
from dictate.export.codes import FUNCTIONAL, Element
from dictate.export.resources import (
    CARE_SOCIAL,
    CONDITION_AREAS,
    CPR,
    INTERVENTION_AREAS,
    SOR,
    TERMINOLOGY,
    VISIT_TYPES,
    status_of,
    withdrawn,
)
from dictate.notes import utc_text
from terminology.release import load

PROFILES = "http://fhir.kl.dk/gateway/StructureDefinition/klgateway-care-"
_CLINICAL = {
    Assertion.PRESENT: ("active", "confirmed"),
    Assertion.SUSPECTED: ("active", "provisional"),
    Assertion.HISTORICAL: ("inactive", "confirmed"),
}


def export(
    note: Note, visit: Visit, *, at: datetime, delivery: UUID | None = None
) -> tuple[ExportBundle, tuple[Remark, ...]]:
    """Write a signed note, checked against the profiles.

    Args:
        note: signed.
        visit: of one citizen; its SOR number is the municipality's.
        at: when the report is put together; aware.
        delivery: our identity of it; else it is made of the content.

    Returns:
        The report, and what of the note it doesn't carry.

    Raises:
        ConfigError: the SOR number is missing.
        NotSignedError: something in the note is not signed.
        ExportError: an entry can't be written, or the report breaks a rule of its profiles.

    """
    if visit.sor is None:
        raise ConfigError("KL Gateway needs the SOR number of the municipality's organisation: give --sor.")
    entries = bundle.signed_entries(note)
    parts = bundle.Parts(bundle.visit_id(note, visit))
    patient = parts.add(_citizen(visit, visit.sor), "patient")
    named: dict[str, Element] = {}
    for entry in entries:
        if _left_out(entry) is None:
            named[entry.id] = parts.add(_resource(entry, visit, patient), f"entry {entry.id}")
    parts.add(_encounter(visit, patient), "encounter")
    extras = frozenset(_extras(parts, note, visit, patient, named)) if note.signed else frozenset()
    delivery = delivery or bundle.delivery_id(note, visit, Format.KL_GATEWAY)
    content: Element = {
        "resourceType": "Bundle",
        "id": str(delivery),
        "meta": {"profile": [f"{PROFILES}delivery-report"]},
        "type": "collection",
        "timestamp": utc_text(at.replace(microsecond=0)),
        "entry": parts.entries,
    }
    file = bundle.finish(content, note, Format.KL_GATEWAY, delivery=delivery, entry_ids=tuple(named))
    return file, tuple(_remarks(note, extras))


def _left_out(entry: Entry) -> str | None:
    """Return the rule by which an entry is not reported, None where it is."""
    concept = load().by_code.get(entry.coding.code) if entry.coding else None
    rule = None
    if entry.review is Review.REJECTED:
        rule = "It was rejected at review."
    elif withdrawn(entry):
        rule = "It was withdrawn: the next report leaves it out."
    elif entry.kind is Kind.OBSERVATION:
        rule = "KL Gateway takes no measurements."
    elif entry.kind is Kind.MEDICATION:
        rule = "KL Gateway takes no medication."
    elif entry.assertion in {Assertion.ABSENT, Assertion.OTHER_PERSON}:
        rule = "KL Gateway takes the citizen's own conditions only."
    elif entry.assertion is Assertion.NOT_DONE:
        rule = "KL Gateway takes planned and completed interventions only."
    elif concept is not None and concept.kind == FUNCTIONAL and entry.level is None:
        rule = "No functional level was given: KL Gateway takes no functional condition without it."
    return rule


def _remarks(note: Note, extras: frozenset[int]) -> Iterator[Remark]:
    yield bundle.extra_remark(note, "KL Gateway takes no free text: the note's words are left out.", "text")
    for entry in note.entries:
        if rule := _left_out(entry):
            yield bundle.remark(note, entry, rule)
    for number in range(len(note.extras)):
        if number not in extras:
            yield bundle.extra_remark(note, "KL Gateway has no place for it, or it is open what it is about.")


def _citizen(visit: Visit, sor: str) -> Element:
    return _of("Patient", "citizen") | {
        "identifier": [{"use": "official", "system": CPR, "value": visit.citizen}],
        # Who is visited is alive.
        "deceasedBoolean": False,
        "managingOrganization": {"identifier": {"use": "official", "system": SOR, "value": sor}},
    }


def _resource(entry: Entry, visit: Visit, patient: Element) -> Element:
    if entry.kind is Kind.CONDITION:
        return _condition(entry, visit, patient)
    coding = codes.concept_coding(codes.fsiii_concept(entry, INTERVENTION_AREAS))
    if entry.assertion is Assertion.PLANNED:
        return _of("CarePlan", "planned-intervention") | {
            "status": "active",
            "intent": "plan",
            "subject": patient,
            "period": {"start": visit.start.date().isoformat()},
            "activity": [{"detail": {"code": {"coding": [coding]}, "status": "not-started"}}],
        }
    return _of("Procedure", "completed-intervention") | {
        "status": "completed",
        "code": {"coding": [coding]},
        "subject": patient,
        "performedDateTime": visit.start.isoformat(),
    }


def _condition(entry: Entry, visit: Visit, patient: Element) -> Element:
    concept = codes.fsiii_concept(entry, CONDITION_AREAS)
    clinical, verification = _CLINICAL[entry.assertion]
    condition = _of("Condition", "condition") | {
        "clinicalStatus": status_of("condition-clinical", clinical),
        "verificationStatus": status_of("condition-ver-status", verification),
    }
    if clinical == "active":  # the guide's own words: left out for inactive conditions
        condition["category"] = [status_of("condition-category", "problem-list-item")]
    if level := codes.severity(entry, concept):
        condition["severity"] = level
    return condition | {
        "code": {"coding": [codes.concept_coding(concept)]},
        "subject": patient,
        "recordedDate": visit.start.date().isoformat(),
    }


def _encounter(visit: Visit, patient: Element) -> Element:
    code, display = VISIT_TYPES[visit.type]
    period: Element = {"start": visit.start.isoformat()}
    if visit.end:
        period["end"] = visit.end.isoformat()
    return _of("Encounter", "general-encounter") | {
        "status": "finished",
        "class": {"system": f"{TERMINOLOGY}v3-ActCode", "code": "HH"},
        "type": [{"coding": [beside.care_social(code, display)]}],
        "subject": patient,
        "period": period,
    }


def _extras(
    parts: bundle.Parts, note: Note, visit: Visit, patient: Element, named: dict[str, Element]
) -> Iterator[int]:
    """Add expected levels and follow-up results; yield the numbers of the extras that are in."""
    carried = [entry for entry in note.entries if entry.id in named]
    for number, extra in enumerate(note.extras):
        resource: Element | None = None
        if (
            extra.get("kind") == "expected_level"
            and (level := beside.level_of(extra))
            and (about := beside.meant(extra, note, filter(beside.functional, carried)))
        ):
            resource = _of("Goal", "goal") | {
                "lifecycleStatus": "planned",
                "category": [{"coding": [_bare(beside.CONDITION_GOAL[0])]}],
                "description": {"coding": [{"system": level.system, "code": beside.GOAL_TYPE}]},
                "subject": patient,
                "startDate": visit.start.date().isoformat(),
                "target": [
                    {
                        "measure": {"coding": [_bare(beside.LEVEL_MEASURE[0])]},
                        "detailCodeableConcept": {"coding": [codes.concept_coding(level)]},
                    }
                ],
                "addresses": [named[about.id]],
            }
        elif (
            extra.get("kind") == "follow_up"
            and (result := beside.result_of(extra))
            and (about := beside.meant(extra, note, filter(beside.followed_up, carried)))
        ):
            resource = _of("Observation", "follow-up-observation") | {
                "status": "final",
                "code": beside.FOLLOW_UP,
                "subject": patient,
                "focus": [named[about.id]],
                "effectiveDateTime": visit.start.isoformat(),
                "valueCodeableConcept": {"coding": [codes.concept_coding(result)]},
            }
        if resource:
            parts.add(resource, f"extra {number}")
            yield number


def _bare(code: str) -> Element:
    """Return one of KL's own codes without a title."""
    return {"system": CARE_SOCIAL, "code": code}


def _of(resource_type: str, profile: str) -> Element:
    return {"resourceType": resource_type, "meta": {"profile": [PROFILES + profile]}}
