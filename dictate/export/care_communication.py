"""A signed note as free text to a GP or a hospital: MedCom CareCommunication 5.0.4.

The message has one part, the note's text. Since 1.8.1 of MedCom's terminology a sent message can be neither
changed nor taken back: a correction is a new message that says so.
"""

from datetime import datetime
from uuid import UUID

from dictate.entry import Note, RecordStatus
from dictate.errors import ConfigError, ExportError
from dictate.export import bundle, medcom
from dictate.export.base import ExportBundle, Format, Remark, Visit, made_id
from dictate.export.codes import Element
from dictate.export.letter import CATEGORIES, Letter
from dictate.export.messages import EXTENSIONS, MEDCOM

_PROFILES = f"{MEDCOM}carecommunication/StructureDefinition/medcom-careCommunication-"
_BASE = "https://medcomfhir.dk/ig/carecommunication/"
_CHANGED = {RecordStatus.ENTERED_IN_ERROR: "Annulleret", RecordStatus.AMENDED: "Rettet"}
_DEFINITION = "MedComCareCommunicationMessageDefinition|5.0"


def export(
    note: Note, visit: Visit, letter: Letter, *, at: datetime, delivery: UUID | None = None
) -> tuple[ExportBundle, tuple[Remark, ...]]:
    """Write a signed note as a message, checked against the profiles.

    Args:
        note: signed.
        visit: citizen (with a name) and author.
        letter: from whom to whom, and about what.
        at: when it is sent; aware.
        delivery: our identity of it; else it is made of the content.

    Returns:
        The message, and a remark for each entry: it goes as text only.

    Raises:
        ConfigError: a name or a phone number is missing.
        NotSignedError: something in the note is not signed.
        ExportError: the note has no text, or the message breaks a rule of its profiles.

    """
    entries = bundle.signed_entries(note)
    text = _text(note, letter)
    if not letter.sender.phone:
        raise ConfigError("The sender needs a phone number: add it to the address book.")
    delivery = medcom.version_4(
        delivery or bundle.delivery_id(note, visit, Format.CARE_COMMUNICATION, repr(letter))
    )
    parts = medcom.MessageParts(delivery, base=_BASE)
    focus = parts.reference("communication", "Communication")
    sender = parts.reference("sender", "Organization")
    target = parts.reference("header", "MessageHeader")
    receiver = parts.reference("receiver", "Organization")
    header = medcom.header(
        letter,
        profile=f"{_PROFILES}messageHeader",
        event="care-communication-message",
        definition=_DEFINITION,
        receiver=receiver,
        sender=sender,
        focus=focus,
    )
    told = [("Fra", letter.sender.name), ("Til", letter.receiver.name)]
    parts.add({**header, "text": medcom.told(*told)}, "header")
    patient = parts.add(medcom.patient(visit), "patient")
    author = parts.reference("role", "PractitionerRole")
    payload = medcom.version_4(made_id(delivery, "payload")).urn
    communication = _communication(visit, letter, text, at) | {
        "identifier": [{"value": medcom.version_4(made_id(delivery, "identifier")).urn}],
        "subject": patient,
        "payload": [
            _payload(text, at, identifier=payload, sender=sender, author=author, phone=letter.sender.phone)
        ],
    }
    parts.add(communication, "communication")
    practitioner = parts.reference("practitioner", "Practitioner")
    parts.add(medcom.practitioner_role(visit, practitioner, coded=False), "role")
    parts.add(medcom.practitioner(visit, letter.sender.phone), "practitioner")
    parts.add(medcom.organization(letter.receiver), "receiver")
    parts.add(medcom.organization(letter.sender), "sender")
    provenance = medcom.provenance(
        f"{_PROFILES}provenance", target=target, sender=sender, activity="new-message", at=at
    )
    provenance["entity"] = [{"role": "source", "what": {"identifier": {"value": payload}}}]
    parts.add(provenance, "provenance")
    content = medcom.message(delivery, f"{_PROFILES}message", parts, at)
    file = bundle.finish(content, note, Format.CARE_COMMUNICATION, delivery=delivery, entry_ids=())
    rule = "CareCommunication carries no codes: it stands in the message's text."
    return file, tuple(bundle.remark(note, entry, rule) for entry in entries)


def _text(note: Note, letter: Letter) -> str:
    text = "\n".join(note.text.splitlines()).strip()
    if not text:
        raise ExportError("Nothing was exported: the note has no text to send. Write it first.")
    if letter.earlier is None:
        return text
    if letter.earlier.withdrawn:
        return f"Annullering: vores besked af {letter.earlier.sent} er sendt ved en fejl. Se bort fra den."
    changed = "".join(
        f"\n{word}: {entry.evidence}"
        for status, word in _CHANGED.items()
        for entry in note.entries
        if entry.record_status is status and entry.evidence.strip()
    )
    return f"Rettelse: denne besked erstatter vores besked af {letter.earlier.sent}.{changed}\n\n{text}"


def _communication(visit: Visit, letter: Letter, text: str, at: datetime) -> Element:
    coding = {"system": f"{medcom.TERMS}medcom-careCommunication-categoryCodes", "code": letter.category}
    topic = letter.topic
    if letter.earlier:
        topic = "Annullering" if letter.earlier.withdrawn else f"Rettelse{f': {topic}' if topic else ''}"
    about = [("Kategori", CATEGORIES[letter.category]), *([("Emne", topic)] if topic else [])]
    about += [("Skrevet af", f"{visit.author}, {visit.role}"), ("Tid", at.replace(microsecond=0).isoformat())]
    communication = medcom.of("Communication", f"{_PROFILES}communication") | {
        "text": medcom.told(*about, ("Besked", text)),
        "status": "unknown",
        "category": [{"coding": [coding]}],
    }
    return communication | ({"topic": {"text": topic}} if topic else {})


def _payload(
    text: str, at: datetime, *, identifier: str, sender: Element, author: Element, phone: str
) -> Element:
    return {
        "extension": [
            {
                "url": f"{EXTENSIONS}datetime-extension",
                "valueDateTime": at.replace(microsecond=0).isoformat(),
            },
            {
                "url": f"{EXTENSIONS}identifier-extension",
                "valueIdentifier": {"value": identifier, "assigner": sender},
            },
            {"url": f"{EXTENSIONS}practitioner-extension", "valueReference": author},
            {
                "url": f"{EXTENSIONS}contact-extension",
                "valueContactPoint": {"system": "phone", "value": phone},
            },
        ],
        "contentString": text,
    }
