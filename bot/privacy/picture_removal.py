"""A moderator deletes the pictures that a member made lately."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from enum import IntEnum

import structlog

from bot.errors import StorageUnavailable
from bot.limits.moderation import PICTURES, AuditEntry, RuleListener
from bot.limits.rulebook import Change
from bot.picture.failure import Failure, FailureKind
from bot.picture.picture_counts import PictureCounts
from bot.privacy.erasure import Erasure
from bot.storage.picture_removal import MemberPictures, PictureRemovalStore

log = structlog.get_logger(__name__)


class Lately(IntEnum):
    """How far back pictures are deleted, in hours."""

    HOUR = 1
    DAY = 24


class PictureRemoval:
    """Stores each request first, so that a crash only delays it; `Erasure.go_on` deletes files and messages."""

    def __init__(
        self,
        store: PictureRemovalStore,
        erasure: Erasure,
        listener: RuleListener,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._store = store
        self._erasure = erasure
        self._listener = listener
        self._now = now

    async def counts(self, server_key: str, user_id: int, lately: Lately) -> PictureCounts:
        """Return how many pictures would be deleted now."""
        return await self._store.counts(self._of(server_key, user_id, lately))

    async def begin(
        self, server_key: str, user_id: int, lately: Lately, by_id: int, command: str
    ) -> PictureCounts | None:
        """Store the request with its line in the audit log; None if nothing is left to delete."""
        of = self._of(server_key, user_id, lately)
        change = Change(path=(PICTURES, str(user_id)))
        cancelled = Failure(kind=FailureKind.CANCELLED).model_dump(mode="json")
        begun = await self._store.begin(of, cancelled, by_id, command, change.model_dump(mode="json"))
        if begun is None:
            return None
        counts, entry_id = begun
        changes = [change.model_copy(update={"before": counts.total})]
        self._listener.changed(server_key, AuditEntry(entry_id, of.at, by_id, command, changes, undone=False))
        return counts

    async def go_on(self) -> None:
        """Delete files and messages. Those that Discord doesn't delete now are retried every minute."""
        try:
            await self._erasure.go_on()
        except StorageUnavailable as cause:
            log.warning("picture_removal_postponed", cause=cause.reason)

    def _of(self, server_key: str, user_id: int, lately: Lately) -> MemberPictures:
        now = self._now()
        return MemberPictures(server_key, user_id, now - timedelta(hours=lately), now)
