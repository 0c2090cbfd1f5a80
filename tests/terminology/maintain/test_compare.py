"""Two releases compared: every sort of change is named, and nothing else."""

import shutil
from pathlib import Path

import pytest

from terminology.errors import TerminologyError
from terminology.maintain.compare import Change, Difference, Kind, compare

AREA = "fsiii/opfoelgning.tsv"


@pytest.fixture
def newer(folder: Path, tmp_path: Path) -> Path:
    """Give a copy of the release to change."""
    target = tmp_path / "newer"
    shutil.copytree(folder, target)
    return target


def put(path: Path, old: str, new: str) -> None:
    """Replace text in a file."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8", newline="\n")


def only(found: tuple[Difference, ...]) -> Difference:
    """Return the one difference."""
    assert len(found) == 1, found
    return found[0]


def test_a_release_does_not_differ_from_its_copy(folder: Path, newer: Path) -> None:
    """Nothing is listed where nothing changed."""
    assert compare(folder, newer) == ()


@pytest.mark.parametrize(
    ("old", "new", "change", "field"),
    [
        ("Fortsættes", "Fortsætter", Change.CHANGED, "display"),
        ("1\tcurrent\t\tFortsættes", "1\tretired\t\tFortsættes", Change.RETIRED, "status"),
        ("\tE1\t", "\tE9\t", Change.CHANGED, "short_code"),
        ("Fortsættes\t\t\t", "Fortsættes\t\tGår videre\t", Change.CHANGED, "synonyms"),
        (
            "E1\tad78224f-b339-462c-9f2c-90b3120605cb",
            "E1\tc6e71993-5d72-409a-8ab9-ecc094968635",
            Change.MOVED,
            "parent",
        ),
    ],
)
def test_a_changed_concept(
    folder: Path, newer: Path, *, old: str, new: str, change: Change, field: str
) -> None:
    """Term, status, old code, synonyms and parent."""
    put(newer / AREA, old, new)
    one = only(compare(folder, newer))
    assert (one.kind, one.change, one.field) == (Kind.CONCEPT, change, field)
    assert one.code == "9c90b0e5-9c0a-4b72-a18c-76cd6d6c6213"


def test_a_new_concept_and_one_that_is_gone(folder: Path, newer: Path) -> None:
    """Each way round."""
    lines = (newer / AREA).read_text(encoding="utf-8").split("\n")
    (newer / AREA).write_text("\n".join([*lines[:-2], ""]), encoding="utf-8", newline="\n")
    assert only(compare(folder, newer)).change is Change.REMOVED
    assert only(compare(newer, folder)).change is Change.ADDED


def test_wordings_added_removed_and_moved(folder: Path, newer: Path) -> None:
    """A wording that went to another concept is one change, not two."""
    smerter = newer / "spoken/helbredstilstand/problemer_med_smerter.txt"
    tryksaar = newer / "spoken/helbredstilstand/problemer_med_tryksaar.txt"
    put(smerter, "jamrer sig\n", "")
    put(smerter, "smertefri\n", "smertefri\nuden ubehag\n")
    put(tryksaar, "rød på sædet\n", "jamrer  sig\n")
    found = {(one.change, one.old, one.new) for one in compare(folder, newer)}
    assert found == {
        (Change.ADDED, "", "uden ubehag"),
        (Change.MOVED, "jamrer sig", "jamrer  sig"),
        (Change.REMOVED, "rød på sædet", ""),
    }


def test_a_comment_is_no_change(folder: Path, newer: Path) -> None:
    """Comments, order and spaces don't count."""
    path = newer / "spoken/helbredstilstand/problemer_med_smerter.txt"
    put(path, "# pain and where\n", "")
    put(path, "jamrer sig\n", "jamrer   sig  # ofte\n")
    assert compare(folder, newer) == ()


def test_measurements_limits_and_lists(folder: Path, newer: Path) -> None:
    """What is not a concept is compared too."""
    put(newer / "observations.tsv", "Temperatur", "Kropstemperatur")
    put(newer / "tobs.tsv", "Agiteret", "Urolig")
    put(newer / "slots/sted.txt", "ryggen\n", "lænden\n")
    kinds = [one.kind for one in compare(folder, newer)]
    assert kinds == [Kind.MEASUREMENT, Kind.TOBS, Kind.TOBS, Kind.LIST, Kind.LIST]


def test_a_damaged_release_is_refused(folder: Path, newer: Path) -> None:
    """With file and line, as everywhere."""
    put(newer / AREA, "Fortsættes\t", "")
    with pytest.raises(TerminologyError, match=r"opfoelgning.tsv, line \d+"):
        compare(folder, newer)
