"""The tables. What was said, names and numbers of citizens stand in them only sealed (`body`).

Columns in clear are what lists and queues sort and filter by: ids, states, times, the author's account.
"""

from datetime import UTC, datetime

from sqlalchemy import (
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    LargeBinary,
    MetaData,
    String,
    Text,
    TypeDecorator,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

CONVENTION = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
"""Names of constraints, the same on every database, so that migrations can name them."""


KEY_ID = "key_id"
"""Name of the row in `meta` that holds the id of the master key."""


class Utc(TypeDecorator[datetime]):
    """Aware UTC on both sides; SQLite keeps no zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Hand the database UTC."""
        del dialect
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Take UTC from the database."""
        del dialect
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """Root of all tables of the store."""

    metadata = MetaData(naming_convention=CONVENTION)
    type_annotation_map = {datetime: Utc, bytes: LargeBinary, str: String}  # noqa: RUF012 - SQLAlchemy's form


class MetaRow(Base):
    """What the store knows about itself: the id of its master key."""

    __tablename__ = "meta"
    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str]


class CitizenRow(Base):
    """A citizen; name and CPR number sealed."""

    __tablename__ = "citizen"
    id: Mapped[str] = mapped_column(primary_key=True)
    cpr_token: Mapped[str | None] = mapped_column(unique=True)
    body: Mapped[bytes]
    created: Mapped[datetime]


class CitizenTokenRow(Base):
    """Keyed hashes of the beginnings of a citizen's names."""

    __tablename__ = "citizen_token"
    token: Mapped[str] = mapped_column(primary_key=True)
    citizen_id: Mapped[str] = mapped_column(ForeignKey("citizen.id", ondelete="CASCADE"), primary_key=True)
    __table_args__ = (Index("ix_citizen_token_citizen_id", "citizen_id"),)


class DictationRow(Base):
    """A dictation."""

    __tablename__ = "dictation"
    id: Mapped[str] = mapped_column(primary_key=True)
    citizen_id: Mapped[str | None] = mapped_column(ForeignKey("citizen.id"))
    state: Mapped[str]
    source: Mapped[str]
    author: Mapped[str]
    started: Mapped[datetime]
    signed_at: Mapped[datetime | None]
    unsure: Mapped[int]
    certainty: Mapped[float]
    __table_args__ = (
        Index("ix_dictation_citizen", "citizen_id", "started"),
        Index("ix_dictation_author", "author", "started"),
        Index("ix_dictation_inbox", "state", "source", "certainty"),
    )


class RecordingRow(Base):
    """The sound of a dictation; it lies in a journal."""

    __tablename__ = "recording"
    id: Mapped[str] = mapped_column(primary_key=True)
    dictation_id: Mapped[str] = mapped_column(ForeignKey("dictation.id"), unique=True)
    started: Mapped[datetime]
    seconds: Mapped[float | None]
    sha256: Mapped[str | None]
    deleted_at: Mapped[datetime | None]


class TranscriptRow(Base):
    """One version of a dictation's text, from what was heard to what was signed; never overwritten."""

    __tablename__ = "transcript"
    dictation_id: Mapped[str] = mapped_column(ForeignKey("dictation.id"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    at: Mapped[datetime]
    by: Mapped[str]
    body: Mapped[bytes]


class EntryRow(Base):
    """An entry as it stands now."""

    __tablename__ = "entry"
    dictation_id: Mapped[str] = mapped_column(ForeignKey("dictation.id"), primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int]
    version: Mapped[int]
    review: Mapped[str]
    record_status: Mapped[str]
    body: Mapped[bytes]


class EntryHistoryRow(Base):
    """Every state that an entry was in, the present one included; never overwritten."""

    __tablename__ = "entry_history"
    dictation_id: Mapped[str] = mapped_column(ForeignKey("dictation.id"), primary_key=True)
    entry_id: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    by: Mapped[str]
    change: Mapped[str]
    body: Mapped[bytes]


class CorrectionRow(Base):
    """What was heard, and what a person chose instead."""

    __tablename__ = "correction"
    id: Mapped[str] = mapped_column(primary_key=True)
    dictation_id: Mapped[str] = mapped_column(ForeignKey("dictation.id"), index=True)
    at: Mapped[datetime]
    kind: Mapped[str]
    body: Mapped[bytes]


class OwnWordRow(Base):
    """A word that a user has taught the program."""

    __tablename__ = "own_word"
    id: Mapped[str] = mapped_column(primary_key=True)
    author: Mapped[str] = mapped_column(index=True)
    at: Mapped[datetime]
    times: Mapped[int]
    rule: Mapped[str]
    body: Mapped[bytes]


class EventRow(Base):
    """A moment of a dictation."""

    __tablename__ = "event"
    id: Mapped[int] = mapped_column(primary_key=True)
    dictation_id: Mapped[str] = mapped_column(ForeignKey("dictation.id"), index=True)
    kind: Mapped[str]
    at: Mapped[datetime]
    detail: Mapped[str]


class OutboxRow(Base):
    """A dictation on its way to a target."""

    __tablename__ = "outbox"
    sequence: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(unique=True)
    target: Mapped[str]
    dictation_id: Mapped[str] = mapped_column(ForeignKey("dictation.id"), index=True)
    citizen_id: Mapped[str | None]
    reason: Mapped[str]
    state: Mapped[str]
    created: Mapped[datetime]
    attempts: Mapped[int]
    retry_at: Mapped[datetime | None]
    why: Mapped[str] = mapped_column(Text)
    finished: Mapped[datetime | None]
    __table_args__ = (Index("ix_outbox_due", "target", "state", "sequence"),)


class BatchItemRow(Base):
    """A recording of a batch run, by the hash of its sound file."""

    __tablename__ = "batch_item"
    content_hash: Mapped[str] = mapped_column(primary_key=True)
    state: Mapped[str]
    updated: Mapped[datetime]
    attempts: Mapped[int]
    dictation_id: Mapped[str | None] = mapped_column(ForeignKey("dictation.id"))
    why: Mapped[str] = mapped_column(Text)
    made_with: Mapped[str] = mapped_column(server_default="")


class HoldRow(Base):
    """A legal hold on a citizen or a dictation."""

    __tablename__ = "hold"
    id: Mapped[str] = mapped_column(primary_key=True)
    why: Mapped[str] = mapped_column(Text)
    by: Mapped[str]
    at: Mapped[datetime]


class AuditRow(Base):
    """An event of the access log; the database itself refuses changes and deletions."""

    __tablename__ = "audit_event"
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    action: Mapped[str]
    citizen_id: Mapped[str | None] = mapped_column(index=True)
    body: Mapped[str] = mapped_column(Text)
    mac: Mapped[str]
