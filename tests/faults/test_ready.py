"""The operator who starts the bot: one line says that members are served, and where to look."""

import json

from tests.faults.machine import Machine
from tests.stage import Stage


async def test_a_start_ends_with_one_line_that_says_ready(stage: Stage, machine: Machine) -> None:
    """It names the bot, counts its servers, and has the address of the health check, also as fields."""
    await machine.starts()
    await machine.until(lambda: "Ready as" in machine.log)
    [ready] = [json.loads(line) for line in machine.log.splitlines() if "Ready as" in line]
    assert ready["event"] == f"Ready as {ready['bot']} in 1 server, health at {ready['health']}"
    assert (ready["servers"], ready["level"]) == (1, "info")
    async with stage.browser.get(ready["health"]) as answer:
        assert answer.status == 200
