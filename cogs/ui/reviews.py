"""The card in which moderators decide about a picture or a prompt, and how it looks afterwards."""

from collections.abc import Sequence
from typing import Final

import discord
from discord import ui
from discord.utils import format_dt

from bot.i18n import N_, _, ngettext
from bot.picture.decision import Decision, Review
from bot.picture.generation import Generation
from bot.picture.origin import NOBODY
from bot.picture.review import AtDeadline, ReviewOf
from cogs.ui.amounts import credits_words
from cogs.ui.cards import AMBER, GREEN, RED, card_of, style_words
from cogs.ui.prices import estimate_words
from cogs.ui.text import alt_text, cut, plain, shown_prompt

_PROMPT_MAX: Final = 1500  # characters, of which each can need a backslash, as those of the reason: a card has 4000
_REASON_MAX: Final = 300
_TITLES: Final = {ReviewOf.PICTURE: N_("**Post this picture?**"), ReviewOf.PROMPT: N_("**Make this picture?**")}
_WITHOUT_DECISION: Final = {
    AtDeadline.REJECT: N_("Without a decision, it's rejected {when}."),
    AtDeadline.APPROVE: N_("Without a decision, it's approved {when}."),
}


def review_card(
    generation: Generation, review: Review, file_name: str | None, rows: Sequence[ui.ActionRow[ui.LayoutView]]
) -> ui.LayoutView:
    """Return the card with the picture, which is attached under `file_name`, and `rows` of buttons below it.

    Once the review is decided, it says so.
    """
    request = generation.request
    parts: list[ui.Item[ui.LayoutView]] = []
    if file_name is not None:
        spoiler = request.spoiler or generation.origin.age_restricted
        item = discord.MediaGalleryItem(
            f"attachment://{file_name}", description=alt_text(request.prompt), spoiler=spoiler
        )
        parts.append(ui.MediaGallery(item))
    of = ReviewOf.PICTURE if generation.review is None else generation.review.of
    title = _(_TITLES[of]) if review.decision is None else _outcome(review)
    texts = [title, shown_prompt(request.prompt, _PROMPT_MAX), f"-# {' · '.join(_facts(generation))}"]
    if review.decision is None and generation.review is not None:
        when = format_dt(review.deadline, "R")
        texts.append(f"-# {_(_WITHOUT_DECISION[generation.review.at_deadline], when=when)}")
    parts += [ui.TextDisplay(text) for text in texts]
    return card_of(_colour(review), *parts, *rows)


def _facts(generation: Generation) -> list[str]:
    """Return who asked where, the style and images, and the price."""
    request, origin = generation.request, generation.origin
    facts = [f"<@{origin.user_id}>", f"<#{origin.channel_id}>", style_words(request)]
    if count := len(request.references):
        facts.append(ngettext("{count} reference image", "{count} reference images", count))
    if request.private:
        facts.append(_("private, unless the member publishes it"))
    if generation.credits is None:
        facts += estimate_words(generation.estimate)
    else:
        facts.append(credits_words(generation.credits))
    return [fact for fact in facts if fact]


def _outcome(review: Review) -> str:
    """Return who decided what, when and why."""
    when = format_dt(review.decided_at or review.asked_at, "R")
    match review.decision, review.decided_by:
        case (Decision.APPROVED, None):
            words = _("✅ **Approved** {when}, because nobody decided in time", when=when)
        case (Decision.APPROVED, by_id):
            words = _("✅ **Approved** by {moderator} {when}", moderator=_moderator(by_id), when=when)
        case (Decision.REJECTED, None):
            words = _("❌ **Rejected** {when}, because nobody decided in time", when=when)
        case (Decision.REJECTED, by_id):
            words = _("❌ **Rejected** by {moderator} {when}", moderator=_moderator(by_id), when=when)
        case _:
            words = _("**Cancelled** {when}, before anybody decided", when=when)
    reason = f"\n> {plain(cut(review.reason, _REASON_MAX))}" if review.reason else ""
    return words + reason


def _moderator(user_id: int | None) -> str:
    return _("a moderator") if user_id in {None, NOBODY} else f"<@{user_id}>"


def _colour(review: Review) -> discord.Colour:
    match review.decision:
        case None:
            return AMBER
        case Decision.APPROVED:
            return GREEN
        case Decision.REJECTED | Decision.WITHDRAWN:
            return RED
