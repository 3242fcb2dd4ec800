"""The bot talks to Apiframe through a proxy that knows only Apiframe's document, and checks the bytes of both sides."""

from collections.abc import AsyncIterator, Mapping

import pytest

from bot.picture.options import OptionType
from bot.picture.params import OPTIONS, SEED_LIMIT
from bot.picture.request import PROMPT_MAX, REFERENCES_MAX
from standins.apiframe.faults import Fault, Kind
from standins.discord.client.options import OptionValue
from tests.contracts.proxy import ContractProxy
from tests.contracts.published import MISSING, published_contract
from tests.images import COLOURS, photo
from tests.stage import Stage

EXTREME_RATIOS = ("1:8", "8:1", "16:9", "9999:1250")


@pytest.fixture
async def proxy(stage: Stage) -> AsyncIterator[ContractProxy]:
    """A proxy in front of the stand-in for Apiframe."""
    contract = published_contract("apiframe") or pytest.skip(MISSING)
    async with ContractProxy(contract, stage.apiframe.base_url).serving() as proxy:
        yield proxy


def extremes(option: OptionType) -> list[OptionValue]:
    """Return the least and the greatest value of an option, or each choice."""
    if option.choices:
        return list(option.choices)
    if option.type is str:
        return list(EXTREME_RATIOS)
    assert option.option.least is not None
    assert option.option.most is not None
    return [option.option.least, option.option.most]


def orders_with_extremes() -> list[Mapping[str, OptionValue]]:
    """Return options for orders that have each extreme value of each option at least once."""
    sides = [{"width": width, "height": height} for width, height in ((256, 2048), (2048, 256), (1000, 1001))]
    others = [
        {name: value} for name, each in OPTIONS.items() if name not in {"width", "height"} for value in extremes(each)
    ]
    return [*sides, *others]


async def test_every_option_is_sent_and_answered_as_the_document_has_it(stage: Stage, proxy: ContractProxy) -> None:
    """Extreme values, eight references, and the shortest and longest prompts are all within the document."""
    images = {f"image{number}": photo(f"{number}.png", colour) for number, colour in enumerate(COLOURS, 1)}
    assert len(images) == REFERENCES_MAX
    async with stage.running(apiframe_base_url=proxy.url, **stage.reachable()):
        for options in orders_with_extremes():
            needed = {"image1": photo()} if "match_input_image" in options.values() else {}
            await stage.picture(await stage.imagine("b", **options, **needed))
        await stage.picture(await stage.imagine("ü" * PROMPT_MAX, **images))
        await stage.settled()
    assert proxy.violations == []
    ordered = [order["fluxParams"] for order in stage.orders()]
    assert {name for order in ordered for name in order} == {*OPTIONS, "input_images"}
    assert {abs(order["seed"]) for order in ordered} >= {SEED_LIMIT}
    assert len(ordered[-1]["input_images"]) == REFERENCES_MAX


async def test_every_operation_is_called_as_the_document_has_it(stage: Stage, proxy: ContractProxy) -> None:
    """An upload, a job that is looked for, the credits and the prices are within the document too."""
    settings = {"apiframe_base_url": proxy.url, **stage.reachable()}
    async with stage.running(**settings):
        interaction = await stage.imagine("a boat", image1=photo())
        first = await stage.picture(interaction)
        await stage.settled()
    for file in stage.attached(interaction):
        file.gone = True
    stage.let_links_die()
    stage.apiframe.faults.armed += [Fault(Kind.LOST_ANSWER, route="generate"), Fault(Kind.KEY_CONFLICT)]
    async with stage.running(**settings):
        await stage.alice.reacts(first, "🎲")
        await stage.show_pictures(2)
        await stage.settled()
    assert proxy.violations == []
    contract = published_contract("apiframe")
    assert contract is not None
    assert proxy.operations == set(contract.operations.all())


@pytest.mark.parametrize(
    ("kind", "named"),
    [
        (Kind.UNKNOWN_STATUS, 'answer 200: status: "REVIEWING" is not one of'),
        (Kind.STRANGE_FIELDS, 'answer 200: creditCost: "7" is not of type'),
        (Kind.HTML, "answer 200: text/html instead of JSON"),
    ],
)
async def test_an_answer_outside_the_document_is_named(
    stage: Stage, proxy: ContractProxy, kind: Kind, named: str
) -> None:
    """The operation and the place in its JSON are in the sentence."""
    stage.apiframe.faults.arm(Fault(kind, route="job" if kind is Kind.HTML else None))
    async with stage.running(apiframe_base_url=proxy.url):
        await stage.picture(await stage.imagine("a boat"))
        await stage.settled()
    [job] = stage.jobs()
    assert any(each.startswith(f"GET /v2/jobs/{job.id}: {named}") for each in proxy.violations), proxy.violations


async def test_a_request_outside_the_document_is_named(stage: Stage, proxy: ContractProxy) -> None:
    """An order in the format of the parameter table, which the document doesn't have, is a violation."""
    stage.apiframe.wire_format = "table"
    async with stage.running(apiframe_base_url=proxy.url):
        await stage.picture(await stage.imagine("a boat", resolution="2"))
        await stage.settled()
    [wrong] = proxy.violations
    assert wrong.startswith('POST /v2/images/generate: request body: fluxParams.resolution: "2 MP" is not one of')
