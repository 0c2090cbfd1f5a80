"""Runs the migrations on the connection, and in the transaction, that `dictate.store.migrate` hands over."""

from alembic import context

from dictate.store.schema import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
    transactional_ddl=False,  # the transaction is the caller's
)
context.run_migrations()
