"""Each way to fail, in its own words and with what to do."""

from typing import Final

from bot.picture.failure import Failure, FailureKind
from cogs.ui.amounts import credits_words
from cogs.ui.text import plain

# What happened, and what to do; between the two comes what it cost.
_WORDS: Final = {
    FailureKind.REFUSED_BY_MODEL: (
        "**The model refused this prompt.** It thinks that the request breaks its content rules.",
        "Say it differently.",
    ),
    FailureKind.OUT_OF_CREDITS: (
        "**The bot's account is out of credits.**",
        "Whoever runs the bot can add some, and has been told.",
    ),
    FailureKind.KEY_REFUSED: (
        "**The picture service does not accept this bot's key.**",
        "Only whoever runs the bot can mend that, and has been told.",
    ),
    FailureKind.REQUEST_REFUSED: ("**The picture service refused the request.**", "Change what it names:"),
    FailureKind.BUSY: (
        "**The picture service is too busy:** it took no more orders for as long as I could wait.",
        "Try again in some minutes.",
    ),
    FailureKind.UNREACHABLE: (
        "**The picture service could not be reached,** although I kept trying.",
        "Try again later.",
    ),
    FailureKind.REFERENCE_LOST: (
        "**A reference image could not be fetched.**",
        "Try again; if it fails again, start anew with `/imagine`, and attach it again.",
    ),
    FailureKind.MODEL_FAILED: (
        "**The model could not draw this.**",
        "Try again; if it fails again, change the prompt.",
    ),
    FailureKind.EXPIRED: (
        "**The picture has expired:** the picture service did not have it any more when I came to fetch it.",
        "Try again: it is drawn anew.",
    ),
    FailureKind.PICTURE_BROKEN: (
        "**The picture came broken:** what the picture service sends is no whole image.",
        "Try again: it is drawn anew.",
    ),
    FailureKind.TOOK_TOO_LONG: (
        "**This took too long,** so I stopped waiting.",
        "Try again, or try a smaller resolution.",
    ),
    FailureKind.LOST_TRACK: (
        "**I lost track of this picture:** the answer to my order was lost, and I cannot tell whether it was taken.",
        "Try again.",
    ),
    FailureKind.UNDELIVERABLE: (
        "**The picture was drawn, but I could post it neither here nor to you directly.** `/privacy export` has it.",
        "Ask a moderator to let me send messages and attach files here before you try again: it is drawn anew.",
    ),
    FailureKind.CANCELLED: ("**A moderator stopped this** before it was drawn.", ""),
    FailureKind.INTERRUPTED: ("**Your request was interrupted.**", "Please try again."),
    FailureKind.BROKEN: ("**That broke on my side.**", "Try again."),
}

_QUOTED = frozenset(
    {
        FailureKind.KEY_REFUSED,
        FailureKind.REQUEST_REFUSED,
        FailureKind.REFERENCE_LOST,
        FailureKind.MODEL_FAILED,
    }
)


def failure_sentence(failure: Failure, credits_charged: int | None) -> str:
    """Return the failure, its cost and the next step, in Discord's markdown.

    `credits_charged` is the price in the ledger: None is unknown, and doesn't count against limits.
    """
    what, remedy = _WORDS[failure.kind]
    sentence = " ".join(part for part in (what, _metrics(failure), _cost(credits_charged), remedy) if part)
    if failure.kind in _QUOTED and failure.reason:
        sentence += f"\n> {plain(failure.reason)}"
    if failure.reference:
        sentence += f" If it happens again, tell whoever runs the bot the number `{failure.reference}`."
    return sentence


def _metrics(failure: Failure) -> str:
    if failure.credits_required is None or failure.credits_available is None:
        return ""
    return f"This picture needs {failure.credits_required}, and {failure.credits_available} are left."


def _cost(credits_charged: int | None) -> str:
    if credits_charged is None:
        return "It counts against your limits only if it turns out to be charged."
    return f"It cost {credits_words(credits_charged)}." if credits_charged else "Nothing was charged."
