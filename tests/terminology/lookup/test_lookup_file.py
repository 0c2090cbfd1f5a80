"""The file of an index: the same for the same rows, refused where it is not what it should be."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from terminology.errors import TerminologyError
from terminology.lookup import Lookup, build
from terminology.lookup.layout import FORMAT, MAGIC

_NOTE = "Akut lunge betændelse, tryksårene og fragtur af højre lårben; hjertesvigt og kold fod"
_ROWS = (("A", "Tryksår"), ("B", "Kold fod"), ("C", "Akut lungebetændelse"))


def test_the_same_rows_give_the_same_bytes(tmp_path: Path) -> None:
    """Building is deterministic, and a row that repeats counts once."""
    build(_ROWS, tmp_path / "one.idx", release="1")
    about = build((*_ROWS, _ROWS[0]), tmp_path / "two.idx", release="1")
    assert about.terms == 3
    assert (tmp_path / "one.idx").read_bytes() == (tmp_path / "two.idx").read_bytes()


def test_it_says_what_it_was_made_from(lookup: Lookup) -> None:
    """The release and the counts travel with the file, and a sound file verifies."""
    assert (lookup.about.release, lookup.about.terms) == ("test", 16)
    lookup.verify()


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "is empty. Build"),
        (b"\x7fELF", "is no term index. Name"),
        (b"{" * 4096, "is no term index. Name"),
        (MAGIC + (FORMAT - 1).to_bytes(4, "little") + bytes(100), "an older format"),
        (MAGIC + (FORMAT + 1).to_bytes(4, "little") + bytes(100), "a newer format"),
        (MAGIC + FORMAT.to_bytes(4, "little") + b"\xff" * 100, "its header is not as it was written"),
    ],
)
def test_foreign_and_older_files_are_refused(tmp_path: Path, content: bytes, reason: str) -> None:
    """One sentence says what is wrong with which file and what to do."""
    path = tmp_path / "x.idx"
    path.write_bytes(content)
    with pytest.raises(TerminologyError, match=reason) as refused:
        Lookup.open(path)
    assert str(path) in str(refused.value)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    """So is a folder."""
    for path in (tmp_path / "none.idx", tmp_path):
        with pytest.raises(TerminologyError, match="Cannot read"):
            Lookup.open(path)


@pytest.mark.parametrize("size", [10, 100, 1000, -64, -1, 64])
def test_a_shorter_or_longer_file_is_refused(index: Path, tmp_path: Path, size: int) -> None:
    """A copy that broke off is noticed when it is opened."""
    content = index.read_bytes()
    path = tmp_path / "x.idx"
    path.write_bytes(content[:size] if abs(size) < len(content) and size != 64 else content + bytes(size))
    with pytest.raises(TerminologyError):
        Lookup.open(path)


@settings(max_examples=120, deadline=None)
@given(st.data())
def test_damage_is_never_a_crash(
    index: Path, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    """Changed bytes are refused when opened, by `verify`, or by a query; nothing else is ever raised."""
    content = bytearray(index.read_bytes())
    at = data.draw(st.integers(0, len(content) - 1))
    content[at : at + 4] = data.draw(st.binary(min_size=4, max_size=4))[: len(content) - at]
    path = tmp_path_factory.mktemp("damaged") / "x.idx"
    path.write_bytes(content)
    refused = ""
    try:
        lookup = Lookup.open(path)
        lookup.mentions(_NOTE)
        lookup.neighbours("lunge betennelse")
    except TerminologyError as error:
        refused = str(error)
    assert not refused or str(path) in refused


def test_verify_finds_one_changed_bit(index: Path, tmp_path: Path) -> None:
    """What opening does not read, `verify` does."""
    content = bytearray(index.read_bytes())
    content[len(content) // 2] ^= 1
    path = tmp_path / "x.idx"
    path.write_bytes(content)
    with pytest.raises(TerminologyError, match="is not as it was written"):
        Lookup.open(path).verify()


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (("", "Tryksår"), "Row 2: a term needs"),
        (("A", "x" * 501), "Row 2: a term needs"),
        (("A", "a\nb"), "Row 2: a term needs"),
        (("A", "\ud800"), "Row 2: a term needs"),
        (("A", "..."), 'Row 2: "..." has no word'),
    ],
)
def test_a_bad_row_is_refused_and_nothing_is_written(
    tmp_path: Path, row: tuple[str, str], reason: str
) -> None:
    """The message names the row; no file is left, whole or half."""
    with pytest.raises(TerminologyError, match=reason):
        build([("A", "Tryksår"), row], tmp_path / "x.idx")
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_takes_no_file_is_refused(tmp_path: Path) -> None:
    """The folder is a file."""
    (tmp_path / "file").touch()
    with pytest.raises(TerminologyError, match="Cannot write"):
        build(_ROWS, tmp_path / "file" / "x.idx")


def test_progress_is_told(tmp_path: Path) -> None:
    """Long builds say how far they are."""
    told: list[int] = []
    build(((f"C{number}", "Tryksår") for number in range(20_000)), tmp_path / "x.idx", progress=told.append)
    assert told == [10_000, 20_000]
