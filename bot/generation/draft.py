"""A member's request, before its images are checked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Self

from bot.errors import InvalidRequest
from bot.i18n import _, ngettext
from bot.images.references import Attachment
from bot.picture.choices import prompts_of
from bot.picture.generation import Derivation, Generation, Parent
from bot.picture.layers import Layered
from bot.picture.params import FluxParams
from bot.picture.request import (
    PICTURES_MAX,
    REFERENCES_MAX,
    ImagineRequest,
    Reference,
    Source,
    check_prompt,
    check_references_suffice,
)
from bot.picture.style import Style
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
    of it, each with a seed of its own, and of the `prompts` if they differ. `layers` has the choices with the places
    that they come from, if any is known. `style_name` is looked up when the pictures are reserved, and without one the
    member's default style, which is `style_by_default` then. `unstyled` ones don't even get their channel's default.
    A draft from a picture of an `age_restricted` channel is drawn in such channels only.
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
    layers: Layered = field(default_factory=Layered)
    style_name: str | None = None
    style: StyleUse | None = None
    style_references: tuple[Reference, ...] = ()
    style_by_default: bool = False
    unstyled: bool = False
    age_restricted: bool = False

    @classmethod
    def of(
        cls, prompt: str, layered: Layered, attachments: Sequence[Attachment] = (), style_name: str | None = None
    ) -> Self:
        """Return the draft of a new picture."""
        return cls(prompt, attachments=attachments, style_name=style_name).layered(layered)

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
            age_restricted=generation.origin.age_restricted,
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

    @property
    def sources(self) -> Mapping[str, Source]:
        """Return where choices come from that weren't typed."""
        return self.layers.inherited

    def layered(self, layers: Layered) -> Self:
        """Return this draft with other choices; as many pictures as its prompts, if they differ."""
        choices = layers.choices
        return replace(
            self,
            layers=layers,
            params=choices.params,
            private=bool(choices.private),
            spoiler=bool(choices.spoiler),
            count=self.count if self.prompts else choices.count or 1,
        )

    def without_style(self) -> Self:
        """Return this draft in no style, not even its channel's default."""
        return replace(self.styled(None), unstyled=True)

    def styled(self, style: Style | None) -> Self:
        """Return this draft in a style, whose choices come between typed ones and defaults; None is for no style."""
        if style is None:
            return replace(self, style_name=None, style=None, style_references=(), style_by_default=False)
        styled = replace(self.styled(None), style=style.use, style_references=style.references)
        has_references = styled.reference_count > 0
        return styled.layered(self._all_layers.with_style(style.content.choices, has_references=has_references))

    @property
    def _all_layers(self) -> Layered:
        """Return the choices with their places; those of which none is known count as typed."""
        if self.layers.sources or self.layers.defaults:
            return self.layers
        typed: dict[str, object] = dict(self.params)
        typed |= {"private": self.private or None, "spoiler": self.spoiler or None}
        return Layered().with_typed({name: value for name, value in typed.items() if value is not None})

    def counted(self, count: int) -> Self:
        """Return this draft for a number of pictures that the member chose."""
        return replace(self, count=count, layers=self.layers.with_typed({"count": count}))

    def with_choices(self) -> Self:
        """Return this draft with a prompt for each choice in braces; raise `InvalidRequest` if they can't be read.

        A count that was typed multiplies them, and any other is displaced by them.
        """
        prompts = prompts_of(self.prompt)
        if len(prompts) == 1:
            return replace(self, prompt=prompts[0])
        if "count" in self.sources:
            return self.counted(1).with_choices()
        count = len(prompts) * self.count
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
        return replace(self.counted(count), prompts=self.prompts[:count])

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
                    "there is room for {room} of yours, and you sent {sent}. Leave some out, or draw with "
                    "`style: none`. Nothing was charged.",
                    "A picture can use up to {most} reference images. The style `{style}` brings {count} images, so "
                    "there is room for {room} of yours, and you sent {sent}. Leave some out, or draw with "
                    "`style: none`. Nothing was charged.",
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
            sources=dict(self.sources) | ({"style": Source.MEMBER} if self.style_by_default else {}),
        )
        prompts = self.prompts or [self.prompt] * self.count
        return [
            first.model_copy(update={"prompt": prompt}).seeded(after=number) for number, prompt in enumerate(prompts)
        ]
