"""Every button has to be visible: Discord rejects a message with an invalid emoji or a label that is too long."""

from dataclasses import fields

import pytest
from discord import ui
from emoji import EMOJI_DATA, STATUS

from bot.settings import Settings
from cogs.ui.cards import picture_card
from cogs.ui.picture_buttons import Action, ButtonSpec, button_of
from tests.bot.storage.examples import bare

LOOKS = [button_of(each) for each in Action]
LABEL_MAX, LINK_MAX = 80, 512  # Discord's bounds


@pytest.mark.parametrize("look", LOOKS, ids=lambda look: look.action)
def test_every_button_bears_an_emoji(look: ButtonSpec) -> None:
    """Spelt as Unicode has it in full, beside a label; the dots of More aren't an emoji, and are in its label."""
    if look.action is Action.MORE:
        assert look.emoji is None
        assert look.label.startswith("⋯")
    else:
        assert look.emoji is not None
        assert EMOJI_DATA[look.emoji]["status"] == STATUS["fully_qualified"]
    assert 0 < len(look.label) <= LABEL_MAX


def test_there_are_buttons() -> None:
    assert len(LOOKS) > 5
    assert {field.name for field in fields(ButtonSpec)} >= {"emoji", "label"}


def test_the_reactions_that_reroll_are_emoji() -> None:
    """As long as the operator sets no others."""
    default = Settings.model_fields["reroll_emoji"].default
    assert [each for each in default if each not in EMOJI_DATA] == []


@pytest.mark.parametrize("length", [LINK_MAX, LINK_MAX + 1, 2000, 4000])
def test_an_address_that_is_too_long_for_a_button_is_no_button(length: int) -> None:
    """It is a link, and one that a message has no room for is left out: the picture comes in any case."""
    address = "https://cdn.apiframe.ai/".ljust(length, "x")
    card = picture_card(
        bare().model_copy(update={"result_url": address}), "boat.png", lambda *_: None, [], refitted=True
    )
    parts = list(card.walk_children())
    links = [part.url for part in parts if isinstance(part, ui.Button)]
    words = "".join(part.content for part in parts if isinstance(part, ui.TextDisplay))
    assert links == ([address] if length <= LINK_MAX else [])
    assert (address in words) is (LINK_MAX < length <= 2000)
    assert len(words) <= 4000
