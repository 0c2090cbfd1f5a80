"""Opens the store that the settings name, with the key from where it is kept."""

from collections.abc import Callable
from dataclasses import dataclass

from dictate.config import KeyPlace, Settings, load_settings
from dictate.disk import lock
from dictate.errors import MasterKeyError
from dictate.identity import AccountIdentity, Actor
from dictate.keys import FileSource, KeyringSource, KeySource, PassphraseSource, derive, new_master
from dictate.store import Location, Store, is_there, open_store, rotation

Ask = Callable[[], str]


def location(settings: Settings) -> Location:
    """Return where the store lies.

    Raises:
        ConfigError: the database's URL is none, or can't be used.

    """
    if settings.database:
        return Location.postgresql(settings.database, settings.home)
    return Location.folder(settings.home)


def actor(settings: Settings) -> Actor:
    """Return who acts: the account's owner, with what is set about them.

    Raises:
        ConfigError: the account has no name, or the SOR number is none.

    """
    return AccountIdentity(
        name=settings.user_name, role=settings.user_role, organisation=settings.organisation
    ).actor()


def key_source(settings: Settings, *, ask: Ask | None = None, place: KeyPlace | None = None) -> KeySource:
    """Return where the master key is kept, or is to be kept.

    Args:
        settings: say where.
        ask: asks the person for the passphrase.
        place: in place of what the settings say.

    """
    file = FileSource(path=settings.key_file)
    sealed = PassphraseSource(path=settings.key_file.with_suffix(".sealed"), ask=ask or _nobody_to_ask)
    place = place or settings.key_place
    if place is KeyPlace.FILE or (place is KeyPlace.AUTO and file.exists()):
        return file
    if place is KeyPlace.PASSPHRASE or (place is KeyPlace.AUTO and sealed.exists()):
        return sealed
    return KeyringSource() if place is KeyPlace.KEYRING or KeyringSource.usable() else file


def make_key(settings: Settings, source: KeySource) -> None:
    """Make the master key of a store that is still to be made, unless another program just did.

    Raises:
        MasterKeyError: there is a store already, whose key is elsewhere; or the key can't be kept.

    """
    where = location(settings)
    with lock(where.home / "key.lock", wait=True):
        if source.exists():
            return
        if is_there(where):
            raise MasterKeyError(
                f"The key of the store is not in {source.place}. Restore it from where it is kept."
            )
        source.save(new_master())


def store(
    settings: Settings | None = None,
    *,
    who: Actor | None = None,
    program: str = "dictate",
    ask: Ask | None = None,
    source: KeySource | None = None,
) -> Store:
    """Open the store; the first time, make its key and the store itself.

    A change of key that was interrupted is finished first.

    Args:
        settings: those of this machine and user, if None.
        who: who acts, where it isn't the account's owner.
        program: stands in the access log.
        ask: asks the person for the passphrase, where the key is kept under one.
        source: where the key is kept, where the settings don't say it.

    Raises:
        ConfigError: a setting can't be used.
        MasterKeyError: the key can't be had; or there is none although there is a store.
        StoreError: the store can't be opened.

    """
    settings = settings or load_settings()
    where, who = location(settings), who or actor(settings)
    source = source or key_source(settings, ask=ask)
    if rotation.is_under_way(where):
        rotation.finish(where, source, who)
    if not source.exists():
        make_key(settings, source)
    return open_store(where, derive(source.load()), who, program=program)


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """The way into the store, again and again: a program that is locked closes it and opens it anew."""

    settings: Settings
    who: Actor
    program: str

    @property
    def place(self) -> str:
        """Say where the key is, for a person."""
        return key_source(self.settings).place

    @property
    def asks(self) -> bool:
        """True where the key is kept under a passphrase."""
        return isinstance(key_source(self.settings), PassphraseSource)

    @property
    def is_new(self) -> bool:
        """True where the key is still to be made."""
        return not key_source(self.settings).exists()

    def open(self, passphrase: str = "") -> Store:
        """Open the store.

        Args:
            passphrase: where `asks` says that one is needed.

        Raises:
            WrongPassphraseError: it is another one.
            ConfigError, MasterKeyError, StoreError: as in `store`.

        """
        return store(self.settings, who=self.who, program=self.program, ask=lambda: passphrase)


def _nobody_to_ask() -> str:
    raise MasterKeyError("The key is kept under a passphrase, and nobody can be asked for it here.")
