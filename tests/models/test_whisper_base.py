"""The real embedded model: computes what the published one does, and survives what happens to processes."""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from models.cache import check_cached, ensure, folder_of
from models.embedded import is_installed, part_paths
from models.registry import spec

BASE = spec("whisper-base")
COMMAND = (sys.executable, "-m", "models.cli", "path", BASE.name, "--cache-dir")

pytestmark = [
    pytest.mark.model,
    pytest.mark.skipif(not is_installed(BASE), reason="the extra embedded-model is not installed"),
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The model, made in an empty cache."""
    return ensure(BASE.name, tmp_path_factory.mktemp("cache")).folder


@pytest.fixture(scope="module")
def published(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The model as published, joined from its parts."""
    copy = tmp_path_factory.mktemp("published") / "model"
    shutil.copytree(folder, copy)
    weights = next(file for file in BASE.files if file.path == "model.bin")
    parts = part_paths(weights)
    assert parts
    with (copy / "model.bin").open("wb") as joined:
        for part in parts:
            with part.open("rb") as content:
                shutil.copyfileobj(content, joined)
    return copy


def test_cached_model_computes_the_same_bits(folder: Path, published: Path) -> None:
    """Encoder output, tokens and scores equal those of the published float16 file loaded as int8."""
    import ctranslate2  # noqa: PLC0415 - costs half a second that other tests need not pay

    kind = BASE.compute_types[0]
    cached, original = (
        ctranslate2.models.Whisper(str(path), device="cpu", compute_type=kind, intra_threads=2)
        for path in (folder, published)
    )
    random = np.random.default_rng(7)
    noise = random.standard_normal((BASE.n_mels, 1000))
    tones = np.sin(np.outer(np.arange(1, BASE.n_mels + 1), np.linspace(0, 3, 1200)))
    prompt = [50258, 50285, 50359, 50363]  # start, Danish, transcribe, no time stamps
    for mels in (noise, tones):
        features = ctranslate2.StorageView.from_array(mels[np.newaxis].astype(np.float32))
        encoded = [model.encode(features) for model in (cached, original)]
        assert np.array_equal(*(np.array(output) for output in encoded))
        ours, theirs = (
            model.generate(output, [prompt], beam_size=5, max_length=24, return_scores=True)[0]
            for model, output in zip((cached, original), encoded, strict=True)
        )
        assert ours.sequences_ids == theirs.sequences_ids
        assert ours.scores == theirs.scores


def test_cache_is_half_the_published_size(folder: Path) -> None:
    """The cached weights take 75 MB where the published ones take 145."""
    assert (folder / "model.bin").stat().st_size == 75_104_236


@pytest.mark.slow
def test_two_processes_at_once(tmp_path: Path) -> None:
    """Both give the same whole model, and one of them did the work."""
    both = [subprocess.Popen([*COMMAND, tmp_path], stdout=subprocess.PIPE, text=True) for _ in range(2)]
    answers = {process.communicate(timeout=120)[0].strip() for process in both}
    assert [process.returncode for process in both] == [0, 0]
    assert answers == {str(folder_of(BASE, tmp_path))}
    assert all(outcome.ok for outcome in check_cached(BASE, folder_of(BASE, tmp_path)))


@pytest.mark.slow
def test_kill_leaves_nothing_or_a_whole_model(tmp_path: Path) -> None:
    """Killed at any moment of the making, what can be found is whole, and the next run tidies up."""
    folder = folder_of(BASE, tmp_path)
    partial = folder.with_name(f".{folder.name}.partial")
    killed_midway = 0
    for delay in (0.0, 0.2, 0.5):
        with subprocess.Popen([*COMMAND, tmp_path], stdout=subprocess.DEVNULL) as process:
            deadline = time.monotonic() + 60
            while not partial.exists() and process.poll() is None and time.monotonic() < deadline:
                time.sleep(0.002)
            time.sleep(delay)
            process.kill()
        killed_midway += partial.exists()
        if folder.exists():
            assert all(outcome.ok for outcome in check_cached(BASE, folder))
            shutil.rmtree(folder)
    assert killed_midway
    assert ensure(BASE.name, tmp_path).folder == folder
    assert {entry.name for entry in folder.parent.iterdir()} == {folder.name, ".lock"}


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="limits on file size are a matter of POSIX")
def test_disk_that_takes_no_more(tmp_path: Path) -> None:
    """A file that may not grow past 30 MB ends in one sentence and leaves nothing."""
    script = (
        "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (30_000_000, 30_000_000))\n"
        f"import sys; sys.argv = ['', 'path', {BASE.name!r}, '--cache-dir', {str(tmp_path)!r}]\n"
        "from models.cli import main; main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False, timeout=60
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(f"Error: Cannot put the model {BASE.name} into ")
    assert "File too large" in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert [entry.name for entry in folder_of(BASE, tmp_path).parent.iterdir()] == [".lock"]
