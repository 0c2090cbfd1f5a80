"""Read tensors of a safetensors file without loading it: the file is mapped, bfloat16 becomes float32.

The package `safetensors` gives NumPy no bfloat16, in which several Danish models are published. Layout:
length of the header (uint64), the header as JSON (name to dtype, shape, offsets), the data.
https://huggingface.co/docs/safetensors/index#format
"""

import json
import math
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from models.errors import ModelError

_LARGEST_HEADER = 100_000_000
_TYPES = {"F16": "<f2", "F32": "<f4", "BF16": "<u2"}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    data: npt.NDArray[np.uint8]
    dtype: str
    shape: tuple[int, ...]


class Tensors:
    """The tensors of one or more files, by name."""

    def __init__(self, paths: tuple[Path, ...]) -> None:
        """Read the headers.

        Raises:
            ModelError: a file is no safetensors file or is cut short.

        """
        self._places: dict[str, _Place] = {}
        for path in paths:
            self._places |= _places(path)

    def __contains__(self, name: str) -> bool:
        """Tell whether there is a tensor of that name."""
        return name in self._places

    def __getitem__(self, name: str) -> npt.NDArray[np.float16] | npt.NDArray[np.float32]:
        """Return a tensor as float16 or float32.

        Raises:
            ModelError: there is none of that name.

        """
        if name not in self._places:
            raise ModelError(
                f"The checkpoint has no tensor {name}; it is no Whisper model of the known layout."
            )
        place = self._places[name]
        values = place.data.view(_TYPES[place.dtype]).reshape(place.shape)
        if place.dtype == "BF16":
            return (values.astype("<u4") << 16).view("<f4")
        return values


def _places(path: Path) -> Mapping[str, _Place]:
    try:
        data = np.memmap(path, dtype=np.uint8, mode="r")
        (size,) = struct.unpack("<Q", data[:8].tobytes())
        header = json.loads(data[8 : 8 + min(size, _LARGEST_HEADER)].tobytes())
        body = data[8 + size :]
        return {
            name: _place(body, **facts)
            for name, facts in header.items()
            if name != "__metadata__" and facts["dtype"] in _TYPES
        }
    except (OSError, ValueError, KeyError, TypeError, struct.error) as error:
        raise ModelError(
            f"{path} is no whole safetensors file: {error}. Fetch it again and check its size."
        ) from error


def _place(
    body: npt.NDArray[np.uint8], *, dtype: str, shape: list[int], data_offsets: tuple[int, int]
) -> _Place:
    start, end = data_offsets
    width = np.dtype(_TYPES[dtype]).itemsize
    if not 0 <= start <= end <= len(body) or end - start != width * math.prod(shape):
        raise ValueError("a tensor lies outside the file")
    return _Place(data=body[start:end], dtype=dtype, shape=tuple(shape))
