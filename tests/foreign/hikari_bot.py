"""The bot in hikari."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

import hikari
from hikari.api import CommandBuilder
from hikari.impl import (
    AutocompleteChoiceBuilder,
    ContainerComponentBuilder,
    MediaGalleryItemBuilder,
    TextDisplayComponentBuilder,
)
from hikari.interactions.base_interactions import ResponseType

from standins.discord import DiscordStandIn

INTENTS = (
    hikari.Intents.GUILDS
    | hikari.Intents.GUILD_MESSAGES
    | hikari.Intents.GUILD_MESSAGE_REACTIONS
    | hikari.Intents.DM_MESSAGES
)
MESSAGE: Final = ResponseType.MESSAGE_CREATE
EDIT: Final = ResponseType.MESSAGE_UPDATE
PRIVATE = hikari.MessageFlag.EPHEMERAL
PICTURE = hikari.Bytes(b"picture", "picture.png")


def _commands(rest: hikari.api.RESTClient) -> list[CommandBuilder]:
    def option(name: str, kind: hikari.OptionType, *, required: bool, completed: bool = False) -> hikari.CommandOption:
        return hikari.CommandOption(
            type=kind, name=name, description=name, is_required=required, autocomplete=completed
        )

    imagine = rest.slash_command_builder("imagine", "Draw.")
    imagine.add_option(option("prompt", hikari.OptionType.STRING, required=True))
    imagine.add_option(option("ratio", hikari.OptionType.STRING, required=False, completed=True))
    imagine.add_option(option("image", hikari.OptionType.ATTACHMENT, required=False))
    others = [rest.slash_command_builder(name, name) for name in ("panel", "card", "form")]
    menus = [
        rest.context_menu_command_builder(hikari.CommandType.USER, "Portrait"),
        rest.context_menu_command_builder(hikari.CommandType.MESSAGE, "Imagine from this"),
    ]
    return [imagine, *others, *menus]


async def _imagine(interaction: hikari.CommandInteraction) -> None:
    await interaction.create_initial_response(ResponseType.DEFERRED_MESSAGE_CREATE)
    options = {option.name: option.value for option in interaction.options or ()}
    content = b""
    if "image" in options and interaction.resolved:
        [attachment] = interaction.resolved.attachments.values()
        content = await attachment.read()
    words = f"{options['prompt']} {options.get('ratio', '1:1')} {len(content)}"
    await interaction.edit_initial_response(words, attachment=hikari.Bytes(content or b"picture", "picture.png"))
    await interaction.edit_initial_response(f"done: {words}")


async def _panel(interaction: hikari.CommandInteraction) -> None:
    rest = interaction.app.rest
    buttons = rest.build_message_action_row()
    buttons.add_interactive_button(hikari.ButtonStyle.SECONDARY, "again", label="Again")
    menus = rest.build_message_action_row()
    menu = menus.add_text_menu("ratio")
    menu.add_option("wide", "16:9")
    menu.add_option("tall", "9:16")
    guild = interaction.get_guild()
    name = guild.name if guild else ""
    await interaction.create_initial_response(MESSAGE, f"panel in {name}", components=[buttons, menus])


async def _card(interaction: hikari.CommandInteraction) -> None:
    row = interaction.app.rest.build_message_action_row()
    row.add_interactive_button(hikari.ButtonStyle.SECONDARY, "again-card", label="Again")
    card = ContainerComponentBuilder()
    card.add_text_display("a card")
    card.add_media_gallery([MediaGalleryItemBuilder(media=PICTURE)])
    card.add_component(row)
    await interaction.create_initial_response(MESSAGE, component=card, flags=hikari.MessageFlag.IS_COMPONENTS_V2)


async def _form(interaction: hikari.CommandInteraction) -> None:
    row = interaction.app.rest.build_modal_action_row()
    row.add_text_input("words", "Words", max_length=10)
    await interaction.create_modal_response("Edit", "edit", component=row)


async def _portrait(interaction: hikari.CommandInteraction) -> None:
    assert interaction.resolved
    [member] = interaction.resolved.members.values()
    await interaction.create_initial_response(MESSAGE, f"portrait of {member.display_name}", flags=PRIVATE)


async def _from_this(interaction: hikari.CommandInteraction) -> None:
    assert interaction.resolved
    [message] = interaction.resolved.messages.values()
    await interaction.create_initial_response(MESSAGE, f"from: {message.content}", flags=PRIVATE)


COMMANDS = {
    "imagine": _imagine,
    "panel": _panel,
    "card": _card,
    "form": _form,
    "Portrait": _portrait,
    "Imagine from this": _from_this,
}


async def _use(interaction: hikari.ComponentInteraction) -> None:
    match interaction.custom_id:
        case "again":
            name = interaction.user.display_name
            await interaction.create_initial_response(EDIT, f"pressed by {name}", components=[])
        case "again-card":
            await interaction.create_initial_response(
                EDIT, component=TextDisplayComponentBuilder(content="card pressed")
            )
        case _:
            await interaction.create_initial_response(ResponseType.DEFERRED_MESSAGE_UPDATE)
            await interaction.execute(f"chose {', '.join(interaction.values)}", flags=PRIVATE)


async def _submit(interaction: hikari.ModalInteraction) -> None:
    [words] = [part for row in interaction.components for part in row]
    assert isinstance(words, hikari.TextInputComponent)
    await interaction.create_initial_response(MESSAGE, f"words: {words.value}")


async def _on_interaction(event: hikari.InteractionCreateEvent) -> None:
    match event.interaction:
        case hikari.CommandInteraction() as command:
            await COMMANDS[command.command_name](command)
        case hikari.AutocompleteInteraction() as completion:
            typed = next(option.value for option in completion.options if option.is_focused)
            await completion.create_response([AutocompleteChoiceBuilder(f"{typed}:9 widescreen", f"{typed}:9")])
        case hikari.ComponentInteraction() as component:
            await _use(component)
        case hikari.ModalInteraction() as modal:
            await _submit(modal)


async def _on_reaction(event: hikari.GuildReactionAddEvent) -> None:
    await event.app.rest.create_message(event.channel_id, f"reaction {event.emoji_name}")


async def _on_direct_message(event: hikari.DMMessageCreateEvent) -> None:
    if event.is_human:
        await event.message.respond(f"echo: {event.content}")


@asynccontextmanager
async def running(standin: DiscordStandIn) -> AsyncIterator[None]:
    """Run the bot on a stand-in until the block ends."""
    bot = hikari.GatewayBot(standin.token, rest_url=standin.api_url, intents=INTENTS, banner=None, logs=None)
    bot.subscribe(hikari.InteractionCreateEvent, _on_interaction)
    bot.subscribe(hikari.GuildReactionAddEvent, _on_reaction)
    bot.subscribe(hikari.DMMessageCreateEvent, _on_direct_message)
    await bot.start(check_for_updates=False)
    try:
        await bot.rest.set_application_commands(standin.application_id, _commands(bot.rest))
        yield
    finally:
        await bot.close()
