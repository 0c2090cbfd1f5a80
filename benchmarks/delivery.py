"""Does each signed note arrive once, in order, whatever breaks? A soak with faults and kills.

Notes are signed into a real store; workers send them to a receiver on the loopback that misbehaves in a
share of its answers. Worker and receiver are killed (SIGKILL) at random moments and started again. At the end
every delivery must be in the receiver's ledger once or dead with its reason, and each citizen's notes in the
order of signing.

    python benchmarks/delivery.py [--notes 5000] [--faults 0.3] [--kill-every 2] [--seed 7]
"""

import json
import multiprocessing
import os
import random
import resource
import signal
import sqlite3
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Annotated

import typer

sys.path.insert(0, str(Path(__file__).parent))
from faulty_receiver import HOST, Ledger, free_port, make_certificates, serve

from dictate.delivery.backoff import Backoff
from dictate.delivery.https import HttpsTarget, Timeouts, Trust
from dictate.delivery.post import workers
from dictate.delivery.render import Shape
from dictate.delivery.site import Site
from dictate.delivery.worker import Pace
from dictate.entry import Assertion, Coding, Entry, Kind, Note, RecordStatus, Review, Signature
from dictate.export.profile import check
from dictate.identity import Actor
from dictate.keys import derive, new_master
from dictate.paths import write_atomic
from dictate.store import Location, Store, open_store
from dictate.store.types import OutboxState
from terminology.concept import FSIII

RESULTS = Path(__file__).parent / "results"
TARGET = "record"
LEASE_S = 4.0
"""Longer than an attempt may last."""
TIMEOUTS = Timeouts(connect=1.0, read=0.4, whole=2.0)
PACE = Pace(backoff=Backoff(first=0.02, longest=0.4), lease=LEASE_S, idle=0.02)
_LOOK_S = 5.0
"""Between two looks at what is left; each reads the whole outbox."""
_OPEN = (OutboxState.QUEUED, OutboxState.CLAIMED)
_FORK = multiprocessing.get_context("fork")
_TEXT = "Forbinding skiftet på venstre underben. Puls {pulse}."


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where everything of a run lies."""

    home: Path
    master: bytes
    port: int
    refused: frozenset[str] = frozenset()

    def store(self) -> Store:
        """Open the store."""
        actor = Actor(user="anne", name="Anne Prøve", role="Sygeplejerske")
        return open_store(Location.folder(self.home / "store"), derive(self.master), actor, program="soak")

    @property
    def ledger(self) -> Ledger:
        """What the receiver has."""
        return Ledger(path=self.home / "ledger.sqlite")


def main(
    *,
    notes: Annotated[int, typer.Option(help="Signed notes to send.")] = 5000,
    faults: Annotated[float, typer.Option(help="Share of the answers that are faults.")] = 0.3,
    kill_every: Annotated[float, typer.Option(help="Mean seconds between two kills.")] = 2.0,
    senders: Annotated[int, typer.Option(help="Workers that send to the same receiver at once.")] = 3,
    seed: Annotated[int, typer.Option(help="Chooses faults and kills.")] = 7,
    limit: Annotated[float, typer.Option(help="Give up after so many seconds.")] = 1800.0,
    save: Annotated[bool, typer.Option(help="Write the figures to benchmarks/results.")] = True,
) -> None:
    """Run the soak; the exit code is 0 where nothing is lost, doubled or out of order."""
    rng = random.Random(seed)  # noqa: S311 - kills, no secrets
    with tempfile.TemporaryDirectory(prefix="delivery-") as folder:
        place = Place(home=Path(folder), master=new_master(), port=free_port())
        make_certificates(place.home)
        began = time.monotonic()
        place = replace(place, refused=fill(place, notes, rng))
        filled = time.monotonic() - began
        place.ledger.connect().close()
        print(f"{notes} notes signed in {filled:.0f} s; sending.", file=sys.stderr)
        began = time.monotonic()
        kills = soak(place, faults=faults, kill_every=kill_every, senders=senders, rng=rng, limit=limit)
        result = verdict(place, notes) | {
            "notes": notes,
            "fault_share": faults,
            "kills": kills,
            "workers": senders,
            "seconds": round(time.monotonic() - began, 1),
            "seed": seed,
            "peak_mb": round(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024),
            "at": datetime.now(UTC).isoformat(timespec="seconds"),
            "cpus": os.cpu_count(),
        }
    shown = json.dumps(result, indent=1).encode() + b"\n"
    sys.stdout.write(shown.decode())
    if save:
        write_atomic(RESULTS / "delivery.json", shown)
    if any(result[name] for name in ("lost", "doubled", "out_of_order", "of_others", "open")):
        raise typer.Exit(1)


def fill(place: Place, notes: int, rng: random.Random) -> frozenset[str]:
    """Sign notes of several citizens into the store; return the deliveries that will be refused."""
    with place.store() as store:
        citizens = [
            store.citizens.add(name=f"Test {number} Testesen", cpr=f"010101{number:04d}")
            for number in range(max(2, notes // 40))
        ]
        for number in range(notes):
            dictation = store.dictations.begin(citizen_id=rng.choice(citizens).id)
            store.dictations.sign(dictation.id, note_of(dictation.id, number), targets=(TARGET,))
        queued = [delivery.id for delivery in store.outbox.list()]
    return frozenset(key for key in queued if rng.random() < 0.01)


def note_of(identifier: str, number: int) -> Note:
    """Return a signed note with a condition, an intervention and a measurement."""
    signature = Signature(by="Anne Prøve", role="Sygeplejerske", at=datetime.now(UTC).replace(microsecond=0))
    text = _TEXT.format(pulse=50 + number % 60)
    wound = Entry(
        id=f"{identifier}-1",
        kind=Kind.INTERVENTION,
        assertion=Assertion.COMPLETED,
        coding=Coding(system=FSIII, code="76878386-b3d2-4320-828a-a700e8a66234", display="Sårbehandling"),
        start=0,
        end=18,
        evidence=text[:18],
        review=Review.ACCEPTED,
        record_status=RecordStatus.FINAL,
        signed=signature,
    )
    start = text.index("Puls")
    pulse = replace(
        wound,
        id=f"{identifier}-2",
        kind=Kind.OBSERVATION,
        assertion=Assertion.MEASURED,
        coding=Coding(system="urn:oid:1.2.208.176.2.1", code="NPU21692", display=""),
        start=start,
        end=len(text) - 1,
        evidence=text[start:-1],
        value=50 + number % 60,
        unit="/min",
    )
    return Note(id=identifier, text=text, entries=(wound, pulse), signed=signature)


def work(place: Place) -> None:
    """Send until killed, or until nothing is left."""
    trust = Trust(
        ca=place.home / "ca.pem", certificate=place.home / "client.pem", key=place.home / "client.key"
    )
    target = HttpsTarget(name=TARGET, url=f"https://{HOST}:{place.port}/fhir", trust=trust, timeouts=TIMEOUTS)
    shape = Shape(sor="330411000016001", transaction=True)
    with place.store() as store:
        site = Site(targets={TARGET: target}, shapes={TARGET: shape})
        workers(store, site, pace=PACE)[TARGET].run(threading.Event())


def receive(place: Place, faults: float, seed: int) -> None:
    """Receive until killed."""
    serve(place.port, place.ledger, place.home, share=faults, refused=place.refused, seed=seed)


def soak(
    place: Place, *, faults: float, kill_every: float, senders: int, rng: random.Random, limit: float
) -> int:
    """Run workers and receiver, killing one of them now and then, until all is sent; return the kills."""
    check({})  # what is slow to import is there before the processes are split off
    kills, began = 0, time.monotonic()

    def start_receiver() -> BaseProcess:
        return _started(receive, place, faults, rng.randrange(2**32))

    receiver, sending = start_receiver(), [_started(work, place) for _ in range(senders)]
    next_kill = time.monotonic() + rng.expovariate(1 / kill_every)
    next_look = 0.0
    with place.store() as store:
        try:
            while time.monotonic() - began < limit:
                if time.monotonic() > next_look:
                    if not any(store.outbox.list(state=state) for state in _OPEN):
                        break
                    next_look = time.monotonic() + _LOOK_S
                if time.monotonic() > next_kill:
                    kills += 1
                    if rng.random() < 0.5:
                        _kill(receiver)
                        time.sleep(rng.random() * 0.5)
                        receiver = start_receiver()
                    else:
                        chosen = rng.randrange(senders)
                        _kill(sending[chosen])
                        sending[chosen] = _started(work, place)
                    next_kill = time.monotonic() + rng.expovariate(1 / kill_every)
                time.sleep(0.02)
        finally:
            for process in (*sending, receiver):
                _kill(process)
    return kills


def _started(task: Callable[..., object], *arguments: object) -> BaseProcess:
    process = _FORK.Process(target=_guarded, args=(os.getpid(), task, *arguments), daemon=True)
    process.start()
    return process


def _guarded(parent: int, task: Callable[..., object], *arguments: object) -> None:
    """Run a task, and end with the process that started it, however that one ends."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(1.0)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
    task(*arguments)


def _kill(process: BaseProcess) -> None:
    """Kill a process of ours without a warning."""
    if process.pid:
        with suppress(ProcessLookupError):
            os.kill(process.pid, signal.SIGKILL)
    process.join()


def verdict(place: Place, notes: int) -> dict[str, object]:
    """Compare the outbox with the ledger."""
    with place.store() as store:
        deliveries = store.outbox.list()
        citizens = {d.id: store.citizens.get(d.citizen_id or "").cpr or "" for d in deliveries}
    with sqlite3.connect(place.ledger.path) as ledger:
        taken = ledger.execute("SELECT key, bundle, citizen FROM taken ORDER BY place").fetchall()
        calls = ledger.execute("SELECT key, fault FROM calls").fetchall()
    places = {key: place for place, (key, _, _) in enumerate(taken)}
    order: dict[str, list[int]] = {}
    for delivery in deliveries:  # in the order of signing
        if delivery.id in places:
            order.setdefault(citizens[delivery.id], []).append(places[delivery.id])
    states = Counter(str(delivery.state) for delivery in deliveries)
    dead = {delivery.id for delivery in deliveries if delivery.state is OutboxState.DEAD}
    bundles = Counter(bundle for _, bundle, _ in taken)
    return {
        "delivered": states["delivered"],
        "dead_with_reason": sum(1 for d in deliveries if d.id in dead and "422" in d.why),
        "refused_by_receiver": len(place.refused),
        "open": states["queued"] + states["claimed"],
        "lost": notes - len(places.keys() | dead),
        "doubled": sum(count - 1 for count in bundles.values()) + len(places.keys() & dead),
        "out_of_order": sum(places != sorted(places) for places in order.values()),
        "of_others": sum(citizen != citizens[key] for key, _, citizen in taken),
        "calls": len(calls),
        "repeated_calls": len(calls) - len({key for key, _ in calls}),
        "faults": dict(sorted(Counter(fault for _, fault in calls if fault).items())),
    }


if __name__ == "__main__":
    typer.run(main)
