"""Reading all that is stored of one person, in every server."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, Select, Text, cast, select

from bot.picture.generation import State, is_withheld
from bot.picture.review import ReviewTerms
from bot.picture.style import owner_of_member
from bot.storage.engine import Database
from bot.storage.tables import (
    audit_log,
    erasures,
    favourites,
    generations,
    member_defaults,
    refusals,
    reposts,
    reviews,
    rulebooks,
    showcase,
    styles,
    usage_hours,
)

# The right to answer an interaction, dead after a quarter of an hour: the bot's own key, and nothing about anybody.
_SECRETS = frozenset({"interaction_token"})
_COPIES = frozenset({"prompt_folded"})  # of the prompt
_ABOUT_MEMBERS = ("members", "blocked")  # the parts of a server's rules whose keys are people

Rows = list[dict[str, Any]]


class PersonalDataStore:
    """Finds the stored data of a person."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def pictures(self, user_id: int) -> Rows:
        """Return a row for each picture that a person asked for, the oldest first, without secrets and copies.

        The picture of a row that is `image_withheld` is for moderators only, and so is the link to it.
        """
        columns = [column for column in generations.c if column.name not in _SECRETS | _COPIES]
        query = select(*columns).where(generations.c.user_id == user_id).order_by(generations.c.created_at)
        rows = await self._database.read(lambda connection: _rows(connection, query))
        return [row | {"image_withheld": True, "result_url": None} if _is_withheld(row) else row for row in rows]

    async def others(self, user_id: int) -> dict[str, Rows]:
        """Return all other data by name, such as styles, defaults, favourites, usage, and rules about them."""
        return await self._database.read(lambda connection: _others(connection, user_id))


def _is_withheld(row: dict[str, Any]) -> bool:
    terms = None if row["review"] is None else ReviewTerms.model_validate(row["review"])
    return is_withheld(terms, row["approved_at"], State(row["state"]))


def _others(connection: Connection, user_id: int) -> dict[str, Rows]:
    r = audit_log.c
    mine = select(r.server_key, r.at, r.command, r.changes, r.undone).where(r.by_id == user_id).order_by(r.id)
    kept = select(favourites).where(favourites.c.user_id == user_id).order_by(favourites.c.at)
    shown = select(showcase).join(generations, generations.c.id == showcase.c.generation_id)
    shown_again = select(reposts).join(generations, generations.c.id == reposts.c.generation_id)
    shown_again = shown_again.where(generations.c.user_id == user_id).order_by(reposts.c.request_id)
    own = select(member_defaults.c.choices, member_defaults.c.changed_at).where(member_defaults.c.user_id == user_id)
    own_styles = select(styles).where(styles.c.owner == owner_of_member(user_id)).order_by(styles.c.id)
    hidden = {"server_key", "user_id", "decided_by"}  # who decided is that moderator's data
    reviewed = select(*(each for each in reviews.c if each.name not in hidden)).where(reviews.c.user_id == user_id)
    decided = select(reviews.c.generation_id, reviews.c.decision, reviews.c.decided_at, reviews.c.reason)
    asked_for = select(erasures).where(erasures.c.user_id == user_id)
    return {
        "defaults": _rows(connection, own),
        "styles": _rows(connection, own_styles),
        "favourites": _rows(connection, kept),
        "showcase": _rows(connection, shown.where(generations.c.user_id == user_id)),
        "refusals": _rows(connection, select(refusals).where(refusals.c.user_id == user_id)),
        "limits_and_blocks_set_for_you": list(_rules_for(connection, str(user_id))),
        "changes_about_you": list(_changes_about(connection, str(user_id))),
        "changes_by_you": _rows(connection, mine),
        "usage_by_hour": _rows(connection, select(usage_hours).where(usage_hours.c.user_id == user_id)),
        "reviews_of_your_pictures": _rows(connection, reviewed.order_by(reviews.c.asked_at)),
        "reviews_by_you": _rows(connection, decided.where(reviews.c.decided_by == user_id)),
        "your_pictures_shown_again": _rows(connection, shown_again),
        "deletions_you_asked_for": _rows(connection, asked_for.where(erasures.c.server_key.is_(None))),
        "deletions_by_moderators": _rows(connection, asked_for.where(erasures.c.server_key.is_not(None))),
    }


def _rules_for(connection: Connection, who: str) -> Iterator[dict[str, Any]]:
    mentioned = select(rulebooks).where(cast(rulebooks.c.rules, Text).contains(f'"{who}"'))
    for row in _rows(connection, mentioned):
        own = {part: row["rules"][part][who] for part in _ABOUT_MEMBERS if who in row["rules"].get(part, {})}
        if own:
            yield {"server_key": row["server_key"], **own}


def _changes_about(connection: Connection, who: str) -> Iterator[dict[str, Any]]:
    """Yield the settings made for a person and their times; who made them is that moderator's data."""
    r = audit_log.c
    mentioned = select(r.server_key, r.at, r.changes, r.undone).where(cast(r.changes, Text).contains(f'"{who}"'))
    about_member = [[part, who] for part in (*_ABOUT_MEMBERS, "pictures", "reviewed")]
    for row in _rows(connection, mentioned.order_by(r.id)):
        about = [each for each in row["changes"] if each["path"][:2] in about_member]
        if about:
            yield row | {"changes": about}


def _rows(connection: Connection, query: Select[Any]) -> Rows:
    return [dict(row) for row in connection.execute(query).mappings()]
