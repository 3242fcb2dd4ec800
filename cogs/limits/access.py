"""Channels, roles, blocks, words and the audit log's channel: the part of `/limits` that doesn't count anything."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Final

import discord
from discord import app_commands
from discord.app_commands import Choice, Range

from bot.errors import InvalidRequest
from bot.gateway.client import GuildPlace
from bot.i18n import _, ngettext
from bot.limits.bounds import WORD_MAX
from bot.limits.moderation import Moderation
from bot.limits.rulebook import Block, ChannelMode, ChannelStyle, Rulebook
from bot.limits.word_filter import find_blocked_word
from bot.picture.style import NAME_MAX
from bot.styles.styles import Styles
from cogs.limits.changes import ModeratorsGroup, change_rules, make_change, say
from cogs.limits.views import tested_words, words_list
from cogs.shared.access import ImagineInteraction, known_guild, origin_of
from cogs.shared.answers import defer
from cogs.shared.command_permissions import missing_to_post
from cogs.shared.discord_errors import Refused, translate_discord_errors
from cogs.shared.durations import parse_until
from cogs.shared.places import Place
from cogs.shared.style_choices import style_choices
from cogs.ui.text import one_line

Word = Range[str, 1, WORD_MAX]
BLOCK: Final = "block"
UNTIL_MAX: Final = 40
_CHOICES_MAX = 25  # Discord's bound


class ChannelsGroup(ModeratorsGroup):
    """The list of channels in which pictures are allowed or blocked, and their styles; threads follow their parents."""

    def __init__(self, moderation: Moderation, styles: Styles, **options: Any) -> None:  # noqa: ANN401  (discord.py's)
        super().__init__(moderation, **options)
        self._styles = styles

    @app_commands.command()
    @app_commands.describe(channel="Channel in which to allow pictures")
    async def allow(self, interaction: ImagineInteraction, channel: Place) -> None:
        """Allow pictures only in the listed channels. Replaces the list of blocked channels."""
        await change_rules(self._moderation, interaction, lambda rules: _listing(rules, ChannelMode.ALLOW, channel))

    @app_commands.command()
    @app_commands.describe(channel="Channel in which to block pictures")
    async def deny(self, interaction: ImagineInteraction, channel: Place) -> None:
        """Block pictures in the listed channels. Replaces the list of allowed channels."""
        await change_rules(self._moderation, interaction, lambda rules: _listing(rules, ChannelMode.DENY, channel))

    @app_commands.command()
    @app_commands.describe(channel="Channel to take off the list")
    async def remove(self, interaction: ImagineInteraction, channel: Place) -> None:
        """Take a channel off the list. Once the list is empty, pictures are allowed everywhere."""
        await change_rules(
            self._moderation,
            interaction,
            lambda rules: rules.with_channels(rules.channel_mode, rules.channels - {channel}),
        )

    @app_commands.command()
    @app_commands.describe(
        channel="Channel, with its threads",
        on="True: any reply that pings me. False: only replies that name me",
    )
    async def replies(self, interaction: ImagineInteraction, channel: Place, on: bool) -> None:
        """Choose whether any reply that pings me edits the picture that it replies to."""
        await change_rules(self._moderation, interaction, lambda rules: rules.with_reply_edits(channel, on=on))

    @app_commands.command()
    @app_commands.describe(
        channel="Channel, with its threads",
        on="True: new pictures are spoilers, unless a member chooses otherwise. False: they're shown",
    )
    async def spoilers(self, interaction: ImagineInteraction, channel: Place, on: bool) -> None:
        """Choose whether new pictures in a channel are blurred until someone clicks them."""
        await change_rules(self._moderation, interaction, lambda rules: rules.with_spoilers(channel, on=on))

    @app_commands.command()
    @app_commands.describe(
        channel="Channel, with its threads",
        style="One of the server's styles. Empty = none",
        required="True: no other style is allowed there. False: only pictures without a style get it",
    )
    async def style(
        self,
        interaction: ImagineInteraction,
        channel: Place,
        style: Range[str, 1, NAME_MAX] | None = None,
        required: bool = False,
    ) -> None:
        """Choose the style that pictures in a channel get, or must have."""
        await defer(interaction)
        chosen = None
        if style is not None:
            found = await self._styles.find_of(origin_of(interaction).server_key, style)
            chosen = ChannelStyle(style_id=found.id, name=found.name, required=required)
        await change_rules(self._moderation, interaction, lambda rules: rules.with_channel_style(channel, chosen))

    @style.autocomplete("style")
    async def _complete_style(self, interaction: ImagineInteraction, typed: str) -> list[Choice[str]]:
        names = self._styles.names.of(origin_of(interaction).server_key)
        return style_choices(names, typed, interaction.user.id)

    @app_commands.command()
    async def clear(self, interaction: ImagineInteraction) -> None:
        """Allow pictures in all channels."""
        await change_rules(self._moderation, interaction, lambda rules: rules.with_channels(None, ()))


class RolesGroup(ModeratorsGroup):
    """The roles whose members can draw; without any, everyone can."""

    @app_commands.command()
    @app_commands.describe(role="Role whose members can make pictures")
    async def allow(self, interaction: ImagineInteraction, role: discord.Role) -> None:
        """Allow pictures only for members with one of the listed roles."""
        check_can_have(role)
        await change_rules(
            self._moderation, interaction, lambda rules: rules.with_allowed_roles(rules.allowed_roles | {role.id})
        )

    @app_commands.command()
    @app_commands.describe(role="Role to take off the list")
    async def remove(self, interaction: ImagineInteraction, role: discord.Role) -> None:
        """Take a role off the list. Once the list is empty, everyone can make pictures."""
        await change_rules(
            self._moderation, interaction, lambda rules: rules.with_allowed_roles(rules.allowed_roles - {role.id})
        )

    @app_commands.command()
    async def clear(self, interaction: ImagineInteraction) -> None:
        """Allow pictures for everyone."""
        await change_rules(self._moderation, interaction, lambda rules: rules.with_allowed_roles(()))


def check_can_have(role: discord.Role) -> None:
    """Raise `InvalidRequest` for a role that no member can have: a bot's own."""
    message = _of_bot(role)
    if message:
        raise InvalidRequest("\n".join([message, _("Nothing was changed.")]))


def cannot_have(guild: discord.Guild, role_id: int) -> str:
    """Return a sentence if no member can have a role, because it was deleted or is a bot's own; otherwise nothing."""
    role = guild.get_role(role_id)
    if role is None:
        return _("{role} isn't a role of this server any more.", role=f"<@&{role_id}>")
    return _of_bot(role)


def _of_bot(role: discord.Role) -> str:
    return _("{role} belongs to a bot, and no member can have it.", role=role.mention) if role.is_bot_managed() else ""


class WordsGroup(ModeratorsGroup):
    """The words that no prompt may have."""

    async def _rules_of(self, interaction: ImagineInteraction) -> Rulebook:
        return await self._moderation.rulebook(origin_of(interaction).server_key)

    @app_commands.command()
    @app_commands.describe(
        word="Word or phrase. Case, accents and look-alike letters make no difference",
        adult="True: allow it in age-restricted channels. False: block it in all channels",
    )
    async def add(self, interaction: ImagineInteraction, word: Word, adult: bool = False) -> None:
        """Block a word in prompts."""
        kept = one_line(word).casefold()
        if find_blocked_word(kept, [kept]) is None:
            raise InvalidRequest(_("A blocked word needs at least one letter or digit."))
        await change_rules(self._moderation, interaction, lambda rules: rules.with_word(kept, adult=adult))

    @app_commands.command()
    @app_commands.describe(word="Blocked word")
    async def remove(self, interaction: ImagineInteraction, word: Word) -> None:
        """Allow a blocked word again."""
        kept = one_line(word).casefold()
        await change_rules(self._moderation, interaction, lambda rules: rules.without_word(kept))

    @remove.autocomplete("word")
    async def _complete_word(self, interaction: ImagineInteraction, typed: str) -> list[Choice[str]]:
        if not interaction.permissions.manage_guild:
            return []
        words = sorted(word for word in (await self._rules_of(interaction)).all_words if typed.casefold() in word)
        return [Choice(name=word, value=word) for word in words[:_CHOICES_MAX]]

    @app_commands.command()
    async def list(self, interaction: ImagineInteraction) -> None:
        """Show all blocked words."""
        await defer(interaction)
        await say(interaction, words_list(await self._rules_of(interaction)))

    @app_commands.command()
    @app_commands.describe(text="Prompt to test")
    async def test(self, interaction: ImagineInteraction, text: Range[str, 1, 2000]) -> None:
        """Test which blocked words a prompt contains."""
        await defer(interaction)
        await say(interaction, tested_words(await self._rules_of(interaction), text))


async def block_member(
    moderation: Moderation, interaction: ImagineInteraction, member_id: int, reason: str, until: str | None
) -> None:
    """Block a member, cancel and refund their waiting pictures, and answer privately."""
    end = None if until is None else parse_until(until, datetime.now(UTC))
    entry = Block(reason=one_line(reason), until=end)
    words = await make_change(
        moderation, interaction, lambda rules: rules.with_block(member_id, entry), command=f"/limits {BLOCK}"
    )
    cancelled = await moderation.cancel_waiting(origin_of(interaction).server_key, member_id)
    if cancelled:
        words += "\n" + ngettext(
            "{count} waiting picture cancelled and refunded.",
            "{count} waiting pictures cancelled and refunded.",
            cancelled,
        )
    await say(interaction, words)


async def check_may_write(interaction: ImagineInteraction, channel_id: int, *more: str) -> None:
    """Raise `InvalidRequest` if the bot could not post there, or lacks `more` permissions that this takes."""
    guild = await known_guild(interaction)
    message = cannot_post(guild, await find_place(guild, channel_id), channel_id, *more)
    if message:
        raise InvalidRequest("\n".join([message, _("Nothing was changed.")]))


async def find_place(guild: discord.Guild, channel_id: int) -> GuildPlace | None:
    """Return a channel or thread of a server, also an archived one, or None if the bot can't see it."""
    try:
        with translate_discord_errors():
            return guild.get_channel_or_thread(channel_id) or await guild.fetch_channel(channel_id)
    except Refused:
        return None


def cannot_post(guild: discord.Guild, place: GuildPlace | None, channel_id: int, *more: str) -> str:
    """Return a sentence if the bot could not post in a place, or lacks `more` permissions; otherwise nothing."""
    missing: Sequence[str] = (_("View Channel"),)
    if place is not None:
        missing = missing_to_post(place.permissions_for(guild.me), place, *more)
    if not missing:
        return ""
    needed = " · ".join(f"**{name}**" for name in missing)
    return _("I can't post in {channel}. I need: {permissions}", channel=f"<#{channel_id}>", permissions=needed)


def _listing(rules: Rulebook, mode: ChannelMode, channel_id: int) -> Rulebook:
    listed = rules.channels if rules.channel_mode is mode else frozenset()
    return rules.with_channels(mode, listed | {channel_id})
