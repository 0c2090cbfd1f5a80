"""The real embedded model and speech of our own."""

from pathlib import Path

import pytest

from dictate.audio import AudioClip, read_audio
from dictate.transcriber.whisper import WhisperTranscriber
from dictate.transcript import ModelName
from models.cache import ModelFiles, ensure
from models.embedded import is_installed
from models.registry import spec

SAMPLES = Path(__file__).parents[3] / "samples"


@pytest.fixture(scope="session")
def base_files(tmp_path_factory: pytest.TempPathFactory) -> ModelFiles:
    """whisper-base, made in an empty cache."""
    if not is_installed(spec("whisper-base")):
        pytest.skip("the extra embedded-model is not installed")
    return ensure("whisper-base", tmp_path_factory.mktemp("cache"))


def load(files: ModelFiles, *, workers: int) -> WhisperTranscriber:
    """Build a recogniser as `dictate.bootstrap` does."""
    name = ModelName(name="whisper-base", revision=files.spec.revision, compute_type=files.compute_type)
    return WhisperTranscriber(files.folder, model=name, floor_s=files.spec.min_window_s, workers=workers)


@pytest.fixture(scope="session")
def base(base_files: ModelFiles) -> WhisperTranscriber:
    """The recogniser with two workers."""
    return load(base_files, workers=2)


@pytest.fixture(scope="session")
def base_alone(base_files: ModelFiles) -> WhisperTranscriber:
    """The recogniser with one worker."""
    return load(base_files, workers=1)


@pytest.fixture(scope="session")
def sample_path() -> Path:
    """The shortest sample dictation."""
    paths = sorted(SAMPLES.glob("*.flac"))
    if not paths:
        pytest.skip("there are no sample dictations")
    return paths[0]


@pytest.fixture(scope="session")
def sample(sample_path: Path) -> AudioClip:
    """The shortest sample dictation as sound."""
    return read_audio(sample_path)
