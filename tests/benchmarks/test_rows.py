"""The developer whose figures come from the moments at which pictures were posted, and from a drawing of them."""

from pathlib import Path

import pytest

from benchmarks.acknowledgement import acknowledgement, figures_of
from benchmarks.bench import HAS_ROLES, Bench
from benchmarks.completing import completing
from benchmarks.experiment import FLOOR
from benchmarks.plot import RATES, draw
from benchmarks.posting import posting
from benchmarks.several import several
from benchmarks.startup import startup
from benchmarks.throughput import a_minute, throughput


def nowhere(*_: object) -> str:
    raise AssertionError("no row needs a database before it's measured")


@pytest.mark.parametrize("part", [startup, acknowledgement, posting, several, throughput, completing])
@pytest.mark.parametrize("quick", [False, True])
def test_every_row_is_about_a_program_that_is_measured(part: object, quick: bool) -> None:
    """And it stands beside one that is, with its aim about a figure that it shows."""
    assert callable(part)
    for experiment in part(Bench(nowhere, quick=quick)):
        for line in experiment.lines:
            assert line.program in experiment.programs
            assert line.beside in experiment.programs or not (line.aim and line.aim.times)
            assert not line.judged or line.judged in line.figures
        assert len(experiment.programs) > len({FLOOR})


@pytest.mark.skipif(not HAS_ROLES, reason="this bot has no roles")
def test_roles_have_rows_of_their_own() -> None:
    """Answers, pictures with one worker and with two, and the memory of a gateway."""
    bench = Bench(nowhere)
    experiments = [*startup(bench), *acknowledgement(bench), *throughput(bench)]
    assert sum("gateway" in line.what for each in experiments for line in each.lines) == 7


def test_the_rate_of_pictures_leaves_out_the_first_and_the_last() -> None:
    """While the queue fills and empties, less is made."""
    steady = [100 + number / 10 for number in range(60)]
    edges = [number * 5.0 for number in range(20)], [200 + number * 5.0 for number in range(20)]
    assert a_minute([*edges[1], *steady, *edges[0]]) == pytest.approx(600)


def test_the_figures_of_answers_are_median_p99_and_the_slowest() -> None:
    """From fast to slow."""
    assert figures_of([number / 1000 for number in range(101)]) == pytest.approx(
        {"p50": 0.05, "p99": 0.099, "max": 0.1}
    )


def test_the_plot_is_small_and_the_same_points_make_the_same_file(tmp_path: Path) -> None:
    """Its text stays text, so that it can be searched and needs no outlines."""
    points = {FLOOR: {"p50": [1.0] * len(RATES), "p99": [2.0] * len(RATES)}}
    files = [tmp_path / "a.svg", tmp_path / "b.svg"]
    for file in files:
        draw(RATES, points, file)
    first, second = (file.read_text() for file in files)
    assert first == second
    assert len(first) < 60_000
    assert ">floor, p99</text>" in first
