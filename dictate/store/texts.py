"""The text of a dictation, version by version: what was heard, what was made of it, what was signed."""

from collections.abc import Collection, Mapping

from sqlalchemy import func, select

from dictate.sealing import seal
from dictate.store.codec import TEXT, TextBody
from dictate.store.database import Work, open_sealed
from dictate.store.schema import TranscriptRow
from dictate.store.types import TextVersion

HEARD, DRAFT, SIGNED = "heard", "draft", "signed"


def add(work: Work, dictation_id: str, key: bytes, kind: str, body: TextBody) -> int:
    """Add a version and return its number."""
    last = work.session.scalar(
        select(func.max(TranscriptRow.version)).where(TranscriptRow.dictation_id == dictation_id)
    )
    version = (last or 0) + 1
    place = f"transcript {dictation_id} {version} {kind}"
    work.session.add(
        TranscriptRow(
            dictation_id=dictation_id,
            version=version,
            kind=kind,
            at=work.now,
            by=work.user,
            body=seal(key, TEXT.dump(body), place),
        )
    )
    return version


def newest(work: Work, keys: Mapping[str, bytes]) -> dict[str, TextBody]:
    """Return the text of each of these dictations, given their keys; those without text are left out."""
    if not keys:
        return {}
    last = (
        select(TranscriptRow.dictation_id, func.max(TranscriptRow.version).label("version"))
        .where(TranscriptRow.dictation_id.in_(keys))
        .group_by(TranscriptRow.dictation_id)
        .subquery()
    )
    rows = work.session.scalars(
        select(TranscriptRow).join(
            last,
            (TranscriptRow.dictation_id == last.c.dictation_id) & (TranscriptRow.version == last.c.version),
        )
    )
    return {row.dictation_id: _open(row, keys[row.dictation_id]) for row in rows}


def versions(
    work: Work, dictation_id: str, key: bytes, kinds: Collection[str] = ()
) -> tuple[TextVersion, ...]:
    """Return all versions, the first one first; only of some kinds, if asked."""
    query = select(TranscriptRow).where(TranscriptRow.dictation_id == dictation_id)
    if kinds:
        query = query.where(TranscriptRow.kind.in_(kinds))
    found = []
    for row in work.session.scalars(query.order_by(TranscriptRow.version)):
        body = _open(row, key)
        found.append(
            TextVersion(
                version=row.version,
                kind=row.kind,
                at=row.at,
                by=row.by,
                text=body.text,
                transcript=body.transcript,
            )
        )
    return tuple(found)


def _open(row: TranscriptRow, key: bytes) -> TextBody:
    place = f"transcript {row.dictation_id} {row.version} {row.kind}"
    return TEXT.load(open_sealed(key, row.body, place))
