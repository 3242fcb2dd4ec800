"""Files that share a message, each as large as is fair to the others."""

from hypothesis import given
from hypothesis import strategies as st

from cogs.delivery.fair_shares import too_large

MB = 1024 * 1024
WHOLE = 25 * MB - 100_000
SIZES = st.lists(st.integers(0, 12 * MB), min_size=1, max_size=4)


def limits_of(new: list[int], kept: list[int], waiting: int = 0, limit: int = 10 * MB) -> dict[int, int]:
    places = len(new) + len(kept) + waiting
    return too_large(dict(enumerate(new)), kept, places=places, waiting=waiting, upload_limit_bytes=limit)


def test_files_that_fit_together_stay_as_they_are() -> None:
    """Nothing is made smaller without need, even if it is far larger than an equal share."""
    assert limits_of([10 * MB, 10 * MB, 2 * MB, 2 * MB], []) == {}
    assert limits_of([10 * MB], [4 * MB, 4 * MB, 4 * MB]) == {}


def test_large_files_share_what_small_ones_leave() -> None:
    """Two small ones stay, and the two large ones get the rest in equal parts."""
    limits = limits_of([10 * MB, 1 * MB, 10 * MB, 9 * MB], [])
    assert limits.keys() == {0, 2, 3}
    assert all(limit // 10 == (WHOLE - MB) // 3 // 10 for limit in limits.values())


def test_pictures_that_are_still_made_keep_their_share() -> None:
    """The first of four gets a quarter, so that the others get theirs."""
    assert limits_of([10 * MB], [], waiting=3) == {0: WHOLE - 3 * (WHOLE // 4)}


def test_a_boosted_server_takes_more() -> None:
    """Its bound for a file is the bound for the message, where that is larger."""
    assert limits_of([20 * MB, 20 * MB], [], limit=50 * MB) == {}


@given(SIZES, st.integers(0, 3))
def test_what_is_let_through_fits_the_message_and_leaves_everybody_a_share(sizes: list[int], waiting: int) -> None:
    """In any order and of any size, no file gets less than an equal share, and the message is never too large."""
    places = len(sizes) + waiting
    kept: list[int] = []
    for number, size in enumerate(sizes):
        limits = too_large({0: size}, kept, places=places, waiting=places - number - 1, upload_limit_bytes=10 * MB)
        assert limits.get(0, WHOLE) >= WHOLE // places
        kept.append(limits.get(0, size))
    assert sum(kept) <= WHOLE
    together = limits_of(sizes, [], waiting)
    assert sum(together.get(which, size) for which, size in enumerate(sizes)) <= WHOLE
    assert all(limit >= WHOLE // places for limit in together.values())
