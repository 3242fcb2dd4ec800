"""The request of a member before it's checked: how many pictures it asks for."""

import pytest

from bot.errors import InvalidRequest
from bot.generation.draft import ImagineDraft
from bot.picture.layers import Choices, layered
from bot.picture.params import Resolution
from bot.picture.request import Source
from bot.picture.style import Style, StyleContent

BRACES = "{red|blue|green} boat"


def draft(prompt: str, typed: Choices, own: Choices) -> ImagineDraft:
    layers = [(Source.TYPED, typed), (Source.MEMBER, own)]
    return ImagineDraft.of(prompt, layered(layers, has_references=False))


def test_braces_displace_a_default_count() -> None:
    """Three choices are three pictures, and only a count that was typed multiplies them."""
    made = draft(BRACES, Choices(), Choices(count=4, spoiler=True)).with_choices()
    assert (made.count, list(made.prompts)) == (3, ["red boat", "blue boat", "green boat"])
    assert made.sources == {"spoiler": Source.MEMBER}
    with pytest.raises(InvalidRequest, match="Choose a smaller `count`"):
        draft(BRACES, Choices(count=2), Choices()).with_choices()


def test_a_default_count_makes_as_many_without_braces() -> None:
    made = draft("a red boat", Choices(), Choices(count=4)).with_choices()
    assert (made.count, made.sources) == (4, {"count": Source.MEMBER})
    assert made.fewer(2).sources == {}


def test_each_picture_remembers_the_sources_of_its_choices() -> None:
    """Those that were typed need none."""
    typed, own = Choices(resolution=Resolution.TWO_MP), Choices(resolution=Resolution.ONE_MP, aspect_ratio="16:9")
    [request] = draft("a red boat", typed, own).requests(())
    assert request.params.resolution is Resolution.TWO_MP
    assert request.sources == {"aspect_ratio": Source.MEMBER}


def test_a_style_comes_between_typed_choices_and_defaults() -> None:
    """A typed False wins too; another style takes the place of the first one's choices, over the defaults."""
    typed, own = Choices(spoiler=False, aspect_ratio="1:1"), Choices(count=2, output_quality=50, spoiler=True)
    content = StyleContent(choices=Choices(spoiler=True, aspect_ratio="16:9", output_quality=80, count=3))
    oil = Style(id=1, owner="user:7", name="oil", version=1, content=content)
    styled = draft("a boat", typed, own).styled(oil)
    assert (styled.spoiler, styled.params.aspect_ratio, styled.params.output_quality) == (False, "1:1", 80)
    assert styled.count == 3
    assert styled.sources == {"output_quality": Source.STYLE, "count": Source.STYLE}
    plain = styled.styled(oil.model_copy(update={"content": StyleContent()}))
    assert (plain.params.output_quality, plain.count) == (50, 2)
    assert styled.counted(1).styled(oil).count == 1
