"""The measurements of a signed note to the GP: MedCom HomeCareObservation 1.1.0, from the acute team."""

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from dictate.entry import Entry, Kind, Note, RecordStatus
from dictate.errors import ConfigError, ExportError
from dictate.export import bundle, codes, medcom
from dictate.export.base import ExportBundle, Format, Remark, Visit
from dictate.export.codes import SNOMED, Element
from dictate.export.letter import Letter
from dictate.export.messages import MEDCOM
from dictate.export.resources import withdrawn

_PROFILES = f"{MEDCOM}homecareobservation/StructureDefinition/medcom-"
_BASE = "https://medcomfhir.dk/ig/homecareobservation/"
_DEFINITION = "MedComHomeCareObservationMessageDefinition|1.1"
_LONGEST = 12
"""Characters of a value."""


def export(
    note: Note, visit: Visit, letter: Letter, *, at: datetime, delivery: UUID | None = None
) -> tuple[ExportBundle, tuple[Remark, ...]]:
    """Write the measurements of a signed note as a message, checked against the profiles.

    Args:
        note: signed.
        visit: citizen (with a name), author (with a role that MedCom has a code for), and time.
        letter: from whom to whom; with an earlier message this one replaces it or takes it back.
        at: when it is sent; aware.
        delivery: our identity of it; else it is made of the content.

    Returns:
        The message, and what of the note it doesn't carry.

    Raises:
        ConfigError: a name, a phone number or a provider number is missing.
        NotSignedError: something in the note is not signed.
        ExportError: there is no measurement, or the message breaks a rule of its profiles.

    """
    entries = bundle.signed_entries(note)
    results = [entry for entry in entries if entry.kind is Kind.OBSERVATION and not withdrawn(entry)]
    taken_back = letter.earlier is not None and letter.earlier.withdrawn
    if taken_back:
        results = [entry for entry in entries if entry.kind is Kind.OBSERVATION]
    if not results:
        raise ExportError(
            "Nothing was exported: the note has no measurement. HomeCareObservation carries only these."
        )
    if not letter.sender.phone:
        raise ConfigError("The sender needs a phone number: add it to the address book.")
    delivery = medcom.version_4(
        delivery or bundle.delivery_id(note, visit, Format.HOME_CARE_OBSERVATION, repr(letter))
    )
    parts = medcom.MessageParts(delivery, base=_BASE)
    sender = parts.reference("sender", "Organization")
    target = parts.reference("header", "MessageHeader")
    header = medcom.header(
        letter,
        profile=f"{_PROFILES}homecareobservation-messageheader",
        event="homecareobservation-message",
        definition=_DEFINITION,
        receiver=parts.reference("receiver", "Organization"),
        sender=sender,
        focus=parts.reference("report", "DiagnosticReport"),
    )
    told = [("Fra", letter.sender.name), ("Til", letter.receiver.name)]
    parts.add({**header, "text": medcom.told(*told)}, "header")
    patient = parts.add(medcom.patient(visit), "patient")
    role = parts.reference("role", "PractitionerRole")
    parts.add(
        medcom.of("DiagnosticReport", f"{_PROFILES}homecareobservation-diagnosticreport")
        | {
            "status": "final",
            "code": {
                "coding": [{"system": f"{medcom.TERMS}MedComDiagnosticReportCodes", "code": "HomeCareReport"}]
            },
            "subject": patient,
            "issued": _signed(note, results[0], at),
            "performer": [sender, role],
            "result": [parts.reference(f"entry {entry.id}", "Observation") for entry in results],
        },
        "report",
    )
    practitioner = parts.reference("practitioner", "Practitioner")
    parts.add(medcom.practitioner_role(visit, practitioner, coded=True), "role")
    parts.add(medcom.practitioner(visit, letter.sender.phone), "practitioner")
    parts.add(medcom.organization(letter.receiver, profile="requesterorganization"), "receiver")
    parts.add(medcom.organization(letter.sender, profile="producer-organization"), "sender")
    parts.add(_provenance(letter, target, sender, at), "provenance")
    for entry in results:
        parts.add(_observation(entry, visit, patient), f"entry {entry.id}")
    content = medcom.message(delivery, f"{_PROFILES}homecareobservation-message", parts, at)
    ids = tuple(entry.id for entry in results)
    file = bundle.finish(content, note, Format.HOME_CARE_OBSERVATION, delivery=delivery, entry_ids=ids)
    return file, tuple(_remarks(note, frozenset(ids)))


def _remarks(note: Note, carried: frozenset[str]) -> Iterator[Remark]:
    yield bundle.extra_remark(note, "HomeCareObservation carries measurements, not the note's words.", "text")
    for entry in note.entries:
        if entry.id not in carried:
            yield bundle.remark(note, entry, "HomeCareObservation carries measurements only.")
    for _ in note.extras:
        yield bundle.extra_remark(note, "HomeCareObservation carries measurements only.")


def _observation(entry: Entry, visit: Visit, patient: Element) -> Element:
    found = codes.observation(entry)
    value = codes.observation_value(entry, found)
    said = entry.value if isinstance(entry.value, str) else _number(entry.value)
    if len(said) > _LONGEST:
        raise ExportError(
            f'Nothing was exported: the value of entry "{entry.id}" has over {_LONGEST} characters. Mend it.'
        )
    not_interpreted = {
        "system": f"{medcom.TERMS}medcom-core-interpretation-codes",
        "code": "NI",
        "display": "Not Interpreted",
    }
    codings = [{"system": found.system, "code": found.code, "display": found.display}]
    if found.system == SNOMED:
        del codings[0]["display"]
    return (
        medcom.of("Observation", f"{_PROFILES}homecare-observation")
        | {
            "status": "corrected" if entry.record_status is RecordStatus.AMENDED else "final",
            "code": {"coding": codings},
            "subject": patient,
            "effectiveDateTime": visit.start.isoformat(),
        }
        | value
        | {"interpretation": [{"coding": [not_interpreted]}]}
    )


def _number(value: object) -> str:
    return str(value).removesuffix(".0")


def _signed(note: Note, entry: Entry, at: datetime) -> str:
    signature = note.signed or entry.signed
    return (signature.at if signature else at).replace(microsecond=0).isoformat()


def _provenance(letter: Letter, target: Element, sender: Element, at: datetime) -> Element:
    activity, entity = "new-message", None
    if letter.earlier:
        activity = "retract-message" if letter.earlier.withdrawn else "modified-message"
        entity = {
            "role": "removal" if letter.earlier.withdrawn else "revision",
            "what": {"reference": f"MessageHeader/{letter.earlier.message}"},
        }
    profile = f"{medcom.MESSAGING}messaging-provenance"
    provenance = medcom.provenance(profile, target=target, sender=sender, activity=activity, at=at)
    return provenance | ({"entity": [entity]} if entity else {})
