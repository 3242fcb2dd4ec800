"""The member who keeps pictures with a star, and finds them again."""

import asyncio
import json
import sqlite3

import pytest

from bot.storage.tables import favourites
from standins.discord.model.messages import Message
from standins.discord.model.permissions import Permission
from tests.journeys.answers import MORE, changed, from_more, labels_of, pressed
from tests.journeys.test_history import history, listed
from tests.journeys.test_privacy import asks, draws, is_forgotten, unpacked
from tests.stage import TIMEOUT_SECONDS, Stage

pytestmark = pytest.mark.shared_bot

STAR, STYLED_STAR = "⭐", "⭐️"


def stars(stage: Stage) -> int:
    """Return how many favourites are stored."""
    database = sqlite3.connect(stage.folder / "imagine.db")
    try:
        [(count,)] = database.execute(f"SELECT count(*) FROM {favourites.name}").fetchall()  # noqa: S608
    finally:
        database.close()
    return int(count)


async def starred(stage: Stage, count: int) -> None:
    """Wait until this many favourites are stored."""
    async with asyncio.timeout(TIMEOUT_SECONDS):
        while stars(stage) != count:  # noqa: ASYNC110  (it tells nobody)
            await asyncio.sleep(0.02)


async def kept(stage: Stage, picture: Message) -> Message:
    """Keep a picture by the button behind More, and return the answer."""
    return await from_more(stage, stage.alice, picture, "Favourite")


async def test_the_button_keeps_a_picture_once_and_takes_it_back(stage: Stage) -> None:
    """Pressed twice, it's one favourite; the answer's button removes it, and says so in its place."""
    async with stage.running():
        picture = await draws(stage, stage.alice)
        answer = await kept(stage, picture)
        assert "Added to your favourites" in answer.text
        assert "already" in (await kept(stage, picture)).text
        assert stars(stage) == 1
        await changed(stage, await stage.alice.presses(answer, "Remove from favourites"), "Removed from your")
        assert stars(stage) == 0
        page = await history(stage, stage.alice, favourites=True)
        assert "no favourites here yet" in page.text


@pytest.mark.parametrize("star", [STAR, STYLED_STAR])
async def test_the_reaction_keeps_a_picture_until_it_is_removed(stage: Stage, star: str) -> None:
    """In both spellings, on one's own and on others' pictures, and nothing is ordered."""
    bob = stage.joins("bob")
    async with stage.running():
        own, others = await draws(stage, stage.alice, "own"), await draws(stage, bob, "bob's")
        for count, picture in enumerate((own, others), start=1):
            await stage.alice.reacts(picture, star)
            await starred(stage, count)
        page = await history(stage, stage.alice, favourites=True)
        assert listed(page) == ["bob\\'s", "own"]
        assert f"<@{bob.id}>" in page.text
        await stage.alice.unreacts(others, star)
        await starred(stage, 1)
        assert listed(await history(stage, stage.alice, favourites=True)) == ["own"]
    assert len(stage.orders()) == 2


async def test_a_reaction_that_is_told_twice_is_one_favourite(stage: Stage) -> None:
    """And added and removed at once, it ends as it was done last."""
    async with stage.running():
        picture = await draws(stage, stage.alice)
        with stage.discord.gateway.telling_twice("MESSAGE_REACTION_ADD"):
            await stage.alice.reacts(picture, STAR)
            await starred(stage, 1)
        for _ in range(3):
            await stage.alice.unreacts(picture, STAR)
            await stage.alice.reacts(picture, STAR)
        await stage.alice.unreacts(picture, STAR)
        await starred(stage, 0)


async def test_a_bots_star_keeps_nothing(stage: Stage) -> None:
    """Another bot of the server may react as it likes."""
    robot = stage.joins(stage.discord.world.platform.add_user("robot", bot=True))
    async with stage.running():
        picture = await draws(stage, stage.alice)
        await robot.reacts(picture, STAR)
        await stage.alice.reacts(picture, STAR)
        await starred(stage, 1)


@pytest.mark.own_bot
async def test_a_star_that_rerolls_keeps_nothing(stage: Stage) -> None:
    """The operator's choice of emoji comes first; the button still keeps pictures."""
    async with stage.running(reroll_emoji=[STAR]):
        picture = await draws(stage, stage.alice)
        await stage.alice.reacts(picture, STYLED_STAR)
        await stage.show_pictures(2)
        await stage.settled()
        assert stars(stage) == 0
        await kept(stage, picture)
        assert stars(stage) == 1


async def test_a_private_picture_is_its_members_favourite_alone(stage: Stage) -> None:
    """It has the button in a second row; to others it doesn't exist."""
    async with stage.running():
        secret = await draws(stage, stage.alice, "a secret", private=True)
        more = await pressed(stage, stage.alice, secret, MORE)
        assert labels_of(more)[-1] == "Favourite"
        await pressed(stage, stage.alice, more, "Favourite")
        assert listed(await history(stage, stage.alice, favourites=True)) == ["a secret"]


async def test_favourites_are_for_nobody_elses_eyes(stage: Stage) -> None:
    """Not even a moderator sees which pictures a member keeps."""
    moderator = stage.joins("mo", roles=[stage.guild.add_role("moderators", Permission.MANAGE_GUILD)])
    async with stage.running():
        answer = await history(stage, moderator, favourites=True, member=stage.alice)
    assert "can see their favourites" in answer.text


async def test_a_deleted_picture_leaves_the_favourites(stage: Stage) -> None:
    """For everybody who kept it, while their other favourites stay."""
    bob = stage.joins("bob")
    async with stage.running():
        gone, stays = await draws(stage, stage.alice, "gone"), await draws(stage, stage.alice, "stays")
        for count, picture in enumerate((gone, stays), start=1):
            await bob.reacts(picture, STAR)
            await starred(stage, count)
        asked = await from_more(stage, stage.alice, gone, "Delete")
        await changed(stage, await stage.alice.presses(asked, "Delete"), "Deleted.")
        assert listed(await history(stage, bob, favourites=True)) == ["stays"]


async def test_favourites_are_exported_and_erased(stage: Stage) -> None:
    """A copy lists them; they go with the person who kept them, and with the person whose pictures they were."""
    bob = stage.joins("bob")
    async with stage.running():
        await stage.alice.reacts(await draws(stage, bob, "bob's"), STAR)
        await starred(stage, 1)
        await bob.reacts(await draws(stage, stage.alice, "alice's"), STAR)
        await starred(stage, 2)
        [favourite] = json.loads(unpacked(await asks(stage, bob, "/privacy export"))["you.json"])["favourites"]
        assert favourite["user_id"] == bob.id
        await is_forgotten(stage, stage.alice)
        assert stars(stage) == 0
        assert "no favourites" in (await history(stage, bob, favourites=True)).text
