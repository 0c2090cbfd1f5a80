"""What tokens stand for, read from the model's vocabulary alone."""

import json
from pathlib import Path

import numpy as np
import pytest
from tokenizers import Tokenizer

from dictate.transcriber.vocabulary import TokenTexts, read_vocabulary
from dictate.transcriber.weights import TEXT_TOKENS
from models.cache import ModelFiles

WORDS = ["Ġs", "Ã¥r", "Ċ", "Ã", "<|endoftext|>", "<|da|>"]


@pytest.mark.parametrize("name", ["vocabulary.txt", "vocabulary.json"])
def test_both_files_are_read(tmp_path: Path, name: str) -> None:
    """A converted model lists its tokens line by line or as JSON."""
    text = json.dumps(WORDS) if name.endswith("json") else "".join(f"{word}\n" for word in WORDS)
    (tmp_path / name).write_text(text, encoding="utf-8")
    assert read_vocabulary(tmp_path) == WORDS


def test_bytes_become_text() -> None:
    """Spaces, line ends and Danish letters come back; half a letter doesn't break the text."""
    texts = TokenTexts(WORDS)
    assert texts.decode([0, 1, 2]) == " sår\n"
    assert texts.decode([0, 3]) == " s\ufffd"
    assert texts.token_to_id("<|da|>") == 5
    assert texts.token_to_id("<|xx|>") is None


@pytest.mark.model
def test_it_reads_as_the_full_tokenizer(base_files: ModelFiles) -> None:
    """Any tokens give the text that the model's own tokenizer gives."""
    full = Tokenizer.from_file(str(base_files.folder / "tokenizer.json"))
    texts = TokenTexts(read_vocabulary(base_files.folder))
    drawn = np.random.default_rng(1).integers(0, TEXT_TOKENS, (500, 8)).tolist()
    assert [texts.decode(tokens) for tokens in drawn] == [full.decode(tokens) for tokens in drawn]
    for name in ("<|da|>", "<|en|>", "<|startoftranscript|>", "<|transcribe|>", "<|endoftext|>"):
        assert texts.token_to_id(name) == full.token_to_id(name)
