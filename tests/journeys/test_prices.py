"""The member who wants to know what a picture costs before paying for it."""

import asyncio
from typing import Any

from standins.apiframe.pricing import price_range
from standins.discord.model.interactions import CallbackType, Interaction
from standins.exchange import Exchange
from tests.stage import TIMEOUT_SECONDS, Stage, first_text_of, text_of

MONTH = {"member": {"credits_per_month": 100}}


def texts(part: Any) -> list[str]:  # noqa: ANN401  (JSON)
    """Return all labels and descriptions within a message's or a form's JSON."""
    own = [part[key] for key in ("label", "description") if part.get(key)] if isinstance(part, dict) else []
    inner = part.values() if isinstance(part, dict) else part if isinstance(part, list) else ()
    return own + [text for each in inner for text in texts(each)]


async def form_of(interaction: Interaction) -> list[str]:
    """Return what a form says."""
    await interaction.answered()
    assert interaction.callback is not None
    assert interaction.callback.type is CallbackType.MODAL, interaction.callback.data
    return texts(interaction.callback.data)


async def test_a_waiting_card_says_what_such_pictures_cost_and_what_is_left(stage: Stage) -> None:
    """The second picture's card has the price of the first; the budget is there from the start."""
    async with stage.running(limits=MONTH):
        first = await stage.picture(await stage.imagine())
        await stage.settled()
        second = await stage.picture(await stage.imagine())
    cost = stage.jobs()[0].cost
    assert "left of the 30-day limit" in first_text_of(first)
    assert f"about {cost} credits · {100 - 2 * cost} left of the 30-day limit" in first_text_of(second)
    assert "left of the 30-day limit" not in text_of(second)


async def test_without_a_budget_nothing_is_left_of_it(stage: Stage) -> None:
    """The card says no more than is known."""
    async with stage.running():
        picture = await stage.picture(await stage.imagine())
    assert "left of the 30-day limit" not in first_text_of(picture)


async def test_pictures_and_forms_have_apiframes_prices_until_there_are_own(stage: Stage) -> None:
    """First they have the range of Apiframe's price list, and after a restart our own median."""
    asked: list[Exchange] = []
    stage.apiframe.observers.append(asked.append)
    async with stage.running():
        async with asyncio.timeout(TIMEOUT_SECONDS):
            while not any(each.path == "/v2/models" for each in asked):  # noqa: ASYNC110  (the bot tells nobody)
                await asyncio.sleep(0.02)
        picture = await stage.picture(await stage.imagine())
        form = await form_of(await stage.alice.presses(picture, "Remix"))
        await stage.settled()
    least, most = price_range()
    assert "Larger · 2048×2048" in texts([*picture.draft.components])
    assert f"· Larger: {least} to {most} credits" in text_of(picture)
    assert f"Pictures like this: {least} to {most} credits" in form
    async with stage.running():
        await stage.picture(await stage.imagine(resolution="4"))
        again = await stage.picture(await stage.imagine())
        form = await form_of(await stage.alice.presses(again, "Remix"))
    assert f"Pictures like this: about {stage.jobs()[0].cost} credits" in form
