"""Hand over by HTTPS: one POST of a FHIR transaction for each delivery.

The delivery's UUID goes along as Idempotency-Key. The transaction puts each resource under its own id, so
even a receiver without a memory for keys ends with one of each.
"""

import json
import ssl
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import httpx

from dictate.delivery.outcome import answer_to
from dictate.delivery.parcel import Answer, Outcome, Parcel
from dictate.errors import ConfigError

_MOST = 1024 * 1024
"""Bytes of an answer that are read."""
_UNAUTHORIZED = 401


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeouts:
    """Seconds."""

    connect: float = 10.0
    read: float = 30.0
    """Between two bytes of the answer."""
    whole: float = 90.0
    """For the whole attempt, however slowly the answer drips."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trust:
    """Whom we trust, and who we are, in TLS."""

    ca: Path | None = None
    """Certificates of the receiver's authority; None: those that the machine trusts."""
    certificate: Path | None = None
    """Our own (mutual TLS)."""
    key: Path | None = None

    def context(self) -> ssl.SSLContext:
        """Return it as the TLS library has it.

        Raises:
            ConfigError: a file can't be read or is none.

        """
        try:
            context = ssl.create_default_context(cafile=str(self.ca) if self.ca else None)
            context.minimum_version = ssl.TLSVersion.TLSv1_2
            if self.certificate:
                context.load_cert_chain(self.certificate, self.key)
        except (OSError, ssl.SSLError) as error:
            raise ConfigError(
                "A certificate or key of the target can't be used: "
                f"{getattr(error, 'strerror', None) or type(error).__name__}. Check ca, certificate and key."
            ) from error
        return context


class Credentials(Protocol):
    """Where the bearer token comes from."""

    def token(self, client: httpx.Client, *, fresh: bool) -> str:
        """Return a token that is good now; `fresh`: not the one used before.

        Raises:
            httpx.HTTPError: the authority can't be reached.
            ConfigError: it gives no token.

        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpsTarget:
    """A FHIR server, or anything that takes a bundle by POST."""

    name: str
    url: str
    trust: Trust = Trust()
    credentials: Credentials | None = None
    timeouts: Timeouts = Timeouts()
    _clients: list[httpx.Client] = field(default_factory=list, repr=False)

    def __post_init__(self) -> None:
        """Refuse what would send in the clear."""
        if httpx.URL(self.url).scheme != "https" or not httpx.URL(self.url).host:
            raise ConfigError(f'Target "{self.name}": the address must begin with https:// and name a host.')

    def send(self, parcel: Parcel) -> Answer:
        """POST the parcel; a token that is refused is renewed once."""
        try:
            answer, status = self._post(parcel, fresh=False)
            if status == _UNAUTHORIZED and self.credentials:
                answer, status = self._post(parcel, fresh=True)
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            return Answer(outcome=Outcome.DOWN, why=f"no connection ({type(error).__name__})")
        except httpx.HTTPError as error:
            return Answer(outcome=Outcome.LATER, why=f"no whole answer ({type(error).__name__})")
        except ConfigError as error:
            return Answer(outcome=Outcome.DOWN, why=str(error))
        return answer

    def close(self) -> None:
        """Close the connections that are kept open."""
        while self._clients:
            self._clients.pop().close()

    def _post(self, parcel: Parcel, *, fresh: bool) -> tuple[Answer, int]:
        client = self._client()
        headers = {
            "Content-Type": parcel.media_type,
            "Accept": "application/fhir+json",
            "Idempotency-Key": parcel.id,
            "X-Request-Id": parcel.id,
        }
        if self.credentials:
            headers["Authorization"] = f"Bearer {self.credentials.token(client, fresh=fresh)}"
        deadline = time.monotonic() + self.timeouts.whole
        with client.stream("POST", self.url, content=parcel.content, headers=headers) as response:
            body = bytearray()
            for chunk in response.iter_bytes():
                body += chunk
                if len(body) > _MOST or time.monotonic() > deadline:
                    raise httpx.ReadTimeout("The answer is endless.")
        return answer_to(response.status_code, response.headers, _parsed(bytes(body))), response.status_code

    def _client(self) -> httpx.Client:
        if not self._clients:
            limits = self.timeouts
            timeout = httpx.Timeout(limits.read, connect=limits.connect)
            # No proxy, no redirect: a bundle goes where the site said, and nowhere else.
            self._clients.append(
                httpx.Client(
                    verify=self.trust.context(), timeout=timeout, follow_redirects=False, trust_env=False
                )
            )
        return self._clients[0]


def _parsed(body: bytes) -> object:
    try:
        return json.loads(body)
    except ValueError:
        return None
