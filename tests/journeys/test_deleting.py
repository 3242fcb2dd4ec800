"""Deleting a picture: permissions, confirmation, and the rest of the data."""

import pytest

from standins.discord.model.messages import Message
from standins.discord.model.permissions import Permission
from tests.journeys.answers import MORE, changed, from_more, guessed_button, id_of, pressed, private_answer
from tests.stage import Stage, is_private

pytestmark = pytest.mark.shared_bot


async def delivered(stage: Stage) -> Message:
    """Draw a picture for Alice, and return its message once it is settled."""
    picture = await stage.picture(await stage.imagine())
    await stage.settled()
    return picture


@pytest.mark.own_bot
async def test_who_asked_deletes_it_after_one_question(stage: Stage) -> None:
    """The question is private; the picture goes at the second press, also after a restart, and its buttons are dead."""
    async with stage.running():
        picture = await delivered(stage)
        question = await from_more(stage, stage.alice, picture, "Delete")
        assert is_private(question)
        assert "can't be undone" in question.text
        assert stage.pictures() == [picture]
    async with stage.running():
        press = await stage.alice.presses(question, "Delete")
        await changed(stage, press, "Deleted.")
        assert stage.pictures() == []
        assert question.buttons == []
        stale = guessed_button(stage, stage.channel, f"p:details:{id_of(picture)}")
        assert "can't find that picture" in (await pressed(stage, stage.alice, stale, "guessed")).text


@pytest.mark.own_bot
async def test_cancelling_deletes_nothing(stage: Stage) -> None:
    """Cancel stands beside the red button, and works after a restart."""
    async with stage.running():
        picture = await delivered(stage)
        question = await from_more(stage, stage.alice, picture, "Delete")
        assert [button["label"] for button in question.buttons] == ["Delete", "Cancel"]
    async with stage.running():
        await changed(stage, await stage.alice.presses(question, "Cancel"), "Nothing was changed")
        assert question.buttons == []
        history = await private_answer(stage, await stage.alice.types("/history", stage.channel))
        assert "a red boat" in history.text
    assert picture in stage.pictures()


async def test_a_moderator_deletes_anybodys_picture(stage: Stage) -> None:
    """Manage Messages is enough, and checked at each press."""
    moderator = stage.joins("mo", roles=[stage.guild.add_role("moderators", Permission.MANAGE_MESSAGES)])
    async with stage.running():
        picture = await delivered(stage)
        question = await from_more(stage, moderator, picture, "Delete")
        stage.strips(moderator)
        refused = await private_answer(stage, await moderator.presses(question, "Delete"))
        assert "Manage Messages" in refused.text
        assert stage.pictures() == [picture]
        stage.guild.members[moderator.id].gains(stage.guild.add_role("again", Permission.MANAGE_MESSAGES))
        await changed(stage, await moderator.presses(question, "Delete"), "Deleted.")
        assert stage.pictures() == []


async def test_a_stranger_gets_a_private_sentence(stage: Stage) -> None:
    """A member who neither made the picture nor moderates gets an error, and even a guessed id deletes nothing."""
    bob = stage.joins("bob")
    async with stage.running():
        picture = await delivered(stage)
        guess = guessed_button(stage, stage.channel, f"p:deletenow:{id_of(picture)}")
        menu = await pressed(stage, bob, picture, MORE)
        assert "Delete" not in [button["label"] for button in menu.buttons]
        assert "Only the member who requested" in (await pressed(stage, bob, guess, "guessed")).text
    assert stage.pictures() == [picture]


async def test_moderating_one_channel_is_no_right_in_another(stage: Stage) -> None:
    """Somebody who manages the messages of another channel deletes nothing here."""
    bob = stage.joins("bob")
    own = stage.guild.add_channel("bobs")
    own.overwrite(bob, allow=Permission.MANAGE_MESSAGES)
    async with stage.running():
        picture = await delivered(stage)
        guess = guessed_button(stage, own, f"p:deletenow:{id_of(picture)}")
        assert "Only the member who requested" in (await pressed(stage, bob, guess, "guessed")).text
        await from_more(stage, stage.alice, picture, "Details")
    assert stage.pictures() == [picture]


async def test_another_servers_picture_cannot_be_deleted_by_its_id(stage: Stage) -> None:
    """A moderator of another server can't delete it by guessing ids."""
    elsewhere = stage.discord.world.add_guild("Elsewhere")
    mallory = stage.discord.person(
        elsewhere.add_member("mallory", roles=[elsewhere.add_role("all", Permission.ADMINISTRATOR)])
    )
    there = elsewhere.add_channel("lair")
    async with stage.running():
        picture = await delivered(stage)
        for action in ("delete", "deletenow", "details", "publish", "reroll"):
            guess = guessed_button(stage, there, f"p:{action}:{id_of(picture)}")
            assert "can't find that picture" in (await pressed(stage, mallory, guess, "guessed")).text
    assert stage.pictures() == [picture]
    assert len(stage.orders()) == 1


async def test_a_picture_deleted_by_hand_can_still_be_forgotten(stage: Stage) -> None:
    """A message that is already gone causes no error."""
    async with stage.running():
        picture = await delivered(stage)
        question = await from_more(stage, stage.alice, picture, "Delete")
        stage.discord.world.delete(picture)
        await changed(stage, await stage.alice.presses(question, "Delete"), "Deleted.")


@pytest.mark.parametrize("code", [50001, 50013])
async def test_a_message_out_of_reach_is_said_so(stage: Stage, code: int) -> None:
    """If Discord doesn't let the bot delete, the picture is kept, and the message names somebody who can."""
    async with stage.running():
        picture = await delivered(stage)
        question = await from_more(stage, stage.alice, picture, "Delete")
        stage.discord.faults.next("DELETE", "/channels/*/messages/*", status=403, code=code)
        refused = await private_answer(stage, await stage.alice.presses(question, "Delete"))
        assert "doesn't let me delete" in refused.text
        await changed(stage, await stage.alice.presses(question, "Delete"), "Deleted.")
