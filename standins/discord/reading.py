"""The reading of an app's messages, forms and choices by people, which a test of translations can replace."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

from standins.discord.model.messages import Draft
from standins.discord.payload import Payload

Reads = Callable[[str], str]

TEXTS: Final = frozenset({"content", "label", "description", "placeholder", "title", "name", "text"})
"""The fields of Discord's JSON whose text people read."""


def read_draft(draft: Draft, reads: Reads) -> Draft:
    """Return a message as people read it."""
    if reads is str:
        return draft
    return replace(
        draft,
        content=reads(draft.content),
        embeds=tuple(read_payload(each, reads) for each in draft.embeds),
        components=tuple(read_payload(each, reads) for each in draft.components),
        attachments=tuple(
            replace(each, description=each.description and reads(each.description)) for each in draft.attachments
        ),
    )


def read_payload(payload: Payload, reads: Reads) -> Payload:
    """Return Discord's JSON with its texts as people read them."""
    if reads is str:
        return payload
    return {name: _read(name, value, reads) for name, value in payload.items()}


def _read(name: str, value: Any, reads: Reads) -> Any:  # noqa: ANN401  (JSON)
    match value:
        case str():
            return reads(value) if name in TEXTS else value
        case Mapping():
            return read_payload({**value}, reads)
        case [*items]:
            return [_read(name, each, reads) for each in items]
        case _:
            return value
