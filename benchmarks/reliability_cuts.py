"""Power cuts at random moments of every deed: unsynced writes are dropped, torn, or kept out of order."""

import random
import shutil
from collections import Counter
from pathlib import Path

from reliability_sqlite import watching_sqlite
from reliability_trace import Disk, Trace, watching_files
from reliability_world import DEEDS, BrokenError, World, begin, check

from dictate.errors import DictateError

PER_TRACE = 40
"""Cuts in one run of a deed."""
WITHOUT = frozenset({"exporting"})
"""An export can be made again from the store; its files are not synced."""


def cuts(count: int, folder: Path, dice: random.Random) -> dict[str, object]:
    """Cut so many times, taking the deeds in turn; return what came of it."""
    names = [name for name in DEEDS if name not in WITHOUT]
    done: Counter[str] = Counter()
    broken: list[str] = []
    lost, steps = 0.0, 0
    while sum(done.values()) < count:
        name = names[len(done) % len(names)] if len(done) < len(names) else min(names, key=done.__getitem__)
        share = min(PER_TRACE, max(1, -(-count // len(names))), count - sum(done.values()))
        known = begin(folder / "template", old=name == "migrating")
        trace = Trace(folder / "world")
        world = known.world.copy_to(folder / "world")
        disk = Disk(folder / "world")
        with watching_files(trace), watching_sqlite(trace):
            DEEDS[name](world, trace.say)
        steps += len(trace.steps)
        moments = sorted(dice.randint(0, len(trace.steps)) for _ in range(share))
        taken = 0
        for moment in moments:
            for step in trace.steps[taken:moment]:
                disk.take(step)
            taken = moment
            after = World(folder=folder / "after")
            shutil.rmtree(after.folder, ignore_errors=True)
            for path in (after.out, after.backups, after.location.recordings):
                path.mkdir(parents=True)
            disk.cut(after.folder, dice)
            said = [list(step.words) for step in trace.steps[:moment] if step.kind == "said"]
            done[name] += 1
            try:
                lost = max(lost, check(known, after, said))
            except (BrokenError, DictateError) as error:
                broken.append(f"{name}, step {moment}: {error}")
        shutil.rmtree(folder / "template")
    return {
        "cuts": sum(done.values()),
        "of them": dict(done),
        "broken": len(broken),
        "how": sorted(set(broken))[:20],
        "most sound lost s": round(lost, 3),
        "steps of the disk": steps,
    }
