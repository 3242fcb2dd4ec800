"""The member who reads a card: short, whole in every language, and never refused by Discord for its length."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from gettext import NullTranslations
from itertools import product
from uuid import UUID

import pytest
from discord import Colour, ui

from bot.i18n import language
from bot.picture.failure import Failure, FailureKind
from bot.picture.generation import Derivation, Generation, Parent
from bot.picture.params import SEED_LIMIT, FluxParams, OutputFormat, Resolution
from bot.picture.price import Estimate, Price
from bot.picture.progress import Drawing, Fetching, HeldUp, Looking, Obstacle, Progress, Queued, Submitting
from bot.picture.request import PROMPT_MAX, REFERENCES_MAX, ImagineRequest, Source
from cogs.pictures.more import more_card
from cogs.shared.picture_buttons import failure_rows, picture_rows
from cogs.ui.cards import chosen, failure_card, picture_card, progress_card
from cogs.ui.text import CARD_TEXT_MAX, PROMPT_SHOWN, cut
from tests.bot.storage.examples import SNOWFLAKE, bare, complete
from tests.languages import in_every_language
from tests.pseudo import PseudoLanguage, untranslated

NOON = datetime(2030, 12, 31, 12, tzinfo=UTC)
AMBER = Colour(0xF0B232)
UNTIL = [HeldUp(each, NOON) for each in Obstacle]
WAITING: Sequence[Progress] = (Queued(), Queued(10**6), Queued(paused=True), Queued(10**6, paused=True))
UNDER_WAY: Sequence[Progress] = (Submitting(), Drawing(None), Drawing(0), Drawing(40), Drawing(100), Fetching())
STAGES: Sequence[Progress] = (Looking(), *WAITING, *UNDER_WAY, *UNTIL)
HELD_UP = [each for each in STAGES if isinstance(each, HeldUp) or (isinstance(each, Queued) and each.paused)]
DISCORD_COMPONENTS, DISCORD_BUTTONS, DISCORD_LABEL, DISCORD_ALT_TEXT = 40, 5, 80, 1024
LONGEST_PROMPT = "*" * PROMPT_MAX
SHAPES = (
    FluxParams(aspect_ratio="16:9", resolution=Resolution.TWO_MP),
    FluxParams(aspect_ratio="match_input_image"),
    FluxParams(resolution=Resolution.MATCH_INPUT_IMAGE),
    FluxParams(width=2048, height=2048),
)


def longest(params: FluxParams = SHAPES[0], derivation: Derivation = Derivation.RETRY) -> Generation:
    """Return a picture with as much to say as there can be: every option, all references, the largest numbers."""
    picture = complete()
    others = {"seed": -SEED_LIMIT, "output_format": OutputFormat.JPG, "output_quality": 100}
    request = ImagineRequest(
        prompt=LONGEST_PROMPT,
        params=params.model_copy(update=others),
        references=(picture.request.references[0],) * REFERENCES_MAX,
        spoiler=True,
    )
    changes = {
        "request": request,
        "parent": link(derivation, SNOWFLAKE),
        "credits": 10**9,
        "image_width": 2047,
        "image_height": 1000,
        "result_url": "https://cdn.apiframe.ai/".ljust(2000, "x"),
    }
    return picture.model_copy(update=changes)


def no_price(*_: object) -> None:
    """Return no price, as before the first picture without a price list."""


def about_18(*_: object) -> Price:
    """Return the price of our own latest pictures."""
    return Price.about(18)


def dear(*_: object) -> Price:
    """Return the longest price."""
    return Price(least=10**8, most=10**9)


def link(derivation: Derivation, message_id: int | None) -> Parent:
    return Parent(id=UUID(int=1), derivation=derivation, channel_id=SNOWFLAKE, message_id=message_id)


def cards(prompt: str = LONGEST_PROMPT) -> Iterator[ui.LayoutView]:
    """Yield every card, each as full as it gets."""
    for stage in STAGES:
        yield progress_card(prompt, stage, 10**6, Estimate(price=Price(least=10**8, most=10**9), left=10**9))
    for params, derivation in product(SHAPES, Derivation):
        picture = longest(params, derivation)
        picture = picture.model_copy(update={"request": picture.request.model_copy(update={"prompt": prompt})})
        yield picture_card(picture, "boat.png", dear, picture_rows(picture), refitted=True)
        hidden = picture.model_copy(update={"parent": link(derivation, None)})
        yield picture_card(hidden, "boat.png", no_price, picture_rows(hidden), refitted=False)
    for failure, credits_charged in product(failures(), (None, 0, 1, 10**9)):
        failed = picture.model_copy(update={"credits": credits_charged})
        yield failure_card(failed, failure, failure_rows(failed, failure))


def failures(reason: str = "") -> Iterator[Failure]:
    for kind in FailureKind:
        yield Failure(
            kind=kind, reason=reason, credits_required=10**9, credits_available=10**9, reference="0123456789abcdef"
        )


def texts(card: ui.LayoutView) -> list[str]:
    return [part.content for part in card.walk_children() if isinstance(part, ui.TextDisplay)]


def said(card: ui.LayoutView) -> str:
    return "\n".join(texts(card))


def colour(card: ui.LayoutView) -> object:
    [container] = card.children
    assert isinstance(container, ui.Container)
    return container.accent_colour


def test_every_text_of_every_card_is_translated() -> None:
    """Nothing but the prompt stays as it is."""
    with language(PseudoLanguage()):
        for card in cards(prompt="*"):
            assert [left for text in texts(card) if (left := untranslated(text))] == []


def test_the_buttons_of_the_cards_themselves_are_translated() -> None:
    picture = longest().model_copy(update={"result_url": "https://cdn.apiframe.ai/1.png"})
    with language(PseudoLanguage()):
        card = picture_card(picture, "boat.png", no_price, [], refitted=True)
        assert [untranslated(part.label or "") for part in card.walk_children() if isinstance(part, ui.Button)] == [""]


def test_what_was_chosen_is_translated_but_for_the_names_of_formats() -> None:
    with language(PseudoLanguage()):
        for params in SHAPES:
            words = chosen(longest(params).request)
            assert "jpg" in words
            assert [left for word in words if word != "jpg" and (left := untranslated(word))] == []


def test_a_choice_that_was_not_typed_has_its_source() -> None:
    """In Details, which anybody may read."""
    params = FluxParams(aspect_ratio="16:9", resolution=Resolution.TWO_MP, output_format=OutputFormat.PNG)
    sources = {"resolution": Source.MEMBER, "output_format": Source.SERVER, "spoiler": Source.STYLE}
    request = ImagineRequest(prompt="a red boat", params=params, spoiler=True, sources=sources)
    words = ["16:9", "2 MP (own default)", "png (server's default)", "spoiler (from the style)"]
    assert chosen(request) == words


@in_every_language
def test_no_card_is_too_large_for_discord(catalogue: NullTranslations) -> None:
    """With the longest prompt, all options and references, the largest numbers, and 40 % longer texts."""
    with language(catalogue):
        for card in cards():
            parts = list(card.walk_children())
            assert sum(map(len, texts(card))) <= CARD_TEXT_MAX
            assert len(parts) <= DISCORD_COMPONENTS
            for part in parts:
                match part:
                    case ui.ActionRow():
                        assert 1 <= len(part.children) <= DISCORD_BUTTONS
                    case ui.Button():
                        assert len(part.label or "") <= DISCORD_LABEL
                    case ui.MediaGallery():
                        assert all(len(item.description or "") <= DISCORD_ALT_TEXT for item in part.items)


@pytest.mark.parametrize("stage", STAGES, ids=repr)
def test_a_bar_stands_only_beside_a_percentage(stage: Progress) -> None:
    has_percentage = isinstance(stage, Drawing) and stage.percent is not None
    assert bool({"▰", "▱"} & set(said(progress_card("a boat", stage)))) is has_percentage


def test_progress_is_a_stage_and_how_long_it_usually_takes() -> None:
    """Nothing else."""
    card = progress_card("a boat", Drawing(40), usual_seconds=9.7)
    assert texts(card) == ["**a boat**", "▰▰▰▰▰▱▱▱▱▱▱▱  Drawing 40%", "-# usually about 10 s"]
    assert texts(progress_card("a boat", Queued(3))) == ["**a boat**", "In queue: #3"]
    assert texts(progress_card("a boat", Submitting())) == ["**a boat**", "Starting…"]


@pytest.mark.parametrize("stage", HELD_UP, ids=repr)
def test_an_outage_is_amber_and_promises_no_time(stage: Progress) -> None:
    """It says until when the bot keeps trying, once, by each reader's own clock."""
    card = progress_card("a boat", stage, usual_seconds=10)
    assert colour(card) == AMBER
    assert "usually" not in said(card)
    assert said(card).count("<t:") == isinstance(stage, HeldUp)
    assert "-#" not in said(card)


def test_only_an_outage_is_amber() -> None:
    assert AMBER not in {colour(progress_card("a boat", each)) for each in STAGES if each not in HELD_UP}


def test_the_picture_comes_first_and_one_grey_line_below_the_words() -> None:
    """The line has the member, the parent, the ratio and the cost; Details has the seed and the seconds."""
    picture = longest(derivation=Derivation.REROLL).model_copy(update={"credits": 7})
    picture = picture.model_copy(update={"image_width": None, "parent": link(Derivation.REROLL, 2)})
    [container] = picture_card(picture, "boat.png", no_price, [], refitted=False).children
    assert isinstance(container, ui.Container)
    gallery, words, facts = container.children
    assert isinstance(gallery, ui.MediaGallery)
    assert isinstance(words, ui.TextDisplay)
    assert isinstance(facts, ui.TextDisplay)
    address = f"https://discord.com/channels/{SNOWFLAKE}/{SNOWFLAKE}/2"
    assert facts.content == f"-# <@{SNOWFLAKE}> · Reroll of [this picture]({address}) · 16:9 · 7 credits"


@pytest.mark.parametrize("private", [False, True])
def test_the_price_of_a_larger_version_stands_above_its_button(private: bool) -> None:
    """A private picture has that button behind More, and the price there."""
    picture = bare()
    picture = picture.model_copy(update={"request": picture.request.model_copy(update={"private": private})})
    card = picture_card(picture, "boat.png", about_18, picture_rows(picture), refitted=False)
    more = more_card(picture, about_18, may_delete=True)
    assert ["Larger: about 18 credits" in said(each) for each in (card, more)] == [not private, private]
    assert "Larger" not in said(picture_card(picture, "boat.png", no_price, picture_rows(picture), refitted=False))


def test_a_long_prompt_is_cut_on_every_card() -> None:
    prompt = "word " * 400
    for card in cards(prompt):
        assert texts(card)[0] == f"**{cut(prompt, PROMPT_SHOWN)}**"


@pytest.mark.parametrize("kind", FailureKind)
def test_a_failure_says_what_happened_what_it_cost_and_what_to_do(kind: FailureKind) -> None:
    """Nothing of it is over two short lines."""
    failed = bare().model_copy(update={"credits": 0})
    words, reason, asked = texts(failure_card(failed, Failure(kind=kind), []))
    assert words == "**a red boat**"
    assert reason.startswith("**")
    assert "Nothing was charged." in reason
    assert len(reason) < 250
    assert asked.startswith("-# <@7> · <t:")
