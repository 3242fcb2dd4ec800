"""Deviations from the documents that the platforms accept in practice, each with its reason."""

import json
from collections.abc import Iterator
from typing import Final

CONFLICT: Final = ("POST", "/v2/images/generate", 409)


def as_the_document_writes_it(body: object) -> object:
    """Convert the ids of attachments, of the message replied to, and of the recipient to strings.

    The document has them so. discord.py writes JSON numbers (`attachments[].id`, the ids in `message_reference`, and
    `recipient_id`), and every bot that runs on it does so: Discord takes them. Attachments stand at the top of a
    message, or under `data` in an interaction's callback. For kinds, see `_with_documented_kinds`.
    """
    body = _with_documented_kinds(body)
    if not isinstance(body, dict):
        return body
    written = dict(body)
    if isinstance(body.get("data"), dict):
        written["data"] = as_the_document_writes_it(body["data"])
    if isinstance(body.get("attachments"), list):
        written["attachments"] = [_with_text_ids(attachment, "id") for attachment in body["attachments"]]
    if "message_reference" in body:
        written["message_reference"] = _with_text_ids(body["message_reference"], "message_id", "channel_id", "guild_id")
    return _with_text_ids(written, "recipient_id")


def answer_as_the_document_writes_it(body: object) -> object:
    """Write the codes inside a form's `errors` as integers, as Discord's document has them.

    Discord itself sends words there (`BASE_TYPE_REQUIRED`): its reference shows them so under "Error Messages". The
    code of the whole answer is a number, and stays under the document's rule, as does everything else in the tree. For
    kinds, see `_with_documented_kinds`.
    """
    body = _with_documented_kinds(body)
    if not isinstance(body, dict) or not isinstance(body.get("errors"), dict):
        return body
    return {**body, "errors": _with_numbered_codes(body["errors"])}


def is_answered_all_the_same(method: str, path: str, status: int) -> bool:
    """Return True for a status that a document leaves out.

    Apiframe's SDK names the 409 of an order: "an idempotency key replayed with a different body".
    """
    return (method, path, status) == CONFLICT


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


def _with_documented_kinds(part: object) -> object:
    """Leave out media channels (16) as a choice, and write one as a forum (15); write a forward (1) as an answer (0).

    Both have been there for years, and Discord's reference names them under "Channel Types" and "Message Reference
    Types"; its OpenAPI document lacks them.
    """
    match part:
        case [*items]:
            return [_with_documented_kinds(item) for item in items]
        case {**fields}:
            written = {name: _with_documented_kinds(each) for name, each in fields.items()}
            if isinstance(kinds := written.get("channel_types"), list):
                written["channel_types"] = [each for each in kinds if each != 16]
            if written.get("type") == 16 and "permission_overwrites" in written:
                written["type"] = 15
            if isinstance(reference := written.get("message_reference"), dict) and reference.get("type") == 1:
                written["message_reference"] = {**reference, "type": 0}
            return written
        case _:
            return part


def _with_text_ids(part: object, *names: str) -> object:
    if not isinstance(part, dict):
        return part
    return part | {name: str(part[name]) for name in names if type(part.get(name)) is int}


def _with_numbered_codes(tree: dict[str, object]) -> dict[str, object]:
    written: dict[str, object] = {}
    for key, part in tree.items():
        if key == "_errors" and isinstance(part, list):
            written[key] = [_with_numbered_code(error) for error in part]
        else:
            written[key] = _with_numbered_codes(part) if isinstance(part, dict) else part
    return written


def _with_numbered_code(error: object) -> object:
    return {**error, "code": 0} if isinstance(error, dict) and isinstance(error.get("code"), str) else error
