"""A problem that may pass isn't reported yet, and one that comes and goes isn't reported each time."""

from collections.abc import AsyncIterator
from contextlib import suppress
from uuid import uuid4

import pytest
from prometheus_client import CollectorRegistry
from pydantic import SecretStr

from bot.alerts.alert import Alert
from bot.alerts.alerts import Alerts
from bot.alerts.apiframe_watch import ApiframeWatch
from bot.apiframe.breaker import Breaker
from bot.apiframe.client import Apiframe, open_apiframe
from bot.apiframe.errors import ApiframeError
from bot.apiframe.retry import RetryPolicy
from bot.picture.params import FluxParams
from bot.storage.alerts import AlertStore
from bot.storage.engine import Database
from standins.apiframe.faults import Fault, Kind
from standins.apiframe.server import ApiframeStandIn
from standins.clock import Clock
from tests.bot.alerts.silent_sender import SilentSender
from tests.promises import MonitoringFault

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


class Scene:
    """A client of the stand-in whose responses are recorded, on a clock that the test advances."""

    def __init__(self, clock: Clock, far_end: ApiframeStandIn, alerts: Alerts, watch: ApiframeWatch) -> None:
        self.clock = clock
        self.far_end = far_end
        self.alerts = alerts
        self.watch = watch

    async def ask(self, apiframe: Apiframe) -> None:
        try:
            me = await apiframe.me()
        except ApiframeError:
            return
        self.watch.counted(me.credits or 0)

    async def order(self, apiframe: Apiframe) -> None:
        """Order a picture, successfully or not, a moment after the last order."""
        self.clock.wind(20)
        with suppress(ApiframeError):
            await apiframe.submit(apiframe.write_order("a red boat", FluxParams()), idempotency_key=str(uuid4()))

    @property
    def is_down(self) -> bool:
        return self.alerts.is_present(Alert.APIFRAME_DOWN)


@pytest.fixture
async def scene(database: Database) -> AsyncIterator[Scene]:
    clock = Clock()
    alerts = Alerts(AlertStore(database), CollectorRegistry(), SilentSender())
    async with ApiframeStandIn(clock).serving() as far_end:
        yield Scene(clock, far_end, alerts, ApiframeWatch(alerts, 500, 10, clock.now))


@pytest.fixture
async def apiframe(scene: Scene) -> AsyncIterator[Apiframe]:
    key = SecretStr(scene.far_end.api_key)
    url, retries, orders = scene.far_end.base_url, RetryPolicy(0), Breaker(clock=scene.clock.now)
    async with open_apiframe(url, key, retries=retries, orders=orders, heard=scene.watch.heard) as opened:
        yield opened


@pytest.mark.promise(MonitoringFault.APIFRAME_DOWN)
@pytest.mark.parametrize("kind", [Kind.SERVER_ERROR, Kind.HTML, Kind.LOST_ANSWER])
async def test_an_outage_is_told_when_it_lasts(scene: Scene, apiframe: Apiframe, kind: Kind) -> None:
    """Five minutes without one answer are an outage, and where no order failed of it, the first answer ends it."""
    scene.far_end.faults.arm(Fault(kind, times=None))
    await scene.ask(apiframe)
    scene.clock.wind(290)
    await scene.ask(apiframe)
    assert not scene.is_down
    scene.clock.wind(10)
    await scene.ask(apiframe)
    assert scene.is_down
    scene.far_end.faults.disarm()
    await scene.ask(apiframe)
    assert not scene.is_down


@pytest.mark.promise(MonitoringFault.APIFRAME_DOWN)
async def test_a_bad_day_is_no_outage(scene: Scene, apiframe: Apiframe) -> None:
    """While some answers come, however few, Apiframe is not down."""
    for _ in range(3):
        scene.far_end.faults.arm(Fault(Kind.SERVER_ERROR))
        await scene.ask(apiframe)
        scene.clock.wind(200)
        await scene.ask(apiframe)
        scene.clock.wind(200)
    assert not scene.is_down


@pytest.mark.promise(MonitoringFault.APIFRAME_DOWN)
async def test_orders_that_nobody_answers_are_an_outage(scene: Scene, apiframe: Apiframe) -> None:
    """That Apiframe still says what credits are left helps nobody: it is down until it takes orders again."""
    scene.far_end.faults.arm(Fault(Kind.SERVER_ERROR, route="generate", times=None))
    for _ in range(15):
        await scene.order(apiframe)
        await scene.ask(apiframe)
    assert not scene.is_down
    await scene.order(apiframe)
    await scene.ask(apiframe)
    assert scene.is_down
    scene.far_end.faults.disarm()
    await scene.ask(apiframe)
    assert scene.is_down
    await scene.order(apiframe)
    assert not scene.is_down


async def test_an_order_that_is_taken_is_no_outage(scene: Scene, apiframe: Apiframe) -> None:
    """While pictures are ordered, nobody is woken because Apiframe does not say what credits are left."""
    scene.far_end.faults.arm(Fault(Kind.SERVER_ERROR, route="me", times=None))
    for _ in range(20):
        await scene.ask(apiframe)
        await scene.order(apiframe)
    assert not scene.is_down


@pytest.mark.promise(MonitoringFault.APIFRAME_DOWN)
async def test_after_a_restart_it_takes_an_order_to_end_an_outage(scene: Scene, apiframe: Apiframe) -> None:
    """After an alert about an outage, a new process that has ordered nothing yet doesn't report its end."""
    scene.alerts.report(Alert.APIFRAME_DOWN)
    await scene.ask(apiframe)
    assert scene.is_down
    await scene.order(apiframe)
    assert not scene.is_down


async def test_a_key_that_is_good_now_and_then_is_one_trouble(scene: Scene, apiframe: Apiframe) -> None:
    """It is over when nothing was refused for ten minutes, and not with each request that passes."""
    for _ in range(3):
        scene.far_end.account.key_active = False
        await scene.ask(apiframe)
        scene.clock.wind(120)
        scene.far_end.account.key_active = True
        await scene.ask(apiframe)
        assert scene.alerts.is_present(Alert.KEY_REFUSED)
    scene.clock.wind(600)
    await scene.ask(apiframe)
    assert not scene.alerts.is_present(Alert.KEY_REFUSED)


async def test_refunds_do_not_make_credits_low_again_and_again(scene: Scene, apiframe: Apiframe) -> None:
    """Once low, they are enough only well above the threshold."""
    present = []
    for credits_left in (500, 499, 506, 498, 549, 550, 506):
        scene.far_end.account.credits = credits_left
        await scene.ask(apiframe)
        present.append(scene.alerts.is_present(Alert.CREDITS_LOW))
    assert present == [False, True, True, True, True, False, False]


async def test_credits_that_are_gone_are_not_low_besides(scene: Scene, apiframe: Apiframe) -> None:
    """Only one of the two alerts is sent; with some credits again, they may still be low."""
    scene.far_end.account.credits = 0
    await scene.ask(apiframe)
    assert scene.alerts.is_present(Alert.OUT_OF_CREDITS)
    assert not scene.alerts.is_present(Alert.CREDITS_LOW)
    scene.far_end.account.credits = 9
    await scene.ask(apiframe)
    assert scene.alerts.is_present(Alert.OUT_OF_CREDITS)
    scene.far_end.account.credits = 20
    await scene.ask(apiframe)
    assert not scene.alerts.is_present(Alert.OUT_OF_CREDITS)
    assert scene.alerts.is_present(Alert.CREDITS_LOW)
