"""A new official edition: what it changes, what a human must decide, and a new release from it."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest

from terminology.concept import FSIII, Status
from terminology.errors import TerminologyError
from terminology.lint import lint
from terminology.maintain.fhir import code_system
from terminology.maintain.migrate import apply
from terminology.maintain.migration import Migration, plan
from terminology.maintain.official import read_edition
from terminology.manifest import read_manifest
from terminology.overlay.base import Base
from terminology.release import read
from terminology.vocabulary import read_concepts

NEXT = "20270101"
SMERTER = "5b6f5ce1-24b0-486d-8bbb-f9711fec92dd"
TRYKSAAR = "bb0ea5fa-3462-40de-9047-a16fc4815a47"
FUNKTION = "a3ac7928-77c9-425c-a7f1-1248a3764d0a"
NEW = "11111111-2222-3333-4444-555555555555"


def every(resource: dict[str, Any]) -> list[dict[str, Any]]:
    """Return all concepts of a code system."""
    return [one for child in resource.get("concept", []) for one in (child, *every(child))]


def find(resource: dict[str, Any], code: str) -> dict[str, Any]:
    """Return a concept of a code system."""
    return next(one for one in every(resource) if one["code"] == code)


def drop(resource: dict[str, Any], code: str) -> dict[str, Any]:
    """Take a concept out of a code system."""
    for above in (resource, *every(resource)):
        for child in above.get("concept", []):
            if child["code"] == code:
                above["concept"].remove(child)
                return dict(child)
    raise KeyError(code)


@pytest.fixture
def edition(base: Base) -> dict[str, Any]:
    """Give the code system as its publisher has it, to change."""
    resource = code_system(base.release)
    resource["version"] = NEXT
    for concept in every(resource):
        concept.pop("property", None)  # the publisher states no status
    return resource


def planned(base: Base, edition: dict[str, Any], tmp_path: Path, **successors: str) -> Migration:
    """Write the edition to a file and compare it with the release."""
    file = tmp_path / "edition.json"
    file.write_text(json.dumps(edition, ensure_ascii=False, indent=1), encoding="utf-8")
    chosen = {code.replace("_", "-"): new for code, new in successors.items()}
    return plan(base.release, base.spoken, (), read_edition(file), chosen)


def test_the_same_edition_changes_nothing(base: Base, edition: dict[str, Any], tmp_path: Path) -> None:
    """Inferred statuses and corrected terms stay."""
    found = planned(base, edition, tmp_path)
    assert (found.added, found.retired, found.revived, found.renamed, found.moved) == ((),) * 5
    assert found.orphans == ()


def test_every_sort_of_change_is_reported(base: Base, edition: dict[str, Any], tmp_path: Path) -> None:
    """New, retired, renamed and moved concepts, and those whose wordings need a successor."""
    find(edition, SMERTER)["display"] = "Smerteproblemer"
    gone = drop(edition, TRYKSAAR)
    hud = next(one for one in every(edition) if one["display"] == "Hud og slimhinder")
    hud["concept"].append({"code": NEW, "display": "Problemer med tryksår og trykspor"})
    moved = hud["concept"].pop(0)
    edition["concept"][6]["concept"].append(moved)
    found = planned(base, edition, tmp_path)
    assert [one.code for one in found.added] == [NEW]
    assert [pair.after.code for pair in found.retired] == [gone["code"]]
    assert [pair.after.display for pair in found.renamed] == ["Smerteproblemer"]
    assert [pair.after.code for pair in found.moved] == [moved["code"]]
    (orphan,) = found.undecided
    assert (orphan.concept.code, orphan.shipped) == (TRYKSAAR, 2)
    assert orphan.candidates[0].code == NEW
    new = next(one for one in found.concepts if one.code == NEW)
    assert (new.kind, new.leaf, new.status) == (moved_area(base, gone), True, Status.CURRENT)


def moved_area(base: Base, concept: dict[str, Any]) -> str:
    """Return the area of a concept of the release."""
    return base.release.by_code[concept["code"]].kind


def test_nothing_is_applied_before_a_human_chose(base: Base, edition: dict[str, Any], tmp_path: Path) -> None:
    """The codes are named, and no folder appears."""
    drop(edition, TRYKSAAR)
    found = planned(base, edition, tmp_path)
    with pytest.raises(TerminologyError, match=f"need a successor .* {TRYKSAAR}"):
        apply(base.folder, tmp_path / "next", found, {}, origin="x")
    assert not (tmp_path / "next").exists()


@pytest.mark.parametrize("successor", [FUNKTION.replace("a", "b"), "76878386-b3d2-4320-828a-a700e8a66234"])
def test_a_wrong_successor_is_refused(
    base: Base, edition: dict[str, Any], tmp_path: Path, successor: str
) -> None:
    """Unknown, or of the other family."""
    drop(edition, TRYKSAAR)
    found = planned(base, edition, tmp_path, **{TRYKSAAR: successor})
    with pytest.raises(TerminologyError, match="is no current leaf"):
        apply(base.folder, tmp_path / "next", found, {TRYKSAAR: successor}, origin="x")


def test_an_applied_edition_is_a_sound_release(base: Base, edition: dict[str, Any], tmp_path: Path) -> None:
    """Codes, statuses, wordings and terms are carried over; no code is dropped; lint has nothing to say."""
    find(edition, SMERTER)["display"] = "Smerteproblemer"
    drop(edition, TRYKSAAR)
    drop(edition, FUNKTION)
    found = planned(base, edition, tmp_path, **{TRYKSAAR: SMERTER})
    target = tmp_path / "next"
    changed = apply(base.folder, target, found, {TRYKSAAR: SMERTER}, origin="KL, edition 2027")
    made = read(target, pinned=False)
    assert lint(made) == ()
    assert len(made.concepts) == len(base.release.concepts)
    assert made.by_code[TRYKSAAR].status is Status.RETIRED
    assert made.inferred[TRYKSAAR] == f"outgoing (not in {NEXT})"
    assert made.by_code[SMERTER].display == "Smerteproblemer"
    assert made.source_displays == base.release.source_displays
    source = next(one for one in read_manifest(target).sources if one.system == FSIII)
    assert (source.version, source.origin) == (NEXT, "KL, edition 2027")
    spoken = {one.code: one for one in read_concepts(target)}
    assert TRYKSAAR not in spoken
    assert spoken[SMERTER].display == "Smerteproblemer"
    assert [line.text for line in spoken[SMERTER].sections["present"]][-2:] == [
        "(liggesår|trykspor)",
        "rød på sædet",
    ]
    assert all(not one.alternatives for one in spoken.values())  # the counterpart is retired
    assert any("tryksaar" in file for file in changed)
    with pytest.raises(TerminologyError, match="exists already"):
        apply(base.folder, target, found, {TRYKSAAR: SMERTER}, origin="x")


def as_table(edition: dict[str, Any]) -> str:
    """Return the edition as a table."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";")
    writer.writerow(("system", "code", "display", "parent_code"))

    def walk(above: dict[str, Any], parent: str) -> None:
        for child in above.get("concept", []):
            writer.writerow((FSIII, child["code"], child["display"], parent))
            walk(child, child["code"])

    walk(edition, "")
    return out.getvalue()


def test_a_table_is_read_as_a_code_system_is(base: Base, edition: dict[str, Any], tmp_path: Path) -> None:
    """With the version given beside it."""
    file = tmp_path / "edition.csv"
    file.write_text(as_table(edition), encoding="utf-8")
    with pytest.raises(TerminologyError, match="--official-version"):
        plan(base.release, (), (), read_edition(file), {})
    found = plan(base.release, (), (), read_edition(file), {}, version=NEXT)
    assert (found.added, found.retired, found.renamed, found.moved) == ((),) * 4


def test_an_older_edition_is_refused(base: Base, edition: dict[str, Any], tmp_path: Path) -> None:
    """The version in use is named."""
    edition["version"] = "20230622"
    with pytest.raises(TerminologyError, match="older than 20240530"):
        planned(base, edition, tmp_path)


@pytest.mark.parametrize(
    ("old", "new", "line", "reason"),
    [
        (f"{SMERTER};", "I1.2;", None, "is not a UUID"),
        (f"{SMERTER};", f"{TRYKSAAR};", None, "stands already at"),
        (";Problemer med smerter;", ";;", None, "the term is empty"),
        ("code;display", "kode;display", 1, 'the column "code" is missing'),
        (f"{FSIII};{SMERTER}", f"http://snomed.info/sct;{SMERTER}", None, "is not Fælles Sprog III"),
    ],
)
def test_a_damaged_table_is_refused_with_its_line(
    edition: dict[str, Any], tmp_path: Path, *, old: str, new: str, line: int | None, reason: str
) -> None:
    """File, line and reason."""
    text = as_table(edition)
    assert old in text
    number = line or text[: text.index(old)].count("\n") + 1
    file = tmp_path / "edition.csv"
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(TerminologyError, match=r"edition.csv, line \d+") as caught:
        read_edition(file)
    assert reason in str(caught.value)
    if "already" not in reason:
        assert f"line {number}:" in str(caught.value)


def test_a_circle_and_an_unknown_parent_are_refused(tmp_path: Path) -> None:
    """The line of a concept in the circle is named."""
    file = tmp_path / "edition.csv"
    one, other = NEW, NEW.replace("1", "2")
    file.write_text(f"code,display,parent_code\n{one},a,{other}\n{other},b,{one}\n", encoding="utf-8")
    with pytest.raises(TerminologyError, match=r"line 2: the code .* is circular"):
        read_edition(file)
    file.write_text(f"code,display,parent_code\n{one},a,{other}\n", encoding="utf-8")
    with pytest.raises(TerminologyError, match=r"line 2: the parent .* is unknown"):
        read_edition(file)


def test_another_code_system_is_refused(edition: dict[str, Any], tmp_path: Path) -> None:
    """A supplement, or the code system of somebody else."""
    file = tmp_path / "edition.json"
    for change, reason in (
        ({"url": "http://snomed.info/sct"}, "not Fælles Sprog III"),
        ({"content": "supplement"}, "import"),
    ):
        file.write_text(json.dumps({**edition, **change}), encoding="utf-8")
        with pytest.raises(TerminologyError, match=reason):
            read_edition(file)
