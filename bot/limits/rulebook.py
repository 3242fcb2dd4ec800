"""One server's settings: a value with all of its rules, and the changes between two such values."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any, Final, Self

from pydantic import BaseModel, ConfigDict

from bot.limits.policy import Allowance, Limit, Rules, Scope
from bot.picture.layers import Choices
from bot.picture.review import HOURS_DEFAULT, AtDeadline, ReviewOf


class ChannelMode(StrEnum):
    """The meaning of a list of channels."""

    ALLOW = "allow"  # only in these
    DENY = "deny"  # everywhere but in these


class Override(BaseModel):
    """The limits of one role or member, and what a role adds to everyone's; a missing limit isn't set."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    limits: dict[Limit, float] = {}
    extras: dict[Limit, float] = {}
    unlimited: bool = False


class TimedRule(BaseModel):
    """A rule against drawing: the reason, and the end (UTC; None is until somebody removes the rule)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    reason: str = ""
    until: datetime | None = None

    def holds(self, now: datetime) -> bool:
        """Return True until its end."""
        return self.until is None or now < self.until


class Block(TimedRule):
    """A blocked member."""


class Showcase(BaseModel):
    """The channel that shows the pictures which this many other members keep as favourites."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    channel_id: int
    stars: int


class ReviewRule(BaseModel):
    """How pictures are reviewed before they are posted; the rulebook lists in which channels and of which roles.

    After `until_approved` approved pictures, a member's pictures are posted without review; None is never.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    channel_id: int  # in which moderators decide
    everyone: bool = False  # otherwise only the listed channels and roles
    until_approved: int | None = None
    of: ReviewOf = ReviewOf.PICTURE
    hours: int = HOURS_DEFAULT
    at_deadline: AtDeadline = AtDeadline.REJECT
    charge_rejected: bool = False


class DrawingPause(TimedRule):
    """A time in which nobody can draw."""


class Slowdown(BaseModel):
    """Every member has at least this cooldown until its end (UTC)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    cooldown_seconds: int
    until: datetime


class ChannelStyle(BaseModel):
    """The style of the server that requests in a channel get; if it's `required`, they may have no other one."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    style_id: int
    name: str
    required: bool = False


IN_DEFAULTS: Final = frozenset({"defaults", "spoiler_channels", "language"})
"""The rules that `bot.defaults` keeps in memory."""


class Rulebook(BaseModel):
    """Every rule of one server; the keys of its dictionaries are Discord's ids."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    server: dict[Limit, float] = {}
    everyone: dict[Limit, float] = {}
    roles: dict[int, Override] = {}
    members: dict[int, Override] = {}
    channel_mode: ChannelMode | None = None
    channels: frozenset[int] = frozenset()
    allowed_roles: frozenset[int] = frozenset()  # only their members can draw; empty is everyone
    blocked: dict[int, Block] = {}
    words: frozenset[str] = frozenset()
    adult_words: frozenset[str] = frozenset()  # blocked everywhere but in age-restricted channels
    log_channel_id: int | None = None
    weekly_summary: bool = False  # in the audit log channel
    showcase: Showcase | None = None
    review: ReviewRule | None = None
    review_channels: frozenset[int] = frozenset()  # with their threads; they and the roles matter only with a review
    review_roles: frozenset[int] = frozenset()
    pause: DrawingPause | None = None
    paused_channels: dict[int, DrawingPause] = {}
    slowdown: Slowdown | None = None
    share_percent: int | None = None  # of the credits left in the server's month, for each member a day
    channel_styles: dict[int, ChannelStyle] = {}
    reply_channels: frozenset[int] = frozenset()  # in these, any reply that pings the bot edits the picture
    spoiler_channels: frozenset[int] = frozenset()  # in these, new pictures are blurred unless a member says otherwise
    language: str | None = None  # Discord's code; for public messages, except in a community
    defaults: Choices = Choices()  # for options that a member neither chooses nor has a default of their own for

    def override(self, scope: Scope, subject_id: int) -> Override:
        """Return the limits and extras of a scope itself, without those that it inherits."""
        match scope:
            case Scope.ROLE:
                return self.roles.get(subject_id, Override())
            case Scope.MEMBER:
                return self.members.get(subject_id, Override())
            case Scope.SERVER:
                return Override(limits=self.server)
            case Scope.EVERYONE | Scope.OPERATOR:
                return Override(limits=self.everyone)

    def with_override(self, scope: Scope, subject_id: int, override: Override) -> Self:
        """Return these rules with the limits and extras of a scope itself replaced."""
        if scope in {Scope.SERVER, Scope.EVERYONE}:
            return self._with(**{scope.value: override.limits})
        entries: dict[int, Override] = getattr(self, f"{scope.value}s") | {subject_id: override}
        return self._with(**{f"{scope.value}s": {id_: entry for id_, entry in entries.items() if entry != Override()}})

    def with_limits(self, scope: Scope, subject_id: int, limits: Allowance, *, unlimited: bool | None = None) -> Self:
        """Return these rules with some limits of a scope set; the others don't change."""
        entry = self.override(scope, subject_id)
        lifted = entry.unlimited if unlimited is None else unlimited
        changed = entry.model_copy(update={"limits": entry.limits | dict(limits), "unlimited": lifted})
        return self.with_override(scope, subject_id, changed)

    def with_extras(self, role_id: int, extras: Allowance) -> Self:
        """Return these rules with a role's extras to some of everyone's limits; 0 removes one."""
        entry = self.override(Scope.ROLE, role_id)
        added = {limit: value for limit, value in (entry.extras | dict(extras)).items() if value}
        return self.with_override(Scope.ROLE, role_id, entry.model_copy(update={"extras": added}))

    def without(self, scope: Scope, subject_id: int) -> Self:
        """Return these rules without all limits of a scope."""
        return self.with_override(scope, subject_id, Override())

    def with_channels(self, mode: ChannelMode | None, channels: Iterable[int]) -> Self:
        """Return these rules with another list of channels; a list that is empty means nothing."""
        listed = frozenset(channels)
        return self._with(channel_mode=mode if listed else None, channels=listed)

    def with_allowed_roles(self, roles: Iterable[int]) -> Self:
        """Return these rules with pictures for members of these roles only, or for everyone if there are none."""
        return self._with(allowed_roles=frozenset(roles))

    def with_block(self, user_id: int, block: Block | None) -> Self:
        """Return these rules with a member blocked, or with None free again."""
        others = {id_: known for id_, known in self.blocked.items() if id_ != user_id}
        return self._with(blocked=others if block is None else others | {user_id: block})

    @property
    def all_words(self) -> frozenset[str]:
        """Return every word that is blocked somewhere."""
        return self.words | self.adult_words

    def with_word(self, word: str, *, adult: bool = False) -> Self:
        """Return these rules with one more blocked word; an `adult` one is allowed in age-restricted channels."""
        words, adult_words = self.words - {word}, self.adult_words - {word}
        return self._with(
            words=words if adult else words | {word}, adult_words=adult_words | {word} if adult else adult_words
        )

    def without_word(self, word: str) -> Self:
        """Return these rules with a word allowed everywhere."""
        return self._with(words=self.words - {word}, adult_words=self.adult_words - {word})

    def with_log_channel(self, channel_id: int | None) -> Self:
        """Return these rules with another channel for the record, or None for no record in a channel."""
        return self._with(log_channel_id=channel_id)

    def with_weekly_summary(self, *, on: bool) -> Self:
        """Return these rules with a summary of each week in the audit log channel, or without one."""
        return self._with(weekly_summary=on)

    def with_showcase(self, showcase: Showcase | None) -> Self:
        """Return these rules with another showcase, or None for no showcase."""
        return self._with(showcase=showcase)

    def with_review(self, review: ReviewRule | None) -> Self:
        """Return these rules with pictures reviewed in another way, or with None not at all."""
        if review is None:
            return self._with(review=None, review_channels=frozenset(), review_roles=frozenset())
        return self._with(review=review)

    def with_reviewed(self, channels: Iterable[int], roles: Iterable[int]) -> Self:
        """Return these rules with other channels and roles whose pictures are reviewed."""
        return self._with(review_channels=frozenset(channels), review_roles=frozenset(roles))

    def with_reply_edits(self, channel_id: int, *, on: bool) -> Self:
        """Return these rules with edits by any reply turned on or off in a channel."""
        return self._with(reply_channels=self.reply_channels - {channel_id} | ({channel_id} if on else set()))

    def with_spoilers(self, channel_id: int, *, on: bool) -> Self:
        """Return these rules with new pictures in a channel blurred by default, or not."""
        return self._with(spoiler_channels=self.spoiler_channels - {channel_id} | ({channel_id} if on else set()))

    def with_language(self, locale: str | None) -> Self:
        """Return these rules with another language for public messages, or with None each in its asker's language."""
        return self._with(language=locale)

    def with_defaults(self, defaults: Choices) -> Self:
        """Return these rules with other defaults; a switch that is off isn't one, as it's off without it."""
        return self._with(defaults={name: value for name, value in defaults.stored().items() if value is not False})

    def style_in(self, channel_id: int, parent_id: int | None) -> ChannelStyle | None:
        """Return the style of a channel; a thread without one has its channel's."""
        return self.channel_styles.get(channel_id) or self.channel_styles.get(parent_id or 0)

    def with_channel_style(self, channel_id: int, style: ChannelStyle | None) -> Self:
        """Return these rules with another style for a channel, or with None without one."""
        others = {id_: known for id_, known in self.channel_styles.items() if id_ != channel_id}
        return self._with(channel_styles=others if style is None else others | {channel_id: style})

    def with_pause(self, pause: DrawingPause | None, channel_id: int | None = None) -> Self:
        """Return these rules with the server or one channel paused, or with None resumed."""
        if channel_id is None:
            return self._with(pause=pause)
        others = {id_: known for id_, known in self.paused_channels.items() if id_ != channel_id}
        return self._with(paused_channels=others if pause is None else others | {channel_id: pause})

    def with_slowdown(self, slowdown: Slowdown | None) -> Self:
        """Return these rules with another cooldown for all members, or None for no such cooldown."""
        return self._with(slowdown=slowdown)

    def with_share(self, percent: int | None) -> Self:
        """Return these rules with another share of the server's credits for each member, or None for no shares."""
        return self._with(share_percent=percent)

    def for_person(
        self,
        user_id: int,
        role_ids: Iterable[int],
        operator_member: Allowance,
        operator_server: Allowance,
        now: datetime,
    ) -> Rules:
        """Return all that is set for one person at a time, under the operator's limits."""
        own = self.members.get(user_id, Override())
        of_roles = {role_id: self.roles[role_id] for role_id in role_ids if role_id in self.roles}
        slowed = self.slowdown is not None and now < self.slowdown.until
        return Rules(
            operator_member=operator_member,
            operator_server=operator_server,
            server=self.server,
            everyone=self.everyone,
            roles=[entry.limits for entry in of_roles.values()],
            extras={role_id: entry.extras for role_id, entry in of_roles.items() if entry.extras},
            member=own.limits,
            unlimited=own.unlimited,
            slowdown_seconds=self.slowdown.cooldown_seconds if self.slowdown is not None and slowed else 0,
            unlimited_by_role=any(entry.unlimited for entry in of_roles.values()),
            share_percent=self.share_percent,
        )

    def _with(self, **changes: object) -> Self:
        return self.model_validate(dict(self) | changes)


Path = tuple[str, ...]


class Change(BaseModel):
    """One value that became another; None means unset."""

    model_config = ConfigDict(frozen=True)

    path: Path
    before: Any = None
    after: Any = None


def changes_between(before: Rulebook, after: Rulebook) -> Sequence[Change]:
    """Return every value that differs, by its path, such as `("roles", "123", "limits", "images_per_day")`."""
    old, new = _flat(before), _flat(after)
    paths = sorted(old.keys() | new.keys())
    return [
        Change(path=path, before=old.get(path), after=new.get(path)) for path in paths if old.get(path) != new.get(path)
    ]


_CHANNEL_MODE = ("channel_mode",)


def overwritten(rules: Rulebook, changes: Iterable[Change]) -> Sequence[Change]:
    """Return those of some changes whose value has become yet another one since.

    If the change is about the list of channels, an undo doesn't add an allowed channel to a list of blocked ones.
    """
    flat, made = _flat(rules), list(changes)
    paths = {change.path for change in made if flat.get(change.path) not in (change.before, change.after)}
    if _CHANNEL_MODE in paths:
        paths |= {change.path for change in made if change.path[0] == "channels"}
    return [change for change in made if change.path in paths]


def undone(rules: Rulebook, changes: Sequence[Change]) -> Rulebook:
    """Return `rules` with the values that some changes replaced, except for later changes."""
    flat, kept = _flat(rules), overwritten(rules, changes)
    for change in changes:
        if change in kept:
            continue
        flat.pop(change.path, None)
        if change.before is not None:
            flat[change.path] = change.before
    if rules.channel_mode is not None:
        flat.setdefault(_CHANNEL_MODE, rules.channel_mode.value)  # what others listed since keeps its meaning
    return _from_flat(flat)


# Kept as paths of their members, so that each can be undone separately.
_SETS = {
    *("channels", "allowed_roles", "words", "adult_words"),
    *("reply_channels", "spoiler_channels", "review_channels", "review_roles"),
}
# How deep a value that is not taken apart stands.
_LEAVES = dict.fromkeys(("blocked", "paused_channels", "channel_styles"), 2)
_LEAVES |= dict.fromkeys(("showcase", "review", "pause", "slowdown"), 1)


def _flat(rules: Rulebook) -> dict[Path, Any]:
    dumped = rules.model_dump(mode="json", exclude_none=True)
    for name in _SETS:
        dumped[name] = {str(member): True for member in dumped[name]}
    return {path: value for name, value in dumped.items() for path, value in _leaves((name,), value)}


def _leaves(path: Path, value: object) -> Iterable[tuple[Path, Any]]:
    if isinstance(value, Mapping) and len(path) < _LEAVES.get(path[0], 9):
        for name, inner in value.items():
            yield from _leaves((*path, str(name)), inner)
    elif value is not False:  # it's the default of every switch
        yield path, value


def _from_flat(flat: Mapping[Path, Any]) -> Rulebook:
    nested: dict[str, Any] = {}
    for path, value in flat.items():
        inner = nested
        for name in path[:-1]:
            inner = inner.setdefault(name, {})
        inner[path[-1]] = value
    for name in _SETS:
        nested[name] = list(nested.get(name, {}))
    if not nested["channels"]:
        nested.pop("channel_mode", None)
    return Rulebook.model_validate(nested)
