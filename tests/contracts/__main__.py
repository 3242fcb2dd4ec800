"""`make contracts`: download the missing documents, and write the tables that follow from them."""

import asyncio
import json
import sys

from tests.contracts import facts, requests, routes, shapes
from tests.contracts.download import SOURCES, DownloadFailed, download
from tests.contracts.published import FOLDER, document_path
from tests.contracts.recording import record_stand_ins


async def main() -> None:
    """Take documents beside the checkout as they are; download the others, and those that are out of date."""
    documents = {}
    for platform, source in SOURCES.items():
        known = document_path(platform)
        path = known if known and known.parent != FOLDER else await download(platform, source)
        documents[platform] = json.loads(path.read_text(encoding="utf-8"))
    for written in (facts, routes, requests):
        written.TARGET.write_text(written.written_from(documents["discord"]), encoding="utf-8")
    shapes.TARGET.write_text(shapes.written_from(documents, await record_stand_ins()), encoding="utf-8")


try:
    asyncio.run(main())
except DownloadFailed as failure:
    sys.exit(str(failure))
