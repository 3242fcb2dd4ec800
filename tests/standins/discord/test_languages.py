"""People and servers have languages, which apps get with each interaction."""

import discord
from discord import app_commands

from standins.discord import DiscordStandIn
from standins.discord.client.person import Person
from standins.discord.model.channels import Channel
from standins.discord.model.guilds import Guild
from tests.standins.discord.conftest import Bot, Running, bare_bot


class German(app_commands.Translator):
    """Knows two words."""

    async def translate(
        self,
        string: app_commands.locale_str,
        locale: discord.Locale,
        context: app_commands.TranslationContextTypes,  # noqa: ARG002  (the same everywhere)
    ) -> str | None:
        """Return a word in German."""
        return {"imagine": "male", "prompt": "motiv"}.get(string.message) if locale.value == "de" else None


def speaking_bot() -> Bot:
    """Return a bot that says which languages came with a command."""
    bot = bare_bot()

    @bot.tree.command()
    async def imagine(interaction: discord.Interaction, prompt: str) -> None:
        """Draw."""
        guild = interaction.guild
        await interaction.response.send_message(
            f"{prompt} {interaction.locale} {interaction.guild_locale} {guild and guild.features}"
        )

    return bot


async def _said(alice: Person, channel: Channel, command: str = "/imagine", **options: str) -> str:
    interaction = await alice.types(command, channel, **options or {"prompt": "boat"})
    await interaction.answered()
    assert interaction.original is not None
    return interaction.original.content


async def test_an_interaction_has_the_languages_of_the_person_and_the_server(
    running: Running, standin: DiscordStandIn, guild: Guild, channel: Channel, alice: Person
) -> None:
    """A server has English until it is a community; outside servers there is only the person's language."""
    alice.user.locale = "ja"
    async with running(speaking_bot()):
        assert await _said(alice, channel) == "boat ja en-US []"
        standin.world.make_community(guild, "uk")
        assert await _said(alice, channel) == "boat ja uk ['COMMUNITY']"
        assert (await _said(alice, alice.opens_direct_messages())).startswith("boat ja None")


async def test_a_bot_hears_that_a_server_has_become_a_community(
    running: Running, standin: DiscordStandIn, guild: Guild
) -> None:
    """GUILD_UPDATE brings the feature and the preferred language."""
    bot = speaking_bot()
    async with running(bot):
        standin.world.make_community(guild, "fr")
        _, after = await bot.wait_for("guild_update", timeout=60)
    assert (after.preferred_locale, after.features) == (discord.Locale.french, ["COMMUNITY"])


async def test_a_client_takes_the_names_of_its_language(running: Running, channel: Channel, alice: Person) -> None:
    """The app gets the names under which it registered the command, whatever people type."""
    bot = speaking_bot()
    alice.user.locale = "de"
    async with running(bot):
        await bot.tree.set_translator(German())
        await bot.tree.sync()
        assert await _said(alice, channel, "/male", motiv="boot") == "boot de en-US []"
        assert await _said(alice, channel, "/imagine", prompt="boat") == "boat de en-US []"
        [offered] = alice.sees_commands(1, channel)
    assert (offered.shown("name", "de"), offered.shown("name", "fr")) == ("male", "imagine")


async def test_people_can_be_made_to_read_an_apps_texts_otherwise(
    running: Running, standin: DiscordStandIn, channel: Channel, alice: Person
) -> None:
    """The app still gets its messages as it wrote them."""
    standin.world.platform.reads = str.upper
    async with running(speaking_bot()):
        assert await _said(alice, channel) == "BOAT EN-US EN-US []"
    [message] = channel.messages_for(alice)
    assert message.payload()["content"] == "boat en-US en-US []"
