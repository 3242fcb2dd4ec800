"""Choices in a prompt, and a count, from every place in which a prompt can be typed."""

import pytest

from standins.discord.model.messages import Message
from tests.images import photo
from tests.journeys.answers import changed, labels_of, pressed, private_answer
from tests.journeys.test_pointing import name
from tests.journeys.test_several import chooses, gallery_of, shows
from tests.stage import Stage, is_private, text_of

BOATS = "{red|blue|green} boat"
PROMPTS = ["red boat", "blue boat", "green boat"]


async def test_each_choice_becomes_a_picture_once_the_price_is_agreed(stage: Stage) -> None:
    """The question is private, has the price of all, and one card shows each prompt with its picture."""
    async with stage.running():
        question = await private_answer(stage, await stage.imagine(BOATS))
        assert "3 pictures: 21 to 108 credits in all" in text_of(question)
        assert stage.orders() == []
        press = await stage.alice.presses(question, "Make 3 pictures")
        await press.answered()
        await stage.settled()
        card = await shows(stage, press.original, "3 of 3")
    assert prompts_of(stage) == sorted(PROMPTS)
    assert gallery_of(card) == 3
    assert all(f"{place}. **{prompt}**" in text_of(card) for place, prompt in enumerate(PROMPTS, 1))
    assert not is_private(card)


async def test_a_question_that_is_declined_costs_nothing(stage: Stage) -> None:
    """Cancel reserves nothing."""
    async with stage.running():
        question = await private_answer(stage, await stage.imagine(BOATS))
        await changed(stage, await stage.alice.presses(question, "Cancel"), "Nothing was charged.")
    assert stage.orders() == []


@pytest.mark.parametrize("typed", ["{red|blue boat", "{red|{blue|green}} boat", "{a|b|c|d|e} boat"])
@pytest.mark.parametrize("by_mention", [True, False])
async def test_braces_that_cannot_be_read_cost_nothing(stage: Stage, typed: str, *, by_mention: bool) -> None:
    """A command and a mention both get a sentence."""
    async with stage.running():
        if by_mention:
            await stage.alice.sends(stage.channel, f"{name(stage)} {typed}")
            await stage.shows("Nothing was charged.")
        else:
            assert "Nothing was charged." in text_of(await private_answer(stage, await stage.imagine(typed)))
    assert stage.orders() == []


async def test_escaped_braces_are_ordered_as_they_are(stage: Stage) -> None:
    """So are those of a picture that is remixed: its form shows them escaped, and its reroll takes the words."""
    async with stage.running():
        first = await stage.picture(await stage.imagine(r"\{red|blue\} boat"))
        await stage.settled()
        await stage.picture(await stage.alice.presses(first, "Reroll"))
        await stage.settled()
        form = await stage.alice.presses(first, "Remix")
        await form.answered()
        await stage.picture(await stage.alice.submits(form, {}))
    assert prompts_of(stage) == ["{red|blue} boat"] * 3


async def test_a_mention_asks_below_the_message(stage: Stage) -> None:
    """Its images are references of every choice."""
    blue = photo("a.png", "blue")
    async with stage.running():
        await stage.alice.sends(stage.channel, f"{name(stage)} {BOATS}", attachments=[blue])
        question = await stage.shows("The braces stand for 3 pictures")
        await stage.alice.presses(question, "Make 3 pictures")
        [card] = await stage.show_pictures(1)
        await stage.settled()
        await shows(stage, card, "3 of 3")
    assert prompts_of(stage) == sorted(PROMPTS)
    assert [[each.content for each in job.references] for job in stage.jobs()] == [[blue.content]] * 3


async def test_a_form_asks_in_private(stage: Stage) -> None:
    """The prompt of a remix may have choices too."""
    async with stage.running():
        first = await stage.picture(await stage.imagine())
        await stage.settled()
        form = await stage.alice.presses(first, "Remix")
        await form.answered()
        question = await private_answer(stage, await stage.alice.submits(form, {"What to draw": BOATS}))
        press = await stage.alice.presses(question, "Make 3 pictures")
        await press.answered()
        await stage.settled()
        card = await shows(stage, press.original, "3 of 3")
    assert "Remix of [this picture]" in text_of(card)


async def test_count_and_choices_multiply(stage: Stage) -> None:
    """Two of each of two are four; two of each of three are refused."""
    async with stage.running():
        question = await private_answer(stage, await stage.imagine("{red|blue} boat", count=2))
        await (await stage.alice.presses(question, "Make 4 pictures")).answered()
        await stage.settled()
        refused = await private_answer(stage, await stage.imagine(BOATS, count=2))
        assert "Choose a smaller `count`" in text_of(refused)
    assert prompts_of(stage) == ["blue boat", "blue boat", "red boat", "red boat"]


async def test_limits_leave_the_first_choices(stage: Stage) -> None:
    """If three are too many, the first two are offered."""
    async with stage.running(limits={"member": {"images_per_hour": 2}}):
        question = await private_answer(stage, await stage.imagine(BOATS))
        refused = await private_answer(stage, await stage.alice.presses(question, "Make 3 pictures"))
        await (await stage.alice.presses(refused, "Make 2 pictures")).answered()
        await stage.settled()
    assert prompts_of(stage) == ["blue boat", "red boat"]


async def test_reroll_all_repeats_each_choice(stage: Stage) -> None:
    """By the button and by the reaction, each prompt again, and none is asked about."""
    async with stage.running():
        card = await made(stage, "{red|blue} boat", 2)
        await (await stage.alice.presses(card, "Reroll all")).answered()
        await stage.show_pictures(2)
        await stage.settled()
        await stage.alice.reacts(card, "🎲")
        await stage.show_pictures(3)
        await stage.settled()
        await stage.alice.reacts(card, "2️⃣")
        await stage.show_pictures(4)
        await stage.settled()
    assert prompts_of(stage) == ["blue boat"] * 4 + ["red boat"] * 3


async def test_a_mention_and_a_form_take_a_count(stage: Stage) -> None:
    """`count: 2` at the end of the words makes two pictures, and isn't drawn; a count of nine is refused."""
    async with stage.running():
        await stage.alice.sends(stage.channel, f"{name(stage)} a red boat count: 2")
        [card] = await stage.show_pictures(1)
        await stage.settled()
        await shows(stage, card, "2 of 2")
        form = await stage.alice.presses(await chooses(stage, card, 2), "Remix")
        await form.answered()
        sent = await stage.alice.submits(form, {"What to draw": "a blue boat\ncount: 3"})
        await sent.answered()
        await stage.settled()
        await shows(stage, sent.original, "3 of 3")
        await stage.alice.sends(stage.channel, f"{name(stage)} a red boat count: 9")
        await stage.shows("`count` can be from 1 to 4")
    assert prompts_of(stage) == ["a blue boat"] * 3 + ["a red boat"] * 2


async def test_a_reply_to_several_pictures_says_which(stage: Stage) -> None:
    """Without a number it's asked for; with one, that picture is edited."""
    async with stage.running():
        card = await made(stage, "{red|blue} boat", 2)
        await stage.alice.sends(stage.channel, "edit: at night", reply_to=card)
        await stage.shows("Say which one")
        await stage.alice.sends(stage.channel, "edit 2: at night", reply_to=card)
        await stage.show_pictures(2)
        await stage.alice.sends(stage.channel, f"{name(stage)} 1: at dawn", reply_to=card)
        await stage.show_pictures(3)
        await stage.settled()
    by_prompt = {order["prompt"]: job for order, job in zip(stage.orders(), stage.jobs(), strict=True)}
    edits = {"at night": "blue boat", "at dawn": "red boat"}
    for words, before in edits.items():
        [reference] = by_prompt[words].references
        assert reference.content == by_prompt[before].images[0].content


async def test_a_copied_command_and_details_have_the_words_of_one(stage: Stage) -> None:
    """Each picture of several is a request of its own."""
    async with stage.running():
        card = await made(stage, "{red|blue} boat", 2)
        chosen = await chooses(stage, card, 2)
        assert "/imagine prompt:blue boat" in text_of(await pressed(stage, stage.alice, chosen, "Copy command"))
        assert "blue boat" in text_of(await pressed(stage, stage.alice, chosen, "Details"))
    assert labels_of(card) == ["Reroll all"]


async def made(stage: Stage, typed: str, count: int) -> Message:
    """Make the pictures of a prompt with choices, and return their card."""
    question = await private_answer(stage, await stage.imagine(typed))
    press = await stage.alice.presses(question, f"Make {count} pictures")
    await press.answered()
    await stage.settled()
    return await shows(stage, press.original, f"{count} of {count}")


def prompts_of(stage: Stage) -> list[str]:
    return sorted(order["prompt"] for order in stage.orders())
