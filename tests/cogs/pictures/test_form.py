"""The operator whose process runs for months."""

from collections.abc import Callable

import pytest
from discord import ui

from bot.limits.policy import Limit
from bot.picture.params import FluxParams
from cogs.limits.form import EveryoneForm
from cogs.pictures.form import FormText, PictureForm


async def _then(*_: object) -> None:
    raise AssertionError("nobody fills it in")


FORMS: dict[str, Callable[[], ui.Modal]] = {
    "for a prompt": lambda: PictureForm(
        FormText("Remix", "What to draw"), _then, prompt="a boat", params=FluxParams(), room=8
    ),
    "for everyone's limits": lambda: EveryoneForm({}),
}


@pytest.mark.parametrize("which", FORMS)
async def test_a_form_that_was_closed_is_forgotten_in_the_end(which: str) -> None:
    """Discord tells nobody that a form was closed, so each is kept for some hours, and not for ever."""
    form = FORMS[which]()
    assert form.timeout is not None
    assert 3600 <= form.timeout <= 24 * 3600


async def test_the_form_opens_with_whatever_is_set() -> None:
    """A pause that an older version let in is longer than the field for new ones, and Discord shows it all the same."""
    labels = EveryoneForm({Limit.COOLDOWN: 999_999}).to_dict()["components"]
    [shown] = [label["component"] for label in labels if label["component"].get("value")]
    assert shown["value"] == "999999"
    assert shown["max_length"] >= len(shown["value"])
