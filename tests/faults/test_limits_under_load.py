"""Limits are exact, even if a member is served by several processes, and these die."""

import asyncio
import signal
from itertools import product

import pytest

from bot.limits.ledger import Ledger, LimitRefused, Operator
from bot.limits.policy import Limit, Scope
from bot.limits.prices import PriceList
from bot.picture.generation import Generation
from bot.picture.origin import Origin
from bot.picture.request import ImagineRequest
from bot.storage.engine import Database, parse_database_url
from bot.storage.generations import GenerationStore
from bot.storage.ledger import LedgerStore
from bot.storage.migrate import migrate
from bot.storage.rules import RulesStore
from standins.apiframe.faults import Fault, Kind
from tests.faults.machine import Machine
from tests.processes import forkserver
from tests.promises import ProcessFault
from tests.stage import Stage, is_private

PROCESSES = 4
REQUESTS = 50
IMAGES_PER_DAY = 5
ALICE = Origin(guild_id=42, channel_id=11, user_id=7, upload_limit_bytes=10_485_760)
OPERATOR = Operator(member={}, server={}, estimated_credits=10)


async def test_fifty_requests_at_once_get_five_pictures(database_url: str) -> None:
    """In one process, exactly the five that the server allows are reserved, and forty-five get an error message."""
    await _server_allows(database_url)
    assert await _asks(database_url, REQUESTS) == (IMAGES_PER_DAY, REQUESTS - IMAGES_PER_DAY)


@pytest.mark.promise(ProcessFault.BURST)
async def test_fifty_requests_at_once_in_four_processes_get_five_pictures(database_url: str) -> None:
    """Processes that share a database share its limits: five pictures in all."""
    await _server_allows(database_url)
    shares = [REQUESTS // PROCESSES + (number < REQUESTS % PROCESSES) for number in range(PROCESSES)]
    with forkserver().Pool(PROCESSES) as pool:
        answers = [pool.apply_async(_process, (database_url, share)) for share in shares]
        counts = [await asyncio.to_thread(answer.get, 60) for answer in answers]
    assert tuple(map(sum, zip(*counts, strict=True))) == (IMAGES_PER_DAY, REQUESTS - IMAGES_PER_DAY)


@pytest.mark.matrix
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("point", "outcome"),
    [
        *product(("submitted, not yet saved", "saved, not yet waiting"), (None, Kind.MODEL_FAILURE, Kind.EXPIRED)),
        ("posted, not yet saved", None),
        ("settled, not yet finished", None),
    ],
)
async def test_the_books_of_a_killed_bot_say_what_apiframe_charged(
    stage: Stage, machine: Machine, point: str, outcome: Kind | None
) -> None:
    """For any outcome around a SIGKILL, the price is in the ledger once, and counts."""
    if outcome is not None:
        stage.apiframe.faults.arm(Fault(outcome))
    bot = await machine.starts(crash_at=[point])
    await stage.alice.types("/imagine", stage.channel, prompt="a red boat at dawn")
    assert await bot.ended() == -signal.SIGKILL
    await machine.starts(LIMITS__MEMBER__IMAGES_PER_DAY="1")
    [generation] = await machine.books.closed()
    assert generation.credits == stage.apiframe.charged
    again = await stage.imagine()
    assert again.original is not None
    assert is_private(again.original) == (stage.apiframe.charged > 0)


async def _server_allows(database_url: str) -> None:
    """Allow this many pictures a day on Alice's server."""
    database = Database(parse_database_url(database_url))
    await migrate(database)
    rules = {"everyone": {Limit.IMAGES_PER_DAY.value: IMAGES_PER_DAY}}
    await RulesStore(database).transact(ALICE.server_key, lambda transaction: transaction.save(rules))
    await database.close()


def _process(database_url: str, requests: int) -> tuple[int, int]:
    return asyncio.run(_asks(database_url, requests))


async def _asks(database_url: str, requests: int) -> tuple[int, int]:
    """Ask for many pictures at the same time, and return how many were reserved and how many refused."""
    database = Database(parse_database_url(database_url))
    ledger = Ledger(LedgerStore(database), GenerationStore(database), OPERATOR, PriceList(LedgerStore(database)))
    asked = (ledger.reserve(ImagineRequest(prompt="a red boat"), ALICE, "shards-all") for _ in range(requests))
    answers = await asyncio.gather(*asked, return_exceptions=True)
    await database.close()
    refusals = [answer for answer in answers if isinstance(answer, LimitRefused)]
    assert {(each.exceeded.limit, each.exceeded.set_by) for each in refusals} <= {
        (Limit.IMAGES_PER_DAY, Scope.EVERYONE)
    }
    reserved = [answer for answer in answers if isinstance(answer, Generation)]
    assert len(reserved) + len(refusals) == requests, answers
    return len(reserved), len(refusals)
