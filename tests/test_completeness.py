"""The engineer who adds an option or a limit, and forgets one of its places: a test names it."""

import pkgutil
from collections.abc import Iterator, Mapping
from enum import Enum
from importlib import import_module
from pathlib import Path

import pytest

import bot
import cogs
from bot.limits.policy import SERVER_LIMITS, Limit
from bot.picture.options import options_of
from bot.picture.params import OPTIONS, FluxParams
from bot.settings import MemberCeilings, ServerCeilings
from standins.apiframe.validation import DocumentedFlux, TableFlux

DOCS = Path(__file__).parents[1] / "docs"
PARTIAL = {("cogs.ui.refusals", "_WHOSE")}  # a limit belongs to a member or to a server, no matter who set it


def tables() -> Iterator[tuple[str, str, Mapping[Enum, object]]]:
    """Return every module-level mapping whose keys are members of one enum."""
    for package in (bot, cogs):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if ".migrations." in module.name:
                continue
            for name, value in vars(import_module(module.name)).items():
                if isinstance(value, Mapping) and value and all(isinstance(key, Enum) for key in value):
                    yield module.name, name, value


def test_every_table_of_an_enum_has_every_member() -> None:
    """Words, bounds, descriptions: what one of them lacks would fail in front of a member."""
    missing = {
        f"{module}.{name}": sorted(str(each) for each in set(type(next(iter(table)))) - set(table))
        for module, name, table in tables()
        if (module, name) not in PARTIAL
    }
    assert {name: lacks for name, lacks in missing.items() if lacks} == {}
    assert len(missing) > 10


@pytest.mark.parametrize("limit", Limit)
def test_every_limit_has_a_setting_of_the_operator(limit: Limit) -> None:
    """For members, and for servers where it can be one of theirs; and its line for moderators."""
    assert limit.value in MemberCeilings.model_fields
    assert (limit.value in ServerCeilings.model_fields) is (limit in SERVER_LIMITS)
    assert f"`{limit.value}`" in (DOCS / "moderators.md").read_text()


@pytest.mark.parametrize("name", OPTIONS)
def test_every_option_is_documented_and_known_to_the_stand_in(name: str) -> None:
    """Members read about it, and tests order it in both spellings of the API."""
    assert f"`{name}`" in (DOCS / "members.md").read_text()
    assert name in DocumentedFlux.model_fields
    assert name in TableFlux.model_fields


def test_a_field_without_a_description_is_no_option() -> None:
    """It fails as the module is imported, and says which."""

    class Forgetful(FluxParams):
        tile: bool | None = None

    with pytest.raises(TypeError, match=r"Forgetful\.tile declares no Option"):
        options_of(Forgetful)
