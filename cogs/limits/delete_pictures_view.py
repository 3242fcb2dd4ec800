"""The question before a member's latest pictures are deleted, and the answers to it."""

from collections.abc import Mapping
from typing import Final

from bot.i18n import _, ngettext, number, with_note
from bot.picture.picture_counts import PictureCounts
from bot.privacy.picture_removal import Lately
from cogs.ui.refusals import more_channels
from cogs.ui.text import few

_CHANNELS_NAMED: Final = 5


def question_text(user_id: int, counts: Mapping[Lately, PictureCounts]) -> str:
    """Return how many pictures would be deleted, from which channels, and what happens to them."""
    member, of_day = f"<@{user_id}>", counts[Lately.DAY]
    named = [with_note(f"<#{channel_id}>", number(count)) for channel_id, count in of_day.channels]
    channels = few(named, more_channels, _CHANNELS_NAMED)
    lines = [
        _("**Delete the latest pictures of {member} on this server?** This can't be undone.", member=member),
        _("- In the last hour: {count:,}", count=counts[Lately.HOUR].total),
        _("- In the last day: {count:,}, in {channels}", count=of_day.total, channels=channels),
        _(
            "Their messages, files, prompts and reference images are deleted, and they leave the history and the "
            "showcase. The audit log says that you did it."
        ),
        _(
            "Waiting requests are cancelled and refunded. The cost of the others isn't refunded, and they still count "
            "for limits."
        ),
    ]
    if of_day.in_progress:
        lines.append(_in_progress(of_day.in_progress))
    return "\n".join(lines)


def button_label(lately: Lately, count: int) -> str:
    """Return the label of the button for a time, which says how many pictures it deletes."""
    if lately is Lately.HOUR:
        return _("Last hour ({count:,})", count=count)
    return _("Last day ({count:,})", count=count)


def nothing_words(user_id: int) -> str:
    """Return the answer if there is nothing to delete, perhaps because another moderator was first."""
    return _("{member} has no pictures here that I could delete.", member=f"<@{user_id}>")


def begun_words(user_id: int, counts: PictureCounts) -> str:
    """Return the answer while the messages are being deleted."""
    deleted = ngettext(
        "**{count:,}** picture of {member} deleted. I'm deleting its message now.",
        "**{count:,}** pictures of {member} deleted. I'm deleting their messages now.",
        counts.total,
        member=f"<@{user_id}>",
    )
    return f"{deleted}\n{_in_progress(counts.in_progress)}" if counts.in_progress else deleted


def _in_progress(count: int) -> str:
    return ngettext(
        "{count} of them is in progress: it's cancelled, or deleted when it's finished.",
        "{count} of them are in progress: they're cancelled, or deleted when they're finished.",
        count,
    )
