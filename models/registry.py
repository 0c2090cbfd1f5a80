"""The catalogue of speech models: what each file must be, and what is known about its quality.

`catalogue.toml` is the data; this module reads it strictly, so that a slip in a pin is found by the first
test and not by the first user.
"""

import difflib
import json
import tomllib
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Annotated

import platformdirs
from pydantic import ConfigDict, Field, PositiveInt, TypeAdapter, ValidationError, with_config

from models.errors import ModelError, UnknownModelError

Text = Annotated[str, Field(min_length=1)]
Name = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9.-]*$")]
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Revision = Annotated[str, Field(pattern=r"^[0-9a-f]{40}$")]
Repository = Annotated[str, Field(pattern=r"^[\w.-]+/[\w.-]+$")]
FileName = Annotated[str, Field(pattern=r"^\w[\w.-]*$")]
"""One path component, so that no entry can point outside its folder."""

strict = with_config(ConfigDict(extra="forbid"))


class Source(StrEnum):
    """Where the files of a model come from."""

    EMBEDDED = "embedded"
    """Parts in installed Python packages; nothing is fetched."""
    HUB = "hub"
    """A public model repository; fetched when the user asks for it."""
    LOCAL = "local"
    """A folder on this machine that the user added."""


class Format(StrEnum):
    """How the published weights are stored."""

    CTRANSLATE2 = "ctranslate2"
    TRANSFORMERS = "transformers"
    """Safetensors; converted to CTranslate2 after they were fetched."""


@strict
@dataclass(frozen=True, slots=True, kw_only=True)
class Pin:
    """The only content a file may have."""

    size: PositiveInt
    """Bytes."""
    sha256: Sha256


@strict
@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A piece of a file, as an installed package holds it."""

    package: Annotated[str, Field(pattern=r"^[a-z]\w*$")]
    """Import name of the package; it is looked up, never imported."""
    path: Annotated[str, Field(pattern=r"^\w[\w.-]*(/\w[\w.-]*)*$")]
    """Path inside the package, with forward slashes."""
    size: PositiveInt
    """Bytes."""
    sha256: Sha256


@strict
@dataclass(frozen=True, slots=True, kw_only=True)
class ModelFile:
    """One file of the published model, and the form in which the cache keeps it."""

    path: FileName
    size: PositiveInt
    """Bytes, as published."""
    sha256: Sha256
    """Of the file as published."""
    parts: tuple[Part, ...] = ()
    """In joining order; empty for models that no package embeds."""
    int8: Pin | None = None
    """Set where the cache keeps the file re-quantised: the pin of that form."""

    def __post_init__(self) -> None:
        """Refuse parts that can't add up to the file."""
        if self.parts and sum(part.size for part in self.parts) != self.size:
            raise ValueError(f"the parts of {self.path} don't add up to its {self.size} bytes")

    @property
    def cached(self) -> Pin:
        """What the file must be in the cache."""
        return self.int8 or Pin(size=self.size, sha256=self.sha256)


@strict
@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedWer:
    """A word error rate that somebody published for this model on Danish."""

    test: Text
    """The test set."""
    percent: Annotated[float, Field(gt=0)]
    """Wrong words per hundred said; above 100 where the model invents words."""
    source: Text


@strict
@dataclass(frozen=True, slots=True, kw_only=True)
class ModelSpec:
    """A model of the catalogue."""

    name: Name
    source: Source
    extra: Text | None = None
    """Embedded models: the extra of this distribution that installs the parts."""
    format: Format = Format.CTRANSLATE2
    repository: Annotated[str, Field(pattern=r"^([\w.-]+/[\w.-]+|local)$")]
    """The public repository of the files; "local" for a folder that the user added."""
    repository_aliases: tuple[Repository, ...] = ()
    """Names under which the repository was known before."""
    revision: Revision | None = None
    """Commit of the repository; None where nobody could look it up yet."""
    licence: Text
    terms: Text | None = None
    """What the licence allows and forbids, in a buyer's words; None where it only asks for notice."""
    n_mels: PositiveInt
    """Mel bands of the input features."""
    compute_types: Annotated[tuple[Text, ...], Field(min_length=1)]
    """CTranslate2 compute types to load it with; the first is the one to use on a CPU. Always pass one: of a
    re-quantised file CTranslate2 guesses a wrong default."""
    min_window_s: Annotated[float, Field(gt=0, le=30)]
    """Shortest encoder window in seconds at which the words stay right; 30 where nobody measured it."""
    limit: Text
    """One plain sentence on how far to trust it."""
    timestamps: bool = True
    """Whether it was trained to write time stamps; without, it must be run without them."""
    prompt: bool = True
    """Whether text given before the speech does it no harm."""
    download_mb: PositiveInt | None = None
    """About how much is fetched, where the files are not known one by one."""
    files: tuple[ModelFile, ...] = ()
    """Empty where nobody could look up the hashes yet."""
    wer: tuple[PublishedWer, ...] = ()
    """The first is the one to show where there is room for one."""

    def __post_init__(self) -> None:
        """Refuse an embedded model without parts or extra, and parts where nothing is embedded."""
        embedded = self.source is Source.EMBEDDED
        if embedded and not self.files:
            raise ValueError("an embedded model lists its files")
        if embedded != (self.extra is not None) or any(embedded != bool(file.parts) for file in self.files):
            raise ValueError("an embedded model has an extra and parts for every file; no other has any")

    @property
    def pinned(self) -> bool:
        """Tell whether every byte of it is known beforehand."""
        return self.revision is not None and bool(self.files)

    @property
    def size(self) -> int:
        """Bytes on disk once it is in the cache; roughly, where it is not pinned."""
        return sum(file.cached.size for file in self.files) or (self.download_mb or 0) * 1_000_000


@strict
@dataclass(frozen=True, slots=True, kw_only=True)
class _Catalogue:
    models: tuple[ModelSpec, ...]

    def __post_init__(self) -> None:
        names = [model.name for model in self.models]
        if len(set(names)) < len(names):
            raise ValueError("a model name occurs twice")


def parse(text: str) -> tuple[ModelSpec, ...]:
    """Read a catalogue.

    Args:
        text: TOML as in `catalogue.toml`.

    Raises:
        ModelError: not TOML, an unknown or missing key, a value of the wrong shape; names the place.

    """
    try:
        # By way of JSON, because only there does strict reading take an array for a tuple.
        content = json.dumps(tomllib.loads(text))
        return TypeAdapter(_Catalogue).validate_json(content, strict=True).models
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(step) for step in first["loc"]) or "the whole"
        raise ModelError(f"The model catalogue is wrong at {place}: {first['msg']}. Correct it.") from error
    except (tomllib.TOMLDecodeError, TypeError) as error:
        raise ModelError(f"The model catalogue is not readable: {error}. Correct it.") from error


@cache
def shipped() -> tuple[ModelSpec, ...]:
    """All models this version knows, in the order of the catalogue."""
    return parse(files("models").joinpath("catalogue.toml").read_text(encoding="utf-8"))


def catalogue() -> tuple[ModelSpec, ...]:
    """All models this version knows, then those that the user added.

    Raises:
        ModelError: the user's own catalogue is damaged.

    """
    return (*shipped(), *own())


def own() -> tuple[ModelSpec, ...]:
    """The models that the user added, from the files in the user's data folder.

    Raises:
        ModelError: one of the files is damaged; names it.

    """
    found = []
    folder = own_folder()
    for path in sorted(folder.glob("*.json")) if folder.is_dir() else ():
        try:
            found.append(TypeAdapter(ModelSpec).validate_json(path.read_bytes(), strict=True))
        except (OSError, ValidationError) as error:
            raise ModelError(
                f"{path} can't be read as a model. Remove it and add the model again."
            ) from error
    return tuple(found)


def own_folder() -> Path:
    """Where the models that the user added are described."""
    return platformdirs.user_data_path("plejediktat") / "models"


def spec(name: str) -> ModelSpec:
    """Find a model by its name.

    Raises:
        UnknownModelError: not in the catalogue; names the nearest and all known models.

    """
    known = {model.name: model for model in catalogue()}
    if name in known:
        return known[name]
    near = difflib.get_close_matches(name, known, n=1, cutoff=0.45)
    hint = f"Did you mean {near[0]}? " if near else ""
    raise UnknownModelError(f"There is no model named {name!r}. {hint}Known models: {', '.join(known)}.")
