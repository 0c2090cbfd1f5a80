"""The cache makes a model whole or not at all, and gives out nothing it didn't verify."""

import errno
import json
import os
import shutil
import sys
from pathlib import Path

import pytest

from models import cache
from models.cache import MANIFEST, ensure, folder_of
from models.errors import ModelDamagedError, ModelMissingError, ModelStoreError, UnknownModelError
from models.registry import ModelSpec, Source, catalogue


def leftovers(model: ModelSpec, cache_dir: Path) -> list[str]:
    """Names in the model's cache folder, without the lock."""
    parent = folder_of(model, cache_dir).parent
    return (
        sorted(entry.name for entry in parent.iterdir() if entry.name != ".lock") if parent.is_dir() else []
    )


def test_makes_a_verified_model_once(tiny: ModelSpec, cache_dir: Path) -> None:
    """The first call joins and re-quantises; the second gives the same folder untouched, without progress."""
    steps: list[tuple[int, int]] = []
    files = ensure("tiny", cache_dir, progress=lambda done, total: steps.append((done, total)))
    total = sum(file.size for file in tiny.files)
    assert steps == sorted(steps)
    assert steps[-1] == (total, total)
    assert files.folder == cache_dir / "models" / "tiny" / f"{tiny.revision}-int8"
    assert files.compute_type == "int8"
    assert sum(file.stat().st_size for file in files.folder.iterdir() if file.name != MANIFEST) == tiny.size
    assert leftovers(tiny, cache_dir) == [files.folder.name]
    before = (files.folder / "model.bin").stat().st_mtime_ns
    assert ensure("tiny", cache_dir, progress=lambda *_: pytest.fail("made again")) == files
    assert (files.folder / "model.bin").stat().st_mtime_ns == before


def test_packages_are_not_imported(tiny: ModelSpec, cache_dir: Path) -> None:
    """The packages hold data; their code never runs."""
    ensure(tiny.name, cache_dir)
    assert not {"tiny_part1", "tiny_part2"} & set(sys.modules)


def test_manifest_tells_what_lies_there(tiny: ModelSpec, cache_dir: Path) -> None:
    """The manifest names the model, its revision, and the hash of every other file in the folder."""
    folder = ensure("tiny", cache_dir).folder
    manifest = json.loads((folder / MANIFEST).read_text())
    assert (manifest["name"], manifest["revision"]) == ("tiny", tiny.revision)
    assert {path: entry["sha256"] for path, entry in manifest["files"].items()} == {
        file.path: file.cached.sha256 for file in tiny.files
    }
    assert {file.name for file in folder.iterdir()} == {*manifest["files"], MANIFEST}


@pytest.mark.parametrize("part", ["tiny_part1/data/model.bin.part1", "tiny_part2/data/model.bin.part2"])
def test_tampered_part_is_refused(tiny: ModelSpec, site: Path, cache_dir: Path, part: str) -> None:
    """One flipped bit: refused with file, expected and found hash, and nothing is kept."""
    file = site / part
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)
    with pytest.raises(
        ModelDamagedError, match=r"expected SHA-256 [0-9a-f]{64}, found [0-9a-f]{64}\."
    ) as caught:
        ensure("tiny", cache_dir)
    assert str(file) in str(caught.value)
    assert leftovers(tiny, cache_dir) == []


def test_part_changed_after_its_check_is_refused(
    tiny: ModelSpec, site: Path, cache_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What counts is the joined stream that was read, not the check before."""
    monkeypatch.setattr(cache, "check_parts", lambda _: ())
    file = site / "tiny_part1/data/model.bin.part1"
    content = bytearray(file.read_bytes())
    content[-1] ^= 1
    file.write_bytes(content)
    with pytest.raises(ModelDamagedError, match="found"):
        ensure("tiny", cache_dir)
    assert leftovers(tiny, cache_dir) == []


@pytest.mark.parametrize("name", ["model.bin", "config.json"])
def test_damaged_cache_is_refused(tiny: ModelSpec, cache_dir: Path, name: str) -> None:
    """A cached file that changed or vanished is refused at the next use, with what to do."""
    folder = ensure(tiny.name, cache_dir).folder
    with (folder / name).open("r+b") as file:
        file.write(b"\xff")
    with pytest.raises(ModelDamagedError, match=f"{name} is not .*Delete the folder {folder}"):
        ensure("tiny", cache_dir)
    (folder / name).unlink()
    with pytest.raises(ModelDamagedError, match="found no such file"):
        ensure("tiny", cache_dir)
    shutil.rmtree(folder)
    assert ensure("tiny", cache_dir).folder == folder


def test_missing_package_names_the_extra(tiny: ModelSpec, site: Path, cache_dir: Path) -> None:
    """Without one of the packages the message holds the exact command, and no folder appears."""
    shutil.rmtree(site / "tiny_part2")
    with pytest.raises(ModelMissingError, match=r"pip install 'plejediktat\[embedded-model\]'"):
        ensure(tiny.name, cache_dir)
    assert not cache_dir.exists()


def test_cached_model_needs_no_packages(tiny: ModelSpec, site: Path, cache_dir: Path) -> None:
    """Once made, the model is used without its parts."""
    files = ensure(tiny.name, cache_dir)
    shutil.rmtree(site)
    assert ensure("tiny", cache_dir) == files


def test_unfetchable_model_says_so(cache_dir: Path) -> None:
    """A model that is only known is refused with the reason."""
    hub = next(model for model in catalogue() if model.source is Source.HUB)
    with pytest.raises(ModelMissingError, match="dictate-models pull"):
        ensure(hub.name, cache_dir)


def test_unknown_model(tiny: ModelSpec, cache_dir: Path) -> None:
    """A name outside the catalogue is refused."""
    with pytest.raises(UnknownModelError, match=f"Did you mean {tiny.name}"):
        ensure("tinny", cache_dir)


def test_cache_folder_that_cannot_be_made(tiny: ModelSpec, tmp_path: Path) -> None:
    """A file where the cache folder should be: one sentence with the folder and the reason."""
    (tmp_path / "file").touch()
    with pytest.raises(ModelStoreError, match=r"Cannot put the model tiny into .*file.*: .+choose another"):
        ensure(tiny.name, tmp_path / "file")
    with pytest.raises(ModelStoreError, match="Not a directory"):
        ensure(tiny.name, tmp_path / "file" / "below")


def test_full_disk_leaves_nothing(tiny: ModelSpec, cache_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk that fills up at any of the syncs leaves no file behind, and the next call succeeds."""
    real = os.fsync
    left = 0

    def fsync(handle: int) -> None:
        nonlocal left
        left -= 1
        if left == 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        real(handle)

    monkeypatch.setattr(os, "fsync", fsync)
    for left in (1, 2, 3, 4):  # noqa: B007 - read by fsync
        with pytest.raises(ModelStoreError, match=r"No space left on device.*make room"):
            ensure("tiny", cache_dir)
        assert leftovers(tiny, cache_dir) == []
    assert ensure("tiny", cache_dir).folder.is_dir()


def test_interruption_leaves_nothing(tiny: ModelSpec, cache_dir: Path) -> None:
    """Ctrl-C in the middle of the work is passed on and leaves no file behind."""

    def interrupt(done: int, total: int) -> None:
        assert done <= total
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        ensure("tiny", cache_dir, progress=interrupt)
    assert leftovers(tiny, cache_dir) == []


def test_remains_of_a_killed_process_are_cleaned(tiny: ModelSpec, cache_dir: Path) -> None:
    """A partial folder is never taken for the model, and is gone after the next making."""
    folder = folder_of(tiny, cache_dir)
    partial = folder.with_name(f".{folder.name}.partial")
    partial.mkdir(parents=True)
    (partial / "model.bin").write_bytes(b"half a model")
    assert ensure("tiny", cache_dir).folder == folder
    assert leftovers(tiny, cache_dir) == [folder.name]


def test_cache_folder_that_cannot_be_looked_into(tiny: ModelSpec, tmp_path: Path) -> None:
    """A path the system refuses even to look at is a clear error too."""
    with pytest.raises(ModelStoreError, match="File name too long"):
        ensure(tiny.name, tmp_path / ("x" * 300))
