"""The operator who spreads Discord's shards over several processes."""

import pytest

from bot.picture.shards import NO_SHARDS, Shards


@pytest.mark.parametrize(
    ("count", "ids", "executor_id"),
    [
        (None, None, "shards-all"),
        (4, None, "shards-all"),
        (1, [0], "shards-all"),
        (2, [1, 0], "shards-all"),
        (4, [2, 0, 2], "shards-0-2"),
    ],
)
def test_the_same_shards_have_the_same_name(count: int | None, ids: list[int] | None, executor_id: str) -> None:
    """In any notation: two processes that serve the same shards compete for one lock."""
    assert Shards.chosen(count, ids).executor_id == executor_id


def test_a_name_has_room_in_its_column() -> None:
    """Many shards make a name that is shortened, and still another than that of others."""
    first, second = (Shards.chosen(100, range(ids)).executor_id for ids in (60, 61))
    assert max(len(first), len(second)) <= 64
    assert first != second


@pytest.mark.parametrize(
    ("gone", "others", "served"),
    [
        (Shards(2, (1,)), [Shards(2, (0,))], False),
        (Shards(2, (1,)), [], False),
        (Shards(), [Shards(2, (0,))], False),
        (Shards(2, (1,)), [Shards()], True),
        (Shards(), [Shards(2, (0,)), Shards(2, (1,))], True),
        (Shards(2, (1,)), [Shards(4, (0, 1)), Shards(4, (2, 3))], True),
        (Shards(4, (1, 2)), [Shards(4, (1,)), Shards(4, (2,))], True),
        (Shards(4, (1, 2)), [Shards(2, (0,)), Shards(4, (2,))], False),
        (Shards(), [NO_SHARDS], False),
        (Shards(2, (1,)), [Shards(2, (0,)), NO_SHARDS], False),
    ],
)
def test_nobody_misses_a_process_whose_shards_others_serve(gone: Shards, others: list[Shards], served: bool) -> None:
    """After shards are distributed differently, no process is missing."""
    assert gone.are_served_by(others) is served
