"""Hashing files and judging them."""

import hashlib
from pathlib import Path

import pytest

from models.errors import ModelDamagedError
from models.verify import check, require, sha256


def test_hash_is_that_of_all_bytes(tmp_path: Path) -> None:
    """A file larger than one read is hashed whole."""
    content = bytes(range(256)) * 5000
    file = tmp_path / "weights"
    file.write_bytes(content)
    assert sha256(file) == hashlib.sha256(content).hexdigest()


def test_missing_file_has_no_hash(tmp_path: Path) -> None:
    """A file that isn't there, or whose folder is a file, has no hash and is not ok."""
    (tmp_path / "file").touch()
    assert sha256(tmp_path / "none") is None
    assert not check(tmp_path / "file" / "none", "0" * 64).ok


def test_refusal_names_file_and_both_hashes(tmp_path: Path) -> None:
    """A changed file is refused with its path, the expected and the found hash, and what to do."""
    file = tmp_path / "weights"
    file.write_bytes(b"abd")
    expected = hashlib.sha256(b"abc").hexdigest()
    found = hashlib.sha256(b"abd").hexdigest()
    with pytest.raises(ModelDamagedError) as caught:
        require(check(file, expected), remedy="Get it anew.")
    message = str(caught.value)
    assert all(text in message for text in (str(file), expected, found, "Get it anew."))


def test_right_file_passes(tmp_path: Path) -> None:
    """The pinned file is accepted in silence."""
    file = tmp_path / "weights"
    file.write_bytes(b"abc")
    require(check(file, hashlib.sha256(b"abc").hexdigest()), remedy="")
