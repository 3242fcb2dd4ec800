"""Alerts: the problem, the next step, and the end."""

from datetime import UTC, datetime

import pytest

from bot.alerts.alert import Alert, AlertMessage
from cogs.ui.operator_alerts import alert_text
from cogs.ui.text import SENTENCE_MAX

NOON = datetime(2030, 12, 31, 12, tzinfo=UTC)


@pytest.mark.parametrize("over", [False, True])
def test_every_alert_has_words_of_its_own(over: bool) -> None:
    """Short enough for one message."""
    texts = [alert_text(AlertMessage(each, resolved=over, since=NOON)) for each in Alert]
    assert len(set(texts)) == len(Alert)
    assert max(map(len, texts)) <= SENTENCE_MAX
    assert {text[0] for text in texts} == {"✅" if over else "⚠"}


@pytest.mark.parametrize("alert", Alert)
def test_the_credits_that_are_left_are_shown_where_they_are_known(alert: Alert) -> None:
    assert "1,234" in alert_text(AlertMessage(alert, resolved=False, since=NOON, credits_left=1234))
    assert "0 credits" in alert_text(AlertMessage(alert, resolved=False, since=NOON, credits_left=0))


def test_a_detail_is_named_until_it_is_over() -> None:
    assert "`shards-1`" in alert_text(AlertMessage(Alert.PROCESS_GONE, resolved=False, since=NOON, detail="shards-1"))
    assert "shards-1" not in alert_text(AlertMessage(Alert.PROCESS_GONE, resolved=True, since=NOON, detail="shards-1"))
