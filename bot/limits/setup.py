"""The choices of a moderator in `/setup`, and the rules that follow from them."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from bot.limits.policy import Limit, Scope
from bot.limits.rulebook import ChannelMode, Rulebook, changes_between

MENU_MAX: Final = 25  # Discord's bound of a menu's values
FIGURES: Final = (
    *(Limit.IMAGES_PER_HOUR, Limit.IMAGES_PER_DAY, Limit.CONCURRENT, Limit.COOLDOWN),
    Limit.CREDITS_PER_MONTH,
)
"""The limits that `/setup` sets: the credits for the server in total, the others for everyone."""

Figures = Mapping[Limit, float | None]
"""The values of some of these limits; None removes one, and a missing one doesn't change."""


class Template(StrEnum):
    """How much members can draw, by the use of a server."""

    KEEP = "keep"
    FRIENDS = "friends"
    COMMUNITY = "community"
    TIGHT = "tight"
    CUSTOM = "custom"


TEMPLATES: Final[Mapping[Template, Figures]] = {
    Template.KEEP: {},
    Template.FRIENDS: {Limit.IMAGES_PER_HOUR: None, Limit.IMAGES_PER_DAY: 100, Limit.COOLDOWN: None},
    Template.COMMUNITY: {Limit.IMAGES_PER_HOUR: 5, Limit.IMAGES_PER_DAY: 20, Limit.COOLDOWN: 30},
    Template.TIGHT: {Limit.IMAGES_PER_DAY: 10, Limit.COOLDOWN: 30, Limit.CREDITS_PER_MONTH: 1000},
    Template.CUSTOM: {},
}

SHARES: Final[Mapping[Template, int | None]] = {
    Template.KEEP: None,
    Template.FRIENDS: None,
    Template.COMMUNITY: None,
    Template.TIGHT: 10,
    Template.CUSTOM: None,
}
"""The percentage of the server's credits that each member can use in 24 hours; None leaves it as it is."""


def scope_of(limit: Limit) -> Scope:
    """Return the scope for which `/setup` sets a limit."""
    return Scope.SERVER if limit is Limit.CREDITS_PER_MONTH else Scope.EVERYONE


def figures_of(rules: Rulebook) -> dict[Limit, float | None]:
    """Return a server's current values of the limits that `/setup` sets."""
    return {limit: rules.override(scope_of(limit), 0).limits.get(limit) for limit in FIGURES}


@dataclass(frozen=True, slots=True)
class SetupChoice:
    """The choices of a card; None for channels, roles or the members' share leaves those as they are."""

    channels: frozenset[int] | None = None
    roles: frozenset[int] | None = None
    template: Template = Template.KEEP
    figures: Figures = field(default_factory=dict)
    share_percent: int | None = None
    log_channel_id: int | None = None
    language: str | None = None  # Discord's code

    def applied(self, rules: Rulebook) -> Rulebook:
        """Return the rules with everything that was chosen."""
        for limit, value in self.figures.items():
            own = rules.override(scope_of(limit), 0)
            limits = {name: known for name, known in own.limits.items() if name is not limit}
            limits |= {} if value is None else {limit: value}
            rules = rules.with_override(scope_of(limit), 0, own.model_copy(update={"limits": limits}))
        if self.channels is not None:
            rules = rules.with_channels(ChannelMode.ALLOW, self.channels)
        if self.roles is not None:
            rules = rules.with_allowed_roles(self.roles)
        if self.share_percent is not None:
            rules = rules.with_share(self.share_percent)
        return rules.with_log_channel(self.log_channel_id).with_language(self.language)


def current_choice(rules: Rulebook) -> SetupChoice:
    """Return the choice that changes nothing; lists that no menu can show aren't part of it."""
    channels, roles = rules.channels, rules.allowed_roles
    shown = len(channels) <= MENU_MAX and rules.channel_mode is not ChannelMode.DENY
    return SetupChoice(
        channels=channels if shown else None,
        roles=roles if len(roles) <= MENU_MAX else None,
        log_channel_id=rules.log_channel_id,
        language=rules.language,
    )


def fingerprint(rules: Rulebook) -> str:
    """Return a short text that differs for other rules."""
    values = [change.model_dump(mode="json") for change in changes_between(Rulebook(), rules)]
    return hashlib.sha256(json.dumps(values).encode()).hexdigest()[:16]
