"""The master key is kept where only its owner gets at it, and anything odd about it is one sentence."""

import json
from pathlib import Path

import keyring
import keyring.backend
import keyring.errors
import pytest

from dictate.errors import MasterKeyError
from dictate.keys import FileSource, KeyringSource, KeySource, PassphraseSource, derive, new_master
from dictate.sealing import SealBrokenError, new_key, seal, subkey, unseal

PASSPHRASE = "korrekt hest batteri hæfteklamme"  # noqa: S105 - made up for the tests


class MemoryKeyring(keyring.backend.KeyringBackend):
    """A keyring in memory."""

    priority = 1

    def __init__(self) -> None:
        """Begin empty."""
        super().__init__()
        self.kept: dict[tuple[str, str], str] = {}
        self.locked = False

    def get_password(self, service: str, username: str) -> str | None:
        """Return what is kept."""
        if self.locked:
            raise keyring.errors.KeyringLocked
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        """Keep it."""
        self.kept[service, username] = password


@pytest.fixture(name="memory")
def memory_fixture(monkeypatch: pytest.MonkeyPatch) -> MemoryKeyring:
    """Return a keyring that the program finds in place of the system's."""
    memory = MemoryKeyring()
    monkeypatch.setattr("keyring.core._keyring_backend", memory)
    return memory


def sources(folder: Path) -> dict[str, KeySource]:
    """Return one of each kind."""
    return {
        "keyring": KeyringSource(),
        "file": FileSource(path=folder / "k" / "master.key"),
        "passphrase": PassphraseSource(path=folder / "k" / "master.sealed", ask=lambda: PASSPHRASE),
    }


@pytest.mark.usefixtures("memory")
@pytest.mark.parametrize("kind", ["keyring", "file", "passphrase"])
def test_what_is_saved_is_loaded(tmp_path: Path, kind: str) -> None:
    """Each place keeps the newest key, and says what to do where it has none."""
    source = sources(tmp_path)[kind]
    assert not source.exists()
    with pytest.raises(MasterKeyError, match="dictate key init"):
        source.load()
    for _ in range(2):
        master = new_master()
        source.save(master)
        assert source.exists()
        assert source.load() == master
    assert master.hex() not in repr(source)


@pytest.mark.parametrize("kind", ["file", "passphrase"])
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o601])
def test_a_key_file_that_others_can_read_is_refused(tmp_path: Path, kind: str, mode: int) -> None:
    """Also one that they could only write or run; the message says how to mend it."""
    source = sources(tmp_path)[kind]
    source.save(new_master())
    path = next((tmp_path / "k").iterdir())
    assert path.stat().st_mode & 0o777 == 0o600
    path.chmod(mode)
    with pytest.raises(MasterKeyError, match="chmod 600"):
        source.load()


def test_a_key_file_is_a_file(tmp_path: Path) -> None:
    """A link or a folder in its place is not followed."""
    source = FileSource(path=tmp_path / "master.key")
    real = FileSource(path=tmp_path / "real.key")
    real.save(new_master())
    source.path.symlink_to(real.path)
    with pytest.raises(MasterKeyError, match="Cannot read"):
        source.load()
    source.path.unlink()
    source.path.mkdir(mode=0o700)
    with pytest.raises(MasterKeyError, match="Cannot read"):
        source.load()


@pytest.mark.parametrize("content", ["", "zz" * 32, "ab" * 31, "ab" * 33, "æøå"])
def test_what_is_no_key_is_refused(tmp_path: Path, content: str) -> None:
    """Damaged content is told without being shown."""
    source = FileSource(path=tmp_path / "master.key")
    source.path.write_text(content, encoding="utf-8")
    source.path.chmod(0o600)
    with pytest.raises(MasterKeyError, match="no master key") as caught:
        source.load()
    assert not content or content not in str(caught.value)


def test_the_wrong_passphrase_opens_nothing(tmp_path: Path) -> None:
    """It is told, and a short one is not taken."""
    path = tmp_path / "master.sealed"
    PassphraseSource(path=path, ask=lambda: PASSPHRASE).save(new_master())
    with pytest.raises(MasterKeyError, match="Type it again"):
        PassphraseSource(path=path, ask=lambda: PASSPHRASE + "x").load()
    with pytest.raises(MasterKeyError, match="too short"):
        PassphraseSource(path=path, ask=lambda: "for kort").save(new_master())


@pytest.mark.parametrize(
    "change", [{"salt": "AAAA"}, {"sealed": "!"}, {"memory_cost": 10**9}, {"time_cost": 0}, {"salt": None}]
)
def test_a_changed_passphrase_file_opens_nothing(tmp_path: Path, change: dict[str, object]) -> None:
    """Nor does it make the machine work for hours."""
    source = PassphraseSource(path=tmp_path / "master.sealed", ask=lambda: PASSPHRASE)
    source.save(new_master())
    kept = json.loads(source.path.read_text("ascii"))
    source.path.write_text(json.dumps(kept | change), "ascii")
    with pytest.raises(MasterKeyError, match=r"damaged|doesn't open"):
        source.load()


def test_a_keyring_that_is_locked_or_missing_is_told(
    memory: MemoryKeyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The sentence names another way."""
    assert KeyringSource.usable()
    memory.locked = True
    with pytest.raises(MasterKeyError, match="key file"):
        KeyringSource().load()
    monkeypatch.setattr("keyring.core._keyring_backend", keyring.backends.fail.Keyring())
    assert not KeyringSource.usable()
    with pytest.raises(MasterKeyError, match="key file"):
        KeyringSource().save(new_master())


def test_each_purpose_has_its_own_key() -> None:
    """Nothing is shown by `repr`, all keys differ, and they follow from the master key alone."""
    master = new_master()
    keys = derive(master)
    parts = [getattr(keys, name) for name in type(keys).__slots__ if name != "id"]
    assert len(set(parts)) == len(parts) == 7
    assert {len(part) for part in parts} == {32}
    assert derive(master) == keys
    assert derive(new_master()).id != keys.id
    assert not [part for part in parts if part.hex() in repr(keys) or repr(part) in repr(keys)]
    with pytest.raises(MasterKeyError, match="31 bytes"):
        derive(master[:31])


def test_what_is_sealed_opens_in_its_place_only() -> None:
    """Another key, place or byte is refused."""
    key = new_key()
    sealed = seal(key, b"tekst", "row 1")
    assert unseal(key, sealed, "row 1") == b"tekst"
    assert seal(key, b"tekst", "row 1") != sealed
    for wrong in (
        (new_key(), sealed, "row 1"),
        (key, sealed, "row 2"),
        (key, sealed[:-1], "row 1"),
        (key, b"", "row 1"),
        (subkey(key, "x"), sealed, "row 1"),
    ):
        with pytest.raises(SealBrokenError):
            unseal(*wrong)
