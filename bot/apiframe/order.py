"""An order for a picture: its body, word for word, and the same in the other spelling."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Self

from bot.apiframe.wire_format import InputImage, WireFormat, encode_params
from bot.picture.params import FluxParams

MODEL = "flux-2-max"
WEBHOOK_EVENTS = ("progress", "completed", "failed")
Size = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Order:
    """One order: `body` is the JSON that every try sends, `sizes` are those of its reference images in pixels.

    Apiframe answers a repeated key with the first job, and with 409 if the body differs.
    """

    body: str = field(repr=False)
    params: FluxParams = field(repr=False)
    sizes: tuple[Size, ...]
    wire_format: WireFormat

    @classmethod
    def write(
        cls,
        prompt: str,
        params: FluxParams,
        images: Sequence[InputImage] = (),
        *,
        wire_format: WireFormat = WireFormat.DOCUMENTED,
        webhook_url: str | None = None,
    ) -> Self:
        """Write a new order down, in one spelling."""
        content: dict[str, object] = {"prompt": prompt, "model": MODEL}
        if webhook_url is not None:
            content |= {"webhookUrl": webhook_url, "webhookEvents": WEBHOOK_EVENTS}
        sizes = tuple((image.width, image.height) for image in images)
        return cls(_with_params(content, encode_params(params, images, wire_format)), params, sizes, wire_format)

    @classmethod
    def kept(cls, body: str, params: FluxParams, sizes: Sequence[Size]) -> Self:
        """Return an order that was stored earlier, in either wire format."""
        documented = cls(body, params, tuple(sizes), WireFormat.DOCUMENTED)
        return (
            documented
            if documented._in(WireFormat.DOCUMENTED) == body
            else replace(documented, wire_format=WireFormat.TABLE)
        )

    def rewritten(self) -> Self | None:
        """Return the order in the other spelling, with the same links; None if both write the same."""
        body = self._in(self.wire_format.other)
        return None if body == self.body else replace(self, body=body, wire_format=self.wire_format.other)

    def _in(self, wire_format: WireFormat) -> str:
        content: dict[str, Any] = json.loads(self.body)
        links = content.get("fluxParams", {}).get("input_images", [])
        images = [InputImage(link, *size) for link, size in zip(links, self.sizes, strict=True)]
        return _with_params(content, encode_params(self.params, images, wire_format))


class OrderRecord:
    """The memory of an order that is being sent; this one forgets, for orders that are never repeated."""

    async def keep(self, order: Order) -> None:
        """Remember the order, before each try to send it; an exception prevents that."""

    async def drop(self) -> None:
        """Forget the order, because no try of it was accepted."""


class Submission:
    """An order on its way to Apiframe: its current body, and whether an attempt may have been accepted."""

    def __init__(self, order: Order, key: str, record: OrderRecord) -> None:
        self.order = order
        self.key = key
        self.record = record
        self.in_doubt = False


def _with_params(content: dict[str, Any], flux_params: dict[str, object]) -> str:
    others = {name: value for name, value in content.items() if name != "fluxParams"}
    return json.dumps(others | ({"fluxParams": flux_params} if flux_params else {}))
