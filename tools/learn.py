"""Make the learned stage's model anew from the text files: python tools/learn.py [--folder terminology/data].

Deterministic: the same texts give the same file on the same platform. Takes some minutes.
"""

import argparse
import json
import sys
from pathlib import Path

import numpy as np
from sklearn.feature_extraction.text import TfidfTransformer
from sklearn.linear_model import SGDClassifier

from terminology.learned.features import DIMENSIONS, counts
from terminology.learned.model import FILE, FORMAT, load
from terminology.learned.texts import Example, checksum, examples
from terminology.normalise import tokens

WRITTEN_WEIGHT = 3.0
"""A sentence that somebody wrote counts as so many spelled-out wordings."""
LEAST = 2
"""Smaller weights, of 127, are 0: the file packs better."""


def matrix(found: list[Example]):  # noqa: ANN201 - a sparse matrix; scipy has no types
    """Return the counted features of all examples, shape (examples, DIMENSIONS)."""
    from scipy.sparse import csr_matrix  # noqa: PLC0415 - comes with scikit-learn

    data, places, starts = [], [], [0]
    for one in found:
        counted = counts(tokens(one.text))
        places += counted.keys()
        data += counted.values()
        starts.append(len(places))
    return csr_matrix((np.asarray(data, dtype=np.float64), places, starts), shape=(len(found), DIMENSIONS))


def fit(found: list[Example]) -> dict[str, np.ndarray]:
    """Return the arrays of the file."""
    rarity = TfidfTransformer(sublinear_tf=True)
    values = rarity.fit_transform(matrix(found))
    names = np.array([one.name for one in found])
    weights = np.array([WRITTEN_WEIGHT if one.written else 1.0 for one in found])
    model = SGDClassifier(loss="log_loss", alpha=2e-6, max_iter=12, tol=None, random_state=0)
    model.fit(values, names, sample_weight=weights)
    scale = np.abs(model.coef_).max(axis=1) / 127
    rounded = np.rint(model.coef_ / scale[:, None])
    rounded[np.abs(rounded) < LEAST] = 0
    facts = {"format": FORMAT, "classes": list(map(str, model.classes_)), "made_from": checksum(found)}
    return {
        "weights": rounded.astype(np.int8).T.copy(),
        "scale": scale.astype(np.float32),
        "bias": model.intercept_.astype(np.float32),
        "rarity": rarity.idf_.astype(np.float32),
        "facts": np.frombuffer(json.dumps(facts, ensure_ascii=False).encode(), dtype=np.uint8),
    }


def main() -> None:
    """Fit and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, default=Path("terminology/data"))
    parser.add_argument("--check", action="store_true", help="only tell whether the texts have changed since")
    arguments = parser.parse_args()
    found = list(examples(arguments.folder))
    if arguments.check:
        known = load(arguments.folder)
        if known is None or known.made_from != checksum(found):
            sys.exit("The texts have changed since the model was made. Run: python tools/learn.py")
        return
    print(f"{len(found)} examples, {sum(one.written for one in found)} of them written", file=sys.stderr)
    arrays = fit(found)
    part = arguments.folder / f".{FILE}.part"
    with part.open("wb") as out:
        np.savez_compressed(out, **arrays)
    part.replace(arguments.folder / FILE)
    print(arguments.folder / FILE)


if __name__ == "__main__":
    main()
