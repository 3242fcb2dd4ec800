"""The words that ask for help, in the languages of the bot's members."""

import pytest

from bot.picture.help_words import asks_for_help

ASKED = [
    *("help", "HELP", "help me", "Help me, please", "Help!!!", "/help", "?", "???", "\uff1f", "how do I use this?"),
    *("How does this work?", "what can you do", "commands", "Hilfe!", "wie geht das?", "ayuda", "Ayúdame", "ayudame"),
    *(
        "¿Cómo funciona?",
        "aide",
        "Aide-moi",
        "comment ça marche ?",
        "ajuda",
        "ヘルプ",
        "使い方",
        "帮助",
        "幫助",
        "допомога",
    ),
    *("Допоможіть!", "  help  "),
]
DRAWN = [
    "help desk at night",
    "a helping hand",
    "help me paint a boat",
    "aide soignante",
    "a boat?",
    "!",
    "帮助小猫的狗",
]


@pytest.mark.parametrize("words", ASKED)
def test_a_request_for_help_is_recognized(words: str) -> None:
    assert asks_for_help(words)


@pytest.mark.parametrize("words", DRAWN)
def test_a_prompt_is_not_a_request_for_help(words: str) -> None:
    assert not asks_for_help(words)
