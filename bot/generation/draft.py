"""A member's request, before its images are checked."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Self

from bot.errors import InvalidRequest
from bot.i18n import _
from bot.images.references import Attachment
from bot.picture.generation import Derivation, Generation, Parent
from bot.picture.params import FluxParams
from bot.picture.request import REFERENCES_MAX, ImagineRequest, Reference, check_prompt, check_references_suffice


@dataclass(frozen=True, slots=True)
class EditedPicture:
    """A picture of ours that another is made from, and how Discord shows it, in case that its bytes are not kept."""

    picture: Generation
    shown: Attachment | None


@dataclass(frozen=True, slots=True)
class ImagineDraft:
    """A prompt and choices, references that are kept already, and attachments that come after those.

    A picture that is `edited` comes before them all. `count` pictures are made of it, each with a seed of its own.
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

    def with_params(self, params: FluxParams) -> Self:
        """Return this draft with other choices."""
        return replace(self, params=params)

    def check(self) -> None:
        """Raise `InvalidRequest` for everything that can be checked without an image."""
        check_prompt(self.prompt)
        self.params.check()
        count = len(self.references) + len(self.attachments) + (self.edited is not None)
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
        )
        return [first.seeded(after=number) for number in range(self.count)]
