"""Write the routes of Discord's document, which its stand-in answers or says that it doesn't."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from tests.contracts.operations import METHODS

TARGET: Final = Path(__file__).parents[2] / "standins/discord/rest/documented.py"


def written_from(document: Mapping[str, Any]) -> str:
    """Return the text of the module, from Discord's OpenAPI document."""
    return "\n".join(_lines(document["paths"])) + "\n"


def _lines(paths: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    yield '"""All routes of Discord\'s OpenAPI document. Written by `make contracts`."""'
    yield ""
    yield "from collections.abc import Mapping"
    yield "from typing import Final"
    yield ""
    yield "METHODS_OF: Final[Mapping[str, str]] = {"
    for path in sorted(paths):
        yield f'    "{path}": "{" ".join(sorted(method.upper() for method in METHODS & set(paths[path])))}",'
    yield "}"
