"""The welcome card, as each person gets it."""

from collections.abc import AsyncIterator

import pytest

from tests.playground.web.desk import Desk, open_desk


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    async with open_desk() as opened:
        yield opened


async def _offers_a_limit(desk: Desk, seat: str) -> bool:
    async with desk.browser.get(f"{desk.address}as/{seat}") as response:
        return 'data-starts-command="/limits"' in await response.text()


async def test_a_member_is_told_if_the_bot_cannot_draw_here(desk: Desk) -> None:
    """If the app offers no /imagine, pressing the button says so."""
    reply = await desk.posts("welcome/draw", {})
    assert "has registered no command" in reply.html


async def test_only_moderators_are_offered_a_limit(desk: Desk) -> None:
    """Everybody else can become the moderator, and so can moderators in direct messages, which have no limits."""
    seats = ("alice/in/pictures", "max/in/pictures", "olivia/in/lounge", "max/in/direct", "sam/in/direct")
    assert [seat for seat in seats if await _offers_a_limit(desk, seat)] == ["max/in/pictures", "olivia/in/lounge"]
