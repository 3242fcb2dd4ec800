"""The member who gives words, options and a face a name, and draws with it from then on."""

from typing import Any

import pytest

from bot.picture.request import PROMPT_MAX
from bot.styles.checks import STYLES_OF_MEMBER, STYLES_OF_SERVER
from standins.discord.client.options import OptionValue
from standins.discord.client.person import Person
from standins.discord.model.messages import Message
from tests.images import photo
from tests.journeys.answers import changed, from_more, guessed_button, pressed, private_answer
from tests.journeys.moderators import moderator_of, say
from tests.journeys.test_history import history, listed
from tests.journeys.test_privacy import asks, draws, is_forgotten, rows, unpacked
from tests.stage import Stage, text_of

pytestmark = pytest.mark.shared_bot

FRAME = "a watercolour of {prompt}, soft light"


async def makes(stage: Stage, who: Person, name: str = "nora", **options: OptionValue) -> Message:
    """Make a member create a style, and return the answer."""
    return await asks(stage, who, "/style create", None, name=name, **options)


async def rerolls(stage: Stage, picture: Message) -> None:
    """Press Reroll, and return once the picture is settled."""
    known = len(stage.orders())
    await stage.alice.presses(picture, "Reroll")
    await stage.discord.world.until(lambda: len(stage.orders()) > known)
    await stage.settled()


def styles(stage: Stage) -> int:
    """Return how many styles are stored."""
    return int(rows(stage, "SELECT count(*) FROM styles")[0][0])


async def test_a_style_adds_its_words_options_and_images(stage: Stage) -> None:
    """The member's own image comes first, their typed options win, and the card keeps their own words."""
    async with stage.running():
        images: dict[str, Any] = {"image1": photo("front.png", "blue"), "image2": photo("side.png", "green")}
        saved = await makes(
            stage, stage.alice, frame=FRAME, aspect_ratio="16:9", output_format="png", notes="front; side", **images
        )
        assert "**Saved.**" in saved.text
        assert "1. front\n2. side" in saved.text
        assert len(saved.attachments) == 2
        picture = await draws(stage, stage.alice, "a boat", style="Nora", image1=photo(), output_format="webp")
    [order] = stage.orders()
    assert order["prompt"] == "a watercolour of a boat, soft light"
    assert order["fluxParams"]["aspect_ratio"] == "16:9"
    assert order["fluxParams"]["output_format"] == "webp"
    assert len(order["fluxParams"]["input_images"]) == 3
    assert "**a boat**" in text_of(picture)
    assert "style nora" in text_of(picture)


async def test_an_old_picture_stays_the_same_when_its_style_changes(stage: Stage) -> None:
    """A reroll and a larger one take the words and images of that time, also after the style was deleted."""
    async with stage.running():
        await makes(stage, stage.alice, frame=FRAME, image1=photo("front.png", "blue"))
        picture = await draws(stage, stage.alice, "a boat", style="nora")
        await say(stage, stage.alice, "/style edit", style="nora", frame="an oil painting of {prompt}")
        await say(stage, stage.alice, "/style remove-image", style="nora", image=1)
        await rerolls(stage, picture)
        await draws(stage, stage.alice, "a boat", style="nora")
        question = await asks(stage, stage.alice, "/style delete", style="nora")
        await stage.alice.presses(question, "Delete")
        await stage.discord.world.until(lambda: "Deleted." in question.text)
        await rerolls(stage, picture)
    prompts = [order["prompt"] for order in stage.orders()]
    assert prompts == [FRAME.format(prompt="a boat")] * 2 + ["an oil painting of a boat", FRAME.format(prompt="a boat")]
    assert [len(each["fluxParams"].get("input_images", [])) for each in stage.orders()] == [1, 1, 0, 1]


async def test_an_edit_takes_the_words_as_they_are(stage: Stage) -> None:
    """Words about a change don't describe a whole picture, so the frame stays off."""
    async with stage.running():
        await makes(stage, stage.alice, frame=FRAME)
        picture = await draws(stage, stage.alice, "a boat", style="nora")
        form = await stage.alice.presses(picture, "Edit")
        await form.answered()
        await stage.picture(await stage.alice.submits(form, {"What should change?": "make it red"}))
        await stage.settled()
    assert stage.orders()[-1]["prompt"] == "make it red"


async def test_details_and_the_copied_command_name_the_style(stage: Stage) -> None:
    """Only the member's own images have to be attached again."""
    async with stage.running():
        await makes(stage, stage.alice, frame=FRAME, image1=photo())
        picture = await draws(stage, stage.alice, "a boat", style="nora")
        assert (
            "Style: nora, version 1: a watercolour of" in (await from_more(stage, stage.alice, picture, "Details")).text
        )
        copied = await from_more(stage, stage.alice, picture, "Copy command")
        assert "style:nora" in copied.text
        assert "attach" not in copied.text


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"name": "x", "frame": "a boat"}, "The frame needs `{prompt}`"),
        ({"name": "<@123>"}, "can't have mentions"),
        ({"name": "\u200b"}, "needs a name"),
        ({"name": "None"}, "stands for no style"),
        ({"name": "Nora"}, "already a style `Nora`"),
        ({"name": "x", "aspect_ratio": "1:99"}, "from `1:8` to `8:1`"),
        ({"name": "x", "notes": "a; b"}, "more notes than images"),
    ],
)
async def test_bad_input_is_named_and_nothing_is_saved(stage: Stage, options: dict[str, Any], words: str) -> None:
    """Each mistake has its sentence."""
    async with stage.running():
        await makes(stage, stage.alice)
        assert words in (await asks(stage, stage.alice, "/style create", **options)).text
        assert styles(stage) == 1


async def test_an_unknown_style_gets_the_three_nearest_names(stage: Stage) -> None:
    """The member's and the server's, and nothing is ordered."""
    moderator = moderator_of(stage)
    async with stage.running():
        assert "no others here yet" in (await asks(stage, stage.alice, "/imagine", prompt="a boat", style="norah")).text
        for name in ("nora", "oil", "noir"):
            await makes(stage, stage.alice, name)
        await makes(stage, moderator, "nori", server=True)
        refusal = (await asks(stage, stage.alice, "/imagine", prompt="a boat", style="norah")).text
        assert "no style `norah` here. The nearest names: `nora`, `nori`, `noir`. Nothing was charged." in refusal
    assert stage.orders() == []


async def test_images_that_do_not_fit_are_refused_by_the_styles_name(stage: Stage) -> None:
    """The style's count into the 8; the sentence says how many are left."""
    async with stage.running():
        three: dict[str, Any] = {f"image{number}": photo() for number in (1, 2, 3)}
        await makes(stage, stage.alice, **three)
        images: dict[str, Any] = {f"image{number}": photo() for number in range(1, 7)}
        refusal = (await asks(stage, stage.alice, "/imagine", prompt="a boat", style="nora", **images)).text
        assert "The style `nora` brings 3 images, so there is room for 5 of yours, and you sent 6." in refusal
        assert "Leave some out, or draw with `style: none`. Nothing was charged." in refusal
    assert stage.orders() == []


async def test_a_prompt_that_gets_too_long_in_its_frame_is_refused(stage: Stage) -> None:
    """The sentence says by how many characters to shorten it."""
    async with stage.running():
        await makes(stage, stage.alice, frame=FRAME)
        prompt = "x" * (PROMPT_MAX - len(FRAME) + len("{prompt}") + 1)
        refusal = (await asks(stage, stage.alice, "/imagine", prompt=prompt, style="nora")).text
        assert "Shorten yours by 1 character." in refusal
        await draws(stage, stage.alice, prompt[1:], style="nora")
    assert len(stage.orders()) == 1


async def test_the_21st_style_is_refused(stage: Stage) -> None:
    """A member has 20; deleting one makes room."""
    async with stage.running():
        for number in range(STYLES_OF_MEMBER):
            await makes(stage, stage.alice, f"style {number}")
        assert f"You have {STYLES_OF_MEMBER} styles" in (await makes(stage, stage.alice, "one more")).text
        assert styles(stage) == STYLES_OF_MEMBER


async def test_a_style_whose_image_was_lost_says_which(stage: Stage) -> None:
    """Nothing is charged, and the member can replace it."""
    async with stage.running():
        await makes(stage, stage.alice, image1=photo(), notes="front")
        for file in (stage.folder / "images").rglob("*.png"):
            file.unlink()
        refusal = (await asks(stage, stage.alice, "/imagine", prompt="a boat", style="nora")).text
        assert "Image 1 of the style `nora` is no longer stored" in refusal
        assert "can't be shown" in (await asks(stage, stage.alice, "/style show", style="nora")).text
    assert stage.orders() == []


async def test_names_complete_with_ones_own_first(stage: Stage) -> None:
    """Then the server's; a name that both have is the member's own, and others' never appear."""
    moderator, bob = moderator_of(stage), stage.joins("bob")
    async with stage.running():
        for who, name, server in (
            (moderator, "oil", True),
            (moderator, "nora", True),
            (stage.alice, "Nora", False),
            (bob, "noir", False),
        ):
            await makes(stage, who, name, server=server)
        offered = await stage.alice.completes("/imagine", stage.channel, option="style", text="", prompt="x")
        assert [each["name"] for each in offered] == ["Nora", "oil (server)"]
        offered = await stage.alice.completes("/imagine", stage.channel, option="style", text="OI", prompt="x")
        assert [each["value"] for each in offered] == ["oil"]


async def test_only_moderators_change_the_servers_styles(stage: Stage) -> None:
    """Their changes are in the audit log, without an undo; members use them."""
    moderator = moderator_of(stage)
    async with stage.running():
        assert "Only moderators" in (await makes(stage, stage.alice, server=True)).text
        await makes(stage, moderator, frame=FRAME, server=True)
        await draws(stage, stage.alice, "a boat", style="nora")
        log = await asks(stage, moderator, "/limits history")
        assert "/style create" in log.text
        assert "Style “nora”: no version →\u00a0**version 1**" in log.text
        assert "Undo" not in [button.get("label") for button in log.buttons]
    assert stage.orders()[0]["prompt"] == FRAME.format(prompt="a boat")


async def test_a_shared_style_can_be_copied(stage: Stage) -> None:
    """By others for themselves, and by moderators for the server; the copies are styles of their own."""
    bob, moderator = stage.joins("bob"), moderator_of(stage)
    async with stage.running():
        await makes(stage, stage.alice, frame=FRAME, image1=photo(), notes="front")
        shown = await stage.alice.types("/style share", stage.channel, style="nora")
        card = await stage.shows("a style that")
        assert shown.original is card
        assert "**Saved.**" in (await pressed(stage, bob, card, "Add to my styles")).text
        assert "already a style" in (await pressed(stage, bob, card, "Add to my styles")).text
        assert "Only moderators" in (await pressed(stage, bob, card, "Add to this server's styles")).text
        assert "**Saved.**" in (await pressed(stage, moderator, card, "Add to this server's styles")).text
        question = await asks(stage, stage.alice, "/style delete", style="nora")
        await stage.alice.presses(question, "Delete")
        await stage.discord.world.until(lambda: "Deleted." in question.text)
        assert "was deleted" in (await pressed(stage, stage.alice, card, "Add to my styles")).text
        listed = (await asks(stage, bob, "/style list")).text
        assert "**Your styles**\n**nora** · 1 image" in listed
        assert "**This server's styles**\n**nora**" in listed
        await draws(stage, bob, "a boat", style="nora")
    assert len(stage.orders()[0]["fluxParams"]["input_images"]) == 1


async def test_blocked_words_apply_to_the_words_of_styles(stage: Stage) -> None:
    """In the frame of a request, and in a style that is shared."""
    moderator = moderator_of(stage)
    async with stage.running():
        await say(stage, moderator, "/limits words add", word="watercolour")
        await makes(stage, stage.alice, frame=FRAME)
        refusal = (await asks(stage, stage.alice, "/imagine", prompt="a boat", style="nora")).text
        assert "blocks the word **watercolour** in prompts and styles" in refusal
        assert "watercolour" in (await asks(stage, stage.alice, "/style share", style="nora")).text
    assert stage.orders() == []


async def test_a_refused_share_shares_nothing(stage: Stage) -> None:
    """A guessed button can't copy a style that was never shown."""
    moderator, bob = moderator_of(stage), stage.joins("bob")
    async with stage.running():
        await say(stage, moderator, "/limits words add", word="watercolour")
        await makes(stage, stage.alice, frame=FRAME)
        assert "watercolour" in (await asks(stage, stage.alice, "/style share", style="nora")).text
        [(style_id,)] = rows(stage, "SELECT id FROM styles")
        button = guessed_button(stage, stage.channel, f"style:copy:{style_id}")
        assert "can't be copied" in (await pressed(stage, bob, button, "guessed")).text
        assert styles(stage) == 1


async def test_a_shared_style_whose_image_is_gone_is_not_copied(stage: Stage) -> None:
    """The sentence says which image, and that nothing was saved."""
    bob = stage.joins("bob")
    async with stage.running():
        await makes(stage, stage.alice, image1=photo())
        await stage.alice.types("/style share", stage.channel, style="nora")
        card = await stage.shows("a style that")
        for file in (stage.folder / "images").rglob("*.png"):
            file.unlink()
        refusal = (await pressed(stage, bob, card, "Add to my styles")).text
        assert "Image 1 is no longer stored, so it can't be kept in a style. Nothing was saved." in refusal
        assert styles(stage) == 1


async def test_a_long_list_still_has_every_style(stage: Stage) -> None:
    """Without their words, which don't fit."""
    moderator = moderator_of(stage)
    async with stage.running():
        for number in range(STYLES_OF_MEMBER):
            await makes(stage, stage.alice, f"a style of one member {number:02}", frame="x" * 50 + "{prompt}")
        for number in range(STYLES_OF_SERVER):
            await makes(
                stage, moderator, f"a style of the server {number:02}", frame="x" * 50 + "{prompt}", server=True
            )
        assert "which is the most" in (await makes(stage, moderator, "one more", server=True)).text
        listed = (await asks(stage, stage.alice, "/style list")).text
    assert f"a style of the server {STYLES_OF_SERVER - 1}" in listed
    assert "Use one with" in listed


async def test_a_picture_is_saved_as_a_style(stage: Stage) -> None:
    """With its options, but not its seed; the picture is the style's image."""
    async with stage.running():
        picture = await draws(stage, stage.alice, "a boat", aspect_ratio="16:9", seed=7)
        more = await pressed(stage, stage.alice, picture, "⋯ More")
        form = await stage.alice.presses(more, "Save as style")
        await form.answered()
        saved = await private_answer(stage, await stage.alice.submits(form, {"Name": "boats", "Note": "a boat"}))
        assert "Saved as boats" in saved.text
        await draws(stage, stage.alice, "a dog", style="boats")
    order = stage.orders()[-1]
    assert order["prompt"] == "a dog"
    assert order["fluxParams"]["aspect_ratio"] == "16:9"
    assert order["fluxParams"]["seed"] != 7
    assert len(order["fluxParams"]["input_images"]) == 1


async def test_a_messages_images_are_saved_as_a_style(stage: Stage) -> None:
    """All of them, each with its note."""
    async with stage.running():
        message = await stage.alice.sends(stage.channel, "look", attachments=[photo("a.png"), photo("b.png", "blue")])
        form = await stage.alice.uses(message, "Save as style")
        await form.answered()
        await private_answer(stage, await stage.alice.submits(form, {"Name": "two", "Notes": "front; back"}))
        assert "1. front\n2. back" in (await asks(stage, stage.alice, "/style show", style="two")).text


async def test_styles_are_exported_and_erased(stage: Stage) -> None:
    """With their images; a copy that others made stays."""
    async with stage.running():
        await makes(stage, stage.alice, frame=FRAME, image1=photo())
        files = unpacked(await asks(stage, stage.alice, "/privacy export"))
        assert b"watercolour" in files["you.json"]
        assert sum(name.startswith("images/") for name in files) == 1
        await is_forgotten(stage, stage.alice)
        assert styles(stage) == 0
        assert await stage.alice.completes("/imagine", stage.channel, option="style", text="", prompt="x") == []
        assert [*(stage.folder / "images").rglob("*.png")] == []


async def test_a_style_is_named_at_the_end_of_a_prompt(stage: Stage) -> None:
    """In mentions and forms, before or after the count; without any style, it's a word like others."""
    name = f"<@{stage.discord.world.bot.id}>"
    async with stage.running():
        await stage.alice.sends(stage.channel, f"{name} a house, style: baroque")
        await stage.show_pictures(1)
        await makes(stage, stage.alice, frame=FRAME)
        for words in ("a boat style: Nora count: 2", "a boat count: 2 style: nora"):
            known = len(stage.orders())
            await stage.alice.sends(stage.channel, f"{name} {words}")
            await stage.discord.world.until(lambda known=known: len(stage.orders()) == known + 2)  # type: ignore[misc]
        await stage.settled()
        await stage.alice.sends(stage.channel, f"{name} a boat, style: norah")
        await stage.shows("The nearest names: `nora`")
    assert stage.orders()[0]["prompt"] == "a house, style: baroque"
    assert [each["prompt"] for each in stage.orders()[1:]] == [FRAME.format(prompt="a boat")] * 4


async def test_a_remix_takes_another_style_or_none(stage: Stage) -> None:
    """Without a word about it, it keeps its own; the images of the one before go."""
    async with stage.running():
        await makes(stage, stage.alice, frame=FRAME, image1=photo())
        await makes(stage, stage.alice, "oil", frame="oil: {prompt}")
        picture = await draws(stage, stage.alice, "a boat", style="nora")
        for words in ("a dog", "a dog style: oil", "a dog style: none"):
            form = await stage.alice.presses(picture, "Remix")
            await form.answered()
            await stage.picture(await stage.alice.submits(form, {"What to draw": words}))
            await stage.settled()
    assert [each["prompt"] for each in stage.orders()[1:]] == [FRAME.format(prompt="a dog"), "oil: a dog", "a dog"]
    assert [len(each["fluxParams"].get("input_images", [])) for each in stage.orders()] == [1, 1, 0, 0]


async def test_braces_in_a_style_ask_for_the_price_first(stage: Stage) -> None:
    """Each choice goes into the frame; an unknown style is refused before the question."""
    async with stage.running():
        await makes(stage, stage.alice, frame=FRAME)
        boats = "{red|blue} boat"
        assert "no style" in (await asks(stage, stage.alice, "/imagine", prompt=boats, style="norah")).text
        question = await asks(stage, stage.alice, "/imagine", prompt=boats, style="nora")
        await stage.alice.presses(question, "Make 2 pictures")
        await stage.discord.world.until(lambda: len(stage.orders()) == 2)
        await stage.settled()
    assert sorted(each["prompt"] for each in stage.orders()) == [
        FRAME.format(prompt="blue boat"),
        FRAME.format(prompt="red boat"),
    ]


async def test_a_style_brings_count_and_spoiler(stage: Stage) -> None:
    """Details say that they come from the style; a typed count wins."""
    async with stage.running():
        await makes(stage, stage.alice, count=2, spoiler=True, aspect_ratio="16:9")
        await stage.picture(await stage.imagine("a boat", style="nora"))
        await stage.settled()
        assert len(stage.orders()) == 2
        single = await draws(stage, stage.alice, "a boat", style="nora", count=1, aspect_ratio="1:1")
        assert len(stage.orders()) == 3
        details = await from_more(stage, stage.alice, single, "Details")
        assert "1:1 ·" in details.text
        assert "spoiler (from the style)" in details.text
    assert stage.orders()[-1]["fluxParams"]["aspect_ratio"] == "1:1"


async def test_the_history_shows_the_pictures_of_a_style(stage: Stage) -> None:
    """Paging keeps it, and the file of a download names it."""
    async with stage.running():
        await makes(stage, stage.alice)
        await draws(stage, stage.alice, "a dog")
        for number in range(7):
            await draws(stage, stage.alice, f"boat {number}", style="nora")
        page = await history(stage, stage.alice, style="Nora")
        assert "style **nora** · 7 pictures · page 1 of 2" in page.text
        await changed(stage, await stage.alice.presses(page, "▶️"), "page 2 of 2")
        assert listed(page) == ["boat 0"]
        assert "style **nora**" in page.text
        assert "no style `oil`" in (await history(stage, stage.alice, style="oil")).text
        none = await history(stage, stage.alice, style="nora", words="nowhere")
        assert "No pictures here with: style **nora** · words **nowhere**" in none.text
