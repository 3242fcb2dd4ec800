"""A rule's no, in words: which limit, how much is used, when it frees up, and who can change it."""

from datetime import datetime
from typing import Final, assert_never

from discord.utils import format_dt

from bot.i18n import N_, _, ngettext, sentences
from bot.limits.admission import (
    BlockedMember,
    BlockedWord,
    ClosedChannel,
    MissingRole,
    NotAdmitted,
    OtherStyle,
    Paused,
    ShareUsed,
)
from bot.limits.fair_share import Share
from bot.limits.policy import Limit, LimitExceeded, OfRequest, Pause, Running, Scope, Window, measure_of
from bot.limits.rulebook import Block, ChannelMode
from cogs.ui.amounts import amount, credits_words, limit_label
from cogs.ui.text import few, plain

_WHO_CAN_CHANGE: Final = {
    Scope.SERVER: N_("A moderator can change this limit. It's set for the whole server."),
    Scope.EVERYONE: N_("A moderator can change this limit. It's set for everyone."),
    Scope.ROLE: N_("A moderator can change this limit. It's set for one of your roles."),
    Scope.MEMBER: N_("A moderator can change this limit. It's set for you."),
    Scope.OPERATOR: N_("The bot's operator can change this limit."),
}
_MENTIONS_SHOWN: Final = 8


def refusal_sentence(refused: LimitExceeded) -> str:
    """Return the private message for a member whose picture a limit refused."""
    parts = [_headline(refused), _figures(refused), _remedy(refused), *_fewer(refused), _("Nothing was charged.")]
    return sentences([*parts, _(_WHO_CAN_CHANGE[refused.set_by])])


def admission_sentence(reason: NotAdmitted) -> str:
    """Return the private message for a member who is blocked, or asked in a closed channel or with a blocked word."""
    match reason:
        case BlockedMember(block=block):
            return _blocked(block)
        case ClosedChannel():
            return _closed(reason)
        case MissingRole(roles=roles):
            return _(
                "**Only members with one of these roles can make pictures here:** {roles}. Nothing was charged. "
                "A moderator can change this.",
                roles=role_list(roles),
            )
        case OtherStyle(style=style):
            return _(
                "This channel requires the style **{style}**. Leave out `style`, or use another channel. "
                "Nothing was charged.",
                style=plain(style.name),
            )
        case BlockedWord(word=word, age_restricted=True):
            return _(
                "This server allows the word **{word}** in age-restricted channels only. Please use other words, or an "
                "age-restricted channel. Nothing was charged.",
                word=plain(word),
            )
        case BlockedWord(word=word):
            return _(
                "This server blocks the word **{word}** in prompts and styles. Please use other words. "
                "Nothing was charged.",
                word=plain(word),
            )
        case Paused():
            return _paused(reason)
        case ShareUsed(share=share):
            return _share_used(share)


def _share_used(share: Share) -> str:
    words = [
        _("**You've used your share of this server's credits for today.**"),
        _(
            "Each member can use {percent}% of the credits left for this server in 24 hours: you've used {used} of "
            "{allowed}.",
            percent=share.percent,
            used=amount(share.used),
            allowed=credits_words(share.allowed),
        ),
    ]
    if share.frees_at is not None:
        words.append(_next_possible(share.frees_at))
    return sentences([*words, _("Nothing was charged.")])


def channel_list(channels: frozenset[int]) -> str:
    """Return channels as mentions, long lists cut visibly."""
    return few([f"<#{each}>" for each in sorted(channels)], more_channels, _MENTIONS_SHOWN)


def role_list(roles: frozenset[int]) -> str:
    """Return roles as mentions, which ping nobody in the bot's messages; long lists are cut visibly."""
    return few([f"<@&{each}>" for each in sorted(roles)], _more_roles, _MENTIONS_SHOWN)


def more_channels(channels: str, count: int) -> str:
    """Return some channels as a list, and how many more there are."""
    return ngettext(
        "{channels} and {count} more channel", "{channels} and {count} more channels", count, channels=channels
    )


def _more_roles(roles: str, count: int) -> str:
    return ngettext("{roles} and {count} more role", "{roles} and {count} more roles", count, roles=roles)


def _headline(refused: LimitExceeded) -> str:
    server = refused.scope is Scope.SERVER
    match measure_of(refused.limit):
        case OfRequest() if server:
            return _("**This picture is over the server's limit.**")
        case OfRequest():
            return _("**This picture is over your limit.**")
        case Pause():
            return _("**You need to wait between pictures.**")
        case Window() | Running():
            return _("**This server has reached its limit.**") if server else _("**You've reached your limit.**")


def _figures(refused: LimitExceeded) -> str:
    """Return which limit it is, with both figures."""
    label, used, allowed = limit_label(refused.limit), amount(int(refused.used)), amount(refused.allowed)
    match measure_of(refused.limit), refused.limit:
        case OfRequest(), Limit.MAX_MEGAPIXELS:
            size = amount(_just_over(refused.used, refused.allowed))
            return _(
                "{limit}: you asked for {asked}. The limit is {allowed}.", limit=label, asked=size, allowed=allowed
            )
        case OfRequest(), _:
            return _(
                "{limit}: you asked for {asked}. The limit is {allowed}.", limit=label, asked=used, allowed=allowed
            )
        case Pause(), _:
            return _("{limit}: {passed} of {needed} have passed.", limit=label, passed=used, needed=allowed)
        case ((Window() | Running()), _):
            return _("{limit}: {used} of {allowed} used.", limit=label, used=used, allowed=allowed)


def _fewer(refused: LimitExceeded) -> list[str]:
    """Return how many of the pictures would be allowed, if several were asked for."""
    if refused.pictures == 1 or not refused.fits:
        return []
    return [
        ngettext(
            "You asked for {asked} pictures, and {count} would be allowed now.",
            "You asked for {asked} pictures, and {count} would be allowed now.",
            refused.fits,
            asked=refused.pictures,
        )
    ]


def _just_over(used: float, allowed: float) -> float:
    """Return a number with as few decimals, two or more, as still show that it exceeds the limit."""
    return next((short for digits in range(2, 9) if (short := round(used, digits)) > allowed), used)


def _remedy(refused: LimitExceeded) -> str:
    """Return when the limit frees up, or what to change."""
    match refused.limit:
        case Limit.MAX_MEGAPIXELS:
            return _("Choose a smaller `resolution`, or a smaller `width` and `height`.")
        case Limit.MAX_REFERENCES:
            return _("Use fewer reference images.")
        case Limit.PICTURES_PER_REQUEST:
            return _("Choose a smaller `count`.")
        case Limit.IMAGES_PER_HOUR | Limit.IMAGES_PER_DAY | Limit.CREDITS_PER_MONTH | Limit.CONCURRENT | Limit.COOLDOWN:
            return _when(refused)
        case _:
            assert_never(refused.limit)


def _when(refused: LimitExceeded) -> str:
    if refused.allowed == 0:
        return _("No pictures are allowed right now.")
    if isinstance(measure_of(refused.limit), Running):
        return _("You can ask again when one of them is done.")
    if refused.frees_at is None and refused.pictures > 1:
        return _("So many pictures at once are more than the limit ever allows.")
    if refused.frees_at is None:
        return _("A single picture like this costs more than that.")
    return _next_possible(refused.frees_at)


def _next_possible(at: datetime) -> str:
    return _("You can ask again {when}.", when=format_dt(at, "R"))


def _blocked(block: Block) -> str:
    parts = [_("**You're blocked from drawing on this server.**")]
    if block.until is None:
        parts.append(_("The block is permanent."))
    else:
        parts.append(_("The block ends {when}.", when=format_dt(block.until, "R")))
    if block.reason:
        parts.append(_("Reason: {reason}.", reason=plain(block.reason)))
    return sentences([*parts, _("Nothing was charged. A moderator can unblock you.")])


def _paused(reason: Paused) -> str:
    parts = [
        _("**Drawing is paused in this channel.**") if reason.in_channel else _("**Drawing is paused on this server.**")
    ]
    if reason.pause.until is not None:
        parts.append(_("The pause ends {when}.", when=format_dt(reason.pause.until, "R")))
    if reason.pause.reason:
        parts.append(_("Reason: {reason}.", reason=plain(reason.pause.reason)))
    return sentences([*parts, _("Nothing was charged. A moderator can resume it.")])


def _closed(reason: ClosedChannel) -> str:
    listed = channel_list(reason.channels)
    if reason.mode is ChannelMode.ALLOW:
        where = _("Pictures are allowed only in {channels}.", channels=listed)
    else:
        where = _("Pictures are allowed everywhere except in {channels}.", channels=listed)
    return sentences(
        [
            _("**Pictures are turned off in this channel.**"),
            where,
            _("Nothing was charged. A moderator can change this."),
        ]
    )
