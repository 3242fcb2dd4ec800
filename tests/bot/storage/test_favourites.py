"""Stars and the showcase in the database, with many at once, and a history of many pictures."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import insert, select

from bot.picture.generation import Generation, State
from bot.picture.history_filter import HistoryFilter
from bot.picture.request import ImagineRequest
from bot.storage.engine import Database
from bot.storage.favourites import FavouriteStore
from bot.storage.history import HistoryStore
from bot.storage.ledger import LedgerStore
from bot.storage.showcase import ShowcaseState, ShowcaseStore
from bot.storage.tables import generations, showcase
from tests.bot.storage.examples import NOON, bare, written
from tests.bot.storage.plans import plans_noted

CHANNEL, STARS = 99, 5
LATER = NOON + timedelta(minutes=5)


def for_five(_rules: object) -> tuple[int, int]:
    """Return a showcase for five stars, whatever the rules."""
    return CHANNEL, STARS


async def test_stars_that_come_together_are_all_counted(database: Database, books: LedgerStore) -> None:
    """Of five transactions at the same time, the last one finds the other four stars: the picture is due, once."""
    picture = await written(books, bare(State.DELIVERED))
    store = FavouriteStore(database)
    added = await asyncio.gather(*(store.add(number, picture, NOON, for_five) for number in range(100, 100 + STARS)))
    assert added == [True] * STARS
    assert not await store.add(100, picture, NOON, for_five)
    [due] = await ShowcaseStore(database).take(NOON)
    assert (due.generation_id, due.channel_id, due.state, due.tried_at) == (
        picture.id,
        CHANNEL,
        ShowcaseState.DUE,
        None,
    )


async def test_a_due_picture_is_one_process_s_at_a_time(database: Database, books: LedgerStore) -> None:
    """Another process gets it when that one has had it for too long, and sees that somebody tried."""
    picture = await due_picture(database, books)
    first, second = ShowcaseStore(database), ShowcaseStore(database)
    taken = await asyncio.gather(first.take(NOON), second.take(NOON))
    assert sorted(map(len, taken)) == [0, 1]
    assert await second.take(NOON + timedelta(seconds=10)) == []
    [again] = await second.take(LATER)
    assert (again.generation_id, again.tried_at) == (picture.id, NOON)


async def test_a_picture_that_is_deleted_while_it_is_posted_goes(database: Database, books: LedgerStore) -> None:
    """Whether its message is noted before the deletion, after it, or after somebody looked for it without success."""
    store = ShowcaseStore(database)
    for order in ("before", "after", "too late"):
        picture = await due_picture(database, books)
        await store.take(NOON)
        if order == "before":
            await store.note_shown(picture.id, 5)
        await HistoryStore(database).mark_deleted(picture.id, NOON)
        if order == "too late":
            await store.note_removed(picture.id)
        if order != "before":
            await store.note_shown(picture.id, 5)
        [withdrawn] = await store.take(LATER)
        assert (withdrawn.state, withdrawn.message_id) == (ShowcaseState.WITHDRAWN, 5)
        await store.note_removed(picture.id)
        assert await store.take(LATER + timedelta(minutes=5)) == []


async def test_a_star_that_comes_while_a_picture_cannot_be_shown_tries_again(
    database: Database, books: LedgerStore
) -> None:
    """In the channel of now; without such a star the picture is forgotten until its next one."""
    picture = await written(books, bare(State.DELIVERED))
    favourites, store = FavouriteStore(database), ShowcaseStore(database)
    await favourites.add(100, picture, NOON, lambda _: (CHANNEL, 1))
    [tried] = await store.take(NOON)
    await favourites.add(101, picture, LATER, lambda _: (CHANNEL, 1))
    assert await store.drop(tried, lambda _: (CHANNEL + 1, 2))
    [again] = await store.take(LATER)
    assert (again.channel_id, again.state, again.at, again.tried_at) == (CHANNEL + 1, ShowcaseState.DUE, LATER, None)
    assert not await store.drop(again, lambda _: (CHANNEL + 1, 1))
    assert await store.take(LATER + timedelta(minutes=5)) == []


async def due_picture(database: Database, books: LedgerStore) -> Generation:
    """Return a picture that is due."""
    picture = await written(books, bare(State.DELIVERED))
    row = {"generation_id": picture.id, "channel_id": CHANNEL, "state": ShowcaseState.DUE, "at": NOON}
    await database.write(lambda connection: connection.execute(insert(showcase), row))
    return picture


def prompted(prompt: str, created_at: datetime) -> Generation:
    """Return a delivered picture with a prompt."""
    changes = {"request": ImagineRequest(prompt=prompt), "finished_at": created_at}
    return bare(State.DELIVERED, created_at).model_copy(update=changes)


async def test_each_part_of_a_filter_leaves_out_what_it_says(database: Database, books: LedgerStore) -> None:
    """Newest first or oldest first, page by page, with the number of all."""
    now = datetime.now(UTC)
    pictures = [
        await written(books, prompted(prompt, now - timedelta(days=days)))
        for days, prompt in ((1, "a red boat"), (3, "a Red dog"), (9, "a green boat 100%"))
    ]
    await FavouriteStore(database).add(7, pictures[1], NOON, lambda _: None)
    store = HistoryStore(database)

    async def found(asked: HistoryFilter) -> list[int]:
        page, count = await store.page("guild:42", asked, viewer_id=7, offset=0, limit=6)
        assert count == len(page)
        return [[each.id for each in pictures].index(each.id) for each in page]

    assert await found(HistoryFilter(7)) == [0, 1, 2]
    assert await found(HistoryFilter(7, words="RED")) == [0, 1]
    assert await found(HistoryFilter(7, words="100% boat")) == [2]
    assert await found(HistoryFilter(7, words="%")) == [2]
    assert await found(HistoryFilter(7, days=5)) == [0, 1]
    assert await found(HistoryFilter(7, channel_id=12)) == []
    assert await found(HistoryFilter(7, favourites=True)) == [1]
    assert await found(HistoryFilter(7, favourites=True, words="red DOG", days=5, channel_id=11)) == [1]
    assert await found(HistoryFilter(7, favourites=True, words="boat")) == []
    assert await found(HistoryFilter(8)) == []
    page, count = await store.page("guild:42", HistoryFilter(7), viewer_id=7, offset=1, limit=1, newest_first=False)
    assert ([each.id for each in page], count) == ([pictures[1].id], 3)
    assert await store.page("guild:42", HistoryFilter(7), viewer_id=7, offset=9, limit=1) == ([], 3)


@pytest.mark.parametrize(
    ("prompt", "words"),
    [
        ("ÄPFELBAUM", "äpfelbaum"),
        ("äpfelbaum", "ÄPFEL"),
        ("КРАСНАЯ лодка", "красная ЛОДКА"),
        ("STRASSE", "straße"),
        ("ΟΔΟΣ", "οδος"),
        ("cafe\N{COMBINING ACUTE ACCENT}", "CAFÉ"),
    ],
)
async def test_words_are_found_in_any_case(database: Database, books: LedgerStore, prompt: str, words: str) -> None:
    """In every script, and however a letter with an accent is encoded."""
    picture = await written(books, prompted(prompt, NOON))
    store = HistoryStore(database)
    [found], _ = await store.page("guild:42", HistoryFilter(7, words=words), viewer_id=7, offset=0, limit=6)
    assert (found.id, found.request.prompt) == (picture.id, prompt)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_words_are_looked_for_in_an_index_alone(database: Database) -> None:
    """However many pictures a person has, and however long their rows are."""
    with plans_noted() as plans:
        asked = HistoryFilter(7, channel_id=11, days=3, words="red boat")
        await HistoryStore(database).page("guild:42", asked, viewer_id=7, offset=0, limit=6)
    assert "SEARCH generations USING COVERING INDEX generations_in_history_with_prompt (server_key=?" in plans[0]
    assert not any("SCAN generations" in plan for plan in plans)


FAVOURITES_BY_ID = {
    "sqlite": "SEARCH generations USING INDEX sqlite_autoindex_generations_1 (id=?)",
    "postgresql": "id = favourites.generation_id",
}


async def test_each_favourite_is_looked_up_by_its_id(database: Database) -> None:
    """However many pictures of others there are, and whatever is known about their number."""
    with plans_noted() as plans:
        asked = HistoryFilter(7, favourites=True, channel_id=11, days=3, words="red boat")
        await HistoryStore(database).page("guild:42", asked, viewer_id=7, offset=0, limit=6)
    found, *_ = plans
    assert FAVOURITES_BY_ID[database.dialect] in found
    assert "favourites_by_person" in found
    assert found.count(" generations ") == 1
    assert "Join" not in found
    assert "Seq Scan" not in found


async def test_the_longest_prompt_can_be_stored(database: Database, books: LedgerStore) -> None:
    """An index never has a prompt that it can't take."""
    picture = await written(books, prompted("漢" * 2000, NOON))
    query = select(generations.c.prompt).where(generations.c.id == picture.id)
    assert await database.read(lambda connection: connection.execute(query).scalar_one()) == "漢" * 2000
