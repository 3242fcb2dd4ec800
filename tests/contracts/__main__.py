"""`make contracts`: download the missing documents, and write the stand-in's facts, routes and request bodies."""

import asyncio
import json
import sys

from tests.contracts import facts, requests, routes
from tests.contracts.download import SOURCES, DownloadFailed, download
from tests.contracts.published import FOLDER, document_path


async def main() -> None:
    """Take documents beside the checkout as they are; download the others, and those that are out of date."""
    for platform, source in SOURCES.items():
        known = document_path(platform)
        path = known if known and known.parent != FOLDER else await download(platform, source)
        if platform == "discord":
            document = json.loads(path.read_text(encoding="utf-8"))
            for written in (facts, routes, requests):
                written.TARGET.write_text(written.written_from(document), encoding="utf-8")


try:
    asyncio.run(main())
except DownloadFailed as failure:
    sys.exit(str(failure))
