"""Single changed bytes and cut-off ends: each must be noticed, or do no harm.

Files: the journal of a recording, database and key file of the store, the seal of its access log, both
backups.
"""

import random
import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from reliability_world import NURSE, Known, World, back_up, begin, read

from dictate import backup, journal
from dictate.audio import SAMPLE_RATE
from dictate.errors import DictateError
from dictate.keys import derive

SILENT, DETECTED, HARMLESS = "silently wrong", "detected", "harmless"


class _Look:
    """Reads what was damaged, and tells what came of it."""

    def __init__(self, known: Known) -> None:
        self._known = known
        with known.world.opened() as store:
            self._key = store.recordings.key(known.recording)
            path = journal.path_of(store.recordings_dir, known.recording)
            self._whole = journal.replay(path, self._key).clip.samples
            self._events = store.log.verify().count

    def journal(self, world: World) -> str:
        path = journal.path_of(world.location.recordings, self._known.recording)
        replay = journal.replay(path, self._key)
        kept = replay.clip.samples
        if replay.complete:
            return HARMLESS if kept.tobytes() == self._whole.tobytes() else SILENT
        # What is said to be missing may be missing; all else must be as it was.
        true = self._whole[: len(kept)].copy()
        for start, end in replay.missing:
            true[round(start * SAMPLE_RATE) : round(end * SAMPLE_RATE)] = 0
        return DETECTED if kept.tobytes() == true.tobytes() and replay.lost_note else SILENT

    def store(self, world: World) -> str:
        known = self._known
        with world.opened() as store:
            verdict = store.log.verify()
            if store.log.alarm or not verdict.ok:
                return DETECTED
            same = read(store, known.citizen, known.signed) == known.contents
            return HARMLESS if same and verdict.count == self._events else SILENT

    def backup(self, world: World) -> str:
        keys = derive(world.source.load())
        (item_keys,) = world.backups.glob("*.keys")
        backup.check(world.backups, world.location, keys, NURSE, item_keys=item_keys)
        return SILENT  # every byte is authenticated: a damaged one must not be read


def damage(count: int, folder: Path, dice: random.Random) -> dict[str, object]:
    """Damage so many times; return what came of it."""
    known = begin(folder / "template")
    back_up(known.world, lambda *_: None)
    look = _Look(known)
    targets: dict[str, tuple[int, Callable[[World], str]]] = {
        f"home/recordings/{known.recording}.journal": (40, look.journal),
        "home/store.db": (25, look.store),
        "home/itemkeys": (10, look.store),
        "home/audit.seal": (15, look.store),
    }
    for path in sorted(known.world.backups.iterdir()):
        targets[f"backups/{path.name}"] = (5, look.backup)
    found: dict[str, Counter[str]] = {}
    wrong: list[str] = []
    world = known.world.copy_to(folder / "world")
    for name in dice.choices(list(targets), [weight for weight, _ in targets.values()], k=count):
        path = world.folder / name
        how = _damage(path, dice)
        result = _result(targets[name][1], world)
        kind = path.suffix or path.name
        found.setdefault(kind, Counter())[result] += 1
        if result not in {DETECTED, HARMLESS}:
            wrong.append(f"{kind}: {how}: {result}")
        _mend(known, world, name)
    totals = sum(found.values(), Counter())
    return {
        "damages": sum(totals.values()),
        "broken": len(wrong),
        "detected": totals[DETECTED],
        "harmless": totals[HARMLESS],
        "by file": {kind: dict(counts) for kind, counts in sorted(found.items())},
        "how": wrong[:20],
    }


def _result(look: Callable[[World], str], world: World) -> str:
    try:
        return look(world)
    except DictateError:
        return DETECTED
    except Exception as error:  # noqa: BLE001 - counted as broken, and named
        return f"unexpected {type(error).__name__}"


def _damage(path: Path, dice: random.Random) -> str:
    """Change one byte, or cut the end off; return what was done."""
    content = bytearray(path.read_bytes())
    at = dice.randrange(len(content))
    if dice.random() < 0.75:
        content[at] ^= dice.randint(1, 255)
        path.write_bytes(content)
        return f"byte {at}"
    path.write_bytes(content[:at])
    return f"cut at {at}"


def _mend(known: Known, world: World, name: str) -> None:
    """Put back what was there; opening a store changes more than the file that was damaged."""
    if not name.startswith("home/") or name.endswith(".journal"):
        shutil.copyfile(known.world.folder / name, world.folder / name)
        return
    for path in world.location.home.iterdir():
        if path.is_file():
            path.unlink()
    for path in known.world.location.home.iterdir():
        if path.is_file():
            shutil.copyfile(path, world.location.home / path.name)
            (world.location.home / path.name).chmod(0o600)
