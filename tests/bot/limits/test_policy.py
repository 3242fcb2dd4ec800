"""The moderator's rules, at their edges."""

from collections.abc import Mapping
from datetime import UTC, datetime
from math import inf

import pytest

from bot.limits.policy import (
    SERVER_LIMITS,
    Allowance,
    Limit,
    LimitExceeded,
    OfRequest,
    RequestedUsage,
    Rules,
    Scope,
    Usage,
    UsedAmounts,
    decide,
    for_member,
    for_server,
    measure_of,
)

SOON = datetime(2026, 7, 1, 12, 30, tzinfo=UTC)
ASK = RequestedUsage(megapixels=1, references=1, credits=10)

# Each limit with a value, and usage below, at and over it; with it, the expected decision.
EDGES: Mapping[Limit, tuple[float, Mapping[float, bool]]] = {
    Limit.IMAGES_PER_HOUR: (3, {0: True, 2: True, 3: False, 4: False}),
    Limit.IMAGES_PER_DAY: (10, {0: True, 9: True, 10: False, 11: False}),
    Limit.CREDITS_PER_MONTH: (100, {0: True, 89: True, 90: True, 91: False, 100: False, 101: False}),
    Limit.CONCURRENT: (2, {0: True, 1: True, 2: False, 3: False}),
    Limit.COOLDOWN: (60, {inf: True, 61: True, 60: True, 59.9: False, 0: False}),
    Limit.MAX_MEGAPIXELS: (2, {0.5: True, 1.99: True, 2: True, 2.01: False, 4: False}),
    Limit.MAX_REFERENCES: (3, {0: True, 2: True, 3: True, 4: False, 8: False}),
    Limit.PICTURES_PER_REQUEST: (2, {1: True, 2: True, 3: False, 4: False}),
}
OF_MEMBER = (Scope.OPERATOR, Scope.EVERYONE, Scope.ROLE, Scope.MEMBER)
OF_SERVER = (Scope.OPERATOR, Scope.SERVER)


def exceeded(rules: Rules, whose: Scope, limit: Limit, used: float) -> LimitExceeded | None:
    """Decide where so much is used of one limit of a member's or a server's, and nothing of all others."""
    limits = {Scope.MEMBER: for_member(rules), Scope.SERVER: for_server(rules)}
    ask = RequestedUsage(
        megapixels=used if limit is Limit.MAX_MEGAPIXELS else 0,
        references=int(used) if limit is Limit.MAX_REFERENCES else 0,
        credits=ASK.credits,
        pictures=int(used) if limit is Limit.PICTURES_PER_REQUEST else 1,
    )
    usage: dict[Scope, Usage] = {scope: {each: _nothing(each) for each in limits[scope]} for scope in limits}
    usage[whose] = {**usage[whose], limit: UsedAmounts(used, SOON)}
    return decide(ask, limits, usage)


def _nothing(limit: Limit) -> UsedAmounts:
    return UsedAmounts(inf if limit is Limit.COOLDOWN else 0)


def set_for(scope: Scope, allowance: Allowance, *, server: bool = False) -> Rules:
    """Return rules in which only one scope has a limit."""
    match scope:
        case Scope.OPERATOR:
            return Rules(operator_server=allowance) if server else Rules(operator_member=allowance)
        case Scope.SERVER:
            return Rules(server=allowance)
        case Scope.EVERYONE:
            return Rules(everyone=allowance)
        case Scope.ROLE:
            return Rules(roles=[allowance])
        case Scope.MEMBER:
            return Rules(member=allowance)


def refused(whose: Scope, limit: Limit, used: float, allowed: float, set_by: Scope) -> LimitExceeded:
    asked_for = isinstance(measure_of(limit), OfRequest)
    pictures = int(used) if limit is Limit.PICTURES_PER_REQUEST else 1
    frees_at = None if asked_for else SOON
    return LimitExceeded(whose, limit, used, allowed, set_by, frees_at=frees_at, pictures=pictures)


@pytest.mark.parametrize(
    ("limit", "allowed", "most"),
    [
        (Limit.IMAGES_PER_HOUR, 10, 3),
        (Limit.CONCURRENT, 10, 3),
        (Limit.CREDITS_PER_MONTH, 37, 3),
        (Limit.PICTURES_PER_REQUEST, 3, 3),
    ],
)
def test_a_limit_sees_all_pictures_of_a_command(limit: Limit, allowed: float, most: int) -> None:
    """As many as are left pass, and one more is refused."""
    limits = {Scope.MEMBER: for_member(Rules(everyone={limit: allowed}))}
    usage = {Scope.MEMBER: {limit: UsedAmounts(7)}}
    verdicts = [decide(RequestedUsage(1, 0, 10 * pictures, pictures), limits, usage) for pictures in (most, most + 1)]
    assert [verdict is None for verdict in verdicts] == [True, False]


@pytest.mark.parametrize("scope", OF_MEMBER)
@pytest.mark.parametrize("limit", Limit)
def test_a_members_limit_holds_at_its_edge_wherever_it_is_set(scope: Scope, limit: Limit) -> None:
    """Below its value a picture is allowed; above it the error has the limit, its usage and its author."""
    allowed, edges = EDGES[limit]
    for used, passes in edges.items():
        expected = None if passes else refused(Scope.MEMBER, limit, used, allowed, scope)
        assert exceeded(set_for(scope, {limit: allowed}), Scope.MEMBER, limit, used) == expected


@pytest.mark.parametrize("scope", OF_SERVER)
@pytest.mark.parametrize("limit", SERVER_LIMITS)
def test_a_servers_total_holds_at_its_edge_wherever_it_is_set(scope: Scope, limit: Limit) -> None:
    """A server's totals have the same edges as a member's."""
    allowed, edges = EDGES[limit]
    for used, passes in edges.items():
        expected = None if passes else refused(Scope.SERVER, limit, used, allowed, scope)
        assert exceeded(set_for(scope, {limit: allowed}, server=True), Scope.SERVER, limit, used) == expected


@pytest.mark.parametrize("scope", [*OF_MEMBER, Scope.SERVER])
@pytest.mark.parametrize("limit", [each for each in SERVER_LIMITS if not isinstance(measure_of(each), OfRequest)])
def test_zero_means_none_and_never_unlimited(scope: Scope, limit: Limit) -> None:
    """A limit of 0 refuses the very first picture."""
    whose = Scope.SERVER if scope is Scope.SERVER else Scope.MEMBER
    assert isinstance(exceeded(set_for(scope, {limit: 0}), whose, limit, 0), LimitExceeded)


def test_what_nobody_has_set_limits_nothing() -> None:
    """Without a rule, there is no limit in force."""
    assert for_member(Rules()) == {}
    assert for_server(Rules()) == {}


def in_force(rules: Rules, limit: Limit) -> tuple[float, Scope] | None:
    """Return a member's effective limit and its author."""
    ceiling = for_member(rules).get(limit)
    return None if ceiling is None else (ceiling.value, ceiling.scope)


DAY = Limit.IMAGES_PER_DAY
WAIT = Limit.COOLDOWN


@pytest.mark.parametrize(
    ("rules", "limit", "holds"),
    [
        # A member's own override applies, whether it's more or less generous.
        (Rules(everyone={DAY: 5}, roles=[{DAY: 9}], member={DAY: 1}), DAY, (1, Scope.MEMBER)),
        (Rules(everyone={DAY: 5}, roles=[{DAY: 9}], member={DAY: 20}), DAY, (20, Scope.MEMBER)),
        (Rules(everyone={DAY: 5}, roles=[{DAY: 9}], member={DAY: 0}), DAY, (0, Scope.MEMBER)),
        (Rules(everyone={WAIT: 5}, roles=[{WAIT: 1}], member={WAIT: 60}), WAIT, (60, Scope.MEMBER)),
        # Otherwise the most generous of their roles, even if it's less than everyone's.
        (Rules(everyone={DAY: 5}, roles=[{DAY: 7}, {DAY: 9}, {DAY: 8}]), DAY, (9, Scope.ROLE)),
        (Rules(everyone={DAY: 5}, roles=[{DAY: 1}, {DAY: 2}]), DAY, (2, Scope.ROLE)),
        (Rules(everyone={DAY: 5}, roles=[{}, {WAIT: 1}, {DAY: 2}]), DAY, (2, Scope.ROLE)),
        (Rules(everyone={WAIT: 5}, roles=[{WAIT: 60}, {WAIT: 10}, {WAIT: 30}]), WAIT, (10, Scope.ROLE)),
        # Roles that add to everyone's limit do so together, and are one more choice among the roles.
        (Rules(everyone={DAY: 5}, extras={1: {DAY: 20}}), DAY, (25, Scope.EVERYONE)),
        (Rules(everyone={DAY: 5}, extras={1: {DAY: 20}, 2: {DAY: 3}}), DAY, (28, Scope.EVERYONE)),
        (Rules(everyone={DAY: 5}, extras={1: {DAY: 20}}, roles=[{DAY: 24}]), DAY, (25, Scope.EVERYONE)),
        (Rules(everyone={DAY: 5}, extras={1: {DAY: 20}}, roles=[{DAY: 26}]), DAY, (26, Scope.ROLE)),
        (Rules(everyone={DAY: 5}, extras={1: {DAY: 20}}, member={DAY: 1}), DAY, (1, Scope.MEMBER)),
        (Rules(everyone={DAY: 5}, extras={1: {DAY: 20}}, operator_member={DAY: 9}), DAY, (9, Scope.OPERATOR)),
        (Rules(operator_member={DAY: 9}, extras={1: {DAY: 20}}), DAY, (9, Scope.OPERATOR)),
        (Rules(extras={1: {DAY: 20}}), DAY, None),
        # Else everyone's; what one scope leaves out is left to the next.
        (Rules(everyone={DAY: 5}, roles=[{WAIT: 1}], member={WAIT: 2}), DAY, (5, Scope.EVERYONE)),
        # The server's own totals don't count as member limits.
        (Rules(server={DAY: 1}), DAY, None),
        # The operator's is the default, and a ceiling that nobody exceeds.
        (Rules(operator_member={DAY: 50}), DAY, (50, Scope.OPERATOR)),
        (Rules(operator_member={DAY: 50}, everyone={DAY: 51}), DAY, (50, Scope.OPERATOR)),
        (Rules(operator_member={DAY: 50}, everyone={DAY: 50}), DAY, (50, Scope.EVERYONE)),
        (Rules(operator_member={DAY: 50}, everyone={DAY: 49}), DAY, (49, Scope.EVERYONE)),
        (Rules(operator_member={DAY: 50}, roles=[{DAY: 10}, {DAY: 99}]), DAY, (50, Scope.OPERATOR)),
        (Rules(operator_member={DAY: 50}, member={DAY: 99}), DAY, (50, Scope.OPERATOR)),
        (Rules(operator_member={DAY: 0}, member={DAY: 99}), DAY, (0, Scope.OPERATOR)),
        (Rules(operator_member={WAIT: 30}, member={WAIT: 10}), WAIT, (30, Scope.OPERATOR)),
        (Rules(operator_member={WAIT: 30}, member={WAIT: 60}), WAIT, (60, Scope.MEMBER)),
        # A slowdown of the server is the least cooldown of everyone.
        (Rules(slowdown_seconds=60), WAIT, (60, Scope.SERVER)),
        (Rules(member={WAIT: 10}, slowdown_seconds=60), WAIT, (60, Scope.SERVER)),
        (Rules(member={WAIT: 90}, slowdown_seconds=60), WAIT, (90, Scope.MEMBER)),
        (Rules(unlimited=True, slowdown_seconds=60), WAIT, (60, Scope.SERVER)),
        # Unlimited lifts everything below the operator, but a role's does not lift a member's own entry.
        (Rules(everyone={DAY: 5}, roles=[{DAY: 2}], unlimited=True), DAY, None),
        (Rules(everyone={DAY: 5}, member={DAY: 2}, unlimited=True), DAY, None),
        (Rules(everyone={DAY: 5}, roles=[{DAY: 2}, {}], unlimited_by_role=True), DAY, None),
        (Rules(everyone={DAY: 5}, member={DAY: 2}, unlimited_by_role=True), DAY, (2, Scope.MEMBER)),
        (Rules(operator_member={DAY: 50}, everyone={DAY: 5}, unlimited=True), DAY, (50, Scope.OPERATOR)),
        (Rules(operator_member={DAY: 50}, everyone={DAY: 5}, unlimited_by_role=True), DAY, (50, Scope.OPERATOR)),
    ],
)
def test_whose_entry_wins(rules: Rules, limit: Limit, holds: tuple[float, Scope] | None) -> None:
    """A member's entry, else the most generous role, else everyone's, and the operator's above all."""
    assert in_force(rules, limit) == holds


@pytest.mark.parametrize(
    ("rules", "holds"),
    [
        (Rules(operator_server={DAY: 50}), (50, Scope.OPERATOR)),
        (Rules(operator_server={DAY: 50}, server={DAY: 99}), (50, Scope.OPERATOR)),
        (Rules(operator_server={DAY: 50}, server={DAY: 9}), (9, Scope.SERVER)),
        (Rules(operator_member={DAY: 1}, everyone={DAY: 1}, server={DAY: 9}), (9, Scope.SERVER)),
        (Rules(server={DAY: 9}, unlimited=True, unlimited_by_role=True), (9, Scope.SERVER)),
    ],
)
def test_a_servers_total_is_set_by_the_server_under_the_operator(rules: Rules, holds: tuple[float, Scope]) -> None:
    """No member's entry touches it, and `unlimited` neither."""
    ceiling = for_server(rules)[DAY]
    assert (ceiling.value, ceiling.scope) == holds


def test_a_servers_total_holds_for_a_member_who_has_plenty() -> None:
    """Even if a member has plenty left, the server's total is enforced."""
    rules = Rules(server={DAY: 10}, member={DAY: 100}, unlimited=True)
    assert exceeded(rules, Scope.SERVER, DAY, 10) == LimitExceeded(Scope.SERVER, DAY, 10, 10, Scope.SERVER, SOON)


def test_a_server_has_no_cooldown() -> None:
    """One member's request never makes another one wait."""
    assert for_server(Rules(operator_server={WAIT: 60}, server={WAIT: 60})) == {}


def test_of_several_limits_the_members_first_one_is_named() -> None:
    """A member who exceeds several limits reads about their own before the server's."""
    limits = {
        Scope.MEMBER: for_member(Rules(everyone={DAY: 1, Limit.CONCURRENT: 1})),
        Scope.SERVER: for_server(Rules(server={Limit.IMAGES_PER_HOUR: 1})),
    }
    usage = {scope: {limit: UsedAmounts(1) for limit in effective} for scope, effective in limits.items()}
    assert decide(ASK, limits, usage) == LimitExceeded(Scope.MEMBER, DAY, 1, 1, Scope.EVERYONE)
