"""The `/imagine` line that makes a picture again."""

from bot.picture.options import label_of
from bot.picture.params import OPTIONS
from bot.picture.request import ImagineRequest


def command_line(request: ImagineRequest) -> str:
    """Return the command with the prompt and every option that was chosen, whole; images have to be attached to it."""
    params = request.params
    chosen: dict[str, object] = {
        "prompt": request.prompt,
        **{name: getattr(params, name) for name in OPTIONS},
        "private": request.private or None,
        "spoiler": request.spoiler or None,
    }
    return " ".join(["/imagine", *(f"{name}:{label_of(value)}" for name, value in chosen.items() if value is not None)])


def to_attach(request: ImagineRequest) -> str:
    """Return the image options that the command also needs, such as `image1` to `image3`; empty if none."""
    match len(request.references):
        case 0:
            return ""
        case 1:
            return "`image1`"
        case count:
            return f"`image1` to `image{count}`"
