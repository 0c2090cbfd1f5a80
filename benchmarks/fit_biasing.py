"""Fits when a term of the vocabulary is written in place of what was heard; prints the data of the judge.

A term was said where writing it alone takes an error away from the words of the vocabulary and adds none to
the others. Vocabularies are drawn as in accuracy.py. Each recording is judged by coefficients that were
fitted on others (five folds); the figures with the coefficients are those.

    python benchmarks/fit_biasing.py FOLDER... > dictate/transcriber/data/biasing.json
"""

import json
import random
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from accuracy import COMMON, Found, figures, judge, listed, rare
from common import Recording, heard, ours, recordings_of
from numpy.typing import NDArray
from wordfreq import top_n_list

from dictate.transcriber.base import DecodeOptions
from dictate.transcriber.biasing import Proposal
from dictate.transcriber.judging import Judge, Sounded, sound_features, text_features
from dictate.transcriber.preferring import Chosen, apart, written
from dictate.transcript import Word

FOLDS = 5
RIDGE = 1.0
WORTH = 0.06
"""Probability by spelling from which asking the sound is worth its time."""
ROUNDS = 3
"""How often the sound of a window is asked in the product; here it is asked about everything."""
ALL_ROUNDS = 8
LEAST = -6.0
"""Looked for by hand: -4 and -9 gain less, or lose more."""
SOUNDS = 4
"""Features of the sound."""

Figures = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Curious(Judge):
    """Asks the sound about everything, accepts nothing, and remembers."""

    asked: list[tuple[Proposal, Sounded]] = field(default_factory=list)

    def likely(self, proposal: Proposal) -> float:
        return 1 - proposal.distance / len(proposal.term)

    def right(self, proposal: Proposal, sounded: Sounded) -> float:
        self.asked.append((proposal, sounded))
        return 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Clip:
    """A recording as it was heard with one vocabulary, and all that was proposed."""

    corpus: str
    recording: Recording
    biasing: set[str]
    size: int
    fold: int
    words: tuple[Word, ...]
    plain: Found
    tried: tuple[tuple[Proposal, Sounded, bool], ...]
    """Proposals by their place in `words`, how they sound, and whether the term was said."""


def main(
    folders: Annotated[list[Path], typer.Argument(help="Folders with a manifest.tsv each.")],
    *,
    model: Annotated[str, typer.Option(help="A model of the catalogue.")] = "whisper-base",
    sizes: Annotated[str, typer.Option(help="Numbers of distractors.")] = "1000,10000",
    accept: Annotated[float, typer.Option(help="Probability from which a term is written.")] = 0.45,
    limit: Annotated[int, typer.Option(help="Recordings taken from each folder; 0 for all.")] = 0,
) -> None:
    """Fit the coefficients of the judge."""
    curious = _Curious(by_text=(), by_sound=(), worth=-1.0, accept=2.0, least=0.0, rounds=ALL_ROUNDS)
    transcriber, _ = ours(model, judge_of_terms=curious)
    common = set(top_n_list("da", COMMON))
    clips = []
    for folder in folders:
        recordings = recordings_of(folder, limit)
        biasing = set[str]().union(*(rare(one.text, common) for one in recordings))
        others = sorted(listed(common) - biasing)
        for size in map(int, sizes.split(",")):
            drawn = random.Random(2).sample(others, min(size, len(others)))  # noqa: S311 - no secret
            options = DecodeOptions(terms=frozenset(biasing | set(drawn)))
            for number, one in enumerate(recordings):
                curious.asked.clear()
                words = heard(transcriber, one.path, options).words
                clips.append(_tried(one, biasing, words, curious.asked, size=size, fold=number % FOLDS))
            print(f"{folder.name}, {size} distractors: {len(recordings)} recordings", file=sys.stderr)
    rows = [
        (clip, (*text_features(one), *sound_features(sounded)), said)
        for clip in clips
        for one, sounded, said in clip.tried
    ]
    weight = {name: 1 / sum(clip.corpus == name for clip, _, _ in rows) for name in {c.corpus for c in clips}}
    table = np.array([features for _, features, _ in rows])
    said = np.array([said for *_, said in rows], dtype=np.float64)
    # Each corpus counts alike, however much is proposed in it.
    counts = np.array([weight[clip.corpus] * len(rows) / len(weight) for clip, _, _ in rows])
    fold = np.array([clip.fold for clip, *_ in rows])
    crosswise = [_judge(table[fold != k], said[fold != k], counts[fold != k], accept) for k in range(FOLDS)]
    measured = _measured(clips, crosswise)
    final = _judge(table, said, counts, accept)
    content = {
        "about": "Logistic coefficients of judging.text_features, and of these with judging.sound_features. "
        "Made by benchmarks/fit_biasing.py; the figures are of recordings that the coefficients were not "
        "fitted on: errors in words of the vocabulary against none, and 95 % interval of the change of "
        "errors in other words.",
        "fitted_on": {"model": model, "recordings": {f.name: len(recordings_of(f, limit)) for f in folders}},
        **{key: value for key, value in asdict(final).items() if key != "asked"},
        "measured": measured,
    }
    print(json.dumps(content, indent=1))


def _tried(
    one: Recording,
    biasing: set[str],
    words: tuple[Word, ...],
    asked: Sequence[tuple[Proposal, Sounded]],
    *,
    size: int,
    fold: int,
) -> _Clip:
    """Write each proposal alone and see what it changes."""
    plain = judge(one, words, biasing)
    places = {word.start: place for place, word in reversed(list(enumerate(words)))}
    tried = []
    for proposal, sounded in asked:
        put = replace(proposal, place=places[proposal.start])
        now = judge(one, written(words, [Chosen(proposal=put, probability=1.0)]), biasing)
        said = now.biased_errors < plain.biased_errors and now.other_errors <= plain.other_errors
        tried.append((put, sounded, said))
    return _Clip(
        corpus=one.corpus,
        recording=one,
        biasing=biasing,
        size=size,
        fold=fold,
        words=words,
        plain=plain,
        tried=tuple(tried),
    )


def _judge(table: Figures, said: Figures, counts: Figures, accept: float) -> Judge:
    return Judge(
        by_text=_fit(table[:, :-SOUNDS], said, counts),
        by_sound=_fit(table, said, counts),
        worth=WORTH,
        accept=accept,
        least=LEAST,
        rounds=ROUNDS,
    )


def _fit(table: Figures, said: Figures, counts: Figures) -> tuple[float, ...]:
    """Logistic regression by Newton's method, on features of mean 0 and deviation 1."""
    mean, spread = table.mean(axis=0), table.std(axis=0) + 1e-9
    mean[0], spread[0] = 0.0, 1.0
    scaled = (table - mean) / spread
    ridge = RIDGE * np.eye(table.shape[1])
    ridge[0, 0] = 0.0
    weights = np.zeros(table.shape[1])
    for _ in range(50):
        sure = 1 / (1 + np.exp(-np.clip(scaled @ weights, -30, 30)))
        slope = scaled.T @ (counts * (said - sure)) - ridge @ weights
        curve = (scaled.T * (counts * sure * (1 - sure))) @ scaled + ridge
        weights += np.linalg.solve(curve, slope)
    plain: Figures = weights / spread
    plain[0] = weights[0] - float((weights[1:] * mean[1:] / spread[1:]).sum())
    return tuple(round(float(one), 4) for one in plain)


def _measured(clips: Sequence[_Clip], crosswise: Sequence[Judge]) -> dict[str, object]:
    """What is gained and lost, each recording judged by coefficients of the others."""
    result: dict[str, object] = {}
    corpora = [*dict.fromkeys(clip.corpus for clip in clips)]
    for size in dict.fromkeys(clip.size for clip in clips):
        for corpus in corpora:
            mine = [clip for clip in clips if clip.size == size and clip.corpus == corpus]
            found = []
            for clip in mine:
                chosen = _chosen(clip, crosswise[clip.fold])
                found.append(judge(clip.recording, written(clip.words, chosen), clip.biasing))
            told = figures(found, [clip.plain for clip in mine])
            result[f"{corpus}, {size} distractors"] = {
                key: told[key] for key in ("b_wer_relative", "u_wer_change_95")
            }
    return result


def _chosen(clip: _Clip, judge_of_terms: Judge) -> list[Chosen]:
    """Choose terms as the product does."""
    sounds = {id(one): sounded for one, sounded, _ in clip.tried}
    likely = sorted(((judge_of_terms.likely(one), place) for place, (one, *_) in enumerate(clip.tried)))
    waiting = [clip.tried[place][0] for sure, place in reversed(likely) if sure >= judge_of_terms.worth]
    chosen: list[Chosen] = []
    for _ in range(judge_of_terms.rounds):
        together, waiting = apart(waiting)
        sures = [(one, judge_of_terms.right(one, sounds[id(one)])) for one in together]
        chosen += [
            Chosen(proposal=one, probability=sure) for one, sure in sures if sure >= judge_of_terms.accept
        ]
    return chosen


if __name__ == "__main__":
    try:
        typer.run(main)
    except KeyboardInterrupt:
        sys.exit(130)
