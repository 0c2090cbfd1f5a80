"""`dictate key`: the one key that opens everything."""

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from dictate.cli.asking import passphrase
from dictate.errors import MasterKeyError

if TYPE_CHECKING:
    from dictate.config import KeyPlace

app = typer.Typer(
    name="key",
    help="The key that opens the store: make it, change it, check it.",
    no_args_is_help=True,
    rich_markup_mode="markdown",
)

Place = Annotated[
    str,
    typer.Option(
        "--place",
        help="Where to keep it: keyring, file (0600), passphrase, or auto (the keyring, if there is one).",
    ),
]


@app.command()
def init(*, place: Place = "auto") -> None:
    """Make the key, and an empty store.

    Keep a copy of the key file, or the passphrase, in a safe place: without it nobody can read the store.
    """
    from dictate import opening  # noqa: PLC0415 - slow to import
    from dictate.config import load_settings  # noqa: PLC0415

    settings = load_settings()
    source = opening.key_source(settings, ask=passphrase(new=True), place=_place(place))
    if source.exists():
        raise MasterKeyError(f"There is a key in {source.place} already. Check it: dictate key check.")
    opening.make_key(settings, source)
    with opening.store(settings, program="dictate key", source=source):
        pass
    print(f"The key is in {source.place}; the store is {opening.location(settings).place}.", file=sys.stderr)


@app.command()
def check() -> None:
    """Check that the key opens the store, and that the access log is whole."""
    from dictate import opening  # noqa: PLC0415 - slow to import
    from dictate.config import load_settings  # noqa: PLC0415
    from dictate.keys import derive  # noqa: PLC0415

    settings = load_settings()
    source = opening.key_source(settings, ask=passphrase())
    key_id = derive(source.load()).id
    with opening.store(settings, program="dictate key", source=source) as store:
        verdict = store.log.verify()
    if not verdict.ok:
        print(verdict.why, file=sys.stderr)
        raise typer.Exit(1)
    print(f"Key {key_id} in {source.place} opens the store {opening.location(settings).place}.")


@app.command()
def rotate() -> None:
    """Change the key for a new one, kept in the same place; finish a change that was interrupted.

    A kill at any moment does no harm: run it again. Old backups need the old key.
    """
    from dictate import opening  # noqa: PLC0415 - slow to import
    from dictate.config import load_settings  # noqa: PLC0415
    from dictate.store import rotation  # noqa: PLC0415

    settings = load_settings()
    source = opening.key_source(settings, ask=passphrase())
    where = opening.location(settings)
    interrupted = rotation.is_under_way(where)
    key_id = rotation.rotate(where, source, opening.actor(settings))
    what = "An interrupted change of key is finished" if interrupted else "The key is changed"
    print(f"{what}: {source.place} now holds key {key_id}.", file=sys.stderr)


def _place(text: str) -> "KeyPlace":
    from dictate.config import KeyPlace  # noqa: PLC0415

    try:
        return KeyPlace(text)
    except ValueError:
        raise MasterKeyError(
            f'There is no place "{text}" for a key: auto, keyring, file or passphrase.'
        ) from None
