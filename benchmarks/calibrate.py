"""Fits how often a word is right to what the recogniser says of it; prints the data of the calibration.

Each recording is judged by coefficients fitted on others (five folds); the figures with the coefficients are
those.

    python benchmarks/calibrate.py FOLDER... > dictate/transcriber/data/calibration.json
"""

import json
import sys
from pathlib import Path
from typing import Annotated

import jiwer
import numpy as np
import typer
from common import Recording, heard, ours, recordings_of
from numpy.typing import NDArray

from dictate.evaluate import comparable
from dictate.transcriber.calibration import Evidence
from dictate.transcriber.lexicon import danish
from dictate.transcriber.whisper import WhisperTranscriber

FOLDS = 5
BINS = 10
RIDGE = 1e-3

Figures = NDArray[np.float64]
Judged = list[tuple[Evidence, bool]]


def main(
    folders: Annotated[list[Path], typer.Argument(help="Folders with a manifest.tsv each.")],
    *,
    model: Annotated[str, typer.Option(help="A model of the catalogue.")] = "whisper-base",
) -> None:
    """Fit the coefficients of one model."""
    transcriber, _ = ours(model, calibrated=False)
    judged = {folder.name: [_judged(transcriber, one) for one in recordings_of(folder)] for folder in folders}
    clips = [(corpus, clip) for corpus, each in judged.items() for clip in each]
    fold = np.random.default_rng(0).integers(0, FOLDS, len(clips))
    held: dict[str, list[tuple[float, float, bool]]] = {corpus: [] for corpus in judged}
    for part in range(FOLDS):
        weights = _fit(
            [pair for (_, clip), at in zip(clips, fold, strict=True) if at != part for pair in clip]
        )
        for (corpus, clip), at in zip(clips, fold, strict=True):
            if at == part:
                held[corpus] += [(_sure(weights, said), said.probability, right) for said, right in clip]
    everything = [row for rows in held.values() for row in rows]
    figures = {
        corpus: {
            "words": len(rows),
            "error_before": _error(np.array([(before, right) for _, before, right in rows])),
            "error_after": _error(np.array([(after, right) for after, _, right in rows])),
        }
        for corpus, rows in {**held, "all": everything}.items()
    }
    final = _fit([pair for _, clip in clips for pair in clip])
    content = {
        "about": "Logistic coefficients: 1, log-odds of the recogniser's probability, mean log-probability "
        "of the stretch, no word of the language, put right. Made by benchmarks/calibrate.py; the errors are "
        "expected calibration errors in ten bins, of recordings that the coefficients were not fitted on.",
        "models": {model: {"weights": [round(float(one), 3) for one in final], "measured": figures}},
    }
    print(json.dumps(content, indent=1))


def _judged(transcriber: WhisperTranscriber, one: Recording) -> Judged:
    """What was said of each word, and whether it was right."""
    evidence: list[tuple[str, Evidence]] = []
    for segment in heard(transcriber, one.path).segments:
        for word in segment.words:
            evidence += [
                (
                    piece,
                    Evidence(
                        probability=word.probability,
                        avg_logprob=segment.avg_logprob,
                        is_known=danish().knows(piece),
                        is_corrected=bool(word.alternatives),
                    ),
                )
                for piece in comparable(word.text).split()
            ]
    right = [False] * len(evidence)
    found = jiwer.process_words(comparable(one.text), " ".join(piece for piece, _ in evidence))
    for part in found.alignments[0]:
        if part.type == "equal":
            right[part.hyp_start_idx : part.hyp_end_idx] = [True] * (part.hyp_end_idx - part.hyp_start_idx)
    return [(said, ok) for (_, said), ok in zip(evidence, right, strict=True)]


def _fit(judged: Judged) -> Figures:
    """Logistic regression by Newton's method."""
    features = np.array([said.features for said, _ in judged])
    right = np.array([ok for _, ok in judged], dtype=np.float64)
    weights = np.zeros(features.shape[1])
    for _ in range(50):
        sure = 1 / (1 + np.exp(-features @ weights))
        slope = features.T @ (right - sure) - RIDGE * weights
        curve = (features.T * (sure * (1 - sure))) @ features + RIDGE * np.eye(len(weights))
        weights += np.linalg.solve(curve, slope)
    return weights


def _sure(weights: Figures, said: Evidence) -> float:
    return float(1 / (1 + np.exp(-np.dot(weights, said.features))))


def _error(rows: Figures) -> float:
    """Expected calibration error of rows of probability and whether right."""
    place = np.minimum((rows[:, 0] * BINS).astype(int), BINS - 1)
    gaps = [abs(float((rows[place == bin_, 0] - rows[place == bin_, 1]).sum())) for bin_ in range(BINS)]
    return round(sum(gaps) / len(rows), 4)


if __name__ == "__main__":
    try:
        typer.run(main)
    except KeyboardInterrupt:
        sys.exit(130)
