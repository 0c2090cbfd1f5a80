"""The words of the vocabulary, for the recogniser."""

import sys
from pathlib import Path

import pytest

from dictate import terms as module
from dictate.terms import terms, terms_or_none
from terminology.errors import TerminologyError


def test_words_are_written_out_once(tmp_path: Path) -> None:
    """The second time they are read; what an older vocabulary left is removed."""
    left = tmp_path / "terms" / "older.txt"
    left.parent.mkdir()
    left.touch()
    found = terms(tmp_path)
    assert {"tryksår", "inkontinens"} <= found
    (kept,) = (tmp_path / "terms").iterdir()
    kept.write_text("tryksår")
    assert terms(tmp_path) == {"tryksår"}


def test_a_cache_that_cannot_be_written_is_done_without(tmp_path: Path) -> None:
    """A file stands where the folder should be."""
    (tmp_path / "terms").touch()
    assert "tryksår" in terms(tmp_path)


def test_the_words_are_worked_out_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not in this process, which would keep the memory; only where no other can be started."""

    def refuse() -> frozenset[str]:
        raise AssertionError

    monkeypatch.setattr(module, "_written_out", refuse)
    assert "tryksår" in terms(tmp_path)
    monkeypatch.setattr(sys, "executable", str(tmp_path / "no-python"))
    with pytest.raises(AssertionError):
        terms(tmp_path / "other")


def test_a_damaged_vocabulary_does_not_stop_dictation(monkeypatch: pytest.MonkeyPatch) -> None:
    """Words are heard without it; drafting says what is wrong."""

    def broken() -> frozenset[str]:
        raise TerminologyError("damaged")

    monkeypatch.setattr(module, "terms", broken)
    assert terms_or_none() == frozenset()
