"""Speed and recall of the term look-up beside RapidFuzz over all terms and simstring, in one run on one core.

Two sizes: 1,500 concepts (Fælles Sprog III and a sample of ICD-10) and 500,000 designations (both, and
ICD-10 composed with states, grades and sides). Notes of 200 words mention designations as they are,
inflected, with a compound written apart, with one or two slips, or misheard. Every engine reads whole notes:
a peer searches each stretch of up to eight words and keeps the longest of what overlaps. RapidFuzz
takes minutes for a note at the larger size: there its time is its mean time for a stretch times the stretches
of a note, and it is told where the mentions are ("recall_told"), which flatters it.

Times for notes and spans are processor time of the one thread, so that what else the machine does counts
less; "wall" stands beside it. Building and opening are wall time.

    python benchmarks/matcher.py ICD10.csv [--notes N] [--output FILE.json]

ICD10.csv has the columns `code` and `display_da`. The result holds figures only, no texts.
"""

import gc
import json
import multiprocessing
import os
import platform
import random
import re
import resource
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from math import log10
from pathlib import Path
from statistics import mean, median
from typing import Annotated, Any

import typer
from matcher_notes import LONGEST, SEED, Note, Planted, many_terms, notes, small_terms
from rapidfuzz import fuzz, process
from rich.console import Console
from rich.table import Table
from simstring.database.dict import DictDatabase
from simstring.feature_extractor.character_ngram import CharacterNgramFeatureExtractor
from simstring.measure.cosine import CosineMeasure
from simstring.searcher import Searcher

from terminology.concept import Method
from terminology.files import write_atomic
from terminology.lookup import Lookup, build
from terminology.normalise import tokens

RESULTS = Path(__file__).parent / "results"
SIZES = {"1,500 concepts": (1_500, small_terms), "500,000 designations": (500_000, many_terms)}
NEIGHBOURS_SIZE = 10_000
RAPIDFUZZ_CUTOFF = 80.0
SIMSTRING_COSINE = 0.8
READ_WHOLE = 100_000
"""Designations below which RapidFuzz reads whole notes."""
SIMSTRING_NOTES = 20
"""Notes that simstring reads above that."""
WARM_UP = 20
_LITERAL = {Method.EXACT, Method.LEMMA}

Terms = Sequence[tuple[str, str]]
Figures = dict[str, object]
Search = Callable[[str], tuple[str, float] | None]
"""Takes a stretch of a note, gives the designation it is most like and how much, if any."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """What it took to make an index."""

    seconds: float
    peak_mb: float
    file_mb: float
    words: int


def main(
    icd10: Annotated[Path, typer.Argument(help="ICD-10 in Danish: CSV with code and display_da.")],
    *,
    count: Annotated[int, typer.Option("--notes", help="Notes that are timed, for each size.")] = 200,
    stretches: Annotated[int, typer.Option(help="Stretches that RapidFuzz is timed on.")] = 100,
    mentions: Annotated[int, typer.Option(help="Mentions that RapidFuzz is asked for.")] = 300,
    seed: Annotated[int, typer.Option(help="Of the notes.")] = SEED,
    output: Annotated[Path | None, typer.Option(help="JSON file for the result.")] = None,
) -> None:
    """Measure both sizes; prints a table, writes figures as JSON and a plot beside them."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    sizes = {}
    with tempfile.TemporaryDirectory() as scratch:
        for name, (size, terms_of) in SIZES.items():
            terms = terms_of(icd10, size)
            path = Path(scratch) / f"{size}.idx"
            built = _build_apart(terms, path)
            written = notes(terms, count + WARM_UP, seed)
            sizes[name] = {
                "designations": len(terms),
                "build": {name: getattr(built, name) for name in Built.__slots__},
                "notes": {
                    "count": count,
                    "words": round(mean(len(note.text.split()) for note in written), 1),
                    "mentions": sum(len(note.planted) for note in written[WARM_UP:]),
                },
                "look-up": _measure_lookup(path, written, mentions),
                "rapidfuzz": _measure_rapidfuzz(terms, written[WARM_UP:], stretches, mentions, seed),
                "simstring": _measure_simstring(terms, written[WARM_UP:], mentions),
            }
        neighbours = _measure_neighbours(many_terms(icd10, NEIGHBOURS_SIZE), Path(scratch), seed)
    result = {
        "benchmark": "matcher",
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": _machine(),
        "versions": {name: version(name) for name in ("numpy", "rapidfuzz", "simstring-fast")},
        "commit": _commit(),
        "seed": seed,
        "sizes": sizes,
        "neighbours": neighbours,
    }
    target = output or RESULTS / "matcher.json"
    write_atomic(target, (json.dumps(result, indent=1) + "\n").encode())
    write_atomic(target.with_suffix(".svg"), _plot(sizes).encode())
    _print(sizes)
    print(f"Wrote {target} and {target.with_suffix('.svg').name}")


def _build_apart(terms: Terms, path: Path) -> Built:
    """Build in a process of its own, so that its memory is its own."""
    context = multiprocessing.get_context("spawn")
    with context.Pool(1) as pool:
        seconds, peak_mb, words = pool.apply(_build, (terms, path))
    return Built(
        seconds=round(seconds, 2),
        peak_mb=round(peak_mb, 1),
        file_mb=round(path.stat().st_size / 1e6, 1),
        words=words,
    )


def _build(terms: Terms, path: Path) -> tuple[float, float, int]:
    """Return seconds, peak memory in MB (the rows themselves included) and distinct words."""
    start = time.perf_counter()
    about = build(terms, path, release="benchmark")
    seconds = time.perf_counter() - start
    try:
        status = Path("/proc/self/status").read_text(encoding="utf-8")
        peak = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM"))
    except (OSError, StopIteration):
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return seconds, peak * 1024 / 1e6, about.words


def _first(lookup: Lookup, stretch: str) -> tuple[str, float] | None:
    """Return what a stretch is, told that it is one term: the mention that is all of it, or the neighbour."""
    whole = [one for one in lookup.mentions(stretch) if one.end - one.start == len(stretch)]
    best = whole[0].matches[0] if whole else next(iter(lookup.neighbours(stretch, 1)), None)
    return (best.value, best.score) if best else None


def _measure_lookup(path: Path, written: Sequence[Note], mentions: int) -> Figures:
    opening = []
    for _ in range(5):
        start = time.perf_counter()
        lookup = Lookup.open(path)
        opening.append(time.perf_counter() - start)
    start = time.perf_counter()
    lookup.mentions(written[0].text)
    first = time.perf_counter() - start
    for note in written[1:WARM_UP]:
        lookup.mentions(note.text)
    gc.collect()
    gc.freeze()
    times, wall = [], []
    asked: Counter[str] = Counter()
    right: Counter[str] = Counter()
    guessed = 0
    methods: Counter[str] = Counter()
    for note in written[WARM_UP:]:
        start, start_wall = time.thread_time(), time.perf_counter()
        found = lookup.mentions(note.text)
        times.append(1000 * (time.thread_time() - start))
        wall.append(1000 * (time.perf_counter() - start_wall))
        for planted in note.planted:
            here = [one for one in found if one.start < planted.end and planted.start < one.end]
            best = max(here, key=lambda one: one.end - one.start, default=None)
            asked[planted.kind] += 1
            if best and _same(best.matches[0].value, planted.value):
                right[planted.kind] += 1
                methods[f"{planted.kind}: {best.matches[0].method}"] += 1
        for one in found:
            if one.matches[0].method not in _LITERAL and not any(
                one.start < planted.end and planted.start < one.end for planted in note.planted
            ):
                guessed += 1
    gc.unfreeze()
    return {
        "open_s": round(max(opening), 4),
        "first_note_ms": round(1000 * first, 2),
        **_spread(times),
        "wall": _spread(wall),
        **_recall(asked, right),
        "recall_told": _told(lambda stretch: _first(lookup, stretch), written[WARM_UP:], mentions),
        "wrong_guesses_a_note": round(guessed / len(times), 3),
        "found_as": dict(sorted(methods.items())),
    }


def _measure_rapidfuzz(
    terms: Terms, written: Sequence[Note], stretches: int, mentions: int, seed: int
) -> Figures:
    values = sorted({value.lower() for _, value in terms})

    def search(stretch: str) -> tuple[str, float] | None:
        best = process.extractOne(stretch, values, scorer=fuzz.ratio, score_cutoff=RAPIDFUZZ_CUTOFF)
        return None if best is None else (best[0], best[1])

    about: Figures = {"scorer": f"ratio >= {RAPIDFUZZ_CUTOFF:g}"}
    if len(values) < READ_WHOLE:
        return {**about, **_read_notes(search, written), "recall_told": _told(search, written, mentions)}
    of_notes = [_stretches(note.text) for note in written]
    chance = random.Random(seed)  # noqa: S311 - chance for a measurement, no secret
    sample = chance.sample([one for note in of_notes for _, _, one in note], stretches)
    start = time.thread_time()
    for stretch in sample:
        search(stretch)
    each = 1000 * (time.thread_time() - start) / stretches
    return {
        **about,
        "stretch_ms": round(each, 3),
        "p50_ms": round(each * median(map(len, of_notes)), 1),
        "extrapolated_from_stretches": stretches,
        "recall_told": _told(search, written, mentions),
    }


def _measure_simstring(terms: Terms, written: Sequence[Note], mentions: int) -> Figures:
    start = time.perf_counter()
    database = DictDatabase(CharacterNgramFeatureExtractor(3))
    for value in sorted({value.lower() for _, value in terms}):
        database.add(value)
    seconds = time.perf_counter() - start
    searcher = Searcher(database, CosineMeasure())

    def search(stretch: str) -> tuple[str, float] | None:
        return next(iter(searcher.ranked_search(stretch, SIMSTRING_COSINE).items()), None)

    few = written if len(terms) < READ_WHOLE else written[:SIMSTRING_NOTES]
    return {
        "measure": f"cosine of trigrams >= {SIMSTRING_COSINE:g}",
        "build_s": round(seconds, 2),
        **_read_notes(search, few),
        "recall_told": _told(search, written, mentions),
    }


def _read_notes(search: Search, written: Sequence[Note]) -> Figures:
    """Read whole notes as QuickUMLS does: search every stretch, keep the longest of what overlaps."""
    times = []
    asked: Counter[str] = Counter()
    right: Counter[str] = Counter()
    guessed = 0
    for note in written:
        start = time.thread_time()
        hits = [
            (found[1], end - begin, begin, end, found[0])
            for begin, end, stretch in _stretches(note.text)
            if (found := search(stretch))
        ]
        kept = _without_overlaps(hits)
        times.append(1000 * (time.thread_time() - start))
        for planted in note.planted:
            here = [one for one in kept if one[0] < planted.end and planted.start < one[1]]
            best = max(here, key=lambda one: one[1] - one[0], default=None)
            asked[planted.kind] += 1
            right[planted.kind] += best is not None and _same(best[2], planted.value)
        guessed += sum(
            not any(begin < planted.end and planted.start < end for planted in note.planted)
            and not _same(value, note.text[begin:end])
            for begin, end, value in kept
        )
    return {
        "notes": len(times),
        **_spread(times),
        **_recall(asked, right),
        "wrong_guesses_a_note": round(guessed / len(times), 3),
    }


def _measure_neighbours(terms: Terms, scratch: Path, seed: int) -> Figures:
    """Ask for the neighbours of misheard and misspelt designations."""
    path = scratch / "neighbours.idx"
    build(terms, path)
    lookup = Lookup.open(path)
    planted = [(note.text, one) for note in notes(terms, 80, seed) for one in note.planted]
    spans = [(text[one.start : one.end], one) for text, one in planted if one.kind.startswith("mis")]
    times, asked, right = [], 0, Counter[int]()
    for number, (span, one) in enumerate(spans):
        start = time.thread_time()
        found = lookup.neighbours(span, 5)
        if number >= WARM_UP:
            times.append(1000 * (time.thread_time() - start))
        asked += 1
        for limit in (1, 5):
            right[limit] += any(_same(match.value, one.value) for match in found[:limit])
    return {
        "designations": len(terms),
        "spans": asked,
        **_spread(times),
        "in_first": round(right[1] / asked, 4),
        "in_first_five": round(right[5] / asked, 4),
    }


def _without_overlaps(hits: Iterable[tuple[float, int, int, int, str]]) -> list[tuple[int, int, str]]:
    """Keep the longest of what overlaps: it recalls more here than to keep the most alike."""
    kept: list[tuple[int, int, str]] = []
    for _, _, begin, end, value in sorted(hits, key=lambda hit: (hit[1], hit), reverse=True):
        if all(end <= other[0] or other[1] <= begin for other in kept):
            kept.append((begin, end, value))
    return kept


def _told(search: Search, written: Sequence[Note], mentions: int) -> Figures:
    """Ask for the first mentions of the notes, given their places."""
    asked: Counter[str] = Counter()
    right: Counter[str] = Counter()
    planted: list[tuple[str, Planted]] = [(note.text, one) for note in written for one in note.planted]
    for text, one in planted[:mentions]:
        found = search(text[one.start : one.end].lower())
        asked[one.kind] += 1
        right[one.kind] += found is not None and _same(found[0], one.value)
    return _recall(asked, right)


def _recall(asked: Counter[str], right: Counter[str]) -> Figures:
    return {
        "asked": asked.total(),
        "recall": round(right.total() / asked.total(), 4),
        "recall_of": {kind: round(right[kind] / asked[kind], 4) for kind in sorted(asked)},
    }


def _stretches(text: str) -> list[tuple[int, int, str]]:
    """Return start, end and small letters of each stretch of words; a full stop ends it."""
    words = [(one.start(), one.end(), one.group()) for one in re.finditer(r"[^\s.,]+[.,]?", text)]
    return [
        (words[first][0], end, text[words[first][0] : end].lower())
        for first in range(len(words))
        for last in range(first, min(first + LONGEST, len(words)))
        if not any(word.endswith(".") for _, _, word in words[first:last])
        for end in [words[last][1] - words[last][2].endswith((".", ","))]
    ]


def _same(one: str, other: str) -> bool:
    """Tell whether two designations have the same words, whatever their forms."""
    return [token.key for token in tokens(one)] == [token.key for token in tokens(other)]


def _spread(times: Sequence[float]) -> dict[str, float]:
    ranked = sorted(times)
    return {
        "p50_ms": round(median(ranked), 3),
        "p95_ms": round(ranked[int(0.95 * (len(ranked) - 1))], 3),
        "most_ms": round(ranked[-1], 3),
    }


def _print(sizes: dict[str, dict[str, Any]]) -> None:
    table = Table("size", "engine", "p50 ms", "p95 ms", "recall", "told the places", "times slower")
    for size, figures in sizes.items():
        ours = figures["look-up"]
        for engine in ("look-up", "rapidfuzz", "simstring"):
            one = figures[engine]
            table.add_row(
                size,
                engine,
                f"{one['p50_ms']:,.2f}",
                str(one.get("p95_ms", "")),
                str(one.get("recall", "")),
                str(one["recall_told"]["recall"]),
                f"{one['p50_ms'] / ours['p50_ms']:,.1f}",
            )
    Console().print(table)


_BAR, _LEFT, _WIDTH = 26, 250, 420
_DECADES = 6


def _plot(sizes: dict[str, dict[str, Any]]) -> str:
    """Draw the median time for a note of each engine, on a logarithmic axis from 1 ms."""
    rows, y = [], 50
    for size, figures in sizes.items():
        rows.append(f'<text x="10" y="{y}" font-weight="bold">{size}</text>')
        for engine, colour in (("look-up", "#1a7f5a"), ("simstring", "#8a8a8a"), ("rapidfuzz", "#c4c4c4")):
            one, y = figures[engine], y + _BAR
            length = max(2.0, min(log10(one["p50_ms"]) / _DECADES, 1) * _WIDTH)
            told = f"{one['recall_told']['recall']:.3f} when told the places"
            label = f"{one['p50_ms']:,.1f} ms, recall {one.get('recall', told)}"
            rows += [
                f'<text x="{_LEFT - 10}" y="{y}" text-anchor="end">{engine}</text>',
                f'<rect x="{_LEFT}" y="{y - 14}" width="{length:.0f}" height="18" fill="{colour}"/>',
                f'<text x="{_LEFT + length + 6:.0f}" y="{y}">{label}</text>',
            ]
        y += _BAR + 14
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="900" height="{y}" font-family="sans-serif" '
        'font-size="14"><rect width="100%" height="100%" fill="white"/>'
        '<text x="10" y="22">Median time for a 200-word note on one core (logarithmic)</text>'
        + "".join(rows)
        + "</svg>\n"
    )


def _machine() -> Figures:
    try:
        info = Path("/proc/cpuinfo").read_text(encoding="utf-8")
        processor = next(
            line.split(":", 1)[1].strip() for line in info.splitlines() if line.startswith("model name")
        )
    except (OSError, StopIteration):
        processor = platform.processor()
    return {
        "processor": processor,
        "cores_used": 1,
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
    }


def _commit() -> str:
    """The commit that was measured; "+" after it means that files were changed since."""
    git = ["git", "-C", str(Path(__file__).parent)]
    try:
        commit = subprocess.run([*git, "rev-parse", "HEAD"], capture_output=True, text=True, check=True)
        changed = subprocess.run([*git, "status", "--porcelain"], capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return ""
    return commit.stdout.strip() + ("+" if changed.stdout else "")


if __name__ == "__main__":
    typer.run(main)
