"""The cards in the channel: progress, the picture, and the reason why there is none."""

from collections.abc import Sequence
from typing import Final

import discord
from discord import ui
from discord.utils import format_dt

from bot.i18n import N_, _, ngettext, pgettext, with_note
from bot.picture.failure import Failure
from bot.picture.generation import Derivation, Generation
from bot.picture.layers import CHOICES
from bot.picture.params import MODEL_RATIOS, OPTIONS, FluxParams, Resolution
from bot.picture.price import Estimate, PriceOf
from bot.picture.progress import InReview, Progress
from bot.picture.request import ImagineRequest, Source
from cogs.ui.amounts import credits_words
from cogs.ui.failures import failure_text
from cogs.ui.prices import estimate_words, larger_price_words
from cogs.ui.stages import is_held_up, percent_of, stage_text
from cogs.ui.text import alt_text, plain, shown_prompt

BLUE, GREEN, RED = discord.Colour(0x5865F2), discord.Colour(0x3BA55D), discord.Colour(0xED4245)
AMBER = discord.Colour(0xF0B232)
_BAR_CELLS = 12
_DISCORDS_MEGABYTE = 1024 * 1024
_BUTTON_LINK_MAX = 512  # Discord's bound
_LINK_MAX = 2000  # so that the card keeps well below the 4000 characters of all its texts
_DERIVED_FROM: Final = {
    Derivation.REROLL: N_("Reroll of [this picture]({link})"),
    Derivation.REMIX: N_("Remix of [this picture]({link})"),
    Derivation.EDIT: N_("Edit of [this picture]({link})"),
    Derivation.LARGER: N_("Larger version of [this picture]({link})"),
    Derivation.RETRY: N_("Retry of [this request]({link})"),
}
_SOURCES: Final = {
    Source.TYPED: N_("typed"),
    Source.STYLE: N_("from the style"),
    Source.MEMBER: N_("own default"),
    Source.SERVER: N_("server's default"),
}
_EARLY_PERCENT = 3  # so that an empty bar does not look stuck


def progress_card(
    prompt: str,
    progress: Progress,
    usual_seconds: float | None = None,
    estimate: Estimate | None = None,
    rows: Sequence[ui.ActionRow[ui.LayoutView]] = (),
) -> ui.LayoutView:
    """Return the card that stands in the picture's place while it is made, with `rows` of buttons below it."""
    held_up = is_held_up(progress) or isinstance(progress, InReview)
    texts = [f"**{shown_prompt(prompt)}**", _stage(progress)]
    facts = estimate_words(estimate)
    if usual_seconds is not None and not held_up:
        facts.insert(0, _("usually about {seconds} s", seconds=max(1, round(usual_seconds))))
    if facts:
        texts.append(f"-# {' · '.join(facts)}")
    return card_of(AMBER if held_up else BLUE, *map(ui.TextDisplay, texts), *rows)


def picture_card(
    generation: Generation,
    file_name: str,
    price_of: PriceOf,
    rows: Sequence[ui.ActionRow[ui.LayoutView]],
    *,
    refitted: bool,
) -> ui.LayoutView:
    """Return the card with the picture, which is attached under `file_name`, and `rows` of buttons below it."""
    request = generation.request
    item = discord.MediaGalleryItem(
        f"attachment://{file_name}", description=alt_text(request.prompt), spoiler=request.spoiler
    )
    gallery: ui.MediaGallery[ui.LayoutView] = ui.MediaGallery(item)
    parts: list[ui.Item[ui.LayoutView]] = [
        gallery,
        ui.TextDisplay(f"**{shown_prompt(request.prompt)}**"),
        ui.TextDisplay(f"-# {' · '.join(_facts(generation, price_of))}"),
    ]
    if generation.missed_size is not None:
        parts.append(ui.TextDisplay(f"-# {missed_size_words(generation)}"))
    if refitted:
        megabytes = generation.origin.upload_limit_bytes // _DISCORDS_MEGABYTE
        smaller = _("This is a smaller copy: Discord allows up to {megabytes} MB here.", megabytes=megabytes)
        parts.append(ui.TextDisplay(f"-# {smaller}"))
        parts += _original(generation.result_url)
    return card_of(GREEN, *parts, *rows)


def failure_card(
    generation: Generation, failure: Failure, rows: Sequence[ui.ActionRow[ui.LayoutView]]
) -> ui.LayoutView:
    """Return the card that says why there is no picture, with `rows` of buttons below it."""
    return card_of(
        RED,
        ui.TextDisplay(f"**{shown_prompt(generation.request.prompt)}**"),
        ui.TextDisplay(failure_text(failure, generation.credits_owed)),
        ui.TextDisplay(f"-# <@{generation.origin.user_id}> · {format_dt(generation.created_at, 'R')}"),
        *rows,
    )


def chosen(request: ImagineRequest) -> list[str]:
    """Return all choices, each with its source if it wasn't typed: ratio, size, format, references, visibility."""
    params = request.params
    words = {"aspect_ratio": _shape(params), "width" if params.is_custom_size else "resolution": _size(request)}
    # The seed has a place of its own.
    words |= {name: OPTIONS[name].words(value) for name, value in params.others().items() if name != "seed"}
    if count := len(request.references):
        words["references"] = ngettext("{count} reference image", "{count} reference images", count)
    words |= {name: CHOICES[name].words(True) for name in ("private", "spoiler") if getattr(request, name)}
    return [with_source(text, request.sources.get(name)) for name, text in words.items() if text]


def with_source(choice: str, source: Source | None) -> str:
    """Return a choice with the place that it comes from, unless it was typed."""
    return choice if source is None else with_note(choice, _(_SOURCES[source]))


def missed_size_words(generation: Generation) -> str:
    """Return a sentence about a picture that came back in another size than was asked for."""
    return _(
        "You asked for {asked}, but the model made {came}.", asked=generation.missed_size, came=generation.image_size
    )


def message_link(guild_id: int | None, channel_id: int, message_id: int) -> str:
    """Return Discord's address of a message."""
    return f"https://discord.com/channels/{guild_id or '@me'}/{channel_id}/{message_id}"


def picture_link(picture: Generation) -> str | None:
    """Return the address of the message in which a picture stands, or None if there is none."""
    if picture.message_id is None:
        return None
    guild_id = None if picture.was_sent_directly else picture.origin.guild_id
    return message_link(guild_id, picture.shown_in, picture.message_id)


def _facts(generation: Generation, price_of: PriceOf) -> list[str]:
    """Return the facts below a picture: whose it is, where it comes from, its shape, its cost and Larger's."""
    request = generation.request
    facts = [f"<@{generation.origin.user_id}>", lineage_words(generation), style_words(request), shape_or_size(request)]
    if generation.credits is not None:
        facts.append(credits_words(generation.credits))
    if not request.private:  # a private picture has its Larger behind More
        facts += larger_price_words(generation, price_of)
    return [fact for fact in facts if fact]


def _stage(progress: Progress) -> str:
    percent, stage = percent_of(progress), stage_text(progress)
    return stage if percent is None else f"{_bar(max(_EARLY_PERCENT, percent))}  {stage}"


def original_link(url: str | None) -> str:
    """Return a link to the original of a smaller copy, or nothing if there is no room for its address."""
    text = _("Original, for a day")
    return f"[{text}]({url})" if url and len(url) <= _BUTTON_LINK_MAX else ""


def _original(url: str | None) -> list[ui.Item[ui.LayoutView]]:
    """Return the way to the original: a button, or a link where a button has no room for the address."""
    if not url or len(url) > _LINK_MAX:
        return []
    text = _("Original, for a day")
    if len(url) > _BUTTON_LINK_MAX:
        return [ui.TextDisplay(f"-# [{text}]({url})")]
    return [ui.ActionRow(ui.Button(label=text, url=url))]


def lineage_words(generation: Generation) -> str:
    """Return where the picture comes from, with a link to that where it may be linked to."""
    parent, origin = generation.parent, generation.origin
    if parent is None:
        return ""
    if parent.message_id is None:
        return _derivation_name(parent.derivation)
    link = message_link(origin.guild_id, parent.channel_id, parent.message_id)
    return _(_DERIVED_FROM[parent.derivation], link=link)


def _derivation_name(derivation: Derivation) -> str:
    """Return a name for a picture that was made from another one; buttons have the same words as verbs."""
    match derivation:
        case Derivation.REROLL:
            return pgettext("kind of picture", "Reroll")
        case Derivation.REMIX:
            return pgettext("kind of picture", "Remix")
        case Derivation.EDIT:
            return pgettext("kind of picture", "Edit")
        case Derivation.LARGER:
            return pgettext("kind of picture", "Larger version")
        case Derivation.RETRY:
            return pgettext("kind of picture", "Retry")


def style_words(request: ImagineRequest) -> str:
    """Return the name of the style that a picture was made in, or nothing."""
    return "" if request.style is None else _("style {style}", style=plain(request.style.name))


def shape_or_size(request: ImagineRequest) -> str:
    """Return the ratio that was chosen, or the pixels where the shape came from a size or an image."""
    params = request.params
    if params.is_custom_size or params.follows_input_shape:
        return str(request.size)
    return params.aspect_ratio or ""


def _shape(params: FluxParams) -> str:
    if params.aspect_ratio is None or params.is_custom_size:
        return ""
    return _("shape of the first reference image") if params.follows_input_shape else params.aspect_ratio


def _size(request: ImagineRequest) -> str:
    """Return the resolution where the picture will have it, and otherwise the pixels that come of the choices."""
    params, size = request.params, request.size
    match params.resolution:
        case None if request.asked_size is None or params.aspect_ratio in MODEL_RATIOS:
            return ""
        case None | Resolution.MATCH_INPUT_IMAGE:
            return str(size)
        case resolution:
            return _("{megapixels} MP", megapixels=resolution) if size.reaches(float(resolution)) else str(size)


def _bar(percent: int) -> str:
    full = -(-percent * _BAR_CELLS // 100)
    return "▰" * full + "▱" * (_BAR_CELLS - full)


def card_of(colour: discord.Colour, *parts: ui.Item[ui.LayoutView]) -> ui.LayoutView:
    """Return a card with these parts and a border of this colour."""
    view = ui.LayoutView(timeout=None)
    view.add_item(ui.Container(*parts, accent_colour=colour))
    return view
