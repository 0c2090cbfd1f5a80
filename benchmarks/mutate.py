"""Is a broken bundle found? Every note in every format that can carry it, broken in every way we know.

Takes notes (JSON Lines, drafts or gold), signs them as a marked synthetic person, exports them, and breaks
each bundle one step at a time (benchmarks/breakages.py). The checker must find each. Prints figures and the
names of what was missed, never texts.

    python benchmarks/mutate.py NOTES.jsonl [--least 40]
"""

import json
import sys
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

sys.path.insert(0, str(Path(__file__).parent))
from breakages import breakages
from gold import read_gold

from dictate.errors import ExportError
from dictate.export.base import Visit
from dictate.export.files import export_note
from dictate.export.letter import Party, make_letter
from dictate.export.profile import PROFILES, check
from dictate.session import sign

AT = datetime(2026, 11, 22, 8, 30, tzinfo=UTC)
VISIT = Visit(
    citizen="0101010101",
    citizen_name="Syntetisk Testesen",
    author="Syntetisk Prøve",
    role="Sygeplejerske",
    sor="330411000016001",
    start=AT,
)
LETTER = make_letter(
    Party(name="Akutteam Prøve", sor="1267041000016006", ean="5790002757778", phone="12345678"),
    Party(name="Lægehuset Prøve", sor="73091000016008", ean="5790000147465", provider="045861"),
    not_acute=True,
)


def main(
    notes: Annotated[Path, typer.Argument(help="Draft or gold notes, JSON Lines.")],
    *,
    least: Annotated[int, typer.Option(help="Ways in which each bundle must be broken.")] = 40,
) -> None:
    """Break every bundle; the exit code is 0 where each breakage is found and no good bundle is refused."""
    signed = sign(read_gold(notes), by="Syntetisk Prøve", role="Sygeplejerske", at=AT, accept_all=True)
    missed: Counter[str] = Counter()
    figures: dict[str, dict[str, int]] = {}
    few = 0
    for form in PROFILES:
        figure = figures[str(form)] = dict.fromkeys(("bundles", "left_out", "good", "broken", "found"), 0)
        for note in signed:
            try:
                bundle, remarks = export_note(note, form, at=AT, visit=VISIT, letter=LETTER)
            except ExportError:  # the format can't carry anything of the note
                figure["left_out"] += len(note.entries) or 1
                continue
            figure["bundles"] += 1
            figure["left_out"] += sum(remark.left_out for remark in remarks)
            content = json.loads(bundle.content)
            figure["good"] += not check(content, PROFILES[form])
            ways = 0
            for what, broken in breakages(content, form):
                ways += 1
                if check(broken, PROFILES[form]):
                    figure["found"] += 1
                else:
                    missed[f"{form}: {what}"] += 1
            figure["broken"] += ways
            few += ways < least
    result = {"formats": figures, "bundles_with_fewer_ways": few, "missed": dict(missed)}
    print(json.dumps(result, indent=1, ensure_ascii=False))
    is_good = not missed and not few and all(each["good"] == each["bundles"] for each in figures.values())
    sys.exit(0 if is_good else 1)


if __name__ == "__main__":
    typer.run(main)
