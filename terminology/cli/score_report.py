"""A score as lines of text and as JSON data."""

from collections import Counter
from collections.abc import Iterator, Sequence

from terminology.maintain.score import Regression, Score
from terminology.maintain.scoring import Counts

CONFUSIONS = 20


def score_lines(score: Score, *, rounds: int, errors: bool) -> Iterator[str]:
    """Yield a score as text."""
    if score.unanswered or score.unknown:
        yield (
            f"{len(score.unanswered)} notes without a draft (counted as empty), "
            f"{len(score.unknown)} drafts of unknown notes (passed over)"
        )
    for title, only in (("All entries", False), ("Asserted content only", True)):
        yield title
        yield from (f"  {_line(name, one)}" for name, one in score.by_kind(only_asserted=only).items())
    yield "Concepts"
    yield from (f"  {_line(name, one)}" for name, one in score.by_concept().items())
    if confusions := score.confusions().most_common(CONFUSIONS):
        yield "Annotated > drafted"
        yield from (f"  {times:3}  {gold} > {found}" for (gold, found), times in confusions)
    hard, soft = _slips(score)
    yield f"Notes entirely right: {sum(note.is_right for note in score.notes.values())}/{len(score.notes)}"
    yield (
        f"Assertion errors: {sum(hard.values())} {dict(hard)}; suspected reported as present: {soft} "
        f"({score.not_asserted} annotated entries assert nothing)"
    )
    if rounds:
        low, high = score.interval(rounds)
        yield f"95 % interval of F1: {low:.3f}-{high:.3f}"
    if errors:
        yield from _errors(score)


def score_record(score: Score, worse: Sequence[Regression], *, rounds: int) -> dict[str, object]:
    """Return a score as JSON data."""
    hard, soft = _slips(score)
    return {
        "notes": len(score.notes),
        "notes_right": sum(note.is_right for note in score.notes.values()),
        "unanswered": list(score.unanswered),
        "unknown": list(score.unknown),
        "kinds": {name: _record(one) for name, one in score.by_kind().items()},
        "asserted": {name: _record(one) for name, one in score.by_kind(only_asserted=True).items()},
        "concepts": {name: _record(one) for name, one in score.by_concept().items()},
        "confusions": [
            {"annotated": gold, "drafted": found, "times": times}
            for (gold, found), times in score.confusions().most_common()
        ],
        "assertion_errors": dict(hard),
        "suspected_as_present": soft,
        "interval": list(score.interval(rounds)) if rounds else None,
        "worse": [{"name": one.name, "before": one.before, "after": one.after} for one in worse],
    }


def _slips(score: Score) -> tuple[Counter[str], int]:
    hard = Counter(slip.change for note in score.notes.values() for slip in note.slips)
    return hard, sum(len(note.soft) for note in score.notes.values())


def _errors(score: Score) -> Iterator[str]:
    for name, note in score.notes.items():
        for what, items in (("invented", note.all.invented), ("missed", note.all.missed)):
            for item in items:
                value = f" {item.value}" if item.value is not None else ""
                yield f"{name}  {what}  {item.kind}  {item.label}  {item.status}{value}"
        for slip in note.slips:
            yield f"{name}  asserted  {slip.change}  {slip.item.label}"


def _line(name: str, one: Counts) -> str:
    return (
        f"{name[:52]:<52} P {one.precision:.3f}  R {one.recall:.3f}  F1 {one.f1:.3f}   "
        f"right {one.right} invented {one.invented} missed {one.missed}"
    )


def _record(one: Counts) -> dict[str, float]:
    return {
        "precision": round(one.precision, 4),
        "recall": round(one.recall, 4),
        "f1": round(one.f1, 4),
        "right": one.right,
        "invented": one.invented,
        "missed": one.missed,
    }
