"""Links between concepts as SSSOM, a table with its own description on top."""

import json
from collections.abc import Iterable
from pathlib import Path

from terminology.concept import FSIII, MCS, NPU, SNOMED
from terminology.errors import TerminologyError
from terminology.files import read_text
from terminology.maintain.fhir import own_url
from terminology.maintain.mappings import LOINC, Link, Relation
from terminology.release import Release

COLUMNS = (
    "subject_id",
    "subject_label",
    "predicate_id",
    "object_id",
    "object_label",
    "mapping_justification",
    "comment",
)
PREFIXES = {
    "FSIII": f"{FSIII}#",
    "NPU": f"{NPU}#",
    "MCS": f"{MCS}#",
    "LOINC": f"{LOINC}/rdf/",
    "SCT": "http://snomed.info/id/",
    "IAO": "http://purl.obolibrary.org/obo/IAO_",
    "semapv": "https://w3id.org/semapv/vocab/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
}
_PREFIX_OF = {FSIII: "FSIII", NPU: "NPU", MCS: "MCS", LOINC: "LOINC", SNOMED: "SCT"}
_CURATED = "semapv:ManualMappingCuration"


def write_sssom(release: Release, links: Iterable[Link]) -> str:
    """Return links as an SSSOM table."""
    head = [
        f"mapping_set_id: {own_url('mappings')}",
        f"mapping_set_version: {json.dumps(release.version)}",
        'mapping_set_title: "Plejediktat: links between concepts of Danish homecare"',
        'license: "https://www.apache.org/licenses/LICENSE-2.0"',
        "curie_map:",
        *(f"  {prefix}: {json.dumps(address)}" for prefix, address in PREFIXES.items()),
    ]
    rows = [
        (
            f"{_PREFIX_OF[link.system]}:{link.code}",
            link.display,
            link.relation.predicate,
            f"{_PREFIX_OF[link.target_system]}:{link.target}",
            link.target_display,
            _CURATED,
            link.comment,
        )
        for link in links
    ]
    rows.insert(0, COLUMNS)
    return "".join([*(f"#{line}\n" for line in head), *("\t".join(row) + "\n" for row in rows)])


def read_successors(path: Path) -> tuple[tuple[str, str, str], ...]:
    """Read the successors of concepts from an SSSOM table; other links in it are passed over.

    Returns:
        For each the old code, the new code, and the place in the file.

    Raises:
        TerminologyError: it is no such table; the message names file, line and reason.

    """
    lines = read_text(path).splitlines()
    numbered = [
        (n, line) for n, line in enumerate(lines, start=1) if line.strip() and not line.startswith("#")
    ]
    if not numbered:
        raise TerminologyError(f"{path.name} holds no table. Name an SSSOM table.")
    number, header = numbered[0]
    columns = header.split("\t")
    for needed in ("subject_id", "predicate_id", "object_id"):
        if needed not in columns:
            raise TerminologyError(
                f'{path.name}, line {number}: the column "{needed}" is missing. Name an SSSOM table.'
            )
    found = []
    for number, line in numbered[1:]:
        place = f"{path.name}, line {number}"
        cells = line.split("\t")
        if len(cells) != len(columns):
            raise TerminologyError(f"{place}: it has not as many columns as the header. Mend that line.")
        row = dict(zip(columns, cells, strict=True))
        if row["predicate_id"] != Relation.SUCCESSOR.predicate:
            continue
        codes = []
        for column in ("subject_id", "object_id"):
            prefix, _, code = row[column].partition(":")
            if prefix != "FSIII" or not code:
                raise TerminologyError(
                    f'{place}: "{row[column]}" is not a code such as FSIII:… Mend that line.'
                )
            codes.append(code)
        found.append((codes[0], codes[1], place))
    return tuple(found)
