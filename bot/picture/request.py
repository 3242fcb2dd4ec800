"""One request for a picture, the same from whichever door it comes."""

import secrets
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from bot.errors import InvalidRequest
from bot.picture.formats import ImageFormat
from bot.picture.invisible import has_something_to_see
from bot.picture.params import SEED_DRAWN_BELOW, FluxParams, Resolution

PROMPT_MAX = 2000  # characters, Apiframe's bound
MEGAPIXEL = 1024 * 1024
MEGAPIXELS_MAX = 4.0
REFERENCES_MAX = 8  # Flux 2 Max takes no more


class Reference(BaseModel):
    """A reference image whose bytes were checked and kept.

    `url` is where Discord shows it, for about a day; None for bytes that were never attached to a message.
    """

    model_config = ConfigDict(frozen=True)

    url: str | None = Field(repr=False)  # signed: whoever has it can see the image
    key: str  # of the kept bytes, see `bot.storage.images`
    format: ImageFormat
    width: int  # pixels
    height: int  # pixels


class ImagineRequest(BaseModel):
    """A prompt, what was chosen beside it, and the reference images in their order."""

    model_config = ConfigDict(frozen=True)

    prompt: str
    params: FluxParams = FluxParams()
    references: tuple[Reference, ...] = ()
    private: bool = False  # shown to the person who asked, and to nobody else
    spoiler: bool = False  # covered until somebody looks

    @field_validator("prompt")
    @classmethod
    def _prompt_length(cls, prompt: str) -> str:
        if not has_something_to_see(prompt):
            raise InvalidRequest("The prompt is empty: say in a few words what to draw.")
        if len(prompt) > PROMPT_MAX:
            too_many = len(prompt) - PROMPT_MAX
            raise InvalidRequest(f"The prompt may have {PROMPT_MAX} characters: shorten it by {too_many}.")
        return prompt

    @model_validator(mode="after")
    def _references(self) -> Self:
        if len(self.references) > REFERENCES_MAX:
            raise InvalidRequest(f"A picture takes up to {REFERENCES_MAX} reference images: leave out the others.")
        check_references_suffice(self.params, len(self.references))
        return self

    @property
    def megapixels(self) -> float:
        """Return how large the picture will be, in units of 1024 x 1024 pixels; 1 where nothing was chosen."""
        params = self.params
        if params.width is not None and params.height is not None:
            return params.width * params.height / MEGAPIXEL
        if params.resolution is Resolution.MATCH_INPUT_IMAGE and self.references:
            return min(self.references[0].width * self.references[0].height / MEGAPIXEL, MEGAPIXELS_MAX)
        return float(params.resolution) if params.resolution not in {None, Resolution.MATCH_INPUT_IMAGE} else 1.0

    def seeded(self) -> Self:
        """Return this request with a seed, drawing one if the person chose none, so that it can be made again."""
        if self.params.seed is not None:
            return self
        return self.model_copy(
            update={"params": self.params.model_copy(update={"seed": secrets.randbelow(SEED_DRAWN_BELOW)})}
        )


def check_references_suffice(params: FluxParams, reference_count: int) -> None:
    """Raise `InvalidRequest` if the picture shall follow an image and there is none."""
    if params.follows_input_image and reference_count == 0:
        raise InvalidRequest(
            "`match_input_image` follows the first reference image: attach one as `image1`, or choose another value."
        )
