"""Speed of the store with 50,000 entries, on SQLCipher: opening, listing, searching, writing.

Fills a new store in a temporary folder (or PostgreSQL by --url, into an empty database), then times single
calls as the terminal app makes them: each with its transaction, its access log and its seal.

    python benchmarks/store.py [--entries N] [--repeat N] [--url postgresql://…]
"""

import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, NamedTuple

import numpy as np
import typer
from common import RESULTS, commit, machine
from rich.console import Console
from rich.table import Table

from dictate import journal, session
from dictate.entry import Assertion, Coding, Entry, Kind, Note
from dictate.identity import Actor
from dictate.keys import FileSource, Keys, derive, new_master
from dictate.paths import write_atomic
from dictate.sealing import new_key, seal
from dictate.store import Location, Store, entries, open_store, rotation, texts
from dictate.store.codec import CITIZEN, CitizenBody, TextBody
from dictate.store.engine import connect_embedded
from dictate.store.listing import item
from dictate.store.names import cpr_token, tokens
from dictate.store.schema import CitizenRow, CitizenTokenRow, DictationRow

LIMITS = {
    "open": 300.0,
    "citizen by CPR": 20.0,
    "citizens by 3 letters": 20.0,
    "citizens by 1 letter": 20.0,
    "list a citizen's notes": 20.0,
    "open a note": 20.0,
    "append an entry": 15.0,
}
"""Milliseconds that the 95th percentile may take."""
PER_NOTE = 5
PER_CITIZEN = 5
_FIRST = ("Anna", "Bo", "Carl", "Dorte", "Erik", "Freja", "Gerda", "Hans", "Inger", "Jens", "Karen", "Lars")
_LAST = ("Jensen", "Nielsen", "Hansen", "Pedersen", "Andersen", "Larsen", "Sørensen", "Møller", "Åkjær")
_WORDS = (
    "borgeren",
    "sover",
    "uroligt",
    "spiser",
    "godt",
    "går",
    "med",
    "rollator",
    "fik",
    "hjælp",
    "til",
    "bad",
)
START = datetime(2026, 1, 1, tzinfo=UTC)
NURSE = Actor(user="nurse", name="Benchmark Nurse", role="Sygeplejerske")


class Timing(NamedTuple):
    """How long a call took; milliseconds."""

    wall: float
    cpu: float
    """Of this process: what is left when the machine and its disk have nothing else to do."""


def main(
    *,
    entry_count: Annotated[int, typer.Option("--entries", help="Entries in the store.")] = 50_000,
    repeat: Annotated[int, typer.Option(help="How often each call is timed.")] = 200,
    url: Annotated[str, typer.Option(help="PostgreSQL, in place of SQLCipher.")] = "",
    output: Annotated[Path | None, typer.Option("--output", "-o", help="The result as JSON.")] = None,
) -> None:
    """Fill a store and time it."""
    dice = random.Random(0)  # noqa: S311 - a made-up load
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        location = Location.postgresql(url, home) if url else Location.folder(home)
        source = FileSource(path=Path(folder) / "key")
        source.save(new_master())
        keys = derive(source.load())
        started = time.perf_counter()
        citizens, dictations = fill(location, keys, entry_count, dice)
        filled_s = time.perf_counter() - started
        times = measure(location, keys, (citizens, dictations), repeat=repeat, dice=dice)
        times["cold start: new process to an open store"] = [
            cold_start(source.path, home, url) for _ in range(5)
        ]
        once = measure_once(location, source)
        size = location.database.stat().st_size if not url else 0
    report(times, once)
    result = {
        "benchmark": "store",
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": machine(),
        "versions": {name: version(name) for name in ("sqlalchemy", "sqlcipher3", "psycopg", "cryptography")},
        "commit": commit(),
        "database": "PostgreSQL" if url else "SQLCipher",
        "load_average": os.getloadavg(),
        "entries": entry_count,
        "notes": len(dictations),
        "citizens": len(citizens),
        "bytes": size,
        "filled_s": round(filled_s, 1),
        "milliseconds": {name: summary(values) for name, values in times.items()},
        "once_s": {name: round(value, 3) for name, value in once.items()},
    }
    path = output or RESULTS / ("store_postgresql.json" if url else "store.json")
    path.parent.mkdir(parents=True, exist_ok=True)
    write_atomic(path, (json.dumps(result, indent=1, ensure_ascii=False) + "\n").encode())
    slow = [name for name, limit in LIMITS.items() if summary(times[name])["p95"] > limit]
    if slow:
        print(f"Over the limit: {', '.join(slow)}", file=sys.stderr)
        raise typer.Exit(1)


def fill(
    location: Location, keys: Keys, entry_count: int, dice: random.Random
) -> tuple[list[str], list[str]]:
    """Write citizens and notes as the store does, but many in one transaction; return their ids."""
    notes = entry_count // PER_NOTE
    citizens = [f"c{number}" for number in range(max(1, notes // PER_CITIZEN))]
    dictations = [f"d{number}" for number in range(notes)]
    with open_store(location, keys, NURSE) as store:
        database = store.dictations._database  # noqa: SLF001 - filling by single calls takes an hour
        item_keys = dict(
            zip(
                [*(f"citizen/{one}" for one in citizens), *map(item, dictations)],
                database.item_keys.create(
                    *(f"citizen/{one}" for one in citizens), *map(item, dictations), at=START
                ),
                strict=True,
            )
        )
        for start in range(0, len(citizens), 500):
            with database.write() as work:
                for number, citizen_id in enumerate(citizens[start : start + 500], start=start):
                    name = f"{dice.choice(_FIRST)} {dice.choice(_FIRST)} {dice.choice(_LAST)}"
                    body = CITIZEN.dump(CitizenBody(name=name, cpr=f"{number:010d}"))
                    work.session.add(
                        CitizenRow(
                            id=citizen_id,
                            cpr_token=cpr_token(f"{number:010d}", keys.index),
                            body=seal(item_keys[f"citizen/{citizen_id}"], body, f"citizen {citizen_id}"),
                            created=START,
                        )
                    )
                    work.session.flush()
                    work.session.add_all(
                        CitizenTokenRow(token=token, citizen_id=citizen_id)
                        for token in tokens(name, keys.index)
                    )
                    work.log("citizen.add", citizen_id=citizen_id)
        for start in range(0, notes, 500):
            with database.write() as work:
                for number, identifier in enumerate(dictations[start : start + 500], start=start):
                    citizen_id = citizens[number % len(citizens)]
                    begun = START + timedelta(minutes=number)
                    work.session.add(
                        DictationRow(
                            id=identifier,
                            citizen_id=citizen_id,
                            state="draft",
                            source="terminal",
                            author=NURSE.user,
                            started=begun,
                            signed_at=None,
                            unsure=0,
                            certainty=90.0,
                        )
                    )
                    work.session.flush()
                    key = item_keys[item(identifier)]
                    text = " ".join(dice.choices(_WORDS, k=40))
                    texts.add(work, identifier, key, texts.DRAFT, TextBody(text=text))
                    entries.save(work, identifier, key, tuple(make_entry(f"e{n}") for n in range(PER_NOTE)))
                    work.log("note.save", item(identifier), citizen_id=citizen_id)
    return citizens, dictations


def make_entry(identifier: str) -> Entry:
    """Return an entry of common size."""
    return Entry(
        id=identifier,
        kind=Kind.CONDITION,
        assertion=Assertion.PRESENT,
        coding=Coding(
            system="urn:oid:1.2.208.176.2.21", code="8d3f6a5e-0000-4000-8000-000000000000", display="Søvn"
        ),
        start=9,
        end=22,
        evidence="sover uroligt",
        score=91.5,
    )


def measure(
    location: Location,
    keys: Keys,
    ids: tuple[list[str], list[str]],
    *,
    repeat: int,
    dice: random.Random,
) -> dict[str, list[Timing]]:
    """Time single calls; milliseconds."""
    citizens, dictations = ids
    times: dict[str, list[Timing]] = {"open": []}
    opened: list[Store] = []
    for _ in range(min(repeat, 30)):
        times["open"].append(timed(lambda: opened.append(open_store(location, keys, NURSE))))
        opened.pop().close()
    count = iter(range(10**9))
    with open_store(location, keys, NURSE) as store:
        calls: dict[str, Callable[[], object]] = {
            "citizen by CPR": lambda: store.citizens.by_cpr(f"{dice.randrange(len(citizens)):010d}"),
            "citizens by 1 letter": lambda: store.citizens.search(dice.choice(_FIRST)[0]),
            "citizens by 3 letters": lambda: store.citizens.search(dice.choice(_LAST)[:3]),
            "citizens by two words": lambda: store.citizens.search(
                f"{dice.choice(_FIRST)[:3]} {dice.choice(_LAST)[:3]}"
            ),
            "list a citizen's notes": lambda: store.dictations.of(dice.choice(citizens)),
            "open a note": lambda: store.dictations.note(dice.choice(dictations)),
            "my newest 50 notes": store.dictations.mine,
            "unfinished (200 of them)": store.dictations.unfinished,
            "append an entry": lambda: store.dictations.add_entry(
                dice.choice(dictations), make_entry(f"x{next(count)}")
            ),
            "save a note of 5 entries": lambda: store.dictations.save_note(
                dice.choice(dictations), note(f"Ny tekst {next(count)}")
            ),
            "begin a dictation": lambda: store.dictations.begin(dice.choice(citizens), record=True),
            "sign a note of 5 entries": lambda: sign(store, dictations.pop(dice.randrange(len(dictations)))),
        }
        for name, call in calls.items():
            times[name] = [
                timed(call) for _ in range(repeat if "50" not in name and "200" not in name else 30)
            ]
    if location.server is None:
        times["for comparison: a bare commit"] = bare_commits(repeat)
    with (
        tempfile.TemporaryDirectory() as folder,
        journal.record(Path(folder), "benchmark", new_key()) as writer,
    ):
        block = np.zeros(int(16_000 * journal.FRAME_S), np.float32)
        times["journal: a frame of 0.25 s"] = [timed(lambda: writer.write(block)) for _ in range(repeat)]
    return times


def bare_commits(repeat: int) -> list[Timing]:
    """Time commits of one small row and nothing else: the disk's own share in every call."""
    with tempfile.TemporaryDirectory() as folder:
        connection = connect_embedded(Path(folder) / "bare.db", new_key())
        connection.execute("CREATE TABLE row (value TEXT)")
        times = [timed(lambda: connection.execute("INSERT INTO row VALUES ('x')")) for _ in range(repeat)]
        connection.close()
    return times


def note(text: str) -> Note:
    """Return a draft."""
    return Note(id="x", text=text, entries=tuple(make_entry(f"e{n}") for n in range(PER_NOTE)))


def sign(store: Store, identifier: str) -> None:
    """Sign a note and queue it for a target."""
    (signed,) = session.sign([note("Underskrevet")], by="N", role="R", at=datetime.now(UTC), accept_all=True)
    store.dictations.sign(identifier, signed, targets=["target"])


def timed(call: Callable[[], object]) -> Timing:
    """Time a call."""
    started, busy = time.perf_counter(), time.process_time()
    call()
    return Timing(wall=(time.perf_counter() - started) * 1e3, cpu=(time.process_time() - busy) * 1e3)


def cold_start(key: Path, home: Path, url: str) -> Timing:
    """Time from the start of a Python process to the first answer of the store."""
    code = (
        "import sys; from pathlib import Path\nfrom dictate.keys import FileSource, derive\n"
        "from dictate.identity import Actor\nfrom dictate.store import Location, open_store\n"
        "home, key, url = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]\n"
        "place = Location.postgresql(url, home) if url else Location.folder(home)\n"
        "keys = derive(FileSource(path=key).load())\n"
        "open_store(place, keys, Actor(user='a', name='A')).citizens.by_cpr('1')"
    )
    command = [sys.executable, "-c", code, str(home), str(key), url]
    return timed(lambda: subprocess.run(command, check=True))


def measure_once(location: Location, source: FileSource) -> dict[str, float]:
    """Time what goes through the whole store; seconds."""
    with open_store(location, derive(source.load()), NURSE) as store:
        started = time.perf_counter()
        verdict = store.log.verify()
        verified = time.perf_counter() - started
        assert verdict.ok, verdict.why
    started = time.perf_counter()
    rotation.rotate(location, source, NURSE)
    return {f"verify {verdict.count} events": verified, "change the key": time.perf_counter() - started}


def summary(values: list[Timing]) -> dict[str, float]:
    """Return median and 95th percentile, and the mean of the processor's share."""
    median, p95 = np.percentile([timing.wall for timing in values], [50, 95])
    cpu = np.mean([timing.cpu for timing in values])
    figures = {"median": float(median), "p95": float(p95), "cpu": float(cpu)}
    return {name: round(value, 2) for name, value in figures.items()} | {"n": len(values)}


def report(times: dict[str, list[Timing]], once: dict[str, float]) -> None:
    """Print the figures."""
    table = Table("call", "median ms", "p95 ms", "limit", "of it CPU")
    for name, values in times.items():
        figures = summary(values)
        limit = f"{LIMITS[name]:.0f}" if name in LIMITS else ""
        table.add_row(
            name, f"{figures['median']:.1f}", f"{figures['p95']:.1f}", limit, f"{figures['cpu']:.1f}"
        )
    for name, seconds in once.items():
        table.add_row(name, f"{seconds * 1e3:.0f}", "", "", "")
    Console().print(table)


if __name__ == "__main__":
    typer.run(main)
