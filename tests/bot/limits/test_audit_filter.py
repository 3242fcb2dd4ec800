"""The moderator who looks for certain changes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.limits.audit_filter import ALL_CHANGES, AuditFilter, OtherRule, kind_of, rule_of
from bot.limits.moderation import PICTURES, STYLES
from bot.limits.policy import Limit
from bot.limits.rulebook import Change, Rulebook, changes_between
from tests.bot.limits.commands import EDITS, Edit, after
from tests.bot.limits.test_rules_file import FULL, MEMBER


def test_each_rule_is_found_by_its_kind() -> None:
    """A new rule needs a kind of its own, or one of the others."""
    changes = changes_between(Rulebook(), FULL)
    kinds = {kind_of(change.path) for change in changes}
    assert kinds - set(Limit) == set(OtherRule) - {OtherRule.PICTURES}
    assert kind_of((STYLES, "nora")) is OtherRule.STYLES
    assert kind_of((PICTURES, str(MEMBER))) is OtherRule.PICTURES
    assert {change.path[0] for change in changes} == set(Rulebook.model_fields)


@given(st.lists(EDITS, min_size=1, max_size=5))
def test_whoever_asks_for_everything_sees_everything(edits: list[Edit]) -> None:
    """And each change is found by its own rule."""
    changes = changes_between(Rulebook(), after(Rulebook(), edits))
    assert ALL_CHANGES.accepts(1, changes)
    assert all(AuditFilter(rule=kind_of(change.path)).accepts(1, changes) for change in changes)


def test_a_filter_leaves_only_its_changes() -> None:
    """All of its parts have to fit the same value."""
    limit = changes_between(Rulebook(), Rulebook(everyone=FULL.everyone, blocked=FULL.blocked))
    assert AuditFilter(by_id=7).accepts(7, limit)
    assert not AuditFilter(by_id=7).accepts(8, limit)
    assert AuditFilter(member_id=MEMBER, rule=OtherRule.BLOCKS).accepts(7, limit)
    assert not AuditFilter(member_id=MEMBER, rule=Limit.IMAGES_PER_DAY).accepts(7, limit)
    assert not AuditFilter(member_id=1).accepts(7, limit)
    deleted = [Change(path=(PICTURES, str(MEMBER)), before=3)]
    assert AuditFilter(member_id=MEMBER, rule=OtherRule.PICTURES).accepts(7, deleted)


@pytest.mark.parametrize("rule", [*Limit, *OtherRule])
def test_a_rule_is_found_by_its_value(rule: Limit | OtherRule) -> None:
    """As the option and the buttons carry it."""
    assert rule_of(rule.value) is rule
