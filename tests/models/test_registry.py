"""The catalogue: complete, and read strictly."""

import re
from importlib.resources import files

import pytest

from models.errors import ModelError, UnknownModelError
from models.registry import Source, catalogue, parse, spec

TEXT = files("models").joinpath("catalogue.toml").read_text(encoding="utf-8")


def test_whisper_base_is_fully_pinned() -> None:
    """The model that installs with the project has every pin, its floor, its licence and its limit."""
    base = spec("whisper-base")
    assert base.source is Source.EMBEDDED
    assert base.revision == "ebe41f70d5b6dfa9166e2c581c45c9c0cfc57b66"
    assert (base.licence, base.n_mels, base.min_window_s, base.compute_types[0]) == ("MIT", 80, 10.0, "int8")
    assert {file.path for file in base.files} == {
        "model.bin",
        "config.json",
        "tokenizer.json",
        "vocabulary.txt",
    }
    weights = next(file for file in base.files if file.path == "model.bin")
    assert weights.sha256 == "d01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9"
    assert len(weights.parts) == 2
    assert weights.cached.size < weights.size * 0.55
    assert "four words in ten" in base.limit


def test_other_models_are_known_and_pinned() -> None:
    """The general models are listed with all hashes, and the renamed one by both names."""
    hub = {model.name: model for model in catalogue() if model.source is Source.HUB}
    assert {"whisper-tiny", "whisper-small", "whisper-medium", "whisper-large-v3"} < set(hub)
    turbo = hub["whisper-large-v3-turbo"]
    assert turbo.repository == "dropbox-dash/faster-whisper-large-v3-turbo"
    assert turbo.repository_aliases == ("mobiuslabsgmbh/faster-whisper-large-v3-turbo",)
    assert turbo.size == 1_621_665_983
    assert hub["whisper-large-v3"].size == 3_090_835_702
    assert all(model.wer for model in catalogue())
    assert all(
        "preprocessor_config.json" in {file.path for file in hub[name].files}
        for name in hub
        if "large-v3" in name and hub[name].pinned
    )


def test_the_danish_models_are_known_with_their_terms() -> None:
    """Each that CTranslate2 can run; what nobody could look up is said to be unpinned."""
    danish = {model.name: model for model in catalogue() if not model.pinned}
    assert {
        "whisper-small-danish",
        "edda-v0.2",
        "edda-v0.2-large",
        "roest-v3",
        "hviske-v2",
        "hviske-v3",
    } < set(danish)
    assert not danish["edda-v0.2"].timestamps
    assert "agreement" in (danish["hviske-v3"].terms or "")
    assert all(model.size > 0 and model.wer for model in danish.values())


def test_unknown_name_tells_the_nearest_and_all() -> None:
    """A misspelt name is answered with what was probably meant and with the list."""
    with pytest.raises(
        UnknownModelError, match=r"'base'.*Did you mean whisper-base\?.*whisper-large-v3-turbo"
    ):
        spec("base")
    with pytest.raises(UnknownModelError, match=r"^There is no model named 'xyz'. Known models: "):
        spec("xyz")


@pytest.mark.parametrize(
    ("before", "after", "place"),
    [
        ('licence = "MIT"', 'licence = "MIT"\ncolour = "red"', r"models\.0\.colour"),
        ("n_mels = 80", 'n_mels = "80"', r"models\.0\.n_mels"),
        ("n_mels = 80\n", "", r"models\.0\.n_mels"),
        ('source = "hub"', 'source = "web"', r"models\.0\.source"),
        ("dcb76c65", "DCB76C65", r"sha256"),
        ("dcb76c65", "dcb76c6", r"sha256"),
        ("d90ca5fe", "d90ca5f", r"revision"),
        ('path = "config.json"', 'path = "../config.json"', r"path"),
        ("data/model.bin.part1", "../../model.bin", r"path"),
        ("size = 72608766", "size = 72608767", r"add up"),
        ('extra = "embedded-model"\n', "", r"extra"),
        ("whisper-tiny", "whisper-base", r"twice"),
        ("[[models]]", "[models]", r"not readable"),
    ],
)
def test_slips_are_refused(before: str, after: str, place: str) -> None:
    """An unknown key, a wrong type, a short hash or parts that don't add up are named and refused."""
    assert before in TEXT
    with pytest.raises(ModelError, match=place) as caught:
        parse(TEXT.replace(before, after, 1))
    assert str(caught.value).startswith("The model catalogue is")


def test_every_hash_is_distinct_per_file_name() -> None:
    """No two models share weights: a copied pin would show here."""
    weights = [file.sha256 for model in catalogue() for file in model.files if file.path == "model.bin"]
    assert len(set(weights)) == len(weights) == len([model for model in catalogue() if model.pinned])
    assert all(re.fullmatch(r"[0-9a-f]{64}", pin) for pin in weights)
