"""Texts as the bot's languages have them, to recognise the language of a message."""

from functools import cache

from bot.i18n import _, language
from bot.i18n.languages import Languages
from standins.discord.model.messages import Message


@cache
def _languages() -> Languages:
    return Languages.load()


def said(locale: str, message: str, **values: object) -> str:
    """Return a text of the bot's in the language of one of Discord's locales."""
    with language(_languages().of(locale)):
        return _(message, **values)


def label_in(locale: str, message: Message, label: str) -> str:
    """Return the whole label of a button that begins with a text in a language."""
    wanted = said(locale, label)
    labels = [str(button.get("label", "")) for button in message.buttons]
    assert any(each.startswith(wanted) for each in labels), f"{wanted} is none of {labels}"
    return next(each for each in labels if each.startswith(wanted))
