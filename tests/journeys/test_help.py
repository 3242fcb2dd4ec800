"""The newcomer who asks how it works, and gets help instead of a picture of the word."""

import pytest

from standins.discord.model.messages import Message
from tests.stage import Stage, is_private, text_of

pytestmark = pytest.mark.shared_bot

HELP = "How to make a picture"


def link(stage: Stage, command: str) -> str:
    """Return a command as clients show it as a link."""
    root = command.split(maxsplit=1)[0]
    return f"</{command}:{stage.discord.world.commands.named(root, stage.guild.id).id}>"


async def help_for(stage: Stage) -> Message:
    """Type `/help`, and return the answer."""
    interaction = await stage.alice.types("/help", stage.channel)
    await interaction.answered()
    assert interaction.original is not None
    return interaction.original


async def test_help_is_private_and_leads_to_every_command_by_a_link(stage: Stage) -> None:
    """Its links have the ids of this bot's registered commands."""
    async with stage.running():
        page = await help_for(stage)
    assert is_private(page)
    limits = (
        "setup",
        "limits show",
        "limits everyone",
        "limits block",
        "delete-pictures",
        "review on",
        "limits showcase",
    )
    for command in ("imagine", "quota", "history", *limits, "usage"):
        assert link(stage, command) in text_of(page)
    assert "⭐ **Favourite**" in text_of(page)
    assert "operator" not in text_of(page)


async def test_help_names_the_operators_contact(stage: Stage) -> None:
    """The setting `OPERATOR_CONTACT` is shown as it is."""
    async with stage.running(operator_contact="https://example.org/pictures"):
        page = await help_for(stage)
    assert "operator: https://example.org/pictures" in text_of(page)


async def test_an_example_opens_a_form_that_only_needs_to_be_sent(stage: Stage) -> None:
    """The example's prompt and choices reach Apiframe, and nothing is charged before the form is sent."""
    async with stage.running():
        form = await stage.alice.presses(await help_for(stage), "Lighthouse")
        await form.answered()
        assert stage.orders() == []
        submitted = await stage.alice.submits(form, {})
        await submitted.answered()
        await stage.picture(submitted)
    [order] = stage.orders()
    assert stage.discord.world.platform.reads(order["prompt"]).startswith("a lighthouse in a storm")
    assert order["fluxParams"]["aspect_ratio"] == "16:9"


@pytest.mark.parametrize("words", ["help", "Help me!", "?", "how do I use this", "hilfe", "ヘルプ", ""])
async def test_a_mention_that_asks_for_help_gets_it_for_free(stage: Stage, words: str) -> None:
    """The reply has the same page with the same buttons, pings nobody, and draws nothing."""
    async with stage.running():
        asked = await stage.alice.sends(stage.channel, f"<@{stage.discord.application_id}> {words}")
        page = await stage.shows(HELP)
        form = await stage.alice.presses(page, "Lighthouse")
        await form.answered()
    assert page.reference is asked
    assert not page.mentions.disturbed_anybody
    assert link(stage, "imagine") in text_of(page)
    assert stage.orders() == []


async def test_a_prompt_that_begins_with_help_is_drawn(stage: Stage) -> None:
    """Only a request for help is one."""
    async with stage.running():
        await stage.alice.sends(stage.channel, f"<@{stage.discord.application_id}> help desk at night")
        await stage.show_pictures(1)
    assert stage.orders()[0]["prompt"] == "help desk at night"
