"""A moderator's changes to a rulebook, drawn at random."""

from collections.abc import Callable
from datetime import UTC, datetime

from hypothesis import strategies as st

from bot.limits.policy import EXTRA_LIMITS, SERVER_LIMITS, Limit, Scope
from bot.limits.rulebook import Block, ChannelMode, ChannelStyle, DrawingPause, ReviewRule, Rulebook, Slowdown
from bot.picture.layers import Choices
from bot.picture.params import Resolution
from bot.picture.review import AtDeadline, ReviewOf

Edit = Callable[[Rulebook], Rulebook]

SUBJECTS = st.integers(1, 3)  # few, so that one command meets what another one did
VALUES = st.one_of(st.integers(0, 5), st.sampled_from([0.5, 2.5]))
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001  (Hypothesis wants bounds without a zone)


def _limits(scope: Scope, subject: int, limits: dict[Limit, float], unlimited: bool | None) -> Edit:
    return lambda rules: rules.with_limits(scope, subject, limits, unlimited=unlimited)


def _extras(role: int, extras: dict[Limit, float]) -> Edit:
    return lambda rules: rules.with_extras(role, extras)


def _reset(scope: Scope, subject: int) -> Edit:
    return lambda rules: rules.without(scope, subject)


def _channels(mode: ChannelMode, channels: set[int]) -> Edit:
    return lambda rules: rules.with_channels(mode, channels)


def _allowed_roles(roles: set[int]) -> Edit:
    return lambda rules: rules.with_allowed_roles(roles)


def _block(member: int, block: Block | None) -> Edit:
    return lambda rules: rules.with_block(member, block)


def _word(word: str, adult: bool) -> Edit:
    return lambda rules: rules.with_word(word, adult=adult)


def _without_word(word: str) -> Edit:
    return lambda rules: rules.without_word(word)


def _pause(channel: int | None, pause: DrawingPause | None) -> Edit:
    return lambda rules: rules.with_pause(pause, channel)


def _slowdown(slowdown: Slowdown | None) -> Edit:
    return lambda rules: rules.with_slowdown(slowdown)


def _style(channel: int, style: int | None) -> Edit:
    chosen = None if style is None else ChannelStyle(style_id=style, name=f"style {style}", required=style % 2 == 0)
    return lambda rules: rules.with_channel_style(channel, chosen)


def _spoilers(channel: int, on: bool) -> Edit:
    return lambda rules: rules.with_spoilers(channel, on=on)


def _language(locale: str | None) -> Edit:
    return lambda rules: rules.with_language(locale)


def _share(percent: int | None) -> Edit:
    return lambda rules: rules.with_share(percent)


def _review(review: ReviewRule | None) -> Edit:
    return lambda rules: rules.with_review(review)


def _reviewed(channels: set[int], roles: set[int]) -> Edit:
    return lambda rules: rules.with_reviewed(channels, roles)


def _log_channel(channel: int | None) -> Edit:
    return lambda rules: rules.with_log_channel(channel)


def _weekly_summary(on: bool) -> Edit:
    return lambda rules: rules.with_weekly_summary(on=on)


def _defaults(defaults: Choices) -> Edit:
    return lambda rules: rules.with_defaults(defaults)


DEFAULTS = st.builds(
    Choices,
    resolution=st.none() | st.sampled_from(Resolution),
    output_quality=st.none() | st.integers(0, 100),
    private=st.none() | st.booleans(),
)
SCOPES = st.sampled_from([Scope.SERVER, Scope.EVERYONE, Scope.ROLE, Scope.MEMBER])
SERVERS = st.builds(
    _limits, st.just(Scope.SERVER), st.just(0), st.dictionaries(st.sampled_from(SERVER_LIMITS), VALUES), st.none()
)
PERSONS = st.builds(
    _limits,
    st.sampled_from([Scope.EVERYONE, Scope.ROLE, Scope.MEMBER]),
    SUBJECTS,
    st.dictionaries(st.sampled_from(Limit), VALUES),
    st.sampled_from([None, True, False]),
)
BLOCKS = st.none() | st.builds(Block, reason=st.text(max_size=3), until=st.none() | MOMENTS)
PAUSES = st.none() | st.builds(DrawingPause, reason=st.text(max_size=3), until=st.none() | MOMENTS)
REVIEWS = st.none() | st.builds(
    ReviewRule,
    channel_id=st.integers(4, 5),  # never one that is reviewed
    everyone=st.booleans(),
    until_approved=st.none() | st.integers(1, 9),
    of=st.sampled_from(ReviewOf),
    hours=st.integers(1, 9),
    at_deadline=st.sampled_from(AtDeadline),
    charge_rejected=st.booleans(),
)
_WORDS = st.text("ab", min_size=1, max_size=2)
EDITS = st.one_of(
    SERVERS,
    PERSONS,
    st.builds(_extras, SUBJECTS, st.dictionaries(st.sampled_from(EXTRA_LIMITS), VALUES)),
    st.builds(_reset, SCOPES, SUBJECTS),
    st.builds(_channels, st.sampled_from(ChannelMode), st.sets(SUBJECTS)),
    st.builds(_allowed_roles, st.sets(SUBJECTS)),
    st.builds(_block, SUBJECTS, BLOCKS),
    st.builds(_pause, st.none() | SUBJECTS, PAUSES),
    st.builds(_slowdown, st.none() | st.builds(Slowdown, cooldown_seconds=st.integers(1, 9), until=MOMENTS)),
    st.builds(_word, _WORDS, st.booleans()),
    st.builds(_without_word, _WORDS),
    st.builds(_spoilers, SUBJECTS, st.booleans()),
    st.builds(_share, st.none() | st.integers(1, 100)),
    st.builds(_language, st.none() | st.sampled_from(["de", "ja", "pt-BR"])),
    st.builds(_review, REVIEWS),
    st.builds(_reviewed, st.sets(SUBJECTS), st.sets(SUBJECTS)),
    st.builds(_log_channel, st.none() | SUBJECTS),
    st.builds(_weekly_summary, st.booleans()),
    st.builds(_defaults, DEFAULTS),
    st.builds(_style, SUBJECTS, st.none() | SUBJECTS),
)


def after(rules: Rulebook, edits: list[Edit]) -> Rulebook:
    """Return `rules` after some commands, one after the other."""
    for edit in edits:
        rules = edit(rules)
    return rules
