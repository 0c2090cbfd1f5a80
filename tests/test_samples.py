"""The sample dictations are what their list says they are."""

import csv
import re
from pathlib import Path

import av
import pytest

SAMPLES = Path(__file__).parent.parent / "samples"
with (SAMPLES / "texts.tsv").open(encoding="utf-8", newline="") as lines:
    ROWS = list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


def test_the_list_names_all_files_and_two_voices() -> None:
    """At least ten dictations, no file without a text and no text without a file."""
    assert len(ROWS) >= 10
    assert {row["file"] for row in ROWS} == {path.name for path in SAMPLES.glob("*.flac")}
    assert len({row["voice"] for row in ROWS}) >= 2


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["file"])
def test_a_sample_is_mono_speech_of_fitting_length(row: dict[str, str]) -> None:
    """16 kHz mono, 8 to 40 s, with both texts, and nothing in them like a CPR number."""
    with av.open(str(SAMPLES / row["file"])) as container:
        stream = container.streams.audio[0]
        seconds = sum(frame.samples for frame in container.decode(stream)) / stream.rate
        assert (stream.rate, stream.channels) == (16_000, 1)
    assert 8 <= seconds <= 40
    assert row["spoken"]
    assert row["text"]
    assert not re.search(r"\d", row["spoken"])
    assert not re.search(r"\d{6}-?\d{4}", row["text"])
