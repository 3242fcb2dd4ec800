"""The stages of a picture in a word or two, and the obstacle when the image service isn't responding."""

from datetime import datetime

from discord.utils import format_dt

from bot.i18n import _
from bot.picture.generation import Generation
from bot.picture.progress import Drawing, Fetching, HeldUp, InReview, Looking, Obstacle, Progress, Queued, Submitting
from bot.picture.review import AtDeadline


def stage_text(progress: Progress) -> str:
    """Return a stage as its card shows it."""
    match progress:
        case Looking():
            return _("Checking images…")
        case Queued():
            return _queue_text(progress)
        case Submitting():
            return _("Starting…")
        case Drawing(percent=None):
            return _("Drawing…")
        case Drawing(percent=percent):
            return _("Drawing {percent}%", percent=percent)
        case Fetching():
            return _("Almost done…")
        case HeldUp(obstacle=obstacle, until=until):
            return _obstacle_text(obstacle, until)
        case InReview(deadline=deadline, at_deadline=AtDeadline.REJECT):
            when = format_dt(deadline, "R")
            return _("Waiting for a moderator. Without a decision, it's rejected {when}.", when=when)
        case InReview(deadline=deadline):
            when = format_dt(deadline, "R")
            return _("Waiting for a moderator. Without a decision, it's approved {when}.", when=when)


def review_stage(generation: Generation) -> Progress:
    """Return the stage of a picture or prompt that moderators review."""
    at_deadline = AtDeadline.REJECT if generation.review is None else generation.review.at_deadline
    return InReview(generation.review_deadline, at_deadline)


def percent_of(progress: Progress) -> int | None:
    """Return how much of a picture is drawn, or None while that is not known."""
    return progress.percent if isinstance(progress, Drawing) else None


def is_held_up(progress: Progress) -> bool:
    """Return True if the image service keeps the picture waiting."""
    return isinstance(progress, HeldUp) or (isinstance(progress, Queued) and progress.paused)


def _queue_text(queued: Queued) -> str:
    match queued:
        case Queued(position=None, paused=True):
            return _("The image service isn't responding. You keep your place and won't be charged.")
        case Queued(position=None):
            return _("In queue")
        case Queued(position=position, paused=True):
            return _(
                "The image service isn't responding. You keep your place (#{position}) and won't be charged.",
                position=position,
            )
        case Queued(position=position):
            return _("In queue: #{position}", position=position)


def _obstacle_text(obstacle: Obstacle, until: datetime) -> str:
    time = format_dt(until, "t")
    match obstacle:
        case Obstacle.RATE_LIMITED:
            return _("The image service is busy. I'll keep trying until {time}.", time=time)
        case Obstacle.NOT_ORDERED:
            return _(
                "The image service isn't responding. You keep your place and won't be charged. "
                "I'll keep trying until {time}.",
                time=time,
            )
        case Obstacle.UNREACHABLE:
            return _("The image service isn't responding. I'll keep trying until {time}.", time=time)
