"""The member who presses a button at which something breaks."""

from importlib import import_module

import pytest
from discord import ui

from bot.client import COGS
from cogs.lasting import LastingItem

for name in COGS:
    import_module(name)


def test_no_button_that_outlives_restarts_is_without_the_guard() -> None:
    """Whatever a button or menu raises is told to who pressed it, since there is one kind of them, which does that."""
    assert ui.DynamicItem.__subclasses__() == [LastingItem]


@pytest.mark.parametrize("kind", LastingItem.__subclasses__())
def test_no_button_takes_the_guard_away(kind: type[LastingItem[ui.Item[ui.LayoutView]]]) -> None:
    """Each says what to do when it is pressed, and leaves to the guard what happens when that fails."""
    assert kind.callback is LastingItem.callback
