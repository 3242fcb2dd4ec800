"""One request for a picture, the same for every way to ask."""

import secrets
from enum import StrEnum
from typing import Self

from pydantic import BaseModel, ConfigDict, Field

from bot.errors import InvalidRequest
from bot.i18n import _, ngettext
from bot.picture.formats import ImageFormat
from bot.picture.invisible import has_something_to_see
from bot.picture.params import SEED_DRAWN_BELOW, SEED_LIMIT, FluxParams
from bot.picture.size import Size, size_of
from bot.picture.style_use import StyleUse

PROMPT_MAX = 2000  # characters, Apiframe's bound
PICTURES_MAX = 4  # of one command: a gallery of more is small on a phone
REFERENCES_MAX = 8  # Flux 2 Max takes no more


class Source(StrEnum):
    """The layer that a choice comes from, the strongest first."""

    TYPED = "typed"  # in a command, a form or a message
    STYLE = "style"
    MEMBER = "member"  # the member's own defaults
    SERVER = "server"  # the server's defaults


class Reference(BaseModel):
    """A reference image whose bytes were checked and kept.

    `url` is where Discord shows it, for about a day; None for bytes that were never attached to a message.
    """

    model_config = ConfigDict(frozen=True)

    url: str | None = Field(repr=False)  # signed: anybody with the link can see the image
    key: str  # of the kept bytes, see `bot.storage.images`
    format: ImageFormat
    width: int  # pixels
    height: int  # pixels


class ImagineRequest(BaseModel):
    """A prompt in its member's words, its options and style, and the reference images in their order, the style's last.

    `ImagineDraft.check` checks it once, when it is made.
    """

    model_config = ConfigDict(frozen=True)

    prompt: str
    params: FluxParams = FluxParams()
    references: tuple[Reference, ...] = ()
    private: bool = False  # shown to the person who asked, and to nobody else
    spoiler: bool = False  # covered until somebody looks
    style: StyleUse | None = None
    sources: dict[str, Source] = {}  # of the choices that weren't typed, by the name of their option

    @property
    def ordered_prompt(self) -> str:
        """Return the prompt as it is ordered: in its style's frame."""
        return self.prompt if self.style is None else self.style.framed(self.prompt)

    @property
    def all_words(self) -> str:
        """Return all words that others read or the model gets."""
        return self.prompt if self.style is None else f"{self.ordered_prompt}\n{self.style.name}"

    @property
    def own_references(self) -> tuple[Reference, ...]:
        """Return the references that don't come from the style."""
        return self.references[: len(self.references) - (0 if self.style is None else self.style.images)]

    @property
    def style_references(self) -> tuple[Reference, ...]:
        """Return the references that come from the style."""
        return self.references[len(self.own_references) :]

    @property
    def size(self) -> Size:
        """Return the size that the picture will have."""
        first = self.references[0] if self.references else None
        return size_of(self.params, None if first is None else Size(first.width, first.height))

    @property
    def asked_size(self) -> Size | None:
        """Return the size that was asked for, or None where the model chooses the size or the shape itself."""
        params = self.params
        if params.is_custom_size or params.aspect_ratio is not None or params.follows_input_shape:
            return self.size
        return self.size if params.resolution is not None and not self.references else None

    def with_params(self, params: FluxParams) -> Self:
        """Return this request with other choices."""
        return self.model_copy(update={"params": params})

    def seeded(self, *, after: int = 0) -> Self:
        """Return this request with a seed, drawing one if the person chose none, so that it can be made again.

        For the picture that comes `after` some others of a command, the chosen seed is raised by their number.
        """
        if (seed := self.params.seed) is not None:
            seed += after if seed + after <= SEED_LIMIT else -after
            return self.with_params(self.params.model_copy(update={"seed": seed}))
        return self.with_params(self.params.model_copy(update={"seed": secrets.randbelow(SEED_DRAWN_BELOW)}))


def check_prompt(prompt: str, style: StyleUse | None = None) -> None:
    """Raise `InvalidRequest` for a prompt that is empty, or too long by itself or in its style's frame."""
    if not has_something_to_see(prompt):
        raise InvalidRequest(_("The prompt is empty. Describe your picture in a few words."))
    if len(prompt) > PROMPT_MAX:
        too_many = len(prompt) - PROMPT_MAX
        raise InvalidRequest(
            ngettext(
                "The prompt can have up to {most} characters. Shorten it by {count} character.",
                "The prompt can have up to {most} characters. Shorten it by {count} characters.",
                too_many,
                most=PROMPT_MAX,
            )
        )
    if style is not None and (too_many := len(style.framed(prompt)) - PROMPT_MAX) > 0:
        raise InvalidRequest(
            ngettext(
                "With the words of the style `{style}`, the prompt can have up to {most} characters. Shorten yours by "
                "{count} character. Nothing was charged.",
                "With the words of the style `{style}`, the prompt can have up to {most} characters. Shorten yours by "
                "{count} characters. Nothing was charged.",
                too_many,
                style=style.name,
                most=PROMPT_MAX,
            )
        )


def check_references_suffice(params: FluxParams, reference_count: int) -> None:
    """Raise `InvalidRequest` if the picture should follow an image and there is none."""
    if params.follows_input_image and reference_count == 0:
        raise InvalidRequest(
            _("`match_input_image` uses the first reference image. Attach one as `image1`, or choose another value.")
        )
