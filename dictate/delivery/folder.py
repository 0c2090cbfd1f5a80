"""Hand over as files in a folder that another program empties."""

import os
from dataclasses import dataclass
from pathlib import Path

from dictate.delivery.parcel import DELIVERED, Answer, Outcome, Parcel
from dictate.errors import OutputError
from dictate.paths import write_atomic


@dataclass(frozen=True, slots=True, kw_only=True)
class FolderTarget:
    """A folder; a file in it is whole from the moment it has its name."""

    name: str
    path: Path
    """Must be there: one that isn't may be a network drive that is gone."""

    def send(self, parcel: Parcel) -> Answer:
        """Write the file under the delivery's own name, so a repetition replaces itself."""
        if not self.path.is_dir():
            return Answer(outcome=Outcome.DOWN, why="the folder is not there")
        try:
            write_atomic(self.path / parcel.filename, parcel.content)
            _sync(self.path)
        except (OutputError, OSError) as error:
            cause = error.__cause__ if isinstance(error, OutputError) else error
            reason = getattr(cause, "strerror", None) or type(cause).__name__
            return Answer(outcome=Outcome.DOWN, why=f"the folder takes no file: {reason}")
        return DELIVERED


def _sync(folder: Path) -> None:
    """Make the new name survive a power cut."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
