"""Write the Fælles Sprog III files of a terminology release from a table of the code system.

The source is a CSV file with the columns system, code, short_code, display, area, parent_code, leaf,
designations and status_2024_inferred, one line per concept, as made from KL's CodeSystem
urn:oid:1.2.208.176.2.21. Its definitions are not taken over. After it, review the difference and run
"dictate-terms release FOLDER".

    python tools/import_fsiii.py fsiii_all.csv --out terminology/data
"""

import argparse
import csv
import sys
from pathlib import Path

from terminology.concept import FSIII, Concept, Status
from terminology.lint import tree_order
from terminology.release import CONCEPT_COLUMNS

CORRECTIONS = {
    "Praktisk hjaelp i hjemmet": "Praktisk hjælp i hjemmet",
    "Kropspfattelse": "Kropsopfattelse",
    "Bevægeapperatet": "Bevægeapparatet",
}
"""Misspelt words of the source, corrected in what people see; wording and grammar are left as they are."""


def main() -> int:
    """Read the table and write one file per area; return the exit code."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("source", type=Path, help="CSV file with one line per concept")
    parser.add_argument(
        "--out", type=Path, required=True, help="folder of the release; fsiii/ in it is written"
    )
    arguments = parser.parse_args()
    try:
        with arguments.source.open(encoding="utf-8", newline="") as file:
            rows = [row for row in csv.DictReader(file) if row["system"] == FSIII]
        areas = sorted({row["area"] for row in rows})
        tables = {area: table([row for row in rows if row["area"] == area]) for area in areas}
        target = arguments.out / "fsiii"
        target.mkdir(parents=True, exist_ok=True)
        for area, lines in tables.items():
            (target / f"{area}.tsv").write_text("".join(lines), encoding="utf-8", newline="\n")
    except (OSError, KeyError, ValueError) as error:
        sys.stderr.write(
            f"Cannot import {arguments.source}: {error}. Give a CSV file as --help describes it.\n"
        )
        return 1
    sys.stderr.write(f'{len(rows)} concepts written to {target}. Review, then run "dictate-terms release".\n')
    return 0


def table(rows: list[dict[str, str]]) -> list[str]:
    """Return the lines of one area's file, header first, sorted as `lint` wants it."""
    judged = any(row["status_2024_inferred"] for row in rows)
    by_code = {row["code"]: convert(row, judged=judged) for row in rows}
    concepts = [
        Concept(
            system=FSIII,
            code=cells["code"],
            version="",
            display=cells["display"],
            kind="",
            status=Status(cells["status"]),
            short_code=cells["short_code"],
            parents=(cells["parent"],) if cells["parent"] else (),
        )
        for cells in by_code.values()
    ]
    ordered = tree_order(concepts)
    if len(ordered) != len(rows):
        raise ValueError("a parent is missing or circular")
    lines = ["\t".join(CONCEPT_COLUMNS) + "\n"]
    lines += [
        "\t".join(by_code[concept.code][column] for column in CONCEPT_COLUMNS) + "\n" for concept in ordered
    ]
    return lines


def convert(row: dict[str, str], *, judged: bool) -> dict[str, str]:
    """Turn one source line into our columns.

    Args:
        row: the source line.
        judged: whether the source infers a status for this area at all.

    """
    inferred = row["status_2024_inferred"]
    notes = []
    status = Status.CURRENT if inferred.startswith("current") or not inferred else Status.RETIRED
    if judged and not inferred and row["leaf"] == "1":
        # Old headings (such as "SEL § 83") whose children have moved to newer ones: nothing to document with.
        status = Status.RETIRED
        notes.append("Overskrift uden underkoder i kilden; skrives ikke i en journal.")
    display = CORRECTIONS.get(row["display"], row["display"])
    if display != row["display"]:
        notes.append(f"Stavefejl i kilden er rettet: {row['display']}.")
    return {
        "code": row["code"],
        "short_code": row["short_code"],
        "parent": row["parent_code"],
        "leaf": row["leaf"],
        "status": status,
        "status_2024_inferred": inferred,
        "display": display,
        "source_display": row["display"] if display != row["display"] else "",
        "synonyms": row["designations"],
        "note": " ".join(notes),
    }


if __name__ == "__main__":
    sys.exit(main())
