"""The real parts behind the screens; each is imported in the thread that makes it, after the first frame."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from tui.desk import Factories
from tui.preferences import Preferences

if TYPE_CHECKING:
    from dictate.capture import AudioSource
    from dictate.draft import Drafter
    from dictate.notebook import Notebook
    from dictate.transcriber.base import Transcriber


def real() -> Factories:
    """Return what makes the real parts."""
    return Factories(
        source=_source, transcriber=_transcriber, drafter=_drafter, notebook=_notebook, limit=_limit
    )


def _source(device: str) -> "AudioSource":
    from dictate.capture import PortAudioSource  # noqa: PLC0415

    return PortAudioSource(device)


def _transcriber(model: str) -> "Transcriber":
    from dictate import bootstrap  # noqa: PLC0415

    return bootstrap.transcriber(model)


def _drafter() -> "Drafter":
    from dictate.draft import Drafter  # noqa: PLC0415

    return Drafter.load()


def _notebook(preferences: Preferences, ask: Callable[[], str]) -> "Notebook":
    from dataclasses import replace  # noqa: PLC0415

    from dictate import opening  # noqa: PLC0415
    from dictate.config import load_settings  # noqa: PLC0415
    from dictate.storebook import StoreNotebook  # noqa: PLC0415

    settings = load_settings()
    who = opening.actor(settings)
    who = replace(who, name=preferences.name or who.name, role=preferences.role or who.role)
    return StoreNotebook(opening.store(settings, who=who, program="dictate-tui", ask=ask))


def _limit(model: str) -> str:
    from models.registry import spec  # noqa: PLC0415

    return spec(model).limit


def samples_folder() -> Path:
    """Return where sample dictations lie, if the program runs from its own folder."""
    return Path("samples")
