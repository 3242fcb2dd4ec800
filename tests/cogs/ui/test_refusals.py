"""The member who is refused: the sentence has the figures, says what to do, and lets no foreign markup through."""

from dataclasses import replace
from datetime import UTC, datetime
from itertools import product

import pytest

from bot.limits.admission import BlockedMember, BlockedWord, ClosedChannel
from bot.limits.policy import SERVER_LIMITS, Limit, LimitExceeded, Scope, windows_of
from bot.limits.rulebook import Block, ChannelMode
from cogs.ui.amounts import LIMIT_LABELS
from cogs.ui.refusals import admission_sentence, channel_list, refusal_sentence
from cogs.ui.text import SENTENCE_MAX, plain

NOON = datetime(2030, 12, 31, 12, tzinfo=UTC)
REACHED = LimitExceeded(Scope.MEMBER, Limit.IMAGES_PER_DAY, 31, 29, Scope.EVERYONE, NOON)
EACH = [*product([Scope.MEMBER], Limit), *product([Scope.SERVER], SERVER_LIMITS)]


@pytest.mark.parametrize(("scope", "limit"), EACH)
def test_each_limit_is_refused_with_both_figures(scope: Scope, limit: Limit) -> None:
    """How much is used, of how much."""
    sentence = refusal_sentence(replace(REACHED, scope=scope, limit=limit))
    assert "31" in sentence
    assert "29" in sentence
    assert "Nothing was charged" in sentence


def test_limits_do_not_share_their_words() -> None:
    """The message shows the scope, the limit and the person who can change it."""
    by_limit = [refusal_sentence(replace(REACHED, scope=scope, limit=limit)) for scope, limit in EACH]
    by_scope = [refusal_sentence(replace(REACHED, set_by=scope)) for scope in Scope]
    assert len(set(by_limit)) == len(by_limit)
    assert len(set(by_scope)) == len(by_scope)


@pytest.mark.parametrize("limit", windows_of(Limit))
def test_a_limit_that_frees_up_says_when(limit: Limit) -> None:
    """In each reader's own time zone, which is why it is a timestamp for Discord."""
    stamp = f"<t:{int(NOON.timestamp())}"
    assert stamp in refusal_sentence(replace(REACHED, limit=limit))
    assert stamp not in refusal_sentence(replace(REACHED, limit=limit, frees_at=None))
    assert stamp not in refusal_sentence(replace(REACHED, limit=limit, allowed=0))


@pytest.mark.parametrize(
    ("limit", "remedy"), [(Limit.MAX_MEGAPIXELS, "`resolution`"), (Limit.MAX_REFERENCES, "reference images")]
)
def test_a_request_that_is_too_large_says_what_to_change(limit: Limit, remedy: str) -> None:
    sentence = refusal_sentence(replace(REACHED, limit=limit))
    assert LIMIT_LABELS[limit] in sentence
    assert remedy in sentence.replace(LIMIT_LABELS[limit], "")
    assert "<t:" not in sentence


@pytest.mark.parametrize(("used", "shown"), [(2.0004, "2.0004"), (2.004, "2.004"), (2.04, "2.04"), (2.5, "2.5")])
def test_a_size_just_over_the_limit_does_not_look_like_the_limit(used: float, shown: str) -> None:
    """It is rounded only as far as it stays larger."""
    sentence = refusal_sentence(replace(REACHED, limit=Limit.MAX_MEGAPIXELS, used=used, allowed=2))
    assert f"Megapixels per picture: you asked for {shown}. The limit is 2." in sentence


def test_a_block_shows_its_end_and_its_reason_harmlessly() -> None:
    """A moderator's words mention nobody."""
    sentence = admission_sentence(BlockedMember(Block(until=NOON, reason="see <@42> **now**")))
    assert f"<t:{int(NOON.timestamp())}" in sentence
    assert plain("see <@42> **now**") in sentence
    assert "<@42>" not in sentence
    permanent = admission_sentence(BlockedMember(Block(until=None, reason="")))
    assert "<t:" not in permanent


def test_a_blocked_word_is_shown_literally() -> None:
    sentence = admission_sentence(BlockedWord("**@everyone**"))
    assert plain("**@everyone**") in sentence
    assert "**@everyone**" not in sentence


@pytest.mark.parametrize("mode", ChannelMode)
def test_a_closed_channel_says_where_else(mode: ChannelMode) -> None:
    sentence = admission_sentence(ClosedChannel(mode, frozenset({5, 3})))
    assert "<#3>, <#5>" in sentence
    other = next(each for each in ChannelMode if each is not mode)
    assert sentence != admission_sentence(ClosedChannel(other, frozenset({5, 3})))


def test_many_channels_are_cut_visibly() -> None:
    """In the order of their ids, and within the length of a message."""
    assert channel_list(frozenset(range(1, 9))) == ", ".join(f"<#{each}>" for each in range(1, 9))
    assert channel_list(frozenset(range(1, 11))).endswith("<#8> and 2 more channels")
    huge = frozenset(range(10**19, 10**19 + 500))
    assert len(admission_sentence(ClosedChannel(ChannelMode.ALLOW, huge))) <= SENTENCE_MAX
