"""A form opens with default values, and is submitted with changed and unchanged ones."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import discord
import pytest

from standins.discord import DiscordStandIn, InvalidOptionError, UnusableError, Upload
from standins.discord.client.person import Person
from standins.discord.model.channels import Channel
from standins.discord.model.guilds import Guild
from standins.discord.model.interactions import Interaction
from tests.standins.discord.conftest import Running, bare_bot

MIB = 1024 * 1024


class Remix(discord.ui.Modal, title="Remix"):
    """A form with something in every field but the files."""

    words: discord.ui.Label[discord.ui.Modal] = discord.ui.Label(
        text="Words", component=discord.ui.TextInput(custom_id="words", default="a boat", max_length=20)
    )
    seed: discord.ui.Label[discord.ui.Modal] = discord.ui.Label(
        text="Seed", component=discord.ui.TextInput(custom_id="seed", default="7", required=False)
    )
    size: discord.ui.Label[discord.ui.Modal] = discord.ui.Label(
        text="Size",
        component=discord.ui.Select(
            custom_id="size",
            required=False,
            options=[
                discord.SelectOption(label="1 MP", value="1", default=True),
                discord.SelectOption(label="2 MP", value="2"),
            ],
        ),
    )
    shape: discord.ui.Label[discord.ui.Modal] = discord.ui.Label(
        text="Shape",
        component=discord.ui.RadioGroup(
            custom_id="shape",
            options=[
                discord.RadioGroupOption(label="wide", value="16:9", default=True),
                discord.RadioGroupOption(label="tall", value="9:16"),
            ],
        ),
    )
    files: discord.ui.Label[discord.ui.Modal] = discord.ui.Label(
        text="Files",
        component=discord.ui.FileUpload(custom_id="files", required=False, min_values=0, max_values=2),
    )

    async def on_submit(self, interaction: discord.Interaction) -> None:
        """Say what came back."""
        words, seed, size = self.words.component, self.seed.component, self.size.component
        shape, files = self.shape.component, self.files.component
        assert isinstance(words, discord.ui.TextInput)
        assert isinstance(seed, discord.ui.TextInput)
        assert isinstance(size, discord.ui.Select)
        assert isinstance(shape, discord.ui.RadioGroup)
        assert isinstance(files, discord.ui.FileUpload)
        names = [file.filename for file in files.values]
        said = [words.value, seed.value, size.values, shape.value, names]
        await interaction.response.send_message(repr(said), ephemeral=True)


@dataclass
class Opened:
    """A form before Alice."""

    alice: Person
    interaction: Interaction

    async def sends(self, **fields: str | list[str] | Upload | list[Upload]) -> str:
        """Fill in some fields, send the form, and return what the bot read."""
        sent = await self.alice.submits(self.interaction, fields)
        await sent.answered()
        assert sent.original is not None
        return sent.original.content


@pytest.fixture
async def opened(running: Running, channel: Channel, alice: Person) -> AsyncIterator[Opened]:
    """Run a bot, and have Alice press a button on a private message of it, which opens the form."""
    bot = bare_bot()

    class Card(discord.ui.View):
        @discord.ui.button(label="Remix", custom_id="remix")
        async def remix(self, interaction: discord.Interaction, _: discord.ui.Button["Card"]) -> None:
            await interaction.response.send_modal(Remix())

    @bot.tree.command()
    async def imagine(interaction: discord.Interaction) -> None:
        """Draw."""
        await interaction.response.send_message("for you alone", view=Card(), ephemeral=True)

    async with running(bot):
        asked = await alice.types("/imagine", channel)
        await asked.answered()
        assert asked.original is not None
        pressed = await alice.presses(asked.original, "Remix")
        await pressed.answered()
        yield Opened(alice, pressed)


async def test_what_is_not_touched_goes_back_as_it_was(opened: Opened) -> None:
    """A client sends the words and choices that the app filled in."""
    assert await opened.sends() == "['a boat', '7', ['1'], '16:9', []]"


async def test_what_is_changed_goes_back_changed(opened: Opened) -> None:
    """Texts are replaced, and options are chosen by label or value."""
    changed = await opened.sends(words="at night", size="2 MP", shape="9:16")
    assert changed == "['at night', '7', ['2'], '9:16', []]"


async def test_what_is_emptied_goes_back_empty(opened: Opened) -> None:
    """A text can be deleted, and a choice removed, if the app doesn't require them."""
    assert await opened.sends(seed="", size=[]) == "['a boat', '', [], '16:9', []]"


async def test_files_arrive_with_the_form(opened: Opened) -> None:
    """Each is an attachment in `resolved`, named in the field's values; too many or too large ones are not sent."""
    first, second = Upload("a.png", b"a"), Upload("b.png", b"b")
    sent = await opened.sends(files=[first, second])
    assert sent == "['a boat', '7', ['1'], '16:9', ['a.png', 'b.png']]"
    with pytest.raises(InvalidOptionError, match="3 chosen, 0 to 2 expected"):
        await opened.sends(files=[first, second, first])
    with pytest.raises(InvalidOptionError, match="over 10 MB"):
        await opened.sends(files=Upload("c.png", bytes(10 * MIB + 1)))


async def test_a_form_is_as_private_as_the_message_below_it(
    opened: Opened, guild: Guild, standin: DiscordStandIn
) -> None:
    """The bot learns on which private message the button was; nobody else can send the form off or press there."""
    bob, message = standin.person(guild.add_member("Bob")), opened.interaction.message
    assert message is not None
    sent = await opened.alice.submits(opened.interaction, {})
    await sent.answered()
    assert sent.payload()["message"]["flags"] == 64
    with pytest.raises(UnusableError, match="No modal is open before Bob"):
        await bob.submits(opened.interaction, {})
    with pytest.raises(UnusableError, match="does not see"):
        await bob.presses(message, "Remix")


async def test_what_cannot_be_chosen_is_not_sent(opened: Opened) -> None:
    """The client marks the field red."""
    with pytest.raises(InvalidOptionError, match="Size: '4 MP' cannot be chosen"):
        await opened.sends(size="4 MP")
    with pytest.raises(InvalidOptionError, match="Words: the text must have 1 to 20"):
        await opened.sends(words="")
