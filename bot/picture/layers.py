"""Choices laid over each other: typed ones over a style's, over the member's defaults, over their server's."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Annotated, Any, Final, Self

from pydantic import ValidationError

from bot.errors import InvalidRequest
from bot.i18n import N_, NP_
from bot.picture.options import Option, OptionType, options_of
from bot.picture.params import CUSTOM, MATCH_INPUT_IMAGE, OPTIONS, SIZE_OPTIONS, FluxParams
from bot.picture.request import PICTURES_MAX, Source

_CUSTOM_SIZE: Final = frozenset({"width", "height"})
_DEFAULTS: Final = frozenset({Source.MEMBER, Source.SERVER})


class Choices(FluxParams):
    """The choices of one layer: options of the picture, its visibility, a number of pictures; None is not chosen."""

    private: Annotated[bool | None, Option("Show the picture only to you until you publish it", word=N_("private"))] = (
        None
    )
    spoiler: Annotated[bool | None, Option("Blur the picture until someone clicks it", word=N_("spoiler"))] = None
    count: Annotated[
        int | None,
        Option(
            "How many pictures to make, each with a seed of its own",
            1,
            PICTURES_MAX,
            word=NP_("an option", "pictures"),
        ),
    ] = None

    @classmethod
    def options(cls) -> Mapping[str, OptionType]:
        """Return every option of a request by its name: those of the picture, and the ones beside them."""
        return CHOICES

    @classmethod
    def readable(cls, stored: Mapping[str, Any]) -> Self:
        """Return those of some stored choices that are known and that, each by itself, may be made today."""
        return cls.model_validate({name: value for name, value in stored.items() if cls._is_readable(name, value)})

    @classmethod
    def _is_readable(cls, name: str, value: object) -> bool:
        try:
            cls.model_validate({name: value}).check()
        except (ValidationError, InvalidRequest):
            return False
        return True

    @property
    def params(self) -> FluxParams:
        """Return the choices for the picture itself."""
        return FluxParams.model_validate({name: getattr(self, name) for name in OPTIONS})

    def over(self, others: "Choices") -> "Choices":
        """Return these choices, with others where nothing was chosen."""
        layers = [(Source.TYPED, self), (Source.STYLE, others)]
        return layered(layers, has_references=True).choices

    def stored(self) -> dict[str, Any]:
        """Return the choices as JSON."""
        return self.model_dump(mode="json", exclude_none=True)


CHOICES: Final = options_of(Choices)
"""Every option of a request."""


class OwnDefaults(Choices):
    """A member's own defaults: choices, and the name of a style, which is looked up in each server."""

    style: str | None = None


NEVER_DEFAULTS: Final = frozenset({"seed", "width", "height"})
"""Options that nobody can have a default for: they belong to one picture."""


@dataclass(frozen=True, slots=True)
class Layered:
    """The choices that several layers come to, and the source of each that was chosen.

    `default_style` is the name of the member's default style, which stands between a typed one and their channel's.
    `defaults` are the layers below a style's as they were, since a style can bring the image that one of them follows.
    """

    choices: Choices = field(default_factory=Choices)
    sources: Mapping[str, Source] = field(default_factory=lambda: MappingProxyType({}))
    default_style: str | None = None
    defaults: Sequence[tuple[Source, Choices]] = ()

    @property
    def inherited(self) -> Mapping[str, Source]:
        """Return the sources of the choices that weren't typed."""
        return {name: source for name, source in self.sources.items() if source is not Source.TYPED}

    def with_typed(self, changed: Mapping[str, object]) -> Self:
        """Return these choices with some replaced by typed ones, as by a form that showed them; None removes one."""
        kept = {name: source for name, source in self.sources.items() if name not in changed}
        typed = {name: Source.TYPED for name, value in changed.items() if value is not None}
        choices = self.choices.model_copy(update=dict(changed))
        removed = dict.fromkeys(changed)
        defaults = [(source, each.model_copy(update=removed)) for source, each in self.defaults]
        return replace(self, choices=choices, sources=kept | typed, defaults=defaults)

    def with_style(self, style: Choices, *, has_references: bool) -> "Layered":
        """Return these choices with those of a style below the typed ones, in place of an earlier style's."""
        typed = {name: getattr(self.choices, name) for name, each in self.sources.items() if each is Source.TYPED}
        layers = [(Source.TYPED, Choices.model_validate(typed)), (Source.STYLE, style), *self.defaults]
        return replace(layered(layers, has_references=has_references), default_style=self.default_style)


def layered(layers: Sequence[tuple[Source, Choices]], *, has_references: bool) -> Layered:
    """Lay choices over each other, the first ones on top.

    A size in pixels and a ratio or a resolution exclude each other, so one that is chosen above displaces the other.
    Without references, a layer below the typed one can't follow an image. If `check` takes each layer, it takes the
    result.
    """
    values: dict[str, object] = {}
    sources: dict[str, Source] = {}
    for source, choices in layers:
        may_follow = has_references or source is Source.TYPED
        added = {name: value for name, value in _chosen(choices).items() if may_follow or value != MATCH_INPUT_IMAGE}
        for name in added.keys() - values.keys() - _displaced(values):
            values[name] = added[name]
            sources[name] = source
    defaults = [each for each in layers if each[0] in _DEFAULTS]
    return Layered(Choices.model_validate(values), sources, defaults=defaults)


def _chosen(choices: Choices) -> dict[str, object]:
    chosen = {name: value for name in CHOICES if (value := getattr(choices, name)) is not None}
    if chosen.get("aspect_ratio") == CUSTOM and chosen.keys() >= _CUSTOM_SIZE:
        del chosen["aspect_ratio"]  # which says no more than the size does
    return chosen


def _displaced(above: Mapping[str, object]) -> frozenset[str]:
    """Return the options that can't be chosen below the choices `above`."""
    if _CUSTOM_SIZE & above.keys() or above.get("aspect_ratio") == CUSTOM:
        return SIZE_OPTIONS
    return _CUSTOM_SIZE if SIZE_OPTIONS & above.keys() else frozenset()
