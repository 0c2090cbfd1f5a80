"""The `dictate-terms` command: look up, keep a site's own wordings, check, exchange, measure, publish."""

import sys

import typer

from terminology.cli import checks, evidence, exchange, look, releases, words
from terminology.errors import TerminologyError

app = typer.Typer(
    name="dictate-terms",
    help=(
        "The care terminology: look up Fælles Sprog III and measurement codes, keep your site's own "
        "wordings, check, exchange and publish."
    ),
    no_args_is_help=True,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
)
for group in (look, words, checks, exchange, evidence, releases):
    app.add_typer(group.app)


@app.callback()
def group_of_commands() -> None:
    """Keep the commands apart."""


def main() -> None:
    """Run the command line; every expected error becomes one sentence and a non-zero exit code."""
    try:
        app()
    except TerminologyError as error:
        typer.echo(f"Error: {error}", err=True)
        sys.exit(error.exit_code)
