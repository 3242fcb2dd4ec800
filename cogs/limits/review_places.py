"""The channels and roles of a review as they are in Discord: their problems, and those that are gone."""

from collections.abc import AsyncIterator, Iterator

import discord

from bot.gateway.client import GuildPlace
from bot.i18n import _
from bot.limits.rulebook import ChannelMode, Rulebook
from cogs.limits.access import cannot_post, find_place
from cogs.shared.access import is_age_restricted
from cogs.shared.command_permissions import missing_to_post
from cogs.shared.discord_errors import Refused, translate_discord_errors


async def review_warnings(guild: discord.Guild, rules: Rulebook) -> list[str]:
    """Return why a server's review doesn't work as its moderators would expect."""
    return [f"⚠️ {sentence}" async for sentence in _warnings(guild, rules)]


async def _warnings(guild: discord.Guild, rules: Rulebook) -> AsyncIterator[str]:
    review = rules.review
    if review is None:
        return
    place = await find_place(guild, review.channel_id)
    sentence = cannot_post(guild, place, review.channel_id, "attach_files")
    if sentence:
        yield sentence
    elif place is not None:
        for each in _problems_in(guild, place):
            yield each
    if place is not None and not is_age_restricted(place) and _has_age_restricted(guild, rules):
        yield _(
            "{channel} isn't age-restricted, so I can't show requests from age-restricted channels there. They wait "
            "for their deadline.",
            channel=place.mention,
        )
    roles, channels = await existing(guild, rules)
    if not (review.everyone or roles or channels):
        yield _("Nobody is reviewed, because no listed channel or role exists any more.")


def _problems_in(guild: discord.Guild, place: GuildPlace) -> Iterator[str]:
    """Yield what doesn't work as expected in a review channel in which the bot can post."""
    missing = missing_to_post(place.permissions_for(guild.me), place, "read_message_history")
    if missing:
        yield _(
            "I can't read earlier messages in {channel}. After a crash, I may post a request there twice, and once you "
            "decide, the card loses its picture. I need: {permissions}",
            channel=place.mention,
            permissions=" · ".join(f"**{name}**" for name in missing),
        )
    if _can_everybody_read(guild, place):
        yield _(
            "Everybody can read {channel}, also what a moderator rejects. To keep that unseen, hide the channel from "
            "members.",
            channel=place.mention,
        )


def _can_everybody_read(guild: discord.Guild, place: GuildPlace) -> bool:
    is_private = isinstance(place, discord.Thread) and place.is_private()
    return not is_private and place.permissions_for(guild.default_role).view_channel


def _has_age_restricted(guild: discord.Guild, rules: Rulebook) -> bool:
    """Return True if the review applies to an age-restricted channel in which pictures are allowed."""
    in_all = rules.review is not None and (rules.review.everyone or rules.review_roles)
    restricted = {channel.id for channel in guild.channels if is_age_restricted(channel)}
    if rules.channel_mode is not None:
        listed = restricted & rules.channels
        restricted = listed if rules.channel_mode is ChannelMode.ALLOW else restricted - listed
    return bool(restricted if in_all else restricted & rules.review_channels)


async def existing(guild: discord.Guild, rules: Rulebook) -> tuple[frozenset[int], frozenset[int]]:
    """Return the listed roles and channels that were not deleted."""
    roles = frozenset(id_ for id_ in rules.review_roles if guild.get_role(id_) is not None)
    channels = frozenset([id_ for id_ in rules.review_channels if not await _is_gone(guild, id_)])
    return roles, channels


async def _is_gone(guild: discord.Guild, channel_id: int) -> bool:
    if guild.get_channel_or_thread(channel_id) is not None:
        return False
    try:
        with translate_discord_errors():  # an archived thread is in no list of the bot's
            await guild.fetch_channel(channel_id)
    except Refused as refused:
        return refused.is_gone
    return False


def place_and_parent(guild: discord.Guild, channel_id: int) -> frozenset[int]:
    """Return a channel's id and, of a thread, the id of the channel that it belongs to."""
    place = guild.get_channel_or_thread(channel_id)
    return frozenset({channel_id} | ({place.parent_id} if isinstance(place, discord.Thread) else set()))
