"""The words of a user: sealed, and hers alone."""

from dataclasses import dataclass

from sqlalchemy import delete, select

from dictate.own_words import OwnWord, Rule
from dictate.sealing import seal
from dictate.store.codec import WORD, WordBody
from dictate.store.database import Database, Work, open_sealed
from dictate.store.schema import OwnWordRow


@dataclass(frozen=True, slots=True)
class Words:
    """What a user has taught the program. Citizens don't stand in it: numbers and names are never learned."""

    _database: Database

    def all(self) -> tuple[OwnWord, ...]:
        """Return my words, the ones used last first."""
        query = select(OwnWordRow).where(OwnWordRow.author == self._database.actor.user)
        with self._database.read() as work:
            rows = work.session.scalars(query.order_by(OwnWordRow.at.desc(), OwnWordRow.id)).all()
            if not rows:
                return ()
            key = work.key(_item(work))
            found = []
            for row in rows:
                body = WORD.load(open_sealed(key, row.body, f"own_word {row.id}"))
                found.append(
                    OwnWord(
                        id=row.id, heard=body.heard, chosen=body.chosen, times=row.times, rule=Rule(row.rule)
                    )
                )
            return tuple(found)

    def save(self, word: OwnWord) -> None:
        """Add a word of mine, or change it."""
        with self._database.write() as work:
            row = work.session.get(OwnWordRow, word.id)
            action = "word.change" if row else "word.add"
            row = row or OwnWordRow(id=word.id, author=work.user)
            body = WORD.dump(WordBody(heard=word.heard, chosen=word.chosen))
            row.body = seal(self._key(work), body, f"own_word {word.id}")
            row.at, row.times, row.rule = work.now, word.times, word.rule.value
            work.session.add(row)
            work.log(action, f"word/{word.id}")

    def remove(self, word_id: str) -> None:
        """Forget a word of mine."""
        with self._database.write() as work:
            work.session.execute(
                delete(OwnWordRow).where(OwnWordRow.id == word_id, OwnWordRow.author == work.user)
            )
            work.log("word.remove", f"word/{word_id}")

    def _key(self, work: Work) -> bytes:
        """Return the key of my words; the first one makes it."""
        name = _item(work)
        known = self._database.item_keys.find([name])
        return known[name] if known else self._database.item_keys.create(name, at=work.now)[0]


def _item(work: Work) -> str:
    return f"words/{work.user}"
