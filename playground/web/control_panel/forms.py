"""The forms of the control panel, as values with their bounds."""

from typing import Annotated, TypeVar

from aiohttp import web
from pydantic import BaseModel, Field, ValidationError

from playground.web.control_panel.switches import Setting

M = TypeVar("M", bound=BaseModel)

MOST_CREDITS = 1_000_000
MOST_SECONDS = 600


class CreditsForm(BaseModel, frozen=True):
    """The number of credits that the team gets."""

    credits: Annotated[int, Field(ge=0, le=MOST_CREDITS)]


class PaceForm(BaseModel, frozen=True):
    """The number of seconds that a picture takes."""

    seconds: Annotated[float, Field(ge=0, le=MOST_SECONDS)]


class SettingForm(BaseModel, frozen=True):
    """The new setting of a switch."""

    setting: Setting


class LimitForm(BaseModel, frozen=True):
    """True if Discord's rate limits should be tight."""

    tight: bool


async def read_form(request: web.Request, form: type[M]) -> M:
    """Return the values of a submitted form; 400 with the invalid fields if the form couldn't have sent them."""
    try:
        return form.model_validate(dict(await request.post()))
    except ValidationError as wrong:
        fields = ", ".join(f"{finding['loc'][0]}: {finding['msg']}" for finding in wrong.errors())
        raise web.HTTPBadRequest(text=fields) from None
