"""Every card, form and sentence of limits, with the longest possible values."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from discord import ui

from bot.i18n import _
from bot.i18n.speech import ServerLocale
from bot.limits.admission import (
    AdmissionRule,
    BlockedMember,
    BlockedWord,
    ClosedChannel,
    MissingRole,
    NotAdmitted,
    OtherStyle,
    Paused,
    ShareUsed,
)
from bot.limits.audit_filter import AuditFilter, OtherRule
from bot.limits.bounds import BOUNDS, REVIEW_HOURS_MAX, REVIEW_UNTIL_MAX, SHARE_MAX, WORD_MAX
from bot.limits.budgets import BUDGETS, BudgetNotice
from bot.limits.fair_share import Share
from bot.limits.ledger import Operator
from bot.limits.moderation import UNDO_OF, AuditEntry, LimitStatus, Moderation
from bot.limits.policy import EXTRA_LIMITS, SERVER_LIMITS, Ceiling, Effective, Limit, LimitExceeded, Scope, UsedAmounts
from bot.limits.rulebook import (
    Block,
    ChannelMode,
    ChannelStyle,
    DrawingPause,
    Override,
    ReviewRule,
    Rulebook,
    Slowdown,
    changes_between,
)
from bot.limits.setup import FIGURES, MENU_MAX, SetupChoice, Template, current_choice
from bot.limits.weekly_summary import WeeklySummary
from bot.picture.origin import Event, Origin
from bot.picture.review import AtDeadline, ReviewOf, ReviewTerms
from bot.picture.usage_figures import Figures, Line, Part, UsageFilter
from bot.reports.activity import Activity, UsageReport
from cogs.limits.audit_log_view import budget_record, change_record, refusal_record
from cogs.limits.block_form import BlockForm
from cogs.limits.buttons import Section, change_rows, section_words
from cogs.limits.changes import changed_words
from cogs.limits.form import FormValues, LimitsForm
from cogs.limits.history import ChangesPageButton, UndoButton
from cogs.limits.history_view import PER_PAGE, AuditPage, rule_history_card
from cogs.limits.quota_view import quota_card
from cogs.limits.review_view import review_card
from cogs.limits.setup import setup_card
from cogs.limits.setup_card import SetupNotes, with_template, written
from cogs.limits.setup_form import FiguresForm
from cogs.limits.target import EVERYONE, SERVER, Target
from cogs.limits.usage_parts import Names
from cogs.limits.usage_view import nothing_used, usage_card
from cogs.limits.views import Overview, overview_card, tested_words, words_list
from cogs.limits.weekly_summary_view import summary_card
from cogs.ui.refusals import admission_sentence, refusal_sentence

NOW: Final = datetime(2030, 12, 31, 12, tzinfo=UTC)
ID: Final = 10**19
LARGEST: Final[dict[Limit, float]] = {limit: bounds.most for limit, bounds in BOUNDS.items()}
MOST_EXTRA: Final = {limit: LARGEST[limit] for limit in EXTRA_LIMITS}
WORDS: Final = frozenset(f"{number:0{WORD_MAX}}" for number in range(150))
BOTH_LISTS: Final = Rulebook(words=WORDS, adult_words=frozenset(f"a{word[1:]}" for word in WORDS))
BLOCK: Final = Block(reason="9" * 300, until=NOW)
STYLE: Final = ChannelStyle(style_id=1, name="*" * 32, required=True)
SHARE: Final = Share(SHARE_MAX, 10**7, 10**6, NOW)
PAUSE: Final = DrawingPause(reason="9" * 300, until=NOW + timedelta(days=1))
REVIEW: Final = ReviewTerms(
    of=ReviewOf.PROMPT, channel_id=ID, hours=1, at_deadline=AtDeadline.REJECT, charge_rejected=True
)
RULES: Final = Rulebook(
    server={limit: LARGEST[limit] for limit in SERVER_LIMITS},
    channel_styles={ID + number: STYLE for number in range(30)},
    everyone=LARGEST,
    roles={ID + number: Override(limits=LARGEST, extras=MOST_EXTRA, unlimited=True) for number in range(30)},
    members={ID + number: Override(limits=LARGEST, unlimited=True) for number in range(30)},
    channel_mode=ChannelMode.DENY,
    channels=frozenset(range(ID, ID + 50)),
    blocked={ID + number: BLOCK for number in range(30)} | {ID + 99: Block()},
    allowed_roles=frozenset(range(ID, ID + 50)),
    words=WORDS,
    adult_words=BOTH_LISTS.adult_words,
    spoiler_channels=frozenset(range(ID, ID + 50)),
    log_channel_id=ID,
    weekly_summary=True,
    review=ReviewRule(channel_id=ID, until_approved=REVIEW_UNTIL_MAX, hours=REVIEW_HOURS_MAX),
    review_channels=frozenset(range(ID + 1, ID + 50)),
    review_roles=frozenset(range(ID, ID + 50)),
    pause=PAUSE,
    paused_channels={ID + number: PAUSE for number in range(30)},
    share_percent=SHARE_MAX,
    language="pt-BR",
    slowdown=Slowdown(cooldown_seconds=86_400, until=NOW + timedelta(days=1)),
)
OPERATOR: Final = Operator(member=LARGEST, server={}, estimated_credits=10)
ORIGIN: Final = Origin(guild_id=ID, channel_id=ID, user_id=ID, upload_limit_bytes=1, event=Event(key="1"))
TARGETS: Final = (EVERYONE, SERVER, Target(Scope.ROLE, ID), Target(Scope.MEMBER, ID))


def activity(days: int, members: int) -> Activity:
    """Return the figures of some days, on which many members drew the most possible."""
    first = date(2030, 1, 1)
    last = first + timedelta(days=days - 1)
    return Activity(first, last, [Line(last, ID + number, 10**6, 10**7, 10**5) for number in range(members)])


def report(days: int, members: int, only: UsageFilter) -> UsageReport:
    """Return the same figures, with as many channels and styles."""
    shown = activity(days, members)
    parts = [Part(ID + number, 10**6, 10**7) for number in range(members)]
    return UsageReport(shown, Figures([], shown.lines, parts, [*parts, Part(None, 1, 1)]), only)


def summary_cards() -> Iterator[ui.LayoutView]:
    """Yield weekly summaries: with the most possible, and of quiet weeks."""
    every = [(rule, 10**6) for rule in (*Limit, *AdmissionRule)]

    def link(command: str) -> str:
        return f"</{command}:{ID}>"

    for shown, before in ((100, 100), (1, 0), (0, 1)):
        summary = WeeklySummary(activity(7, shown), activity(7, before), every if shown == 100 else [])
        for has_chart in (True, False) if shown else (False,):
            yield summary_card(summary, link, has_chart=has_chart)


def status(set_by: Scope, barred: NotAdmitted | None) -> LimitStatus:
    """Return every limit in force, each used up."""
    ceilings = {limit: Ceiling(value, set_by) for limit, value in LARGEST.items()}
    none = {limit: Ceiling(0, set_by) for limit in SERVER_LIMITS}
    usage = {limit: UsedAmounts(0 if limit is Limit.COOLDOWN else 10**6, NOW) for limit in Limit}
    unknown = {limit: UsedAmounts(1) for limit in Limit}
    limits: dict[Scope, Effective] = {Scope.MEMBER: ceilings, Scope.SERVER: none}
    return LimitStatus(limits, {Scope.MEMBER: usage, Scope.SERVER: unknown}, ceilings, 5, barred, SHARE, REVIEW)


def barred() -> list[NotAdmitted]:
    """Return every reason to reject a member."""
    closed = [ClosedChannel(mode, RULES.channels) for mode in ChannelMode]
    paused = [Paused(PAUSE), Paused(DrawingPause(), in_channel=True)]
    return [
        BlockedMember(BLOCK),
        BlockedMember(Block()),
        *closed,
        BlockedWord("9" * WORD_MAX),
        BlockedWord("9" * WORD_MAX, age_restricted=True),
        *paused,
        OtherStyle(STYLE),
        ShareUsed(SHARE),
        MissingRole(RULES.allowed_roles),
    ]


COMMUNITY: Final = ServerLocale("pt-BR", is_community=True)


def setup_cards() -> Iterator[ui.LayoutView]:
    """Yield the card of `/setup` for each template, with the longest menus and the most changes and problems."""
    ids = frozenset(range(ID + 100, ID + 100 + MENU_MAX))
    missing = " · ".join(f"**{missing}**" for missing in ("View Channel", "Send Messages in Threads", "Connect"))
    cannot = _("I can't post in {channel}. I need: {permissions}", channel=f"<#{ID}>", permissions=missing)
    worst = SetupNotes(
        [cannot] * 2 * MENU_MAX, " ".join(f"<@&{id_}>" for id_ in sorted(ids)[:5]), ["en-US"] * 30, COMMUNITY
    )
    for template in Template:
        value = written(template, {limit: LARGEST[limit] for limit in FIGURES}, SHARE_MAX)
        for rules in (RULES, RULES.with_channels(ChannelMode.ALLOW, range(30)), Rulebook()):
            yield setup_card(OPERATOR, rules, with_template(current_choice(rules), value, OPERATOR), SetupNotes())
        chosen = with_template(SetupChoice(ids, ids, log_channel_id=ID + 1), value, OPERATOR)
        for rules in (RULES, RULES.with_channels(ChannelMode.ALLOW, range(30))):
            yield setup_card(OPERATOR, rules, chosen, worst)


def cards() -> Iterator[ui.LayoutView]:
    """Yield every card."""
    yield from setup_cards()
    for rules in (RULES, Rulebook()):
        yield review_card(
            rules, 10**6, [_("Nobody is reviewed, because no listed channel or role exists any more.")], "/9"
        )
    for set_by in Scope:
        yield quota_card(status(set_by, None), activity(30, 2), in_server=True)
    for reason in barred():
        yield quota_card(status(Scope.EVERYONE, reason), activity(30, 0), in_server=False)
    nothing = LimitStatus({Scope.MEMBER: {}, Scope.SERVER: {}}, {Scope.MEMBER: {}, Scope.SERVER: {}}, {}, 0, None, None)
    yield quota_card(nothing, None, in_server=True)
    for names in (Names(), Names({ID + number: "_" * 32 for number in range(100)}, frozenset({ID}))):
        for only in (UsageFilter(), UsageFilter(ID, ID, ID)):
            yield usage_card(report(90, 100, only), names, table=True)
    yield from summary_cards()
    for target in (None, *TARGETS[2:]):
        for rules in (RULES, Rulebook(), Rulebook(channel_mode=ChannelMode.ALLOW, channels=RULES.channels)):
            shown = status(Scope.ROLE, None) if rules is RULES else nothing
            overview = Overview(rules, shown, target, frozenset({ID}), NOW - timedelta(days=1))
            yield overview_card(overview, change_rows(target))
    asked = AuditFilter(2**63 - 1, 2**63 - 1, Limit.PICTURES_PER_REQUEST)
    buttons = [UndoButton(10**9 - 1, AuditPage(asked, 10**6 - 1)) for _ in range(PER_PAGE)]
    turning: ui.ActionRow[ui.LayoutView] = ui.ActionRow()
    turning.add_item(ChangesPageButton(AuditPage(asked, 1), "◀️")).add_item(ChangesPageButton(AuditPage(), "▶️"))
    yield rule_history_card(entries(), buttons, [turning], asked)
    for rule in (None, *Limit, *OtherRule):
        yield rule_history_card([], [], [], AuditFilter(rule=rule))


def entries() -> list[AuditEntry]:
    """Return a page with changes of every setting, in both directions."""
    there, back = changes_between(Rulebook(), RULES), changes_between(RULES, Rulebook())
    few = changes_between(Rulebook(), Rulebook(blocked={1: BLOCK, 2: Block()}, words=frozenset({"1"})))
    modes = changes_between(Rulebook(channel_mode=ChannelMode.ALLOW, channels=frozenset({1})), RULES)
    command = f"/{'9' * 200}"
    return [
        AuditEntry(1, NOW, ID, command, there, undone=False),
        AuditEntry(2, NOW, ID, UNDO_OF + UNDO_OF + "/9", back, undone=True),
        AuditEntry(3, NOW, ID, command, few, undone=False),
        AuditEntry(4, NOW, ID, command, modes, undone=True),
        AuditEntry(5, NOW, ID, command, [], undone=False),
    ]


def forms(moderation: Moderation) -> Iterator[ui.Modal]:
    """Yield every form, for each source of the limit that applies while a field is empty."""

    async def save(_interaction: object, _figures: object) -> None:
        """Do nothing."""

    yield FiguresForm(moderation.operator, {limit: LARGEST[limit] for limit in FIGURES}, save)
    yield BlockForm(ID, moderation)
    for target in TARGETS:
        yield LimitsForm(target, moderation, FormValues(LARGEST, None))
        yield LimitsForm(target, moderation, FormValues({}, {}))
        for scope in Scope:
            empty = {limit: Ceiling(value, scope) for limit, value in LARGEST.items()}
            yield LimitsForm(target, moderation, FormValues(LARGEST, empty))


def sentences() -> Iterator[str]:
    """Yield every sentence that isn't a card of its own."""
    for limit in Limit:
        for scope in (Scope.MEMBER, Scope.SERVER):
            for frees_at in (NOW, None):
                for allowed in (LARGEST[limit], 0):
                    exceeded = LimitExceeded(scope, limit, 10**6 + 0.5, allowed, scope, frees_at)
                    yield refusal_sentence(exceeded)
    for set_by in Scope:
        yield refusal_sentence(LimitExceeded(Scope.MEMBER, Limit.IMAGES_PER_DAY, 10**6, 10**6, set_by, NOW))
    yield from map(admission_sentence, barred())
    for rules in (Rulebook(), Rulebook(words=WORDS), Rulebook(adult_words=WORDS), BOTH_LISTS):
        yield from (words_list(rules), tested_words(rules, " ".join(sorted(WORDS))))
    yield from (
        nothing_used(90, UsageFilter()),
        nothing_used(90, UsageFilter(ID)),
        nothing_used(90, UsageFilter(ID, ID)),
    )
    for section in Section:
        yield section_words(section, RULES, ID)
        yield section_words(section, Rulebook(), None)
    yield from map(change_record, entries())
    yield from map(changed_words, (*entries(), None))
    yield from (refusal_record(ORIGIN, rule) for rule in (*Limit, *AdmissionRule))
    most = [(ID + number, 10**7) for number in range(3)]
    yield from (
        budget_record(BudgetNotice(each, percent, 10**6, 10**6, most)) for each in BUDGETS for percent in (80, 100)
    )
    yield budget_record(BudgetNotice(Limit.IMAGES_PER_DAY, 100, 0, 1, []))


def payload_of(card: ui.LayoutView) -> Any:  # noqa: ANN401  (JSON)
    """Return a card in Discord's JSON."""
    return card.to_components()  # type: ignore[no-untyped-call]  # of which discord.py has no types


def texts_of(payload: Any) -> Iterator[tuple[str, str]]:  # noqa: ANN401  (JSON)
    """Yield each text of a card or form in Discord's JSON, with the name of its field."""
    if isinstance(payload, list):
        for each in payload:
            yield from texts_of(each)
    elif isinstance(payload, dict):
        for name, value in payload.items():
            if isinstance(value, str) and name in {"content", "label", "title", "description", "placeholder"}:
                yield name, value
            yield from texts_of(value)
