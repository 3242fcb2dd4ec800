"""Changes and refusals as lines of the record's channel."""

from typing import Final

from bot.limits.admission import AdmissionRule, Rule
from bot.limits.moderation import AuditEntry
from bot.limits.policy import Limit
from bot.picture.origin import Origin
from cogs.limits.change_text import change_lines
from cogs.ui.amounts import LIMIT_NAMES
from cogs.ui.text import cut

_LINE_MAX = 1900  # characters: a message has 2000
_COMMAND_MAX = 80
_WHY: Final = {
    AdmissionRule.BLOCKED_MEMBER: "they are blocked",
    AdmissionRule.CLOSED_CHANNEL: "the channel is closed",
    AdmissionRule.BLOCKED_WORD: "the prompt has a blocked word",
}


def change_record(entry: AuditEntry) -> str:
    """Return who changed what, before → after."""
    return cut(f"⚙️ <@{entry.by_id}> · {cut(entry.command, _COMMAND_MAX)}\n{change_lines(entry.changes)}", _LINE_MAX)


def refusal_record(origin: Origin, rule: Rule) -> str:
    """Return who was refused a picture where, and by which rule."""
    why = LIMIT_NAMES[rule] if isinstance(rule, Limit) else _WHY[rule]
    return f"🚫 <@{origin.user_id}> was refused a picture in <#{origin.channel_id}>: {why}"
