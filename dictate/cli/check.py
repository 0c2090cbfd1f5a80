"""`dictate check`: does a bundle keep the rules of its profiles?"""

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from dictate.errors import ConfigError, ExportError
from dictate.export.base import Format
from dictate.export.profile import PROFILES, Violation, check, profile_of
from dictate.export.rules import load_profile
from dictate.export.tree import Json

_MOST = 64 * 1024 * 1024
"""Bytes; no bundle comes near."""


def check_command(
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE...", help="FHIR bundles as JSON, also foreign ones.")
    ],
    *,
    profile: Annotated[
        Format | None,
        typer.Option("--profile", help="Check against this format; else what the bundle says it keeps."),
    ] = None,
    values: Annotated[
        bool, typer.Option("--values", help="Show the values that break a rule; they may be about a citizen.")
    ] = False,
) -> None:
    """Check FHIR bundles against the profiles of KL core, KL Gateway or MedCom.

    One line for each finding: file, path, rule. The exit code is 0 where there is none.
    """
    if profile and profile not in PROFILES:
        raise ConfigError(f"{profile} has no profiles to check. Choose one of {', '.join(PROFILES)}.")
    found = 0
    for file in files:
        bundle = _read(file)
        form = profile or profile_of(bundle)
        if form is None:
            raise ConfigError(f"{file} names no profile that is known here. Say which one with --profile.")
        violations = check(bundle, PROFILES[form])
        found += len(violations)
        for violation in violations:
            print(_line(file, violation, values=values))
        entries = bundle.get("entry")
        count = len(entries) if isinstance(entries, list) else 0
        name = load_profile(PROFILES[form]).name
        print(f"{file}: {name}, entries {count}, findings {len(violations)}.", file=sys.stderr)
    if found:
        raise typer.Exit(1)


def _line(file: Path, violation: Violation, *, values: bool) -> str:
    parts = [str(file), violation.path or "(bundle)", violation.rule]
    if values:
        parts.append(json.dumps(violation.value, ensure_ascii=False, default=str))
    return "\t".join(parts)


def _read(file: Path) -> Json:
    """Read a bundle.

    Raises:
        ExportError: there is no such file, it is no JSON object, or far too big.

    """
    try:
        if file.stat().st_size > _MOST:
            raise ExportError(
                f"{file} is larger than {_MOST // 1024**2} MB: no bundle is. Name another file."
            )
        content = json.loads(file.read_bytes())
    except OSError as error:
        raise ExportError(f"Cannot read {file}: {error.strerror}. Name a bundle as JSON.") from error
    except (ValueError, RecursionError):
        raise ExportError(f"{file} is not JSON. Name a bundle as JSON.") from None
    if not isinstance(content, dict):
        raise ExportError(f"{file} holds no JSON object. Name a bundle as JSON.")
    return content
