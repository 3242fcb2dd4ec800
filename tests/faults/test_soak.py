"""The operator who wants to know what a bad day costs: `make soak`, in small."""

import logging
from pathlib import Path

import pytest

from tests.faults.soak.plan import draw_plan
from tests.faults.soak.run import play


async def test_a_bad_day_in_small_loses_doubles_and_misbooks_nothing(tmp_path: Path, sqlite_url: str) -> None:
    """Forty pictures through faults on every side and a few SIGKILLs: the books of all agree, and all is told."""
    logging.getLogger("aiohttp").setLevel(logging.CRITICAL)  # a stand-in whose caller was killed says so
    outcome = await play(draw_plan(40, seed=6), sqlite_url, tmp_path)
    assert not outcome.findings, "\n".join([*outcome.lines(), f"log: {tmp_path / 'bot.log'}"])
    assert outcome.delivered > 20


@pytest.mark.parametrize("seed", [1, 2])
def test_a_seed_is_a_plan(seed: int) -> None:
    """The same seed asks, breaks and kills at the same moments, and another one at others."""

    def plan_of(seed: int) -> object:
        plan = draw_plan(40, seed)
        return plan.askings, [(each.at, each.name) for each in plan.troubles], plan.lives

    assert plan_of(seed) == plan_of(seed)
    assert plan_of(seed) != plan_of(seed + 1)
