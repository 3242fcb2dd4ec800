"""The moderator who changes rules while members ask: at every moment, the rules of that moment hold."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, delete

from bot.limits.admission import AdmissionRule
from bot.limits.ledger import AdmissionRefused, Ledger, LimitRefused
from bot.limits.moderation import Moderation
from bot.limits.policy import EXTRA_LIMITS, Limit, Scope
from bot.limits.rulebook import Rulebook
from bot.picture.failure import Failure, FailureKind
from bot.picture.generation import Generation
from bot.picture.origin import Origin
from bot.picture.params import FluxParams, Resolution
from bot.picture.request import ImagineRequest
from bot.storage.engine import Database
from bot.storage.erasure import ErasureStore
from bot.storage.generations import GenerationStore
from bot.storage.tables import audit_log, erasures, generations, rulebooks
from tests.bot.limits.counting import INSTANT, Watch, ledger_of, limits, moderation_of
from tests.bot.limits.model import Picture, Server, Setting
from tests.bot.storage.examples import EXECUTOR, origin
from tests.depth import cases
from tests.usage_sums import differing_sums

BROKEN = Failure(kind=FailureKind.PICTURE_BROKEN)
MODERATOR = 99
ROLES: Mapping[int, frozenset[int]] = {1: frozenset(), 2: frozenset({1}), 3: frozenset({1, 2})}
CEILINGS = {"images_per_hour": 5.0, "concurrent": 4.0}
TOTALS = {"images_per_day": 9.0, "credits_per_month": 120.0}


@dataclass
class Harbour:
    """One server: the real ledger, and the model beside it."""

    ledger: Ledger
    moderation: Moderation
    watch: Watch
    model: Server
    let_through: list[tuple[Generation, Picture]]
    store: GenerationStore
    erasures: ErasureStore

    def origin(self, member: int) -> Origin:
        return origin(user_id=member).model_copy(update={"role_ids": ROLES[member]})

    async def change(self, edit: Callable[[Rulebook], Rulebook]) -> None:
        await self.moderation.change(self.origin(1).server_key, MODERATOR, "/limits", edit)


@dataclass(frozen=True)
class Sets:
    """A moderator sets limits."""

    scope: Scope
    subject: int
    limits: Mapping[Limit, float]
    unlimited: bool | None

    async def happens(self, harbour: Harbour) -> None:
        await harbour.change(
            lambda rules: rules.with_limits(self.scope, self.subject, self.limits, unlimited=self.unlimited)
        )
        named = {limit.value: value for limit, value in self.limits.items()}
        harbour.model.set(self.scope.value, self.subject, named, self.unlimited)


@dataclass(frozen=True)
class Adds:
    """A moderator lets a role have more than everyone."""

    role: int
    extras: Mapping[Limit, float]

    async def happens(self, harbour: Harbour) -> None:
        await harbour.change(lambda rules: rules.with_extras(self.role, self.extras))
        harbour.model.add(self.role, {limit.value: value for limit, value in self.extras.items()})


@dataclass(frozen=True)
class Shares:
    """A moderator lets each member use a share of the server's credits, or as many as there are."""

    percent: int | None

    async def happens(self, harbour: Harbour) -> None:
        await harbour.change(lambda rules: rules.with_share(self.percent))
        shares = Setting() if self.percent is None else Setting({"percent": self.percent})
        harbour.model.change({**harbour.model.rules, ("share", 0): shares})


@dataclass(frozen=True)
class Resets:
    """A moderator takes everything back that is set for a scope."""

    scope: Scope
    subject: int

    async def happens(self, harbour: Harbour) -> None:
        await harbour.change(lambda rules: rules.without(self.scope, self.subject))
        kept = {k: v for k, v in harbour.model.rules.items() if k != (self.scope.value, self.subject)}
        harbour.model.change(kept)


@dataclass(frozen=True)
class UndoesTheLatest:
    """A moderator takes the latest change back."""

    async def happens(self, harbour: Harbour) -> None:
        key = harbour.origin(1).server_key
        for latest in await harbour.moderation.history(key, offset=0, limit=1):
            await harbour.moderation.undo(key, MODERATOR, latest.id)
        harbour.model.undo()


@dataclass(frozen=True)
class Asks:
    """A member asks for some pictures, one by one or together, and gets them exactly if the model allows it."""

    member: int
    size: Resolution
    times: int
    together: int

    async def happens(self, harbour: Harbour) -> None:
        for _ in range(self.times):
            await self._ask(harbour)

    async def _ask(self, harbour: Harbour) -> None:
        megapixels, now = float(self.size), harbour.watch.time
        asked = self.member, megapixels, self.together, now
        if harbour.model.forbids(*asked):
            with pytest.raises(LimitRefused) as refusal:
                await self._reserve(harbour)
            assert refusal.value.exceeded.fits == harbour.model.most(*asked)
            return
        if harbour.model.is_over_share(*asked):
            with pytest.raises(AdmissionRefused) as refused:
                await self._reserve(harbour)
            assert refused.value.rule is AdmissionRule.FAIR_SHARE
            return
        estimate = harbour.model.estimate(megapixels)
        for generation in await self._reserve(harbour):
            picture = Picture(self.member, megapixels, now, estimate)
            harbour.model.pictures.append(picture)
            harbour.let_through.append((generation, picture))

    async def _reserve(self, harbour: Harbour) -> Sequence[Generation]:
        requests = [ImagineRequest(prompt="a red boat", params=FluxParams(resolution=self.size))] * self.together
        ids = [uuid4() for _ in requests]
        return await harbour.ledger.reserve_all(requests, harbour.origin(self.member), EXECUTOR, None, ids)


@dataclass(frozen=True)
class Ends:
    """Some pictures come to their end: delivered at some price, failed but paid for, or refunded."""

    how_many: int
    delivered: bool
    charged: int

    async def happens(self, harbour: Harbour) -> None:
        running = [each for each in harbour.let_through if each[1].charged is None]
        for generation, picture in running[: self.how_many]:
            if self.delivered:
                await harbour.ledger.settle(generation.id, self.charged)
            else:
                await harbour.ledger.fail(generation.id, BROKEN, self.charged)
            picture.delivered, picture.charged = self.delivered, self.charged


@dataclass(frozen=True)
class CostsOtherwise:
    """Apiframe names another price for some pictures that had ended, the oldest or the latest."""

    how_many: int
    latest: bool
    charged: int

    async def happens(self, harbour: Harbour) -> None:
        ended = [each for each in harbour.let_through if each[1].charged is not None]
        for generation, picture in ended[-self.how_many :] if self.latest else ended[: self.how_many]:
            await harbour.store.note(generation.id, credits=self.charged)
            picture.charged = self.charged


@dataclass(frozen=True)
class Cancels:
    """A moderator cancels what a member is waiting for, or the member has everything erased, which cancels it too."""

    member: int
    by_erasure: bool

    async def happens(self, harbour: Harbour) -> None:
        if self.by_erasure:
            await self._erase(harbour)
        else:
            await harbour.moderation.cancel_waiting(harbour.origin(self.member).server_key, self.member)
        for _, picture in harbour.let_through:
            if picture.member == self.member and picture.charged is None:
                picture.charged = 0

    async def _erase(self, harbour: Harbour) -> None:
        now = harbour.watch.time
        begun = await harbour.erasures.begin(self.member, now, BROKEN.model_dump(mode="json"))
        traces = await harbour.erasures.traces(begun.erasure, limit=999)
        await harbour.erasures.erase(traces.ids, now)


@dataclass(frozen=True)
class HourBegins:
    """The clock moves on to a full hour, or an instant before or after it."""

    after: timedelta

    async def happens(self, harbour: Harbour) -> None:
        hour = harbour.watch.time.replace(minute=0, second=0, microsecond=0)
        harbour.watch.time = hour + timedelta(hours=2) + self.after


@dataclass(frozen=True)
class TimePasses:
    """The clock moves on, often to the very edge of a window."""

    length: timedelta

    async def happens(self, harbour: Harbour) -> None:
        harbour.watch.time += self.length


Changes = Sets | Adds | Shares | Resets | UndoesTheLatest
Step = Changes | Asks | Ends | CostsOtherwise | Cancels | HourBegins | TimePasses


SUBJECTS: Mapping[Scope, st.SearchStrategy[int]] = {
    Scope.SERVER: st.just(0),
    Scope.EVERYONE: st.just(0),
    Scope.ROLE: st.sampled_from([1, 2]),
    Scope.MEMBER: st.sampled_from([*ROLES]),
}
VALUES: Mapping[Limit, st.SearchStrategy[float]] = {
    Limit.IMAGES_PER_HOUR: st.integers(0, 4),
    Limit.IMAGES_PER_DAY: st.integers(0, 5),
    Limit.CREDITS_PER_MONTH: st.integers(0, 60),
    Limit.CONCURRENT: st.integers(0, 4),
    Limit.COOLDOWN: st.sampled_from([0, 60, 3600, 200_000]),
    Limit.MAX_MEGAPIXELS: st.sampled_from([0, 1, 2]),
    Limit.PICTURES_PER_REQUEST: st.integers(1, 4),
}


def test_every_limit_is_drawn() -> None:
    """A new limit is tried in the sequences too; only references are not, since these requests have none."""
    assert set(VALUES) == set(Limit) - {Limit.MAX_REFERENCES}


@st.composite
def settings_of_a_scope(draw: st.DrawFn) -> Sets:
    scope = draw(st.sampled_from([*SUBJECTS]))
    possible = [limit for limit in VALUES if not (scope is Scope.SERVER and limit is Limit.COOLDOWN)]
    named = draw(st.lists(st.sampled_from(possible), min_size=1, max_size=2))
    liftable = scope in {Scope.ROLE, Scope.MEMBER}
    unlimited = draw(st.sampled_from([None, None, True, False])) if liftable else None
    return Sets(scope, draw(SUBJECTS[scope]), {limit: draw(VALUES[limit]) for limit in named}, unlimited)


EXTRAS = st.dictionaries(st.sampled_from(EXTRA_LIMITS), st.integers(0, 3), min_size=1)
SCOPES = st.sampled_from([*SUBJECTS])
ASKS = st.builds(
    Asks,
    st.sampled_from([*ROLES]),
    st.sampled_from([Resolution.ONE_MP, Resolution.TWO_MP]),
    st.integers(1, 4),
    st.sampled_from([1, 1, 2, 4]),
)
EDGES = [timedelta(seconds=30), timedelta(minutes=20), timedelta(hours=1), timedelta(days=1), timedelta(days=30)]
STEPS = st.one_of(
    ASKS,
    ASKS,
    ASKS,
    settings_of_a_scope(),
    st.builds(Adds, SUBJECTS[Scope.ROLE], EXTRAS),
    st.builds(Shares, st.sampled_from([None, 10, 30, 60])),
    SCOPES.flatmap(lambda scope: st.builds(Resets, st.just(scope), SUBJECTS[scope])),
    st.just(UndoesTheLatest()),
    st.builds(Ends, st.integers(1, 4), st.booleans(), st.integers(0, 25)),
    st.builds(CostsOtherwise, st.integers(1, 4), st.booleans(), st.integers(0, 25)),
    st.builds(Cancels, st.sampled_from([*ROLES]), st.booleans()),
    st.builds(HourBegins, st.sampled_from([-INSTANT, timedelta(), INSTANT])),
    st.builds(TimePasses, st.sampled_from([*EDGES, *(edge - INSTANT for edge in EDGES)])),
)


@pytest.mark.slow
@settings(max_examples=cases(150), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(STEPS, min_size=15, max_size=30))
async def test_no_sequence_lets_more_through_than_the_rules_of_the_moment_allow(
    database: Database, steps: list[Step]
) -> None:
    """After any sequence of changes, requests and time, each accepted picture is one that the rules allowed then.

    The sums of each hour are what the rows say all the time.
    """
    await database.write(_empty)  # the examples share it
    watch = Watch()
    ledger = ledger_of(database, watch, member=limits(**CEILINGS), server=limits(**TOTALS))
    model = Server(ROLES, CEILINGS, TOTALS)
    stores = GenerationStore(database), ErasureStore(database)
    harbour = Harbour(ledger, moderation_of(database, watch, ledger), watch, model, [], *stores)
    for step in steps:
        await step.happens(harbour)
        assert await differing_sums(database) == []


def _empty(connection: Connection) -> None:
    for table in (generations, audit_log, rulebooks, erasures):
        connection.execute(delete(table))
