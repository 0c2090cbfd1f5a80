"""The shipped terminology release, and what the strict reader refuses."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import terminology
from terminology.concept import FSIII, Concept, Status, Use
from terminology.errors import TerminologyError
from terminology.files import digest
from terminology.lint import lint, tree_order
from terminology.manifest import NAME, pinned_files, read_manifest, write_manifest
from terminology.observation import ValueType
from terminology.release import Release, load, read

SHIPPED = Path(terminology.__file__).parent / "data"
TREE = "fsiii/opfoelgning.tsv"
TRYKSAAR = "bb0ea5fa-3462-40de-9047-a16fc4815a47"


def copy(target: Path) -> Path:
    """Copy the code files and the manifest."""
    shutil.copytree(SHIPPED / "fsiii", target / "fsiii")
    for name in ("observations.tsv", "tobs.tsv", NAME):
        shutil.copy(SHIPPED / name, target / name)
    return target


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give a copy of the release that a test may damage."""
    return copy(tmp_path)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give one copy for all rounds of a property test, which puts back what it changes."""
    return copy(tmp_path_factory.mktemp("release"))


def edit(path: Path, change: Callable[[list[str]], None]) -> None:
    """Change the lines of a file in place."""
    lines = path.read_text(encoding="utf-8").split("\n")
    change(lines)
    path.write_text("\n".join(lines), encoding="utf-8", newline="\n")


def put(path: Path, line: int, column: int, cell: str) -> None:
    """Replace one cell; lines count from 1, columns from 0."""

    def change(lines: list[str]) -> None:
        cells = lines[line - 1].split("\t")
        cells[column] = cell
        lines[line - 1] = "\t".join(cells)

    edit(path, change)


def leaves(release: Release, area: str) -> list[Concept]:
    """Return what may be written to a record in an area."""
    return [c for c in release.concepts if c.kind == area and c.leaf and c.status is Status.CURRENT]


def test_the_release_holds_every_area() -> None:
    """All concepts of the code system are there, each area under one top concept."""
    release = load()
    assert len(release.concepts) == 414
    assert len(release.areas) == 17
    assert all(len(release.roots(area)) == 1 for area in release.areas)
    assert {concept.version for concept in release.concepts} == {"20240530"}
    assert {concept.system for concept in release.concepts} == {FSIII}


@pytest.mark.parametrize(
    ("area", "count"),
    [
        ("helbredstilstand", 23),
        ("funktionsevnetilstand", 12),
        ("indsats_sygepleje", 40),
        ("indsats_pleje_omsorg", 40),
    ],
)
def test_the_coded_areas_have_their_current_leaves(area: str, count: int) -> None:
    """The number of concepts to document with is known; a change of status must be meant."""
    assert len(leaves(load(), area)) == count


def test_a_concept_knows_its_place() -> None:
    """Parents, children, old code, terms and the file line of each are at hand."""
    release = load()
    concept = release.by_code[TRYKSAAR]
    assert concept is release.by_short_code["I4.4"]
    assert concept.display == "Problemer med tryksår"
    assert [parent.display for parent in release.ancestors(concept)] == [
        "Hud og slimhinder",
        "Kommunale sygeplejetilstande",
    ]
    assert concept in release.children[concept.parents[0]]
    assert concept.designations[0].use is Use.PREFERRED
    file, line = concept.designations[0].source.split(":")
    assert TRYKSAAR in (SHIPPED / file).read_text(encoding="utf-8").split("\n")[int(line) - 1]


def test_synonyms_of_the_source_are_kept() -> None:
    """The source's second terms are designations of their own."""
    terms = load().by_short_code["I4.9"].designations
    assert [(term.value, term.use) for term in terms][1:] == [
        ("Andre problemer med hud og slimhinder", Use.SYNONYM)
    ]


def test_misspelt_terms_are_corrected_openly() -> None:
    """A corrected term keeps the source's spelling and says so in its note."""
    release = load()
    concept = release.by_short_code["Praktisk_hjaelp_i_hjemmet"]
    assert concept.display == "Praktisk hjælp i hjemmet"
    assert release.source_displays[concept.code] == "Praktisk hjaelp i hjemmet"
    assert "Stavefejl" in concept.note
    assert len(release.source_displays) == 3


def test_inferred_statuses_say_from_what() -> None:
    """Outgoing concepts are retired, with the reason; childless headings are never written."""
    release = load()
    assert release.by_short_code["I9.1"].status is Status.RETIRED
    assert release.inferred[release.by_short_code["I9.1"].code] == "outgoing"
    assert release.by_short_code["I12.2"].status is Status.RETIRED
    assert release.by_short_code["Problemer_med_vandladning"].status is Status.CURRENT
    for heading in ("H1", "H1b", "H1c", "H2"):
        assert release.by_short_code[heading].status is Status.RETIRED


def test_functional_levels_have_their_codes() -> None:
    """The levels 0 to 4 and 9 lead to a concept each."""
    levels = load().levels
    assert list(levels) == [0, 1, 2, 3, 4, 9]
    assert levels[2].code == "d984ad21-48fe-4619-845e-2aa0303048e7"


def test_measurements_have_units_that_exports_can_use() -> None:
    """Units are UCUM, and a value far off is flagged."""
    by_key = load().observation_by_key
    assert by_key["bmi"].unit == "kg/m2"
    assert by_key["creatinine"].unit == "umol/L"
    assert by_key["saturation"].unit == "%"
    assert by_key["urine_nitrite"].value_type is ValueType.ORDINAL
    assert by_key["urine_nitrite"].unit is None
    assert by_key["temperature"].is_plausible(38.7)
    assert not by_key["temperature"].is_plausible(83.7)
    assert "NPU02636" not in load().observation_by_code


def test_tobs_scores_what_was_published() -> None:
    """One value at each edge of a few ranges gets its points."""
    limits = load().tobs
    for key, value, points in [
        ("pulse", 130, 3),
        ("pulse", 39, 2),
        ("pulse", 40, 1),
        ("respiration", 25, 3),
        ("temperature", 37.9, 0),
        ("temperature", 38.0, 1),
        ("blood_pressure_systolic", 100, 0),
        ("consciousness", 1, 1),
    ]:
        assert {limit.points for limit in limits if limit.key == key and limit.covers(value)} == {points}


def test_the_shipped_release_has_nothing_to_mend() -> None:
    """The linter is silent on what we ship."""
    assert lint(load()) == ()


def test_the_release_is_read_once() -> None:
    """A second load gives the same object."""
    assert load() is load()


@pytest.mark.parametrize(
    ("line", "column", "cell", "reason"),
    [
        (3, 0, "not-a-uuid", "is not a UUID"),
        (3, 0, "9C90B0E5-9C0A-4B72-A18C-76CD6D6C6213", "is not a UUID in lower case"),
        (4, 1, "E1", 'the short code "E1" stands already at fsiii/opfoelgning.tsv:3'),
        (3, 1, "", 'the column "short_code" is empty'),
        (3, 2, "00000000-0000-0000-0000-000000000000", "is unknown"),
        (3, 2, "fa6aa904-d06e-4029-b4c4-13ead04ace27", "belongs to another area"),
        (2, 2, "9c90b0e5-9c0a-4b72-a18c-76cd6d6c6213", "is circular"),
        (3, 3, "yes", "is neither 0 nor 1"),
        (3, 4, "draft", 'the status "draft" is neither "current" nor "retired"'),
        (3, 6, "", 'the column "display" is empty'),
        (3, 6, "Fortsættes ", "needless spaces"),
        (3, 9, "a\tb", "11 columns where 10 are asked for"),
    ],
)
def test_a_wrong_cell_is_refused_with_its_line(
    folder: Path, line: int, column: int, cell: str, reason: str
) -> None:
    """Each kind of error in a concept names the file, the line and the reason."""
    put(folder / TREE, line, column, cell)
    with pytest.raises(TerminologyError) as caught:
        read(folder)
    assert str(caught.value).startswith(f"{TREE}, line {line}: ")
    assert reason in str(caught.value)


def test_a_code_that_stands_twice_is_refused(folder: Path) -> None:
    """The same code in two areas is found, and both places are named."""
    put(folder / "fsiii/udfoerelse.tsv", 3, 0, TRYKSAAR)
    with pytest.raises(TerminologyError, match=r"udfoerelse.tsv, line 3: .*helbredstilstand.tsv:"):
        read(folder)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "line 1: the last line has no line end|line 1: the header"),
        (b"code\tdisplay\n", "line 1: the header is not"),
        (b"\xef\xbb\xbfcode\n", "line 1: it holds a byte order mark"),
        (b"code\r\n", "line 1: it holds a carriage return"),
        (b"code\n\x00\n", "line 2: it holds a control character"),
        (b"code\nF\xe6lles\n", "line 2: it is not UTF-8"),
        ("code\na\u030a\n".encode(), "line 2: its letters are not in composed form"),
        (b"code\ncut sho", "line 2: the last line has no line end"),
    ],
)
def test_a_damaged_table_is_refused_with_its_line(folder: Path, content: bytes, reason: str) -> None:
    """Wrong bytes are refused before anything is parsed from them."""
    (folder / TREE).write_bytes(content)
    with pytest.raises(TerminologyError, match=reason):
        read(folder)


@pytest.mark.parametrize(
    ("place", "cell", "reason"),
    [
        (("observations.tsv", 2, 0), "Blood pressure", "is not made of small letters"),
        (("observations.tsv", 2, 1), "urn:oid:1.2.3", "the code system"),
        (("observations.tsv", 3, 2), "DNK05472", '"DNK05472" stands already at observations.tsv:2'),
        (("observations.tsv", 2, 5), "panel", 'the type "panel" is unknown'),
        (("observations.tsv", 2, 6), "", 'the column "unit" is empty'),
        (("observations.tsv", 2, 7), "5o", '"5o" in the column "low" is not a number'),
        (("observations.tsv", 2, 7), "nan", "is not a number"),
        (("observations.tsv", 2, 7), "300", "the plausible range"),
        (("observations.tsv", 2, 9), "1.5", "is not a whole number"),
        (("observations.tsv", 11, 9), "1", "1 decimals do not fit the type integer"),
        (("observations.tsv", 31, 7), "0", "an ordinal has neither unit nor range"),
        (("tobs.tsv", 2, 0), "mood", 'the observation "mood" is unknown'),
        (("tobs.tsv", 3, 1), "12", "the range needs a low"),
        (("tobs.tsv", 2, 3), "4", "4 points are not 0 to 3"),
    ],
)
def test_a_wrong_measurement_is_refused_with_its_line(
    folder: Path, place: tuple[str, int, int], cell: str, reason: str
) -> None:
    """Each kind of error in a measurement or a TOBS limit names the file, the line and the reason."""
    file, line, column = place
    put(folder / file, line, column, cell)
    with pytest.raises(TerminologyError) as caught:
        read(folder)
    assert str(caught.value).startswith(f"{file}, line {line}: ")
    assert reason in str(caught.value)


def test_a_changed_file_is_refused_although_it_can_be_read(folder: Path) -> None:
    """A well-formed change that nobody pinned is named with both checksums."""
    put(folder / TREE, 3, 6, "Fortsætter")
    with pytest.raises(TerminologyError, match=r"opfoelgning.tsv is not the file that manifest.toml pins"):
        read(folder)
    assert read(folder, pinned=False).by_short_code["E1"].display == "Fortsætter"


def test_a_missing_file_is_refused(folder: Path) -> None:
    """An area that vanished is not silently empty."""
    (folder / TREE).unlink()
    with pytest.raises(TerminologyError, match=r"opfoelgning.tsv is in manifest.toml but missing"):
        read(folder)


def test_a_foreign_file_is_refused(folder: Path) -> None:
    """A table that was added beside the pinned ones is not read as part of the release."""
    header = (folder / TREE).read_text(encoding="utf-8").split("\n")[0]
    (folder / "fsiii/local.tsv").write_text(header + "\n", encoding="utf-8")
    with pytest.raises(TerminologyError, match=r"local.tsv is not in manifest.toml"):
        read(folder)


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("format = 1", "format = 2", "has format 2, this program reads 1"),
        ("format = 1", "format = ", "is damaged: .*line"),
        ('version = "0.1.0"', "version = 1", "garbles"),
        ('version = "0.1.0"\n', "", "lacks or garbles the field 'version'"),
        ("urn:oid:1.2.208.176.2.21", "urn:oid:1.2.3", "names no source"),
    ],
)
def test_a_wrong_manifest_is_refused(folder: Path, old: str, new: str, reason: str) -> None:
    """A manifest of another format, or a damaged one, is refused with the reason."""
    text = (folder / NAME).read_text(encoding="utf-8")
    assert old in text
    (folder / NAME).write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(TerminologyError, match=reason):
        read(folder)


def test_a_folder_without_a_release_is_refused(tmp_path: Path) -> None:
    """An empty folder is named, not read as an empty release."""
    with pytest.raises(TerminologyError, match=r"Cannot read manifest.toml"):
        read(tmp_path)
    shutil.copy(SHIPPED / NAME, tmp_path / NAME)
    with pytest.raises(TerminologyError, match="holds no terminology release"):
        read(tmp_path)
    (tmp_path / "fsiii").mkdir()
    with pytest.raises(TerminologyError, match="holds no terminology release"):
        read(tmp_path)


def test_a_written_manifest_reads_back(folder: Path) -> None:
    """Writing what was read changes nothing, not even a byte."""
    before = (folder / NAME).read_bytes()
    write_manifest(folder, read_manifest(folder))
    assert (folder / NAME).read_bytes() == before
    assert sorted(path.name for path in folder.iterdir()) == ["fsiii", NAME, "observations.tsv", "tobs.tsv"]


def test_every_pinned_file_has_its_checksum() -> None:
    """The manifest pins exactly the code files, by SHA-256."""
    pinned = read_manifest(SHIPPED).files
    assert set(pinned) == set(pinned_files(SHIPPED))
    assert all(digest((SHIPPED / file).read_bytes()) == checksum for file, checksum in pinned.items())


def test_lint_finds_what_the_reader_lets_pass(folder: Path) -> None:
    """Order, leaves, statuses, corrections, units and TOBS gaps are each found with their place."""
    edit(folder / TREE, lambda lines: lines.insert(2, lines.pop(3)))
    put(folder / "fsiii/udfoerelse.tsv", 3, 3, "0")
    put(folder / "fsiii/helbredstilstand.tsv", 4, 4, "current")
    put(folder / "fsiii/helbredstilstand.tsv", 5, 7, "Problemer")
    put(folder / "observations.tsv", 2, 6, "mm Hg²")
    put(folder / "tobs.tsv", 3, 1, "10")
    found = {finding.place: finding.message for finding in lint(read(folder, pinned=False))}
    assert "is not sorted" in found[f"{TREE}:3"]
    assert "no children" in found["fsiii/udfoerelse.tsv:3"]
    assert 'contradicts "outgoing"' in found["fsiii/helbredstilstand.tsv:4"]
    assert "corrected term" in found["fsiii/helbredstilstand.tsv:5"]
    assert "is not UCUM" in found["observations.tsv"]
    assert found["tobs.tsv"] == "respiration: no limit covers 9"


@pytest.mark.parametrize(
    ("line", "column", "cell", "message"),
    [
        (3, 2, "", "the area has 2 top concepts"),
        (2, 3, "1", "marked as a leaf but has 4 children"),
        (2, 4, "retired", "retired without a note"),
        (2, 4, "retired", "current below a retired parent"),
        (3, 4, "retired", "retired without a note"),
    ],
)
def test_lint_finds_a_crooked_tree(folder: Path, line: int, column: int, cell: str, message: str) -> None:
    """Top concepts, leaves and statuses that don't fit each other are found."""
    put(folder / TREE, line, column, cell)
    assert any(message in finding.message for finding in lint(read(folder, pinned=False)))


def test_lint_finds_a_term_with_two_codes(folder: Path) -> None:
    """Two current concepts of one group with the same term can't be told apart."""
    lines = (folder / "fsiii/helbredstilstand.tsv").read_text(encoding="utf-8").split("\n")
    line = next(n for n, text in enumerate(lines, 1) if "\tI4.4\t" in text)
    put(folder / "fsiii/helbredstilstand.tsv", line, 6, "Problemer med diabetisk sår")
    found = [finding.message for finding in lint(read(folder, pinned=False))]
    assert any("stands twice in its group" in message for message in found)


def test_lint_finds_limits_that_overlap(folder: Path) -> None:
    """A value with two numbers of points is found."""
    put(folder / "tobs.tsv", 3, 1, "8")
    found = [finding.message for finding in lint(read(folder, pinned=False))]
    assert found == ["respiration: the limits overlap at 8"]


def test_a_manifest_that_cannot_be_written_leaves_nothing(folder: Path, tmp_path: Path) -> None:
    """No half-written file stays behind where the target can't be replaced."""
    manifest = read_manifest(folder)
    target = tmp_path / "elsewhere"
    (target / NAME).mkdir(parents=True)
    with pytest.raises(TerminologyError, match=r"Cannot write .*manifest.toml: "):
        write_manifest(target, manifest)
    assert [path.name for path in target.iterdir()] == [NAME]


def test_tree_order_is_by_number_not_by_letter() -> None:
    """I2 stands before I10, and every child below its parent."""
    concepts = [concept for concept in load().concepts if concept.kind == "helbredstilstand"]
    ordered = tree_order(reversed(concepts))
    assert ordered == tuple(concepts)
    codes = [concept.short_code for concept in ordered]
    assert codes.index("I2") < codes.index("I9.8") < codes.index("I10")


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_no_damage_goes_unnoticed(shared: Path, data: st.DataObject) -> None:
    """Whatever byte of a code file is changed, the release is refused by a TerminologyError."""
    names = [TREE, "fsiii/maaltype.tsv", "observations.tsv", "tobs.tsv"]
    file = shared / data.draw(st.sampled_from(names))
    sound = file.read_bytes()
    damaged = bytearray(sound)
    damaged[data.draw(st.integers(0, len(sound) - 1))] ^= data.draw(st.integers(1, 255))
    file.write_bytes(damaged)
    try:
        with pytest.raises(TerminologyError):
            read(shared)
    finally:
        file.write_bytes(sound)
