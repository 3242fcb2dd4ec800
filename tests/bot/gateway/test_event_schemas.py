"""Events that Discord's documents allow are accepted, and numbers that no database accepts are not."""

import pytest

from bot.gateway.event_schemas import is_well_formed

ODD_BUT_TRUE = [
    {"activity": {"type": 3, "party_id": "spotify:118427612884762624"}},
    {"activity": {"type": 1, "party_id": "9" * 30}},
    {"components": [{"type": 2, "custom_id": "9" * 30}]},
    {"attachments": [{"id": "1", "some_newer_id": "a1b2"}], "id": 7, "guild_id": None},
]


@pytest.mark.parametrize("event", ODD_BUT_TRUE)
def test_a_word_that_goes_by_the_name_of_an_id_is_let_in(event: object) -> None:
    """A reply to a listen-along invitation with the bot's name in it is handled."""
    assert is_well_formed(event) == event


@pytest.mark.parametrize("number", [-1, "-1", 2**63, str(2**63), "9" * 30, ["7"], 1.5])
def test_an_id_that_no_database_takes_is_refused(number: object) -> None:
    """Ids are signed 64 bits, wherever in an event they stand."""
    with pytest.raises(ValueError, match="channel_id is no id"):
        is_well_formed({"message": {"channel_id": number}})
