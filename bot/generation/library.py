"""Looking back at pictures that were made: one by one, by lineage, and as a member's history."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, TypeVar
from uuid import UUID

import structlog

from bot.errors import UserFacingError
from bot.generation.crash_points import crash_point
from bot.generation.discord_port import Picture, PictureTooLarge, Posted
from bot.generation.draft import ImagineDraft
from bot.generation.fitting import fit, fit_smaller
from bot.i18n import _
from bot.images.image_worker import ImageWorker
from bot.images.still import NotDecodable
from bot.picture.generation import Derivation, Generation
from bot.picture.history_filter import HistoryFilter
from bot.picture.missing import Missing
from bot.picture.repost import Repost
from bot.picture.request import Reference
from bot.storage.generations import GenerationStore
from bot.storage.history import HistoryStore
from bot.storage.image_store_failures import ImageStoreUnavailable
from bot.storage.images import ImageLost, ImageStore, format_of
from bot.storage.reposts import RepostStore
from bot.storage.scratch import scratch_folder

log = structlog.get_logger(__name__)

T = TypeVar("T")

PAGE_PICTURES: Final = 6
_UNDER_WAY_SHOWN = 10  # each may have a button, and Discord allows 40 components
_ANCESTORS_MAX = 12
_CHILDREN_MAX = 12
_THUMBNAIL_PIXELS = 320


class PictureUnknown(UserFacingError):
    """Refuse to act on a picture that is not there, or not for this person; both sound the same on purpose."""

    def __init__(self) -> None:
        super().__init__(_("I can't find that picture. It may have been deleted."))


class AgeRestrictedPicture(UserFacingError):
    """Refuse to use or show a picture of an age-restricted channel elsewhere."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "This picture was made in an age-restricted channel, so it can only be used in age-restricted "
                "channels. Nothing was charged."
            )
        )


class PictureNotSavedYet(UserFacingError):
    """Refuse what needs the bytes of a picture that the image store did not take yet."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "This picture isn't saved yet because my image storage didn't respond. Nothing was charged. "
                "Please try again in a few minutes."
            )
        )


@dataclass(frozen=True, slots=True)
class PicturesUnderWay:
    """Unfinished pictures, each with its place in the queue if it waits there, and how many there are in all."""

    pictures: Sequence[tuple[int | None, Generation]]
    count: int


@dataclass(frozen=True, slots=True)
class Page:
    """Some pictures of a member's history; `number` counts from 0."""

    pictures: Sequence[Generation]
    number: int
    count: int

    @property
    def pages(self) -> int:
        """Return how many pages there are, at least one."""
        return max(1, -(-self.count // PAGE_PICTURES))


class PictureLibrary:
    """Finds pictures again, and the bytes that are kept of them."""

    def __init__(
        self,
        store: GenerationStore,
        history: HistoryStore,
        reposts: RepostStore,
        images: ImageStore,
        image_worker: ImageWorker,
    ) -> None:
        self._store = store
        self._history = history
        self._reposts = reposts
        self._images = images
        self._image_worker = image_worker

    async def find(self, generation_id: UUID) -> Generation:
        """Return a generation; raise `PictureUnknown`."""
        return _known(await self._store.find(generation_id))

    async def find_by_message(self, message_id: int) -> Generation | None:
        """Return the generation whose picture stands in a message, or None if that message isn't the bot's."""
        found = await self._find_by_message(message_id)
        return None if found is None or found.deleted_at is not None else found

    async def batch_of(self, generation: Generation) -> Sequence[Generation]:
        """Return the pictures that were asked for together with one, in their order, itself among them."""
        return [generation] if generation.batch is None else await self._store.of_batch(generation.batch.id)

    async def find_on_card(self, message_id: int) -> Generation | None:
        """Return the generation of a message: its picture or its progress; also a deleted one. None for another."""
        # Of a card with several pictures, one that's shown: others may wait for a moderator. The last look is for one
        # that was finished in between.
        return (
            await self._find_by_message(message_id)
            or await self._store.find_unfinished_by_card(message_id)
            or await self._find_by_message(message_id)
        )

    async def _find_by_message(self, message_id: int) -> Generation | None:
        return await self._store.find_by_message(message_id) or await self._reposts.find_by_message(message_id)

    async def ancestors(self, generation: Generation) -> Sequence[Generation]:
        """Return what a picture comes from, the nearest first."""
        line: list[Generation] = []
        parent = generation.parent
        while parent is not None and len(line) < _ANCESTORS_MAX:
            found = await self._store.find(parent.id)
            if found is None:
                break
            line.append(found)
            parent = found.parent
        return line

    async def children(self, generation: Generation) -> tuple[Sequence[Generation], int]:
        """Return the first pictures that were made from one directly, oldest first, and how many there are."""
        return await self._store.children(generation.id, limit=_CHILDREN_MAX)

    async def is_first(self, user_id: int, derivation: Derivation) -> bool:
        """Return True if a member has made one picture in this way, and not more."""
        return await self._store.count_derived(user_id, derivation, limit=2) == 1

    async def is_first_reply_edit(self, user_id: int) -> bool:
        """Return True if a member has edited one picture by a reply, and not more."""
        return await self._store.count_derived(user_id, Derivation.EDIT, limit=2, replies=True) == 1

    async def history(self, server_key: str, asked: HistoryFilter, number: int, *, viewer_id: int) -> Page:
        """Return one page of the pictures in a server that a filter leaves, newest first, as somebody may see them.

        If there are fewer pages than `number` asks for, it is the last one.
        """
        offset = number * PAGE_PICTURES
        pictures, count = await self._history.page(
            server_key, asked, viewer_id=viewer_id, offset=offset, limit=PAGE_PICTURES
        )
        page = Page(pictures, number, count)
        if number < page.pages:
            return page
        return await self.history(server_key, asked, page.pages - 1, viewer_id=viewer_id)

    async def under_way(self, server_key: str, user_id: int | None) -> PicturesUnderWay:
        """Return the oldest unfinished pictures of a member in a server, or of everybody there."""
        return PicturesUnderWay(*await self._store.under_way(server_key, user_id, limit=_UNDER_WAY_SHOWN))

    async def mark_deleted(self, generation: Generation) -> None:
        """Mark the picture as deleted, also for the showcase; the ledger keeps its cost."""
        await self._history.mark_deleted(generation.id, datetime.now(UTC))

    async def mark_published(self, generation: Generation, posted: Posted) -> Generation:
        """Note that a private picture is for everybody from now on, where it stands, and in which language.

        Returns it as it is then.
        """
        stands = {"message_id": posted.message_id, "message_channel_id": posted.channel_id}
        await self._store.note(generation.id, private=False, locale=generation.origin.locale, **stands)
        return generation.model_copy(update=stands)

    async def post(
        self, generation: Generation, post: Callable[[Picture], Awaitable[T]], *, for_review: bool = False
    ) -> T:
        """Return what `post` returns for the picture in a size that Discord takes in its channel.

        Only `for_review`, one that moderators didn't approve. Raises `PictureUnknown` if its bytes are not kept any
        more, `PictureNotSavedYet` or `StorageUnavailable` if they are not to be had right now, `NowhereToPost` if
        Discord takes no size, and what `post` raises.
        """
        async with self._kept(generation) if for_review else self.original(generation) as file:
            seen = await self._image_worker.inspect(file)
            picture = await fit(self._image_worker, file, seen, generation.origin.upload_limit_bytes)
            while True:
                try:
                    return await post(picture)
                except PictureTooLarge:
                    picture = await fit_smaller(self._image_worker, file, seen, picture)

    async def repost(
        self, generation: Generation, repost: Repost, post: Callable[[Picture], Awaitable[Posted]]
    ) -> Posted | None:
        """Post a picture once more, once for its request, and note where it stands; raise as `post` does.

        Returns None if its request has its message already.
        """
        if not await self._reposts.begin(repost, generation.id):
            return None
        crash_point("about to repost")
        posted = await self.post(generation, post)
        crash_point("reposted, not yet noted")
        await self._reposts.note(repost.request_id, posted.message_id)
        return posted

    async def reposts(self, generation_id: UUID) -> Sequence[Repost]:
        """Return the other messages that show a picture."""
        return await self._reposts.of(generation_id)

    async def with_edited(self, draft: ImagineDraft) -> ImagineDraft:
        """Return the wish with the picture that it edits as first reference: its kept bytes, or what Discord shows.

        Raises `PictureUnknown` where there is neither, `PictureNotSavedYet` or `StorageUnavailable` where the bytes are
        not to be had right now.
        """
        if draft.edited is None:
            return draft
        try:
            first = await self.as_reference(draft.edited.picture)
        except (PictureUnknown, PictureNotSavedYet):
            if draft.edited.shown is None:
                raise
            return replace(draft, edited=None, attachments=(draft.edited.shown, *draft.attachments))
        return replace(draft, edited=None, references=(first, *draft.references))

    async def as_reference(self, generation: Generation) -> Reference:
        """Return the picture as a reference for another; without its bytes, raise as `original` does."""
        key, width, height = generation.shown_key, generation.image_width, generation.image_height
        if key is None or width is None or height is None or not await self._images.has(key):
            raise _without_bytes(generation)
        return Reference(url=None, key=key, format=format_of(key), width=width, height=height)

    @asynccontextmanager
    async def original(self, generation: Generation) -> AsyncIterator[Path]:
        """Yield a file with the picture's own bytes for as long as the block runs.

        Raises `PictureUnknown`, also for one that moderators withhold, or `PictureNotSavedYet`.
        """
        if generation.is_withheld:
            raise PictureUnknown
        async with self._kept(generation) as file:
            yield file

    @asynccontextmanager
    async def _kept(self, generation: Generation) -> AsyncIterator[Path]:
        if generation.image_key is None:
            raise PictureUnknown
        with scratch_folder() as folder:
            file = folder / "kept"
            try:
                await self._images.copy_to(generation.image_key, file)
            except ImageLost:
                raise _without_bytes(generation) from None
            yield file

    @asynccontextmanager
    async def thumbnails(
        self, keys: Sequence[str | None], pixels: int = _THUMBNAIL_PIXELS
    ) -> AsyncIterator[Sequence[Path | Missing]]:
        """Yield a small JPEG for each key for as long as the block runs, or why there is none."""
        with scratch_folder() as folder:
            yield [await self._thumbnail(key, folder / f"{number}.jpg", pixels) for number, key in enumerate(keys)]

    async def _thumbnail(self, key: str | None, to: Path, pixels: int) -> Path | Missing:
        if key is None:
            return Missing.GONE
        file = to.with_suffix(".kept")
        try:
            await self._images.copy_to(key, file)
        except ImageLost:
            return Missing.GONE
        except ImageStoreUnavailable as cause:
            log.warning("thumbnail_unreachable", key=key, cause=cause.reason)
            return Missing.NOT_NOW
        try:
            await self._image_worker.shrink(file, to, pixels)
        except NotDecodable as cause:
            log.warning("stored_picture_damaged", key=key, cause=str(cause))
            return Missing.DAMAGED
        finally:
            file.unlink()
        return to


def _without_bytes(generation: Generation) -> UserFacingError:
    return PictureUnknown() if generation.unsaved_since is None else PictureNotSavedYet()


def _known(generation: Generation | None) -> Generation:
    if generation is None or generation.deleted_at is not None:
        raise PictureUnknown
    return generation
