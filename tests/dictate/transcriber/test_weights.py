"""The smaller model writes what the whole one writes, with the token numbers of the whole one."""

import numpy as np
import pytest
from tokenizers import Tokenizer

from dictate.transcriber.weights import TEXT_TOKENS, Weights, danish_tokens
from models.cache import ModelFiles

pytestmark = pytest.mark.model

PROMPT = (50258, 50285, 50359, 50363)


@pytest.fixture(scope="module")
def lean(base_files: ModelFiles) -> Weights:
    """Danish only."""
    return Weights(base_files.folder, compute_type="int8", workers=1, danish=True)


@pytest.fixture(scope="module")
def whole(base_files: ModelFiles) -> Weights:
    """All languages."""
    return Weights(base_files.folder, compute_type="int8", workers=1, danish=False)


def test_every_byte_and_many_words_can_be_written() -> None:
    """Rising numbers of text tokens; with all single bytes no text is unwritable."""
    tokens = danish_tokens()
    assert (np.diff(tokens) > 0).all()
    assert tokens[:256].tolist() == list(range(256))
    assert tokens[-1] < TEXT_TOKENS
    assert 10_000 < len(tokens) < 20_000


@pytest.mark.parametrize("word", [" til", " er", " har", " ikke", " at", " og", " hun", "Det", " i", " dag"])
def test_common_words_are_one_token(base_files: ModelFiles, word: str) -> None:
    """Among them those that begin with t, which a converted tokenizer splits wrongly."""
    tokenizer = Tokenizer.from_file(str(base_files.folder / "tokenizer.json"))
    token = tokenizer.token_to_id(word.replace(" ", "Ġ"))
    assert token in danish_tokens()


def test_the_sound_is_encoded_alike(lean: Weights, whole: Weights) -> None:
    """Only the words differ."""
    features = np.random.default_rng(0).normal(0, 0.5, (1, 80, 1000)).astype(np.float32)
    np.testing.assert_array_equal(np.array(lean.encode(features)), np.array(whole.encode(features)))
    assert lean.n_mels == whole.n_mels == 80


def test_texts_are_aligned_alike(lean: Weights, whole: Weights) -> None:
    """The same places for the same tokens, and never a smaller probability: fewer words share it."""
    features = np.random.default_rng(0).normal(0, 0.5, (1, 80, 1000)).astype(np.float32)
    text = [[8440, 1187]]
    (small,) = lean.align(lean.encode(features), PROMPT[:3], text, [1000])
    (large,) = whole.align(whole.encode(features), PROMPT[:3], text, [1000])
    assert small.places == large.places
    assert len(small.probabilities) == 2


def test_hypotheses_come_best_first_in_tokens_of_the_whole_model(lean: Weights) -> None:
    """As many as the beam, none with a token that Danish lacks."""
    features = np.random.default_rng(0).normal(0, 0.5, (2, 80, 1000)).astype(np.float32)
    decoded = lean.generate(lean.encode(features), PROMPT, beam_size=3, most_tokens=10)
    assert len(decoded) == 2
    known = set(danish_tokens().tolist())
    for window in decoded:
        assert len(window.hypotheses) == 3
        scores = [written.score for written in window.hypotheses]
        assert scores == sorted(scores, reverse=True)
        assert all(known.issuperset(written.tokens) for written in window.hypotheses)
