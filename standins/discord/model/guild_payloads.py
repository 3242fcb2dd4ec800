"""Discord's JSON of a server: as REST tells it, and as the gateway introduces it."""

from standins.discord.model.guilds import Guild
from standins.discord.payload import Payload, iso


def guild_payload(guild: Guild) -> Payload:
    """Return what `GET /guilds/{id}` answers."""
    nobody = dict.fromkeys(
        (
            "icon",
            "description",
            "home_header",
            "splash",
            "discovery_splash",
            "banner",
            "application_id",
            "afk_channel_id",
            "widget_channel_id",
            "max_presences",
            "vanity_url_code",
            "rules_channel_id",
            "safety_alerts_channel_id",
            "public_updates_channel_id",
            "incidents_data",
        )
    )
    return nobody | {
        "id": str(guild.id),
        "name": guild.name,
        "features": guild.features,
        "owner_id": str(guild.owner.id),
        "region": "us-east",
        "afk_timeout": 300,
        "system_channel_id": None if guild.system_channel is None else str(guild.system_channel.id),
        "system_channel_flags": 0,
        "widget_enabled": False,
        "verification_level": 0,
        "roles": [role.payload() for role in guild.roles.values()],
        "default_message_notifications": 0,
        "mfa_level": 0,
        "explicit_content_filter": 0,
        "max_members": 500_000,
        "max_stage_video_channel_users": 50,
        "max_video_channel_users": 25,
        "premium_tier": guild.boost,
        "premium_subscription_count": (0, 2, 7, 14)[guild.boost],
        "preferred_locale": guild.preferred_locale,
        "premium_progress_bar_enabled": False,
        "nsfw": False,
        "nsfw_level": 0,
        "emojis": [],
        "stickers": [],
    }


def guild_joined(guild: Guild) -> Payload:
    """Return what GUILD_CREATE carries when the bot joins; only a known server's is marked as available."""
    return {name: value for name, value in guild_create(guild).items() if name != "unavailable"}


def guild_create(guild: Guild) -> Payload:
    """Return what GUILD_CREATE carries: without the members intent, the bot is the only member that it names."""
    channels = list(guild.channels.values())
    return guild_payload(guild) | {
        "joined_at": iso(guild.me.joined),
        "large": False,
        "unavailable": False,
        "member_count": len(guild.members),
        "members": [guild.me.payload()],
        "channels": [channel.payload() for channel in channels if not channel.is_thread],
        "threads": [channel.payload() for channel in channels if channel.is_thread],
        "voice_states": [],
        "presences": [],
        "stage_instances": [],
        "guild_scheduled_events": [],
        "soundboard_sounds": [],
    }
