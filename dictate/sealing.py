"""Authenticated encryption of single values: AES-256-GCM, and keys derived from keys by HKDF.

What is sealed for one place (`context`) opens nowhere else: a value moved to another row, column or file is
refused like a damaged one.
"""

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES = 32
_NONCE_BYTES = 12


class SealBrokenError(Exception):
    """The value was not sealed with this key for this place, or was changed since; callers say it better."""


def new_key() -> bytes:
    """Return 32 random bytes."""
    return os.urandom(KEY_BYTES)


def subkey(key: bytes, purpose: str) -> bytes:
    """Derive a 32-byte key for one purpose; keys of two purposes tell nothing about each other."""
    info = f"plejediktat {purpose}".encode()
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=info).derive(key)


def seal(key: bytes, plain: bytes, context: str) -> bytes:
    """Encrypt `plain`: 12 bytes nonce, then ciphertext and tag."""
    nonce = os.urandom(_NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, plain, context.encode())


def unseal(key: bytes, sealed: bytes, context: str) -> bytes:
    """Decrypt what `seal` made with the same key and context.

    Raises:
        SealBrokenError: it wasn't, or a byte of it has changed.

    """
    try:
        return AESGCM(key).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], context.encode())
    except (InvalidTag, ValueError):
        raise SealBrokenError from None
