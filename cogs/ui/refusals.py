"""A rule's no, in words: which limit, how much is used, when it frees up, and who can change it."""

from datetime import datetime
from typing import Final

from discord.utils import format_dt

from bot.limits.admission import BlockedMember, BlockedWord, ClosedChannel, NotAdmitted
from bot.limits.policy import Limit, LimitExceeded, OfRequest, Pause, Running, Scope, Window, measure_of
from bot.limits.rulebook import Block, ChannelMode
from cogs.ui.amounts import LIMIT_NAMES, amount
from cogs.ui.text import plain

_WHOSE: Final = {Scope.MEMBER: "Your", Scope.SERVER: "This server's"}
_WHO_CAN_CHANGE: Final = {
    Scope.SERVER: "A moderator can change the limit, which is the server's.",
    Scope.EVERYONE: "A moderator can change the limit, which is everyone's.",
    Scope.ROLE: "A moderator can change the limit, which is your role's.",
    Scope.MEMBER: "A moderator can change the limit, which is yours alone.",
    Scope.OPERATOR: "Whoever runs the bot can change the limit.",
}
_CHANNELS_SHOWN = 10


def refusal_sentence(refused: LimitExceeded) -> str:
    """Return the private sentence for somebody whose picture a limit refused."""
    return f"{_what(refused)} {_remedy(refused)} Nothing was spent. {_WHO_CAN_CHANGE[refused.set_by]}"


def admission_sentence(reason: NotAdmitted) -> str:
    """Return the private sentence for somebody who may not ask at all, or not here, or not with these words."""
    match reason:
        case BlockedMember(block=block):
            return _blocked(block)
        case ClosedChannel():
            return _closed(reason)
        case BlockedWord(word=word):
            return (
                f"**{plain(word)}** is not wanted in pictures on this server: say it in other words. "
                "Nothing was spent. A moderator can change the list."
            )


def channel_list(channels: frozenset[int]) -> str:
    """Return channels as mentions, long lists cut visibly."""
    listed = sorted(channels)
    more = f" and {len(listed) - _CHANNELS_SHOWN} more" if len(listed) > _CHANNELS_SHOWN else ""
    return " ".join(f"<#{each}>" for each in listed[:_CHANNELS_SHOWN]) + more


def _what(refused: LimitExceeded) -> str:
    """Return which limit is reached, with both figures."""
    whose, used, allowed = _WHOSE[refused.scope], amount(int(refused.used)), amount(refused.allowed)
    match measure_of(refused.limit), refused.limit:
        case OfRequest(), Limit.MAX_MEGAPIXELS:
            size = f"{amount(_just_over(refused.used, refused.allowed))} megapixels, of at most {allowed}"
            return f"**{whose} limit of {LIMIT_NAMES[refused.limit]} is exceeded:** this one would have {size}."
        case OfRequest(), _:
            count = f"{used}, of at most {allowed}"
            return f"**{whose} limit of {LIMIT_NAMES[refused.limit]} is exceeded:** this one would have {count}."
        case Pause(), _:
            return f"**{whose} pause between two requests is not over:** {used} of {allowed} seconds have passed."
        case ((Window() | Running()), _):
            return f"**{whose} limit of {LIMIT_NAMES[refused.limit]} is reached:** {used} of {allowed} used."


def _just_over(used: float, allowed: float) -> float:
    """Return a number with as few decimals, two or more, as still show that it exceeds the limit."""
    return next((short for digits in range(2, 9) if (short := round(used, digits)) > allowed), used)


def _remedy(refused: LimitExceeded) -> str:
    """Return when the limit frees up, or what to change."""
    match refused.limit:
        case Limit.MAX_MEGAPIXELS:
            return "Choose a smaller `resolution`, or a smaller `width` and `height`."
        case Limit.MAX_REFERENCES:
            return "Leave some reference images out."
        case Limit.IMAGES_PER_HOUR | Limit.IMAGES_PER_DAY | Limit.CREDITS_PER_MONTH | Limit.CONCURRENT | Limit.COOLDOWN:
            return _when(refused)


def _when(refused: LimitExceeded) -> str:
    if refused.allowed == 0:
        return "No pictures are allowed at present."
    if isinstance(measure_of(refused.limit), Running):
        return "It frees up when one of them is done."
    if refused.frees_at is None:
        return "One such picture costs more than that."
    return _next_possible(refused.frees_at)


def _next_possible(at: datetime) -> str:
    return f"The next one is possible {format_dt(at, 'R')}, at {format_dt(at, 'f')}."


def _blocked(block: Block) -> str:
    until = f"until {format_dt(block.until, 'f')} ({format_dt(block.until, 'R')})" if block.until else "for good"
    reason = f" The reason given: {plain(block.reason)}." if block.reason else ""
    return (
        f"**You are blocked from drawing on this server {until}.**{reason} Nothing was spent. A moderator can lift it."
    )


def _closed(reason: ClosedChannel) -> str:
    listed = channel_list(reason.channels)
    where = (
        f"I draw only in {listed}." if reason.mode is ChannelMode.ALLOW else f"I draw everywhere else but in {listed}."
    )
    return (
        f"**This server does not let me draw in this channel.** {where} Nothing was spent. A moderator can change it."
    )
