"""Events that Discord's documents allow are accepted, and numbers that no database accepts are not."""

import pytest
from pydantic import ValidationError

from bot.gateway.event_schemas import InteractionDataPayload, MessagePayload, is_well_formed

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


FILE = {"filename": "boat.png", "url": "https://cdn.example/boat.png", "size": 7, "content_type": "image/png"}
MESSAGE: dict[str, object] = {
    "author": {"id": "7", "username": "alice", "discriminator": "0", "avatar": None},
    "content": "",
    "components": [],
    "mentions": [],
}


def with_file(**fields: object) -> list[dict[str, object]]:
    """Return messages with a file: attached, and in a message that is forwarded or replied to."""
    attached: dict[str, object] = {"attachments": [FILE | fields]}
    return [
        MESSAGE | attached,
        MESSAGE | {"message_snapshots": [{"message": attached}]},
        MESSAGE | {"referenced_message": MESSAGE | attached},
    ]


@pytest.mark.parametrize("field", ["filename", "url", "size", "content_type", "title"])
def test_a_file_whose_fields_have_other_types_is_refused(field: str) -> None:
    """Code behind the guard takes a file's name for text and its size for a number."""
    for good, bad in zip(with_file(), with_file(**{field: ["boat"]}), strict=True):
        MessagePayload.model_validate(good)
        with pytest.raises(ValidationError, match=field):
            MessagePayload.model_validate(bad)
    with pytest.raises(ValidationError, match=field):
        InteractionDataPayload.model_validate({"resolved": {"attachments": {"1": FILE | {field: ["boat"]}}}})


@pytest.mark.parametrize("place", ["image", "thumbnail"])
@pytest.mark.parametrize("field", ["url", "proxy_url"])
def test_a_preview_whose_address_is_not_text_is_refused(place: str, field: str) -> None:
    """The bot downloads images from these addresses."""
    MessagePayload.model_validate(MESSAGE | {"embeds": [{place: {field: "https://cdn.example/boat.png"}}]})
    with pytest.raises(ValidationError, match=field):
        MessagePayload.model_validate(MESSAGE | {"embeds": [{place: {field: ["boat"]}}]})
