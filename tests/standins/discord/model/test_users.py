"""Other actions of people: stickers, links, reactions; and messages that a bot deletes itself."""

import aiohttp
import discord
import pytest

from standins.discord import DiscordStandIn, StickerFormat, Upload
from standins.discord.client.person import Person
from standins.discord.model.channels import Channel
from tests.standins.discord.conftest import Running, bare_bot, png
from tests.standins.discord.gateway.test_gateway import Listening


async def test_a_sticker_comes_with_its_message(
    running: Running, standin: DiscordStandIn, channel: Channel, alice: Person
) -> None:
    """discord.py knows it by name and format, and the CDN serves it below `/stickers`, unsigned."""
    wave = standin.world.add_sticker("wave", png())
    dance = standin.world.add_sticker("dance", b"{}", StickerFormat.LOTTIE)
    bot = bare_bot()
    async with running(bot), aiohttp.ClientSession() as session:
        heard = bot.wait_for("message", timeout=60)
        await alice.sends(channel, stickers=[wave, dance])
        [first, second] = (await heard).stickers
        path = first.url.removeprefix(discord.Asset.BASE)
        async with (
            session.get(standin.cdn_url + path) as served,
            session.get(f"{standin.cdn_url}/stickers/1.png") as no,
        ):
            assert (await served.read(), served.content_type) == (png(), "image/png")
            assert no.status == 404
    assert (first.name, first.format) == ("wave", discord.StickerFormatType.png)
    assert (second.name, second.format) == ("dance", discord.StickerFormatType.lottie)


async def test_a_link_becomes_an_embed(running: Running, channel: Channel, alice: Person) -> None:
    """A message can carry what Discord made of its links, images included."""
    bot = bare_bot()
    image = {"url": "https://example.org/boat.png", "proxy_url": "https://proxy/boat.png", "width": 4, "height": 2}
    async with running(bot):
        heard = bot.wait_for("message", timeout=60)
        to_the_bot = f"<@{channel.platform.bot.id}> https://example.org/boat"
        await alice.sends(channel, to_the_bot, embeds=[{"title": "A boat", "image": image}])
        [embed] = (await heard).embeds
    assert (embed.title, embed.image.url, embed.image.width) == ("A boat", "https://example.org/boat.png", 4)


@pytest.mark.parametrize("kind", ["thread", "direct messages"])
async def test_reactions_come_and_go_everywhere(running: Running, channel: Channel, alice: Person, kind: str) -> None:
    """In threads and direct messages the bot gets the emoji, its user and the message, also for removals."""
    place = channel.add_thread("boats") if kind == "thread" else alice.opens_direct_messages()
    bot, listening = bare_bot(dm_reactions=True), Listening()
    await bot.add_cog(listening)
    async with running(bot):
        message = await alice.sends(place, "look", attachments=[Upload("a.png", png())])
        await alice.reacts(message, "🎲")
        await alice.reacts(message, "🎲")
        gone = bot.wait_for("raw_reaction_remove", timeout=60)
        await alice.unreacts(message, "🎲")
        removed = await gone
        await alice.reacts(message, "🎲")
        await listening.heard(reactions=2)
    assert [event.message_author_id for event in listening.reactions] == [alice.id] * 2
    assert (removed.message_id, str(removed.emoji), removed.user_id) == (message.id, "🎲", alice.id)
    assert (removed.guild_id is None, removed.member) == (kind == "direct messages", None)


async def test_a_message_can_go_away_by_itself(running: Running, channel: Channel, alice: Person) -> None:
    """A message that discord.py posts with `delete_after` is deleted after that, in public and in private."""
    bot = bare_bot()

    @bot.tree.command()
    async def imagine(interaction: discord.Interaction) -> None:
        """Draw."""
        await interaction.response.send_message("not now", ephemeral=True, delete_after=0.05)

    async with running(bot):
        asked = await alice.types("/imagine", channel)
        await asked.answered()
        known = bot.get_channel(channel.id)
        assert isinstance(known, discord.TextChannel)
        await known.send("not here", delete_after=0.05)
        assert len(channel.messages) == 2
        await channel.platform.news.until(lambda: not channel.messages_for(alice), 5)


async def test_a_private_message_changes_under_its_button(running: Running, channel: Channel, alice: Person) -> None:
    """A press on it edits it in place, may add another private message, and may take it away."""
    bot = bare_bot()

    class Sure(discord.ui.View):
        @discord.ui.button(label="Delete", custom_id="delete")
        async def delete(self, interaction: discord.Interaction, _: discord.ui.Button["Sure"]) -> None:
            await interaction.response.edit_message(content="deleted", view=None)
            await interaction.followup.send("and noted", ephemeral=True)

        @discord.ui.button(label="Keep", custom_id="keep")
        async def keep(self, interaction: discord.Interaction, _: discord.ui.Button["Sure"]) -> None:
            await interaction.response.defer()
            await interaction.delete_original_response()

    @bot.tree.command()
    async def imagine(interaction: discord.Interaction) -> None:
        """Draw."""
        await interaction.response.send_message("sure?", view=Sure(), ephemeral=True)

    left = ["deleted", "and noted"]
    async with running(bot):
        for button in ("Delete", "Keep"):
            asked = await alice.types("/imagine", channel)
            await asked.answered()
            assert asked.original is not None
            await alice.presses(asked.original, button)
            await channel.platform.news.until(lambda: [m.content for m in channel.messages_for(alice)] == left, 60)
    assert all(message.visible_only_to is alice.user for message in channel.messages.values())
