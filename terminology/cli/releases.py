"""`update`, `release`, `verify`, `install`, `signing-key`: from an official edition to a release in use."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from terminology.cli.common import AsJson, OverlayFolder, ReleaseFolder, desk_of, print_json, say
from terminology.errors import TerminologyError
from terminology.overlay.successors import accepted_successors
from terminology.overlay.wording import State
from terminology.release import active, load

app = typer.Typer()

Folder = Annotated[Path, typer.Argument(metavar="DIR", help="Folder of the release.")]
PublicKey = Annotated[
    list[Path] | None,
    typer.Option(
        "--public-key",
        metavar="FILE",
        help="Publisher's public key, beside those in plejediktat/trusted-keys.",
    ),
]


@app.command()
def update(
    edition: Annotated[
        Path, typer.Argument(metavar="FILE", help="CodeSystem (.json) or table (.csv) from KL.")
    ],
    *,
    out: Annotated[Path | None, typer.Option(metavar="DIR", help="New folder for --apply.")] = None,
    official_version: Annotated[
        str, typer.Option(metavar="VERSION", help="Version of the edition, where the file states none.")
    ] = "",
    successors: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Successors of retired concepts (SSSOM), beside accepted ones."),
    ] = None,
    overlay: OverlayFolder = None,
    release: ReleaseFolder = None,
    apply: Annotated[bool, typer.Option("--apply", help="Write the new release into --out.")] = False,
    as_json: AsJson = False,
) -> None:
    """Report what a new official edition changes; nothing is written without --apply.

    Retired concepts that have wordings need a successor that people choose before the edition can be applied.
    """
    from terminology.cli.migration_report import migration_lines, migration_record  # noqa: PLC0415 - only here
    from terminology.maintain.migrate import apply as write_release  # noqa: PLC0415 - not needed for others
    from terminology.maintain.migration import check_successors, plan  # noqa: PLC0415 - the same
    from terminology.maintain.official import read_edition  # noqa: PLC0415 - the same
    from terminology.maintain.sssom import read_successors  # noqa: PLC0415 - the same

    if apply and out is None:
        raise TerminologyError("--apply needs a new folder: give it with --out.")
    found = read_edition(edition)
    desk = desk_of(release, overlay)
    chosen = accepted_successors(desk.successions())
    if successors:
        chosen |= {old: new for old, new, _ in read_successors(successors)}
    migration = plan(
        desk.base.release,
        desk.base.spoken,
        desk.store.wordings(State.ACCEPTED, State.PROPOSED),
        found,
        chosen,
        version=official_version,
    )
    check_successors(chosen, migration)
    if as_json:
        print_json(migration_record(migration))
    else:
        for line in migration_lines(migration):
            typer.echo(line)
    if apply and out is not None:
        changed = write_release(
            desk.base.folder, out, migration, chosen, origin=f"{edition.name}, version {migration.version}"
        )
        for file in changed:
            say(f"Vocabulary changed: {file}")
        say(f'Written to {out}. Look at it, then run "dictate-terms release {out} --version VERSION".')


@app.command()
def release(
    folder: Folder,
    version: Annotated[str, typer.Option(help="New version; the old one is kept if left out.")] = "",
    since: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Release before, whose differences go to the changelog."),
    ] = None,
    key: Annotated[Path | None, typer.Option(metavar="FILE", help="Private key to sign with.")] = None,
) -> None:
    """Check the files of a release, then write its version, checksums, changelog and signature."""
    from terminology.maintain.publish import publish  # noqa: PLC0415 - not needed for others

    made = publish(folder, version=version, since=since, key=key, today=datetime.now(UTC).date())
    signed = f", signed with {made.signed_by}" if made.signed_by else ", not signed"
    say(
        f"Release {made.manifest.version}: {len(made.release.concepts)} concepts, "
        f"{len(made.release.observations)} measurements, "
        f"{len(made.manifest.files) + len(made.manifest.vocabulary)} files pinned in {folder}{signed}."
    )


@app.command()
def verify(folder: Folder, public_key: PublicKey = None) -> None:
    """Check that a published release is whole, and who signed it."""
    from terminology.maintain.install import check  # noqa: PLC0415 - not needed for others
    from terminology.maintain.signing import trusted_keys  # noqa: PLC0415 - the same

    checked = check(folder, trusted_keys(*(public_key or ())))
    signed = (
        f"signed with {checked.signed_by}" if checked.signed_by else "signature not checked: no trusted keys"
    )
    typer.echo(f"Release {checked.manifest.version} is whole; {signed}.")


@app.command()
def install(
    folder: Annotated[
        Path | None, typer.Argument(metavar="DIR", help="Folder of a published release.")
    ] = None,
    public_key: PublicKey = None,
    *,
    allow_older: Annotated[bool, typer.Option(help="Even if it is older than the one in use.")] = False,
    shipped: Annotated[
        bool, typer.Option("--shipped", help="Go back to the release that is shipped with the program.")
    ] = False,
) -> None:
    """Take a published release into use; where anything is wrong with it the one in use stays.

    Without a folder: say which release is in use.
    """
    from terminology.maintain.install import install as take  # noqa: PLC0415 - not needed for others
    from terminology.maintain.install import uninstall  # noqa: PLC0415 - the same
    from terminology.maintain.signing import trusted_keys  # noqa: PLC0415 - the same

    if shipped and folder is not None:
        raise TerminologyError("Name the folder of a release or give --shipped, not both.")
    if folder is None and not shipped:
        typer.echo(f"Release {load().version} is in use, from {active()}.")
        return
    if folder is None:
        say(f"Release {uninstall()}, shipped with the program, is in use.")
        return
    checked = take(folder, trusted_keys(*(public_key or ())), allow_older=allow_older)
    signed = f"signed with {checked.signed_by}" if checked.signed_by else "not checked for a signature"
    say(f"Release {checked.manifest.version} is in use, {signed}.")


@app.command("signing-key")
def signing_key(
    file: Annotated[Path, typer.Argument(help="New private key (PEM); the public one is written beside it.")],
) -> None:
    """Make a key to sign releases with."""
    from terminology.maintain.signing import make_keys  # noqa: PLC0415 - not needed for others

    fingerprint = make_keys(file)
    say(f"Key {fingerprint}: keep {file} secret, give {file.with_suffix('.pub.pem')} to those who install.")
