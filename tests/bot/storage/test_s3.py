"""The operator who keeps images in a bucket: all that a folder does, and outages that are not taken for losses."""

import os
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from obstore.exceptions import GenericError

from bot.errors import StartupError
from bot.picture.formats import ImageFormat
from bot.settings import Settings
from bot.storage.image_store_failures import ImageStoreUnavailable, StoreFailure, store_failure
from bot.storage.images import ImageLost, ImageStore, check_image_store, check_image_store_settings, open_image_store
from tests.promises import StorageFault
from tests.s3 import S3Server, running_s3

BOAT = b"boat" * 5_000_000  # several of the parts in which large files travel


@pytest.fixture
def s3() -> Iterator[S3Server]:
    with running_s3() as server:
        yield server


def store_of(s3: S3Server, folder: Path, **changes: object) -> ImageStore:
    settings = Settings.model_validate(s3.settings() | changes)
    return open_image_store(settings.image_store_url, folder, settings.s3)


def content_of(file: Path) -> bytes:
    return file.read_bytes()


@pytest.fixture
def boat(tmp_path: Path) -> Path:
    file = tmp_path / "boat"
    file.write_bytes(BOAT)
    return file


async def test_a_bucket_does_all_that_a_folder_does(s3: S3Server, boat: Path, tmp_path: Path) -> None:
    """Images are kept under their hash, come back byte for byte, and are deleted and swept."""
    images = store_of(s3, tmp_path)
    key = await images.keep(boat, ImageFormat.PNG)
    assert s3.names() == {key}
    await images.copy_to(key, tmp_path / "again")
    assert content_of(tmp_path / "again") == BOAT
    assert await images.size_of(key) == len(BOAT)
    assert await images.sweep(datetime.now(UTC) - timedelta(days=1)) == 0
    await images.forget(key)
    await images.forget(key)
    assert not await images.has(key)
    with pytest.raises(ImageLost):
        await images.copy_to(key, tmp_path / "again")
    await images.keep(boat, ImageFormat.PNG)
    assert await images.sweep(datetime.now(UTC) + timedelta(days=1)) == 1
    assert s3.names() == set()


async def test_a_probe_leaves_nothing_behind(s3: S3Server, tmp_path: Path) -> None:
    """`check` and `run` delete their test object."""
    await check_image_store(store_of(s3, tmp_path))
    assert s3.names() == set()


@pytest.mark.promise(StorageFault.STORE_MISSING)
async def test_a_bucket_that_does_not_exist_has_lost_nothing(s3: S3Server, boat: Path, tmp_path: Path) -> None:
    """A missing bucket answers like a missing object; it is an outage, or kept images would count as gone."""
    images = store_of(s3, tmp_path, image_store_url="s3://another-bucket")
    with pytest.raises(StartupError, match="the bucket does not exist"):
        await check_image_store(images)
    asks: list[Callable[[ImageStore], Awaitable[object]]] = [
        lambda images: images.has("ab/abc.png"),
        lambda images: images.copy_to("ab/abc.png", tmp_path / "again"),
        lambda images: images.forget("ab/abc.png"),
        lambda images: images.sweep(datetime.now(UTC)),
        lambda images: images.keep(boat, ImageFormat.PNG),
    ]
    for ask in asks:  # each of another store, since one that failed is left alone
        with pytest.raises(ImageStoreUnavailable) as outage:
            await ask(store_of(s3, tmp_path, image_store_url="s3://another-bucket"))
        assert outage.value.reason == "the bucket does not exist"


@pytest.mark.promise(StorageFault.STORE_MISSING)
async def test_a_folder_that_is_gone_has_lost_nothing(tmp_path: Path) -> None:
    """The same holds for a folder, such as one that is not mounted."""
    folder = tmp_path / "mounted"
    folder.mkdir()
    images = open_image_store(folder.as_uri(), tmp_path)
    folder.rmdir()
    with pytest.raises(ImageStoreUnavailable):
        await images.has("ab/abc.png")


async def test_a_server_that_is_away_is_one_outage_and_is_left_alone_for_a_moment(
    s3: S3Server, boat: Path, tmp_path: Path
) -> None:
    """Everything says so, at once after the first time; and works again without a restart."""
    heard: list[str | None] = []
    settings = Settings.model_validate(s3.settings())
    now = 0.0
    images = open_image_store(settings.image_store_url, tmp_path, settings.s3, heard.append)
    images = ImageStore(images._store, heard.append, lambda: now)
    key = await images.keep(boat, ImageFormat.PNG)
    with s3.away():
        with pytest.raises(ImageStoreUnavailable) as outage:
            await images.has(key)
        assert outage.value.reason == "the server does not answer"
        assert str(outage.value).startswith("I can't save anything right now. Nothing was charged")
    with pytest.raises(ImageStoreUnavailable):
        images.check_answers()
    now = 10.0
    assert await images.has(key)
    assert heard == [None, "the server does not answer", None]


WRONG, AWAY = "can't be used", "isn't available right now"


@pytest.mark.promise(StorageFault.STORE_DOWN_AT_START)
@pytest.mark.parametrize(
    ("status", "body", "sentence"),
    [
        (403, "<Error><Code>AccessDenied</Code></Error>", WRONG),
        (401, "", WRONG),
        (400, "<Error><Code>AuthorizationHeaderMalformed</Code></Error>", WRONG),
        (301, "<Error><Code>PermanentRedirect</Code></Error>", WRONG),
        (404, "<Error><Code>NoSuchBucket</Code></Error>", WRONG),
        (400, "<Error><Code>RequestTimeout</Code></Error>", AWAY),
        (429, "", AWAY),
        (500, "", AWAY),
        (503, "<Error><Code>SlowDown</Code></Error>", AWAY),
        (503, "<html>from a proxy</html>", AWAY),
    ],
)
async def test_check_tells_wrong_settings_from_an_outage(tmp_path: Path, status: int, body: str, sentence: str) -> None:
    """Both are failures; a start goes on without a store that is only away."""

    async def answer(_: web.Request) -> web.Response:
        return web.Response(status=status, text=body)

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", answer)
    async with TestServer(app) as server:
        options = {
            "access_key_id": "an-access-key",
            "secret_access_key": "a-secret",
            "endpoint": str(server.make_url("")),
        }
        images = open_image_store("s3://bucket", tmp_path, options)
        with pytest.raises(StartupError, match=sentence):
            await check_image_store(images)
        if sentence == WRONG:
            with pytest.raises(StartupError, match=sentence):
                await check_image_store_settings(images)
        else:
            await check_image_store_settings(images)
            assert images.failure is not None


@pytest.mark.parametrize(
    "settings", [{"aws_endpoint_url": "http://127.0.0.1:1"}, {"aws_endpoint_url": "http://no.invalid"}]
)
async def test_a_server_that_is_away_at_the_start_is_an_outage(
    s3: S3Server, tmp_path: Path, settings: dict[str, object]
) -> None:
    """Nobody answers at the address, or no name server knows it just now."""
    images = store_of(s3, tmp_path, **settings)
    await check_image_store_settings(images)
    assert images.failure == "the server does not answer"


@pytest.mark.parametrize(
    ("number", "is_lasting"), [(2, True), (13, True), (20, True), (30, True), (5, False), (28, False)]
)
def test_a_folder_that_cannot_be_written_is_told_from_a_full_disk(number: int, is_lasting: bool) -> None:
    """Rights, a read-only file system and a file in the folder's place last; a full or failing disk may pass."""
    said = f"Generic LocalFileSystem error: Unable to open file /images/a#1: {os.strerror(number)} (os error {number})"
    assert store_failure(GenericError(said)) == StoreFailure(os.strerror(number), is_lasting)


@pytest.mark.promise(StorageFault.STORE_UNUSABLE)
async def test_credentials_are_named_where_there_are_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without keys, obstore asks the machine that rents itself out; elsewhere nobody answers there."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_METADATA_ENDPOINT", "http://127.0.0.1:1")
    with pytest.raises(StartupError, match="there are no credentials: set AWS_ACCESS_KEY_ID"):
        await check_image_store_settings(open_image_store("s3://bucket", tmp_path))


def test_no_secret_is_shown() -> None:
    """Settings that are printed, as in a traceback, show no key."""
    settings = Settings.model_validate({"aws_access_key_id": "visible-key", "aws_secret_access_key": "visible-secret"})
    assert "visible" not in repr(settings)
    assert settings.s3 == {"access_key_id": "visible-key", "secret_access_key": "visible-secret"}
