"""Makes the worker of a process or an actor; a value that can be sent there."""

import hashlib
from dataclasses import dataclass

from dictate import bootstrap
from dictate.batch.job import Worker
from dictate.draft import Drafter
from dictate.errors import ConfigError
from dictate.paths import cache_dir
from models.cache import ensure
from terminology import cache
from terminology.places import overlay_folder
from terminology.release import active, load


def made_with(model: str) -> str:
    """Make a model ready here, and name it with the vocabulary in use here.

    Raises:
        ModelError: no such model, or it can't be made ready.
        TerminologyError: the vocabulary is damaged.

    """
    files = ensure(model, cache_dir())
    words = "+".join(one[:12] for one in (cache.checksum(active()), _site()) if one)
    return f"{model}@{files.revision[:12]}/{files.compute_type} fsiii@{load().version}+{words}"


def _site() -> str:
    """Return the SHA-256 over the wordings that the site added; empty where there are none."""
    folder = overlay_folder()
    paths = sorted(path for path in folder.rglob("[!.]*") if path.is_file())
    digest = hashlib.sha256()
    for path in paths:
        content = path.read_bytes()
        digest.update(f"{path.relative_to(folder).as_posix()}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest() if paths else ""


@dataclass(frozen=True, slots=True)
class Make:
    """Makes a worker with a model of the catalogue."""

    model: str
    threads: int = 1
    """Pieces of a recording decoded at the same time."""
    salvage: bool = False
    """Keep what is whole of a damaged recording."""
    made_with: str = ""
    """What the driver found at home, from `made_with`; a worker that finds something else doesn't begin."""

    def __call__(self) -> Worker:
        """Load the model and the vocabulary.

        Raises:
            ConfigError: they are others than the driver's.

        """
        if self.made_with and (here := made_with(self.model)) != self.made_with:
            raise ConfigError(
                f"A worker has another model or vocabulary ({here}) than where the batch was started "
                f"({self.made_with}). Install the same everywhere, and run it again."
            )
        transcriber = bootstrap.transcriber(self.model, workers=self.threads)
        return Worker(transcriber, Drafter.load(), salvage=self.salvage)
