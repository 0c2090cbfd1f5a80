"""The vocabulary's files: strict reading, and the cache that may be lost at any time."""

import json
from pathlib import Path

import pytest

from terminology import cache
from terminology.errors import TerminologyError
from terminology.matcher import Matcher
from terminology.release import shipped

PAIN = """\
code: 5b6f5ce1-24b0-486d-8bbb-f9711fec92dd
display: Problemer med smerter

[present]
{ondt} [i] {kropsdel}   # a comment
*smerte
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a release with one concept."""
    made = tmp_path / "release"
    (made / "spoken" / "helbredstilstand").mkdir(parents=True)
    for part in ("slots", "context", "measurement", "medication", "inflection"):
        (made / part).symlink_to(str(shipped() / part), target_is_directory=True)
    _write(made, PAIN)
    return made


def _write(folder: Path, text: str, name: str = "smerter.txt") -> None:
    (folder / "spoken" / "helbredstilstand" / name).write_text(text, "utf-8")


def test_the_cache_gives_the_same(folder: Path, tmp_path: Path) -> None:
    """What is read from the cache is what was worked out."""
    first = cache.load(folder, tmp_path / "cache")
    again = cache.load(folder, tmp_path / "cache")
    assert again is not first
    assert again.rows == first.rows
    assert again.concepts == first.concepts
    text = "Har ondt i hoften."
    assert [found.mention for found in Matcher.of(again).read(text).found] == [
        found.mention for found in Matcher.of(first).read(text).found
    ]


def test_a_change_is_seen(folder: Path, tmp_path: Path) -> None:
    """A changed file makes a new cache."""
    before = cache.load(folder, tmp_path / "cache")
    _write(folder, PAIN + "jamrer\n")
    assert len(cache.load(folder, tmp_path / "cache").rows) == len(before.rows) + 1


@pytest.mark.parametrize("damage", [b"", b"{", b"[]", b'{"format": 0}', b"\xff\x00"])
def test_a_damaged_cache_is_made_anew(folder: Path, tmp_path: Path, damage: bytes) -> None:
    """Whatever stands in the cache, the vocabulary is right."""
    before = cache.load(folder, tmp_path / "cache")
    (file,) = (tmp_path / "cache").glob("*.jsonl")
    file.write_bytes(damage)
    assert cache.load(folder, tmp_path / "cache").rows == before.rows
    assert json.loads(file.read_bytes().partition(b"\n")[0])["format"] == cache.FORMAT


def test_a_shortened_cache_is_made_anew(folder: Path, tmp_path: Path) -> None:
    """A file that lost its last lines is not taken for a smaller vocabulary."""
    before = cache.load(folder, tmp_path / "cache")
    (file,) = (tmp_path / "cache").glob("*.jsonl")
    whole = file.read_bytes()
    file.write_bytes(b"\n".join(whole.split(b"\n")[:-3]) + b"\n")
    assert cache.load(folder, tmp_path / "cache").rows == before.rows
    assert file.read_bytes() == whole


def test_no_line_of_the_cache_is_long(tmp_path: Path) -> None:
    """One line is read without letting another thread run: a long one would freeze a screen."""
    cache.load(shipped(), tmp_path)
    (file,) = tmp_path.glob("*.jsonl")
    assert max(map(len, file.read_bytes().split(b"\n"))) < 300_000


def test_no_cache_can_be_written(folder: Path, tmp_path: Path) -> None:
    """Where the cache's folder can't be made the vocabulary is still read."""
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    assert cache.load(folder, blocked / "cache").concepts


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (PAIN.replace("[present]", "[completed]"), r"smerter\.txt: the section \[completed\]"),
        (PAIN.replace("display: Problemer med smerter\n", ""), '"display:" is missing'),
        (PAIN + "ondt (i\n", r"smerter\.txt:7: "),
        (PAIN + "[present]\n", r"smerter\.txt:7: .*twice"),
        (PAIN + "{findes_ikke}\n", r"smerter\.txt:7: .*no list"),
        (PAIN.replace("\n[present]", "løs linje\n[present]"), r"smerter\.txt:3: .*before the first"),
        (PAIN + "x" * 500 + "\n", r"smerter\.txt:7: .*characters"),
        ("code: 1\ncode: 2\n", r"smerter\.txt:2: .*twice"),
        ("farve: blå\n" + PAIN, "unknown"),
    ],
)
def test_damaged_files_are_refused(folder: Path, text: str, reason: str) -> None:
    """A file that is not as the format has it is refused with its line and the reason."""
    _write(folder, text)
    with pytest.raises(TerminologyError, match=reason):
        cache.read(folder)


def test_a_concept_has_one_file(folder: Path) -> None:
    """Two files for one code are refused."""
    _write(folder, PAIN, "andre.txt")
    with pytest.raises(TerminologyError, match="has words already"):
        cache.read(folder)


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        (
            "5b6f5ce1-24b0-486d-8bbb-f9711fec92dd",
            "5b6f5ce1-0000-486d-8bbb-f9711fec92dd",
            "not in the release",
        ),
        ("Problemer med smerter", "Smerter", 'the release calls .* "Problemer med smerter"'),
    ],
)
def test_codes_are_checked(folder: Path, old: str, new: str, reason: str) -> None:
    """A code that the release does not have, or calls otherwise, is refused."""
    _write(folder, PAIN.replace(old, new))
    with pytest.raises(TerminologyError, match=reason):
        Matcher.of(cache.read(folder))


def test_lists_in_a_circle(folder: Path, tmp_path: Path) -> None:
    """Shared lists that name each other are refused."""
    (folder / "slots").unlink()
    (folder / "slots").mkdir()
    (folder / "slots" / "a.txt").write_text("{b}\n")
    (folder / "slots" / "b.txt").write_text("{a}\n")
    with pytest.raises(TerminologyError, match="circle"):
        cache.read(folder)
    assert not list(tmp_path.glob("*.jsonl"))


def test_the_shipped_vocabulary_is_sound() -> None:
    """Every file that is shipped can be read, and every code is a current leaf."""
    assert Matcher.of(cache.read(shipped())).spoken
