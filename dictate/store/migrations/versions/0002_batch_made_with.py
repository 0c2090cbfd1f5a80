"""With which model and vocabulary a recording of a batch was done."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add the column; what was done before is of unknown making, so it is shown as out of date."""
    op.add_column("batch_item", sa.Column("made_with", sa.String(), nullable=False, server_default=""))
