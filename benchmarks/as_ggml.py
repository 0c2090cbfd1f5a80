"""Writes whisper-base, as published and installed, for whisper.cpp: the same weights in its 8-bit format.

    python benchmarks/as_ggml.py TARGET.bin

The layout is that of whisper.cpp's own converter for checkpoints, quantised to Q8_0 (blocks of 32).
"""

import io
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer
from faster_whisper.feature_extractor import FeatureExtractor
from numpy.typing import NDArray

from dictate.transcriber.vocabulary import TokenTexts
from dictate.transcriber.weights import TEXT_TOKENS
from models.embedded import part_paths
from models.registry import spec

MAGIC, Q8_0_MODEL, F32, F16, Q8_0 = 0x67676D6C, 2007, 0, 1, 8
# Tokens, positions, width, heads and layers of the encoder, the same of the decoder, mel bands.
SHAPE = (51865, 1500, 512, 8, 6, 448, 512, 8, 6, 80)
FILTERS = 201
BLOCK = 32
TYPES = {0: "<f4", 1: "<i1", 2: "<i2", 3: "<i4", 4: "<f2"}
ATTENTION = {"self_attention": "attn", "attention": "cross_attn"}
PARTS = {
    ("attn", "linear_0"): ("query", "key", "value"),
    ("attn", "linear_1"): ("out",),
    ("cross_attn", "linear_0"): ("query",),
    ("cross_attn", "linear_1"): ("key", "value"),
    ("cross_attn", "linear_2"): ("out",),
}
LAST = {"gamma": "weight", "beta": "bias"}
TOP = {
    "position_encodings": "positional_embedding",
    "embeddings": "token_embedding.weight",
}

Figures = NDArray[Any]


def main(target: Annotated[Path, typer.Argument(help="File to write.")]) -> None:
    """Write the file."""
    files = {
        file.path: b"".join(path.read_bytes() for path in part_paths(file) or ())
        for file in spec("whisper-base").files
    }
    vocabulary = files["vocabulary.txt"].decode().removesuffix("\n").split("\n")
    mels = FeatureExtractor.get_mel_filters(16_000, 400, n_mels=SHAPE[-1]).astype("<f4")
    with target.open("wb") as out:
        out.write(struct.pack("<I11i", MAGIC, *SHAPE, Q8_0_MODEL))
        out.write(struct.pack("<2i", SHAPE[-1], FILTERS) + mels.tobytes())
        out.write(struct.pack("<i", TEXT_TOKENS))
        texts = TokenTexts(vocabulary)
        for number in range(TEXT_TOKENS):
            content = texts.bytes_of([number])
            out.write(struct.pack("<I", len(content)) + content)
        for name, value in _variables(files["model.bin"]):
            for path, part in _named(name, value):
                out.write(_tensor(path, part))


def _variables(content: bytes) -> Iterator[tuple[str, Figures]]:
    """Read the variables of a CTranslate2 model file; the layout is described in `models.convert`."""
    file = io.BytesIO(content)

    def number(kind: str) -> int:
        layout = struct.Struct("<" + kind)
        return int(layout.unpack(file.read(layout.size))[0])

    def string() -> str:
        return file.read(number("H"))[:-1].decode()

    number("I"), string(), number("I")
    for _ in range(number("I")):
        name = string()
        shape = [number("I") for _ in range(number("B"))]
        kind, size = number("B"), number("I")
        yield name, np.frombuffer(file.read(size), TYPES[kind]).reshape(shape).astype(np.float32)


def _named(name: str, value: Figures) -> Iterator[tuple[str, Figures]]:
    """Name a weight as OpenAI did; weights that CTranslate2 keeps together are parted."""
    side, *steps, last = name.split("/")
    if value.ndim == 0 or "alignment" in name:
        return
    last = LAST.get(last, last)
    if not (steps and steps[0].startswith("layer_") and steps[0] != "layer_norm"):
        top = steps[0] if steps else last
        if top == "layer_norm":
            yield f"{side}.{'ln_post' if side == 'encoder' else 'ln'}.{last}", value
        else:
            yield f"{side}.{TOP.get(top, f'{top}.{last}')}", value
        return
    block, part = steps[1], steps[2]
    path = f"{side}.blocks.{steps[0].removeprefix('layer_')}"
    attention = ATTENTION.get(block)
    if part == "layer_norm":
        yield f"{path}.{attention or 'mlp'}_ln.{last}", value
    elif attention is None:
        yield f"{path}.mlp.{0 if part == 'linear_0' else 2}.{last}", value
    else:
        names = PARTS[attention, part]
        for letter, piece in zip(names, np.split(value, len(names)), strict=True):
            if not (letter == "key" and last == "bias"):
                yield f"{path}.{attention}.{letter}.{last}", piece


def _tensor(name: str, value: Figures) -> bytes:
    """Write one weight: tables in blocks of 8 bits, convolutions in 16, the rest in 32."""
    if name.endswith(("conv1.bias", "conv2.bias")):
        value = value.reshape(-1, 1)
    kind, content = F32, value.astype("<f4").tobytes()
    if value.ndim == 3:
        kind, content = F16, value.astype("<f2").tobytes()
    elif value.ndim == 2 and not name.endswith((".bias", "positional_embedding")):
        blocks = value.reshape(-1, BLOCK)
        scale = np.abs(blocks).max(axis=1) / 127
        rows = np.zeros(len(blocks), dtype=[("scale", "<f2"), ("figures", "i1", BLOCK)])
        rows["scale"] = scale
        rows["figures"] = np.round(blocks / np.maximum(scale, 1e-12)[:, np.newaxis])
        kind, content = Q8_0, rows.tobytes()
    letters = name.encode()
    head = struct.pack(f"<3i{value.ndim}i", value.ndim, len(letters), kind, *reversed(value.shape))
    return head + letters + content


if __name__ == "__main__":
    typer.run(main)
