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
    """Have somebody type a command, and return what they are told privately."""
    message = await private_answer(stage, await who.types(command, stage.channel, **options))
    assert is_private(message)
    return message.text


async def refused(stage: Stage, who: Person, prompt: str = "a boat", where: Channel | None = None, /) -> str:
    """Have somebody ask for a picture that a rule refuses, and return the private sentence."""
    interaction = await who.types("/imagine", where or stage.channel, prompt=prompt)
    return (await private_answer(stage, interaction)).text


async def drawn(stage: Stage, who: Person, prompt: str = "a boat", **options: OptionValue) -> Message:
    """Have somebody ask for a picture that no rule refuses."""
    picture = await stage.picture(await stage.imagine_as(who, prompt, **options))
    await stage.settled()
    return picture
