"""Texts mention commands by the names that people's clients show."""

import pytest

from bot.i18n import _, language, ngettext
from bot.i18n.catalogue import Catalogue, Key, in_context
from bot.i18n.command_names import CommandNames

NAMES = CommandNames(
    {"limits": "grenzen", "show": "zeigen", "style": "stil", "channels": "kanäle"},
    {"count": "anzahl", "style": "stil"},
    frozenset({"limits", "show", "style", "channels", "privacy"}),
)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("See `/limits show`.", "See `/grenzen zeigen`."),
        ("Until /limits show says so", "Until /grenzen zeigen says so"),
        ("Use `/style create style:{style} count:2`.", "Use `/stil create stil:{style} anzahl:2`."),
        ("Choose a smaller `count`.", "Choose a smaller `anzahl`."),
        ("The count of `show` and/or count", "The count of `show` and/or count"),
        ("Write `style: none` at the end.", "Write `style: none` at the end."),
        ("`/limits style:`", "`/grenzen stil:`"),
        ("`/webhooks/apiframe` and </limits show:12>", "`/webhooks/apiframe` and </limits show:12>"),
        ("`/privacy show` or /privacy show now", "`/privacy zeigen` or /privacy zeigen now"),
        ("/unknown show", "/unknown show"),
    ],
)
def test_mentions_follow_the_names(text: str, shown: str) -> None:
    """Text that the bot reads is the same in every language, and so are links, which Discord reads."""
    assert NAMES.named_in(text) == shown


def test_a_language_mentions_commands_by_its_own_names() -> None:
    """Also in the messages that it lacks, which are shown in English."""
    messages: dict[Key, str] = {in_context("command", "imagine"): "zeichne", "Use `/imagine`.": "Nimm `/imagine`."}
    with language(Catalogue(messages)):
        assert _("Use `/imagine`.") == "Nimm `/zeichne`."
        assert _("Leave `/imagine`.") == "Leave `/zeichne`."
        assert ngettext("{count} `/imagine`", "{count} of `/imagine`", 2) == "2 of `/zeichne`"


def test_languages_that_keep_a_name_follow_the_operators_one() -> None:
    """`en.po` renames the command for everybody whose language has no name of its own for it."""
    english = Catalogue({in_context("command", "imagine"): "draw", "Use `/imagine`.": "Try `/imagine`!"})
    same: dict[Key, str] = {in_context("command", "imagine"): "imagine"}
    own: dict[Key, str] = {in_context("command", "imagine"): "zeichne"}
    for messages, shown in ((same, "Try `/draw`!"), ({}, "Try `/draw`!"), (own, "Try `/zeichne`!")):
        with language(Catalogue(messages, english=english)):
            assert _("Use `/imagine`.") == shown


def test_a_word_can_have_another_name_in_one_group() -> None:
    """`/style share` is a verb and `/limits share` a noun, which other languages call differently."""
    messages: dict[Key, str] = {
        in_context("command", "share"): "teilen",
        in_context("command limits", "share"): "anteil",
        in_context("command", "limits"): "grenzen",
    }
    names = Catalogue(messages).names
    assert (names.path("style share"), names.path("limits share")) == ("style teilen", "grenzen anteil")
    assert names.named_in("`/limits share` and `/style share`") == "`/grenzen anteil` and `/style teilen`"


def test_a_group_without_a_name_of_its_own_for_a_word_takes_the_one_of_all() -> None:
    assert Catalogue({in_context("command", "share"): "deel"}).names.path("limits share") == "limits deel"
    english = Catalogue({in_context("command limits", "share"): "portion"})
    assert Catalogue({}, english=english).names.path("limits share") == "limits portion"
    assert Catalogue({}, english=english).names.path("style share") == "style share"
