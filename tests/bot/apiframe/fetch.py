"""A download as the tests make it: with a cap and a deadline that suit them."""

from pathlib import Path

import pytest

from bot.apiframe.download import Downloader
from bot.apiframe.errors import DownloadError
from tests.bot.apiframe.far_end import FarEnd, told

CAP_BYTES = 300_000


class Fetch:
    """Downloads a server's file into its own folder."""

    def __init__(self, downloader: Downloader, far_end: FarEnd, folder: Path) -> None:
        self.downloader = downloader
        self.far_end = far_end
        self.to = folder / "picture"

    async def __call__(self, *, max_bytes: int = CAP_BYTES, deadline_seconds: float = 5.0) -> None:
        await self.downloader.download(
            self.far_end.url, self.to, max_bytes=max_bytes, deadline_seconds=deadline_seconds
        )

    async def fails(
        self, kind: type[DownloadError], *, max_bytes: int = CAP_BYTES, deadline_seconds: float = 5.0
    ) -> DownloadError:
        """Expect an error of this kind, no file left behind, and no signed address in sight."""
        with pytest.raises(kind) as failure:
            await self(max_bytes=max_bytes, deadline_seconds=deadline_seconds)
        assert list(self.to.parent.iterdir()) == []
        assert "s3cret" not in told(failure.value)
        return failure.value
