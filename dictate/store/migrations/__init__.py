"""Alembic's migrations of the store, run by `dictate.store.migrate`."""
