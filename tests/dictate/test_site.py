"""A site's own evaluation: figures that can be recomputed by hand, and a command that shows no word."""

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from dictate.cli.__main__ import app
from dictate.cli.evaluate import read_table
from dictate.errors import ConfigError
from dictate.site import Utterance, calibration, evaluate
from dictate.transcript import Word

SAMPLES = Path(__file__).parents[2] / "samples"


def utterance(said: str, heard: str, *, probability: float = 0.9, **changes: object) -> Utterance:
    """Return a recording of which every word has the same probability."""
    words = tuple(Word(text=word, start=0.0, end=0.1, probability=probability) for word in heard.split())
    facts: dict[str, object] = {
        "speaker": "",
        "groups": {},
        "said": said,
        "heard": heard,
        "words": words,
        "terms": 0,
        "found": 0,
        "invented": 0,
        "seconds": 1.0,
    }
    return Utterance(**(facts | changes))  # type: ignore[arg-type]


def test_rates_are_summed_over_words_not_averaged_over_recordings() -> None:
    """One wrong word of four and none of one: 1 of 5."""
    found = evaluate("m", [utterance("a b c d", "a b c x"), utterance("e", "e")])
    assert found.all.wer.value == pytest.approx(1 / 5)
    assert found.all.wer.low is None
    assert found.all.term_recall is None


def test_an_interval_holds_the_value_and_is_the_same_each_time() -> None:
    """Twenty recordings of known error rates."""
    recordings = [utterance("a b c d", "a b c d" if at % 4 else "a b x y") for at in range(20)]
    first, second = evaluate("m", recordings), evaluate("m", recordings)
    assert first == second
    assert first.all.wer.value == pytest.approx(0.125)
    assert first.all.wer.low is not None
    assert first.all.wer.high is not None
    assert first.all.wer.low < 0.125 < first.all.wer.high


def test_a_group_that_the_model_fails_is_found() -> None:
    """Ten speakers; those of one dialect lose half of their words."""
    recordings = [
        utterance(
            "a b c d",
            "a b" if at % 2 else "a b c d",
            speaker=f"s{at}",
            groups={"dialect": "vest" if at % 2 else "øst"},
        )
        for at in range(20)
    ]
    gaps = {gap.value: gap for gap in evaluate("m", recordings).gaps}
    assert gaps["vest"].wer_gap.value == pytest.approx(0.5)
    assert gaps["vest"].wer_gap.low == pytest.approx(0.5)
    assert gaps["øst"].wer_gap.value == pytest.approx(-0.5)
    assert gaps["vest"].figures.speakers == 10


def test_calibration_by_hand() -> None:
    """Ten words at 0.9 of which nine are right, ten at 0.35 of which none is."""
    sure = utterance("a b c d e f g h i j", "a b c d e f g h i x", probability=0.9)
    unsure = utterance("a b c d e f g h i j", "k l m n o p q r s t", probability=0.35)
    ece, bins = calibration([sure, unsure])
    assert [(one.low, one.words, one.right) for one in bins] == [(0.3, 10, 0.0), (0.9, 10, 0.9)]
    assert ece == pytest.approx(0.175)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("file\tsaid\na.wav\tx\n", "no column text"),
        ("file\ttext\na.wav\n", "line 2: it has another number of columns"),
        ("file\ttext\na.wav\t \n", "line 2: the file or the text is missing"),
        ("file\ttext\n", "lists no recordings"),
        ("file\ttext\na.wav\tx\ty\n", "line 2: it has another number"),
    ],
)
def test_a_bad_table_is_refused(tmp_path: Path, content: str, words: str) -> None:
    """One sentence with the line."""
    path = tmp_path / "r.tsv"
    path.write_text(content, "utf-8")
    with pytest.raises(ConfigError, match=words):
        read_table(path)


@pytest.mark.model
def test_the_command_on_real_recordings(tmp_path: Path) -> None:
    """Two samples through the embedded model: figures by group, and no word of what was said."""
    listed = (SAMPLES / "texts.tsv").read_text("utf-8").splitlines()
    header = listed[0].split("\t")
    rows = [dict(zip(header, line.split("\t"), strict=True)) for line in listed[1:3]]
    for row in rows:
        shutil.copy(SAMPLES / row["file"], tmp_path)
    table = tmp_path / "r.tsv"
    lines = [f"{row['file']}\t{row['spoken']}\tgruppe{at}" for at, row in enumerate(rows)]
    table.write_text("\n".join(["file\ttext\tdialect", *lines]) + "\n", "utf-8")
    done = CliRunner().invoke(app, ["evaluate", str(table), "--json"])
    assert done.exit_code == 0, done.stderr
    (found,) = json.loads(done.stdout)
    assert found["all"]["recordings"] == 2
    assert 0 < found["all"]["wer"]["value"] < 1
    assert {gap["value"] for gap in found["gaps"]} == {"gruppe0", "gruppe1"}
    longest = max((word for row in rows for word in row["spoken"].split()), key=len)
    assert longest not in done.stdout
