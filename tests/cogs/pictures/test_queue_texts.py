"""The member who reads `/queue`: whole in every language, and never refused by Discord for its length."""

from datetime import UTC, datetime

import pytest
from discord import ui

from bot.generation.library import PicturesUnderWay
from bot.i18n import language
from bot.picture.generation import Generation, State
from bot.picture.progress import Drawing, Fetching, HeldUp, Obstacle, Progress, Queued, Submitting
from bot.picture.request import PROMPT_MAX
from cogs.pictures.cancel import NotYoursToCancel
from cogs.pictures.queue import OthersQueue, queue_rows
from cogs.pictures.queue_view import QueueShown, queue_card, stage_of
from cogs.shared.picture_buttons import progress_rows
from cogs.ui.cards import progress_card
from cogs.ui.text import CARD_TEXT_MAX
from tests.bot.storage.examples import SNOWFLAKE, bare
from tests.pseudo import PseudoLanguage, untranslated

UNTIL = datetime(2030, 12, 31, 12, tzinfo=UTC)
HELD_UP = HeldUp(Obstacle.NOT_ORDERED, UNTIL)
STAGES: list[Progress] = [Queued(), Queued(10**6), Submitting(), Drawing(None), Drawing(100), Fetching(), HELD_UP]
SHOWN = 10


def waiting(prompt: str = "*" * PROMPT_MAX, *, private: bool = False) -> Generation:
    picture = bare(State.QUEUED)
    request = picture.request.model_copy(update={"prompt": prompt, "private": private})
    origin = picture.origin.model_copy(update={"guild_id": SNOWFLAKE, "channel_id": SNOWFLAKE, "user_id": SNOWFLAKE})
    return picture.model_copy(update={"request": request, "card_id": SNOWFLAKE, "origin": origin})


def shown(picture: Generation, stage: Progress, *, everyone: bool) -> ui.LayoutView:
    under_way = PicturesUnderWay([(10**6, picture)] * SHOWN, 10**9)
    queue = QueueShown(under_way, [stage] * SHOWN, SNOWFLAKE - 1, everyone)
    return queue_card(queue, list(queue_rows(under_way, everyone=everyone)))


@pytest.mark.parametrize("everyone", [False, True])
@pytest.mark.parametrize("stage", STAGES, ids=repr)
def test_the_longest_list_fits_a_card(stage: Progress, *, everyone: bool) -> None:
    """Ten of the longest prompts, in a language that takes 40 % more, with a button each."""
    with language(PseudoLanguage()):
        card = shown(waiting(), stage, everyone=everyone)
    assert card.content_length() < CARD_TEXT_MAX  # nothing was cut
    assert card.total_children_count <= 40
    labels = labels_of(card)
    assert len(labels) == SHOWN
    assert all(len(each) <= 80 for each in labels)


@pytest.mark.parametrize("everyone", [False, True])
@pytest.mark.parametrize("stage", STAGES, ids=repr)
def test_every_text_of_the_list_is_translated(stage: Progress, *, everyone: bool) -> None:
    """Also with nothing to list, and where somebody is refused."""
    with language(PseudoLanguage()):
        cards = [shown(waiting("1", private=private), stage, everyone=everyone) for private in (False, True)]
        cards.append(queue_card(QueueShown(PicturesUnderWay([], 0), [], SNOWFLAKE, everyone), []))
        refusals = [str(NotYoursToCancel()), str(OthersQueue())]
        cards.append(progress_card("1", Queued(), None, rows=progress_rows(waiting())))
    texts = [each.content for card in cards for each in card.walk_children() if isinstance(each, ui.TextDisplay)]
    labels = [label for card in cards for label in labels_of(card)]
    assert {untranslated(each) for each in (*texts, *labels, *refusals)} == {""}


@pytest.mark.parametrize(
    ("state", "place", "seen", "stage"),
    [
        (State.RESERVED, None, None, Queued()),
        (State.QUEUED, 3, Queued(4), Queued(3)),
        (State.SUBMITTING, None, None, Submitting()),
        (State.SUBMITTING, None, HELD_UP, HELD_UP),
        (State.SUBMITTED, None, Submitting(), Drawing(None)),
        (State.SUBMITTED, None, Drawing(40), Drawing(40)),
        (State.FETCHED, None, None, Fetching()),
    ],
)
def test_a_stage_is_as_exact_as_this_process_knows(
    state: State, place: int | None, seen: Progress | None, stage: Progress
) -> None:
    """The database decides, and the percentage is the card's."""
    assert stage_of(bare(state), place, seen) == stage


def labels_of(card: ui.LayoutView) -> list[str]:
    """Return the labels of a card's persistent buttons."""
    items = [each.item for each in card.walk_children() if isinstance(each, ui.DynamicItem)]
    return [each.label or "" for each in items if isinstance(each, ui.Button)]
