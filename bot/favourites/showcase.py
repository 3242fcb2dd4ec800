"""The showcase: a picture that reached its stars is posted once, and its message goes when the picture does."""

from collections.abc import Callable, Collection
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import structlog

from bot.errors import StorageUnavailable
from bot.generation.crash_points import crash_point
from bot.generation.discord_port import (
    DeliveryUnavailable,
    MessageOutOfReach,
    NowhereToPost,
    Posted,
    ShowcasePoster,
)
from bot.generation.library import PictureLibrary, PictureNotSavedYet, PictureUnknown
from bot.limits.rulebook import Rulebook
from bot.picture.generation import Generation
from bot.storage.showcase import ShowcaseState, ShowcaseStore, Shown

log = structlog.get_logger(__name__)

SHOWCASE_SECONDS: Final = 15.0
"""Between two looks for pictures to be shown or removed whose process died, or that Discord didn't take."""

_OUT_OF_REACH: Final = timedelta(hours=1)  # before a message is tried again that can't be deleted


class Showcase:
    """Posts and deletes messages that are due; each step may be taken twice, and by several processes."""

    def __init__(
        self,
        store: ShowcaseStore,
        library: PictureLibrary,
        poster: ShowcasePoster,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._store = store
        self._library = library
        self._poster = poster
        self._now = now

    async def go_on(self) -> None:
        """Show and remove every picture that is due and that no other process has just now."""
        for due in await self._store.take(self._now()):
            try:
                if due.state is ShowcaseState.DUE:
                    await self._show(due)
                else:
                    await self._remove(due)
            except (DeliveryUnavailable, StorageUnavailable, PictureNotSavedYet) as cause:  # a later turn tries again
                log.info("showcase_postponed", generation=str(due.generation_id), cause=str(cause))

    async def withdraw(self, message_ids: Collection[int]) -> bool:
        """Note pictures to be removed whose own messages were deleted; return True if there is something to remove."""
        return await self._store.withdraw(message_ids)

    async def _show(self, due: Shown) -> None:
        """Post a picture; one that can't be shown is forgotten until its next star, which may have come by now."""
        crash_point("starred, not yet shown")
        try:
            generation = await self._library.find(due.generation_id)
            posted = await self._found(due) or await self._post(due, generation)
        except (PictureUnknown, NowhereToPost) as cause:
            log.info("showcase_impossible", generation=str(due.generation_id), cause=str(cause))
            if await self._store.drop(due, chosen_showcase):
                await self.go_on()
            return
        crash_point("shown, not yet noted")
        await self._store.note_shown(due.generation_id, posted.message_id)

    async def _post(self, due: Shown, generation: Generation) -> Posted:
        await self._poster.check(generation, due.channel_id)
        return await self._library.post(
            generation, lambda picture: self._poster.show(generation, picture, due.channel_id)
        )

    async def _remove(self, due: Shown) -> None:
        posted = await self._found(due) if due.message_id is None else Posted(due.channel_id, due.message_id)
        try:
            if posted is not None:
                await self._poster.remove(posted)
        except MessageOutOfReach:
            await self._store.postpone(due.generation_id, self._now() + _OUT_OF_REACH)
        else:
            await self._store.note_removed(due.generation_id)

    async def _found(self, due: Shown) -> Posted | None:
        """Return the message of an earlier try that could not be noted, or None if there is none to be seen."""
        return None if due.tried_at is None else await self._poster.find(due.generation_id, due.channel_id, due.at)


def chosen_showcase(rules: dict[str, Any]) -> tuple[int, int] | None:
    """Return the channel and the number of stars of a server's showcase, by its rules as JSON, or None without one."""
    showcase = Rulebook.model_validate(rules).showcase
    return None if showcase is None else (showcase.channel_id, showcase.stars)
