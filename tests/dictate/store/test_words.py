"""The words of a user in the store: hers alone, sealed, and gone when she says so."""

from collections.abc import Callable
from dataclasses import replace

from dictate.identity import Actor
from dictate.own_words import OwnWord, Rule
from dictate.store import Location, Store
from dictate.store.engine import embedded, shared

OTHER = Actor(user="bo", name="Bo Prøvesen", role="Social- og sundhedsassistent")


def test_words_are_kept_changed_and_forgotten(location: Location, opener: Callable[..., Store]) -> None:
    """They come back as they were, the one used last first; another user doesn't see them."""
    store = opener(location)
    assert store.words.all() == ()
    first = OwnWord(heard="smærter", chosen="smerter", times=1)
    second = OwnWord(heard="for bening", chosen="forbinding", times=2)
    store.words.save(first)
    store.words.save(second)
    more = replace(first, times=2, rule=Rule.ALWAYS)
    store.words.save(more)
    assert store.words.all() == (more, second)
    assert opener(location, actor=OTHER).words.all() == ()
    opener(location, actor=OTHER).words.remove(second.id)
    assert len(store.words.all()) == 2
    store.words.remove(second.id)
    assert opener(location).words.all() == (more,)
    actions = [event.access.action for event in store.log.read() if event.access.action.startswith("word.")]
    assert actions.count("word.add") == 2
    assert {"word.change", "word.remove"} < set(actions)


def test_words_are_not_in_clear(location: Location, opener: Callable[..., Store], keys: object) -> None:
    """Whoever can read the database reads no word."""
    opener(location).words.save(OwnWord(heard="kanarifugel", chosen="kanariefugl"))
    engine = shared(location) if location.server else embedded(location.database, keys.database)  # type: ignore[attr-defined]  # the type of conftest
    with engine.connect() as connection:
        (body,) = connection.exec_driver_sql("SELECT body FROM own_word").scalars()
    engine.dispose()
    assert b"kanari" not in bytes(body)
    assert "kanari" not in repr(OwnWord(heard="kanarifugel", chosen="kanariefugl"))
