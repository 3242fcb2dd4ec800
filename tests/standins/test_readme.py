"""The stand-ins' README."""

import re
from pathlib import Path
from typing import Any

import discord
import pytest

README = Path(__file__).parents[2] / "standins" / "README.md"


async def test_the_example_of_the_readme_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody who copies the example has a test that passes."""
    route, socket = discord.http.Route, discord.gateway.DiscordWebSocket
    monkeypatch.setattr(route, "BASE", route.BASE)  # the example sets both, and no other test may keep them
    monkeypatch.setattr(socket, "DEFAULT_GATEWAY", socket.DEFAULT_GATEWAY)
    found = re.search(r"```python\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    assert found is not None
    names: dict[str, Any] = {}
    exec(compile(found[1], str(README), "exec"), names)  # noqa: S102  (our own words)
    await names["test_ping"]()
