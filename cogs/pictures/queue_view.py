"""The pictures that are being made, as a list, and the text if there are none."""

from collections.abc import Sequence
from dataclasses import dataclass

from discord import ui

from bot.generation.library import PicturesUnderWay
from bot.i18n import _, ngettext
from bot.picture.generation import Generation, State
from bot.picture.progress import Drawing, Fetching, HeldUp, InReview, Progress, Queued, Submitting
from cogs.ui.cards import message_link
from cogs.ui.notes import note
from cogs.ui.stages import review_stage, stage_text
from cogs.ui.text import person, shown_prompt

_PROMPT_SHOWN = 60


@dataclass(frozen=True, slots=True)
class QueueShown:
    """Pictures under way and their stages, of one person or of `everyone` in a server, as `viewer_id` may see them."""

    under_way: PicturesUnderWay
    stages: Sequence[Progress]
    viewer_id: int
    everyone: bool


def queue_card(queue: QueueShown, rows: Sequence[ui.ActionRow[ui.LayoutView]]) -> ui.LayoutView:
    """Return the card with the list, and `rows` of buttons below it; without pictures, one sentence."""
    if not queue.under_way.count:
        return note(_nothing_under_way(everyone=queue.everyone))
    lines = [_title(everyone=queue.everyone)]
    for number, (each, stage) in enumerate(zip(queue.under_way.pictures, queue.stages, strict=True), start=1):
        lines.append(_entry(number, each[1], stage, queue))
    if more := queue.under_way.count - len(queue.under_way.pictures):
        lines.append("-# " + ngettext("and {count} more picture", "and {count} more pictures", more))
    return note("\n".join(lines), rows)


def stage_of(generation: Generation, place: int | None, shown: Progress | None) -> Progress:
    """Return a picture's stage: as its card shows it, where this process makes it, else as the database has it."""
    match generation.state:
        case State.RESERVED | State.QUEUED:
            return Queued(place)
        case State.SUBMITTING:
            return shown if isinstance(shown, HeldUp) else Submitting()
        case State.PROMPT_IN_REVIEW | State.PICTURE_IN_REVIEW:
            return review_stage(generation)
        case State.SUBMITTED:
            return shown if isinstance(shown, Drawing | HeldUp) else Drawing(None)
        case _:
            return Fetching()


def _nothing_under_way(*, everyone: bool) -> str:
    if everyone:
        return _("No pictures are in progress on this server. Type `/imagine` to make one.")
    return _("You have no pictures in progress. Type `/imagine` to make one.")


def _title(*, everyone: bool) -> str:
    title = _("Everyone's pictures in progress on this server") if everyone else _("Your pictures in progress")
    return f"**{title}**"


def _entry(number: int, generation: Generation, stage: Progress, queue: QueueShown) -> str:
    """Return two lines: what it is, and how far; nobody reads other people's private prompts."""
    own = generation.origin.user_id == queue.viewer_id
    hidden = generation.request.private and not own
    prompt = _("Private picture") if hidden else shown_prompt(generation.request.prompt, _PROMPT_SHOWN)
    facts = [_short_stage(stage)]
    if queue.everyone:
        facts.append(person(generation.origin.user_id))
    if generation.card_id is not None and not generation.request.private:
        link = message_link(generation.origin.guild_id, generation.origin.channel_id, generation.card_id)
        facts.append(_("[Go to message]({link})", link=link))
    return f"**{number}.** {prompt}\n-# {' · '.join(facts)}"


def _short_stage(stage: Progress) -> str:
    match stage:
        case HeldUp():
            return _("Waiting for the image service")
        case InReview():
            return _("Waiting for a moderator")
        case _:
            return stage_text(stage)
