"""A soak of notes that nobody would write: each is read, or refused in a sentence; nothing else may happen.

Notes are made by hypothesis and by breaking care sentences: emoji, control characters, unpaired surrogates,
bytes of one encoding read as another, a megabyte of text. Each goes through the written form, the matcher
and the look-up, and its mentions must lie where they say.

    python benchmarks/fuzz_notes.py [--count N] [--seed N] [--large N]
"""

import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import seed as hypothesis_seed
from hypothesis import strategies as st

from terminology.errors import TerminologyError
from terminology.lookup import Lookup, build
from terminology.matcher import Matcher
from terminology.release import load
from terminology.written import to_written

SLOWEST_S = 60.0
"""A note that takes longer has hung."""
LARGE = 1_000_000
"""Characters of a large note."""
_SENTENCES = (
    "Tryksår på hælen, 3 gange 2 cm, skiftet forbinding.",
    "Blodtryk 145/92, puls 88, ingen feber.",
    "Borger har ikke ondt i højre hofte, men datteren er bekymret.",
    "Givet 5 ml morfin s.c. kl. 8.30; blodsukker 7,4 mmol/l.",
    "Skal tilses i morgen. Kateter skyllet, urinen er uklar!",
    "otteoghalvtreds komma fem kilo punktum ny linje slet det sidste",
)
_BITS = (
    "😀", "👩‍⚕️", "\u0000", "\u0007", "\u200b", "\u202e", "\ufeff", "\ud800", "\udfff", "\u0301" * 50,
    "ﬁ", "İ", "ß", "½", "²", "١٢٣", "𝟗", "\r", "\x85", "\u2028", "%s", "{x}", "\\", "`" * 9, "<script>",
    "A" * 300, "9" * 400, "1.2.3.4.5", "-" * 200, ",,,,", "....", "s.c.p.o.", "æøåÆØÅ", "aa" * 99, "kl 99:99",
    "den 31/2",
)  # fmt: skip
_ENCODINGS = ("utf-8", "cp1252", "latin-1", "utf-16", "cp865", "iso8859-10", "mac_roman")

Read = Callable[[str], None]


def main(
    *,
    count: Annotated[int, typer.Option(help="Notes.")] = 10_000,
    seed: Annotated[int, typer.Option(help="The same seed gives the same notes.")] = 1,
    large: Annotated[int, typer.Option(help="How many of them are large.")] = 4,
) -> None:
    """Read the notes; prints how many were read and refused. Exits with 1 at the first that did neither."""
    with tempfile.TemporaryDirectory() as folder:
        read = reader(Path(folder))
        results: Counter[str] = Counter()
        slowest = 0.0
        for number, text in enumerate(texts(count, seed, large)):
            start = time.perf_counter()
            try:
                read(text)
                results["read"] += 1
            except TerminologyError:
                results["refused"] += 1
            except Exception as error:
                print(f"Note {number} of seed {seed}: {type(error).__name__}: {error}", file=sys.stderr)
                raise typer.Exit(1) from error
            slowest = max(slowest, time.perf_counter() - start)
            if slowest > SLOWEST_S:
                print(f"Note {number} of seed {seed} took {slowest:.0f} s", file=sys.stderr)
                raise typer.Exit(1)
    print(f"{results['read']} read, {results['refused']} refused, the slowest in {slowest:.2f} s")


def reader(folder: Path) -> Read:
    """Return what reads a note through all stages and checks it."""
    matcher = Matcher.load()
    path = folder / "terms.idx"
    build(((one.code, name.value) for one in load().concepts for name in one.designations), path)
    lookup = Lookup.open(path)

    def read(text: str) -> None:
        for note in (text, to_written(text, note=True).text):
            end = 0
            for mention in lookup.mentions(note):
                _check(note, mention.start, mention.end, mention.text)
                if mention.start < end:
                    raise AssertionError("mentions overlap")
                end = mention.end
            lookup.neighbours(note, 3)
            for found in matcher.read(note).found:
                one = found.mention
                _check(note, one.start, one.end, one.text)

    return read


def texts(count: int, seed: int, large: int) -> Iterator[str]:
    """Yield the notes: half by hypothesis, half by breaking sentences, the large ones last."""
    chance = random.Random(seed)  # noqa: S311 - chance for a soak, no secret
    yield from _by_hypothesis(count // 2, seed)
    for _ in range(count - count // 2 - large):
        yield _broken(chance)
    for number in range(large):
        unit = chance.choice((*_SENTENCES, *_BITS)) + " "
        yield (unit * (LARGE // len(unit) + 1))[:LARGE] if number % 2 else "".join(_fill(chance))


def _fill(chance: random.Random) -> Iterator[str]:
    size = 0
    while size < LARGE:
        piece = chance.choice((*_SENTENCES, *_BITS)) + " "
        size += len(piece)
        yield piece


def _by_hypothesis(count: int, seed: int) -> list[str]:
    """Return texts that hypothesis draws: any code points, care words and breaks between them."""
    found: list[str] = []
    any_text = st.text(st.characters(), max_size=400)
    mixed = st.lists(st.sampled_from((*_SENTENCES, *_BITS)) | any_text, max_size=12).map("".join)

    @hypothesis_seed(seed)
    @settings(
        max_examples=count,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(any_text | mixed)
    def collect(text: str) -> None:
        found.append(text)

    collect()
    return found[:count]


def _broken(chance: random.Random) -> str:
    text = " ".join(chance.choices(_SENTENCES, k=chance.randint(1, 4)))
    for _ in range(chance.randint(1, 6)):
        at = chance.randrange(len(text) + 1)
        match chance.randrange(5):
            case 0:
                text = text[:at] + chance.choice(_BITS) + text[at:]
            case 1:
                text = text[:at] + text[at + chance.randint(1, 9) :]
            case 2:
                text = text[:at] + chr(chance.randrange(0x110000)) + text[at:]
            case 3:
                with suppress(UnicodeError):  # an encoding that lacks a letter leaves the note as it is
                    one, other = chance.choices(_ENCODINGS, k=2)
                    text = text.encode(one).decode(other, "surrogateescape")
            case _:
                text = text[:at] + text[at:].upper()
    return text


def _check(note: str, start: int, end: int, text: str) -> None:
    if note[start:end] != text:
        raise AssertionError("a mention is not where it says")


if __name__ == "__main__":
    typer.run(main)
