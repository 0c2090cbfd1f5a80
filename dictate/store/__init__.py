"""Where notes, citizens and the access log lie. Only this package knows SQLAlchemy."""

from dictate.store.location import Location
from dictate.store.store import Store, is_there, open_store

__all__ = ["Location", "Store", "is_there", "open_store"]
