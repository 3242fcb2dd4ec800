"""The `/imagine` line that makes a picture again."""

from bot.i18n import _
from bot.picture.choices import escaped
from bot.picture.params import OPTIONS
from bot.picture.request import ImagineRequest
from cogs.ui.command_text import spelt_out


def command_line(request: ImagineRequest) -> str:
    """Return the command with the prompt and every option that was chosen, whole; images have to be attached to it."""
    params = request.params
    chosen: dict[str, object] = {
        "prompt": escaped(request.prompt),
        **{name: getattr(params, name) for name in OPTIONS},
        "private": request.private or None,
        "spoiler": request.spoiler or None,
        "style": None if request.style is None else request.style.name,
    }
    return spelt_out("imagine", chosen)


def how_to_use(request: ImagineRequest) -> str:
    """Return what to do with that command: its reference images have to be attached again."""
    match len(request.own_references):
        case 0:
            return _("Copy this to make the picture again:")
        case 1:
            return _("Copy this to make the picture again, and attach its reference image as `image1`:")
        case count:
            return _(
                "Copy this to make the picture again, and attach its reference images as `image1` to `image{count}`:",
                count=count,
            )
