"""Changes and refusals as lines of the audit log."""

from typing import Final

from bot.i18n import N_, _, sentences, with_note
from bot.limits.admission import AdmissionRule, Rule
from bot.limits.budgets import BudgetNotice
from bot.limits.moderation import AuditEntry
from bot.limits.policy import Limit
from bot.picture.decision import Decision
from bot.picture.origin import Origin
from cogs.limits.change_text import change_lines, command_words
from cogs.ui.amounts import amount, limit_label
from cogs.ui.text import cut, person

_LINE_MAX = 1900  # characters: a message has 2000
_COMMAND_MAX = 80
_ALL = 100  # percent
_LABELS: Final = {
    AdmissionRule.BLOCKED_MEMBER: N_("member blocked"),
    AdmissionRule.CLOSED_CHANNEL: N_("pictures turned off in the channel"),
    AdmissionRule.PAUSED: N_("drawing paused"),
    AdmissionRule.OTHER_STYLE: N_("another style required"),
    AdmissionRule.BLOCKED_WORD: N_("blocked word"),
    AdmissionRule.MISSING_ROLE: N_("none of the roles that can draw"),
    AdmissionRule.FAIR_SHARE: N_("share of the credits used"),
}
_WHY: Final = {
    AdmissionRule.BLOCKED_MEMBER: N_("🚫 {member} was refused a picture in {channel}: the member is blocked"),
    AdmissionRule.CLOSED_CHANNEL: N_("🚫 {member} was refused a picture in {channel}: pictures are turned off there"),
    AdmissionRule.OTHER_STYLE: N_("🚫 {member} was refused a picture in {channel}: the channel requires another style"),
    AdmissionRule.PAUSED: N_("🚫 {member} was refused a picture in {channel}: drawing is paused"),
    AdmissionRule.MISSING_ROLE: N_("🚫 {member} was refused a picture in {channel}: none of their roles can draw"),
    AdmissionRule.FAIR_SHARE: N_("🚫 {member} was refused a picture in {channel}: their share of the credits is used"),
    AdmissionRule.BLOCKED_WORD: N_("🚫 {member} was refused a picture in {channel}: the prompt has a blocked word"),
}


def refusal_label(rule: Rule) -> str:
    """Return the name of a rule that refused a picture."""
    return limit_label(rule) if isinstance(rule, Limit) else _(_LABELS[rule])


def change_record(entry: AuditEntry) -> str:
    """Return who changed what, before → after."""
    command = cut(command_words(entry.command), _COMMAND_MAX)
    return cut(f"⚙️ <@{entry.by_id}> · {command}\n{change_lines(entry.changes)}", _LINE_MAX)


def refusal_record(origin: Origin, rule: Rule) -> str:
    """Return who was refused a picture where, and by which rule."""
    member, channel = f"<@{origin.user_id}>", f"<#{origin.channel_id}>"
    if isinstance(rule, Limit):
        words = N_("🚫 {member} was refused a picture in {channel}: limit reached ({limit})")
        return _(words, member=member, channel=channel, limit=limit_label(rule))
    return _(_WHY[rule], member=member, channel=channel)


def budget_record(notice: BudgetNotice) -> str:
    """Return how much of a server's limit is used, and by whom most."""
    words = N_("💰 {limit}: {percent}% of the server's limit is used ({used} of {allowed}).")
    if notice.percent >= _ALL:
        words = N_("💰 {limit}: the server's limit is used up ({used} of {allowed}).")
    figures = {"used": amount(notice.used), "allowed": amount(notice.allowed), "percent": notice.percent}
    line = _(words, limit=limit_label(notice.limit), **figures)
    if not notice.most:
        return line
    members = " · ".join(with_note(person(user_id), amount(used)) for user_id, used in notice.most)
    return sentences([line, _("Most of it by: {members}", members=members)])


def closed_review_record(channel_id: int) -> str:
    """Return that reviews can't be posted in their channel, and what happens to them."""
    return _(
        "⚠️ I can't post reviews in {channel}. Please check my permissions there, or choose another channel with "
        "`/review on`. Requests from age-restricted channels need an age-restricted one. Until then, requests wait for "
        "their deadline.",
        channel=f"<#{channel_id}>",
    )


def overdue_review_record(user_id: int, decision: Decision) -> str:
    """Return the end of a member's request that no moderator reviewed in time."""
    words = N_("⌛ Nobody reviewed a request of {member} in time, so it was rejected.")
    if decision is Decision.APPROVED:
        words = N_("⌛ Nobody reviewed a request of {member} in time, so it was approved.")
    return _(words, member=person(user_id))
