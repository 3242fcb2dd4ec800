"""docs/imitation.md: each operation of the platforms' documents, and whether a stand-in imitates it."""

from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Final, TypeVar

from standins.apiframe.server import ApiframeStandIn
from standins.clock import Clock
from standins.discord import DiscordStandIn
from tests.contracts.openapi import Contract
from tests.imitation import apiframe, discord
from tests.imitation.fields import Fields
from tests.pages import with_table

PAGE: Final = Path(__file__).parents[2] / "docs" / "imitation.md"


StandIn = TypeVar("StandIn", DiscordStandIn, ApiframeStandIn)


async def toured(contract: Contract, stand_in: StandIn, tour: Callable[[StandIn], Awaitable[None]]) -> Fields:
    """Call all operations of a stand-in, and return the fields of its answers."""
    fields = Fields(contract)
    async with stand_in.serving():
        stand_in.observers.append(fields.note)
        await tour(stand_in)
    return fields


async def rendered(page: str, discords: Contract, apiframes: Contract) -> str:
    """Return the page with its tables replaced."""
    fields = await toured(discords, DiscordStandIn(Clock()), discord.tour)
    page = with_table(page, "Discord", operations(discords, fields))
    page = with_table(page, "Discord's objects", objects(fields))
    fields = await toured(apiframes, ApiframeStandIn(Clock()), apiframe.tour)
    page = with_table(page, "Apiframe", operations(apiframes, fields))
    return with_table(page, "Apiframe's objects", objects(fields))


def operations(contract: Contract, fields: Fields) -> str:
    """Return a row for each operation of a document."""
    rows = [_row(operation, fields) for operation in sorted(contract.operations.all(), key=_by_path)]
    return "\n".join(["| operation | | answer |", "| --- | --- | --- |", *rows])


def objects(fields: Fields) -> str:
    """Return a row for each object in answers that lacks some of its fields."""
    return "\n".join(["| object | fields left out |", "| --- | --- |", *_objects(fields)])


def _objects(fields: Fields) -> Iterator[str]:
    for name in fields.names():
        if left_out := fields.left_out(name):
            yield f"| `{name}` | {', '.join(f'`{field}`' for field in left_out)} |"


def _row(operation: str, fields: Fields) -> str:
    if operation not in fields.answered:
        return f"| `{operation}` | not imitated here | |"
    return f"| `{operation}` | imitated | {', '.join(sorted(fields.answered[operation]))} |"


def _by_path(operation: str) -> tuple[str, str]:
    method, _, path = operation.partition(" ")
    return path, method
