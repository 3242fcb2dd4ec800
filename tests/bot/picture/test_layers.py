"""The member who types a few options, and has a style and defaults for the others."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import InvalidRequest
from bot.picture.layers import CHOICES, Choices, Layered, layered
from bot.picture.params import CUSTOM, MATCH_INPUT_IMAGE, OPTIONS, SIZE_OPTIONS, OutputFormat, Resolution
from bot.picture.request import PICTURES_MAX, Source, check_references_suffice

PIXELS = {"width", "height"}
RATIOS = ["16:9", "1:1", MATCH_INPUT_IMAGE, CUSTOM]
SIZED = {"aspect_ratio": "16:9", "resolution": "2"}
SIDES = st.none() | st.integers(256, 2048)


def is_valid(choices: Choices) -> bool:
    try:
        choices.check()
    except InvalidRequest:
        return False
    return True


CHOSEN = st.builds(
    Choices,
    aspect_ratio=st.none() | st.sampled_from(RATIOS),
    resolution=st.none() | st.sampled_from(Resolution),
    width=SIDES,
    height=SIDES,
    seed=st.none() | st.integers(0, 9),
    output_format=st.none() | st.sampled_from(OutputFormat),
    output_quality=st.none() | st.integers(0, 100),
    private=st.none() | st.booleans(),
    spoiler=st.none() | st.booleans(),
    count=st.none() | st.integers(1, PICTURES_MAX),
).filter(is_valid)
LAYERS = st.tuples(CHOSEN, CHOSEN, CHOSEN, CHOSEN).map(lambda each: list(zip(Source, each, strict=True)))


def names_in(choices: Choices) -> set[str]:
    return {name for name in CHOICES if getattr(choices, name) is not None}


@given(layers=LAYERS, has_references=st.booleans())
def test_choices_that_may_be_made_alone_may_be_made_on_top_of_each_other(
    *, layers: Sequence[tuple[Source, Choices]], has_references: bool
) -> None:
    """Neither the sizes of two layers nor an image to follow that isn't there lead to a refusal."""
    result = layered(layers, has_references=has_references).choices
    result.check()
    result.params.check()
    if not layers[0][1].follows_input_image:
        check_references_suffice(result.params, int(has_references))


@given(layers=LAYERS, has_references=st.booleans())
def test_each_choice_is_that_of_its_source(*, layers: Sequence[tuple[Source, Choices]], has_references: bool) -> None:
    """A typed choice stays as it is, and other options than sizes come from the first layer that has them."""
    result = layered(layers, has_references=has_references)
    by_source = dict(layers)
    assert set(result.sources) == names_in(result.choices)
    for name, source in result.sources.items():
        assert getattr(result.choices, name) == getattr(by_source[source], name)
    typed = by_source[Source.TYPED]
    kept = names_in(typed) - ({"aspect_ratio"} if typed.aspect_ratio == CUSTOM else set())
    assert all(result.sources[name] is Source.TYPED for name in kept)
    for name in set(CHOICES) - SIZE_OPTIONS:
        first = next((source for source, each in layers if getattr(each, name) is not None), None)
        assert result.sources.get(name) is first


@given(LAYERS)
def test_a_size_that_is_chosen_above_displaces_only_what_excludes_it(layers: Sequence[tuple[Source, Choices]]) -> None:
    """A size in pixels goes with nothing of the layers below; a ratio and a resolution complete each other."""
    result = layered(layers, has_references=True)
    sized = [(source, names_in(each) & SIZE_OPTIONS) for source, each in layers if names_in(each) & SIZE_OPTIONS]
    if not sized:
        assert not names_in(result.choices) & SIZE_OPTIONS
        return
    top, names = sized[0]
    if names >= PIXELS:
        assert {result.sources.get(name) for name in SIZE_OPTIONS} <= {top, None}
        assert names_in(result.choices) >= PIXELS
    else:
        assert not names_in(result.choices) & PIXELS
        for name in ("aspect_ratio", "resolution"):
            value = next((v for _, each in layers if (v := getattr(each, name)) is not None and v != CUSTOM), None)
            assert getattr(result.choices, name) == value


def of(typed: Choices, own: Choices, *, has_references: bool = False) -> Layered:
    return layered([(Source.TYPED, typed), (Source.MEMBER, own)], has_references=has_references)


@pytest.mark.parametrize(
    ("typed", "own", "expected"),
    [
        ({"width": 512, "height": 512}, SIZED, {"width": 512, "height": 512}),
        ({"aspect_ratio": "1:1"}, SIZED, {"aspect_ratio": "1:1", "resolution": "2"}),
        ({"resolution": "4"}, {"width": 512, "height": 512}, {"resolution": "4"}),
        ({"private": False}, {"private": True, "count": 2}, {"private": False, "count": 2}),
        ({}, {"aspect_ratio": MATCH_INPUT_IMAGE, "output_format": "png"}, {"output_format": "png"}),
        ({}, {"aspect_ratio": CUSTOM, "width": 512, "height": 512}, {"width": 512, "height": 512}),
    ],
)
def test_examples(typed: dict[str, object], own: dict[str, object], expected: dict[str, object]) -> None:
    assert of(Choices.chosen(**typed), Choices.chosen(**own)).choices == Choices.chosen(**expected)


def test_a_default_that_follows_an_image_falls_back_to_the_next_layer() -> None:
    """Without references, the server's ratio applies; with one, the member's does."""
    layers = [(Source.MEMBER, Choices(aspect_ratio=MATCH_INPUT_IMAGE)), (Source.SERVER, Choices(aspect_ratio="3:2"))]
    assert layered(layers, has_references=False).sources == {"aspect_ratio": Source.SERVER}
    assert layered(layers, has_references=True).sources == {"aspect_ratio": Source.MEMBER}


def test_a_default_comes_back_once_a_style_brings_its_image_or_no_longer_displaces_it() -> None:
    """The layers below a style stay as they were, except for the options that a form took away."""
    before = of(Choices(), Choices(aspect_ratio=MATCH_INPUT_IMAGE, output_format=OutputFormat.PNG))
    assert before.sources == {"output_format": Source.MEMBER}
    styled = before.with_style(Choices(output_format=OutputFormat.WEBP), has_references=True)
    assert styled.sources == {"aspect_ratio": Source.MEMBER, "output_format": Source.STYLE}
    assert styled.with_style(Choices(), has_references=False) == before
    taken_away = before.with_typed({"output_format": None}).with_style(Choices(), has_references=True)
    assert taken_away.sources == {"aspect_ratio": Source.MEMBER}


def test_a_style_stands_between_typed_choices_and_defaults() -> None:
    """It replaces a member's default, gives way to a typed choice, and leaves the other defaults."""
    own = Choices(aspect_ratio="16:9", output_format=OutputFormat.PNG, spoiler=True)
    style = Choices(aspect_ratio="1:1", output_format=OutputFormat.WEBP)
    styled = of(Choices(aspect_ratio="3:2"), own).with_style(style, has_references=False)
    assert styled.choices == Choices(aspect_ratio="3:2", output_format=OutputFormat.WEBP, spoiler=True)


def test_a_form_types_what_it_changes() -> None:
    """The choices that it showed keep their sources, and those that it took away have none."""
    shown = of(Choices(count=2), Choices(aspect_ratio="16:9", resolution=Resolution.TWO_MP, spoiler=True))
    sent = shown.with_typed({"aspect_ratio": "1:1", "resolution": None})
    assert sent.choices == Choices(aspect_ratio="1:1", spoiler=True, count=2)
    assert sent.sources == {"aspect_ratio": Source.TYPED, "spoiler": Source.MEMBER, "count": Source.TYPED}
    assert sent.inherited == {"spoiler": Source.MEMBER}


@given(CHOSEN)
def test_stored_choices_come_back(choices: Choices) -> None:
    """All but sizes that need another option beside them, which aren't stored as defaults."""
    apart = choices.model_copy(update=dict.fromkeys(PIXELS))
    apart = apart.model_copy(update={"aspect_ratio": None}) if apart.aspect_ratio == CUSTOM else apart
    assert Choices.readable(apart.stored()) == apart


def test_stored_choices_that_nobody_may_make_today_are_left_out() -> None:
    """Those of another version, or beyond bounds that were narrowed."""
    stored = {"output_quality": 101, "count": 9, "tile": True, "output_format": "bmp", "resolution": "2"}
    assert Choices.readable(stored) == Choices(resolution=Resolution.TWO_MP)


def test_every_option_of_a_picture_is_an_option_of_a_request() -> None:
    assert set(CHOICES) - set(OPTIONS) == {"private", "spoiler", "count"}
    with pytest.raises(InvalidRequest, match="`count` must be from 1 to 4"):
        Choices.chosen(count=5)
