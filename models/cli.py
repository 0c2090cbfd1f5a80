"""`dictate-models`: which speech models there are, where they lie, and whether they are whole."""

import json
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from models.errors import ModelError, ModelMissingError

# The rooms behind the commands are imported where they are used: `--help` answers at once.
# ruff: noqa: PLC0415

if TYPE_CHECKING:
    from collections.abc import Iterator

    from models.cache import Progress
    from models.registry import ModelSpec
    from models.verify import Check


class _Commands(TyperGroup):
    """Commands whose expected errors are one sentence on stderr and an exit code, without a traceback."""

    def invoke(self, ctx: Any) -> Any:  # noqa: ANN401 - the base class takes typer's private context type
        try:
            return super().invoke(ctx)
        except ModelError as error:
            typer.echo(f"Error: {error}", err=True)
            raise typer.Exit(error.exit_code) from None


app = typer.Typer(
    cls=_Commands,
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="Speech models: which there are, where they lie, and whether they are whole. Nothing is downloaded.",
)

CacheDir = Annotated[
    Path | None,
    typer.Option(
        "--cache-dir",
        help="Cache folder to use instead of the user's own.",
        file_okay=False,
        show_default=False,
    ),
]


@app.command(
    name="list",
    short_help="List the models, their state here and their error rates.",
    epilog="Example:  dictate-models list --json",
)
def list_models(
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print all that is known, as JSON.")] = False,
    cache_dir: CacheDir = None,
) -> None:
    """List all models this version knows, their state on this machine and their published error rates.

    installed: ready in the cache. available: made ready on first use. extra missing: needs a package first.
    not fetchable yet: known, but this version cannot fetch it.
    """
    from models.registry import catalogue

    cache = _cache(cache_dir)
    if as_json:
        typer.echo(json.dumps([_facts(model, cache) for model in catalogue()], indent=2, ensure_ascii=False))
        return
    from rich.console import Console
    from rich.table import Table

    table = Table("NAME", "STATE", "SIZE", "LICENCE", "PUBLISHED WER (TEST)", box=None, pad_edge=False)
    for model in catalogue():
        wer = f"{model.wer[0].percent:.1f} % ({model.wer[0].test})" if model.wer else "none found"
        table.add_row(model.name, _state(model, cache), f"{model.size / 1e6:.0f} MB", model.licence, wer)
    # Into a pipe or a file the table goes unfolded, one line a model.
    console = Console(width=None if sys.stdout.isatty() else 120, highlight=False)
    console.print(table)
    console.print()
    for model in catalogue():
        console.print(f"{model.name}: {model.limit}", soft_wrap=True)


@app.command(
    short_help="Print the folder of a model, made ready where possible.",
    epilog="Example:  dictate-models path whisper-base",
)
def path(
    name: Annotated[str, typer.Argument(help="Model name as in `dictate-models list`.", metavar="NAME")],
    *,
    cache_dir: CacheDir = None,
) -> None:
    """Print the folder of a verified model, making it ready first where that is possible."""
    from models.cache import ensure

    with _progress(f"Preparing {name}") as progress:
        files = ensure(name, _cache(cache_dir), progress=progress)
    typer.echo(files.folder)


@app.command(
    short_help="Hash every model file on this machine again.",
    epilog="Example:  dictate-models verify whisper-base",
)
def verify(
    name: Annotated[
        str | None, typer.Argument(help="Model name; without it, all that is here.", metavar="[NAME]")
    ] = None,
    *,
    cache_dir: CacheDir = None,
) -> None:
    """Hash every model file on this machine again and print ok or FAILED for each; exit 1 if one failed."""
    from models.registry import catalogue, spec

    cache = _cache(cache_dir)
    chosen = (spec(name),) if name else catalogue()
    checked = failed = 0
    for model in chosen:
        for outcome in _checks(model, cache, required=name is not None):
            checked += 1
            failed += not outcome.ok
            _report(outcome)
    if not checked:
        raise ModelMissingError(
            "There is no model on this machine. Install one with: pip install 'plejediktat[embedded-model]'"
        )
    if failed:
        raise typer.Exit(1)


def main() -> None:
    """Run the command line."""
    app(prog_name="dictate-models")


def _cache(chosen: Path | None) -> Path:
    """Resolve the cache folder: the chosen one, else the user's own by the rules of the platform."""
    import platformdirs

    return chosen or platformdirs.user_cache_path("plejediktat")


def _state(model: "ModelSpec", cache: Path) -> str:
    """Say whether the model can be used here; by names alone, no file is hashed."""
    from models.cache import folder_of, is_cached
    from models.embedded import is_installed
    from models.registry import Source

    if is_cached(folder_of(model, cache)):
        return "installed"
    if model.source is Source.EMBEDDED:
        return "available" if is_installed(model) else "extra missing"
    return "not fetchable yet"


def _facts(model: "ModelSpec", cache: Path) -> dict[str, object]:
    """Give what `list --json` prints of one model."""
    from dataclasses import asdict

    from models.cache import folder_of, is_cached

    folder = folder_of(model, cache)
    return {
        "name": model.name,
        "state": _state(model, cache),
        "folder": str(folder) if is_cached(folder) else None,
        "size": model.size,
        "licence": model.licence,
        "source": model.source.value,
        "repository": model.repository,
        "revision": model.revision,
        "compute_types": model.compute_types,
        "n_mels": model.n_mels,
        "min_window_s": model.min_window_s,
        "limit": model.limit,
        "wer": [asdict(wer) for wer in model.wer],
    }


def _checks(model: "ModelSpec", cache: Path, *, required: bool) -> "Iterator[Check]":
    """Check the installed parts and the cached files of a model; either may be absent.

    Raises:
        ModelMissingError: `required`, and neither is there.

    """
    from models.cache import check_cached, check_parts, folder_of, is_cached
    from models.embedded import is_installed

    folder = folder_of(model, cache)
    cached = is_cached(folder)
    if is_installed(model) or (required and not cached):
        yield from check_parts(model)
    if cached:
        yield from check_cached(model, folder)


def _report(outcome: "Check") -> None:
    """Print one line for a checked file."""
    if outcome.ok:
        typer.echo(f"ok      {outcome.path}")
    else:
        found = outcome.found or "no such file"
        typer.echo(f"FAILED  {outcome.path}: expected SHA-256 {outcome.expected}, found {found}")


@contextmanager
def _progress(title: str) -> "Iterator[Progress | None]":
    """Give something that draws a progress bar on stderr; None where stderr is no terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(title, visible=False)
        yield lambda done, total: bar.update(task, completed=done, total=total, visible=True)


if __name__ == "__main__":
    main()
