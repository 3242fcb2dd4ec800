"""What a platform demonstrably takes although its document says otherwise. Each with its reason, and nothing else."""

import json
from collections.abc import Iterator


def as_the_document_writes_it(body: object) -> object:
    """Write the ids of attachments as strings, as the document has them.

    discord.py numbers the files of a message with JSON numbers (`attachments[].id`), and every bot that runs on it
    does so: Discord takes them. They stand at the top of a message, or under `data` in an interaction's callback.
    """
    if not isinstance(body, dict):
        return body
    written = dict(body)
    if isinstance(body.get("data"), dict):
        written["data"] = as_the_document_writes_it(body["data"])
    if isinstance(body.get("attachments"), list):
        written["attachments"] = [_with_text_id(attachment) for attachment in body["attachments"]]
    return written


def spellings_of_parameter(given: str) -> Iterator[object]:
    """Return what a parameter's text may mean, itself first: a URL knows no types but text.

    `1` and `0` are booleans too: discord.py writes `with_response=1` and `wait=1`, and Discord takes them.
    """
    yield given
    if given in {"0", "1"}:
        yield given == "1"
    try:
        yield json.loads(given)
    except ValueError:
        yield given.split(",")


def _with_text_id(attachment: object) -> object:
    if isinstance(attachment, dict) and type(attachment.get("id")) is int:
        return {**attachment, "id": str(attachment["id"])}
    return attachment
