"""A FHIR receiver on the loopback that misbehaves on purpose, and the certificates to talk to it.

It keeps what it took in a ledger, knows repetitions by the Idempotency-Key, and commits before it answers, as
a real receiver does. Used by benchmarks/delivery.py; imported by nobody else.
"""

import json
import random
import socket
import socketserver
import sqlite3
import ssl
import threading
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

HOST = "127.0.0.1"
FAULTS = (
    "500 before",
    "503 before",
    "500 after",
    "silent before",
    "silent after",
    "dies before",
    "dies within the answer",
    "half an answer",
    "answers twice",
    "drips",
    "429",
    "busy 409",
)
"""Before or after: the bundle is in the ledger. Among the good answers stand 200, 201 and 204."""
_REFUSALS = {"500 before": 500, "503 before": 503, "429": 429}
_GOOD = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"
_BROKEN = {
    "silent after": (),
    "dies within the answer": (b"HTTP/1.1 200 OK\r\nContent-Le",),
    "half an answer": (b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{",),
    "answers twice": (_GOOD, _GOOD),
    "drips": tuple(bytes([letter]) for letter in _GOOD),
}
"""What is sent piece by piece once the bundle is in the ledger."""
_OUTCOME = json.dumps(
    {
        "resourceType": "OperationOutcome",
        "issue": [{"severity": "error", "code": "invalid", "expression": ["Condition.code"]}],
    }
).encode()


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """What a receiver has taken, in order, durable."""

    path: Path

    def connect(self) -> sqlite3.Connection:
        """Open it; full sync, for the receiver is killed, too."""
        connection = sqlite3.connect(self.path, timeout=30)
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute(
            "CREATE TABLE IF NOT EXISTS taken (place INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT UNIQUE, "
            "bundle TEXT, citizen TEXT, digest TEXT)"
        )
        connection.execute("CREATE TABLE IF NOT EXISTS calls (key TEXT, fault TEXT)")
        connection.commit()
        return connection


def serve(
    port: int, ledger: Ledger, trust: Path, *, share: float, refused: frozenset[str], seed: int
) -> None:
    """Take bundles until killed.

    Args:
        port: on the loopback.
        ledger: what is taken.
        trust: folder of the certificates.
        share: of the answers that are faults.
        refused: keys that are answered with 422, always.
        seed: for choosing faults.

    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(trust / "server.pem", trust / "server.key")
    context.load_verify_locations(trust / "ca.pem")
    context.verify_mode = ssl.CERT_REQUIRED
    rng = random.Random(seed)  # noqa: S311 - faults, no secrets

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            try:
                with context.wrap_socket(self.request, server_side=True) as stream:
                    stream.settimeout(5)
                    talk(stream, ledger, rng, share=share, refused=refused)
            except (OSError, ssl.SSLError):
                pass  # the caller hung up, or was killed

    class Server(socketserver.ThreadingTCPServer):
        allow_reuse_address = True
        daemon_threads = True

    with Server((HOST, port), Handler) as server:
        server.serve_forever(poll_interval=0.05)


def talk(
    stream: ssl.SSLSocket, ledger: Ledger, rng: random.Random, *, share: float, refused: frozenset[str]
) -> None:
    """Answer one call after the other on a connection."""
    with ledger.connect() as connection:
        while request := _request(stream):
            headers, body = request
            key = headers.get("idempotency-key", "")
            fault = rng.choice(FAULTS) if rng.random() < share else ""
            if key in refused:
                fault = "422"
            connection.execute("INSERT INTO calls VALUES (?, ?)", (key, fault))
            connection.commit()
            if not _answer(stream, connection, key, body, fault):
                return


def _answer(stream: ssl.SSLSocket, ledger: sqlite3.Connection, key: str, body: bytes, fault: str) -> bool:
    """Answer one call; tell whether the connection goes on."""
    if fault == "422":
        return _send(stream, 422, _OUTCOME)
    if fault in _REFUSALS:
        return _send(stream, _REFUSALS[fault], b"{}", retry_after=fault == "429")
    if fault.endswith("before"):
        time.sleep(1.0 if fault == "silent before" else 0.0)
        return False
    is_new = _take(ledger, key, body)
    if fault in _BROKEN:
        for piece in _BROKEN[fault]:
            stream.sendall(piece)
            time.sleep(0.005)
        time.sleep(1.0 if fault == "silent after" else 0.0)
        return fault == "drips"
    if fault == "500 after":
        return _send(stream, 500, b"oops")
    return _send(stream, 200 if is_new else 409, b"{}")


def _take(ledger: sqlite3.Connection, key: str, body: bytes) -> bool:
    """Put a bundle into the ledger; tell whether it is new."""
    bundle = json.loads(body)
    patients = [
        entry["resource"]["identifier"][0]["value"]
        for entry in bundle["entry"]
        if entry["resource"]["resourceType"] == "Patient"
    ]
    row = (key, bundle["identifier"]["value"], ",".join(patients), str(len(bundle["entry"])))
    done = ledger.execute(
        "INSERT OR IGNORE INTO taken (key, bundle, citizen, digest) VALUES (?, ?, ?, ?)", row
    )
    ledger.commit()
    return done.rowcount == 1


def _request(stream: ssl.SSLSocket) -> tuple[dict[str, str], bytes] | None:
    data = b""
    while b"\r\n\r\n" not in data:
        chunk = stream.recv(65536)
        if not chunk:
            return None
        data += chunk
    head, _, body = data.partition(b"\r\n\r\n")
    lines = head.decode().split("\r\n")[1:]
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    while len(body) < int(headers.get("content-length", "0")):
        chunk = stream.recv(65536)
        if not chunk:
            return None
        body += chunk
    return headers, body


def _send(stream: ssl.SSLSocket, status: int, body: bytes, *, retry_after: bool = False) -> bool:
    more = "Retry-After: 0\r\n" if retry_after else ""
    kind = "Content-Type: application/fhir+json\r\n"
    head = f"HTTP/1.1 {status} X\r\n{kind}{more}Content-Length: {len(body)}\r\n\r\n"
    stream.sendall(head.encode() + body)
    return True


def free_port() -> int:
    """Return a port of the loopback that nobody uses now."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


def make_certificates(folder: Path) -> None:
    """Make a throwaway authority, a server's and a client's certificate, good for a day."""
    authority = ec.generate_private_key(ec.SECP256R1())
    issuer = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Throwaway authority")])
    _save(folder, "ca", _signed(issuer, authority, issuer, authority, kind=None), authority)
    for name, kind in (
        ("server", ExtendedKeyUsageOID.SERVER_AUTH),
        ("client", ExtendedKeyUsageOID.CLIENT_AUTH),
    ):
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        _save(folder, name, _signed(subject, key, issuer, authority, kind=kind), key)


def _signed(
    subject: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    issuer: x509.Name,
    authority: ec.EllipticCurvePrivateKey,
    *,
    kind: x509.ObjectIdentifier | None,
) -> x509.Certificate:
    now = datetime.now(UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=kind is None, path_length=None), critical=True)
    )
    if kind is None:
        usage = x509.KeyUsage(
            digital_signature=True,
            content_commitment=False,
            key_encipherment=False,
            data_encipherment=False,
            key_agreement=False,
            key_cert_sign=True,
            crl_sign=True,
            encipher_only=False,
            decipher_only=False,
        )
        builder = builder.add_extension(usage, critical=True)
        builder = builder.add_extension(
            x509.SubjectKeyIdentifier.from_public_key(authority.public_key()), critical=False
        )
    else:
        builder = builder.add_extension(x509.ExtendedKeyUsage([kind]), critical=False)
        names = x509.SubjectAlternativeName([x509.IPAddress(ip_address(HOST))])
        builder = builder.add_extension(names, critical=False)
        builder = builder.add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(authority.public_key()), critical=False
        )
    return builder.sign(authority, hashes.SHA256())


def _save(folder: Path, name: str, certificate: x509.Certificate, key: ec.EllipticCurvePrivateKey) -> None:
    (folder / f"{name}.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    private = folder / f"{name}.key"
    private.touch(mode=0o600)
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )


def stop_after(seconds: float, event: threading.Event) -> None:
    """Set an event after a while."""
    timer = threading.Timer(seconds, event.set)
    timer.daemon = True
    timer.start()
