"""The target of limits: the server, everyone, a role or a member; and the limits that apply to it without its own."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.limits.ledger import Operator
from bot.limits.policy import Allowance, Effective, Limit, Scope, for_member, for_server
from bot.limits.rulebook import Override, Rulebook
from bot.picture.origin import NOBODY


@dataclass(frozen=True, slots=True)
class Target:
    """A scope, and the id of its role or member."""

    scope: Scope
    id: int = 0

    def override(self, rules: Rulebook) -> Override:
        """Return this target's own limits only."""
        return rules.override(self.scope, self.id)

    def edited(self, rules: Rulebook, chosen: Allowance, emptied: Collection[Limit]) -> Rulebook:
        """Return rules with some limits of this target set and some removed; everything else stays."""
        own = self.override(rules)
        kept = {limit: value for limit, value in own.limits.items() if limit not in emptied} | dict(chosen)
        return rules.with_override(self.scope, self.id, own.model_copy(update={"limits": kept}))

    def when_empty(self, rules: Rulebook, operator: Operator, role_ids: Collection[int], now: datetime) -> Effective:
        """Return the limits that apply to this target without its own; `role_ids` are the member's roles."""
        cleared = self.edited(rules, {}, set(Limit))
        user_id = self.id if self.scope is Scope.MEMBER else NOBODY
        roles = {self.id} if self.scope is Scope.ROLE else role_ids
        applied = cleared.for_person(user_id, roles, operator.member, operator.server, now)
        return for_server(applied) if self.scope is Scope.SERVER else for_member(applied)


EVERYONE: Final = Target(Scope.EVERYONE)
SERVER: Final = Target(Scope.SERVER)
