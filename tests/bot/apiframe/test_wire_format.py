"""The two spellings, each held against its own rules."""

import json

import jsonschema_rs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.apiframe.errors import BadRequest
from bot.apiframe.order import MODEL
from bot.apiframe.wire_format import InputImage, WireFormat, blames_format, encode_params
from bot.picture.params import SEED_LIMIT, FluxParams, OutputFormat, Resolution
from bot.picture.size import size_of
from tests.contracts.published import MISSING, document_path

TABLE_RESOLUTIONS = {"0.5 MP", "1 MP", "2 MP", "4 MP", "match_input_image"}

sides = st.integers(256, 2048)
MODEL_RATIOS = {"1:1", "16:9", "3:2", "2:3", "4:5", "5:4", "9:16", "3:4", "4:3"}
ratios = st.sampled_from([*sorted(MODEL_RATIOS), "21:9", "7:5", "32:18", "1170:2532"])
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
following = st.builds(
    FluxParams, aspect_ratio=st.just("match_input_image"), resolution=st.none() | st.sampled_from(Resolution)
)
input_images = st.builds(
    InputImage,
    st.sampled_from(["https://cdn.example.com/1.png", "https://cdn.example.com/2.png"]),
    st.integers(1, 10_000),
    st.integers(1, 10_000),
)
references = st.lists(input_images, max_size=8)


@pytest.fixture(scope="module")
def documented() -> jsonschema_rs.Validator:
    """Return the published schema of `fluxParams`."""
    path = document_path("apiframe") or pytest.skip(MISSING)
    request = json.loads(path.read_text())["components"]["schemas"]["GenerateImageRequest"]
    families = [one["properties"] for one in request.get("oneOf", [request])]  # the whole document has one a family
    ours = next(family for family in families if MODEL in family["model"]["enum"])
    return jsonschema_rs.validator_for(ours["fluxParams"])


@given(params=choices, images=references)
def test_documented_spelling_is_as_published(
    documented: jsonschema_rs.Validator, params: FluxParams, images: list[InputImage]
) -> None:
    """All options that a person can choose are valid by Apiframe's own document."""
    documented.validate(encode_params(params, images, WireFormat.DOCUMENTED))


@given(params=choices, images=references)
def test_table_spelling_follows_the_table(params: FluxParams, images: list[InputImage]) -> None:
    """In the other spelling resolutions have a space, and a size goes with `custom` and with nothing else."""
    written = encode_params(params, images, WireFormat.TABLE)
    assert written.get("resolution", "1 MP") in TABLE_RESOLUTIONS
    assert (written.get("aspect_ratio") == "custom") == ("width" in written) == ("height" in written)
    assert not ("resolution" in written and "width" in written)


@given(params=choices | following, images=st.lists(input_images, min_size=1), wire_format=st.sampled_from(WireFormat))
def test_what_the_model_does_not_list_goes_out_as_pixels(
    params: FluxParams, images: list[InputImage], wire_format: WireFormat
) -> None:
    """No ratio but the model's own is ever written; any other is the size that the one function says, on the grid."""
    written = encode_params(params, images, wire_format)
    ratio = written.get("aspect_ratio", "1:1")
    assert ratio in MODEL_RATIOS | {"custom", "match_input_image"}
    if "width" in written:
        assert (written["width"], written["height"]) == size_of(params, images[0].size)
        assert "resolution" not in written
    else:
        assert written.get("resolution") == params.resolution or str(params.resolution) in str(written["resolution"])


@pytest.mark.parametrize("wire_format", WireFormat)
@pytest.mark.parametrize(
    ("params", "size"),
    [
        (FluxParams(aspect_ratio="7:5"), (1200, 864)),
        (FluxParams(aspect_ratio="21:9", resolution=Resolution.FOUR_MP), (2048, 880)),
        (FluxParams(aspect_ratio="match_input_image", resolution=Resolution.TWO_MP), (944, 2048)),
        (FluxParams(resolution=Resolution.MATCH_INPUT_IMAGE), (944, 2048)),
        (FluxParams(width=1000, height=700), (1008, 704)),
    ],
)
def test_pixels_in_both_spellings(params: FluxParams, size: tuple[int, int], wire_format: WireFormat) -> None:
    """A ratio that the model does not list, such as a photo's, is a size; one of the spellings says `custom` too."""
    photo = InputImage("https://cdn.example.com/1.png", 1170, 2532)
    written = encode_params(params, (photo,), wire_format)
    custom = {"aspect_ratio": "custom"} if wire_format is WireFormat.TABLE else {}
    images = {"input_images": [photo.url]}
    assert written == {"width": size[0], "height": size[1]} | custom | images


def test_a_ratio_in_larger_numbers_is_the_model_s_own() -> None:
    """`32:18` is `16:9`."""
    assert encode_params(FluxParams(aspect_ratio="32:18"), (), WireFormat.TABLE) == {"aspect_ratio": "16:9"}


@given(params=choices, images=references, wire_format=st.sampled_from(WireFormat))
def test_only_what_was_chosen(params: FluxParams, images: list[InputImage], wire_format: WireFormat) -> None:
    """Only chosen options are sent, and references keep their order."""
    written = encode_params(params, images, wire_format)
    assert None not in written.values()
    assert written.get("seed") == params.seed
    assert written.get("input_images", []) == [image.url for image in images]
    assert written.get("output_format") == params.output_format
    chosen = set(params.model_dump(exclude_none=True)) | ({"input_images"} if images else set())
    sized = {"width", "height"} if chosen & {"aspect_ratio", "resolution"} else set()
    assert written.keys() <= chosen | {"aspect_ratio"} | sized


def test_png_has_no_quality() -> None:
    """A quality is not sent for png, which has none, and is sent where the format is left to Apiframe."""
    png = FluxParams(output_format=OutputFormat.PNG, output_quality=80)
    assert encode_params(png, (), WireFormat.DOCUMENTED) == {"output_format": "png"}
    assert encode_params(FluxParams(output_quality=0), (), WireFormat.DOCUMENTED) == {"output_quality": 0}


def test_following_the_reference() -> None:
    """If a format has no value for "like the first image", that image's own ratio is written out."""
    params = FluxParams(aspect_ratio="match_input_image")
    photo = InputImage("https://cdn.example.com/1.png", 4032, 3024)
    assert encode_params(params, (photo,), WireFormat.TABLE)["aspect_ratio"] == "match_input_image"
    assert encode_params(params, (photo,), WireFormat.DOCUMENTED)["aspect_ratio"] == "4:3"


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
    assert blames_format(BadRequest("no", {path: ["wrong"] for path in blamed})) is is_spelling
