"""Models that the user adds: any Whisper model in a folder or on the hub, converted or as a checkpoint."""

import json
import re
from dataclasses import asdict, replace
from pathlib import Path

from models import received
from models.cache import ModelFiles, Progress
from models.errors import ModelError, ModelMissingError
from models.pull import Origin, pull
from models.registry import Format, ModelSpec, Source, catalogue, own_folder

_NAME = re.compile(r"[a-z0-9][a-z0-9.-]*")
_REPOSITORY = re.compile(r"[\w.-]+/[\w.-]+")
_LIMIT = (
    "Added on this machine; nobody measured it for this project. Measure it on your own recordings first."
)
_STANDARD_MELS = 80


def add(
    source: str,
    name: str,
    cache_dir: Path,
    origin: Origin,
    *,
    licence: str = "not stated",
    timestamps: bool = True,
    progress: Progress | None = None,
) -> ModelFiles:
    """Bring a model that the catalogue does not know, and remember it.

    Args:
        source: a folder, or owner/name on the hub.
        name: what to call it from now on.
        cache_dir: the application's cache folder.
        origin: the hub; its files are accepted as they come and pinned.
        licence: as its makers state it.
        timestamps: whether it was trained to write time stamps.
        progress: as for `pull`.

    Raises:
        ModelError: the name is taken or can't be used, or the source holds no Whisper model.

    """
    if not _NAME.fullmatch(name):
        raise ModelError(f"{name!r} can't be a name: use small letters, digits, hyphens and full stops.")
    if any(model.name == name for model in catalogue()):
        raise ModelError(
            f"There is a model named {name} already. Choose another name, or remove that one first."
        )
    folder = Path(source)
    local = folder.is_dir()
    if not local and not _REPOSITORY.fullmatch(source):
        raise ModelMissingError(f"{source} is neither a folder nor the name of a repository (owner/name).")
    there = tuple(path.name for path in folder.iterdir()) if local else origin.hub.listing(source, None).files
    model = ModelSpec(
        name=name,
        source=Source.LOCAL if local else Source.HUB,
        format=Format.CTRANSLATE2 if "model.bin" in there else Format.TRANSFORMERS,
        repository="local" if local else source,
        licence=licence,
        n_mels=_STANDARD_MELS,
        compute_types=("int8", "int8_float32", "float32"),
        min_window_s=30.0,
        limit=_LIMIT,
        timestamps=timestamps,
    )
    found = pull(
        model,
        cache_dir,
        replace(origin, folder=folder if local else None, accept_unpinned=True),
        progress=progress,
    )
    model = replace(model, n_mels=_mels(found.folder))
    received.write_json(own_folder() / f"{name}.json", asdict(model))
    return ModelFiles(spec=model, folder=found.folder)


def _mels(folder: Path) -> int:
    """Read the mel bands where they are stated; models of 80 need not state them."""
    path = folder / "preprocessor_config.json"
    if not path.is_file():
        return _STANDARD_MELS
    try:
        return int(json.loads(path.read_bytes()).get("feature_size", _STANDARD_MELS))
    except (ValueError, TypeError, AttributeError):
        return _STANDARD_MELS
