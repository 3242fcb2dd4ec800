"""The HTTP exchanges between the bot and a stand-in, for contract checks."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Exchange:
    """One HTTP request to a stand-in and its answer; bodies are parsed JSON, or None where there was none.

    `path` is relative to the API's base (`/channels/123/messages`); of a multipart body, `request_body` is its
    `payload_json` (Discord) or None, and `request_files` maps each part's name to its file name.
    """

    method: str
    path: str
    query: Mapping[str, str]
    request_headers: Mapping[str, str]
    request_body: object
    request_files: Mapping[str, str]
    request_content_type: str
    status: int
    response_headers: Mapping[str, str]
    response_body: object


Observer = Callable[[Exchange], None]
