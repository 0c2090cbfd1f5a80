"""Making the parcel of a delivery: the signed note as it stands now, in the format that the target takes."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol
from uuid import UUID

from dictate.delivery.parcel import Parcel
from dictate.entry import Kind, Note, RecordStatus
from dictate.errors import ConfigError, ExportError
from dictate.export import table
from dictate.export.base import Format, Visit, VisitType
from dictate.export.bundle import MEDIA_TYPE, as_transaction
from dictate.export.files import NEED_LETTER, NEED_VISIT, export_note
from dictate.export.letter import Earlier, Letter, Party, make_letter
from dictate.export.medcom import MessageParts, version_4
from dictate.export.printed import export as export_printed
from dictate.export.wording import moment
from dictate.store.types import Citizen, Delivery, Dictation, OutboxState

_SUFFIXES = {Format.CSV: ".csv", Format.TSV: ".tsv", Format.JSON: ".jsonl", Format.PDF: ".pdf"}
_SUFFIXES |= {Format.HTML: ".html", Format.TEXT: ".txt"}


class Notes(Protocol):
    """Where signed notes lie; a store is one."""

    def dictation(self, dictation_id: str) -> Dictation:
        """Return a dictation."""
        ...

    def citizen(self, citizen_id: str) -> Citizen:
        """Return a citizen."""
        ...

    def note(self, dictation_id: str) -> Note:
        """Return a note as it stands now."""
        ...

    def deliveries(self) -> Iterable[Delivery]:
        """Return all deliveries."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """What a target takes."""

    form: Format = Format.KL_CORE
    sor: str | None = None
    """SOR number of our organisation."""
    transaction: bool = False
    """A bundle as a transaction, for a FHIR server; else as a collection, for a file."""
    parties: tuple[Party, Party] | None = None
    """Sender and receiver of MedCom's messages."""
    category: str = "nursing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Renderer:
    """Makes parcels for one target."""

    notes: Notes
    shape: Shape
    now: Callable[[], datetime] = lambda: datetime.now(UTC)

    def __call__(self, delivery: Delivery) -> Parcel:
        """Return the parcel of a delivery.

        Raises:
            DictateError: the note is not signed, names no citizen, or can't be written in the format.

        """
        note = self.notes.note(delivery.dictation_id)
        visit = self._visit(delivery, note)
        form, at = self.shape.form, self.now()
        if form in NEED_VISIT:
            letter = self._letter(delivery, note) if form in NEED_LETTER else None
            bundle, _ = export_note(note, form, at=at, visit=visit, letter=letter, delivery=UUID(delivery.id))
            is_transaction = self.shape.transaction and form is Format.KL_CORE
            content = as_transaction(bundle.content) if is_transaction else bundle.content
            return Parcel(id=delivery.id, suffix=".json", media_type=MEDIA_TYPE, content=content)
        if form in {Format.CSV, Format.TSV, Format.JSON}:
            bundle, _ = table.export([note], form, name=note.id, visit=visit)
        else:
            bundle, _ = export_printed(note, form, at=at, visit=visit)
        return Parcel(
            id=delivery.id, suffix=_SUFFIXES[form], media_type=bundle.media_type, content=bundle.content
        )

    def _visit(self, delivery: Delivery, note: Note) -> Visit:
        dictation = self.notes.dictation(delivery.dictation_id)
        # The dictation may have been assigned anew since it was queued; what counts is whom it is about now.
        citizen = self.notes.citizen(dictation.citizen_id) if dictation.citizen_id else None
        return visit_of(dictation, citizen, note, self.shape.sor)

    def _letter(self, delivery: Delivery, note: Note) -> Letter:
        if self.shape.parties is None:
            raise ConfigError("The target has no addresses: add addresses and to.")
        # Who queues a note for a MedCom target has been asked whether the matter is acute.
        return make_letter(
            *self.shape.parties,
            category=self.shape.category,
            not_acute=True,
            earlier=self._earlier(delivery, note) if delivery.reason != "signed" else None,
        )

    def _earlier(self, delivery: Delivery, note: Note) -> Earlier | None:
        """Return the last message about this note that the receiver has."""
        sent = [
            other
            for other in self.notes.deliveries()
            if other.target == delivery.target
            and other.dictation_id == delivery.dictation_id
            and other.sequence < delivery.sequence
            and other.state is OutboxState.DELIVERED
        ]
        if not sent:
            return None
        last = max(sent, key=lambda other: other.sequence)
        entries = [entry for entry in note.entries if entry.kind is Kind.OBSERVATION]
        return Earlier(
            message=str(MessageParts(version_4(UUID(last.id))).id("header")),
            sent=moment(last.finished or last.created),
            withdrawn=self.shape.form is Format.HOME_CARE_OBSERVATION
            and all(entry.record_status is RecordStatus.ENTERED_IN_ERROR for entry in entries),
        )


def visit_of(
    dictation: Dictation,
    citizen: Citizen | None,
    note: Note,
    sor: str | None,
    visit_type: VisitType = VisitType.PLANNED,
) -> Visit:
    """Return the visit of a dictation: who signed made it, and it began when the dictation did.

    Raises:
        ExportError: nobody said whom it is about, or the citizen has no CPR number.

    """
    if citizen is None or citizen.cpr is None:
        raise ExportError(
            "The note names no citizen with a CPR number. Assign it to one, then retry the delivery."
        )
    signature = note.signed or next((entry.signed for entry in note.entries if entry.signed), None)
    if signature is None:
        raise ExportError("The note is not signed. Sign it, then retry the delivery.")
    return Visit(
        citizen=citizen.cpr,
        citizen_name=citizen.name or None,
        author=signature.by,
        role=signature.role,
        sor=sor,
        start=dictation.started.replace(microsecond=0),
        type=visit_type,
    )
