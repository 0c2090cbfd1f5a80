"""The master key: where it is kept, and what is derived from it.

One master key of 32 random bytes opens everything. It lies in the keyring of the operating system, in a key
file that only its owner can read, or sealed under a passphrase (Argon2id). Nothing is encrypted with it
directly: each purpose has its own key, derived by HKDF.
"""

import base64
import json
import os
import stat
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from dictate.disk import write_durable
from dictate.errors import MasterKeyError, OutputError, WrongPassphraseError
from dictate.sealing import KEY_BYTES, SealBrokenError, new_key, seal, subkey, unseal

SERVICE = "plejediktat"
ACCOUNT = "master key"
SHORTEST_PASSPHRASE = 12
_SALT_BYTES = 16
# RFC 9106, second recommended option: for machines that have no 2 GiB to spare.
_ARGON2 = {"time_cost": 3, "memory_cost": 65_536, "parallelism": 4}
_ARGON2_MOST = {"time_cost": 64, "memory_cost": 4_194_304, "parallelism": 64}


@dataclass(frozen=True, slots=True, kw_only=True)
class Keys:
    """What is derived from one master key; each is 32 bytes for one purpose."""

    id: str
    """Names the master key and tells nothing about it; 16 hexadecimal digits."""
    database: bytes = field(repr=False)
    item_database: bytes = field(repr=False)
    items: bytes = field(repr=False)
    """Wraps the keys of single recordings, dictations and citizens."""
    audit: bytes = field(repr=False)
    index: bytes = field(repr=False)
    rotation: bytes = field(repr=False)
    backup: bytes = field(repr=False)


def derive(master: bytes) -> Keys:
    """Return the keys of a master key.

    Raises:
        MasterKeyError: it has another length than 32 bytes.

    """
    if len(master) != KEY_BYTES:
        raise MasterKeyError(f"The master key has {len(master)} bytes, not {KEY_BYTES}. Restore it.")
    purposes = ("database", "item_database", "items", "audit", "index", "rotation", "backup")
    return Keys(id=subkey(master, "id").hex()[:16], **{name: subkey(master, name) for name in purposes})


def new_master() -> bytes:
    """Return a new master key."""
    return new_key()


class KeySource(Protocol):
    """Where a master key is kept."""

    @property
    def place(self) -> str:
        """Say where it is, for a person."""
        ...

    def exists(self) -> bool:
        """Tell whether there is a key already."""
        ...

    def load(self) -> bytes:
        """Return the master key.

        Raises:
            MasterKeyError: there is none, it can't be read, or it must not be used as it lies there.

        """
        ...

    def save(self, master: bytes) -> None:
        """Keep this master key from now on, in place of an older one.

        Raises:
            MasterKeyError: it can't be kept there.

        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyringSource:
    """The keyring of the operating system; it unlocks with the login."""

    service: str = SERVICE
    account: str = ACCOUNT

    @property
    def place(self) -> str:
        """Say where it is, for a person."""
        return f'the keyring, under "{self.service}"'

    @staticmethod
    def usable() -> bool:
        """Tell whether this machine has a keyring at all."""
        import keyring.backends.fail  # noqa: PLC0415 - slow to import, and not every site has one

        return not isinstance(keyring.get_keyring(), keyring.backends.fail.Keyring)

    def exists(self) -> bool:
        """Tell whether there is a key already."""
        return self._read() is not None

    def load(self) -> bytes:
        """Return the master key.

        Raises:
            MasterKeyError: there is no keyring, it is locked, or holds no key.

        """
        text = self._read()
        if text is None:
            raise MasterKeyError(f"There is no key in {self.place}. Make one: dictate key init.")
        return _from_hex(text, self.place)

    def save(self, master: bytes) -> None:
        """Keep this master key.

        Raises:
            MasterKeyError: there is no keyring, or it is locked.

        """
        import keyring.errors  # noqa: PLC0415 - slow to import, and not every site has one

        try:
            keyring.set_password(self.service, self.account, master.hex())
        except keyring.errors.KeyringError as error:
            raise _no_keyring(error) from None
        if self._read() != master.hex():
            raise MasterKeyError("The keyring does not give back what was put into it. Use a key file.")

    def _read(self) -> str | None:
        import keyring.errors  # noqa: PLC0415 - slow to import, and not every site has one

        try:
            return keyring.get_password(self.service, self.account)
        except keyring.errors.KeyringError as error:
            raise _no_keyring(error) from None


@dataclass(frozen=True, slots=True, kw_only=True)
class FileSource:
    """A file that holds the key in hexadecimal; only its owner may read it."""

    path: Path

    @property
    def place(self) -> str:
        """Say where it is, for a person."""
        return f"the key file {self.path}"

    def exists(self) -> bool:
        """Tell whether there is a key already."""
        return os.path.lexists(self.path)

    def load(self) -> bytes:
        """Return the master key.

        Raises:
            MasterKeyError: there is no such file, others can read it, or it holds something else.

        """
        return _from_hex(_read_private(self.path), self.place)

    def save(self, master: bytes) -> None:
        """Keep this master key.

        Raises:
            MasterKeyError: the file can't be written.

        """
        _write_private(self.path, f"{master.hex()}\n")


@dataclass(frozen=True, slots=True, kw_only=True)
class PassphraseSource:
    """A file that holds the key sealed under a passphrase; the passphrase itself is kept nowhere."""

    path: Path
    ask: Callable[[], str] = field(repr=False)
    """Asks the person; called once for each use."""

    @property
    def place(self) -> str:
        """Say where it is, for a person."""
        return f"the passphrase file {self.path}"

    def exists(self) -> bool:
        """Tell whether there is a key already."""
        return os.path.lexists(self.path)

    def load(self) -> bytes:
        """Return the master key.

        Raises:
            WrongPassphraseError: the passphrase is another one.
            MasterKeyError: there is no such file, or it is damaged.

        """
        text = _read_private(self.path)
        try:
            kept = json.loads(text)
            costs = {name: int(kept[name]) for name in _ARGON2}
            salt, sealed = base64.b64decode(kept["salt"]), base64.b64decode(kept["sealed"])
        except (ValueError, KeyError, TypeError):
            raise self._damaged() from None
        if len(salt) != _SALT_BYTES or any(
            not _ARGON2[name] <= costs[name] <= most for name, most in _ARGON2_MOST.items()
        ):
            raise self._damaged()
        try:
            return unseal(_stretch(self.ask(), salt, costs), sealed, "master key")
        except SealBrokenError:
            raise WrongPassphraseError(f"The passphrase doesn't open {self.place}. Type it again.") from None

    def _damaged(self) -> MasterKeyError:
        return MasterKeyError(f"What lies in {self.place} is damaged. Restore it from a backup.")

    def save(self, master: bytes) -> None:
        """Keep this master key under the passphrase that the person gives now.

        Raises:
            MasterKeyError: the passphrase is too short, or the file can't be written.

        """
        passphrase = self.ask()
        if len(passphrase) < SHORTEST_PASSPHRASE:
            raise MasterKeyError(
                f"The passphrase is too short: give at least {SHORTEST_PASSPHRASE} characters."
            )
        salt = os.urandom(_SALT_BYTES)
        sealed = seal(_stretch(passphrase, salt, _ARGON2), master, "master key")
        kept = {"salt": base64.b64encode(salt).decode(), "sealed": base64.b64encode(sealed).decode()}
        _write_private(self.path, json.dumps(_ARGON2 | kept) + "\n")


def _stretch(passphrase: str, salt: bytes, costs: dict[str, int]) -> bytes:
    from argon2.low_level import Type, hash_secret_raw  # noqa: PLC0415 - only for passphrases

    return hash_secret_raw(passphrase.encode(), salt, hash_len=KEY_BYTES, type=Type.ID, **costs)


def _from_hex(text: str, place: str) -> bytes:
    try:
        master = bytes.fromhex(text.strip())
    except ValueError:
        master = b""
    if len(master) != KEY_BYTES:
        raise MasterKeyError(f"What lies in {place} is no master key. Restore it from a backup.")
    return master


def _read_private(path: Path) -> str:
    """Read a file that must be its owner's alone."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW)
        with os.fdopen(handle, "rb") as file:
            facts = os.fstat(handle)
            if not stat.S_ISREG(facts.st_mode) or facts.st_uid not in {os.geteuid(), 0}:
                raise MasterKeyError(f"The key file {path} is not a file of your own. Restore it.")
            if facts.st_mode & (stat.S_IRWXG | stat.S_IRWXO):
                raise MasterKeyError(f"The key file {path} can be read by others. Run: chmod 600 {path}")
            return file.read(65_536).decode("ascii", errors="replace")
    except FileNotFoundError:
        raise MasterKeyError(f"There is no key file {path}. Make one: dictate key init.") from None
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise MasterKeyError(f"Cannot read the key file {path}: {reason}.") from error


def _write_private(path: Path, text: str) -> None:
    try:
        write_durable(path, text.encode())
    except (OSError, OutputError) as error:
        raise MasterKeyError(f"Cannot write the key file {path}. Choose another place.") from error


def _no_keyring(error: Exception) -> MasterKeyError:
    kind = type(error).__name__
    return MasterKeyError(
        f"The keyring of this machine can't be used ({kind}). Unlock it, or set the key source to a key file."
    )
