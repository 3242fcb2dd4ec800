"""The card that the pictures of one command share: a gallery that fills, one price, and each failure's reason."""

from collections.abc import Mapping, Sequence
from typing import Final
from uuid import UUID

import discord
from discord import ui

from bot.i18n import _, sentences
from bot.picture.generation import IN_REVIEW, Generation
from bot.picture.price import Estimate
from bot.picture.progress import Drawing, Fetching, HeldUp, InReview, Looking, Progress, Queued, Submitting
from bot.picture.review import ReviewOf
from cogs.ui.amounts import credits_words
from cogs.ui.cards import AMBER, BLUE, GREEN, RED, card_of, lineage_words, original_link, shape_or_size, style_words
from cogs.ui.failures import failure_text
from cogs.ui.prices import estimate_words
from cogs.ui.stages import is_held_up, review_stage, stage_text
from cogs.ui.text import SMALLER, alt_text, cut, shown_prompt

_STAGES: Final = (InReview, Looking, Queued, HeldUp, Submitting, Drawing, Fetching)
_CHOICE_MAX: Final = 120  # characters of each prompt, if they differ
_REASON_MAX = 500  # of each failure, so that four and the prompt keep below the 4000 characters of a card


def batch_card(
    pictures: Sequence[Generation],
    files: Mapping[UUID, str],
    stages: Mapping[UUID, Progress],
    rows: Sequence[ui.ActionRow[ui.LayoutView]],
) -> ui.LayoutView:
    """Return the card of a batch, with the attached `files` by picture, and `rows` of buttons below it."""
    shown = [each for each in pictures if each.id in files]
    left = [each for each in pictures if each.finished_at is None and each.id not in files]
    parts: list[ui.Item[ui.LayoutView]] = []
    if shown:
        parts.append(ui.MediaGallery(*(_gallery_item(each, files[each.id]) for each in shown)))
    parts += [ui.TextDisplay(line) for line in _titles(pictures)]
    parts += [ui.TextDisplay(line) for line in (_count(pictures, shown, left, stages), *_failures(pictures))]
    parts.append(ui.TextDisplay(f"-# {' · '.join(_facts(pictures))}"))
    parts += [ui.TextDisplay(line) for line in _copies(shown, files)]
    return card_of(_colour(shown, left, stages), *parts, *rows)


def _titles(pictures: Sequence[Generation]) -> list[str]:
    """Return the prompt; if it had choices, the prompt of each picture, with its number."""
    prompts = [each.request.prompt for each in pictures]
    if len(set(prompts)) == 1:
        return [f"**{shown_prompt(prompts[0])}**"]
    return ["\n".join(f"{place}. **{shown_prompt(each, _CHOICE_MAX)}**" for place, each in enumerate(prompts, 1))]


def _gallery_item(picture: Generation, file_name: str) -> discord.MediaGalleryItem:
    request = picture.request
    return discord.MediaGalleryItem(
        f"attachment://{file_name}", description=alt_text(request.prompt), spoiler=request.spoiler
    )


def _count(
    pictures: Sequence[Generation],
    shown: Sequence[Generation],
    left: Sequence[Generation],
    stages: Mapping[UUID, Progress],
) -> str:
    """Return how many of the pictures are there, and how far the one is that comes next."""
    total = _size(pictures)
    count = _("{count} of {total}", count=len(shown), total=total)
    if not left:
        return count
    stages = {**stages, **{each.id: review_stage(each) for each in left if _is_in_review(each)}}
    known = [stages[each.id] for each in left if each.id in stages] or [Queued()]
    return f"{count} · {stage_text(max(known, key=_nearness))}"


def _is_in_review(picture: Generation) -> bool:
    return picture.state in IN_REVIEW or picture.awaits_review(ReviewOf.PROMPT)


def _nearness(progress: Progress) -> int:
    """Return a number that is the greater, the nearer a picture is to its end."""
    return _STAGES.index(type(progress))


def _failures(pictures: Sequence[Generation]) -> list[str]:
    """Return a line for each picture that there is none of, with its reason."""
    lines = []
    for each in pictures:
        if each.failure is not None and each.batch is not None:
            reason = cut(failure_text(each.failure, each.credits_owed), _REASON_MAX)
            lines.append(_("Picture {place}: {reason}", place=each.batch.place, reason=reason))
    return lines


def _copies(shown: Sequence[Generation], files: Mapping[UUID, str]) -> list[str]:
    """Return a line for each picture that is a smaller copy, with a link to its original."""
    lines = []
    for each in shown:
        if SMALLER in files[each.id] and each.batch is not None:
            words = _("Picture {place} is a smaller copy, so that all fit into one message.", place=each.batch.place)
            lines.append(f"-# {sentences(filter(None, (words, original_link(each.result_url))))}")
    return lines


def _facts(pictures: Sequence[Generation]) -> list[str]:
    """Return whose the pictures are, where they come from, their shape, and one price for all."""
    first = pictures[0]
    facts = [
        f"<@{first.origin.user_id}>",
        lineage_words(first),
        style_words(first.request),
        shape_or_size(first.request),
    ]
    known = [each.credits_owed for each in pictures if each.credits_owed is not None]
    if len(known) == _size(pictures):
        facts.append(credits_words(sum(known)))
    else:
        facts += estimate_words(_estimate_of_all(pictures))
    return [fact for fact in facts if fact]


def _estimate_of_all(pictures: Sequence[Generation]) -> Estimate | None:
    estimate, size = pictures[0].estimate, _size(pictures)
    if estimate is None or estimate.price is None:
        return estimate
    return estimate.model_copy(update={"price": estimate.price * size})


def _size(pictures: Sequence[Generation]) -> int:
    batch = pictures[0].batch
    return len(pictures) if batch is None else batch.size


def _colour(shown: Sequence[Generation], left: Sequence[Generation], stages: Mapping[UUID, Progress]) -> discord.Colour:
    if left:
        held_up = any(is_held_up(stages[each.id]) for each in left if each.id in stages)
        return AMBER if held_up else BLUE
    return GREEN if shown else RED
