"""Tokens as models were trained on them."""

import pytest
from tokenizers import Tokenizer

from dictate.transcriber.tokens import tokenizer_of
from models.cache import ModelFiles


@pytest.mark.parametrize("text", [" til", " tryksår", " i dag"])
def test_words_with_t_are_not_split(base_files: ModelFiles, text: str) -> None:
    """The converted file lacks the first merge: a space would be a token of its own."""
    content = (base_files.folder / "tokenizer.json").read_text(encoding="utf-8")
    tokens = tokenizer_of(content).encode(text, add_special_tokens=False).tokens
    assert tokens[0] != "Ġ"


def test_a_whole_file_is_left_alone(base_files: ModelFiles) -> None:
    """Put back once, the merge is not put back again, however the file is laid out."""
    content = (base_files.folder / "tokenizer.json").read_text(encoding="utf-8")
    mended = tokenizer_of(content)
    again = tokenizer_of(mended.to_str())
    assert again.to_str() == mended.to_str()
    assert tokenizer_of(mended.to_str(pretty=True)).to_str() == mended.to_str()
    assert Tokenizer.from_str(content).to_str() != mended.to_str()
