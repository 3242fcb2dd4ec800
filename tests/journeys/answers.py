"""Private responses to presses and commands."""

import re

from standins.discord.client.options import OptionValue
from standins.discord.client.person import Person
from standins.discord.components import walk
from standins.discord.model.channels import Channel
from standins.discord.model.interactions import Interaction
from standins.discord.model.messages import Draft, Message, MessageFlag
from tests.stage import Stage, is_private

MORE = "⋯ More"
_PRICE = re.compile(r" · (about \d+|\d+ to \d+) credits?$")


def labels_of(message: Message) -> list[str]:
    """Return the labels of a message's buttons, without the price, which depends on earlier pictures."""
    return [_PRICE.sub("", button.get("label", "")) for button in message.buttons]


async def private_answer(stage: Stage, interaction: Interaction) -> Message:
    """Wait for the private message that answers an interaction, and return it."""

    def said() -> list[Message]:
        messages = [message for message in (interaction.original, *interaction.follow_ups) if message is not None]
        return [
            each for each in messages if is_private(each) and not each.is_loading and each is not interaction.message
        ]

    await stage.discord.world.until(said)
    [message] = said()
    return message


async def pressed(stage: Stage, member: Person, message: Message, button: str) -> Message:
    """Press a button, and return what it says privately."""
    return await private_answer(stage, await member.presses(message, button))


async def from_more(stage: Stage, member: Person, picture: Message, button: str) -> Message:
    """Press a button behind ⋯ More, and return what it says privately."""
    return await pressed(stage, member, await pressed(stage, member, picture, MORE), button)


async def first_in_history(stage: Stage, member: Person, **options: OptionValue) -> Message:
    """Choose the first picture of `/history`, and return the private message that shows it with its buttons."""
    page = await private_answer(stage, await member.types("/history", stage.channel, **options))
    [menu] = [part for part in walk(page.components) if "options" in part]
    return await private_answer(stage, await member.selects(page, "history", menu["options"][0]["value"]))


async def changed(stage: Stage, interaction: Interaction, words: str) -> Message:
    """Wait until the message that was acted on says `words`, and return it."""
    message = interaction.message
    assert message is not None
    await stage.discord.world.until(lambda: words in message.text)
    return message


def guessed_button(stage: Stage, channel: Channel, custom_id: str) -> Message:
    """Return a message of the bot's with a button named "guessed", as if somebody could make up its id."""
    button = {"type": 2, "id": 2, "style": 2, "label": "guessed", "custom_id": custom_id, "disabled": False}
    row = {"type": 1, "id": 1, "components": [button]}
    draft = Draft(components=(row,), flags=MessageFlag.COMPONENTS_V2)
    return stage.discord.world.post(channel, stage.discord.world.bot, draft)


def id_of(picture: Message) -> str:
    """Return the id of a picture, as its buttons carry it."""
    custom_ids = (button["custom_id"] for button in picture.buttons if "custom_id" in button)  # links have none
    return str(next(custom_ids)).rsplit(":", 1)[1]
