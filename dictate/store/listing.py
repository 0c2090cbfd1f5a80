"""Rows of dictations as lists show them: with the citizen's name and the first words."""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import Select, select

from dictate.store import texts
from dictate.store.citizens import open_all
from dictate.store.codec import TextBody
from dictate.store.database import Work
from dictate.store.schema import CitizenRow, DictationRow, RecordingRow
from dictate.store.types import Citizen, Dictation, Source, State

EXCERPT = 80
"""Characters."""

Listed = tuple[Dictation, Citizen | None, TextBody | None]


def item(dictation_id: str) -> str:
    """Return the name of a dictation's key."""
    return f"dictation/{dictation_id}"


def plain(row: DictationRow, recording_id: str | None) -> Dictation:
    """Return what stands in clear."""
    return Dictation(
        id=row.id,
        citizen_id=row.citizen_id,
        state=State(row.state),
        source=Source(row.source),
        author=row.author,
        started=row.started,
        recording_id=recording_id,
        signed_at=row.signed_at,
        unsure=row.unsure,
        certainty=row.certainty,
    )


def listed(work: Work, query: Select[DictationRow]) -> list[Listed]:
    """Run a query; return each dictation with its citizen and its newest text."""
    rows = work.session.scalars(query).all()
    recordings = _recordings(work, rows)
    citizens = _citizens(work, rows)
    keys = work.database.item_keys.find(item(row.id) for row in rows)
    bodies = texts.newest(work, {row.id: keys[item(row.id)] for row in rows if item(row.id) in keys})
    found: list[Listed] = []
    for row in rows:
        citizen, body = citizens.get(row.citizen_id or ""), bodies.get(row.id)
        dictation = replace(
            plain(row, recordings.get(row.id)),
            citizen_name=citizen.name if citizen else None,
            excerpt=body.text[:EXCERPT] if body else "",
        )
        found.append((dictation, citizen, body))
    return found


def _recordings(work: Work, rows: Sequence[DictationRow]) -> dict[str, str]:
    query = select(RecordingRow.dictation_id, RecordingRow.id).where(
        RecordingRow.dictation_id.in_([row.id for row in rows])
    )
    return dict(work.session.execute(query).all())


def _citizens(work: Work, rows: Sequence[DictationRow]) -> dict[str, Citizen]:
    wanted = {row.citizen_id for row in rows if row.citizen_id}
    query = select(CitizenRow.id, CitizenRow.body).where(CitizenRow.id.in_(wanted))
    found = open_all(work.database.item_keys, work.session.execute(query).all())
    return {citizen.id: citizen for citizen in found}
