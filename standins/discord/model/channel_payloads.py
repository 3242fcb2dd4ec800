"""Discord's JSON of a channel, a thread, direct messages or a group."""

from typing import TYPE_CHECKING

from standins.discord.payload import Payload, iso

if TYPE_CHECKING:
    from standins.discord.model.guilds import Channel, Guild

_VOICE: Payload = {"bitrate": 64_000, "user_limit": 0, "rtc_region": None}
_FORUM: Payload = {"available_tags": [], "default_reaction_emoji": None, "default_sort_order": None}
# What only one kind of channel has: those for voices (2, 13), and those made of threads (15, 16).
_PARTICULARS: dict[int, Payload] = {2: _VOICE, 13: _VOICE, 15: _FORUM, 16: _FORUM}


def channel_payload(channel: "Channel") -> Payload:
    """Return what `GET /channels/{id}` answers."""
    last = next((key for key, message in reversed(channel.messages.items()) if message.lasting), None)
    body: Payload = {
        "id": str(channel.id),
        "type": int(channel.type),
        "flags": 0,
        "last_message_id": str(last) if last else None,
    }
    if channel.guild is None:
        body["recipients"] = [user.payload() for user in channel.recipients]
        return body | (_group_payload(channel) if channel.is_group else {})
    body |= {"guild_id": str(channel.guild.id), "name": channel.name, "rate_limit_per_user": 0, "nsfw": False}
    if channel.parent is not None:
        return body | _thread_payload(channel, channel.parent, channel.guild)
    return (
        body
        | _PARTICULARS.get(int(channel.type), {})
        | {
            "position": 0,
            "parent_id": None,
            "topic": None,
            "permission_overwrites": [overwrite.payload() for overwrite in channel.overwrites.values()],
        }
    )


def _group_payload(group: "Channel") -> Payload:
    return {"name": group.name, "icon": None, "owner_id": str(group.recipients[0].id)}


def _thread_payload(thread: "Channel", parent: "Channel", guild: "Guild") -> Payload:
    count = len(thread.messages)
    return {
        "parent_id": str(parent.id),
        "owner_id": str(guild.owner.id),
        "message_count": count,
        "member_count": 1,
        "total_message_sent": count,
        "thread_metadata": {
            "archived": False,
            "archive_timestamp": iso(thread.world.clock.now()),
            "auto_archive_duration": 1440,
            "locked": False,
        },
    }
