"""What the forms behind the curtain send, as values with their bounds."""

from typing import Annotated, TypeVar

from aiohttp import web
from pydantic import BaseModel, Field, ValidationError

from playground.web.control_panel.switches import Setting

M = TypeVar("M", bound=BaseModel)

MOST_CREDITS = 1_000_000
MOST_SECONDS = 600


class CreditsForm(BaseModel, frozen=True):
    """How many credits the team shall have."""

    credits: Annotated[int, Field(ge=0, le=MOST_CREDITS)]


class PaceForm(BaseModel, frozen=True):
    """For how many seconds a picture shall be drawn."""

    seconds: Annotated[float, Field(ge=0, le=MOST_SECONDS)]


class SettingForm(BaseModel, frozen=True):
    """What a switch shall be set to."""

    setting: Setting


class LimitForm(BaseModel, frozen=True):
    """Whether Discord's rate limits shall be tight."""

    tight: bool


async def read_form(request: web.Request, form: type[M]) -> M:
    """Return what a form sent; 400 with the wrong fields for what it could not have sent."""
    try:
        return form.model_validate(dict(await request.post()))
    except ValidationError as wrong:
        fields = ", ".join(f"{finding['loc'][0]}: {finding['msg']}" for finding in wrong.errors())
        raise web.HTTPBadRequest(text=fields) from None
