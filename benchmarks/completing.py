"""From a letter that a member types into the option `style` to the list of names, with 10,000 styles stored."""

import asyncio
from datetime import UTC, datetime
from functools import partial
from typing import Any, Final

from sqlalchemy import insert

from benchmarks.acknowledgement import FIGURES, figures_of
from benchmarks.bench import Bench
from benchmarks.conditions import conditions_noted
from benchmarks.databases import POSTGRESQL, SQLITE
from benchmarks.experiment import Aim, Experiment, Line, Measured, Unit
from bot.picture.style import StyleContent, name_key, owner_of_member
from bot.storage.engine import Database, parse_database_url
from bot.storage.migrate import migrate
from bot.storage.tables import styles
from bot.styles.checks import STYLES_OF_MEMBER, STYLES_OF_SERVER
from standins.discord.client.person import Person
from standins.discord.model.channels import Channel

COMPLETED_SECONDS: Final = 0.05
PROGRAMS: Final = (SQLITE, POSTGRESQL)
_PAUSE_SECONDS: Final = 0.02
_TYPED: Final = ("", "s", "st", "style 1", "7", "nothing like it")


def completing(bench: Bench) -> list[Experiment]:
    """Return the experiment, with each database."""
    programs = {program: partial(_measured, bench, program) for program in PROGRAMS}
    return [Experiment("completing a style's name", programs, [_line(program) for program in PROGRAMS])]


def _line(program: str) -> Line:
    what = f"a style's name completed among 10,000, {program}: {' / '.join(FIGURES)}"
    return Line(what, program, FIGURES, Unit.MILLISECONDS, "p99", Aim(most=COMPLETED_SECONDS))


async def _measured(bench: Bench, program: str) -> Measured:
    """Store the styles, start the bot, and type again and again."""
    stored, times = bench.either((10_000, 500), (200, 10))
    async with bench.place() as (ends, folder):
        channel, url = ends.channels[0], bench.url(program, folder)
        assert channel.guild is not None
        member = ends.discord.person(channel.guild.add_member("member"))
        await _store(url, member.id, f"guild:{channel.guild.id}", stored)
        async with bench.starting(program, ends, folder, {"DATABASE_URL": url}):
            await _taken(member, channel, times=len(_TYPED))
            async with conditions_noted() as conditions:
                taken = await _taken(member, channel, times)
    return Measured(figures_of(taken), conditions)


async def _taken(member: Person, channel: Channel, times: int) -> list[float]:
    """Return how long each completion took, by the clock of the member's client."""
    loop, taken = asyncio.get_running_loop(), []
    for number in range(times):
        began_at = loop.time()
        text = _TYPED[number % len(_TYPED)]
        await member.completes("/imagine", channel, option="style", text=text, prompt="a red boat")
        taken.append(loop.time() - began_at)
        await asyncio.sleep(_PAUSE_SECONDS)
    return taken


async def _store(url: str, member_id: int, server_key: str, count: int) -> None:
    """Store as many as the member and the server can have, and the rest for others."""
    owners = [owner_of_member(member_id)] * STYLES_OF_MEMBER + [server_key] * STYLES_OF_SERVER
    owners += [owner_of_member(1 + number // STYLES_OF_MEMBER) for number in range(count - len(owners))]
    rows = [_row(owner, f"style {number}") for number, owner in enumerate(owners)]
    database = Database(parse_database_url(url))
    try:
        await migrate(database)
        await database.write(lambda connection: connection.execute(insert(styles), rows))
    finally:
        await database.close()


def _row(owner: str, name: str) -> dict[str, Any]:
    now, content = datetime.now(UTC), StyleContent(frame="a watercolour of {prompt}").model_dump(mode="json")
    times = {"created_at": now, "edited_at": now}
    return {"owner": owner, "name": name, "name_key": name_key(name), "version": 1, "content": content} | {
        "shared_in": [],
        **times,
    }
