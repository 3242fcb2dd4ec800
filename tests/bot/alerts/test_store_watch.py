"""The operator gets an alert about an image store that keeps failing, and one when it's over."""

import pytest
from prometheus_client import CollectorRegistry

from bot.alerts.alert import Alert, AlertMessage
from bot.alerts.alerts import Alerts
from bot.alerts.store_watch import StoreWatch
from bot.storage.alerts import AlertStore
from bot.storage.engine import Database
from cogs.ui.operator_alerts import alert_text
from standins.clock import Clock
from tests.bot.alerts.silent_sender import SilentSender
from tests.bot.storage.examples import NOON

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
AWAY = "the server does not answer"


@pytest.fixture
def alerts(database: Database) -> Alerts:
    return Alerts(AlertStore(database), CollectorRegistry(), SilentSender())


def test_a_store_that_fails_for_a_minute_is_told(alerts: Alerts) -> None:
    """A failure or two is nothing; a minute of them is, until the store keeps something again."""
    clock = Clock()
    watch = StoreWatch(alerts, clock.now)
    watch.heard(AWAY)
    clock.wind(59)
    watch.heard(AWAY)
    assert not alerts.is_present(Alert.IMAGE_STORE_DOWN)
    clock.wind(2)
    watch.heard(AWAY)
    assert alerts.is_present(Alert.IMAGE_STORE_DOWN)
    watch.heard(None)
    assert not alerts.is_present(Alert.IMAGE_STORE_DOWN)


def test_failures_far_apart_are_no_outage(alerts: Alerts) -> None:
    """A success between two failures ends the first one."""
    clock = Clock()
    watch = StoreWatch(alerts, clock.now)
    for failure in (AWAY, None, AWAY):
        watch.heard(failure)
        clock.wind(90)
    assert not alerts.is_present(Alert.IMAGE_STORE_DOWN)


def test_the_message_says_what_to_do(alerts: Alerts) -> None:
    """It also says that no pictures are lost."""
    assert not alerts.is_present(Alert.IMAGE_STORE_DOWN)
    began = alert_text(AlertMessage(Alert.IMAGE_STORE_DOWN, resolved=False, since=NOON))
    assert "`IMAGE_STORE_URL`" in began
    assert "still posted" in began
    assert "works again" in alert_text(AlertMessage(Alert.IMAGE_STORE_DOWN, resolved=True, since=NOON))
