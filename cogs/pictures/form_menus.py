"""The menus of a picture's form, which open with the current options, and the options that a sent form has."""

from collections.abc import Mapping
from typing import Any, Final

import discord
from discord import ui

from bot.i18n import _, pgettext
from bot.picture.params import MATCH_INPUT_IMAGE, FluxParams, OutputFormat, Resolution
from bot.picture.price import PriceWith
from cogs.ui.prices import price_words
from cogs.ui.ratios import USUAL_RATIOS, ratio_label
from cogs.ui.text import cut

AUTOMATIC: Final = "automatic"  # the value of a menu's option for no choice
_OWN_SIZE: Final = "size"  # and of the one that keeps a width and a height
_LABEL_MAX: Final = 100  # Discord's bound for an option's label


def shape_menu(params: FluxParams) -> ui.Select[Any]:
    """Return the menu of ratios; a size in pixels and a ratio without a name are there if they are chosen."""
    labels = {AUTOMATIC: pgettext("shape", "Automatic")}
    if params.is_custom_size:
        labels[_OWN_SIZE] = _("{width} × {height} pixels", width=params.width, height=params.height)
    own = [params.aspect_ratio] if params.aspect_ratio and not params.is_custom_size else []
    for ratio in (*USUAL_RATIOS, MATCH_INPUT_IMAGE, *own):
        labels[ratio] = ratio_label(ratio)
    return _menu(labels, shape_value(params))


def shape_value(params: FluxParams) -> str:
    """Return the option with which the menu of ratios opens."""
    return _OWN_SIZE if params.is_custom_size else params.aspect_ratio or AUTOMATIC


def resolution_menu(params: FluxParams, price_with: PriceWith) -> ui.Select[Any]:
    """Return the menu of resolutions, each with its price if that is known."""
    labels = {AUTOMATIC: pgettext("resolution", "Automatic"), **{each.value: each.label for each in Resolution}}
    labels[Resolution.MATCH_INPUT_IMAGE] = _("Same as the first reference image")
    menu = _menu(labels, params.resolution or AUTOMATIC)
    for option in menu.options:
        chosen = {"resolution": _unless_automatic(option.value)}
        price = price_with(params.model_copy(update=chosen))
        option.description = None if price is None else cut(price_words(price), _LABEL_MAX)
    return menu


def format_menu(params: FluxParams) -> ui.Select[Any]:
    """Return the menu of file formats."""
    labels = {AUTOMATIC: pgettext("file format", "Automatic"), **{each.value: each.value for each in OutputFormat}}
    return _menu(labels, params.output_format or AUTOMATIC)


def params_chosen(before: FluxParams, *, shape: str, resolution: str, output_format: str) -> FluxParams:
    """Return the options chosen in the menus; options without a menu stay as they were.

    Raises `InvalidRequest` with what to change.
    """
    chosen: dict[str, object] = dict(before)
    if shape != shape_value(before):
        chosen |= {"aspect_ratio": _unless_automatic(shape), "width": None, "height": None}
    chosen |= {"resolution": _unless_automatic(resolution), "output_format": _unless_automatic(output_format)}
    return FluxParams.chosen(**chosen)


def _unless_automatic(value: str) -> str | None:
    return None if value == AUTOMATIC else value


def _menu(labels: Mapping[str, str], chosen: str) -> ui.Select[Any]:
    """Return a menu in which one option has to be chosen."""
    return ui.Select(
        options=[
            discord.SelectOption(label=label[:_LABEL_MAX], value=value, default=value == chosen)
            for value, label in labels.items()
        ]
    )
