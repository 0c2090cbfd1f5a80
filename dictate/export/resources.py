"""Each entry as the resource that KL core has for it; `None` for what only the note's text can carry."""

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from types import MappingProxyType

from dictate.entry import Assertion, Entry, Kind, RecordStatus
from dictate.export import codes
from dictate.export.base import Visit, VisitType
from dictate.export.codes import Element
from dictate.notes import utc_text

PROFILES = "http://fhir.kl.dk/core/StructureDefinition/"
CARE_SOCIAL = "http://fhir.kl.dk/term/CodeSystem/CareSocialCodes"
TERMINOLOGY = "http://terminology.hl7.org/CodeSystem/"
CPR = "urn:oid:1.2.208.176.1.2"
SOR = "urn:oid:1.2.208.176.1.1"

VISIT_TYPES: Mapping[VisitType, tuple[str, str]] = MappingProxyType(
    {
        VisitType.PLANNED: ("784275f1-6822-4a88-b361-d958007d5253", "udførelse af planlagt indsats"),
        VisitType.ACUTE: ("15775b0a-7ec6-469e-9d3c-a81fbc9a1b45", "udførelse af akutindsats"),
        VisitType.UNPLANNED: ("c03b426a-4348-407f-b343-f4baa9759c72", "udførelse af ikke-bevilget indsats"),
        VisitType.FOLLOW_UP: ("9f03dfbb-7a97-45a5-94db-d4c3501714a9", "opfølgning"),
        VisitType.INFORMATION: ("829ac647-c7fc-4964-836b-f708d886e0e3", "oplysning"),
    }
)
CONDITION_AREAS = frozenset({"helbredstilstand", "funktionsevnetilstand"})
INTERVENTION_AREAS = frozenset({"indsats_sygepleje", "indsats_pleje_omsorg"})
VITAL_SIGNS: Mapping[str, str] = MappingProxyType(
    {
        "8480-6": "mm[Hg]",
        "8462-4": "mm[Hg]",
        "8867-4": "/min",
        "9279-1": "/min",
        "8310-5": "Cel",
        "2708-6": "%",
        "29463-7": "kg",
    }
)
"""LOINC codes of FHIR's vital signs that we write, with the unit that goes with them; body height there is in
centimetres only, so a height in metres goes without its LOINC code."""

_CLINICAL: Mapping[Assertion, tuple[str, str]] = MappingProxyType(
    {
        Assertion.PRESENT: ("active", "confirmed"),
        Assertion.SUSPECTED: ("active", "provisional"),
        Assertion.HISTORICAL: ("inactive", "confirmed"),
    }
)
# KL core wants a clinical status, and base FHIR forbids one beside entered-in-error (con-5).
_WITHDRAWN_CONDITION = ("inactive", "refuted")
_PROCEDURE = MappingProxyType({Assertion.COMPLETED: "completed", Assertion.NOT_DONE: "not-done"})
_MEDICATION = MappingProxyType(
    {Assertion.GIVEN: "completed", Assertion.PLANNED: "intended", Assertion.NOT_GIVEN: "not-taken"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Links:
    """References that the resources of one note share."""

    patient: Element
    encounter: Element
    author: Element
    organization: Element | None


def patient(visit: Visit) -> Element:
    """Return the citizen, known by the CPR number and, where given, the name."""
    resource = resource_of("Patient", "KLCommonCitizen")
    resource["identifier"] = [{"use": "official", "system": CPR, "value": visit.citizen}]
    if visit.citizen_name:
        resource["name"] = [{"use": "official", **name_of(visit.citizen_name)}]
    return resource


def practitioner(name: str) -> Element:
    """Return an employee, known by name."""
    return resource_of("Practitioner", "KLCommonPractitioner") | {"name": [name_of(name)]}


def organization(sor: str) -> Element:
    """Return an organisation, known by its SOR number."""
    identifier = {"use": "official", "system": SOR, "value": sor}
    return resource_of("Organization", "KLCommonOrganization") | {"identifier": [identifier]}


def encounter(visit: Visit, text: str, links: Links) -> Element:
    """Return the visit, which carries the whole note as its narrative."""
    code, display = VISIT_TYPES[visit.type]
    resource = resource_of("Encounter", "KLCommonCareSocialEncounter")
    if text.strip():
        resource["text"] = {"status": "additional", "div": narrative(text)}
    resource |= {
        "status": "finished",
        "class": {"system": f"{TERMINOLOGY}v3-ActCode", "code": "HH"},
        "type": [{"coding": [{"system": CARE_SOCIAL, "code": code, "display": display}]}],
        "subject": links.patient,
        "participant": [{"individual": links.author}],
        "period": _period(visit),
    }
    if links.organization:
        resource["serviceProvider"] = links.organization
    return resource


def narrative(text: str) -> str:
    """Return `text` as XHTML: line breaks show, and the text content is `text`, letter for letter."""
    body = escape(text, quote=False).replace("\r", "&#13;").replace("\n", "<br/>\n")
    return f'<div xmlns="http://www.w3.org/1999/xhtml" lang="da"><p>{body}</p></div>'


def entry_resource(entry: Entry, visit: Visit, links: Links) -> Element | None:
    """Return the resource of a signed entry, None where KL core has none.

    Raises:
        ExportError: its code, value or unit can't be written.

    """
    match entry.kind:
        case Kind.CONDITION:
            return _condition(entry, links) if entry.assertion in _CLINICAL else None
        case Kind.INTERVENTION if entry.assertion is Assertion.PLANNED:
            return _care_plan(entry, links)
        case Kind.INTERVENTION:
            return _procedure(entry, visit, links)
        case Kind.OBSERVATION:
            return _observation(entry, visit, links)
        case Kind.MEDICATION:
            return _medication_statement(entry, links)


def _condition(entry: Entry, links: Links) -> Element:
    concept = codes.fsiii_concept(entry, CONDITION_AREAS)
    clinical, verification = _WITHDRAWN_CONDITION if withdrawn(entry) else _CLINICAL[entry.assertion]
    resource = resource_of("Condition", "KLCommonCareSocialCondition") | {
        "clinicalStatus": status_of("condition-clinical", clinical),
        "verificationStatus": status_of("condition-ver-status", verification),
        "category": [status_of("condition-category", "problem-list-item")],
    }
    if level := codes.severity(entry, concept):
        resource["severity"] = level
    code: Element = {"coding": [codes.concept_coding(concept)]}
    if entry.evidence.strip():
        code["text"] = entry.evidence
    return resource | {
        "code": code,
        "subject": links.patient,
        "encounter": links.encounter,
        "recordedDate": signed_at(entry),
        "asserter": links.author,
    }


def _care_plan(entry: Entry, links: Links) -> Element:
    concept = codes.fsiii_concept(entry, INTERVENTION_AREAS)
    detail: Element = {"code": {"coding": [codes.concept_coding(concept)]}, "status": "not-started"}
    if entry.evidence.strip():
        detail["description"] = entry.evidence
    resource = resource_of("CarePlan", "KLCommonCareSocialPlannedIntervention") | {
        "status": "entered-in-error" if withdrawn(entry) else "active",
        # What a nurse says will be done is a plan; an order is what the authorities granted.
        "intent": "plan",
        "subject": links.patient,
        "encounter": links.encounter,
        "created": signed_at(entry),
    }
    if links.organization:
        resource["author"] = links.organization
    return resource | {"activity": [{"detail": detail}]}


def _procedure(entry: Entry, visit: Visit, links: Links) -> Element:
    concept = codes.fsiii_concept(entry, INTERVENTION_AREAS)
    resource = resource_of("Procedure", "KLCommonCareSocialCompletedIntervention") | {
        "status": "entered-in-error" if withdrawn(entry) else _PROCEDURE[entry.assertion],
        "code": {"coding": [codes.concept_coding(concept)]},
        "subject": links.patient,
        "encounter": links.encounter,
    }
    if entry.assertion is Assertion.COMPLETED:
        resource["performedPeriod"] = _period(visit)
    return resource | {"recorder": links.author} | _note(entry)


def _observation(entry: Entry, visit: Visit, links: Links) -> Element:
    found = codes.observation(entry)
    is_vital_sign = VITAL_SIGNS.get(found.loinc) == entry.unit
    resource = resource_of("Observation", "KLCommonCareSocialObservation") | {
        "status": "entered-in-error" if withdrawn(entry) else _observation_status(entry)
    }
    if is_vital_sign:
        resource["category"] = [status_of("observation-category", "vital-signs")]
    return (
        resource
        | {
            "code": {"coding": codes.observation_codings(found, loinc=is_vital_sign)},
            "subject": links.patient,
            "encounter": links.encounter,
            "effectiveDateTime": visit.start.isoformat(),
            "issued": signed_at(entry),
            "performer": [links.author],
        }
        | codes.observation_value(entry, found)
        | _note(entry)
    )


def _medication_statement(entry: Entry, links: Links) -> Element:
    resource: Element = {
        "resourceType": "MedicationStatement",
        "status": "entered-in-error" if withdrawn(entry) else _MEDICATION[entry.assertion],
        "medicationCodeableConcept": codes.medication(entry),
        "subject": links.patient,
        "context": links.encounter,
        "dateAsserted": signed_at(entry),
        "informationSource": links.author,
    } | _note(entry)
    dosage: Element = {}
    dose, route, time = (
        part if part and part.strip() else None for part in (entry.dose, entry.route, entry.time)
    )
    if said := ", ".join(part for part in (dose, time) if part):
        dosage["text"] = said
    if time:
        dosage["timing"] = {"code": {"text": time}}
    if route:
        dosage["route"] = {"text": route}
    return resource | ({"dosage": [dosage]} if dosage else {})


def resource_of(resource_type: str, profile: str) -> Element:
    """Return the beginning of a resource in one of KL core's profiles."""
    return {"resourceType": resource_type, "meta": {"profile": [PROFILES + profile]}}


def status_of(system: str, code: str) -> Element:
    """Return a code of one of HL7's own code systems."""
    return {"coding": [{"system": TERMINOLOGY + system, "code": code}]}


def name_of(name: str) -> Element:
    """Return a name as given, and split where it can only be guessed: the last word is the family name."""
    *given, family = name.split()
    return {"text": name, "family": family} | ({"given": given} if given else {})


def _period(visit: Visit) -> Element:
    period: Element = {"start": visit.start.isoformat()}
    if visit.end:
        period["end"] = visit.end.isoformat()
    return period


def _note(entry: Entry) -> Element:
    return {"note": [{"text": entry.evidence}]} if entry.evidence.strip() else {}


def signed_at(entry: Entry) -> str:
    """Return when an entry was signed."""
    if entry.signed is None:
        raise AssertionError(entry.id)
    return utc_text(entry.signed.at)


def withdrawn(entry: Entry) -> bool:
    """Tell whether an entry was entered in error."""
    return entry.record_status is RecordStatus.ENTERED_IN_ERROR


def _observation_status(entry: Entry) -> str:
    return "amended" if entry.record_status is RecordStatus.AMENDED else "final"
