"""The member whose reference image is gone, here or there: they read that, and nothing is spent."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp import web

from bot.picture.failure import FailureKind
from standins.apiframe.faults import Fault, Kind
from standins.discord.model.messages import Message
from tests.bot.apiframe.far_end import FarEnd, far_end_that
from tests.faults.ledgers import Books
from tests.images import photo
from tests.journeys.answers import private_answer
from tests.promises import ApiframeFault
from tests.stage import Stage, text_of

sqlite_only = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


async def shown(_: web.Request) -> web.StreamResponse:
    return web.Response(body=photo().content, content_type="image/png")


async def taken_away(_: web.Request) -> web.StreamResponse:
    return web.Response(status=404)


def sweep(stage: Stage) -> None:
    """Take all kept bytes away, as the bot does after RETENTION_DAYS."""
    for file in Path(stage.folder / "images").rglob("*.*"):
        file.unlink()


@asynccontextmanager
async def drawn_from_an_embed(stage: Stage) -> AsyncIterator[tuple[Message, FarEnd]]:
    """Draw a picture from an image in an embed, whose link doesn't contain its expiry."""
    async with far_end_that(shown) as page, stage.running():
        link = {"url": page.base_url + "/a.png", "proxy_url": page.base_url + "/a.png"}
        message = await stage.alice.sends(stage.channel, "see", embeds=[{"image": link}])
        form = await stage.alice.uses(message, "Imagine from this")
        await form.answered()
        picture = await stage.picture(await stage.alice.submits(form, {"What to draw": "like this"}))
        await stage.settled()
        yield picture, page


@pytest.mark.promise(ApiframeFault.REFERENCE_GONE)
async def test_an_image_that_is_gone_everywhere_is_named_before_anything_is_spent(stage: Stage) -> None:
    """A link that never says that it dies is not taken for one that lives."""
    async with drawn_from_an_embed(stage) as (picture, page):
        sweep(stage)
        page.answer = taken_away
        refusal = await private_answer(stage, await stage.alice.presses(picture, "Reroll"))
        assert "Reference image 1 of that picture is no longer stored" in text_of(refusal)
    assert len(stage.orders()) == 1


@pytest.mark.promise(ApiframeFault.REFERENCE_GONE)
async def test_an_image_that_is_still_shown_need_not_be_kept(stage: Stage) -> None:
    """A sticker, or a picture in an embed, outlives the kept bytes: its link does as long as it leads somewhere."""
    async with drawn_from_an_embed(stage) as (picture, _):
        sweep(stage)
        await stage.picture(await stage.alice.presses(picture, "Reroll"))
    assert [each.content for each in stage.jobs()[1].references] == [photo().content]


@pytest.mark.promise(ApiframeFault.REFERENCE_GONE)
@sqlite_only
async def test_an_image_that_is_gone_when_its_turn_comes_is_no_fault_of_ours(stage: Stage, books: Books) -> None:
    """A link that still has hours to live may lead nowhere: the card says that the image is gone, and nobody pays."""
    async with stage.running():
        interaction = await stage.imagine("a boat", image1=photo())
        picture = await stage.picture(interaction)
        await stage.settled()
        [file] = stage.attached(interaction)
        file.gone = True
        sweep(stage)
        await stage.alice.presses(picture, "Reroll")
        reason = await stage.shows("reference image couldn't be loaded")
        await stage.settled()
        failed = (await books.all())[-1]
    assert "Nothing was charged" in text_of(reason)
    assert "attach the image again" in text_of(reason)
    assert failed.credits == 0
    assert len(stage.orders()) == 1


@pytest.mark.promise(ApiframeFault.REFERENCE_UNREACHABLE)
@sqlite_only
async def test_an_image_that_apiframe_cannot_fetch_is_named(stage: Stage, books: Books) -> None:
    """The member reads that it was the image, and what to do, and not that the model failed."""
    stage.apiframe.faults.arm(Fault(Kind.DEAD_REFERENCES))
    async with stage.running():
        await stage.imagine("a boat", image1=photo())
        reason = await stage.shows("reference image couldn't be loaded")
        assert "attach the image again" in text_of(reason)
        assert "Input image 1" in text_of(reason)
        await stage.settled()
        [failed] = await books.all()
        assert failed.failure is not None
        assert failed.failure.kind is FailureKind.REFERENCE_LOST
        assert failed.credits == stage.apiframe.charged == 0
        await stage.picture(await stage.alice.presses(reason, "Try again"))
