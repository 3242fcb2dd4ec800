"""Random sequences of actions and restarts: Apiframe gets the orders, and the channel shows the messages, of a book."""

from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from tests.depth import cases
from tests.faults.book.actions import EDIT_DOORS, Action, Door, Edit, Imagine, Larger, Remix, Reroll, TryAgain, Undo
from tests.faults.book.book import Book, Outcome
from tests.faults.book.keeping import (
    MODERATOR,
    ChangeDefaults,
    ChangeShowcase,
    ChangeStyle,
    Delete,
    Interrupted,
    Keep,
    Publish,
    RemoveMessage,
    Restarts,
    TimePasses,
)
from tests.faults.book.play import Bot, Play, Restart
from tests.faults.book.reviewing import Reviewed
from tests.faults.book.several import ImagineSeveral
from tests.faults.machine import Machine
from tests.images import COLOURS

HOUR, DAY = 3600.0, 86400.0

MEMBERS = st.integers(0, 2)
WHICH = st.sampled_from([0, 0, 0, 1, 2, 5])  # 0 is the latest
PROMPTS = st.sampled_from(["a boat", "two hills at dawn", "a cat"])
UPLOADS = st.lists(st.sampled_from(COLOURS), max_size=2).map(tuple)
OUTCOMES = st.sampled_from([Outcome.DRAWN, Outcome.DRAWN, Outcome.DRAWN, Outcome.REFUSED, Outcome.FAILED])
SHAPES: st.SearchStrategy[dict[str, Any]] = st.sampled_from(
    [
        {"width": 256, "height": 256},
        {"width": 256, "height": 384},
        {"aspect_ratio": "16:9", "resolution": "0.5"},
        {"aspect_ratio": "7:5", "resolution": "0.5"},
        {},
    ]
)
FORMATS: st.SearchStrategy[dict[str, Any]] = st.sampled_from(
    [{}, {"output_format": "png"}, {"output_format": "jpg", "output_quality": 40}]
)
CHOICES = st.tuples(SHAPES, FORMATS).map(lambda both: {**both[0], **both[1]})
RARELY = st.sampled_from([True, False, False])

IMAGINE = st.builds(
    Imagine,
    MEMBERS,
    st.sampled_from(Door),
    PROMPTS,
    CHOICES,
    st.none() | st.integers(0, 99),
    UPLOADS,
    RARELY,
    RARELY,
    OUTCOMES,
    st.booleans(),
)
SEVERAL = st.builds(ImagineSeveral, MEMBERS, PROMPTS, st.integers(2, 4), OUTCOMES)
FRAMES = st.sampled_from(["a watercolour of {prompt}", "{prompt}, seen from above, {prompt}", "oil: {prompt}", ""])
CHANGE_STYLE = st.builds(ChangeStyle, MEMBERS, FRAMES, st.sampled_from(COLOURS))
DEFAULTS: st.SearchStrategy[dict[str, Any]] = st.sampled_from(
    [{}, {"aspect_ratio": "16:9"}, {"resolution": "0.5"}, {"output_format": "webp"}, {"output_quality": 40}]
)
CHANGE_DEFAULTS = st.builds(ChangeDefaults, MEMBERS, DEFAULTS)
CHANGE_SHOWCASE = st.builds(ChangeShowcase, st.sampled_from([1, 1, 2, None]))
REROLL = st.builds(Reroll, MEMBERS, WHICH, st.booleans(), OUTCOMES)
LARGER = st.builds(Larger, MEMBERS, WHICH)
EDIT = st.builds(Edit, MEMBERS, WHICH, PROMPTS, UPLOADS, st.sampled_from(EDIT_DOORS), OUTCOMES)
UNDO = st.builds(Undo, MEMBERS, WHICH, st.booleans())
REPLIES = EDIT.filter(lambda edit: edit.door not in EDIT_DOORS[:2])
DIES_AFTER = st.none() | st.integers(0, 8)
INTERRUPTED = st.builds(
    Interrupted,
    st.one_of(IMAGINE, SEVERAL, REROLL, LARGER, REPLIES, UNDO),
    st.integers(0, 16),
    st.sampled_from(Restart),
    st.booleans(),
)
REVIEWED = st.builds(
    Reviewed,
    IMAGINE.filter(lambda asked: asked.member < MODERATOR),
    st.booleans(),
    st.booleans(),
    st.sampled_from(Restart),
    DIES_AFTER,
)
KEEP = st.builds(Keep, DIES_AFTER, MEMBERS, WHICH, RARELY)
DELETE = st.builds(Delete, DIES_AFTER, WHICH, st.booleans(), st.booleans())
STEPS: st.SearchStrategy[Action] = st.one_of(
    CHANGE_STYLE,
    CHANGE_STYLE,
    CHANGE_DEFAULTS,
    CHANGE_SHOWCASE,
    IMAGINE,
    SEVERAL,
    REVIEWED,
    REROLL,
    LARGER,
    st.builds(Remix, MEMBERS, WHICH, PROMPTS, UPLOADS, OUTCOMES),
    EDIT,
    EDIT,
    UNDO,
    st.builds(TryAgain, MEMBERS, WHICH, PROMPTS, OUTCOMES),
    st.builds(Publish, DIES_AFTER, MEMBERS, WHICH),
    DELETE,
    KEEP,
    KEEP,
    st.builds(RemoveMessage, WHICH),
    st.builds(TimePasses, st.sampled_from([HOUR, 2 * DAY])),
    st.builds(Restarts, st.sampled_from([Restart.STOPPED, Restart.KILLED])),
    INTERRUPTED,
    INTERRUPTED,
)

LATEST, SEEN = st.just(0), st.just(Outcome.DRAWN)
EDIT_OF_LATEST = st.builds(Edit, MEMBERS, LATEST, PROMPTS, UPLOADS, st.sampled_from(EDIT_DOORS[2:]), SEEN)
CONVERSATION: st.SearchStrategy[tuple[Action, ...]] = st.tuples(
    EDIT_OF_LATEST,
    EDIT_OF_LATEST,
    st.builds(Undo, MEMBERS, LATEST, st.just(True)),
    st.one_of(UNDO, REROLL, EDIT, st.builds(Delete, DIES_AFTER, WHICH, st.booleans(), st.just(True))),
)


def secret(member: int) -> st.SearchStrategy[tuple[Action, ...]]:
    """Return a private picture, another of it, and actions after one is published."""
    who, by_command, private = st.just(member), st.just(Door.COMMAND), st.just(True)
    asked = st.builds(Imagine, who, by_command, PROMPTS, CHOICES, st.none(), UPLOADS, private, st.booleans(), SEEN)
    again = st.builds(Reroll, who, LATEST, st.just(False), SEEN)
    return st.tuples(asked, st.one_of(again, INTERRUPTED), st.builds(Publish, DIES_AFTER, who, LATEST), again | DELETE)


STORIES = CONVERSATION | MEMBERS.flatmap(secret)
ROUNDS = st.lists(STEPS.map(lambda step: (step,)) | STORIES, min_size=6, max_size=10).map(
    lambda parts: [step for part in parts for step in part]
)


@pytest.mark.slow
@pytest.mark.timeout(900)
@settings(max_examples=cases(15), suppress_health_check=[*HealthCheck], phases=[Phase.explicit, Phase.generate])
@given(first=IMAGINE, steps=ROUNDS)
@example(
    first=Imagine(0, Door.COMMAND, "a boat", {"width": 256, "height": 256}, None, (), False, False, Outcome.DRAWN),
    steps=[
        Edit(1, 0, "a cat", (), "edit: {words}", Outcome.DRAWN),
        Edit(0, 0, "a cat", ("red",), "edit: {words}", Outcome.DRAWN),
        Undo(0, 0, of_edit=True),
        Keep(3, 0, 0, not_for_long=False),
        Keep(None, 1, 1, not_for_long=False),
        Keep(None, 0, 1, not_for_long=True),
        Delete(None, 0, by_moderator=True, of_repeated=True),
    ],
)
@example(
    first=ChangeStyle(0, "a watercolour of {prompt}", "red"),
    steps=[
        Imagine(0, Door.COMMAND, "a boat", {}, None, ("blue",), False, False, Outcome.DRAWN, styled=True),
        ChangeStyle(0, "oil: {prompt}", "green"),
        Reroll(1, 0, False, Outcome.DRAWN),
        Remix(0, 0, "a cat", ("red",), Outcome.DRAWN),
        Restarts(Restart.KILLED),
        Imagine(0, Door.MENTION, "a cat", {}, None, (), False, False, Outcome.DRAWN, styled=True),
        ChangeStyle(0, "", "red"),
        Larger(1, 0),
        Edit(0, 0, "a cat", (), "edit: {words}", Outcome.DRAWN),
    ],
)
@example(
    first=ChangeShowcase(1),
    steps=[
        ChangeDefaults(0, {"aspect_ratio": "16:9"}),
        ChangeDefaults(0, {"output_quality": 40}),
        Imagine(0, Door.COMMAND, "a boat", {"output_format": "jpg"}, None, (), False, False, Outcome.DRAWN),
        Imagine(0, Door.COMMAND, "a boat", {"width": 256, "height": 256}, None, (), False, False, Outcome.DRAWN),
        Imagine(0, Door.COMMAND, "a boat", {"output_format": "png"}, None, (), False, False, Outcome.DRAWN),
        Keep(2, 1, 0, not_for_long=True),
        Keep(4, 1, 1, not_for_long=False),
        Restarts(Restart.KILLED),
        Imagine(0, Door.MENTION, "a cat", {}, None, (), False, False, Outcome.DRAWN),
        Delete(None, 1, by_moderator=True, of_repeated=False),
        RemoveMessage(1),
        ChangeDefaults(0, {}),
        ChangeShowcase(None),
        Keep(None, 1, 0, not_for_long=False),
        Imagine(0, Door.COMMAND, "a boat", {}, None, (), False, False, Outcome.DRAWN),
    ],
)
@example(
    first=ImagineSeveral(0, "a boat", 4, Outcome.FAILED),
    steps=[
        ChangeDefaults(1, {"aspect_ratio": "16:9"}),
        *(
            Interrupted(ImagineSeveral(1, "a cat", count, outcome), after, Restart.KILLED, is_late)
            for count, outcome, after, is_late in [
                (2, Outcome.FAILED, 2, False),
                (4, Outcome.DRAWN, 9, True),
                (3, Outcome.REFUSED, 14, False),
            ]
        ),
        Restarts(Restart.KILLED),
        ImagineSeveral(0, "a boat", 2, Outcome.REFUSED),
    ],
)
@example(
    first=Imagine(1, Door.COMMAND, "a boat", {}, None, (), False, False, Outcome.DRAWN),
    steps=[
        *(
            Reviewed(
                Imagine(number % 2, door, "a cat", {}, None, ("red",), is_private, False, Outcome.DRAWN),
                of_prompt,
                is_rejected,
                how,
                dies_after,
            )
            for number, (door, is_private, of_prompt, is_rejected, how, dies_after) in enumerate(
                [
                    (Door.COMMAND, False, False, False, Restart.KILLED, None),
                    (Door.MENTION, False, False, False, Restart.NONE, 0),
                    (Door.COMMAND, True, True, False, Restart.STOPPED, 1),
                    (Door.COMMAND, False, True, True, Restart.KILLED, 2),
                    (Door.MENTION, False, True, True, Restart.NONE, None),
                ]
            )
        ),
        TryAgain(1, 0, "a boat", Outcome.DRAWN),
        Reroll(1, 0, False, Outcome.DRAWN),
    ],
)
async def test_whatever_people_do_is_in_the_book(bot: Bot, first: Action, steps: list[Action]) -> None:
    """Apiframe's orders and charges, messages, showcase, `/quota` and favourites are what the book says, at each step.

    The rounds share a bot, and each has a server of its own.
    """
    play, book = Play.begins(bot), Book()
    for step in (first, *steps):
        play.told.append(repr(step))
        book = await play.settles(await step.happens(play, book))
    for member in play.people:
        assert await play.spent(member) == book.spent(member.id)
        assert await play.kept(member) == book.kept(member.id)


@pytest.fixture
async def bot(machine: Machine) -> Bot:
    """The bot in a process of its own."""
    bot = Bot(machine)
    await bot.starts()
    return bot
