"""The same app in a browser, for sites that forbid terminals: on this machine only, and only with a token."""

import logging
import secrets
import shlex
import sys
from typing import TYPE_CHECKING

from dictate.errors import ConfigError

if TYPE_CHECKING:
    from aiohttp import web
    from aiohttp.typedefs import Handler, Middleware

HOST = "127.0.0.1"
COOKIE = "plejediktat"
# The page may load nothing from anywhere else: not even a font.
POLICY = (
    "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; font-src 'self'; connect-src 'self' ws://{host}; frame-ancestors 'none'"
)


def serve(port: int, *, arguments: tuple[str, ...] = (), token: str | None = None) -> None:
    """Serve the app until Ctrl+C.

    Args:
        port: on 127.0.0.1.
        arguments: for the app that each browser tab starts.
        token: what the address must hold; a fresh one where it is None.

    Raises:
        ConfigError: the extra `serve` is not installed.

    """
    try:
        from textual_serve.server import Server  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise ConfigError("The browser's part is not installed. Install plejediktat[serve].") from error
    secret = token or secrets.token_urlsafe(24)

    class Guarded(Server):
        """A server that answers only those who know the token."""

        def initialize_logging(self) -> None:
            """Log nothing: what is sent to and fro is what a nurse says."""
            logging.disable(logging.CRITICAL)

        async def on_startup(self, app: "web.Application") -> None:
            """Say where it is, with the token."""
            del app
            print(f"Open http://{HOST}:{port}/?token={secret} in a browser on this machine. Ctrl+C ends it.")

        async def _make_app(self) -> "web.Application":
            app = await super()._make_app()
            app.middlewares.append(guard(secret, f"{HOST}:{port}"))
            return app

    command = shlex.join([sys.executable, "-m", "tui", *arguments])
    Guarded(command, host=HOST, port=port, title="Plejediktat").serve()


def guard(token: str, host: str) -> "Middleware":
    """Return what lets through only requests with the token, to this host, from its own pages.

    Args:
        token: in the address of the first request, then in a cookie.
        host: name and port; another name in the request would be a trick with DNS.

    """
    from aiohttp import web  # noqa: PLC0415 - an extra

    @web.middleware
    async def check(request: "web.Request", handler: "Handler") -> web.StreamResponse:
        if request.host != host or request.headers.get("Origin", f"http://{host}") != f"http://{host}":
            raise web.HTTPForbidden(text="Open the address that dictate-tui printed.")
        given = request.query.get("token", "")
        if given and secrets.compare_digest(given.encode(), token.encode()):
            answer = web.Response(status=302, headers={"Location": "/"})
            answer.set_cookie(COOKIE, token, httponly=True, samesite="Strict")
            return answer
        known = request.cookies.get(COOKIE, "")
        if not secrets.compare_digest(known.encode(), token.encode()):
            raise web.HTTPForbidden(text="Open the address that dictate-tui printed, with its token.")
        response = await handler(request)
        if not response.prepared:
            response.headers["Content-Security-Policy"] = POLICY.format(host=host)
            response.headers["Referrer-Policy"] = "no-referrer"
            response.headers["Cache-Control"] = "no-store"
        return response

    return check
