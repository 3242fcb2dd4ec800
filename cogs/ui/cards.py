"""The cards in the channel: progress, the picture, and the reason why there is none."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

import discord
from discord import ui
from discord.utils import format_dt

from bot.picture.failure import Failure
from bot.picture.generation import Derivation, Generation
from bot.picture.params import MODEL_RATIOS, OPTIONS, FluxParams, Resolution
from bot.picture.progress import Drawing, Fetching, HeldUp, Looking, Obstacle, Progress, Queued, Submitting
from bot.picture.request import ImagineRequest
from cogs.ui.amounts import credits_words
from cogs.ui.failures import failure_sentence
from cogs.ui.text import alt_text, shown_prompt

_BLUE, _GREEN, _RED = discord.Colour(0x5865F2), discord.Colour(0x3BA55D), discord.Colour(0xED4245)
_BAR_CELLS = 12
_DISCORDS_MEGABYTE = 1024 * 1024
_BUTTON_LINK_MAX = 512  # Discord's bound
_LINK_MAX = 2000  # so that the card keeps well below the 4000 characters of all its words
DERIVATION_NAMES: Final = {
    Derivation.REROLL: "rerolled from",
    Derivation.REMIX: "remixed from",
    Derivation.EDIT: "edited from",
    Derivation.LARGER: "enlarged from",
    Derivation.RETRY: "tried again",
}
_NOTHING_SPENT = "the picture service does not answer. Your picture keeps its place, and nothing is spent meanwhile"
_EARLY_PERCENT = 3  # so that an empty bar does not look stuck


def progress_card(
    prompt: str, progress: Progress, began_at: datetime, usual_seconds: float | None = None
) -> ui.LayoutView:
    """Return the card that stands in the picture's place while it is made."""
    footer = f"-# began {format_dt(began_at, 'R')}"
    if usual_seconds is not None:
        footer += f" · such pictures took about {max(1, round(usual_seconds))} s lately"
    return _card(
        _BLUE,
        ui.TextDisplay(f"**{shown_prompt(prompt)}**"),
        ui.TextDisplay(f"{_bar(_percent(progress))}  {stage_words(progress)}"),
        ui.TextDisplay(footer),
    )


def picture_card(
    generation: Generation, file_name: str, rows: Sequence[ui.ActionRow[ui.LayoutView]], *, refitted: bool
) -> ui.LayoutView:
    """Return the card with the picture, which is attached under `file_name`, and `rows` of buttons below it."""
    request = generation.request
    item = discord.MediaGalleryItem(
        f"attachment://{file_name}", description=alt_text(request.prompt), spoiler=request.spoiler
    )
    gallery: ui.MediaGallery[ui.LayoutView] = ui.MediaGallery(item)
    words = [f"<@{generation.origin.user_id}>", *_lineage(generation), *chosen(request), *_metrics(generation)]
    parts: list[ui.Item[ui.LayoutView]] = [
        ui.TextDisplay(f"**{shown_prompt(request.prompt)}**"),
        gallery,
        ui.TextDisplay(f"-# {' · '.join(words)}"),
    ]
    if generation.missed_size is not None:
        parts.append(ui.TextDisplay(f"-# {missed_size_words(generation)}"))
    if refitted:
        limit = generation.origin.upload_limit_bytes // _DISCORDS_MEGABYTE
        parts.append(ui.TextDisplay(f"-# Discord takes up to {limit} MB here, so this is a smaller copy."))
        parts += _original(generation.result_url)
    return _card(_GREEN, *parts, *rows)


def failure_card(
    generation: Generation, failure: Failure, rows: Sequence[ui.ActionRow[ui.LayoutView]]
) -> ui.LayoutView:
    """Return the card that says why there is no picture, with `rows` of buttons below it."""
    return _card(
        _RED,
        ui.TextDisplay(f"**{shown_prompt(generation.request.prompt)}**"),
        ui.TextDisplay(failure_sentence(failure, generation.credits)),
        ui.TextDisplay(f"-# <@{generation.origin.user_id}> · asked {format_dt(generation.created_at, 'R')}"),
        *rows,
    )


def stage_words(progress: Progress) -> str:
    """Return a stage in plain words."""
    match progress:
        case Looking():
            return "looking at the images"
        case Queued():
            return _queue_words(progress)
        case Submitting():
            return "handing it to the model"
        case Drawing(percent=None):
            return "drawing"
        case Drawing(percent=percent):
            return f"drawing, {percent} %"
        case Fetching():
            return "fetching the picture"
        case HeldUp():
            return _obstacle_words(progress)


def chosen(request: ImagineRequest) -> list[str]:
    """Return what the person chose, in short: ratio, the size that comes of it, format, references."""
    params = request.params
    words = [_shape(params), _size(request)]
    # The seed has a place of its own.
    words += [OPTIONS[name].words(value) for name, value in params.others().items() if name != "seed"]
    if count := len(request.references):
        words.append(f"{count} reference image{'s' if count > 1 else ''}")
    return [word for word in words if word]


def missed_size_words(generation: Generation) -> str:
    """Return a sentence about a picture that came back in another size than was asked for."""
    return f"You asked for {generation.missed_size}, but the model made {generation.image_size}."


def message_link(guild_id: int | None, channel_id: int, message_id: int) -> str:
    """Return Discord's address of a message."""
    return f"https://discord.com/channels/{guild_id or '@me'}/{channel_id}/{message_id}"


def picture_link(picture: Generation) -> str | None:
    """Return the address of the message in which a picture stands, or None if there is none."""
    if picture.message_id is None:
        return None
    guild_id = None if picture.was_sent_directly else picture.origin.guild_id
    return message_link(guild_id, picture.shown_in, picture.message_id)


def _original(url: str | None) -> list[ui.Item[ui.LayoutView]]:
    """Return the way to the original: a button, or a link where a button has no room for the address."""
    words = "Original, for a day"
    if not url or len(url) > _LINK_MAX:
        return []
    if len(url) > _BUTTON_LINK_MAX:
        return [ui.TextDisplay(f"-# [{words}]({url})")]
    return [ui.ActionRow(ui.Button(label=words, url=url))]


def _queue_words(queued: Queued) -> str:
    match queued:
        case Queued(position=None):
            return "waiting for its turn"
        case Queued(position=position, paused=False):
            return f"waiting for its turn, number {position} in the queue"
        case _:
            return f"number {queued.position} in the queue, which stands still: {_NOTHING_SPENT}"


def _obstacle_words(held_up: HeldUp) -> str:
    until = format_dt(held_up.until, "t")
    match held_up.obstacle:
        case Obstacle.RATE_LIMITED:
            return f"the picture service is busy: waiting for a place, until {until} at most"
        case Obstacle.NOT_ORDERED:
            return f"{_NOTHING_SPENT}: trying again until {until}"
        case Obstacle.UNREACHABLE:
            return f"the picture service does not answer: trying again until {until}"


def _lineage(generation: Generation) -> list[str]:
    """Return where the picture comes from, with a link to that where it may be linked to."""
    parent, origin = generation.parent, generation.origin
    if parent is None:
        return []
    words = DERIVATION_NAMES[parent.derivation]
    if parent.message_id is None:
        return [words]
    return [f"[{words}]({message_link(origin.guild_id, parent.channel_id, parent.message_id)})"]


def _shape(params: FluxParams) -> str:
    return "" if params.aspect_ratio is None or params.is_custom_size else params.aspect_ratio.replace("_", " ")


def _size(request: ImagineRequest) -> str:
    """Return the resolution where the picture will have it, and otherwise the pixels that come of the choices."""
    params, size = request.params, request.size
    match params.resolution:
        case None if request.asked_size is None or params.aspect_ratio in MODEL_RATIOS:
            return ""
        case None | Resolution.MATCH_INPUT_IMAGE:
            return str(size)
        case resolution:
            return resolution.label if size.reaches(float(resolution)) else str(size)


def _metrics(generation: Generation) -> list[str]:
    words = [f"seed `{generation.request.params.seed}`"]
    if generation.seconds_taken is not None:
        words.append(f"{generation.seconds_taken:.0f} s")
    if generation.credits is not None:
        words.append(credits_words(generation.credits))
    return words


def _percent(progress: Progress) -> int:
    match progress:
        case Drawing(percent=int(percent)):
            return max(_EARLY_PERCENT, percent)
        case Drawing() | HeldUp() | Submitting():
            return _EARLY_PERCENT
        case Fetching():
            return 100
        case _:
            return 0


def _bar(percent: int) -> str:
    full = -(-percent * _BAR_CELLS // 100)
    return "▰" * full + "▱" * (_BAR_CELLS - full)


def _card(colour: discord.Colour, *parts: ui.Item[ui.LayoutView]) -> ui.LayoutView:
    view = ui.LayoutView(timeout=None)
    view.add_item(ui.Container(*parts, accent_colour=colour))
    return view
