"""Re-quantise a CTranslate2 float16 model file to int8, as CTranslate2 itself does on loading.

File layout (binary version 6, little-endian; a string is a uint16 length, then the bytes and a NUL, counted):

    uint32 version, string spec name, uint32 spec revision
    uint32 count, then per variable: string name, uint8 rank, uint32 dimensions, uint8 type, uint32 size, data
    uint32 count, then per alias: string alias, string variable

A float16 matrix named `…/weight` becomes int8 with one float32 scale per row, stored as `…/weight_scale`; an
alias of a weight finds the scale by itself. The rank-3 weights of the two convolutions stay as they are: on
loading CTranslate2 leaves them too, so the file computes bit for bit what the original computes with
`compute_type="int8"`.
"""

import struct
from collections.abc import Iterator
from typing import BinaryIO

import numpy as np
import numpy.typing as npt

from models.errors import ModelError

BINARY_VERSION = 6
_FLOAT32, _INT8, _FLOAT16 = 0, 1, 4
"""Type ids of the format."""
_MATRIX = 2
"""Rank of the weights that are quantised."""
_BLOCK = 1 << 20
"""Weights handled at a time; bounds the memory (about 15 bytes each)."""


def requantise(source: BinaryIO, target: BinaryIO) -> None:
    """Write the int8 form of a float16 model file.

    Args:
        source: the whole model file, read once from start to end; `read(n)` gives n bytes unless it ends.
        target: seekable, opened for writing; holds something unusable if this fails.

    Raises:
        ModelError: not a model file of the known layout, or nothing in it to quantise.

    """
    version = _copy_number(source, target, "I")
    if version != BINARY_VERSION:
        raise ModelError(f"The model file has binary version {version}; only {BINARY_VERSION} is known.")
    _copy_string(source, target)
    _copy_number(source, target, "I")
    variables = _number(source, "I")
    count_at = target.tell()
    target.write(struct.pack("<I", variables))
    quantised = sum(_variable(source, target) for _ in range(variables))
    for _ in range(_copy_number(source, target, "I")):
        _copy_string(source, target)
        _copy_string(source, target)
    if source.read(1):
        raise ModelError("The model file goes on after its end; its layout is not the known one.")
    if not quantised:
        raise ModelError("The model file holds no float16 weights, so there is nothing to quantise.")
    end = target.tell()
    target.seek(count_at)
    target.write(struct.pack("<I", variables + quantised))
    target.seek(end)


def _variable(source: BinaryIO, target: BinaryIO) -> bool:
    """Copy one variable, quantised where it is a float16 matrix of weights; True if it was."""
    name = _string(source)
    shape = tuple(_number(source, "I") for _ in range(_number(source, "B")))
    kind = _number(source, "B")
    size = _number(source, "I")
    if not (name.endswith(b"/weight") and len(shape) == _MATRIX and kind == _FLOAT16):
        _header(target, name, shape, kind, size)
        target.writelines(_exactly(source, block) for block in _blocks(size))
        return False
    rows, columns = shape
    if size != 2 * rows * columns:
        raise ModelError("The model file has a weight of another size than its shape.")
    _header(target, name, shape, _INT8, rows * columns)
    scales = []
    for block in _blocks(rows, max(1, _BLOCK // max(1, columns))):
        halves = np.frombuffer(_exactly(source, 2 * block * columns), dtype="<f2").reshape(block, columns)
        weights, scale = _quantise(halves)
        target.write(weights.tobytes())
        scales.append(scale.tobytes())
    _header(target, name + b"_scale", (rows,), _FLOAT32, 4 * rows)
    target.write(b"".join(scales))
    return True


def _quantise(halves: npt.NDArray[np.float16]) -> tuple[npt.NDArray[np.int8], npt.NDArray[np.float32]]:
    """Scale each row so that its largest weight is ±127 and round.

    Every step is a correctly rounded float32 operation, so all machines write the same bytes.

    Args:
        halves: (rows, columns).

    Returns:
        weights (rows, columns) and scales (rows,), where weight / scale is the original, roughly.

    """
    values = halves.astype(np.float32)
    largest = np.abs(values).max(axis=1)
    largest[largest == 0] = 127
    scale = np.float32(127) / largest
    values *= scale[:, np.newaxis]
    return np.rint(values).astype(np.int8), scale.astype("<f4")


def _header(target: BinaryIO, name: bytes, shape: tuple[int, ...], kind: int, size: int) -> None:
    _write_string(target, name)
    target.write(struct.pack(f"<B{len(shape)}IBI", len(shape), *shape, kind, size))


def _blocks(total: int, block: int = _BLOCK) -> Iterator[int]:
    """Cut `total` into pieces of at most `block`."""
    for start in range(0, total, block):
        yield min(block, total - start)


def _exactly(source: BinaryIO, size: int) -> bytes:
    content = source.read(size)
    if len(content) != size:
        raise ModelError("The model file ends too early.")
    return content


def _number(source: BinaryIO, kind: str) -> int:
    layout = struct.Struct(f"<{kind}")
    return int(layout.unpack(_exactly(source, layout.size))[0])


def _copy_number(source: BinaryIO, target: BinaryIO, kind: str) -> int:
    number = _number(source, kind)
    target.write(struct.pack(f"<{kind}", number))
    return number


def _string(source: BinaryIO) -> bytes:
    return _exactly(source, _number(source, "H")).removesuffix(b"\0")


def _write_string(target: BinaryIO, text: bytes) -> None:
    target.write(struct.pack("<H", len(text) + 1) + text + b"\0")


def _copy_string(source: BinaryIO, target: BinaryIO) -> None:
    _write_string(target, _string(source))
