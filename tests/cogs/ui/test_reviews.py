"""The card of a review."""

from datetime import UTC, datetime

from bot.picture.decision import CardStep, Decision, Review
from bot.picture.review import AtDeadline, ReviewOf, ReviewTerms
from bot.picture.style_use import StyleUse
from cogs.ui.reviews import review_card
from cogs.ui.text import CARD_TEXT_MAX
from tests.bot.storage.examples import SNOWFLAKE, bare

NOW = datetime(2026, 7, 1, tzinfo=UTC)


def test_the_longest_prompt_and_reason_fit_into_a_decided_card() -> None:
    """Each of their characters needs a backslash."""
    terms = ReviewTerms(
        of=ReviewOf.PICTURE, channel_id=5, hours=168, at_deadline=AtDeadline.APPROVE, charge_rejected=True
    )
    picture = bare()
    style = StyleUse(id=3, version=2, name="*" * 32, frame="{prompt}", images=1)
    request = picture.request.model_copy(update={"prompt": "*" * 4000, "style": style, "private": True})
    origin = picture.origin.model_copy(update={"channel_id": SNOWFLAKE, "user_id": SNOWFLAKE})
    picture = picture.model_copy(update={"request": request, "origin": origin, "review": terms, "credits": 1_000_000})
    review = Review(
        generation_id=picture.id,
        server_key="guild:42",
        channel_id=5,
        card=CardStep.OUTDATED,
        asked_at=NOW,
        deadline=NOW,
        decision=Decision.REJECTED,
        decided_by=SNOWFLAKE,
        decided_at=NOW,
        reason="*" * 300,
    )
    assert review_card(picture, review, None, []).content_length() <= CARD_TEXT_MAX
