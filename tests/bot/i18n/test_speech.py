"""Each server has one language for everybody, and each person their own."""

import asyncio

import pytest

from bot.i18n import _
from bot.i18n.catalogue import Catalogue, Key
from bot.i18n.languages import Languages
from bot.i18n.speech import ServerLocale, Speech, Voices, in_public, voices

SERVER = 42
COMMUNITY, OTHER = ServerLocale("fr", is_community=True), ServerLocale("en-US")
WORDS: dict[str, dict[Key, str]] = {"en": {}, "de": {"Saved.": "Gespeichert."}, "ja": {"Saved.": "保存しました。"}}


def speech(chosen: str | None = None) -> Speech:
    """Return the speech of a bot for a server whose moderators have chosen a language, or haven't."""
    languages = Languages({name: Catalogue(words, lambda _: 0) for name, words in WORDS.items()})
    return Speech(languages, lambda guild_id: chosen if guild_id == SERVER else None)


@pytest.mark.parametrize(
    ("known", "chosen", "asker", "spoken"),
    [
        (COMMUNITY, "uk", "ja", "fr"),
        (ServerLocale(None, is_community=True), "uk", "ja", "uk"),
        (OTHER, "uk", "ja", "uk"),
        (OTHER, None, "ja", "ja"),
        (OTHER, None, None, "en-US"),
        (ServerLocale(), None, None, None),
    ],
)
def test_a_servers_language_is_the_first_that_is_known(
    known: ServerLocale, chosen: str | None, asker: str | None, spoken: str | None
) -> None:
    """A community's own, the chosen one, that of the person who asks, Discord's for all others."""
    assert speech(chosen).of_server(SERVER, known, asker) == spoken


def test_another_servers_choice_does_not_matter() -> None:
    assert speech("uk").of_server(SERVER + 1, OTHER, "de") == "de"


async def test_private_and_public_texts_of_one_event_have_their_own_language() -> None:
    """Tasks that the event starts speak them too, and the next event has its own."""

    async def said() -> tuple[str, str]:
        own = _("Saved.")
        with in_public():
            return own, _("Saved.")

    with speech().entered(Voices("de", "ja")):
        task = asyncio.create_task(said())
    assert await said() == ("Saved.", "Saved.")
    assert voices() == Voices()
    assert await task == ("Gespeichert.", "保存しました。")


def test_a_picture_is_spoken_about_in_its_own_language() -> None:
    """Also while an event of somebody else is handled; English for a picture of unknown language."""
    here = speech()
    with here.entered(Voices("de", "de")):
        with here.spoken("ja"):
            assert _("Saved.") == "保存しました。"
        for unknown in (None, "xx"):
            with here.spoken(unknown):
                assert _("Saved.") == "Saved."
