"""`make imitation`: write the tables of docs/imitation.md from the answers of the stand-ins."""

import asyncio
import sys

from tests.contracts.published import MISSING, published_contract
from tests.imitation.page import PAGE, rendered

discord, apiframe = published_contract("discord"), published_contract("apiframe")
if discord is None or apiframe is None:
    sys.exit(MISSING)
PAGE.write_text(asyncio.run(rendered(PAGE.read_text(), discord, apiframe)))
