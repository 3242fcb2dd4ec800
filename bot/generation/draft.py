"""A member's request, before its images are checked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Self

from bot.errors import InvalidRequest
from bot.i18n import _
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


@dataclass(frozen=True, slots=True)
class EditedPicture:
    """A picture of ours that another is made from, and how Discord shows it, in case that its bytes are not kept."""

    picture: Generation
    shown: Attachment | None


@dataclass(frozen=True, slots=True)
class ImagineDraft:
    """A prompt and choices, references that are kept already, and attachments that come after those.

    A picture that is `edited` comes before them all. `count` pictures are made of it, each with a seed of its own, and
    of the `prompts` if they differ. `sources` tells where choices come from that weren't typed.
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
    sources: Mapping[str, Source] = field(default_factory=dict)

    @classmethod
    def of(cls, prompt: str, layered: Layered, attachments: Sequence[Attachment] = ()) -> Self:
        """Return the draft of a new picture."""
        choices = layered.choices
        return cls(
            prompt=prompt,
            params=choices.params,
            attachments=attachments,
            private=bool(choices.private),
            spoiler=bool(choices.spoiler),
            count=choices.count or 1,
            sources=layered.inherited,
        )

    @classmethod
    def like(cls, generation: Generation, derivation: Derivation) -> Self:
        """Return the draft of the same picture again, as a child of that one."""
        request = generation.request
        return cls(
            prompt=request.prompt,
            params=request.params,
            references=request.references,
            private=request.private,
            spoiler=request.spoiler,
            parent=generation.as_parent(derivation),
        )

    @property
    def reference_count(self) -> int:
        """Return how many images each picture is made from."""
        return len(self.references) + len(self.attachments) + (self.edited is not None)

    def with_params(self, params: FluxParams) -> Self:
        """Return this draft with other choices."""
        return replace(self, params=params)

    def counted(self, count: int) -> Self:
        """Return this draft for a number of pictures that the member chose."""
        return replace(self, count=count, sources=_without_count(self.sources))

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
            check_prompt(prompt)
        self.params.check()
        count = self.reference_count
        if count > REFERENCES_MAX:
            raise InvalidRequest(
                _(
                    "A picture can use up to {most} reference images and you sent {count}. Please leave some out.",
                    most=REFERENCES_MAX,
                    count=count,
                )
            )
        check_references_suffice(self.params, count)

    def requests(self, looked_at: tuple[Reference, ...]) -> Sequence[ImagineRequest]:
        """Return the request of each picture, with the attachments as references, and with a seed.

        From a seed that the member chose, the pictures count on.
        """
        first = ImagineRequest(
            prompt=self.prompt,
            params=self.params,
            references=self.references + looked_at,
            private=self.private,
            spoiler=self.spoiler,
            sources=dict(self.sources),
        )
        prompts = self.prompts or [self.prompt] * self.count
        return [
            first.model_copy(update={"prompt": prompt}).seeded(after=number) for number, prompt in enumerate(prompts)
        ]


def _without_count(sources: Mapping[str, Source]) -> Mapping[str, Source]:
    return {name: source for name, source in sources.items() if name != "count"}
