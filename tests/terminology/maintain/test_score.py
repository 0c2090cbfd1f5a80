"""Predicted entries against annotated ones, rule by rule, and scores compared over time."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from terminology.errors import TerminologyError
from terminology.maintain.score import Score, regressions, score
from terminology.maintain.score_files import Notes, read_earlier, read_notes, write_score
from terminology.maintain.scoring import Counts, Item, Rules, align, comparable, slips

LOOSE = Rules()


def item(kind: str = "condition", code: str = "a", status: str = "present", **more: object) -> Item:
    """Make an entry."""
    return Item(kind=kind, code=code, status=status, **more)  # type: ignore[arg-type]


def counted(gold: list[Item], found: list[Item], rules: Rules = LOOSE) -> tuple[int, int, int]:
    """Return right, invented and missed."""
    one = align(gold, found, rules)
    return len(one.right), len(one.invented), len(one.missed)


def test_code_and_status_must_agree() -> None:
    """A wrong status is one invented and one missed."""
    assert counted([item()], [item()]) == (1, 0, 0)
    assert counted([item()], [item(status="absent")]) == (0, 1, 1)
    assert counted([item()], [item(code="b")]) == (0, 1, 1)
    assert counted([item()], [item(kind="intervention")]) == (0, 1, 1)


def test_accepted_codes_count_unless_strict() -> None:
    """The annotator's other codes are right too."""
    gold = [item(accepted=frozenset({"b"}))]
    assert counted(gold, [item(code="b")]) == (1, 0, 0)
    assert counted(gold, [item(code="b")], Rules(strict=True)) == (0, 1, 1)


def test_exact_codes_are_matched_before_accepted_ones() -> None:
    """One to one: the exact one is not taken by an entry that accepts it too."""
    gold = [item(code="a", accepted=frozenset({"b"})), item(code="b")]
    assert counted(gold, [item(code="b"), item(code="a")]) == (2, 0, 0)
    assert counted(gold, [item(code="b")]) == (1, 0, 1)
    assert align(gold, [item(code="b")], LOOSE).missed[0].code == "a"


def test_optional_entries_neither_help_nor_harm() -> None:
    """Found or not, they are not counted; what is left over still is."""
    gold = [item(), item(code="b", optional=True)]
    assert counted(gold, [item(), item(code="b")]) == (1, 0, 0)
    assert counted(gold, [item()]) == (1, 0, 0)
    assert counted(gold, [item(), item(code="b"), item(code="c")]) == (1, 1, 0)


def test_repetitions_count_once() -> None:
    """On either side."""
    assert counted([item(), item()], [item(), item(), item()]) == (1, 0, 0)


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [
        (94, "%", 0.94),
        (0.94, "1", 0.94),
        (170, "cm", 1.7),
        ("6,5", None, 6.5),
        ("Negativ", None, "neg"),
        ("-", None, "neg"),
        ("+", None, "1+"),
        ("+3", None, "3+"),
        ("−2", None, -2),
        (None, "%", None),
        ([1], None, None),
    ],
)
def test_values_are_compared_by_meaning(value: object, unit: str | None, expected: object) -> None:
    """Per cent and fraction, comma and point, words and signs."""
    assert comparable(value, unit) == expected


def test_observations_need_the_value_and_drugs_the_name() -> None:
    """A status of a value is not compared; the dose only if asked."""
    gold = [item("observation", status="measured", value=7.1)]
    assert counted(gold, [item("observation", status="", value=7.1)]) == (1, 0, 0)
    assert counted(gold, [item("observation", status="measured", value=7.2)]) == (0, 1, 1)
    drug = [item("medication", "", "given", name="panodil", dose="1 g")]
    other = [item("medication", "x", "given", name="panodil", dose="500 mg")]
    assert counted(drug, other) == (1, 0, 0)
    assert counted(drug, other, Rules(dose=True)) == (0, 1, 1)


@pytest.mark.parametrize(
    ("gold", "found", "hard", "soft"),
    [
        (item(status="absent"), item(), 1, 0),
        (item(status="historical"), item(), 1, 0),
        (item(status="other_person"), item(), 1, 0),
        (item(status="suspected"), item(), 0, 1),
        (item("intervention", status="planned"), item("intervention", status="completed"), 1, 0),
        (item("intervention", status="not_done"), item("intervention", status="planned"), 0, 0),
        (item("medication", "", "not_given", name="x"), item("medication", "", "given", name="x"), 1, 0),
        (item(status="absent"), item(code="b"), 0, 0),
    ],
)
def test_assertion_errors(gold: Item, found: Item, hard: int, soft: int) -> None:
    """What the note denies, plans or attributes to others must not be asserted."""
    made = slips([gold], [found])
    assert (len(made[0]), len(made[1])) == (hard, soft)


def test_what_is_also_true_is_no_assertion_error() -> None:
    """Denied in one sentence and present in another: present outranks."""
    assert slips([item(status="absent"), item()], [item()]) == ((), ())


def notes(**entries: list[Item]) -> Notes:
    """Make notes."""
    return Notes(entries={name: tuple(found) for name, found in entries.items()}, checksum="x")


def test_a_score_counts_kinds_concepts_and_confusions() -> None:
    """And the notes without a draft, and drafts of unknown notes."""
    gold = notes(
        n1=[item(display="Smerter"), item("intervention", "i", "completed", display="Sår")],
        n2=[item(code="b")],
    )
    found = notes(
        n1=[item(status="absent", display="Smerter"), item("intervention", "i", "completed")], n9=[item()]
    )
    made = score(gold, found, LOOSE)
    assert made.by_kind()["all"] == Counts(right=1, invented=1, missed=2)
    assert made.by_kind(only_asserted=True)["condition"] == Counts(missed=2)
    assert made.by_concept()["intervention/Sår"].f1 == 1
    assert made.confusions() == {
        ("Smerter [present]", "Smerter [absent]"): 1,
        ("b [present]", "(nothing)"): 1,
    }
    assert (made.unanswered, made.unknown) == (("n2",), ("n9",))
    assert made.interval(50)[0] <= made.by_kind()["all"].f1 <= made.interval(50)[1]


ITEMS = st.lists(
    st.builds(
        Item,
        kind=st.sampled_from(["condition", "intervention", "observation", "medication"]),
        code=st.sampled_from("abc"),
        status=st.sampled_from(["present", "absent", "completed", "planned", "given", "measured"]),
        value=st.sampled_from([None, 1.0, "neg"]),
        name=st.sampled_from(["", "x"]),
        accepted=st.frozensets(st.sampled_from("abc"), max_size=2),
        optional=st.booleans(),
    ),
    max_size=8,
)


@given(ITEMS, ITEMS, st.booleans())
def test_no_entry_is_counted_twice(gold: list[Item], found: list[Item], strict: bool) -> None:  # noqa: FBT001 - drawn
    """Every required entry is right or missed; nothing is right that was not predicted."""
    made = align(gold, found, Rules(strict=strict))
    required = {
        (one.kind, one.code, one.status, str(one.value), one.name) for one in gold if not one.optional
    }
    assert len(made.right) + len(made.missed) <= sum(not one.optional for one in gold)
    assert bool(made.right or made.missed) == bool(required)
    assert len(made.right) + len(made.invented) <= len(found)


@given(ITEMS)
def test_a_perfect_prediction_is_perfect(gold: list[Item]) -> None:
    """What was annotated, predicted word for word in another order, has no errors."""
    found = [one for one in gold if not one.optional]
    found.reverse()
    made = align(gold, found, LOOSE)
    assert (made.invented, made.missed) == ((), ())


def kept(made: Score, path: Path) -> Path:
    """Keep a score."""
    write_score(path, made.kept("1.0"))
    return path


def test_regressions_are_found(tmp_path: Path) -> None:
    """Kinds and concepts with lower F1, notes that were right, more assertion errors; else nothing."""
    gold = notes(n1=[item(display="Smerter", status="absent")], n2=[item(code="b", display="Sår")])
    good = score(gold, gold, LOOSE)
    file = kept(good, tmp_path / "score.json")
    assert regressions(good, read_earlier(file)) == ()
    bad = score(gold, notes(n1=[item(display="Smerter")], n2=[item(code="b", display="Sår")]), LOOSE)
    names = {one.name for one in regressions(bad, read_earlier(file))}
    assert names == {"all", "condition", "condition/Smerter", "note n1", "assertion errors"}
    other = score(Notes(entries=gold.entries, checksum="y"), gold, LOOSE)
    with pytest.raises(TerminologyError, match="other annotated notes"):
        regressions(other, read_earlier(file))


def test_notes_are_read_with_their_fields(tmp_path: Path) -> None:
    """Units, other codes and optional entries are understood."""
    file = tmp_path / "gold.jsonl"
    entry = {"kind": "observation", "code": "N", "status": "measured", "value": 94, "unit": "%", "alt": ["M"]}
    file.write_text(json.dumps({"id": "n1", "entries": [entry]}) + "\n\n", encoding="utf-8")
    ((found,),) = read_notes(file).entries.values()
    assert (found.value, found.codes) == (0.94, {"N", "M"})


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("x", "it is not JSON"),
        ("[]", "not a JSON object"),
        ('{"id": 1, "entries": []}', 'needs an "id"'),
        ('{"id": "n1"}', 'needs an "id"'),
        ('{"id": "n0", "entries": []}', "stands twice"),
        ('{"id": "n1", "entries": [1]}', 'needs a "kind"'),
        ('{"id": "n1", "entries": [{"kind": "x"}]}', 'needs a "kind"'),
        ('{"id": "n1", "entries": [{"kind": "condition", "alt": 1}]}', '"alt" is not a list'),
        ("[" * 100_000, "nested too deep"),
    ],
)
def test_a_wrong_line_is_refused(tmp_path: Path, line: str, reason: str) -> None:
    """File, line and reason, without the text of the note."""
    file = tmp_path / "gold.jsonl"
    file.write_text(f'{{"id": "n0", "entries": []}}\n{line}\n', encoding="utf-8")
    with pytest.raises(TerminologyError, match=r"gold.jsonl, line 2: ") as caught:
        read_notes(file)
    assert reason in str(caught.value)


@pytest.mark.parametrize("content", ["[]", "{}", '{"format": 9}', '{"format": 1, "gold": "x"}', "x"])
def test_a_file_that_is_no_kept_score_is_refused(tmp_path: Path, content: str) -> None:
    """Another file by mistake is one sentence."""
    file = tmp_path / "score.json"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(TerminologyError, match=r"score.json"):
        read_earlier(file)
