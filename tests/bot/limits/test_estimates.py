"""The price of a picture before it's made, and what it leaves of the month's budget."""

from bot.limits.prices import PriceList
from bot.picture.generation import Generation
from bot.picture.price import Estimate, Price
from bot.picture.request import ImagineRequest
from bot.picture.size import Size
from bot.storage.engine import Database
from bot.storage.generations import GenerationStore
from bot.storage.ledger import LedgerStore
from tests.bot.limits.counting import ESTIMATE, OpenLedger, limits, reserve
from tests.bot.storage.examples import origin

SQUARE = ImagineRequest(prompt="a red boat").size


async def test_an_estimate_is_the_median_of_such_pictures(open_ledger: OpenLedger) -> None:
    """Nothing is known at first, and then what the latest pictures of that size cost."""
    ledger = open_ledger()
    first = await reserve(ledger)
    assert first.estimate == Estimate()
    for credits_charged in (5, 9, 7):
        await ledger.settle((await reserve(ledger)).id, credits_charged)
    assert (await reserve(ledger)).estimate == Estimate(price=Price.about(7))


async def test_an_estimate_says_what_is_left_of_the_smaller_budget(open_ledger: OpenLedger) -> None:
    """It counts this picture, and everybody's where the server has a budget."""
    ledger = open_ledger(member=limits(credits_per_month=100), server=limits(credits_per_month=45))
    lefts = [_left(await reserve(ledger)) for _ in range(2)]
    assert lefts == [45 - ESTIMATE, 45 - 2 * ESTIMATE]
    assert _left(await reserve(ledger, origin(user_id=9))) == 45 - 3 * ESTIMATE


async def test_an_estimate_is_kept_with_its_picture(open_ledger: OpenLedger, database: Database) -> None:
    """Every edit of its card, after a restart too, says the same."""
    ledger = open_ledger(member=limits(credits_per_month=100))
    reserved = await reserve(ledger)
    assert (await GenerationStore(database).get(reserved.id)).estimate == reserved.estimate == Estimate(left=90)


async def test_the_price_list_follows_what_pictures_cost(open_ledger: OpenLedger, database: Database) -> None:
    """Our own prices come first, by size and number of references; Apiframe's list stands in for the others."""
    ledger, prices = open_ledger(), PriceList(LedgerStore(database))
    await ledger.settle((await reserve(ledger)).id, 7)
    await prices.refresh()
    assert prices.price_of(SQUARE, 0) == Price.about(7)
    assert prices.price_of(SQUARE, 1) is prices.price_of(Size(2048, 2048), 0) is None
    prices.catalog = Price(least=4, most=30)
    assert prices.price_of(SQUARE, 0) == Price.about(7)
    assert prices.price_of(Size(2048, 2048), 8) == Price(least=4, most=30)


def _left(generation: Generation) -> int | None:
    return None if generation.estimate is None else generation.estimate.left
