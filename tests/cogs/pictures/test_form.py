"""The operator whose process runs for months."""

from collections.abc import Callable

import pytest
from discord import ui

from bot.limits.moderation import Moderation
from bot.limits.policy import Limit
from bot.picture.layers import Layered
from bot.storage.engine import Database
from cogs.limits.form import FormValues, LimitsForm
from cogs.limits.target import EVERYONE
from cogs.pictures.form import FormText, PictureForm
from tests.bot.limits.counting import Watch, ledger_of, moderation_of


async def _then(*_: object) -> None:
    raise AssertionError("nobody fills it in")


FORMS: dict[str, Callable[[Moderation], ui.Modal]] = {
    "for a prompt": lambda _: PictureForm(
        FormText("Remix", "What to draw"),
        _then,
        prompt="a boat",
        choices=Layered(),
        room=8,
        price_with=lambda _: None,
    ),
    "for everyone's limits": lambda moderation: LimitsForm(EVERYONE, moderation, FormValues({}, {})),
}


@pytest.fixture
def moderation(database: Database) -> Moderation:
    return moderation_of(database, Watch(), ledger_of(database, Watch()))


@pytest.mark.parametrize("which", FORMS)
async def test_a_form_that_was_closed_is_forgotten_in_the_end(which: str, moderation: Moderation) -> None:
    """Discord tells nobody that a form was closed, so each is kept for some hours, and not for ever."""
    form = FORMS[which](moderation)
    assert form.timeout is not None
    assert 3600 <= form.timeout <= 24 * 3600


async def test_the_form_opens_with_whatever_is_set(moderation: Moderation) -> None:
    """A cooldown from an older version is longer than the field's maximum, and Discord still shows it."""
    values = FormValues({Limit.COOLDOWN: 999_999}, {})
    labels = LimitsForm(EVERYONE, moderation, values).to_dict()["components"]
    [shown] = [label["component"] for label in labels if label["component"].get("value")]
    assert shown["value"] == "999,999"
    assert shown["max_length"] >= len(shown["value"])
