"""The tables as they began, and what the database itself refuses to change."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_APPEND_ONLY = (
    ("audit_event", "UPDATE"),
    ("audit_event", "DELETE"),
    ("transcript", "UPDATE"),
    ("entry_history", "UPDATE"),
)


def upgrade() -> None:
    """Make all tables."""
    op.create_table(
        "audit_event",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("citizen_id", sa.String(), nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("mac", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_audit_event"),
    )
    op.create_index("ix_audit_event_citizen_id", "audit_event", ["citizen_id"], unique=False)
    op.create_table(
        "citizen",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("cpr_token", sa.String(), nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_citizen"),
        sa.UniqueConstraint("cpr_token", name="uq_citizen_cpr_token"),
    )
    op.create_table(
        "hold",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_hold"),
    )
    op.create_table(
        "meta",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_meta"),
    )
    op.create_table(
        "citizen_token",
        sa.Column("token", sa.String(), nullable=False),
        sa.Column("citizen_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["citizen_id"], ["citizen.id"], name="fk_citizen_token_citizen_id_citizen", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("token", "citizen_id", name="pk_citizen_token"),
    )
    op.create_index("ix_citizen_token_citizen_id", "citizen_token", ["citizen_id"], unique=False)
    op.create_table(
        "dictation",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("citizen_id", sa.String(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("author", sa.String(), nullable=False),
        sa.Column("started", sa.DateTime(timezone=True), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("unsure", sa.Integer(), nullable=False),
        sa.Column("certainty", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(["citizen_id"], ["citizen.id"], name="fk_dictation_citizen_id_citizen"),
        sa.PrimaryKeyConstraint("id", name="pk_dictation"),
    )
    op.create_index("ix_dictation_author", "dictation", ["author", "started"], unique=False)
    op.create_index("ix_dictation_citizen", "dictation", ["citizen_id", "started"], unique=False)
    op.create_index("ix_dictation_inbox", "dictation", ["state", "source", "certainty"], unique=False)
    op.create_table(
        "batch_item",
        sa.Column("content_hash", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("updated", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("dictation_id", sa.String(), nullable=True),
        sa.Column("why", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["dictation_id"], ["dictation.id"], name="fk_batch_item_dictation_id_dictation"
        ),
        sa.PrimaryKeyConstraint("content_hash", name="pk_batch_item"),
    )
    op.create_table(
        "correction",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("dictation_id", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["dictation_id"], ["dictation.id"], name="fk_correction_dictation_id_dictation"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_correction"),
    )
    op.create_index("ix_correction_dictation_id", "correction", ["dictation_id"], unique=False)
    op.create_table(
        "entry",
        sa.Column("dictation_id", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("review", sa.String(), nullable=False),
        sa.Column("record_status", sa.String(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["dictation_id"], ["dictation.id"], name="fk_entry_dictation_id_dictation"),
        sa.PrimaryKeyConstraint("dictation_id", "id", name="pk_entry"),
    )
    op.create_table(
        "entry_history",
        sa.Column("dictation_id", sa.String(), nullable=False),
        sa.Column("entry_id", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("change", sa.String(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["dictation_id"], ["dictation.id"], name="fk_entry_history_dictation_id_dictation"
        ),
        sa.PrimaryKeyConstraint("dictation_id", "entry_id", "version", name="pk_entry_history"),
    )
    op.create_table(
        "event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("dictation_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("detail", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["dictation_id"], ["dictation.id"], name="fk_event_dictation_id_dictation"),
        sa.PrimaryKeyConstraint("id", name="pk_event"),
    )
    op.create_index("ix_event_dictation_id", "event", ["dictation_id"], unique=False)
    op.create_table(
        "outbox",
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("target", sa.String(), nullable=False),
        sa.Column("dictation_id", sa.String(), nullable=False),
        sa.Column("citizen_id", sa.String(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("retry_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("finished", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["dictation_id"], ["dictation.id"], name="fk_outbox_dictation_id_dictation"),
        sa.PrimaryKeyConstraint("sequence", name="pk_outbox"),
        sa.UniqueConstraint("id", name="uq_outbox_id"),
    )
    op.create_index("ix_outbox_dictation_id", "outbox", ["dictation_id"], unique=False)
    op.create_index("ix_outbox_due", "outbox", ["target", "state", "sequence"], unique=False)
    op.create_table(
        "recording",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("dictation_id", sa.String(), nullable=False),
        sa.Column("started", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seconds", sa.Double(), nullable=True),
        sa.Column("sha256", sa.String(), nullable=True),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["dictation_id"], ["dictation.id"], name="fk_recording_dictation_id_dictation"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_recording"),
        sa.UniqueConstraint("dictation_id", name="uq_recording_dictation_id"),
    )
    op.create_table(
        "transcript",
        sa.Column("dictation_id", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["dictation_id"], ["dictation.id"], name="fk_transcript_dictation_id_dictation"
        ),
        sa.PrimaryKeyConstraint("dictation_id", "version", name="pk_transcript"),
    )

    on_postgresql = op.get_bind().dialect.name == "postgresql"
    if on_postgresql:
        op.execute(
            "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'this table is append-only' USING ERRCODE = '42501'; END $$"
        )
    for table, verb in _APPEND_ONLY:
        name = f"{table}_no_{verb.lower()}"
        if on_postgresql:
            op.execute(
                f"CREATE TRIGGER {name} BEFORE {verb} ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
            )
        else:
            op.execute(
                f"CREATE TRIGGER {name} BEFORE {verb} ON {table} "
                "BEGIN SELECT RAISE(ABORT, 'this table is append-only'); END"
            )
