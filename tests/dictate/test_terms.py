"""The words of the vocabulary, for the recogniser."""

from pathlib import Path

from dictate.terms import terms


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
