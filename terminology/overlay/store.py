"""The overlay on disk: pages in folders by state, changed under a lock and only from what was seen.

Two people may work at the same time. A change is made to the file as it is at that moment, so that changes to
other wordings merge; a change to a wording that somebody else changed since it was read is refused. An editor
that knows no lock is noticed by comparing the file's content right before it is replaced.
"""

import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import reduce
from itertools import chain
from pathlib import Path

from terminology.concept import Concept
from terminology.errors import TerminologyError
from terminology.files import read_limited, read_text, write_atomic
from terminology.overlay.page import Page, file_name, head, insert, parse, remove
from terminology.overlay.wording import State, Wording
from terminology.vocabulary import AREAS

SETTINGS = "overlay.toml"
FORMAT = 1
LARGEST_PAGE = 8 * 1024 * 1024
LOCK = ".lock"
PATIENCE = 20.0
"""Seconds to wait for somebody else's change."""
_ATTEMPTS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How a site keeps its wordings."""

    two_person: bool = True
    """Whether a proposal is accepted or rejected by somebody else than who made it."""


class Store:
    """The folder of an overlay; it need not exist before the first wording."""

    def __init__(self, folder: Path) -> None:
        """Take the folder; nothing is read yet."""
        self.folder = folder

    # -- reading ------------------------------------------------------------------------------------------

    def settings(self) -> Settings:
        """Read the settings; the usual ones where there is no file.

        Raises:
            TerminologyError: the file is damaged or has another format.

        """
        path = self.folder / SETTINGS
        if not path.exists():
            return Settings()
        try:
            data = tomllib.loads(read_text(path, limit=LARGEST_PAGE))
        except tomllib.TOMLDecodeError as error:
            raise TerminologyError(f"{path} is damaged: {error}. Mend or remove it.") from error
        if data.get("format") != FORMAT:
            raise TerminologyError(
                f"{path} has format {data.get('format')}, this program reads {FORMAT}. "
                "Use the version of Plejediktat that wrote it."
            )
        two_person = data.get("two_person", True)
        if set(data) - {"format", "two_person"} or not isinstance(two_person, bool):
            raise TerminologyError(
                f"{path} holds something else than format and two_person = true or false. Mend it."
            )
        return Settings(two_person=two_person)

    def wordings(self, *states: State) -> tuple[Wording, ...]:
        """Read the wordings in these states (all, if none is named), in the order of files and lines.

        A move that was cut short leaves a wording in two folders; the older of the two is passed over.

        Raises:
            TerminologyError: a file is damaged; the message names file, line and reason.

        """
        pages = [page for _, page in self.pages(*State)]
        latest: dict[str, Wording] = {}
        for wording in chain.from_iterable(page.wordings for page in pages):
            known = latest.get(wording.id)
            if known is None or len(wording.events) > len(known.events):
                latest[wording.id] = wording
        return tuple(
            wording
            for page in pages
            for wording in page.wordings
            if latest[wording.id].source == wording.source and wording.state in (states or tuple(State))
        )

    def pages(self, *states: State) -> Iterator[tuple[str, Page]]:
        """Yield the place and content of every file in these states.

        Raises:
            TerminologyError: a file is damaged; the message names file, line and reason.

        """
        for state in states:
            top = self.folder / state
            if not top.is_dir():
                continue
            for area in sorted(path for path in top.iterdir() if not path.name.startswith(".")):
                if area.name not in AREAS:
                    raise TerminologyError(
                        f"{state}/{area.name} in {self.folder} is no area: {', '.join(AREAS)}. Move it away."
                    )
                for path in sorted(area.glob("[!.]*.txt")):
                    place = f"{state}/{area.name}/{path.name}"
                    text = read_text(path, limit=LARGEST_PAGE)
                    yield place, parse(text, place=place, area=area.name, state=state)

    def find(self, wanted: str) -> Wording:
        """Return the wording with this id, or with the only id that begins so.

        Raises:
            TerminologyError: there is none, or more than one.

        """
        found = [wording for wording in self.wordings() if wording.id.startswith(wanted.strip().lower())]
        if len(found) != 1 or not wanted.strip():
            what = "No wording has" if not found else f"{len(found)} wordings have an id that begins with"
            raise TerminologyError(
                f'{what} "{wanted}". "dictate-terms review" and "dictate-terms show CODE" list the ids.'
            )
        return found[0]

    # -- writing ------------------------------------------------------------------------------------------

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Keep other processes from changing the overlay.

        Raises:
            TerminologyError: somebody else holds it too long, or the folder can't be written.

        """
        import filelock  # noqa: PLC0415 - not needed for reading

        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with filelock.FileLock(self.folder / LOCK, timeout=PATIENCE):
                yield
        except filelock.Timeout as error:
            raise TerminologyError(
                f"Somebody else is changing {self.folder}. Try again in a moment."
            ) from error
        except OSError as error:
            raise TerminologyError(
                f"Cannot change {self.folder}: {error.strerror or error}. "
                "Choose another folder with --overlay."
            ) from error

    def write_settings(self, settings: Settings) -> None:
        """Write the settings file."""
        rule = "true" if settings.two_person else "false"
        text = (
            "# How this site keeps its own wordings.\n"
            f"format = {FORMAT}\n"
            "# Whether a proposal needs a second person to accept or reject it.\n"
            f"two_person = {rule}\n"
        )
        with self.locked():
            write_atomic(self.folder / SETTINGS, text.encode("utf-8"))

    def fresh(self, seen: Wording) -> Wording:
        """Return a wording as it is now; call it under the lock.

        Raises:
            TerminologyError: somebody changed it since it was read.

        """
        now = next((wording for wording in self.wordings() if wording.id == seen.id), None)
        if now is None or now.state is not seen.state or now.events != seen.events:
            what = (
                "is gone"
                if now is None or not now.events
                else f"was {now.events[-1].act} by {now.events[-1].by}"
            )
            raise TerminologyError(f'"{seen.text}" ({seen.id}) {what} meanwhile. Look at it again.')
        return now

    def put(self, concept: Concept, state: State, *wordings: Wording) -> None:
        """Write wordings of a concept into the folder of a state; call it under the lock."""

        def add(text: str) -> str:
            return reduce(insert, wordings, text or head(concept))

        self._swap(self.folder / state / concept.kind / file_name(concept), add)

    def move(self, wording: Wording, changed: Wording, concept: Concept) -> None:
        """Put `changed` into the place of `wording`; call it under the lock.

        It is written to the new file before it is taken from the old one: a wording may stand twice for a
        moment, but never nowhere.
        """
        place = wording.source.rpartition(":")[0]
        stays = changed.state is wording.state
        if not stays:
            self.put(concept, changed.state, changed)

        def cut(text: str) -> str:
            page = parse(text, place=place, area=wording.area, state=wording.state)
            here = next((other for other in page.wordings if other.id == wording.id), None)
            rest = remove(text, here) if here else text
            if stays:
                return insert(rest, changed)
            return rest if rest.splitlines() != head(concept).splitlines() else ""

        self._swap(self.folder / place, cut)

    def _swap(self, path: Path, edit: Callable[[str], str]) -> None:
        """Replace a file by its edited self, if it is still the one that was edited; else edit it anew.

        Where nothing is left of it the file goes.
        """
        for part in path.parent.glob(f".{path.name}.*.part"):
            part.unlink(missing_ok=True)  # of a program that was killed; the lock keeps living ones out
        for _ in range(_ATTEMPTS):
            seen = _content(path)
            text = read_text(path, limit=LARGEST_PAGE) if seen else ""
            changed = edit(text).encode("utf-8")
            if _content(path) != seen:
                continue
            if changed:
                write_atomic(path, changed)
            else:
                path.unlink()
            return
        raise TerminologyError(f"{path} is being changed by another program. Save it there and try again.")


def _content(path: Path) -> bytes:
    return read_limited(path, limit=LARGEST_PAGE) if path.exists() and path.stat().st_size else b""
