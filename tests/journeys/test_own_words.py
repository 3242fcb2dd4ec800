"""The operator whose server has a tone of its own: other words, another name of the command, another language."""

from pathlib import Path

import pytest

from standins.exchange import Exchange
from tests.bot.test_cli import Surroundings, imagine_bot, imagine_bot_in, settings_of
from tests.journeys.answers import private_answer
from tests.stage import Stage, text_of

pytestmark = pytest.mark.english  # the operator's own words take the place of the pseudo-language's

RENAMED = """
msgid ""
msgstr "Language: en\\n"

msgctxt "command"
msgid "imagine"
msgstr "draw"

msgctxt "option"
msgid "prompt"
msgstr "what"

msgctxt "command"
msgid "Imagine from this"
msgstr "Draw from this"

msgid "You have no pictures in progress. Type `/imagine` to make one."
msgstr "Nothing on the easel. Try `/imagine`!"
"""
DUTCH = 'msgctxt "command"\nmsgid "imagine"\nmsgstr "{name}"\n\nmsgid "Reroll"\nmsgstr "Opnieuw"\n'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return the folder of the operator's files."""
    folder = tmp_path / "words"
    folder.mkdir()
    return folder


@pytest.fixture
def closed(folder: Path) -> Path:
    """Return the folder, which nobody may read."""
    folder.chmod(0)
    return folder


def count_registrations(stage: Stage) -> list[Exchange]:
    """Return a list to which each registration of all commands is added."""
    found: list[Exchange] = []
    stage.discord.observers.append(lambda exchange: found.append(exchange) if exchange.method == "PUT" else None)
    return found


async def test_the_command_has_the_operators_name(stage: Stage, folder: Path) -> None:
    """Members type it, the option too, and other texts mention it."""
    (folder / "en.po").write_text(RENAMED)
    async with stage.running(locale_dir=folder):
        queue = await private_answer(stage, await stage.alice.types("/queue", stage.channel))
        assert "Nothing on the easel. Try `/draw`!" in text_of(queue)
        interaction = await stage.alice.types("/draw", stage.channel, what="a red boat", resolution="2")
        picture = await stage.picture(interaction)
    [order] = stage.orders()
    assert (order["prompt"], order["fluxParams"]["resolution"]) == ("a red boat", "2MP")
    assert stage.pictures() == [picture]
    names = {command.registered["name"] for command in stage.discord.world.commands.all()}
    assert {"draw", "Draw from this"} <= names
    assert "imagine" not in names


async def test_commands_are_registered_again_only_if_a_translation_changed(stage: Stage, folder: Path) -> None:
    """Discord counts registrations."""
    (folder / "nl.po").write_text(DUTCH.format(name="teken"))
    registrations = count_registrations(stage)
    for name, times in (("teken", 1), ("teken", 1), ("maak", 2)):
        (folder / "nl.po").write_text(DUTCH.format(name=name))
        async with stage.running(locale_dir=folder):
            assert len(registrations) == times
    [imagine] = [each for each in stage.discord.world.commands.all() if each.registered["name"] == "imagine"]
    assert imagine.registered["name_localizations"]["nl"] == "maak"


@pytest.mark.parametrize("command", ["run", "check"])
async def test_a_mistake_in_a_file_stops_the_start(stage: Stage, folder: Path, command: str) -> None:
    """The sentence names the file and the line."""
    (folder / "nl.po").write_text(DUTCH.format(name="Teken dit"))
    ended = await imagine_bot(command, **settings_of(stage) | {"LOCALE_DIR": str(folder)})
    said = "".join((ended.out + ended.err).split())
    assert ended.code == 1
    assert "nl.po,line2:Discordtakesnocommandoroption" in said
    assert "Traceback" not in ended.err
    assert stage.discord.world.commands.all() == []


async def test_a_folder_that_cannot_be_read_is_not_taken_for_an_empty_one(stage: Stage, closed: Path) -> None:
    settings = settings_of(stage) | {"LOCALE_DIR": str(closed)}
    ended = await imagine_bot_in(Surroundings(powerless=True), "check", **settings)
    assert ended.code == 1
    assert "wordscan'tberead(Permissiondenied)" in "".join(ended.out.replace("│", "").split())


async def test_check_names_the_languages(stage: Stage, folder: Path) -> None:
    (folder / "nl.po").write_text(DUTCH.format(name="teken"))
    ended = await imagine_bot("check", **settings_of(stage) | {"LOCALE_DIR": str(folder)})
    assert ended.code == 0, ended.out + ended.err
    assert "de,en,es,fr,ja,nl,pt_BR,uk,zh_CN" in "".join(ended.out.split())
