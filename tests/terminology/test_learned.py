"""The learned stage: it doubts wordings whose clause speaks of something else, and nothing else."""

import io
import json
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from terminology.errors import TerminologyError
from terminology.learned.features import DIMENSIONS, counts, weighted
from terminology.learned.judge import DOUBT, Judge
from terminology.learned.model import FILE, NORMAL, Model, load
from terminology.matcher import Matcher, MatchOptions
from terminology.normalise import tokens
from terminology.release import shipped

PAIN = "d4e6f0a8-0000-4000-8000-000000000001"
WOUND = "d4e6f0a8-0000-4000-8000-000000000002"


def small_model() -> Model:
    """Return a model that knows two words."""
    classes = (PAIN, WOUND, WOUND + NORMAL)
    weights = np.zeros((DIMENSIONS, len(classes)), dtype=np.int8)
    for word, at in (("ondt", 0), ("sår", 1)):
        for place in counts(tokens(word)):
            weights[place, at] = 100
    return Model(
        classes=classes,
        weights=weights,
        scale=np.full(len(classes), 0.1, dtype=np.float32),
        bias=np.zeros(len(classes), dtype=np.float32),
        rarity=[1.0] * DIMENSIONS,
        places={PAIN: (0,), WOUND: (1, 2)},
        made_from="",
    )


def test_a_concept_far_behind_is_doubted() -> None:
    """Only in the stretch that speaks of something else; a concept the model does not know never is."""
    words = tokens("har ondt. et sår")
    judge = Judge(model=small_model(), words=words, stretches=(0, 0, 1, 1))
    assert judge.doubts(WOUND, frozenset({1}))
    assert not judge.doubts(WOUND, frozenset({3}))
    assert not judge.doubts(WOUND, frozenset({1, 3}))
    assert not judge.doubts(PAIN, frozenset({1}))
    assert not judge.doubts("unknown", frozenset({1}))
    assert DOUBT > 0


@given(st.text(max_size=80))
def test_any_text_has_features_of_length_one(text: str) -> None:
    """Or none at all, where there are no words."""
    places, values = weighted(counts(tokens(text)), [1.0] * DIMENSIONS)
    assert all(0 <= place < DIMENSIONS for place in places)
    assert not places or sum(value * value for value in values) == pytest.approx(1.0)


def test_the_shipped_model_knows_the_vocabulary() -> None:
    """Every concept that has wordings is a class of it."""
    model = load(shipped())
    assert model is not None
    assert set(Matcher.load(shipped()).spoken) <= set(model.places)


def test_the_learned_stage_only_takes_away() -> None:
    """Whatever it does to a note, no mention comes that was not there without it."""
    with_it = Matcher.load(shipped())
    without = Matcher.load(shipped(), options=MatchOptions(learned=False))
    text = "Har ondt i hoften. Forbinding skiftet på hælen, ingen lugt. Sov dårligt og var oppe flere gange."
    more = {(found.spoken.code, found.mention.text) for found in without.read(text).found}
    fewer = {(found.spoken.code, found.mention.text) for found in with_it.read(text).found}
    assert fewer <= more
    assert fewer


@pytest.mark.parametrize("damage", ["cut", "other format", "no archive"])
def test_a_damaged_model_is_refused(tmp_path: Path, damage: str) -> None:
    """One sentence with the way out."""
    content = (files("terminology") / "data" / FILE).read_bytes()
    if damage == "cut":
        content = content[: len(content) // 2]
    elif damage == "no archive":
        content = b"x" * 100
    else:
        with np.load(io.BytesIO(content)) as data:
            arrays = dict(data)
        facts = json.loads(bytes(arrays["facts"])) | {"format": 99}
        arrays["facts"] = np.frombuffer(json.dumps(facts).encode(), dtype=np.uint8)
        out = io.BytesIO()
        np.savez(out, **arrays)
        content = out.getvalue()
    (tmp_path / FILE).write_bytes(content)
    with pytest.raises(TerminologyError, match=r"tools/learn\.py"):
        load(tmp_path)
    assert load(tmp_path / "nowhere") is None
