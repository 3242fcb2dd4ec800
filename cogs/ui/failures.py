"""Each way to fail: what happened, what it cost and what to do."""

from typing import Final

from bot.i18n import N_, _, ngettext, sentences
from bot.picture.failure import Failure, FailureKind
from cogs.ui.text import plain

# What happened, and what to do.
_TEXTS: Final = {
    FailureKind.REFUSED_BY_MODEL: (
        N_("**The model refused this prompt** because it seems to break the content rules."),
        N_("Please rephrase it."),
    ),
    FailureKind.OUT_OF_CREDITS: (
        N_("**The bot's account is out of credits.**"),
        N_("The bot's operator was notified and can add more."),
    ),
    FailureKind.KEY_REFUSED: (
        N_("**The image service rejected the bot's API key.**"),
        N_("The bot's operator was notified and has to fix this."),
    ),
    FailureKind.REQUEST_REFUSED: (
        N_("**The image service rejected this request.**"),
        N_("Please change it."),
    ),
    FailureKind.BUSY: (
        N_("**The image service is too busy** and didn't accept the order in time."),
        N_("Try again in a few minutes."),
    ),
    FailureKind.UNREACHABLE: (
        N_("**I couldn't reach the image service.**"),
        N_("Try again later."),
    ),
    FailureKind.REFERENCE_LOST: (
        N_("**A reference image couldn't be loaded.**"),
        N_("Try again. If it still fails, use `/imagine` and attach the image again."),
    ),
    FailureKind.MODEL_FAILED: (
        N_("**The model couldn't make this picture.**"),
        N_("Try again. If it still fails, change the prompt."),
    ),
    FailureKind.EXPIRED: (
        N_("**The picture has expired.** The image service deleted it before I could download it."),
        N_("Try again to make a new one."),
    ),
    FailureKind.PICTURE_BROKEN: (
        N_("**The image file was damaged.** The image service sent an incomplete file."),
        N_("Try again to make a new one."),
    ),
    FailureKind.TOOK_TOO_LONG: (
        N_("**This took too long,** so I stopped waiting."),
        N_("Try again, or choose a smaller resolution."),
    ),
    FailureKind.LOST_TRACK: (
        N_("**I lost track of this picture.** I couldn't find out if the image service accepted the order."),
        N_("Try again."),
    ),
    FailureKind.UNDELIVERABLE: (
        N_("**I made the picture, but I can't post it here or message you.** You can get it with `/privacy export`."),
        N_("Ask a moderator to let me send messages and attach files here. Trying again makes a new picture."),
    ),
    FailureKind.CANCELLED: (N_("**A moderator stopped this picture** before it was posted."), None),
    FailureKind.CANCELLED_BY_MEMBER: (N_("**You cancelled this picture.**"), None),
    FailureKind.REJECTED: (N_("**A moderator rejected this request.**"), N_("You can change the prompt.")),
    FailureKind.NOT_REVIEWED: (
        N_("**No moderator reviewed this request in time,** so it was rejected."),
        N_("Try again later."),
    ),
    FailureKind.INTERRUPTED: (N_("**Your request was interrupted.**"), N_("Please try again.")),
    FailureKind.BROKEN: (N_("**Something went wrong on my end.**"), N_("Please try again.")),
}

_QUOTED: Final = frozenset(
    {
        FailureKind.KEY_REFUSED,
        FailureKind.REQUEST_REFUSED,
        FailureKind.REFERENCE_LOST,
        FailureKind.MODEL_FAILED,
        FailureKind.REJECTED,
    }
)


def failure_text(failure: Failure, credits_charged: int | None) -> str:
    """Return the reason, the cost and the next step, in Discord's markdown.

    `credits_charged` is the cost in the ledger: None means not known yet, and doesn't count against any limit.
    """
    what, remedy = _TEXTS[failure.kind]
    words = [_(what), *_figures(failure), _cost(credits_charged)]
    if remedy is not None:
        words.append(_(remedy))
    if failure.reference:
        words.append(
            _("If it keeps happening, send the operator this code: `{code}`", code=failure.reference),
        )
    quote = f"\n> {plain(failure.reason)}" if failure.kind in _QUOTED and failure.reason else ""
    return sentences(words) + quote


def _figures(failure: Failure) -> list[str]:
    if failure.credits_required is None or failure.credits_available is None:
        return []
    return [
        _(
            "Credits needed: {required:,}. Credits left: {available:,}.",
            required=failure.credits_required,
            available=failure.credits_available,
        )
    ]


def _cost(credits_charged: int | None) -> str:
    if credits_charged is None:
        return _("It counts against your limits only if the image service charges for it.")
    if not credits_charged:
        return _("Nothing was charged.")
    return ngettext("It cost {count} credit.", "It cost {count} credits.", credits_charged)
