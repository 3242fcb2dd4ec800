"""docs/imitation.md is generated, and each operation that a stand-in imitates was called for it."""

import pytest

from standins.apiframe.server import ApiframeStandIn
from standins.clock import Clock
from standins.discord import DiscordStandIn
from tests.contracts.openapi import Contract
from tests.contracts.published import MISSING, Platform, published_contract
from tests.imitation import apiframe, discord
from tests.imitation.page import PAGE, rendered, toured


def contract_of(platform: Platform) -> Contract:
    return published_contract(platform) or pytest.skip(MISSING)


async def test_the_page_is_up_to_date() -> None:
    """The page has the operations of the documents and the answers of the stand-ins. If not, run `make imitation`."""
    page = PAGE.read_text()
    assert await rendered(page, contract_of("discord"), contract_of("apiframe")) == page


async def test_each_imitated_operation_of_discord_is_called() -> None:
    """A route that the tour forgets would be listed as not imitated."""
    fields = await toured(contract_of("discord"), DiscordStandIn(Clock()), discord.tour)
    assert set(fields.answered) == {f"{route.method} {route.template}" for route in DiscordStandIn(Clock()).routes()}


async def test_each_operation_of_apiframe_is_imitated() -> None:
    """The stand-in answers everything that Apiframe's document has."""
    contract = contract_of("apiframe")
    fields = await toured(contract, ApiframeStandIn(Clock()), apiframe.tour)
    assert set(fields.answered) == set(contract.operations.all())
