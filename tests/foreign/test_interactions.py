"""Commands and components reach a bot in each library, and its responses reach people."""

import pytest

from standins.discord import DiscordStandIn, Upload
from standins.discord.client.person import Person
from standins.discord.model.channels import Channel
from standins.discord.model.guilds import Guild
from standins.discord.model.interactions import CallbackType, Interaction
from tests.foreign.waiting import says, shown
from tests.stage import has_picture
from tests.standins.discord.conftest import png

pytestmark = pytest.mark.usefixtures("foreign_bot")


async def opened(alice: Person, channel: Channel, command: str) -> Interaction:
    """Type a command without options, and return it once it was answered."""
    interaction = await alice.types(command, channel)
    await interaction.answered()
    return interaction


async def test_commands_of_every_kind_are_registered(standin: DiscordStandIn) -> None:
    """Slash commands and those of the menus of people and messages are known."""
    kinds = {(command.type, command.name) for command in standin.world.commands.all()}
    assert kinds == {
        (1, "imagine"),
        (1, "panel"),
        (1, "card"),
        (1, "form"),
        (2, "Portrait"),
        (3, "Imagine from this"),
    }


async def test_a_deferred_command_gets_a_file_and_an_edit(alice: Person, channel: Channel) -> None:
    """The bot defers, adds a picture and edits the text, and the picture stays."""
    interaction = await alice.types("/imagine", channel, prompt="boat")
    assert (await interaction.answered()).type is CallbackType.DEFERRED_MESSAGE
    message = await says(interaction, "done: boat 1:1 0")
    assert has_picture(message)


async def test_an_attachment_is_read(alice: Person, channel: Channel) -> None:
    """The bot downloads the file of an option, and sends it back."""
    picture = png()
    interaction = await alice.types("/imagine", channel, prompt="boat", image=Upload("a.png", picture))
    message = await says(interaction, f"done: boat 1:1 {len(picture)}")
    assert message.payload()["attachments"][0]["size"] == len(picture)


async def test_an_option_is_completed(alice: Person, channel: Channel) -> None:
    """Alice gets the choices that the bot computes from her text."""
    choices = await alice.completes("/imagine", channel, option="ratio", text="16", prompt="boat")
    assert [(choice["name"], choice["value"]) for choice in choices] == [("16:9 widescreen", "16:9")]


async def test_a_button_updates_its_message(alice: Person, channel: Channel, guild: Guild) -> None:
    """The bot knows the server's name, and replaces the panel once Alice presses."""
    panel = await says(await opened(alice, channel, "/panel"), f"panel in {guild.name}")
    pressed = await alice.presses(panel, "Again")
    assert await says(pressed, "pressed by Alice") is panel


async def test_a_menu_sends_what_was_chosen(alice: Person, channel: Channel) -> None:
    """The bot answers a choice with a private message."""
    panel = await says(await opened(alice, channel, "/panel"), "panel")
    chosen = await alice.selects(panel, "ratio", "wide")
    await channel.platform.news.until(lambda: chosen.follow_ups, 20)
    assert [(one.content, one.visible_only_to) for one in chosen.follow_ups] == [("chose 16:9", alice.user)]


async def test_a_card_of_components_shows_a_file(alice: Person, channel: Channel) -> None:
    """Components of version 2 hold an uploaded picture and a button that replaces them."""
    card = await says(await opened(alice, channel, "/card"), "a card")
    assert "picture.png" in str(card.payload()["components"])
    assert await says(await alice.presses(card, "Again"), "card pressed") is card


async def test_a_form_is_submitted(alice: Person, channel: Channel) -> None:
    """The bot reads the text of the form that it opened."""
    form = await opened(alice, channel, "/form")
    await says(await alice.submits(form, {"Words": "bluer"}), "words: bluer")


async def test_a_person_has_a_command(alice: Person, channel: Channel, guild: Guild, standin: DiscordStandIn) -> None:
    """The bot gets the member whose menu was used."""
    bob = standin.person(guild.add_member("Bob"))
    await says(await alice.uses(bob, "Portrait", channel), "portrait of Bob")


async def test_a_message_has_a_command(alice: Person, channel: Channel) -> None:
    """The bot reads the message whose menu was used."""
    message = await alice.sends(channel, "a castle")
    await says(await alice.uses(message, "Imagine from this"), "from: a castle")


async def test_a_reaction_is_heard(alice: Person, channel: Channel) -> None:
    """The bot gets the emoji, and says it in the channel."""
    await alice.reacts(await alice.sends(channel, "hello"), "🎲")
    await shown(channel, alice, "reaction 🎲")


async def test_a_direct_message_is_answered(alice: Person) -> None:
    """The bot reads what it gets in private, and answers there."""
    direct = alice.opens_direct_messages()
    await alice.sends(direct, "hello")
    await shown(direct, alice, "echo: hello")
