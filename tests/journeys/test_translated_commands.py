"""The member whose Discord isn't in English: commands have names in their language, and answers mention those."""

import pytest

from bot.i18n.languages import Languages
from bot.i18n.locales import LOCALES
from standins.discord.model.localized import shown
from tests.journeys.answers import private_answer
from tests.stage import Stage, text_of

pytestmark = pytest.mark.english  # it speaks each of the real languages

LANGUAGES = Languages.load()
CODES = [code for code, name in LOCALES.items() if name in LANGUAGES.names and name != "en"]


@pytest.mark.parametrize("code", CODES)
@pytest.mark.matrix
async def test_commands_and_options_are_used_by_their_names_in_each_language(stage: Stage, code: str) -> None:
    """An answer names the option as the client shows it, and a picture is made by the translated names."""
    names = LANGUAGES.of(code).names
    ratio = names.option("aspect_ratio")
    stage.alice.user.locale = code
    async with stage.running():
        mistaken = {names.option("prompt"): "a red boat", ratio: "wide"}
        answer = await private_answer(stage, await stage.alice.types("/imagine", stage.channel, **mistaken))
        assert f"`{ratio}`" in text_of(answer)
        right = {names.option("prompt"): "a red boat", ratio: "16:9"}
        await stage.picture(await stage.alice.types("/imagine", stage.channel, **right))
        await private_answer(stage, await stage.alice.types(f"/{names.path('queue')}", stage.channel))
    [order] = stage.orders()
    assert (order["prompt"], order["fluxParams"]["aspect_ratio"]) == ("a red boat", "16:9")


async def test_a_client_shows_commands_in_its_language(stage: Stage) -> None:
    """Also their descriptions; one that has no words of ours shows English."""
    async with stage.running():
        history = next(each for each in stage.discord.world.commands.all() if each.registered["name"] == "history")
        limits = next(each for each in stage.discord.world.commands.all() if each.registered["name"] == "limits")
    for code in CODES:
        catalogue = LANGUAGES.of(code)
        assert history.shown("name", code) == catalogue.names.path("history")
        assert history.shown("description", code) == catalogue.gettext(history.registered["description"])
    assert (history.shown("name", "it"), limits.shown("name", "it")) == ("history", "limits")
    show = next(each for each in limits.registered["options"] if each["name"] == "show")
    assert shown(show, "name", "de") == LANGUAGES.of("de").names.path("show") != "show"
