"""Prices in words, before anything is charged."""

from bot.i18n import _, ngettext
from bot.picture.price import Estimate, Price


def price_words(price: Price) -> str:
    """Return what pictures like this one cost, such as `about 7 credits`."""
    if price.least == price.most:
        return ngettext("about {count} credit", "about {count} credits", price.most)
    return _("{least} to {most} credits", least=price.least, most=price.most)


def estimate_words(estimate: Estimate | None) -> list[str]:
    """Return the expected price, and the rest of the 30-day limit of credits, as far as they are known."""
    if estimate is None:
        return []
    words = [] if estimate.price is None else [price_words(estimate.price)]
    if estimate.left is not None:
        words.append(_("{count:,} left of the 30-day limit", count=estimate.left))
    return words
