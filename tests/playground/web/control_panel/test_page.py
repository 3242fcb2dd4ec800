"""Behind the curtain: a visitor sees what Apiframe does, and has things go wrong on either side."""

import asyncio
import re
from collections.abc import AsyncIterator

import aiohttp
import pytest

from playground.web.control_panel.fault_list import OF_APIFRAME, OF_DISCORD
from standins.apiframe.jobs import Pace
from tests.playground.web.visit import Visit, open_visit

EVERY_SWITCH = [
    *(("apiframe-faults", switch.slug) for switch in OF_APIFRAME),
    *(("discord-faults", switch.slug) for switch in OF_DISCORD),
]


@pytest.fixture
async def visit() -> AsyncIterator[Visit]:
    """Open the page, without the bot at first; pictures take no time."""
    async with open_visit() as visit:
        yield visit


async def test_a_job_is_shown_as_it_was_asked_for(visit: Visit) -> None:
    """The visitor reads the request as it came, what it cost and where it stands; markup in a prompt stays text."""
    await visit.orders("a <b>red</b> boat", seed=7)
    job = await visit.finished()
    region = await visit.region("jobs")
    assert "a &lt;b&gt;red&lt;/b&gt; boat" in region
    assert "&#34;seed&#34;: 7" in region
    assert f"Job {job.id[:8]}, completed" in region
    assert f"{job.cost} credits" in region


async def test_pictures_and_references_of_a_job_come_from_the_page_itself(visit: Visit) -> None:
    """The browser needs no other address to show them; one that is not there is not found, and nothing is counted."""
    await visit.orders(output_format="png")
    first = await visit.finished()
    await visit.orders(input_images=[first.images[0].url])
    second = await visit.finished()
    kept = visit.address + f"/curtain/jobs/{second.id}"
    for path, content in (("pictures/0", second.images[0].content), ("references/0", first.images[0].content)):
        async with visit.browser.get(f"{kept}/{path}") as response:
            assert (response.content_type.split("/")[0], await response.read()) == ("image", content)
    assert (await visit.browser.get(f"{kept}/pictures/1")).status == 404
    assert (await visit.browser.get(visit.address + "/curtain/jobs/nobody/pictures/0")).status == 404
    assert second.downloads == 0


async def test_a_failed_job_says_why_and_that_it_was_refunded(visit: Visit) -> None:
    """The fault is shown beside Apiframe's error."""
    await visit.sends("/curtain/apiframe-faults/policy", setting="next")
    await visit.orders()
    await visit.finished()
    words = await visit.words("jobs")
    assert "refunded" in words
    assert "Faults: policy-refusal." in words
    assert "Content moderated" in words


async def test_only_the_newest_twenty_jobs_are_listed(visit: Visit) -> None:
    """The page stays short, the newest job comes first, and the rest is counted."""
    visit.ends.apiframe.pace = Pace(queued=60)
    for number in range(23):
        await visit.orders(f"boat number {number}")
    region = await visit.region("jobs")
    assert re.findall(r"<b>boat number (\d+)</b>", region) == [str(number) for number in range(22, 2, -1)]
    assert "And 3 older ones." in region


async def test_credits_and_the_pace_can_be_set(visit: Visit) -> None:
    """The figures in the fields are those of Apiframe, and what makes no sense changes nothing."""
    assert await visit.sends("/curtain/credits", credits="5") == 204
    assert await visit.sends("/curtain/pace", seconds="1.5") == 204
    assert (visit.ends.apiframe.credits, visit.ends.apiframe.pace.drawing) == (5, 1.5)
    assert await visit.orders() == 402
    for path, field, value in (("credits", "credits", "-1"), ("pace", "seconds", "nan"), ("pace", "seconds", "")):
        assert await visit.sends(f"/curtain/{path}", **{field: value}) == 400
    fields = re.findall(r'name="(\w+)" type="number".* value="([^"]*)"', await visit.region("jobs"))
    assert fields == [("credits", "5"), ("seconds", "1.5")]


@pytest.mark.parametrize(("board", "switch"), EVERY_SWITCH)
async def test_every_switch_shows_how_it_is_set(visit: Visit, board: str, switch: str) -> None:
    """Off at first, then for the next time, then always, and off again; each shown as long as it holds."""
    shown = [await visit.setting(board, switch)]
    for setting in ("next", "always", "off"):
        assert await visit.sends(f"/curtain/{board}/{switch}", setting=setting) == 204
        shown.append(await visit.setting(board, switch))
    assert shown == ["off", "next", "always", "off"]


async def test_a_switch_for_the_next_time_is_off_once_that_has_come(visit: Visit) -> None:
    """It goes wrong once on either side, and the page shows that it is over."""
    await visit.sends("/curtain/apiframe-faults/credits", setting="next")
    await visit.sends("/curtain/discord-faults/outage", setting="next")
    assert [await visit.orders() for _ in range(2)] == [402, 202]
    assert [await visit.asks_discord() for _ in range(2)] == [503, 200]
    assert await visit.setting("apiframe-faults", "credits") == "off"
    assert await visit.setting("discord-faults", "outage") == "off"


async def test_a_switch_that_is_always_on_goes_on_until_everything_is_switched_off(visit: Visit) -> None:
    """One button ends all faults of one side, and doesn't change the other side."""
    for board in ("apiframe-faults", "discord-faults"):
        await visit.sends(f"/curtain/{board}/outage", setting="always")
    assert ">2 faults on<" in await visit.page()
    assert [await visit.orders() for _ in range(3)] == [503] * 3
    assert "Faults at Apiframe 1 on" in await visit.words("apiframe-faults")
    assert await visit.sends("/curtain/apiframe-faults") == 204
    assert "Faults at Apiframe none" in await visit.words("apiframe-faults")
    assert (await visit.orders(), await visit.asks_discord()) == (202, 503)


async def test_what_nobody_offers_is_refused(visit: Visit) -> None:
    """A switch, a setting, a button that are not on the page are answered with 4xx and do nothing."""
    assert await visit.sends("/curtain/apiframe-faults/nothing", setting="next") == 404
    assert await visit.sends("/curtain/apiframe-faults/slow", setting="perhaps") == 400
    assert await visit.sends("/curtain/bot/dance") == 404
    assert await visit.sends("/curtain/connection/dance") == 404
    assert visit.ends.apiframe.faults.armed == []


async def test_rate_limits_can_be_tight(visit: Visit) -> None:
    """Each route takes one request in two seconds while they are, and as many as one likes afterwards."""
    await visit.sends("/curtain/limit", tight="true")
    assert [await visit.asks_discord() for _ in range(2)] == [200, 429]
    assert re.search(r'value="true" aria-pressed="true"', await visit.region("connection"))
    await visit.sends("/curtain/limit", tight="false")
    assert await visit.asks_discord() == 200


async def test_whoever_looks_sees_a_switch_move(visit: Visit) -> None:
    """The panel comes over the open stream, and again when the fault has struck; panels that stay the same do not."""
    async with visit.browser.get(f"{visit.address}/as/olivia/in/lounge/live") as stream:
        await _next_update(stream, "discord-faults")  # the last of those that come first
        await visit.sends("/curtain/apiframe-faults/credits", setting="next")
        assert "1 on" in await _next_update(stream, "apiframe-faults")
        await visit.orders()
        assert "none" in await _next_update(stream, "apiframe-faults")


async def _next_update(stream: aiohttp.ClientResponse, region: str) -> str:
    """Return the next HTML that the stream sends for a region; it is the only one that is sent until then."""
    async with asyncio.timeout(60):
        while True:
            update = (await stream.content.readuntil(b"\n\n")).decode()
            if f'hx-target="#{region}"' in update:
                return update
