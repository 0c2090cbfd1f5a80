"""KL Gateway, MedCom, paper and clipboard: what each carries, what it leaves out, and why."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dictate.entry import Assertion, Coding, Entry, Kind, Note, RecordStatus, Review, Signature
from dictate.errors import ConfigError, ExportError, NotSignedError
from dictate.export import care_communication, clipboard, home_care_observation, kl_core, kl_gateway, printed
from dictate.export.base import Format, Visit
from dictate.export.letter import Earlier, Letter, Party, make_letter, read_addresses
from dictate.export.profile import PROFILES, check, profile_of
from dictate.notes import read_notes
from dictate.session import sign
from terminology.concept import FSIII

DATA = Path(__file__).parent.parent / "data" / "export"
AT = datetime(2026, 11, 22, 8, 30, tzinfo=UTC)
VISIT = Visit(
    citizen="0101010101",
    citizen_name="Test Prøve Testesen",
    author="Anne Prøve",
    role="Sygeplejerske",
    sor="330411000016001",
    start=datetime.fromisoformat("2026-11-22T09:00:00+01:00"),
)
NOTES = sign(read_notes(DATA / "draft.jsonl"), by="Anne Prøve", role="Sygeplejerske", at=AT, accept_all=True)
SENDER = Party(name="Akutteam Prøve", sor="1267041000016006", ean="5790002757778", phone="12345678")
RECEIVER = Party(name="Lægehuset Prøve", sor="73091000016008", ean="5790000147465", provider="045861")
LETTER = make_letter(SENDER, RECEIVER, not_acute=True)
ANNE = Signature(by="Anne Prøve", role="Sygeplejerske", at=AT)
Json = Mapping[str, Any]

WALKING = Entry(
    id="walking",
    kind=Kind.CONDITION,
    assertion=Assertion.PRESENT,
    coding=Coding(
        system=FSIII, code="d8aa5f09-cd9c-4996-a853-1c95ee98f25c", display="Mobilitet og bevægelse"
    ),
    start=0,
    end=3,
    evidence="Går",
    level=2,
    review=Review.ACCEPTED,
    record_status=RecordStatus.FINAL,
    signed=ANNE,
)
PULSE = replace(
    WALKING,
    id="pulse",
    kind=Kind.OBSERVATION,
    assertion=Assertion.MEASURED,
    coding=Coding(system="urn:oid:1.2.208.176.2.1", code="NPU21692", display=""),
    value=76,
    unit="/min",
    level=None,
)


def note_with(*entries: Entry, text: str = "Går dårligt.", extras: tuple[Json, ...] = ()) -> Note:
    """Return a signed note."""
    return Note(id="n", text=text, entries=entries, extras=extras, signed=ANNE)


def content(exported: tuple[Any, Any]) -> Json:
    """Read a bundle as a receiver would."""
    found: Json = json.loads(exported[0].content)
    return found


def resources(bundle: Json, name: str) -> list[Json]:
    """Return the resources of a type."""
    return [e["resource"] for e in bundle["entry"] if e["resource"]["resourceType"] == name]


def test_the_gateway_gets_codes_and_not_a_word() -> None:
    """No name, no text, no measurement, no medication; each that is left out is told with its rule."""
    exported, remarks = kl_gateway.export(NOTES[0], VISIT, at=AT)
    bundle = content((exported, remarks))
    assert check(bundle, PROFILES[Format.KL_GATEWAY]) == ()
    assert profile_of(bundle) is Format.KL_GATEWAY
    names = [e["resource"]["resourceType"] for e in bundle["entry"]]
    assert sorted(set(names)) == ["CarePlan", "Condition", "Encounter", "Patient", "Procedure"]
    for said in ("Testesen", "hælen", "Panodil", "Anne", "Forbinding", "37.4"):
        assert said not in exported.content.decode()
    (patient,) = resources(bundle, "Patient")
    assert patient["managingOrganization"]["identifier"]["value"] == "330411000016001"
    left = {remark.entry: remark.rule for remark in remarks}
    assert left["visit-1-14"].startswith("No functional level was given")
    assert left["visit-1-2"] == "KL Gateway takes no measurements."
    assert left["visit-1-18"] == "KL Gateway takes no medication."
    assert left["visit-1-16"] == "KL Gateway takes planned and completed interventions only."
    assert {*exported.entry_ids} & {*left} == set()


def test_the_gateway_omits_what_was_withdrawn() -> None:
    """The next report leaves it out, and says so."""
    withdrawn = replace(WALKING, record_status=RecordStatus.ENTERED_IN_ERROR)
    exported, remarks = kl_gateway.export(note_with(withdrawn), VISIT, at=AT)
    assert exported.entry_ids == ()
    assert "withdrawn" in remarks[1].rule


def test_the_gateway_needs_the_municipality() -> None:
    """Without a SOR number there is no report."""
    with pytest.raises(ConfigError, match="--sor"):
        kl_gateway.export(NOTES[0], replace(VISIT, sor=None), at=AT)


EXPECTED = {"kind": "expected_level", "level": 1, "text": "mål niveau 1", "start": 13, "end": 25}
FOLLOWED = {
    "kind": "follow_up",
    "system": FSIII,
    "code": "9c90b0e5-9c0a-4b72-a18c-76cd6d6c6213",
    "text": "indsatsen fortsættes",
    "start": 27,
    "end": 47,
}
LONG = "Går dårligt, mål niveau 1. indsatsen fortsættes."


def test_expected_level_and_follow_up_have_their_resources() -> None:
    """In both KL formats, tied to the one condition that can be meant."""
    note = note_with(WALKING, text=LONG, extras=(EXPECTED, FOLLOWED))
    for bundle in (
        content(kl_core.export(note, VISIT, at=AT)),
        content(kl_gateway.export(note, VISIT, at=AT)),
    ):
        (condition,), (goal,) = resources(bundle, "Condition"), resources(bundle, "Goal")
        (address,) = goal["addresses"]
        assert address["reference"].endswith(condition["id"])
        assert goal["target"][0]["detailCodeableConcept"]["coding"][0]["display"] == "1"
        (result,) = resources(bundle, "Observation")
        assert result["valueCodeableConcept"]["coding"][0]["display"] == "Fortsættes"
        assert result["focus"][0]["reference"].endswith(condition["id"])


def test_an_extra_that_may_be_about_two_stays_in_the_text() -> None:
    """Two conditions in the sentence: the goal is not carried, and that is told."""
    other = replace(WALKING, id="other", start=4, end=11, evidence="dårligt")
    exported, remarks = kl_core.export(note_with(WALKING, other, text=LONG, extras=(EXPECTED,)), VISIT, at=AT)
    assert resources(content((exported, ())), "Goal") == []
    assert any(remark.kind == "extra" for remark in remarks)


@pytest.mark.parametrize(("text", "goals"), [("Borgers mål er at gå ud.", 1), ("Mål: at gå ud.", 0)])
def test_a_goal_is_the_citizens_only_where_that_was_said(text: str, goals: int) -> None:
    """A goal whose owner is open stays in the text."""
    start = text.index("at gå")
    extra = {"kind": "goal", "text": "at gå ud", "start": start, "end": start + 8}
    bundle = content(kl_core.export(note_with(text=text, extras=(extra,)), VISIT, at=AT))
    assert len(resources(bundle, "Goal")) == goals


@pytest.mark.parametrize(
    ("status", "activity"),
    [
        (RecordStatus.FINAL, None),
        (RecordStatus.AMENDED, "UPDATE"),
        (RecordStatus.ENTERED_IN_ERROR, "NULLIFY"),
    ],
)
def test_what_is_amended_keeps_its_ids_and_says_so(status: RecordStatus, activity: str | None) -> None:
    """The resource keeps its id, the delivery gets a new one, and the Provenance names what was done."""
    first = content(kl_core.export(note_with(PULSE), VISIT, at=AT))
    later = content(kl_core.export(note_with(replace(PULSE, record_status=status, value=80)), VISIT, at=AT))
    assert resources(first, "Observation")[0]["id"] == resources(later, "Observation")[0]["id"]
    assert first["identifier"] != later["identifier"]
    told = [p.get("activity", {}).get("coding", [{}])[0].get("code") for p in resources(later, "Provenance")]
    assert activity in told


def test_a_message_carries_the_text_and_who_wrote_it() -> None:
    """CareCommunication: text, category, parties, provenance; entries are told as left out."""
    exported, remarks = care_communication.export(NOTES[0], VISIT, LETTER, at=AT)
    bundle = content((exported, remarks))
    assert check(bundle, PROFILES[Format.CARE_COMMUNICATION]) == ()
    (communication,) = resources(bundle, "Communication")
    assert communication["payload"][0]["contentString"] == NOTES[0].text
    assert communication["category"][0]["coding"][0]["code"] == "nursing"
    (header,) = resources(bundle, "MessageHeader")
    assert header["destination"][0]["endpoint"].endswith("#id=73091000016008")
    assert exported.entry_ids == ()
    assert len(remarks) == 20


def test_a_correction_is_a_new_message_that_says_so() -> None:
    """CareCommunication can be neither changed nor taken back."""
    earlier = Earlier(message="x", sent="22-11-2026 kl. 09.30", withdrawn=False)
    withdrawn = replace(WALKING, record_status=RecordStatus.ENTERED_IN_ERROR)
    bundle = content(
        care_communication.export(note_with(withdrawn), VISIT, replace(LETTER, earlier=earlier), at=AT)
    )
    (communication,) = resources(bundle, "Communication")
    text = communication["payload"][0]["contentString"]
    assert text.startswith("Rettelse: denne besked erstatter vores besked af 22-11-2026 kl. 09.30.")
    assert "Annulleret: Går" in text
    assert communication["topic"]["text"] == "Rettelse"


def test_the_gp_gets_the_measurements() -> None:
    """HomeCareObservation: each with its Danish code and unit, never more than twelve characters."""
    exported, remarks = home_care_observation.export(NOTES[0], VISIT, LETTER, at=AT)
    bundle = content((exported, remarks))
    assert check(bundle, PROFILES[Format.HOME_CARE_OBSERVATION]) == ()
    values = {
        o["code"]["coding"][0]["code"]: o.get("valueString") or o["valueQuantity"]["value"]
        for o in resources(bundle, "Observation")
    }
    assert values == {
        "NPU08676": 37.4,
        "DNK05472": 142,
        "DNK05473": 78,
        "NPU10197": 94,
        "NPU03794": 1.68,
        "MCS88125": 2,
        "NPU03987": "2+",
    }
    assert len(exported.entry_ids) == 7
    with pytest.raises(ExportError, match="no measurement"):
        home_care_observation.export(NOTES[1], VISIT, LETTER, at=AT)


@pytest.mark.parametrize(("withdrawn", "activity"), [(True, "retract-message"), (False, "modified-message")])
def test_measurements_are_taken_back_by_a_message(withdrawn: bool, activity: str) -> None:  # noqa: FBT001 - a table
    """It refers to the message that it is about."""
    earlier = Earlier(message="0d5b3c18-fab6-4d93-9d88-c9c8abf1f18c", sent="i dag", withdrawn=withdrawn)
    status = RecordStatus.ENTERED_IN_ERROR if withdrawn else RecordStatus.AMENDED
    note = note_with(replace(PULSE, record_status=status))
    bundle = content(home_care_observation.export(note, VISIT, replace(LETTER, earlier=earlier), at=AT))
    (provenance,) = resources(bundle, "Provenance")
    assert provenance["activity"]["coding"][0]["code"] == activity
    assert provenance["entity"][0]["what"]["reference"].endswith(earlier.message)


@pytest.mark.parametrize(
    ("visit", "letter", "match"),
    [
        (replace(VISIT, citizen_name=None), LETTER, "citizen's name"),
        (VISIT, replace(LETTER, sender=replace(SENDER, phone=None)), "phone"),
        (VISIT, replace(LETTER, receiver=replace(RECEIVER, provider=None)), "provider number"),
        (replace(VISIT, role="Vikar"), LETTER, "no code for the role"),
    ],
)
def test_a_message_without_its_parts_is_refused(visit: Visit, letter: Letter, match: str) -> None:
    """One sentence that says what to add."""
    with pytest.raises((ConfigError, ExportError), match=match):
        home_care_observation.export(NOTES[0], visit, letter, at=AT)


def test_acute_matters_are_no_message() -> None:
    """The sender confirms that it isn't acute; a message of the category "other" has a topic."""
    with pytest.raises(ConfigError, match="--not-acute"):
        make_letter(SENDER, RECEIVER)
    with pytest.raises(ConfigError, match="--topic"):
        make_letter(SENDER, RECEIVER, category="other", not_acute=True)
    with pytest.raises(ConfigError, match="no category"):
        make_letter(SENDER, RECEIVER, category="akut", not_acute=True)


BOOK = """
[sender]
name = "Akutteam Prøve"
sor = "1267041000016006"
ean = "5790002757778"
phone = "12345678"

[receivers.gp]
name = "Lægehuset Prøve"
sor = "73091000016008"
ean = "5790000147465"
provider = "045861"
"""


@pytest.mark.parametrize(
    ("old", "new", "match"),
    [
        ("5790000147465", "5790000147466", "EAN"),
        ("045861", "45861", "six digits"),
        ("[sender]", "[sendr]", "no \\[sender\\]"),
        ('sor = "73091000016008"', "", "sor is missing"),
        ("73091000016008", "7309", "SOR"),
        ("receivers.gp", "receivers.other", "no receiver"),
        ("[sender]", "[sender", "TOML"),
    ],
)
def test_a_wrong_address_is_refused(tmp_path: Path, old: str, new: str, match: str) -> None:
    """Numbers are checked before anything is sent."""
    path = tmp_path / "addresses.toml"
    path.write_text(BOOK)
    assert read_addresses(path, "gp") == (SENDER, RECEIVER)
    path.write_text(BOOK.replace(old, new))
    with pytest.raises(ConfigError, match=match):
        read_addresses(path, "gp")


def test_the_clipboard_has_the_fields_in_order() -> None:
    """The note's words first, then conditions, measurements, interventions, medication, goal, signature."""
    pasted = clipboard.text(NOTES[0])
    titles = ["OBSERVATIONER", "TILSTANDE", "MÅLINGER", "INDSATSER", "MEDICIN", "Underskrevet: "]
    places = [pasted.index(title) for title in titles]
    assert places == sorted(places)
    assert "Blodtryk: 142/78 mmHg" in pasted
    assert "Temperatur: 37,4 °C" in pasted
    assert "  Niveau: 2" in pasted
    assert "010101" not in pasted


def test_a_printed_note_shows_everything_and_runs_nothing() -> None:
    """Words of the note are escaped; name, number, signature are there."""
    note = replace(NOTES[0], text="<script>alert(1)</script> & æøå", entries=())
    page = printed.export(note, Format.HTML, at=AT, visit=VISIT)[0].content.decode()
    assert "<script>" not in page
    assert "&lt;script&gt;" in page
    assert "010101-0101" in page
    assert "Underskrevet: Anne Prøve, Sygeplejerske, 22-11-2026 kl. 09.30" in page


def test_a_pdf_has_pages_and_loses_no_letter() -> None:
    """A long note breaks into pages; a letter that the fonts lack stands there by its number."""
    note = replace(NOTES[0], text="Såret er rent. " * 600)
    paper = printed.export(note, Format.PDF, at=AT, visit=VISIT)[0].content
    assert paper.startswith(b"%PDF-")
    assert paper.count(b"/Type /Page\n") > 2
    assert printed._printable("≥ 10⁹ 🩹 æøå ½") == ">= 10^9 [U+1FA79] æøå ½"


@pytest.mark.parametrize("form", [Format.HTML, Format.PDF, Format.TEXT])
def test_nothing_unsigned_is_printed(form: Format) -> None:
    """Drafts are refused."""
    with pytest.raises(NotSignedError):
        printed.export(next(read_notes(DATA / "draft.jsonl")), form, at=AT)


def test_nobody_elses_entry_is_in_a_bundle() -> None:
    """Every reference to a citizen in every format is to the visit's own."""
    for bundle in (
        content(kl_core.export(NOTES[0], VISIT, at=AT)),
        content(kl_gateway.export(NOTES[0], VISIT, at=AT)),
        content(care_communication.export(NOTES[0], VISIT, LETTER, at=AT)),
        content(home_care_observation.export(NOTES[0], VISIT, LETTER, at=AT)),
    ):
        (patient,) = resources(bundle, "Patient")
        assert [i["value"] for i in patient["identifier"]] == ["0101010101"]
        subjects = [
            e["resource"]["subject"]["reference"] for e in bundle["entry"] if "subject" in e["resource"]
        ]
        assert {subject.split("/")[-1].split(":")[-1] for subject in subjects} == {patient["id"]}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    text=st.text(st.characters(exclude_categories=["Cs", "Cc", "Cn"]), min_size=1, max_size=80),
    signed=st.booleans(),
)
def test_any_text_makes_a_good_message_or_none(text: str, signed: bool) -> None:  # noqa: FBT001 - hypothesis
    """Whatever was written: the message keeps its rules; without a signature there is none."""
    note = note_with(PULSE, text=text) if signed else replace(note_with(text=text), signed=None)
    try:
        exported, _ = care_communication.export(note, VISIT, LETTER, at=AT)
    except (NotSignedError, ExportError):
        assert not signed or not text.strip()
    else:
        assert signed
        assert check(json.loads(exported.content), PROFILES[Format.CARE_COMMUNICATION]) == ()
