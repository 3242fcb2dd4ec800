"""Commands are registered under Discord's rules."""

from typing import Any

import pytest

from standins.clock import Clock
from standins.discord import DiscordStandIn
from standins.discord.model.guilds import Guild
from tests.standins.discord.conftest import Api


def command(name: str = "imagine", **more: object) -> dict[str, Any]:
    return {"name": name, "description": "Draw"} | more


def option(name: str = "prompt", kind: int = 3, **more: object) -> dict[str, Any]:
    return {"type": kind, "name": name, "description": "What"} | more


@pytest.fixture
def commands(standin: DiscordStandIn) -> str:
    return f"/applications/{standin.application_id}/commands"


async def test_a_command_is_registered_once(api: Api, commands: str) -> None:
    """The first time it is new (201); under the same name it is overwritten and keeps its id."""
    first = await api("POST", commands, command())
    second = await api("POST", commands, command(description="Paint"))
    assert (first.status, second.status) == (201, 200)
    assert first.body["id"] == second.body["id"]
    assert [one["description"] for one in (await api("GET", commands)).body] == ["Paint"]


async def test_nulls_in_options_are_not_stored(api: Api, commands: str) -> None:
    """Libraries send every field that they know; Discord returns those that have a value."""
    choice = {"name": "Boat", "value": "boat", "name_localizations": None}
    sent = option(min_value=None, choices=[choice], channel_types=None)
    stored = (await api("POST", commands, command(options=[sent]))).body["options"]
    assert stored == [option(choices=[{"name": "Boat", "value": "boat"}])]


async def test_names_in_other_languages_are_listed_if_the_app_asks(api: Api, commands: str) -> None:
    """Without `with_localizations`, Discord leaves them out of the list."""
    names = {"de": "male"}
    await api("POST", commands, command(options=[option(name_localizations=names)], name_localizations=names))
    [short], [whole] = [(await api("GET", commands + query)).body for query in ("", "?with_localizations=true")]
    assert "name_localizations" not in short | short["options"][0]
    assert whole["name_localizations"] == whole["options"][0]["name_localizations"] == {"de": "male"}


async def test_all_commands_can_be_replaced(api: Api, commands: str) -> None:
    """PUT leaves exactly the given ones; the rest is gone, and a survivor can be changed and removed."""
    kept = (await api("POST", commands, command())).body["id"]
    await api("POST", commands, command("old"))
    replaced = await api("PUT", commands, [command(), command("new")])
    assert [(one["name"], one["id"] == kept) for one in replaced.body] == [("imagine", True), ("new", False)]
    changed = await api("PATCH", f"{commands}/{kept}", {"description": "Sketch"})
    assert changed.body["description"] == "Sketch"
    assert (await api("DELETE", f"{commands}/{kept}")).status == 204
    assert (await api("GET", f"{commands}/{kept}")).body["code"] == 10063


async def test_a_servers_commands_are_its_own(api: Api, commands: str, guild: Guild) -> None:
    """They do not show among the global ones; a server without the bot has none."""
    of_guild = commands.replace("/commands", f"/guilds/{guild.id}/commands")
    assert (await api("POST", of_guild, command())).body["guild_id"] == str(guild.id)
    assert (await api("GET", commands)).body == []
    assert (await api("GET", of_guild.replace(str(guild.id), "1"))).body["code"] == 50001


def _long(number: int) -> dict[str, Any]:
    """Return an option that is short in English, and takes more than a 25th of the 8,000 characters in Ukrainian."""
    choices = [{"name": "a", "value": f"{each}", "name_localizations": {"uk": "x" * 99}} for each in range(3)]
    return option(f"o{number}", choices=choices, description_localizations={"uk": "x" * 30})


REFUSED: list[tuple[str, dict[str, Any]]] = [
    ("capitals in the name", command("Imagine")),
    ("a name with a space", command("two words")),
    ("no description", {"name": "imagine"}),
    ("a description of 101 characters", command(description="x" * 101)),
    ("26 options", command(options=[option(f"o{number}") for number in range(26)])),
    ("two options of one name", command(options=[option(), option()])),
    ("required after optional", command(options=[option("a"), option("b", required=True)])),
    ("26 choices", command(options=[option(choices=[{"name": f"{n}", "value": f"{n}"} for n in range(26)])])),
    (
        "choices beside autocomplete",
        command(options=[option(autocomplete=True, choices=[{"name": "a", "value": "a"}])]),
    ),
    ("choices of attachments", command(options=[option(kind=11, choices=[{"name": "a", "value": "a"}])])),
    ("a choice without a name for an option that has none", command(options=[option(kind=11, choices=[{}])])),
    ("a bound beyond 2^53", command(options=[option(kind=4, max_value=2**53 + 1)])),
    ("an unknown context", command(contexts=[3])),
    ("a menu command with a description", command("Imagine from this", type=3)),
    ("a name in a language that Discord does not have", command(name_localizations={"tlh": "naQ"})),
    ("capitals in a German name", command(name_localizations={"de": "Malen"})),
    ("a description of 101 characters in Japanese", command(description_localizations={"ja": "x" * 101})),
    ("an option without a name in French", command(options=[option(name_localizations={"fr": ""})])),
    ("8,001 characters in the longest language", command(options=[_long(number) for number in range(25)])),
]


@pytest.mark.parametrize("body", [case[1] for case in REFUSED], ids=[case[0] for case in REFUSED])
async def test_rules_of_commands(api: Api, commands: str, body: dict[str, Any]) -> None:
    """Each rule refuses with 50035 and the place of the fault, and nothing is registered."""
    refused = await api("POST", commands, body)
    assert (refused.status, refused.body["code"]) == (400, 50035)
    assert refused.body["errors"]
    assert (await api("GET", commands)).body == []


async def test_two_hundred_creates_a_day(api: Api, commands: str, clock: Clock) -> None:
    """The 201st new command of a day is refused with 30034; a day later there is room again."""
    for _ in range(200):
        created = await api("POST", commands, command())
        await api("DELETE", f"{commands}/{created.body['id']}")
    assert (await api("POST", commands, command())).body["code"] == 30034
    clock.wind(24 * 3600 + 1)
    assert (await api("POST", commands, command())).status == 201
