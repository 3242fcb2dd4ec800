"""The card of `/limits show`."""

import pytest

from bot.limits.policy import SERVER_LIMITS, Limit, Scope
from bot.limits.rulebook import Rulebook
from cogs.limits.target import Target
from cogs.limits.views import Overview, overview_card
from cogs.ui.amounts import at_most, limit_label
from tests.cogs.limits.examples import ID, LARGEST, NOW, RULES, payload_of, status, texts_of

MEMBER, ROLE = Target(Scope.MEMBER, ID), Target(Scope.ROLE, ID)


def sections(rules: Rulebook, target: Target | None) -> list[str]:
    """Return the texts of the card, with every limit at its largest value and its author."""
    overview = Overview(rules, status(Scope.MEMBER, None), target, frozenset(), NOW)
    return [text for _, text in texts_of(payload_of(overview_card(overview, [])))]


@pytest.mark.parametrize("limit", SERVER_LIMITS)
def test_the_servers_total_has_every_limit(limit: Limit) -> None:
    """No limit of the server's is left out or cut off, however many there are."""
    total, *_ = sections(RULES, None)
    assert limit_label(limit) in total


@pytest.mark.parametrize("limit", Limit)
def test_everyones_section_has_every_limit(limit: Limit) -> None:
    """No limit for everyone is left out or cut off, however many there are."""
    everyone = sections(RULES, None)[1]
    assert at_most(limit, LARGEST[limit]) in everyone


@pytest.mark.parametrize("limit", Limit)
@pytest.mark.parametrize("target", [MEMBER, ROLE], ids=["member", "role"])
def test_the_section_of_a_member_or_a_role_has_every_limit(target: Target, limit: Limit) -> None:
    """No limit of one member's or role's is left out or cut off, however many there are."""
    its_own = sections(RULES, target)[1]
    assert limit_label(limit) in its_own
