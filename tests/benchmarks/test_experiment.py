"""The developer who compares the bot with its floor."""

from collections.abc import Callable, Sequence

import pytest

from benchmarks.conditions import Conditions
from benchmarks.experiment import FLOOR, Aim, Experiment, Line, Measure, Measured, Unit, rows_of
from benchmarks.report import Verdict

BOT = "bot"
TIMES = Aim(most=4, times=True)


def taking(seconds: Sequence[float], turns: list[str] | None = None, name: str = "") -> Measure:
    """Return a program that takes one of these after the other."""
    left = list(seconds)

    async def measure() -> Measured:
        if turns is not None:
            turns.append(name)
        p99 = left.pop(0)
        return Measured({"p50": p99 / 2, "p99": p99}, Conditions([0.0, 0.001], 0.5))

    return measure


async def broken() -> Measured:
    raise RuntimeError("it didn't start:\n[ERROR] no port")


def line(aim: Aim | None = TIMES, usual: float | None = 0.002) -> Line:
    return Line("answered: p50 / p99", BOT, ("p50", "p99"), Unit.MILLISECONDS, "p99", aim, usual=usual)


def experiment(bot: Measure, floor: Measure, *lines: Line) -> Experiment:
    return Experiment("answers", {FLOOR: floor, BOT: bot}, lines)


async def test_programs_take_turns_and_a_row_has_their_medians() -> None:
    """One slow repetition changes nothing, and a slow minute of the machine meets both programs."""
    turns: list[str] = []
    bot, floor = taking([0.004, 0.9, 0.006], turns, BOT), taking([0.002, 0.001, 0.9], turns, FLOOR)
    (row,) = await rows_of(experiment(bot, floor, line()), 3)
    assert turns == [FLOOR, BOT] * 3
    assert (row.bot, row.floor, row.aim) == ("3.0 / 6.0 ms", "1.0 / 2.0 ms", "p99 ≤ 4 × floor")
    assert (row.numbers, row.floor_numbers["p99"]) == ({"p50": 0.003, "p99": 0.006}, 0.002)
    assert row.verdict is Verdict.MET
    assert "50%" in row.conditions


@pytest.mark.parametrize(
    ("bot", "floor", "usual", "verdict"),
    [
        (0.008, [0.002] * 3, 0.002, Verdict.MET),
        (0.0081, [0.002] * 3, 0.002, Verdict.MISSED),
        (0.1, [0.0041] * 3, 0.002, Verdict.UNSTEADY),
        (0.1, [0.0039] * 3, 0.002, Verdict.MISSED),
        (0.1, [0.001, 0.002, 0.002], None, Verdict.UNSTEADY),
        (0.1, [0.0011, 0.002, 0.002], None, Verdict.MISSED),
    ],
)
async def test_there_is_no_verdict_where_the_floor_takes_twice_its_usual(
    bot: float, floor: list[float], usual: float | None, verdict: Verdict
) -> None:
    """Then the figures say something about the machine; without a usual one, the floor's best counts."""
    (row,) = await rows_of(experiment(taking([bot] * 3), taking(floor), line(usual=usual)), 3)
    assert row.verdict is verdict


async def test_a_program_that_fails_has_its_reason_in_its_row_and_leaves_the_others_alone() -> None:
    """It isn't tried again, and a row beside a floor that failed keeps the bot's figures but has no verdict."""
    of_floor = Line("floor", FLOOR, ["p99"], Unit.MILLISECONDS, aim=Aim(most=1), beside="")
    failed, fine = await rows_of(experiment(broken, taking([0.002] * 3), line(), of_floor), 3)
    assert (failed.verdict, failed.failure) == (Verdict.FAILED, "RuntimeError: it didn't start: [ERROR] no port")
    assert (failed.bot, fine.bot, fine.verdict) == ("", "2.0 ms", Verdict.MET)
    (alone,) = await rows_of(experiment(taking([0.004] * 3), broken, line()), 3)
    assert (alone.bot, alone.floor, alone.verdict) == ("2.0 / 4.0 ms", "", Verdict.FAILED)
    assert (failed.met, alone.met) == (None, None)
    assert alone.failure.startswith("floor: RuntimeError")


async def test_a_row_can_stand_beside_another_program_than_the_floor() -> None:
    """Two workers have to make 1.8 times what one makes."""
    beside = Line("p99", BOT, ["p99"], Unit.A_MINUTE, aim=Aim(least=1.8, times=True), beside=FLOOR)
    rows = [await rows_of(experiment(taking([made]), taking([1000.0]), beside), 1) for made in (1800.0, 1799.0)]
    assert [row.verdict for (row,) in rows] == [Verdict.MET, Verdict.MISSED]
    assert [row.aim for (row,) in rows] == ["≥ 1.8 × floor"] * 2


async def test_a_row_without_an_aim_has_no_verdict() -> None:
    """It's there to be read."""
    (row,) = await rows_of(experiment(taking([9.0]), taking([1.0]), line(aim=None)), 1)
    assert (row.aim, row.verdict) == ("", Verdict.NONE)


@pytest.mark.parametrize(
    ("write", "text"),
    [
        (lambda: Unit.MILLISECONDS.written(0.0012, 0.5), "1.2 / 500.0 ms"),
        (lambda: Unit.SECONDS.written(1.234), "1.23 s"),
        (lambda: Unit.MEGABYTES.written(110e6), "110 MB"),
        (lambda: Unit.PERCENT.written(0.012), "1.2 %"),
        (lambda: Unit.A_MINUTE.written(2000), "2,000"),
        (lambda: Aim(most=90e6).written("", Unit.MEGABYTES, FLOOR), "≤ 90 MB"),
        (lambda: Aim(least=1600).written("", Unit.A_MINUTE, FLOOR), "≥ 1,600"),
        (lambda: Aim(most=0.5).written("median", Unit.SECONDS, FLOOR), "median ≤ 0.50 s"),
    ],
)
def test_figures_and_aims_are_written_in_the_unit_of_their_row(write: Callable[[], str], text: str) -> None:
    """Seconds, bytes and shares become what people compare."""
    assert write() == text
