"""Checkpoints of the transformers library become the same CTranslate2 model that its own converter makes."""

import io
import json
import struct
from pathlib import Path
from typing import Any

import ctranslate2
import numpy as np
import pytest

from models.added import add
from models.checkpoint import convert, is_checkpoint, weight_files
from models.embedded import part_paths
from models.errors import ModelError
from models.hub import Hub
from models.pull import Origin
from models.registry import spec
from models.safetensors import Tensors

TYPES = {0: "<f4", 1: "<i1", 2: "<i2", 3: "<i4", 4: "<f2"}


def variables(content: bytes) -> dict[str, Any]:
    """Read the variables of a CTranslate2 model file (layout: see models/convert.py)."""
    file = io.BytesIO(content)

    def number(kind: str) -> int:
        layout = struct.Struct("<" + kind)
        return int(layout.unpack(file.read(layout.size))[0])

    def string() -> str:
        return file.read(number("H"))[:-1].decode()

    number("I"), string(), number("I")
    found = {}
    for _ in range(number("I")):
        name = string()
        shape = [number("I") for _ in range(number("B"))]
        kind, size = number("B"), number("I")
        found[name] = np.frombuffer(file.read(size), TYPES[kind]).reshape(shape)
    return found


def as_checkpoint(weights: dict[str, Any]) -> dict[str, Any]:
    """Name the weights of a CTranslate2 Whisper as the transformers library does."""
    norms = {"gamma": "weight", "beta": "bias"}
    found: dict[str, Any] = {}
    for name, value in weights.items():
        side, *steps, last = name.split("/")
        if value.ndim == 0 or "alignment" in name:
            continue
        path = f"model.{side}"
        if steps[:1] and steps[0].startswith("layer_") and steps[0] != "layer_norm":
            path += f".layers.{steps[0].removeprefix('layer_')}"
            block, part = steps[1], steps[2] if len(steps) > 2 else ""
            attention = {"self_attention": "self_attn", "attention": "encoder_attn"}.get(block)
            if part == "layer_norm":
                norm = {"ffn": "final_layer_norm"}.get(block, f"{attention}_layer_norm")
                found[f"{path}.{norm}.{norms[last]}"] = value
            elif block == "ffn":
                found[f"{path}.fc{1 if part == 'linear_0' else 2}.{last}"] = value
            else:
                names = {
                    ("self_attn", "linear_0"): "qkv",
                    ("encoder_attn", "linear_0"): "q",
                    ("encoder_attn", "linear_1"): "kv",
                }.get((str(attention), part))
                pieces = np.split(value, len(names)) if names else [value]
                for letter, piece in zip(names or "o", pieces, strict=True):
                    projection = f"{letter}_proj" if names else "out_proj"
                    if not (letter == "k" and last == "bias"):
                        found[f"{path}.{attention}.{projection}.{last}"] = piece
        elif steps == ["layer_norm"]:
            found[f"{path}.layer_norm.{norms[last]}"] = value
        elif steps == ["position_encodings"]:
            found[f"{path}.embed_positions.weight"] = value
        elif steps == ["embeddings"]:
            found[f"{path}.embed_tokens.weight"] = value
        else:
            found[f"{path}.{steps[0]}.{last}"] = value
    return found


def write_safetensors(path: Path, tensors: dict[str, Any], *, bfloat: bool = False) -> None:
    """Write a safetensors file by its definition."""
    header, blocks, at = {}, [], 0
    for name, value in tensors.items():
        block = (value.astype("<f4").view("<u4") >> 16).astype("<u2").tobytes() if bfloat else value.tobytes()
        header[name] = {
            "dtype": "BF16" if bfloat else "F16",
            "shape": value.shape,
            "data_offsets": (at, at + len(block)),
        }
        at += len(block)
        blocks.append(block)
    head = json.dumps(header).encode()
    path.write_bytes(struct.pack("<Q", len(head)) + head + b"".join(blocks))


@pytest.fixture(scope="module")
def published() -> dict[str, bytes]:
    """The files of whisper-base as they were published, joined from the installed parts."""
    found = {}
    for file in spec("whisper-base").files:
        paths = part_paths(file)
        if paths is None:
            pytest.skip("the embedded model is not installed")
        found[file.path] = b"".join(path.read_bytes() for path in paths)
    return found


@pytest.fixture(scope="module")
def checkpoint(published: dict[str, bytes], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """whisper-base as a checkpoint in two files of weights with an index."""
    folder = tmp_path_factory.mktemp("checkpoint")
    config = json.loads(published["config.json"])
    facts = {
        "model_type": "whisper",
        "encoder_layers": 6,
        "encoder_attention_heads": 8,
        "decoder_layers": 6,
        "decoder_attention_heads": 8,
        "num_mel_bins": 80,
        "vocab_size": 51865,
    }
    (folder / "config.json").write_text(json.dumps(facts))
    generation = {
        "suppress_tokens": config["suppress_ids"],
        "begin_suppress_tokens": config["suppress_ids_begin"],
        "alignment_heads": config["alignment_heads"],
        "lang_to_id": {str(number): number for number in config["lang_ids"]},
    }
    (folder / "generation_config.json").write_text(json.dumps(generation))
    (folder / "tokenizer.json").write_bytes(published["tokenizer.json"])
    tensors = as_checkpoint(variables(published["model.bin"]))
    halves = {
        "model-00001-of-00002.safetensors": dict(list(tensors.items())[:60]),
        "model-00002-of-00002.safetensors": dict(list(tensors.items())[60:]),
    }
    index = {"weight_map": {name: file for file, part in halves.items() for name in part}}
    (folder / "model.safetensors.index.json").write_text(json.dumps(index))
    for file, part in halves.items():
        write_safetensors(folder / file, part)
    return folder


@pytest.mark.model
def test_the_conversion_is_the_published_one(
    checkpoint: Path, published: dict[str, bytes], tmp_path: Path
) -> None:
    """Every weight, setting and token of whisper-base is as in its published conversion."""
    assert is_checkpoint(checkpoint)
    target = tmp_path / "made"
    target.mkdir()
    convert(checkpoint, target, eight_bits=False)
    made = variables((target / "model.bin").read_bytes())
    meant = variables(published["model.bin"])
    # The published file is of an older specification: what the newer adds are defaults without weights.
    weights = {name for name, value in meant.items() if value.ndim}
    assert weights - {"decoder/alignment_heads"} <= set(made)
    for name in weights - {"decoder/alignment_heads"}:
        assert np.array_equal(made[name], meant[name]), name
    config, wanted = json.loads((target / "config.json").read_bytes()), json.loads(published["config.json"])
    for key in ("suppress_ids", "suppress_ids_begin", "alignment_heads", "lang_ids"):
        assert config[key] == wanted[key]
    vocabulary = json.loads((target / "vocabulary.json").read_bytes())
    assert vocabulary == published["vocabulary.txt"].decode().splitlines()


@pytest.mark.model
def test_an_added_checkpoint_hears_the_same(
    checkpoint: Path, published: dict[str, bytes], tmp_path: Path
) -> None:
    """Added by its folder and quantised, it computes what the published model computes in 8 bits."""
    files = add(str(checkpoint), "egen", tmp_path / "cache", Origin(hub=Hub()))
    original = tmp_path / "original"
    original.mkdir()
    for name, content in published.items():
        (original / name).write_bytes(content)
    features = np.random.default_rng(1).normal(0, 0.3, (1, 80, 1000)).astype(np.float32)
    heard = []
    for folder in (files.folder, original):
        whisper = ctranslate2.models.Whisper(str(folder), device="cpu", compute_type="int8")
        encoded = ctranslate2.StorageView.from_array(features)
        heard.append(whisper.generate(encoded, [[50258, 50285, 50359, 50363]], beam_size=1, max_length=20)[0])
    assert heard[0].sequences_ids == heard[1].sequences_ids


def test_bfloat16_is_read_as_float32(tmp_path: Path) -> None:
    """Numbers that bfloat16 holds exactly come back exactly."""
    values = np.array([[1.0, -2.5], [0.15625, 3.0e38]], dtype=np.float32)
    write_safetensors(tmp_path / "w.safetensors", {"a": values}, bfloat=True)
    read = Tensors((tmp_path / "w.safetensors",))["a"]
    assert read.dtype == np.float32
    assert np.allclose(read, values, rtol=2**-7)
    assert read[0].tolist() == [1.0, -2.5]


@pytest.mark.parametrize("keep", [0, 4, 8, 40, -1])
def test_a_cut_file_is_refused(tmp_path: Path, keep: int) -> None:
    """Wherever it is cut."""
    path = tmp_path / "w.safetensors"
    write_safetensors(path, {"a": np.ones((4, 4), dtype=np.float16)})
    path.write_bytes(path.read_bytes()[:keep])
    with pytest.raises(ModelError, match="no whole safetensors file"):
        Tensors((path,))


@pytest.mark.parametrize("name", ["../x.safetensors", "/etc/passwd", ".hidden"])
def test_an_index_leads_nowhere_else(name: str) -> None:
    """Files outside the folder are not read."""
    with pytest.raises(ModelError, match="outside its folder"):
        weight_files(json.dumps({"weight_map": {"a": name}}))


def test_another_kind_of_model_is_refused(tmp_path: Path) -> None:
    """Only Whisper can be used; the sentence names what it is."""
    (tmp_path / "config.json").write_text('{"model_type": "wav2vec2"}')
    with pytest.raises(ModelError, match="'wav2vec2'; only Whisper"):
        convert(tmp_path, tmp_path / "out")
