"""The `dictate-tui` command."""

import argparse
import os
import sys
from pathlib import Path

TERMINAL_ERROR = 2


def main() -> None:
    """Read the command line and run the app."""
    from dictate.process import no_core_dumps, one_pool  # noqa: PLC0415 - --help answers at once

    no_core_dumps()
    one_pool()
    asked = arguments().parse_args()
    if asked.serve:
        from tui.serve import serve  # noqa: PLC0415 - the server is an extra

        serve(asked.port, arguments=passed_on(asked))
        return
    from dictate.errors import DictateError  # noqa: PLC0415 - --help answers at once
    from tui import preferences  # noqa: PLC0415
    from tui.app import TerminalApp  # noqa: PLC0415
    from tui.parts import quieten, real  # noqa: PLC0415

    try:
        chosen = preferences.load(asked.settings)
    except DictateError as error:
        print(f"Error: {error}", file=sys.stderr)
        sys.exit(TERMINAL_ERROR)
    if "TEXTUAL_DRIVER" not in os.environ:
        if not sys.stdin.isatty():
            print("Error: dictate-tui needs a terminal. Start it in one.", file=sys.stderr)
            sys.exit(TERMINAL_ERROR)
        _quieten_libraries()
    quieten()
    TerminalApp(
        real(),
        chosen,
        preferences_file=asked.settings,
        visits=asked.visits,
        drafts=asked.drafts,
        samples=asked.samples,
    ).run()


def arguments() -> argparse.ArgumentParser:
    """Return the reader of the command line."""
    parser = argparse.ArgumentParser(
        prog="dictate-tui", description="Dictate, see, correct and sign, in the terminal."
    )
    parser.add_argument(
        "--visits", type=Path, metavar="FILE", help="today's visits: CSV (navn;cpr) or FHIR Bundle"
    )
    parser.add_argument("--drafts", type=Path, metavar="FILE", help="notes in JSON Lines for the inbox")
    parser.add_argument("--samples", type=Path, metavar="DIR", help="sample dictations to practise with")
    parser.add_argument("--settings", type=Path, metavar="FILE", help="another settings file")
    parser.add_argument(
        "--serve", action="store_true", help="serve the app to a browser on this machine only"
    )
    parser.add_argument("--port", type=int, default=8765, help="port for --serve (8765)")
    return parser


def passed_on(asked: argparse.Namespace) -> tuple[str, ...]:
    """Return the options for the app that each browser tab starts; files are named in full."""
    given = ((f"--{name}", getattr(asked, name)) for name in ("visits", "drafts", "samples", "settings"))
    return tuple(word for name, file in given if file for word in (name, str(file.resolve())))


def _quieten_libraries() -> None:
    """Keep what sound libraries print to standard error off the screen, which Textual draws there."""
    screen = os.dup(2)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    os.close(nowhere)
    sys.__stderr__ = os.fdopen(screen, "w", encoding="utf-8", closefd=False)  # type: ignore[misc]  # on purpose


if __name__ == "__main__":
    main()
