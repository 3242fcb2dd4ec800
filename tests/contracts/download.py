"""Download the platforms' OpenAPI documents from their publishers, each pinned to a commit and a checksum."""

from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final

import aiohttp

from tests.contracts.published import FOLDER, Platform


class DownloadFailed(Exception):
    """A document could not be had, with a sentence that says why and what to do."""


@dataclass(frozen=True)
class Source:
    """A document's address, and the hash of its bytes."""

    url: str
    sha256: str


SOURCES: Final[dict[Platform, Source]] = {
    "discord": Source(
        "https://raw.githubusercontent.com/discord/discord-api-spec/74fda0fad044407ea280043a03ffc9bc64c4e49e/specs/openapi.json",
        "8c1d0707ccdf8e380a86dfba04058820a66435c1b69d5ed82e04dd8c0520dd73",
    ),
    "apiframe": Source(
        "https://raw.githubusercontent.com/apiframe-ai/apiframe-nodejs-sdk/9f9b4641352e7f263b1d190440d8ee9349bb667d/openapi.json",
        "fd83b735a0d48598429b8ae60e53a48160d63ee3f2dc93a327518a0fff8aa4a0",
    ),
}


async def download(platform: Platform, source: Source, folder: Path = FOLDER) -> Path:
    """Save the document, unless it is there already, and return its path."""
    path = folder / f"{platform}-openapi.json"
    if path.exists() and sha256(path.read_bytes()).hexdigest() == source.sha256:
        return path
    content = await _fetched(source.url)
    if (found := sha256(content).hexdigest()) != source.sha256:
        raise DownloadFailed(f"{source.url} is not the document that was pinned: its SHA-256 is {found}.")
    _save(path, content)
    return path


def _save(path: Path, content: bytes) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content)


async def _fetched(url: str) -> bytes:
    timeout = aiohttp.ClientTimeout(total=60)
    try:
        async with aiohttp.ClientSession(timeout=timeout, trust_env=True, raise_for_status=True) as session:
            return await (await session.get(url)).read()
    except (aiohttp.ClientError, TimeoutError) as cause:
        reason = str(cause) or "no answer within 60 seconds"
        raise DownloadFailed(f"Could not download {url} ({reason}). Save it in {FOLDER.name}/ by hand.") from cause
