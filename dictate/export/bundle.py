"""Putting a FHIR bundle together: resources with ids made of their names, checked before it leaves."""

import json
from uuid import UUID

from dictate.entry import Entry, Note
from dictate.errors import ExportError
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
from dictate.export.codes import Element
from dictate.export.profile import PROFILES, check
from dictate.export.tree import Json
from dictate.notes import note_json

MEDIA_TYPE = "application/fhir+json"
_SHOWN = 5
"""Findings named in a message."""


class Parts:
    """The resources of one bundle, each with an id made of its name."""

    def __init__(self, namespace: UUID, *, base: str | None = None) -> None:
        """Start a bundle.

        Args:
            namespace: the same namespace and name give the same id.
            base: address in front of "<type>/<id>"; without one, resources are known as urn:uuid.

        """
        self._namespace = namespace
        self._base = base
        self._names: dict[str, Element] = {}
        self.entries: list[Element] = []

    def id(self, name: str) -> UUID:
        """Return the id of the resource of this name."""
        return made_id(self._namespace, name)

    def reference(self, name: str, resource_type: str) -> Element:
        """Return a reference to the resource of this name, added or still to be."""
        return {"reference": f"{resource_type}/{self.id(name)}" if self._base else self.id(name).urn}

    def add(self, resource: Element, name: str, *, first: bool = False) -> Element:
        """Add a resource, once for each name, and return the reference to it."""
        resource_type = str(resource["resourceType"])
        if name not in self._names:
            identifier = self.id(name)
            named = {"resourceType": resource_type, "id": str(identifier)} | resource
            url = f"{self._base}{resource_type}/{identifier}" if self._base else identifier.urn
            self.entries.insert(0 if first else len(self.entries), {"fullUrl": url, "resource": named})
            self._names[name] = self.reference(name, resource_type)
        return self._names[name]


def visit_id(note: Note, visit: Visit) -> UUID:
    """Return our identity of a visit and its note: what is amended later keeps it."""
    return made_id(NAMESPACE, json.dumps(["visit", visit.citizen, visit.start.isoformat(), note.id]))


def delivery_id(note: Note, visit: Visit, form: Format, *more: object) -> UUID:
    """Return our identity of this content; any other word, status or signature gives another one."""
    who = [visit.citizen, visit.citizen_name, visit.author, visit.role, visit.sor, visit.type]
    when = [visit.start.isoformat(), visit.end and visit.end.isoformat()]
    return made_id(NAMESPACE, json.dumps([form, note_json(note), who, when, *more]))


def finish(
    content: Json, note: Note, form: Format, *, delivery: UUID, entry_ids: tuple[str, ...]
) -> ExportBundle:
    """Return a bundle as a file, once it keeps the rules of its profiles.

    Raises:
        ExportError: it doesn't.

    """
    if violations := check(content, PROFILES[form]):
        listed = "; ".join(f"{found.path}: {found.rule}" for found in violations[:_SHOWN])
        raise ExportError(
            f'Nothing was exported: the bundle of note "{safe_name(note.id)}" breaks {len(violations)} '
            f"rule(s) of its profiles ({listed}). Please report it."
        )
    return ExportBundle(
        format=form,
        filename=f"{safe_name(note.id)}-{delivery}.json",
        media_type=MEDIA_TYPE,
        content=json.dumps(content, ensure_ascii=False, allow_nan=False, indent=1).encode() + b"\n",
        entry_ids=entry_ids,
    )


def signed_entries(note: Note) -> tuple[Entry, ...]:
    """Return the entries that a person stands for.

    Raises:
        NotSignedError: something in the note is neither signed nor rejected.

    """
    require_signed((note,))
    return tuple(filter(is_signed, note.entries))


def remark(note: Note, entry: Entry, rule: str, *, left_out: bool = True) -> Remark:
    """Return what is to be told about an entry."""
    code = entry.coding.code if entry.coding else None
    return Remark(note=note.id, entry=entry.id, kind=entry.kind, code=code, left_out=left_out, rule=rule)


def extra_remark(note: Note, rule: str, kind: str = "extra") -> Remark:
    """Return what is to be told about something that is no entry."""
    return Remark(note=note.id, entry=None, kind=kind, code=None, left_out=True, rule=rule)


def as_transaction(content: bytes) -> bytes:
    """Return a collection as a transaction that puts every resource under its own id.

    Putting the same resource twice leaves one, so a repeated call changes nothing.
    """
    bundle = json.loads(content)
    bundle["type"] = "transaction"
    for entry in bundle["entry"]:
        resource = entry["resource"]
        entry["request"] = {"method": "PUT", "url": f"{resource['resourceType']}/{resource['id']}"}
    return json.dumps(bundle, ensure_ascii=False, allow_nan=False).encode()
