"""Makes the worker of a process or an actor; a value that can be sent there."""

from dataclasses import dataclass

from dictate import bootstrap
from dictate.batch.job import Worker
from dictate.draft import Drafter


@dataclass(frozen=True, slots=True)
class Make:
    """Makes a worker with a model of the catalogue."""

    model: str
    threads: int = 1
    """Pieces of a recording decoded at the same time."""
    salvage: bool = False
    """Keep what is whole of a damaged recording."""

    def __call__(self) -> Worker:
        """Load the model and the vocabulary."""
        transcriber = bootstrap.transcriber(self.model, workers=self.threads)
        return Worker(transcriber, Drafter.load(), salvage=self.salvage)
