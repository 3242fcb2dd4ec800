"""Moderators' changes to the rules of their server, with an audit log, and the usage of members."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import count
from typing import Final, Protocol

from bot.limits.admission import NotAdmitted, Rule, admit, rule_of_refusal
from bot.limits.audit_filter import ALL_CHANGES, AuditFilter
from bot.limits.fair_share import Share, read_share
from bot.limits.ledger import Ledger, Operator
from bot.limits.policy import LEAST, Effective, Scope, Usage, for_member, limits_of
from bot.limits.review import terms_for
from bot.limits.rulebook import IN_DEFAULTS, Change, Rulebook, changes_between, overwritten, undone
from bot.limits.usage import usage_of
from bot.picture.failure import Failure, FailureKind
from bot.picture.origin import NOBODY, Origin
from bot.picture.review import ReviewTerms
from bot.picture.usage_figures import UsageFilter
from bot.reports.activity import Activity, UsageReport
from bot.reports.chart_worker import ChartRenderer
from bot.storage.generations import GenerationStore
from bot.storage.ledger import LedgerStore, LedgerTransaction, UsageScope
from bot.storage.reports import ReportStore
from bot.storage.rules import RecordedChange, RulesStore, RulesTransaction

STYLES: Final = "styles"
PICTURES: Final = "pictures"
REVIEWED: Final = "reviewed"
"""Begin the paths of changes that are beside a server's rules: of styles, deleted pictures, and reviews."""

_READ_AT_ONCE: Final = 200  # changes
UNDO_OF: Final = "undo of: "
"""Stands in the audit log before the command whose change was undone."""


@dataclass(frozen=True, slots=True)
class LimitStatus:
    """The effective limits of one person and their server, the usage of each, and the limits for everyone else.

    `running` counts the person's unfinished pictures; `barred` is why they may not ask where they are, if they may not.
    `share` is theirs of the server's credits, if those are shared, and `review` how their requests are reviewed, if so.
    """

    limits: dict[Scope, Effective]
    usage: dict[Scope, Usage]
    everyone: Effective
    running: int
    barred: NotAdmitted | None
    share: Share | None
    review: ReviewTerms | None = None


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One line of the record; `changes` is empty if nothing changed."""

    id: int
    at: datetime
    by_id: int
    command: str
    changes: Sequence[Change]
    undone: bool

    @property
    def can_be_undone(self) -> bool:
        """Return True unless it was undone already, or isn't a change of the rules."""
        return not (self.undone or any(change.path[0] in {STYLES, PICTURES, REVIEWED} for change in self.changes))


@dataclass(frozen=True, slots=True)
class UndoResult:
    """The result of an undo: its change, or None, and the values that it left because they had changed again."""

    entry: AuditEntry | None
    left: Sequence[Change]


class RuleListener(Protocol):
    """Gets each change and refusal as it happens, and returns at once."""

    def changed(self, server_key: str, entry: AuditEntry) -> None:
        """Take note of a change of a server's rules."""

    def refused(self, origin: Origin, rule: Rule) -> None:
        """Take note of a rule that refused a member a picture."""


async def read_rulebook(rules: RulesStore, server_key: str) -> Rulebook:
    """Return a server's rules."""
    return Rulebook.model_validate(await rules.rules(server_key))


class Moderation:
    """Reads and changes servers' rules, and reports usage.

    `listener` gets every change and refusal, and `look_at_defaults` the key of a server whose defaults changed.
    `look_at_reviews` gets the key of one whose review changed.
    """

    def __init__(
        self,
        rules: RulesStore,
        ledger_store: LedgerStore,
        reports: ReportStore,
        generations: GenerationStore,
        ledger: Ledger,
        listener: RuleListener,
        look_at_defaults: Callable[[str], Awaitable[None]],
        look_at_reviews: Callable[[str], Awaitable[None]],
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._rules = rules
        self._ledger_store = ledger_store
        self._reports = reports
        self._generations = generations
        self._ledger = ledger
        self._listener = listener
        self._look_at_defaults = look_at_defaults
        self._look_at_reviews = look_at_reviews
        self._now = now
        self._chart_renderer = ChartRenderer()

    @property
    def operator(self) -> Operator:
        """Return what the operator sets above all servers."""
        return self._ledger.operator

    async def rulebook(self, server_key: str) -> Rulebook:
        """Return a server's rules."""
        return await read_rulebook(self._rules, server_key)

    async def change(
        self, server_key: str, by_id: int, command: str, edit: Callable[[Rulebook], Rulebook]
    ) -> AuditEntry | None:
        """Change a server's rules and record who did, or return None if `edit` changes nothing."""

        def work(transaction: RulesTransaction) -> AuditEntry | None:
            return record_change(transaction, by_id, command, edit, self._now())

        return await self._notify(server_key, await self._rules.transact(server_key, work))

    async def undo(self, server_key: str, by_id: int, change_id: int) -> UndoResult | None:
        """Undo a change, except for values that changed again; None if it doesn't exist or is undone already.

        If all of its values have changed again, a change stays in the log, to be undone after the newer one.
        """

        def work(transaction: RulesTransaction) -> UndoResult | None:
            recorded = transaction.recorded(change_id)
            if recorded is None or not _entry(recorded).can_be_undone:
                return None
            changes = _entry(recorded).changes
            left = overwritten(Rulebook.model_validate(transaction.rules()), changes)
            if len(left) == len(changes):
                return UndoResult(None, left)
            command = f"{UNDO_OF}{recorded.command}"
            entry = record_change(transaction, by_id, command, lambda rules: undone(rules, changes), self._now())
            transaction.mark_undone(change_id)
            return UndoResult(entry, left)

        taken_back = await self._rules.transact(server_key, work)
        if taken_back is not None:
            await self._notify(server_key, taken_back.entry)
        return taken_back

    async def history(
        self, server_key: str, *, offset: int, limit: int, asked: AuditFilter = ALL_CHANGES
    ) -> Sequence[AuditEntry]:
        """Return the part of the audit log that a filter leaves, newest first."""
        read_by = partial(self._rules.history, server_key, by_id=asked.by_id)
        if asked.member_id is None and asked.rule is None:  # otherwise, only the changes themselves tell
            return [_entry(each) for each in await read_by(offset=offset, limit=limit)]
        found: list[AuditEntry] = []
        for read in count(step=_READ_AT_ONCE):
            recorded = await read_by(offset=read, limit=_READ_AT_ONCE)
            entries = [_entry(each) for each in recorded]
            found += [entry for entry in entries if asked.accepts(entry.by_id, entry.changes)]
            if len(found) >= offset + limit or len(recorded) < _READ_AT_ONCE:
                break
        return found[offset : offset + limit]

    async def refusals(self, server_key: str, user_id: int, *, limit: int) -> Sequence[tuple[datetime, Rule]]:
        """Return when and by which rules a member was refused pictures lately, newest first."""
        recorded = await self._rules.refusals(server_key, user_id, limit=limit)
        return [(at, rule_of_refusal(rule)) for at, rule in recorded]

    async def status(self, origin: Origin) -> LimitStatus:
        """Return the effective limits of a person in this place, and their usage."""
        rulebook = await self.rulebook(origin.server_key)
        now = self._now()
        rules = self._ledger.rules_for(rulebook, origin, now)
        limits = limits_of(rules)
        everyone = for_member(replace(rules, roles=(), member={}, unlimited=False, unlimited_by_role=False))
        barred = admit(rulebook, origin.user_id, origin.channel_ids, "", now, role_ids=origin.role_ids)

        def work(transaction: LedgerTransaction) -> LimitStatus:
            usage = usage_of(transaction, origin, limits, LEAST, now)
            running = transaction.running(UsageScope(origin.server_key, origin.user_id))
            share = read_share(transaction, origin, rules.shared_percent, limits, LEAST, now)
            member = UsageScope(origin.server_key, origin.user_id)
            review = terms_for(rulebook, origin, lambda: transaction.approved(member))
            return LimitStatus(limits, usage, everyone, running, barred, share, review)

        return await self._ledger_store.look(work)

    async def limits_for_everyone(self, server_key: str) -> dict[Scope, Effective]:
        """Return the limits of each member without a limit of their own, and the server's totals."""
        rulebook, operator = await self.rulebook(server_key), self.operator
        return limits_of(rulebook.for_person(NOBODY, frozenset(), operator.member, operator.server, self._now()))

    async def cancel_waiting(self, server_key: str, user_id: int) -> int:
        """Refund a member's requests that aren't ordered yet, and return their number."""
        cancelled = Failure(kind=FailureKind.CANCELLED).model_dump(mode="json")
        return await self._generations.fail_waiting(
            server_key, user_id, credits=0, failure=cancelled, finished_at=self._now()
        )

    async def record_refusal(self, origin: Origin, rule: Rule) -> None:
        """Note that a rule refused somebody a picture."""
        await self._rules.record_refusal(origin.server_key, origin.user_id, self._now(), rule.value)
        self._listener.refused(origin, rule)

    async def report(self, server_key: str, days: int, only: UsageFilter) -> UsageReport:
        """Return pictures, credits and refusals of the last days (UTC), today being one."""
        today = self._now().astimezone(UTC).date()
        first = today - timedelta(days=days - 1)
        figures = await self._reports.figures(server_key, first, today, only)
        return UsageReport(Activity(first, today, figures.lines), figures, only)

    async def chart(self, activity: Activity, names: Mapping[int, str]) -> bytes:
        """Return a PNG that shows what was used, the members called by `names` where those have theirs."""
        return await self._chart_renderer.draw(activity, names)

    async def _notify(self, server_key: str, entry: AuditEntry | None) -> AuditEntry | None:
        if entry is not None:
            self._listener.changed(server_key, entry)
            if any(change.path[0] in IN_DEFAULTS for change in entry.changes):
                await self._look_at_defaults(server_key)
            if any(change.path[0] == "review" for change in entry.changes):
                await self._look_at_reviews(server_key)
        return entry


def record_change(
    transaction: RulesTransaction, by_id: int, command: str, edit: Callable[[Rulebook], Rulebook], now: datetime
) -> AuditEntry | None:
    """Change a server's rules in an open transaction and record who did, or return None if `edit` changes nothing."""
    before = Rulebook.model_validate(transaction.rules())
    after = edit(before)
    changes = changes_between(before, after)
    if not changes:
        return None
    transaction.save(after.model_dump(mode="json", exclude_none=True))
    written = [change.model_dump(mode="json") for change in changes]
    change_id = transaction.record(now, by_id, command, written)
    return AuditEntry(change_id, now, by_id, command, changes, undone=False)


def _entry(recorded: RecordedChange) -> AuditEntry:
    changes = [Change.model_validate(change) for change in recorded.changes]
    return AuditEntry(recorded.id, recorded.at, recorded.by_id, recorded.command, changes, recorded.undone)
