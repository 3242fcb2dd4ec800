"""Actions of people reach discord.py completely: commands, completion, forms, buttons, menus."""

import discord
import pytest

from standins.discord import DiscordStandIn, InvalidOptionError, Permission, UnusableError, Upload
from standins.discord.client.person import Person
from standins.discord.model.channels import Channel
from standins.discord.model.guilds import Guild
from standins.discord.model.interactions import CallbackType
from tests.standins.discord.conftest import Running, bare_bot, png


async def test_a_slash_command_reaches_discord_py_whole(
    running: Running, channel: Channel, alice: Person, guild: Guild
) -> None:
    """discord.py sees options, attachment, person, permissions and upload limit, and its answer is in the channel."""
    bot = bare_bot()

    @bot.tree.command()
    async def imagine(interaction: discord.Interaction, prompt: str, image1: discord.Attachment) -> None:
        """Draw."""
        content = await image1.read()
        may = interaction.permissions.manage_guild, interaction.app_permissions.attach_files
        await interaction.response.send_message(
            f"{prompt} {image1.width}x{len(content)} {may} {interaction.filesize_limit}"
        )

    guild.members[alice.id].gains(guild.add_role("mods", Permission.MANAGE_GUILD))
    picture = png()
    async with running(bot):
        interaction = await alice.types("/imagine", channel, prompt="boat", image1=Upload("a.png", picture))
        answer = await interaction.answered()
    assert (answer.type, answer.seconds < 3) == (CallbackType.MESSAGE, True)
    assert interaction.original is not None
    assert interaction.original.content == f"boat 4x{len(picture)} (True, True) {10 * 1024 * 1024}"
    assert channel.messages_for(alice) == [interaction.original]


async def test_autocomplete_offers_what_the_bot_finds(running: Running, channel: Channel, alice: Person) -> None:
    """While Alice types, she gets the choices that discord.py returns."""
    bot = bare_bot()

    @bot.tree.command()
    async def imagine(interaction: discord.Interaction, ratio: str) -> None:
        """Draw."""

    @imagine.autocomplete("ratio")
    async def ratios(_: discord.Interaction, current: str) -> list[discord.app_commands.Choice[str]]:
        return [discord.app_commands.Choice(name=f"{current}:9 widescreen", value=f"{current}:9")]

    async with running(bot):
        choices = await alice.completes("/imagine", channel, option="ratio", text="16")
    assert choices == [{"name": "16:9 widescreen", "value": "16:9"}]


async def test_a_modal_with_files_is_filled_in(running: Running, channel: Channel, alice: Person) -> None:
    """A modal opened by a command takes text and uploads, and the bot reads both."""
    bot = bare_bot()

    class Edit(discord.ui.Modal, title="Edit the picture"):
        words: discord.ui.Label[discord.ui.Modal] = discord.ui.Label(
            text="Words", component=discord.ui.TextInput(custom_id="words", max_length=10)
        )
        files: discord.ui.Label[discord.ui.Modal] = discord.ui.Label(
            text="Pictures", component=discord.ui.FileUpload(custom_id="files", max_values=3)
        )

        async def on_submit(self, interaction: discord.Interaction) -> None:
            words, files = self.words.component, self.files.component
            assert isinstance(words, discord.ui.TextInput)
            assert isinstance(files, discord.ui.FileUpload)
            sizes = [len(await file.read()) for file in files.values]
            await interaction.response.send_message(f"{words.value} {sizes}")

    @bot.tree.command()
    async def edit(interaction: discord.Interaction) -> None:
        """Edit."""
        await interaction.response.send_modal(Edit())

    async with running(bot):
        opened = await alice.types("/edit", channel)
        await opened.answered()
        with pytest.raises(InvalidOptionError, match="1 to 10"):
            await alice.submits(opened, {"Words": "far too long a text", "files": Upload("a.txt", b"abc")})
        sent = await alice.submits(opened, {"Words": "bluer", "files": [Upload("a", b"abc"), Upload("b", b"defg")]})
        await sent.answered()
    assert sent.original is not None
    assert sent.original.content == "bluer [3, 4]"


async def test_a_button_updates_its_message(
    running: Running, channel: Channel, alice: Person, guild: Guild, standin: DiscordStandIn
) -> None:
    """A press reaches the bot's view, and its edit is on the same message, with the old look kept in the history."""
    bot = bare_bot()

    class Again(discord.ui.View):
        @discord.ui.button(label="Again", custom_id="again")
        async def again(self, interaction: discord.Interaction, _: discord.ui.Button["Again"]) -> None:
            await interaction.response.edit_message(content=f"pressed by {interaction.user.display_name}", view=None)

    @bot.tree.command()
    async def imagine(interaction: discord.Interaction) -> None:
        """Draw."""
        await interaction.response.send_message("press me", view=Again())

    bob = standin.person(guild.add_member("Bob"))
    async with running(bot):
        first = await alice.types("/imagine", channel)
        await first.answered()
        message = first.original
        assert message is not None
        with pytest.raises(UnusableError, match="only \\['Again'\\]"):
            await bob.presses(message, "Delete")
        pressed = await bob.presses(message, "Again")
        await pressed.answered()
    assert pressed.original is message
    assert [revision.draft.content for revision in message.history] == ["press me", "pressed by Bob"]


async def test_a_message_command_shows_its_target(running: Running, channel: Channel, alice: Person) -> None:
    """The bot reads the text of the message that a command was used on, without the message-content intent."""
    bot = bare_bot()

    @bot.tree.context_menu(name="Imagine from this")
    async def from_this(interaction: discord.Interaction, message: discord.Message) -> None:
        await interaction.response.send_message(f"from: {message.content}", ephemeral=True)

    async with running(bot):
        target = await alice.sends(channel, "a castle")
        used = await alice.uses(target, "Imagine from this")
        await used.answered()
    assert used.original is not None
    assert used.original.content == "from: a castle"


async def test_a_command_can_be_hidden_from_most_people(
    standin: DiscordStandIn, channel: Channel, alice: Person, guild: Guild
) -> None:
    """Default permissions hide a command until a role, or the server's owner, opens it."""
    needed = str(int(Permission.MANAGE_GUILD))
    body = {"name": "limits", "description": "Limits", "default_member_permissions": needed}
    standin.world.commands.register(body, guild.id)
    with pytest.raises(UnusableError, match="MANAGE_GUILD"):
        await alice.types("/limits", channel)
    guild.open_command("limits")
    assert (await alice.types("/limits", channel)).data["name"] == "limits"


async def test_subcommands_take_their_own_options(
    running: Running, channel: Channel, alice: Person, guild: Guild, standin: DiscordStandIn
) -> None:
    """A command in a group is typed with its path, and people and roles arrive resolved."""
    bot = bare_bot()
    limits = discord.app_commands.Group(name="limits", description="Limits")

    @limits.command(name="set")
    async def set_limit(interaction: discord.Interaction, who: discord.Member, role: discord.Role, most: int) -> None:
        """Set."""
        await interaction.response.send_message(f"{who.display_name} {role.name} {most}")

    bot.tree.add_command(limits)
    bob, painters = standin.person(guild.add_member("Bob")), guild.add_role("painters")
    async with running(bot):
        with pytest.raises(InvalidOptionError, match="subcommand has to be chosen"):
            await alice.types("/limits", channel)
        interaction = await alice.types("/limits set", channel, who=bob, role=painters, most=3)
        await interaction.answered()
    assert interaction.original is not None
    assert interaction.original.content == "Bob painters 3"


async def test_a_menu_sends_what_was_chosen(running: Running, channel: Channel, alice: Person) -> None:
    """Labels or values can be chosen, as many as the menu allows; the answer may be a private message."""
    bot = bare_bot()

    class Ratios(discord.ui.View):
        @discord.ui.select(custom_id="ratio", options=[discord.SelectOption(label="wide", value="16:9")])
        async def ratio(self, interaction: discord.Interaction, select: discord.ui.Select["Ratios"]) -> None:
            await interaction.response.defer()
            await interaction.followup.send(f"chose {select.values}", ephemeral=True)

    @bot.tree.command()
    async def imagine(interaction: discord.Interaction) -> None:
        """Draw."""
        await interaction.response.send_message("which?", view=Ratios())

    async with running(bot):
        first = await alice.types("/imagine", channel)
        await first.answered()
        assert first.original is not None
        with pytest.raises(UnusableError, match="1 to 1"):
            await alice.selects(first.original, "ratio", "wide", "wide")
        chosen = await alice.selects(first.original, "ratio", "wide")
        await channel.platform.news.until(lambda: chosen.follow_ups, 60)
    assert chosen.original is first.original
    assert [(one.content, one.visible_only_to) for one in chosen.follow_ups] == [("chose ['16:9']", alice.user)]


async def test_commands_work_in_direct_messages(running: Running, alice: Person) -> None:
    """The bot gets the user instead of a member; a command for servers only isn't offered there."""
    bot = bare_bot()

    @bot.tree.command()
    async def imagine(interaction: discord.Interaction) -> None:
        """Draw."""
        await interaction.response.send_message(f"{interaction.user.name} {interaction.guild_id}")

    @bot.tree.command()
    @discord.app_commands.guild_only()
    async def limits(interaction: discord.Interaction) -> None:
        """Limit."""

    direct = alice.opens_direct_messages()
    async with running(bot):
        interaction = await alice.types("/imagine", direct)
        await interaction.answered()
        with pytest.raises(UnusableError, match="kind of place"):
            await alice.types("/limits", direct)
    assert interaction.original is not None
    assert interaction.original.content == "alice None"
