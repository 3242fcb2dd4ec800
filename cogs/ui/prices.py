"""Prices in words, before anything is charged."""

from bot.i18n import _, ngettext
from bot.picture.generation import Generation
from bot.picture.price import Estimate, Price, PriceOf


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


def larger_price_words(generation: Generation, price_of: PriceOf) -> list[str]:
    """Return the price of the picture that the button Larger makes, as far as there is one and it's known."""
    size = generation.enlarged_size
    price = None if size is None else price_of(size, len(generation.request.references))
    return [] if price is None else [_("Larger: {price}", price=price_words(price))]
