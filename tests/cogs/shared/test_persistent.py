"""The member who presses a button at which something breaks."""

from importlib import import_module

import pytest
from discord import ui

from bot.services import COGS
from cogs.shared.persistent import PersistentItem

import_module(COGS)


def test_no_button_that_outlives_restarts_is_without_the_guard() -> None:
    """Whatever a button or menu raises is told to who pressed it, since there is one kind of them, which does that."""
    assert ui.DynamicItem.__subclasses__() == [PersistentItem]


@pytest.mark.parametrize("kind", PersistentItem.__subclasses__())
def test_no_button_takes_the_guard_away(kind: type[PersistentItem[ui.Item[ui.LayoutView]]]) -> None:
    """Each says what to do when it is pressed, and leaves to the guard what happens when that fails."""
    assert kind.callback is PersistentItem.callback
