"""The operator whose process runs for months."""

from bot.picture.params import FluxParams
from cogs.forms import PictureForm


async def test_a_form_that_was_closed_is_forgotten_in_the_end() -> None:
    """Discord tells nobody that a form was closed, so each is kept for some hours, and not for ever."""

    async def then(*_: object) -> None:
        raise AssertionError("nobody fills it in")

    form = PictureForm("Remix", then, prompt="a boat", params=FluxParams(), room=8)
    assert form.timeout is not None
    assert 3600 <= form.timeout <= 24 * 3600
