"""The person who has everything deleted while Discord takes nothing: they are not written to afterwards."""

from datetime import timedelta
from pathlib import Path

from bot.apiframe.download import open_downloader
from bot.apiframe.hosts import AllowedHosts
from bot.apiframe.retry import RetryPolicy
from bot.generation.discord_port import DeliveryUnavailable
from bot.generation.posting import PicturePublisher
from bot.images.decoding import ImageWorker
from bot.picture.failure import Failure, FailureKind
from bot.picture.generation import Generation, State
from bot.storage.engine import Database
from bot.storage.erasure import ErasureStore
from bot.storage.generations import GenerationStore
from bot.storage.images import open_image_store
from bot.storage.ledger import LedgerStore
from tests.bot.generation.idle_delivery import IdleDelivery
from tests.bot.storage.examples import NOON, bare, written


class Discord(IdleDelivery):
    """A port whose first calls to Discord all fail."""

    def __init__(self) -> None:
        self.tries: list[Generation] = []

    async def explain(self, generation: Generation, failure: Failure, *, seen_before: bool = False) -> None:  # noqa: ARG002  (the Delivery's signature)
        self.tries.append(generation)
        if len(self.tries) == 1:
            raise DeliveryUnavailable


async def test_a_reason_is_not_posted_once_its_person_had_everything_deleted(
    database: Database, tmp_path: Path
) -> None:
    """It has their words in it, and the message would be one that nobody takes away."""
    store, erasures, discord = GenerationStore(database), ErasureStore(database), Discord()
    failed = await written(LedgerStore(database), bare(State.FAILED).model_copy(update={"finished_at": NOON}))

    async def forgotten_meanwhile(_: float) -> None:
        await erasures.begin(failed.origin.user_id, NOON + timedelta(minutes=1), {})
        await erasures.erase([failed.id], NOON + timedelta(minutes=1))

    async with open_downloader(AllowedHosts([], "https://cdn.example")) as downloader:
        images = open_image_store("", tmp_path)
        publisher = PicturePublisher(
            store, images, downloader, ImageWorker(), discord, RetryPolicy(), forgotten_meanwhile
        )
        await publisher.explain(failed, Failure(kind=FailureKind.UNREACHABLE), seen_before=False)
    assert len(discord.tries) == 1


async def test_a_reason_is_posted_as_soon_as_discord_takes_it(database: Database, tmp_path: Path) -> None:
    """A member who has deleted nothing gets the error message, however long that takes."""
    store, discord = GenerationStore(database), Discord()
    failed = await written(LedgerStore(database), bare(State.FAILED).model_copy(update={"finished_at": NOON}))

    async def nothing_happens(_: float) -> None: ...

    async with open_downloader(AllowedHosts([], "https://cdn.example")) as downloader:
        images = open_image_store("", tmp_path)
        publisher = PicturePublisher(store, images, downloader, ImageWorker(), discord, RetryPolicy(), nothing_happens)
        await publisher.explain(failed, Failure(kind=FailureKind.UNREACHABLE), seen_before=False)
    assert discord.tries == [failed, failed]
