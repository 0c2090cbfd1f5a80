"""`dictate outbox`: what is on its way to other systems."""

import json
import signal
import sys
import threading
from collections import Counter
from typing import Annotated

import typer

from dictate import opening
from dictate.cli.asking import passphrase
from dictate.delivery.parcel import Outcome
from dictate.delivery.post import workers
from dictate.delivery.site import FILE, read_site
from dictate.delivery.worker import drain_all, run_all
from dictate.errors import ConfigError
from dictate.export.wording import moment
from dictate.paths import config_dir
from dictate.store.types import Delivery, OutboxState

app = typer.Typer(no_args_is_help=True, help="Deliveries to other systems: list, send, retry, drop.")
_COLUMNS = ("id", "target", "state", "reason", "attempts", "queued", "next", "why")


@app.command("list")
def show_all(
    *,
    state: Annotated[OutboxState | None, typer.Option(help="Only deliveries in this state.")] = None,
    target: Annotated[str | None, typer.Option(help="Only deliveries to this target.")] = None,
    done: Annotated[bool, typer.Option("--all", help="Also what is delivered or dropped.")] = False,
) -> None:
    """List deliveries in the order of queueing, tab-separated; nothing in the list tells about a citizen."""
    with opening.store(program="dictate outbox", ask=passphrase()) as store:
        found = store.outbox.list(state=state, target=target)
    shown = [each for each in found if done or state or each.state not in _DONE]
    print("\t".join(_COLUMNS))
    for delivery in shown:
        print("\t".join(_row(delivery)))
    counts = Counter(str(delivery.state) for delivery in found)
    told = ", ".join(f"{name} {count}" for name, count in sorted(counts.items())) or "nothing"
    print(f"In the outbox: {told}.", file=sys.stderr)


@app.command()
def show(delivery: Annotated[str, typer.Argument(metavar="ID", help="Id of a delivery.")]) -> None:
    """Show one delivery as JSON."""
    with opening.store(program="dictate outbox", ask=passphrase()) as store:
        found = store.outbox.get(delivery)
    fields = {
        "id": found.id,
        "target": found.target,
        "dictation": found.dictation_id,
        "reason": found.reason,
        "state": found.state,
        "created": found.created.isoformat(),
        "attempts": found.attempts,
        "retry_at": found.retry_at and found.retry_at.isoformat(),
        "finished": found.finished and found.finished.isoformat(),
        "why": found.why,
    }
    print(json.dumps(fields, ensure_ascii=False, indent=1))


@app.command()
def retry(
    ids: Annotated[list[str] | None, typer.Argument(metavar="[ID...]", help="Ids of deliveries.")] = None,
    *,
    dead: Annotated[bool, typer.Option("--dead", help="Everything that was refused.")] = False,
) -> None:
    """Queue deliveries again: those named, or all that were refused."""
    if dead == bool(ids):
        raise ConfigError("Nothing was queued: name deliveries, or say --dead for all that were refused.")
    with opening.store(program="dictate outbox", ask=passphrase()) as store:
        chosen = ids or [each.id for each in store.outbox.list(state=OutboxState.DEAD)]
        for identifier in chosen:
            store.outbox.retry(identifier)
    print(f"Queued again: {len(chosen)}.", file=sys.stderr)


@app.command()
def drop(
    delivery: Annotated[str, typer.Argument(metavar="ID", help="Id of a delivery.")],
    *,
    why: Annotated[str, typer.Option(help="Reason; it is kept.")],
) -> None:
    """Take a delivery out for good, with a reason."""
    if not why.strip():
        raise ConfigError("Nothing was dropped: --why is empty. Give the reason.")
    with opening.store(program="dictate outbox", ask=passphrase()) as store:
        store.outbox.drop(delivery, why.strip())
    print("Dropped; the reason is kept.", file=sys.stderr)


@app.command()
def send(
    *,
    watch: Annotated[bool, typer.Option("--watch", help="Go on until stopped (Ctrl-C).")] = False,
) -> None:
    """Send what is due to the targets of targets.toml, in order for each citizen."""
    place = config_dir() / FILE
    site = read_site(place)
    if not site.targets:
        raise ConfigError(f"There is no target to send to. Name one in {place}.")
    with opening.store(program="dictate outbox", ask=passphrase()) as store:
        found = workers(store, site)
        if watch:
            stop = threading.Event()
            for number in (signal.SIGINT, signal.SIGTERM):
                signal.signal(number, lambda *_: stop.set())
            print(f"Sending to {', '.join(found)}; Ctrl-C stops.", file=sys.stderr)
            run_all(tuple(found.values()), stop)
            return
        for name, counts in drain_all(found).items():
            told = ", ".join(f"{outcome} {counts[outcome]}" for outcome in Outcome)
            print(f"{name}: {told}.", file=sys.stderr)
        waiting = len(store.outbox.list(state=OutboxState.QUEUED))
    print(f"Still waiting: {waiting}.", file=sys.stderr)


_DONE = frozenset({OutboxState.DELIVERED, OutboxState.DROPPED})


def _row(delivery: Delivery) -> tuple[str, ...]:
    return (
        delivery.id,
        delivery.target,
        delivery.state,
        delivery.reason,
        str(delivery.attempts),
        moment(delivery.created),
        moment(delivery.retry_at) if delivery.retry_at else "",
        delivery.why,
    )
