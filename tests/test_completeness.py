"""The engineer who adds an option or a limit, and forgets one of its places: a test names it."""

import json
import pkgutil
from collections.abc import Iterator, Mapping
from enum import Enum, StrEnum
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

from bot.limits.policy import SERVER_LIMITS, Limit
from bot.picture.options import options_of
from bot.picture.params import OPTIONS, SIZE_OPTIONS, FluxParams
from bot.settings import MemberCeilings, ServerCeilings
from standins.apiframe.validation import DocumentedFlux, TableFlux
from tests.contracts.published import MISSING, document_path

DOCS = Path(__file__).parents[1] / "docs"


def tables(package: ModuleType) -> Iterator[tuple[str, str, Mapping[Enum, object]]]:
    """Return every mapping of a package's modules whose keys are members of one enum."""
    for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        if ".migrations." in module.name:
            continue
        for name, value in vars(import_module(module.name)).items():
            if isinstance(value, Mapping) and value and all(isinstance(key, Enum) for key in value):
                yield module.name, name, value


@pytest.mark.parametrize(
    "package", ["bot", "cogs"]
)  # in this order: without a table in `bot`, `cogs` can't be imported
def test_every_table_of_an_enum_has_every_member(package: str) -> None:
    """Words, bounds, descriptions: what one of them lacks would fail in front of a member."""
    missing = {
        f"{module}.{name}": sorted(str(each) for each in set(type(next(iter(table)))) - set(table))
        for module, name, table in tables(import_module(package))
    }
    assert {name: lacks for name, lacks in missing.items() if lacks} == {}
    assert len(missing) > 2


@pytest.mark.parametrize("limit", Limit)
def test_every_limit_has_a_setting_of_the_operator(limit: Limit) -> None:
    """For members, and for servers where it can be one of theirs; and its line for moderators."""
    has = {
        "MemberCeilings": limit.value in MemberCeilings.model_fields,
        "ServerCeilings": limit.value in ServerCeilings.model_fields,
        "docs/moderators.md": f"`{limit.value}`" in (DOCS / "moderators.md").read_text(),
    }
    assert has == {"MemberCeilings": True, "ServerCeilings": limit in SERVER_LIMITS, "docs/moderators.md": True}


@pytest.mark.parametrize("name", OPTIONS)
def test_every_option_is_documented_and_known_to_the_stand_in(name: str) -> None:
    """Members read about it, and tests order it in both spellings of the API."""
    has = {
        "docs/members.md": f"`{name}`" in (DOCS / "members.md").read_text(),
        "DocumentedFlux": name in DocumentedFlux.model_fields,
        "TableFlux": name in TableFlux.model_fields,
    }
    assert [place for place, is_there in has.items() if not is_there] == []


def test_every_option_has_its_name_at_apiframe() -> None:
    """A misspelt name that the stand-in shares would be refused by the real API, or ignored."""
    path = document_path("apiframe") or pytest.skip(MISSING)
    request = json.loads(path.read_text())["components"]["schemas"]["GenerateImageRequest"]
    assert set(OPTIONS) - set(request["properties"]["fluxParams"]["properties"]) == set()


@pytest.mark.parametrize("name", sorted(OPTIONS.keys() - SIZE_OPTIONS))
def test_every_option_that_does_not_explain_itself_has_a_word(name: str) -> None:
    """Details would show only a number, or the name of a switch, which no language translates."""
    option = OPTIONS[name]
    assert option.option.word or issubclass(option.type, StrEnum), f"{name} needs a `word` for Details"


def test_a_field_without_a_description_is_no_option() -> None:
    """It fails as the module is imported, and says which."""

    class Forgetful(FluxParams):
        tile: bool | None = None

    with pytest.raises(TypeError, match=r"Forgetful\.tile declares no Option"):
        options_of(Forgetful)
