"""Frequent phrases that the vocabulary doesn't know, with nothing in them that points to a citizen."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from terminology.errors import TerminologyError
from terminology.maintain.documents import Document, read_documents
from terminology.maintain.phrases import frequent
from terminology.maintain.trial import Trial
from terminology.overlay.base import Base, lines


@pytest.fixture
def trial(base: Base) -> Trial:
    """Give the small vocabulary."""
    return Trial(tuple(lines(base.spoken)), base.parser.lists)


def phrases(trial: Trial, *texts: str, least: int = 2) -> dict[str, int]:
    """Return the phrases of some texts with the number of texts that hold them."""
    documents = [Document(id=str(number), text=text) for number, text in enumerate(texts)]
    return {one.text: one.documents for one in frequent(documents, trial, least=least)}


def test_unknown_phrases_are_counted(trial: Trial) -> None:
    """The longest phrase stands for its parts; what the vocabulary finds is left out."""
    found = phrases(
        trial,
        "Hun jamrer sig og er tung i bentøjet i dag.",
        "Borgeren er tung i bentøjet. Værker i hoften.",
        "Ikke så tung i bentøjet mere",
    )
    assert found == {"tung i bentøjet": 3}


def test_a_part_that_is_more_frequent_stands_for_itself(trial: Trial) -> None:
    """A word that is said in other company too is listed beside the phrase."""
    found = phrases(trial, "svimmel og bleg", "svimmel og bleg", "svimmel")
    assert found == {"svimmel": 3, "svimmel og bleg": 2}


def test_records_count_once(trial: Trial) -> None:
    """One person who says it ten times is one record."""
    text = "svimmel. " * 10
    assert phrases(trial, text) == {}
    (one,) = frequent([Document(id="1", text=text), Document(id="2", text="svimmel")], trial, least=2)
    assert (one.documents, one.count) == (2, 11)


def test_phrases_do_not_cross_pauses(trial: Trial) -> None:
    """Neither full stops nor commas."""
    assert phrases(trial, "svimmel, bleg. Kold", "svimmel, bleg. Kold") == {"svimmel": 2, "bleg": 2}


@pytest.mark.parametrize(
    ("text", "personal"),
    [
        ("svimmel efter snak med Gudrun", "gudrun"),
        ("Gudrun svimmel efter besøget", "gudrun"),
        ("svimmel, cpr 010190-1234 noteret", "1234"),
        ("svimmel, ring 12 34 56 78 straks", "12"),
        ("svimmel klokken halvfjerds", "halvfjerds"),
        ("svimmel den tredje sengedag", "tredje"),
        ("svimmel siger fru jensen tydeligt", "jensen"),
        ("svimmel og hedder knudsen vistnok", "knudsen"),
        ("svimmel, bor rosenvej 12 nu", "rosenvej"),
        ("svimmel, skriv til anna@kommune.dk straks", "kommune"),
        ("svimmel, se www.eksempel.dk straks", "eksempel"),
    ],
)
def test_what_points_to_a_citizen_is_left_out(trial: Trial, text: str, personal: str) -> None:
    """Names, numbers in digits and words, addresses; the rest of the sentence stays."""
    found = phrases(trial, text, text, text)
    assert any("svimmel" in phrase for phrase in found)
    assert not any(personal in phrase for phrase in found)


def test_a_name_is_known_from_other_texts(trial: Trial) -> None:
    """Written with a capital inside sentences elsewhere, it is left out when it is written small too."""
    found = phrases(trial, "snakket med Gudrun", "gudrun svimmel", "gudrun svimmel")
    assert found == {"svimmel": 2}


def test_codes_that_people_chose_are_shown(trial: Trial) -> None:
    """Evidence of entries that a person added or changed leads to a concept."""
    documents = [Document(id=str(n), text="tung i bentøjet", code="abc") for n in range(3)]
    (one,) = frequent(documents, trial, least=2)
    assert one.codes == (("abc", 3),)


def test_transcripts_drafts_and_corrections_are_read(tmp_path: Path) -> None:
    """JSON Lines with text, spoken or evidence; one JSON object; entries that people added or changed."""
    file = tmp_path / "in.jsonl"
    records = [
        {"id": "1", "text": "a"},
        {"id": "2", "spoken": "b"},
        {"evidence": "c", "code": "x"},
        {
            "id": "4",
            "text": "d",
            "entries": [
                {"review": "added", "evidence": "e", "code": "y"},
                {"review": "accepted", "evidence": "f", "code": "z"},
                {"review": "changed", "evidence": None, "code": "z"},
                "x",
            ],
        },
    ]
    file.write_text("\n".join(json.dumps(record) for record in records), encoding="utf-8")
    found = [(one.text, one.code) for one in read_documents(file)]
    assert found == [("a", ""), ("b", ""), ("c", "x"), ("d", ""), ("e", "y")]
    single = tmp_path / "one.json"
    single.write_text(json.dumps({"file": "x.wav", "text": "g", "segments": []}, indent=1), encoding="utf-8")
    assert [one.text for one in read_documents(single)] == ["g"]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("hemmelig tekst", "not a JSON object"),
        ('{"secret": "hemmelig tekst"}', "none of text"),
        ("[1]", "not a JSON"),
    ],
)
def test_a_wrong_line_is_refused_without_its_text(tmp_path: Path, line: str, reason: str) -> None:
    """File, line and reason; what was said stays out of the message."""
    file = tmp_path / "in.jsonl"
    file.write_text(f'{{"text": "a"}}\n{line}\n', encoding="utf-8")
    with pytest.raises(TerminologyError, match=r"in.jsonl, line 2") as caught:
        list(read_documents(file))
    assert reason in str(caught.value)
    assert "hemmelig" not in str(caught.value)


@given(st.lists(st.text(max_size=80), max_size=6))
def test_any_text_gives_phrases_without_digits_and_capitals(texts: list[str]) -> None:
    """Whatever the texts hold."""
    found = frequent(
        [Document(id=str(n), text=text) for n, text in enumerate(texts * 2)], Trial((), {}), least=2
    )
    assert not any(letter.isdigit() for one in found for letter in one.text)
