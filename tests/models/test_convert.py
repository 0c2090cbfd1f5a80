"""Re-quantising a model file, against CTranslate2's own writer."""

import io
from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from models import convert
from models.convert import requantise
from models.errors import ModelError

Serialise = Callable[..., bytes]


def halves(rank: int) -> st.SearchStrategy[npt.NDArray[np.float16]]:
    """Arrays of finite float16 values, rows of zeros and tiny values included."""
    shape = array_shapes(min_dims=rank, max_dims=rank, min_side=1, max_side=9)
    bits = st.integers(0, 0x7BFF) | st.integers(0x8000, 0xFBFF)
    return arrays(np.uint16, shape, elements=bits).map(lambda values: values.view(np.float16))


def converted(content: bytes) -> bytes:
    """Give the int8 form of a model file."""
    target = io.BytesIO()
    requantise(io.BytesIO(content), target)
    return target.getvalue()


@pytest.fixture
def content(serialise: Serialise) -> bytes:
    """A small float16 model file."""
    random = np.random.default_rng(2)
    return serialise(
        *(random.standard_normal(shape).astype(np.float16) for shape in ((40, 7), (4, 2, 3), (5,)))
    )


@settings(max_examples=50, deadline=None)
@given(linear=halves(2), convolution=halves(3), bias=halves(1))
def test_writes_what_ctranslate2_writes(
    serialise: Serialise,
    linear: npt.NDArray[np.float16],
    convolution: npt.NDArray[np.float16],
    bias: npt.NDArray[np.float16],
) -> None:
    """Byte for byte the file that CTranslate2's converter would have quantised, convolutions left alone."""
    content = serialise(linear, convolution, bias)
    assert converted(content) == serialise(linear, convolution, bias, quantization="int8")


def test_block_size_changes_nothing(content: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    """Cutting the weights into blocks of a few rows gives the same file."""
    whole = converted(content)
    monkeypatch.setattr(convert, "_BLOCK", 15)
    assert converted(content) == whole
    assert len(whole) < len(content)


def test_an_int8_file_is_not_quantised_again(content: bytes) -> None:
    """What holds no float16 weights is refused with the reason."""
    with pytest.raises(ModelError, match="nothing to quantise"):
        converted(converted(content))


def test_every_truncation_is_refused(content: bytes) -> None:
    """No prefix of a model file passes for a model file."""
    for size in range(0, len(content), 7):
        with pytest.raises(ModelError, match="ends too early"):
            converted(content[:size])


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda content: b"\7" + content[1:], "binary version 7"),
        (lambda content: content + b"\0", "goes on after its end"),
    ],
)
def test_other_layouts_are_refused(content: bytes, change: Callable[[bytes], bytes], reason: str) -> None:
    """A file of another version, or with something behind its end, is refused."""
    with pytest.raises(ModelError, match=reason):
        converted(change(content))
