"""`lint` and `diff`: what is wrong with a release, and what changed."""

from collections import Counter
from dataclasses import asdict
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Annotated

import typer

from terminology.cli.common import AsJson, OverlayFolder, plural, print_json, say, store_folder
from terminology.errors import TerminologyError
from terminology.lint import Finding, Level
from terminology.lint import lint as lint_codes
from terminology.manifest import check_files, check_vocabulary, pinned_files, read_manifest
from terminology.release import Release, active, read
from terminology.table import read_bytes

app = typer.Typer()


@app.command()
def lint(
    folder: Annotated[
        Path | None, typer.Argument(help="Folder of a release; the one in use if left out.")
    ] = None,
    overlay: OverlayFolder = None,
    *,
    codes_only: Annotated[bool, typer.Option("--codes", help="Only the code files, which is quick.")] = False,
    as_json: AsJson = False,
) -> None:
    """Check a release and the site's wordings.

    Code files: format, codes, tree, order, statuses, TOBS limits and checksums. Vocabulary: duplicates across
    concepts, ambiguous and unreachable wordings, short ones, everyday words, format. Exit code 1 with errors,
    0 with warnings.
    """
    place = folder or active()
    release = read(place, pinned=False)
    findings = [*lint_codes(release), *_checksums(place)]
    if not codes_only:
        findings += _vocabulary(place, release)
        findings += _own(place, store_folder(overlay))
    if as_json:
        print_json([asdict(finding) for finding in findings])
    else:
        for finding in findings:
            typer.echo(f"{finding.place}: {finding.level}: {finding.message} [{finding.rule}]")
    levels = Counter(finding.level for finding in findings)
    if not findings:
        say("No findings.")
    elif levels[Level.ERROR]:
        raise TerminologyError(
            f"{plural(levels[Level.ERROR], 'error')} and {plural(levels[Level.WARNING], 'warning')}. "
            "Mend the errors before the release is used."
        )
    else:
        say(f"{plural(levels[Level.WARNING], 'warning')}.")


@app.command()
def diff(
    old: Annotated[Path, typer.Argument(metavar="A", help="Folder of the older release.")],
    new: Annotated[Path, typer.Argument(metavar="B", help="Folder of the newer release.")],
    *,
    as_json: AsJson = False,
) -> None:
    """List what changed from release A to release B: concepts, measurements, TOBS limits, wordings."""
    from terminology.maintain.compare import compare  # noqa: PLC0415 - not needed for other commands

    found = compare(old, new)
    if as_json:
        print_json([asdict(one) for one in found])
        return
    for one in found:
        cells = (one.kind, one.change, one.code, one.display, one.field, one.old, one.new)
        typer.echo("\t".join(cells).rstrip())
    counts = Counter(f"{one.kind} {one.change}" for one in found)
    say("; ".join(f"{name}: {times}" for name, times in sorted(counts.items())) or "No differences.")


def _checksums(place: Traversable) -> list[Finding]:
    findings = []
    manifest = read_manifest(place)
    try:
        check_files(manifest, {file: read_bytes(place, file) for file in pinned_files(place)})
    except TerminologyError as error:
        findings.append(Finding(rule="checksum", place="manifest.toml", message=str(error)))
    if manifest.vocabulary:
        try:
            check_vocabulary(manifest, place)
        except TerminologyError as error:
            message = f"the vocabulary was changed since release {manifest.version}: {error}"
            findings.append(
                Finding(rule="checksum", level=Level.WARNING, place="manifest.toml", message=message)
            )
    return findings


def _vocabulary(place: Traversable, release: Release) -> list[Finding]:
    from terminology.maintain.vocabulary_files import read_vocabulary  # noqa: PLC0415 - not needed for others
    from terminology.maintain.vocabulary_lint import lint_vocabulary  # noqa: PLC0415 - the same

    if not place.joinpath("spoken").is_dir():
        return []
    found = read_vocabulary(place, release)
    return [*found.findings, *lint_vocabulary(found.spoken, found.parser, release)]


def _own(place: Traversable, folder: Path) -> list[Finding]:
    """Check the site's wordings, where there are any."""
    from terminology.overlay.base import read_base  # noqa: PLC0415 - not needed for others
    from terminology.overlay.load import load_overlay  # noqa: PLC0415 - the same

    if not folder.is_dir() or not place.joinpath("spoken").is_dir():
        return []
    try:
        base = read_base(place)
    except TerminologyError:
        return []  # said already
    laid = load_overlay(folder, release=base.release, base=base.spoken, parser=base.parser)
    found = [
        Finding(rule=one.problem, place=f"overlay/{one.wording.source}", message=one.message)
        for one in laid.conflicts
    ]
    for rule, wordings, message in (
        ("redundant", laid.redundant, "the release has it itself"),
        ("stale", laid.stale, "the release has it no more"),
    ):
        found += [
            Finding(
                rule=rule,
                level=Level.WARNING,
                place=f"overlay/{wording.source}",
                message=f'"{wording.text}": {message}',
            )
            for wording in wordings
        ]
    return found
