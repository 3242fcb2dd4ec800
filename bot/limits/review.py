"""Which requests are reviewed before they are posted. No clock, no database, no Discord."""

from collections.abc import Callable

from bot.limits.rulebook import Rulebook
from bot.picture.origin import Origin
from bot.picture.review import ReviewTerms


def terms_for(rules: Rulebook, origin: Origin, approved: Callable[[], int]) -> ReviewTerms | None:
    """Return how a request is reviewed, or None if it is posted without review.

    `approved` returns how many of the member's pictures moderators have approved on this server; it's called only if
    the rules depend on it. Direct messages and the requests of moderators are never reviewed.
    """
    review = rules.review
    if review is None or origin.guild_id is None or origin.moderates or not _is_listed(rules, origin):
        return None
    if review.until_approved is not None and approved() >= review.until_approved:
        return None
    return ReviewTerms(
        of=review.of,
        channel_id=review.channel_id,
        hours=review.hours,
        at_deadline=review.at_deadline,
        charge_rejected=review.charge_rejected,
    )


def _is_listed(rules: Rulebook, origin: Origin) -> bool:
    everyone = rules.review is not None and rules.review.everyone
    return everyone or bool(rules.review_channels & origin.channel_ids or rules.review_roles & origin.role_ids)
