"""Styles of members and of servers: one row each, with the keys of its images, so that no half of one is ever there."""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from typing import Any, Final, TypeVar

from sqlalchemy import Connection, RowMapping, bindparam, delete, func, insert, select, update

from bot.picture.style import Style, StyleContent, StyleName, name_key
from bot.storage.engine import Database
from bot.storage.ledger import lock_server
from bot.storage.pubsub import notify
from bot.storage.rules import RulesTransaction
from bot.storage.tables import generations, styles

T = TypeVar("T")

STYLES_CHANGED: Final = "styles "
"""Stands before the owner whose styles changed, in a message to every process."""

_BY_NAME = select(styles).where(styles.c.owner.in_(bindparam("owners", expanding=True)))
_BY_NAME = _BY_NAME.where(styles.c.name_key == bindparam("key"))


class StyleTransaction:
    """One open transaction that no other for the same owner overlaps."""

    def __init__(self, connection: Connection, owner: str) -> None:
        self._connection = connection
        self._owner = owner
        self.rules = RulesTransaction(connection, owner)

    def count(self) -> int:
        """Return how many styles the owner has."""
        query = select(func.count()).select_from(styles).where(styles.c.owner == self._owner)
        return int(self._connection.execute(query).scalar_one())

    def find(self, name: str) -> Style | None:
        """Return the owner's style of this name, or None."""
        query = select(styles).where(styles.c.owner == self._owner, styles.c.name_key == name_key(name))
        row = self._connection.execute(query).mappings().one_or_none()
        return None if row is None else _style(row)

    def add(self, name: str, content: StyleContent, at: datetime) -> Style:
        """Store a new style."""
        row = {
            "owner": self._owner,
            "name": name,
            "name_key": name_key(name),
            "version": 1,
            "shared_in": [],
            **_content(content),
        }
        statement = insert(styles).values(**row, created_at=at, edited_at=at).returning(styles)
        return _style(self._connection.execute(statement).mappings().one())

    def save(self, style: Style, at: datetime) -> None:
        """Store the next version of a style."""
        changes = {"name": style.name, "name_key": name_key(style.name), "version": style.version}
        statement = update(styles).where(styles.c.id == style.id)
        self._connection.execute(statement.values(**changes, **_content(style.content), edited_at=at))

    def remove(self, style: Style) -> None:
        """Delete a style; pictures remember what they took from it."""
        self._connection.execute(delete(styles).where(styles.c.id == style.id))


class StyleStore:
    """Reads and changes styles."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def find(self, owners: Sequence[str], name: str) -> Style | None:
        """Return the style of this name of the first owner who has one, or None."""

        def work(connection: Connection) -> Style | None:
            rows = connection.execute(_BY_NAME, {"owners": list(owners), "key": name_key(name)}).mappings()
            found = {row["owner"]: row for row in rows}
            first = next((owner for owner in owners if owner in found), None)
            return None if first is None else _style(found[first])

        return await self._database.read(work)

    async def get(self, style_id: int) -> Style | None:
        """Return a style by its number, or None if it was deleted."""
        query = select(styles).where(styles.c.id == style_id)

        def work(connection: Connection) -> Style | None:
            row = connection.execute(query).mappings().one_or_none()
            return None if row is None else _style(row)

        return await self._database.read(work)

    async def of(self, owner: str) -> Sequence[Style]:
        """Return the styles of an owner by name."""
        query = select(styles).where(styles.c.owner == owner).order_by(styles.c.name_key)
        return await self._database.read(
            lambda connection: [_style(row) for row in connection.execute(query).mappings()]
        )

    async def share(self, style: Style, audience_key: str) -> None:
        """Store that a style was shared in a place."""
        query = select(styles.c.shared_in).where(styles.c.id == style.id)

        def work(connection: Connection) -> None:
            lock_server(connection, style.owner)
            shared_in = connection.execute(query).scalar_one_or_none()
            if shared_in is not None and audience_key not in shared_in:
                shared = update(styles).where(styles.c.id == style.id).values(shared_in=[*shared_in, audience_key])
                connection.execute(shared)

        await self._database.write(work, urgent=True)

    async def names(self, owners: Collection[str] | None = None) -> Sequence[StyleName]:
        """Return the names of all styles, or of some owners', in order."""
        query = select(styles.c.owner, styles.c.id, styles.c.name).order_by(styles.c.name_key)
        if owners is not None:
            query = query.where(styles.c.owner.in_(owners))
        return await self._database.read(lambda connection: [StyleName(*row) for row in connection.execute(query)])

    async def transact(self, owner: str, work: Callable[[StyleTransaction], T]) -> T:
        """Return what `work` does in a transaction that no other for the owner overlaps, and tell other processes."""

        def locked(connection: Connection) -> T:
            lock_server(connection, owner)
            done = work(StyleTransaction(connection, owner))
            notify_of_styles(connection, owner)
            return done

        return await self._database.write(locked, urgent=True)

    async def images_in_use(self, since: datetime) -> frozenset[str]:
        """Return the keys of images that a style needs, or a picture that was made in a style since a moment."""
        pictures = select(generations.c.references).where(
            generations.c.style_id.is_not(None), generations.c.created_at >= since
        )

        def work(connection: Connection) -> frozenset[str]:
            of_pictures = [each["key"] for (references,) in connection.execute(pictures) for each in references]
            return frozenset(of_pictures) | keys_of(connection.execute(select(styles.c.content)).scalars())

        return await self._database.read(work)


def notify_of_styles(connection: Connection, owner: str) -> None:
    """Tell every process whose styles changed once the transaction is committed."""
    notify(connection, f"{STYLES_CHANGED}{owner}")


def keys_of(contents: Any) -> frozenset[str]:  # noqa: ANN401  (rows of SQLAlchemy's)
    """Return the keys of the images in the stored contents of styles."""
    return frozenset(image["reference"]["key"] for content in contents for image in content["images"])


def _content(content: StyleContent) -> dict[str, Any]:
    return {"content": content.model_dump(mode="json")}


def _style(row: RowMapping) -> Style:
    return Style.model_validate(
        {name: row[name] for name in ("id", "owner", "name", "version", "content", "shared_in")}
    )
