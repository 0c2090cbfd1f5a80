"""What was received for a model that the catalogue does not fix byte for byte, kept so that it can't change.

Trust on first use: the first files that come are recorded with their hashes; later ones must be the same. The
records lie in the user's data folder, not in the cache, so that emptying the cache forgets no pin.
"""

import json
import os
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from models.errors import ModelError, ModelStoreError
from models.registry import ModelSpec, Pin, Revision, Sha256, own_folder, strict


@strict
@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """The files of a model as they came and as the cache keeps them."""

    name: str
    revision: Revision | None
    """Of the repository; None for files from a folder."""
    files: dict[str, Pin]
    """As they came."""
    stored: dict[str, Sha256]
    """As the cache keeps them: name to SHA-256."""


def record_path(model: ModelSpec) -> Path:
    """Where the record of a model lies."""
    return own_folder() / "received" / f"{model.name}.json"


def read(model: ModelSpec) -> Record | None:
    """Return the record of a model, None where nothing was received yet.

    Raises:
        ModelError: it is damaged.

    """
    path = record_path(model)
    try:
        return TypeAdapter(Record).validate_json(path.read_bytes(), strict=True)
    except FileNotFoundError:
        return None
    except (OSError, ValidationError) as error:
        raise ModelError(
            f"{path}, which says what the model {model.name} must be, can't be read. "
            f"Restore it from a backup, or remove it and the model: dictate-models remove {model.name}"
        ) from error


def write(model: ModelSpec, record: Record) -> None:
    """Keep a record, whole or not at all.

    Raises:
        ModelStoreError: the folder does not take it.

    """
    write_json(record_path(model), asdict(record))


def write_json(path: Path, content: object) -> None:
    """Write a JSON file in one step.

    Raises:
        ModelStoreError: the folder does not take it.

    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as out:
                json.dump(content, out, indent=2, ensure_ascii=False)
                out.write("\n")
                out.flush()
                os.fsync(out.fileno())
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise ModelStoreError(
            f"Cannot write {path}: {error.strerror or error}. Make room or check the permissions."
        ) from error
