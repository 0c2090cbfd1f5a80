"""Single changed bytes and cut-off ends: each must be noticed, or do no harm.

Files: the journal of a recording, database and key file of the store, the seal of its access log, both backups.
"""

import random
import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from reliability_world import NURSE, Known, World, back_up, begin, read

from dictate import backup, journal
from dictate.errors import DictateError
from dictate.keys import derive

SILENT, DETECTED, HARMLESS, RAISED = "silently wrong", "detected", "harmless", "unexpected error"


def damage(count: int, folder: Path, dice: random.Random) -> dict[str, object]:
    """Damage so many times; return what came of it."""
    known = begin(folder / "template")
    with known.world.opened() as store:
        recording = (store.recordings_dir, store.recordings.key(known.recording))
        whole = journal.replay(journal.path_of(recording[0], known.recording), recording[1])
    back_up(known.world, lambda *_: None)
    with known.world.opened() as store:
        events = store.log.verify().count

    def look_at_journal(world: World) -> str:
        path = journal.path_of(world.location.recordings, known.recording)
        replay = journal.replay(path, recording[1])
        if replay.complete:
            same = replay.clip.samples.tobytes() == whole.clip.samples.tobytes()
            return HARMLESS if same else SILENT
        kept = replay.clip.samples
        # What is said to be missing may be missing; all else must be as it was.
        true = whole.clip.samples[: len(kept)].copy()
        for start, end in replay.missing:
            true[round(start * 16_000) : round(end * 16_000)] = 0
        return DETECTED if kept.tobytes() == true.tobytes() and replay.lost_note else SILENT

    def look_at_store(world: World) -> str:
        with world.opened() as store:
            if store.log.alarm:
                return DETECTED
            verdict = store.log.verify()
            if not verdict.ok:
                return DETECTED
            same = read(store, known.citizen, known.signed) == known.contents and verdict.count == events
            return HARMLESS if same else SILENT

    def look_at_backup(world: World) -> str:
        keys = derive(world.source.load())
        (item_keys,) = world.backups.glob("*.keys")
        checked = backup.check(world.backups, world.location, keys, NURSE, item_keys=item_keys)
        return HARMLESS if checked.events <= events else SILENT

    targets: dict[str, tuple[int, Callable[[World], str]]] = {
        f"home/recordings/{known.recording}.journal": (40, look_at_journal),
        "home/store.db": (25, look_at_store),
        "home/itemkeys": (10, look_at_store),
        "home/audit.seal": (15, look_at_store),
        **{f"backups/{path.name}": (5, look_at_backup) for path in sorted(known.world.backups.iterdir())},
    }
    found: dict[str, Counter[str]] = {}
    first_wrong: list[str] = []
    world = known.world.copy_to(folder / "world")
    for name in dice.choices(list(targets), [weight for weight, _ in targets.values()], k=count):
        path = world.folder / name
        how = _damage(path, dice)
        try:
            result = targets[name][1](world)
        except DictateError:
            result = DETECTED
        except Exception as error:  # noqa: BLE001 - counted, and named below
            result = f"{RAISED} ({type(error).__name__})"
        kind = path.suffix or path.name
        found.setdefault(kind, Counter())[result] += 1
        if result not in {DETECTED, HARMLESS}:
            first_wrong.append(f"{kind}: {how}: {result}")
        _mend(known, world, name)
    totals = sum(found.values(), Counter())
    return {
        "damages": sum(totals.values()),
        "broken": sum(many for result, many in totals.items() if result not in {DETECTED, HARMLESS}),
        "detected": totals[DETECTED],
        "harmless": totals[HARMLESS],
        "by file": {kind: dict(counts) for kind, counts in sorted(found.items())},
        "how": first_wrong[:20],
    }


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
