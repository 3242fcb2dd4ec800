"""The member whose picture came directly, since its channel was closed: it is found, made again, deleted like any."""

import pytest

from standins.apiframe.faults import Fault, Kind
from standins.discord.model.channels import Channel
from standins.discord.model.messages import Message
from standins.discord.model.permissions import Permission
from tests.journeys.answers import changed, from_more, private_answer
from tests.journeys.test_history import MENU
from tests.journeys.test_privacy import is_forgotten, sees_only
from tests.promises import DiscordFault
from tests.stage import Stage, has_picture

pytestmark = pytest.mark.shared_bot


async def sent_directly(stage: Stage, talk: Channel) -> Message:
    """Make Alice request a picture in a channel that closes in the meantime, and return it; then reopen the channel."""
    stage.apiframe.faults.arm(Fault(Kind.SLOW, seconds=0.5))
    (await stage.imagine()).kill_token()
    stage.channel.overwrite(stage.guild.me, deny=Permission.SEND_MESSAGES)
    await stage.discord.world.until(lambda: any(map(has_picture, talk.messages_for(stage.alice))))
    await stage.settled()
    stage.channel.overwrite(stage.guild.me)
    return next(filter(has_picture, talk.messages_for(stage.alice)))


def address(channel: Channel, message: Message) -> str:
    return f"https://discord.com/channels/@me/{channel.id}/{message.id}"


@pytest.mark.promise(DiscordFault.SENT_DIRECTLY)
async def test_the_history_leads_to_it(stage: Stage) -> None:
    """The member gets there by its link; a moderator, who can't, reads where it is."""
    talk = stage.alice.opens_direct_messages()
    async with stage.running():
        picture = await sent_directly(stage, talk)
        own = await private_answer(stage, await stage.alice.types("/history", stage.channel))
        owner = stage.discord.person(stage.guild.owner)
        others = await private_answer(stage, await owner.types("/history", stage.channel, member=stage.alice))
    assert f"[Open]({address(talk, picture)})" in own.text
    assert "in direct messages" in others.text
    assert str(talk.id) not in others.text


@pytest.mark.promise(DiscordFault.SENT_DIRECTLY)
async def test_the_die_stands_below_it(stage: Stage) -> None:
    """The bot shows where a reaction makes another one."""
    talk = stage.alice.opens_direct_messages()
    async with stage.running():
        picture = await sent_directly(stage, talk)
        await stage.discord.world.until(lambda: picture.reactions)
    assert list(picture.reactions) == ["🎲"]


@pytest.mark.promise(DiscordFault.SENT_DIRECTLY)
async def test_what_is_made_from_it_links_nobody_into_somebody_s_messages(stage: Stage) -> None:
    """Card and details of a picture that was made again in the channel say where it comes from, in words."""
    talk = stage.alice.opens_direct_messages()
    async with stage.running():
        await sent_directly(stage, talk)
        page = await private_answer(stage, await stage.alice.types("/history", stage.channel))
        chosen = await private_answer(stage, await stage.alice.selects(page, MENU, "1. a red boat at dawn"))
        child = await stage.picture(await stage.alice.presses(chosen, "Reroll"))
        await stage.settled()
        details = await from_more(stage, stage.alice, child, "Details")
    assert "· Reroll" in child.text
    assert "↑ Reroll of: picture in direct messages" in details.text
    assert "discord.com/channels" not in child.text + details.text


@pytest.mark.promise(DiscordFault.SENT_DIRECTLY)
async def test_it_is_deleted_by_its_button(stage: Stage) -> None:
    """The message in the direct messages goes, and it out of the history."""
    talk = stage.alice.opens_direct_messages()
    async with stage.running(allow_direct_messages=True):
        picture = await sent_directly(stage, talk)
        question = await from_more(stage, stage.alice, picture, "Delete")
        await changed(stage, await stage.alice.presses(question, "Delete"), "Deleted.")
        await sees_only(stage, stage.alice, channel=talk)


@pytest.mark.promise(DiscordFault.SENT_DIRECTLY)
async def test_it_is_forgotten_with_the_rest(stage: Stage) -> None:
    """A member who deletes everything also loses the direct message, without opening a new conversation."""
    talk = stage.alice.opens_direct_messages()
    async with stage.running():
        await sent_directly(stage, talk)
        stage.discord.faults.next("POST", "/users/@me/channels", times=None, status=403)
        await is_forgotten(stage, stage.alice)
        await sees_only(stage, stage.alice, channel=talk)
