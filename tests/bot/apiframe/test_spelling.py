"""The two spellings, each held against its own rules."""

import json
from pathlib import Path

import jsonschema_rs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.apiframe.errors import BadRequest
from bot.apiframe.spelling import Spelling, blames_spelling, spell
from bot.picture.params import SEED_LIMIT, FluxParams, OutputFormat, Resolution

CONTRACT = Path(__file__).parents[3] / "../shared/contracts/apiframe-openapi.json"
TABLE_RESOLUTIONS = {"0.5 MP", "1 MP", "2 MP", "4 MP", "match_input_image"}

sides = st.integers(256, 2048)
ratios = st.sampled_from(["1:1", "16:9", "9:16", "3:2", "21:9"])
common = {
    "seed": st.none() | st.integers(-SEED_LIMIT, SEED_LIMIT),
    "output_format": st.none() | st.sampled_from(OutputFormat),
    "output_quality": st.none() | st.integers(0, 100),
}
custom_sizes = st.builds(
    FluxParams, aspect_ratio=st.sampled_from([None, "custom"]), width=sides, height=sides, **common
)
shapes = st.builds(
    FluxParams, aspect_ratio=st.none() | ratios, resolution=st.none() | st.sampled_from(Resolution), **common
)
choices = custom_sizes | shapes
references = st.lists(st.sampled_from(["https://cdn.example.com/1.png", "https://cdn.example.com/2.png"]), max_size=8)


@pytest.fixture(scope="module")
def documented() -> jsonschema_rs.Validator:
    """Return the published schema of `fluxParams`."""
    if not CONTRACT.exists():
        pytest.skip("the published contract is not beside this checkout")
    request = json.loads(CONTRACT.read_text())["components"]["schemas"]["GenerateImageRequest"]
    return jsonschema_rs.validator_for(request["properties"]["fluxParams"])


@given(params=choices, images=references)
def test_documented_spelling_is_as_published(
    documented: jsonschema_rs.Validator, params: FluxParams, images: list[str]
) -> None:
    """Whatever a person chooses is valid by Apiframe's own document."""
    documented.validate(spell(params, images, Spelling.DOCUMENTED))


@given(params=choices, images=references)
def test_table_spelling_follows_the_table(params: FluxParams, images: list[str]) -> None:
    """In the other spelling resolutions have a space, and a size goes with `custom` and with nothing else."""
    written = spell(params, images, Spelling.TABLE)
    assert written.get("resolution", "1 MP") in TABLE_RESOLUTIONS
    assert (written.get("aspect_ratio") == "custom") == ("width" in written) == ("height" in written)
    assert not ("resolution" in written and "width" in written)


@given(params=choices, images=references, spelling=st.sampled_from(Spelling))
def test_only_what_was_chosen(params: FluxParams, images: list[str], spelling: Spelling) -> None:
    """What a person left alone is not sent, what they chose is, and references keep their order."""
    written = spell(params, images, spelling)
    assert None not in written.values()
    assert written.get("seed") == params.seed
    assert written.get("input_images", []) == images
    assert written.get("output_format") == params.output_format
    chosen = set(params.model_dump(exclude_none=True)) | ({"input_images"} if images else set())
    assert written.keys() <= chosen | {"aspect_ratio"}


def test_png_has_no_quality() -> None:
    """A quality is not sent for png, which has none, and is sent where the format is left to Apiframe."""
    png = FluxParams(output_format=OutputFormat.PNG, output_quality=80)
    assert spell(png, (), Spelling.DOCUMENTED) == {"output_format": "png"}
    assert spell(FluxParams(output_quality=0), (), Spelling.DOCUMENTED) == {"output_quality": 0}


@pytest.mark.parametrize("spelling", Spelling)
def test_following_the_reference(spelling: Spelling) -> None:
    """`match_input_image` is the same word in both spellings."""
    params = FluxParams(aspect_ratio="match_input_image", resolution=Resolution.MATCH_INPUT_IMAGE)
    assert spell(params, (), spelling) == {"aspect_ratio": "match_input_image", "resolution": "match_input_image"}


@pytest.mark.parametrize(
    ("blamed", "is_spelling"),
    [
        (["fluxParams.resolution"], True),
        (["fluxParams.aspect_ratio", "fluxParams.width", "height"], True),
        (["fluxParams.resolution", "fluxParams.seed"], False),
        (["prompt"], False),
        ([], False),
    ],
)
def test_what_counts_as_spelling(blamed: list[str], is_spelling: bool) -> None:
    """Only a complaint about nothing but the fields that differ makes another spelling worth a try."""
    assert blames_spelling(BadRequest("no", {path: ["wrong"] for path in blamed})) is is_spelling
