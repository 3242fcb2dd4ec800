"""Faults of Discord, and a promise for each."""

from enum import unique

from tests.promises.fault import Fault


@unique
class DiscordFault(Fault):
    """Faults of Discord: the gateway, calls, permissions and tokens."""

    GATEWAY_DROPPED = (
        "The gateway connection drops, or Discord asks to reconnect",
        "Requests from that moment are handled when the session resumes.",
    )
    SESSION_INVALID = (
        "Discord invalidates the session",
        "The bot opens another one. Unfinished pictures still arrive.",
    )
    GUILD_UNAVAILABLE = (
        "A server's data isn't loaded yet, after a start or a new session",
        "A request's own roles apply. Mentions, reactions and `/limits log` wait some seconds, then say to try again.",
    )
    EDIT_RATE_LIMIT = (
        "Edit rate limit in a channel, while many members request by mention",
        "Progress edits share one pace, and finished pictures go first.",
    )
    EVERY_KIND = (
        "Any kind of channel, message or member that Discord has",
        "A picture, an error message, or deliberate silence.",
    )
    GATEWAY_SILENT = (
        "The gateway is silent",
        "Unfinished pictures still arrive.",
    )
    DISCORD_CALL_FAILS = (
        "5xx or 429 to any call, whether or not Discord acted on it",
        "Each call is retried until it succeeds, and takes effect once.",
    )
    DISCORD_UNREADABLE = (
        "Unreadable responses: empty, cut off, HTML, other JSON, 429 without a pause",
        "The bot checks whether the call took effect, and does it once. A rejection is still reported.",
    )
    RATE_LIMIT_WITHOUT_PAUSE = (
        "429 without a pause, on the edit with the picture",
        "It counts as a rate limit: Discord did not execute the edit, which is repeated.",
    )
    DISCORD_WRONG_SERVER = (
        "Another service responds at `DISCORD_API_URL`",
        "The start ends with a message that says so.",
    )
    DECORATION_REJECTED = (
        "Discord rejects how a message looks (400)",
        "It's sent without buttons, then as plain text with its pictures. It's never lost.",
    )
    RESERVATION_INTERRUPTED = (
        "The database or Discord fails between reservation and order",
        "The picture is either started, or refunded with a message; never both.",
    )
    CHANNEL_BY_ID = (
        "Interactions name their channel by id only",
        "Every command and button works, with every check of channels and permissions.",
    )
    POST_INTERRUPTED = (
        "The connection breaks before or after a post",
        "One picture is posted.",
    )
    PERMISSION_MISSING = (
        "Permissions are missing",
        "A message says so before anything is spent. If they are lost later, the picture goes to direct messages.",
    )
    CHANNEL_DELETED = (
        "The channel is deleted",
        "The picture goes to the member's direct messages.",
    )
    SENT_DIRECTLY = (
        "A picture was sent to direct messages",
        "History, reroll and deletion find it there. Nobody else gets a link to it.",
    )
    POST_REJECTED = (
        "Discord rejects a card or a post for another reason",
        "The channel is tried, then direct messages. If both fail, the picture is recorded and in `/privacy export`.",
    )
    TOKEN_REJECTED = (
        "Discord rejects the bot token (401)",
        "Pictures and error messages wait, and are sent once there is a valid token.",
    )
    CARD_DELETED = (
        "The card was deleted",
        "The picture is posted as a new message.",
    )
    INTERACTION_EXPIRED = (
        "Unknown interaction: the response came too late",
        "Nothing is ordered or spent.",
    )
    INTERACTION_EXPIRED_PROXY = (
        "The same, behind a proxy that drops Discord's error code",
        "Nothing is ordered or spent, and the log has one line.",
    )
    REACTION_CARD_FAILED = (
        "The card for a reaction can't be posted",
        "Nothing is drawn or charged. The member can react again right away.",
    )
    INTERACTION_TOKEN_DEAD = (
        "An interaction's token is dead",
        "The bot posts the picture itself and deletes the old card. The dead token isn't used again.",
    )
    OLD_CARD_STAYS = (
        "An old card can't be deleted",
        "It's deleted later.",
    )
    UPLOAD_TOO_LARGE = (
        "Upload rejected as too large (413)",
        "The picture is scaled down until it fits, and the card says so.",
    )
    THREAD_ARCHIVED = (
        "The thread is archived",
        "The picture is posted, which reopens the thread.",
    )
    EVENT_INVALID = (
        "An event can't be parsed",
        "It's ignored and the connection stays open.",
    )
    INTERACTION_TWICE = (
        "Discord sends an interaction twice",
        "One picture is drawn.",
    )
    START_OFFLINE = (
        "No connection during the start",
        "The process ends with a message that says where to look.",
    )
    START_UNREADABLE = (
        "Unreadable responses or rate limits during the start",
        "Retries for seven seconds. Then a message says: no response, not Discord, or rate limited.",
    )
    IDENTIFY_LIMIT = (
        "Restart loop: few gateway logins are left for the day",
        "The bot waits and logs until when, so Discord doesn't reset the token.",
    )
    GATEWAY_CLOSED = (
        "The gateway closes with a fatal code, as after a token reset",
        "The process waits, so that restarts are rare, and ends with a message that names the setting.",
    )
    SHOWCASE_CLOSED = (
        "The showcase's channel is gone, or closed to the bot",
        "The star counts, nobody sees an error, and the picture's next star tries again.",
    )
    REVIEW_CHANNEL_CLOSED = (
        "The review channel, or a card in it, is gone or closed to the bot",
        "The audit log says so, nothing is posted unseen, and the card comes again, also in another channel.",
    )
    REVIEW_OUTAGE = (
        "Discord fails, or its answer is lost, while a card is posted for review",
        "It is posted once, when Discord is back.",
    )
    SUMMARY_CLOSED = (
        "The channel of the weekly summary is gone, or closed to the bot",
        "It is tried again every hour until the next one is due, also in another channel. Without files, it says why.",
    )
    SHOWCASE_OUTAGE = (
        "Discord fails, or its answer is lost, while a picture is put into the showcase",
        "It is shown there once, when Discord is back.",
    )
