"""Signed notes as KL core bundles: what becomes what, the same every time, and nothing invented."""

import json
import os
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dictate.entry import Assertion, Coding, Entry, Kind, Note, RecordStatus, Review, Signature
from dictate.errors import ExportError, NotSignedError
from dictate.export import kl_core
from dictate.export.base import Format, Visit, VisitType
from dictate.export.bundle import delivery_id
from dictate.export.profile import check
from dictate.export.read import read_note
from dictate.notes import read_notes
from dictate.session import sign
from terminology.concept import FSIII, Status
from terminology.observation import ORDINALS, ValueType
from terminology.release import load

DATA = Path(__file__).parent.parent / "data" / "export"
AT = datetime(2026, 11, 22, 8, 30, tzinfo=UTC)
VISIT = Visit(
    citizen="0101010101",
    citizen_name="Test Prøve Testesen",
    author="Anne Prøve",
    role="Sygeplejerske",
    sor="330411000016001",
    start=datetime.fromisoformat("2026-11-22T09:00:00+01:00"),
    end=datetime.fromisoformat("2026-11-22T09:25:00+01:00"),
)
BARE = replace(VISIT, citizen_name=None, sor=None, end=None, author="Anne", type=VisitType.ACUTE)
NOTES = sign(read_notes(DATA / "draft.jsonl"), by="Anne Prøve", role="Sygeplejerske", at=AT, accept_all=True)
Json = Mapping[str, Any]


def bundle_of(note: Note, visit: Visit = VISIT) -> Json:
    """Export a note and read it as a receiver would."""
    exported, _ = kl_core.export(note, visit, at=AT)
    bundle: Json = json.loads(exported.content)
    return bundle


def identity(note: Note, visit: Visit) -> object:
    """Return what a receiver knows the delivery by."""
    return delivery_id(note, visit, Format.KL_CORE)


def resources(bundle: Json, name: str) -> list[Json]:
    """Return the resources of a type."""
    return [e["resource"] for e in bundle["entry"] if e["resource"]["resourceType"] == name]


def note_with(*entries: Entry, text: str = "Såret er rent.") -> Note:
    """Return a signed note with these entries."""
    return Note(id="n", text=text, entries=entries, signed=ANNE)


ANNE = Signature(by="Anne Prøve", role="Sygeplejerske", at=AT)
WOUND = Entry(
    id="e",
    kind=Kind.CONDITION,
    assertion=Assertion.PRESENT,
    coding=Coding(
        system=FSIII, code="24d20243-e3f1-4258-a4de-450774fea13c", display="Problemer med andre sår"
    ),
    start=0,
    end=5,
    evidence="Såret",
    review=Review.ACCEPTED,
    record_status=RecordStatus.FINAL,
    signed=ANNE,
)
PULSE = replace(
    WOUND,
    kind=Kind.OBSERVATION,
    assertion=Assertion.MEASURED,
    coding=Coding(system="urn:oid:1.2.208.176.2.1", code="NPU21692", display=""),
    value=76,
    unit="/min",
)


@pytest.mark.parametrize("note", NOTES, ids=lambda note: note.id)
def test_bundles_are_as_agreed(note: Note) -> None:
    """The golden files, byte for byte; PLEJEDIKTAT_GOLDEN=write renews them, for a person to read."""
    bundle, _ = kl_core.export(note, VISIT, at=AT)
    golden = DATA / "kl_core" / bundle.filename
    if os.environ.get("PLEJEDIKTAT_GOLDEN") == "write":
        golden.parent.mkdir(exist_ok=True)
        golden.write_bytes(bundle.content)
    assert bundle.content == golden.read_bytes()


def test_there_are_no_other_golden_files() -> None:
    """A file that no note gives any more is gone."""
    names = {kl_core.export(note, VISIT, at=AT)[0].filename for note in NOTES}
    assert {path.name for path in (DATA / "kl_core").iterdir()} == names


def test_every_assertion_has_its_resource() -> None:
    """The table of the contract."""
    bundle = bundle_of(NOTES[0])
    conditions = {
        c["code"]["coding"][0]["display"]: (
            c["clinicalStatus"]["coding"][0]["code"],
            c["verificationStatus"]["coding"][0]["code"],
        )
        for c in resources(bundle, "Condition")
    }
    assert conditions == {
        "Problemer med tryksår": ("active", "confirmed"),
        "Problemer med mave og tarm": ("inactive", "confirmed"),
        "Problemer med søvn og hvile": ("active", "provisional"),
        "Mobilitet og bevægelse": ("active", "confirmed"),
        "Lave mad": ("active", "confirmed"),
    }
    assert [p["status"] for p in resources(bundle, "Procedure")] == ["completed", "not-done"]
    assert [(p["status"], p["intent"]) for p in resources(bundle, "CarePlan")] == [("active", "plan")]
    statements = {
        m["medicationCodeableConcept"]["text"]: m["status"] for m in resources(bundle, "MedicationStatement")
    }
    assert statements == {"Panodil": "completed", "Eliquis": "intended", "Imovane": "not-taken"}
    assert {o["status"] for o in resources(bundle, "Observation")} == {"final"}


def test_what_has_no_resource_is_told() -> None:
    """Absent, another person's, rejected: in the text only, and listed with the rule."""
    bundle, remarks = kl_core.export(NOTES[0], VISIT, at=AT)
    left_out = {remark.entry for remark in remarks if remark.left_out}
    assert left_out == {"visit-1-11", "visit-1-12", "visit-1-21", None}
    assert left_out.isdisjoint(bundle.entry_ids)
    assert len(bundle.entry_ids) == 18
    assert b"Respirationsproblemer" not in bundle.content
    assert b"Problemer med trivsel" not in bundle.content
    (level,) = (remark for remark in remarks if not remark.left_out)
    assert (level.entry, level.rule) == (
        "visit-1-14",
        "No functional level was given: severity is missing.",
    )


def test_a_level_is_carried_only_where_it_was_said_and_belongs() -> None:
    """Functional conditions have it as severity; it is never invented, and others don't get one."""
    severities = [
        (c["code"]["coding"][0]["display"], c["severity"]["coding"][0])
        for c in resources(bundle_of(NOTES[0]), "Condition")
        if "severity" in c
    ]
    level = {"system": FSIII, "code": "d984ad21-48fe-4619-845e-2aa0303048e7", "display": "2"}
    assert severities == [("Mobilitet og bevægelse", level)]
    note = note_with(replace(WOUND, level=3))
    assert "severity" not in resources(bundle_of(note), "Condition")[0]
    (remark,) = kl_core.remarks(note)
    assert not remark.left_out
    assert "level is left out" in remark.rule


def test_measurements_keep_value_and_unit() -> None:
    """Danish code first, LOINC where its vital signs profile has the same unit, values as said."""
    found = {o["code"]["coding"][0]["code"]: o for o in resources(bundle_of(NOTES[0]), "Observation")}
    assert found["NPU08676"]["valueQuantity"] == {
        "value": 37.4,
        "unit": "°C",
        "system": "http://unitsofmeasure.org",
        "code": "Cel",
    }
    assert [c["code"] for c in found["NPU08676"]["code"]["coding"]][:2] == ["NPU08676", "8310-5"]
    assert found["NPU08676"]["category"][0]["coding"][0]["code"] == "vital-signs"
    assert (found["NPU10197"]["valueQuantity"]["value"], found["NPU10197"]["valueQuantity"]["code"]) == (
        94,
        "%",
    )
    assert all(c["system"] != "http://loinc.org" for c in found["NPU03794"]["code"]["coding"])
    assert "category" not in found["NPU03794"]
    assert found["MCS88125"]["valueQuantity"]["code"] == "1"
    assert found["NPU03987"]["valueString"] == "2+"
    assert b'"value": 142,' in kl_core.export(NOTES[0], VISIT, at=AT)[0].content


@pytest.mark.parametrize(
    "text",
    [
        "Linje et\nlinje to\r\n\r\n  linje <tre> & \"fire\" ]]> &amp; 'fem'\t!",
        "<script>alert(1)</script><!-- -->",
        "æøå 🩹 é",
    ],
)
def test_the_whole_note_can_be_read_back(text: str) -> None:
    """The narrative's text content is the note, letter for letter."""
    (encounter,) = resources(bundle_of(note_with(WOUND, text=text)), "Encounter")
    assert encounter["text"]["status"] == "additional"
    assert "".join(ET.fromstring(encounter["text"]["div"]).itertext()) == text  # noqa: S314 - our own


def test_a_note_without_entries_is_a_visit_with_a_text() -> None:
    """It has a citizen, an author, a visit and a signature."""
    names = [entry["resource"]["resourceType"] for entry in bundle_of(NOTES[1])["entry"]]
    assert names == ["Patient", "Practitioner", "Organization", "Encounter", "Provenance"]
    assert "text" not in resources(bundle_of(replace(NOTES[1], text=" \n")), "Encounter")[0]


def test_only_what_is_known_is_written() -> None:
    """Without name, organisation and end, nothing stands in for them."""
    bundle = bundle_of(NOTES[0], BARE)
    assert "name" not in resources(bundle, "Patient")[0]
    assert resources(bundle, "Organization") == []
    (encounter,) = resources(bundle, "Encounter")
    assert encounter["period"] == {"start": "2026-11-22T09:00:00+01:00"}
    assert encounter["type"][0]["coding"][0]["display"] == "udførelse af akutindsats"
    assert [p["name"] for p in resources(bundle, "Practitioner")] == [
        [{"text": "Anne", "family": "Anne"}],
        [{"text": "Anne Prøve", "family": "Prøve", "given": ["Anne"]}],
    ]
    assert "author" not in resources(bundle, "CarePlan")[0]


def test_provenance_links_entries_to_those_who_signed_them() -> None:
    """One for each signature; every entry's resource is a target of the right one."""
    other = Signature(by="Bo Prøve", role="Assistent", at=AT.replace(hour=9))
    bundle = bundle_of(note_with(WOUND, replace(PULSE, id="p", signed=other)))
    named = {e["fullUrl"]: e["resource"] for e in bundle["entry"]}
    told = {
        (
            named[p["agent"][1]["who"]["reference"]]["name"][0]["text"],
            p["agent"][1]["role"][0]["text"],
            p["recorded"],
        ): [named[t["reference"]]["resourceType"] for t in p["target"]]
        for p in resources(bundle, "Provenance")
    }
    assert told == {
        ("Anne Prøve", "Sygeplejerske", "2026-11-22T08:30:00Z"): ["Encounter", "Condition"],
        ("Bo Prøve", "Assistent", "2026-11-22T09:30:00Z"): ["Observation"],
    }
    assert all(
        named[p["agent"][0]["who"]["reference"]]["name"][0]["text"] == "Anne Prøve"
        for p in resources(bundle, "Provenance")
    )


@pytest.mark.parametrize("entry", [WOUND, PULSE], ids=lambda entry: entry.kind)
def test_what_was_withdrawn_says_so(entry: Entry) -> None:
    """A condition is refuted, for KL core wants a clinical status; all else is entered in error."""
    bundle = bundle_of(note_with(replace(entry, record_status=RecordStatus.ENTERED_IN_ERROR)))
    if entry is WOUND:
        (condition,) = resources(bundle, "Condition")
        assert condition["clinicalStatus"]["coding"][0]["code"] == "inactive"
        assert condition["verificationStatus"]["coding"][0]["code"] == "refuted"
    else:
        assert resources(bundle, "Observation")[0]["status"] == "entered-in-error"


def test_the_same_note_gives_the_same_identifiers() -> None:
    """Whatever the clock says; another word, signature, visit or citizen gives others."""
    later, _ = kl_core.export(NOTES[0], VISIT, at=AT.replace(hour=12))
    first, _ = kl_core.export(NOTES[0], VISIT, at=AT)
    assert later.filename == first.filename
    assert later.content.replace(b"12:30:00Z", b"08:30:00Z", 1) == first.content
    others = [
        identity(replace(NOTES[0], text=NOTES[0].text + "."), VISIT),
        identity(replace(NOTES[0], entries=NOTES[0].entries[:-1]), VISIT),
        identity(replace(NOTES[0], signed=replace(ANNE, by="Bo")), VISIT),
        identity(NOTES[0], replace(VISIT, citizen="0202020202")),
        identity(NOTES[0], replace(VISIT, end=None)),
    ]
    assert len({*others, identity(NOTES[0], VISIT)}) == 6


def test_file_names_are_safe() -> None:
    """Ids of notes come from elsewhere: no path, no CPR number, never empty or endless."""
    for identifier in ("../../etc/passwd", "a/b\\c:d", "010101-0101", "   ", "." * 300, "x" * 300, "CON\n"):
        bundle, _ = kl_core.export(replace(NOTES[1], id=identifier), VISIT, at=AT)
        assert len(bundle.filename) < 120
        assert not set(bundle.filename) & set("/\\:\n ")
        assert not bundle.filename.startswith((".", "-"))
        assert "0101" not in bundle.filename.split("-")[0]


def test_titles_are_the_current_ones() -> None:
    """What stands in the draft doesn't matter; a term that we show corrected is sent as the system has it."""
    (condition,) = resources(bundle_of(note_with(WOUND)), "Condition")
    assert condition["code"]["coding"][0]["display"] == "Problemer med andre sår"
    corrected = Coding(
        system=FSIII, code="52de9a13-8605-4a80-8a40-78101a55c4a3", display="Praktisk hjælp i hjemmet"
    )
    done = replace(WOUND, kind=Kind.INTERVENTION, assertion=Assertion.COMPLETED, coding=corrected)
    (procedure,) = resources(bundle_of(note_with(done)), "Procedure")
    assert procedure["code"]["coding"][0]["display"] == "Praktisk hjaelp i hjemmet"


@pytest.mark.parametrize(
    "entry",
    [
        replace(WOUND, coding=Coding(system=FSIII, code="7fc48908-33a5-42bf-9d30-feb346e3af21", display="")),
        replace(WOUND, coding=Coding(system=FSIII, code="1bb534f3-e526-41a9-b9c3-6157ea19c915", display="")),
        replace(WOUND, coding=Coding(system=FSIII, code="I4.4", display="")),
        replace(WOUND, coding=Coding(system=FSIII, code="76878386-b3d2-4320-828a-a700e8a66234", display="")),
        replace(
            WOUND, coding=Coding(system="urn:x", code="24d20243-e3f1-4258-a4de-450774fea13c", display="")
        ),
        replace(WOUND, coding=None),
        replace(PULSE, unit="Cel"),
        replace(PULSE, unit=None),
        replace(PULSE, value="76"),
        replace(PULSE, value=None),
        replace(PULSE, coding=Coding(system=FSIII, code="NPU21692", display="")),
        replace(
            PULSE, coding=Coding(system="urn:oid:1.2.208.176.2.1", code="NPU27280", display=""), unit="%"
        ),
        replace(
            PULSE, coding=Coding(system="urn:oid:1.2.208.176.2.1", code="NPU03987", display=""), unit=None
        ),
    ],
)
def test_what_may_not_be_written_is_refused(entry: Entry) -> None:
    """Retired, heading, old code, wrong area, wrong system, no code, wrong or missing unit or value."""
    with pytest.raises(ExportError, match="Nothing was exported"):
        kl_core.export(note_with(entry), VISIT, at=AT)


@pytest.mark.parametrize(
    "note",
    [
        note_with(
            replace(WOUND, signed=None, review=Review.SUGGESTED, record_status=RecordStatus.PRELIMINARY)
        ),
        note_with(WOUND, replace(WOUND, id="f", signed=None, review=Review.ACCEPTED)),
        Note(id="n", text="Alt vel.", entries=()),
        Note(id="n", text="Alt vel.", entries=(replace(WOUND, signed=None, review=Review.REJECTED),)),
    ],
)
def test_what_nobody_signed_is_refused(note: Note) -> None:
    """A suggestion, an accepted entry without signature, a text that nobody stands for."""
    with pytest.raises(NotSignedError, match="note number 1"):
        kl_core.export(note, VISIT, at=AT)


def test_an_odd_value_is_carried_and_told() -> None:
    """A pulse of 400 is what the nurse signed; the report says that it is odd."""
    note = note_with(replace(PULSE, value=400))
    assert resources(bundle_of(note), "Observation")[0]["valueQuantity"]["value"] == 400
    (remark,) = kl_core.remarks(note)
    assert not remark.left_out
    assert "far from what is usual" in remark.rule


def concepts(*kinds: str) -> list[Coding]:
    """Return every code of these areas that may be written."""
    return [
        Coding(system=c.system, code=c.code, display=c.display)
        for c in load().concepts
        if c.kind in kinds and c.leaf and c.status is Status.CURRENT
    ]


CONDITIONS = concepts("helbredstilstand", "funktionsevnetilstand")
INTERVENTIONS = concepts("indsats_sygepleje", "indsats_pleje_omsorg")
words = st.text(st.characters(exclude_categories=["Cs", "Cc", "Cn"]), min_size=1, max_size=20)


@st.composite
def signed_entries(draw: st.DrawFn, text: str, identifier: str) -> Entry:
    """Any entry that may be written."""
    start = draw(st.integers(0, len(text) - 1))
    end = draw(st.integers(start + 1, len(text)))
    kind = draw(st.sampled_from(Kind))
    base = Entry(
        id=identifier,
        kind=kind,
        assertion=Assertion.MEASURED,
        coding=None,
        start=start,
        end=end,
        evidence=text[start:end],
        review=draw(st.sampled_from([Review.ACCEPTED, Review.CHANGED, Review.ADDED])),
        record_status=draw(st.sampled_from(sorted(set(RecordStatus) - {RecordStatus.PRELIMINARY}))),
        signed=Signature(by=draw(st.sampled_from(["Anne Prøve", "Bo"])), role="Assistent", at=AT),
    )
    if kind is Kind.CONDITION:
        assertions = ("present", "absent", "historical", "suspected", "other_person")
        return replace(
            base,
            assertion=Assertion(draw(st.sampled_from(assertions))),
            coding=draw(st.sampled_from(CONDITIONS)),
            level=draw(st.none() | st.integers(0, 4)),
        )
    if kind is Kind.INTERVENTION:
        assertion = Assertion(draw(st.sampled_from(("completed", "planned", "not_done"))))
        return replace(base, assertion=assertion, coding=draw(st.sampled_from(INTERVENTIONS)))
    if kind is Kind.MEDICATION:
        said = [draw(st.none() | words) for _ in range(3)]
        assertion = Assertion(draw(st.sampled_from(("given", "planned", "not_given"))))
        name = draw(words.filter(str.strip))
        return replace(base, assertion=assertion, name=name, dose=said[0], route=said[1], time=said[2])
    found = draw(st.sampled_from(load().observations))
    coding = Coding(system=found.system, code=found.code, display=found.display)
    if found.value_type is ValueType.ORDINAL:
        return replace(base, coding=coding, value=draw(st.sampled_from(ORDINALS)))
    whole = st.integers(0, 300)
    value = draw(whole if found.value_type is ValueType.INTEGER else whole | st.floats(0, 300))
    return replace(base, coding=coding, value=value, unit=found.unit)


@st.composite
def signed_notes(draw: st.DrawFn) -> Note:
    """Any note that may be written."""
    text = draw(st.text(st.characters(exclude_categories=["Cs", "Cc", "Cn"]), min_size=1, max_size=60))
    text += draw(st.sampled_from(["", "\n\nslut", "\r\n <&>"]))
    entries = tuple(draw(signed_entries(text, f"e{n}")) for n in range(draw(st.integers(0, 6))))
    return Note(id=draw(words), text=text, entries=entries, signed=draw(st.just(ANNE)))


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(note=signed_notes(), visit=st.sampled_from([VISIT, BARE]))
def test_every_bundle_keeps_the_rules(note: Note, visit: Visit) -> None:
    """Whatever may be signed makes a bundle without a finding, with one citizen and the note's whole text."""
    bundle, remarks = kl_core.export(note, visit, at=AT)
    content = json.loads(bundle.content)
    assert check(content) == ()
    assert bundle.format is Format.KL_CORE
    assert [p["identifier"][0]["value"] for p in resources(content, "Patient")] == ["0101010101"]
    left_out = {remark.entry for remark in remarks if remark.left_out}
    assert {*bundle.entry_ids, *left_out} == {entry.id for entry in note.entries}
    if note.text.strip():
        (encounter,) = resources(content, "Encounter")
        assert "".join(ET.fromstring(encounter["text"]["div"]).itertext()) == note.text  # noqa: S314 - our own


def meaning(entry: Entry) -> tuple[object, ...]:
    """Return what of an entry a bundle carries; of what was withdrawn it is not told how it was said."""
    withdrawn = entry.record_status is RecordStatus.ENTERED_IN_ERROR
    concept = load().by_code.get(entry.coding.code) if entry.coding else None
    is_functional = concept is not None and concept.kind == "funktionsevnetilstand"
    said = entry.assertion if not withdrawn or entry.assertion is Assertion.PLANNED else None
    if withdrawn and entry.kind in {Kind.CONDITION, Kind.MEDICATION}:
        said = None
    parts = [part if part and part.strip() else None for part in (entry.dose, entry.route, entry.time)]
    return (
        entry.kind,
        said,
        entry.coding and (entry.coding.system, entry.coding.code),
        entry.evidence if entry.evidence.strip() else "",
        entry.value,
        entry.unit,
        entry.level if is_functional else None,
        entry.name,
        *parts,
        entry.record_status,
        entry.signed,
    )


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(note=signed_notes(), visit=st.sampled_from([VISIT, BARE]))
def test_a_bundle_read_back_gives_the_same_entries(note: Note, visit: Visit) -> None:
    """Text, signature, and of each entry everything that KL core has a place for."""
    bundle, _ = kl_core.export(note, visit, at=AT)
    back = read_note(json.loads(bundle.content))
    assert back.text == (note.text if note.text.strip() else "")
    assert back.signed == note.signed
    carried = [entry for entry in note.entries if entry.id in bundle.entry_ids]
    assert [meaning(entry) for entry in back.entries] == [meaning(entry) for entry in carried]
