"""`make contracts`: download the documents that are missing, and write the stand-in's table of facts."""

import asyncio
import json
import sys

from tests.contracts.download import SOURCES, DownloadFailed, download
from tests.contracts.facts import TARGET, written_from
from tests.contracts.published import FOLDER, document_path


async def main() -> None:
    """Take documents beside the checkout as they are; download the others, and those that are out of date."""
    for platform, source in SOURCES.items():
        known = document_path(platform)
        path = known if known and known.parent != FOLDER else await download(platform, source)
        if platform == "discord":
            TARGET.write_text(written_from(json.loads(path.read_text(encoding="utf-8"))), encoding="utf-8")


try:
    asyncio.run(main())
except DownloadFailed as failure:
    sys.exit(str(failure))
