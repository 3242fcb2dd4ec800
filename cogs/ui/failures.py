"""Each way to fail, in its own words and with what to do."""

from bot.picture.failure import Failure, FailureKind
from cogs.ui.words import plain

_NOT_CHARGED = "Nothing was charged."

_SENTENCES = {
    FailureKind.REFUSED_BY_MODEL: (
        "**The model refused this prompt.** It thinks that the request breaks its content rules. "
        f"Say it differently and try again. {_NOT_CHARGED}"
    ),
    FailureKind.KEY_REFUSED: (
        "**The picture service does not accept this bot's key.** Only whoever runs the bot can mend that, "
        f"and has been told. {_NOT_CHARGED}"
    ),
    FailureKind.REQUEST_REFUSED: f"**The picture service refused the request.** {_NOT_CHARGED} Change what it names:",
    FailureKind.BUSY: (
        "**The picture service is too busy:** it took no more orders for as long as I could wait. "
        f"{_NOT_CHARGED} Try again in some minutes."
    ),
    FailureKind.UNREACHABLE: (
        f"**The picture service could not be reached,** although I kept trying. {_NOT_CHARGED} Try again later."
    ),
    FailureKind.MODEL_FAILED: (
        f"**The model could not draw this.** {_NOT_CHARGED} Try again; if it fails again, change the prompt."
    ),
    FailureKind.EXPIRED: (
        "**The picture has expired.** It was made, but the picture service deleted it before I could fetch it. "
        "Ask for it again."
    ),
    FailureKind.PICTURE_BROKEN: (
        "**The picture came broken.** The picture service made it, but what it sends is no whole image. "
        "Ask for it again."
    ),
    FailureKind.TOOK_TOO_LONG: (
        "**This took too long,** so I stopped waiting. It counts against your limits only if it turns out to be "
        "charged. Try again, or try a smaller resolution."
    ),
    FailureKind.UNDELIVERABLE: (
        "**The picture is ready, but I may not post it.** Ask a moderator to let me send messages and attach files "
        "here."
    ),
    FailureKind.CANCELLED: f"**A moderator stopped this** before it was drawn. {_NOT_CHARGED}",
    FailureKind.INTERRUPTED: f"**Your request was interrupted.** {_NOT_CHARGED} Please try again.",
    FailureKind.BROKEN: "**That broke on my side.** Try again.",
}


def failure_sentence(failure: Failure) -> str:
    """Return what happened, what it cost and what the person can do, in Discord's markdown."""
    if failure.kind is FailureKind.OUT_OF_CREDITS:
        return _out_of_credits(failure)
    sentence = _SENTENCES[failure.kind]
    if failure.kind in {FailureKind.REQUEST_REFUSED, FailureKind.MODEL_FAILED} and failure.reason:
        sentence += f"\n> {plain(failure.reason)}"
    if failure.reference:
        sentence += f" If it happens again, tell whoever runs the bot the number `{failure.reference}`."
    return sentence


def _out_of_credits(failure: Failure) -> str:
    figures = ""
    if failure.credits_required is not None and failure.credits_available is not None:
        figures = f" This picture needs {failure.credits_required}, and {failure.credits_available} are left."
    return (
        f"**The bot's account is out of credits.**{figures} Whoever runs the bot can add some, and has been told. "
        f"{_NOT_CHARGED}"
    )
