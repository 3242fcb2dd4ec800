"""A rule's no, in words: which limit, how much is used, when it frees up, and who can change it."""

from discord.utils import format_dt

from bot.limits.policy import Limit, Refused, Scope

_WHOSE = {Scope.MEMBER: "Your", Scope.SERVER: "This server's"}
_LIMITS = {
    Limit.IMAGES_PER_HOUR: "pictures per hour",
    Limit.IMAGES_PER_DAY: "pictures per day",
    Limit.CONCURRENT: "pictures at the same time",
}


def refusal_sentence(refused: Refused) -> str:
    """Return the private sentence for somebody whose picture a rule refused."""
    limit = f"**{_WHOSE[refused.scope]} limit of {_LIMITS[refused.limit]} is reached:** "
    limit += f"{refused.used} of {refused.allowed} used."
    if refused.limit is Limit.CONCURRENT:
        frees_up = "It frees up when one of them is done."
    elif refused.frees_at is None:
        frees_up = "No pictures are allowed at present."
    else:
        frees_up = (
            f"The next one is possible {format_dt(refused.frees_at, 'R')}, at {format_dt(refused.frees_at, 't')}."
        )
    return f"{limit} {frees_up} Nothing was spent. Whoever runs the bot can change the limit."
