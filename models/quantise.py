"""Make a fetched model smaller, or remove it."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

from models import received
from models.cache import MANIFEST, check_cached, folder_of, is_cached, sync
from models.choice import DEFAULT, choose, current
from models.errors import ModelError, ModelMissingError, ModelStoreError
from models.registry import ModelSpec, Source, own_folder
from models.verify import require, sha256

_WEIGHTS = "model.bin"


def quantise(model: ModelSpec, cache_dir: Path) -> tuple[int, int]:
    """Store the weights of a fetched model in 8 bits.

    Returns:
        Bytes of the weights before and after.

    Raises:
        ModelMissingError: it is not in the cache.
        ModelError: it can't be made smaller.

    """
    from models.convert import requantise  # noqa: PLC0415 - brings in numpy

    folder = folder_of(model, cache_dir)
    if not is_cached(folder):
        raise ModelMissingError(
            f"The model {model.name} is not on this machine. Fetch it with: dictate-models pull {model.name}"
        )
    if model.source is Source.EMBEDDED:
        raise ModelError(f"The model {model.name} is stored in 8 bits already.")
    for outcome in check_cached(model, folder):
        require(outcome, remedy=f"Remove it with: dictate-models remove {model.name}; then pull it again.")
    known = received.read(model)
    assert known is not None, "checked above"
    part = folder / ".model.bin.part"
    before = (folder / _WEIGHTS).stat().st_size
    try:
        with (folder / _WEIGHTS).open("rb") as source, part.open("wb") as target:
            requantise(source, target)
        after = part.stat().st_size
        stored = known.stored | {_WEIGHTS: sha256(part) or ""}
        manifest = json.loads((folder / MANIFEST).read_bytes()) | {_WEIGHTS: stored[_WEIGHTS]}
        received.write_json(folder / MANIFEST, manifest)
        stored[MANIFEST] = sha256(folder / MANIFEST) or ""
        # The record first: killed between the two, the old file fails its check and is pulled anew.
        received.write(model, replace(known, stored=stored))
        part.replace(folder / _WEIGHTS)
        sync(folder)
    except OSError as error:
        raise ModelStoreError(
            f"Cannot write into {folder}: {error.strerror}. Make room and try again."
        ) from error
    finally:
        part.unlink(missing_ok=True)
    return before, after


def remove(model: ModelSpec, cache_dir: Path, *, forget: bool = False) -> None:
    """Remove the files of a model.

    Args:
        model: of the catalogue.
        cache_dir: the application's cache folder.
        forget: what its bytes were, too; always for a model that the user added.

    Raises:
        ModelStoreError: the folder can't be removed.

    """
    place = folder_of(model, cache_dir).parent
    own = own_folder() / f"{model.name}.json"
    try:
        if place.is_dir():
            shutil.rmtree(place)
        if forget or own.is_file():
            received.record_path(model).unlink(missing_ok=True)
        own.unlink(missing_ok=True)
    except OSError as error:
        raise ModelStoreError(f"Cannot remove {place}: {error.strerror}. Check its permissions.") from error
    if current() == model.name:
        choose(DEFAULT)
