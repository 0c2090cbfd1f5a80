"""How right the words are: all of them, those of a vocabulary of growing size, and how sure words can be.

A biasing word is a word of the recordings that isn't among the commonest of the language. A vocabulary holds
all of them and so many others, drawn from a word list (the protocol of the LibriSpeech biasing lists). B-WER
counts the biasing words alone, U-WER the rest.

    python benchmarks/accuracy.py FOLDER... [--words FILE] [--limit N]
"""

import random
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import jiwer
import typer
from common import RESULTS, Recording, heard, interval, ours, recordings_of, write_result
from plots import lines
from rich.console import Console
from rich.progress import track
from wordfreq import top_n_list

from dictate.evaluate import comparable, compare
from dictate.transcriber.base import DecodeOptions
from dictate.transcript import Word

COMMON = 3000
SHORTEST = 4
BINS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Errors in one recording, in words of the vocabulary and in others."""

    words: int
    errors: int
    character_errors: int
    characters: int
    biased: int
    biased_errors: int
    others: int
    other_errors: int
    judged: tuple[tuple[float, bool], ...]
    """Probability of each recognised word, and whether it is right."""


def main(
    folders: Annotated[list[Path], typer.Argument(help="Folders with a manifest.tsv each.")],
    *,
    model: Annotated[str, typer.Option(help="A model of the catalogue.")] = "whisper-base",
    words: Annotated[Path | None, typer.Option(help="Text whose rare words are the distractors.")] = None,
    sizes: Annotated[str, typer.Option(help="Numbers of distractors.")] = "100,500,1000,10000",
    limit: Annotated[int, typer.Option(help="Recordings taken from each folder; 0 for all.")] = 0,
    output: Annotated[Path | None, typer.Option(help="JSON file for the result.")] = None,
) -> None:
    """Measure error rates without and with vocabularies, and calibration."""
    transcriber, files = ours(model)
    common = set(top_n_list("da", COMMON))
    pool = sorted(rare(words.read_text(encoding="utf-8"), common) if words else listed(common))
    counts = (None, *map(int, sizes.split(",")))
    result: dict[str, dict[str, object]] = {}
    judged: list[tuple[float, bool]] = []
    console = Console(stderr=True)
    for folder in folders:
        recordings = recordings_of(folder, limit)
        biasing = set[str]().union(*(rare(one.text, common) for one in recordings))
        others = [word for word in pool if word not in biasing]
        plain: list[Found] = []
        for count in counts:
            draw = random.Random(2)  # noqa: S311 - a repeatable draw, no secret
            drawn = draw.sample(others, min(count or 0, len(others)))
            terms = frozenset(biasing | set(drawn)) if count is not None else frozenset[str]()
            found = [
                judge(one, heard(transcriber, one.path, DecodeOptions(terms=terms)).words, biasing)
                for one in track(recordings, console=console, disable=not console.is_terminal)
            ]
            plain = plain or found
            told = figures(found, plain)
            name = "no vocabulary" if count is None else f"{count} distractors"
            result.setdefault(folder.name, {})[name] = told
            print(f"{folder.name}, {name}: {told}", flush=True)
            judged += [pair for one in found for pair in one.judged] if count is None else []
    bins, error = _calibration(judged)
    print(f"expected calibration error {error:.3f} over {len(judged)} words")
    target = write_result(
        "accuracy",
        output,
        files,
        {"summary": result, "calibration_error": round(error, 4), "calibration": bins},
    )
    plot = lines(
        "Is a word as often right as it says?",
        "probability of the word",
        "share that is right",
        {"words": [(sure, right) for sure, right, _ in bins], "ideal": [(0, 0), (1, 1)]},
    )
    (RESULTS if output is None else output.parent).joinpath("calibration.svg").write_text(
        plot, encoding="utf-8"
    )
    print(f"Wrote {target}")


def rare(text: str, common: set[str]) -> set[str]:
    """Return the words of a text that make up a vocabulary."""
    return {
        word
        for word in re.findall(r"\w+", text.casefold())
        if word.isalpha() and len(word) >= SHORTEST and word not in common
    }


def listed(common: set[str]) -> set[str]:
    """Return the words of the language that may be drawn as distractors."""
    return {word for word in top_n_list("da", 100_000) if len(word) >= SHORTEST and word.isalpha()} - common


def judge(one: Recording, words: Sequence[Word], biasing: set[str]) -> Found:
    """Count the errors in what was recognised of a recording."""
    text = " ".join(word.text for word in words)
    found = compare(one.text, text)
    pieces = [(piece, word.probability) for word in words for piece in comparable(word.text).split()]
    right = [False] * len(pieces)
    errors = {True: 0, False: 0}
    aligned = jiwer.process_words(comparable(one.text), comparable(text))
    said, got = aligned.references[0], aligned.hypotheses[0]
    for part in aligned.alignments[0]:
        if part.type == "equal":
            right[part.hyp_start_idx : part.hyp_end_idx] = [True] * (part.hyp_end_idx - part.hyp_start_idx)
            continue
        wrong = (
            got[part.hyp_start_idx : part.hyp_end_idx]
            if part.type == "insert"
            else said[part.ref_start_idx : part.ref_end_idx]
        )
        for word in wrong:
            errors[word in biasing] += 1
    biased = sum(word in biasing for word in said)
    return Found(
        words=found.words,
        errors=found.errors,
        characters=found.characters,
        character_errors=found.character_errors,
        biased=biased,
        biased_errors=errors[True],
        others=len(said) - biased,
        other_errors=errors[False],
        judged=tuple((sure, ok) for (_, sure), ok in zip(pieces, right, strict=False)),
    )


def figures(found: Sequence[Found], plain: Sequence[Found]) -> dict[str, object]:
    """Error rates, and the change of U-WER against no vocabulary with its interval."""

    def rate(errors: Sequence[int], words: Sequence[int]) -> float:
        return round(sum(errors) / max(1, sum(words)), 4)

    return {
        "wer": rate([one.errors for one in found], [one.words for one in found]),
        "cer": rate([one.character_errors for one in found], [one.characters for one in found]),
        "b_wer": rate([one.biased_errors for one in found], [one.biased for one in found]),
        "u_wer": rate([one.other_errors for one in found], [one.others for one in found]),
        "b_wer_relative": rate([one.biased_errors for one in found], [one.biased_errors for one in plain]),
        "u_wer_change_95": interval(
            [now.other_errors - before.other_errors for now, before in zip(found, plain, strict=True)],
            [one.others for one in plain],
        ),
    }


def _calibration(judged: Sequence[tuple[float, bool]]) -> tuple[list[tuple[float, float, int]], float]:
    """Mean probability, share right and number of words in each bin; and the expected calibration error."""
    bins = []
    error = 0.0
    for place in range(BINS):
        inside = [pair for pair in judged if min(int(pair[0] * BINS), BINS - 1) == place]
        if inside:
            sure = sum(probability for probability, _ in inside) / len(inside)
            right = sum(ok for _, ok in inside) / len(inside)
            bins.append((round(sure, 4), round(right, 4), len(inside)))
            error += len(inside) / len(judged) * abs(sure - right)
    return bins, error


if __name__ == "__main__":
    try:
        typer.run(main)
    except KeyboardInterrupt:
        sys.exit(130)
