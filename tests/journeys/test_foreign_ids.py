"""Somebody with a server of their own, who makes up the ids that buttons and menus carry."""

from uuid import uuid4

import pytest

from cogs.ui.picture_buttons import Action
from standins.discord.model.channels import Channel
from standins.discord.model.messages import Draft, Message, MessageFlag
from standins.discord.model.permissions import Permission
from tests.journeys.answers import guessed_button, id_of, pressed, private_answer
from tests.promises import Attack
from tests.stage import Stage, text_of

pytestmark = pytest.mark.shared_bot

PROMPT = "a most confidential harbour"
UNKNOWN = "can't find that picture"


def guessed_menu(stage: Stage, channel: Channel, value: str) -> Message:
    """Return a message of the bot's with the history's menu, as if somebody could make up what it offers."""
    option = {"label": "guessed", "value": value, "default": False}
    menu = {"type": 3, "id": 2, "custom_id": "history", "placeholder": "guessed", "options": [option]}
    menu |= {"min_values": 1, "max_values": 1, "disabled": False}
    row = {"type": 1, "id": 1, "components": [menu]}
    return stage.discord.world.post(
        channel, stage.discord.world.bot, Draft(components=(row,), flags=MessageFlag.COMPONENTS_V2)
    )


@pytest.mark.promise(Attack.FOREIGN_IDS)
async def test_no_button_and_no_menu_acts_on_another_servers_picture(stage: Stage) -> None:
    """They get the same error as for a picture that doesn't exist, so that its existence doesn't leak."""
    elsewhere = stage.discord.world.add_guild("Elsewhere")
    mallory = stage.discord.person(
        elsewhere.add_member("mallory", roles=[elsewhere.add_role("all", Permission.ADMINISTRATOR)])
    )
    there = elsewhere.add_channel("lair")
    async with stage.running():
        picture = await stage.picture(await stage.imagine(PROMPT))
        await stage.settled()
        said: list[set[str]] = []
        for generation_id in (id_of(picture), uuid4().hex):
            answers = [
                await pressed(stage, mallory, guessed_button(stage, there, f"p:{action}:{generation_id}"), "guessed")
                for action in Action
            ]
            menu = guessed_menu(stage, there, generation_id)
            answers.append(await private_answer(stage, await mallory.selects(menu, "guessed", generation_id)))
            said.append({text_of(answer) for answer in answers})
    of_a_picture, of_none = said
    assert of_a_picture == of_none
    assert all(UNKNOWN in words for words in of_none)
    assert stage.pictures() == [picture]
    assert len(stage.orders()) == 1
    assert PROMPT not in "".join(text_of(message) for message in there.messages_for(mallory))
