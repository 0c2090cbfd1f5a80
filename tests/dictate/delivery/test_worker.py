"""The worker over a real store: each note once, in order for each citizen, and amendments follow."""

import json
import random
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from dictate.delivery.backoff import Backoff
from dictate.delivery.folder import FolderTarget
from dictate.delivery.outbox import followed
from dictate.delivery.parcel import DELIVERED, Answer, Outcome, Parcel, Target
from dictate.delivery.post import workers
from dictate.delivery.render import Shape
from dictate.delivery.site import Site, read_site
from dictate.delivery.stored import export_stored
from dictate.delivery.worker import Pace, Worker
from dictate.entry import Assertion, Coding, Entry, Kind, Note, RecordStatus, Review, Signature
from dictate.errors import ConfigError
from dictate.export.base import Format
from dictate.export.letter import Party
from dictate.export.profile import PROFILES, check
from dictate.identity import Actor
from dictate.keys import derive, new_master
from dictate.store import Location, Store, open_store
from dictate.store.types import Delivery, OutboxState

ROOT = Path(__file__).parents[3]
START = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
ANNE = Signature(by="Anne Prøve", role="Sygeplejerske", at=START)
SENDER = Party(name="Akutteam Prøve", sor="1267041000016006", ean="5790002757778", phone="12345678")
RECEIVER = Party(name="Lægehuset Prøve", sor="73091000016008", ean="5790000147465", provider="045861")
CPRS = ("0101010101", "0202020202", "0303030303")


@dataclass
class Clock:
    """A clock that stands still until it is set."""

    now: datetime = START

    def __call__(self) -> datetime:
        """Return the time."""
        return self.now


@dataclass
class Scripted:
    """A target whose answers are given; it keeps what it was sent."""

    name: str = "record"
    answers: list[Answer] = field(default_factory=list)
    sent: list[Parcel] = field(default_factory=list)

    def send(self, parcel: Parcel) -> Answer:
        """Keep the parcel; give the next answer, good ones when they are used up."""
        self.sent.append(parcel)
        return self.answers.pop(0) if self.answers else DELIVERED


@dataclass
class House:
    """A store with its clock and citizens."""

    store: Store
    clock: Clock
    citizens: tuple[str, ...]

    def note(self, citizen: int, *targets: str, pulse: float = 76) -> str:
        """Sign a note about a citizen and queue it; return the dictation's id."""
        dictation = self.store.dictations.begin(citizen_id=self.citizens[citizen])
        note = note_of(dictation.id, pulse, self.clock.now)
        self.store.dictations.sign(dictation.id, note, targets=targets)
        return dictation.id

    def worker(self, target: Target, shape: Shape | None = None) -> Worker:
        """Return a worker for one target."""
        site = Site(
            targets={target.name: target}, shapes={target.name: shape or Shape(sor="330411000016001")}
        )
        pace = Pace(backoff=Backoff(first=10, longest=100, spread=0))
        worker = workers(self.store, site, pace=pace)[target.name]
        worker.now = self.clock
        worker.rng = random.Random(1)  # noqa: S311 - waiting times
        return worker

    def states(self) -> list[str]:
        """Return the states of all deliveries in the order of queueing."""
        return [str(each.state) for each in self.store.outbox.list()]


def note_of(identifier: str, pulse: float, at: datetime = START) -> Note:
    """Return a signed note with a pulse."""
    signature = replace(ANNE, at=at)
    entry = Entry(
        id=f"{identifier}-1",
        kind=Kind.OBSERVATION,
        assertion=Assertion.MEASURED,
        coding=Coding(system="urn:oid:1.2.208.176.2.1", code="NPU21692", display=""),
        start=0,
        end=4,
        evidence="Puls",
        value=float(pulse),
        unit="/min",
        review=Review.ACCEPTED,
        record_status=RecordStatus.FINAL,
        signed=signature,
    )
    return Note(id=identifier, text="Puls målt.", entries=(entry,), signed=signature)


@pytest.fixture(name="house")
def house_fixture(tmp_path: Path) -> Iterator[House]:
    """Return a store of its own with three citizens."""
    clock = Clock()
    actor = Actor(user="anne", name="Anne Prøve", role="Sygeplejerske")
    place = Location.folder(tmp_path / "store")
    with open_store(place, derive(new_master()), actor, program="test", clock=clock) as store:
        ids = tuple(store.citizens.add(name=f"Test {cpr} Testesen", cpr=cpr).id for cpr in CPRS)
        yield House(store=store, clock=clock, citizens=ids)


def pulses(parcels: list[Parcel]) -> list[tuple[str, float]]:
    """Return whose pulse was sent, in order."""
    found = []
    for parcel in parcels:
        resources = [entry["resource"] for entry in json.loads(parcel.content)["entry"]]
        (patient,) = (each for each in resources if each["resourceType"] == "Patient")
        (pulse,) = (each for each in resources if each["resourceType"] == "Observation")
        found.append((patient["identifier"][0]["value"], pulse["valueQuantity"]["value"]))
    return found


def test_what_is_signed_is_sent_once(house: House) -> None:
    """A good transaction under the delivery's own id; a second run sends nothing."""
    house.note(0, "record")
    target = Scripted()
    worker = house.worker(target, Shape(sor="330411000016001", transaction=True))
    assert worker.drain()[Outcome.DELIVERED] == 1
    assert worker.step() is None
    (parcel,) = target.sent
    bundle = json.loads(parcel.content)
    assert bundle["type"] == "transaction"
    assert bundle["identifier"]["value"] == f"urn:uuid:{parcel.id}"
    assert check(bundle, PROFILES[Format.KL_CORE]) == ()
    assert house.states() == ["delivered"]


def test_a_stuck_note_holds_its_citizens_later_ones_only(house: House) -> None:
    """Others go on; when it goes through, the rest follows in order."""
    for citizen, pulse in ((0, 60), (0, 61), (1, 70)):
        house.note(citizen, "record", pulse=pulse)
    target = Scripted(answers=[Answer(outcome=Outcome.LATER, why="500 Internal Server Error")])
    worker = house.worker(target)
    worker.drain()
    assert pulses(target.sent) == [(CPRS[0], 60), (CPRS[1], 70)]
    assert house.states() == ["queued", "queued", "delivered"]
    house.clock.now += timedelta(seconds=11)
    worker.drain()
    assert pulses(target.sent)[2:] == [(CPRS[0], 60), (CPRS[0], 61)]
    assert target.sent[0].id == target.sent[2].id
    assert house.states() == ["delivered"] * 3


def test_a_target_that_is_down_is_left_alone_for_longer_and_longer(house: House) -> None:
    """Weeks offline: one attempt each time, nothing lost, all sent in order afterwards."""
    for pulse in range(60, 64):
        house.note(pulse % 2, "record", pulse=pulse)
    down = Answer(outcome=Outcome.DOWN, why="no connection (ConnectError)")
    target = Scripted(answers=[down] * 8)
    worker = house.worker(target)
    for attempts in range(8):
        assert worker.drain()[Outcome.DOWN] == 1
        wait = timedelta(seconds=min(100, 10 * 2**attempts))
        house.clock.now += wait - timedelta(seconds=1)
        assert worker.step() is None
        house.clock.now += timedelta(seconds=1)
    assert len(target.sent) == 8
    house.clock.now += timedelta(days=21)
    target.sent.clear()
    worker.drain()
    assert house.states() == ["delivered"] * 4
    assert [pulse for _, pulse in pulses(target.sent)] == [60, 61, 62, 63]


def test_what_is_refused_is_dead_with_its_reason(house: House) -> None:
    """It is listed, doesn't hold the later ones, and a person can retry it."""
    house.note(0, "record", pulse=60)
    house.note(0, "record", pulse=61)
    refused = Answer(outcome=Outcome.REFUSED, why="422 Unprocessable Entity; error invalid")
    worker = house.worker(Scripted(answers=[refused]))
    worker.drain()
    assert house.states() == ["dead", "delivered"]
    (dead,) = house.store.outbox.list(state=OutboxState.DEAD)
    assert dead.why == refused.why
    house.store.outbox.retry(dead.id)
    worker.drain()
    assert house.states() == ["delivered", "delivered"]


def test_a_note_without_a_number_is_not_sent(house: House) -> None:
    """Nothing leaves without a CPR number; the reason says what to do."""
    dictation = house.store.dictations.begin(citizen_id=house.store.citizens.add(name="Test", cpr=None).id)
    house.store.dictations.sign(dictation.id, note_of(dictation.id, 60), targets=("record",))
    target = Scripted()
    house.worker(target).drain()
    assert target.sent == []
    (dead,) = house.store.outbox.list(state=OutboxState.DEAD)
    assert "Assign it" in dead.why


def test_a_note_that_trips_us_stops_no_other(house: House) -> None:
    """An error that nobody foresaw is tried again later, and the other citizens' notes go on."""
    house.note(0, "record", pulse=60)
    house.note(1, "record", pulse=70)
    target = Scripted()
    worker = house.worker(target)
    render, failed = worker.render, []

    def trip(delivery: Delivery) -> Parcel:
        if not failed:
            failed.append(delivery.id)
            raise ZeroDivisionError
        return render(delivery)

    worker.render = trip
    worker.drain()
    assert pulses(target.sent) == [(CPRS[1], 70)]
    (waiting,) = house.store.outbox.list(state=OutboxState.QUEUED)
    assert waiting.why == "something unexpected (ZeroDivisionError)"


def test_a_killed_worker_loses_nothing(house: House) -> None:
    """What was claimed and never finished is sent again under the same id when the lease has run out."""
    house.note(0, "record")
    claimed = house.store.outbox.claim("record", lease_s=60)
    assert claimed
    target = Scripted()
    worker = house.worker(target)
    assert worker.step() is None
    house.clock.now += timedelta(seconds=61)
    assert worker.step() is Outcome.DELIVERED
    assert target.sent[0].id == claimed.id


def test_amendments_and_withdrawals_follow(house: House) -> None:
    """To the targets that got the original: the same resource, amended, then entered in error."""
    dictation = house.note(0, "record", pulse=60)
    target = Scripted()
    worker = house.worker(target)
    worker.drain()
    targets = followed(house.store.outbox.list(), dictation)
    assert targets == ("record",)
    (entry,) = house.store.dictations.note(dictation).entries
    house.store.dictations.amend(
        dictation,
        replace(entry, value=66.0, record_status=RecordStatus.AMENDED),
        why="Tastefejl",
        signature=ANNE,
        targets=targets,
    )
    worker.drain()
    house.store.dictations.withdraw(
        dictation, entry.id, why="Forkert borger", signature=ANNE, targets=targets
    )
    worker.drain()
    found = []
    for parcel in target.sent:
        (pulse,) = (
            each["resource"]
            for each in json.loads(parcel.content)["entry"]
            if each["resource"]["resourceType"] == "Observation"
        )
        found.append((pulse["status"], pulse["valueQuantity"]["value"], pulse["id"]))
    assert [status for status, _, _ in found] == ["final", "amended", "entered-in-error"]
    assert [value for _, value, _ in found] == [60, 66, 66]
    assert len({identifier for _, _, identifier in found}) == 1
    assert len({parcel.id for parcel in target.sent}) == 3


def test_a_medcom_message_is_taken_back_by_another(house: House) -> None:
    """The second message names the header of the first."""
    dictation = house.note(0, "vans", pulse=60)
    target = Scripted(name="vans")
    shape = Shape(form=Format.HOME_CARE_OBSERVATION, parties=(SENDER, RECEIVER))
    worker = house.worker(target, shape)
    worker.drain()
    (entry,) = house.store.dictations.note(dictation).entries
    house.store.dictations.withdraw(dictation, entry.id, why="Fejl", signature=ANNE, targets=("vans",))
    worker.drain()
    first, second = (json.loads(parcel.content) for parcel in target.sent)
    (provenance,) = (e["resource"] for e in second["entry"] if e["resource"]["resourceType"] == "Provenance")
    assert provenance["activity"]["coding"][0]["code"] == "retract-message"
    assert provenance["entity"][0]["what"]["reference"].endswith(first["entry"][0]["resource"]["id"])


@pytest.mark.parametrize("form", [Format.KL_CORE, Format.KL_GATEWAY, Format.CSV, Format.PDF, Format.TEXT])
def test_a_folder_takes_any_format(house: House, tmp_path: Path, form: Format) -> None:
    """One file for each note, under the delivery's id."""
    house.note(0, "drop")
    worker = house.worker(FolderTarget(name="drop", path=tmp_path), Shape(form=form, sor="330411000016001"))
    worker.drain()
    (file,) = (path for path in tmp_path.iterdir() if path.is_file())
    assert file.stem == house.store.outbox.list()[0].id


def test_exports_from_the_store_are_of_one_citizen(house: House) -> None:
    """Whoever is asked for, and since when; an unknown number is refused."""
    house.note(0, pulse=60)
    house.note(1, pulse=70)
    house.clock.now += timedelta(hours=1)
    house.note(1, pulse=71)
    at = house.clock.now
    chosen = [
        json.loads(b.content) for b, _ in export_stored(house.store, Format.KL_CORE, at=at, citizen=CPRS[1])
    ]
    assert [b["entry"][0]["resource"]["identifier"][0]["value"] for b in chosen] == [CPRS[1]] * 2
    later = tuple(export_stored(house.store, Format.KL_CORE, at=at, since=START + timedelta(minutes=1)))
    assert len(later) == 1
    with pytest.raises(ConfigError, match="no citizen"):
        tuple(export_stored(house.store, Format.KL_CORE, at=at, citizen="0404040404"))


def test_no_bundle_ever_holds_another_citizen(house: House) -> None:
    """Random notes of three citizens, random failures: each parcel names the citizen of its own note."""
    rng = random.Random(3)  # noqa: S311 - a test
    whose = {}
    for _ in range(40):
        citizen = rng.randrange(3)
        whose[house.note(citizen, "record", pulse=rng.randrange(40, 120))] = CPRS[citizen]
    outcomes = (Outcome.LATER, Outcome.DOWN, Outcome.DELIVERED)
    target = Scripted(answers=[Answer(outcome=rng.choice(outcomes), why="x") for _ in range(60)])
    worker = house.worker(target)
    for _ in range(200):
        worker.drain()
        house.clock.now += timedelta(seconds=101)
    dictations = {each.id: each.dictation_id for each in house.store.outbox.list()}
    for parcel, (cpr, _) in zip(target.sent, pulses(target.sent), strict=True):
        assert cpr == whose[dictations[parcel.id]]
        assert not any(other in parcel.content.decode() for other in {*CPRS} - {cpr})
    assert house.states() == ["delivered"] * 40
    for cpr in CPRS:
        sent = [dictations[parcel.id] for parcel in target.sent if whose[dictations[parcel.id]] == cpr]
        assert list(dict.fromkeys(sent)) == [d for d in whose if whose[d] == cpr]


SITE = """
sor = "330411000016001"

[targets.drop]
kind = "folder"
path = "out"
format = "kl-gateway"

[targets.record]
kind = "https"
url = "https://record.example/fhir"

[targets.record.oauth]
token_url = "https://login.example/token"
client_id = "plejediktat"
secret_file = "secret"
"""


def test_the_sites_targets_are_read(tmp_path: Path) -> None:
    """A file that isn't there names none; files are looked for beside it."""
    path = tmp_path / "targets.toml"
    assert read_site(path).targets == {}
    path.write_text(SITE)
    site = read_site(path)
    assert list(site.targets) == ["drop", "record"]
    assert site.targets["drop"] == FolderTarget(name="drop", path=tmp_path / "out")
    assert site.shapes["drop"].form is Format.KL_GATEWAY
    assert site.shapes["record"].transaction


@pytest.mark.parametrize(
    ("old", "new", "match"),
    [
        ('kind = "folder"', 'kind = "fax"', "kind is none of"),
        ('path = "out"', "", "path is missing"),
        ('path = "out"', 'path = "out"\ncolour = "red"', "colour is not known"),
        ('"kl-gateway"', '"word"', "format is none of"),
        ("https://record", "http://record", "https://"),
        ('sor = "330411000016001"', "", "needs the organisation"),
        ("[targets.drop]", "[targets.drop", "not TOML"),
    ],
)
def test_a_wrong_target_is_refused(tmp_path: Path, old: str, new: str, match: str) -> None:
    """One sentence that says where."""
    path = tmp_path / "targets.toml"
    path.write_text(SITE.replace(old, new, 1))
    with pytest.raises(ConfigError, match=match):
        read_site(path)


def test_waiting_grows_and_varies() -> None:
    """Twice as long each time up to the longest, and never the same for two senders."""
    backoff = Backoff(first=5, longest=3600, spread=0.5)
    rng = random.Random(2)  # noqa: S311 - waiting times
    waits = [backoff.wait(attempts, rng=rng) for attempts in range(1, 40)]
    assert 2.5 <= waits[0] <= 5
    assert all(wait <= 3600 for wait in waits)
    assert len(set(waits)) == len(waits)
    assert backoff.wait(10**9, rng=rng) <= 3600


@pytest.mark.slow
def test_a_short_soak_loses_and_doubles_nothing(tmp_path: Path) -> None:
    """Faults and kills on the loopback, mutual TLS: the short cut of benchmarks/delivery.py."""
    script = ROOT / "benchmarks" / "delivery.py"
    arguments = ("--notes", "40", "--kill-every", "1.5", "--limit", "100", "--no-save")
    done = subprocess.run(
        [sys.executable, script, *arguments], capture_output=True, text=True, check=False, cwd=tmp_path
    )
    result = json.loads(done.stdout)
    assert done.returncode == 0, done.stderr
    assert [result[name] for name in ("lost", "doubled", "out_of_order", "of_others", "open")] == [0] * 5
    assert result["delivered"] + result["dead_with_reason"] == 40
