"""The price of a picture before it's made, in Apiframe's credits."""

from collections.abc import Callable

from pydantic import BaseModel, ConfigDict

from bot.picture.params import FluxParams
from bot.picture.size import Size


class Price(BaseModel):
    """The usual price of such pictures; `least` and `most` differ while only Apiframe's price list is known."""

    model_config = ConfigDict(frozen=True)

    least: int
    most: int

    @classmethod
    def about(cls, credits_charged: int) -> "Price":
        """Return the price of pictures that cost this much lately."""
        return cls(least=credits_charged, most=credits_charged)

    def __mul__(self, pictures: int) -> "Price":
        """Return the price of several such pictures."""
        return Price(least=self.least * pictures, most=self.most * pictures)


class Estimate(BaseModel):
    """The expected price of one picture, and the credits that stay of the month's budget; None if not known or set."""

    model_config = ConfigDict(frozen=True)

    price: Price | None = None
    left: int | None = None


PriceOf = Callable[[Size, int], Price | None]
"""Returns the price of a picture of this size with this many reference images; None if nothing is known."""

PriceWith = Callable[[FluxParams], Price | None]
"""Returns the price of one picture with other options."""
