"""Signed notes of the store as files: what `dictate export` writes where it is given no file."""

from collections.abc import Iterator
from datetime import datetime

from dictate.delivery.render import visit_of
from dictate.errors import ConfigError
from dictate.export.base import Format, VisitType
from dictate.export.files import Exported, export_notes
from dictate.export.letter import Letter
from dictate.store import Store


def export_stored(
    store: Store,
    form: Format,
    *,
    at: datetime,
    citizen: str | None = None,
    since: datetime | None = None,
    sor: str | None = None,
    visit_type: VisitType = VisitType.PLANNED,
    letter: Letter | None = None,
) -> Iterator[Exported]:
    """Yield the files of signed notes, oldest first, with what they leave out; one file for each note.

    Args:
        store: the access log notes the export.
        form: what to write.
        at: when the files are made; aware.
        citizen: CPR number, ten digits; None: all citizens.
        since: notes signed then or later.
        sor: SOR number of our organisation.
        visit_type: what kind of visits they were.
        letter: MedCom's messages need it.

    Raises:
        ConfigError: there is no such citizen.
        NotSignedError: an entry is not signed.
        ExportError: a note names no citizen with a CPR number, or an entry can't be written.

    """
    known = store.citizens.by_cpr(citizen) if citizen else None
    if citizen and known is None:
        raise ConfigError("The store knows no citizen with this CPR number. Type it again.")
    for found in store.dictations.signed(citizen_id=known.id if known else None, since=since):
        visit = visit_of(found.dictation, found.citizen, found.note, sor, visit_type)
        yield from export_notes([found.note], form, name=found.note.id, at=at, visit=visit, letter=letter)
