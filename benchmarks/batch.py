"""Does `dictate batch` lose nothing, and how fast is it? Results hold figures only, no text.

    python benchmarks/batch.py kills SOURCES... [--recordings 500] [--kills 3] [--seed 1]
    python benchmarks/batch.py throughput SOURCES... [--recordings 60] [--rounds 2]
    python benchmarks/batch.py layouts SOURCES... [--recordings 40]
    python benchmarks/batch.py ray SOURCES... [--recordings 30]
    python benchmarks/batch.py nodes SOURCES... [--recordings 16]

SOURCES are recordings or folders with them; a mix is made of them (see batch_mix.py), and each run gets a
store of its own. Linux only.
"""

import json
import os
import random
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from batch_mix import gather, make
from batch_nodes import Cluster, descendants
from batch_process import Running, Usage, run
from common import RESULTS, write_result
from plots import lines

from dictate import opening
from dictate.config import KeyPlace, Settings
from dictate.paths import cache_dir, write_atomic
from models.cache import ensure

app = typer.Typer(add_completion=False, help=__doc__)
Sources = Annotated[list[Path], typer.Argument(help="Recordings, or folders with them.")]
Model = Annotated[str, typer.Option(help="A model of the catalogue.")]
Count = Annotated[int, typer.Option(help="Recordings of the mix.")]
Seed = Annotated[int, typer.Option(help="The same seed makes the same mix and the same kills.")]
Long = Annotated[float, typer.Option(help="Seconds of the long recordings.")]


PLAIN = [sys.executable, str(Path(__file__).with_name("batch_plain.py"))]


class World:
    """A store and an output folder of a run's own."""

    def __init__(self, folder: Path) -> None:
        """Make nothing yet; the first run does."""
        self.out, self._home, self._key = folder / "out", folder / "home", folder / "key"

    @property
    def environment(self) -> dict[str, str]:
        """What makes the command use it."""
        return {
            "PLEJEDIKTAT_HOME": str(self._home),
            "PLEJEDIKTAT_KEY_FILE": str(self._key),
            "PLEJEDIKTAT_KEY_PLACE": "file",
        }

    def results(self) -> dict[str, bytes]:
        """Return the files of results by name."""
        return {
            path.relative_to(self.out).as_posix(): path.read_bytes()
            for path in self.out.rglob("*")
            if path.is_file() and path.name != ".batch.lock"
        }

    def times(self) -> dict[str, int]:
        """Return when each file of a recording was written."""
        return {
            path.relative_to(self.out).as_posix(): path.stat().st_mtime_ns
            for path in self.out.rglob("*")
            if path.is_file() and path.name not in {".batch.lock", "report.csv"}
        }

    def kept(self) -> dict[str, object]:
        """Return what the store holds: drafts and the manifest, without what differs from run to run."""
        settings = Settings(home=self._home, key_file=self._key, key_place=KeyPlace.FILE)
        with opening.store(settings) as store:
            drafts = sorted(one.id for one in store.dictations.inbox(limit=1_000_000))
            notes = {one: _note(store.dictations.note(one)) for one in drafts}
            versions = {one: len(store.dictations.texts(one)) for one in drafts}
            states = {one.content_hash: (one.state.value, one.dictation_id) for one in store.batch.list()}
        return {"drafts": drafts, "notes": notes, "versions": versions, "states": states}


def _note(note: object) -> str:
    return json.dumps(asdict(note), default=str, sort_keys=True)  # type: ignore[call-overload]


def _command(inbox: Path, world: World, model: str, *more: str) -> list[str]:
    options = ["-o", str(world.out), "--model", model, "--json", *more]
    return [sys.executable, "-m", "dictate.cli", "batch", str(inbox), *options]


def _ended(usage: Usage) -> dict[str, str]:
    """Return what the last run said of each recording."""
    events = [json.loads(line) for line in usage.out.splitlines() if line.startswith("{")]
    return {event["file"]: event["result"] for event in events if event["event"] == "ended"}


def _mixed(
    sources: list[Path], folder: Path, count: int, *, long_s: float, seed: int
) -> tuple[Path, dict[str, int]]:
    inbox = folder / "inbox"
    return inbox, make(gather(sources), inbox, count, long_s=long_s, seed=seed)


@app.command()
def kills(
    sources: Sources,
    *,
    model: Model = "whisper-base",
    recordings: Count = 500,
    kills: Annotated[int, typer.Option(help="kill -9 so often.")] = 3,
    long_s: Long = 180.0,
    seed: Seed = 1,
    output: Annotated[Path | None, typer.Option(help="JSON file for the result.")] = None,
) -> None:
    """Kill the whole run, or its first process alone, at random moments; compare with an undisturbed run."""
    dice = random.Random(seed)  # noqa: S311 - repeatable
    with tempfile.TemporaryDirectory() as scratch:
        inbox, mix = _mixed(sources, Path(scratch), recordings, long_s=long_s, seed=seed)
        calm, rough = World(Path(scratch) / "calm"), World(Path(scratch) / "rough")
        undisturbed = run(_command(inbox, calm, model), calm.environment)
        print(f"Undisturbed: {undisturbed.wall_s} s, {undisturbed.peak_mib} MiB.", file=sys.stderr)
        made: list[dict[str, object]] = []
        again = 0
        while len(made) < kills:
            running = Running(_command(inbox, rough, model), rough.environment)
            end = time.monotonic() + dice.uniform(0.1, 0.3) * undisturbed.wall_s
            while running.runs and time.monotonic() < end:
                time.sleep(0.05)
            if not running.runs:
                running.end()
                break
            whole = bool(dice.randrange(2))
            running.kill(whole=whole)
            running.end()
            before = rough.times()
            made.append({"killed": "all processes" if whole else "the first", "files": len(before)})
            print(f"Killed {made[-1]['killed']} with {len(before)} files there.", file=sys.stderr)
        before = rough.times()
        last = run(_command(inbox, rough, model), rough.environment)
        after = rough.times()
        again = sum(before[name] != after.get(name) for name in before)
        one, other = calm.kept(), rough.kept()
        said, said_calm = _ended(last), _ended(undisturbed)
        names = {path.name for path in inbox.iterdir()}
        found = {
            "mix": mix,
            "undisturbed": _figures(undisturbed),
            "kills": made,
            "last_run": _figures(last),
            "unaccounted": len(names - said.keys()),
            "results": _counts(said_calm),
            "result_files": len(calm.results()),
            "files_missing": len(calm.results().keys() - rough.results().keys()),
            "files_extra": len(rough.results().keys() - calm.results().keys()),
            "files_different": sum(
                content != rough.results().get(name) for name, content in calm.results().items()
            ),
            "files_written_again_after_the_last_kill": again,
            "drafts": len(one["drafts"]),  # type: ignore[arg-type]
            "drafts_equal": one["drafts"] == other["drafts"],
            "notes_equal": one["notes"] == other["notes"],
            "text_versions_equal": one["versions"] == other["versions"],
            "manifest_equal": one["states"] == other["states"],
        }
    _done("batch-kills", output, model, found)


@app.command()
def throughput(
    sources: Sources,
    *,
    model: Model = "whisper-base",
    recordings: Count = 60,
    rounds: Annotated[int, typer.Option(help="Each engine so often, in turn.")] = 2,
    long_s: Long = 180.0,
    seed: Seed = 2,
    output: Annotated[Path | None, typer.Option(help="JSON file for the result.")] = None,
) -> None:
    """Compare with a loop over faster-whisper's batched pipeline: the same files, start and all."""
    with tempfile.TemporaryDirectory() as scratch:
        inbox, mix = _mixed(sources, Path(scratch), recordings, long_s=long_s, seed=seed)

        def once(name: str, turn: int) -> Usage:
            if name == "peer":
                return run([*PLAIN, "peer", model, str(inbox)], {})
            world = World(Path(scratch) / f"world{turn}")
            return run(_command(inbox, world, model), world.environment)

        taken = _in_turn(("dictate batch", "peer"), rounds, once)
        mine, theirs = taken["dictate batch"], taken["peer"]
        found = {
            "mix": mix,
            "seconds_of_sound": json.loads(theirs[0].out)["seconds"],
            "peer_said": json.loads(theirs[0].out),
            "we_said": _counts(_ended(mine[0])),
            "runs": {name: [_figures(usage) for usage in usages] for name, usages in taken.items()},
            "times_as_fast_wall": _ratio([one.wall_s for one in theirs], [one.wall_s for one in mine]),
            "times_as_fast_cpu": _ratio([one.cpu_s for one in theirs], [one.cpu_s for one in mine]),
        }
    _done("batch-throughput", output, model, found)


@app.command()
def layouts(
    sources: Sources,
    *,
    model: Model = "whisper-base",
    recordings: Count = 40,
    rounds: Annotated[int, typer.Option(help="Each layout so often, in turn.")] = 1,
    long_s: Long = 180.0,
    seed: Seed = 2,
    output: Annotated[Path | None, typer.Option(help="JSON file for the result.")] = None,
) -> None:
    """Compare processes and threads: two of one thread, one of two, one of one; without the store."""
    with tempfile.TemporaryDirectory() as scratch:
        inbox, mix = _mixed(sources, Path(scratch), recordings, long_s=long_s, seed=seed)
        taken = _in_turn(
            ("2x1", "1x2", "1x1"), rounds, lambda layout, _turn: run([*PLAIN, layout, model, str(inbox)], {})
        )
        runs = {layout: [_figures(usage) for usage in usages] for layout, usages in taken.items()}
    _done("batch-layouts", output, model, {"mix": mix, "workers_x_threads": runs})


@app.command()
def ray(
    sources: Sources,
    *,
    model: Model = "whisper-base",
    recordings: Count = 30,
    long_s: Long = 180.0,
    seed: Seed = 3,
    losses: Annotated[bool, typer.Option(help="Also kill an actor.")] = True,
    output: Annotated[Path | None, typer.Option(help="JSON file for the result.")] = None,
    plot: Annotated[Path | None, typer.Option(help="SVG file for speed against actors.")] = None,
) -> None:
    """Compare a Ray cluster with this machine: the same files of results, byte for byte."""
    with tempfile.TemporaryDirectory() as scratch:
        inbox, mix = _mixed(sources, Path(scratch), recordings, long_s=long_s, seed=seed)
        local = World(Path(scratch) / "local1")
        found: dict[str, object] = {"mix": mix}
        speeds: dict[str, list[tuple[float, float]]] = {"local": [], "ray": []}
        for runner, points in speeds.items():
            for workers in (1, 2):
                world = (
                    local
                    if (runner, workers) == ("local", 1)
                    else World(Path(scratch) / f"{runner}{workers}")
                )
                options = ("--runner", runner, "--workers", str(workers))
                usage = run(_command(inbox, world, model, *options), world.environment)
                points.append((float(workers), _sound(local) / usage.wall_s))
                found[f"{runner}, {workers}"] = _figures(usage) | _compared(local, world)
                print(f"{runner}, {workers}: {found[f'{runner}, {workers}']}", file=sys.stderr)
        found["seconds_of_sound"] = round(_sound(local), 1)
        if losses:
            found["ray, 2, an actor killed"] = _actor_lost(inbox, World(Path(scratch) / "lost"), local, model)
            print(f"actor killed: {found['ray, 2, an actor killed']}", file=sys.stderr)
    if plot:
        across, upward = "workers or actors", "sound per time (start counted)"
        write_atomic(plot, lines("Speed on one machine with two processors", across, upward, speeds).encode())
    _done("batch-ray", output, model, found)


@app.command()
def nodes(
    sources: Sources,
    *,
    model: Model = "whisper-base",
    recordings: Count = 16,
    long_s: Long = 60.0,
    seed: Seed = 4,
    output: Annotated[Path | None, typer.Option(help="JSON file for the result.")] = None,
) -> None:
    """Run on two Ray nodes; kill the worker node, then the driver; compare with this machine alone."""
    with tempfile.TemporaryDirectory() as scratch:
        inbox, mix = _mixed(sources, Path(scratch), recordings, long_s=long_s, seed=seed)
        local = World(Path(scratch) / "local")
        usage = run(_command(inbox, local, model), local.environment)
        found = {"mix": mix, "local": _figures(usage), **_nodes(inbox, Path(scratch) / "nodes", local, model)}
    _done("batch-nodes", output, model, found)


def _sound(world: World) -> float:
    """Seconds of sound in the results."""
    heard = [content for name, content in world.results().items() if name.endswith(".transcript.json")]
    return float(sum(json.loads(content)["duration"] for content in heard))


def _actor_lost(inbox: Path, world: World, local: World, model: str) -> dict[str, object]:
    """Kill an actor as soon as something was done; the run goes on and does its recording again."""
    options = ("--runner", "ray", "--workers", "2")
    running = Running(_command(inbox, world, model, *options), world.environment)
    files = _wait_for_files(running, world, 4)
    actors = [
        process
        for process in descendants(running.pid)
        if Path(f"/proc/{process}/cmdline").read_bytes().startswith(b"ray::_Actor")
    ]
    os.kill(actors[0], signal.SIGKILL)
    return {"files_when_it_was_killed": files, **_figures(running.end()), **_compared(local, world)}


def _nodes(inbox: Path, folder: Path, local: World, model: str) -> dict[str, object]:
    """Run on two nodes; one is killed as soon as it has done something, then the driver."""
    with Cluster() as cluster:
        world = World(folder)
        environment = {**world.environment, **cluster.environment}
        options = ("--runner", "ray", "--workers", "2", "--address", cluster.address)
        command = _command(inbox, world, model, *options)
        running = Running(command, environment)
        files = _wait_for_files(running, world, 4)
        assert cluster.worker is not None, "it was started"
        cluster.worker.kill()
        more = _wait_for_files(running, world, files + 4)
        running.kill(whole=True)
        running.end()
        last = run(command, environment)
        return {
            "files_when_the_node_was_killed": files,
            "files_when_the_driver_was_killed": more,
            "last_run": _figures(last),
            **_compared(local, world),
        }


def _wait_for_files(running: Running, world: World, count: int) -> int:
    """Wait until so many files of results are there, or the run ended."""
    while running.runs and len(world.times()) < count:
        time.sleep(0.1)
    return len(world.times())


def _compared(local: World, other: World) -> dict[str, int]:
    ours, theirs = local.results(), other.results()
    return {
        "result_files": len(theirs),
        "files_missing": len(ours.keys() - theirs.keys()),
        "files_extra": len(theirs.keys() - ours.keys()),
        "files_different": sum(ours[name] != theirs[name] for name in ours.keys() & theirs.keys()),
    }


def _in_turn(names: Sequence[str], rounds: int, once: Callable[[str, int], Usage]) -> dict[str, list[Usage]]:
    """Run each of `names` once a round, every other round the other way about; tell each on stderr."""
    taken: dict[str, list[Usage]] = {name: [] for name in names}
    for turn in range(rounds):
        for name in sorted(taken, reverse=bool(turn % 2)):
            usage = once(name, turn)
            taken[name].append(usage)
            print(f"{name}: {usage.wall_s} s, CPU {usage.cpu_s} s, {usage.peak_mib} MiB", file=sys.stderr)
    return taken


def _ratio(theirs: list[float], mine: list[float]) -> dict[str, object]:
    pairs = [round(a / b, 2) for a, b in zip(theirs, mine, strict=True)]
    return {"all": round(sum(theirs) / sum(mine), 2), "pairs": pairs}


def _figures(usage: Usage) -> dict[str, object]:
    return {
        "exit": usage.code,
        "wall_s": usage.wall_s,
        "cpu_s": usage.cpu_s,
        "peak_mib": usage.peak_mib,
        "quarters_mib": usage.quarters_mib,
    }


def _counts(ended: dict[str, str]) -> dict[str, int]:
    return {result: list(ended.values()).count(result) for result in sorted(set(ended.values()))}


def _done(name: str, output: Path | None, model: str, found: dict[str, object]) -> None:
    target = write_result(name, output, ensure(model, cache_dir()), found)
    print(json.dumps(found, indent=1))
    print(f"Wrote {target.name} in {target.parent.name if output else RESULTS.name}", file=sys.stderr)


if __name__ == "__main__":
    app()
