"""A moderator sets rules, reads the changes, and undoes them."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from bot.limits.policy import Limit, Rules, Scope
from bot.limits.rulebook import Block, Change, ChannelMode, Override, Rulebook, changes_between, overwritten, undone
from tests.bot.limits.commands import EDITS, Edit, after

EMPTY = Rulebook()
DAY, HOUR = Limit.IMAGES_PER_DAY, Limit.IMAGES_PER_HOUR
NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)
FEW_EDITS = st.lists(EDITS, max_size=4)


@pytest.mark.parametrize("scope", [Scope.SERVER, Scope.EVERYONE])
def test_what_is_not_named_stays_as_it_is(scope: Scope) -> None:
    """Setting one limit leaves the others, and 0 is a value like any other."""
    rules = EMPTY.with_limits(scope, 0, {DAY: 5, HOUR: 2}).with_limits(scope, 0, {HOUR: 0})
    assert getattr(rules, scope.value) == {DAY: 5, HOUR: 0}
    assert rules.without(scope, 0) == EMPTY


@pytest.mark.parametrize("scope", [Scope.ROLE, Scope.MEMBER])
def test_each_role_and_member_has_an_entry_of_their_own(scope: Scope) -> None:
    """A limit for one subject changes no other, and `unlimited` stays until it's set again."""
    rules = EMPTY.with_limits(scope, 1, {DAY: 5}, unlimited=True).with_limits(scope, 2, {DAY: 9})
    rules = rules.with_limits(scope, 1, {HOUR: 1})
    entries = getattr(rules, f"{scope.value}s")
    assert entries == {1: Override(limits={DAY: 5, HOUR: 1}, unlimited=True), 2: Override(limits={DAY: 9})}
    lifted = getattr(rules.with_limits(scope, 1, {}, unlimited=False), f"{scope.value}s")
    assert lifted[1] == Override(limits={DAY: 5, HOUR: 1})
    assert getattr(rules.without(scope, 1), f"{scope.value}s") == {2: Override(limits={DAY: 9})}


def test_a_person_has_their_own_entry_and_those_of_their_roles() -> None:
    """Roles that have no entry, and entries of roles and members that are not the person's, do not matter."""
    rules = EMPTY.with_limits(Scope.EVERYONE, 0, {DAY: 1}).with_limits(Scope.SERVER, 0, {DAY: 50})
    for role in (1, 2, 3):
        rules = rules.with_limits(Scope.ROLE, role, {DAY: role}, unlimited=role == 3)
    for member in (7, 8):
        rules = rules.with_limits(Scope.MEMBER, member, {DAY: member}, unlimited=member == 8)
    nobodys = Rules({DAY: 99}, {HOUR: 9}, server={DAY: 50}, everyone={DAY: 1}, roles=[])
    cases = {
        (7, (1, 2, 5)): replace(nobodys, roles=[{DAY: 1}, {DAY: 2}], member={DAY: 7}),
        (8, ()): replace(nobodys, member={DAY: 8}, unlimited=True),
        (9, (3,)): replace(nobodys, roles=[{DAY: 3}], unlimited_by_role=True),
        (9, ()): nobodys,
    }
    for (who, roles), expected in cases.items():
        assert rules.for_person(who, roles, {DAY: 99}, {HOUR: 9}, NOON) == expected


def test_channels_blocks_words_and_the_record_are_replaced() -> None:
    """The newest list replaces the old one, and an empty one removes it."""
    rules = EMPTY.with_channels(ChannelMode.ALLOW, {1, 2}).with_channels(ChannelMode.DENY, {3})
    assert rules.channel_mode is ChannelMode.DENY
    assert rules.channels == {3}
    assert rules.with_channels(ChannelMode.DENY, set()) == EMPTY
    blocked = EMPTY.with_block(7, Block()).with_block(7, Block(reason="spam", until=NOON))
    assert blocked.blocked == {7: Block(reason="spam", until=NOON)}
    assert blocked.with_block(7, None) == blocked.with_block(8, None).with_block(7, None) == EMPTY
    word = EMPTY.with_word("a").with_word("b").with_word("a", adult=True)
    assert (sorted(word.words), sorted(word.adult_words), sorted(word.all_words)) == (["b"], ["a"], ["a", "b"])
    assert word.with_word("a") == EMPTY.with_word("a").with_word("b")
    assert word.without_word("a").without_word("b") == EMPTY
    assert EMPTY.with_log_channel(5).with_log_channel(None) == EMPTY


def test_a_rulebook_of_another_version_is_not_half_understood() -> None:
    """A rule that this version does not know is an error, since to ignore it would let pictures through."""
    with pytest.raises(ValidationError):
        Rulebook.model_validate({"curfew": True})


def test_changes_name_each_value_with_its_path() -> None:
    """The audit log has the old and the new value of each change; a member of a list is an entry of its own."""
    before = EMPTY.with_limits(Scope.ROLE, 5, {DAY: 5}).with_word("red").with_word("boat")
    changed = before.with_limits(Scope.ROLE, 5, {DAY: 6, HOUR: 0}).without_word("boat").with_word("ship")
    assert changes_between(before, changed) == [
        Change(path=("roles", "5", "limits", "images_per_day"), before=5, after=6),
        Change(path=("roles", "5", "limits", "images_per_hour"), before=None, after=0),
        Change(path=("words", "boat"), before=True, after=None),
        Change(path=("words", "ship"), before=None, after=True),
    ]
    assert changes_between(before, before) == []


@given(FEW_EDITS)
def test_a_rulebook_comes_back_from_the_database_as_it_was(edits: list[Edit]) -> None:
    """All settings survive being stored as JSON."""
    rules = after(EMPTY, edits)
    assert Rulebook.model_validate(rules.model_dump(mode="json", exclude_none=True)) == rules


@given(FEW_EDITS, EDITS)
def test_undoing_a_change_restores_what_was(edits: list[Edit], edit: Edit) -> None:
    """Nothing of a change is left when it was undone, and undoing the undoing brings it back."""
    before = after(EMPTY, edits)
    changed = edit(before)
    restored = undone(changed, changes_between(before, changed))
    assert changes_between(restored, before) == []
    again = undone(restored, changes_between(changed, restored))
    assert changes_between(again, changed) == []


@given(FEW_EDITS, EDITS, FEW_EDITS)
def test_undoing_a_change_keeps_what_others_changed_since(edits: list[Edit], edit: Edit, later: list[Edit]) -> None:
    """A value that the change did not touch, or that was changed again, stays; each other one becomes what it was."""
    before = after(EMPTY, edits)
    changes = changes_between(before, edit(before))
    now = after(edit(before), later)
    restored = undone(now, changes)
    kept = {change.path for change in overwritten(now, changes)}
    wanted = {each.path: each.after for each in changes_between(EMPTY, now)}
    wanted |= {change.path: change.before for change in changes if change.path not in kept}
    mode = ("channel_mode",)  # means something only beside a list
    is_ = {each.path: each.after for each in changes_between(EMPTY, restored) if each.path != mode}
    assert is_ == {path: value for path, value in wanted.items() if value is not None and path != mode}
    assert (restored.channel_mode is None) == (not restored.channels)


def test_a_value_that_is_another_one_by_now_was_overwritten() -> None:
    """A value equal to the change's old or new value was not overwritten, and no undo closes an allowed channel."""
    first, second = EMPTY.with_limits(Scope.SERVER, 0, {DAY: 20}), EMPTY.with_limits(Scope.SERVER, 0, {DAY: 5})
    changes = changes_between(EMPTY, first)
    assert [overwritten(now, changes) for now in (first, second, EMPTY)] == [[], changes, []]
    allowed, denied = EMPTY.with_channels(ChannelMode.ALLOW, {1}), EMPTY.with_channels(ChannelMode.DENY, {2})
    assert undone(denied, changes_between(allowed, EMPTY)) == denied


def test_undoing_the_first_channel_leaves_the_list_of_those_that_came_later() -> None:
    """A list that others added to keeps its meaning."""
    first = EMPTY.with_channels(ChannelMode.ALLOW, {1})
    both = first.with_channels(ChannelMode.ALLOW, {1, 2})
    restored = undone(both, changes_between(EMPTY, first))
    assert restored == EMPTY.with_channels(ChannelMode.ALLOW, {2})
