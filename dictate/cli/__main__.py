"""The `dictate` command: mounts the command groups and turns expected errors into one sentence."""

import sys
import traceback
from pathlib import Path

import typer

from dictate.cli import audit, backup, citizen, corrections, key, retention
from dictate.cli.batch import batch
from dictate.cli.check import check_command
from dictate.cli.demo import demo
from dictate.cli.draft import draft
from dictate.cli.evaluate import evaluate
from dictate.cli.export import export
from dictate.cli.normalise import normalise
from dictate.cli.report import report
from dictate.cli.sign import sign
from dictate.cli.transcribe import transcribe
from dictate.errors import DictateError
from dictate.process import no_core_dumps, one_pool
from models.errors import ModelError
from terminology.errors import TerminologyError

INTERRUPTED = 130
"""Exit code after Ctrl-C, as shells have it."""

app = typer.Typer(
    name="dictate",
    help="Danish speech documentation for homecare: from a dictation to signed, coded entries.",
    no_args_is_help=True,
    rich_markup_mode="markdown",
    # A traceback with local variables would show what a nurse said.
    pretty_exceptions_enable=False,
)
for command in (transcribe, normalise, draft, sign, export, demo, batch, evaluate, report):
    app.command()(command)
app.command("check")(check_command)


@app.command(
    context_settings={"allow_extra_args": True, "ignore_unknown_options": True}, add_help_option=False
)
def outbox(context: typer.Context) -> None:
    """Deliveries to other systems: list, show, send, retry, drop."""
    from dictate.cli.outbox import app as group  # noqa: PLC0415 - the store is slow to import

    group(args=context.args, prog_name="dictate outbox")


for group in (key.app, audit.app, retention.app, backup.app, citizen.app, corrections.app):
    app.add_typer(group)


def _where(error: BaseException) -> str:
    """File and line where an unexpected error arose; never its message, which may hold dictated text."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} in {Path(frame.filename).name}, line {frame.lineno}"


def main() -> None:
    """Run the command line; every expected error becomes one sentence and a non-zero exit code."""
    no_core_dumps()
    one_pool()
    try:
        app()
    except (DictateError, TerminologyError, ModelError) as error:
        print(f"Error: {error}", file=sys.stderr)
        sys.exit(error.exit_code)
    except SystemExit as stop:
        if stop.code == INTERRUPTED:
            print("Stopped; what was finished is kept, nothing is half-written.", file=sys.stderr)
        raise
    except Exception as error:  # noqa: BLE001 - the last door: no traceback may show what was said
        print(f"Error: something unexpected happened ({_where(error)}). Please report it.", file=sys.stderr)
        sys.exit(1)


if __name__ == "__main__":
    main()
