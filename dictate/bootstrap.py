"""Builds real parts; the only place where models and recognisers meet."""

from collections.abc import Callable

from dictate.paths import cache_dir
from dictate.terms import terms_or_none
from dictate.transcriber.whisper import WhisperTranscriber
from dictate.transcript import ModelName
from models.cache import ensure


def transcriber(
    name: str,
    *,
    workers: int = 0,
    prefer_terms: bool = True,
    progress: Callable[[int, int], None] | None = None,
) -> WhisperTranscriber:
    """Load a speech model of the catalogue, preparing it first where it isn't in the user's cache.

    Args:
        name: as `dictate-models list` shows it.
        workers: pieces of a recording decoded at the same time; 0 for the number of processors.
        prefer_terms: write words of the vocabulary where the recogniser is unsure, and spelling and sound
            speak for them (decision 3).
        progress: told in bytes, done and in all, while the model is prepared.

    Raises:
        ModelError: no such model, its parts are not installed or damaged, or the cache can't be written.
        TranscriptionError: the model can't be loaded.

    """
    files = ensure(name, cache_dir(), progress=progress)
    return WhisperTranscriber(
        files.folder,
        model=ModelName(name=name, revision=files.revision, compute_type=files.compute_type),
        floor_s=files.spec.min_window_s,
        workers=workers,
        terms=terms_or_none if prefer_terms else None,
    )
