"""A member presses a button that raises an error."""

from importlib import import_module

import pytest
from discord import ui

from bot.gateway.client import COGS
from cogs.shared.persistent import PersistentItem

for name in COGS:
    import_module(name)


def test_no_button_that_outlives_restarts_is_without_the_guard() -> None:
    """Errors of buttons and menus are reported to the user who pressed, since all of them share one base class."""
    assert ui.DynamicItem.__subclasses__() == [PersistentItem]


@pytest.mark.parametrize("kind", PersistentItem.__subclasses__())
def test_no_button_takes_the_guard_away(kind: type[PersistentItem[ui.Item[ui.LayoutView]]]) -> None:
    """Each says what to do when it is pressed, and leaves to the guard what happens when that fails."""
    assert kind.callback is PersistentItem.callback
