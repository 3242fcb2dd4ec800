"""The output, the log and the report of a deep check can be shown to anybody."""

import re
from collections.abc import Iterator
from typing import Any, Final

import pytest

from bot.deep_check.command import COMMAND
from bot.deep_check.recorder import APIFRAME, DISCORD
from bot.deep_check.shapes import Shape, ShapeTable
from standins.exchange import Exchange
from tests.bot.deep_check.deep_run import DeepRun, deep_check
from tests.bot.deep_check.test_deviations import MESSAGES, replaced
from tests.stage import Stage

SHORTEST_TOLD: Final = 5  # characters: shorter text says nothing, and is in every word


def texts_in(value: object) -> Iterator[str]:
    """Yield every text in JSON, and every number that could be an id."""
    match value:
        case {**fields}:
            for name, each in fields.items():
                yield from texts_in(each)
                if re.search(r"\d{5}", str(name)):
                    yield str(name)
        case [*items]:
            for item in items:
                yield from texts_in(item)
        case str():
            yield value
        case int() if value > 99_999:
            yield str(value)


def harmless_texts() -> set[str]:
    """Return the words of the contract, of the check's own command, and of the two models in the report's words."""
    words = set(texts_in(COMMAND))

    def visit(shape: Shape) -> None:
        words.update(str(value) for value in shape.values)
        for part in (*shape.fields.values(), *shape.either, *([shape.items] if shape.items else [])):
            visit(part)

    table = ShapeTable.load()
    shapes = [shape for each in table.operations.values() for shape in each.statuses.values() if shape is not None]
    for shape in (*shapes, *table.events.values(), *table.shared.values()):
        visit(shape)
    return words | {"application/json", "image"}


def secrets_of(stage: Stage, exchanges: list[Exchange]) -> set[str]:
    """Return every text that went over the wire, and the names and ids of everything in the world."""
    world = stage.discord.world
    told = {text for each in exchanges for text in texts_in([each.request_body, each.response_body, each.query])}
    told |= {part for each in exchanges for part in each.path.split("/") if re.search(r"\d{5}|%", part)}
    told |= {value for each in exchanges for name, value in each.request_headers.items() if "key" in name.lower()}
    told |= {str(number) for known in (world.users, world.guilds, world.channels) for number in known}
    told |= {*(user.name for user in world.users.values()), *(guild.name for guild in world.guilds.values())}
    told |= {stage.discord.token, stage.apiframe.api_key, stage.discord.cdn_url, stage.apiframe.base_url}
    told |= {f"#{stage.channel.name}", *stage.discord.gateway.sessions}
    return {text for text in told if len(text) >= SHORTEST_TOLD} - harmless_texts() - {"v2"}


def shown(run: DeepRun, secrets: set[str]) -> list[str]:
    """Return those that the run shows as words, not counting the path of the report."""
    text = re.sub(r"Report: \S+", "", run.all_text)
    return [each for each in secrets if re.search(rf"(?<![\w-]){re.escape(each)}(?![\w-])", text)]


@pytest.mark.parametrize("level", ["INFO", "DEBUG"])
async def test_report_terminal_and_log_have_no_secret_id_prompt_or_name(stage: Stage, level: str) -> None:
    """Every text that both platforms sent or got is looked for in everything that the check shows."""
    exchanges: list[Exchange] = []
    stage.discord.observers.append(exchanges.append)
    stage.apiframe.observers.append(exchanges.append)
    run = await deep_check(stage, "--yes", LOG_LEVEL=level)
    assert run.code == 0, run.all_text
    secrets = secrets_of(stage, exchanges)
    assert len(secrets) > 50
    assert {stage.discord.token, str(stage.channel.id), "alice", "A plain red circle on a white background"} <= secrets
    assert shown(run, secrets) == []


HOSTILE: Final[dict[str, Any]] = {
    "value of an enumeration": ("type",),
    "value of another type": ("components",),
    "place of an object": ("author",),
    "place of a flag": ("pinned",),
    "place of an id": ("id",),
}


@pytest.mark.parametrize("name", HOSTILE)
async def test_deviation_is_told_without_its_value(stage: Stage, name: str) -> None:
    """A wrong value is shown by its type."""
    stage.discord.faults.next("POST", MESSAGES, rewrite=replaced(f"of {stage.discord.token}", *HOSTILE[name]))
    run = await deep_check(stage, "--free")
    assert run.code == 1 or name == "place of an id"
    assert stage.discord.token not in run.all_text
    assert "Traceback" not in run.err


async def test_new_field_that_is_called_like_an_id_is_not_named(stage: Stage) -> None:
    stage.discord.faults.next("POST", MESSAGES, rewrite=replaced(1, str(stage.alice.id)))
    run = await deep_check(stage, "--free")
    assert "| `$.*` | integer |" in run.report
    assert str(stage.alice.id) not in run.all_text


async def test_report_says_which_versions_and_headers(stage: Stage) -> None:
    """A bug report needs the versions, the operations with their times, and the names of headers."""
    run = await deep_check(stage, "--free")
    assert re.search(r"imagine-bot \S+, discord\.py 2\.\S+, aiohttp \S+, Python 3\.\S+", run.report)
    assert "Not the platforms themselves: DISCORD_API_URL and APIFRAME_BASE_URL set." in run.report
    headers = "bucket, limit, remaining, reset, reset-after"
    assert re.search(rf"\| discord GET /users/@me \| 200 \| 1 \| \d+ \| {headers} \|", run.report)


def test_every_operation_of_the_check_has_an_expected_answer() -> None:
    """A call that is added to the check has to be added to the table, by `make contracts`."""
    expected = {f"discord {each}" for each in DISCORD} | {f"apiframe {each}" for each in APIFRAME}
    assert set(ShapeTable.load().operations) == expected
