"""Admission by member, channel and words: values in, a reason out. No clock, no database, no Discord."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from bot.limits.fair_share import Share
from bot.limits.policy import Limit
from bot.limits.rulebook import Block, ChannelMode, ChannelStyle, DrawingPause, Rulebook
from bot.limits.word_filter import find_blocked_word


class AdmissionRule(StrEnum):
    """The rule that rejects a request; the values are stored in databases and dashboards, and never change."""

    BLOCKED_MEMBER = "BlockedMember"
    CLOSED_CHANNEL = "ClosedChannel"
    BLOCKED_WORD = "BlockedWord"
    PAUSED = "Paused"
    OTHER_STYLE = "OtherStyle"
    FAIR_SHARE = "FairShare"
    MISSING_ROLE = "MissingRole"


Rule = Limit | AdmissionRule
"""Whatever can refuse a picture."""


def rule_of_refusal(value: str) -> Rule:
    """Return the rule that a stored refusal names; raise `ValueError` if there is none."""
    return Limit(value) if value in set(Limit) else AdmissionRule(value)


@dataclass(frozen=True, slots=True)
class BlockedMember:
    """The person is blocked."""

    rule: ClassVar = AdmissionRule.BLOCKED_MEMBER
    block: Block


@dataclass(frozen=True, slots=True)
class ClosedChannel:
    """The channel is not one in which the server lets the bot draw."""

    rule: ClassVar = AdmissionRule.CLOSED_CHANNEL
    mode: ChannelMode
    channels: frozenset[int]


@dataclass(frozen=True, slots=True)
class MissingRole:
    """The member has none of the roles that can draw."""

    rule: ClassVar = AdmissionRule.MISSING_ROLE
    roles: frozenset[int]


@dataclass(frozen=True, slots=True)
class BlockedWord:
    """The prompt has a word that the server does not want, or only in age-restricted channels."""

    rule: ClassVar = AdmissionRule.BLOCKED_WORD
    word: str
    age_restricted: bool = False


@dataclass(frozen=True, slots=True)
class Paused:
    """Moderators have paused drawing in this server, or with `in_channel` in this channel."""

    rule: ClassVar = AdmissionRule.PAUSED
    pause: DrawingPause
    in_channel: bool = False


@dataclass(frozen=True, slots=True)
class OtherStyle:
    """The channel requires a style, and the request has another one."""

    rule: ClassVar = AdmissionRule.OTHER_STYLE
    style: ChannelStyle


@dataclass(frozen=True, slots=True)
class ShareUsed:
    """The member has used their share of the credits that the server has left."""

    rule: ClassVar = AdmissionRule.FAIR_SHARE
    share: Share


NotAdmitted = BlockedMember | ClosedChannel | BlockedWord | Paused | OtherStyle | ShareUsed | MissingRole


def admit(
    rules: Rulebook,
    user_id: int,
    channel_ids: frozenset[int],
    prompt: str,
    now: datetime,
    *,
    age_restricted: bool = False,
    role_ids: frozenset[int] = frozenset(),
) -> NotAdmitted | None:
    """Return why a request is not let in, or None.

    `channel_ids` are the channel's and, of a thread, its parent's; `age_restricted` is whether Discord shows the
    channel to adults only, and `role_ids` are the member's.
    """
    block = rules.blocked.get(user_id)
    if block is not None and block.holds(now):
        return BlockedMember(block)
    pauses = [rules.pause, *(rules.paused_channels.get(id_) for id_ in sorted(channel_ids))]
    for pause in pauses:
        if pause is not None and pause.holds(now):
            return Paused(pause, in_channel=pause is not rules.pause)
    if rules.allowed_roles and not rules.allowed_roles & role_ids:
        return MissingRole(rules.allowed_roles)
    listed = bool(channel_ids & rules.channels)
    if rules.channel_mode is not None and listed is (rules.channel_mode is ChannelMode.DENY):
        return ClosedChannel(rules.channel_mode, rules.channels)
    word = find_blocked_word(prompt, sorted(rules.words))
    if word is not None:
        return BlockedWord(word)
    adult_word = None if age_restricted else find_blocked_word(prompt, sorted(rules.adult_words))
    return None if adult_word is None else BlockedWord(adult_word, age_restricted=True)
