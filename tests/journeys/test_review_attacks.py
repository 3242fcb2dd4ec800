"""Members, moderators and accidents that could get around a review before posting."""

import asyncio
import json
from uuid import UUID

import pytest

from cogs.shared.marked_files import file_marker
from tests.images import photo
from tests.journeys.answers import changed, labels_of, private_answer
from tests.journeys.moderators import drawn, say
from tests.journeys.test_privacy import asks as asks_privately
from tests.journeys.test_privacy import unpacked
from tests.journeys.test_reviewing import asks, in_review, rejects, reviewed, says, waits
from tests.stage import TIMEOUT_SECONDS, Stage, has_picture

pytestmark = pytest.mark.shared_bot


async def test_a_private_picture_from_before_the_review_is_not_published_without_one(stage: Stage) -> None:
    """Neither is one of a member who was not reviewed then; a moderator can publish their own."""
    async with stage.running():
        private = await drawn(stage, stage.alice, "a boat", private=True)
        moderator, _channel = await reviewed(stage)
        own = await drawn(stage, moderator, "a barn", private=True)
        refused = await private_answer(stage, await stage.alice.presses(private, "Publish"))
        assert "Moderators look at" in refused.text
        await changed(stage, await moderator.presses(own, "Publish"), "everyone can see it")
        await say(stage, moderator, "/review off")
        await changed(stage, await stage.alice.presses(private, "Publish"), "everyone can see it")


async def test_pictures_of_one_command_are_decided_one_by_one(stage: Stage) -> None:
    """The card they share has each outcome, and a reply edits one that is shown while another still waits."""
    async with stage.running():
        moderator, channel = await reviewed(stage)
        question = await private_answer(stage, await stage.imagine("a {boat|barn|bird|bear}"))
        card = await waits(stage, await stage.alice.presses(question, "Make 4 pictures"))
        cards = await in_review(stage, channel, moderator, 4)
        boat, barn, bird, bear = (
            next(each for each in cards if word in each.text) for word in ("boat", "barn", "bird", "bear")
        )
        await moderator.presses(boat, "Approve")
        await says(stage, card, "1 of 4")
        await rejects(stage, moderator, barn, "no barns")
        await says(stage, card, "Picture 2: **A moderator rejected this request.**")
        await moderator.presses(bird, "Approve")
        await says(stage, card, "2 of 4")
        assert "Waiting for a moderator." in card.text
        async with asyncio.timeout(TIMEOUT_SECONDS):
            while stage.rows("SELECT count(*) FROM generations WHERE state = 'delivered'") != [(2,)]:  # noqa: ASYNC110
                await asyncio.sleep(0.02)
        await stage.alice.sends(stage.channel, "edit 3: at night", reply_to=card)
        [edit] = [each for each in await in_review(stage, channel, moderator, 2) if "at night" in each.text]
        await rejects(stage, moderator, bear)
        await rejects(stage, moderator, edit)
        await says(stage, card, "Picture 4: **A moderator rejected this request.**")
        await stage.settled()
        made = {order["prompt"]: job for order, job in zip(stage.orders(), stage.jobs(), strict=True)}
        [reference] = made["at night"].references
        assert reference.content == made["a bird"].images[0].content
        assert "2 of 4" in card.text
        assert labels_of(card)[0] == "Reroll all"


async def test_a_long_prompt_full_of_markup_fits_into_the_card(stage: Stage) -> None:
    """Before the decision and after it; nobody is pinged."""
    async with stage.running():
        moderator, channel = await reviewed(stage)
        card = await asks(stage, "@everyone" + "*_`|~" * 398)
        [shown] = await in_review(stage, channel, moderator)
        await rejects(stage, moderator, shown, "@everyone" + "*" * 291)
        await says(stage, shown, "❌ **Rejected** by")
        assert shown.buttons == []
        assert shown.payload()["mentions"] == []
        assert not shown.payload()["mention_everyone"]
        await says(stage, card, "A moderator rejected this request.")
        await stage.settled()


async def test_a_copy_of_the_members_data_has_no_picture_that_moderators_did_not_release(stage: Stage) -> None:
    """Neither its file nor the link to it, in review and after it was rejected; an approved one has both."""
    async with stage.running():
        moderator, channel = await reviewed(stage)
        card, _other = await asks(stage, "a boat"), await asks(stage, "a barn")
        boat, barn = sorted(await in_review(stage, channel, moderator, 2), key=lambda each: "barn" in each.text)
        words, found = await exported(stage)
        assert "2 images aren't included because moderators haven't approved them." in words
        assert found == {("a boat", "picture_review", False), ("a barn", "picture_review", False)}
        await moderator.presses(boat, "Approve")
        await rejects(stage, moderator, barn)
        await stage.discord.world.until(lambda: has_picture(card))
        await stage.settled()
        words, found = await exported(stage)
        assert "1 image isn't included because moderators haven't approved it." in words
        assert found == {("a boat", "delivered", True), ("a barn", "failed", False)}
        download = unpacked(await asks_privately(stage, stage.alice, "/history", download=True))
        assert [each["prompt"] for each in json.loads(download["pictures.json"])] == ["a boat"]
        assert len(download) == 2


async def test_a_file_of_somebody_else_does_not_pass_for_the_picture(stage: Stage) -> None:
    """The ids of the card's buttons tell everybody its file's name, and a mention lets the bot see the other file."""
    bob = stage.joins("bob")
    async with stage.running():
        moderator, channel = await reviewed(stage)
        card = await asks(stage)
        [shown] = await in_review(stage, channel, moderator)
        [(generation_id,)] = stage.rows("SELECT id FROM generations")
        assert any(generation_id in str(button["custom_id"]) for button in card.buttons)
        decoy = photo(f"{file_marker(UUID(generation_id))}.png", "blue")
        await bob.sends(stage.channel, f"<@{stage.discord.world.bot.id}>", attachments=[decoy])
        await moderator.presses(shown, "Approve")
        await stage.discord.world.until(lambda: has_picture(card))
        await stage.settled()
        [(state, message_id)] = stage.rows("SELECT state, message_id FROM generations")
        assert (state, message_id) == ("delivered", card.id)


async def exported(stage: Stage) -> tuple[str, set[tuple[str, str, bool]]]:
    """Return the words around Alice's export, and each prompt with its state and whether its image is there."""
    answer = await asks_privately(stage, stage.alice, "/privacy export")
    files, found = unpacked(answer), set()
    for row in json.loads(files["pictures-1.json"]):
        has_image = f"images/{row['image_key']}" in files
        assert (row["result_url"] is not None, "image_withheld" not in row) == (has_image, has_image)
        found.add((row["prompt"], row["state"], has_image))
    assert len([name for name in files if name.startswith("images/")]) == sum(has_image for *_, has_image in found)
    return answer.text, found
