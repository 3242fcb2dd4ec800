"""The moderator who takes the rules of one server to another, or back to the same one."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import InvalidRequest
from bot.limits.bounds import BOUNDS
from bot.limits.policy import Limit
from bot.limits.rulebook import (
    Block,
    ChannelMode,
    ChannelStyle,
    DrawingPause,
    Override,
    ReviewRule,
    Rulebook,
    Showcase,
    Slowdown,
)
from bot.limits.rules_file import Fitted, Places, fitted, read_rules, write_rules
from bot.limits.word_filter import find_blocked_word
from bot.picture.layers import Choices
from tests.bot.limits.commands import EDITS, Edit, after

HOME: Final = 1 << 60
ROLE, CHANNEL, THREAD, MEMBER = (HOME + number for number in range(1, 5))
HERE: Final = Places(HOME, {ROLE: "boosters", HOME: "@everyone"}, {CHANNEL: "art", THREAD: "a thread"})
ELSEWHERE: Final = Places(7, {70: "boosters", 7: "@everyone"}, {71: "art", 72: "a thread", 73: "other"})
FULL: Final = Rulebook(
    server={Limit.IMAGES_PER_DAY: 50},
    everyone={Limit.IMAGES_PER_DAY: 5},
    roles={ROLE: Override(extras={Limit.IMAGES_PER_DAY: 2}), HOME: Override(unlimited=True)},
    members={MEMBER: Override(limits={Limit.MAX_MEGAPIXELS: 0.5})},
    channel_mode=ChannelMode.ALLOW,
    channels=frozenset({CHANNEL}),
    allowed_roles=frozenset({ROLE}),
    blocked={MEMBER: Block(reason="spam", until=datetime(2030, 1, 1, tzinfo=UTC))},
    words=frozenset({"kraken"}),
    adult_words=frozenset({"wine"}),
    log_channel_id=THREAD,
    weekly_summary=True,
    showcase=Showcase(channel_id=CHANNEL, stars=4),
    review=ReviewRule(channel_id=CHANNEL, until_approved=10, hours=48, charge_rejected=True),
    review_channels=frozenset({THREAD}),
    review_roles=frozenset({ROLE}),
    reply_channels=frozenset({THREAD}),
    spoiler_channels=frozenset({CHANNEL}),
    channel_styles={CHANNEL: ChannelStyle(style_id=3, name="nora", required=True)},
    pause=DrawingPause(reason="event"),
    paused_channels={CHANNEL: DrawingPause(until=datetime(2030, 1, 1, tzinfo=UTC))},
    slowdown=Slowdown(cooldown_seconds=60, until=datetime(2030, 1, 1, tzinfo=UTC)),
    share_percent=10,
    language="uk",
    defaults=Choices(aspect_ratio="16:9", private=True),
)


def wrong(content: bytes) -> str:
    """Return the sentence that refuses a file."""
    with pytest.raises(InvalidRequest) as refusal:
        read_rules(content)
    return str(refusal.value)


def changed(**values: object) -> bytes:
    """Return the file of all rules with some of its values replaced."""
    return json.dumps(json.loads(write_rules(FULL, HERE)) | values).encode()


def test_every_rule_has_an_example_here() -> None:
    """A new rule is tried below too, so that it can't be forgotten in files."""
    assert [name for name in Rulebook.model_fields if getattr(FULL, name) == getattr(Rulebook(), name)] == []


def test_another_server_gets_all_rules_with_its_own_roles_and_channels() -> None:
    """Each is found by its name, and no id of the old server's roles and channels is left."""
    fit = fitted(read_rules(write_rules(FULL, HERE)), ELSEWHERE)
    assert [*fit.missing_roles, *fit.missing_channels] == []
    text = fit.rules.model_dump_json()
    assert [id_ for id_ in (HOME, ROLE, CHANNEL, THREAD) if str(id_) in text] == []
    assert fit.rules.roles == {70: FULL.roles[ROLE], 7: FULL.roles[HOME]}
    assert (sorted(fit.rules.channels), sorted(fit.rules.reply_channels)) == ([71], [72])
    assert fit.rules.allowed_roles == frozenset({70})
    assert sorted(fit.rules.spoiler_channels) == [71]
    assert fit.rules.log_channel_id == 72
    assert fit.rules.showcase == Showcase(channel_id=71, stars=4)
    assert fit.rules.review == ReviewRule(channel_id=71, until_approved=10, hours=48, charge_rejected=True)
    assert (sorted(fit.rules.review_channels), sorted(fit.rules.review_roles)) == ([72], [70])
    assert fit.rules.channel_styles == {}  # each server has styles of its own
    assert fit.rules.paused_channels == {71: FULL.paused_channels[CHANNEL]}
    alike = {name for name in Rulebook.model_fields if getattr(fit.rules, name) == getattr(FULL, name)}
    limits = {"server", "everyone", "members", "pause", "slowdown", "share_percent", "weekly_summary"}
    assert alike == limits | {"channel_mode", "blocked", "words", "adult_words", "defaults", "language"}


def test_what_another_server_lacks_or_has_twice_is_left_out_by_name() -> None:
    """A list of channels that is empty then means nothing, instead of closing the server."""
    there = Places(7, {70: "boosters", 71: "boosters"}, {72: "a thread"})
    fit = fitted(read_rules(write_rules(FULL, HERE)), there)
    assert (sorted(fit.missing_roles), list(fit.missing_channels)) == (["@everyone", "boosters"], ["art"])
    assert (fit.rules.roles, fit.rules.channels, fit.rules.channel_mode) == ({}, frozenset(), None)
    assert (fit.rules.showcase, fit.rules.review) == (None, None)
    assert fit.rules.log_channel_id == 72


def as_commands_set_them(rules: Rulebook) -> Rulebook:
    """Return rules without limits and words that no command would have taken."""

    def kept(limits: Mapping[Limit, float]) -> dict[Limit, float]:
        return {limit: value for limit, value in limits.items() if value in BOUNDS[limit]}

    def entries(overrides: Mapping[int, Override]) -> dict[int, Override]:
        changes = {id_: {"limits": kept(each.limits), "extras": kept(each.extras)} for id_, each in overrides.items()}
        return {id_: overrides[id_].model_copy(update=update) for id_, update in changes.items()}

    words = {
        name: frozenset(word for word in getattr(rules, name) if find_blocked_word(word, [word]))
        for name in ("words", "adult_words")
    }
    limits = {"server": kept(rules.server), "everyone": kept(rules.everyone)}
    overrides = {"roles": entries(rules.roles), "members": entries(rules.members)}
    return rules.model_copy(update={**limits, **overrides, **words})


@given(st.lists(EDITS, max_size=8))
def test_the_same_server_gets_its_own_rules_back(edits: list[Edit]) -> None:
    """All of them, also for roles and channels that are gone."""
    rules = as_commands_set_them(after(Rulebook(), edits))
    content = write_rules(rules, HERE)
    assert fitted(read_rules(content), HERE) == Fitted(rules, (), ())
    assert fitted(read_rules(b"\xef\xbb\xbf" + content), HERE).rules == rules  # as an editor of Windows saves it


def test_ids_are_texts() -> None:
    """Programs that read JSON numbers as floating point would round them."""
    numbers: list[int] = []
    json.loads(write_rules(FULL, HERE), parse_int=lambda digits: numbers.append(int(digits)))
    assert max(numbers) < 2**53


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "The file isn't valid JSON: see line 1."),
        (b"{\n,}", "The file isn't valid JSON: see line 2."),
        (b"\xff", "The file isn't valid JSON."),
        (b"[" * 100_000, "The file isn't valid JSON."),
        (b"[]", "This isn't a file from `/limits export`."),
        (b'{"format": "other"}', "This isn't a file from `/limits export`."),
        (changed(version=2), "The file has version 2 of the format, and I read version 1."),
        (changed(version="x"), "The file has version ? of the format, and I read version 1."),
        (changed(more=1), "invalid value at `more`"),
        (changed(rules={"everyone": {"images_per_day": "many"}}), "invalid value at `rules.everyone.images_per_day`"),
        (changed(rules={"everyone": {"images_per_day": -1}}), "invalid value at `rules.everyone.images_per_day`"),
        (changed(rules={"everyone": {"pictures": 1}}), "invalid value at `rules.everyone.pictures"),
        (changed(rules={"roles": {"1": {"extras": {"concurrent": 10**7}}}}), "at `rules.roles.1.extras.concurrent`"),
        (changed(rules={"words": ["x" * 51]}), "invalid value at `rules.words.xxx"),
        (changed(rules={"language": "klingon"}), "invalid value at `rules.language`"),
        (changed(rules={"share_percent": 101}), "invalid value at `rules.share_percent`"),
        (changed(rules={"words": [" - "]}), "invalid value at `rules.words. - `"),
        (changed(rules={"blocked": {"1": {"reason": "x" * 301}}}), "invalid value at `rules.blocked.1.reason`"),
        (changed(rules={"showcase": {"channel_id": 1, "stars": 0}}), "invalid value at `rules.showcase.stars`"),
        (changed(rules={"review": {"channel_id": 1, "hours": 169}}), "invalid value at `rules.review.hours`"),
        (changed(rules={"review": {"channel_id": 1, "until_approved": 0}}), "at `rules.review.until_approved`"),
        (changed(rules={"review": {"channel_id": 1, "of": "style"}}), "invalid value at `rules.review.of`"),
        (changed(rules={"review": {"channel_id": 1}, "review_channels": [1]}), "at `rules.review.channel_id`"),
        (changed(rules={"pause": {"reason": "x" * 301}}), "invalid value at `rules.pause.reason`"),
        (changed(rules={"paused_channels": {"1": {"reason": "x" * 301}}}), "at `rules.paused_channels.1.reason`"),
        (
            changed(rules={"slowdown": {"cooldown_seconds": 10**6, "until": "2030-01-01T00:00Z"}}),
            "invalid value at `rules.slowdown.cooldown_seconds`",
        ),
        (changed(rules={"channels": [1]}), "invalid value at `rules.channel_mode`"),
    ],
)
def test_a_wrong_file_is_refused_with_the_place(content: bytes, sentence: str) -> None:
    """And with the assurance that nothing changed."""
    assert sentence in wrong(content)
    assert wrong(content).endswith("Nothing was changed.")
