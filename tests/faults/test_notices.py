"""The operator whose process dies just when something needs them."""

import sqlite3
from contextlib import closing

import pytest

from tests.faults.machine import Machine
from tests.journeys.test_operator import is_told, told
from tests.promises import MonitoringFault
from tests.stage import Stage


@pytest.mark.promise(MonitoringFault.ALERT_UNDELIVERED)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_what_a_killed_process_did_not_tell_is_told_by_the_next(stage: Stage, machine: Machine) -> None:
    """Killed after an alert is stored and before Discord has a message, the bot sends it when it's back, once."""
    stage.apiframe.account.credits = 100
    sending = stage.discord.faults.next("POST", "/users/@me/channels", delay=3600, drop=True)
    bot = await machine.starts()
    await machine.until(lambda: sending.times == 0)
    bot.kill()
    await bot.ended()
    a_minute_passes(stage)
    again = await machine.starts()
    await is_told(stage, "running low")
    again.kill()
    await again.ended()
    await machine.starts()
    await stage.picture(await stage.imagine())
    assert len(told(stage)) == 1


def a_minute_passes(stage: Stage) -> None:
    """Make the message due that another process may still be about to send."""
    with closing(sqlite3.connect(stage.folder / "imagine.db")) as database, database:
        assert database.execute("UPDATE alerts SET notify_at = since WHERE notify_at IS NOT NULL").rowcount == 1
