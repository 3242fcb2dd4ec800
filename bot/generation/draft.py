"""A member's request, before its images are checked."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Self

from bot.errors import InvalidRequest
from bot.i18n import _, ngettext
from bot.images.references import Attachment
from bot.picture.choices import prompts_of
from bot.picture.generation import Derivation, Generation, Parent
from bot.picture.params import FluxParams
from bot.picture.request import (
    PICTURES_MAX,
    REFERENCES_MAX,
    ImagineRequest,
    Reference,
    check_prompt,
    check_references_suffice,
)
from bot.picture.style import Style, layered
from bot.picture.style_use import StyleUse


@dataclass(frozen=True, slots=True)
class EditedPicture:
    """A picture of ours that another is made from, and how Discord shows it, in case that its bytes are not kept."""

    picture: Generation
    shown: Attachment | None


@dataclass(frozen=True, slots=True)
class ImagineDraft:
    """A prompt and choices, references that are kept already, and attachments that come after those.

    A picture that is `edited` comes before them all, and the images of the style after them. `count` pictures are made
    of it, each with a seed of its own, and of the `prompts` if they differ. `style_name` is looked up when the pictures
    are reserved.
    """

    prompt: str
    params: FluxParams = field(default_factory=FluxParams)
    references: tuple[Reference, ...] = ()
    attachments: Sequence[Attachment] = ()
    edited: EditedPicture | None = None
    private: bool = False
    spoiler: bool = False
    parent: Parent | None = None
    count: int = 1
    prompts: Sequence[str] = ()
    style_name: str | None = None
    style: StyleUse | None = None
    style_references: tuple[Reference, ...] = ()

    @classmethod
    def like(cls, generation: Generation, derivation: Derivation) -> Self:
        """Return the draft of the same picture again, as a child of that one."""
        request = generation.request
        return cls(
            prompt=request.prompt,
            params=request.params,
            references=request.own_references,
            style=request.style,
            style_references=request.style_references,
            private=request.private,
            spoiler=request.spoiler,
            parent=generation.as_parent(derivation),
        )

    @property
    def reference_count(self) -> int:
        """Return how many images each picture is made from."""
        return self.own_count + len(self.style_references)

    @property
    def own_count(self) -> int:
        """Return how many of them don't come from the style."""
        return len(self.references) + len(self.attachments) + (self.edited is not None)

    def with_params(self, params: FluxParams) -> Self:
        """Return this draft with other choices."""
        return replace(self, params=params)

    def styled(self, style: Style | None) -> Self:
        """Return this draft in a style, whose options take the place of those that weren't chosen; None is none."""
        if style is None:
            return replace(self, style_name=None, style=None, style_references=())
        params = layered(self.params, style.content.params)
        return replace(self, style_name=None, style=style.use, style_references=style.references, params=params)

    def with_choices(self) -> Self:
        """Return this draft with a prompt for each choice in braces; raise `InvalidRequest` if they can't be read."""
        prompts = prompts_of(self.prompt)
        count = len(prompts) * self.count
        if len(prompts) == 1:
            return replace(self, prompt=prompts[0])
        if count > PICTURES_MAX:
            raise InvalidRequest(
                _(
                    "The braces stand for {choices} pictures, and `count` asks for {count} of each. One command makes "
                    "up to {most}. Choose a smaller `count`. Nothing was charged.",
                    choices=len(prompts),
                    count=self.count,
                    most=PICTURES_MAX,
                )
            )
        each = [prompt for prompt in prompts for _each in range(self.count)]
        return replace(self, prompt=prompts[0], prompts=each, count=count)

    def fewer(self, count: int) -> Self:
        """Return this draft for its first pictures only."""
        return replace(self, count=count, prompts=self.prompts[:count])

    def check(self) -> None:
        """Raise `InvalidRequest` for everything that can be checked without an image."""
        for prompt in {self.prompt, *self.prompts}:
            check_prompt(prompt, self.style)
        self.params.check()
        self._check_reference_count()
        check_references_suffice(self.params, self.reference_count)

    def _check_reference_count(self) -> None:
        if self.own_count > REFERENCES_MAX:
            raise InvalidRequest(
                _(
                    "A picture can use up to {most} reference images and you sent {count}. Please leave some out.",
                    most=REFERENCES_MAX,
                    count=self.own_count,
                )
            )
        if self.style is not None and self.reference_count > REFERENCES_MAX:
            raise InvalidRequest(
                ngettext(
                    "A picture can use up to {most} reference images. The style `{style}` brings {count} image, so "
                    "there is room for {room} of yours, and you sent {sent}. Leave some out. Nothing was charged.",
                    "A picture can use up to {most} reference images. The style `{style}` brings {count} images, so "
                    "there is room for {room} of yours, and you sent {sent}. Leave some out. Nothing was charged.",
                    self.style.images,
                    most=REFERENCES_MAX,
                    style=self.style.name,
                    room=REFERENCES_MAX - self.style.images,
                    sent=self.own_count,
                )
            )

    def requests(self, looked_at: tuple[Reference, ...]) -> Sequence[ImagineRequest]:
        """Return the request of each picture, with the attachments as references, and with a seed.

        From a seed that the member chose, the pictures count on.
        """
        first = ImagineRequest(
            prompt=self.prompt,
            params=self.params,
            references=self.references + looked_at + self.style_references,
            style=self.style,
            private=self.private,
            spoiler=self.spoiler,
        )
        prompts = self.prompts or [self.prompt] * self.count
        return [
            first.model_copy(update={"prompt": prompt}).seeded(after=number) for number, prompt in enumerate(prompts)
        ]
