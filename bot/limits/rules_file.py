"""A server's rules as a JSON file: written for a copy, read again for the same server or for another one.

Another server has roles and channels of its own, so the file has their names, and they are found again by name.
"""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from bot.errors import InvalidRequest
from bot.i18n import _
from bot.i18n.locale_names import LOCALE_NAMES
from bot.limits.bounds import (
    BOUNDS,
    REASON_MAX,
    REVIEW_HOURS_MAX,
    REVIEW_UNTIL_MAX,
    SHARE_MAX,
    STARS_MAX,
    WORD_MAX,
)
from bot.limits.policy import Allowance, Limit, Scope
from bot.limits.rulebook import Override, ReviewRule, Rulebook
from bot.limits.word_filter import find_blocked_word
from bot.picture.layers import NEVER_DEFAULTS, Choices

VERSION: Final = 1
FILE_MAX_BYTES: Final = 1024 * 1024  # thousands of blocks with their reasons
_JSON_INTEGER_MAX: Final = 2**53 - 1  # beyond it, other programs round; Discord's ids are larger


@dataclass(frozen=True, slots=True)
class Places:
    """A server's id, and the names of its roles and channels by their ids."""

    server_id: int
    roles: Mapping[int, str]
    channels: Mapping[int, str]


class RulesFile(BaseModel):
    """The file: the rules of a server, and the names of the roles and channels that they are about."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: Literal["imagine-bot rules"] = "imagine-bot rules"
    version: int = VERSION
    server_id: int
    roles: dict[int, str]
    channels: dict[int, str]
    rules: Rulebook


@dataclass(frozen=True, slots=True)
class Fitted:
    """Rules for a server, and the names of those roles and channels that it doesn't have, or has several of."""

    rules: Rulebook
    missing_roles: Sequence[str]
    missing_channels: Sequence[str]


def write_rules(rules: Rulebook, places: Places) -> bytes:
    """Return the file with a server's rules."""
    file = RulesFile(
        server_id=places.server_id,
        roles={id_: places.roles[id_] for id_ in sorted(_roles_of(rules)) if id_ in places.roles},
        channels={id_: places.channels[id_] for id_ in sorted(_channels_of(rules)) if id_ in places.channels},
        rules=rules,
    )
    dumped = file.model_dump(mode="json", exclude_none=True, exclude_defaults=True)
    ordered = {"format": file.format, "version": file.version, **dumped}
    return json.dumps(_with_text_ids(ordered), ensure_ascii=False, indent=2).encode()


def read_rules(content: bytes) -> RulesFile:
    """Return the file's values; raise `InvalidRequest` that names the mistake and its place."""
    try:
        document = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError) as cause:
        raise InvalidRequest(_not_json(cause)) from None
    if not isinstance(document, dict) or document.get("format") != RulesFile.model_fields["format"].default:
        raise InvalidRequest(_("This isn't a file from `/limits export`. Nothing was changed."))
    version = document.get("version")
    if version != VERSION:
        raise InvalidRequest(
            _(
                "The file has version {version} of the format, and I read version {known}. Export it again with a bot "
                "of the same version as this one. Nothing was changed.",
                version=version if isinstance(version, int) else "?",
                known=VERSION,
            )
        )
    try:
        file = RulesFile.model_validate(document)
    except ValidationError as cause:
        raise _wrong_value(".".join(str(step) for step in cause.errors()[0]["loc"])) from None
    for where in _out_of_bounds(file.rules):
        raise _wrong_value(where)
    return file


def fitted(file: RulesFile, here: Places) -> Fitted:
    """Return a file's rules for a server; on another one than they come from, roles and channels are found by name."""
    if file.server_id == here.server_id:
        return Fitted(file.rules, (), ())
    roles, channels = _Namesakes(file.roles, here.roles), _Namesakes(file.channels, here.channels)
    rules = file.rules
    showcase, log_channel_id = rules.showcase, rules.log_channel_id
    listed = frozenset(channels.found(rules.channels))
    moved = rules.model_copy(
        update={
            "roles": {roles.ids[id_]: entry for id_, entry in rules.roles.items() if id_ in roles.ids},
            "allowed_roles": frozenset(roles.found(rules.allowed_roles)),
            "channels": listed,
            "channel_mode": rules.channel_mode if listed else None,
            "paused_channels": {
                channels.ids[id_]: pause for id_, pause in rules.paused_channels.items() if id_ in channels.ids
            },
            "channel_styles": {},  # styles belong to their server
            "reply_channels": frozenset(channels.found(rules.reply_channels)),
            "spoiler_channels": frozenset(channels.found(rules.spoiler_channels)),
            "log_channel_id": None if log_channel_id is None else channels.ids.get(log_channel_id),
            "review": _moved_review(rules.review, channels.ids),
            "review_channels": frozenset(channels.found(rules.review_channels)),
            "review_roles": frozenset(roles.found(rules.review_roles)),
            "showcase": None
            if showcase is None or showcase.channel_id not in channels.ids
            else showcase.model_copy(update={"channel_id": channels.ids[showcase.channel_id]}),
        }
    )
    return Fitted(moved, roles.missing(_roles_of(rules)), channels.missing(_channels_of(rules)))


class _Namesakes:
    """The ids of another server's roles or channels here, by their ids there."""

    def __init__(self, there: Mapping[int, str], here: Mapping[int, str]) -> None:
        often = Counter(here.values())
        by_name = {name: id_ for id_, name in here.items() if often[name] == 1}
        self._there = there
        self.ids = {id_: by_name[name] for id_, name in there.items() if name in by_name}

    def found(self, ids: frozenset[int]) -> Iterator[int]:
        return (self.ids[id_] for id_ in ids if id_ in self.ids)

    def missing(self, ids: frozenset[int]) -> Sequence[str]:
        return [self._there.get(id_, str(id_)) for id_ in sorted(ids) if id_ not in self.ids]


def _moved_review(review: ReviewRule | None, channel_ids: Mapping[int, int]) -> ReviewRule | None:
    """Return a review for another server, or None if that has no such channel for moderators."""
    if review is None or review.channel_id not in channel_ids:
        return None
    return review.model_copy(update={"channel_id": channel_ids[review.channel_id]})


def _roles_of(rules: Rulebook) -> frozenset[int]:
    return rules.allowed_roles.union(rules.roles, rules.review_roles)


def _channels_of(rules: Rulebook) -> frozenset[int]:
    single = (rules.log_channel_id, *(each.channel_id for each in (rules.showcase, rules.review) if each is not None))
    return rules.channels.union(
        rules.reply_channels,
        rules.spoiler_channels,
        rules.review_channels,
        rules.paused_channels,
        rules.channel_styles,
        (id_ for id_ in single if id_ is not None),
    )


def allowances_of(rules: Rulebook) -> Iterator[tuple[str, Scope, Allowance]]:
    """Yield everything that sets limits, with its path in the file and its scope."""
    yield "rules.server", Scope.SERVER, rules.server
    yield "rules.everyone", Scope.EVERYONE, rules.everyone
    for scope in (Scope.ROLE, Scope.MEMBER):
        entries: Mapping[int, Override] = rules.roles if scope is Scope.ROLE else rules.members
        for id_, entry in entries.items():
            yield f"rules.{scope.value}s.{id_}.limits", scope, entry.limits
            yield f"rules.{scope.value}s.{id_}.extras", scope, entry.extras


def _out_of_bounds(rules: Rulebook) -> Iterator[str]:
    """Yield where a value is one that no command would take."""
    for where, _scope, allowance in allowances_of(rules):
        yield from (f"{where}.{limit.value}" for limit, value in allowance.items() if value not in BOUNDS[limit])
    for where, words in (("words", rules.words), ("adult_words", rules.adult_words)):
        for word in words:
            if len(word) > WORD_MAX or find_blocked_word(word, [word]) is None:
                yield f"rules.{where}.{word[:WORD_MAX]}"
    yield from (f"rules.blocked.{id_}.reason" for id_, each in rules.blocked.items() if len(each.reason) > REASON_MAX)
    if rules.channels and rules.channel_mode is None:
        yield "rules.channel_mode"
    pauses = {"rules.pause": rules.pause}
    pauses |= {f"rules.paused_channels.{id_}": pause for id_, pause in rules.paused_channels.items()}
    yield from (f"{where}.reason" for where, each in pauses.items() if each and len(each.reason) > REASON_MAX)
    if rules.slowdown is not None and rules.slowdown.cooldown_seconds not in BOUNDS[Limit.COOLDOWN]:
        yield "rules.slowdown.cooldown_seconds"
    if rules.share_percent is not None and not 1 <= rules.share_percent <= SHARE_MAX:
        yield "rules.share_percent"
    yield from (f"rules.{name}" for name in _wrong_in_publishing(rules))
    yield from (f"rules.review.{name}" for name in _wrong_in_review(rules))
    if rules.showcase is not None and not 1 <= rules.showcase.stars <= STARS_MAX:
        yield "rules.showcase.stars"


def _wrong_in_publishing(rules: Rulebook) -> Iterator[str]:
    if rules.language is not None and rules.language not in LOCALE_NAMES:
        yield "language"
    if rules.defaults != _possible(rules.defaults):
        yield "defaults"


def _wrong_in_review(rules: Rulebook) -> Iterator[str]:
    review = rules.review
    if review is None:
        return
    if not 1 <= review.hours <= REVIEW_HOURS_MAX:
        yield "hours"
    if review.until_approved is not None and not 1 <= review.until_approved <= REVIEW_UNTIL_MAX:
        yield "until_approved"
    if review.channel_id in rules.review_channels:
        yield "channel_id"


def _possible(defaults: Choices) -> Choices:
    return Choices.readable({name: value for name, value in defaults.stored().items() if name not in NEVER_DEFAULTS})


def _wrong_value(where: str) -> InvalidRequest:
    return InvalidRequest(_("The file has an invalid value at `{where}`. Nothing was changed.", where=where))


def _not_json(cause: Exception) -> str:
    if isinstance(cause, json.JSONDecodeError):
        return _("The file isn't valid JSON: see line {line}. Nothing was changed.", line=cause.lineno)
    return _("The file isn't valid JSON. Nothing was changed.")


def _with_text_ids(value: Any) -> Any:  # noqa: ANN401  (any JSON)
    """Return JSON with each id as a text, as Discord writes them too."""
    match value:
        case dict():
            return {key: _with_text_ids(inner) for key, inner in value.items()}
        case list():
            return [_with_text_ids(inner) for inner in value]
        case int() if value > _JSON_INTEGER_MAX:
            return str(value)
        case _:
            return value
