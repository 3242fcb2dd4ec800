"""The declaration of an option: `FluxParams` declares each once, beside its field, for every place that needs it."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType, NoneType
from typing import Any, get_args

from pydantic import BaseModel

from bot.i18n import Meaning, _


@dataclass(frozen=True, slots=True)
class Option:
    """One option: its description, its bounds, and its notation beside other options.

    `least` and `most` bound whole numbers. `word` stands before the value where several options share a line, as in
    `quality 80`; a choice such as `jpg` speaks for itself.
    """

    description: str
    least: int | None = None
    most: int | None = None
    word: str | Meaning = ""


@dataclass(frozen=True, slots=True)
class OptionType:
    """An option with its name and the Python type of its values: `bool`, `int`, `str` or a `StrEnum`."""

    name: str
    type: type[Any]
    option: Option

    @property
    def choices(self) -> Mapping[str, str]:
        """Return the values to choose from with their labels; empty where any value within the bounds will do."""
        if not issubclass(self.type, StrEnum):
            return {}
        return {each.value: label_of(each) for each in self.type}

    def words(self, value: object) -> str:
        """Return a value in words that can stand beside other options' values, such as `jpg` or `quality 80`."""
        word = self.option.word and _(self.option.word)
        return (word or self.name) if self.type is bool else f"{word} {shown(value)}".strip()


def label_of(value: object) -> str:
    """Return a value as menus show it: its label, if it has one."""
    return str(getattr(value, "label", value))


def shown(value: object) -> str:
    """Return a value as menus show it in the current language; those without a label are the same in all of them."""
    label = getattr(value, "label", None)
    return label_of(value) if label is None else _(label)


def options_of(model: type[BaseModel]) -> Mapping[str, OptionType]:
    """Return the options that a model declares, by name; raise `TypeError` for a field that declares none."""
    found: dict[str, OptionType] = {}
    for name, field in model.model_fields.items():
        option = next((each for each in field.metadata if isinstance(each, Option)), None)
        if option is None:
            raise TypeError(f"{model.__name__}.{name} declares no Option")
        (kind,) = (each for each in get_args(field.annotation) if each is not NoneType)
        found[name] = OptionType(name, kind, option)
    return MappingProxyType(found)
