"""The published OpenAPI documents, where this checkout has them beside it."""

from functools import cache
from pathlib import Path
from typing import Literal

from tests.contracts.openapi import Contract

FOLDER = Path(__file__).parents[2] / "../shared/contracts"
MISSING = (
    "The platforms' OpenAPI documents are not beside this checkout: put Discord's (from its public API specification) "
    "at ../shared/contracts/discord-openapi.json, and Apiframe's (from its Node.js SDK) beside it, at "
    "apiframe-openapi.json."
)


@cache
def published_contract(platform: Literal["apiframe", "discord"]) -> Contract | None:
    """Return the platform's contract, loaded once; None where its document is missing."""
    path = FOLDER / f"{platform}-openapi.json"
    return Contract.load(path) if path.exists() else None
