"""The member who uses an option: it reaches the model, and every place that shows or repeats their choices."""

import pytest

from bot.errors import InvalidRequest
from bot.picture.options import OptionType, label_of
from bot.picture.params import OPTIONS, SIZE_OPTIONS, FluxParams
from cogs.pictures.form_menus import AUTOMATIC, params_chosen, shape_value
from standins.discord.client.options import OptionValue
from tests.journeys.answers import from_more
from tests.stage import Stage, text_of

pytestmark = pytest.mark.shared_bot


def example(option: OptionType) -> OptionValue:
    """Return a value that the option takes."""
    if option.choices:
        return list(option.choices)[-2]  # the last one may be a word that needs a reference
    if option.type is bool:
        return True
    return "16:9" if option.type is str else (option.option.most or 1) // 16 * 16


def chosen(name: str) -> dict[str, OptionValue]:
    """Return values for an option, and for one that it cannot do without."""
    names = {"width", "height"} if name in {"width", "height"} else {name}
    return {each: example(OPTIONS[each]) for each in sorted(names)}


async def test_every_option_is_ordered_and_shown(stage: Stage) -> None:
    """The order has it, Details shows it, and the copied command repeats it."""
    async with stage.running():
        for name, option in OPTIONS.items():
            picture = await stage.picture(await stage.imagine("a red boat", **chosen(name)))
            await stage.settled()
            value = FluxParams.chosen(**chosen(name)).model_dump()[name]
            assert name in stage.orders()[-1]["fluxParams"], name
            command = await from_more(stage, stage.alice, picture, "Copy command")
            assert f"{name}:{label_of(value)}" in text_of(command), name
            if name not in SIZE_OPTIONS:
                details = await from_more(stage, stage.alice, picture, "Details")
                assert option.words(value).split()[-1] in text_of(details), name


@pytest.mark.parametrize("name", OPTIONS)
def test_a_form_opens_with_the_option_and_gives_it_back(name: str) -> None:
    """Sent off as it opened, a form changes nothing."""
    params = FluxParams.chosen(**chosen(name))
    sent = params_chosen(
        params,
        shape=shape_value(params),
        resolution=params.resolution or AUTOMATIC,
        output_format=params.output_format or AUTOMATIC,
    )
    assert sent == params


@pytest.mark.parametrize("name", [name for name, each in OPTIONS.items() if each.option.most is not None])
@pytest.mark.parametrize("beyond", [-1, 1])
def test_a_number_out_of_bounds_is_refused_by_name(name: str, beyond: int) -> None:
    """Even if it's sent without Discord's own check, as by a form."""
    option = OPTIONS[name].option
    value = (option.most or 0) + 1 if beyond > 0 else (option.least or 0) - 1
    with pytest.raises(InvalidRequest, match=f"`{name}` must be from"):
        FluxParams.chosen(**(chosen(name) | {name: value}))
