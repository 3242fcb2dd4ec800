"""Moderators change everyone's main limits in a form, within the bounds that the command has."""

import pytest

from standins.discord.client.person import Person
from standins.discord.model.interactions import Interaction
from standins.discord.model.messages import Message
from tests.journeys.answers import private_answer
from tests.journeys.moderators import moderator_of, say
from tests.stage import Stage

pytestmark = pytest.mark.shared_bot

FIELDS = {
    "images_per_hour": "Pictures per hour",
    "images_per_day": "Pictures per day",
    "credits_per_month": "Credits per 30 days",
    "concurrent": "Pictures at the same time",
    "cooldown": "Seconds between two requests",
}


async def opened(moderator: Person, card: Message) -> Interaction:
    """Press Change, and return what opened the form."""
    form = await moderator.presses(card, "Change")
    await form.answered()
    assert form.modal is not None
    return form


@pytest.mark.own_bot
async def test_the_form_changes_everyones_limits_after_a_restart(stage: Stage) -> None:
    """It begins with the current values, changes edited ones, removes emptied ones, and returns invalid ones."""
    moderator = moderator_of(stage)
    async with stage.running():
        await say(stage, moderator, "/limits everyone", images_per_hour=7, images_per_day=9, max_references=2)
        card = await private_answer(stage, await moderator.types("/limits show", stage.channel))
    async with stage.running():
        form = await opened(moderator, card)
        fields = {"Pictures per hour": "", "Pictures per day": "3"}
        answer = (await private_answer(stage, await moderator.submits(form, fields))).text
        assert "pictures per hour: 7 → **not set**" in answer
        assert "pictures per day: 9 → **3**" in answer
        assert "reference" not in answer
        form = await opened(moderator, card)
        wrong = await private_answer(stage, await moderator.submits(form, {"Pictures per day": "many"}))
        assert "Write a whole number" in wrong.text
        assert b"pictures per day: many" in wrong.attachments[0].read()


async def test_the_form_takes_what_the_command_takes_and_no_more(stage: Stage) -> None:
    """It opens with the largest possible values, and a larger one is rejected with the maximum."""
    moderator, unlimited = moderator_of(stage), {"member": dict.fromkeys(FIELDS), "server": dict.fromkeys(FIELDS)}
    del unlimited["server"]["cooldown"]
    largest = {name: 86_400 if name == "cooldown" else 1_000_000 for name in FIELDS}
    async with stage.running(limits=unlimited):
        await say(stage, moderator, "/limits everyone", **largest)
        card = await private_answer(stage, await moderator.types("/limits show", stage.channel))
        for name, most in largest.items():
            form = await opened(moderator, card)
            too_large = await private_answer(stage, await moderator.submits(form, {FIELDS[name]: str(most + 1)}))
            assert f"**{FIELDS[name].lower()}** from 0 to {most}. Nothing was changed." in too_large.text
        lowered = await moderator.submits(await opened(moderator, card), {"Credits per 30 days": "999999"})
        assert "1000000 → **999999**" in (await private_answer(stage, lowered)).text
