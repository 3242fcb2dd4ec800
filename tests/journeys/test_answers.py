"""An answer in time, honest progress, and no prompt that breaks anything."""

from dataclasses import replace

import pytest

from standins.apiframe.faults import Fault, Kind
from standins.apiframe.jobs import Pace
from standins.discord.model.attachments import Upload
from standins.discord.model.interactions import CallbackType, NotAnsweredError
from tests.images import photo, torn_photo
from tests.promises import DiscordFault
from tests.stage import GENERATION, Stage, first_text_of, is_private, text_of

pytestmark = pytest.mark.shared_bot

HOSTILE_PROMPTS = [
    "`code` ```block``` **bold** __under__ ~~struck~~ ||spoiler|| > quote # heading",
    "first line\n\n\n# a heading\n- a list\n> a quote\n" * 20,
    "@everyone @here <@1> <@&2> <#3> </imagine:4> <t:0:R> <:emoji:5>",
    "[click me](https://evil.example) https://evil.example/x_y_z <https://evil.example>",
    "🎲" * 2000,
    "a" * 2000,
    "\\" * 2000,
    "\u202ereversed\u2066 and\u0000 null\u200b zero",
]


@pytest.mark.parametrize("prompt", HOSTILE_PROMPTS, ids=range(len(HOSTILE_PROMPTS)))
async def test_no_prompt_pings_or_breaks_the_layout(stage: Stage, prompt: str) -> None:
    """Apiframe gets any prompt unchanged except for NUL, nobody is pinged, and the card's layout is intact."""
    async with stage.running():
        picture = await stage.picture(await stage.imagine(prompt))
    assert stage.orders()[0]["prompt"] == prompt.replace("\0", "")  # which PostgreSQL does not take
    payload = picture.payload()
    assert (payload["mentions"], payload["mention_everyone"], payload["mention_roles"]) == ([], False, [])
    title = text_of(picture).split("\n")[1]
    assert title.startswith("**")
    assert title.endswith("**")
    assert not any(markup in title.replace("\\", "\\\\ ") for markup in ("](", "<@", "```", "||", "://"))
    assert len(payload["attachments"][0]["description"]) <= 1024
    assert all(character.isalnum() or character in "-." for character in payload["attachments"][0]["filename"])


@pytest.mark.own_bot
async def test_progress_is_shown_in_plain_words(stage: Stage) -> None:
    """The card comes at once, begins in the queue, and has a bar only with a percentage."""
    stage.apiframe.pace = Pace(queued=0.0, drawing=4.0)
    async with stage.running():
        interaction = await stage.imagine("a red boat")
        assert interaction.callback is not None
        assert interaction.callback.type is CallbackType.MESSAGE
        first = interaction.original
        assert first is not None
        assert "a red boat" in text_of(first)
        assert "In queue" in text_of(first)
        assert "▰" not in text_of(first)
        await stage.shows("Drawing ")
        stage.clock.wind(4)
        await stage.picture(interaction)


async def test_the_second_picture_knows_how_long_such_pictures_take(stage: Stage) -> None:
    """Once there are pictures of that size, the card says how long they usually take."""
    async with stage.running():
        await stage.picture(await stage.imagine())
        await stage.settled()
        second = await stage.imagine()
        assert second.callback is not None
        assert second.original is not None
        assert "usually about" in first_text_of(second.original)


async def test_waiting_and_outages_do_not_count_as_usual(stage: Stage) -> None:
    """The card says how long Apiframe takes once it has the order, however long pictures waited before and after."""
    stage.apiframe.pace = Pace(queued=0.0, drawing=0.4)
    one_at_a_time = {**GENERATION, "concurrency": 1, "concurrency_per_server": 1}
    async with stage.running(generation=one_at_a_time):
        stage.apiframe.faults.arm(Fault(Kind.SERVER_ERROR, route="generate", times=2))
        for _ in range(4):
            await stage.imagine()
        await stage.show_pictures(1)
        stage.apiframe.faults.arm(Fault(Kind.SERVER_ERROR, route="job", times=2))
        await stage.show_pictures(4)
        await stage.settled()
        last = await stage.imagine()
        assert last.original is not None
        assert "usually about 1 s" in first_text_of(last.original)


@pytest.mark.own_bot
async def test_those_who_wait_learn_their_place_in_the_queue(stage: Stage) -> None:
    """Behind a full house, the card says how many are before, and everybody gets a turn."""
    stage.apiframe.pace = Pace(queued=0.0, drawing=30.0)
    one_at_a_time = {**GENERATION, "concurrency": 1, "concurrency_per_server": 1}
    async with stage.running(generation=one_at_a_time):
        await stage.imagine("the first")
        await stage.shows("Drawing")
        await stage.imagine("the second")
        await stage.imagine("the third")
        await stage.shows("In queue: #1")
        await stage.shows("In queue: #2")
        for nth in (1, 2, 3):
            await stage.apiframe.until(lambda: stage.jobs()[-1].started_at and not stage.jobs()[-1].finished)
            stage.clock.wind(31)
            await stage.show_pictures(nth)


def dripping(upload: Upload) -> Upload:
    """Return a file that Discord hands out a little too slowly for the first answer."""
    return replace(upload, drip_bytes_per_second=len(upload.content) / 2.5)


async def test_slow_images_get_a_card_that_says_so(stage: Stage) -> None:
    """If checking the images takes too long for the first response, the card says so, and continues."""
    async with stage.running():
        interaction = await stage.imagine(image1=dripping(photo()))
        assert interaction.callback is not None
        assert interaction.callback.seconds < 3
        assert interaction.original is not None
        assert "Checking images…" in text_of(interaction.original)
        await stage.picture(interaction)
    assert len(stage.channel.messages_for(stage.alice)) == 1


async def test_a_late_refusal_takes_the_card_away(stage: Stage) -> None:
    """A bad image found late leaves no card behind, and its sentence is private."""
    async with stage.running():
        interaction = await stage.imagine(image1=dripping(torn_photo()))
        await stage.discord.world.until(lambda: interaction.follow_ups)
    assert interaction.original is None
    [message] = interaction.follow_ups
    assert is_private(message)
    assert "`image1` is damaged" in text_of(message)
    assert stage.orders() == []


@pytest.mark.promise(DiscordFault.INTERACTION_EXPIRED)
@pytest.mark.own_bot
async def test_an_answer_that_comes_too_late_costs_nothing(stage: Stage) -> None:
    """A member who saw "the application did not respond" isn't charged for a picture."""
    async with stage.running():
        interaction = await stage.alice.types("/imagine", stage.channel, prompt="a boat")
        stage.clock.wind(4)
        with pytest.raises(NotAnsweredError):
            await interaction.answered()
        await stage.picture(await stage.imagine("another boat"))
    assert [order["prompt"] for order in stage.orders()] == ["another boat"]


@pytest.mark.parametrize(("times", "pause"), [(5, 0.01), (2, None)], ids=["with a pause", "without a pause"])
async def test_an_answer_that_discord_refuses_costs_nothing(stage: Stage, times: int, pause: float | None) -> None:
    """If Discord repeatedly has no time for the response, no picture is made or paid for."""
    async with stage.running():
        tries = stage.discord.faults.next(
            "POST", "/interactions/*/callback", times=times, status=429, retry_after=pause
        )
        await stage.alice.types("/imagine", stage.channel, prompt="a boat")
        await stage.discord.world.until(lambda: tries.times == 0)
        await stage.picture(await stage.imagine("another boat"))
    assert [order["prompt"] for order in stage.orders()] == ["another boat"]


async def test_a_picture_too_large_for_the_channel_is_made_smaller_and_says_so(stage: Stage) -> None:
    """A picture over the upload limit keeps its shape, says that it is a copy, and links to the original."""
    stage.apiframe.faults.arm(Fault(Kind.HUGE, megabytes=11))
    async with stage.running():
        picture = await stage.picture(await stage.imagine(output_format="png"))
    [attachment] = picture.payload()["attachments"]
    assert attachment["size"] <= 10 * 1024 * 1024
    assert "smaller copy" in text_of(picture)
    [job] = stage.jobs()
    assert job.images[0].url in str(picture.payload()["components"])


@pytest.mark.promise(DiscordFault.INTERACTION_TOKEN_DEAD)
@pytest.mark.own_bot
async def test_a_dead_token_does_not_lose_the_picture(stage: Stage) -> None:
    """When the right to answer has run out, the picture comes as a message of its own, and the old card goes."""
    stage.apiframe.pace = Pace(queued=0.0, drawing=1000.0)
    async with stage.running():
        interaction = await stage.imagine()
        await stage.shows("Drawing")
        stage.clock.wind(1001)
        [picture] = await stage.show_pictures(1)
        await stage.discord.world.until(lambda: interaction.original is None)
    assert picture.payload()["author"]["bot"]
    assert len(stage.channel.messages_for(stage.alice)) == 1
