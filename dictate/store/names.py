"""Search names without having them in clear: keyed hashes of the beginnings of each word of a name."""

import hmac
import unicodedata

LONGEST = 8
"""Characters of a word that are hashed at most; what is typed beyond them is compared after decryption."""
_KEPT = "åÅ"
"""A ring is no accent in Danish."""


def words(text: str) -> tuple[str, ...]:
    """Return the words of a name as they are compared: small letters, no accents, hyphens as spaces."""
    return tuple("".join(map(_plain, text.replace("-", " "))).casefold().split())


def tokens(name: str, key: bytes) -> frozenset[str]:
    """Return the hashes under which a name is found."""
    return frozenset(
        _token(word[:length], key) for word in words(name) for length in range(1, min(len(word), LONGEST) + 1)
    )


def query(typed: str, key: bytes) -> tuple[str, ...]:
    """Return the hashes that a name must have, all of them, to fit what was typed."""
    return tuple(_token(word[:LONGEST], key) for word in words(typed))


def fits(name: str, typed: str) -> bool:
    """Tell whether each word typed begins a word of the name."""
    own = words(name)
    return all(any(word.startswith(start) for word in own) for start in words(typed))


def cpr_token(number: str, key: bytes) -> str:
    """Return the hash under which a CPR number is found."""
    return hmac.new(key, f"cpr {number}".encode(), "sha256").hexdigest()


def _token(start: str, key: bytes) -> str:
    return hmac.new(key, f"name {start}".encode(), "sha256").hexdigest()[:16]


def _plain(letter: str) -> str:
    composed = unicodedata.normalize("NFC", letter)
    if composed in _KEPT:
        return composed
    return "".join(part for part in unicodedata.normalize("NFD", composed) if not unicodedata.combining(part))
