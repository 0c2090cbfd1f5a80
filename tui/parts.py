"""The real parts behind the screens; each is imported in the thread that makes it, after the first frame."""

import gc
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from tui.desk import Factories
from tui.i18n import t
from tui.preferences import Preferences

if TYPE_CHECKING:
    from dictate.capture import AudioSource
    from dictate.draft import Drafter
    from dictate.notebook import Destination, Notebook
    from dictate.opening import Door
    from dictate.store import Store
    from dictate.transcriber.base import Transcriber

TARGETS = "targets.toml"
"""As `dictate.delivery.site.FILE`, which is slow to import."""


def real() -> Factories:
    """Return what makes the real parts."""
    return Factories(
        source=_source,
        transcriber=_transcriber,
        drafter=_drafter,
        notebook=_notebook,
        limit=_limit,
        settled=_settled,
    )


def quieten() -> None:
    """Collect no garbage while the parts are made: each collection would hold up the screen for 0.1 s."""
    gc.disable()


def _settled() -> None:
    """Collect garbage again, but never look through the vocabulary for it."""
    gc.freeze()
    gc.enable()


def _source(device: str) -> "AudioSource":
    from dictate.capture import PortAudioSource  # noqa: PLC0415

    return PortAudioSource(device)


def _transcriber(model: str) -> "Transcriber":
    from dictate import bootstrap  # noqa: PLC0415

    return bootstrap.transcriber(model)


def _drafter() -> "Drafter":
    from dictate.draft import Drafter  # noqa: PLC0415

    return Drafter.load()


def _notebook(preferences: Preferences, ask: Callable[[str], str]) -> "Notebook":
    from dataclasses import replace  # noqa: PLC0415

    from dictate import opening  # noqa: PLC0415
    from dictate.config import load_settings  # noqa: PLC0415
    from dictate.storebook import StoreNotebook  # noqa: PLC0415

    settings = load_settings()
    destinations = _destinations()
    who = opening.actor(settings)
    who = replace(who, name=preferences.name or who.name, role=preferences.role or who.role)
    door = opening.Door(settings=settings, who=who, program="dictate-tui")
    return StoreNotebook(_opened(door, ask), destinations=destinations, door=door)


def _opened(door: "Door", ask: Callable[[str], str]) -> "Store":
    """Open the store; a passphrase that doesn't open it is asked for again, a new one twice."""
    from dictate.errors import WrongPassphraseError  # noqa: PLC0415
    from dictate.keys import SHORTEST_PASSPHRASE  # noqa: PLC0415

    if not door.asks:
        return door.open()
    why = ""
    while door.is_new:
        first = ask(
            why or t("Choose a passphrase of at least {count} characters.", count=SHORTEST_PASSPHRASE)
        )
        if len(first) < SHORTEST_PASSPHRASE:
            why = t("Too short: at least {count} characters.", count=SHORTEST_PASSPHRASE)
        elif ask(t("The same again. Without it nobody can read your notes.")) == first:
            return door.open(first)
        else:
            why = t("The two differ. Choose a passphrase once more.")
    while True:
        try:
            return door.open(ask(why))
        except WrongPassphraseError:
            why = t("That was not it. Type it again.")


def _destinations() -> "tuple[Destination, ...]":
    """Read where signed notes go; the libraries for it are imported only where something is named."""
    from dictate.paths import config_dir  # noqa: PLC0415

    place = config_dir() / TARGETS
    if not place.exists():
        return ()
    from dictate.delivery.site import read_site  # noqa: PLC0415
    from dictate.export.files import NEED_LETTER  # noqa: PLC0415
    from dictate.notebook import Destination  # noqa: PLC0415

    shapes = read_site(place).shapes
    return tuple(Destination(name=name, never_acute=one.form in NEED_LETTER) for name, one in shapes.items())


def _limit(model: str) -> str:
    from models.registry import spec  # noqa: PLC0415

    return spec(model).limit


def samples_folder() -> Path:
    """Return where sample dictations lie, if the program runs from its own folder."""
    return Path("samples")
