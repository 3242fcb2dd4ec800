"""Discord gets commands in every language and by the operator's names, and the bot understands its interactions."""

from collections.abc import AsyncIterator, Mapping
from typing import Any

import aiohttp
import discord
import pytest
from discord import app_commands

from bot.errors import StartupError
from bot.gateway.client import ImagineBot, _comparable
from bot.gateway.registered_commands import CommandTranslator, RegisteredCommands
from bot.i18n.catalogue import Catalogue, Key, in_context
from bot.i18n.languages import Languages
from bot.i18n.speech import Speech
from bot.settings import Settings


def command(name: str) -> Key:
    return in_context("command", name)


def option(name: str) -> Key:
    return in_context("option", name)


GERMAN: Mapping[Key, str] = {
    command("limits"): "grenzen",
    command("show"): "zeigen",
    option("member"): "mitglied",
    "Show current limits": "Zeigt die Grenzen",
    "A member": "Jemand",
    "all": "jeder",
}
ENGLISH: Mapping[Key, str] = {
    command("limits"): "rules",
    command("show"): "list",
    option("member"): "who",
    command("Block"): "Ban",
    command("list"): "words",
    "Show current limits": "List the rules",
}


async def bot_of(english: Mapping[Key, str], german: Mapping[Key, str]) -> AsyncIterator[ImagineBot]:
    ours = Catalogue(english)
    languages = Languages({"en": ours, "de": Catalogue(german, english=ours)})
    async with ImagineBot(Settings(_env_file=None), aiohttp.TraceConfig(), Speech(languages, lambda _: None)) as bot:
        limits = app_commands.Group(name="limits", description="Limits")

        @limits.command(description="Show current limits")
        @app_commands.describe(member="A member")
        @app_commands.choices(kind=[app_commands.Choice(name="all", value="all")])
        async def show(_: discord.Interaction, member: str | None = None, kind: str = "all") -> None: ...

        @limits.command(name="list", description="List blocked words")
        async def listed(_: discord.Interaction) -> None: ...

        async def block(_: discord.Interaction, message: discord.Message) -> None: ...

        bot.tree.add_command(limits)
        bot.tree.add_command(app_commands.ContextMenu(name="Block", callback=block))
        await bot.setup_hook()
        yield bot


@pytest.fixture
async def bot() -> AsyncIterator[ImagineBot]:
    async for each in bot_of({}, GERMAN):
        yield each


@pytest.fixture
async def renamed() -> AsyncIterator[ImagineBot]:
    async for each in bot_of(ENGLISH, {}):
        yield each


def sent(name: str, *options: dict[str, Any], kind: int = 1) -> dict[str, Any]:
    """Return an interaction as Discord sends it."""
    return {"id": "1", "data": {"name": name, "type": kind, **({"options": list(options)} if options else {})}}


async def test_names_descriptions_options_and_choices_are_registered_in_each_language(bot: ImagineBot) -> None:
    """If the text is the same in a language, Discord needs none."""
    limits, menu = await bot.registered.json()
    show = limits["options"][0]
    assert (limits["name"], limits["name_localizations"], limits["description_localizations"]) == (
        "limits",
        {"de": "grenzen"},
        {},
    )
    assert (show["name_localizations"], show["description_localizations"]) == (
        {"de": "zeigen"},
        {"de": "Zeigt die Grenzen"},
    )
    member, kind = show["options"]
    assert (member["name_localizations"], member["description_localizations"]) == (
        {"de": "mitglied"},
        {"de": "Jemand"},
    )
    assert kind["choices"] == [{"name": "all", "value": "all", "name_localizations": {"de": "jeder"}}]
    assert menu["name_localizations"] == {}


async def test_only_a_changed_translation_registers_again(bot: ImagineBot) -> None:
    """Discord counts registrations. Its JSON has ids and empty fields beside ours."""
    ours = await bot.registered.json()
    theirs = [{**each, "id": "1", "version": "2", "description_localizations": None} for each in ours]
    assert _comparable(theirs) == _comparable(ours)
    changed = [{**each, "name_localizations": {"de": "regeln"}} for each in theirs]
    assert _comparable(changed) != _comparable(ours)


async def test_the_operators_names_are_registered_for_everybody(renamed: ImagineBot) -> None:
    limits, menu = await renamed.registered.json()
    show, words = limits["options"]
    assert [limits["name"], show["name"], words["name"], menu["name"]] == ["rules", "list", "words", "Ban"]
    assert (show["description"], show["options"][0]["name"]) == ("List the rules", "who")


async def test_an_interaction_by_the_operators_names_reaches_its_command(renamed: ImagineBot) -> None:
    """Also if two commands exchanged their names."""
    of_code = renamed.registered.as_in_code
    value = {"name": "who", "type": 3, "value": "a"}
    listed = of_code(sent("rules", {"name": "list", "type": 1, "options": [value]}))
    assert listed["data"]["name"] == "limits"
    assert listed["data"]["options"] == [{"name": "show", "type": 1, "options": [value | {"name": "member"}]}]
    words = of_code(sent("rules", {"name": "words", "type": 1}))
    assert words["data"]["options"] == [{"name": "list", "type": 1}]
    assert of_code(sent("Ban", kind=3))["data"]["name"] == "Block"
    for unknown in (sent("imagine"), {"data": {"custom_id": "x"}}, sent("rules", {"name": "gone", "type": 1})):
        assert of_code(unknown)["data"].get("options", []) == unknown["data"].get("options", [])


async def test_a_name_of_one_group_only_is_registered_and_understood_there() -> None:
    """The word has it nowhere else, although the operator and a language name it by the group."""
    own: Mapping[Key, str] = {in_context("command limits", "show"): "display"}
    async for bot in bot_of(own, {in_context("command limits", "show"): "zeigen"}):
        [limits, _menu] = await bot.registered.json()
        show = limits["options"][0]
        assert (show["name"], show["name_localizations"]) == ("display", {"de": "zeigen"})
        event = bot.registered.as_in_code(sent("limits", {"name": "display", "type": 1}))
        assert event["data"]["options"] == [{"name": "show", "type": 1}]


async def test_without_renaming_an_interaction_stays_as_it_is(bot: ImagineBot) -> None:
    event = sent("limits", {"name": "show", "type": 1})
    assert bot.registered.as_in_code(event) is event


async def test_a_command_that_is_too_long_in_one_language_is_named() -> None:
    """Discord would refuse all commands, because the longest language counts."""
    texts: dict[Key, str] = {f"{number} characters": f"{number}" * 100 for number in range(85)}
    english = Catalogue({})
    long = Languages({"en": english, "de": Catalogue(texts, english=english)})

    async def words(_: discord.Interaction) -> None: ...

    group = app_commands.Group(name="words", description="Words")
    for number in range(25):
        below = app_commands.Group(name=f"of{number}", description="x", parent=group)
        for one in range(4):
            text = f"{(number * 4 + one) % 85} characters"
            below.add_command(app_commands.Command(name=f"c{one}", description=text, callback=words))
    tree = app_commands.CommandTree(discord.Client(intents=discord.Intents.none()))
    tree.add_command(group)
    registered = RegisteredCommands(tree, long)
    await registered.json()
    await tree.set_translator(CommandTranslator(long))
    with pytest.raises(StartupError, match=r"/words has 1\d,\d{3} characters in its longest language"):
        await registered.json()
