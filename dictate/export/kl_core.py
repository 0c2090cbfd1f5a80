"""A signed note as a FHIR R4 Bundle in the profiles of KL core 1.2.0.

The bundle is a collection: one citizen, one visit, one resource for each entry that KL core can carry, the
whole note as the visit's narrative (docs/decisions/0002-note-text.md), and who signed what when. The same
note and visit give the same identifiers every time, so a receiver can tell a repetition from news; what is
amended or withdrawn later keeps the ids of its resources.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from types import MappingProxyType
from uuid import UUID

from dictate.entry import Assertion, Entry, Kind, Note, RecordStatus, Review, Signature
from dictate.export import beside, bundle, resources
from dictate.export.base import ExportBundle, Format, Remark, Visit
from dictate.export.codes import FUNCTIONAL, Element
from dictate.notes import utc_text
from terminology.release import load

_PARTICIPANT = f"{resources.TERMINOLOGY}provenance-participant-type"
_TEXT_ONLY = {
    Assertion.ABSENT: "KL core has no resource for what is absent: it stands in the note's text.",
    Assertion.OTHER_PERSON: "KL core has no resource for other people: it stands in the note's text.",
}
_ACTIVITY: Mapping[RecordStatus, str] = MappingProxyType(
    {RecordStatus.AMENDED: "UPDATE", RecordStatus.ENTERED_IN_ERROR: "NULLIFY"}
)
"""HL7's words for what was done to a record."""


def export(
    note: Note, visit: Visit, *, at: datetime, delivery: UUID | None = None
) -> tuple[ExportBundle, tuple[Remark, ...]]:
    """Write a signed note, checked against the profiles.

    Args:
        note: signed.
        visit: what the note doesn't say of itself.
        at: when the bundle is put together; aware.
        delivery: our identity of it; else it is made of the content.

    Returns:
        The bundle, and what of the note it doesn't carry as resources.

    Raises:
        NotSignedError: something in the note is not signed.
        ExportError: an entry can't be written, or the bundle breaks a rule of its profiles.

    """
    entries = bundle.signed_entries(note)
    parts = bundle.Parts(bundle.visit_id(note, visit))
    links = _people(parts, note, visit)
    named = {
        entry.id: parts.add(resource, f"entry {entry.id}")
        for entry in entries
        if (resource := resources.entry_resource(entry, visit, links))
    }
    extras = {
        number: parts.add(resource, f"extra {number}")
        for number, resource in (beside.kl_core(note, visit, links, named) if note.signed else ())
    }
    _provenances(parts, note, visit, links, (named, extras.values()))

    delivery = delivery or bundle.delivery_id(note, visit, Format.KL_CORE)
    content: Element = {
        "resourceType": "Bundle",
        "identifier": {"system": "urn:ietf:rfc:3986", "value": delivery.urn},
        "type": "collection",
        "timestamp": utc_text(at.replace(microsecond=0)),
        "entry": parts.entries,
    }
    file = bundle.finish(content, note, Format.KL_CORE, delivery=delivery, entry_ids=tuple(named))
    return file, tuple(_remarks(note, frozenset(extras)))


def _people(parts: bundle.Parts, note: Note, visit: Visit) -> resources.Links:
    """Add the citizen, the author, the organisation and the visit."""
    author = parts.add(resources.practitioner(visit.author), f"practitioner {visit.author}")
    organization = parts.add(resources.organization(visit.sor), "organization") if visit.sor else None
    links = resources.Links(
        patient=parts.add(resources.patient(visit), "patient", first=True),
        encounter=parts.reference("encounter", "Encounter"),
        author=author,
        organization=organization,
    )
    parts.add(resources.encounter(visit, note.text, links), "encounter")
    return links


def _provenances(
    parts: bundle.Parts,
    note: Note,
    visit: Visit,
    links: resources.Links,
    made: tuple[Mapping[str, Element], Iterable[Element]],
) -> None:
    """Add who signed what, one for each signature and thing done: written, amended, withdrawn.

    `made` are the references to the entries' resources, by their ids, and those to the extras'.
    """
    named, extras = made
    signed: dict[tuple[Signature, str | None], list[Element]] = {}
    if note.signed:
        signed[note.signed, None] = [links.encounter]
    for entry in note.entries:
        if entry.id in named and entry.signed:
            key = entry.signed, _ACTIVITY.get(entry.record_status)
            signed.setdefault(key, []).append(named[entry.id])
    if note.signed:
        signed[note.signed, None] += extras
    for (signature, activity), targets in signed.items():
        signer = parts.add(resources.practitioner(signature.by), f"practitioner {signature.by}")
        name = f"provenance {signature.by} {signature.role} {signature.at.isoformat()}"
        provenance = _provenance(signature, signer, targets, visit, links)
        if activity:
            provenance["activity"] = resources.status_of("v3-DataOperation", activity)
        parts.add(provenance, f"{name} {activity}" if activity else name)


def _provenance(
    signature: Signature,
    signer: Element,
    targets: Iterable[Element],
    visit: Visit,
    links: resources.Links,
) -> Element:
    """Return who wrote and who signed these resources, and when."""
    author = _agent("author", links.author, visit.role)
    if links.organization:
        author["onBehalfOf"] = links.organization
    return {
        "resourceType": "Provenance",
        "target": list(targets),
        "recorded": utc_text(signature.at),
        "agent": [author, _agent("attester", signer, signature.role)],
    }


def _agent(part: str, who: Element, role: str) -> Element:
    kind = {"coding": [{"system": _PARTICIPANT, "code": part}]}
    return {"type": kind, "role": [{"text": role}], "who": who}


def remarks(note: Note) -> Iterator[Remark]:
    """List what of a note's entries KL core doesn't carry as resources, and what lacks something."""
    for entry in note.entries:
        if found := _entry_remark(entry):
            rule, left_out = found
            yield bundle.remark(note, entry, rule, left_out=left_out)


def _remarks(note: Note, carried: frozenset[int]) -> Iterator[Remark]:
    yield from remarks(note)
    for number in range(len(note.extras)):
        if number not in carried:
            yield bundle.extra_remark(note, "What is no coded entry stands in the note's text.")


def _entry_remark(entry: Entry) -> tuple[str, bool] | None:
    """Return what is to be told about an entry, and whether it is left out."""
    concept = load().by_code.get(entry.coding.code) if entry.coding else None
    is_functional = concept is not None and concept.kind == FUNCTIONAL
    if entry.review is Review.REJECTED:
        return "It was rejected at review.", True
    if entry.kind is Kind.CONDITION and entry.assertion in _TEXT_ONLY:
        return _TEXT_ONLY[entry.assertion], True
    if is_functional and entry.level is None:
        return "No functional level was given: severity is missing.", False
    if entry.level is not None and not is_functional:
        return "Only functional conditions have a severity: the level is left out.", False
    if _is_odd(entry):
        return "The value is far from what is usual: check that it was heard right.", False
    return None


def _is_odd(entry: Entry) -> bool:
    found = load().observation_by_code.get(entry.coding.code) if entry.coding else None
    return found is not None and isinstance(entry.value, (int, float)) and not found.is_plausible(entry.value)
