"""The server that takes a right from the bot and gives it back: it is asked rarely, and not given up."""

import pytest

from cogs.shared.backoff import Backoff
from tests.promises import DeletionFault


class Watch:
    time = 1000.0

    def __call__(self) -> float:
        return self.time


@pytest.mark.promise(DeletionFault.CHANNEL_HIDDEN)
def test_a_refusal_is_forgotten_after_a_while() -> None:
    """Until then the channel is left alone, and no other."""
    watch = Watch()
    quiet = Backoff(600, watch)
    quiet.begin(1)
    watch.time += 599
    assert quiet.holds(1)
    assert quiet.holds(7, 1)
    assert not quiet.holds(2)
    watch.time += 1
    assert not quiet.holds(1)


def test_each_refusal_begins_anew() -> None:
    """Each new failure starts the waiting time again."""
    watch = Watch()
    quiet = Backoff(600, watch)
    quiet.begin(1)
    watch.time += 599
    quiet.begin(1)
    quiet.begin(2)
    watch.time += 599
    assert quiet.holds(1)
    assert quiet.holds(2)
