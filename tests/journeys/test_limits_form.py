"""Moderators change the limits of everyone, the server, a role or a member in a form, within the command's bounds."""

import pytest

from standins.discord.client.options import OptionValue
from standins.discord.client.person import Person
from standins.discord.model.interactions import Interaction
from standins.discord.model.messages import Message
from tests.journeys.answers import pressed, private_answer
from tests.journeys.moderators import moderator_of, say
from tests.stage import Stage

pytestmark = pytest.mark.shared_bot

FIELDS = {
    "images_per_hour": "Pictures per hour",
    "images_per_day": "Pictures per day",
    "credits_per_month": "Credits in 30 days",
    "concurrent": "Pictures at once",
    "cooldown": "Cooldown in seconds",
}


EVERYONES = "Change everyone's limits"


async def opened(moderator: Person, card: Message, button: str = EVERYONES) -> Interaction:
    """Press a button, and return what opened the form."""
    form = await moderator.presses(card, button)
    await form.answered()
    assert form.modal is not None
    return form


async def card_of(stage: Stage, moderator: Person, **options: OptionValue) -> Message:
    """Return the card that `/limits show` answers with."""
    return await private_answer(stage, await moderator.types("/limits show", stage.channel, **options))


def hints(form: Interaction) -> dict[str, tuple[str, str]]:
    """Return each field's description and placeholder by its label."""
    labels = (form.modal or {})["components"]
    return {each["label"]: (each["description"], each["component"].get("placeholder", "")) for each in labels}


@pytest.mark.own_bot
async def test_the_form_changes_everyones_limits_after_a_restart(stage: Stage) -> None:
    """It begins with the current values, changes edited ones, removes emptied ones, and quotes invalid ones."""
    moderator = moderator_of(stage)
    async with stage.running():
        await say(stage, moderator, "/limits everyone", images_per_hour=7, images_per_day=9, max_references=2)
        card = await card_of(stage, moderator)
    async with stage.running():
        form = await opened(moderator, card)
        fields = {"Pictures per hour": "", "Pictures per day": "3"}
        answer = (await private_answer(stage, await moderator.submits(form, fields))).text
        assert "Pictures per hour: 7 →\u00a0**not set**" in answer
        assert "Pictures per day: 9 →\u00a0**3**" in answer
        assert "Reference" not in answer
        form = await opened(moderator, card)
        wrong = await private_answer(stage, await moderator.submits(form, {"Pictures per day": "many"}))
        assert "Pictures per day: you entered **many**. Enter a whole number from 0 to 200" in wrong.text
        assert wrong.attachments == ()


@pytest.mark.own_bot
async def test_the_form_below_one_member_changes_that_member_and_nobody_else(stage: Stage) -> None:
    """After a restart too; the audit log names the command for members, and the change can be undone."""
    moderator = moderator_of(stage)
    async with stage.running():
        await say(stage, moderator, "/limits everyone", images_per_day=9)
        card = await card_of(stage, moderator, member=stage.alice)
    async with stage.running():
        form = await opened(moderator, card, "Change this member's limits")
        answer = (await private_answer(stage, await moderator.submits(form, {"Pictures per day": "1"}))).text
        assert f"<@{stage.alice.id}> · Pictures per day: not set →\u00a0**1**" in answer
        assert "Pictures per day: 9" in (await card_of(stage, moderator)).text
        assert (
            "Pictures per day: 1 of 1 · set for this member"
            in (await card_of(stage, moderator, member=stage.alice)).text
        )
        page = await private_answer(stage, await moderator.types("/limits history", stage.channel))
        assert "/limits member\n" in page.text
        undone = await pressed(stage, moderator, page, str(page.buttons[0]["custom_id"]))
        assert "Pictures per day: 1 →\u00a0**not set**" in undone.text


async def test_the_forms_below_a_role_and_for_the_server_change_only_those(stage: Stage) -> None:
    """Each button says whose limits it changes; a role that is unlimited stays so."""
    moderator, artist = moderator_of(stage), stage.guild.add_role("artists")
    async with stage.running():
        await say(stage, moderator, "/limits role", role=artist, unlimited=True)
        card = await card_of(stage, moderator, role=artist)
        assert f"**Limits for <@&{artist.id}>**\nUnlimited, except" in card.text
        form = await opened(moderator, card, "Change this role's limits")
        answer = (await private_answer(stage, await moderator.submits(form, {"Pictures per hour": "5"}))).text
        assert f"<@&{artist.id}> · Pictures per hour: not set →\u00a0**5**" in answer
        form = await opened(moderator, await card_of(stage, moderator), "Change the server's limits")
        answer = (await private_answer(stage, await moderator.submits(form, {"Megapixels per picture": "1.5"}))).text
        assert "Server total · Megapixels per picture: not set →\u00a0**1.5**" in answer
        card = await card_of(stage, moderator)
        assert f"<@&{artist.id}>: unlimited · Pictures per hour: 5" in card.text
        assert "Choose a member or a role" in await say(
            stage, moderator, "/limits show", role=artist, member=stage.alice
        )


async def test_the_form_says_what_can_be_set_and_what_applies_without_it(stage: Stage) -> None:
    """The operator's ceiling is the maximum, of a cooldown the minimum; an empty field names whose limit applies."""
    moderator, artist = moderator_of(stage), stage.guild.add_role("artists")
    bob = stage.joins("bob", roles=[artist])
    limits = {"member": {"images_per_hour": 60, "images_per_day": None, "concurrent": None, "cooldown": 30}}
    async with stage.running(limits=limits):
        await say(stage, moderator, "/limits everyone", images_per_day=20, images_per_hour=50, concurrent=4)
        await say(stage, moderator, "/limits role", role=artist, images_per_hour=55)
        shown = hints(
            await opened(moderator, await card_of(stage, moderator, member=bob), "Change this member's limits")
        )
        assert shown["Pictures per hour"] == ("0 to 60. If empty: 55 (a role's limit).", "55")
        assert shown["Pictures per day"] == ("0 to 1,000,000. If empty: 20 (everyone's limit).", "20")
        assert shown["Cooldown in seconds"] == ("30 to 86,400. If empty: 30 (the operator's limit).", "30")
        assert shown["Credits in 30 days"] == ("0 to 1,000,000. If empty: no limit.", "No limit")
        form = await opened(moderator, await card_of(stage, moderator))
        assert hints(form)["Pictures per hour"] == ("0 to 60. If empty: 60 (the operator's limit).", "60")
        fields = {"Pictures per hour": "500", "Cooldown in seconds": "5"}
        wrong = await private_answer(stage, await moderator.submits(form, fields))
        assert (
            "Pictures per hour: you entered **500**. Enter a whole number from 0 to 60, or leave it empty."
            in wrong.text
        )
        assert "Cooldown in seconds: you entered **5**. Enter a whole number from 30 to 86,400" in wrong.text
        stage.guild.members.pop(bob.id)
        card = await card_of(stage, moderator, member=bob)
        shown = hints(await opened(moderator, card, "Change this member's limits"))
        assert shown["Pictures per hour"] == ("0 to 60. If empty: the limit of their roles, or everyone's.", "")


async def test_the_form_takes_what_the_command_takes_and_no_more(stage: Stage) -> None:
    """It opens with the largest possible values, and a larger one is rejected with the maximum."""
    moderator, unlimited = moderator_of(stage), {"member": dict.fromkeys(FIELDS), "server": dict.fromkeys(FIELDS)}
    del unlimited["server"]["cooldown"]
    largest = {name: 86_400 if name == "cooldown" else 1_000_000 for name in FIELDS}
    async with stage.running(limits=unlimited):
        await say(stage, moderator, "/limits everyone", **largest)
        card = await card_of(stage, moderator)
        for name, most in largest.items():
            form = await opened(moderator, card)
            too_large = await private_answer(stage, await moderator.submits(form, {FIELDS[name]: str(most + 1)}))
            assert f"**{most + 1}**. Enter a whole number from 0 to {most:,}, or leave it empty." in too_large.text
        lowered = await moderator.submits(await opened(moderator, card), {"Credits in 30 days": "999,999"})
        assert "1,000,000 →\u00a0**999,999**" in (await private_answer(stage, lowered)).text
