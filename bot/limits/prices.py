"""The usual prices of pictures, in memory: a button or a form can't wait for the database."""

from collections.abc import Iterator
from math import ceil
from typing import Final

from bot.picture.price import Price
from bot.picture.request import REFERENCES_MAX, ImagineRequest
from bot.picture.size import MEGAPIXELS_MAX, Size
from bot.storage.ledger import LedgerStore, LedgerTransaction

_STEPS_A_MEGAPIXEL: Final = 2


class PriceList:
    """The median price of the latest pictures by size and number of references, and Apiframe's own price list.

    `catalog` applies to sizes of which no picture was made yet; None until Apiframe was asked.
    """

    def __init__(self, store: LedgerStore) -> None:
        self._store = store
        self._medians: dict[str, int] = {}
        self.catalog: Price | None = None

    def price_of(self, size: Size, references: int) -> Price | None:
        """Return the price of such pictures, or None if nothing is known."""
        return self.price_after(self._medians.get(_key(size.megapixels, references)))

    def price_after(self, usual_credits: int | None) -> Price | None:
        """Return the price that follows from the median of the latest pictures, None if there is none."""
        return self.catalog if usual_credits is None else Price.about(usual_credits)

    async def refresh(self) -> None:
        """Read the prices of the latest pictures again; raise `StorageUnavailable`."""
        self._medians = await self._store.look(_medians)


def _medians(transaction: LedgerTransaction) -> dict[str, int]:
    costs = {key: transaction.usual_cost(key)[1] for key in _duration_keys()}
    return {key: credits_charged for key, credits_charged in costs.items() if credits_charged is not None}


def _duration_keys() -> Iterator[str]:
    """Yield every key that a picture can have."""
    for step in range(1, int(MEGAPIXELS_MAX * _STEPS_A_MEGAPIXEL) + 1):
        for count in range(REFERENCES_MAX + 1):
            yield _key(step / _STEPS_A_MEGAPIXEL, count)


def duration_key_of(request: ImagineRequest) -> str:
    """Return what pictures of about the same time and price share: started half megapixels, number of references."""
    return _key(request.size.megapixels, len(request.references))


def _key(megapixels: float, references: int) -> str:
    return f"{ceil(megapixels * _STEPS_A_MEGAPIXEL) / _STEPS_A_MEGAPIXEL} MP+{references}"
