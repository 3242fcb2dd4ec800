"""The languages of Discord's events."""

from typing import Any

import pytest

from bot.gateway.voices import EventVoices
from bot.i18n.catalogue import Catalogue
from bot.i18n.languages import Languages
from bot.i18n.speech import Speech, Voices

SERVER, ALICE = "42", {"id": "7"}
MESSAGE = {"author": ALICE, "guild_id": SERVER}
REACTION = {"user_id": "7", "guild_id": SERVER}


def event_voices(chosen: str | None = None) -> EventVoices:
    """Return the voices of a bot that no server is known to yet."""
    speech = Speech(Languages({"en": Catalogue({}, int)}), lambda _: chosen)
    return EventVoices(speech, lambda _: None)


def interaction(locale: object = "ja", **fields: object) -> dict[str, Any]:
    """Return the JSON of an interaction in a server."""
    guild = {"id": SERVER, "locale": "en-US", "features": []}
    member = {"user": ALICE}
    return {"locale": locale, "guild_id": SERVER, "guild_locale": "en-US", "guild": guild, "member": member} | fields


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        (interaction(), Voices("ja", "ja")),
        (interaction(guild={"features": ["COMMUNITY"]}, guild_locale="fr"), Voices("ja", "fr")),
        (interaction(guild=None), Voices("ja", "ja")),
        (interaction(locale=None), Voices(None, "en-US")),
        (interaction(locale=5, guild_locale=5), Voices(None, None)),
        ({"locale": "ja", "user": ALICE}, Voices("ja", "ja")),
        ([], Voices()),
    ],
)
def test_an_interaction_brings_its_languages(event: object, expected: Voices) -> None:
    """Missing and broken ones are unknown, which is English."""
    assert event_voices().of("INTERACTION_CREATE", event) == expected


def test_the_choice_of_moderators_comes_before_the_language_of_the_person() -> None:
    assert event_voices("uk").of("INTERACTION_CREATE", interaction()) == Voices("ja", "uk")


@pytest.mark.parametrize(("name", "event"), [("MESSAGE_CREATE", MESSAGE), ("MESSAGE_REACTION_ADD", REACTION)])
def test_messages_and_reactions_have_the_language_that_their_person_had_lately(name: str, event: object) -> None:
    """Discord doesn't say it there; the bot remembers it from the latest command or button."""
    here = event_voices()
    assert here.of(name, event) == Voices(is_guess=True)
    here.of("INTERACTION_CREATE", interaction("ja"))
    here.of("INTERACTION_CREATE", interaction("de"))
    assert here.of(name, event) == Voices("de", "de")
    assert event_voices("uk").of(name, event) == Voices("uk", "uk")


def test_direct_messages_have_the_language_of_their_person() -> None:
    here = event_voices("uk")
    here.of("INTERACTION_CREATE", interaction("ja"))
    assert here.of("MESSAGE_CREATE", {"author": ALICE}) == Voices("ja", "ja")


def test_a_server_is_greeted_in_its_language() -> None:
    """A community's, even before discord.py knows the server."""
    event = {"id": SERVER, "features": ["COMMUNITY"], "preferred_locale": "fr"}
    assert event_voices().of("GUILD_CREATE", event) == Voices("fr", "fr")


def test_people_are_forgotten_once_many_others_came() -> None:
    """The memory stays small."""
    here = event_voices()
    here.of("INTERACTION_CREATE", interaction("ja"))
    for number in range(10_000):
        here.of("INTERACTION_CREATE", interaction("de", member={"user": {"id": f"x{number}"}}))
    assert here.of("MESSAGE_CREATE", MESSAGE) == Voices(is_guess=True)
