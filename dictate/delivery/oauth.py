"""Tokens by OAuth2 client credentials, kept until they are about to expire."""

import time
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path

import httpx

from dictate.errors import ConfigError

_EARLY = 30.0
"""Seconds before its end at which a token is no longer used."""
_UNTOLD = 300.0
"""Seconds that a token is taken to last where the authority doesn't say."""
_OTHERS = 0o077


@dataclass(slots=True, kw_only=True)
class ClientCredentials:
    """A client that is known to an authority."""

    token_url: str
    client_id: str
    secret_file: Path
    """Holds the client's secret and may be read by its owner alone."""
    scope: str = ""
    _token: str = field(default="", repr=False)
    _until: float = 0.0

    def __post_init__(self) -> None:
        """Refuse what would send the secret in the clear."""
        if httpx.URL(self.token_url).scheme != "https":
            raise ConfigError("The address of the OAuth2 authority must begin with https://.")

    def token(self, client: httpx.Client, *, fresh: bool) -> str:
        """Return a token that is good now.

        Args:
            client: with which to ask.
            fresh: not the one used before, which was refused.

        Raises:
            httpx.HTTPError: the authority can't be reached.
            ConfigError: it gives no token, or the secret can't be read.

        """
        if fresh or time.monotonic() > self._until:
            data = {"grant_type": "client_credentials"} | ({"scope": self.scope} if self.scope else {})
            auth = httpx.BasicAuth(self.client_id, self._secret())
            response = client.post(self.token_url, data=data, auth=auth)
            if response.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
                response.raise_for_status()
            self._token, lasts = _token_in(response)
            self._until = time.monotonic() + max(lasts - _EARLY, 0.0)
        return self._token

    def _secret(self) -> str:
        try:
            if self.secret_file.stat().st_mode & _OTHERS:
                raise ConfigError(f"{self.secret_file} can be read by others: run chmod 600 on it.")
            return self.secret_file.read_text(encoding="utf-8").strip()
        except OSError as error:
            raise ConfigError(f"Cannot read {self.secret_file}: {error.strerror}.") from error


def _token_in(response: httpx.Response) -> tuple[str, float]:
    try:
        data = response.json()
    except ValueError:
        data = None
    token = data.get("access_token") if isinstance(data, dict) else None
    if response.status_code != HTTPStatus.OK or not isinstance(token, str) or not token:
        raise ConfigError(f"the OAuth2 authority gave no token ({response.status_code})")
    lasts = data.get("expires_in")
    return token, float(lasts) if isinstance(lasts, (int, float)) else _UNTOLD
