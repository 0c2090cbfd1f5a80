"""The app in a browser answers only this machine, and only with the token."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

pytest.importorskip("aiohttp.web", reason="the extra serve is not installed")

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer, unused_port

from tui.__main__ import arguments, passed_on
from tui.serve import COOKIE, HOST, guard

Client = TestClient[web.Request, web.Application]
TOKEN = "t0k3n"  # noqa: S105 - of a test


def ask(scene: Callable[[Client, str], Awaitable[None]]) -> None:
    """Run a scene against a guarded server."""

    async def go() -> None:
        port = unused_port()
        app = web.Application(middlewares=[guard(TOKEN, f"{HOST}:{port}")])

        async def page(_request: web.Request) -> web.Response:
            return web.Response(text="page")

        app.router.add_get("/", page)
        async with TestClient(TestServer(app, host=HOST, port=port)) as client:
            await scene(client, f"{HOST}:{port}")

    asyncio.run(go())


def test_without_the_token_nothing_is_shown() -> None:
    """Neither no token nor a wrong one, nor a wrong cookie."""

    async def scene(client: Client, _host: str) -> None:
        for asked in ("/", "/?token=wrong", "/?token="):
            assert (await client.get(asked)).status == 403
        assert (await client.get("/", cookies={COOKIE: "wrong"})).status == 403

    ask(scene)


def test_the_token_becomes_a_cookie() -> None:
    """It leaves the address at once, no script can read it, and the page may load nothing from elsewhere."""

    async def scene(client: Client, _host: str) -> None:
        first = await client.get(f"/?token={TOKEN}", allow_redirects=False)
        assert (first.status, first.headers["Location"]) == (302, "/")
        assert first.cookies[COOKIE]["httponly"]
        assert first.cookies[COOKIE]["samesite"] == "Strict"
        page = await client.get("/")
        assert (page.status, await page.text()) == (200, "page")
        assert page.headers["Content-Security-Policy"].startswith("default-src 'none'")

    ask(scene)


def test_other_names_and_other_pages_are_refused() -> None:
    """A name that points here, or a page from elsewhere that opens a socket, gets nothing."""

    async def scene(client: Client, host: str) -> None:
        known = {COOKIE: TOKEN}
        assert (await client.get("/", cookies=known, headers={"Host": "evil.example"})).status == 403
        assert (await client.get("/", cookies=known, headers={"Origin": "http://evil.example"})).status == 403
        assert (await client.get("/", cookies=known, headers={"Origin": f"http://{host}"})).status == 200

    ask(scene)


def test_options_are_passed_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The app of a browser tab gets the files that the server was given."""
    monkeypatch.chdir(tmp_path)
    asked = arguments().parse_args(["--serve", "--visits", "my visits.csv", "--port", "1"])
    assert passed_on(asked) == ("--visits", str(tmp_path / "my visits.csv"))
