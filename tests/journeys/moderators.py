"""Moderators, members whom their rules stop, and members whom they do not."""

from standins.discord.client.options import OptionValue
from standins.discord.client.person import Person
from standins.discord.model.channels import Channel
from standins.discord.model.messages import Message
from standins.discord.model.permissions import Permission
from tests.journeys.answers import private_answer
from tests.stage import Stage, is_private


def moderator_of(stage: Stage) -> Person:
    """Return a member who manages the server, and nothing more."""
    role = stage.guild.add_role("moderators", Permission.MANAGE_GUILD)
    return stage.joins("mo", roles=[role])


async def say(stage: Stage, who: Person, command: str, **options: OptionValue) -> str:
    """Make a person type a command, and return the private response."""
    message = await private_answer(stage, await who.types(command, stage.channel, **options))
    assert is_private(message)
    return message.text


async def refused(stage: Stage, who: Person, prompt: str = "a boat", where: Channel | None = None, /) -> str:
    """Make a person request a picture that a rule forbids, and return the private error message."""
    interaction = await who.types("/imagine", where or stage.channel, prompt=prompt)
    return (await private_answer(stage, interaction)).text


async def drawn(stage: Stage, who: Person, prompt: str = "a boat", **options: OptionValue) -> Message:
    """Make a person request a picture that is allowed."""
    picture = await stage.picture(await stage.imagine_as(who, prompt, **options))
    await stage.settled()
    return picture
