"""Admission: blocked members, channels and words."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.limits.admission import (
    AdmissionRule,
    BlockedMember,
    BlockedWord,
    ClosedChannel,
    MissingRole,
    OtherStyle,
    Paused,
    ShareUsed,
    admit,
)
from bot.limits.rulebook import Block, ChannelMode, DrawingPause, Rulebook

NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)
INSTANT = timedelta(microseconds=1)
ALICE, BOB = 7, 8
PICTURES, GENERAL, THREAD = 11, 12, 13
EMPTY = Rulebook()


def test_a_server_without_rules_lets_everybody_in() -> None:
    """Until somebody sets a rule, there is none."""
    assert admit(EMPTY, ALICE, frozenset({PICTURES}), "a boat", NOON) is None


def test_a_blocked_member_is_refused_with_the_reason() -> None:
    """A block without an end is permanent, and applies to nobody else."""
    rules = EMPTY.with_block(ALICE, Block(reason="spam"))
    later = NOON + timedelta(days=10_000)
    assert admit(rules, ALICE, frozenset({PICTURES}), "a boat", later) == BlockedMember(Block(reason="spam"))
    assert admit(rules, BOB, frozenset({PICTURES}), "a boat", NOON) is None
    assert admit(rules.with_block(ALICE, None), ALICE, frozenset({PICTURES}), "a boat", NOON) is None


def test_a_block_ends_at_its_moment() -> None:
    """An instant before its end it holds, and at its end it does not."""
    block = Block(until=NOON)
    rules = EMPTY.with_block(ALICE, block)
    assert admit(rules, ALICE, frozenset({PICTURES}), "a boat", NOON - INSTANT) == BlockedMember(block)
    assert admit(rules, ALICE, frozenset({PICTURES}), "a boat", NOON) is None


def test_only_members_with_an_allowed_role_are_let_in() -> None:
    """One of several roles is enough, a member without roles is refused, and an empty list refuses nobody."""
    rules, here = EMPTY.with_allowed_roles({21, 22}), frozenset({PICTURES})
    assert admit(rules, ALICE, here, "a boat", NOON, role_ids=frozenset({22, 23})) is None
    refusal = MissingRole(frozenset({21, 22}))
    assert admit(rules, ALICE, here, "a boat", NOON, role_ids=frozenset({23})) == refusal
    assert admit(rules, ALICE, here, "a boat", NOON) == refusal
    assert admit(rules.with_allowed_roles(()), ALICE, here, "a boat", NOON) is None


def test_a_pause_stops_everybody_until_its_end() -> None:
    """In the whole server, or in one channel and its threads; the server's is named first."""
    pause = DrawingPause(reason="event", until=NOON)
    rules = EMPTY.with_pause(pause)
    assert admit(rules, ALICE, frozenset({PICTURES}), "a boat", NOON - INSTANT) == Paused(pause)
    assert admit(rules, ALICE, frozenset({PICTURES}), "a boat", NOON) is None
    rules = EMPTY.with_pause(DrawingPause(), PICTURES)
    paused = Paused(DrawingPause(), in_channel=True)
    assert admit(rules, ALICE, frozenset({THREAD, PICTURES}), "a boat", NOON) == paused
    assert admit(rules, ALICE, frozenset({GENERAL}), "a boat", NOON) is None
    assert admit(rules.with_pause(pause), ALICE, frozenset({PICTURES}), "a boat", NOON - INSTANT) == Paused(pause)
    assert admit(rules.with_pause(None, PICTURES), ALICE, frozenset({PICTURES}), "a boat", NOON) is None


@pytest.mark.parametrize(
    ("mode", "listed", "where", "open_"),
    [
        (ChannelMode.ALLOW, {PICTURES}, {PICTURES}, True),
        (ChannelMode.ALLOW, {PICTURES}, {GENERAL}, False),
        (ChannelMode.ALLOW, {PICTURES}, {THREAD, PICTURES}, True),
        (ChannelMode.ALLOW, {PICTURES}, {THREAD, GENERAL}, False),
        (ChannelMode.ALLOW, {THREAD}, {THREAD, GENERAL}, True),
        (ChannelMode.DENY, {GENERAL}, {GENERAL}, False),
        (ChannelMode.DENY, {GENERAL}, {PICTURES}, True),
        (ChannelMode.DENY, {GENERAL}, {THREAD, GENERAL}, False),
        (ChannelMode.DENY, {GENERAL}, {THREAD, PICTURES}, True),
        (ChannelMode.ALLOW, set(), {PICTURES}, True),
        (ChannelMode.DENY, set(), {PICTURES}, True),
    ],
)
def test_a_list_of_channels_opens_or_closes_them(
    mode: ChannelMode, listed: set[int], where: set[int], open_: bool
) -> None:
    """Threads follow their parent, and an empty list says nothing."""
    reason = admit(EMPTY.with_channels(mode, listed), ALICE, frozenset(where), "a boat", NOON)
    assert reason == (None if open_ else ClosedChannel(mode, frozenset(listed)))


def test_a_blocked_word_is_refused_and_named() -> None:
    """The prompt is looked through word by word."""
    rules = EMPTY.with_word("boat")
    assert admit(rules, ALICE, frozenset({PICTURES}), "a BOAT", NOON) == BlockedWord("boat")
    assert admit(rules, ALICE, frozenset({PICTURES}), "a boathouse", NOON) is None


def test_a_word_for_adults_is_refused_where_others_read_it() -> None:
    """Age-restricted channels have a list of their own, and words of the other list are blocked there too."""
    rules, here = EMPTY.with_word("wine", adult=True).with_word("boat"), frozenset({PICTURES})
    assert admit(rules, ALICE, here, "wine", NOON) == BlockedWord("wine", age_restricted=True)
    assert admit(rules, ALICE, here, "wine", NOON, age_restricted=True) is None
    assert admit(rules, ALICE, here, "wine on a boat", NOON, age_restricted=True) == BlockedWord("boat")


def test_who_is_blocked_reads_that_first() -> None:
    """Of several reasons the one about the person comes first, then the place, then the words."""
    rules = EMPTY.with_block(ALICE, Block()).with_channels(ChannelMode.ALLOW, {GENERAL}).with_word("boat")
    reasons = [
        type(admit(rules, who, frozenset({where}), "a boat", NOON))
        for who, where in ((ALICE, PICTURES), (BOB, PICTURES), (BOB, GENERAL))
    ]
    assert reasons == [BlockedMember, ClosedChannel, BlockedWord]


def test_a_refusal_is_written_down_in_words_that_never_change() -> None:
    """Rows of an older version and a dashboard's series go on under the same words."""
    assert [rule.value for rule in AdmissionRule] == [
        "BlockedMember",
        "ClosedChannel",
        "BlockedWord",
        "Paused",
        "OtherStyle",
        "FairShare",
        "MissingRole",
    ]
    reasons = (BlockedMember, ClosedChannel, BlockedWord, Paused, OtherStyle, ShareUsed, MissingRole)
    assert {each.rule for each in reasons} == set(AdmissionRule)
