"""Waiting for words of a bot; only the stand-in is looked at, since the bots don't know the tests."""

from standins.discord.client.person import Person
from standins.discord.model.channels import Channel
from standins.discord.model.interactions import Interaction
from standins.discord.model.messages import Message
from tests.stage import TIMEOUT_SECONDS, text_of


async def says(interaction: Interaction, words: str) -> Message:
    """Wait until the response to an interaction says `words`, and return its message."""

    def found() -> bool:
        return interaction.original is not None and words in text_of(interaction.original)

    await interaction.platform.news.until(found, TIMEOUT_SECONDS)
    assert interaction.original is not None
    return interaction.original


async def shown(channel: Channel, person: Person, words: str) -> None:
    """Wait until a message in the channel is `words`."""
    await channel.platform.news.until(lambda: words in map(text_of, channel.messages_for(person)), TIMEOUT_SECONDS)
