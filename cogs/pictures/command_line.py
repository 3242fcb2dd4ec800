"""The `/imagine` line that makes a picture again."""

from bot.picture.request import ImagineRequest


def command_line(request: ImagineRequest) -> str:
    """Return the command with the prompt and every option that was chosen, whole; images have to be attached to it."""
    params = request.params
    chosen: dict[str, object] = {
        "prompt": request.prompt,
        "aspect_ratio": params.aspect_ratio,
        "resolution": params.resolution.label if params.resolution else None,
        "width": params.width,
        "height": params.height,
        "seed": params.seed,
        "output_format": params.output_format,
        "output_quality": params.output_quality,
        "private": request.private or None,
        "spoiler": request.spoiler or None,
    }
    return " ".join(["/imagine", *(f"{name}:{value}" for name, value in chosen.items() if value is not None)])


def to_attach(request: ImagineRequest) -> str:
    """Return which image options that command needs besides, such as `image1` to `image3`; empty if none."""
    match len(request.references):
        case 0:
            return ""
        case 1:
            return "`image1`"
        case count:
            return f"`image1` to `image{count}`"
