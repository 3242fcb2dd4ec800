"""Notices a picture that came back in another size than was asked for."""

import structlog

from bot.apiframe.client import Apiframe
from bot.apiframe.wire_format import InputImage, differs_by_format
from bot.picture.generation import Generation

log = structlog.get_logger(__name__)


def check_size(generation: Generation, apiframe: Apiframe) -> None:
    """Log a fetched picture of another size than asked, and have the next order written in the other spelling.

    A server that wants the other spelling may ignore a size that it does not understand, and say nothing.
    """
    asked, request = generation.missed_size, generation.request
    if asked is None:
        return
    log.warning("picture_size_differs", asked=str(asked), came=str(generation.image_size))
    images = [InputImage("", each.width, each.height) for each in request.references]
    if generation.submitted_at is not None and differs_by_format(request.params, images):
        apiframe.prefer_other_format(generation.submitted_at)
