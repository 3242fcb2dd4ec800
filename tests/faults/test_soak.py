"""The operator who wants to know what a bad day costs: `make soak`, in small."""

import logging
from pathlib import Path
from random import Random

import pytest

from tests.faults.soak.fault_schedule import troubles
from tests.faults.soak.plan import Ending, draw_plan
from tests.faults.soak.run import play
from tests.promises import ProcessFault


@pytest.mark.promise(ProcessFault.SOAK)
@pytest.mark.slow
async def test_a_bad_day_in_small_loses_doubles_and_misbooks_nothing(tmp_path: Path, sqlite_url: str) -> None:
    """Forty pictures with faults everywhere and SIGKILLs of two processes: ledgers agree, and alerts are sent."""
    logging.getLogger("aiohttp").setLevel(logging.CRITICAL)  # a stand-in whose caller was killed says so
    outcome = await play(draw_plan(40, seed=6), sqlite_url, tmp_path)
    assert not outcome.findings, "\n".join([*outcome.lines(), f"log: {tmp_path / 'bot.log'}"])
    assert outcome.delivered > 20


def test_a_long_plan_has_every_trouble_there_is() -> None:
    """Five hundred pictures meet each family of troubles, each ending of a process, and outages of the store."""
    plan = draw_plan(500, seed=1)
    assert {each.family for each in plan.troubles} == {each.family for each in troubles(0, Random(1))}
    assert {each.ending for each in plan.lives} == set(Ending)
    assert plan.outages


@pytest.mark.parametrize("seed", range(1, 9))
def test_a_plan_begins_with_a_takeover(seed: int) -> None:
    """Unless it is over in seconds: the report says how long another process took."""
    assert draw_plan(100, seed).lives[0].ending is Ending.AWAY


@pytest.mark.parametrize("seed", [1, 2])
def test_a_seed_is_a_plan(seed: int) -> None:
    """The same seed asks, breaks and kills at the same moments, and another one at others."""

    def plan_of(seed: int) -> object:
        plan = draw_plan(40, seed)
        return plan.askings, [(each.at, each.name) for each in plan.troubles], plan.lives, plan.outages

    assert plan_of(seed) == plan_of(seed)
    assert plan_of(seed) != plan_of(seed + 1)
