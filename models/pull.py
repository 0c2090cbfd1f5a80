"""Bring a model into the cache from a hub, a mirror or a folder: checked, converted, whole or not at all."""

import os
import shutil
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from models import received
from models.cache import MANIFEST, ModelFiles, Progress, check_cached, folder_of, is_cached, prepare, sync
from models.errors import ModelDamagedError, ModelError, ModelMissingError, ModelStoreError
from models.hub import Hub
from models.received import Record
from models.registry import Format, ModelSpec, Pin, Source
from models.verify import require, sha256

_CTRANSLATE2 = ("config.json", "model.bin", "preprocessor_config.json", "tokenizer.json")
_CHECKPOINT = ("config.json", "generation_config.json", "preprocessor_config.json", "tokenizer.json")
_INDEX = "model.safetensors.index.json"
_WAIT_S = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where the files come from."""

    hub: Hub
    folder: Path | None = None
    """Take them from this folder instead."""
    accept_unpinned: bool = False
    """Take files whose hashes nobody looked up; they are pinned by what comes."""


def pull(
    model: ModelSpec, cache_dir: Path, origin: Origin, *, progress: Progress | None = None
) -> ModelFiles:
    """Give a verified model, fetching it first where the cache lacks it.

    Args:
        model: of the catalogue.
        cache_dir: the application's cache folder.
        origin: where to take it from.
        progress: told in bytes, done and in all, while something is fetched.

    Raises:
        ModelMissingError: it, its commit or a file of it isn't there.
        ModelDamagedError: a file is not the pinned one; it was thrown away.
        ModelStoreError: the hub can't be reached, or the cache does not take the files.
        ModelError: not pinned and not accepted, or no model of a known layout.

    """
    if model.source is Source.EMBEDDED:
        return prepare(model, cache_dir, progress=progress)
    folder = folder_of(model, cache_dir)
    if not is_cached(folder):
        known = received.read(model)
        if not (model.pinned or known or origin.accept_unpinned):
            raise ModelError(
                f"Nobody has looked up yet which bytes {model.name} must be, so a changed file would not be "
                "noticed this first time. Accept that with --accept-unpinned: what comes is then pinned."
            )
        with _locked(model, folder):
            if not is_cached(folder):
                _bring(model, folder, origin, known, progress)
    for outcome in check_cached(model, folder):
        require(outcome, remedy=f"Remove it with: dictate-models remove {model.name}; then pull it again.")
    return ModelFiles(spec=model, folder=folder)


def _bring(
    model: ModelSpec, folder: Path, origin: Origin, known: Record | None, progress: Progress | None
) -> None:
    """Fetch, check and convert; called under the lock."""
    incoming = folder.with_name(f".{folder.name}.download")
    partial = folder.with_name(f".{folder.name}.partial")
    try:
        shutil.rmtree(partial, ignore_errors=True)
        incoming.mkdir(parents=True, exist_ok=True)
        with _watched(incoming, model.size, progress):
            revision, names = _fetch(model, incoming, origin, known)
        pins = {name: _pin(incoming / name) for name in names}
        _compare(model, known, pins, incoming)
        partial.mkdir()
        if model.format is Format.TRANSFORMERS:
            # Brings in CTranslate2 and NumPy, which nothing else here needs.
            from models.checkpoint import convert  # noqa: PLC0415

            convert(incoming, partial)
        else:
            for name in names:
                (incoming / name).rename(partial / name)
        stored = {path.name: sha256(path) or "" for path in sorted(partial.iterdir())}
        record = Record(name=model.name, revision=revision, files=pins, stored=stored)
        received.write_json(
            partial / MANIFEST, {"repository": model.repository, "licence": model.licence} | stored
        )
        for path in partial.iterdir():
            _flush(path)
        sync(partial)
        received.write(model, record)
        partial.rename(folder)
        sync(folder.parent)
        shutil.rmtree(incoming, ignore_errors=True)
    except OSError as error:
        raise ModelStoreError(
            f"Cannot put the model {model.name} into {folder}: {error.strerror or error}. "
            f"It needs {model.size / 1e6:.0f} MB; make room there or choose another --cache-dir. What was "
            "fetched is kept: run the same command again to go on."
        ) from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def _fetch(
    model: ModelSpec, incoming: Path, origin: Origin, known: Record | None
) -> tuple[str | None, tuple[str, ...]]:
    """Bring every file of the model into a folder; return the commit and the names."""
    if origin.folder:
        names = _wanted(model, tuple(path.name for path in origin.folder.iterdir() if path.is_file()))
        for name in names:
            if not (origin.folder / name).is_file():
                raise ModelMissingError(f"{origin.folder} lacks {name} of the model {model.name}.")
            shutil.copyfile(origin.folder / name, incoming / name)
        return (known.revision if known else model.revision), names
    revision = model.revision or (known.revision if known else None)
    if model.files and revision:
        names = tuple(file.path for file in model.files)
    else:
        listing = origin.hub.listing(model.repository, revision)
        revision, names = listing.revision, _wanted(model, listing.files)
    for name in names:
        origin.hub.fetch(model.repository, revision, name, incoming)
    return revision, names


def _wanted(model: ModelSpec, there: tuple[str, ...]) -> tuple[str, ...]:
    """Choose the files that are needed from those that are there.

    Raises:
        ModelMissingError: what every model of this format has isn't there.

    """
    if model.files:
        return tuple(file.path for file in model.files)
    if model.format is Format.CTRANSLATE2:
        names = [name for name in there if name in _CTRANSLATE2 or name.startswith("vocabulary.")]
        needed = {"config.json", "model.bin", "tokenizer.json"}
    else:
        weights = [name for name in there if "/" not in name and name.endswith(".safetensors")]
        # Some repositories hold the same weights whole and in parts.
        if "model.safetensors" in weights:
            weights = ["model.safetensors"]
        elif _INDEX in there:
            weights.append(_INDEX)
        names = [name for name in there if name in _CHECKPOINT] + weights
        needed = {"config.json", "tokenizer.json", *weights[:1]} if weights else {"model.safetensors"}
    if missing := needed - set(names):
        raise ModelMissingError(
            f"The files of the model {model.name} lack {', '.join(sorted(missing))}. Choose another source."
        )
    return tuple(sorted(names))


def _compare(model: ModelSpec, known: Record | None, pins: Mapping[str, Pin], incoming: Path) -> None:
    """Refuse files that differ from the catalogue or from what was received before, and throw them away."""
    expected = {file.path: Pin(size=file.size, sha256=file.sha256) for file in model.files}
    if not expected and known:
        expected = known.files
    for name, pin in expected.items():
        found = pins.get(name)
        if found != pin:
            (incoming / name).unlink(missing_ok=True)
            shutil.rmtree(incoming / ".cache", ignore_errors=True)
            what = "what was received before" if not model.files else "the pinned one"
            raise ModelDamagedError(
                f"The file {name} of the model {model.name} is not {what}: expected SHA-256 {pin.sha256}, "
                f"found {found.sha256 if found else 'no such file'}. It was thrown away. "
                "Try again, and from another source if it happens twice."
            )


def _pin(path: Path) -> Pin:
    digest = sha256(path)
    if digest is None or not path.stat().st_size:
        raise ModelDamagedError(f"The file {path.name} came empty. Try again.")
    return Pin(size=path.stat().st_size, sha256=digest)


def _flush(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def _locked(model: ModelSpec, folder: Path) -> Iterator[None]:
    """Keep other processes from bringing the same model."""
    import filelock  # noqa: PLC0415 - costs 0.1 s and is needed here only

    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        lock = filelock.FileLock(folder.parent / ".lock", timeout=_WAIT_S)
        lock.acquire()
    except filelock.Timeout as error:
        raise ModelStoreError(
            f"Another process is fetching the model {model.name}. Wait for it, then try again."
        ) from error
    except OSError as error:
        raise ModelStoreError(
            f"Cannot use the cache folder {folder.parent}: {error.strerror}. Choose another --cache-dir."
        ) from error
    try:
        yield
    finally:
        lock.release()


@contextmanager
def _watched(folder: Path, total: int, progress: Progress | None) -> Iterator[None]:
    """Tell how much lies in a folder while it is filled."""
    if progress is None:
        yield
        return
    done = threading.Event()

    def watch() -> None:
        while not done.wait(0.2):
            size = 0
            for path in folder.rglob("*"):
                try:
                    size += path.stat().st_size if path.is_file() else 0
                except OSError:
                    continue  # renamed meanwhile
            progress(min(size, total), total)

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()
