"""The operator reads the remaining credits from a metric."""

import math

import pytest
from prometheus_client import CollectorRegistry
from pydantic import SecretStr

from bot.alerts.alerts import Alerts
from bot.alerts.apiframe_watch import ApiframeWatch
from bot.alerts.credit_check import CreditCheck
from bot.apiframe.client import open_apiframe
from bot.apiframe.retry import RetryPolicy
from bot.storage.alerts import AlertStore
from bot.storage.engine import Database
from standins.apiframe.faults import Fault, Kind
from standins.apiframe.server import ApiframeStandIn
from standins.clock import Clock
from tests.bot.alerts.silent_sender import SilentSender
from tests.faults.ledgers import first_true

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


async def test_credits_that_nobody_knows_are_not_shown_as_they_were(database: Database) -> None:
    """While Apiframe does not say, there is no figure, rather than the last one for hours."""
    registry = CollectorRegistry()
    alerts = Alerts(AlertStore(database), registry, SilentSender())

    def shown() -> float:
        return registry.get_sample_value("imagine_apiframe_credits") or 0.0

    async def known() -> bool:
        return not math.isnan(shown())

    async def unknown() -> bool:
        return math.isnan(shown())

    async with ApiframeStandIn(Clock()).serving() as far_end:
        key = SecretStr(far_end.api_key)
        async with open_apiframe(far_end.base_url, key, retries=RetryPolicy(0)) as apiframe:
            credit_check = CreditCheck(alerts, ApiframeWatch(alerts, 0, 10), apiframe, registry)
            assert await unknown()
            async with credit_check.running():
                await first_true(known, within=10)
            assert shown() == far_end.account.credits
            far_end.faults.arm(Fault(Kind.SERVER_ERROR, times=None))
            async with credit_check.running():
                await first_true(unknown, within=10)
