"""The fitted model: read from a file of numbers (no code in it), checked, and asked about clauses."""

import io
import json
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources.abc import Traversable

import numpy as np
import numpy.typing as npt

from terminology.errors import TerminologyError
from terminology.learned.features import DIMENSIONS, counts, weighted
from terminology.normalise import Token

FILE = "learned.npz"
FORMAT = 1
NOTHING = ""
"""The class of clauses that call for no concept."""
NORMAL = "!"
"""After a code: what is said is that nothing is wrong there."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Scores:
    """How much a clause speaks for each class."""

    values: npt.NDArray[np.float32]
    """Shape (classes,); above 0 means rather yes."""
    model: "Model"

    def doubt(self, code: str) -> float:
        """Tell how far a concept stands behind the likeliest class; 0 where it is that itself.

        A concept that the model does not know is never doubted.
        """
        places = self.model.places.get(code)
        if places is None:
            return 0.0
        return float(self.values.max() - self.values[list(places)].max())


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Model:
    """Weights of each feature for each class."""

    classes: tuple[str, ...]
    weights: npt.NDArray[np.int8]
    """Shape (DIMENSIONS, classes)."""
    scale: npt.NDArray[np.float32]
    """Of each class, shape (classes,)."""
    bias: npt.NDArray[np.float32]
    """Shape (classes,)."""
    rarity: list[float]
    """Of each feature."""
    places: dict[str, tuple[int, ...]]
    """Code to its classes."""
    made_from: str
    """SHA-256 of the texts it was fitted to."""

    def scores(self, words: Sequence[Token]) -> Scores:
        """Score a clause."""
        places, values = weighted(counts(words), self.rarity)
        sums = np.asarray(values, dtype=np.float32) @ self.weights[places].astype(np.float32)
        return Scores(values=sums * self.scale + self.bias, model=self)


def load(folder: Traversable) -> Model | None:
    """Read the model of a release; None where it has none.

    Raises:
        TerminologyError: the file is damaged or of another format.

    """
    file = folder / FILE
    return _read(file.read_bytes(), str(file)) if file.is_file() else None


@lru_cache(maxsize=2)
def _read(content: bytes, file: str) -> Model:
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as data:
            facts = json.loads(bytes(data["facts"]))
            _check(facts["format"], data["weights"].shape, len(facts["classes"]))
            classes = tuple(facts["classes"])
            places: dict[str, list[int]] = {}
            for at, name in enumerate(classes):
                places.setdefault(name.removesuffix(NORMAL), []).append(at)
            return Model(
                classes=classes,
                weights=data["weights"].astype(np.int8),
                scale=data["scale"].astype(np.float32),
                bias=data["bias"].astype(np.float32),
                rarity=[float(value) for value in data["rarity"]],
                places={code: tuple(found) for code, found in places.items() if code},
                made_from=facts["made_from"],
            )
    except (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        raise TerminologyError(
            f"{file} is damaged or was made by another version. Make it anew with: python tools/learn.py"
        ) from error


def _check(version: int, shape: tuple[int, ...], classes: int) -> None:
    if version != FORMAT or shape != (DIMENSIONS, classes):
        raise ValueError("another format")
