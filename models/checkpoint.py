"""Convert a Whisper checkpoint of the transformers library to CTranslate2, without that library.

CTranslate2's own converter needs torch and transformers, gigabytes for the renaming of some hundred arrays;
this fills the same specification (`ctranslate2.specs.WhisperSpec`) from the checkpoint's files alone. A test
converts whisper-base and compares every weight with the published conversion.
"""

import itertools
import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from ctranslate2.specs.whisper_spec import WhisperSpec

from models.convert import requantise
from models.errors import ModelError
from models.safetensors import Tensors

NEEDED = ("config.json", "tokenizer.json")
OPTIONAL = ("generation_config.json", "preprocessor_config.json")
WEIGHTS = "model.safetensors"
INDEX = "model.safetensors.index.json"
"""Names the files of weights that are parted."""
_KEPT = ("tokenizer.json", "preprocessor_config.json")
_PREPROCESSOR = {
    "chunk_length": 30,
    "feature_extractor_type": "WhisperFeatureExtractor",
    "hop_length": 160,
    "n_fft": 400,
    "n_samples": 480000,
    "nb_max_frames": 3000,
    "padding_side": "right",
    "padding_value": 0.0,
    "processor_class": "WhisperProcessor",
    "return_attention_mask": False,
    "sampling_rate": 16000,
}
_STANDARD_MELS = 80

Array = npt.NDArray[Any]


def is_checkpoint(folder: Path) -> bool:
    """Tell whether a folder holds a transformers checkpoint with safetensors weights."""
    return all((folder / name).is_file() for name in NEEDED) and any(
        (folder / name).is_file() for name in (WEIGHTS, INDEX)
    )


def weight_files(index: str) -> tuple[str, ...]:
    """Return the names of the files of weights that an index (JSON text) lists.

    Raises:
        ModelError: it is no index, or a name leads out of the folder.

    """
    try:
        names = sorted(set(json.loads(index)["weight_map"].values()))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ModelError("The checkpoint's index of weights can't be read. Fetch the model again.") from error
    if any(
        not isinstance(name, str) or "/" in name or "\\" in name or name.startswith(".") for name in names
    ):
        raise ModelError("The checkpoint's index names files outside its folder. Don't use this model.")
    return tuple(names)


def convert(source: Path, target: Path, *, eight_bits: bool = True) -> None:
    """Write the CTranslate2 form of a checkpoint.

    Args:
        source: folder of the checkpoint.
        target: empty folder; gets model.bin, config.json, vocabulary, tokenizer and, where the model does not
            have 80 mel bands, preprocessor_config.json.
        eight_bits: store the matrices in 8 bits, else all in 16. The convolutions stay in 16: CTranslate2
            expands them on loading anyway.

    Raises:
        ModelError: no Whisper checkpoint, or damaged.

    """
    config = _json(source / "config.json")
    if config.get("model_type") != "whisper":
        raise ModelError(
            f"{source} holds a model of type {config.get('model_type')!r}; only Whisper models can be used."
        )
    index = source / INDEX
    files = weight_files(index.read_text("utf-8")) if index.is_file() else (WEIGHTS,)
    tensors = Tensors(tuple(source / name for name in files))
    try:
        spec = _spec(config, tensors)
        generation = source / "generation_config.json"
        _configure(spec, config, _json(generation) if generation.is_file() else {})
        spec.register_vocabulary(_vocabulary(source / "tokenizer.json", config["vocab_size"]))
        spec.validate()
        spec.optimize(quantization="float16")
        spec.save(str(target))
    except (KeyError, TypeError, ValueError) as error:
        raise ModelError(f"{source} is no Whisper checkpoint of the known layout: {error}.") from error
    if eight_bits:
        weights = target / "model.bin"
        wide = weights.rename(target / ".model.bin.16")
        with wide.open("rb") as halves, weights.open("wb") as out:
            requantise(halves, out)
        wide.unlink()
    for name in _KEPT:
        if (source / name).is_file():
            shutil.copyfile(source / name, target / name)
    # Without it faster-whisper takes 80 bands and fails on a model of 128.
    if config["num_mel_bins"] != _STANDARD_MELS:
        facts = _PREPROCESSOR | {"feature_size": config["num_mel_bins"]}
        (target / "preprocessor_config.json").write_text(json.dumps(facts, indent=2) + "\n", "utf-8")


def _spec(config: Mapping[str, Any], tensors: Tensors) -> WhisperSpec:
    spec = WhisperSpec(
        config["encoder_layers"],
        config["encoder_attention_heads"],
        config["decoder_layers"],
        config["decoder_attention_heads"],
    )
    for at, conv in ((1, spec.encoder.conv1), (2, spec.encoder.conv2)):
        conv.weight = tensors[f"model.encoder.conv{at}.weight"]
        conv.bias = tensors[f"model.encoder.conv{at}.bias"]
    for side, name in ((spec.encoder, "model.encoder"), (spec.decoder, "model.decoder")):
        side.position_encodings.encodings = tensors[f"{name}.embed_positions.weight"]
        _norm(side.layer_norm, f"{name}.layer_norm", tensors)
        for at, layer in enumerate(side.layer):
            _layer(layer, f"{name}.layers.{at}", tensors)
    spec.decoder.embeddings.weight = tensors["model.decoder.embed_tokens.weight"]
    spec.decoder.projection.weight = tensors[
        "proj_out.weight" if "proj_out.weight" in tensors else "model.decoder.embed_tokens.weight"
    ]
    return spec


def _layer(layer: Any, name: str, tensors: Tensors) -> None:  # noqa: ANN401 - CTranslate2 has no types
    own = layer.self_attention
    _fuse(own.linear[0], [f"{name}.self_attn.{part}_proj" for part in "qkv"], tensors)
    _linear(own.linear[-1], f"{name}.self_attn.out_proj", tensors)
    _norm(own.layer_norm, f"{name}.self_attn_layer_norm", tensors)
    if f"{name}.encoder_attn.q_proj.weight" in tensors:
        other = layer.attention
        _fuse(other.linear[0], [f"{name}.encoder_attn.q_proj"], tensors)
        _fuse(other.linear[1], [f"{name}.encoder_attn.{part}_proj" for part in "kv"], tensors)
        _linear(other.linear[-1], f"{name}.encoder_attn.out_proj", tensors)
        _norm(other.layer_norm, f"{name}.encoder_attn_layer_norm", tensors)
    _linear(layer.ffn.linear_0, f"{name}.fc1", tensors)
    _linear(layer.ffn.linear_1, f"{name}.fc2", tensors)
    _norm(layer.ffn.layer_norm, f"{name}.final_layer_norm", tensors)


def _fuse(spec: Any, names: list[str], tensors: Tensors) -> None:  # noqa: ANN401 - CTranslate2 has no types
    """Join projections; Whisper's key projection has no bias."""
    spec.weight = np.concatenate([tensors[f"{name}.weight"] for name in names])
    spec.bias = np.concatenate([_bias(name, tensors) for name in names])


def _bias(name: str, tensors: Tensors) -> Array:
    weight = tensors[f"{name}.weight"]
    if f"{name}.bias" in tensors:
        return tensors[f"{name}.bias"]
    return np.zeros(len(weight), dtype=weight.dtype)


def _linear(spec: Any, name: str, tensors: Tensors) -> None:  # noqa: ANN401 - CTranslate2 has no types
    spec.weight = tensors[f"{name}.weight"]
    spec.bias = tensors[f"{name}.bias"]


def _norm(spec: Any, name: str, tensors: Tensors) -> None:  # noqa: ANN401 - CTranslate2 has no types
    spec.gamma = tensors[f"{name}.weight"]
    spec.beta = tensors[f"{name}.bias"]


def _configure(spec: WhisperSpec, config: Mapping[str, Any], generation: Mapping[str, Any]) -> None:
    """Carry over what the decoding needs, as CTranslate2's own converter does."""
    facts = generation or config
    spec.config.suppress_ids = facts.get("suppress_tokens")
    spec.config.suppress_ids_begin = facts.get("begin_suppress_tokens")
    if languages := generation.get("lang_to_id"):
        spec.config.lang_ids = sorted(languages.values())
    heads = generation.get("alignment_heads")
    if heads is None:
        layers = config["decoder_layers"]
        heads = itertools.product(range(layers // 2, layers), range(config["decoder_attention_heads"]))
    spec.config.alignment_heads = [list(pair) for pair in heads]


def _vocabulary(tokenizer: Path, size: int) -> list[str]:
    """Return all tokens in the order of their ids; time stamps that the tokenizer doesn't list follow."""
    known = _json(tokenizer)
    by_id = {number: token for token, number in known["model"]["vocab"].items()}
    by_id |= {added["id"]: added["content"] for added in known["added_tokens"]}
    tokens = [by_id[number] for number in sorted(by_id)][:size]
    tokens.extend(f"<|{0.02 * number:.2f}|>" for number in range(size - len(tokens)))
    return tokens


def _json(path: Path) -> dict[str, Any]:
    try:
        content = json.loads(path.read_bytes())
    except (OSError, ValueError) as error:
        raise ModelError(f"{path} can't be read: {error}. Fetch the model again.") from error
    if not isinstance(content, dict):
        raise ModelError(f"{path} is not what its name says. Fetch the model again.")
    return content
