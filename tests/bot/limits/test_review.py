"""The member whose request is reviewed before it is posted, or isn't."""

from collections.abc import Callable

import pytest

from bot.limits.review import terms_for
from bot.limits.rulebook import ReviewRule, Rulebook
from bot.picture.origin import Origin
from bot.picture.review import AtDeadline, ReviewOf, ReviewTerms

GUILD, CHANNEL, THREAD, ROLE, MODERATORS, MEMBER = 1, 2, 3, 4, 5, 6
REVIEW = ReviewRule(channel_id=MODERATORS)
EVERYONE = REVIEW.model_copy(update={"everyone": True})
TERMS = ReviewTerms(
    of=ReviewOf.PICTURE, channel_id=MODERATORS, hours=24, at_deadline=AtDeadline.REJECT, charge_rejected=False
)


def origin(**values: object) -> Origin:
    """Return a request in the channel."""
    asked = Origin(guild_id=GUILD, channel_id=CHANNEL, user_id=MEMBER, upload_limit_bytes=1)
    return asked.model_copy(update=values)


def approved(count: int) -> Callable[[], int]:
    """Return a count of approved pictures."""
    return lambda: count


def never() -> int:
    """Fail, since the number of approved pictures doesn't matter."""
    raise AssertionError


@pytest.mark.parametrize(
    ("rules", "asked", "reviewed"),
    [
        (Rulebook(), origin(), False),
        (Rulebook(review_channels=frozenset({CHANNEL})), origin(), False),
        (Rulebook(review=REVIEW), origin(), False),
        (Rulebook(review=EVERYONE), origin(), True),
        (Rulebook(review=EVERYONE), origin(moderates=True), False),
        (Rulebook(review=EVERYONE), origin(guild_id=None), False),
        (Rulebook(review=REVIEW, review_channels=frozenset({CHANNEL})), origin(), True),
        (Rulebook(review=REVIEW, review_channels=frozenset({CHANNEL})), origin(channel_id=THREAD), False),
        (
            Rulebook(review=REVIEW, review_channels=frozenset({CHANNEL})),
            origin(channel_id=THREAD, parent_channel_id=CHANNEL),
            True,
        ),
        (Rulebook(review=REVIEW, review_roles=frozenset({ROLE})), origin(), False),
        (Rulebook(review=REVIEW, review_roles=frozenset({ROLE})), origin(role_ids=frozenset({ROLE, 9})), True),
        (Rulebook(review=EVERYONE, review_roles=frozenset({ROLE})), origin(), True),
    ],
)
def test_a_request_is_reviewed_by_channel_role_or_everyone(rules: Rulebook, asked: Origin, reviewed: bool) -> None:
    """A list without a review means nothing, and nobody reviews moderators or direct messages."""
    assert terms_for(rules, asked, never) == (TERMS if reviewed else None)


@pytest.mark.parametrize(("count", "reviewed"), [(0, True), (9, True), (10, False), (11, False)])
def test_after_enough_approved_pictures_a_member_is_not_reviewed(count: int, reviewed: bool) -> None:
    """With the last of them, the next one is posted at once."""
    rules = Rulebook(review=EVERYONE.model_copy(update={"until_approved": 10}))
    assert terms_for(rules, origin(), approved(count)) == (TERMS if reviewed else None)


def test_the_terms_are_those_of_the_rules() -> None:
    """Each setting reaches the request."""
    rule = ReviewRule(
        channel_id=7, everyone=True, of=ReviewOf.PROMPT, hours=2, at_deadline=AtDeadline.APPROVE, charge_rejected=True
    )
    terms = terms_for(Rulebook(review=rule), origin(), never)
    assert terms is not None
    settings = terms.model_dump()
    assert settings == {name: getattr(rule, name) for name in settings}
