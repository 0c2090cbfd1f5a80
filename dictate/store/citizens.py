"""Citizens: name and CPR number sealed, found by keyed hashes."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import uuid4

from sqlalchemy import Row, Select, delete, func, select
from sqlalchemy.orm import Session

from dictate.errors import StoreError
from dictate.sealing import seal
from dictate.store import names
from dictate.store.codec import CITIZEN, CitizenBody
from dictate.store.database import Database, Work, open_sealed
from dictate.store.itemkeys import ItemKeys
from dictate.store.schema import CitizenRow, CitizenTokenRow
from dictate.store.types import Citizen

_CANDIDATES = 100
"""Citizens opened at most to answer one search; one letter may fit thousands."""


@dataclass(frozen=True, slots=True)
class Citizens:
    """The citizens of a store."""

    _database: Database

    def add(self, *, name: str, cpr: str | None = None) -> Citizen:
        """Add a citizen.

        Args:
            name: as it is to be shown.
            cpr: ten digits, as `identity.parse_cpr` gives them.

        Raises:
            StoreError: there is one with this CPR number already.

        """
        citizen = Citizen(id=str(uuid4()), name=name.strip(), cpr=cpr)
        with self._database.write() as work:
            _refuse_double(work, citizen)
            (key,) = self._database.item_keys.create(_item(citizen.id), at=work.now)
            row = CitizenRow(id=citizen.id, cpr_token=None, body=b"", created=work.now)
            _fill(work, row, citizen, key)
            work.session.add(row)
            work.session.flush()
            _add_tokens(work.session, citizen, self._database.keys.index)
            work.log("citizen.add", f"citizen/{citizen.id}", citizen_id=citizen.id)
        return citizen

    def change(self, citizen_id: str, *, name: str, cpr: str | None) -> Citizen:
        """Change name and CPR number.

        Raises:
            StoreError: there is no such citizen, or another one has this CPR number.

        """
        citizen = Citizen(id=citizen_id, name=name.strip(), cpr=cpr)
        with self._database.write() as work:
            row = _row(work, citizen_id)
            _refuse_double(work, citizen)
            _fill(work, row, citizen, work.key(_item(citizen_id)))
            work.session.execute(delete(CitizenTokenRow).where(CitizenTokenRow.citizen_id == citizen_id))
            _add_tokens(work.session, citizen, self._database.keys.index)
            work.log("citizen.change", f"citizen/{citizen_id}", citizen_id=citizen_id)
        return citizen

    def get(self, citizen_id: str) -> Citizen:
        """Return a citizen.

        Raises:
            StoreError: there is no such citizen.

        """
        with self._database.write() as work:
            row = _row(work, citizen_id)
            work.log("citizen.read", f"citizen/{citizen_id}", citizen_id=citizen_id)
            return _open(row.id, row.body, work.key(_item(citizen_id)))

    def by_cpr(self, cpr: str) -> Citizen | None:
        """Return the citizen with this CPR number, if known; a look-up that finds nobody is logged too."""
        with self._database.write() as work:
            token = names.cpr_token(cpr, self._database.keys.index)
            row = work.session.scalar(select(CitizenRow).where(CitizenRow.cpr_token == token))
            citizen_id = row.id if row else None
            work.log("citizen.search", "citizen", citizen_id=citizen_id, detail={"by": "cpr"})
            return _open(row.id, row.body, work.key(_item(row.id))) if row else None

    def search(self, typed: str, *, limit: int = 20) -> tuple[Citizen, ...]:
        """Return the citizens one of whose names begins with each word typed, by name.

        Nothing typed gives those added last. After one common letter not all that fit are looked through.
        """
        with self._database.write() as work:
            wanted = names.query(typed, self._database.keys.index)
            query = select(CitizenRow.id, CitizenRow.body)
            rows = work.session.execute(
                query.where(CitizenRow.id.in_(_holders(wanted))).limit(_CANDIDATES)
                if wanted
                else query.order_by(CitizenRow.created.desc()).limit(limit)
            ).all()
            found = [
                citizen
                for citizen in open_all(self._database.item_keys, rows)
                if names.fits(citizen.name, typed)
            ]
            shown = tuple(sorted(found, key=lambda citizen: names.words(citizen.name))[:limit])
            work.log(
                "citizen.search",
                "citizen",
                shown=(citizen.id for citizen in shown),
                detail={"by": "name", "hits": str(len(shown))},
            )
            return shown


def open_all(item_keys: ItemKeys, rows: Iterable[Row[str, bytes]]) -> tuple[Citizen, ...]:
    """Return the citizens of these ids and bodies; those whose key is destroyed are left out."""
    rows = tuple(rows)
    keys = item_keys.find(_item(identifier) for identifier, _ in rows)
    return tuple(
        _open(identifier, body, keys[_item(identifier)])
        for identifier, body in rows
        if _item(identifier) in keys
    )


def reindex(session: Session, item_keys: ItemKeys, index_key: bytes) -> None:
    """Write all hashes anew under another key."""
    citizens = open_all(item_keys, session.execute(select(CitizenRow.id, CitizenRow.body)).all())
    session.execute(delete(CitizenTokenRow))
    for citizen in citizens:
        row = session.get_one(CitizenRow, citizen.id)
        row.cpr_token = names.cpr_token(citizen.cpr, index_key) if citizen.cpr else None
        _add_tokens(session, citizen, index_key)


def _item(citizen_id: str) -> str:
    return f"citizen/{citizen_id}"


def _row(work: Work, citizen_id: str) -> CitizenRow:
    row = work.session.get(CitizenRow, citizen_id)
    if row is None:
        raise StoreError("There is no such citizen in the store. Search again.")
    return row


def _refuse_double(work: Work, citizen: Citizen) -> None:
    if citizen.cpr is None:
        return
    token = names.cpr_token(citizen.cpr, work.database.keys.index)
    if work.session.scalar(
        select(CitizenRow.id).where(CitizenRow.cpr_token == token, CitizenRow.id != citizen.id)
    ):
        raise StoreError("There is a citizen with this CPR number already. Search by the number.")


def _fill(work: Work, row: CitizenRow, citizen: Citizen, key: bytes) -> None:
    index = work.database.keys.index
    row.cpr_token = names.cpr_token(citizen.cpr, index) if citizen.cpr else None
    body = CITIZEN.dump(CitizenBody(name=citizen.name, cpr=citizen.cpr))
    row.body = seal(key, body, f"citizen {citizen.id}")


def _add_tokens(session: Session, citizen: Citizen, index_key: bytes) -> None:
    tokens = names.tokens(citizen.name, index_key)
    session.add_all(CitizenTokenRow(token=token, citizen_id=citizen.id) for token in sorted(tokens))


def _holders(wanted: tuple[str, ...]) -> Select[str]:
    """Select the ids of the citizens that have all these hashes."""
    distinct = set(wanted)
    return (
        select(CitizenTokenRow.citizen_id)
        .where(CitizenTokenRow.token.in_(distinct))
        .group_by(CitizenTokenRow.citizen_id)
        .having(func.count() == len(distinct))
    )


def _open(identifier: str, sealed: bytes, key: bytes) -> Citizen:
    body = CITIZEN.load(open_sealed(key, sealed, f"citizen {identifier}"))
    return Citizen(id=identifier, name=body.name, cpr=body.cpr)
