"""A signed note as a FHIR R4 Bundle in the profiles of KL core 1.2.0.

The bundle is a collection: one citizen, one visit, one resource for each entry that KL core can carry, the
whole note as the visit's narrative (docs/decisions/0002-note-text.md), and who signed what when. The same
note and visit give the same identifiers every time, so a receiver can tell a repetition from news.
"""

import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from uuid import UUID

from dictate.entry import Assertion, Entry, Kind, Note, Review, Signature
from dictate.errors import ExportError
from dictate.export import resources
from dictate.export.base import (
    NAMESPACE,
    ExportBundle,
    Format,
    Remark,
    Visit,
    is_signed,
    made_id,
    require_signed,
    safe_name,
)
from dictate.export.codes import FUNCTIONAL, Element
from dictate.export.profile import check
from dictate.notes import note_json, utc_text
from terminology.release import load

MEDIA_TYPE = "application/fhir+json"
_PARTICIPANT = f"{resources.TERMINOLOGY}provenance-participant-type"
_TEXT_ONLY = {
    Assertion.ABSENT: "KL core has no resource for what is absent: it stands in the note's text.",
    Assertion.OTHER_PERSON: "KL core has no resource for other people: it stands in the note's text.",
}


def export(note: Note, visit: Visit, *, at: datetime) -> tuple[ExportBundle, tuple[Remark, ...]]:
    """Write a signed note, checked against the profiles.

    Args:
        note: signed.
        visit: what the note doesn't say of itself.
        at: when the bundle is put together; aware.

    Returns:
        The bundle, and what of the note it doesn't carry as resources.

    Raises:
        NotSignedError: something in the note is not signed.
        ExportError: an entry can't be written, or the bundle breaks a rule of its profiles.

    """
    require_signed((note,))
    delivery = delivery_id(note, visit)
    content, entry_ids = _bundle(note, visit, delivery, at)
    if violations := check(content):
        listed = "; ".join(f"{found.path}: {found.rule}" for found in violations[:5])
        raise ExportError(
            f'Nothing was exported: the bundle of note "{safe_name(note.id)}" breaks {len(violations)} '
            f"rule(s) of its profiles ({listed}). Please report it."
        )
    bundle = ExportBundle(
        format=Format.KL_CORE,
        filename=f"{safe_name(note.id)}-{delivery}.json",
        media_type=MEDIA_TYPE,
        content=json.dumps(content, ensure_ascii=False, allow_nan=False, indent=1).encode() + b"\n",
        entry_ids=entry_ids,
    )
    return bundle, tuple(remarks(note))


def delivery_id(note: Note, visit: Visit) -> UUID:
    """Return our identity of this note about this visit; any other word or signature gives another one."""
    who = [visit.citizen, visit.citizen_name, visit.author, visit.role, visit.sor, visit.type]
    when = [visit.start.isoformat(), visit.end and visit.end.isoformat()]
    return made_id(NAMESPACE, json.dumps([Format.KL_CORE, note_json(note), who, when]))


def remarks(note: Note) -> Iterator[Remark]:
    """List what of a note KL core doesn't carry as resources, and what it carries without something."""
    by_code = load().by_code
    for entry in note.entries:
        concept = by_code.get(entry.coding.code) if entry.coding else None
        is_functional = concept is not None and concept.kind == FUNCTIONAL
        if entry.review is Review.REJECTED:
            yield _remark(note, entry, "It was rejected at review.", left_out=True)
        elif entry.kind is Kind.CONDITION and entry.assertion in _TEXT_ONLY:
            yield _remark(note, entry, _TEXT_ONLY[entry.assertion], left_out=True)
        elif is_functional and entry.level is None:
            yield _remark(note, entry, "No functional level was given: severity is missing.", left_out=False)
        elif entry.level is not None and not is_functional:
            rule = "Only functional conditions have a severity: the level is left out."
            yield _remark(note, entry, rule, left_out=False)
        elif _is_odd(entry):
            rule = "The value is far from what is usual: check that it was heard right."
            yield _remark(note, entry, rule, left_out=False)
    for _ in note.extras:
        rule = "What is no coded entry stands in the note's text."
        yield Remark(note=note.id, entry=None, kind="extra", code=None, left_out=True, rule=rule)


def _is_odd(entry: Entry) -> bool:
    found = load().observation_by_code.get(entry.coding.code) if entry.coding else None
    return found is not None and isinstance(entry.value, (int, float)) and not found.is_plausible(entry.value)


def _bundle(note: Note, visit: Visit, delivery: UUID, at: datetime) -> tuple[Element, tuple[str, ...]]:
    """Return the bundle and the ids of the entries in it."""
    parts = _Parts(delivery)
    author = parts.add(resources.practitioner(visit.author), f"practitioner {visit.author}")
    organization = parts.add(resources.organization(visit.sor), "organization") if visit.sor else None
    links = resources.Links(
        patient=parts.add(resources.patient(visit), "patient", first=True),
        encounter=parts.reference("encounter"),
        author=author,
        organization=organization,
    )
    parts.add(resources.encounter(visit, note.text, links), "encounter")

    signed: dict[Signature, list[Element]] = {}
    if note.signed:
        signed[note.signed] = [links.encounter]
    entry_ids = []
    for entry in filter(is_signed, note.entries):
        resource = resources.entry_resource(entry, visit, links)
        if resource is None or entry.signed is None:
            continue
        reference = parts.add(resource, f"entry {entry.id}")
        signed.setdefault(entry.signed, []).append(reference)
        entry_ids.append(entry.id)
    for signature, targets in signed.items():
        signer = parts.add(resources.practitioner(signature.by), f"practitioner {signature.by}")
        name = f"provenance {signature.by} {signature.role} {signature.at.isoformat()}"
        parts.add(_provenance(signature, signer, targets, visit, links), name)

    content: Element = {
        "resourceType": "Bundle",
        "identifier": {"system": "urn:ietf:rfc:3986", "value": f"urn:uuid:{delivery}"},
        "type": "collection",
        "timestamp": utc_text(at.replace(microsecond=0)),
        "entry": parts.entries,
    }
    return content, tuple(entry_ids)


class _Parts:
    """The resources of one bundle, each with an id made of its name."""

    def __init__(self, delivery: UUID) -> None:
        self._delivery = delivery
        self._names: set[str] = set()
        self.entries: list[Element] = []

    def reference(self, name: str) -> Element:
        """Return a reference to the resource of this name, added or still to be."""
        return {"reference": f"urn:uuid:{made_id(self._delivery, name)}"}

    def add(self, resource: Element, name: str, *, first: bool = False) -> Element:
        """Add a resource, once for each name, and return the reference to it."""
        if name not in self._names:
            self._names.add(name)
            identifier = str(made_id(self._delivery, name))
            named = {"resourceType": resource["resourceType"], "id": identifier} | resource
            entry: Element = {"fullUrl": f"urn:uuid:{identifier}", "resource": named}
            self.entries.insert(0 if first else len(self.entries), entry)
        return self.reference(name)


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


def _remark(note: Note, entry: Entry, rule: str, *, left_out: bool) -> Remark:
    code = entry.coding.code if entry.coding else None
    return Remark(note=note.id, entry=entry.id, kind=entry.kind, code=code, left_out=left_out, rule=rule)
