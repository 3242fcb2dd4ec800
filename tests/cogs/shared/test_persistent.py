"""A member presses a button that raises an error."""

import pytest
from discord import ui

from cogs.composition import PERSISTENT
from cogs.shared.persistent import PersistentItem


def test_no_button_that_outlives_restarts_is_without_the_guard() -> None:
    """Errors of buttons and menus are reported to the user who pressed, since all of them share one base class."""
    assert ui.DynamicItem.__subclasses__() == [PersistentItem]


def test_every_button_that_outlives_restarts_is_registered() -> None:
    """Discord sends a press of an old message, and only a registered kind finds its way to a cog."""
    assert set(PERSISTENT) == set(PersistentItem.__subclasses__())


@pytest.mark.parametrize("kind", PersistentItem.__subclasses__())
def test_no_button_takes_the_guard_away(kind: type[PersistentItem[ui.Item[ui.LayoutView]]]) -> None:
    """Each says what to do when it is pressed, and leaves to the guard what happens when that fails."""
    assert kind.callback is PersistentItem.callback
