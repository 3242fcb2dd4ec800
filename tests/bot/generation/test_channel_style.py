"""The style of a channel: which requests get it, and which are refused."""

from dataclasses import replace

import pytest

from bot.errors import InvalidRequest
from bot.generation.channel_style import StyleDue, check_style, in_channel_style
from bot.generation.draft import ImagineDraft
from bot.limits.ledger import AdmissionRefused
from bot.limits.rulebook import ChannelStyle
from bot.picture.generation import Derivation, State
from bot.picture.style import Style, StyleContent
from tests.bot.storage.examples import bare

PLAIN = ImagineDraft("a boat")
NORA = Style(id=3, owner="guild:42", name="nora", version=2, content=StyleContent(frame="oil: {prompt}"))
OLD_NORA = NORA.model_copy(update={"version": 1})
OTHER = NORA.model_copy(update={"id": 4, "name": "other"})
REROLL = replace(PLAIN, parent=bare(State.DELIVERED).as_parent(Derivation.REROLL))
DEFAULT = ChannelStyle(style_id=3, name="nora")
REQUIRED = ChannelStyle(style_id=3, name="nora", required=True)


@pytest.mark.parametrize(
    ("draft", "by_default", "if_required"),
    [
        (PLAIN, StyleDue, StyleDue),
        (REROLL, None, StyleDue),
        (PLAIN.styled(NORA), None, None),
        (REROLL.styled(OLD_NORA), None, None),
        (PLAIN.styled(OTHER), None, AdmissionRefused),
        (PLAIN.without_style(), None, AdmissionRefused),
    ],
)
def test_who_gets_the_style_of_a_channel(
    draft: ImagineDraft, by_default: type[Exception] | None, if_required: type[Exception] | None
) -> None:
    check_style(draft, None)
    for style, expected in ((DEFAULT, by_default), (REQUIRED, if_required)):
        if expected is None:
            check_style(draft, style)
        else:
            with pytest.raises(expected):
                check_style(draft, style)


def test_a_style_that_is_gone_is_ignored_or_refused() -> None:
    """A default is left out, and a required one is for a moderator to replace."""
    assert in_channel_style(PLAIN, DEFAULT, NORA).style == NORA.use
    without = in_channel_style(PLAIN, DEFAULT, None)
    assert without.style is None
    check_style(without, DEFAULT)
    with pytest.raises(InvalidRequest, match="`nora`, which was deleted"):
        in_channel_style(PLAIN, REQUIRED, None)
