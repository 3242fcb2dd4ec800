"""The platforms' OpenAPI documents: in `contracts/`, which `make contracts` fills, or beside this checkout."""

from functools import cache
from pathlib import Path
from typing import Final, Literal

from standins.exchange import Exchange
from tests.contracts.openapi import Contract

Platform = Literal["apiframe", "discord"]

ROOT: Final = Path(__file__).parents[2]
FOLDER: Final = ROOT / "contracts"
FOLDERS: Final = (FOLDER, ROOT / "../shared/contracts")
MISSING: Final = "The platforms' OpenAPI documents are missing: `make contracts` downloads them."


def document_path(platform: Platform) -> Path | None:
    """Return where the platform's document is; None where it is missing."""
    paths = (folder / f"{platform}-openapi.json" for folder in FOLDERS)
    return next((path for path in paths if path.exists()), None)


class Unchecked:
    """Counts the exchanges that no document was there for."""

    def __init__(self) -> None:
        self._exchanges = 0

    def note(self, _: Exchange) -> None:
        """Count one more."""
        self._exchanges += 1

    def take(self) -> int:
        """Return how many there were since the last call."""
        taken, self._exchanges = self._exchanges, 0
        return taken


UNCHECKED: Final = Unchecked()


@cache
def published_contract(platform: Platform) -> Contract | None:
    """Return the platform's contract, loaded once; None where its document is missing."""
    path = document_path(platform)
    return Contract.load(path) if path else None
