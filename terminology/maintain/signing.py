"""Who published a release: an Ed25519 signature of its manifest, which holds the checksum of every file."""

import base64
import binascii
import hashlib
from collections.abc import Sequence
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import TYPE_CHECKING

from terminology.errors import TerminologyError
from terminology.files import read_limited, write_atomic
from terminology.manifest import NAME
from terminology.places import trusted_keys_folder

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

SIGNATURE = f"{NAME}.sig"
_ALGORITHM = "ed25519"
_LARGEST = 64 * 1024


def make_keys(path: Path) -> str:
    """Write a new private key to `path` and the public key beside it, with the ending .pub.pem.

    Returns:
        The fingerprint of the key.

    Raises:
        TerminologyError: one of the files exists already, or can't be written.

    """
    from cryptography.hazmat.primitives import serialization  # noqa: PLC0415 - slow, only needed here
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey  # noqa: PLC0415

    public = path.with_suffix(".pub.pem")
    for one in (path, public):
        if one.exists():
            raise TerminologyError(
                f"{one} exists already. Name another file: a lost key can't be made again."
            )
    key = Ed25519PrivateKey.generate()
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    shown = key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    write_atomic(path, secret, secret=True)
    write_atomic(public, shown)
    return _fingerprint(key.public_key())


def sign(folder: Path, key: Path) -> str:
    """Sign the manifest of the release in `folder`.

    Returns:
        The fingerprint of the key.

    Raises:
        TerminologyError: the file holds no Ed25519 private key.

    """
    private = read_private_key(key)
    signature = private.sign(read_limited(folder / NAME))
    fingerprint = _fingerprint(private.public_key())
    line = f"{_ALGORITHM} {fingerprint} {base64.b64encode(signature).decode('ascii')}\n"
    write_atomic(folder / SIGNATURE, line.encode("ascii"))
    return fingerprint


def verify(folder: Traversable, keys: Sequence[Path]) -> str:
    """Check that one of `keys` signed the manifest as it is.

    Returns:
        The fingerprint of the key that did.

    Raises:
        TerminologyError: there is no signature, it is of another key, or the manifest was changed after it.

    """
    from cryptography.exceptions import InvalidSignature  # noqa: PLC0415 - slow, only needed here

    file = folder / SIGNATURE
    if not file.is_file():
        raise TerminologyError(
            f"The release in {folder} is not signed: {SIGNATURE} is missing. "
            "Ask its publisher for a signed one."
        )
    signer, signature = _signature(read_limited(file, limit=_LARGEST))
    known = {_fingerprint(key): key for key in map(_public_key, keys)}
    if signer not in known:
        raise TerminologyError(
            f"The release in {folder} is signed with the key {signer}, not a trusted one "
            f"({', '.join(known) or 'none'}). Ask its publisher, or add the key to the trusted ones."
        )
    try:
        known[signer].verify(signature, read_limited(folder / NAME))
    except InvalidSignature as error:
        raise TerminologyError(
            f"{NAME} in {folder} is not what the key {signer} signed. "
            "Get the release anew from its publisher."
        ) from error
    return signer


def trusted_keys(*more: Path) -> tuple[Path, ...]:
    """Return the files of the public keys that this site trusts, with `more`."""
    folder = trusted_keys_folder()
    return (*more, *(sorted(folder.glob("*.pem")) if folder.is_dir() else ()))


def read_private_key(path: Path) -> "Ed25519PrivateKey":
    """Read a private key.

    Raises:
        TerminologyError: the file holds none.

    """
    from cryptography.hazmat.primitives import serialization  # noqa: PLC0415 - slow, only needed here
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey  # noqa: PLC0415

    try:
        key = serialization.load_pem_private_key(read_limited(path, limit=_LARGEST), password=None)
    except (ValueError, TypeError) as error:
        raise TerminologyError(
            f'{path} holds no private key without passphrase. Make one with "dictate-terms signing-key".'
        ) from error
    if not isinstance(key, Ed25519PrivateKey):
        raise TerminologyError(f"{path} is no Ed25519 key. Make one with dictate-terms signing-key.")
    return key


def _public_key(path: Path) -> "Ed25519PublicKey":
    from cryptography.hazmat.primitives import serialization  # noqa: PLC0415 - slow, only needed here
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey  # noqa: PLC0415

    try:
        key = serialization.load_pem_public_key(read_limited(path, limit=_LARGEST))
    except ValueError as error:
        raise TerminologyError(
            f"{path} holds no public key. Ask the publisher for the .pub.pem file."
        ) from error
    if not isinstance(key, Ed25519PublicKey):
        raise TerminologyError(f"{path} is no Ed25519 key. Ask the publisher for the .pub.pem file.")
    return key


def _signature(content: bytes) -> tuple[str, bytes]:
    try:
        algorithm, signer, encoded = content.decode("ascii").split()
        signature = base64.b64decode(encoded, validate=True)
    except (ValueError, binascii.Error) as error:
        raise TerminologyError(f"{SIGNATURE} is damaged. Get the release anew from its publisher.") from error
    if algorithm != _ALGORITHM:
        raise TerminologyError(f"{SIGNATURE} is of the unknown sort {algorithm[:20]}. Update the program.")
    return signer, signature


def _fingerprint(key: "Ed25519PublicKey") -> str:
    return hashlib.sha256(key.public_bytes_raw()).hexdigest()[:16]
