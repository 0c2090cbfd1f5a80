"""The store and the site's targets as workers: what the command and the terminal app run."""

from collections.abc import Iterable
from dataclasses import dataclass

from dictate.delivery.render import Renderer
from dictate.delivery.site import Site
from dictate.delivery.worker import Pace, Worker
from dictate.entry import Note
from dictate.store import Store
from dictate.store.types import Citizen, Delivery, Dictation


@dataclass(frozen=True, slots=True)
class StoredNotes:
    """The notes of a store, as the renderer wants them."""

    store: Store

    def dictation(self, dictation_id: str) -> Dictation:
        """Return a dictation."""
        return self.store.dictations.get(dictation_id)

    def citizen(self, citizen_id: str) -> Citizen:
        """Return a citizen."""
        return self.store.citizens.get(citizen_id)

    def note(self, dictation_id: str) -> Note:
        """Return a note as it stands now."""
        return self.store.dictations.note(dictation_id)

    def deliveries(self) -> Iterable[Delivery]:
        """Return all deliveries."""
        return self.store.outbox.list()


def workers(store: Store, site: Site, *, pace: Pace | None = None) -> dict[str, Worker]:
    """Return a worker for each of the site's targets."""
    notes = StoredNotes(store)
    return {
        name: Worker(
            outbox=store.outbox,
            target=target,
            render=Renderer(notes=notes, shape=site.shapes[name]),
            pace=pace or Pace(),
        )
        for name, target in site.targets.items()
    }
