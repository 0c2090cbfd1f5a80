"""kill -9 at random moments of every deed."""

import os
import random
import shutil
import signal
import sys
import time
from collections import Counter
from pathlib import Path

from reliability_world import DEEDS, BrokenError, Deed, Known, Said, World, begin, check

from dictate.errors import DictateError

ANEW = 25
"""Kills in one store, before a new one is taken."""


def kills(count: int, folder: Path, dice: random.Random) -> dict[str, object]:
    """Kill so many times, taking the deeds in turn; return what came of it."""
    names = list(DEEDS)
    deadly: Counter[str] = Counter()
    broken: list[str] = []
    lost = 0.0
    for round_ in range(0, count, ANEW * len(names)):
        for name in names:
            share = min(ANEW, -(-(count - round_) // len(names)))
            share = min(share, count - sum(deadly.values()))
            known = begin(folder / "template", old=name == "migrating")
            world = known.world.copy_to(folder / "world")
            longest = _duration(DEEDS[name], known, folder)
            for _ in range(share):
                if name == "migrating":
                    world = known.world.copy_to(folder / "world")
                deadly[name] += 1
                try:
                    said = _kill(DEEDS[name], world, dice.uniform(0.0, longest))
                    lost = max(lost, check(known, world, said))
                except (BrokenError, DictateError) as error:
                    broken.append(f"{name}: {error}")
                    world = known.world.copy_to(folder / "world")
            shutil.rmtree(folder / "template")
    return {
        "kills": sum(deadly.values()),
        "of them": dict(deadly),
        "broken": len(broken),
        "how": sorted(set(broken))[:20],
        "most sound lost s": round(lost, 3),
    }


def _duration(deed: Deed, known: Known, folder: Path) -> float:
    """Return how long the deed takes, a little more than that."""
    world = known.world.copy_to(folder / "trial")
    started = time.monotonic()
    deed(world, lambda *_: None)
    shutil.rmtree(world.folder)
    return 1.2 * (time.monotonic() - started) + 0.02


def _kill(deed: Deed, world: World, after_s: float) -> Said:
    """Run a deed again and again in a process of its own, and kill that; return what it said."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        _run(deed, world, writing)
    os.close(writing)
    try:
        time.sleep(after_s)
        os.kill(child, signal.SIGKILL)
        with os.fdopen(reading, "rb") as pipe:
            words = pipe.read()
    finally:
        _, status = os.waitpid(child, 0)
    if not os.WIFSIGNALED(status):
        raise BrokenError("a deed ended by itself: it failed")
    whole = words[: words.rfind(b"\n") + 1]
    return [line.split() for line in whole.decode().splitlines()]


def _run(deed: Deed, world: World, writing: int) -> None:
    def say(*words: object) -> None:
        os.write(writing, (" ".join(map(str, words)) + "\n").encode())

    try:
        while True:
            deed(world, say)
    except BaseException as error:  # noqa: BLE001 - the parent hears of it
        print(f"{type(error).__name__}: {error}", file=sys.stderr)
        os._exit(1)
