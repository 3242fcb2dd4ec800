"""What may pass is no trouble yet, and what comes and goes is not told each time."""

from collections.abc import AsyncIterator

import pytest
from prometheus_client import CollectorRegistry
from pydantic import SecretStr

from bot.apiframe.client import Apiframe, open_apiframe
from bot.apiframe.errors import ApiframeError
from bot.apiframe.patience import Patience
from bot.notices.apiframe_watch import ApiframeWatch
from bot.notices.notices import Notices
from bot.notices.trouble import Trouble
from bot.storage.engine import Database
from bot.storage.troubles import TroubleStore
from playground.apiframe.faults import Fault, Kind
from playground.apiframe.server import ApiframeStandIn
from playground.clock import Clock

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


class Scene:
    """A client of the stand-in whose every answer is heard, on a clock that can be wound."""

    def __init__(self, clock: Clock, far_end: ApiframeStandIn, notices: Notices, watch: ApiframeWatch) -> None:
        self.clock = clock
        self.far_end = far_end
        self.notices = notices
        self.watch = watch

    async def ask(self, apiframe: Apiframe) -> None:
        try:
            me = await apiframe.me()
        except ApiframeError:
            return
        self.watch.counted(me.credits or 0)


@pytest.fixture
async def scene(database: Database) -> AsyncIterator[Scene]:
    clock = Clock()
    notices = Notices(TroubleStore(database), CollectorRegistry())
    async with ApiframeStandIn(clock).serving() as far_end:
        yield Scene(clock, far_end, notices, ApiframeWatch(notices, 500, 10, clock.now))


@pytest.fixture
async def apiframe(scene: Scene) -> AsyncIterator[Apiframe]:
    key = SecretStr(scene.far_end.api_key)
    async with open_apiframe(scene.far_end.base_url, key, patience=Patience(0), heard=scene.watch.heard) as opened:
        yield opened


@pytest.mark.parametrize("kind", [Kind.SERVER_ERROR, Kind.HTML, Kind.LOST_ANSWER])
async def test_an_outage_is_told_when_it_lasts(scene: Scene, apiframe: Apiframe, kind: Kind) -> None:
    """Five minutes without one good answer are an outage, and the first good one ends it."""
    scene.far_end.faults.arm(Fault(kind, times=None))
    await scene.ask(apiframe)
    scene.clock.wind(290)
    await scene.ask(apiframe)
    assert not scene.notices.is_present(Trouble.APIFRAME_DOWN)
    scene.clock.wind(10)
    await scene.ask(apiframe)
    assert scene.notices.is_present(Trouble.APIFRAME_DOWN)
    scene.far_end.faults.disarm()
    await scene.ask(apiframe)
    assert not scene.notices.is_present(Trouble.APIFRAME_DOWN)


async def test_a_bad_day_is_no_outage(scene: Scene, apiframe: Apiframe) -> None:
    """While some answers come, however few, Apiframe is not down."""
    for _ in range(3):
        scene.far_end.faults.arm(Fault(Kind.SERVER_ERROR))
        await scene.ask(apiframe)
        scene.clock.wind(200)
        await scene.ask(apiframe)
        scene.clock.wind(200)
    assert not scene.notices.is_present(Trouble.APIFRAME_DOWN)


async def test_a_key_that_is_good_now_and_then_is_one_trouble(scene: Scene, apiframe: Apiframe) -> None:
    """It is over when nothing was refused for ten minutes, and not with each request that passes."""
    for _ in range(3):
        scene.far_end.account.key_active = False
        await scene.ask(apiframe)
        scene.clock.wind(120)
        scene.far_end.account.key_active = True
        await scene.ask(apiframe)
        assert scene.notices.is_present(Trouble.KEY_REFUSED)
    scene.clock.wind(600)
    await scene.ask(apiframe)
    assert not scene.notices.is_present(Trouble.KEY_REFUSED)


async def test_refunds_do_not_make_credits_low_again_and_again(scene: Scene, apiframe: Apiframe) -> None:
    """Once low, they are enough only well above the threshold."""
    present = []
    for credits_left in (500, 499, 506, 498, 549, 550, 506):
        scene.far_end.account.credits = credits_left
        await scene.ask(apiframe)
        present.append(scene.notices.is_present(Trouble.CREDITS_LOW))
    assert present == [False, True, True, True, True, False, False]


async def test_credits_that_are_gone_are_not_low_besides(scene: Scene, apiframe: Apiframe) -> None:
    """One trouble is told, and not two; with some credits again, they may still be few."""
    scene.far_end.account.credits = 0
    await scene.ask(apiframe)
    assert scene.notices.is_present(Trouble.OUT_OF_CREDITS)
    assert not scene.notices.is_present(Trouble.CREDITS_LOW)
    scene.far_end.account.credits = 9
    await scene.ask(apiframe)
    assert scene.notices.is_present(Trouble.OUT_OF_CREDITS)
    scene.far_end.account.credits = 20
    await scene.ask(apiframe)
    assert not scene.notices.is_present(Trouble.OUT_OF_CREDITS)
    assert scene.notices.is_present(Trouble.CREDITS_LOW)
