"""What lint finds in a vocabulary: each rule, and nothing where nothing is wrong."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from terminology.lint import Finding, Level
from terminology.maintain.samples import samples
from terminology.maintain.trial import Trial
from terminology.maintain.vocabulary_files import read_vocabulary
from terminology.maintain.vocabulary_lint import everyday_words, lint_vocabulary
from terminology.overlay.base import Said
from terminology.pattern import Line, Parser
from terminology.release import read
from terminology.vocabulary import Spoken

SMERTER = "helbredstilstand/problemer_med_smerter.txt"
TRYKSAAR = "helbredstilstand/problemer_med_tryksaar.txt"


def findings(folder: Path) -> list[Finding]:
    """Check the vocabulary of a release; concepts without wordings are left out."""
    release = read(folder, pinned=False)
    vocabulary = read_vocabulary(folder, release)
    found = (*vocabulary.findings, *lint_vocabulary(vocabulary.spoken, vocabulary.parser, release))
    return [finding for finding in found if finding.rule != "silent"]


def append(folder: Path, file: str, text: str) -> None:
    """Add lines to a file of the vocabulary."""
    path = folder / "spoken" / file
    path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")


def put(folder: Path, file: str, old: str, new: str) -> None:
    """Replace text in a file of the vocabulary."""
    path = folder / "spoken" / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_a_sound_vocabulary_has_no_findings(folder: Path) -> None:
    """Nothing is found where nothing is wrong."""
    assert findings(folder) == []


@pytest.mark.parametrize(
    ("old", "new", "rule", "level"),
    [
        ("rød på sædet\n", "rød på sædet\njamrede sig\n", "duplicate", Level.ERROR),
        ("rød på sædet\n", "rød på sædet\nrødt på sædet\n", "repeated", Level.WARNING),
        ("rød på sædet\n", "rød på sædet\n\n[absent]\nrød på sædet\n", "contradiction", Level.ERROR),
        ("rød på sædet\n", "rød på sædet\n\n[blocked]\nrød på\n", "unreachable", Level.ERROR),
        ("rød på sædet\n", "rød på sædet & !sædet\n", "unreachable", Level.ERROR),
        ("rød på sædet\n", "(jamrer|hyler) sig\n", "ambiguous", Level.WARNING),
        ("rød på sædet\n", "tp\n", "short", Level.WARNING),
        ("rød på sædet\n", "(huset|sædet)\n", "everyday", Level.WARNING),
        ("rød på sædet\n", "rød på sædet \n", "format", Level.WARNING),
        ("rød på sædet\n", "rød på sædet", "format", Level.WARNING),
        ("rød på sædet\n", f"rød & ({'|'.join('abcdefgh' * 30)})\n", "format", Level.WARNING),
        ("rød på sædet\n", "(rød på sædet\n", "unreadable", Level.ERROR),
        ("rød på sædet\n", "Rød på sædet\n", "unreadable", Level.ERROR),
        ("rød på sædet\n", "rød {nix}\n", "unreadable", Level.ERROR),
        ("[present]\n", "[completed]\n", "section", Level.ERROR),
        ("[present]\n", "løs linje\n[present]\n", "section", Level.ERROR),
        ("[present]\n", "[blocked]\nx\n[present]\n", "unsorted", Level.WARNING),
        ("display: Problemer med tryksår\n", "display: Tryksår\n", "display", Level.ERROR),
        ("display: Problemer med tryksår\n", "", "header", Level.ERROR),
        ("code: bb0ea5fa", "code: 00000000", "unknown-code", Level.ERROR),
        (
            "bb0ea5fa-3462-40de-9047-a16fc4815a47",
            "4db72d65-7ec1-45b4-89c3-5017c35d085e",
            "retired-code",
            Level.ERROR,
        ),
        (
            "bb0ea5fa-3462-40de-9047-a16fc4815a47",
            "5b6f5ce1-24b0-486d-8bbb-f9711fec92dd",
            "two-files",
            Level.ERROR,
        ),
    ],
)
def test_each_rule_finds_its_fault(folder: Path, old: str, new: str, rule: str, level: Level) -> None:
    """With the level that decides the exit code, and the file to blame."""
    put(folder, TRYKSAAR, old, new)
    found = [finding for finding in findings(folder) if finding.rule == rule]
    assert found, findings(folder)
    assert {finding.level for finding in found} == {level}
    assert any("problemer_med_tryksaar" in finding.place for finding in found)


def test_a_line_that_one_choice_still_reaches_is_not_unreachable(folder: Path) -> None:
    """A look-alike that covers most of its choices, but not all, is no error."""
    many = "|".join(f"rød{letter}d" for letter in "abcdefghijklmnop")
    put(folder, TRYKSAAR, "rød på sædet\n", f"({many}|gul) ryg\n\n[blocked]\n({many}) ryg\n")
    assert "unreachable" not in {finding.rule for finding in findings(folder)}


def test_exact_and_unsure_words_are_meant(folder: Path) -> None:
    """A short word that stands for itself alone, and an everyday word marked unsure, are not warned of."""
    put(folder, TRYKSAAR, "rød på sædet\n", "=tp\nhuset @unsure\n")
    assert findings(folder) == []


def test_counterparts_may_share_their_words(folder: Path) -> None:
    """Concepts that name each other are told apart by people; others are not."""
    path = folder / "spoken" / "funktionsevnetilstand" / "hukommelse.txt"
    path.parent.mkdir()
    head = "code: a3ac7928-77c9-425c-a7f1-1248a3764d0a\ndisplay: Hukommelse\n\n[present]\n"
    path.write_text(head + "glemmer aftaler\n", encoding="utf-8")
    assert findings(folder) == []


def test_concepts_without_wordings_are_listed(folder: Path) -> None:
    """Every current leaf of the four areas that nobody wrote words for."""
    release = read(folder)
    vocabulary = read_vocabulary(folder, release)
    found = lint_vocabulary(vocabulary.spoken, vocabulary.parser, release)
    assert sum(finding.rule == "silent" for finding in found) == 23 + 12 + 40 + 40 - 4


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00", b"\0" * 20, b"code"])
def test_a_damaged_file_is_a_finding_among_others(folder: Path, content: bytes) -> None:
    """The other files are checked all the same."""
    (folder / "spoken" / TRYKSAAR).write_bytes(content)
    append(folder, SMERTER, "jamrer sig\n")
    found = {finding.rule for finding in findings(folder)}
    assert found & {"unreadable", "header"}
    assert "repeated" in found or "contradiction" in found


def test_lists_that_name_each_other_are_found(folder: Path) -> None:
    """A circle among the shared lists is an error, not an endless loop."""
    (folder / "slots" / "ondt.txt").write_text("{sted}\n", encoding="utf-8")
    (folder / "slots" / "sted.txt").write_text("{ondt}\n", encoding="utf-8")
    assert any("circle" in finding.message for finding in findings(folder))


def test_everyday_words_are_small_and_sorted() -> None:
    """The list is data that people review."""
    words = everyday_words()
    assert len(words) > 500
    assert all(word == word.lower() and word.isalpha() for word in words)


ATOMS = st.sampled_from(["ondt", "=gang", "svie*", "*sår", "<n>", "{sted}", "[meget]", "(a b|c|d)", "..."])


@given(st.lists(ATOMS, min_size=1, max_size=5))
def test_an_expression_is_found_in_its_own_samples(atoms: list[str]) -> None:
    """Whatever an expression is made of, the engine finds it in what it stands for."""
    text = f"værk {' '.join(atoms)} slut"
    one = Spoken(code="x", display="x", area="helbredstilstand", alternatives=(), sections={}, source="x")
    said = Said(spoken=one, section="present", line=Line(text=text, source="x:1"))
    trial = Trial(
        (said,), {"sted": (Line(text="hoften", source="y:1"), Line(text="det ene knæ", source="y:2"))}
    )
    found = samples(trial.expression(0))
    assert found
    assert all(any(hit.row == 0 for hit in trial.find(sample)) for sample in found)


def test_samples_cover_every_choice() -> None:
    """Each option of a choice is in one of the samples."""
    expression = Parser({}).expression("(a b|c|d) [e] & f", "x:1")
    assert {sample.split()[0] for sample in samples(expression)} == {"a", "c", "d"}
