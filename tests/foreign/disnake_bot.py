"""The bot in disnake."""

import asyncio
import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import disnake
from disnake.ext import commands
from disnake.interactions import (
    ApplicationCommandInteraction,
    MessageCommandInteraction,
    MessageInteraction,
    ModalInteraction,
    UserCommandInteraction,
)
from disnake.ui.select import StringSelect

from standins.discord import DiscordStandIn

INTENTS = disnake.Intents(
    guilds=True, guild_messages=True, guild_reactions=True, dm_messages=True, message_content=False
)


def new_bot() -> commands.InteractionBot:
    """Return the bot with its commands and listeners."""
    bot = commands.InteractionBot(intents=INTENTS)
    _add_pictures(bot)
    _add_menus(bot)
    _add_listeners(bot)
    return bot


def _add_pictures(bot: commands.InteractionBot) -> None:
    async def ratios(_: ApplicationCommandInteraction[commands.InteractionBot], typed: str) -> dict[str, str]:
        return {f"{typed}:9 widescreen": f"{typed}:9"}

    @bot.slash_command()
    async def imagine(
        inter: ApplicationCommandInteraction[commands.InteractionBot],
        prompt: str,
        ratio: str = commands.Param("1:1", autocomplete=ratios),
        image: disnake.Attachment | None = None,
    ) -> None:
        """Draw."""
        await inter.response.defer()
        content = await image.read() if image else b""
        file = disnake.File(io.BytesIO(content or b"picture"), "picture.png")
        await inter.edit_original_response(f"{prompt} {ratio} {len(content)}", file=file)
        await inter.edit_original_response(f"done: {prompt} {ratio} {len(content)}")


def _add_menus(bot: commands.InteractionBot) -> None:
    @bot.slash_command()
    async def panel(inter: ApplicationCommandInteraction[commands.InteractionBot]) -> None:
        """Show a button and a menu."""
        rows = [
            disnake.ui.ActionRow(disnake.ui.Button(label="Again", custom_id="again")),
            disnake.ui.ActionRow(StringSelect(custom_id="ratio", options={"wide": "16:9", "tall": "9:16"})),
        ]
        await inter.response.send_message(f"panel in {inter.guild.name if inter.guild else ''}", components=rows)

    @bot.slash_command()
    async def card(inter: ApplicationCommandInteraction[commands.InteractionBot]) -> None:
        """Show a card of components."""
        again = disnake.ui.Button(label="Again", custom_id="again-card")
        parts = disnake.ui.Container(
            disnake.ui.TextDisplay("a card"),
            disnake.ui.MediaGallery(disnake.MediaGalleryItem("attachment://picture.png")),
            disnake.ui.ActionRow(again),
        )
        file = disnake.File(io.BytesIO(b"picture"), "picture.png")
        await inter.response.send_message(components=[parts], file=file)

    @bot.slash_command()
    async def form(inter: ApplicationCommandInteraction[commands.InteractionBot]) -> None:
        """Open a form."""
        words = disnake.ui.TextInput(label="Words", custom_id="words", max_length=10)
        await inter.response.send_modal(title="Edit", custom_id="edit", components=[words])

    @bot.user_command(name="Portrait")
    async def portrait(
        inter: UserCommandInteraction[commands.InteractionBot], user: disnake.User | disnake.Member
    ) -> None:
        await inter.response.send_message(f"portrait of {user.display_name}", ephemeral=True)

    @bot.message_command(name="Imagine from this")
    async def from_this(inter: MessageCommandInteraction[commands.InteractionBot], message: disnake.Message) -> None:
        await inter.response.send_message(f"from: {message.content}", ephemeral=True)


def _add_listeners(bot: commands.InteractionBot) -> None:
    @bot.listen()
    async def on_button_click(inter: MessageInteraction[commands.InteractionBot]) -> None:
        if inter.component.custom_id == "again-card":
            await inter.response.edit_message(components=[disnake.ui.TextDisplay("card pressed")])
        else:
            await inter.response.edit_message(f"pressed by {inter.author.display_name}", components=[])

    @bot.listen()
    async def on_dropdown(inter: MessageInteraction[commands.InteractionBot]) -> None:
        await inter.response.defer()
        await inter.followup.send(f"chose {', '.join(inter.values or [])}", ephemeral=True)

    @bot.listen()
    async def on_modal_submit(inter: ModalInteraction[commands.InteractionBot]) -> None:
        await inter.response.send_message(f"words: {inter.text_values['words']}")

    @bot.listen()
    async def on_raw_reaction_add(event: disnake.RawReactionActionEvent) -> None:
        channel = bot.get_channel(event.channel_id)
        if isinstance(channel, disnake.TextChannel):
            await channel.send(f"reaction {event.emoji}")

    @bot.listen()
    async def on_message(message: disnake.Message) -> None:
        if message.guild is None and not message.author.bot:
            await message.channel.send(f"echo: {message.content}")


@asynccontextmanager
async def running(standin: DiscordStandIn) -> AsyncIterator[None]:
    """Run the bot on a stand-in until the block ends."""
    route = disnake.http.Route
    before, route.BASE = route.BASE, standin.api_url
    try:
        bot = new_bot()
        starting = asyncio.create_task(bot.start(standin.token))
        try:
            await bot.wait_until_first_connect()
            yield
        finally:
            await bot.close()
            await asyncio.wait([starting])
    finally:
        route.BASE = before
