"""Folder, HTTPS and SFTP: what is an answer, what is tried again, and that a file is whole or not there."""

import asyncio
import threading
from collections.abc import Iterator
from pathlib import Path

import asyncssh
import httpx
import pytest

from dictate.delivery.folder import FolderTarget
from dictate.delivery.https import HttpsTarget, Trust
from dictate.delivery.oauth import ClientCredentials
from dictate.delivery.outcome import answer_to
from dictate.delivery.parcel import Outcome, Parcel
from dictate.delivery.sftp import SftpTarget
from dictate.errors import ConfigError

PARCEL = Parcel(
    id="0d5b3c18-fab6-4d93-9d88-c9c8abf1f18c",
    suffix=".json",
    media_type="application/fhir+json",
    content=b"{}",
)
OUTCOME = {
    "resourceType": "OperationOutcome",
    "issue": [
        {
            "severity": "error",
            "code": "invalid",
            "expression": ["Condition.code"],
            "diagnostics": "Tryksår på hælen er ikke tilladt",
        }
    ],
}


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (200, Outcome.DELIVERED),
        (201, Outcome.DELIVERED),
        (204, Outcome.DELIVERED),
        (409, Outcome.DELIVERED),
        (400, Outcome.REFUSED),
        (413, Outcome.REFUSED),
        (422, Outcome.REFUSED),
        (301, Outcome.DOWN),
        (401, Outcome.DOWN),
        (403, Outcome.DOWN),
        (404, Outcome.DOWN),
        (429, Outcome.DOWN),
        (503, Outcome.DOWN),
        (408, Outcome.LATER),
        (500, Outcome.LATER),
        (504, Outcome.LATER),
        (599, Outcome.LATER),
    ],
)
def test_what_an_answer_means(status: int, outcome: Outcome) -> None:
    """Only an answer about the content ends a delivery; what a site can mend is tried again."""
    assert answer_to(status, {}, None).outcome is outcome


def test_the_reason_never_repeats_the_note() -> None:
    """Codes and paths of an OperationOutcome are kept, its words are not."""
    answer = answer_to(422, {}, OUTCOME)
    assert answer.why == "422 Unprocessable Entity; error invalid Condition.code"


@pytest.mark.parametrize("body", [[], {"resourceType": "OperationOutcome", "issue": 3}, "x", {"issue": [1]}])
def test_odd_answers_are_answers(body: object) -> None:
    """Whatever stands in them."""
    assert answer_to(422, {}, body).outcome is Outcome.REFUSED


def test_a_transaction_is_done_or_not() -> None:
    """A server that says 200 but failed in an entry has not taken it."""
    entry = {"entry": [{"response": {"status": "201 Created"}}, {"response": {"status": "500"}}]}
    assert answer_to(200, {}, entry).outcome is Outcome.LATER
    entry["entry"][1]["response"]["status"] = "422"
    assert answer_to(200, {}, entry).outcome is Outcome.REFUSED
    entry["entry"][1]["response"]["status"] = "200 OK"
    assert answer_to(200, {}, entry).outcome is Outcome.DELIVERED


def test_a_receiver_may_ask_for_time() -> None:
    """Retry-After in seconds, within a day."""
    assert answer_to(503, {"Retry-After": "120"}, None).wait == 120
    assert answer_to(503, {"Retry-After": "9999999"}, None).wait == 86400
    assert answer_to(503, {"Retry-After": "soon"}, None).wait is None


def test_a_folder_gets_a_whole_file_under_our_id(tmp_path: Path) -> None:
    """A repetition replaces itself; nothing else is left behind."""
    target = FolderTarget(name="drop", path=tmp_path)
    for _ in range(2):
        assert target.send(PARCEL).outcome is Outcome.DELIVERED
    (file,) = tmp_path.iterdir()
    assert (file.name, file.read_bytes()) == (f"{PARCEL.id}.json", b"{}")


def test_a_folder_that_is_gone_is_down(tmp_path: Path) -> None:
    """It is never made: it may be a network drive."""
    answer = FolderTarget(name="drop", path=tmp_path / "gone").send(PARCEL)
    assert answer.outcome is Outcome.DOWN
    assert not (tmp_path / "gone").exists()


def test_nothing_goes_in_the_clear(tmp_path: Path) -> None:
    """Plain HTTP is refused before anything is sent, for bundles and for secrets."""
    with pytest.raises(ConfigError, match="https"):
        HttpsTarget(name="t", url="http://example.org/fhir")
    url = "http://example.org/t"
    with pytest.raises(ConfigError, match="https"):
        ClientCredentials(token_url=url, client_id="x", secret_file=tmp_path / "s")


def test_a_bad_certificate_file_is_told(tmp_path: Path) -> None:
    """The target is down until it is mended; nothing is lost."""
    (tmp_path / "ca.pem").write_text("no certificate")
    target = HttpsTarget(name="t", url="https://127.0.0.1:9/fhir", trust=Trust(ca=tmp_path / "ca.pem"))
    answer = target.send(PARCEL)
    assert answer.outcome is Outcome.DOWN
    assert "certificate" in answer.why


def test_nobody_there_is_down() -> None:
    """A port where nobody listens."""
    assert HttpsTarget(name="t", url="https://127.0.0.1:9/fhir").send(PARCEL).outcome is Outcome.DOWN


class Server:
    """An SFTP server on the loopback, in a thread of its own."""

    def __init__(self, home: Path) -> None:
        """Start it, with keys of its own and a folder "in"."""
        (home / "root" / "in").mkdir(parents=True)
        key, client = (asyncssh.generate_private_key("ssh-ed25519") for _ in range(2))
        client.write_private_key(str(home / "id"))
        (home / "authorized").write_bytes(client.export_public_key())
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        root = str(home / "root")

        async def start() -> asyncssh.SSHAcceptor:
            return await asyncssh.listen(
                "127.0.0.1",
                0,
                server_host_keys=[key],
                authorized_client_keys=str(home / "authorized"),
                sftp_factory=lambda chan: asyncssh.SFTPServer(chan, chroot=root),
            )

        self._server = asyncio.run_coroutine_threadsafe(start(), self._loop).result(10)
        self.port: int = self._server.get_port()
        public = key.export_public_key().decode()
        (home / "known_hosts").write_text(f"[127.0.0.1]:{self.port} {public}")

    def close(self) -> None:
        """Stop it."""

        async def stop() -> None:
            self._server.close()
            await self._server.wait_closed()

        asyncio.run_coroutine_threadsafe(stop(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()


@pytest.fixture(name="server")
def server_fixture(tmp_path: Path) -> Iterator[Server]:
    """Return a running SFTP server."""
    server = Server(tmp_path)
    yield server
    server.close()


def sftp(home: Path, port: int, **changes: object) -> SftpTarget:
    """Return a target for the server."""
    given: dict[str, object] = {
        "name": "region",
        "host": "127.0.0.1",
        "port": port,
        "user": "plejediktat",
        "folder": "/in",
        "known_hosts": home / "known_hosts",
        "key": home / "id",
        "timeout": 10.0,
    }
    return SftpTarget(**(given | changes))  # type: ignore[arg-type] - a table of what varies


def test_sftp_gets_a_whole_file_under_our_id(tmp_path: Path, server: Server) -> None:
    """Written beside its place and renamed; a repetition replaces itself."""
    target = sftp(tmp_path, server.port)
    for _ in range(2):
        assert target.send(PARCEL).outcome is Outcome.DELIVERED
    (file,) = (tmp_path / "root" / "in").iterdir()
    assert (file.name, file.read_bytes()) == (f"{PARCEL.id}.json", b"{}")


def test_an_unknown_host_gets_nothing(tmp_path: Path, server: Server) -> None:
    """Another key in known_hosts, no file of known hosts, and a folder that isn't there."""
    other = asyncssh.generate_private_key("ssh-ed25519").export_public_key().decode()
    (tmp_path / "others").write_text(f"[127.0.0.1]:{server.port} {other}")
    answer = sftp(tmp_path, server.port, known_hosts=tmp_path / "others").send(PARCEL)
    assert (answer.outcome, answer.why) == (Outcome.DOWN, "the host's key is not the known one")
    assert sftp(tmp_path, server.port, folder="/nowhere").send(PARCEL).outcome is Outcome.DOWN
    with pytest.raises(ConfigError, match="known_hosts"):
        sftp(tmp_path, server.port, known_hosts=tmp_path / "missing")
    assert list((tmp_path / "root" / "in").iterdir()) == []


def credentials(home: Path, mode: int = 0o600) -> ClientCredentials:
    """Return credentials with a secret file."""
    (home / "secret").write_text("hemmelig\n")
    (home / "secret").chmod(mode)
    url = "https://login.example/token"
    return ClientCredentials(token_url=url, client_id="plejediktat", secret_file=home / "secret")


def authority(answers: list[httpx.Response], asked: list[httpx.Request]) -> httpx.Client:
    """Return a client whose calls get these answers."""

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return answers.pop(0)

    return httpx.Client(transport=httpx.MockTransport(answer))


def test_a_token_is_kept_until_it_is_refused_or_ends(tmp_path: Path) -> None:
    """Asked for once, again where a fresh one is wanted, and each time where it lasts no time."""
    asked: list[httpx.Request] = []
    good = [httpx.Response(200, json={"access_token": f"t{n}", "expires_in": 300}) for n in range(2)]
    short = httpx.Response(200, json={"access_token": "short", "expires_in": 1})
    known = credentials(tmp_path)
    with authority([*good, short, httpx.Response(200, json={"access_token": "last"})], asked) as client:
        assert [known.token(client, fresh=fresh) for fresh in (False, False, True)] == ["t0", "t0", "t1"]
        assert known.token(client, fresh=True) == "short"
        assert known.token(client, fresh=False) == "last"
    assert b"grant_type=client_credentials" in asked[0].content
    assert asked[0].headers["Authorization"].startswith("Basic ")
    assert "hemmelig" not in repr(known)


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(400, json={"error": "invalid_client"}),
        httpx.Response(200, text="hello"),
        httpx.Response(200, json={"access_token": ""}),
        httpx.Response(200, json=[]),
    ],
)
def test_an_authority_without_a_token_is_told(tmp_path: Path, answer: httpx.Response) -> None:
    """One clause, no secret in it."""
    with authority([answer], []) as client, pytest.raises(ConfigError, match="gave no token"):
        credentials(tmp_path).token(client, fresh=False)


def test_a_secret_that_others_can_read_is_not_used(tmp_path: Path) -> None:
    """It has to be the owner's alone."""
    with authority([], []) as client, pytest.raises(ConfigError, match="chmod 600"):
        credentials(tmp_path, 0o644).token(client, fresh=False)
