"""Other programs' formats: what is written is valid and read back the same; what is foreign is refused."""

import csv
import io
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from terminology.concept import FSIII
from terminology.errors import TerminologyError
from terminology.maintain import fhir, mappings, sssom, tables
from terminology.maintain.importing import prepare, read_wordings
from terminology.maintain.located_json import Located, parse
from terminology.overlay.base import Base, lines
from terminology.overlay.desk import Desk
from terminology.overlay.store import Store
from terminology.release import load

if TYPE_CHECKING:
    from collections.abc import Callable

SMERTER = "5b6f5ce1-24b0-486d-8bbb-f9711fec92dd"
TRYKSAAR = "bb0ea5fa-3462-40de-9047-a16fc4815a47"
SAARBEHANDLING = "76878386-b3d2-4320-828a-a700e8a66234"
OWN = {
    (SMERTER, "present", "sviger i lysken"),
    (SMERTER, "present", "=nap"),
    (SMERTER, "present", "{ondt} & (nat|aften) & !(dag)"),
    (SMERTER, "absent", "helt uden ubehag"),
    (SMERTER, "blocked", "hovedpine over regnskabet"),
    (SAARBEHANDLING, "completed", "plaster på"),
    (SAARBEHANDLING, "not_done", "plaster droppet"),
    (TRYKSAAR, "suspected", "truende hæl @unsure"),
}
FOREIGN_SUPPLEMENT = """
{"resourceType": "CodeSystem", "status": "active", "content": "supplement", "supplements": "urn:x"}
"""


@pytest.fixture
def filled(desk: Desk) -> Desk:
    """Give an overlay with accepted wordings of every sort."""
    for code, section, text in sorted(OWN):
        desk.accept(desk.propose(code, section, text, by="Anna", why="x"), by="Bo", why="y")
    return desk


@pytest.fixture
def other(base: Base, tmp_path: Path) -> Desk:
    """Give the empty overlay of another site."""
    return Desk(base=base, store=Store(tmp_path / "other"))


def own_lines(desk: Desk) -> list[Any]:
    """Return the site's lines in use."""
    return [one for one in lines(desk.laid().spoken) if one.line.source.startswith("overlay/")]


def written(desk: Desk, form: str) -> str:
    """Export the site's wordings."""
    if form == "json":
        resource = fhir.supplement(desk.base.release, own_lines(desk), name="site")
        fhir.check(resource, file="export")
        return json.dumps(resource, ensure_ascii=False)
    delimiter = ";" if form == "csv" else "\t"
    return tables.write_table(own_lines(desk), frozenset(), delimiter=delimiter)


@pytest.mark.parametrize("form", ["json", "csv", "tsv"])
def test_wordings_come_back_from_every_format(filled: Desk, other: Desk, tmp_path: Path, form: str) -> None:
    """Code, section and text of each, patterns and marks included; a second import finds nothing new."""
    file = tmp_path / f"site.{form}"
    file.write_text(written(filled, form), encoding="utf-8")
    found = prepare(read_wordings(file, other), other, by="Carl", why="fra nabokommunen")
    assert found.faults == ()
    other.propose_all(found.wordings)
    assert {(one.code, one.section, one.text) for one in other.queue()} == OWN
    again = prepare(read_wordings(file, other), other, by="Carl", why="igen")
    assert (again.wordings, again.known) == ((), len(OWN))


def test_a_supplement_shows_only_plain_wordings_as_designations(filled: Desk) -> None:
    """Patterns, normality and look-alikes would be wrong synonyms in another program."""
    resource = json.loads(written(filled, "json"))
    shown = {term["value"] for concept in resource["concept"] for term in concept.get("designation", [])}
    assert shown == {"sviger i lysken", "plaster på"}
    assert resource["content"] == "supplement"
    assert resource["supplements"] == f"{FSIII}|20240530"


def test_a_spreadsheet_runs_no_wording_as_a_formula(filled: Desk) -> None:
    """No cell of the CSV file begins with a sign that a spreadsheet would calculate."""
    rows = list(csv.reader(io.StringIO(written(filled, "csv").lstrip("\ufeff")), delimiter=";"))
    assert any(cell == "'=nap" for row in rows for cell in row)
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@"))]


def test_the_code_system_is_valid_and_complete() -> None:
    """Every concept once, with status, in KL's own spelling."""
    resource = fhir.code_system(load())
    fhir.check(resource, file="export")

    def walk(concepts: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [one for concept in concepts for one in (concept, *walk(concept.get("concept", [])))]

    found = {concept["code"]: concept for concept in walk(resource["concept"])}
    assert len(found) == resource["count"] == 414
    misspelt = load().by_short_code["Praktisk_hjaelp_i_hjemmet"].code
    assert found[misspelt]["display"] == "Praktisk hjaelp i hjemmet"
    assert {"code": "status", "valueCode": "retired"} in found[load().by_short_code["I9.1"].code]["property"]


@pytest.mark.parametrize("kind", ["counterparts", "successors", "measurements"])
def test_concept_maps_are_valid(base: Base, kind: str) -> None:
    """Each sort of link; one without links is valid too."""
    links: dict[str, Callable[[], Any]] = {
        "counterparts": lambda: mappings.counterparts(base.release, base.spoken),
        "successors": lambda: mappings.successors(base.release, {TRYKSAAR: SMERTER}),
        "measurements": lambda: mappings.measurements(base.release),
    }
    resource = fhir.concept_map(base.release, tuple(links[kind]()), name=kind, title=kind)
    fhir.check(resource, file="export")
    assert resource["group"]
    empty = fhir.concept_map(base.release, (), name=kind, title=kind)
    fhir.check(empty, file="export")
    assert "group" not in empty


def test_successors_come_back_from_sssom(base: Base, tmp_path: Path) -> None:
    """Only those: counterparts and measurements in the same table are passed over."""
    links = [
        *mappings.successors(base.release, {TRYKSAAR: SMERTER}),
        *mappings.counterparts(base.release, base.spoken),
        *mappings.measurements(base.release),
    ]
    file = tmp_path / "links.sssom.tsv"
    file.write_text(sssom.write_sssom(base.release, links), encoding="utf-8")
    ((old, new, place),) = sssom.read_successors(file)
    assert (old, new) == (TRYKSAAR, SMERTER)
    assert place.startswith("links.sssom.tsv, line ")
    text = file.read_text(encoding="utf-8")
    head = [line for line in text.splitlines() if line.startswith("#  ")]
    prefixes = {line.split(":")[0].strip("# ") for line in head}
    used = {
        cell.split(":")[0]
        for line in text.splitlines()[14:]
        for cell in line.split("\t")[0:4:2]
        if ":" in cell
    }
    assert used <= prefixes


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("code;section\n", 'line 1: the column "wording" is missing'),
        ("code;section;wording\nx;present\n", "line 2: it has not as many columns"),
        ("code;section;wording\nx;present;a;b\n", "line 2: it has not as many columns"),
        ('code;section;wording\nx;present;"a\n', "line 2: "),
        ("", "is empty"),
        ("\0\0", "is no text file"),
    ],
)
def test_a_damaged_table_is_refused(other: Desk, tmp_path: Path, content: str, reason: str) -> None:
    """File, line and reason."""
    file = tmp_path / "in.csv"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(TerminologyError, match=r"in.csv") as caught:
        read_wordings(file, other)
    assert reason in str(caught.value)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("{", "line 1: it is not JSON"),
        ("[]", "is not a FHIR resource"),
        ("{}", '"None" is not a CodeSystem'),
        ('{"resourceType": "Patient"}', '"Patient" is not a CodeSystem'),
        ('{"resourceType": "CodeSystem"}', "is not valid FHIR"),
        ('{"resourceType": "CodeSystem", "status": "active", "content": "complete"}', "a whole code system"),
        (FOREIGN_SUPPLEMENT, 'supplements "urn:x"'),
        ("[" * 100_000, "nested too deep"),
        ('{"a":' * 100_000, "nested too deep"),
    ],
)
def test_a_foreign_resource_is_refused(other: Desk, tmp_path: Path, content: str, reason: str) -> None:
    """Not JSON, not FHIR, not a supplement, of another code system, or made to break a program."""
    file = tmp_path / "in.json"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(TerminologyError, match=r"in.json") as caught:
        read_wordings(file, other)
    assert reason in str(caught.value)


def test_every_wrong_line_is_listed_and_nothing_imported(other: Desk, tmp_path: Path) -> None:
    """Unknown code, wrong section, no expression, a clash, and a clash within the file."""
    file = tmp_path / "in.tsv"
    rows = [
        ("00000000-0000-0000-0000-000000000000", "present", "a"),
        (SMERTER, "completed", "b"),
        (SMERTER, "present", "(c"),
        (TRYKSAAR, "present", "jamrer sig"),
        (SMERTER, "present", "nyt ord"),
        (TRYKSAAR, "present", "nyt ord"),
        (SMERTER, "present", "jamrer sig"),
        (SMERTER, "present", "nyt ord"),
    ]
    text = "code\tsection\twording\n" + "".join("\t".join(row) + "\n" for row in rows)
    file.write_text(text, encoding="utf-8")
    found = prepare(read_wordings(file, other), other, by="Carl", why="x")
    assert [fault.place for fault in found.faults] == [f"in.tsv, line {line}" for line in (2, 3, 4, 5, 7)]
    assert [wording.text for wording in found.wordings] == ["nyt ord"]
    assert found.known == 2
    assert other.store.wordings() == ()


def test_reasons_of_a_table_are_kept(other: Desk, tmp_path: Path) -> None:
    """A column "why" gives each wording its own reason."""
    file = tmp_path / "in.csv"
    file.write_text(f"wording,code,section,why\nsviger,{SMERTER},present,hørt i nord\n", encoding="utf-8")
    (made,) = prepare(read_wordings(file, other), other, by="Carl", why="import").wordings
    assert made.events[0].why == "hørt i nord"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


@given(JSON, st.sampled_from([None, 1, 4]))
def test_located_json_reads_what_json_reads(data: object, indent: int | None) -> None:
    """The same values, and every object on its line."""
    text = json.dumps(data, indent=indent, ensure_ascii=False)
    found = parse(text, file="x")
    assert found == data
    if isinstance(found, Located):
        assert found.line == 1


def test_located_json_knows_lines() -> None:
    """An object inside another, after text with escaped line ends."""
    found = parse('{"a": "x\\n\\n",\n "b": [{},\n\n {"c": 1}]}', file="x")
    assert [one.line for one in found["b"]] == [2, 4]


@pytest.mark.parametrize("size", [65 * 1024 * 1024])
def test_a_huge_file_is_refused_before_it_is_read(other: Desk, tmp_path: Path, size: int) -> None:
    """A disk image by mistake is one sentence."""
    file = tmp_path / "huge.csv"
    with file.open("wb") as out:
        out.truncate(size)
    with pytest.raises(TerminologyError, match="more than 64 MB"):
        read_wordings(file, other)
