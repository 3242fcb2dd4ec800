"""`.env.example` is what an operator copies: it lists every setting, with its true default."""

from pathlib import Path

import pytest
from dotenv import dotenv_values
from pydantic import BaseModel

from bot.settings import Settings

EXAMPLE = Path(__file__).parents[1] / ".env.example"


def names_of(model: type[BaseModel], prefix: str = "") -> set[str]:
    """Return the environment names of every setting of a model and of the groups in it."""
    names: set[str] = set()
    for name, field in model.model_fields.items():
        match field.annotation:
            case type() as inner if issubclass(inner, BaseModel):
                names |= names_of(inner, f"{prefix}{name}__")
            case _:
                names.add(f"{prefix}{name}".upper())
    return names


def test_every_setting_is_listed() -> None:
    """No setting is hidden, and none is listed that does not exist."""
    assert set(dotenv_values(EXAMPLE)) == names_of(Settings)


def test_the_listed_values_are_the_defaults(monkeypatch: pytest.MonkeyPatch) -> None:
    """A copy of the file with empty secrets has the program's own defaults."""
    for name in names_of(Settings):
        monkeypatch.delenv(name, raising=False)
    assert Settings(_env_file=EXAMPLE) == Settings(_env_file=None)
