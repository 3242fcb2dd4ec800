"""Between a row of `generations` and a `Generation`."""

from typing import Any

from pydantic import SecretStr
from sqlalchemy import RowMapping

from bot.picture.generation import BatchPlace, Derivation, Generation, Parent
from bot.picture.origin import InteractionAnswer, Origin
from bot.storage.folding import fold_case

_SAME_IN_BOTH = (
    *("id", "state", "created_at", "usual_seconds", "card_id", "message_id", "message_channel_id"),
    *("job_id", "submitted_at", "order_body", "delivery_began_at", "finished_at", "credits", "result_url", "image_key"),
    *("image_width", "image_height", "unsaved_since", "deleted_at", "approved_at", "refunded"),
)
_ORIGIN = {"guild_id", "channel_id", "user_id", "upload_limit_bytes", "reply_to_id", "age_restricted", "locale"}
_REQUEST = ("prompt", "params", "references", "private", "spoiler", "style")


def to_generation(row: RowMapping) -> Generation:
    """Return what a row says; raise pydantic's `ValidationError` if it was written by a stranger."""
    answer = None
    if row["interaction_token"] is not None:
        answer = InteractionAnswer(
            application_id=row["application_id"],
            token=SecretStr(row["interaction_token"]),
            expires_at=row["interaction_expires_at"],
        )
    columns = {name: row[name] for name in _SAME_IN_BOTH}
    parts = {
        "request": {name: row[name] for name in _REQUEST} | {"sources": row["sources"] or {}},
        "origin": Origin(
            guild_id=row["guild_id"],
            channel_id=row["channel_id"],
            user_id=row["user_id"],
            upload_limit_bytes=row["upload_limit_bytes"],
            answer=answer,
            reply_to_id=row["reply_to_id"],
            age_restricted=row["age_restricted"],
            locale=row["locale"],
        ),
        "parent": None if row["parent_id"] is None else _parent(row),
        "batch": None if row["batch_id"] is None else _batch(row),
        "failure": row["failure"],
        "review": row["review"],
        "estimate": row["estimate"],
    }
    return Generation.model_validate(columns | parts)


def to_row(generation: Generation) -> dict[str, Any]:
    """Return the columns of a generation; the ledger adds its own."""
    origin, request = generation.origin, generation.request
    row: dict[str, Any] = {name: getattr(generation, name) for name in _SAME_IN_BOTH}
    row |= origin.model_dump(include=_ORIGIN)
    row |= {
        "server_key": origin.server_key,
        "event": None if origin.event is None else origin.event.key,
        "prompt": request.prompt,
        "prompt_folded": fold_case(request.prompt),
        "private": request.private,
        "spoiler": request.spoiler,
        "params": request.params.model_dump(mode="json", exclude_none=True),
        "references": [reference.model_dump(mode="json") for reference in request.references],
        "style": None if request.style is None else request.style.model_dump(mode="json"),
        "style_id": None if request.style is None else request.style.id,
        "sources": request.sources or None,
        "failure": None if generation.failure is None else generation.failure.model_dump(mode="json"),
        "estimate": None if generation.estimate is None else generation.estimate.model_dump(mode="json"),
        "review": None if generation.review is None else generation.review.model_dump(mode="json"),
    }
    if (parent := generation.parent) is not None:
        row |= {
            "parent_id": parent.id,
            "parent_derivation": parent.derivation,
            "parent_channel_id": parent.channel_id,
            "parent_message_id": parent.message_id,
        }
    if (batch := generation.batch) is not None:
        row |= {"batch_id": batch.id, "batch_place": batch.place, "batch_size": batch.size}
    if origin.answer is not None:
        row |= {
            "application_id": origin.answer.application_id,
            "interaction_token": origin.answer.token.get_secret_value(),
            "interaction_expires_at": origin.answer.expires_at,
        }
    return row


def _batch(row: RowMapping) -> BatchPlace:
    return BatchPlace(id=row["batch_id"], place=row["batch_place"], size=row["batch_size"])


def _parent(row: RowMapping) -> Parent:
    return Parent(
        id=row["parent_id"],
        derivation=Derivation(row["parent_derivation"]),
        channel_id=row["parent_channel_id"],
        message_id=row["parent_message_id"],
    )
