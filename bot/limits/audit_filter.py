"""Which changes of the audit log are shown: by whom, about whom, and of which rule."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from bot.limits.policy import Limit
from bot.limits.rulebook import Change, Path


class OtherRule(StrEnum):
    """The rules that aren't limits."""

    UNLIMITED = "unlimited"
    BLOCKS = "blocks"
    CHANNELS = "channels"
    ROLES = "roles"
    REPLIES = "replies"
    SPOILERS = "spoilers"
    WORDS = "words"
    LOG = "log"
    SHOWCASE = "showcase"
    REVIEW = "review"
    PAUSES = "pauses"
    SLOWDOWN = "slowdown"
    SHARE = "share"
    DEFAULTS = "defaults"
    STYLES = "styles"
    PICTURES = "pictures"


RuleKind = Limit | OtherRule

_OF_FIELDS: Final = {
    "blocked": OtherRule.BLOCKS,
    "channel_mode": OtherRule.CHANNELS,
    "channels": OtherRule.CHANNELS,
    "allowed_roles": OtherRule.ROLES,
    "reply_channels": OtherRule.REPLIES,
    "spoiler_channels": OtherRule.SPOILERS,
    "words": OtherRule.WORDS,
    "adult_words": OtherRule.WORDS,
    "log_channel_id": OtherRule.LOG,
    "weekly_summary": OtherRule.LOG,
    "showcase": OtherRule.SHOWCASE,
    "review": OtherRule.REVIEW,
    "review_channels": OtherRule.REVIEW,
    "review_roles": OtherRule.REVIEW,
    "reviewed": OtherRule.REVIEW,  # beside the rules, see `bot/reviews`
    "pause": OtherRule.PAUSES,
    "paused_channels": OtherRule.PAUSES,
    "slowdown": OtherRule.SLOWDOWN,
    "share_percent": OtherRule.SHARE,
    "defaults": OtherRule.DEFAULTS,
    "language": OtherRule.DEFAULTS,
    "channel_styles": OtherRule.STYLES,
    "styles": OtherRule.STYLES,  # beside the rules, see `bot.styles`
    "pictures": OtherRule.PICTURES,  # likewise, see `bot/privacy/picture_removal.py`
}


def kind_of(path: Path) -> RuleKind:
    """Return the rule that a change's path is about; raise `KeyError` for a path that is in no rulebook."""
    if path[0] in _OF_FIELDS:
        return _OF_FIELDS[path[0]]
    return OtherRule.UNLIMITED if path[-1] == OtherRule.UNLIMITED else Limit(path[-1])


def rule_of(value: str) -> RuleKind:
    """Return a rule by its value; raise `ValueError` if there is none."""
    return Limit(value) if value in set(Limit) else OtherRule(value)


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """The moderator who made a change, the member it's about, and its rule; None leaves nothing out."""

    by_id: int | None = None
    member_id: int | None = None
    rule: RuleKind | None = None

    def accepts(self, by_id: int, changes: Iterable[Change]) -> bool:
        """Return True if a moderator's change, or one of its parts, is of this kind."""
        return self.by_id in {None, by_id} and (
            (self.member_id is None and self.rule is None) or any(self._is_about(change.path) for change in changes)
        )

    def _is_about(self, path: Path) -> bool:
        about_member = path[0] in {"members", "blocked", "pictures", "reviewed"} and path[1] == str(self.member_id)
        return (self.member_id is None or about_member) and self.rule in {None, kind_of(path)}


ALL_CHANGES: Final = AuditFilter()
