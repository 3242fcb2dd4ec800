"""The language of a server's public messages: the command, the menu of `/setup`, and the words about it."""

from collections.abc import Sequence
from typing import Any, Final

from discord import SelectOption, ui
from discord.app_commands import Choice

from bot.errors import InvalidRequest
from bot.gateway.voices import locale_of
from bot.i18n import _, comma_list
from bot.i18n.languages import Languages
from bot.i18n.locale_names import locale_named, name_of
from bot.i18n.speech import ServerLocale
from bot.limits.moderation import Moderation
from cogs.limits.changes import make_change, say
from cogs.shared.access import ImagineInteraction
from cogs.ui.text import cut, plain

LANGUAGE_MAX: Final = 40  # characters of a name
_OF_ASKER: Final = "asker"
_CHOICES_MAX: Final = 25  # Discord's bound
_TYPED_SHOWN: Final = 40  # characters


async def set_language(moderation: Moderation, interaction: ImagineInteraction, typed: str | None) -> None:
    """Set the language of public messages, or with None that of each request; raise `InvalidRequest`."""
    chosen = None if typed is None else _known(interaction.client.languages, typed)
    changed = await make_change(moderation, interaction, lambda rules: rules.with_language(chosen))
    await say(interaction, "\n".join([changed, *_of_community(locale_of(interaction.guild))]))


def _known(languages: Languages, typed: str) -> str:
    found = locale_named(typed, languages.codes)
    if found is None:
        raise InvalidRequest(
            _(
                "I don't speak **{typed}**. Choose one of these: {languages}. Nothing was changed.",
                typed=plain(cut(typed, _TYPED_SHOWN)),
                languages=comma_list([name_of(code) for code in languages.codes]),
            )
        )
    return found


def language_choices(languages: Languages, typed: str) -> list[Choice[str]]:
    """Return the languages whose name or code has the text typed so far."""
    wanted = typed.strip().casefold()
    fitting = [code for code in languages.codes if wanted in f"{name_of(code)} {code}".casefold()]
    return [Choice(name=name_of(code), value=code) for code in fitting[:_CHOICES_MAX]]


def language_menu(chosen: str | None, known: Sequence[str]) -> ui.Select[Any]:
    """Return the menu of `/setup`, with a chosen language even if the bot doesn't speak it any more."""
    codes = [*known] if chosen is None or chosen in known else [chosen, *known]
    options = [SelectOption(label=_("The requesting member's language"), value=_OF_ASKER, default=chosen is None)]
    options += [SelectOption(label=name_of(code), value=code, default=code == chosen) for code in codes]
    return ui.Select(custom_id="setup:language", options=options[:_CHOICES_MAX])


def language_in(value: str) -> str | None:
    """Return the language that a value of the menu means, or None for that of each request."""
    return None if value == _OF_ASKER else value


def language_words(known: ServerLocale) -> str:
    """Return the words above the menu."""
    asked = _("**Language:** which one should everyone read? Private answers are in each member's own.")
    return "\n".join([asked, *_of_community(known)])


def _of_community(known: ServerLocale) -> list[str]:
    """Return which language a community has, since it's the one that counts."""
    if not known.is_community or known.preferred is None:
        return []
    return [
        _(
            "-# This server is a community, so I use its language in Discord's settings: {language}.",
            language=name_of(known.preferred),
        )
    ]
