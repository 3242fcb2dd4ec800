"""Review before posting, in words: its settings, and what changed of them."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from bot.i18n import N_, _, changed, labelled, ngettext, pgettext
from bot.limits.rulebook import ReviewRule
from bot.picture.review import AtDeadline, ReviewOf

KINDS: Final = {ReviewOf.PICTURE: N_("finished pictures"), ReviewOf.PROMPT: N_("prompts, before anything is paid")}
DECISIONS: Final = {AtDeadline.REJECT: N_("rejected"), AtDeadline.APPROVE: N_("approved")}
_WHOSE: Final = {True: N_("all members"), False: N_("only listed channels and roles")}
_COUNTED: Final = {True: N_("count against limits"), False: N_("are refunded")}


def until_words(approved: int | None) -> str:
    """Return after how many approved pictures a member's next ones are posted without review."""
    if approved is None:
        return _("never")
    return ngettext("with {count} approved picture", "with {count} approved pictures", approved)


def hours_words(hours: int) -> str:
    """Return how long a picture can wait."""
    return ngettext("{count} hour", "{count} hours", hours)


_SETTINGS: Final[Mapping[str, tuple[str, Callable[[Any], str]]]] = {
    "channel_id": (N_("Review channel"), lambda value: f"<#{value}>"),
    "of": (N_("Reviewed"), lambda value: _(KINDS[value])),
    "everyone": (N_("Review applies to"), lambda value: _(_WHOSE[value])),
    "until_approved": (N_("Review of a member ends"), until_words),
    "hours": (N_("Time to decide"), hours_words),
    "at_deadline": (N_("Pictures without a decision"), lambda value: _(DECISIONS[value])),
    "charge_rejected": (N_("Rejected pictures"), lambda value: _(_COUNTED[value])),
}


def review_settings(review: ReviewRule) -> Sequence[str]:
    """Return a line for each setting."""
    return [labelled(_(label), words(getattr(review, name))) for name, (label, words) in _SETTINGS.items()]


def review_words(review: ReviewRule) -> str:
    """Return the most important settings in a few words."""
    return " · ".join([_(KINDS[review.of]), _(_WHOSE[review.everyone]), f"<#{review.channel_id}>"])


def review_changes(before: ReviewRule | None, after: ReviewRule | None) -> Sequence[str]:
    """Return a line for each setting that changed, before → after."""
    if before is None or after is None:
        off = pgettext("review before posting", "off")
        old, new = (off if each is None else review_words(each) for each in (before, after))
        return [labelled(_("Review before posting"), changed(old, f"**{new}**"))]
    return [
        labelled(_(label), changed(words(getattr(before, name)), f"**{words(getattr(after, name))}**"))
        for name, (label, words) in _SETTINGS.items()
        if getattr(before, name) != getattr(after, name)
    ]
